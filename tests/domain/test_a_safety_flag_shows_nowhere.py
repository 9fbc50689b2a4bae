"""Two worlds: in one, Chidi is kept out because somebody asked; in the other, because of a court order."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from consent import audit, clock, database, sealing
from consent.audit import AuditEntry
from consent.decisions import ledger
from consent.decisions.vocabulary import Medium
from consent.errors import NotAllowed, NotFound, Refused
from consent.people import protection, roll
from consent.people.tables import Account, Person, SafetyFlag
from tests import people
from tests.people import Folk

REASON = "Geheim adres: beschikking 12 mei."


@contextmanager
def a_world() -> Iterator[tuple[Session, Folk, Person, Account]]:
    """A world of its own, that is gone afterwards."""
    with Session(database.engine(), expire_on_commit=False) as session:
        folk = people.move_in(session)
        yield session, folk, session.get_one(Person, folk.chidi), session.get_one(Account, folk.safety)
        session.rollback()


def in_words(folk: Folk, text: str) -> str:
    """Opaque ids replaced by whose they are, so that two worlds can be laid side by side."""
    for name, opaque in vars(folk).items():
        text = text.replace(opaque, name)
    return text


def everything_open(session: Session, folk: Folk) -> list[object]:
    """All rows outside the safety flag and its own chain; ids and times left out."""
    seen: list[object] = []
    for table in SQLModel.metadata.sorted_tables:
        if table.name == SafetyFlag.__tablename__:
            continue
        rows = [dict(row) for row in session.connection().execute(table.select()).mappings()]
        rows = [row for row in rows if not str(row.get("chain", "")).startswith("safety:")]
        seen.append((table.name, sorted(in_words(folk, json.dumps(plain(row), sort_keys=True)) for row in rows)))
    return seen


def plain(row: dict[str, object]) -> dict[str, str]:
    """A row without what differs between any two worlds."""
    made_by_chance = {"id", "at", "hash", "previous", "board_id", "edition_id", "wording_id", "channel_id", "group_id"}
    kept = {name: str(value) for name, value in row.items() if name not in made_by_chance and not name.endswith("_at")}
    if "chain" not in row:
        kept.pop("number", None)  # PostgreSQL goes on counting where the other world was rolled back
    if "decision" in kept.get("particulars", ""):
        kept["particulars"] = json.dumps(json.loads(kept["particulars"]) | {"decision": ""})
    if kept.get("subject", "").startswith("channel:"):
        kept["subject"] = "channel"
    return kept


def what_everybody_sees(session: Session, folk: Folk) -> list[object]:
    channels = people.channel_rows(session, folk)
    found = ledger.permissions(session, folk.school, [folk.chidi], channels, list(Medium), clock.today())
    stays = ledger.may_stay(session, folk.school, [folk.chidi], channels, list(Medium), clock.today())
    match = ledger.may_match(session, [folk.chidi], clock.today())
    reasons = [sorted((place[2], permission.reasons) for place, permission in some.items()) for some in (found, stays)]
    return [reasons, match[folk.chidi].reasons, roll.as_rows(session, folk.school)["chidi"]]


def test_two_worlds_that_differ_only_in_the_reason_look_the_same(home: Path) -> None:
    with a_world() as (session, folk, chidi, safety):
        protection.keep_out(session, chidi, by=safety)
        on_request = [*everything_open(session, folk), *what_everybody_sees(session, folk)]
        entries = audit.verify(session).entries
    with a_world() as (session, folk, chidi, safety):
        protection.set_safety_flag(session, chidi, REASON, by=safety)
        protection.read_safety_reason(session, chidi, by=safety)
        assert [*everything_open(session, folk), *what_everybody_sees(session, folk)] == on_request
        assert audit.verify(session).entries == entries


def test_lifting_looks_the_same_too(home: Path) -> None:
    with a_world() as (session, folk, chidi, safety):
        protection.keep_out(session, chidi, by=safety)
        protection.lift_keep_out(session, chidi, by=safety)
        on_request = [*everything_open(session, folk), *what_everybody_sees(session, folk)]
    with a_world() as (session, folk, chidi, safety):
        protection.set_safety_flag(session, chidi, REASON, by=safety)
        protection.lift_keep_out(session, chidi, by=safety)
        assert [*everything_open(session, folk), *what_everybody_sees(session, folk)] == on_request
        assert session.exec(select(SafetyFlag)).all() == []


def test_the_reason_is_read_by_the_safety_right_alone_and_reading_is_recorded(home: Path) -> None:
    with a_world() as (session, folk, chidi, safety):
        protection.set_safety_flag(session, chidi, REASON, by=safety)
        assert protection.read_safety_reason(session, chidi, by=safety) == REASON
        chain = select(AuditEntry.action).where(AuditEntry.chain == f"safety:{folk.school}")
        assert session.exec(chain).all() == ["person:safety-reason-set", "person:safety-reason-read"]
        sealed = session.get_one(SafetyFlag, chidi.id).sealed_reason
        assert REASON.encode() not in sealed
        for name in ("olga", "admin", "manager", "officer", "reviewer", "uploader"):
            with pytest.raises(NotAllowed):
                protection.read_safety_reason(session, chidi, by=session.get_one(Account, getattr(folk, name)))


def test_who_lacks_the_right_is_refused_in_the_same_words_with_a_reason_and_without(home: Path) -> None:
    with a_world() as (session, folk, chidi, safety):
        olga, emma = session.get_one(Account, folk.olga), session.get_one(Person, folk.emma)
        protection.set_safety_flag(session, chidi, REASON, by=safety)
        told = set()
        for person in (chidi, emma, session.get_one(Person, folk.ben)):
            for act in (protection.read_safety_reason, protection.lift_keep_out):
                with pytest.raises(NotAllowed) as refusal:
                    act(session, person, by=olga)
                told.add(str(refusal.value))
        assert len(told) == 1


def test_the_safety_right_of_another_school_and_an_empty_reason_are_refused(home: Path) -> None:
    with a_world() as (session, folk, chidi, safety):
        with pytest.raises(NotFound):
            protection.set_safety_flag(session, session.get_one(Person, folk.noor), REASON, by=safety)
        with pytest.raises(Refused):
            protection.set_safety_flag(session, chidi, "  ", by=safety)
        with pytest.raises(NotFound, match="No reason"):
            protection.read_safety_reason(session, chidi, by=safety)


def test_a_reason_put_at_another_person_cannot_be_read(home: Path) -> None:
    with a_world() as (session, folk, chidi, safety):
        protection.set_safety_flag(session, chidi, REASON, by=safety)
        ben = session.get_one(Person, folk.ben)
        protection.set_safety_flag(session, ben, "Iets anders.", by=safety)
        session.get_one(SafetyFlag, ben.id).sealed_reason = session.get_one(SafetyFlag, chidi.id).sealed_reason
        with pytest.raises(sealing.Broken):
            protection.read_safety_reason(session, ben, by=safety)
