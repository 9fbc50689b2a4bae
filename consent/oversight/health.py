"""Whether an installation can do its work: what `consent doctor` looks at."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import SecretStr
from sqlalchemy import text

from consent import queue, sealing, settings
from consent.database import engine, transaction
from consent.errors import ConsentError
from consent.faces import detector, recogniser

_ENOUGH_FREE = 2_000_000_000  # bytes: a school trip of 200 photos with its renditions, twice


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what there is to say of it."""

    what: str
    is_well: bool
    said: str


@dataclass(frozen=True)
class Setting:
    """A setting as it is in force; secrets are never shown."""

    name: str
    value: str
    meaning: str


def examine() -> list[Finding]:
    """Look at everything; a check that fails is a finding, not an error."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("keys", _keys),
        ("disk", _disk),
        ("database", _database),
        ("face detector", _detector),
        ("face recogniser", _recogniser),
        ("work", _work),
    ]
    return [_finding(what, check) for what, check in checks]


def settings_in_force() -> Iterator[Setting]:
    """Every setting with its meaning, in the order of `consent.settings`."""
    current = settings.current()
    for name, field in type(current).model_fields.items():
        value = getattr(current, name)
        shown = "(set)" if isinstance(value, SecretStr) else str(value if value is not None else "")
        if name == "database_url" and "@" in shown:
            shown = "(set)"
        yield Setting(f"CONSENT_{name.upper()}", shown, field.description or "")


def _finding(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, is_well=True, said=check())
    except ConsentError as trouble:
        return Finding(what, is_well=False, said=str(trouble))


def _keys() -> str:
    store = sealing.key_store()
    store.refuse_strange_master()
    returned = store.replay()
    again = f"; {returned} destroyed keys had come back and were destroyed again" if returned else ""
    return f"the master key is there, and private{again}"


def _disk() -> str:
    home = settings.current().home.resolve()
    free = shutil.disk_usage(next(one for one in (home, *home.parents) if one.exists())).free
    if free < _ENOUGH_FREE:
        raise ConsentError(f"only {free // 1_000_000} MB are free: make room before the next batch")
    return f"{free // 1_000_000_000} GB free"


def _database() -> str:
    with transaction() as session:
        session.connection().execute(text("SELECT count(*) FROM school")).scalar()
    return engine().dialect.name


def _detector() -> str:
    detector.find_faces(np.zeros((64, 64, 3), np.uint8))
    return "the model is there, and the one that was measured"


def _recogniser() -> str:
    recogniser.load()
    return recogniser.MODEL


def _work() -> str:
    with transaction():  # where there is no database, nothing is asked of it
        waiting = [one for one in queue.failures() if not one.given_up]
    if waiting:
        raise ConsentError(f"{len(waiting)} pieces of work wait for somebody")
    return "nothing waits for somebody"
