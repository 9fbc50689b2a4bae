import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from consent.errors import Misconfigured, NotFound
from consent.media import vault
from consent.sealing import Broken

KEY = bytes(range(32))
NAME = "uploads/0a1b2c/original"
CHUNK = 1 << 20
SEALED = CHUNK + 28
HEADER = 20

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def sealed(home: Path) -> Path:
    """Three chunks: two full, one short."""
    vault.put(NAME, b"a" * CHUNK + b"b" * CHUNK + b"c" * 10, KEY)
    return home / "vault" / NAME


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_was_put_is_read_again(size: int) -> None:
    content = os.urandom(size)
    stored = vault.put(NAME, content, KEY)
    assert (stored.name, stored.size) == (NAME, size)
    assert vault.read(NAME, KEY) == content


def test_the_digest_is_that_of_the_plain_content() -> None:
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, of "abc"
    assert vault.put(NAME, b"abc", KEY).sha256 == known


def test_a_stream_that_gives_little_at_a_time_is_put_whole() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 70_001))

    content = os.urandom(CHUNK + 5)
    vault.put(NAME, Trickle(content), KEY)
    assert vault.read(NAME, KEY) == content


def test_nothing_lies_in_the_clear(home: Path) -> None:
    vault.put(NAME, b"the face of Anna" * 1000, KEY)
    assert b"Anna" not in (home / "vault" / NAME).read_bytes()


def test_only_its_owner_can_read_the_file(sealed: Path) -> None:
    assert sealed.stat().st_mode & 0o077 == 0


def test_another_key_opens_nothing(sealed: Path) -> None:
    with pytest.raises(Broken):
        vault.read(NAME, bytes(32))


@pytest.mark.parametrize("place", [2, HEADER - 1, HEADER + 3, HEADER + 500, HEADER + SEALED + 1, -1])
def test_a_flipped_bit_is_noticed(sealed: Path, place: int) -> None:
    content = bytearray(sealed.read_bytes())
    content[place] ^= 1
    sealed.write_bytes(content)
    with pytest.raises(Broken):
        vault.read(NAME, KEY)


@pytest.mark.parametrize(
    "size", [0, 3, HEADER, HEADER + 5, HEADER + SEALED, HEADER + 2 * SEALED, HEADER + 2 * SEALED + 30]
)
def test_a_cut_off_file_is_noticed(sealed: Path, size: int) -> None:
    sealed.write_bytes(sealed.read_bytes()[:size])
    with pytest.raises(Broken):
        vault.read(NAME, KEY)


def test_chunks_in_another_order_are_noticed(sealed: Path) -> None:
    content = sealed.read_bytes()
    head, first, second = content[:HEADER], content[HEADER : HEADER + SEALED], content[HEADER + SEALED :][:SEALED]
    sealed.write_bytes(head + second + first + content[HEADER + 2 * SEALED :])
    with pytest.raises(Broken):
        vault.read(NAME, KEY)


def test_a_chunk_of_the_former_object_of_that_name_is_noticed(sealed: Path) -> None:
    former = sealed.read_bytes()
    vault.put(NAME, b"d" * CHUNK + b"e" * CHUNK + b"f" * 10, KEY)
    newer = sealed.read_bytes()
    sealed.write_bytes(newer[: HEADER + SEALED] + former[HEADER + SEALED :])
    with pytest.raises(Broken):
        vault.read(NAME, KEY)


def test_an_object_under_another_name_does_not_open(sealed: Path, home: Path) -> None:
    (home / "vault/uploads/ffff").mkdir()
    (home / "vault/uploads/ffff/original").write_bytes(sealed.read_bytes())
    with pytest.raises(Broken):
        vault.read("uploads/ffff/original", KEY)


def test_a_newer_object_replaces_the_former() -> None:
    vault.put(NAME, b"before", KEY)
    vault.put(NAME, b"after", KEY)
    assert vault.read(NAME, KEY) == b"after"


