"""What a finished file is made of, segment by segment, read by our own few lines and no image library.

The leak check compares it with the short list of what may be in a rendition. What is not on the list is foreign:
a comment, a thumbnail, a profile, a second picture, bytes after the end.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_PNG = b"\x89PNG\r\n\x1a\n"
_XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_PNG = b"XML:com.adobe.xmp\0\0\0\0\0"  # keyword, not compressed, no language, no translated keyword
_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # version 1.1, no resolution, no thumbnail


class Part(StrEnum):
    """What a part of the file holds; `FOREIGN` is everything a rendition has no use for."""

    FRAME = "frame"  # what decoding needs: sizes, tables, pixels, the end
    PACKET = "packet"  # the XMP packet
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Anatomy:
    """The parts in order, each with its name in the format, and the bytes that follow the picture's end."""

    parts: tuple[tuple[Part, str], ...]
    packets: tuple[bytes, ...]
    trailing: int

    @property
    def foreign(self) -> tuple[str, ...]:
        """Names of the parts that do not belong in a rendition."""
        return tuple(name for part, name in self.parts if part is Part.FOREIGN)

    @property
    def is_whole(self) -> bool:
        """Whether one picture begins, has pixels, and ends."""
        names = [name for _, name in self.parts]
        once, end = ("FFDA", "EOI") if names[:1] == ["SOI"] else ("IHDR", "IEND")
        return names.count(once) == 1 and names[-1] == end and (end == "EOI" or "IDAT" in names)

    def holds_only(self, packet: bytes) -> bool:
        """Whether the file is one picture and this packet, and nothing else."""
        return self.is_whole and not self.foreign and not self.trailing and self.packets == (packet,)


def inspect(content: bytes) -> Anatomy:
    """The parts of a JPEG or a PNG. What cannot be followed to its end counts as foreign or trailing bytes."""
    walk = _png_parts if content.startswith(_PNG) else _jpeg_parts
    parts: list[tuple[Part, str]] = []
    packets: list[bytes] = []
    end = 0
    for part, name, payload, end in walk(content):  # noqa: B007 - the last end is where the picture ends
        parts.append((part, name))
        if part is Part.PACKET:
            packets.append(payload)
    return Anatomy(tuple(parts), tuple(packets), len(content) - end)


_Walk = Iterator[tuple[Part, str, bytes, int]]

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA  # ITU-T T.81, table B.1
_TABLES = frozenset({0xC0, 0xC1, 0xC4, 0xDB, 0xDD})  # baseline frames, Huffman and quantisation tables, restarts


def _jpeg_parts(content: bytes) -> _Walk:
    if content[:2] != b"\xff\xd8":
        return
    yield Part.FRAME, "SOI", b"", 2
    at = 2
    while content[at : at + 1] == b"\xff" and at + 2 <= len(content):
        marker = content[at + 1]
        if marker == _EOI:
            yield Part.FRAME, "EOI", b"", at + 2
            return
        size = int.from_bytes(content[at + 2 : at + 4])
        payload = content[at + 4 : at + 2 + size]
        end = at + 2 + size
        if size < 2 or end > len(content):  # noqa: PLR2004 - a length counts its own two bytes
            return
        if marker == _SOS:
            end = _after_scan(content, end)
        yield *_jpeg_part(marker, payload), end
        at = end


def _jpeg_part(marker: int, payload: bytes) -> tuple[Part, str, bytes]:
    name = f"FF{marker:02X}"
    if marker in _TABLES or marker == _SOS or (marker == 0xE0 and payload == _JFIF):  # noqa: PLR2004 - APP0
        return Part.FRAME, name, b""
    if marker == 0xE1 and payload.startswith(_XMP_JPEG):  # noqa: PLR2004 - APP1
        return Part.PACKET, name, payload[len(_XMP_JPEG) :]
    return Part.FOREIGN, name, b""


def _after_scan(content: bytes, at: int) -> int:
    """Where the next marker stands: in a scan, FF is followed by 00, or by D0 to D7 to restart."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:  # noqa: PLR2004 - T.81, B.1.1
            return at
        at += 2
    return len(content)


_CHUNKS = frozenset({b"IHDR", b"IDAT", b"IEND"})


def _png_parts(content: bytes) -> _Walk:
    at = len(_PNG)
    while at + 12 <= len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        name, end = content[at + 4 : at + 8], at + 12 + size
        if end > len(content):
            return
        payload = content[at + 8 : end - 4]
        whole = zlib.crc32(name + payload) == int.from_bytes(content[end - 4 : end])
        label = name.decode("latin-1")
        if whole and name == b"iTXt" and payload.startswith(_XMP_PNG):
            yield Part.PACKET, label, payload[len(_XMP_PNG) :], end
        else:
            yield (Part.FRAME if whole and name in _CHUNKS else Part.FOREIGN), label, b"", end
        if name == b"IEND":
            return
        at = end
