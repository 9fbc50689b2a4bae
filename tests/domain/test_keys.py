"""Keys are made once, in an empty home, and destroyed for good."""

from pathlib import Path

import pytest

from consent import sealing
from consent.errors import Misconfigured
from consent.sealing import Destroyed, KeyStore


def test_a_key_is_made_once(sqlite_home: Path) -> None:
    store = sealing.key_store()
    assert store.make("batch-1") == store.make("batch-1") == store.key("batch-1")
    assert store.make("batch-2") != store.key("batch-1")


def test_a_destroyed_key_is_never_made_anew(sqlite_home: Path) -> None:
    store = sealing.key_store()
    store.make("batch-1")
    store.destroy("batch-1")
    store.destroy("batch-1")
    for attempt in (store.key, store.make):
        with pytest.raises(Destroyed):
            attempt("batch-1")
    assert store.destroyed() == {"batch-1"}


def test_without_its_master_key_a_register_gets_no_new_one(sqlite_home: Path) -> None:
    (sqlite_home / "keys" / "master.key").unlink()
    with pytest.raises(Misconfigured, match="Put it back"):
        sealing.create_keys()
    assert not (sqlite_home / "keys" / "master.key").exists()


def test_a_wrapped_key_does_not_serve_another_owner(sqlite_home: Path) -> None:
    store = sealing.key_store()
    store.make("batch-1")
    folder = sqlite_home / "keys"
    (folder / "batch-2.key").write_bytes((folder / "batch-1.key").read_bytes())
    with pytest.raises(Misconfigured, match="another installation"):
        store.key("batch-2")


@pytest.mark.parametrize("owner", ["../master", "a/b", "", "."])
def test_an_owner_is_no_path(sqlite_home: Path, owner: str) -> None:
    with pytest.raises(ValueError, match="owner"):
        sealing.key_store().make(owner)


def test_a_master_key_of_one_repeated_byte_is_refused(sqlite_home: Path) -> None:
    path = sqlite_home / "keys" / "master.key"
    path.write_text("00" * 32)
    with pytest.raises(Misconfigured, match="at random"):
        sealing.key_store()


def test_no_partial_key_is_left_behind(sqlite_home: Path) -> None:
    sealing.key_store().make("batch-1")
    assert sorted(path.name for path in (sqlite_home / "keys").iterdir()) == ["batch-1.key", "master.key"]
    assert isinstance(sealing.key_store(), KeyStore)
