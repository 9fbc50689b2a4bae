import pytest
from sqlmodel import Session, SQLModel, select

from consent import audit, clock, sealing
from consent.audit import Action, AuditEntry
from consent.decisions import ledger
from consent.decisions.tables import Channel, Decision
from consent.decisions.vocabulary import Answer, Medium, Reason
from consent.errors import NotFound
from consent.people import erasure, protection, roll, roster
from consent.people.tables import Account, Guardian, Guardianship, Membership, Person, SafetyFlag
from tests import people
from tests.people import Folk


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


def erase(session: Session, folk: Folk, person_id: str) -> Person:
    person = session.get_one(Person, person_id)
    erasure.erase(session, person, by=session.get_one(Account, folk.olga))
    return person


def test_nothing_that_names_them_or_their_parents_is_left(session: Session, folk: Folk) -> None:
    erase(session, folk, folk.ben)
    session.flush()
    everything = ""
    for table in SQLModel.metadata.sorted_tables:
        everything += str([tuple(row) for row in session.connection().execute(table.select())])
    for name in ("Ben", "ben@", "Bensen", "Bea", "bea@", "Bob", "bob@"):
        assert name not in everything


def test_answers_and_audit_stay_and_lead_to_nobody(session: Session, folk: Folk) -> None:
    before = session.exec(select(Decision.id).where(Decision.person_id == folk.ben)).all()
    erase(session, folk, folk.ben)
    assert before
    assert session.exec(select(Decision.id).where(Decision.person_id == folk.ben)).all() == before
    assert audit.verify(session).faults == ()
    ends = select(AuditEntry).where(AuditEntry.action == str(Action.PERSON_ERASED))
    assert session.exec(ends).one().subject == f"person:{folk.ben}"


def test_a_parent_of_another_child_keeps_their_name(session: Session, folk: Folk) -> None:
    erase(session, folk, folk.gijs)
    assert session.get_one(Guardian, folk.gerda).email == "gerda@example.org"
    erase(session, folk, folk.guus)
    assert session.get_one(Guardian, folk.gerda).email is None


def test_what_was_sealed_about_them_can_never_be_opened_again(session: Session, folk: Folk) -> None:
    safety, ben = session.get_one(Account, folk.safety), session.get_one(Person, folk.ben)
    protection.set_safety_flag(session, ben, "Geheim adres.", by=safety)
    in_a_backup = session.get_one(SafetyFlag, folk.ben).sealed_reason
    erase(session, folk, folk.ben)
    assert session.get(SafetyFlag, folk.ben) is None
    session.add(SafetyFlag(person_id=folk.ben, sealed_reason=in_a_backup, set_at=clock.now()))
    with pytest.raises(sealing.Destroyed):
        protection.read_safety_reason(session, ben, by=safety)


def test_the_key_goes_first_so_that_a_crash_leaves_nothing_to_open_and_somebody_to_erase(
    session: Session, folk: Folk
) -> None:
    session.commit()
    sealing.key_store().make(f"person-{folk.ben}")
    erase(session, folk, folk.ben)
    session.rollback()  # the power went before the transaction was kept
    assert f"person-{folk.ben}" in sealing.key_store().destroyed()
    ben = roll.find_person(session, folk.school, "ben")
    erasure.erase(session, ben, by=None)
    erasure.erase(session, ben, by=None)
    session.commit()
    with pytest.raises(NotFound):
        roll.find_person(session, folk.school, "ben")
    assert session.exec(select(Guardianship).where(Guardianship.person_id == folk.ben)).all() == []
    assert session.exec(select(Membership).where(Membership.person_id == folk.ben)).all() == []


def test_an_erased_person_is_allowed_nothing_and_their_noes_still_hold(session: Session, folk: Folk) -> None:
    for person_id in (folk.hana, folk.ben, folk.jasmijn):
        erase(session, folk, person_id)
    website = [session.get_one(Channel, folk.website)]
    asked = (session, folk.school, [folk.hana, folk.ben, folk.jasmijn], website, [Medium.PHOTO], clock.today())
    out = {place[0]: permission.reasons for place, permission in ledger.permissions(*asked).items()}
    assert all(Reason.NOT_ON_THE_ROLL in reasons for reasons in out.values())
    stays = {place[0]: permission.allowed for place, permission in ledger.may_stay(*asked).items()}
    assert stays == {folk.hana: True, folk.ben: False, folk.jasmijn: True}
    for person_id, guardian in [(folk.hana, folk.hugo), (folk.jasmijn, None)]:
        with pytest.raises(NotFound):
            people.say(session, person_id, Answer.YES, guardian=guardian)


def test_the_roster_may_use_their_key_again(session: Session, folk: Folk) -> None:
    erase(session, folk, folk.ben)
    rows = [*roll.as_rows(session, folk.school).values(), people.pupil("Ben", 9, "bea")]
    plan = roster.plan(rows, roll.as_rows(session, folk.school), clock.today())
    roll.carry_out(session, folk.school, plan, by=None)
    assert roll.find_person(session, folk.school, "ben").id != folk.ben
