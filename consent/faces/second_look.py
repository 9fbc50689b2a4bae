"""A second look at a finished picture: quick, at one moderate size, and by other code than the first.

It is not thorough, and does not need to be: it finds what went plainly wrong, such as a cover in another place.
"""

import numpy as np
from PIL import Image

from consent.faces import centerface
from consent.media.regions import Box

_LONGEST = 960  # pixels
_UNMISTAKABLE = 0.5  # below, a finished picture and its original may differ by what JPEG does to them


def plain_faces(picture: Image.Image) -> list[Box]:
    """Where there is unmistakably a face; the same face may be there several times."""
    width, height = picture.size
    scale = min(1.0, _LONGEST / max(width, height))
    small = picture.resize((max(1, round(width * scale)), max(1, round(height * scale))), reducing_gap=2.0)
    rows = centerface.find_candidates(np.asarray(small), _UNMISTAKABLE).astype(float) / scale
    return [Box(left, top, right - left, bottom - top) for left, top, right, bottom, _ in rows.tolist()]
