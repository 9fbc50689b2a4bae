"""Where a drawn outing goes: backgrounds without anybody in them."""

import math
from collections.abc import Callable
from enum import StrEnum
from random import Random

from PIL import Image, ImageDraw, ImageFilter

Ink = tuple[int, int, int]


class Place(StrEnum):
    """A destination of the school trip."""

    FOREST = "forest"
    BEACH = "beach"
    STREET = "street"
    FARM = "farm"
    ZOO = "zoo"
    CLASSROOM = "classroom"


def draw_place(place: Place, chance: Random, size: tuple[int, int]) -> Image.Image:
    """The background, a little out of focus as behind a group it would be."""
    picture = _shaded(size, (176, 208, 230), (232, 240, 240))
    pen = ImageDraw.Draw(picture)
    painters: dict[Place, Callable[[ImageDraw.ImageDraw, Random, int, int], None]] = {
        Place.FOREST: _forest,
        Place.BEACH: _beach,
        Place.STREET: _street,
        Place.FARM: _farm,
        Place.ZOO: _zoo,
        Place.CLASSROOM: _classroom,
    }
    painters[place](pen, chance, *size)
    return picture.filter(ImageFilter.GaussianBlur(max(size) / 800))


def _shaded(size: tuple[int, int], top: Ink, bottom: Ink) -> Image.Image:
    strip = Image.new("RGB", (1, 64))
    for row in range(64):
        strip.putpixel((0, row), _mix(top, bottom, row / 63))
    return strip.resize(size, Image.Resampling.BICUBIC)


def _mix(one: Ink, other: Ink, share: float) -> Ink:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _ground(pen: ImageDraw.ImageDraw, chance: Random, size: tuple[int, int], level: float, colour: Ink) -> None:
    """Rolling land from a level (share of the height) down."""
    wide, high = size
    phase, waves = chance.uniform(0, 6.28), chance.uniform(1.2, 2.4)
    crest = [(wide * step / 60, high * (level + 0.018 * math.sin(phase + waves * step / 9.5))) for step in range(61)]
    pen.polygon([*crest, (wide, high), (0, high)], fill=colour)


