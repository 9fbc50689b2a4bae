"""What an installation can be told, by `CONSENT_…` variables. Nothing else reads the environment.

Every field's description is its documentation: `consent doctor` and docs/operations.md print it.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from consent.errors import Misconfigured


class Settings(BaseSettings):
    """One installation. Secrets may also come from the file that `<NAME>_FILE` names."""

    model_config = SettingsConfigDict(env_prefix="CONSENT_", extra="ignore", frozen=True)

    home: Path = Field(default=Path("var"), description="Folder of all state: database, vault, keys.")
    database_url: str = Field(default="", description="PostgreSQL URL; empty: a SQLite file in the home folder.")
    vault: Path | None = Field(
        default=None, description="Folder of the sealed files; default `vault` in the home folder."
    )
    keys: Path | None = Field(
        default=None,
        description="Folder of the person and batch keys; keep it out of backups. Default `keys` in the home.",
    )
    master_key: SecretStr | None = Field(
        default=None,
        description="Master key that opens all others (64 hex digits); default: the file `master.key` in keys.",
    )
    master_key_file: Path | None = Field(default=None, description="File that holds the master key.")
    max_megabytes: int = Field(default=100, gt=0, description="Largest photo file accepted, in megabytes.")
    max_megapixels: int = Field(default=100, gt=0, description="Largest photo accepted, in million pixels.")
    permit_days: int = Field(default=30, gt=0, description="Days a permit to publish holds.")
    keep_originals_days: int = Field(default=30, gt=0, description="Days an original is kept after its batch closes.")
    keep_batch_days: int = Field(default=14, gt=0, description="Days after which a batch closes by itself.")
    workers: int = Field(default=2, gt=0, description="Worker processes that `consent gate` starts; one per core.")

    @model_validator(mode="after")
    def _one_master_key(self) -> "Settings":
        if self.master_key is not None and self.master_key_file is not None:
            raise ValueError("set either CONSENT_MASTER_KEY or CONSENT_MASTER_KEY_FILE, not both")
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the one database, for the program and its jobs."""
        if not self.database_url:
            return f"sqlite:///{self.home.resolve() / 'consent.sqlite'}"
        scheme, mark, rest = self.database_url.partition("://")
        if not mark or scheme not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
            raise Misconfigured("CONSENT_DATABASE_URL must start with postgresql:// or sqlite://.")
        return f"{'sqlite' if scheme == 'sqlite' else 'postgresql+psycopg'}://{rest}"

    @property
    def vault_folder(self) -> Path:
        """Where sealed files lie."""
        return self.vault or self.home / "vault"

    @property
    def keys_folder(self) -> Path:
        """Where wrapped keys lie."""
        return self.keys or self.home / "keys"

    @property
    def has_register(self) -> bool:
        """Whether somebody has made a register here: its database is there, or is named."""
        return bool(self.database_url) or (self.home / "consent.sqlite").exists()


@cache
def current() -> Settings:
    """The settings of this process, read once."""
    return read()


def read(**given: Any) -> Settings:  # noqa: ANN401 - the fields of Settings, by name
    """Settings from the environment, with what is `given` on top; one sentence where they do not fit."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        where = f"CONSENT_{name}" if name else "The settings"
        raise Misconfigured(f"{where} cannot be used: {first['msg']}.") from None


@contextmanager
def moved_to(home: Path) -> Iterator[None]:
    """Be an installation in `home` with its own files for as long as the block runs, child processes included."""
    before = dict(os.environ)
    for name in ("DATABASE_URL", "VAULT", "KEYS", "MASTER_KEY", "MASTER_KEY_FILE"):
        os.environ.pop(f"CONSENT_{name}", None)
    os.environ["CONSENT_HOME"] = str(home.resolve())
    current.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        current.cache_clear()


def new_secret() -> str:
    """32 random bytes as hex: a master key."""
    return secrets.token_hex(32)
