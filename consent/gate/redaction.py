"""The file made of an upload for a channel: whoever is not to be shown is covered, and nothing else is in it.

Every rendition is read back from the vault and passes the leak check before it counts as proven.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from sqlmodel import Session, col, delete, select

from consent.decisions.tables import Channel
from consent.errors import Conflict
from consent.faces import sightings
from consent.faces.tables import Certainty, Sighting
from consent.gate import assessment, intake, leak_check
from consent.gate.tables import Batch, Rendition, Upload
from consent.gate.verdicts import FaceJudged, ItemVerdict
from consent.media import photo, vault
from consent.media.covers import Cover, CoverStyle, cover
from consent.media.photo import ReleaseStatus
from consent.media.regions import Box, Ellipse, ellipse_over, head_area
from consent.media.signatures import Format

STYLE = CoverStyle.BLUR


@dataclass(frozen=True)
class Plan:
    """What is covered and what is shown in one rendition; in the order in which covers are painted."""

    covers: tuple[Cover, ...]
    shown: tuple[Box, ...]

    @property
    def status(self) -> ReleaseStatus:
        """Somebody recognisable is in it with limited leave, or nobody is."""
        return ReleaseStatus.LIMITED if self.shown else ReleaseStatus.NOT_APPLICABLE


def render(session: Session, upload: Upload, channels: Sequence[Channel], *, style: CoverStyle = STYLE) -> int:
    """Make, and prove, the renditions of an upload that its kept verdicts ask for; how many there are.

    A blocked upload has none: what it had before is erased. Slow work first, rows last: a writer on SQLite keeps all
    others waiting.
    """
    made = _make_all(session, upload, channels, style)
    kept = {rendition.channel_id for rendition in made}
    for channel in channels:
        if channel.id in kept:
            session.exec(delete(Rendition).where(col(Rendition.id) == release_id_of(upload, channel)))
        else:
            erase(session, upload, channel)
    session.add_all(made)
    session.flush()
    return len(made)


def plan_for(found: Sequence[Sighting], judged: Sequence[FaceJudged], size: tuple[int, int], style: CoverStyle) -> Plan:
    """Covers and shown faces from verdicts; what is not shown is covered, whatever its verdict is called."""
    covers: list[Cover] = []
    shown: list[Box] = []
    for sighting, face in zip(found, judged, strict=True):
        if face.shown:
            shown.append(sightings.box_of(sighting))
        else:
            covers.append(Cover(_area(sighting, size), style))
    return Plan(tuple(covers), tuple(shown))


def erase(session: Session, upload: Upload, channel: Channel) -> None:
    """Remove the rendition there is: file first, so that no row speaks of a file that is not judged."""
    release_id = release_id_of(upload, channel)
    vault.erase(rendition_file(release_id))
    session.exec(delete(Rendition).where(col(Rendition.id) == release_id))


def content_of(session: Session, rendition: Rendition) -> bytes:
    """The bytes of a rendition; a `Conflict` while another is being put in its place."""
    upload = session.exec(select(Upload).where(Upload.id == rendition.upload_id)).one()
    key = intake.file_key(upload.batch_id)
    content = vault.read(rendition_file(rendition.id), key)
    if hashlib.sha256(content).hexdigest() != rendition.sha256:
        raise Conflict("This file is just being made anew.")
    return content


def release_id_of(upload: Upload, channel: Channel) -> str:
    """Opaque, and the same each time: a rendition that is made again replaces itself."""
    key = intake.file_key(upload.batch_id)
    return hmac.digest(key, f"release:{upload.id}:{channel.id}".encode(), "sha256")[:16].hex()


def rendition_file(release_id: str) -> str:
    """The vault's name of a rendition."""
    return f"renditions/{release_id}"


def _make_all(session: Session, upload: Upload, channels: Sequence[Channel], style: CoverStyle) -> list[Rendition]:
    wanted: list[tuple[Channel, assessment.Written]] = []
    for channel in channels:
        written = assessment.written(session, upload.id, channel.id)
        if written is not None and written.verdict is not ItemVerdict.BLOCKED:
            wanted.append((channel, written))
    if not wanted:
        return []
    key = intake.file_key(upload.batch_id)
    picture = photo.sanitise(vault.read(intake.original_of(upload.id), key))
    found = sightings.sightings_of(session, upload.id)
    revision = session.get_one(Batch, upload.batch_id).revision
    made: list[Rendition] = []
    painted: dict[Plan, Image.Image] = {}
    for channel, written in wanted:
        plan = plan_for(found, written.faces, picture.size, style)
        if plan not in painted:  # channels mostly agree; one picture at a time is enough to hold
            painted = {plan: cover(picture, plan.covers)}
        rendition = _make(upload, channel, plan, picture, painted[plan], key)
        rendition.revision = revision
        made.append(rendition)
    return made


def _make(
    upload: Upload, channel: Channel, plan: Plan, picture: Image.Image, painted: Image.Image, key: bytes
) -> Rendition:
    release_id = release_id_of(upload, channel)
    output = photo.output_for(picture, Format(upload.format or ""))
    content = photo.encode(painted, release_id=release_id, release_status=plan.status, like=output)
    stored = vault.put(rendition_file(release_id), content, key)
    read_back = vault.read(rendition_file(release_id), key)
    leak = leak_check.find_leak(read_back, picture.size, plan.covers, plan.shown, release_id, plan.status)
    return Rendition(
        id=release_id,
        upload_id=upload.id,
        channel_id=channel.id,
        sha256=stored.sha256,
        suffix="jpg" if output is photo.Output.JPEG else "png",
        revision=0,
        proven=leak is None,
        leak=leak,
    )


def _area(sighting: Sighting, size: tuple[int, int]) -> Ellipse:
    box = sightings.box_of(sighting)
    return ellipse_over(box) if sighting.certainty is Certainty.DRAWN else head_area(box, *size)
