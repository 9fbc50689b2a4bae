"""Files come in: an outing, a batch, its uploads. Nothing is opened here; that is the worker's business.

A file lies sealed under its batch's key from the first byte on, and so does its name: people name files after people.
"""

import datetime as dt
from collections.abc import Collection

from sqlmodel import Session, col, func, select

from consent import audit, clock, queue, sealing, settings
from consent.audit import Action
from consent.database import new_id
from consent.decisions.tables import Channel
from consent.errors import Conflict, NotFound, TooLarge
from consent.faces import sightings
from consent.gate.tables import Batch, BatchChannel, Outing, Presence, Upload, UploadState
from consent.media import vault
from consent.media.vault import Readable
from consent.people.tables import Person, School
from consent.queue import Job

TWIN = "twin:"  # before the digest of a file that repeats another: there is one row per digest


def plan_outing(session: Session, school: School, name: str, day: dt.date, *, actor: str) -> Outing:
    """An outing of this name; the one there is, or a new one."""
    known = session.exec(select(Outing).where(Outing.school_id == school.id, Outing.name == name)).first()
    if known:
        return known
    outing = Outing(school_id=school.id, name=name, day=day)
    session.add(outing)
    session.flush()
    audit.record(session, Action.OUTING_PLANNED, f"outing:{outing.id}", school_id=school.id, actor=actor)
    return outing


def outing_named(session: Session, school: School, name: str) -> Outing:
    """The outing of this name, or a refusal that lists the names there are."""
    found = session.exec(select(Outing).where(Outing.school_id == school.id, Outing.name == name)).first()
    if found:
        return found
    known = session.exec(select(Outing.name).where(Outing.school_id == school.id).order_by(Outing.name)).all()
    raise NotFound(f"There is no outing “{name}”. There are: {', '.join(known) or 'none yet'}.")


def confirm_presence(session: Session, outing: Outing, people: Collection[str], *, actor: str) -> None:
    """Say who was there, as a whole; replaces what was said before."""
    ours = session.exec(select(Person.id).where(Person.school_id == outing.school_id, col(Person.id).in_(people))).all()
    if len(ours) != len(set(people)):
        raise NotFound("Somebody on this list is not on this school's roll.")
    for row in session.exec(select(Presence).where(Presence.outing_id == outing.id)):
        session.delete(row)
    session.flush()
    session.add_all(Presence(outing_id=outing.id, person_id=person) for person in set(people))
    outing.presence_confirmed_at = clock.now()
    session.add(outing)
    audit.record(
        session,
        Action.PRESENCE_CONFIRMED,
        f"outing:{outing.id}",
        school_id=outing.school_id,
        actor=actor,
        particulars={"people": len(set(people))},
    )


def open_batch(
    session: Session,
    outing: Outing,
    channels: Collection[Channel],
    *,
    actor: str,
    batch_id: str | None = None,
    anonymising: bool = False,
) -> Batch:
    """A new batch, with a key of its own. `batch_id` lets the caller remember the id before the batch is there."""
    batch = Batch(
        id=batch_id or new_id(),
        school_id=outing.school_id,
        outing_id=outing.id,
        received_at=clock.now(),
        anonymising=anonymising,
    )
    sealing.key_store().make(key_owner(batch.id))
    sealing.key_store().make(probe_owner(batch.id))
    session.add(batch)
    session.flush()
    session.add_all(BatchChannel(batch_id=batch.id, channel_id=channel.id) for channel in channels)
    audit.record(session, Action.BATCH_RECEIVED, f"batch:{batch.id}", school_id=batch.school_id, actor=actor)
    return batch


def receive(session: Session, batch: Batch, name: str, content: Readable, position: int) -> Upload:
    """Take one file in and ask for it to be looked at. A file that is in this batch already is a `Conflict`."""
    if batch.complete or batch.closed_at:
        raise Conflict("This series is complete: start a new one for more files.")
    key = file_key(batch.id)
    upload_id = new_id()
    stored = vault.put(original_of(upload_id), _limited(content), key)
    twin = session.exec(select(Upload).where(Upload.batch_id == batch.id, Upload.sha256 == stored.sha256)).first()
    if twin:
        vault.erase(original_of(upload_id))
        raise Conflict("This file is in the series already.")
    upload = Upload(
        id=upload_id,
        batch_id=batch.id,
        position=position,
        sealed_name=sealing.seal(key, name.encode(), f"name:{upload_id}"),
        sha256=stored.sha256,
        size=stored.size,
    )
    session.add(upload)
    session.flush()
    queue.ask(session, Job.PREPARE_UPLOAD, upload.id)
    return upload


def turn_away(session: Session, batch: Batch, name: str, sha256: str, size: int, position: int, why: str) -> Upload:
    """Note a file that is not even taken in, so that the report speaks of it."""
    key = file_key(batch.id)
    upload_id = new_id()
    upload = Upload(
        id=upload_id,
        batch_id=batch.id,
        position=position,
        sealed_name=sealing.seal(key, name.encode(), f"name:{upload_id}"),
        sha256=sha256,
        size=size,
    )
    session.add(upload)
    session.flush()
    refuse(session, upload, why)
    return upload


