"""Who gets a template, of what, and until when."""

import datetime as dt
import io

import numpy as np
import pytest
from PIL import Image, ImageFilter
from sqlmodel import Session, select

from consent import clock, queue
from consent.decisions.vocabulary import Answer
from consent.demo import cast
from consent.demo.figures import portrait
from consent.demo.looks import Pose
from consent.errors import ConsentError, Refused
from consent.faces import enrolment
from consent.faces.tables import Portrait, Template
from consent.people.tables import Person
from consent.people.vocabulary import PersonKind
from tests.gate.stage import Stage, set_up
from tests.people import say

LOOK = cast.grown_ups()["annemieke"]


def jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=92)
    return written.getvalue()


def hand_in(stage: Stage, who: str, picture: Image.Image) -> Portrait:
    return enrolment.hand_in(stage.session, stage.person(who), jpeg(picture), actor="account:test")


@pytest.fixture(scope="module")
def good() -> Image.Image:
    return portrait(LOOK, Pose(), 480)


def test_a_good_portrait_becomes_a_template(stage: Stage, good: Image.Image) -> None:
    given = hand_in(stage, "jasmijn", good)
    enrolment.enrol(stage.session, given.id)
    [enrolled] = enrolment.enrolled_among(stage.session, [stage.folk.jasmijn, stage.folk.hana])
    assert enrolled.person_id == stage.folk.jasmijn
    assert np.linalg.norm(enrolled.vector) > 0
    assert stage.session.exec(select(Template)).one().sealed_vector != b""


def test_the_same_portrait_twice_is_one(stage: Stage, good: Image.Image) -> None:
    assert hand_in(stage, "jasmijn", good).id == hand_in(stage, "jasmijn", good).id


def test_making_a_template_twice_leaves_one(stage: Stage, good: Image.Image) -> None:
    given = hand_in(stage, "jasmijn", good)
    enrolment.enrol(stage.session, given.id)
    enrolment.enrol(stage.session, given.id)
    assert len(stage.session.exec(select(Template)).all()) == 1


def test_without_a_recorded_dpia_nobody_is_enrolled(session: Session, good: Image.Image) -> None:
    stage = set_up(session, dpia=False)
    with pytest.raises(Refused, match="DPIA"):
        hand_in(stage, "jasmijn", good)


@pytest.mark.parametrize("who", ["anna", "ben", "chidi", "kees"])
def test_without_consent_to_matching_nobody_is_enrolled(stage: Stage, good: Image.Image, who: str) -> None:
    with pytest.raises(Refused, match="no consent to face matching"):
        hand_in(stage, who, good)


def test_one_guardians_yes_is_not_enough_for_matching(stage: Stage, good: Image.Image) -> None:
    say(stage.session, stage.folk.ben, Answer.YES, guardian=stage.folk.bea, place=None)
    with pytest.raises(Refused, match="no consent to face matching"):
        hand_in(stage, "ben", good)


def test_consent_that_was_withdrawn_in_the_meantime_makes_no_template(stage: Stage, good: Image.Image) -> None:
    given = hand_in(stage, "jasmijn", good)
    say(stage.session, stage.folk.jasmijn, Answer.WITHDRAWN, place=None)
    with pytest.raises(Refused):
        enrolment.enrol(stage.session, given.id)


def test_a_withdrawal_asks_for_the_template_to_be_destroyed(stage: Stage) -> None:
    decision = say(stage.session, stage.folk.jasmijn, Answer.WITHDRAWN, place=None)
    stage.session.commit()
    waiting = queue._client(queue.settings.current().database).list_workflows(name="follow_decision")
    assert [one.workflow_id for one in waiting] == [f"follow_decision:{stage.folk.jasmijn}:{decision.id}"]


def nobody() -> Image.Image:
    return Image.new("RGB", (480, 480), (214, 222, 226))


def two() -> Image.Image:
    both = Image.new("RGB", (960, 480))
    both.paste(portrait(LOOK, Pose(), 480), (0, 0))
    both.paste(portrait(cast.grown_ups()["rachid"], Pose(), 480), (480, 0))
    return both


def blurred() -> Image.Image:
    return portrait(LOOK, Pose(), 480).filter(ImageFilter.GaussianBlur(6))


def small() -> Image.Image:
    return portrait(LOOK, Pose(), 480).resize((150, 150))


@pytest.mark.parametrize(
    ("picture", "said"),
    [(nobody, "no face to be found"), (two, "more than one face"), (blurred, "blurred"), (small, "too small")],
)
def test_an_unfit_portrait_is_refused_and_says_which(stage: Stage, picture: object, said: str) -> None:
    assert callable(picture)
    given = hand_in(stage, "jasmijn", picture())
    with pytest.raises(ConsentError, match=said):
        enrolment.enrol(stage.session, given.id)
    enrolment.turn_away(stage.session, given.id)
    assert stage.session.exec(select(Portrait)).all() == []


def person(born: dt.date | None) -> Person:
    return Person(school_id="s", roster_key="k", kind=PersonKind.PUPIL, given_name="X", born=born)


@pytest.mark.parametrize(
    ("born", "expires"),
    [
        (dt.date(2017, 5, 1), dt.date(2027, 3, 2)),  # nine: a year
        (dt.date(2013, 3, 3), dt.date(2028, 3, 2)),  # twelve: two years
        (dt.date(2010, 6, 1), dt.date(2026, 6, 1)),  # fifteen: until the 16th birthday
        (dt.date(1990, 1, 1), dt.date(2028, 3, 2)),
        (None, dt.date(2027, 3, 2)),
    ],
)
def test_a_template_serves_a_year_or_two_and_never_beyond_sixteen(born: dt.date | None, expires: dt.date) -> None:
    assert enrolment._expiry(person(born), dt.date(2026, 3, 2)) == expires


def test_a_template_made_on_a_leap_day_ends_on_the_first_of_march() -> None:
    assert enrolment._expiry(person(dt.date(2020, 1, 1)), dt.date(2028, 2, 29)) == dt.date(2029, 3, 1)


def test_a_template_whose_time_is_over_is_not_used(stage: Stage) -> None:
    stage.enrol("jasmijn")
    template = stage.session.exec(select(Template)).one()
    template.expires_on = clock.today()
    assert enrolment.enrolled_among(stage.session, [stage.folk.jasmijn]) == []


def test_a_template_of_another_model_is_not_used(stage: Stage) -> None:
    stage.enrol("jasmijn")
    stage.session.exec(select(Template)).one().model = "an older one"
    assert enrolment.matchable_among(stage.session, [stage.folk.jasmijn]) == []
