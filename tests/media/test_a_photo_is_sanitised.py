"""Upright, sRGB, on white, and nothing but pixels."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from made_files import WIDE, drawing, photo_like, png_chunk, profile_of, quarters, rgb_profile, saved
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from consent.media.photo import sanitise

pytestmark = pytest.mark.usefixtures("home")

UPRIGHT = ["red", "green", "blue", "yellow"]
AS_STORED = {  # EXIF 3.0, tag 0x0112: how the upright drawing lies in the file
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}


def turned(orientation: int) -> tuple[Image.Image, bytes]:
    image = drawing()
    for step in AS_STORED[orientation]:
        image = image.transpose(step)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return image, exif.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_stands_upright(kind: str, orientation: int) -> None:
    image, exif = turned(orientation)
    upright = sanitise(saved(image, kind, exif=exif, quality=95))
    assert upright.size == (96, 64)
    assert quarters(upright) == UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
def test_a_scan_stands_upright(compression: str, orientation: int) -> None:
    image, _ = turned(orientation)
    upright = sanitise(saved(image, "TIFF", tiffinfo={274: orientation}, compression=compression))
    assert upright.size == (96, 64)
    assert quarters(upright) == UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_iphone_photo_is_turned_once(orientation: int) -> None:
    image, exif = turned(orientation)
    written = io.BytesIO()
    pillow_heif.from_pillow(image).save(written, exif=exif, quality=95)
    upright = sanitise(written.getvalue())
    assert upright.size == (96, 64)
    assert quarters(upright) == UPRIGHT


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0no header of a TIFF",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(9),
    ],
)
def test_broken_exif_turns_nothing(exif: bytes) -> None:
    assert quarters(sanitise(saved(drawing(), "JPEG", exif=exif, quality=95))) == UPRIGHT


def test_broken_exif_in_a_png_text_turns_nothing() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Raw profile type exif", "\nexif\n4\nno hex digits")
    assert quarters(sanitise(saved(drawing(), "PNG", pnginfo=text))) == UPRIGHT


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_orientation_in_xmp_turns_nothing_as_in_any_viewer(kind: str) -> None:
    packet = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", packet.decode())
    upright = sanitise(saved(drawing(), kind, xmp=packet, pnginfo=text, quality=95))
    assert quarters(upright) == UPRIGHT


def test_the_main_picture_of_several_is_the_photo() -> None:
    written = io.BytesIO()
    several = pillow_heif.from_pillow(photo_like())
    several.add_from_pillow(drawing())
    several.save(written, primary_index=1, quality=95)
    assert quarters(sanitise(written.getvalue())) == UPRIGHT


def test_an_impossible_orientation_turns_nothing() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 9
    assert quarters(sanitise(saved(drawing(), "JPEG", exif=exif.tobytes(), quality=95))) == UPRIGHT


def test_nothing_but_pixels_is_left() -> None:
    image, exif = turned(6)
    fresh = sanitise(saved(image, "JPEG", exif=exif, comment=b"Anna, class 5b", xmp=b"<x/>", icc_profile=WIDE))
    assert (type(fresh), fresh.mode, fresh.info) == (Image.Image, "RGB", {})


def test_see_through_places_are_white() -> None:
    image = drawing().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    assert sanitise(saved(image, "PNG")).getcolors() == [(96 * 64, (255, 255, 255))]


def test_half_transparent_places_are_half_white() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    assert sanitise(saved(image, "WEBP", lossless=True)).getpixel((4, 4)) == pytest.approx((127, 127, 127), abs=1)


def test_a_see_through_colour_of_a_palette_is_white() -> None:
    image = drawing().quantize(4)
    hidden = image.getpixel((0, 0))
    fresh = sanitise(saved(image, "PNG", transparency=hidden))
    assert fresh.getpixel((0, 0)) == (255, 255, 255)
    assert fresh.getpixel((95, 0)) != (255, 255, 255)


def test_grey_with_alpha_is_on_white() -> None:
    image = Image.merge("LA", [Image.new("L", (8, 8), 10), Image.linear_gradient("L").resize((8, 8))])
    fresh = np.asarray(sanitise(saved(image, "PNG")))
    assert fresh[0].mean() > 220
    assert fresh[7].mean() < 60


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    fresh = sanitise(saved(drawing().convert(mode), "TIFF"))
    assert fresh.mode == "RGB"
    darker, lighter = (np.asarray(fresh)[rows, :48].mean() for rows in (slice(32, 64), slice(0, 32)))
    assert lighter != darker


def test_grey_of_sixteen_bits_is_scaled_and_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None, :].repeat(4, axis=0)
    fresh = np.asarray(sanitise(saved(Image.fromarray(ramp), "PNG")))
    assert np.abs(fresh[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_grey_of_twelve_bits_in_a_scan_is_scaled() -> None:
    ramp = np.linspace(0, 4095, 256).astype(np.uint16)[None, :].repeat(4, axis=0)
    values = ramp.reshape(-1, 2).astype(int)
    packed = np.stack([values[:, 0] >> 4, (values[:, 0] & 15) << 4 | values[:, 1] >> 8, values[:, 1] & 255], axis=-1)
    fresh = np.asarray(sanitise(twelve_bits(packed.astype(np.uint8).tobytes(), 256, 4)))
    assert np.abs(fresh[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def twelve_bits(packed: bytes, width: int, height: int) -> bytes:
    entries = [(256, 4, width), (257, 4, height), (258, 3, 12), (259, 3, 1), (262, 3, 1), (273, 4, 200), (277, 3, 1)]
    entries += [(278, 4, height), (279, 4, len(packed))]
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + bytes(4)
    return head + bytes(200 - len(head)) + packed


def test_floating_point_is_spread_from_black_to_white() -> None:
    ramp = np.linspace(-2, 6, 256).astype(np.float32)[None, :].repeat(4, axis=0)
    fresh = np.asarray(sanitise(saved(Image.fromarray(ramp), "TIFF")))
    assert np.abs(fresh[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_a_flat_picture_of_whole_numbers_is_judged_too() -> None:
    fresh = sanitise(saved(Image.fromarray(np.full((4, 4), 70_000, np.int32)), "TIFF"))
    assert fresh.size == (4, 4)


def test_colour_of_sixteen_bits_is_scaled() -> None:
    rows = b"".join(b"\0" + b"\x40\x00\x80\x00\xc0\x00" * 8 for _ in range(8))
    content = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0))
    content += png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    assert sanitise(content).getpixel((4, 4)) == (0x40, 0x80, 0xC0)


def test_wide_colours_look_as_they_were_meant() -> None:
    """Worked out by hand from the two standards' matrices: this P3 colour is sRGB's (200, 80, 80)."""
    srgb = (200, 80, 80)
    to_wide = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(WIDE)), "RGB", "RGB"
    )
    stored = ImageCms.applyTransform(Image.new("RGB", (8, 8), srgb), to_wide)
    assert stored.getpixel((0, 0))[0] < 195  # the same red needs less in a wider space
    assert sanitise(saved(stored, "PNG", icc_profile=WIDE)).getpixel((0, 0)) == pytest.approx(srgb, abs=3)


def test_a_profile_that_says_srgb_changes_no_pixel() -> None:
    image = photo_like()
    assert sanitise(saved(image, "PNG", icc_profile=profile_of("sRGB"))).tobytes() == image.tobytes()


@pytest.mark.parametrize("profile", [b"broken", profile_of("sRGB")[:200], bytes(500)])
def test_a_broken_profile_counts_as_none(profile: bytes) -> None:
    image = photo_like()
    assert sanitise(saved(image, "PNG", icc_profile=profile)).tobytes() == image.tobytes()


def test_a_colour_profile_on_a_grey_picture_counts_as_none() -> None:
    image = photo_like().convert("L")
    assert sanitise(saved(image, "PNG", icc_profile=WIDE)).tobytes() == image.convert("RGB").tobytes()


def test_a_darker_gamma_is_brought_to_srgb() -> None:
    primaries = [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)]  # sRGB's own
    linear = Image.new("RGB", (8, 8), (55, 55, 55))  # 0.2157 of the light
    fresh = sanitise(saved(linear, "PNG", icc_profile=rgb_profile(primaries, 1.0)))
    assert fresh.getpixel((0, 0)) == pytest.approx((128, 128, 128), abs=2)


def test_printing_colours_are_not_inverted() -> None:
    white = Image.new("CMYK", (8, 8), (0, 0, 0, 0))
    assert sanitise(saved(white, "JPEG", quality=95)).getpixel((4, 4)) == pytest.approx((255, 255, 255), abs=2)


def test_lab_colours_become_the_same_srgb() -> None:
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(drawing(), to_lab)
    assert quarters(sanitise(saved(lab, "TIFF"))) == UPRIGHT


def test_a_gif_of_one_frame_is_a_picture() -> None:
    assert quarters(sanitise(saved(drawing(), "GIF"))) == UPRIGHT


def test_a_hidden_png_text_is_not_kept() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Anna")
    assert sanitise(saved(drawing(), "PNG", pnginfo=text)).info == {}
