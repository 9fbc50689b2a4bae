"""Whether an installation can do its work: what `consent doctor` looks at."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import SecretStr
from sqlalchemy import text

from consent import queue, sealing, settings
from consent.database import engine, sayable_faults, transaction
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
    probe = sealing.seal(store.master, b"probe", "doctor")
    sealing.unseal(store.master, probe, "doctor")
    returned = store.replay()
    again = f"; {returned} destroyed keys had come back and were destroyed again" if returned else ""
    return f"the master key is there, and private{again}"


def _disk() -> str:
    home = settings.current().home
    free = shutil.disk_usage(home if home.exists() else home.resolve().parent).free
    if free < _ENOUGH_FREE:
        raise ConsentError(f"only {free // 1_000_000} MB are free: make room before the next batch")
    return f"{free // 1_000_000_000} GB free"


def _database() -> str:
    with sayable_faults(), engine().connect() as connection:
        connection.execute(text("SELECT count(*) FROM school")).scalar()
    with transaction() as session:
        session.connection()
    return engine().dialect.name


def _detector() -> str:
    detector.find_faces(np.zeros((64, 64, 3), np.uint8))
    return "the model is there, and the one that was measured"


def _recogniser() -> str:
    recogniser.load()
    return recogniser.MODEL


def _work() -> str:
    failures = queue.failures()
    if failures:
        raise ConsentError(f"{len(failures)} pieces of work wait for somebody")
    return "nothing failed"
