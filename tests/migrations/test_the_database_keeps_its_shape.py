"""Migrations and tables say the same, on both databases, up and down."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from consent import database
from consent.errors import Misconfigured
from consent.jobs import schema, worker


def the_shape() -> dict[str, list[str]]:
    inspector = inspect(database.engine())
    return {
        table: sorted(
            f"{column['name']} {column['type']} {column['nullable']}" for column in inspector.get_columns(table)
        )
        for table in inspector.get_table_names()
    }


def test_the_newest_migration_is_what_the_tables_say(home: Path) -> None:
    with database.engine().begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.check(config)


def test_going_down_and_up_again_leaves_the_same_shape(home: Path) -> None:
    before = the_shape()
    with database.engine().begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert "person" not in inspect(connection).get_table_names()
        command.upgrade(config, "head")
    assert the_shape() == before


def test_upgrading_twice_changes_nothing(home: Path) -> None:
    before = the_shape()
    schema.upgrade()
    assert the_shape() == before
    assert schema.is_current(database.engine())


def test_a_worker_refuses_a_database_that_is_not_up_to_date(home: Path) -> None:
    with database.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Misconfigured, match="consent migrate"):
        worker.run("worker-1")
