"""The one SQL database: a SQLite file for a school, PostgreSQL for a board. The job engine's tables lie in it too."""

import datetime as dt
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, Enum, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from consent import settings
from consent.errors import Misconfigured

# Every index and constraint has a name, so that a later migration can change it on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[dt.datetime]):
    """A point in time, always with its zone: SQLite forgets zones, and a naive time is a mistake."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Give UTC back, whatever the database kept."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def words(vocabulary: type[StrEnum]) -> Enum:
    """A column that holds one word of `vocabulary`, checked by the database itself."""
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=vocabulary.__name__.lower(),
        values_callable=lambda members: [str(member) for member in members],
    )


def new_id() -> str:
    """An opaque id: 32 hex digits, random, no order and no meaning."""
    return uuid.uuid4().hex


@cache
def engine() -> Engine:
    """The engine of this process."""
    return engine_for(settings.current().database)


def engine_for(url: str) -> Engine:
    """An engine for `url`, with the connection rules of this program."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    made = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own record
        # A deferred transaction that reads, then writes, fails at once beside another writer, whatever the timeout.
        connection.isolation_level = "IMMEDIATE"
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    return made


@contextmanager
def transaction() -> Iterator[Session]:
    """A session whose work is kept as a whole when the block ends well, and not at all otherwise."""
    if not settings.current().has_register:  # SQLite would make an empty file, and that would pass for a register
        raise Misconfigured("There is no database here yet: run `consent migrate`.")
    with Session(engine(), expire_on_commit=False) as session, sayable_faults(), session.begin():
        yield session


@contextmanager
def sayable_faults() -> Iterator[None]:
    """A full or read-only disk, or a database that is away, as one sentence."""
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig).lower()
        if "readonly" in text or "read-only" in text:
            raise Misconfigured("The database cannot be written: the disk or the file is read-only.") from error
        if "full" in text or "no space" in text:
            raise Misconfigured("The disk is full: free some space and start again. Nothing was lost.") from error
        if "unable to open" in text or "connection" in text:
            raise Misconfigured("The database cannot be reached.") from error
        if "no such table" in text or "does not exist" in text:
            raise Misconfigured("The database is not up to date: run `consent migrate`.") from error
        raise
