"""What was done, by whom, when. Append-only, and chained: each entry carries the hash of the one before.

Entries hold opaque ids and words, never names, addresses or free text. Every school has its own chain, so that it can
be shown and kept by itself. What only those with the safety right may know goes to a chain of its own: the count of
entries in the open chain must not tell two schools apart that differ only in a safety flag.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, col, select

from consent import clock
from consent.database import Moment

OPEN, SAFETY = "school", "safety"
_FIRST = "0" * 64


class Action(StrEnum):
    """What can be done, as `subject:verb`."""

    SCHOOL_FOUNDED = "school:founded"
    DPIA_RECORDED = "school:dpia-recorded"
    ACCOUNT_INVITED = "account:invited"
    CHANNEL_CHANGED = "channel:changed"
    WORDING_PUBLISHED = "wording:published"
    ROSTER_CARRIED_OUT = "roster:carried-out"
    PERSON_ERASED = "person:erased"
    KEEP_OUT_SET = "person:keep-out-set"
    KEEP_OUT_LIFTED = "person:keep-out-lifted"
    SAFETY_REASON_SET = "person:safety-reason-set"
    SAFETY_REASON_READ = "person:safety-reason-read"
    AUTHORITY_CHANGED = "guardianship:authority-changed"
    DECISION_RECORDED = "decision:recorded"
    PERSON_ENROLLED = "template:enrolled"
    TEMPLATE_DESTROYED = "template:destroyed"
    OUTING_PLANNED = "outing:planned"
    PRESENCE_CONFIRMED = "outing:presence-confirmed"
    BATCH_RECEIVED = "batch:received"
    BATCH_COPYRIGHT_ANSWERED = "batch:copyright-answered"
    BATCH_CLOSED = "batch:closed"
    UPLOAD_REFUSED = "upload:refused"
    UPLOAD_REVIEWED = "upload:reviewed"
    SIGHTING_MARKED = "sighting:marked"
    NAMING_UNDONE = "sighting:naming-undone"
    PERMIT_ISSUED = "permit:issued"


class AuditEntry(SQLModel, table=True):
    """One entry of one chain. The database refuses to change or delete it."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    chain: str = Field(index=True)
    number: int
    at: dt.datetime = Field(sa_type=Moment)
    actor: str
    action: str
    subject: str = Field(index=True)
    particulars: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain does not hold."""

    chain: str
    number: int
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at every chain found."""

    entries: int
    faults: tuple[Fault, ...]


def record(
    session: Session,
    action: Action,
    subject: str,
    *,
    school_id: str,
    actor: str,
    particulars: Mapping[str, str | int | bool | None] | None = None,
    kind: str = OPEN,
) -> AuditEntry:
    """Append one entry to the chain of a school, inside the caller's transaction."""
    chain = f"{kind}:{school_id}"
    _take_turns(session, chain)
    session.flush()
    last = session.exec(
        select(AuditEntry).where(AuditEntry.chain == chain).order_by(col(AuditEntry.number).desc()).limit(1)
    ).first()
    entry = AuditEntry(
        chain=chain,
        number=last.number + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        action=str(action),
        subject=subject,
        particulars=json.dumps(dict(particulars or {}), sort_keys=True, separators=(",", ":")),
        previous=last.hash if last else _FIRST,
        hash="",
    )
    entry.hash = digest_of(entry)
    session.add(entry)
    session.flush()
    return entry


def verify(session: Session) -> Verified:
    """Read every chain from its start; entries are counted for the open chains only."""
    counted = 0
    faults: list[Fault] = []
    broken: set[str] = set()
    ends: dict[str, tuple[int, str]] = {}
    every = select(AuditEntry).order_by(col(AuditEntry.chain), col(AuditEntry.number))
    for entry in session.exec(every).yield_per(1000):
        number, previous = ends.get(entry.chain, (0, _FIRST))
        ends[entry.chain] = (entry.number, entry.hash)
        counted += entry.chain.startswith(f"{OPEN}:")
        if entry.chain in broken:
            continue
        if what := _wrong_with(entry, number + 1, previous):
            broken.add(entry.chain)
            faults.append(Fault(entry.chain, entry.number, what))
    return Verified(counted, tuple(faults))


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over everything an entry says and the hash of the entry before."""
    said = [
        entry.chain,
        entry.number,
        entry.at.astimezone(dt.UTC).isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.particulars,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _wrong_with(entry: AuditEntry, number: int, previous: str) -> str | None:
    if entry.number != number:
        return "an entry before this one is missing"
    if entry.previous != previous:
        return "this does not follow the entry before it"
    if entry.hash != digest_of(entry):
        return "this entry was changed"
    return None


def _take_turns(session: Session, chain: str) -> None:
    # SQLite lets one writer in at a time anyway. On PostgreSQL two writers would both read the same last entry.
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(chain.encode()).digest()[:8], "big", signed=True)
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
