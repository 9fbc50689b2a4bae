"""Combines whose face it is with what that person allows today, and writes the verdicts down.

The verdict itself is `verdicts.judge_item`, which knows nothing of databases. What is gathered here is fresh each time:
permissions are those of today, and a look counts only for exactly the rendition that was looked at.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from consent import clock
from consent.decisions import ledger
from consent.decisions.tables import Channel
from consent.decisions.vocabulary import Medium
from consent.faces import sightings
from consent.faces.matching import Strength
from consent.faces.tables import Certainty, Proposal, Sighting
from consent.gate import review, verdicts
from consent.gate.tables import Assessment, Batch, Look, Mark, MarkKind, Presence, Rendition, SightingVerdict, Upload
from consent.gate.verdicts import ChannelRules, Circumstances, FaceJudged, Identity, ItemJudged, ItemVerdict, Seen, Why
from consent.people import roll
from consent.people.tables import Person

_SAID = {
    MarkKind.NOT_ON_THE_REGISTER: Identity.NOT_ON_THE_REGISTER,
    MarkKind.NO_IDEA: Identity.NO_IDEA,
    MarkKind.NO_FACE: Identity.NO_FACE,
}
_MATCHED = {
    Strength.STRICT: Identity.STRICT,
    Strength.PROPOSED: Identity.PROPOSED,
    Strength.UNSURE: Identity.UNSURE,
}


@dataclass(frozen=True)
class Known:
    """Who a sighting is taken for: how surely, which person, and who else it may be."""

    identity: Identity
    person_id: str | None = None
    others: tuple[str, ...] = ()
    look_alike: bool = False


def known_faces(session: Session, upload_id: str) -> list[tuple[Sighting, Known]]:
    """The faces of an upload with what people said of them, or else what matching proposes."""
    found = sightings.sightings_of(session, upload_id)
    ids = [sighting.id for sighting in found]
    marks = review.standing_marks(session, ids)
    proposals = sightings.proposals_for(session, ids)
    return [(sighting, _known(sighting, marks.get(sighting.id), proposals.get(sighting.id))) for sighting in found]


def judge(session: Session, upload: Upload, channel: Channel) -> ItemJudged:
    """The verdict on one upload for one channel, as of now, from everything that is known of it."""
    batch = session.get_one(Batch, upload.batch_id)
    faces = known_faces(session, upload.id)
    rendition = rendition_of(session, upload.id, channel.id)
    around = Circumstances(
        looked_at_by=_lookers(session, rendition),
        named_by=review.namers(session, [sighting.id for sighting, _ in faces]),
        keep_out_present=_keep_out_present(session, batch),
        commissioned=bool(batch.commissioned),
        anonymising=batch.anonymising,
    )
    return verdicts.judge_item(_seen(session, faces, channel), rules_of(channel), around)


def write(session: Session, upload: Upload, channel: Channel, judged: ItemJudged, revision: int) -> None:
    """Keep a verdict, in place of the one before."""
    faces = sightings.sightings_of(session, upload.id)
    ids = [sighting.id for sighting in faces]
    session.exec(
        delete(SightingVerdict)
        .where(col(SightingVerdict.sighting_id).in_(ids))
        .where(col(SightingVerdict.channel_id) == channel.id)
    )
    session.add_all(
        SightingVerdict(
            sighting_id=sighting.id, channel_id=channel.id, verdict=face.verdict, reasons=_words(face.reasons)
        )
        for sighting, face in zip(faces, judged.faces, strict=True)
    )
    session.merge(
        Assessment(
            upload_id=upload.id,
            channel_id=channel.id,
            verdict=judged.verdict,
            reasons=_words(judged.reasons),
            revision=revision,
            judged_at=clock.now(),
        )
    )
    session.flush()


def block(session: Session, upload: Upload, channel: Channel, why: Why) -> None:
    """Stop an upload for a reason that lies outside the table of verdicts."""
    assessment = session.get_one(Assessment, (upload.id, channel.id))
    assessment.verdict = ItemVerdict.BLOCKED
    assessment.reasons = _words((*reasons_of(assessment.reasons), why))
    session.add(assessment)
    session.flush()


@dataclass(frozen=True)
class Written:
    """The verdict that was last kept, with its faces' verdicts in their order."""

    verdict: ItemVerdict
    reasons: tuple[Why, ...]
    revision: int
    faces: tuple[FaceJudged, ...]


