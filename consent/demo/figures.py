"""Whole people: a drawn head on a dressed body, and the portrait of one."""

from PIL import Image, ImageDraw

from consent.demo.drawing import draw_face
from consent.demo.looks import Colour, Look, Pose
from consent.media.regions import Box

_FINE = 2  # bodies are drawn twice as large and brought down, for smooth edges
_TROUSERS: tuple[Colour, ...] = ((0.27, 0.34, 0.47), (0.36, 0.33, 0.31), (0.55, 0.52, 0.45), (0.22, 0.25, 0.30))


def portrait(look: Look, pose: Pose, size: int = 480) -> Image.Image:
    """Head and shoulders before a plain wall, square."""
    figure, box = draw_figure(look, pose, round(size * 0.40))
    wall = Image.new("RGB", (size, size), (214, 222, 226))
    wall.paste(figure, (round(size / 2 - box.centre[0]), round(size * 0.47 - box.centre[1])), figure)
    return wall


def draw_figure(look: Look, pose: Pose, size: int) -> tuple[Image.Image, Box]:
    """Somebody from hair to shoes on a transparent ground, and where the face is, whose width is `size` pixels."""
    head, box = draw_face(look, pose, size)
    tall = size * (7.4 if look.grown else 6.0)
    wide = max(head.width, round(size * 2.9))
    figure = Image.new("RGBA", (wide, round(tall)), (0, 0, 0, 0))
    middle, chin = wide / 2, box.bottom
    body = _draw_body(look, pose, size, (wide, round(tall)), (middle, chin))
    figure.alpha_composite(body)
    left = round(middle - box.centre[0])
    figure.alpha_composite(head, (max(0, left), 0))
    return figure, Box(box.left + max(0, left), box.top, box.width, box.height)


def _draw_body(look: Look, pose: Pose, size: int, extent: tuple[int, int], chin: tuple[float, float]) -> Image.Image:
    body = Image.new("RGBA", (extent[0] * _FINE, extent[1] * _FINE), (0, 0, 0, 0))
    pen, unit = ImageDraw.Draw(body), size * _FINE
    x, top = chin[0] * _FINE, chin[1] * _FINE + 0.13 * unit
    half = unit * (0.98 if look.grown else 0.82)
    waist = top + unit * (2.5 if look.grown else 2.0)
    cloth, skin = _tone(look.clothes, pose), _tone(look.skin, pose)
    legs = _tone(_TROUSERS[look.seed % len(_TROUSERS)], pose)
    for side in (-1, 1):
        shoulder, hand = x + side * half * 0.86, x + side * half * 1.12
        pen.line(
            (shoulder, top + 0.45 * unit, hand, waist - 0.1 * unit), fill=_darker(cloth, 0.86), width=round(0.42 * unit)
        )
        pen.ellipse(_around(hand, waist, 0.19 * unit), fill=skin)
        hip = x + side * half * 0.40
        pen.rectangle(
            (hip - 0.30 * unit, waist - 0.1 * unit, hip + 0.30 * unit, body.height - 0.2 * unit),
            fill=_darker(legs, 0.96 + 0.06 * side),
        )
        foot = (hip - 0.38 * unit, body.height - 0.36 * unit, hip + 0.38 * unit, body.height)
        pen.rounded_rectangle(
            foot, radius=0.16 * unit, fill=(236, 232, 226, 255) if look.seed % 3 else (70, 64, 66, 255)
        )
    pen.rounded_rectangle((x - half, top, x + half, waist + 0.2 * unit), radius=0.5 * half, fill=cloth)
    if look.seed % 4 == 1:
        for stripe in range(3):
            y = top + (0.85 + 0.42 * stripe) * unit
            pen.rectangle((x - half, y, x + half, y + 0.16 * unit), fill=_darker(cloth, 1.14))
    pen.ellipse(_around(x, top - 0.02 * unit, 0.42 * unit), fill=_darker(cloth, 0.82))
    return body.resize(extent, Image.Resampling.BOX)


def _around(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def _tone(colour: Colour, pose: Pose) -> tuple[int, int, int, int]:
    red, green, blue = (
        min(255, round(255 * part * cast * pose.light.brightness))
        for part, cast in zip(colour, pose.light.cast, strict=True)
    )
    return red, green, blue, 255


def _darker(colour: tuple[int, int, int, int], share: float) -> tuple[int, int, int, int]:
    red, green, blue = (min(255, round(part * share)) for part in colour[:3])
    return red, green, blue, colour[3]
