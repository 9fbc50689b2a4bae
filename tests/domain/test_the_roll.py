import pytest
from sqlmodel import Session

from consent import clock
from consent.errors import Conflict, NotFound, Refused
from consent.people import roll
from consent.people.tables import Person, School
from tests import people
from tests.people import Folk


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


@pytest.mark.parametrize("called", ["ben", "Ben Bensen", "  ben   bensen ", "Ben"])
def test_somebody_is_found_by_key_or_name(session: Session, folk: Folk, called: str) -> None:
    assert roll.find_person(session, folk.school, called).id == folk.ben


def test_two_people_of_one_name_are_told_apart_by_key(session: Session, folk: Folk) -> None:
    session.get_one(Person, folk.guus).given_name = "Gijs"
    session.flush()
    assert roll.find_person(session, folk.school, "guus").id == folk.guus
    with pytest.raises(Conflict, match="Several people"):
        roll.find_person(session, folk.school, "Gijs Gerritsen")


@pytest.mark.parametrize("called", ["Noor", "noor", "nobody", "", " "])
def test_strangers_and_nobody_are_not_found(session: Session, folk: Folk, called: str) -> None:
    with pytest.raises(NotFound):
        roll.find_person(session, folk.school, called)


def test_siblings_share_a_guardian(session: Session, folk: Folk) -> None:
    assert roll.siblings(session, vars(folk).values()) == {frozenset([folk.gijs, folk.guus])}
    assert roll.siblings(session, [folk.gijs]) == set()


def test_who_decides_alone(session: Session, folk: Folk) -> None:
    alone = {
        name
        for name in ("anna", "ben", "finn", "jasmijn", "kees", "lola")
        if roll.decides_alone(session.get_one(Person, getattr(folk, name)), clock.today())
    }
    assert alone == {"anna", "jasmijn", "kees"}


def test_a_school_is_found_by_name_and_founded_once(session: Session, folk: Folk) -> None:
    assert roll.school_named(session, "de regenboog").id == folk.school
    with pytest.raises(Conflict):
        roll.school_named(session)
    with pytest.raises(NotFound):
        roll.school_named(session, "De Maan")
    with pytest.raises(Conflict):
        roll.found_school(session, "De Regenboog")


def test_a_dpia_needs_a_reference(session: Session, folk: Folk) -> None:
    school = session.get_one(School, folk.school)
    with pytest.raises(Refused):
        roll.record_dpia(session, school, " ", by=None)
    roll.record_dpia(session, school, "DPIA 2026/4", by=None)
    assert (school.dpia_reference, school.dpia_recorded_at is not None) == ("DPIA 2026/4", True)


def test_a_guardian_of_another_child_is_not_changed(session: Session, folk: Folk) -> None:
    with pytest.raises(NotFound):
        roll.change_guardianship(session, session.get_one(Person, folk.ben), folk.chika, barred=True, by=None)
