"""Looking at what was made: a finished file decoded again, and small pictures for a report."""

import io

from PIL import Image

from consent.errors import Damaged


def decode(content: bytes) -> Image.Image:
    """A finished rendition as pixels, as anybody who downloads it would see them."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as stored:
            return stored.convert("RGB")
    except (OSError, SyntaxError, ValueError):
        raise Damaged from None


def preview(picture: Image.Image, longest: int) -> bytes:
    """The picture as a JPEG of at most `longest` pixels a side."""
    small = picture.copy()
    small.thumbnail((longest, longest))
    written = io.BytesIO()
    small.save(written, "JPEG", quality=85)
    return written.getvalue()
