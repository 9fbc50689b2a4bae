"""How a picture is looked at: whole at several sizes, and in tiles at its full size. Pure plans, no pixels.

Faces differ more in size than the network forgives. The sizes are given by the picture's longest side, never as
multiples: that bounds the work on 36 megapixels, and gives a picture of 40 pixels enough to see.
"""

from dataclasses import dataclass
from itertools import pairwise, product

from consent.media.regions import Box

# Longest sides in pixels. The faces of a class photo fill the first two; the third is the most that is worth a look
# at the whole of every picture.
SIDES = (400, 640, 1536)
# A picture up to this size is seen whole at its own size; a larger one in tiles, where something small may be.
WHOLE = 2304
FINEST = 4608
# More only invents detail.
ENLARGED = 4.0
# Below this a box is a guess, in pixels of the view; the next finer view sees that face better.
GUESS = 24.0


@dataclass(frozen=True, slots=True)
class View:
    """The whole picture, brought to a size of its own."""

    width: int
    height: int
    scale: float
    smallest: float

    @property
    def longest(self) -> int:
        """The side that the plan is made by."""
        return max(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one side: what is looked at, and the part of it whose face centres count."""

    start: int
    end: int
    own_start: int
    own_end: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a view, in pixels of the view."""

    across: Span
    down: Span

    @property
    def own(self) -> Box:
        """The part whose face centres are this tile's to report; together the tiles of a view own every point once."""
        left, top = self.across.own_start, self.down.own_start
        return Box(left, top, self.across.own_end - left, self.down.own_end - top)


def plan_views(width: int, height: int) -> list[View]:
    """The sizes at which the whole picture is seen, smallest first."""
    longest = max(width, height)
    sides = [*SIDES, longest] if SIDES[-1] < longest <= WHOLE else list(SIDES)
    sides = sorted({min(side, round(longest * ENLARGED)) for side in sides})
    if SIDES[-1] < longest <= WHOLE:
        sides = [side for side in sides if side != SIDES[-1]]
    return [see(width, height, side, GUESS if side < sides[-1] or longest > WHOLE else 0.0) for side in sides]


def plan_fine_view(width: int, height: int) -> View | None:
    """The size at which a large picture is seen in tiles."""
    longest = max(width, height)
    return see(width, height, min(longest, FINEST), 0.0) if longest > WHOLE else None


def see(width: int, height: int, side: int, smallest: float) -> View:
    """The view whose longest side is `side`; a side is never less than one pixel."""
    scale = side / max(width, height)
    return View(max(1, round(width * scale)), max(1, round(height * scale)), scale, smallest)


def cut_tiles(view: View, side: int, margin: int) -> list[Tile]:
    """The view in tiles of at most `side` squared."""
    return [
        Tile(across, down) for down, across in product(cut(view.height, side, margin), cut(view.width, side, margin))
    ]


def cut(length: int, side: int, margin: int) -> list[Span]:
    """Equal spans of at most `side` that overlap by twice `margin` or more; their own parts cover the length once.

    The outermost own parts reach beyond the picture, as the centre of a face that is cut off may lie there.
    """
    count = max(1, -(-(length - 2 * margin) // (side - 2 * margin)))
    each = min(length, side)
    starts = [round(number * (length - each) / max(1, count - 1)) for number in range(count)]
    borders = [(before + each + after) // 2 for before, after in pairwise(starts)]
    owned = pairwise([-length, *borders, 2 * length])
    return [Span(start, start + each, low, high) for start, (low, high) in zip(starts, owned, strict=True)]
