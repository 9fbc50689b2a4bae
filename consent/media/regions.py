"""Places in a picture, as plain numbers.

Coordinates are pixels of the upright picture; the origin is its top left corner, x runs right and y down.
A box of left 10 and width 5 holds the pixel columns 10 to 14.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; may reach outside the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first x no longer inside."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The first y no longer inside."""
        return self.top + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """x and y of the middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def shorter_side(self) -> float:
        """The face size that error rates are reported by."""
        return min(self.width, self.height)

    @property
    def area(self) -> float:
        """In square pixels; nothing where the box is turned inside out."""
        return max(0.0, self.width) * max(0.0, self.height)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    union = one.area + other.area - shared
    return shared / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Pixels:
    """Whole pixels inside a picture: columns left to right - 1, rows top to bottom - 1. Empty where right = left."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """As image libraries take a rectangle."""
        return self.left, self.top, self.right, self.bottom


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An upright ellipse around the point (x, y); may reach outside the picture."""

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def bounds(self) -> Box:
        """The smallest box around it."""
        return Box(self.x - self.half_width, self.y - self.half_height, 2 * self.half_width, 2 * self.half_height)

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in it."""
        return ((x - self.x) / self.half_width) ** 2 + ((y - self.y) / self.half_height) ** 2 <= 1

    def pixels(self, width: int, height: int) -> Pixels:
        """The part of a picture of this size that it can touch."""
        box = self.bounds
        left, right = (min(max(edge, 0), width) for edge in (math.floor(box.left), math.ceil(box.right)))
        top, bottom = (min(max(edge, 0), height) for edge in (math.floor(box.top), math.ceil(box.bottom)))
        return Pixels(left, top, right, bottom)

    def mask(self, within: Pixels) -> NDArray[np.bool_]:
        """Which of these pixels lie in it, by their middle; rows × columns."""
        across = np.abs(np.arange(within.left, within.right) + 0.5 - self.x)
        down = (np.arange(within.top, within.bottom) + 0.5 - self.y) / self.half_height
        reach = np.where(np.abs(down) <= 1, self.half_width * np.sqrt(np.maximum(1 - down**2, 0)), -1)
        inside: NDArray[np.bool_] = across[None, :] <= reach[:, None]
        return inside


# A detector's box runs from brow or hairline to chin and from cheek to cheek. Of the box's width, an ear takes up to
# 0.2 on each side and hair a little more; of its height, hair and skull up to 0.4 above and a beard or a turned-up
# chin 0.2 below. The ellipse reaches that far, and holds the whole box: its corners lie at 0.94 of its radius.
_HALF_WIDTH = 0.8
_HALF_HEIGHT = 0.85
_RAISED = 0.1
_LEAST_HALF = 8.0  # pixels; the place of a smaller face is known to two or three pixels only, and a JPEG block has 8
_EDGE = 0.05  # of the box: nearer to the picture's edge than this, the face is taken to run on outside


def head_area(box: Box, width: int, height: int) -> Ellipse:
    """The head that belongs to a face box, in a picture of this size: hair, ears and chin included.

    Holds the whole box. A face that the picture's edge cuts is a part of a larger one: it is continued outside before
    it is grown, so that the ellipse does not narrow towards the edge and leave hair or cheek beside it.
    """
    whole = _continued(box, width, height)
    x, y = whole.centre
    return Ellipse(
        x,
        y - _RAISED * whole.height,
        max(_HALF_WIDTH * whole.width, _LEAST_HALF),
        max(_HALF_HEIGHT * whole.height, _LEAST_HALF),
    )


_CIRCUMSCRIBED = 0.71  # half of the square root of two, and a little


def ellipse_over(box: Box) -> Ellipse:
    """An ellipse that just holds all of the box: for a cover that a person draws."""
    x, y = box.centre
    return Ellipse(x, y, max(_CIRCUMSCRIBED * box.width, 0.5), max(_CIRCUMSCRIBED * box.height, 0.5))


def _continued(box: Box, width: int, height: int) -> Box:
    across, down = box.width / 2, box.height / 2
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if left <= _EDGE * box.width:
        left = min(left, -across)
    if right >= width - _EDGE * box.width:
        right = max(right, width + across)
    if top <= _EDGE * box.height:
        top = min(top, -down)
    if bottom >= height - _EDGE * box.height:
        bottom = max(bottom, height + down)
    return Box(left, top, right - left, bottom - top)
