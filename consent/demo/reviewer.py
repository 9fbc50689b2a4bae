"""Vera Voorbeeld, who reviews the demo's pictures. She sees the truth, and says it by the same road as anybody would.

She fills in the list of names, draws a cover where the program found no face, and looks at what came of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from consent.demo.outing import Truth, is_stranger
from consent.demo.scenes import Placed
from consent.faces import enrolment, sightings
from consent.faces.tables import Certainty, Sighting
from consent.gate import assessment, intake, name_list, review
from consent.gate.tables import Batch, Upload, UploadState
from consent.media.regions import Box, overlap
from consent.people.tables import Account

_SAME = 0.15  # intersection over union; a drawn box and a detector's never agree exactly
_TELLING = 30  # pixels: of a smaller face she cannot say who it is

NO_FACE, NO_IDEA, NOT_KNOWN = "no face", "no idea", "not on the register"


def draw_missing(session: Session, batch: Batch, truths: Mapping[str, Truth]) -> int:
    """Cover by hand every face that was not found; how many."""
    drawn = 0
    for upload, truth in _judged(session, batch, truths):
        found = sightings.sightings_of(session, upload.id)
        seen = set(_recognise(found, truth).values())
        for face in truth.faces:
            if face not in seen:
                sightings.draw(session, upload.id, face.box)
                drawn += 1
        for box in truth.to_cover:
            sightings.draw(session, upload.id, box)
            drawn += 1
    return drawn


def name_all(
    session: Session, batch: Batch, truths: Mapping[str, Truth], people: Mapping[str, str], by: Account
) -> str:
    """Fill in the list of names and hand it in; the list. `people` are ids by roster key.

    A group is named at once only if all its faces are that one person, who has no look-alike; else face by face.
    """
    groups: dict[int, list[str]] = defaultdict(list)
    for upload, truth in _judged(session, batch, truths):
        found = [face for face in sightings.sightings_of(session, upload.id) if face.group_number]
        known = _recognise(found, truth)
        for face in found:
            groups[face.group_number or 0].append(_word(known.get(face.id)))
    alike = enrolment.look_alikes_among(session, set(people.values()))
    guarded = {key for key, person_id in people.items() if person_id in alike}
    lines = ["group,name"]
    for number, words in sorted(groups.items()):
        if len(set(words)) == 1 and (len(words) == 1 or words[0] not in guarded):
            lines.append(f"{number},{words[0]}")
        else:
            lines += [f"{number}/{index},{word}" for index, word in enumerate(words, start=1)]
    filled_in = "\n".join(lines)
    name_list.apply(session, batch, filled_in, by=by)
    return filled_in


def look_at_all(session: Session, batch: Batch, by: Account) -> int:
    """Look at every picture as it would go out; how many."""
    renditions = [
        assessment.rendition_of(session, upload.id, channel.id)
        for upload in intake.uploads_of(session, batch.id)
        for channel in intake.channels_of(session, batch.id)
    ]
    return review.look(session, batch, [one for one in renditions if one is not None], by=by)


def _judged(session: Session, batch: Batch, truths: Mapping[str, Truth]) -> list[tuple[Upload, Truth]]:
    return [
        (upload, truths[intake.name_of(upload)])
        for upload in intake.uploads_of(session, batch.id)
        if upload.state is not UploadState.REFUSED
    ]


def _recognise(found: Sequence[Sighting], truth: Truth) -> dict[str, Placed]:
    """Which true face each sighting is, one to one, the best pairs first; what is left over is no face."""
    pairs = sorted(
        (
            (overlap(sightings.box_of(sighting), face.box), sighting.id, index)
            for sighting in found
            if sighting.certainty is not Certainty.DRAWN
            for index, face in enumerate(truth.faces)
        ),
        reverse=True,
    )
    known: dict[str, Placed] = {}
    for alike, sighting_id, index in pairs:
        if alike >= _SAME and sighting_id not in known and truth.faces[index] not in known.values():
            known[sighting_id] = truth.faces[index]
    return known


def _word(face: Placed | None) -> str:
    if face is None:
        return NO_FACE
    if _is_too_small(face.box):
        return NO_IDEA
    return NOT_KNOWN if is_stranger(face.who) else face.who


def _is_too_small(box: Box) -> bool:
    return box.shorter_side < _TELLING
