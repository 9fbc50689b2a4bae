"""Where the faces are in a picture, by CenterFace at several sizes.

Two thresholds: from the upper one it is a face; between the two a possible face, which stays covered until a person
dismisses it. The thresholds depend on the face's size, as a larger face tells more about whose it is.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from consent.faces.centerface import find_candidates
from consent.faces.views import Tile, View, plan_strips, plan_tiles, plan_views, see
from consent.media.regions import Box

Pixels = NDArray[np.uint8]
Rows = NDArray[np.float32]
"""Boxes as rows of left, top, right, bottom, score."""


class Certainty(StrEnum):
    """How sure it is that this is a face."""

    FACE = "face"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Detection:
    """A face, in pixels of the picture given; the box may reach beyond it. The score runs from 0 to 1."""

    box: Box
    score: float
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least score of a face by its size: `at_16` at 16 pixels, less by `per_doubling`, but never below `least`.

    A large face tells more about whose it is, and there are few boxes of that size: a low threshold costs little.
    """

    at_16: float
    per_doubling: float
    least: float

    def of(self, size: float) -> float:
        """For a face whose shorter side has so many pixels of the picture."""
        return max(self.least, self.at_16 - self.per_doubling * math.log2(max(size, 1.0) / 16))


FACE_FROM = Threshold(0.31, 0.065, 0.14)
POSSIBLE_FROM = Threshold(0.16, 0.03, 0.085)
# The least score that is kept, and that of a trace which calls for a closer look where it is small.
LEAST, TRACE, SMALL = 0.08, 0.02, 40.0
# Larger ones that are in doubt are looked at more closely too, up to a size that fits the tiles.
CLEAR, LARGE = 0.5, 160.0
# Two boxes that share this much of their union are one face; or this much of the smaller one, unless it is a small
# face in front of a large one: less than this part of the larger box.
SAME_UNION, SAME_PART, IN_FRONT = 0.35, 0.8, 0.15
# A picture without a clear face may lie on its side. The larger its faces, the more so.
TURNED_SIDE = 640


def find_faces(pixels: Pixels) -> list[Detection]:
    """`find_in`, for pixels (height × width × 3) that lie in an array."""
    return find_in(Image.fromarray(pixels))


def find_in(picture: Image.Image) -> list[Detection]:
    """All faces and possible faces of an upright sRGB picture, best first.

    Raises:
        Misconfigured: the model is missing or damaged. There is no empty answer for lack of a detector.
    """
    *coarse, half, closest = plan_views(picture.width, picture.height)
    # Bringing 12 megapixels down takes as long as finding faces in the small views; so it is done once.
    halved = picture.resize((half.width, half.height), Image.Resampling.BILINEAR)
    seen = [keep(look(halved, view, plan_strips(view), LEAST), view) for view in coarse]
    traces = look(halved, half, plan_strips(half), TRACE)
    tiles = plan_tiles(closest, select_traces(traces)[:, :4] * closest.scale)
    seen += [keep(traces, half), keep(look(picture, closest, tiles, LEAST), closest)]
    found = label(merge(np.concatenate(seen)))
    if any(face.score >= CLEAR for face in found):
        return found
    return label(merge(np.concatenate([*seen, look_turned(halved, half.scale)])))


def look(picture: Image.Image, view: View, tiles: list[Tile], least: float) -> Rows:
    """Candidates in parts of the picture, given at whatever size, in pixels of its full size; overlapping."""
    parts = [look_at(picture, view, tile, least) for tile in tiles]
    rows = np.concatenate([np.empty((0, 5), np.float32), *parts])
    rows[:, :4] /= view.scale
    return rows


