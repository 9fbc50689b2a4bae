"""Drawn scenes as the files a telephone would make of them: with everything inside that must never be published.

The EXIF block is put together by hand, since a thumbnail with an address in the file is what image libraries leave out.
"""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageCms

from consent.demo.scenes import Scene

COMMENT = b"groep 6 van juf Annemieke, niet delen"
_SHORT, _LONG, _RATIONAL, _ASCII, _UNDEFINED = 3, 4, 5, 2, 7  # EXIF 2.32, section 4.6.2
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="juf Annemieke"/></rdf:RDF></x:xmpmeta>'
)
# What has to be done to upright pixels so that a viewer who obeys the orientation sees them upright again.
_TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value: bytes


def jpeg(scene: Scene, *, orientation: int = 1, quality: int = 88, taken: str = "2026:05:28 10:15:00") -> bytes:
    """A JPEG with orientation, place, time, camera, thumbnail, colour profile, XMP and a comment.

    The scene's boxes are in the upright picture, whatever the orientation.
    """
    turn = _TURNS[orientation]
    stored = scene.picture if turn is None else scene.picture.transpose(turn)
    thumbnail = io.BytesIO()
    small = stored.copy()
    small.thumbnail((160, 160))
    small.save(thumbnail, "JPEG", quality=70)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    exif = _exif(orientation, taken, thumbnail.getvalue())
    stored.save(file, "JPEG", quality=quality, exif=exif, comment=COMMENT, icc_profile=profile, xmp=_XMP)
    return file.getvalue()


def _exif(orientation: int, taken: str, thumbnail: bytes) -> bytes:
    """Four directories one after the other: the picture's, the camera's, the place's, the thumbnail's."""
    when = _text(0x9003, taken)
    camera = [when, _Entry(0x9286, _UNDEFINED, 8 + len(COMMENT), b"ASCII\0\0\0" + COMMENT)]
    place = [
        _Entry(0x0001, _ASCII, 2, b"N\0"),
        _Entry(0x0002, _RATIONAL, 3, struct.pack(">6I", 52, 1, 5, 1, 2112, 100)),
        _Entry(0x0003, _ASCII, 2, b"E\0"),
        _Entry(0x0004, _RATIONAL, 3, struct.pack(">6I", 5, 1, 7, 1, 1044, 100)),
    ]
    first = [
        _text(0x010F, "Tekentafel"),
        _text(0x0110, "T-1"),
        _Entry(0x0112, _SHORT, 1, struct.pack(">H", orientation)),
        _text(0x0132, taken),
        _number(0x8769, 0),
        _number(0x8825, 0),
    ]
    last = [_Entry(0x0103, _SHORT, 1, struct.pack(">H", 6)), _number(0x0201, 0), _number(0x0202, len(thumbnail))]
    camera_at = 8 + len(_directory(first, 8, 0))
    place_at = camera_at + len(_directory(camera, camera_at, 0))
    last_at = place_at + len(_directory(place, place_at, 0))
    thumbnail_at = last_at + len(_directory(last, last_at, 0))
    first[-2:] = [_number(0x8769, camera_at), _number(0x8825, place_at)]
    last[1] = _number(0x0201, thumbnail_at)
    tiff = b"MM\0*" + struct.pack(">I", 8) + _directory(first, 8, last_at)
    tiff += _directory(camera, camera_at, 0) + _directory(place, place_at, 0) + _directory(last, last_at, 0)
    return b"Exif\0\0" + tiff + thumbnail


def _text(tag: int, text: str) -> _Entry:
    value = text.encode("ascii") + b"\0"
    return _Entry(tag, _ASCII, len(value), value)


def _number(tag: int, value: int) -> _Entry:
    return _Entry(tag, _LONG, 1, struct.pack(">I", value))


def _directory(entries: list[_Entry], at: int, following: int) -> bytes:
    """One TIFF directory that begins at an offset; values longer than four bytes come after its table."""
    table, beyond = struct.pack(">H", len(entries)), b""
    after = at + 2 + 12 * len(entries) + 4
    for entry in entries:
        field = entry.value
        if len(field) > 4:  # noqa: PLR2004 - what fits into a TIFF entry itself
            field = struct.pack(">I", after + len(beyond))
            beyond += entry.value + b"\0" * (len(entry.value) % 2)
        table += struct.pack(">HHI", entry.tag, entry.kind, entry.count) + field.ljust(4, b"\0")
    return table + struct.pack(">I", following) + beyond
