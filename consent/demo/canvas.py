"""Soft-edged painting on numpy arrays: the ground every drawn head stands on.

Masks are floats from 0 to 1 over the whole canvas; edges are one pixel wide unless asked to be softer.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.floating[Any]]


@dataclass(slots=True)
class Canvas:
    """Paint and where it goes: `x` and `y` are places in half face widths, `pixel` is the size of one."""

    x: Plane
    y: Plane
    pixel: float
    paint: Plane  # layers of red, green and blue, each times alpha
    alpha: Plane

    def lay(self, colour: Sequence[float | Plane], mask: Plane) -> None:
        """Put opaque paint where the mask is."""
        for layer, part in enumerate(colour):
            self.paint[layer] += (part - self.paint[layer]) * mask
        self.alpha += (1 - self.alpha) * mask

    def stain(self, factor: Sequence[float | Plane], mask: Plane) -> None:
        """Multiply what lies there already, as a shadow or a blush does."""
        for layer, part in enumerate(factor):
            self.paint[layer] *= 1 + (part - 1) * mask

    def picture(self, size: tuple[int, int]) -> Image.Image:
        """The canvas as RGBA, brought down to `size`."""
        plain = self.paint / np.maximum(self.alpha, 1e-4)
        whole = np.clip([*plain, self.alpha], 0, 1)
        pixels = np.ascontiguousarray(np.rint(whole * 255).astype(np.uint8).transpose(1, 2, 0))
        return Image.fromarray(pixels, "RGBA").resize(size, Image.Resampling.BOX)


def blank(width: int, height: int, origin: tuple[float, float], scale: float, tilt: float) -> Canvas:
    """An empty canvas whose origin is at a pixel, `scale` pixels to half a face width, turned by `tilt` degrees."""
    columns = (np.arange(width, dtype=np.float32) + 0.5 - origin[0]) / scale
    rows = (np.arange(height, dtype=np.float32) + 0.5 - origin[1]) / scale
    across, down = np.meshgrid(columns, rows)
    cosine, sine = float(np.cos(np.radians(tilt))), float(np.sin(np.radians(tilt)))
    x, y = across * cosine + down * sine, down * cosine - across * sine
    none = np.zeros((height, width), dtype=np.float32)
    return Canvas(x, y, 1 / scale, np.zeros((3, height, width), dtype=np.float32), none)


def within(distance: Plane, softness: float) -> Plane:
    """A mask of what lies inside (negative distance)."""
    mask: Plane = np.clip(0.5 - distance / softness, 0, 1)
    return mask


def both(*distances: Plane) -> Plane:
    """The distance to what all of these have in common."""
    return functools.reduce(np.maximum, distances)


def either(*distances: Plane) -> Plane:
    """The distance to all of these taken together."""
    return functools.reduce(np.minimum, distances)


def oval(x: Plane, y: Plane, across: float, down: float) -> Plane:
    """Roughly the distance to an ellipse around the origin, negative inside."""
    return (np.sqrt((x / across) ** 2 + (y / down) ** 2) - 1) * min(across, down)


def bump(x: Plane, y: Plane, across: float, down: float) -> Plane:
    """A hill of height 1 that fades out over the given lengths."""
    return np.exp(-((x / across) ** 2) - (y / down) ** 2)


def ramp(value: Plane, start: float, end: float) -> Plane:
    """From 0 at start to 1 at end, smoothly."""
    t: Plane = np.clip((value - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)
