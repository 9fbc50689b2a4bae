"""Places in a picture, as plain numbers.

Coordinates are pixels of the upright picture; the origin is its top left corner, x runs right and y down.
A box of left 10 and width 5 holds the pixel columns 10 to 14.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; may reach outside the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first x no longer inside."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The first y no longer inside."""
        return self.top + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """x and y of the middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def shorter_side(self) -> float:
        """The face size that error rates are reported by."""
        return min(self.width, self.height)

    @property
    def area(self) -> float:
        """In square pixels; nothing where the box is turned inside out."""
        return max(0.0, self.width) * max(0.0, self.height)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    union = one.area + other.area - shared
    return shared / union if union > 0 else 0.0
