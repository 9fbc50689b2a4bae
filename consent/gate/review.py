"""What people say of faces, and that they looked. Nothing is overwritten: the latest mark that stands counts.

Everything said raises the batch's revision and asks for the verdicts anew, in the same transaction.
"""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from consent import audit, clock, queue
from consent.audit import Action
from consent.database import new_id
from consent.errors import Conflict, NotFound
from consent.faces import sightings
from consent.faces.tables import Sighting
from consent.gate.tables import Batch, Look, Mark, MarkKind, Rendition, Upload, UploadState
from consent.people import accounts
from consent.people.tables import Account, Person
from consent.queue import Job


def mark(
    session: Session,
    batch: Batch,
    faces: Sequence[Sighting],
    kind: MarkKind,
    *,
    by: Account,
    person: Person | None = None,
) -> str:
    """Say the same of one or several faces of a batch, as one naming; returns its id, by which it can be undone.

    Raises:
        Conflict: the person would be in one picture twice.
    """
    _refuse_strangers(batch, by, person)
    if person is not None:
        _refuse_twice_in_a_picture(session, faces, person)
    naming_id = new_id()
    session.add_all(
        Mark(
            sighting_id=face.id,
            naming_id=naming_id,
            kind=kind,
            person_id=person.id if person else None,
            by=by.id,
            at=clock.now(),
        )
        for face in faces
    )
    audit.record(
        session,
        Action.SIGHTING_MARKED,
        f"naming:{naming_id}",
        school_id=batch.school_id,
        actor=accounts.actor(by),
        particulars={"kind": str(kind), "faces": len(faces), "person": person.id if person else None},
    )
    session.flush()
    return naming_id


def undo(session: Session, batch: Batch, naming_id: str, *, by: Account) -> int:
    """Take one naming back as a whole; how many faces it was about."""
    ours = (
        select(Sighting.id).join(Upload, col(Upload.id) == col(Sighting.upload_id)).where(Upload.batch_id == batch.id)
    )
    marks = session.exec(
        select(Mark)
        .where(Mark.naming_id == naming_id, col(Mark.undone_at).is_(None))
        .where(col(Mark.sighting_id).in_(ours))
    ).all()
    for one in marks:
        one.undone_at = clock.now()
        session.add(one)
    if marks:
        audit.record(
            session,
            Action.NAMING_UNDONE,
            f"naming:{naming_id}",
            school_id=batch.school_id,
            actor=accounts.actor(by),
        )
    session.flush()
    return len(marks)


def look(session: Session, batch: Batch, renditions: Sequence[Rendition], *, by: Account) -> int:
    """Record that `by` looked at exactly these renditions; how many were new to them."""
    _refuse_strangers(batch, by, None)
    new = 0
    for rendition in renditions:
        known = session.exec(
            select(Look).where(
                Look.upload_id == rendition.upload_id,
                Look.channel_id == rendition.channel_id,
                Look.sha256 == rendition.sha256,
                Look.by == by.id,
            )
        ).first()
        if known:
            continue
        session.add(
            Look(
                upload_id=rendition.upload_id,
                channel_id=rendition.channel_id,
                sha256=rendition.sha256,
                by=by.id,
                at=clock.now(),
            )
        )
        audit.record(
            session,
            Action.UPLOAD_REVIEWED,
            f"upload:{rendition.upload_id}",
            school_id=batch.school_id,
            actor=accounts.actor(by),
            particulars={"rendition": rendition.id, "sha256": rendition.sha256},
        )
        new += 1
    session.flush()
    return new


def judge_anew(session: Session, batch: Batch) -> int:
    """Raise the batch's revision and ask for every verdict anew; the new revision."""
    batch.revision += 1
    session.add(batch)
    for upload in session.exec(select(Upload).where(Upload.batch_id == batch.id)):
        if upload.state is not UploadState.REFUSED:
            queue.ask(session, Job.JUDGE_UPLOAD, upload.id, batch.revision)
    return batch.revision


def standing_marks(session: Session, sighting_ids: Collection[str]) -> dict[str, Mark]:
    """By sighting: the latest mark that was not undone."""
    chosen = (
        select(Mark)
        .where(col(Mark.sighting_id).in_(sighting_ids), col(Mark.undone_at).is_(None))
        .order_by(col(Mark.number))
    )
    return {one.sighting_id: one for one in session.exec(chosen)}


def namers(session: Session, sighting_ids: Collection[str]) -> frozenset[str]:
    """Accounts whose word on one of these faces stands."""
    return frozenset(one.by for one in standing_marks(session, sighting_ids).values())


def _refuse_strangers(batch: Batch, by: Account, person: Person | None) -> None:
    if by.school_id != batch.school_id or (person is not None and person.school_id != batch.school_id):
        raise NotFound


def _refuse_twice_in_a_picture(session: Session, faces: Sequence[Sighting], person: Person) -> None:
    chosen = {face.id for face in faces}
    for upload_id in {face.upload_id for face in faces}:
        here = [face.id for face in sightings.sightings_of(session, upload_id)]
        marks = standing_marks(session, here)
        already = {name for name, one in marks.items() if one.person_id == person.id and one.kind is MarkKind.PERSON}
        if len(already | (chosen & set(here))) > 1:
            raise Conflict("One person would be in the same picture twice: look at the faces one by one.")
