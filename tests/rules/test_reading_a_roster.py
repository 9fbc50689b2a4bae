import datetime as dt

import pytest

from consent.people import roster_csv
from consent.people.roster import GuardianRow, Row
from consent.people.roster_csv import Unreadable
from consent.people.vocabulary import PersonKind

TODAY = dt.date(2026, 11, 20)

ENGLISH = """key,given_name,prefix,family_name,born,group,guardian1_key,guardian1_name,\
guardian1_email,guardian1_authority
b1,Ben,van der,Berg,2017-03-09,6a,g1,Bea Berg,Bea@Example.org,yes
"""
DUTCH = """Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Groep;\
Verzorger 1 sleutel;Verzorger 1 naam;Verzorger 1 e-mail;Verzorger 1 gezag
b1;Ben;van der;Berg;09-03-2017;6a;g1;Bea Berg;bea@example.org;ja
"""
BEN = Row(
    key="b1",
    given_name="Ben",
    prefix="van der",
    family_name="Berg",
    born=dt.date(2017, 3, 9),
    group="6a",
    school_year="2026-2027",
    guardians=(GuardianRow("g1", "Bea Berg", True, "bea@example.org"),),
    line=2,
)


def read(text: str) -> tuple[Row, ...]:
    return roster_csv.read(text.encode(), TODAY)


def faults(text: str) -> list[str]:
    with pytest.raises(Unreadable) as refusal:
        read(text)
    return [str(fault) for fault in refusal.value.faults]


