"""What a file really is, by its content, and the only door to a decoder.

Size and pixels are limited before anything is decoded. Nothing here trusts a name, and nothing keeps what it opened.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile, TiffImagePlugin

from consent import settings
from consent.errors import Damaged, TooLarge
from consent.media.signatures import Format, film, recognise, unknown


class Kind(StrEnum):
    """What can be handed in."""

    PHOTO = "photo"
    FILM = "film"
    SOUND = "sound"


@dataclass(frozen=True)
class Probed:
    """What a file is. Width and height in pixels, as stored: turning by EXIF is not yet applied.

    `frames` counts what will be judged: one for a photo, whatever else its file holds.
    """

    kind: Kind
    format: Format
    width: int
    height: int
    frames: int = 1


def probe(content: bytes) -> Probed:
    """What this is, or one of the `Unusable` refusals. Nothing is decoded."""
    with opened(content) as (image, still):
        return Probed(Kind.PHOTO, still, image.width, image.height)


@contextmanager
def opened(content: bytes) -> Iterator[tuple[ImageFile.ImageFile, Format]]:
    """The photo, opened under limits and not yet decoded. What goes wrong inside is told as `Damaged` or `TooLarge`.

    Keep the body to reading: a mistake of ours in it would be told as a damaged file too.
    """
    wanted = settings.current()
    if len(content) > wanted.max_megabytes * 1_000_000:
        raise TooLarge(f"This file is larger than the {wanted.max_megabytes} megabytes that are allowed.")
    still = recognise(content)
    limit = wanted.max_megapixels * 1_000_000
    with _reading(wanted.max_megapixels):
        _refuse_endless_scans(content, still)
        if _declared(content, still) > limit:
            raise _too_many_pixels(wanted.max_megapixels)
        _restrain_readers(limit)
        with _open(content, still) as image:
            still = Format.MPO if image.format == "MPO" else still
            _check(image, still, limit)
            yield image, still
            _check(image, still, limit)  # decoding may correct what the header said


def _restrain_readers(limit: int) -> None:
    """What Pillow and libheif keep for a whole process; set each time, since others set it too."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # face_recognition sets it: a cut-off photo would come out half grey
    Image.MAX_IMAGE_PIXELS = limit  # beyond it Pillow warns, which `_reading` makes an error; beyond twice it raises
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # workers are processes, one a core
    pillow_heif.options.DECODE_THREADS = 1


# What the readers of Pillow, libheif and libavif throw at malformed files, beside their own kinds of these.
_READER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


@contextmanager
def _reading(max_megapixels: int) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # broken EXIF, odd tags: whatever matters is an error or a limit here
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _too_many_pixels(max_megapixels) from None
    except _READER_ERRORS:
        raise Damaged from None


def _too_many_pixels(max_megapixels: int) -> TooLarge:
    return TooLarge(f"This picture has more than the {max_megapixels} million pixels that are allowed.")


def _open(content: bytes, still: Format) -> ImageFile.ImageFile:
    if still is Format.HEIF:  # not through Image.open, which would need its plugin registered for the whole process
        image: ImageFile.ImageFile = pillow_heif.HeifImageFile(io.BytesIO(content))
        return image
    return Image.open(io.BytesIO(content), formats=["JPEG", "MPO"] if still is Format.JPEG else [still.value])


_LONGEST_SIDE = 65_500  # pixels: what a JPEG, and so a rendition, can have
_STILLS = frozenset({Format.MPO, Format.TIFF, Format.HEIF})  # several pictures in one file; the first is the photo


def _check(image: ImageFile.ImageFile, still: Format, limit: int) -> None:
    tile = 1
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        _refuse_raw(image)
        tile = max(image.tag_v2.get(_TILE_WIDTH, 1) * image.tag_v2.get(_TILE_LENGTH, 1), 1)
    if max(image.width * image.height, tile) > limit:
        raise _too_many_pixels(limit // 1_000_000)
    if max(image.size) > _LONGEST_SIDE:
        raise TooLarge(f"This picture is longer than {_LONGEST_SIDE} pixels.")
    if min(image.size) < 1:
        raise Damaged("This picture has no pixels.")
    if still not in _STILLS and getattr(image, "is_animated", False):
        raise film("an animation")


_TILE_WIDTH, _TILE_LENGTH = 322, 323  # TIFF 6.0
_SUBFILE_TYPE, _SUB_IFDS, _DNG_VERSION = 254, 330, 50706  # TIFF 6.0; TIFF technical note 1; DNG 1.7


def _refuse_raw(image: TiffImagePlugin.TiffImageFile) -> None:
    """A raw camera file opens as TIFF, and its first picture is a preview of a few hundred pixels."""
    is_preview = image.tag_v2.get(_SUBFILE_TYPE, 0) == 1 and _SUB_IFDS in image.tag_v2
    if is_preview or _DNG_VERSION in image.tag_v2:
        raise unknown("a raw camera file")


def _declared(content: bytes, still: Format) -> int:
    """Pixels by the header, of the formats whose readers make room for them, or give up, before they say a size."""
    match still:
        case Format.PNG:
            sizes = [struct.unpack(">II", content[16:24])]
        case Format.HEIF | Format.AVIF:
            sizes = [struct.unpack(">II", found) for found in re.findall(rb"ispe\0\0\0\0(.{8})", content, re.DOTALL)]
        case _:
            return 0
    return max((width * height for width, height in sizes), default=0)


_MOST_SCANS = 100  # a progressive photo has about ten; each costs a pass over all pixels, and takes a dozen bytes


def _refuse_endless_scans(content: bytes, still: Format) -> None:
    if still is Format.JPEG and len(re.findall(rb"\xff\xda\x00[\x08-\x0e][\x01-\x04]", content)) > _MOST_SCANS:
        raise Damaged
