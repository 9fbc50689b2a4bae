"""How a picture is looked at: whole at several sizes, then closer where something small may be. Pure plans, no pixels.

Faces differ more in size than the network forgives. The sizes are given by the picture's longest side, never as
multiples: that bounds the work on 36 megapixels, and gives a picture of 40 pixels enough to see.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Longest sides in pixels. Each step is about what the network forgives; without one of them large faces are lost.
COARSE = (320, 480, 640, 800)
# The closest look. Small pictures gain by being enlarged to the first, up to a factor that only invents detail.
CLOSEST_LEAST, CLOSEST_MOST, ENLARGED = 1536, 4608, 4.0
# The closest look but one is at half the size of the closest: of the faces of 10 px and more that the closest look
# would find, 99 % leave some trace there.
HALF = 0.5
# In pixels of the view. Smaller boxes are guesses, better seen in the next view; larger ones in the one before.
SMALLEST, LARGEST = 24.0, 240.0

# In pixels of the closest view. A tile of the largest size takes 0.25 GB while it is looked at.
CELL, MARGIN, TILE = 64, 48, 896
# A trace near a cell's border counts for both cells.
REACH = 8
# What a tile costs beside its pixels, in pixels.
TILE_COST = 4096
_CUTS_TRIED = 16
# A whole view beyond this area is seen in strips, which takes up to 0.4 GB; what lies across a border is in both.
STRIP_AREA, STRIP_OVERLAP = 1_600_000, 192


@dataclass(frozen=True, slots=True)
class View:
    """The whole picture brought to another size, and the face sizes that are reported from it, in its pixels."""

    width: int
    height: int
    scale: float
    smallest: float
    largest: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a view, in its pixels; `right` and `bottom` lie outside."""

    left: int
    top: int
    right: int
    bottom: int


def plan_views(width: int, height: int) -> list[View]:
    """The looks at the whole picture, smallest first, and at last the closest look, which is taken in tiles."""
    longest = max(width, height)
    closest = min(max(longest, CLOSEST_LEAST), CLOSEST_MOST, round(longest * ENLARGED))
    half = max(round(closest * HALF), min(COARSE[-1], closest))
    sides = [*(side for side in COARSE if side <= 0.8 * half), half]
    largest = [np.inf, *(LARGEST for _ in sides[1:])]
    views = [see(width, height, side, SMALLEST, most) for side, most in zip(sides, largest, strict=True)]
    return [*views, see(width, height, closest, 0.0, LARGEST)]


def see(width: int, height: int, side: int, smallest: float = SMALLEST, largest: float = np.inf) -> View:
    """The view whose longest side is `side`, or less where that enlarges too much; no side is less than one pixel."""
    scale = min(ENLARGED, side / max(width, height))
    return View(max(1, round(width * scale)), max(1, round(height * scale)), scale, smallest, largest)


def plan_strips(view: View) -> list[Tile]:
    """The whole view, cut across its longer side where it is large."""
    count = -(-view.width * view.height // STRIP_AREA)
    longest = max(view.width, view.height)
    half = STRIP_OVERLAP // 2
    borders = [round(number * longest / count) for number in range(count + 1)]
    spans = [(max(0, start - half), min(longest, end + half)) for start, end in pairwise(borders)]
    if view.width >= view.height:
        return [Tile(start, 0, end, view.height) for start, end in spans]
    return [Tile(0, start, view.width, end) for start, end in spans]


def plan_tiles(view: View, traces: NDArray[np.floating]) -> list[Tile]:
    """Tiles that hold every trace, rows of left, top, right, bottom in pixels of the view, with a margin around it."""
    most = (TILE - 2 * MARGIN) // CELL
    return [
        Tile(
            max(0, left * CELL - MARGIN),
            max(0, top * CELL - MARGIN),
            min(view.width, right * CELL + MARGIN),
            min(view.height, bottom * CELL + MARGIN),
        )
        for left, top, right, bottom in cover(mark(view, traces), most)
    ]


def mark(view: View, traces: NDArray[np.floating]) -> NDArray[np.bool_]:
    """The cells of the view, rows by columns, that a trace touches or nearly touches."""
    high, wide = -(-view.height // CELL), -(-view.width // CELL)
    cells = np.zeros((high, wide), np.bool_)
    grown = (traces + np.array([-REACH, -REACH, REACH, REACH])) // CELL
    for left, top, right, bottom in np.clip(grown, 0, [wide - 1, high - 1] * 2).astype(int).tolist():
        cells[top : bottom + 1, left : right + 1] = True
    return cells


Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom, in cells."""


def cover(cells: NDArray[np.bool_], most: int) -> list[Rectangle]:
    """Rectangles of at most `most` cells a side that hold every marked cell, for little area.

    A rectangle is cut in two where that saves the most, until no cut saves anything.
    """
    found = _trim(cells, (0, 0, cells.shape[1], cells.shape[0]))
    pending = [found] if found else []
    done: list[Rectangle] = []
    while pending:
        whole = pending.pop()
        cuts = [parts for parts in _cuts(cells, whole) if parts]
        best = min(cuts, key=lambda parts: (sum(_cost(part, most) for part in parts), _imbalance(parts)), default=None)
        fits = whole[2] - whole[0] <= most and whole[3] - whole[1] <= most
        if best is None or (fits and sum(_cost(part, most) for part in best) >= _cost(whole, most)):
            done.append(whole)
        else:
            pending.extend(best)
    return done


def _cuts(cells: NDArray[np.bool_], whole: Rectangle) -> list[list[Rectangle]]:
    left, top, right, bottom = whole
    columns = range(left + 1, right, 1 + (right - left) // _CUTS_TRIED)
    rows = range(top + 1, bottom, 1 + (bottom - top) // _CUTS_TRIED)
    pairs = [((left, top, x, bottom), (x, top, right, bottom)) for x in columns]
    pairs += [((left, top, right, y), (left, y, right, bottom)) for y in rows]
    return [[part for part in (_trim(cells, half) for half in pair) if part] for pair in pairs]


def _trim(cells: NDArray[np.bool_], part: Rectangle) -> Rectangle | None:
    left, top, right, bottom = part
    inside = cells[top:bottom, left:right]
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    if not len(columns):
        return None
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _cost(part: Rectangle, most: int) -> int:
    wide, high = part[2] - part[0], part[3] - part[1]
    across, down = -(-wide // most), -(-high // most)
    return (wide * CELL + 2 * MARGIN * across) * (high * CELL + 2 * MARGIN * down) + TILE_COST * across * down


def _imbalance(parts: list[Rectangle]) -> int:
    sizes = [(right - left) * (bottom - top) for left, top, right, bottom in parts]
    return max(sizes) - min(sizes)
