"""The faces of an upload: found, compared with the people present, and grouped over a batch.

Each function replaces its own former output, so that doing it again after a crash is harmless.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlmodel import Session, col, delete, select

from consent import sealing
from consent.faces import detector, enrolment, grouping, matching, recogniser
from consent.faces.detector import Detection
from consent.faces.matching import Strength, Thresholds
from consent.faces.tables import Certainty, Probe, Proposal, Sighting
from consent.media.regions import Box


@dataclass(frozen=True)
class Found:
    """A face in a picture, and what it looks like where that was asked for and it is large enough to say."""

    face: Detection
    vector: recogniser.Vector | None = None


def look(picture: Image.Image, *, measure: bool) -> list[Found]:
    """The faces of one upright picture, from top to bottom and left to right. Slow; touches nothing."""
    faces = sorted(detector.find_in(picture), key=lambda face: (face.box.top, face.box.left))
    return [Found(face, _measure(picture, face) if measure and _tells(face) else None) for face in faces]


def keep(session: Session, upload_id: str, found: Sequence[Found], key: bytes) -> None:
    """Keep the faces of an upload, in place of those before; what they look like is sealed under the batch's key."""
    forget(session, upload_id)
    for number, one in enumerate(found, start=1):
        sighting = Sighting(
            upload_id=upload_id,
            ordinal=number,
            left=one.face.box.left,
            top=one.face.box.top,
            width=one.face.box.width,
            height=one.face.box.height,
            score=one.face.score,
            certainty=Certainty(one.face.certainty.value),
        )
        session.add(sighting)
        if one.vector is not None:
            session.flush()
            sealed = sealing.seal(key, one.vector.tobytes(), f"probe:{sighting.id}")
            session.add(Probe(sighting_id=sighting.id, sealed_vector=sealed))
    session.flush()


def propose(
    session: Session,
    upload_id: str,
    people: Collection[str],
    siblings: Collection[tuple[str, str]],
    key: bytes,
    thresholds: Thresholds,
) -> int:
    """Compare the faces of one upload with those of `people` who have a template; how many got a proposal."""
    sightings = sightings_of(session, upload_id)
    known = [sighting.id for sighting in sightings]
    session.exec(delete(Proposal).where(col(Proposal.sighting_id).in_(known)))
    vectors = probes(session, known, key)
    enrolled = enrolment.enrolled_among(session, people)
    ordered = list(vectors)
    candidates = matching.match([vectors[name] for name in ordered], enrolled, siblings, thresholds)
    proposals = [
        Proposal(
            sighting_id=sighting_id,
            person_id=candidate.person_id,
            others=json.dumps(candidate.others),
            distance=candidate.distance,
            margin=min(candidate.margin, 9.0),  # nobody else to compare with: infinity is no number to a database
            strength=candidate.strength,
            look_alike=candidate.look_alike,
        )
        for sighting_id, candidate in zip(ordered, candidates, strict=True)
        if candidate.strength is not Strength.NOBODY
    ]
    session.add_all(proposals)
    session.flush()
    return len(proposals)


def group(session: Session, upload_ids: Sequence[str], key: bytes | None, diameter: float) -> int:
    """Number the faces of a batch so that one number is, as far as can be told, one person; how many numbers.

    Faces that cannot be compared are each a group of their own, and so is everything without matching.
    """
    found = session.exec(select(Sighting).where(col(Sighting.upload_id).in_(upload_ids))).all()
    order = {upload_id: position for position, upload_id in enumerate(upload_ids)}
    sightings = sorted(found, key=lambda sighting: (order[sighting.upload_id], sighting.ordinal))
    vectors = probes(session, [sighting.id for sighting in sightings], key) if key else {}
    comparable = [sighting for sighting in sightings if sighting.id in vectors]
    labels = grouping.group(
        [vectors[sighting.id] for sighting in comparable],
        [sighting.upload_id for sighting in comparable],
        diameter,
    )
    label_of: dict[str, object] = {sighting.id: label for sighting, label in zip(comparable, labels, strict=True)}
    numbers: dict[object, int] = {}
    for sighting in sightings:
        label = label_of.get(sighting.id, sighting.id)
        sighting.group_number = numbers.setdefault(label, len(numbers) + 1)
        session.add(sighting)
    session.flush()
    return len(numbers)


def draw(session: Session, upload_id: str, box: Box) -> Sighting:
    """A cover placed by hand where no face was found."""
    last = max((sighting.ordinal for sighting in sightings_of(session, upload_id)), default=0)
    sighting = Sighting(
        upload_id=upload_id,
        ordinal=last + 1,
        left=box.left,
        top=box.top,
        width=box.width,
        height=box.height,
        score=1.0,
        certainty=Certainty.DRAWN,
    )
    session.add(sighting)
    session.flush()
    return sighting


def forget(session: Session, upload_id: str) -> None:
    """Remove what was found in an upload."""
    forget_looks(session, [upload_id])
    session.exec(delete(Sighting).where(col(Sighting.upload_id) == upload_id))
    session.flush()


def forget_looks(session: Session, upload_ids: Collection[str]) -> None:
    """Remove what the faces of these uploads look like, and whom they were compared with."""
    ours = select(Sighting.id).where(col(Sighting.upload_id).in_(upload_ids))
    for table in (Probe, Proposal):
        session.exec(delete(table).where(col(table.sighting_id).in_(ours)))


def sightings_of(session: Session, upload_id: str) -> list[Sighting]:
    """The faces of one upload, in their order."""
    chosen = select(Sighting).where(Sighting.upload_id == upload_id).order_by(col(Sighting.ordinal))
    return list(session.exec(chosen))


def proposals_for(session: Session, sighting_ids: Collection[str]) -> dict[str, Proposal]:
    """By sighting."""
    found = session.exec(select(Proposal).where(col(Proposal.sighting_id).in_(sighting_ids)))
    return {proposal.sighting_id: proposal for proposal in found}


def others_of(proposal: Proposal) -> list[str]:
    """Ids of whom else a sighting may be."""
    return [str(person_id) for person_id in json.loads(proposal.others)]


def probes(session: Session, sighting_ids: Collection[str], key: bytes) -> dict[str, NDArray[np.float32]]:
    """What these sightings look like, as far as it was measured."""
    kept = session.exec(select(Probe).where(col(Probe.sighting_id).in_(sighting_ids)))
    sealed = {probe.sighting_id: probe.sealed_vector for probe in kept}
    return {
        sighting_id: np.frombuffer(sealing.unseal(key, sealed[sighting_id], f"probe:{sighting_id}"), np.float32)
        for sighting_id in sighting_ids
        if sighting_id in sealed
    }


def box_of(sighting: Sighting) -> Box:
    """Where it is."""
    return Box(sighting.left, sighting.top, sighting.width, sighting.height)


def _measure(picture: Image.Image, face: Detection) -> recogniser.Vector:
    """What one face looks like. Its surroundings are enough for that: 36 megapixels as an array would be 108 MB."""
    box = face.box
    around = (
        max(0, int(box.left - box.width)),
        max(0, int(box.top - box.height)),
        min(picture.width, int(box.right + box.width) + 1),
        min(picture.height, int(box.bottom + box.height) + 1),
    )
    within = Box(box.left - around[0], box.top - around[1], box.width, box.height)
    return recogniser.embed(np.asarray(picture.crop(around)), [within])[0]


def _tells(face: Detection) -> bool:
    return face.certainty is detector.Certainty.FACE and face.box.shorter_side >= recogniser.MIN_FACE_PIXELS
