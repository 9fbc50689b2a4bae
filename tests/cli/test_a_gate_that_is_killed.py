"""`kill -9` of `consent gate` itself, two of it at once, a disk that is full: the same command finishes the batch."""

import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import filelock
import numpy as np
import pytest
from PIL import Image
from sqlmodel import select

from consent import audit, queue
from consent.audit import Action, AuditEntry
from consent.database import transaction
from consent.gate.tables import Assessment, Batch, Rendition, Upload, UploadState
from consent.jobs import worker
from tests.cli.conftest import Judged
from tests.cli.terminal import Terminal, no_file_larger_than, run, start
from tests.jobs.outing import nobody_lives, wait_for

GATE = ("--outing", "Artis", "--channel", "website", "--school", "De Regenboog")


def uploads() -> list[Upload]:
    with transaction() as session:
        return list(session.exec(select(Upload)))


def something_is_taken_in() -> bool:
    return bool(uploads())


def something_is_judged() -> bool:
    return any(upload.state is UploadState.JUDGED for upload in uploads())


def everything_is_there_once(out: Path) -> bool:
    with transaction() as session:
        assert not audit.verify(session).faults
        assert len(session.exec(select(Batch)).all()) == 1
        states = Counter(upload.state for upload in session.exec(select(Upload)))
        assert states == {UploadState.JUDGED: 2, UploadState.REFUSED: 1}
        assert len(session.exec(select(Assessment)).all()) == 2
        made = {f"{one.id}.{one.suffix}" for one in session.exec(select(Rendition))}
        done = Counter(entry.action for entry in session.exec(select(AuditEntry)))
    assert (done[Action.BATCH_RECEIVED], done[Action.UPLOAD_REFUSED]) == (1, 1)
    assert len(made) == 2
    assert not list((out / "publish").iterdir())  # nobody has looked at anything yet
    return {path.name for path in (out / "internal" / "review").iterdir()} == made


@pytest.mark.parametrize("moment", [something_is_taken_in, something_is_judged])
def test_killed_and_started_again_it_finishes_the_batch(
    moment: Callable[[], bool], school: Path, pictures: Path, tmp_path: Path
) -> None:
    words = ("gate", pictures, *GATE, "--out", tmp_path / "out")
    first = start(*words)
    wait_for(moment)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    told = run(*words)
    assert told.status == 1, told
    assert "3 files: 2 needs review, 1 refused" in told.out
    assert everything_is_there_once(tmp_path / "out")
    wait_for(nobody_lives)


def test_killed_without_a_register_it_finishes_too(no_home: Path, pictures: Path, tmp_path: Path) -> None:
    words = ("gate", pictures, "--outing", "Artis", "--channel", "website", "--out", tmp_path / "out")
    first = start(*words)
    vault = tmp_path / "out" / "internal" / ".state" / "vault" / "uploads"
    wait_for(lambda: vault.exists() and any(vault.iterdir()))
    first.send_signal(signal.SIGKILL)
    first.communicate()
    told = run(*words)
    assert told.status == 1, told
    assert "3 files: 2 ready, 1 refused" in told.out
    assert len(list((tmp_path / "out" / "publish").iterdir())) == 2
    assert not (tmp_path / "out" / "internal" / ".state").exists()
    assert not no_home.exists()


def test_stopped_from_the_keyboard_it_says_that_nothing_is_lost(school: Path, pictures: Path, tmp_path: Path) -> None:
    words = ("gate", pictures, *GATE, "--out", tmp_path / "out")
    first = start(*words)
    wait_for(something_is_taken_in)
    first.send_signal(signal.SIGINT)
    _, err = first.communicate(timeout=60)
    assert (first.returncode, err.count("\n"), "Nothing was lost" in err) == (130, 1, True)
    assert nobody_lives()


