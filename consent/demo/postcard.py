"""Before and after in one small picture, as on the first screen of the README. Made of a finished tour.

`consent demo --no-serve --postcard docs/before-after.png` makes it anew.
"""

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from consent.demo import showing
from consent.errors import NotFound

FILE = "04-boerderij.jpg"
_SIDE = 660  # pixels, the width of each half
_GAP, _CAPTION = 16, 64
_PAPER, _INK, _QUIET = (251, 251, 249), (28, 33, 38), (83, 92, 102)
_CUT = (0.06, 0.30, 0.94, 0.98)  # the part with the people in it, as shares of the picture
_COLOURS, _ROUNDS = 256, 2  # a palette without dithering: the sensor's noise would make the file four times as large


def write(told: dict[str, Any], out: Path, target: Path) -> None:
    """Put the two pictures side by side into a PNG; `told` and `out` are what the tour left."""
    [file] = [one for one in told["files"] if one["name"] == FILE]
    last = file["stages"][-1]["channels"][0]
    halves = [
        (out / file["original"], "Before", "as it came in; stays inside the school"),
        (
            out / showing.PICTURES / last["picture"],
            "After",
            f"as it may go out on the {last['key']}: {last['shown']} shown, {last['covered']} covered",
        ),
    ]
    high = round(_SIDE * file["height"] * (_CUT[3] - _CUT[1]) / (file["width"] * (_CUT[2] - _CUT[0])))
    card = Image.new("RGB", (2 * _SIDE + 3 * _GAP, high + _GAP + _CAPTION), _PAPER)
    pen = ImageDraw.Draw(card)
    for index, (path, title, said) in enumerate(halves):
        left = _GAP + index * (_SIDE + _GAP)
        with Image.open(path) as picture:
            wide, tall = picture.size
            edges = _CUT[0] * wide, _CUT[1] * tall, _CUT[2] * wide, _CUT[3] * tall
            part = picture.resize((_SIDE, high), Image.Resampling.LANCZOS, box=edges)
            card.paste(part, (left, _GAP))
        pen.text((left, high + _GAP + 12), title, fill=_INK, font=ImageFont.load_default(20))
        pen.text((left, high + _GAP + 38), said, fill=_QUIET, font=ImageFont.load_default(15))
    small = card.quantize(_COLOURS, kmeans=_ROUNDS, dither=Image.Dither.NONE)
    try:
        small.save(target, "PNG", optimize=True)
    except OSError as error:
        raise NotFound(f"{target} cannot be written: {error.strerror}.") from error
