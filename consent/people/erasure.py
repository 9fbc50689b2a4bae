"""Erase a person: names, addresses and ties go, and so does the key of all that was sealed about them.

Decisions and audit stay, with ids that no longer lead to anybody. Pictures, portraits and templates belong to the
layers above, which erase theirs first and then call `erase`.
"""

from sqlmodel import Session, col, delete, select

from consent import audit, clock, sealing
from consent.audit import Action
from consent.people.accounts import actor
from consent.people.tables import Account, Guardian, Guardianship, Membership, Person, SafetyFlag


def erase(session: Session, person: Person, *, by: Account | None) -> None:
    """Erase somebody, and their guardians who have no other child at the school. Asking again is harmless.

    The key goes first, before the transaction is kept. After a crash in between there is still a person, with nothing
    about them that can be opened, and erasing again finishes it. The other way round there would be nobody left to
    erase, and a template in every backup.
    """
    sealing.key_store().destroy(f"person-{person.id}")
    if person.erased_at is not None:
        return
    guardians = session.exec(select(Guardianship.guardian_id).where(Guardianship.person_id == person.id)).all()
    for table in (Membership, Guardianship, SafetyFlag):
        session.exec(delete(table).where(col(table.person_id) == person.id))
    with_others = set(
        session.exec(select(Guardianship.guardian_id).where(col(Guardianship.guardian_id).in_(guardians)))
    )
    for guardian_id in set(guardians) - with_others:
        _erase_guardian(session, session.get_one(Guardian, guardian_id))
    today = clock.today()
    person.roster_key = f"erased-{person.id}"
    person.given_name = person.prefix = person.family_name = ""
    person.email = person.born = person.joined_on = None
    person.left_on = min(person.left_on or today, today)
    person.erased_at = clock.now()
    session.add(person)
    audit.record(session, Action.PERSON_ERASED, f"person:{person.id}", school_id=person.school_id, actor=actor(by))
    session.flush()


def _erase_guardian(session: Session, guardian: Guardian) -> None:
    guardian.roster_key = f"erased-{guardian.id}"
    guardian.name = ""
    guardian.email = None
    guardian.erased_at = clock.now()
    session.add(guardian)
