"""The steps of one upload, each on its own: probe, find, match, group, judge, render, settle.

Each opens what it needs from the vault, keeps what it found, and may be done again without harm.
"""

from collections.abc import Sequence

from sqlmodel import Session, select

from consent import queue
from consent.decisions.tables import Channel
from consent.errors import Unusable
from consent.faces import enrolment, grouping, matching, sightings
from consent.gate import assessment, intake, redaction
from consent.gate.tables import Batch, Outing, Presence, Upload, UploadState
from consent.gate.verdicts import ItemVerdict, Why
from consent.media import photo, vault
from consent.media import probe as probing
from consent.people.tables import School
from consent.queue import Job

GAVE_UP = "This file could not be judged: the work on it broke off three times."


def probe(session: Session, upload: Upload) -> bool:
    """Note what the file is by its content, or refuse it; whether it can go on."""
    try:
        probed = probing.probe(vault.read(intake.original_of(upload.id), intake.file_key(upload.batch_id)))
    except Unusable as refusal:
        intake.refuse(session, upload, str(refusal))
        return False
    upload.format = str(probed.format)
    session.add(upload)
    return True


def find(session: Session, upload: Upload) -> int:
    """Find the faces, and measure them where somebody present can be matched; -1 where the file turns out damaged."""
    key = intake.file_key(upload.batch_id)
    try:
        picture = photo.sanitise(vault.read(intake.original_of(upload.id), key))
    except Unusable as refusal:
        intake.refuse(session, upload, str(refusal))
        return -1
    # Slow work first, rows last: a writer on SQLite keeps all others waiting.
    found = sightings.look(picture, measure=bool(matching_for(session, upload)))
    upload.width, upload.height = picture.size
    session.add(upload)
    sightings.keep(session, upload.id, found, intake.probe_key(upload.batch_id))
    return len(found)


def match(session: Session, upload: Upload) -> int:
    """Propose whose faces these are; how many proposals."""
    people = matching_for(session, upload)
    if not people:
        return 0
    pairs = enrolment.siblings_of(session, people)
    key = intake.probe_key(upload.batch_id)
    return sightings.propose(session, upload.id, people, pairs, key, matching.Thresholds())


def finish(session: Session, upload: Upload) -> None:
    """Note that the upload is prepared; the batch goes on with its last one."""
    if upload.state is UploadState.RECEIVED:
        upload.state = UploadState.PREPARED
        session.add(upload)
        session.flush()
    intake.go_on_when_prepared(session, upload.batch_id)


def group(session: Session, batch_id: str) -> int:
    """Group the faces of a batch, and ask for its uploads to be judged; how many groups."""
    batch = session.get_one(Batch, batch_id)
    uploads = [upload.id for upload in intake.uploads_of(session, batch_id) if upload.state is not UploadState.REFUSED]
    groups = sightings.group(session, uploads, intake.probe_key(batch_id), grouping.DIAMETER)
    for upload_id in uploads:
        queue.ask(session, Job.JUDGE_UPLOAD, upload_id, batch.revision)
    return groups


def judge(session: Session, upload: Upload, revision: int) -> int:
    """Keep the verdict for every channel of the batch; how many channels.

    Nothing is done where more was said since: that has work of its own, and must have the last word.
    """
    if _revision(session, upload) != revision:
        return 0
    channels = intake.channels_of(session, upload.batch_id)
    for channel in channels:
        assessment.write(session, upload, channel, assessment.judge(session, upload, channel), revision)
    return len(channels)


def render(session: Session, upload: Upload) -> int:
    """Make the renditions that the kept verdicts ask for; how many."""
    revision = _revision(session, upload)
    channels = intake.channels_of(session, upload.batch_id)
    made = redaction.render(session, upload, channels)
    if _revision(session, upload) != revision:
        # More was said while this was painted, and another worker may have put its file here before this one.
        session.expire_all()
        made = redaction.render(session, upload, channels)
    return made


def settle(session: Session, upload: Upload, revision: int) -> None:
    """Keep the verdict that stands now that the rendition is there; a leak blocks."""
    if _revision(session, upload) != revision:
        return
    channels = intake.channels_of(session, upload.batch_id)
    painted = _shown(session, upload, channels)
    judge(session, upload, revision)
    if _shown(session, upload, channels) != painted:
        # Somebody decided otherwise since it was painted, perhaps long ago: a verdict never speaks of another picture.
        redaction.render(session, upload, channels)
        judge(session, upload, revision)
    for channel in channels:
        rendition = assessment.rendition_of(session, upload.id, channel.id)
        if rendition is not None and not rendition.proven:
            assessment.block(session, upload, channel, Why.LEAK_CHECK_FAILED)
    if upload.state is not UploadState.REFUSED:
        upload.state = UploadState.JUDGED
    upload.judged_revision = revision
    session.add(upload)


def abandon(session: Session, upload: Upload) -> None:
    """Refuse a file the work on which broke off for good: what cannot be looked at goes nowhere."""
    for channel in intake.channels_of(session, upload.batch_id):
        redaction.erase(session, upload, channel)
    intake.refuse(session, upload, GAVE_UP)
    session.flush()


def matching_for(session: Session, upload: Upload) -> list[str]:
    """Ids of those present who may be matched; nobody where the school recorded no assessment."""
    batch = session.get_one(Batch, upload.batch_id)
    school = session.get_one(School, batch.school_id)
    if not school.dpia_reference:
        return []
    outing = session.get_one(Outing, batch.outing_id)
    present = list(session.exec(select(Presence.person_id).where(Presence.outing_id == outing.id)))
    return enrolment.matchable_among(session, present)


def _revision(session: Session, upload: Upload) -> int:
    """How often the batch was spoken of by now. On PostgreSQL this keeps others off the upload until the end."""
    session.exec(select(Upload.id).where(Upload.id == upload.id).with_for_update())
    return session.exec(select(Batch.revision).where(Batch.id == upload.batch_id)).one()


def _shown(session: Session, upload: Upload, channels: Sequence[Channel]) -> list[list[bool] | None]:
    """Per channel, which faces the kept verdicts show; None where there is to be no rendition."""
    kept = [assessment.written(session, upload.id, channel.id) for channel in channels]
    return [
        None if one is None or one.verdict is ItemVerdict.BLOCKED else [face.shown for face in one.faces]
        for one in kept
    ]
