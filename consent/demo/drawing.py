"""Drawn faces: nobody's portrait, yet face finders find them and face recognisers tell them apart.

Every face that this program's demo, tests and measurements need comes from here, so that no picture of a real person
has to be kept. The same look, pose and size give the same pixels.
"""

import math

import numpy as np
from PIL import Image

from consent.demo.canvas import blank
from consent.demo.features import (
    draw_eyes,
    draw_glasses,
    draw_mouth,
    draw_neck_and_ears,
    draw_nose,
    draw_skin,
    shine,
    turn_head,
)
from consent.demo.hair import draw_hair, draw_hair_behind
from consent.demo.looks import DAYLIGHT, Hair, Light, Look, Pose, imagine, resembling
from consent.media.regions import Box

__all__ = ["DAYLIGHT", "Light", "Look", "Pose", "draw_face", "imagine", "resembling"]

_LEFT, _TOP, _RIGHT, _BOTTOM = 1.8, 2.1, 1.8, 2.4  # the canvas around the point between the eyes, in half face widths
_CHEEKS = 0.93  # the share of a face's width that face finders put in their box
_FINE = 128  # below this face width the drawing is made larger and brought down, or its lines would vanish


def draw_face(look: Look, pose: Pose, size: int) -> tuple[Image.Image, Box]:
    """A head with its neck on a transparent ground, and where the face is; `size` is its width in pixels."""
    finer = max(1, -(-_FINE // size))
    half = size / 2 / _CHEEKS / look.shape.width  # half a face width, in pixels
    scale = half * finer
    wide, high = round((_LEFT + _RIGHT) * half), round((_TOP + _BOTTOM) * half)
    origin = _LEFT * scale, _TOP * scale
    canvas = blank(wide * finer, high * finer, origin, scale, pose.tilt)
    head = turn_head(canvas, look, pose)
    draw_hair_behind(head)
    draw_neck_and_ears(head)
    draw_skin(head)
    draw_nose(head)
    draw_mouth(head)
    shine(head)
    draw_eyes(head)
    draw_glasses(head)
    draw_hair(head)
    picture = canvas.picture((wide, high))
    return _expose(picture, pose), _face_box(look, pose, size, half)


def _face_box(look: Look, pose: Pose, size: int, half: float) -> Box:
    top, bottom = -0.95 if look.hair is not Hair.SCARF else -look.shape.hairline, look.shape.chin
    middle, height = (top + bottom) / 2 * half, (bottom - top) * half
    angle = math.radians(pose.tilt)
    x, y = _LEFT * half - math.sin(angle) * middle, _TOP * half + math.cos(angle) * middle
    return Box(x - size / 2, y - height / 2, float(size), height)


def _expose(picture: Image.Image, pose: Pose) -> Image.Image:
    pixels = np.asarray(picture, dtype=np.float32).copy()
    pixels[..., :3] *= np.asarray(pose.light.cast, dtype=np.float32) * pose.light.brightness
    if pose.noise:
        pixels[..., :3] += np.random.default_rng(pose.seed).normal(0, pose.noise, pixels[..., :3].shape)
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8), "RGBA")