def _cloud(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    x, y, unit = chance.uniform(0, wide), chance.uniform(0.04, 0.2) * high, high * chance.uniform(0.02, 0.035)
    for step in range(4):
        radius = unit * (1.5 if step in {1, 2} else 1.0)
        pen.ellipse(
            (x + step * unit * 1.3 - radius, y - radius, x + step * unit * 1.3 + radius, y + radius * 0.8),
            fill=(246, 249, 250),
        )


def _tree(pen: ImageDraw.ImageDraw, x: float, foot: float, tall: float, leaf: Ink) -> None:
    pen.rectangle((x - tall * 0.035, foot - tall * 0.5, x + tall * 0.035, foot), fill=(122, 96, 76))
    for across, up, radius in ((-0.15, 0.52, 0.19), (0.15, 0.55, 0.18), (0.0, 0.75, 0.22), (0.0, 0.55, 0.2)):
        centre_x, centre_y, r = x + across * tall, foot - up * tall, radius * tall
        pen.ellipse((centre_x - r, centre_y - r, centre_x + r, centre_y + r), fill=leaf)


def _forest(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    _cloud(pen, chance, wide, high)
    _ground(pen, chance, (wide, high), 0.42, (150, 186, 140))
    for row in range(3):
        count = 9 - row
        for step in range(count):
            x = wide * (step + chance.uniform(0.1, 0.9)) / count
            leaf = _mix((118, 164, 118), (84, 138, 98), row / 2 + chance.uniform(-0.2, 0.2))
            _tree(pen, x, high * (0.48 + 0.05 * row), high * chance.uniform(0.38, 0.5), leaf)
    _ground(pen, chance, (wide, high), 0.60, (164, 194, 132))
    _ground(pen, chance, (wide, high), 0.80, (178, 202, 140))


def _beach(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    for _ in range(3):
        _cloud(pen, chance, wide, high)
    pen.rectangle((0, high * 0.36, wide, high * 0.60), fill=(120, 178, 196))
    for step in range(5):
        y = high * (0.40 + 0.035 * step)
        pen.rectangle((0, y, wide, y + high * 0.006), fill=(150, 198, 210))
    _ground(pen, chance, (wide, high), 0.55, (226, 210, 168))
    _ground(pen, chance, (wide, high), 0.78, (236, 221, 182))
    x = wide * chance.uniform(0.1, 0.9)
    pen.polygon([(x, high * 0.30), (x, high * 0.42), (x + high * 0.08, high * 0.42)], fill=(244, 240, 232))
    pen.polygon(
        [
            (x - high * 0.05, high * 0.425),
            (x + high * 0.09, high * 0.425),
            (x + high * 0.06, high * 0.45),
            (x - high * 0.03, high * 0.45),
        ],
        fill=(196, 92, 74),
    )


def _street(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    x, bricks = 0.0, ((178, 108, 88), (196, 142, 112), (150, 96, 84), (214, 190, 160), (136, 118, 110))
    while x < wide:
        house, roof = wide * chance.uniform(0.11, 0.16), high * chance.uniform(0.12, 0.2)
        wall = bricks[int(chance.random() * len(bricks))]
        pen.rectangle((x, roof, x + house, high * 0.62), fill=wall)
        for step in range(3):  # a stepped gable
            pen.rectangle(
                (x + house * 0.14 * step, roof - high * 0.03 * (step + 1), x + house * (1 - 0.14 * step), roof),
                fill=wall,
            )
        for row in range(3):
            for column in range(2):
                left, top = x + house * (0.16 + 0.42 * column), roof + high * (0.03 + 0.13 * row)
                pen.rectangle((left, top, left + house * 0.26, top + high * 0.085), fill=(236, 232, 220))
                pen.rectangle(
                    (left + house * 0.02, top + high * 0.008, left + house * 0.24, top + high * 0.077),
                    fill=(150, 178, 192),
                )
        x += house
    pen.rectangle((0, high * 0.60, wide, high), fill=(196, 190, 182))
    pen.rectangle((0, high * 0.60, wide, high * 0.64), fill=(168, 162, 156))


def _farm(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    for _ in range(2):
        _cloud(pen, chance, wide, high)
    _ground(pen, chance, (wide, high), 0.44, (158, 192, 128))
    left = wide * chance.uniform(0.08, 0.55)
    pen.rectangle((left, high * 0.27, left + wide * 0.3, high * 0.50), fill=(166, 78, 66))
    pen.polygon(
        [(left - wide * 0.02, high * 0.27), (left + wide * 0.15, high * 0.13), (left + wide * 0.32, high * 0.27)],
        fill=(104, 84, 80),
    )
    pen.rectangle((left + wide * 0.11, high * 0.34, left + wide * 0.19, high * 0.50), fill=(232, 224, 210))
    _ground(pen, chance, (wide, high), 0.60, (172, 200, 124))
    _fence(pen, wide, high, (222, 208, 182))


def _zoo(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    _cloud(pen, chance, wide, high)
    _ground(pen, chance, (wide, high), 0.40, (196, 186, 140))
    for step in range(5):
        _tree(
            pen,
            wide * (step + chance.uniform(0.2, 0.8)) / 5,
            high * 0.46,
            high * chance.uniform(0.28, 0.36),
            (132, 160, 96),
        )
    _giraffe(pen, wide * chance.uniform(0.2, 0.7), high)
    _ground(pen, chance, (wide, high), 0.62, (208, 200, 158))
    _fence(pen, wide, high, (150, 120, 92))


def _giraffe(pen: ImageDraw.ImageDraw, x: float, high: int) -> None:
    """It looks over everybody's heads, to the right."""
    coat, patch = (226, 184, 108), (178, 122, 70)
    unit = high * 0.012
    pen.polygon(
        [(x, high * 0.52), (x + 2 * unit, high * 0.19), (x + 5 * unit, high * 0.19), (x + 6.5 * unit, high * 0.52)],
        fill=coat,
    )
    for step in range(6):
        y, shift = high * (0.22 + 0.05 * step), (step % 2) * 1.4 * unit
        pen.ellipse((x + 1.8 * unit + shift, y, x + 3.6 * unit + shift, y + 2.4 * unit), fill=patch)
    for horn in (2.6, 4.2):
        pen.line(
            (x + horn * unit, high * 0.17, x + horn * unit, high * 0.13), fill=patch, width=max(1, round(unit / 2))
        )
    pen.ellipse((x + 0.2 * unit, high * 0.165, x + 3 * unit, high * 0.185), fill=patch)
    pen.ellipse((x + 1.4 * unit, high * 0.15, x + 6.2 * unit, high * 0.21), fill=coat)
    pen.ellipse((x + 3.6 * unit, high * 0.172, x + 9 * unit, high * 0.212), fill=_mix(coat, (255, 244, 220), 0.4))
    pen.ellipse((x + 4.2 * unit, high * 0.165, x + 4.9 * unit, high * 0.174), fill=(70, 54, 44))


def _fence(pen: ImageDraw.ImageDraw, wide: int, high: int, wood: Ink) -> None:
    for y in (0.50, 0.56):
        pen.rectangle((0, high * y, wide, high * (y + 0.016)), fill=wood)
    for step in range(13):
        x = wide * (step + 0.3) / 13
        pen.rectangle((x, high * 0.46, x + wide * 0.01, high * 0.64), fill=_mix(wood, (90, 80, 70), 0.15))


def _classroom(pen: ImageDraw.ImageDraw, chance: Random, wide: int, high: int) -> None:
    pen.rectangle((0, 0, wide, high), fill=(232, 226, 212))
    pen.rectangle((wide * 0.28, high * 0.08, wide * 0.72, high * 0.36), fill=(150, 128, 104))
    pen.rectangle((wide * 0.29, high * 0.095, wide * 0.71, high * 0.345), fill=(70, 106, 96))
    notes = ((236, 190, 104), (204, 116, 98), (120, 164, 186), (150, 180, 120))
    for step in range(10):
        x = wide * (0.02 + 0.024 * step) if step < 5 else wide * (0.75 + 0.048 * (step - 5))  # noqa: PLR2004 - five on each side
        y = high * chance.uniform(0.08, 0.28)
        pen.rectangle((x, y, x + wide * 0.036, y + high * 0.06), fill=notes[step % 4])
    pen.rectangle((0, high * 0.66, wide, high), fill=(198, 170, 132))
    pen.rectangle((0, high * 0.655, wide, high * 0.67), fill=(170, 144, 112))