def test_of_two_at_once_the_second_waits_and_says_so(school: Path, pictures: Path, tmp_path: Path) -> None:
    first = start("gate", pictures, *GATE, "--out", tmp_path / "one")
    lock = filelock.FileLock(school / "gate.lock")

    def somebody_is_at_work() -> bool:
        try:
            with lock.acquire(timeout=0):
                return False
        except filelock.Timeout:
            return True

    wait_for(somebody_is_at_work)
    second = run("gate", pictures, *GATE, "--out", tmp_path / "two")
    out, err = first.communicate()
    assert (first.returncode, err) == (1, "")
    assert "waits for its turn" not in out
    assert (second.status, second.err) == (1, "")
    assert "Another `consent gate` is at work here; this one waits for its turn." in second.out
    for place in ("one", "two"):
        assert len(list((tmp_path / place / "internal" / "review").iterdir())) == 2


def test_started_again_it_keeps_the_names_that_somebody_filled_in(judged: Judged, pictures: Path) -> None:
    groups = judged.out / "internal" / "groups.csv"
    filled_in = groups.read_text().replace(",face,", ",face,Jasmijn")
    groups.write_text(filled_in)
    assert run("gate", pictures, *GATE, "--out", judged.out, "--maker", "Olga").status == 1
    assert "Jasmijn\r\n" not in groups.read_text()
    assert (judged.out / "internal" / "groups.before.csv").read_text() == filled_in


def test_where_a_worker_that_was_there_ends_another_takes_its_place(
    school: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_WORKERS", "1")
    with worker.sole("gate-1"):  # as of a killed command, busy with its last picture
        gate = start("gate", pictures, *GATE, "--out", tmp_path / "out")
        wait_for(lambda: len(uploads()) == 3)
        assert all(upload.state is UploadState.RECEIVED for upload in uploads())
    out, err = gate.communicate(timeout=120)
    assert (gate.returncode, err) == (1, "")
    assert "3 files: 2 needs review, 1 refused" in out


def test_a_second_worker_of_the_same_id_is_refused(home: Path) -> None:
    with worker.sole("worker-1"):
        told = run("work", "--id", "worker-1")
    assert told.refuses("A worker with the id worker-1 is running already", "another id")


def test_a_worker_whose_id_is_no_id(consent: Terminal, school: Path) -> None:
    assert consent("work", "--id", "../worker").refuses("small letters, digits and hyphens")


def noise(path: Path, size: tuple[int, int], quality: int) -> None:
    grain = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(grain).save(path, "JPEG", quality=quality)


def test_a_disk_that_is_full_while_files_come_in(school: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    noise(tmp_path / "in" / "large.jpg", (2600, 2600), 95)
    words = ("gate", tmp_path / "in", *GATE, "--out", tmp_path / "out")
    told = run(*words, before=no_file_larger_than(6_000_000))
    assert told.refuses("no room left")
    assert not uploads()
    told = run(*words)
    assert "1 files: 1 needs review" in told.out, told


def test_a_disk_that_is_full_while_pictures_are_made(school: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    noise(tmp_path / "in" / "squeezed.jpg", (2600, 2600), 60)
    words = ("gate", tmp_path / "in", *GATE, "--out", tmp_path / "out")
    told = run(*words, before=no_file_larger_than(4_500_000))
    assert told.refuses("no room left")
    assert [upload.state for upload in uploads()] == [UploadState.PREPARED]
    told = run(*words)
    assert "1 files: 1 needs review" in told.out, told
    assert not queue.failures()


def test_a_disk_that_is_full_while_the_outcome_is_written(school: Path, pictures: Path, tmp_path: Path) -> None:
    words = ("gate", pictures, *GATE, "--out", tmp_path / "out")
    assert run(*words).status == 1
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    small = max(len(content) for content in before.values()) // 2
    for path in school.glob("consent.sqlite*"):
        assert path.stat().st_size < 50_000_000
    assert run(*words, before=no_file_larger_than(small)).status == 2
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before
