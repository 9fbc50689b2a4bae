"""What a file seems to be, by its first bytes; its name is never asked.

Only the still formats that are listed here go on to a decoder. Everything else gets a sentence that names what it
seems to be, so that whoever handed it in knows what to do.
"""

import re
from enum import StrEnum

from consent.errors import ConsentError, Damaged, Encrypted, Film, UnknownFormat


class Format(StrEnum):
    """The still formats that can be judged."""

    JPEG = "jpeg"
    MPO = "mpo"  # several JPEG pictures in one file; the first is the photo
    PNG = "png"
    WEBP = "webp"
    HEIF = "heif"
    AVIF = "avif"
    TIFF = "tiff"
    BMP = "bmp"
    GIF = "gif"


def recognise(content: bytes) -> Format:
    """The still format this seems to be; raises what a person must be told where it is none."""
    if not content:
        raise Damaged("This file is empty.")
    for seen in (_still, _boxed, _riff, _moving, _document, _other, _text):
        match seen(content):
            case Format() as still:
                return still
            case ConsentError() as refusal:
                raise refusal
    raise UnknownFormat(f"This is no kind of file that can be recognised. {_HAND_IN}")


_HAND_IN = "Hand in the photo itself, as JPEG, PNG or HEIC."
_LATER = "Films, animations and sound cannot be judged yet, so this file is not accepted."


def film(what: str) -> Film:
    """The refusal of what moves or sounds."""
    return Film(f"This is {what}. {_LATER}")


def unknown(what: str) -> UnknownFormat:
    """The refusal of what is recognised and cannot be judged."""
    return UnknownFormat(f"This seems to be {what}, which cannot be judged. {_HAND_IN}")


def encrypted(what: str) -> Encrypted:
    """The refusal of what only its owner can open."""
    return Encrypted(f"This seems to be {what}, which nobody here can open. {_HAND_IN}")


_Seen = Format | ConsentError | None


def _still(content: bytes) -> _Seen:
    if raw := _raw(content):
        return raw
    for start, still in (
        (b"\xff\xd8\xff", Format.JPEG),
        (b"\x89PNG\r\n\x1a\n", Format.PNG),
        (b"GIF87a", Format.GIF),
        (b"GIF89a", Format.GIF),
        (b"II*\0", Format.TIFF),
        (b"MM\0*", Format.TIFF),
        (b"II+\0", Format.TIFF),  # BigTIFF
        (b"MM\0+", Format.TIFF),
        (b"BM", Format.BMP),
    ):
        if content.startswith(start):
            return still
    if content in (b"\xff\xd8", b"\xff") or b"\x89PNG\r\n\x1a\n".startswith(content[:8]) or content == b"RIFF":
        return Damaged("This file is cut off after its first bytes.")
    return None


def _raw(content: bytes) -> _Seen:
    starts = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb")
    if content.startswith(starts) or content[8:11] == b"CR\x02":
        return unknown("a raw camera file")
    return None


_SEQUENCES = frozenset({b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"})
_SOUNDS = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A "})


def _boxed(content: bytes) -> _Seen:
    """The ISO base media family (ISO/IEC 14496-12): a box `ftyp` that lists brands."""
    if content[4:8] in (b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"):
        return film("a QuickTime film")
    if content[4:8] != b"ftyp":
        return None
    main = content[8:12]
    if main in _SOUNDS | _SEQUENCES:
        return film("a sound recording" if main in _SOUNDS else "an animation")
    if main == b"crx ":
        return unknown("a raw camera file")
    size = min(max(int.from_bytes(content[:4]), 16), 256)
    brands = {main} | {content[at : at + 4] for at in range(16, size, 4)}
    if brands & {b"avif", b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2"}:
        return _heif(content)
    return film("a film")


def _heif(content: bytes) -> _Seen:
    """By the coding of its pictures: the family holds more kinds than any one reader knows."""
    if b"hvc1" in content:
        return Format.HEIF
    return Format.AVIF if b"av01" in content else unknown("a HEIF picture of a rare kind")


def _riff(content: bytes) -> _Seen:
    if content[:4] not in (b"RIFF", b"RIFX", b"RF64"):
        return None
    match content[8:12]:
        case b"WEBP":
            return Format.WEBP
        case b"AVI ":
            return film("a film")
        case b"WAVE":
            return film("a sound recording")
    return unknown("a file for a program that is not known here")


_MOVING = (
    (b"\x1aE\xdf\xa3", "a film"),  # Matroska, WebM
    (b"\0\0\x01\xba", "a film"),  # MPEG program stream
    (b"\0\0\x01\xb3", "a film"),
    (b"FLV\x01", "a film"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a film or a sound recording"),  # Windows Media
    (b"OggS", "a film or a sound recording"),
    (b"\x8aMNG", "an animation"),
    (b"fLaC", "a sound recording"),
    (b"ID3", "a sound recording"),
    (b"FORM", "a sound recording"),
    (b"MThd", "a sound recording"),
    (b"#!AMR", "a sound recording"),
    (b"caff", "a sound recording"),
)


def _moving(content: bytes) -> _Seen:
    for start, what in _MOVING:
        if content.startswith(start):
            return film(what)
    if content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE6 in (0xE2, 0xE0):  # MPEG audio, AAC
        return film("a sound recording")
    if content[4:6] in (b"\x11\xaf", b"\x12\xaf"):
        return film("an animation")
    if content[:1] == b"G" and content[188:189] == b"G" and content[376:377] == b"G":  # MPEG transport stream
        return film("a film")
    return None


def _document(content: bytes) -> _Seen:
    if b"%PDF-" in content[:1024]:
        return encrypted("a PDF with a password") if b"/Encrypt" in content else unknown("a PDF document")
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        is_locked = "EncryptedPackage".encode("utf-16-le") in content
        return encrypted("an office document with a password") if is_locked else unknown("an office document")
    if content.startswith((b"-----BEGIN PGP MESSAGE", b"age-encryption.org/", b"Salted__")):
        return encrypted("an encrypted file")
    return None


def _zipped(content: bytes) -> ConsentError:
    if int.from_bytes(content[6:8], "little") & 1:  # of the first file in it
        return encrypted("a ZIP file with a password")
    is_office = b"[Content_Types].xml" in content or content[30:38] == b"mimetype"
    return unknown("an office document" if is_office else "a ZIP file")


_OTHER = (
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"II\xbc", "a JPEG XR picture"),
    (b"8BPS", "a Photoshop file"),
    (b"gimp xcf", "a GIMP file"),
    (b"\0\0\x01\0", "an icon"),
    (b"\0\0\x02\0", "a mouse pointer"),
    (b"icns", "an icon"),
    (b"DDS ", "a picture of a computer game"),
    (b"BLP", "a picture of a computer game"),
    (b"qoif", "a QOI picture"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance picture"),
    (b"\x01\xda", "an SGI picture"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "a text document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file"),
    (b"Rar!", "a RAR file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a program"),
)


def _other(content: bytes) -> _Seen:
    for start, what in _OTHER:
        if content.startswith(start):
            return unknown(what)
    if re.match(rb"P[1-7F][\s#]", content):
        return unknown("a Netpbm picture")
    return unknown("a tape archive") if content[257:262] == b"ustar" else None


def _text(content: bytes) -> _Seen:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return unknown("a web page")
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start):
        return unknown("an SVG drawing")
    if not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", start) and start.decode("utf-8", "ignore"):
        return unknown("a text")
    return None
