import datetime as dt
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from consent import audit, clock
from consent.audit import Action, AuditEntry
from consent.decisions import ledger
from consent.decisions.tables import Decision
from consent.decisions.vocabulary import Medium, Reason
from consent.errors import Conflict
from consent.people import roll, roster
from consent.people.roster import Doubt, Plan, Row
from consent.people.tables import Guardian, Guardianship, Person
from tests import people
from tests.people import Folk


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


def planned(session: Session, folk: Folk, rows: list[Row]) -> Plan:
    return roster.plan(rows, roll.as_rows(session, folk.school), clock.today())


def told(session: Session, folk: Folk, key: str, **change: object) -> list[Row]:
    """The roll as it is, but for one person."""
    rows = roll.as_rows(session, folk.school)
    return [replace(row, **change) if row.key == key else row for row in rows.values()]  # type: ignore[arg-type]


def test_the_same_file_twice_changes_nothing_the_second_time(session: Session, folk: Folk) -> None:
    rows = [row for row in people.everybody() if row.key != "dana"]
    assert planned(session, folk, rows).is_empty
    assert planned(session, folk, list(roll.as_rows(session, folk.school).values())).is_empty


def test_people_come_go_move_and_are_called_otherwise(session: Session, folk: Folk) -> None:
    rows = [row for row in people.everybody() if row.key not in {"dana", "ben"}]
    rows = [replace(row, group="7", given_name="Chidiebere") if row.key == "chidi" else row for row in rows]
    plan = planned(session, folk, [*rows, people.pupil("Otto", 8, "olaf")])
    assert [row.key for row in plan.joiners] == ["otto"]
    assert [row.key for row in plan.leavers] == ["ben"]
    assert [change.after.key for change in plan.moves] == [change.after.key for change in plan.renamed] == ["chidi"]
    roll.carry_out(session, folk.school, plan, by=None)
    after = roll.as_rows(session, folk.school)
    assert (after["chidi"].group, after["chidi"].given_name) == ("7", "Chidiebere")
    assert after["ben"].left_on == clock.today()
    assert after["otto"].guardians[0].email == "olaf@example.org"


def test_a_file_of_pupils_removes_no_teacher(session: Session, folk: Folk) -> None:
    pupils = [row for row in people.everybody() if row.kind == "pupil" and row.key != "dana"]
    assert planned(session, folk, pupils).leavers == ()


def test_what_a_file_does_not_say_is_not_forgotten(session: Session, folk: Folk) -> None:
    assert planned(session, folk, told(session, folk, "ben", born=None, group="", email=None)).is_empty


def test_following_a_file_changes_no_answer(session: Session, folk: Folk) -> None:
    before = session.exec(select(Decision.id)).all()
    roll.carry_out(session, folk.school, planned(session, folk, people.everybody()[:3]), by=None, confirmed=True)
    assert session.exec(select(Decision.id)).all() == before


@pytest.mark.parametrize(
    "change",
    [
        {"key": "finn", "born": dt.date(2018, 1, 1)},  # no longer unknown: Finn himself need not be asked
        {"key": "dana", "left_on": None},
        {"key": "ben", "born": dt.date(2009, 1, 1)},
    ],
    ids=["a date of birth that was unknown", "a return", "another date of birth"],
)
def test_what_may_allow_more_waits_for_a_second_yes(session: Session, folk: Folk, change: dict[str, object]) -> None:
    plan = planned(session, folk, told(session, folk, **change))  # type: ignore[arg-type]
    assert [one.after.key for one in plan.to_confirm] == [change["key"]]
    before = roll.as_rows(session, folk.school)
    roll.carry_out(session, folk.school, plan, by=None)
    assert roll.as_rows(session, folk.school) == before
    roll.carry_out(session, folk.school, plan, by=None, confirmed=True)
    assert roll.as_rows(session, folk.school) != before
    assert planned(session, folk, told(session, folk, **change)).is_empty  # type: ignore[arg-type]