def test_what_was_erased_is_gone_and_erasing_twice_is_harmless(sealed: Path) -> None:
    vault.erase(NAME)
    vault.erase(NAME)
    assert not sealed.exists()
    assert not vault.exists(NAME)
    with pytest.raises(NotFound):
        vault.read(NAME, KEY)


def test_names_are_listed_under_a_prefix_only() -> None:
    for name in ("uploads/b/original", "uploads/a/original", "renditions/a/website"):
        vault.put(name, b"", KEY)
    assert list(vault.names("uploads")) == ["uploads/a/original", "uploads/b/original"]
    assert list(vault.names("uploads/a")) == ["uploads/a/original"]
    assert len(list(vault.names())) == 3
    assert list(vault.names("nothing")) == []


@pytest.mark.parametrize(
    "name", ["", "x", "/etc/passwd", "uploads/../master", "uploads//a", "uploads/A", "uploads/a.jpg", "uploads/a\n"]
)
def test_a_name_that_the_program_does_not_make_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        vault.put(name, b"", KEY)


def test_a_prefix_cannot_leave_the_vault() -> None:
    with pytest.raises(ValueError, match="prefix"):
        list(vault.names("../keys"))


def test_a_copy_is_whole_and_private(sealed: Path, tmp_path: Path) -> None:
    vault.copy_to(NAME, KEY, tmp_path / "work" / "film")
    copy = tmp_path / "work" / "film"
    assert copy.read_bytes() == vault.read(NAME, KEY)
    assert copy.stat().st_mode & 0o077 == 0


def test_a_copy_that_does_not_open_to_its_end_is_removed(sealed: Path, tmp_path: Path) -> None:
    sealed.write_bytes(sealed.read_bytes()[: HEADER + SEALED])
    with pytest.raises(Broken):
        vault.copy_to(NAME, KEY, tmp_path / "film")
    assert not (tmp_path / "film").exists()


def test_a_source_that_breaks_off_leaves_what_was_there_before(home: Path) -> None:
    class Lost(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise ConnectionResetError

    vault.put(NAME, b"before", KEY)
    with pytest.raises(ConnectionResetError):
        vault.put(NAME, Lost(), KEY)
    assert vault.read(NAME, KEY) == b"before"
    assert [path.name for path in (home / "vault").rglob("*") if path.is_file()] == ["original"]


def run(lines: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", lines, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - lines of this file


_FILL = """
import resource, sys
from consent.errors import Misconfigured
from consent.media import vault
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    vault.put("uploads/0a1b2c/original", b"x" * 5_000_000, bytes(range(32)))
except Misconfigured as told:
    sys.exit(str(told))
"""


def test_a_full_disk_is_told_and_leaves_what_was_there_before(home: Path) -> None:
    vault.put(NAME, b"before", KEY)
    told = run(_FILL)
    assert told.returncode == 1
    assert told.stderr == "The vault has no room left: free some space on its disk and try again.\n"
    assert vault.read(NAME, KEY) == b"before"
    assert [path.name for path in (home / "vault").rglob("*") if path.is_file()] == ["original"]


def test_a_folder_that_cannot_be_made_is_told(home: Path) -> None:
    (home / "vault").write_text("a file stands in the way")
    with pytest.raises(Misconfigured, match=r"The vault cannot be written: .+\."):
        vault.put(NAME, b"content", KEY)


_STREAM = """
import re, sys
from pathlib import Path
from consent.media import vault
def most():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1))
class Zeros:
    left = 300 << 20
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)
before = most()
key = bytes(range(32))
vault.put("uploads/0a1b2c/original", Zeros(), key)
vault.copy_to("uploads/0a1b2c/original", key, Path(sys.argv[1]))
print(most() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux")
def test_a_film_passes_without_being_held_in_memory(tmp_path: Path) -> None:
    copy = tmp_path / "film"
    told = run(_STREAM, str(copy))
    assert copy.stat().st_size == 300 << 20
    assert int(told.stdout) < 40 * 1024  # KiB: a few chunks, not 300 MiB
