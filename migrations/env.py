"""How a migration meets the database. The tables of every package are known here by name."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import consent.audit
import consent.decisions.tables
import consent.faces.tables
import consent.gate.tables
import consent.people.tables  # noqa: F401 - imported for the tables they declare
from consent.database import Moment, engine


def ours(_object: Any, _name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave the job engine's tables, which share the database, alone."""
    return not (kind == "table" and reflected and compared is None)


def plainly(kind: str, column_type: Any, _context: AutogenContext) -> str | bool:
    """Write our own column types as plain SQLAlchemy: a migration outlives the program it was written beside."""
    if kind == "type" and isinstance(column_type, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(column_type, AutoString):
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Bring one database up or down."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        include_object=ours,
        render_item=plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine().begin() as connection:
        run(connection)
