"""Where the faces are in a picture, by CenterFace at several sizes.

Two thresholds: from the upper one it is a face; between the two a possible face, which stays covered until a person
dismisses it. The thresholds depend on the face's size, as a larger face tells more about whose it is.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from consent.faces.centerface import find_candidates
from consent.faces.views import Tile, View, cut_tiles, plan_fine_view, plan_views, see
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


# Shorter side in pixels, and from which score it is a possible face and a face.
THRESHOLDS = ((60.0, 0.10, 0.15), (30.0, 0.14, 0.25), (0.0, 0.15, 0.30))
LEAST = 0.04
# Two boxes that share this much of their union, or of the smaller one, are one face.
SAME_UNION, SAME_PART = 0.3, 0.8
# One tile takes about 0.3 GB. The largest face a tile reports still lies in it with some surroundings.
TILE, MARGIN, LARGEST_IN_TILE = 1024, 64, 96.0
TURNS = (1, 2, 3)
SECOND_LOOK, UNMISTAKABLE = 960, 0.5


def find_faces(pixels: Pixels) -> list[Detection]:
    """All faces and possible faces of an upright sRGB picture (height × width × 3), best first.

    Raises:
        Misconfigured: the model is missing or damaged. There is no empty answer for lack of a detector.
    """
    height, width = pixels.shape[:2]
    picture = Image.fromarray(pixels)
    seen = [look(picture, view) for view in plan_views(width, height)]
    fine = plan_fine_view(width, height)
    if fine is not None:
        seen.append(look_closer(picture, fine, np.concatenate(seen)))
    found = label(merge(np.concatenate(seen)))
    if any(face.certainty is Certainty.FACE for face in found):
        return found
    return label(merge(np.concatenate([*seen, *(look_turned(pixels, turns) for turns in TURNS)])))


def find_again(pixels: Pixels) -> list[Detection]:
    """The unmistakable faces of a finished picture, at one moderate size: a second look that is quick, not thorough."""
    height, width = pixels.shape[:2]
    longest = min(SECOND_LOOK, 4 * max(width, height))
    rows = look(Image.fromarray(pixels), see(width, height, longest, 0.0))
    return [face for face in label(rows) if face.score >= UNMISTAKABLE]


def look(picture: Image.Image, view: View) -> Rows:
    """Candidates in the whole picture at one size."""
    resized = picture.resize((view.width, view.height), Image.Resampling.BILINEAR)
    rows = find_candidates(np.asarray(resized), LEAST)
    rows = rows[_shorter_sides(rows) >= view.smallest]
    rows[:, :4] /= view.scale
    return merge(rows)


def look_closer(picture: Image.Image, view: View, hints: Rows) -> Rows:
    """Candidates in those tiles of a large picture that hold a hint of a small face, however weak."""
    small = hints[_shorter_sides(hints) * view.scale <= LARGEST_IN_TILE]
    centres = (small[:, :2] + small[:, 2:4]) / 2 * view.scale
    tiles = [tile for tile in cut_tiles(view, TILE, MARGIN) if _inside(centres, tile.own).any()]
    return np.concatenate([np.empty((0, 5), np.float32), *(_look_at_tile(picture, view, tile) for tile in tiles)])


def _look_at_tile(picture: Image.Image, view: View, tile: Tile) -> Rows:
    left, top, right, bottom = tile.across.start, tile.down.start, tile.across.end, tile.down.end
    place = (left / view.scale, top / view.scale, right / view.scale, bottom / view.scale)
    place = (place[0], place[1], min(place[2], picture.width), min(place[3], picture.height))
    part = picture.resize((right - left, bottom - top), Image.Resampling.BILINEAR, box=place)
    rows = find_candidates(np.asarray(part), LEAST)
    rows[:, :4] += np.array([left, top, left, top], np.float32)
    mine = _inside((rows[:, :2] + rows[:, 2:4]) / 2, tile.own) & (_shorter_sides(rows) <= LARGEST_IN_TILE)
    rows = rows[mine]
    rows[:, :4] /= view.scale
    return merge(rows)


def look_turned(pixels: Pixels, turns: int) -> Rows:
    """Candidates in the picture turned by so many quarters against the clock, in pixels of the picture as given."""
    turned = np.rot90(pixels, turns)
    height, width = turned.shape[:2]
    rows = look(
        Image.fromarray(np.ascontiguousarray(turned)), see(width, height, min(640, 4 * max(width, height)), 16.0)
    )
    for _ in range(turns):
        # One quarter back: what was x is y again, and y counts from the other side.
        height, width = width, height
        rows = rows[:, [1, 0, 3, 2, 4]]
        rows[:, [0, 2]] = width - rows[:, [2, 0]]
    return rows


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
        alive[best + 1 :] &= ~(same | (shared >= SAME_PART * np.minimum(areas[best], others)))
    return rows[kept]


def label(rows: Rows) -> list[Detection]:
    """What reaches the lower threshold of its size."""
    found = []
    for left, top, right, bottom, score in rows.tolist():
        box = Box(left, top, right - left, bottom - top)
        possible, certain = next((low, high) for size, low, high in THRESHOLDS if box.shorter_side >= size)
        if score >= possible:
            found.append(Detection(box, score, Certainty.FACE if score >= certain else Certainty.POSSIBLE))
    return found


def _shorter_sides(rows: Rows) -> Rows:
    sides: Rows = np.min(rows[:, 2:4] - rows[:, :2], axis=1)
    return sides


def _inside(points: NDArray[np.floating], box: Box) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return (x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)
