"""The face itself: skin with light on it, eyes, brows, nose, mouth, and what is worn on it."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np

from consent.demo.canvas import Canvas, Plane, both, bump, either, oval, ramp, within
from consent.demo.looks import Beard, Colour, Glasses, Look, Pose

_AROUND = 1.5  # this far outside the outline nothing of the face is drawn
_SHADOW, _SUNLIT = (0.52, 0.42, 0.40), (1.06, 1.05, 1.04)  # factors on the skin: its shadows are warm
_DEPTH = 0.85  # how far the middle of a face stands out, in half face widths


@dataclass(frozen=True, slots=True)
class Head:
    """A canvas with the face's own coordinates on it: `u` and `v` stay with the features when the head turns."""

    canvas: Canvas
    look: Look
    pose: Pose
    u: Plane
    v: Plane
    side: Plane  # -1 at the face's own right edge, 1 at its left, as far as the head is turned
    level: Plane  # below 1 inside the outline of the face
    outline: Plane  # mask of the face

    @property
    def mouth_at(self) -> float:
        """Where the lips meet, on v."""
        return self.look.shape.nose_length + self.look.shape.mouth_drop

    def near(self, u: float, v: float, reach: float) -> "Head":
        """The square around a place on the face, to paint on: the paint lands on the whole."""
        there = (np.abs(self.u - u) < reach) & (np.abs(self.v - v) < reach) & (self.level < _AROUND)
        rows, columns = np.flatnonzero(there.any(1)), np.flatnonzero(there.any(0))
        if not rows.size:
            return self
        cut = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        canvas = self.canvas
        part = Canvas(canvas.x[cut], canvas.y[cut], canvas.pixel, canvas.paint[:, *cut], canvas.alpha[cut])
        planes = (plane[cut] for plane in (self.u, self.v, self.side, self.level, self.outline))
        return Head(part, self.look, self.pose, *planes)


def turn_head(canvas: Canvas, look: Look, pose: Pose) -> Head:
    """Wrap the face around the head, so that a turned head shows one cheek more and the other less."""
    shape = look.shape
    down = np.where(canvas.y > 0, canvas.y / shape.chin, -canvas.y / shape.skull)
    power = np.where(canvas.y > 0, shape.jaw, 2.0).astype(np.float32)
    rising = np.clip(down, 0, 3) ** power
    level = (canvas.x / shape.width) ** 2 + rising
    half = shape.width * np.sqrt(np.clip(1 - rising, 0.04, 1))
    angle = np.arcsin(np.clip(canvas.x / half, -1, 1)) - math.radians(pose.turn)
    side = np.sin(angle).astype(np.float32)
    u = (side * half).astype(np.float32)
    return Head(canvas, look, pose, u, canvas.y, side, level.astype(np.float32), _fill(level, canvas.pixel))


def _fill(level: Plane, pixel: float) -> Plane:
    rise_y, rise_x = np.gradient(np.sqrt(level), pixel)
    slope = np.maximum(np.hypot(rise_x, rise_y), 0.2)
    return within(((np.sqrt(level) - 1) / slope).astype(np.float32), pixel * 1.2)


def draw_neck_and_ears(head: Head) -> None:
    """What lies behind the face."""
    canvas, look = head.canvas, head.look
    half = 0.50 if look.grown else 0.40
    collar = oval(canvas.x, canvas.y - look.shape.chin, half + 0.16, 0.52)
    column = np.abs(canvas.x) - half - 0.2 * ramp(canvas.y, look.shape.chin + 0.1, look.shape.chin + 0.6)
    neck = within(both(column, collar, 0.8 - canvas.y), canvas.pixel * 1.5)
    shade = 0.78 - 0.1 * (canvas.x / half) * math.copysign(1, head.pose.light.direction)
    canvas.lay([part * shade for part in look.skin], neck)
    under_chin = bump(canvas.x, canvas.y - look.shape.chin, 0.7, 0.35)
    canvas.stain((0.72, 0.66, 0.64), neck * under_chin)
    for side in (-1, 1):
        shift = side * look.shape.width - 0.16 * math.sin(math.radians(head.pose.turn))
        x, y = canvas.x - shift, canvas.y - 0.12
        size = look.shape.ear
        canvas.lay(
            _between(look.skin, (0.0, 0.0, 0.0), 0.07), within(oval(x, y, 0.15 * size, 0.27 * size), canvas.pixel)
        )
        canvas.stain((0.80, 0.70, 0.66), within(oval(x, y, 0.075 * size, 0.16 * size), 0.06))


