"""Erase a person from everything that is held: portraits and templates, proposals, presence, and the roll itself."""

from sqlmodel import Session, col, delete

from consent.faces import enrolment
from consent.faces.tables import Proposal
from consent.gate.tables import Presence
from consent.people import accounts, erasure
from consent.people.tables import Account, Person


def forget(session: Session, person: Person, *, by: Account | None) -> None:
    """Erase somebody. Answers and audit stay, under ids that lead to nobody; asking again is harmless.

    Whatever has a key loses it first: a crash in between leaves something that cannot be opened, never the reverse.
    """
    enrolment.forget(session, person, actor=accounts.actor(by))
    session.exec(delete(Proposal).where(col(Proposal.person_id) == person.id))
    session.exec(delete(Presence).where(col(Presence.person_id) == person.id))
    erasure.erase(session, person, by=by)
