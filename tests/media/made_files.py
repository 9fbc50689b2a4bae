"""Files for these tests, made by drawing and by hand: no real picture, and no borrowed file."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms


def drawing(width: int = 96, height: int = 64) -> Image.Image:
    """Four quarters: red, green, blue, yellow; so that turning and mirroring show."""
    pixels = np.zeros((height, width, 3), np.uint8)
    top, left = height // 2, width // 2
    pixels[:top, :left], pixels[:top, left:] = (220, 30, 30), (30, 180, 60)
    pixels[top:, :left], pixels[top:, left:] = (40, 60, 200), (230, 210, 40)
    return Image.fromarray(pixels)


def photo_like(width: int = 96, height: int = 64, seed: int = 1) -> Image.Image:
    """Smooth colours with grain: what JPEG was made for."""
    grain = np.random.default_rng(seed).normal(0, 12, (height, width, 3))
    down, across = np.mgrid[0:height, 0:width] / max(width, height)
    smooth = np.stack([90 + 120 * across, 60 + 140 * down, 200 - 120 * across * down], axis=-1)
    return Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def quarters(image: Image.Image) -> list[str]:
    """The colour names of the four quarters: top left, top right, bottom left, bottom right."""
    known = {"red": (220, 30, 30), "green": (30, 180, 60), "blue": (40, 60, 200), "yellow": (230, 210, 40)}
    width, height = image.size
    found = []
    for x, y in [(1, 1), (3, 1), (1, 3), (3, 3)]:
        seen = np.array(image.getpixel((x * width // 4, y * height // 4)))
        found.append(min(known, key=lambda name: float(np.abs(seen - known[name]).sum())))
    return found


def png_chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def rgb_profile(primaries: list[tuple[float, float, float]], gamma: float) -> bytes:
    """A minimal ICC v2 display profile: three primaries (XYZ under D50) and one gamma (ICC.1:2001-04)."""

    def xyz(values: tuple[float, float, float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(78)
    tags = {b"desc": text + bytes(-len(text) % 4), b"wtpt": xyz((0.9642, 1.0, 0.8249))}
    tags |= {b"rXYZ": xyz(primaries[0]), b"gXYZ": xyz(primaries[1]), b"bXYZ": xyz(primaries[2])}
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(content))
        body += content
    header = bytearray(128)
    struct.pack_into(">I", header, 0, 128 + len(table) + len(body))
    header[8:12], header[12:24], header[36:40] = b"\x02\x10\0\0", b"mntrRGB XYZ ", b"acsp"
    header[68:80] = xyz((0.9642, 1.0, 0.8249))[8:]
    return bytes(header) + table + body


# Display P3 (SMPTE EG 432-1) under D50, with the gamma that comes nearest to sRGB's curve
WIDE = rgb_profile([(0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)], 2.2)


def profile_of(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()