def draw_skin(head: Head) -> None:
    """The face before anything is drawn on it, with blush and freckles."""
    look, tip = head.look, head.look.shape.nose_length
    head.canvas.lay(look.skin, head.outline)
    for side in (-1, 1):
        part = head.near(side * 0.55, tip, 0.6)
        blush = bump(part.u - side * 0.55, part.v - tip, 0.26, 0.20)
        part.canvas.stain((1.0, 0.90, 0.89), blush * part.outline * (0.4 + 0.6 * look.shape.cheek))
    spots = Random(look.seed)  # noqa: S311 - a drawing, not a secret
    for _ in range(int(40 * look.freckles)):
        u, v = spots.gauss(0, 0.36), tip * 0.72 + spots.gauss(0, 0.10)
        part = head.near(u, v, 0.06)
        part.canvas.stain((0.84, 0.72, 0.64), within(oval(part.u - u, part.v - v, 0.016, 0.016), 0.03) * 0.8)
    _grow_beard(head)


def _grow_beard(head: Head) -> None:
    look, u, v = head.look, head.u, head.v
    lips = head.mouth_at
    over_lip = within(np.abs(v - lips + 0.13 + 0.25 * u**2) - 0.055, 0.05) * within(np.abs(u) - 0.36, 0.08)
    jaw = ramp(v + 0.75 * np.abs(u) - 0.25 * u**2, lips - 0.08 + 0.35, lips + 0.12 + 0.35) * ramp(v, 0.15, 0.5)
    jaw = np.maximum(jaw, ramp(np.abs(head.side), 0.80, 0.97) * ramp(v, -0.1, 0.3)) * (
        1 - bump(u, v - lips, 0.30, 0.10)
    )
    colour: Colour = look.hair_colour
    match look.beard:
        case Beard.STUBBLE:
            head.canvas.lay(_between(look.skin, colour, 0.45), np.maximum(jaw, over_lip) * head.outline * 0.75)
        case Beard.FULL:
            head.canvas.lay(colour, np.maximum(jaw, over_lip) * head.outline * 0.95)
        case Beard.MOUSTACHE:
            head.canvas.lay(colour, over_lip * head.outline * 0.95)
        case Beard.NONE:
            pass


def shine(head: Head) -> None:
    """Light and shadow over the relief of the face: cheeks, sockets, nose, lips, chin."""
    canvas, pose = head.canvas, head.pose
    relief = _DEPTH * np.sqrt(np.clip(1.02 - 0.97 * head.level, 0.002, None)) + _relief(head)
    down, right = np.gradient(relief, canvas.pixel)
    steep = np.sqrt(right**2 + down**2 + 1)
    direction = math.radians(pose.light.direction)
    across = 0.62 * math.sin(direction)
    length = math.hypot(across, 0.42, 0.72)
    lit: Plane = np.clip((0.42 * down - across * right + 0.72) / steep / length, 0, 1)
    share = 0.08 + 0.92 * lit**0.85
    canvas.stain([dark + (bright - dark) * share for dark, bright in zip(_SHADOW, _SUNLIT, strict=True)], head.outline)


def _relief(head: Head) -> Plane:
    shape, u, v = head.look.shape, head.u, head.v
    nose_u = u - 0.10 * math.sin(math.radians(head.pose.turn))
    tip = shape.nose_length
    relief = (
        shape.nose_bridge
        * 2.0
        * np.exp(-((nose_u / 0.13) ** 2))
        * ramp(v, -0.25, tip)
        * ramp(-v, -tip - 0.12, -tip + 0.06)
    )
    relief += shape.nose_tip * 2.0 * bump(nose_u, v - tip + 0.03, 0.15, 0.13)
    for side in (-1, 1):
        relief += 0.07 * bump(nose_u - side * shape.nose_width * 0.8, v - tip, 0.08, 0.08)
        relief -= 0.15 * bump(u - side * shape.eye_gap, v + 0.02, 0.27, 0.19)
        relief += 0.05 * bump(u - side * shape.eye_gap, v + shape.brow_height, 0.34, 0.09)
        relief += (0.03 + 0.09 * shape.cheek) * bump(u - side * 0.56, v - tip * 0.8, 0.25, 0.25)
    relief += 0.06 * bump(u, v - head.mouth_at, shape.mouth_width, 0.15)
    relief -= 0.045 * bump(u, v - head.mouth_at - 0.21, 0.22, 0.06)
    whole: Plane = relief + 0.06 * bump(u, v - shape.chin + 0.18, 0.24, 0.16)
    return whole


