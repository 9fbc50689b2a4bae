"""Read a roster from CSV, as a spreadsheet or an administration writes it. Pure: bytes in, rows out.

One line per person. The first line names the columns, in English or Dutch, in any order:

    key, given_name, prefix, family_name, kind, under_age, born, email, group, school_year, joined_on, left_on,
    guardian1_key, guardian1_name, guardian1_email, guardian1_authority, guardian1_barred, guardian2_key, …

`key` and `given_name` are needed, and of a guardian the name and the authority (yes or no): nobody gets a say because
a column was left out. Guardians of several children are known by their key, or by mail address and name together.
Delimiter (; , or tab) and encoding (UTF-8 with or without mark, UTF-16 with mark, Windows-1252) are recognised.
Columns that a register of consent has no use for are dropped; any other unknown column is a fault, since a word
misspelt there could be somebody's "no".

Messages name rows and columns, never people.
"""

import csv
import datetime as dt
import difflib
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from consent.errors import ConsentError
from consent.people.roster import GuardianRow, Row
from consent.people.vocabulary import PersonKind

MOST_BYTES = 20_000_000  # a board of 20,000 pupils is about 6 MB

_COLUMNS = {
    "key": "key sleutel leerlingnummer nummer stamnummer",
    "given_name": "givenname firstname roepnaam voornaam",
    "prefix": "prefix tussenvoegsel voorvoegsel",
    "family_name": "familyname lastname surname achternaam",
    "kind": "kind soort",
    "under_age": "underage minderjarig",
    "born": "born birthdate dateofbirth geboortedatum",
    "email": "email mail emailadres",
    "group": "group class groep klas",
    "school_year": "schoolyear schooljaar",
    "joined_on": "joined joinedon instroomdatum",
    "left_on": "left lefton uitstroomdatum",
}
_OF_A_GUARDIAN = {
    "key": "key sleutel",
    "name": "name naam",
    "email": "email mail emailadres",
    "authority": "authority gezag",
    "barred": "barred contactverbod",
}
_NOT_WANTED = """
    bsn onderwijsnummer sofinummer geslacht gender sex adres address straat street huisnummer postcode zip woonplaats
    city telefoon phone mobiel nationaliteit nationality geboorteplaats geboorteland
"""
_DROPPED = frozenset(_NOT_WANTED.split())
_NAMED = {name: column for column, names in _COLUMNS.items() for name in names.split()}
_GUARDIAN_NAMED = {name: column for column, names in _OF_A_GUARDIAN.items() for name in names.split()}
_GUARDIAN = re.compile(r"(?:guardian|parent|verzorger|ouder)(\d{1,2})([a-z]+)")
_KINDS = {
    **dict.fromkeys(["", "pupil", "student", "leerling"], PersonKind.PUPIL),
    **dict.fromkeys(["staff", "medewerker", "leerkracht", "personeel"], PersonKind.STAFF),
    **dict.fromkeys(["volunteer", "vrijwilliger"], PersonKind.VOLUNTEER),
}
_YES_NO = {
    **dict.fromkeys(["yes", "y", "ja", "j", "true", "waar", "1"], True),
    **dict.fromkeys(["no", "n", "nee", "false", "onwaar", "0"], False),
}
_DATES = [
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-/](?P<month>\d{1,2})[-/](?P<year>\d{4})"),
]
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-/]\s*(\d{4})")
_FIRST_MONTH = 8  # a Dutch school year begins on 1 August (WPO 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell. Rows are counted as a spreadsheet counts them: the headings are row 1."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        """One sentence, without its full stop."""
        where = f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.what}"


