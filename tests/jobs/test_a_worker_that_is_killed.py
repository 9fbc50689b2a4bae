"""`kill -9` at each step, before what the step made is kept and after: the result is the same, once.

Each killed run works on a copy of one home, and is compared with an undisturbed run on another copy.
"""

from pathlib import Path

import pytest

from consent import queue
from consent.database import transaction
from consent.errors import Misconfigured
from consent.gate import intake, preparation, report
from consent.gate.tables import Batch, UploadState
from consent.jobs.hands import Hands
from consent.queue import Job
from tests.jobs.conftest import Untouched
from tests.jobs.outing import outcome_of, work_off

STEPS = ["probe", "find", "match", "finish", "group", "judge", "render", "settle"]


def test_undisturbed_there_is_something_to_lose(untouched_sqlite: Untouched) -> None:
    outcome = untouched_sqlite.outcome
    faces = [row for row in outcome.rows if isinstance(row, report.FaceRow)]
    files = [row for row in outcome.rows if isinstance(row, report.FileRow)]
    assert len([face for face in faces if "Jasmijn" in face.person]) == 4  # two pictures, two channels
    assert [row.verdict for row in files] == ["refused", "needs_review", "needs_review"] * 2
    assert len(outcome.renditions) == 4
    assert [state for state, _ in outcome.states] == ["refused", "judged", "judged"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_on_sqlite_the_result_is_the_same_once(
    step: str, untouched_sqlite: Untouched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched_sqlite.copy(monkeypatch, tmp_path / "home")
    dies_twice_and_is_the_same(step, untouched_sqlite, tmp_path)


@pytest.mark.parametrize("step", ["find", "settle"])
def test_killed_at_a_step_on_postgresql_the_result_is_the_same_once(
    step: str, untouched_postgresql: Untouched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched_postgresql.copy(monkeypatch, tmp_path / "home")
    dies_twice_and_is_the_same(step, untouched_postgresql, tmp_path)


def dies_twice_and_is_the_same(step: str, untouched: Untouched, tmp_path: Path) -> None:
    work_off(step, tmp_path / "marks")
    assert len(list((tmp_path / "marks").iterdir())) == 2
    assert not queue.failures()
    assert outcome_of(untouched.batch) == untouched.outcome


@pytest.mark.parametrize("step", ["find", "render"])
def test_a_file_that_kills_its_worker_three_times_is_refused_and_the_others_are_judged(
    step: str, untouched_sqlite: Untouched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched_sqlite.copy(monkeypatch, tmp_path / "home")
    work_off(step, tmp_path / "marks", poison=1)
    assert len(list((tmp_path / "marks").iterdir())) == 3
    with transaction() as session:
        batch = session.get_one(Batch, untouched_sqlite.batch)
        files = intake.uploads_of(session, batch.id)
        assert [one.state for one in files] == [UploadState.REFUSED, UploadState.REFUSED, UploadState.JUDGED]
        assert files[1].refusal == preparation.GAVE_UP
        for channel in intake.channels_of(session, batch.id):
            _, poisoned, other = report.collect(session, batch, channel).files
            assert (other.verdict, bool(other.rendition)) == ("needs_review", True)
            assert (poisoned.verdict, poisoned.reasons, poisoned.rendition) == ("refused", preparation.GAVE_UP, "")


def test_grouping_that_kills_its_worker_is_told_to_whoever_waits_and_is_tried_again_when_asked(
    untouched_sqlite: Untouched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched_sqlite.copy(monkeypatch, tmp_path / "home")
    work_off("group", tmp_path / "marks", poison=-1)
    assert len(list((tmp_path / "marks").iterdir())) == 3
    [failure] = queue.failures()
    assert (failure.job, failure.subject, failure.given_up) == (Job.GROUP_BATCH, untouched_sqlite.batch, False)
    with pytest.raises(Misconfigured, match="says why"):
        Hands(tmp_path / "log").see_done(lambda: False, frozenset({failure.work}))
    queue.try_again(failure.work)
    work_off("", tmp_path / "healthy")
    assert outcome_of(untouched_sqlite.batch) == untouched_sqlite.outcome
