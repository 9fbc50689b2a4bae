"""Covers over heads, and the proof that they are there.

A cover is a pattern that is the same for everybody: nothing of what lies under it goes into it. An average of the
head, even of one single colour, was measured and still tells people apart two to ten times better than chance (see
`consent.oversight.reidentification`): skin, hair and light come through. So the styles differ in look only, no number
of pictures or film frames adds up to a face, and the proof is a plain comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from consent.media.regions import Ellipse, Pixels


class CoverStyle(StrEnum):
    """What a covered place looks like."""

    BLUR = "blur"
    FILL = "fill"
    PIXELATE = "pixelate"


@dataclass(frozen=True)
class Cover:
    """One place to cover, and how."""

    area: Ellipse
    style: CoverStyle


class Unproven(StrEnum):
    """Why a cover cannot be taken for granted."""

    SIZE = "size"  # the finished picture has another size, so nothing in it lies where it was judged
    PATTERN = "pattern"  # something else than the cover is to be seen in its place


def cover(image: Image.Image, covers: Sequence[Cover]) -> Image.Image:
    """A copy of the picture with the covers painted in this order; what lies outside them stays as it is.

    A shown face has no say here: where it meets a cover, the cover wins.
    """
    covered = image.copy()
    for one in covers:
        place = one.area.pixels(*image.size)
        if place.width and place.height:
            mask = _as_image(one.area.mask(place))
            covered.paste(_pattern(one.style, place).convert("RGB"), place.edges, mask)
    return covered


# Greys, as light falls from the upper left. Nothing in it is like a face, and it is neither white nor black, so that
# it stays calm in a bright and in a dark picture.
_SHADES = np.array(
    [
        [152, 144, 136, 128],
        [144, 136, 128, 120],
        [136, 128, 120, 112],
        [128, 120, 112, 104],
    ],
    dtype=np.uint8,
)


def _pattern(style: CoverStyle, place: Pixels) -> Image.Image:
    size = place.width, place.height
    match style:
        case CoverStyle.BLUR:
            return Image.fromarray(_SHADES).resize(size, Image.Resampling.BICUBIC)
        case CoverStyle.PIXELATE:
            return Image.fromarray(_SHADES).resize(size, Image.Resampling.NEAREST)
        case CoverStyle.FILL:
            return Image.new("L", size, 128)
    assert_never(style)


_WINDOW = 2  # pixels on each side: small enough to notice a few open rows
_MOST_APART = 12  # of 255, the mean in a window; JPEG leaves up to 8 there, an open face at least 37 somewhere


def prove_covered(
    size: tuple[int, int], finished: Image.Image, one: Cover, later: Sequence[Ellipse] = ()
) -> Unproven | None:
    """Why the finished picture, decoded again, does not show this cover; nothing where it does.

    `size` is that of the picture that was judged. Places painted `later` are left to their own proof.
    """
    if finished.size != size:
        return Unproven.SIZE
    place = one.area.pixels(*size)
    mask = one.area.mask(place)
    for other in later:
        mask &= ~other.mask(place)
    if not mask.any():
        return None
    apart = ImageChops.difference(finished.crop(place.edges).convert("L"), _pattern(one.style, place))
    apart = ImageChops.multiply(apart, _as_image(mask))
    return Unproven.PATTERN if _loudest(apart) > _MOST_APART else None


def _loudest(apart: Image.Image) -> float:
    """The largest mean of any window."""
    return float(np.asarray(apart.filter(ImageFilter.BoxBlur(_WINDOW))).max())


def _as_image(mask: NDArray[np.bool_]) -> Image.Image:
    return Image.fromarray(mask.astype(np.uint8) * 255)
