"""A school that is set up, and one whose batch was judged; each test has its own copy."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from consent import sealing
from consent.database import transaction
from consent.jobs import schema
from tests.cli.terminal import Terminal, run
from tests.conftest import forget_caches, use_home
from tests.jobs import outing


@pytest.fixture
def consent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """The command line."""
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place where there is no installation yet."""
    use_home(monkeypatch, tmp_path / "home")
    yield tmp_path / "home"
    forget_caches()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures with two faces each, and a text."""
    return outing.draw(tmp_path_factory.mktemp("pictures") / "trip")


@pytest.fixture(scope="session")
def settled_school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of De Regenboog, with an outing to Artis."""
    home = tmp_path_factory.mktemp("settled") / "home"
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        use_home(patch, home)
        sealing.create_keys()
        schema.upgrade()
        with transaction() as session:
            outing.set_up(session)
        forget_caches()
    return home


@pytest.fixture
def school(settled_school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, to live in."""
    shutil.copytree(settled_school, tmp_path / "home")
    use_home(monkeypatch, tmp_path / "home")
    yield tmp_path / "home"
    forget_caches()


@dataclass(frozen=True)
class Judged:
    """A home with a judged batch, and the output folder of that batch."""

    home: Path
    out: Path


@pytest.fixture(scope="session")
def judged_school(settled_school: Path, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """De Regenboog with the pictures of Artis judged for the website."""
    place = tmp_path_factory.mktemp("judged")
    shutil.copytree(settled_school, place / "home")
    with pytest.MonkeyPatch.context() as patch:
        use_home(patch, place / "home")
        told = run(
            "gate",
            pictures,
            "--outing",
            "Artis",
            "--channel",
            "website",
            "--school",
            "De Regenboog",
            "--out",
            place / "out",
        )
        assert told.status == 1, told
        forget_caches()
    return Judged(place / "home", place / "out")


@pytest.fixture
def judged(judged_school: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Judged]:
    """A copy of both, to live in."""
    shutil.copytree(judged_school.home, tmp_path / "home")
    shutil.copytree(judged_school.out, tmp_path / "out")
    use_home(monkeypatch, tmp_path / "home")
    yield Judged(tmp_path / "home", tmp_path / "out")
    forget_caches()