@pytest.mark.parametrize("text", [ENGLISH, DUTCH, ENGLISH.replace(",", "\t"), DUTCH.replace("-", "/"), DUTCH + "\n\n"])
def test_headings_delimiters_and_dates_are_recognised(text: str) -> None:
    assert read(text) == (BEN,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_recognised(encoding: str) -> None:
    (row,) = roster_csv.read("sleutel;roepnaam;achternaam\n1;Zoë;Müller\n".encode(encoding), TODAY)
    assert (row.given_name, row.family_name) == ("Zoë", "Müller")


def test_quotation_marks_hold_delimiters_and_line_ends() -> None:
    (row,) = read('key,given_name,family_name\r\n1,"Ben, the\nyounger","Berg"\r\n')
    assert row.given_name == "Ben, the younger"


def test_kinds_of_people_and_several_guardians() -> None:
    text = (
        "key,given_name,kind,under_age,guardian2_name,guardian2_authority,guardian2_barred,guardian1_name,"
        "guardian1_authority\n"
        "1,Lola,vrijwilliger,ja,Leo L,nee,ja,Loes L,ja\n2,Jasmijn,medewerker,,,,,,\n"
    )
    lola, jasmijn = read(text)
    assert (lola.kind, lola.under_age, jasmijn.kind) == (PersonKind.VOLUNTEER, True, PersonKind.STAFF)
    assert [(one.name, one.authority, one.barred) for one in lola.guardians] == [
        ("Loes L", True, None),
        ("Leo L", False, True),
    ]
    assert jasmijn.guardians == ()


def test_guardians_without_a_key_are_one_only_where_name_and_address_agree() -> None:
    head = "key,given_name,guardian1_name,guardian1_email,guardian1_authority\n"
    gijs, guus, other, nobody = read(
        f"{head}1,Gijs,Gerda G,g@example.org,yes\n2,Guus,Gerda G,G@example.org,yes\n"
        "3,Ben,Gerrit G,g@example.org,yes\n4,Chidi,Gerda G,,yes\n"
    )[:4]
    keys = [row.guardians[0].key for row in (gijs, guus, other, nobody)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "key,given_name,gebortedatum\n1,Ben,\n",
            "row 1, column 3: this heading is not known; did you mean geboortedatum?",
        ),
        ("key,given_name,xyzzy\n1,Ben,\n", "row 1, column 3: this heading is not known"),
        ("given_name\nBen\n", "row 1, column key: this column is missing"),
        ("key,sleutel,given_name\n1,1,Ben\n", "row 1, column key: this column is there twice"),
        ("key,given_name\n,Ben\n", "row 2, column key: this cell is empty"),
        ("key,given_name\n1,\n", "row 2, column given_name: this cell is empty"),
        ("key,given_name\n1,Ben,more\n", "row 2: there are more cells than headings"),
        ("key,given_name\n1,Ben\n1,Anna\n", "row 3, column key: row 2 has the same key"),
        (
            "key,given_name\n#1,Ben\n",
            "row 2, column key: a key that begins with # changes with every file and cannot be used",
        ),
        (
            "key,given_name,born\n1,Ben,31-02-2017\n",
            "row 2, column born: this is not a date; write it as 31-12-2015 or 2015-12-31",
        ),
        (
            "key,given_name,born\n1,Ben,3-4-17\n",
            "row 2, column born: this is not a date; write it as 31-12-2015 or 2015-12-31",
        ),
        ("key,given_name,kind\n1,Ben,parent\n", "row 2, column kind: this is not pupil, staff or volunteer"),
        ("key,given_name,email\n1,Ben,ben\n", "row 2, column email: this is not a mail address"),
        (
            "key,given_name,school_year\n1,Ben,2026\n",
            "row 2, column school_year: this is not a school year; write it as 2026-2027",
        ),
        ("key,given_name,guardian1_name\n1,Ben,Bea\n", "row 2, column guardian1_authority: say yes or no"),
        (
            "key,given_name,guardian1_name,guardian1_authority\n1,Ben,Bea,perhaps\n",
            "row 2, column guardian1_authority: this is not yes or no",
        ),
        ("key,given_name\n", "row 2: there is nobody in this file"),
        ('key,given_name\n1,"Ben\n', "row 1: this is not a CSV file, or its quotation marks do not match"),
        ("", "row 1: the file is empty, or does not begin with the headings"),
    ],
)
def test_every_fault_is_named_with_its_place(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_a_guardian_who_is_described_in_two_ways_is_a_fault() -> None:
    head = "key,given_name,guardian1_key,guardian1_name,guardian1_authority\n"
    assert faults(f"{head}1,Gijs,g,Gerda,yes\n2,Guus,g,Gerrit,yes\n") == [
        "row 3, column guardian: another row gives this guardian another name or mail address"
    ]


def test_faults_name_no_people_even_where_the_headings_are_missing() -> None:
    told = " ".join(faults("1,Benjamin,Bergsma\n2,Anna,Alberts\n")) + " ".join(
        faults("key,given_name,born\n1,Ben,Berg\n")
    )
    assert not {"Benjamin", "Bergsma", "Anna", "Berg"} & set(told.replace(",", " ").replace(":", " ").split())


def test_all_faults_are_told_at_once_and_counted_in_the_sentence() -> None:
    with pytest.raises(Unreadable, match=r"row 2, column born: .* \(and 1 more faults\)\.$") as refusal:
        read("key,given_name,born\n1,Ben,x\n2,Anna,y\n")
    assert [fault.row for fault in refusal.value.faults] == [2, 3]


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03", b"\x81\x8d\x8f", b"\xff\xfeab\xd8"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="this is not a text file"):
        roster_csv.read(content, TODAY)


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        roster_csv.read(b"x" * (roster_csv.MOST_BYTES + 1), TODAY)


def test_what_a_register_of_consent_has_no_use_for_is_dropped() -> None:
    (row,) = read("key,given_name,BSN,Geslacht\n1,Ben,123456782,M\n")
    assert row == Row(key="1", given_name="Ben", school_year="2026-2027", line=2)


@pytest.mark.parametrize(("day", "year"), [(dt.date(2027, 7, 31), "2026-2027"), (dt.date(2027, 8, 1), "2027-2028")])
def test_a_school_year_begins_on_1_august(day: dt.date, year: str) -> None:
    assert roster_csv.school_year_of(day) == year
