"""Between two steps of a worker there may be a crash and a night: what was decided or said meanwhile is not overrun."""

import pytest
from sqlmodel import Session

from consent.decisions.vocabulary import Answer
from consent.faces.tables import Sighting
from consent.gate import assessment, preparation, review
from consent.gate.tables import MarkKind, Rendition, Upload
from consent.gate.verdicts import Verdict
from tests import people
from tests.gate.stage import Stage, is_open, set_up


@pytest.fixture
def stage(session: Session) -> Stage:
    return set_up(session)


def name(stage: Stage, upload: Upload, who: str) -> Sighting:
    [face] = stage.faces(upload)
    by, person = stage.account("reviewer"), stage.person(who)
    review.mark(stage.session, stage.batch, [face], MarkKind.PERSON, by=by, person=person)
    return face


def rendition_of(stage: Stage, upload: Upload) -> Rendition:
    found = assessment.rendition_of(stage.session, upload.id, stage.channel("website").id)
    assert found is not None
    return found


def test_a_yes_withdrawn_after_the_picture_was_painted_and_before_it_is_settled(stage: Stage) -> None:
    upload = stage.photograph("jasmijn")
    name(stage, upload, "jasmijn")
    preparation.judge(stage.session, upload, 0)
    preparation.render(stage.session, upload)
    assert is_open(stage, upload, 0)
    people.say(stage.session, stage.folk.jasmijn, Answer.WITHDRAWN, place="website")
    preparation.settle(stage.session, upload, 0)
    assert not is_open(stage, upload, 0)
    written = assessment.written(stage.session, upload.id, stage.channel("website").id)
    assert written is not None
    assert [face.verdict for face in written.faces] == [Verdict.COVER]


def test_a_yes_withdrawn_before_it_is_painted(stage: Stage) -> None:
    upload = stage.photograph("jasmijn")
    name(stage, upload, "jasmijn")
    preparation.judge(stage.session, upload, 0)
    people.say(stage.session, stage.folk.jasmijn, Answer.WITHDRAWN, place="website")
    preparation.render(stage.session, upload)
    preparation.settle(stage.session, upload, 0)
    assert not is_open(stage, upload, 0)


def test_work_of_before_the_last_word_changes_nothing_when_it_comes_late(stage: Stage) -> None:
    upload = stage.photograph("jasmijn")
    name(stage, upload, "jasmijn")
    preparation.judge(stage.session, upload, 0)
    name(stage, upload, "ben")
    assert review.judge_anew(stage.session, stage.batch) == 1
    stage.judge(upload)
    made = rendition_of(stage, upload)
    assert not is_open(stage, upload, 0)
    assert preparation.judge(stage.session, upload, 0) == 0
    preparation.render(stage.session, upload)
    preparation.settle(stage.session, upload, 0)
    again = rendition_of(stage, upload)
    assert (again.sha256, again.revision, upload.judged_revision) == (made.sha256, 1, 1)
    assert not is_open(stage, upload, 0)
    written = assessment.written(stage.session, upload.id, stage.channel("website").id)
    assert written is not None
    assert written.revision == 1