def look_at(picture: Image.Image, view: View, tile: Tile, least: float) -> Rows:
    """Candidates that lie whole in one tile, in pixels of the view."""
    edges = np.array([tile.left, tile.top, tile.right, tile.bottom], np.float64)
    size = tile.right - tile.left, tile.bottom - tile.top
    left, right = (edge * picture.width / view.width for edge in (tile.left, tile.right))
    top, bottom = (edge * picture.height / view.height for edge in (tile.top, tile.bottom))
    place = left, top, min(right, picture.width), min(bottom, picture.height)
    rows = find_candidates(np.asarray(picture.resize(size, Image.Resampling.BILINEAR, place)), least)
    rows[:, :4] += edges[[0, 1, 0, 1]].astype(np.float32)
    # What an edge inside the picture cuts through is whole in another tile, or large enough for another view.
    inner = np.array([tile.left > 0, tile.top > 0, tile.right < view.width, tile.bottom < view.height])
    beyond = np.hstack([rows[:, :2] < edges[:2], rows[:, 2:4] > edges[2:]])
    whole: Rows = rows[~(beyond & inner).any(axis=1)]
    return whole


def look_turned(picture: Image.Image, scale: float) -> Rows:
    """Candidates in the picture, given at this scale, turned by one, two and three quarters; as `look` gives them."""
    view = see(round(picture.width / scale), round(picture.height / scale), TURNED_SIDE)
    small = np.asarray(picture.resize((view.width, view.height), Image.Resampling.BILINEAR))
    found = []
    for turns in (1, 2, 3):
        rows = find_candidates(np.ascontiguousarray(np.rot90(small, turns)), LEAST)
        rows = turn_back(rows, turns, view.width, view.height)
        rows[:, :4] /= view.scale
        found.append(keep(rows, view))
    return np.concatenate(found)


def turn_back(rows: Rows, turns: int, width: int, height: int) -> Rows:
    """Boxes of a picture that was turned by quarters against the clock, as they lie in the upright one of that size."""
    left, top, right, bottom, score = rows.T
    match turns:
        case 1:
            edges = width - bottom, left, width - top, right
        case 2:
            edges = width - right, height - bottom, width - left, height - top
        case _:
            edges = top, height - right, bottom, height - left
    return np.stack([*edges, score], axis=1)


def select_traces(rows: Rows) -> Rows:
    """What calls for a closer look: anything small, however weak, and anything else that is in doubt."""
    sides, scores = _shorter_sides(rows), rows[:, 4]
    chosen: Rows = rows[(sides <= SMALL) | ((scores >= LEAST) & (scores < CLEAR) & (sides <= LARGE))]
    return chosen


def keep(rows: Rows, view: View) -> Rows:
    """The candidates of a size that this view shows well, one for each face."""
    sides = _shorter_sides(rows) * view.scale
    return merge(rows[(rows[:, 4] >= LEAST) & (sides >= view.smallest) & (sides <= view.largest)])


def merge(rows: Rows) -> Rows:
    """The best box of each face: others that overlap it, or lie in or around it, are dropped."""
    rows = rows[np.argsort(-rows[:, 4], kind="stable")]
    areas = np.prod(np.maximum(rows[:, 2:4] - rows[:, :2], 0.0), axis=1)
    kept: list[int] = []
    alive = np.ones(len(rows), np.bool_)
    for best in range(len(rows)):
        if not alive[best]:
            continue
        kept.append(best)
        low = np.maximum(rows[best, :2], rows[best + 1 :, :2])
        high = np.minimum(rows[best, 2:4], rows[best + 1 :, 2:4])
        shared = np.prod(np.maximum(high - low, 0.0), axis=1)
        others = areas[best + 1 :]
        same = shared >= SAME_UNION * (areas[best] + others - shared)
        smaller, larger = np.minimum(areas[best], others), np.maximum(areas[best], others)
        within = (shared >= SAME_PART * smaller) & (smaller >= IN_FRONT * larger)
        alive[best + 1 :] &= ~(same | within)
    return rows[kept]


def label(rows: Rows) -> list[Detection]:
    """What reaches the lower threshold of its size."""
    found = []
    for left, top, right, bottom, score in rows.tolist():
        box = Box(left, top, right - left, bottom - top)
        if score >= POSSIBLE_FROM.of(box.shorter_side):
            certain = score >= FACE_FROM.of(box.shorter_side)
            found.append(Detection(box, score, Certainty.FACE if certain else Certainty.POSSIBLE))
    return found


def _shorter_sides(rows: Rows) -> Rows:
    sides: Rows = np.min(rows[:, 2:4] - rows[:, :2], axis=1)
    return sides