class Unreadable(ConsentError):
    """This roster cannot be followed as it is. Nothing was changed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first, more = self.faults[0], len(self.faults) - 1
        super().__init__(f"The roster was not imported: {first}{f' (and {more} more faults)' if more else ''}.")


def read(content: bytes, day: dt.date) -> tuple[Row, ...]:
    """The rows of a file, or `Unreadable` with every fault in it; `day` tells the school year where none is given."""
    lines = _lines(content)
    faults: list[Fault] = []
    columns = list(_columns(lines[0], faults))
    missing = {"key", "given_name"} - set(columns)
    faults.extend(Fault(1, column, "this column is missing") for column in sorted(missing))
    if faults:
        raise Unreadable(faults)
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        line = _Line(number, faults, dict(zip(columns, (_tidy(cell) for cell in cells), strict=False)))
        if any(cell.strip() for cell in cells[len(columns) :]):
            line.fault("", "there are more cells than headings")
        rows.append(line.row(school_year_of(day)))
    faults.extend(_between_rows(rows))
    if not rows and not faults:
        faults.append(Fault(2, "", "there is nobody in this file"))
    if faults:
        raise Unreadable(sorted(faults, key=lambda fault: fault.row))
    return tuple(rows)


def school_year_of(day: dt.date) -> str:
    """The school year that `day` lies in, as `2026-2027`."""
    first = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{first}-{first + 1}"


def _lines(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise Unreadable([Fault(1, "", f"the file is larger than {MOST_BYTES // 1_000_000} MB")])
    text = _text(content)
    head = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unreadable([Fault(1, "", "this is not a CSV file, or its quotation marks do not match")]) from None
    if not lines or not any(lines[0]):
        raise Unreadable([Fault(1, "", "the file is empty, or does not begin with the headings")])
    return lines


def _text(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable([Fault(1, "", "this is not a text file")])


def _columns(headings: Iterable[str], faults: list[Fault]) -> Iterator[str]:
    """Our name of every column; empty for what is dropped. A heading is not quoted: it may be a name."""
    seen = set[str]()
    for position, heading in enumerate(headings, start=1):
        plain = re.sub(r"[^a-z0-9]", "", heading.casefold())
        column = _NAMED.get(plain)
        if guardian := _GUARDIAN.fullmatch(plain):
            part = _GUARDIAN_NAMED.get(guardian[2])
            column = f"guardian{int(guardian[1])}_{part}" if part else None
        if column is None and plain and plain not in _DROPPED:
            near = difflib.get_close_matches(plain, [*_NAMED, "guardian1name", "verzorger1naam"], n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            faults.append(Fault(1, str(position), f"this heading is not known{hint}"))
        if column and column in seen:
            faults.append(Fault(1, column, "this column is there twice"))
        seen.add(column or "")
        yield column or ""


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the file; faults are collected, so that the office sees all of them at once."""

    number: int
    faults: list[Fault]
    cells: Mapping[str, str]

    def fault(self, column: str, what: str) -> None:
        self.faults.append(Fault(self.number, column, what))

    def row(self, school_year: str) -> Row:
        kind = _KINDS.get(self.text("kind").casefold())
        if kind is None:
            self.fault("kind", "this is not pupil, staff or volunteer")
        return Row(
            key=self.key("key"),
            given_name=self.needed("given_name"),
            prefix=self.text("prefix"),
            family_name=self.text("family_name"),
            kind=kind or PersonKind.PUPIL,
            under_age=bool(self.yes_or_no("under_age")),
            born=self.date("born"),
            email=self.email("email"),
            group=self.text("group"),
            school_year=self.school_year() or school_year,
            joined_on=self.date("joined_on"),
            left_on=self.date("left_on"),
            guardians=tuple(self.guardians()),
            line=self.number,
        )

    def guardians(self) -> Iterator[GuardianRow]:
        numbers = {column.partition("_")[0] for column, cell in self.cells.items() if column[:8] == "guardian" and cell}
        keys = set[str]()
        for number in sorted(numbers):
            name, email = self.needed(f"{number}_name"), self.email(f"{number}_email")
            key = self.key(f"{number}_key") if self.text(f"{number}_key") else self.made_up_key(number, name, email)
            if key in keys:
                self.fault(f"{number}_key", "this guardian is named twice in this row")
            keys.add(key)
            authority = self.yes_or_no(f"{number}_authority")
            if authority is None:
                self.fault(f"{number}_authority", "say yes or no")
            yield GuardianRow(key, name, bool(authority), email, self.yes_or_no(f"{number}_barred"))

    def made_up_key(self, number: str, name: str, email: str | None) -> str:
        """A mail address alone may belong to two people, and a name alone to two families."""
        if email is None:
            return f"{self.text('key')}/{number}"
        return "mail-" + hashlib.sha256(f"{email}\n{name.casefold()}".encode()).hexdigest()[:32]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        if not self.text(column):
            self.fault(column, "this cell is empty")
        return self.text(column)

    def key(self, column: str) -> str:
        key = self.needed(column)
        if key.startswith("#"):
            self.fault(column, "a key that begins with # changes with every file and cannot be used")
        return key

    def email(self, column: str) -> str | None:
        email = self.text(column).casefold()
        if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            self.fault(column, "this is not a mail address")
        return email or None

    def yes_or_no(self, column: str) -> bool | None:
        word = self.text(column).casefold()
        if word and word not in _YES_NO:
            self.fault(column, "this is not yes or no")
        return _YES_NO.get(word)

    def date(self, column: str) -> dt.date | None:
        text = self.text(column)
        for form in _DATES:
            if found := form.fullmatch(text):
                try:
                    return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
                except ValueError:
                    break
        if text:
            self.fault(column, "this is not a date; write it as 31-12-2015 or 2015-12-31")
        return None

    def school_year(self) -> str:
        text = self.text("school_year")
        found = _SCHOOL_YEAR.fullmatch(text)
        if text and (not found or int(found[2]) != int(found[1]) + 1):
            self.fault("school_year", "this is not a school year; write it as 2026-2027")
        return f"{found[1]}-{found[2]}" if found else ""


def _between_rows(rows: Iterable[Row]) -> Iterator[Fault]:
    """Keys that are there twice, and guardians whom two rows describe differently."""
    lines: dict[str, int] = {}
    guardians: dict[str, tuple[str, str | None]] = {}
    for row in rows:
        if row.key and lines.setdefault(row.key, row.line) != row.line:
            yield Fault(row.line, "key", f"row {lines[row.key]} has the same key")
        for one in row.guardians:
            if guardians.setdefault(one.key, (one.name, one.email)) != (one.name, one.email):
                yield Fault(row.line, "guardian", "another row gives this guardian another name or mail address")
