"""A folder is taken in once, whatever its files are called, also where the first attempt was cut short."""

import os
from pathlib import Path

import pytest

from consent.cli import runs
from consent.database import transaction
from consent.errors import Conflict
from consent.gate import folder as folders
from consent.gate import intake
from consent.gate.tables import Batch


class CutShort(Exception):
    """As a signal would do it."""


@pytest.fixture
def batch(school: Path, tmp_path: Path) -> str:
    return runs.open_ticket(tmp_path / "out", None, "Artis", "website", "De Regenboog", anonymous=False).batch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for name in ("b.jpg", "c.jpg"):
        (tmp_path / "in" / name).write_text(name)
    return tmp_path / "in"


def taken(batch: str) -> list[str]:
    with transaction() as session:
        return [intake.name_of(upload) for upload in intake.uploads_of(session, batch)]


def cut_short() -> None:
    raise CutShort


def test_a_file_that_came_between_two_attempts_is_taken_in_and_none_is_left_out(batch: str, folder: Path) -> None:
    with pytest.raises(CutShort):
        folders.take_in(batch, folder, folders.files_in(folder), cut_short)
    assert taken(batch) == ["b.jpg"]
    (folder / "a.jpg").write_text("a")
    folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    assert taken(batch) == ["b.jpg", "a.jpg", "c.jpg"]
    with transaction() as session:
        assert session.get_one(Batch, batch).complete


def test_a_file_that_comes_after_all_is_refused_and_not_called_a_duplicate(batch: str, folder: Path) -> None:
    folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    (folder / "a.jpg").write_text("a")
    with pytest.raises(Conflict, match="not in this batch"):
        folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    assert taken(batch) == ["b.jpg", "c.jpg"]


def test_names_that_are_no_text_are_told_apart(batch: str, folder: Path) -> None:
    for name in (b"\xff.jpg", b"\xfe.jpg", "één\n=1+1.jpg".encode()):
        (folder / os.fsdecode(name)).write_bytes(name)
    folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    assert sorted(taken(batch)) == sorted(["b.jpg", "c.jpg", "\\xff.jpg", "\\xfe.jpg", "één\n=1+1.jpg"])


def test_files_of_the_same_content_are_taken_in_once_and_said_to_be_the_same(batch: str, folder: Path) -> None:
    (folder / "d.jpg").write_text("b.jpg")
    folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    folders.take_in(batch, folder, folders.files_in(folder), lambda: None)
    with transaction() as session:
        assert [intake.is_twin(upload) for upload in intake.uploads_of(session, batch)] == [False, False, True]
