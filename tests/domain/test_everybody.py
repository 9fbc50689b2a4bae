import pytest
from sqlmodel import Session

from consent import clock
from consent.decisions import ledger
from consent.decisions.vocabulary import Medium, Reason
from tests import people
from tests.people import Folk


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


def test_each_of_them_stands_as_their_story_says(session: Session, folk: Folk) -> None:
    pupils = [getattr(folk, name) for name in STORY]
    channels = people.channel_rows(session, folk)
    found = ledger.permissions(session, folk.school, pupils, channels, [Medium.PHOTO], clock.today())
    reasons = {name: found[getattr(folk, name), folk.website, Medium.PHOTO].reasons for name in STORY}
    assert reasons == STORY


STORY = {
    "anna": (Reason.ALLOWED,),
    "ben": (Reason.GUARDIAN_NO,),
    "chidi": (Reason.NO_ANSWER,),
    "dana": (Reason.NOT_ON_THE_ROLL,),
    "emma": (Reason.KEPT_OUT,),
    "finn": (Reason.BIRTH_DATE_UNKNOWN,),
    "gijs": (Reason.ALLOWED,),
    "guus": (Reason.ALLOWED,),
    "hana": (Reason.ALLOWED,),
    "ivo": (Reason.OWN_NO,),
    "mila": (Reason.ALLOWED,),
    "jasmijn": (Reason.ALLOWED,),
    "kees": (Reason.OWN_NO,),
    "lola": (Reason.ALLOWED,),
}


def test_kees_is_an_adult_by_role_without_a_birthday(session: Session, folk: Folk) -> None:
    channels = people.channel_rows(session, folk)
    found = ledger.permissions(session, folk.school, [folk.kees], channels, [Medium.PHOTO], clock.today())
    assert found[folk.kees, folk.parent_app, Medium.PHOTO].reasons == (Reason.ALLOWED,)


def test_only_those_whose_every_guardian_agreed_are_matched(session: Session, folk: Folk) -> None:
    everybody = [getattr(folk, name) for name in STORY]
    found = ledger.may_match(session, everybody, clock.today())
    assert {name for name in STORY if found[getattr(folk, name)].allowed} == {"gijs", "guus", "hana", "jasmijn"}
