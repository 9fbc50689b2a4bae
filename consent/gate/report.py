"""What became of a batch on one channel: a row per file, per face and per group, as values and as CSV.

CSV follows RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV
injection): file names come from outside. No row holds a safety reason: nothing here knows one.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlmodel import Session, col, select

from consent.decisions.tables import Channel
from consent.faces import sightings
from consent.faces.tables import Certainty, Sighting
from consent.gate import assessment, intake
from consent.gate.assessment import Known, Written
from consent.gate.tables import Batch, Upload, UploadState
from consent.gate.verdicts import FaceJudged, Identity, ItemVerdict, Verdict
from consent.people import roll
from consent.people.tables import Person

REFUSED = "refused"
DUPLICATE = "duplicate"
WAITING = "waiting"


@dataclass(frozen=True)
class FileRow:
    """One file. `verdict` is that of the upload, or `refused`, `duplicate`, or `waiting` while the work goes on."""

    file: str
    sha256: str
    verdict: str
    reasons: str
    faces: int
    shown: int
    covered: int
    possible: int
    rendition: str


@dataclass(frozen=True)
class FaceRow:
    """One face. Places are pixels of the upright picture."""

    file: str
    face: int
    left: int
    top: int
    width: int
    height: int
    certainty: str
    score: float
    group: str
    identity: str
    person: str
    verdict: str
    reasons: str


@dataclass(frozen=True)
class GroupRow:
    """One line to fill in: a group, or one face of a group that must be looked at face by face (`7/2`).

    `name` takes a roster key or a name as in the register, or one of the words of `consent.gate.name_list`.
    """

    group: str
    faces: int
    files: str
    proposed: str
    look_alike: str
    certainty: str
    name: str


@dataclass(frozen=True)
class BatchReport:
    """Everything about one batch on one channel."""

    batch_id: str
    files: tuple[FileRow, ...]
    faces: tuple[FaceRow, ...]
    groups: tuple[GroupRow, ...]
    sizes: tuple[tuple[int, int], ...]  # width and height of each file's picture; 0, 0 where there is none

    @property
    def is_settled(self) -> bool:
        """Every file is rendered and reviewed, or blocked by permission."""
        return all(row.verdict in {ItemVerdict.READY, ItemVerdict.BLOCKED, DUPLICATE} for row in self.files)

    def count(self, verdict: str) -> int:
        """How many files ended so."""
        return sum(row.verdict == verdict for row in self.files)


@dataclass(frozen=True)
class _Face:
    upload: Upload
    file: str
    sighting: Sighting
    known: Known
    judged: FaceJudged | None


def collect(session: Session, batch: Batch, channel: Channel) -> BatchReport:
    """The report of a batch as it stands."""
    uploads = intake.uploads_of(session, batch.id)
    names = {upload.id: intake.name_of(upload) for upload in uploads}
    faces = {upload.id: _faces_of(session, upload, names[upload.id], channel) for upload in uploads}
    every = [face for upload in uploads for face in faces[upload.id]]
    people = _people(session, every)
    return BatchReport(
        batch.id,
        tuple(_file_row(session, upload, names[upload.id], channel, faces[upload.id]) for upload in uploads),
        tuple(_face_row(face, people) for face in every),
        tuple(_group_rows(every, people)),
        tuple((upload.width or 0, upload.height or 0) for upload in uploads),
    )


def to_csv(rows: Sequence[object], kind: type) -> str:
    """Rows of one dataclass, with its fields as the header."""
    names = [field.name for field in fields(kind)]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([harmless(getattr(row, name)) for name in names] for row in rows)
    return written.getvalue()


def harmless(value: object) -> str:
    """A cell that no spreadsheet runs."""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r\n\0" and text else text


def _faces_of(session: Session, upload: Upload, file: str, channel: Channel) -> list[_Face]:
    known = assessment.known_faces(session, upload.id)
    written = assessment.written(session, upload.id, channel.id)
    judged: Sequence[FaceJudged | None] = written.faces if written else [None] * len(known)
    return [_Face(upload, file, sighting, who, verdict) for (sighting, who), verdict in zip(known, judged, strict=True)]


def _people(session: Session, faces: Iterable[_Face]) -> dict[str, str]:
    wanted = {one for face in faces for one in (face.known.person_id, *face.known.others) if one}
    people = session.exec(select(Person).where(col(Person.id).in_(wanted)))
    return {person.id: f"{person.roster_key} {roll.full_name(person)}" for person in people}


def _file_row(session: Session, upload: Upload, name: str, channel: Channel, faces: Sequence[_Face]) -> FileRow:
    written = assessment.written(session, upload.id, channel.id)
    rendition = assessment.rendition_of(session, upload.id, channel.id)
    verdict, reasons = WAITING, ""
    if upload.state is UploadState.REFUSED:
        verdict, reasons = (DUPLICATE if intake.is_twin(upload) else REFUSED), upload.refusal or ""
    elif written is not None and _is_overtaken(session, upload, channel, written):
        reasons = "something was decided since: judge it again"
    elif written is not None:
        verdict, reasons = str(written.verdict), words(written.reasons)
    judged = [face.judged.verdict for face in faces if face.judged]
    has_file = rendition is not None and rendition.proven and verdict in {ItemVerdict.READY, ItemVerdict.NEEDS_REVIEW}
    return FileRow(
        file=name,
        sha256=upload.sha256.rpartition(":")[2],
        verdict=verdict,
        reasons=reasons,
        faces=sum(face.sighting.certainty is Certainty.FACE for face in faces),
        shown=judged.count(Verdict.SHOW),
        covered=judged.count(Verdict.COVER) + judged.count(Verdict.UNDECIDED),
        possible=sum(face.known.identity is Identity.POSSIBLE_FACE for face in faces),
        rendition=f"{rendition.id}.{rendition.suffix}" if rendition and has_file else "",
    )


def _is_overtaken(session: Session, upload: Upload, channel: Channel, written: Written) -> bool:
    """Whether what was ready when it was judged would not be ready, or look the same, if it were judged now."""
    if written.verdict is not ItemVerdict.READY:
        return False
    now = assessment.judge(session, upload, channel)
    return now.verdict is not ItemVerdict.READY or now.faces != written.faces


def _face_row(face: _Face, people: dict[str, str]) -> FaceRow:
    box = sightings.box_of(face.sighting)
    return FaceRow(
        file=face.file,
        face=face.sighting.ordinal,
        left=round(box.left),
        top=round(box.top),
        width=round(box.width),
        height=round(box.height),
        certainty=str(face.sighting.certainty),
        score=round(face.sighting.score, 3),
        group=_group_name(face),
        identity=str(face.known.identity),
        person=people.get(face.known.person_id or "", ""),
        verdict=str(face.judged.verdict) if face.judged else "",
        reasons=words(face.judged.reasons) if face.judged else "",
    )


def _group_rows(faces: Sequence[_Face], people: dict[str, str]) -> Iterable[GroupRow]:
    groups: dict[int, list[_Face]] = defaultdict(list)
    for face in faces:
        groups[face.sighting.group_number or 0].append(face)
    for number in sorted(groups):
        members = groups[number]
        # A brother's face in a group would be shown under his sister's permission: looked at one by one.
        if len(members) > 1 and any(face.known.look_alike for face in members):
            for index, face in enumerate(members, start=1):
                yield _group_row(f"{number}/{index}", [face], people)
        else:
            yield _group_row(str(number), members, people)


def _group_row(label: str, members: Sequence[_Face], people: dict[str, str]) -> GroupRow:
    proposed = {
        people[face.known.person_id]
        for face in members
        if face.known.person_id and face.known.identity is not Identity.CONFIRMED
    }
    others = {people[other] for face in members for other in face.known.others if face.known.look_alike}
    given = {_given(face, people) for face in members}
    return GroupRow(
        group=label,
        faces=len(members),
        files="; ".join(f"{face.file} #{face.sighting.ordinal}" for face in members),
        proposed="; ".join(sorted(proposed)),
        look_alike="; ".join(sorted(others)),
        certainty=str(members[0].sighting.certainty),
        name=given.pop() if len(given) == 1 else "",
    )


def _given(face: _Face, people: dict[str, str]) -> str:
    if face.known.identity is Identity.CONFIRMED:
        return people.get(face.known.person_id or "", "")
    settled = {Identity.NOT_ON_THE_REGISTER, Identity.NO_IDEA, Identity.NO_FACE}
    return str(face.known.identity).replace("_", " ") if face.known.identity in settled else ""


def _group_name(face: _Face) -> str:
    return str(face.sighting.group_number or "")


def words(reasons: Iterable[object]) -> str:
    """Reasons as a person reads them."""
    return "; ".join(str(why).replace("_", " ") for why in reasons)