def test_authority_that_ends_keeps_what_was_said_under_it(session: Session, folk: Folk) -> None:
    ben = roll.as_rows(session, folk.school)["ben"]
    without_bob = tuple(replace(one, authority=one.key == "bea") for one in ben.guardians)
    plan = planned(session, folk, told(session, folk, "ben", guardians=without_bob))
    roll.carry_out(session, folk.school, plan, by=None)
    tie = session.get_one(Guardianship, (folk.bob, folk.ben))
    assert (tie.authority, tie.authority_ended_on) == (True, clock.today())
    assert reasons(session, folk, folk.ben) == (Reason.FORMER_GUARDIAN_NO,)
    changed = session.exec(select(AuditEntry).where(AuditEntry.action == str(Action.AUTHORITY_CHANGED))).one()
    assert changed.subject == f"person:{folk.ben}"


def test_a_guardian_who_is_not_in_the_file_is_pointed_out_and_kept(session: Session, folk: Folk) -> None:
    ben = roll.as_rows(session, folk.school)["ben"]
    plan = planned(session, folk, told(session, folk, "ben", guardians=ben.guardians[:1]))
    assert [(one.doubt, one.guardian_key) for one in plan.conflicts] == [(Doubt.GUARDIAN_MISSING, "bob")]
    assert plan.is_empty


def test_a_bar_is_lifted_only_by_a_file_that_says_so_and_an_office_that_confirms(session: Session, folk: Folk) -> None:
    mila = roll.as_rows(session, folk.school)["mila"]
    silent = tuple(replace(one, barred=None) for one in mila.guardians)
    assert planned(session, folk, told(session, folk, "mila", guardians=silent)).is_empty
    lifted = tuple(replace(one, barred=False) for one in mila.guardians)
    plan = planned(session, folk, told(session, folk, "mila", guardians=lifted))
    assert [one.after.key for one in plan.to_confirm] == ["mila"]


def test_a_new_guardian_gets_a_say_and_no_answer(session: Session, folk: Folk) -> None:
    chidi = roll.as_rows(session, folk.school)["chidi"]
    uncle = roster.GuardianRow("chuks", "Chuks Chidisen", True)
    plan = planned(session, folk, told(session, folk, "chidi", guardians=(*chidi.guardians, uncle)))
    assert [one.key for one in plan.changes[0].new_guardians] == ["chuks"]
    roll.carry_out(session, folk.school, plan, by=None)
    assert reasons(session, folk, folk.chidi) == (Reason.NO_ANSWER,)


def test_doubles_other_kinds_and_shared_addresses_are_pointed_out(session: Session, folk: Folk) -> None:
    rows = told(session, folk, "kees", kind="staff")
    double = replace(people.everybody()[1], key="ben-again", guardians=())
    shared = people.pupil("Otto", 8, "olaf", "olga")
    shared = replace(shared, guardians=tuple(replace(one, email="o@example.org") for one in shared.guardians))
    doubts = {(one.key, one.doubt) for one in planned(session, folk, [*rows, double, shared]).conflicts}
    assert doubts == {
        ("ben-again", Doubt.PERHAPS_KNOWN),
        ("kees", Doubt.KIND_DIFFERS),
        ("otto", Doubt.SHARED_MAIL),
    }


def test_a_plan_is_followed_only_on_the_roll_it_was_made_for(session: Session, folk: Folk) -> None:
    plan = planned(session, folk, people.everybody()[:3])
    roll.carry_out(session, folk.school, planned(session, folk, people.everybody()[:5]), by=None)
    with pytest.raises(Conflict, match="changed since this was planned"):
        roll.carry_out(session, folk.school, plan, by=None)


def test_last_years_file_moves_nobody_back(session: Session, folk: Folk) -> None:
    assert planned(session, folk, told(session, folk, "ben", group="5", school_year="2025-2026")).is_empty


def test_the_audit_counts_and_names_nobody(session: Session, folk: Folk) -> None:
    everything = " ".join(entry.particulars + entry.subject + entry.actor for entry in session.exec(select(AuditEntry)))
    names = [*session.exec(select(Person.given_name)), *session.exec(select(Guardian.name))]
    assert not [name for name in names if name and name in everything]
    assert audit.verify(session).faults == ()


def reasons(session: Session, folk: Folk, person_id: str) -> tuple[Reason, ...]:
    channels = people.channel_rows(session, folk)
    found = ledger.permissions(session, folk.school, [person_id], channels, [Medium.PHOTO], clock.today())
    return found[person_id, folk.website, Medium.PHOTO].reasons