def draw_eyes(head: Head) -> None:
    """Both eyes with lids, lashes, iris and the light in them, and the brows above."""
    for side in (-1, 1):
        part = head.near(side * head.look.shape.eye_gap, -0.1, 0.5)
        _draw_eye(part, side)
        _draw_brow(part, side)


def _draw_eye(head: Head, side: int) -> None:
    canvas, look, shape = head.canvas, head.look, head.look.shape
    across = (head.u - side * shape.eye_gap) * side / shape.eye_width  # -1 at the inner corner, 1 at the outer
    bow = np.clip(1 - across**2, 0, 1)
    v = head.v + shape.eye_slant * across
    high = shape.eye_height * (1 - 0.18 * max(0.0, head.pose.smile))
    upper, lower = -high * bow**0.62, 0.62 * high * bow**0.9
    opening = within(both(upper - v, v - lower, (np.abs(across) - 1) * shape.eye_width), canvas.pixel * 1.3)
    canvas.lay((0.965, 0.955, 0.945), opening)
    canvas.stain((0.72, 0.70, 0.72), opening * ramp(-(v - upper), -0.07, 0.0))
    gaze = head.u - side * shape.eye_gap
    rim = oval(gaze, v + 0.015, shape.iris, shape.iris)
    canvas.lay(_between(look.eyes, (0.0, 0.0, 0.0), 0.55), within(rim, canvas.pixel * 1.5) * opening)
    canvas.lay(look.eyes, within(rim + 0.022, 0.03) * opening)
    canvas.lay((0.05, 0.04, 0.04), within(rim + shape.iris * 0.52, 0.02) * opening)
    glint = oval(gaze - 0.03, v + 0.055, 0.024, 0.024)
    canvas.lay((1.0, 1.0, 1.0), within(glint, 0.02) * opening)
    lash = within(np.abs(v - upper + 0.008) - 0.013 - 0.009 * across, 0.022) * within(np.abs(across) - 1.06, 0.1)
    canvas.lay((0.13, 0.09, 0.08), lash * 0.9)
    crease = within(np.abs(v - upper + 0.045 + 0.03 * shape.lid) - 0.006, 0.03) * within(np.abs(across) - 0.9, 0.3)
    canvas.stain((0.60, 0.50, 0.47), crease * (0.35 + 0.5 * shape.lid))
    below = within(np.abs(v - lower - 0.01) - 0.004, 0.025) * within(np.abs(across) - 0.9, 0.2)
    canvas.stain((0.66, 0.54, 0.52), below * 0.6)


def _draw_brow(head: Head, side: int) -> None:
    shape = head.look.shape
    across = (head.u - side * (shape.eye_gap + 0.01)) * side / shape.brow_length
    bow = 1 - across**2
    middle = -shape.brow_height - shape.brow_arch * bow - shape.brow_slant * across
    thick = shape.brow_thickness * (1.0 - 0.45 * ramp(across, 0.1, 1.0))
    mask = within(np.abs(head.v - middle) - thick, 0.03) * within(np.abs(across) - 0.95, 0.16)
    colour = _between(head.look.hair_colour, (0.16, 0.11, 0.08), 0.45)
    head.canvas.lay(colour, mask * 0.88)


