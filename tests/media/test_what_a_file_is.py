import io
import struct
import zipfile
import zlib

import pillow_heif
import pytest
from made_files import drawing, photo_like, png_chunk, png_header, saved
from PIL import Image

from consent.errors import Damaged, Encrypted, Film, TooLarge, UnknownFormat, Unusable
from consent.media.photo import sanitise
from consent.media.probe import Kind, probe
from consent.media.signatures import Format

pytestmark = pytest.mark.usefixtures("home")


def as_heif(image: Image.Image) -> bytes:
    written = io.BytesIO()
    pillow_heif.from_pillow(image).save(written)
    return written.getvalue()


def frames(kind: str) -> bytes:
    return saved(drawing(), kind, save_all=True, append_images=[photo_like(), photo_like(seed=2)])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("JPEG", Format.JPEG),
        ("PNG", Format.PNG),
        ("WEBP", Format.WEBP),
        ("AVIF", Format.AVIF),
        ("TIFF", Format.TIFF),
        ("BMP", Format.BMP),
        ("GIF", Format.GIF),
    ],
)
def test_a_photo_is_known_by_its_content(kind: str, expected: Format) -> None:
    found = probe(saved(drawing(), kind))
    assert (found.kind, found.format, found.width, found.height, found.frames) == (Kind.PHOTO, expected, 96, 64, 1)


def test_an_iphone_photo_is_known() -> None:
    assert probe(as_heif(drawing())).format is Format.HEIF


def test_several_jpegs_in_one_file_are_a_photo_of_the_first() -> None:
    content = frames("MPO")
    assert probe(content).format is Format.MPO
    assert sanitise(content).getpixel((10, 10)) == pytest.approx((220, 30, 30), abs=12)


def test_a_scan_of_several_pages_is_a_photo_of_the_first() -> None:
    content = frames("TIFF")
    assert probe(content).format is Format.TIFF
    assert sanitise(content).tobytes() == drawing().tobytes()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_film(kind: str) -> None:
    with pytest.raises(Film, match=r"This is an animation\. .* cannot be judged yet"):
        probe(frames(kind))


def test_an_animation_of_iphone_pictures_is_film() -> None:
    with pytest.raises(Film, match="an animation"):
        probe(b"\0\0\0\x18ftyphevc\0\0\0\0hevcmsf1" + b"hvc1" + bytes(40))


def test_an_animated_format_with_one_frame_is_a_photo() -> None:
    content = saved(drawing(), "PNG", save_all=True)
    assert probe(content).format is Format.PNG


FILMS = {
    "MP4": b"\0\0\0\x18ftypisom\0\0\2\0isommp41",
    "phone": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "old QuickTime": b"\0\0\1\0moov" + bytes(20),
    "WebM": b"\x1aE\xdf\xa3\x9fB\x86\x81\1B",
    "AVI": b"RIFF\x24\0\0\0AVI LIST",
    "MPEG": b"\0\0\1\xba\x44\0\4\0",
    "camcorder": (b"G" + bytes(187)) * 4,
    "Windows": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9",
}
SOUNDS = {
    "MP3 with tags": b"ID3\4\0\0\0\0\0\0",
    "MP3": b"\xff\xfb\x90\x64" + bytes(20),
    "AAC": b"\xff\xf1\x50\x80" + bytes(20),
    "M4A": b"\0\0\0\x18ftypM4A \0\0\2\0",
    "WAV": b"RIFF\x24\0\0\0WAVEfmt ",
    "FLAC": b"fLaC\0\0\0\x22",
}


@pytest.mark.parametrize("content", FILMS.values(), ids=FILMS.keys())
def test_a_film_is_named_and_refused(content: bytes) -> None:
    with pytest.raises(Film, match=r"This is a (QuickTime )?film"):
        probe(content)


@pytest.mark.parametrize("content", SOUNDS.values(), ids=SOUNDS.keys())
def test_a_sound_recording_is_named_and_refused(content: bytes) -> None:
    with pytest.raises(Film, match="This is a sound recording"):
        probe(content)


def zipped(name: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "content")
    return written.getvalue()


def locked_zip() -> bytes:
    content = bytearray(zipped("photo.jpg"))
    content[6] |= 1
    return bytes(content)


OTHERS = {
    "a PDF document": b"%PDF-1.7\n1 0 obj",
    "an office document": zipped("[Content_Types].xml"),
    "a ZIP file": zipped("photo.jpg"),
    "an SVG drawing": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "a web page": b"\xef\xbb\xbf<!DOCTYPE html><html>",
    "a JPEG XL picture": b"\xff\x0a" + bytes(20),
    "a JPEG 2000 picture": b"\0\0\0\x0cjP  \r\n\x87\n",
    "a raw camera file": b"II*\0\x10\0\0\0CR\2\0" + bytes(30),
    "a Photoshop file": b"8BPS\0\1" + bytes(20),
    "a program": b"MZ\x90\0\3" + bytes(20),
    "a HEIF picture of a rare kind": b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf" + bytes(20),
    "a text": b"Hello, this is the list of class 5b.",
}


@pytest.mark.parametrize(("what", "content"), OTHERS.items(), ids=OTHERS.keys())
def test_another_file_is_refused_by_what_it_seems_to_be(what: str, content: bytes) -> None:
    with pytest.raises(UnknownFormat, match=f"This seems to be {what}, which cannot be judged"):
        probe(content)


def test_bytes_of_no_kind_are_refused() -> None:
    with pytest.raises(UnknownFormat, match="no kind of file that can be recognised"):
        probe(bytes(range(1, 200)))


