"""Homes with a batch that nobody has worked on yet, and what comes of it where nobody dies: made once, copied often."""

import uuid
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from consent import sealing
from consent.database import transaction
from consent.jobs import schema
from tests.conftest import forget_caches, use_home
from tests.jobs import outing
from tests.jobs.outing import Outcome, outcome_of, work_off


@dataclass(frozen=True)
class Untouched:
    """An installation with a batch taken in, and what comes of that batch where nobody dies."""

    home: Path
    batch: str
    outcome: Outcome
    server: str = ""  # URL with %s for the database's name, on PostgreSQL
    name: str = ""

    def copy(self, patch: pytest.MonkeyPatch, home: Path) -> None:
        """Make this process live in a copy of it."""
        forget_caches()
        outing.copy_home(self.home, home)
        use_home(patch, home, self._copy_database())

    def _copy_database(self) -> str:
        if not self.server:
            return ""
        name = f"copy_{uuid.uuid4().hex}"
        with psycopg.connect(self.server % "postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return self.server % name


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two pictures with two faces each, and a text."""
    return outing.draw(tmp_path_factory.mktemp("pictures") / "trip")


@pytest.fixture(scope="session")
def untouched_sqlite(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Untouched:
    """On SQLite."""
    return _settle(tmp_path_factory.mktemp("sqlite"), pictures)


@pytest.fixture(scope="session")
def untouched_postgresql(tmp_path_factory: pytest.TempPathFactory, pictures: Path, postgresql_server: str) -> Untouched:
    """On PostgreSQL."""
    return _settle(tmp_path_factory.mktemp("postgresql"), pictures, postgresql_server, f"untouched_{uuid.uuid4().hex}")


def _settle(folder: Path, pictures: Path, server: str = "", name: str = "") -> Untouched:
    if name:
        with psycopg.connect(server % "postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template_consent")
    home = folder / "home"
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        use_home(patch, home, server % name if name else "")
        sealing.create_keys()
        schema.upgrade()
        with transaction() as session:
            folk = outing.set_up(session)
        with transaction() as session:
            batch = outing.take_in(session, folk, pictures)
        made = Untouched(home, batch, Outcome.nothing(), server, name)
        made.copy(patch, folder / "undisturbed")
        work_off("", folder / "marks")
        outcome = outcome_of(batch)
        forget_caches()
    return Untouched(home, batch, outcome, server, name)
