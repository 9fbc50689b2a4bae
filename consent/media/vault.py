"""Sealed files by name. Nothing lies here in the clear, and nothing half-written can be read.

An object is a header and a row of chunks, each sealed with its number, whether it is the last, the object's name and
a number drawn for this very object (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). So a
chunk that was changed, left out, moved, doubled or brought from another object opens as `Broken`.

Names are made by the program of fixed words and opaque ids, never of what a user typed.
"""

import errno
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from consent import settings
from consent.errors import Misconfigured, NotFound
from consent.sealing import Broken, seal, unseal

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}(/[a-z0-9][a-z0-9_-]{0,63}){1,5}")
_MAGIC = b"BPV1"
_SERIAL = 16  # bytes, drawn for each object
_CHUNK = 1 << 20  # bytes of content sealed at a time: what a reader of a film holds in memory
_SEALED_CHUNK = _CHUNK + 28  # what `seal` adds


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


@dataclass(frozen=True)
class Stored:
    """What was put: its name, the SHA-256 (hex) and the size (bytes) of the content as it was before sealing."""

    name: str
    sha256: str
    size: int


def put(name: str, content: Readable | bytes, key: bytes) -> Stored:
    """Seal `content` under `key` and keep it as `name`, in place of what had that name.

    On the disk, whole, when this returns; where it fails, what was there before is still there.
    """
    path = _path(name)
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    digest, size = hashlib.sha256(), 0
    partial = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    serial = secrets.token_bytes(_SERIAL)
    created = _create(partial)
    try:
        with created as file:
            _write(file, _MAGIC + serial)
            for number, chunk, is_last in _chunks(source, _CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _write(file, seal(key, chunk, _about(name, serial, number, is_last)))
            _finish(file, partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return Stored(name, digest.hexdigest(), size)


def read(name: str, key: bytes) -> bytes:
    """The whole content, in memory: for photos."""
    return b"".join(_opened(name, key))


def copy_to(name: str, key: bytes, path: Path) -> None:
    """Write the content to `path`, a private working copy, a chunk at a time: for films.

    What does not open to its end leaves no file.
    """
    created = _create(path)
    try:
        with created as file:
            for chunk in _opened(name, key):
                _write(file, chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def erase(name: str) -> None:
    """Remove the object, if it is there. Copies in backups stay closed once their key is destroyed."""
    try:
        _path(name).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(error) from None


def exists(name: str) -> bool:
    """Whether there is such an object."""
    return _path(name).is_file()


def names(prefix: str = "") -> Iterator[str]:
    """Names that begin with the whole path parts of `prefix`, in order."""
    folder = settings.current().vault_folder
    start = folder.joinpath(*prefix.split("/")) if re.fullmatch(r"([a-z0-9][a-z0-9_/-]*)?", prefix) else None
    if start is None:
        raise ValueError("not a prefix of vault names")
    for path in sorted(start.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and _NAME.fullmatch(name):
            yield name


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a vault object")
    return settings.current().vault_folder / name


def _about(name: str, serial: bytes, number: int, is_last: bool) -> str:
    return f"{name} {serial.hex()} {number} {'last' if is_last else 'more'}"


def _chunks(source: Readable, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes and whether it is the last; an empty source has one empty chunk."""
    number, chunk = 0, _fill(source, size)
    while True:
        following = _fill(source, size)
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def _fill(source: Readable, size: int) -> bytes:
    """`size` bytes, fewer only at the end: a socket may give less at a time."""
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _opened(name: str, key: bytes) -> Iterator[bytes]:
    try:
        file = _path(name).open("rb")
    except FileNotFoundError:
        raise NotFound("A sealed file is not where it was put: is the vault's folder there?") from None
    with file:
        header = file.read(len(_MAGIC) + _SERIAL)
        if not header.startswith(_MAGIC):
            raise Broken
        serial = header[len(_MAGIC) :]
        for number, sealed, is_last in _chunks(file, _SEALED_CHUNK):
            yield unseal(key, sealed, _about(name, serial, number, is_last))


def _create(path: Path) -> io.FileIO:
    """A new private file, unbuffered: a full disk is met by the write that does not fit, not by `close`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise _unwritable(error) from None
    return io.FileIO(descriptor, "w")


def _write(file: io.FileIO, part: bytes) -> None:
    rest = memoryview(part)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise _unwritable(error) from None


def _finish(file: io.FileIO, partial: Path, path: Path) -> None:
    try:
        os.fsync(file.fileno())
        partial.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _unwritable(error) from None


def _unwritable(error: OSError) -> Misconfigured:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return Misconfigured("The vault has no room left: free some space on its disk and try again.")
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return Misconfigured("The vault's folder cannot be written: check its owner and its disk.")
        case _:
            return Misconfigured(f"The vault cannot be written: {os.strerror(error.errno or errno.EIO)}.")
