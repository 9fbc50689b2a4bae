"""Names given to groups of faces in a CSV file: read whole, checked whole, and only then said.

A line names a group (`7`) or one face of it (`7/2`, the second). The name is a roster key, or a name as it stands in
the register, or one of `WORDS`. An empty name leaves the group as it is.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from consent.errors import Conflict, ConsentError
from consent.faces import enrolment
from consent.faces.tables import Sighting
from consent.gate import intake, review
from consent.gate.tables import Batch, MarkKind, Presence
from consent.people import roll
from consent.people.tables import Account, Person

WORDS = {
    "not on the register": MarkKind.NOT_ON_THE_REGISTER,
    "niet in het register": MarkKind.NOT_ON_THE_REGISTER,
    "no idea": MarkKind.NO_IDEA,
    "geen idee": MarkKind.NO_IDEA,
    "no face": MarkKind.NO_FACE,
    "geen gezicht": MarkKind.NO_FACE,
}


class UnfitNames(ConsentError):
    """This list of names cannot be used."""


@dataclass(frozen=True)
class _Line:
    number: int
    label: str
    faces: tuple[Sighting, ...]
    kind: MarkKind
    person: Person | None


def apply(session: Session, batch: Batch, text: str, *, by: Account) -> int:
    """Say of every named group who it is; how many groups. One wrong line, and nothing is said.

    Raises:
        UnfitNames: with the line and what to do about it.
    """
    rows = _rows(text)
    groups = _groups(session, batch)
    people = _people(session, batch)
    lines = [line for number, row in rows if (line := _line(number, row, groups, people)) is not None]
    _refuse_two_names_for_a_face(lines)
    _refuse_look_alikes_at_once(session, lines)
    said = 0
    for line in lines:
        fresh = _not_said_yet(session, line)
        if not fresh:
            continue
        try:
            review.mark(session, batch, fresh, line.kind, by=by, person=line.person)
        except Conflict:
            raise UnfitNames(
                f"Line {line.number}: one person would be in the same picture twice (group {line.label})."
            ) from None
        said += 1
    return said


def _rows(text: str) -> list[tuple[int, Mapping[str, str]]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        if not {"group", "name"} <= set(reader.fieldnames or ()):
            raise UnfitNames("The list of names needs the columns “group” and “name”, as in groups.csv.")
        return [(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}) for row in reader]
    except csv.Error:
        raise UnfitNames("The list of names is no CSV file, or its quotation marks do not match.") from None


def _groups(session: Session, batch: Batch) -> dict[str, tuple[Sighting, ...]]:
    order = {upload.id: upload.position for upload in intake.uploads_of(session, batch.id)}
    found = session.exec(select(Sighting).where(col(Sighting.upload_id).in_(order)))
    faces = sorted(found, key=lambda face: (order[face.upload_id], face.ordinal))
    groups: dict[str, list[Sighting]] = defaultdict(list)
    for face in faces:
        if face.group_number:
            groups[str(face.group_number)].append(face)
    single = {f"{label}/{index}": (face,) for label, several in groups.items() for index, face in enumerate(several, 1)}
    return {label: tuple(several) for label, several in groups.items()} | single


def _people(session: Session, batch: Batch) -> dict[str, list[Person]]:
    """Everybody of the school, under each way of writing them in the list."""
    known: dict[str, list[Person]] = defaultdict(list)
    everyone = select(Person).where(Person.school_id == batch.school_id, col(Person.erased_at).is_(None))
    present = set(session.exec(select(Presence.person_id).where(Presence.outing_id == batch.outing_id)))
    # Whoever was there comes first: two pupils of one name are told apart by their key, or by who came along.
    for person in sorted(session.exec(everyone), key=lambda one: one.id not in present):
        full = roll.full_name(person)
        for way in {person.roster_key, full, f"{person.roster_key} {full}"}:
            known[way.casefold()].append(person)
    return known


def _line(
    number: int,
    row: Mapping[str, str],
    groups: Mapping[str, tuple[Sighting, ...]],
    people: Mapping[str, Sequence[Person]],
) -> _Line | None:
    label, name = row["group"].lstrip("'"), row["name"].lstrip("'")
    if not name:
        return None
    if label not in groups:
        raise UnfitNames(f"Line {number}: there is no group {label or 'without a number'} in this batch.")
    if name.casefold() in WORDS:
        return _Line(number, label, groups[label], WORDS[name.casefold()], None)
    named = people.get(name.casefold(), ())
    if not named:
        raise UnfitNames(f"Line {number}: nobody on the register has this key or name (group {label}).")
    if len(named) > 1:
        raise UnfitNames(f"Line {number}: several people have this name: write the roster key (group {label}).")
    return _Line(number, label, groups[label], MarkKind.PERSON, named[0])


def _refuse_two_names_for_a_face(lines: Sequence[_Line]) -> None:
    given: dict[str, _Line] = {}
    for line in lines:
        for face in line.faces:
            other = given.setdefault(face.id, line)
            if other is not line and (other.kind, other.person) != (line.kind, line.person):
                raise UnfitNames(f"Lines {other.number} and {line.number} say different things of one face.")


def _refuse_look_alikes_at_once(session: Session, lines: Sequence[_Line]) -> None:
    at_once = [line for line in lines if line.person and len(line.faces) > 1]
    alike = enrolment.look_alikes_among(session, {line.person.id for line in at_once if line.person})
    for line in at_once:
        if line.person and line.person.id in alike:
            raise UnfitNames(
                f"Line {line.number}: this person has a look-alike, so each face is confirmed by itself: "
                f"write {line.label}/1 to {line.label}/{len(line.faces)}."
            )


def _not_said_yet(session: Session, line: _Line) -> list[Sighting]:
    marks = review.standing_marks(session, [face.id for face in line.faces])
    person_id = line.person.id if line.person else None
    return [
        face
        for face in line.faces
        if face.id not in marks or (marks[face.id].kind, marks[face.id].person_id) != (line.kind, person_id)
    ]