def draw_nose(head: Head) -> None:
    """Nostrils and the shadow below: the relief has done the rest."""
    shape = head.look.shape
    head = head.near(0.0, shape.nose_length, 0.5)
    u = head.u - 0.10 * math.sin(math.radians(head.pose.turn))
    head.canvas.stain(
        (0.80, 0.70, 0.67), bump(u, head.v - shape.nose_length - 0.10, shape.nose_width * 1.1, 0.05) * 0.7
    )
    for side in (-1, 1):
        hole = oval(
            u - side * shape.nose_width * 0.48, head.v - shape.nose_length - 0.055, shape.nose_width * 0.30, 0.028
        )
        head.canvas.stain((0.36, 0.24, 0.22), within(hole, 0.035) * 0.85)
        wing = np.abs(
            oval(u - side * shape.nose_width * 0.72, head.v - shape.nose_length + 0.01, shape.nose_width * 0.36, 0.09)
        )
        outer = ramp(u * side, shape.nose_width * 0.75, shape.nose_width * 1.0)
        head.canvas.stain((0.66, 0.54, 0.51), within(wing - 0.004, 0.035) * outer * 0.7)


def draw_mouth(head: Head) -> None:
    """Lips, and teeth where the mouth is open."""
    head = head.near(0.0, head.mouth_at, 0.65)
    canvas, shape, pose = head.canvas, head.look.shape, head.pose
    half = shape.mouth_width * (1 + 0.12 * pose.smile)
    across = head.u / half
    bow = np.clip(1 - across**2, 0, 1)
    v = head.v - head.mouth_at + 0.15 * pose.smile * (across**2 - 0.35)
    gap = 0.11 * pose.open_mouth * bow**0.7
    cupid = 1 - 0.32 * np.exp(-((across / 0.16) ** 2))
    upper, lower = -shape.lip_upper * bow**0.8 * cupid - gap * 0.3, shape.lip_lower * bow**0.6 + gap
    ends = (np.abs(across) - 1) * half
    lips = within(both(upper - v, v - lower, ends), 0.02 + canvas.pixel)
    canvas.lay(head.look.lips, lips * 0.92)
    canvas.stain((0.84, 0.78, 0.78), lips * ramp(-v, -0.01, 0.02))
    shiny = bump(head.u, v - gap - shape.lip_lower * 0.5, half * 0.45, shape.lip_lower * 0.35) * lips
    canvas.stain((1.14, 1.15, 1.15), shiny)
    inside = within(both(-gap * 0.3 - v, v - gap, ends + 0.03), canvas.pixel * 1.5) * ramp(gap, 0.0, 0.012)
    canvas.lay((0.36, 0.13, 0.13), inside)
    canvas.lay((0.96, 0.95, 0.92), inside * within(v - gap * 0.55, 0.02) * within(np.abs(across) - 0.8, 0.1))
    line = within(np.abs(v) - 0.008, 0.022) * within(np.abs(across) - 1.03, 0.05) * (1 - inside)
    canvas.stain((0.42, 0.28, 0.27), line * (1 - 0.7 * min(1.0, 4 * pose.open_mouth)))


def draw_glasses(head: Head) -> None:
    """A frame before each eye, a bridge, and the sides."""
    if head.look.glasses is Glasses.NONE:
        return
    head = head.near(0.0, 0.0, 1.2)
    look, canvas = head.look, head.canvas
    frame = np.full_like(head.u, 9.0)
    for side in (-1, 1):
        u, v = head.u - side * (look.shape.eye_gap + 0.02), head.v - 0.04
        if look.glasses is Glasses.ROUND:
            rim = oval(u, v, 0.29, 0.24)
        else:
            rim = (np.sqrt(np.sqrt((u / 0.35) ** 2 * (u / 0.35) ** 2 + (v / 0.25) ** 2 * (v / 0.25) ** 2)) - 1) * 0.27
        canvas.stain((1.04, 1.045, 1.05), within(rim, 0.02) * 0.5)
        frame = either(frame, np.abs(rim) - (0.015 if look.glasses is Glasses.ROUND else 0.024))
    bridge = both(np.abs(head.v + 0.03 - 0.12 * head.u**2) - 0.02, np.abs(head.u) - look.shape.eye_gap + 0.30)
    sides = both(np.abs(head.v + 0.05) - 0.022, look.shape.eye_gap + 0.33 - np.abs(head.u))
    frame = either(frame, bridge, sides)
    colour = (0.17, 0.15, 0.17) if look.seed % 2 else (0.45, 0.25, 0.16)
    canvas.lay(colour, within(frame, canvas.pixel * 1.3) * head.outline)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue
