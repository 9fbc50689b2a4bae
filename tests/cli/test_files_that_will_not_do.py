"""Rosters, permits, keys and paper forms that will not do: one sentence, and what was there is still there."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from consent.database import transaction
from consent.decisions.tables import Decision
from consent.gate import permits
from consent.people import roll
from consent.people.tables import Person, School
from tests.cli.terminal import Terminal

SCHOOL = ("--school", "De Regenboog")
HEADINGS = "key;given_name;family_name;born;group"


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return written.getvalue()


def roll_of(school: str) -> object:
    with transaction() as session:
        home = session.exec(select(School).where(School.name == school)).one()
        return roll.as_rows(session, home.id)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", ["empty"], id="empty"),
        pytest.param(
            f"{HEADINGS};shoe_size\nzoe;Zoë;Zon;2015-01-02;6A;35\n".encode(), ["column 6", "not known"], id="col"
        ),
        pytest.param(
            f"{HEADINGS}\nzoe;Zoë;Zon;2015-02-30;6A\n".encode(), ["row 2, column born", "not a date"], id="date"
        ),
        pytest.param(f"{HEADINGS}\nzoe;Zoë;Zon;;6A\nzoe;Zon;Zoë;;6A\n".encode(), ["row 3", "same key"], id="twice"),
        pytest.param(b"given_name;family_name\nAnna;Annasen\n", ["column key", "missing"], id="no key"),
        pytest.param(picture(), ["not a text file"], id="a picture"),
        pytest.param(b"\xff\xfe\0", ["roster was not imported"], id="half a character"),
        pytest.param(b'key;given_name\n"anna;Anna\n', ["quotation marks"], id="open quotation"),
        pytest.param(b"key;given_name\nx;" + b"y" * 200_000, ["roster was not imported"], id="an endless cell"),
    ],
)
def test_a_roster_that_will_not_do(
    content: bytes, words: list[str], consent: Terminal, school: Path, tmp_path: Path
) -> None:
    before = roll_of("De Regenboog")
    (tmp_path / "roster.csv").write_bytes(content)
    assert consent("import-roster", tmp_path / "roster.csv", *SCHOOL).refuses(*words)
    assert roll_of("De Regenboog") == before


def test_a_roster_that_is_not_there(consent: Terminal, school: Path, tmp_path: Path) -> None:
    assert consent("import-roster", tmp_path / "roster.csv", *SCHOOL).refuses("cannot be read", "No such file")
    assert consent("import-roster", tmp_path, *SCHOOL).refuses("cannot be read", "directory")


def test_a_roster_where_there_is_no_register(consent: Terminal, no_home: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("key;given_name\nanna;Anna\n")
    assert consent("import-roster", tmp_path / "roster.csv").refuses("database")
    assert not no_home.exists()


def test_a_command_where_there_is_no_register_makes_none(consent: Terminal, no_home: Path) -> None:
    no_home.mkdir()
    assert consent("keep-out", "anna").refuses("consent migrate")
    assert consent("verify-audit").refuses("consent migrate")
    assert consent("work").refuses("consent migrate")
    assert consent("doctor").status == 1
    assert not list(no_home.iterdir())


PERMIT = {
    "empty": "",
    "no json": "{",
    "another thing": "[1, 2]",
    "nothing signed": "{}",
    "no signature": '{"permit": {"id": "1"}, "signature": "!"}',
    "forged": '{"permit": {"id": "1"}, "signature": "QUJD"}',
    "a deep hole": "[" * 100_000,
}


@pytest.mark.parametrize("token", PERMIT.values(), ids=PERMIT)
def test_a_garbled_permit(token: str, consent: Terminal, school: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(picture())
    (tmp_path / "permit.json").write_text(token)
    key = permits.public_key()
    told = consent("verify-permit", tmp_path / "photo.jpg", "--permit", tmp_path / "permit.json", "--key", key)
    assert told.refuses("not signed by this key")


@pytest.mark.parametrize("key", ["00", "g" * 64, "00" * 32, "x" * 500])
def test_a_garbled_key(key: str, consent: Terminal, school: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(picture())
    (tmp_path / "permit.json").write_text('{"permit": {}, "signature": ""}')
    (tmp_path / "key").write_text(key)
    words = ("verify-permit", tmp_path / "photo.jpg", "--permit", tmp_path / "permit.json", "--key")
    assert consent(*words, tmp_path / "key").refuses("not signed by this key")
    assert consent(*words, key).refuses("not signed by this key" if len(key) == 64 else "cannot be read")


def test_a_key_that_is_no_text_or_not_there(consent: Terminal, school: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(picture())
    (tmp_path / "permit.json").write_text('{"permit": {}, "signature": ""}')
    words = ("verify-permit", tmp_path / "photo.jpg", "--permit", tmp_path / "permit.json")
    assert consent(*words, "--key", tmp_path / "photo.jpg").refuses("not signed by this key")
    assert consent(*words, "--key", tmp_path / "nowhere").refuses("cannot be read")
    assert consent(*words).refuses("which key")


def test_a_picture_or_permit_that_is_not_there(consent: Terminal, school: Path, tmp_path: Path) -> None:
    assert consent("verify-permit", tmp_path / "photo.jpg").refuses("cannot be read")
    (tmp_path / "photo.jpg").write_bytes(picture())
    told = consent("verify-permit", tmp_path / "photo.jpg", "--permit", tmp_path / "permit.json", "--key", "00")
    assert told.refuses("cannot be read")
    told = consent("verify-permit", tmp_path / "photo.jpg")
    assert (told.status, told.out[:7]) == (1, "Unknown")


FORM = ("--reference", "map-1", "--by", "olga@regenboog.example", "--channel", "website", *SCHOOL)


def test_a_form_about_or_by_somebody_unknown(consent: Terminal, school: Path) -> None:
    with transaction() as session:
        before = len(session.exec(select(Decision)).all())
    assert consent("decide", "piet", "yes", *FORM, "--guardian", "bea").refuses("roll")
    assert consent("decide", "ben", "yes", *FORM, "--guardian", "gerda").refuses("guardian")
    assert consent("decide", "noor", "yes", *FORM, "--guardian", "nina").refuses("roll")
    told = consent(
        "decide", "ben", "yes", "--reference", "map-1", "--by", "x@example.org", "--channel", "website", *SCHOOL
    )
    assert told.refuses("account")
    assert consent("decide", "ben", "yes", "--reference", "map-1", "--by", "olga@regenboog.example").refuses(
        "--channel"
    )
    assert consent("decide", "ben", "perhaps", *FORM).status == 2
    assert consent("decide", "ben", "yes", *FORM[:4], "--channel", "tiktok", *SCHOOL).refuses("no such channel")
    assert consent("decide", "ben", "yes", *FORM, "--guardian", "bea", "--language", "xx").refuses(
        "no text in this language"
    )
    with transaction() as session:
        assert len(session.exec(select(Decision)).all()) == before


def test_a_portrait_that_is_not_there_or_nobody_consents_to(consent: Terminal, school: Path, tmp_path: Path) -> None:
    assert consent("enrol", "hana", tmp_path / "no.jpg", *SCHOOL).refuses("cannot be read")
    (tmp_path / "ben.jpg").write_bytes(picture())
    assert consent("enrol", "ben", tmp_path / "ben.jpg", *SCHOOL).refuses("no consent to face matching")
    assert consent("enrol", "piet", tmp_path / "ben.jpg", *SCHOOL).refuses("roll")


def test_an_outing_with_a_group_that_is_not_there(consent: Terminal, school: Path) -> None:
    told = consent("plan-outing", "Efteling", "--day", "2026-06-12", "--group", "9Z", *SCHOOL)
    assert told.refuses("no group “9Z”")
    assert consent("plan-outing", "Efteling", "--day", "12 June", *SCHOOL).status == 2


def test_people_are_as_many_as_before_after_all_that(consent: Terminal, school: Path) -> None:
    with transaction() as session:
        count = len(session.exec(select(Person)).all())
    assert consent("migrate", "--school", "Another").out.strip() == "The database is up to date."
    assert consent("migrate").status == 0
    with transaction() as session:
        assert len(session.exec(select(Person)).all()) == count
        assert {school.name for school in session.exec(select(School))} == {"De Regenboog", "De Zonnebloem"}
