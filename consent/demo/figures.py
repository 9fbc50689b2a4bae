"""Whole people: a drawn head on a dressed body, and the portrait of one."""

from PIL import Image, ImageDraw

from consent.demo.drawing import draw_face
from consent.demo.looks import Colour, Look, Pose
from consent.media.regions import Box

_FINE = 2  # bodies are drawn twice as large and brought down, for smooth edges
_TROUSERS: tuple[Colour, ...] = ((0.27, 0.34, 0.47), (0.36, 0.33, 0.31), (0.55, 0.52, 0.45), (0.22, 0.25, 0.30))
_SHOES: tuple[Colour, ...] = ((0.92, 0.91, 0.89), (0.28, 0.25, 0.26), (0.66, 0.34, 0.30))


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
    half = unit * (0.94 if look.grown else 0.80)
    waist = top + unit * (2.5 if look.grown else 2.0)
    cloth = _tone(look.clothes, pose)
    for side in (-1, 1):
        _draw_arm(pen, (x + side * half * 0.78, top + 0.5 * unit), (x + side * half * 1.12, waist), unit, look, pose)
        _draw_leg(pen, x + side * half * 0.40, (waist - 0.1 * unit, body.height), unit, look, pose)
    pen.rounded_rectangle((x - half, top, x + half, waist + 0.2 * unit), radius=0.66 * half, fill=cloth)
    if look.seed % 4 == 1:
        for stripe in range(3):
            y = top + (0.95 + 0.36 * stripe) * unit
            pen.rectangle((x - half, y, x + half, y + 0.13 * unit), fill=_darker(cloth, 1.14))
    pen.ellipse((x - 0.37 * unit, top - 0.26 * unit, x + 0.37 * unit, top + 0.31 * unit), fill=_darker(cloth, 0.84))
    pen.rectangle((x - half, 0, x + half, top - 1), fill=(0, 0, 0, 0))
    return body.resize(extent, Image.Resampling.BOX)


def _draw_arm(
    pen: ImageDraw.ImageDraw,
    shoulder: tuple[float, float],
    hand: tuple[float, float],
    unit: float,
    look: Look,
    pose: Pose,
) -> None:
    sleeve = _darker(_tone(look.clothes, pose), 0.88)
    pen.ellipse(_around(*hand, 0.18 * unit), fill=_tone(look.skin, pose))
    pen.line((*shoulder, hand[0], hand[1] - 0.1 * unit), fill=sleeve, width=round(0.42 * unit))
    pen.ellipse(_around(*shoulder, 0.21 * unit), fill=sleeve)


def _draw_leg(
    pen: ImageDraw.ImageDraw, hip: float, reach: tuple[float, float], unit: float, look: Look, pose: Pose
) -> None:
    cloth = _tone(_TROUSERS[look.seed % len(_TROUSERS)], pose)
    pen.rectangle((hip - 0.30 * unit, reach[0], hip + 0.30 * unit, reach[1] - 0.2 * unit), fill=cloth)
    foot = (hip - 0.38 * unit, reach[1] - 0.36 * unit, hip + 0.38 * unit, reach[1])
    shoe = _SHOES[look.seed % len(_SHOES)]
    pen.rounded_rectangle(foot, radius=0.16 * unit, fill=_tone(shoe, pose))


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
