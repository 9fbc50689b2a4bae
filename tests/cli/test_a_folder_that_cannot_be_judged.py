"""`consent gate` with a folder, an outing, a channel or an output folder that will not do: one sentence."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

SCHOOL = ("--school", "De Regenboog")
ARTIS = ("--outing", "Artis", "--channel", "website", *SCHOOL)


def test_a_folder_that_is_not_there(consent: Terminal, school: Path, tmp_path: Path) -> None:
    assert consent("gate", tmp_path / "nowhere", *ARTIS, "--out", tmp_path / "out").refuses("There is no folder")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_without_a_register(consent: Terminal, no_home: Path, tmp_path: Path) -> None:
    assert consent("gate", tmp_path / "nowhere", *ARTIS, "--out", tmp_path / "out").refuses("There is no folder")
    assert not (tmp_path / "out").exists()
    assert not no_home.exists()


def test_a_folder_that_holds_nothing(consent: Terminal, school: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    (tmp_path / "in" / ".hidden.jpg").write_bytes(b"not meant for anybody")
    assert consent("gate", tmp_path / "in", *ARTIS, "--out", tmp_path / "out").refuses("holds no files")


def test_a_file_in_place_of_a_folder(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    told = consent("gate", pictures / "photo 0.jpg", *ARTIS, "--out", tmp_path / "out")
    assert told.refuses("There is no folder", "photo 0.jpg")


def test_no_output_folder_no_outing_no_channel(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    assert consent("gate", pictures, *ARTIS).refuses("--out FOLDER")
    assert consent("gate", pictures, "--outing", "Artis", "--out", tmp_path / "out").refuses("--channel NAME")
    assert consent("gate", "--out", tmp_path / "out").refuses("Name a folder of pictures")


def test_an_outing_that_nobody_planned(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    told = consent("gate", pictures, "--outing", "Efteling", "--channel", "website", *SCHOOL, "--out", tmp_path / "out")
    assert told.refuses("no outing “Efteling”", "Artis")
    assert not (tmp_path / "out").exists()


def test_a_channel_that_the_school_does_not_have(
    consent: Terminal, school: Path, pictures: Path, tmp_path: Path
) -> None:
    told = consent("gate", pictures, "--outing", "Artis", "--channel", "tiktok", *SCHOOL, "--out", tmp_path / "out")
    assert told.refuses("no such channel", "website")
    assert not (tmp_path / "out").exists()


def test_a_school_of_another_name(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    told = consent("gate", pictures, *ARTIS[:4], "--school", "De Zon", "--out", tmp_path / "out")
    assert told.refuses("no such school")
    assert consent("gate", pictures, *ARTIS[:4], "--out", tmp_path / "out").refuses("say which")


def test_no_register_where_one_is_required(consent: Terminal, no_home: Path, pictures: Path, tmp_path: Path) -> None:
    told = consent("gate", pictures, *ARTIS, "--out", tmp_path / "out", "--register-required")
    assert told.refuses("There is no register here", "consent migrate")
    told = consent("gate", pictures, *ARTIS, "--out", tmp_path / "out", "--register-required", "--anonymise")
    assert told.refuses("exclude each other")


def test_an_output_folder_that_holds_other_things(
    consent: Terminal, school: Path, pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "holiday.jpg").write_bytes(b"mine")
    assert consent("gate", pictures, *ARTIS, "--out", tmp_path / "out").refuses("holds other files")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize("place", [".", "out", "../.."])
def test_an_output_folder_within_the_pictures_or_around_them(
    place: str, consent: Terminal, school: Path, pictures: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)
    (folder / "photo.jpg").write_bytes((pictures / "photo 0.jpg").read_bytes())
    before = sorted(tmp_path.rglob("*"))
    told = consent("gate", folder, *ARTIS, "--out", folder / place)
    assert told.refuses("holds other files") if place != "out" else told.refuses("must lie apart")
    assert sorted(tmp_path.rglob("*")) == before


def test_an_output_folder_below_a_file(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    assert consent("gate", pictures, *ARTIS, "--out", tmp_path / "file" / "out").refuses("cannot be", "ot a directory")
    assert consent("gate", pictures, *ARTIS, "--out", tmp_path / "file").refuses("cannot be", "file")


def test_an_output_folder_below_a_file_without_a_register(
    consent: Terminal, no_home: Path, pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("a file")
    told = consent("gate", pictures, *ARTIS, "--out", tmp_path / "file" / "out")
    assert told.refuses("cannot be", "ot a directory")


def test_an_output_folder_of_another_outing(consent: Terminal, judged: object, pictures: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in (tmp_path / "out").rglob("*"))
    told = consent("gate", pictures, "--outing", "Artis", "--channel", "parent-app", *SCHOOL, "--out", tmp_path / "out")
    assert told.refuses("another outing or channel")
    assert sorted(path.name for path in (tmp_path / "out").rglob("*")) == before


def test_a_picture_that_joins_a_finished_batch(
    consent: Terminal, judged: object, pictures: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for path in pictures.iterdir():
        (more / path.name).write_bytes(path.read_bytes())
    (more / "photo 00.jpg").write_bytes(b"a latecomer")
    told = consent("gate", more, *ARTIS, "--out", tmp_path / "out")
    assert told.refuses("not in this batch", "new output folder")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"batch": 5}', '{"a": 1}', "\udc80"])
def test_a_damaged_note_in_the_output_folder(
    content: str, consent: Terminal, judged: object, pictures: Path, tmp_path: Path
) -> None:
    note = tmp_path / "out" / "internal" / "batch.json"
    note.write_bytes(content.encode(errors="surrogateescape"))
    assert consent("gate", pictures, *ARTIS, "--out", tmp_path / "out").refuses("batch.json is damaged")
    assert len(list((tmp_path / "out" / "internal" / "review").iterdir())) == 2
