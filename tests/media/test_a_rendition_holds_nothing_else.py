import io
import struct

import pytest
from made_files import WIDE, drawing, photo_like, png_chunk, saved
from PIL import ExifTags, Image, PngImagePlugin

from consent.media.anatomy import inspect
from consent.media.photo import Output, ReleaseStatus, encode, output_for, release_packet, sanitise
from consent.media.signatures import Format

pytestmark = pytest.mark.usefixtures("home")

RELEASE = "7f3a9c0e5d1b"
PACKET = release_packet(RELEASE, ReleaseStatus.LIMITED).encode()
SECRET = b"Anna-at-52.0907N"


def finished(image: Image.Image, like: Output = Output.JPEG) -> bytes:
    return encode(image, release_id=RELEASE, release_status=ReleaseStatus.LIMITED, like=like)


def loaded_jpeg() -> bytes:
    """A photo with everything a phone or a stranger may put into it."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif[ExifTags.Base.Orientation] = 6
    thumbnail = saved(photo_like(32, 32), "JPEG", comment=SECRET)
    whole = saved(
        photo_like(),
        "JPEG",
        exif=exif.tobytes(),
        comment=SECRET,
        xmp=b"<x>" + SECRET + b"</x>",
        icc_profile=WIDE + SECRET,
    )
    app13 = b"\xff\xed" + struct.pack(">H", 2 + len(SECRET) + len(thumbnail)) + SECRET + thumbnail
    film = b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + SECRET + bytes(100)
    return whole[:2] + app13 + whole[2:] + thumbnail + film


def loaded_png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    whole = saved(drawing(), "PNG", pnginfo=text, icc_profile=WIDE)
    return whole[:-12] + png_chunk(b"prVt", SECRET) + whole[-12:] + SECRET


@pytest.mark.parametrize("content", [loaded_jpeg(), loaded_png()], ids=["JPEG", "PNG"])
@pytest.mark.parametrize("like", Output)
def test_nothing_of_the_input_but_its_pixels_comes_out(content: bytes, like: Output) -> None:
    assert SECRET in content
    out = finished(sanitise(content), like)
    assert SECRET not in out
    assert inspect(out).holds_only(PACKET)


def test_what_hangs_on_the_picture_is_not_written() -> None:
    image = drawing()
    image.info = {"comment": SECRET, "icc_profile": WIDE, "exif": b"Exif\0\0" + SECRET, "dpi": (300, 300)}
    for like in Output:
        assert inspect(finished(image, like)).holds_only(PACKET)


def test_a_rendition_is_a_baseline_picture_in_rgb() -> None:
    with Image.open(io.BytesIO(finished(photo_like()))) as opened:
        assert (opened.format, opened.mode, opened.size) == ("JPEG", "RGB", (96, 64))
        assert not opened.info.get("progressive")
    with Image.open(io.BytesIO(finished(drawing(), Output.PNG))) as opened:
        assert (opened.format, opened.mode, opened.size) == ("PNG", "RGB", (96, 64))


def test_the_packet_says_the_release_and_no_data_mining() -> None:
    with Image.open(io.BytesIO(finished(drawing(), Output.PNG))) as opened:
        opened.load()
        packet = opened.info["xmp"]
    assert b'plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"' in packet
    assert b'plus:ModelReleaseStatus="http://ns.useplus.org/ldf/vocab/MR-LMR"' in packet
    assert b"<rdf:li>7f3a9c0e5d1b</rdf:li>" in packet


@pytest.mark.parametrize("release_id", ["", "Anna Jansen", "a<b>cdefgh", "short", "x" * 65])
def test_only_an_opaque_id_is_written(release_id: str) -> None:
    with pytest.raises(ValueError, match="opaque"):
        encode(drawing(), release_id=release_id, release_status=ReleaseStatus.LIMITED, like=Output.JPEG)


def segment(marker: int, payload: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", 2 + len(payload)) + payload


@pytest.mark.parametrize(
    "extra",
    [
        segment(0xFE, b"a comment"),
        segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
        segment(0xE2, b"ICC_PROFILE\0\1\1" + WIDE),
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc"),
        segment(0xED, b"Photoshop 3.0\0"),
        segment(0xEE, b"Adobe\0"),
        segment(0xC2, b"a progressive frame"),
    ],
    ids=["comment", "EXIF", "ICC", "JFIF thumbnail", "Photoshop", "Adobe", "progressive"],
)
def test_a_foreign_segment_is_found(extra: bytes) -> None:
    whole = finished(photo_like())
    found = inspect(whole[:2] + extra + whole[2:])
    assert found.foreign == (f"FF{extra[1]:02X}",)
    assert not found.holds_only(PACKET)


def test_another_packet_and_a_second_packet_are_found() -> None:
    whole = finished(photo_like())
    second = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")
    assert not inspect(whole[:2] + second + whole[2:]).holds_only(PACKET)
    assert not inspect(whole).holds_only(release_packet(RELEASE, ReleaseStatus.UNLIMITED).encode())
    assert not inspect(saved(photo_like(), "JPEG")).holds_only(PACKET)


@pytest.mark.parametrize("like", Output)
def test_trailing_bytes_are_counted(like: Output) -> None:
    whole = finished(photo_like(), like)
    assert inspect(whole + b"hidden film").trailing == len(b"hidden film")
    assert not inspect(whole + b"\0").holds_only(PACKET)


@pytest.mark.parametrize("like", Output)
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.99])
def test_what_cannot_be_followed_to_its_end_is_not_clean(like: Output, kept: float) -> None:
    whole = finished(photo_like(), like)
    assert not inspect(whole[: int(len(whole) * kept)]).holds_only(PACKET)


@pytest.mark.parametrize("name", [b"tEXt", b"eXIf", b"iCCP", b"acTL", b"prVt", b"PLTE", b"iTXt"])
def test_a_foreign_chunk_is_found(name: bytes) -> None:
    whole = finished(drawing(), Output.PNG)
    found = inspect(whole[:33] + png_chunk(name, b"Comment\0content") + whole[33:])
    assert found.foreign == (name.decode(),)


def test_a_chunk_whose_sum_is_wrong_is_foreign() -> None:
    whole = bytearray(finished(drawing(), Output.PNG))
    whole[-1] ^= 1
    assert inspect(bytes(whole)).foreign == ("IEND",)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_no_picture_is_not_clean(content: bytes) -> None:
    assert not inspect(content).holds_only(PACKET)


def test_a_jpeg_with_nothing_but_a_start_and_an_end_is_not_clean() -> None:
    start = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PACKET)
    assert not inspect(b"\xff\xd8" + start + b"\xff\xd9").holds_only(PACKET)


def test_a_drawing_stays_a_png_and_a_photo_becomes_a_jpeg() -> None:
    assert output_for(drawing(), Format.PNG) is Output.PNG
    assert output_for(photo_like(), Format.PNG) is Output.JPEG
    assert output_for(drawing(), Format.JPEG) is Output.JPEG


def test_png_pixels_are_kept_exactly() -> None:
    image = photo_like()
    with Image.open(io.BytesIO(finished(image, Output.PNG))) as opened:
        assert opened.tobytes() == image.tobytes()
