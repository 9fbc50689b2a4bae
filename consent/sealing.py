"""Keys, and sealing with them. Destroying a key is how something is erased for good.

One key per person (templates, portraits, safety reasons) and one per batch (uploads, probe vectors). Each lies in a
file of its own, wrapped under the master key, in a folder that backups leave out: only its newest state exists.
What was sealed under a destroyed key stays closed, in every copy of it that was ever made. `destroyed` keeps the list
of destroyed keys, for `restore` to replay.

Sealing is AES-256-GCM (NIST SP 800-38D) with a random nonce; `about` binds sealed bytes to their place, so that one
cannot be put where another belongs.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent import settings
from consent.errors import ConsentError, Misconfigured

_NONCE = 12  # bytes; the size GCM is specified for
_KEY = 32  # bytes: AES-256


class Destroyed(ConsentError):
    """The key of this was destroyed: it can never be opened again."""


class Broken(ConsentError):
    """Sealed content was changed, cut off, or belongs elsewhere."""


def seal(key: bytes, content: bytes, about: str) -> bytes:
    """`content`, closed under `key` and bound to `about`; 28 bytes longer."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """What `seal` closed, or `Broken`."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise Broken from None


@dataclass(frozen=True)
class KeyStore:
    """The folder of wrapped keys. Owners are `person-<id>`, `batch-<id>`, `school-<id>`."""

    folder: Path
    master: bytes

    def make(self, owner: str) -> bytes:
        """The key of `owner`, made now if there is none; never made anew once destroyed."""
        path = self._path(owner)
        if path.exists():
            return self.key(owner)
        if owner in self.destroyed():
            raise Destroyed
        self.refuse_strange_master()
        key = AESGCM.generate_key(bit_length=8 * _KEY)
        return key if _put_once(path, seal(self.master, key, owner)) else self.key(owner)

    def key(self, owner: str) -> bytes:
        """The key of `owner`."""
        try:
            wrapped = self._path(owner).read_bytes()
        except FileNotFoundError:
            raise Destroyed from None
        try:
            return unseal(self.master, wrapped, owner)
        except Broken:
            raise Misconfigured(
                "The master key does not open this key store: it belongs to another installation."
            ) from None

    def destroy(self, owner: str) -> None:
        """Make all that is sealed under the key of `owner` unreadable, for ever and in every backup.

        Listed first, removed second: a crash between the two is finished by `replay`.
        """
        path = self._path(owner)
        if owner not in self.destroyed():
            with (self.folder / "destroyed").open("a") as listed:
                listed.write(f"{owner}\n")
                listed.flush()
                os.fsync(listed.fileno())
        if path.exists():
            with path.open("r+b") as wrapped:  # what an unlinked file leaves on the disk should be no key
                wrapped.write(os.urandom(path.stat().st_size))
                wrapped.flush()
                os.fsync(wrapped.fileno())
            path.unlink()
            _sync_folder(self.folder)

    def destroyed(self) -> frozenset[str]:
        """Owners whose keys are gone for good."""
        try:
            return frozenset((self.folder / "destroyed").read_text().split())
        except FileNotFoundError:
            return frozenset()

    def replay(self) -> int:
        """Destroy again every listed key that a copied-back folder brought with it; how many there were."""
        returned = [owner for owner in self.destroyed() if self._path(owner).exists()]
        for owner in returned:
            self.destroy(owner)
        return len(returned)

    def refuse_strange_master(self) -> None:
        """No new key under a master key that does not open the others: with the right one back, it would be lost."""
        known = next((path for path in self.folder.glob("*.key") if path.name != "master.key"), None)
        if known is not None:
            self.key(known.stem)

    def _path(self, owner: str) -> Path:
        if not owner.replace("-", "").isalnum():
            raise ValueError("not the name of a key's owner")
        return self.folder / f"{owner}.key"


def key_store() -> KeyStore:
    """The key store of this installation. A missing master key is a refusal, never a new key: see `create_keys`."""
    wanted = settings.current()
    return KeyStore(wanted.keys_folder, _master_key(wanted))


def create_keys() -> None:
    """Make the key folder and, where none is given, a master key; only where nothing sealed can exist yet."""
    wanted = settings.current()
    folder = wanted.keys_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "master.key"
    if wanted.master_key is not None or wanted.master_key_file is not None or path.exists():
        _master_key(wanted)
        return
    sealed_before = wanted.vault_folder.exists() and any(wanted.vault_folder.iterdir())
    if any(folder.glob("*.key")) or sealed_before or (wanted.home / "consent.sqlite").exists():
        raise Misconfigured(_MISSING)
    _put_once(path, settings.new_secret().encode())


_MISSING = (
    "The master key is missing, and there is sealed content it belongs to. "
    "Put it back (CONSENT_MASTER_KEY_FILE, or master.key in the keys folder)."
)


def _master_key(wanted: settings.Settings) -> bytes:
    if wanted.master_key is not None:
        text = wanted.master_key.get_secret_value()
    else:
        path = wanted.master_key_file or wanted.keys_folder / "master.key"
        try:
            text = path.read_text().strip()
        except OSError:
            raise Misconfigured(_MISSING) from None
        if path.stat().st_mode & 0o077:
            raise Misconfigured(f"Other users can read the master key: run `chmod 600` on {path}.")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _KEY or len(set(key)) == 1:
        raise Misconfigured("The master key must be 64 hex digits, made at random.")
    return key


def _put_once(path: Path, content: bytes) -> bool:
    """Write a key that nothing replaces; false where another process made one just now."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    write_whole(partial, content)
    try:
        os.link(partial, path)  # a rename would replace what is there
    except FileExistsError:
        return False
    finally:
        partial.unlink()
    _sync_folder(path.parent)
    return True


def write_whole(path: Path, content: bytes) -> None:
    """Write a private file that is on the disk, whole, when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