def written(session: Session, upload_id: str, channel_id: str) -> Written | None:
    """What was kept of an upload for a channel."""
    assessment = session.get(Assessment, (upload_id, channel_id))
    if assessment is None:
        return None
    faces = session.exec(
        select(SightingVerdict)
        .join(Sighting, col(Sighting.id) == col(SightingVerdict.sighting_id))
        .where(Sighting.upload_id == upload_id, SightingVerdict.channel_id == channel_id)
        .order_by(col(Sighting.ordinal))
    )
    judged = tuple(FaceJudged(face.verdict, reasons_of(face.reasons)) for face in faces)
    return Written(assessment.verdict, reasons_of(assessment.reasons), assessment.revision, judged)


def reasons_of(text: str) -> tuple[Why, ...]:
    """The reasons in a row."""
    return tuple(Why(word) for word in json.loads(text))


def rendition_of(session: Session, upload_id: str, channel_id: str) -> Rendition | None:
    """The file made of an upload for a channel."""
    return session.exec(
        select(Rendition).where(Rendition.upload_id == upload_id, Rendition.channel_id == channel_id)
    ).first()


def rules_of(channel: Channel) -> ChannelRules:
    """The settings of a channel that the gate reads."""
    return ChannelRules(
        reach=channel.reach,
        review=channel.review,
        automatic_show=channel.automatic_show,
        without_permission=channel.without_permission,
        four_eyes=channel.four_eyes,
    )


def _known(sighting: Sighting, mark: Mark | None, proposal: Proposal | None) -> Known:
    if sighting.certainty is Certainty.DRAWN and (mark is None or mark.kind is not MarkKind.NO_FACE):
        return Known(Identity.COVERED_BY_HAND)
    if mark is not None and mark.kind is MarkKind.PERSON:
        return Known(Identity.CONFIRMED, mark.person_id)
    if mark is not None:
        return Known(_SAID[mark.kind])
    if sighting.certainty is Certainty.POSSIBLE:
        return Known(Identity.POSSIBLE_FACE)
    if proposal is None:
        return Known(Identity.NOBODY)
    others = tuple(sightings.others_of(proposal))
    return Known(_MATCHED[proposal.strength], proposal.person_id, others, proposal.look_alike)


def _seen(session: Session, faces: Sequence[tuple[Sighting, Known]], channel: Channel) -> list[Seen]:
    people = {known.person_id for _, known in faces if known.person_id}
    people |= {other for _, known in faces for other in known.others}
    today = clock.today()
    permissions = ledger.permissions(session, channel.school_id, people, [channel], [Medium.PHOTO], today)
    rows = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(people)))}

    def seen(known: Known) -> Seen:
        # Whoever else it may be counts towards keep out as well: a face in doubt is nobody's to show.
        maybe = [rows[one] for one in (known.person_id, *known.others) if one]
        person = rows[known.person_id] if known.person_id else None
        return Seen(
            identity=known.identity,
            allowed=person is not None and permissions[person.id, channel.id, Medium.PHOTO].allowed,
            keep_out=any(one.keep_out for one in maybe),
            look_alike=known.look_alike,
            under_16=person is None or not roll.decides_alone(person, today),
        )

    return [seen(known) for _, known in faces]


def _lookers(session: Session, rendition: Rendition | None) -> frozenset[str]:
    if rendition is None:
        return frozenset()
    looks = select(Look.by).where(
        Look.upload_id == rendition.upload_id,
        Look.channel_id == rendition.channel_id,
        Look.sha256 == rendition.sha256,
    )
    return frozenset(session.exec(looks))


def _keep_out_present(session: Session, batch: Batch) -> bool:
    present = (
        select(Presence.person_id)
        .join(Person, col(Person.id) == col(Presence.person_id))
        .where(Presence.outing_id == batch.outing_id, col(Person.keep_out))
        .limit(1)
    )
    return session.exec(present).first() is not None


def _words(reasons: Sequence[Why]) -> str:
    return json.dumps([str(why) for why in reasons])
