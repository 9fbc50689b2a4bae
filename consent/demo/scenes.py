"""Drawn pictures of an outing whose truth is known: who is where, to the pixel."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from consent.demo.figures import draw_figure
from consent.demo.looks import Light, Look, Pose, imagine
from consent.demo.places import Place, draw_place
from consent.media.regions import Box

_APART = 1.9  # between neighbours, in face widths: bunches and curls stay off the next one's cheek
_NOISE = 3.0  # of the sensor, in 8-bit steps
_ROWS_APART = 2.1  # and above the heads in front


@dataclass(frozen=True, slots=True)
class Placed:
    """One face that is certainly there."""

    who: str
    box: Box
    look: Look


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture and every face in it."""

    picture: Image.Image
    faces: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    who: str
    look: Look
    x: float  # of the middle of the face
    y: float
    size: int  # the face's width


def group_picture(
    people: Sequence[tuple[str, Look]],
    seed: int,
    size: tuple[int, int] = (1600, 1200),
    *,
    light: Light | None = None,
    place: Place | None = None,
    face_px: tuple[int, int] = (90, 160),
    overlapping: bool = False,
) -> Scene:
    """People in rows, as a teacher lines them up; the first of them stand in front.

    With `overlapping` the first two put their heads together, so that a cover of one reaches the other's face.
    """
    chance = Random(seed)  # noqa: S311 - a drawing, not a secret
    where = place or tuple(Place)[int(chance.random() * len(Place))]
    caught = light or _weather(chance)
    spots = _line_up(people, chance, size, face_px)
    if overlapping:
        spots[1] = _lean_over(spots[0], spots[1])
    ground = draw_place(where, chance, size)
    faces = _photograph(ground, spots[::-1], chance, caught)
    return Scene(_develop(ground, caught, chance), tuple(faces[::-1]))


def crowd(
    seed: int, size: tuple[int, int] = (4000, 3000), count: int = 24, face_px: tuple[int, int] = (16, 400)
) -> Scene:
    """Strangers from far to near: their face widths rise by equal factors from one bound of `face_px` to the other."""
    chance = Random(seed)  # noqa: S311 - a drawing, not a secret
    spots: list[_Spot] = []
    for rank in reversed(range(count)):  # the nearest first: the far ones then look out between them
        share = rank / max(1, count - 1)
        face = round(face_px[0] * (face_px[1] / face_px[0]) ** share)
        look = imagine(seed * 1000 + rank, grown=rank % 5 == 4)  # noqa: PLR2004 - a grown-up for every four children
        spots.append(_find_room(spots, (f"stranger {rank + 1}", look, face), share, chance, size))
    where = tuple(Place)[int(chance.random() * len(Place))]
    ground, light = draw_place(where, chance, size), _weather(chance)
    faces = _photograph(ground, spots[::-1], chance, light)
    return Scene(_develop(ground, light, chance), tuple(faces))


def _weather(chance: Random) -> Light:
    warmth = chance.uniform(-0.06, 0.05)
    return Light(
        chance.uniform(0.90, 1.08),
        chance.uniform(-50, 50),
        (1 + min(0, warmth), 1 - abs(warmth) / 3, 1 - max(0, warmth)),
    )


def _line_up(
    people: Sequence[tuple[str, Look]], chance: Random, size: tuple[int, int], face_px: tuple[int, int]
) -> list[_Spot]:
    wide, high = size
    face = chance.uniform(*face_px)
    rows = 1 + sum(len(people) > most for most in (5, 12))
    longest = -(-len(people) // rows)
    face = min(face, wide / (_APART * (longest + 1.2)), high / (_ROWS_APART * (rows - 1) + 5))
    spots = []
    for number, (who, look) in enumerate(people):
        row, column = divmod(number, longest)
        in_row = min(longest, len(people) - row * longest)
        step = min(wide / (in_row + 0.8), face * 2.6)
        nearness = 1 - 0.07 * row
        x = wide / 2 + (column - (in_row - 1) / 2) * step + chance.uniform(-0.12, 0.12) * face
        tall = 0.35 * face if look.grown and row == rows - 1 else 0.0
        y = high * 0.66 - row * _ROWS_APART * face + chance.uniform(-0.15, 0.1) * face - tall
        spots.append(_Spot(who, look, x, max(y, face * 1.3), round(face * nearness * chance.uniform(0.95, 1.05))))
    return spots


def _lean_over(front: _Spot, other: _Spot) -> _Spot:
    """The second head moved half behind the first."""
    away = 1 if other.x >= front.x else -1
    return _Spot(other.who, other.look, front.x + away * 0.8 * front.size, front.y - 0.3 * front.size, front.size)


def _find_room(
    nearer: list[_Spot], newcomer: tuple[str, Look, int], nearness: float, chance: Random, size: tuple[int, int]
) -> _Spot:
    """A spot where no head or body in front hides this face: of many tries the roomiest."""
    who, look, face = newcomer
    tries = []
    for _ in range(400):
        x = chance.uniform(1.1 * face, size[0] - 1.1 * face)
        y = size[1] * (0.46 + 0.23 * nearness + chance.uniform(-0.05, 0.07))
        spot = _Spot(who, look, x, max(y, 1.5 * face), face)
        tries.append((min((_room_behind(front, spot) for front in nearer), default=0.0), spot))
    return max(tries, key=lambda one: one[0])[1]


def _room_behind(front: _Spot, spot: _Spot) -> float:
    """How far a face stays clear of the hair and the body in front; nothing better than clear is asked for."""
    aside = abs(front.x - spot.x) - 0.55 * spot.size
    above_hair = front.y - 1.3 * front.size - (spot.y + 0.7 * spot.size)
    above_body = front.y + 0.6 * front.size - (spot.y + 0.7 * spot.size)
    clear_of_hair = max(aside - 0.9 * front.size, above_hair, spot.y - 0.7 * spot.size - front.y - 0.7 * front.size)
    return min(0.0, clear_of_hair, max(aside - 1.2 * front.size, above_body))


def _photograph(ground: Image.Image, spots: Sequence[_Spot], chance: Random, light: Light) -> list[Placed]:
    """Everybody drawn in, from the first, who is farthest; with that one's light."""
    from_one_side = Light(direction=light.direction)
    faces = []
    for spot in spots:
        pose = Pose(
            tilt=chance.uniform(-9, 9),
            turn=chance.uniform(-14, 14),
            smile=chance.uniform(0.25, 1.0),
            open_mouth=max(0.0, chance.uniform(-1.2, 0.9)),
            light=from_one_side,
            noise=0.0,
        )
        figure, box = draw_figure(spot.look, pose, spot.size)
        left, top = round(spot.x - box.centre[0]), round(spot.y - box.centre[1])
        ground.paste(figure, (left, top), figure)
        faces.append(Placed(spot.who, Box(box.left + left, box.top + top, box.width, box.height), spot.look))
    return faces


def _develop(ground: Image.Image, light: Light, chance: Random) -> Image.Image:
    """The light's strength and colour over everything, and the sensor's noise."""
    factor = np.asarray(light.cast, dtype=np.float32) * np.float32(light.brightness)
    grain = np.random.default_rng(int(chance.random() * 2**32))
    pixels = np.asarray(ground, dtype=np.float32) * factor
    pixels += grain.standard_normal(pixels.shape, dtype=np.float32) * np.float32(_NOISE)
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8), "RGB")
