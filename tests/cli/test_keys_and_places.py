"""A master key that is gone, strange or open to all; settings, homes and disks that will not do."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from consent import settings
from consent.media import vault
from tests.cli.conftest import Judged
from tests.cli.terminal import Terminal
from tests.conftest import forget_caches

GATE = ("--outing", "Artis", "--channel", "website", "--school", "De Regenboog")
LOOK = ("gate", "--resume", "last", "--reviewed-by", "reviewer@regenboog.example")


def test_a_master_key_that_is_gone(consent: Terminal, judged: Judged, pictures: Path, tmp_path: Path) -> None:
    key = judged.home / "keys" / "master.key"
    kept = key.read_bytes()
    key.unlink()
    assert consent("gate", pictures, *GATE, "--out", tmp_path / "new").refuses("master key is missing", "Put it back")
    assert consent(*LOOK, "--out", judged.out).refuses("master key is missing")
    assert consent("migrate").refuses("master key is missing")
    assert not key.exists()  # never a new one over sealed content
    key.write_bytes(kept)
    key.chmod(0o600)
    assert len(list(vault.names("uploads"))) == 3


def test_a_master_key_of_another_installation(
    consent: Terminal, judged: Judged, pictures: Path, tmp_path: Path
) -> None:
    key = judged.home / "keys" / "master.key"
    key.write_text(settings.new_secret())
    before = sorted(path.name for path in judged.home.rglob("*") if path.suffix == ".key")
    assert consent("gate", pictures, *GATE, "--out", tmp_path / "new").refuses("belongs to another installation")
    assert consent(*LOOK, "--out", judged.out).refuses("belongs to another installation")
    assert "belongs to another installation" in consent("doctor").out
    assert sorted(path.name for path in judged.home.rglob("*") if path.suffix == ".key") == before


@pytest.mark.parametrize("text", ["", "00" * 32, "ab" * 31, "not a key", "\0"])
def test_a_master_key_that_is_none(text: str, consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    (school / "keys" / "master.key").write_text(text)
    told = consent("gate", pictures, *GATE, "--out", tmp_path / "out")
    assert told.refuses("64 hex digits")


def test_a_master_key_that_everybody_can_read(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    (school / "keys" / "master.key").chmod(0o644)
    assert consent("gate", pictures, *GATE, "--out", tmp_path / "out").refuses("chmod 600")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MAX_MEGABYTES", "abc", ["CONSENT_MAX_MEGABYTES"]),
        ("MAX_MEGAPIXELS", "-1", ["CONSENT_MAX_MEGAPIXELS"]),
        ("WORKERS", "0", ["CONSENT_WORKERS"]),
        ("DATABASE_URL", "mysql://school", ["CONSENT_DATABASE_URL", "postgresql://"]),
        ("DATABASE_URL", "postgresql://localhost:1/nothing", ["database cannot be reached"]),
        ("MASTER_KEY_FILE", "/nowhere/key", ["master key is missing"]),
    ],
)
def test_a_setting_that_will_not_do(
    name: str,
    value: str,
    words: list[str],
    consent: Terminal,
    school: Path,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"CONSENT_{name}", value)
    forget_caches()
    assert consent("gate", pictures, *GATE, "--out", tmp_path / "out").refuses(*words)


def test_a_home_below_a_file(consent: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("a file")
    monkeypatch.setenv("CONSENT_HOME", str(tmp_path / "file" / "home"))
    forget_caches()
    assert consent("migrate").refuses("cannot be used", "ot a directory")
    assert consent("keep-out", "anna").refuses("database")
    assert (tmp_path / "file").read_text() == "a file"


def test_a_database_that_is_none(consent: Terminal, school: Path, pictures: Path, tmp_path: Path) -> None:
    for name in ("consent.sqlite-wal", "consent.sqlite-shm"):
        (school / name).unlink(missing_ok=True)
    (school / "consent.sqlite").write_text("This is a letter, and has been one for years. " * 100)
    assert consent("gate", pictures, *GATE, "--out", tmp_path / "out").refuses("database cannot be used")
    assert consent("migrate").refuses("database cannot be used")
    assert (school / "consent.sqlite").read_text().startswith("This is a letter")


def test_a_database_of_before_there_was_anything(
    consent: Terminal, school: Path, pictures: Path, tmp_path: Path
) -> None:
    for path in school.glob("consent.sqlite*"):
        path.unlink()
    sqlite3.connect(school / "consent.sqlite").execute("CREATE TABLE note (text)").connection.commit()
    assert consent("gate", pictures, *GATE, "--out", tmp_path / "out").refuses("run `consent migrate`")
    assert consent("work").refuses("run `consent migrate`")


@pytest.fixture
def cannot_be_written(school: Path) -> Path:
    """The home, so that not even root can write in it where that is possible."""
    if os.geteuid() != 0:
        for path in (school, *school.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
        return school
    chattr = shutil.which("chattr")
    if chattr is None or subprocess.run([chattr, "+i", school], capture_output=True, check=False).returncode:  # noqa: S603 - a tool of the system
        pytest.skip("root writes everywhere here, and chattr does not work")
    return school


def test_a_home_that_cannot_be_written(
    consent: Terminal, cannot_be_written: Path, pictures: Path, tmp_path: Path
) -> None:
    try:
        assert consent("gate", pictures, *GATE, "--out", tmp_path / "out").refuses("cannot be")
    finally:
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", cannot_be_written], check=True)  # noqa: S603, S607 - as above
        for path in (cannot_be_written, *cannot_be_written.rglob("*")):
            path.chmod(path.stat().st_mode | 0o700)