LOCKED = {
    "a PDF with a password": b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>",
    "a ZIP file with a password": locked_zip(),
    "an office document with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "an encrypted file": b"-----BEGIN PGP MESSAGE-----",
}


@pytest.mark.parametrize(("what", "content"), LOCKED.items(), ids=LOCKED.keys())
def test_a_locked_file_is_refused_as_locked(what: str, content: bytes) -> None:
    with pytest.raises(Encrypted, match=f"This seems to be {what}"):
        probe(content)


def test_an_empty_file_is_told() -> None:
    with pytest.raises(Damaged, match="This file is empty"):
        probe(b"")


@pytest.mark.parametrize("content", [b"\xff\xd8", b"\x89PNG", b"RIFF"])
def test_a_file_of_first_bytes_only_is_told(content: bytes) -> None:
    with pytest.raises(Damaged, match="cut off"):
        probe(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_cut_off_photo_is_damaged_and_never_half_shown(kind: str, kept: float) -> None:
    content = saved(photo_like(300, 200), kind)
    with pytest.raises(Damaged):
        sanitise(content[: int(len(content) * kept)])


def test_a_cut_off_photo_stays_damaged_where_a_library_allows_half_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # what importing face_recognition does
    content = saved(photo_like(300, 200), "JPEG")
    with pytest.raises(Damaged):
        sanitise(content[: len(content) // 2])


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_cut_off_iphone_photo_is_damaged(kept: float) -> None:
    content = as_heif(photo_like(300, 200))
    with pytest.raises(Damaged):
        sanitise(content[: int(len(content) * kept)])


def huge_tiff() -> bytes:
    entries = [(256, 4, 60000), (257, 4, 60000), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1)]
    entries += [(278, 4, 60000), (279, 4, 100)]
    packed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + bytes(4)


def huge_tile() -> bytes:
    entries = [(256, 4, 10), (257, 4, 10), (258, 3, 8), (259, 3, 5), (262, 3, 1), (277, 3, 1), (322, 4, 60000)]
    entries += [(323, 4, 60000), (324, 4, 8), (325, 4, 100)]
    packed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + bytes(4)


HUGE = {
    "PNG": png_header(60000, 60000) + png_chunk(b"IDAT", b"x\x9c") + png_chunk(b"IEND", b""),
    "PNG of nothing else": png_header(2**31 - 1, 2**31 - 1),
    "GIF": b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\2D\1\0;",
    "WebP": b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0VP8 ",
    "BMP": b"BM" + struct.pack("<IHHI", 70, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 60000, 60000, 1, 24, *[0] * 6),
    "JPEG": b"\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\3\1\x22\0\2\x11\1\3\x11\1"
    b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0",
    "TIFF": huge_tiff(),
    "TIFF of one huge tile": huge_tile(),
    "AVIF": b"\0\0\0\x18ftypavif\0\0\0\0avifmif1\0\0\0\x14ispe\0\0\0\0\0\0\xff\xff\0\0\xff\xffav01",
}


@pytest.mark.parametrize("content", HUGE.values(), ids=HUGE.keys())
def test_a_picture_of_too_many_pixels_is_refused_from_its_header(content: bytes) -> None:
    with pytest.raises(TooLarge, match="more than the 100 million pixels"):
        probe(content)


def test_a_picture_just_within_the_limit_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_MAX_MEGAPIXELS", "1")
    probe(saved(Image.new("L", (1000, 1000)), "PNG"))
    with pytest.raises(TooLarge, match="more than the 1 million pixels"):
        probe(saved(Image.new("L", (1001, 1000)), "PNG"))


def test_a_picture_too_long_for_any_rendition_is_refused() -> None:
    with pytest.raises(TooLarge, match="longer than 65500 pixels"):
        probe(saved(Image.new("L", (66_000, 1)), "PNG"))


def test_a_file_of_too_many_megabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_MAX_MEGABYTES", "1")
    with pytest.raises(TooLarge, match="larger than the 1 megabytes"):
        probe(b"\xff\xd8\xff" + bytes(1_000_000))


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    content = saved(photo_like(), "JPEG", progressive=True)
    start = content.index(b"\xff\xda")
    scan = content[start : content.index(b"\xff\xc4", start)]
    with pytest.raises(Damaged):
        probe(content[:start] + scan * 200 + content[start:])


def test_a_heif_larger_than_it_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_MAX_MEGAPIXELS", "1")
    content = as_heif(Image.new("RGB", (1200, 1000)))
    understated = content.replace(struct.pack(">II", 1200, 1000), struct.pack(">II", 120, 100))
    assert understated != content
    with pytest.raises(Unusable):
        sanitise(understated)


@pytest.mark.parametrize("tag", [{50706: b"\1\4\0\0"}, {254: 1, 330: 8}], ids=["DNG", "preview"])
def test_a_raw_camera_file_that_opens_as_its_preview_is_refused(tag: dict[int, int | bytes]) -> None:
    with pytest.raises(UnknownFormat, match="a raw camera file"):
        probe(saved(drawing(), "TIFF", tiffinfo=tag))


def test_a_text_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = io.BytesIO()
    packer = zlib.compressobj(9)
    for _ in range(100):
        bomb.write(packer.compress(bytes(1 << 20)))
    bomb.write(packer.flush())
    whole = saved(drawing(), "PNG")
    text = png_chunk(b"zTXt", b"Comment\0\0" + bomb.getvalue())
    with pytest.raises(Unusable):
        sanitise(whole[:33] + text + whole[33:])