def refuse(session: Session, upload: Upload, sentence: str) -> None:
    """This file cannot be judged, so it goes nowhere. Said twice, it is noted once."""
    if upload.state is UploadState.REFUSED:
        return
    upload.state = UploadState.REFUSED
    upload.refusal = sentence
    session.add(upload)
    batch = session.get_one(Batch, upload.batch_id)
    audit.record(session, Action.UPLOAD_REFUSED, f"upload:{upload.id}", school_id=batch.school_id, actor="gate")


def complete(session: Session, batch: Batch) -> None:
    """Every file is in: from here on the batch can be grouped and judged as a whole."""
    batch.complete = True
    session.add(batch)
    session.flush()
    go_on_when_prepared(session, batch.id)


def go_on_when_prepared(session: Session, batch_id: str) -> None:
    """Ask for the batch to be grouped, once its last upload is prepared. Asking twice is harmless."""
    batch = session.exec(select(Batch).where(Batch.id == batch_id).with_for_update()).one()
    waiting = session.exec(
        select(func.count())
        .select_from(Upload)
        .where(Upload.batch_id == batch_id, Upload.state == UploadState.RECEIVED)
    ).one()
    if batch.complete and not waiting:
        queue.ask(session, Job.GROUP_BATCH, batch_id)


def answer_copyright(
    session: Session, batch: Batch, *, maker: str | None, leave: bool | None, commissioned: bool | None, actor: str
) -> None:
    """Who made these, may we use them, were they commissioned? What is not answered stays as it was."""
    batch.maker = maker or batch.maker
    batch.leave = batch.leave if leave is None else leave
    batch.commissioned = batch.commissioned if commissioned is None else commissioned
    session.add(batch)
    audit.record(
        session,
        Action.BATCH_COPYRIGHT_ANSWERED,
        f"batch:{batch.id}",
        school_id=batch.school_id,
        actor=actor,
        particulars={"leave": batch.leave, "commissioned": batch.commissioned},
    )


def is_twin(upload: Upload) -> bool:
    """Whether this file was turned away because the series holds it already."""
    return upload.sha256.startswith(TWIN)


def name_of(upload: Upload) -> str:
    """The name the file had."""
    key = file_key(upload.batch_id)
    return sealing.unseal(key, upload.sealed_name, f"name:{upload.id}").decode()


def uploads_of(session: Session, batch_id: str) -> list[Upload]:
    """In the order they were handed in."""
    return list(session.exec(select(Upload).where(Upload.batch_id == batch_id).order_by(col(Upload.position))))


def channels_of(session: Session, batch_id: str) -> list[Channel]:
    """The channels a batch is meant for, in the school's own order."""
    chosen = select(BatchChannel.channel_id).where(BatchChannel.batch_id == batch_id)
    return list(session.exec(select(Channel).where(col(Channel.id).in_(chosen)).order_by(col(Channel.position))))


def close(session: Session, batch: Batch, *, actor: str) -> None:
    """Close a batch: what its faces look like can no longer be known, by anybody. Files stay as long as they may."""
    sealing.key_store().destroy(probe_owner(batch.id))
    sightings.forget_looks(session, [upload.id for upload in uploads_of(session, batch.id)])
    if batch.closed_at is None:
        batch.closed_at = clock.now()
        session.add(batch)
        audit.record(session, Action.BATCH_CLOSED, f"batch:{batch.id}", school_id=batch.school_id, actor=actor)


def key_owner(batch_id: str) -> str:
    """Under what name the key store keeps the key of a batch's files."""
    return f"batch-{batch_id}"


def file_key(batch_id: str) -> bytes:
    """The key of a batch's files and renditions."""
    return sealing.key_store().key(key_owner(batch_id))


def probe_key(batch_id: str) -> bytes:
    """The key of what a batch's faces look like, for as long as the batch is open."""
    return sealing.key_store().key(probe_owner(batch_id))


def probe_owner(batch_id: str) -> str:
    """Under what name the key store keeps the key of what a batch's faces look like."""
    return f"probes-{batch_id}"


def original_of(upload_id: str) -> str:
    """The vault's name of a file as it came in."""
    return f"uploads/{upload_id}/original"


class _limited:  # noqa: N801 - reads as a verb where it is used
    """A stream that refuses to grow beyond the limit, so that nobody fills the vault with one file."""

    def __init__(self, content: Readable) -> None:
        self._content = content
        self._left = settings.current().max_megabytes * 1_000_000

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        part = self._content.read(wanted)
        self._left -= len(part)
        if self._left < 0:
            raise TooLarge(f"This file is larger than {settings.current().max_megabytes} MB.")
        return part
