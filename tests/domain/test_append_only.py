import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from consent import audit
from consent.audit import Action, AuditEntry


def a_short_history(session: Session) -> None:
    for subject in ("school:one", "school:two", "school:three"):
        audit.record(session, Action.SCHOOL_FOUNDED, subject, school_id="hilversum", actor="account:1")
    session.commit()


def test_a_chain_of_entries_verifies(session: Session) -> None:
    a_short_history(session)
    assert audit.verify(session) == audit.Verified(3, ())


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_an_entry(session: Session, change: str) -> None:
    a_short_history(session)
    with pytest.raises(DBAPIError, match="append-only"):
        session.connection().execute(text(change))
    session.rollback()
    assert audit.verify(session).entries == 3


def test_a_changed_entry_is_found_even_where_the_trigger_was_taken_away(session: Session) -> None:
    a_short_history(session)
    take_triggers_away(session)
    session.connection().execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE number = 2"))
    session.commit()
    assert [(fault.number, fault.what) for fault in audit.verify(session).faults] == [(2, "this entry was changed")]


def test_a_removed_entry_is_found(session: Session) -> None:
    a_short_history(session)
    take_triggers_away(session)
    session.connection().execute(text("DELETE FROM audit_entry WHERE number = 2"))
    session.commit()
    assert [fault.number for fault in audit.verify(session).faults] == [3]


def test_an_entry_that_was_recomputed_after_a_change_no_longer_fits_the_next(session: Session) -> None:
    a_short_history(session)
    take_triggers_away(session)
    entry = session.exec(select(AuditEntry).where(AuditEntry.number == 2)).one()
    entry.actor = "nobody"
    entry.hash = audit.digest_of(entry)
    session.commit()
    assert [fault.number for fault in audit.verify(session).faults] == [3]


def test_entries_for_the_safety_right_are_not_counted_but_are_verified(session: Session) -> None:
    a_short_history(session)
    audit.record(
        session, Action.SAFETY_REASON_SET, "person:1", school_id="hilversum", actor="account:1", kind=audit.SAFETY
    )
    session.commit()
    assert audit.verify(session) == audit.Verified(3, ())
    take_triggers_away(session)
    session.connection().execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE chain LIKE 'safety%'"))
    session.commit()
    assert [fault.chain for fault in audit.verify(session).faults] == ["safety:hilversum"]


def take_triggers_away(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("DROP TRIGGER audit_entry_append_only ON audit_entry"))
    else:
        session.connection().execute(text("DROP TRIGGER audit_entry_no_update"))
        session.connection().execute(text("DROP TRIGGER audit_entry_no_delete"))
    session.commit()
