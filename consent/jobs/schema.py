"""Bringing the database up to date: the program's tables, and those of the job engine beside them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from dbos import DBOS
from sqlalchemy import Engine, text

import migrations
from consent import settings
from consent.database import engine, sayable_faults


def upgrade() -> None:
    """Create or upgrade every table; safe to repeat."""
    wanted = settings.current()
    if not wanted.database_url:
        wanted.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with sayable_faults():
        with engine().begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        DBOS.migrate(wanted.database)


def is_current(on: Engine) -> bool:
    """Whether the database is at the newest migration."""
    with sayable_faults(), on.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    config.set_main_option("path_separator", "os")
    return config
