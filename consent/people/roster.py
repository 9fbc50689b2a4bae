"""What a roster says, and what would change if it were followed. Pure: shown to the office before anything is written.

A `Row` is a person as a roster names them, whatever the format of the file (`roster_csv` reads one). The roll of the
school is given as rows too, so that a plan is a comparison of like with like, and importing what was just exported
changes nothing. A person is known by the roster's key and by nothing else.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from consent.people.vocabulary import PersonKind


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardian of one person, as a roster names them. A file that does not say who is barred lifts no bar."""

    key: str
    name: str
    authority: bool
    email: str | None = None
    barred: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One person. `left_on` is the first day no longer at school; `line` is where it stood in the file, from 1."""

    key: str
    given_name: str
    prefix: str = ""
    family_name: str = ""
    kind: PersonKind = PersonKind.PUPIL
    under_age: bool = False
    born: dt.date | None = None
    email: str | None = None
    group: str = ""
    school_year: str = ""
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    guardians: tuple[GuardianRow, ...] = ()
    line: int = 0


Roll = Mapping[str, Row]


class Doubt(StrEnum):
    """What the office should look at. Nothing of this is carried out."""

    GUARDIAN_MISSING = "a guardian on the roll is not in this file; nothing was changed for them"
    PERHAPS_KNOWN = "somebody with the same name and birthday is on the roll under another key"
    KIND_DIFFERS = "the file gives this person another kind than the roll does"
    SHARED_MAIL = "two guardians have the same mail address"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A doubt about one person, by roster key."""

    key: str
    doubt: Doubt
    guardian_key: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A person on the roll, as they are and as they would be."""

    before: Row
    after: Row

    @property
    def renamed(self) -> bool:
        """Whether the name or the person's own address differs."""
        return _called(self.before) != _called(self.after)

    @property
    def moved(self) -> bool:
        """Whether the group differs."""
        return (self.before.group, self.before.school_year) != (self.after.group, self.after.school_year)

    @property
    def new_guardians(self) -> tuple[GuardianRow, ...]:
        """Guardians that this person did not have."""
        known = {one.key for one in self.before.guardians}
        return tuple(one for one in self.after.guardians if one.key not in known)

    @property
    def may_allow_more(self) -> bool:
        """Whether this could turn a no into a yes, or show somebody more than before.

        That is a date of birth, a return to the roll, authority given back, a bar lifted.
        """
        had = {one.key: one for one in self.before.guardians}
        return (
            self.before.born != self.after.born
            or _more_days(self.before, self.after)
            or any(_may_more(had[one.key], one) for one in self.after.guardians if one.key in had)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What following a file would do on `day`. `to_confirm` waits for a second yes of the office."""

    day: dt.date
    rows: tuple[Row, ...]
    joiners: tuple[Row, ...]
    leavers: tuple[Row, ...]
    changes: tuple[Change, ...]
    to_confirm: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing. Doubts may remain."""
        return not (self.joiners or self.leavers or self.changes or self.to_confirm)

    @property
    def moves(self) -> tuple[Change, ...]:
        """Those who change group."""
        return tuple(change for change in self.changes + self.to_confirm if change.moved)

    @property
    def renamed(self) -> tuple[Change, ...]:
        """Those who are called otherwise."""
        return tuple(change for change in self.changes + self.to_confirm if change.renamed)


def plan(rows: Sequence[Row], roll: Roll, day: dt.date) -> Plan:
    """Compare a file with the roll.

    People of a kind that the file does not speak of are left alone, so that a file of pupils removes no teacher.
    """
    named = {row.key: row for row in rows}
    spoken_of = {row.kind for row in rows}
    changes = [Change(roll[row.key], _followed(roll[row.key], row, day)) for row in rows if row.key in roll]
    changes = [change for change in changes if change.before != change.after]
    return Plan(
        day=day,
        rows=tuple(rows),
        joiners=tuple(row for row in rows if row.key not in roll),
        leavers=tuple(
            row for key, row in roll.items() if key not in named and row.kind in spoken_of and _is_there(row, day)
        ),
        changes=tuple(change for change in changes if not change.may_allow_more),
        to_confirm=tuple(change for change in changes if change.may_allow_more),
        conflicts=tuple(_conflicts(rows, roll)),
    )


def _followed(before: Row, row: Row, day: dt.date) -> Row:
    """The row as it would be on the roll. What a file does not say (a birthday, a group) is not forgotten."""
    said = {one.key: one for one in row.guardians}
    moves = bool(row.group) and row.school_year >= before.school_year  # last year's file moves nobody back
    return replace(
        row,
        kind=before.kind,  # where it differs the office decides, see `Doubt`
        under_age=before.under_age,
        born=row.born or before.born,
        email=row.email or before.email,
        group=row.group if moves else before.group,
        school_year=row.school_year if moves else before.school_year,
        joined_on=row.joined_on or before.joined_on,
        left_on=row.left_on or (before.left_on if _is_there(before, day) else None),
        guardians=_guardians_followed(before, said),
        line=before.line,
    )


def _guardians_followed(before: Row, said: Mapping[str, GuardianRow]) -> tuple[GuardianRow, ...]:
    """Those of the file and those only on the roll; a bar holds until the file says that it does not."""
    known = {one.key: one for one in before.guardians}
    followed = {**known, **said}
    for key, one in said.items():
        had = known.get(key)
        barred = one.barred if one.barred is not None else bool(had and had.barred)
        followed[key] = replace(one, email=one.email or (had.email if had else None), barred=barred)
    return tuple(followed[key] for key in sorted(followed))


def _may_more(before: GuardianRow, after: GuardianRow) -> bool:
    return (after.authority and not before.authority) or (bool(before.barred) and not after.barred)


def _conflicts(rows: Sequence[Row], roll: Roll) -> Iterator[Conflict]:
    people = {(_called(row)[:3], row.born): row.key for row in roll.values() if row.born}
    for row in rows:
        before = roll.get(row.key)
        if before is None:
            if row.born and (_called(row)[:3], row.born) in people:
                yield Conflict(row.key, Doubt.PERHAPS_KNOWN)
            continue
        if (before.kind, before.under_age) != (row.kind, row.under_age):
            yield Conflict(row.key, Doubt.KIND_DIFFERS)
        named = {one.key for one in row.guardians}
        for one in before.guardians:
            if one.key not in named:
                yield Conflict(row.key, Doubt.GUARDIAN_MISSING, one.key)
    yield from _shared_mails(rows)


def _shared_mails(rows: Iterable[Row]) -> Iterator[Conflict]:
    who = {(one.email, one.key): row.key for row in rows for one in row.guardians if one.email}
    times = Counter(email for email, _ in who)
    for (email, guardian_key), key in who.items():
        if times[email] > 1:
            yield Conflict(key, Doubt.SHARED_MAIL, guardian_key)


def _called(row: Row) -> tuple[str, str, str, str | None]:
    return (row.given_name, row.prefix, row.family_name, row.email)


def _is_there(row: Row, day: dt.date) -> bool:
    return row.left_on is None or row.left_on > day


def _more_days(before: Row, after: Row) -> bool:
    """Whether the second is at school on a day on which the first is not."""
    starts_earlier = (after.joined_on or dt.date.min) < (before.joined_on or dt.date.min)
    return starts_earlier or (after.left_on or dt.date.max) > (before.left_on or dt.date.max)
