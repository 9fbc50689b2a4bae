"""Keep out: somebody who may not be in a picture, not even covered. And the reason, for those with the right to it.

Anyone may ask to be kept out, and no reason is stored. A safety flag (a secret address, a court order) keeps out in
exactly the same way, and its reason is sealed apart. Outside `read_safety_reason` nobody can tell the two apart: the
open audit says the same, and lifting takes the same right in both cases, since a refusal would tell.
"""

from sqlmodel import Session

from consent import audit, clock, sealing
from consent.audit import Action
from consent.errors import Conflict, NotFound, Refused
from consent.people import accounts
from consent.people.tables import Account, Person, SafetyFlag
from consent.people.vocabulary import Role


def keep_out(session: Session, person: Person, *, by: Account | None) -> None:
    """Keep somebody out of every picture from now on. Asking twice is harmless."""
    if person.erased_at is not None:
        raise Conflict("This person was erased.")
    person.keep_out = True
    session.add(person)
    # A flag needs this key. A wish gets one too, or the folder of keys would tell the two apart.
    sealing.key_store().make(_owner(person))
    _audit(session, Action.KEEP_OUT_SET, person, by)


def lift_keep_out(session: Session, person: Person, *, by: Account) -> None:
    """End it, and whatever reason there was, by somebody with the safety right."""
    accounts.require(session, by, Role.SAFETY, school_id=person.school_id)
    flag = session.get(SafetyFlag, person.id)
    if flag is not None:
        session.delete(flag)
        _audit(session, Action.KEEP_OUT_LIFTED, person, by, kind=audit.SAFETY)
    person.keep_out = False
    session.add(person)
    _audit(session, Action.KEEP_OUT_LIFTED, person, by)


def set_safety_flag(session: Session, person: Person, reason: str, *, by: Account) -> None:
    """Keep somebody out for a reason that only those with the safety right may read."""
    accounts.require(session, by, Role.SAFETY, school_id=person.school_id)
    if not reason.strip():
        raise Refused("Give the reason. Without one, keep this person out on request.")
    keep_out(session, person, by=by)
    key = sealing.key_store().make(_owner(person))
    sealed = sealing.seal(key, reason.strip().encode(), _about(person))
    flag = session.get(SafetyFlag, person.id) or SafetyFlag(
        person_id=person.id, sealed_reason=sealed, set_at=clock.now()
    )
    flag.sealed_reason, flag.set_at = sealed, clock.now()
    session.add(flag)
    _audit(session, Action.SAFETY_REASON_SET, person, by, kind=audit.SAFETY)


def read_safety_reason(session: Session, person: Person, *, by: Account) -> str:
    """Why somebody is kept out, for those with the safety right. Reading is recorded, where they alone can see it."""
    accounts.require(session, by, Role.SAFETY, school_id=person.school_id)
    _audit(session, Action.SAFETY_REASON_READ, person, by, kind=audit.SAFETY)
    flag = session.get(SafetyFlag, person.id)
    if flag is None:
        raise NotFound("No reason is recorded.")
    return sealing.unseal(sealing.key_store().key(_owner(person)), flag.sealed_reason, _about(person)).decode()


def _owner(person: Person) -> str:
    return f"person-{person.id}"


def _about(person: Person) -> str:
    return f"safety:{person.id}"


def _audit(session: Session, action: Action, person: Person, by: Account | None, kind: str = audit.OPEN) -> None:
    audit.record(
        session,
        action,
        f"person:{person.id}",
        school_id=person.school_id,
        actor=accounts.actor(by),
        kind=kind,
    )
