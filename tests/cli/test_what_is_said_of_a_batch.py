"""`consent gate --resume` with a list of names, an account or a batch that will not do: one sentence, nothing said."""

import csv
import shutil
from pathlib import Path

import pytest
from sqlmodel import select

from consent.database import transaction
from consent.gate.tables import Batch, Look, Mark
from tests.cli.conftest import Judged
from tests.cli.terminal import Terminal

BY = ("--by", "reviewer@regenboog.example")


@pytest.fixture
def names(judged: Judged) -> Path:
    """The list of groups as the gate wrote it."""
    return judged.out / "internal" / "groups.csv"


def nothing_was_said(judged: Judged) -> bool:
    with transaction() as session:
        [batch] = session.exec(select(Batch))
        said = [*session.exec(select(Mark)), *session.exec(select(Look))]
        return not said and batch.revision == 0


def lines(*rows: tuple[str, str]) -> str:
    return "group,name\n" + "".join(f"{group},{name}\n" for group, name in rows)


def groups_of_first_picture(judged: Judged) -> list[str]:
    with (judged.out / "internal" / "faces.csv").open() as rows:
        return [row["group"] for row in csv.DictReader(rows) if row["file"] == "photo 0.jpg"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", ["columns", "group", "name"], id="empty"),
        pytest.param(b"\n\n\n", ["columns"], id="blank"),
        pytest.param(b"groep,wie\n1,jasmijn\n", ["columns"], id="wrong columns"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff", ["columns"], id="a picture"),
        pytest.param(bytes(range(256)) * 50, ["columns"], id="bytes"),
        pytest.param(b"group,name\n1,nobody at all\n", ["Line 2", "nobody on the register"], id="unknown person"),
        pytest.param(b"group,name\n99,jasmijn\n", ["Line 2", "no group 99"], id="unknown group"),
        pytest.param(b"group,name\n,jasmijn\n", ["Line 2", "no group"], id="no group"),
        pytest.param(b"group,name\n1/99,jasmijn\n", ["Line 2", "no group 1/99"], id="unknown face"),
        pytest.param(b"group,name\n1,noor\n", ["Line 2", "nobody on the register"], id="of another school"),
        pytest.param(b"group,name\n1,ben\n1,kees\n", ["Lines 2 and 3", "different things"], id="two names"),
        pytest.param(b'group,name\n1,"jasmijn\n' + b"x" * 200_000, ["names"], id="an endless cell"),
        pytest.param(b"group,name\n1,\0\n", ["nobody on the register"], id="a zero byte"),
        pytest.param(b'group,name\r1,ben\r2,"kees\r', ["names"], id="lines of an old Macintosh"),
    ],
)
def test_a_list_of_names_that_will_not_do(
    content: bytes, words: list[str], consent: Terminal, judged: Judged, names: Path
) -> None:
    names.write_bytes(content)
    told = consent("gate", "--resume", "last", "--out", judged.out, "--names", names, *BY)
    assert told.refuses(*words)
    assert nothing_was_said(judged)
    assert names.read_bytes() == content


def test_one_person_twice_in_a_picture(consent: Terminal, judged: Judged, names: Path) -> None:
    first, second = groups_of_first_picture(judged)
    names.write_text(lines((first, "kees"), (second, "kees")))
    told = consent("gate", "--resume", "last", "--out", judged.out, "--names", names, *BY)
    assert told.refuses("Line 3", "in the same picture twice")
    assert nothing_was_said(judged)


def test_a_list_of_names_that_is_not_there(consent: Terminal, judged: Judged) -> None:
    told = consent("gate", "--resume", "last", "--out", judged.out, "--names", judged.out / "no.csv", *BY)
    assert told.refuses("cannot be read", "No such file")
    told = consent("gate", "--resume", "last", "--out", judged.out, "--names", judged.out, *BY)
    assert told.refuses("cannot be read", "directory")


def test_names_by_nobody_or_by_whoever_may_not(consent: Terminal, judged: Judged, names: Path) -> None:
    names.write_text(lines((groups_of_first_picture(judged)[0], "kees")))
    for by in ([], ["--by", ""], ["--by", "nobody@regenboog.example"], ["--by", "admin@zonnebloem.example"]):
        told = consent("gate", "--resume", "last", "--out", judged.out, "--names", names, *by)
        assert told.refuses("account")
    told = consent("gate", "--resume", "last", "--out", judged.out, "--names", names, "--by", "olga@regenboog.example")
    assert told.refuses("right of reviewer")
    assert nothing_was_said(judged)


def test_a_look_by_whoever_may_not(consent: Terminal, judged: Judged) -> None:
    who = ("--reviewed-by", "uploader@regenboog.example")
    assert consent("gate", "--resume", "last", "--out", judged.out, *who).refuses("right of reviewer")
    assert nothing_was_said(judged)


def test_names_before_there_is_a_report(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    go = ("gate", pictures, "--outing", "Artis", "--channel", "website", "--out", tmp_path / "out")
    assert consent(*go, "--names", tmp_path / "names.csv", *BY).refuses("--resume")
    assert consent(*go, "--reviewed-by", "reviewer@regenboog.example").refuses("--resume")
    assert not (tmp_path / "out").exists()


def test_another_batch(consent: Terminal, judged: Judged, tmp_path: Path) -> None:
    assert consent("gate", "--resume", "0" * 32, "--out", judged.out).refuses("does not hold batch")
    assert consent("gate", "--resume", "last", "--out", tmp_path / "nowhere").refuses("does not hold batch")


def test_a_batch_of_another_installation(
    consent: Terminal, judged: Judged, settled_school: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(judged.home)
    shutil.copytree(settled_school, judged.home)
    assert consent("gate", "--resume", "last", "--out", judged.out, *BY).refuses("does not know the batch")
