"""Hair, headscarf and what hangs behind the head."""

import math

import numpy as np

from consent.demo.canvas import Plane, both, bump, either, oval, ramp, within
from consent.demo.features import Head
from consent.demo.looks import Hair

_BEHIND = {Hair.BOB, Hair.LONG, Hair.PONYTAIL, Hair.BUN, Hair.BUNCHES, Hair.AFRO}
_HANGING = {Hair.BOB, Hair.LONG}
_SHORT = {Hair.BUZZ, Hair.CROP, Hair.PARTED}


def draw_hair_behind(head: Head) -> None:
    """What the head hides part of; drawn before it."""
    look = head.look
    if look.hair is Hair.SCARF:
        _dye(head, look.scarf, within(_cloth(head), head.canvas.pixel * 1.5), 0.82)
        return
    if look.hair not in _BEHIND:
        return
    _dye(head, look.hair_colour, within(_behind(head), head.canvas.pixel * 1.5), 0.72)


def _behind(head: Head) -> Plane:
    look, x, y = head.look, head.canvas.x, head.canvas.y
    wide = look.shape.width + look.shape.volume + 0.04
    match look.hair:
        case Hair.BOB:
            return both(np.abs(x) - wide - 0.06 * ramp(y, 0.0, 0.9), y - 1.0 + 0.06 * np.cos(x * 2), -0.12 - y)
        case Hair.LONG:
            wave = 0.05 * np.sin(y * 5 + look.seed)
            sides = np.abs(x + wave * ramp(y, 0.3, 1.0)) - wide - 0.05 * ramp(y, 0, 1.2)
            return both(sides, y - 1.85 + 0.1 * x**2, -0.12 - y)
        case Hair.PONYTAIL:
            return oval(x - 0.95, y - 0.55, 0.34, 0.95)
        case Hair.BUN:
            return oval(x, y + look.shape.skull + 0.28, 0.46, 0.40)
        case Hair.BUNCHES:
            return oval(np.abs(x) - look.shape.width - 0.24, y - 0.5, 0.27, 0.58)
        case _:
            edge: Plane = 0.035 * np.sin(np.arctan2(x, -y) * 17)
            return oval(x, y + 0.30, wide + 0.24, 1.40 + look.shape.volume) - edge


def draw_hair(head: Head) -> None:
    """The cap of hair over the skull, down to the hairline."""
    look, canvas = head.look, head.canvas
    if look.hair is Hair.BALD:
        return
    if look.hair is Hair.SCARF:
        _draw_scarf(head)
        return
    shape, x, y = look.shape, canvas.x, canvas.y
    volume = {Hair.BUZZ: 0.03, Hair.AFRO: 0.3}.get(look.hair, shape.volume)
    wide = shape.width + (1.0 if look.hair in _HANGING else 0.55) * volume + 0.04
    outer = oval(x, y + 0.12, wide, shape.skull - 0.12 + volume)
    if look.hair in {Hair.CURLS, Hair.AFRO}:
        outer -= 0.04 * np.sin(np.arctan2(x, -y) * 15 + look.seed) + 0.02
    cap = within(both(outer, y - _hairline(head)), canvas.pixel * 1.5 + (0.05 if look.hair is Hair.BUZZ else 0.02))
    canvas.stain((0.80, 0.74, 0.72), head.outline * within(y - _hairline(head) - 0.05, 0.16) * (1 - cap) * 0.7)
    strength = 0.82 if look.hair is Hair.BUZZ else 1.0
    _dye(head, look.hair_colour, cap * strength, 1.0)
    if look.hair in _HANGING:
        end = 1.1 if look.hair is Hair.BOB else 1.9
        edge = shape.width * (0.86 + 0.10 * ramp(y, 0.2, 1.0))
        strands = both(edge - np.abs(x), _behind(head), -0.9 - y, y - end)
        _dye(head, look.hair_colour, within(strands, 0.03), 0.95)


def _hairline(head: Head) -> Plane:
    """The height above which hair lies, for every column."""
    look, shape, u = head.look, head.look.shape, head.u
    top = np.full_like(u, -shape.hairline)
    if look.fringe and look.hair not in {Hair.BUZZ, Hair.AFRO, Hair.BUN}:
        top = top * 0.35 - 0.36 + 0.03 * np.sin(u * 11 + look.seed)
    elif look.hair is Hair.PARTED:
        side = 1 if look.seed % 2 else -1
        top = top + 0.20 * ramp(u * side, -0.5, 0.9) - 0.12 * ramp(-u * side, 0.2, 0.7)
    else:
        top = top + shape.hairline_curve * (1 - (u / 0.8) ** 2) * 0.8
    sides = -0.02 if look.hair in _SHORT else 0.18
    reach = 0.84 if look.hair in _SHORT else 0.68 if look.hair in _HANGING else 0.78
    return top + (sides - top) * ramp(np.abs(head.side), reach, 0.97)


def _draw_scarf(head: Head) -> None:
    look, canvas, shape = head.look, head.canvas, head.look.shape
    y = canvas.y
    middle = (shape.chin - shape.hairline) / 2
    face = oval(head.u, y - middle + 0.02, shape.width * 0.92, middle + shape.hairline - 0.04)
    cloth = within(both(_cloth(head), -face), canvas.pixel * 1.5)
    canvas.stain((0.72, 0.66, 0.66), head.outline * within(np.abs(face) - 0.04, 0.12) * 0.8)
    _dye(head, look.scarf, cloth, 1.0)


def _cloth(head: Head) -> Plane:
    """A headscarf's outline: around the head, and down over the collar."""
    x, y, chin = head.canvas.x, head.canvas.y, head.look.shape.chin
    over_collar = both(oval(x, y - chin - 0.28, 0.98, 0.56), chin - 0.35 - y)
    reach: Plane = np.where(y < 0, head.look.shape.skull + 0.16, chin + 0.2)
    around = (np.hypot(x / (head.look.shape.width + 0.17), y / reach) - 1) * 1.1
    return either(around, over_collar)


def _dye(head: Head, colour: tuple[float, float, float], mask: Plane, brightness: float) -> None:
    """Colour with strands and a sheen that follow the head; cloth gets folds the same way."""
    look, x, y = head.look, head.canvas.x, head.canvas.y
    along = np.arctan2(x, -(y + 0.1) + 1.6)
    if look.hair in {Hair.CURLS, Hair.AFRO}:
        strands = np.sin(x * 19 + 2 * np.sin(y * 7)) * np.sin(y * 21 + 2 * np.sin(x * 9)) * 0.16
    elif look.hair is Hair.SCARF:
        strands = 0.05 * np.sin(along * 16 + y * 2 + look.seed)
    else:
        strands = 0.035 * np.sin(along * 83 + look.seed) + 0.03 * np.sin(along * 47 + 3 * y)
    side = math.sin(math.radians(head.pose.light.direction))
    sheen = 0.20 * bump(x - side * 0.5, y + 1.0, 0.8, 0.25)
    edge = -0.28 * ramp(np.abs(x), 0.55, 1.35) + 0.10 * side * x
    tone = brightness * (0.95 + strands + sheen + edge)
    head.canvas.lay([np.clip(part * tone, 0, 1) for part in colour], mask)
