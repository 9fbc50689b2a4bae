"""The one door to face_recognition and dlib: a face in a picture becomes 128 numbers, or a judged portrait.

For workers only, loaded on first use: importing the library loads four models (120 MB, a second), lets Pillow accept
half a file in the whole process, and ends the process where its models are missing. Landmarks and weights are the
library's; its network is run by onnxruntime (see `resnet`) where that gives the library's own numbers, and by the
library where it does not. All of it uses one thread, so more speed comes from more worker processes.
"""

import importlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile

from consent.errors import Misconfigured
from consent.faces import resnet
from consent.media.regions import Box

Pixels = NDArray[np.uint8]
Vector = NDArray[np.float32]
Encoder = Callable[[Sequence[Pixels]], NDArray[np.float64]]

MODEL = "dlib-resnet-v1 5-points mirror-mean unit"
"""Stored with every template. Vectors of two models cannot be compared: a new value makes old templates void."""

# The side of the upright cut-out the model was trained on, and the margin around the face in it.
_CHIP_SIDE, _CHIP_PADDING = 150, 0.25
_FACES_AT_ONCE = 4  # more is no faster, and takes more memory


MIN_FACE_PIXELS = 30.0
"""Shorter side of the box below which a vector is not worth having.

On LFW reduced to 32, 24 and 16 pixels 4, 13 and 55 % of the enrolled are no longer proposed, and strangers of 16 pixels
come to lie as near to each other as one person's pictures.
"""

# Portraits below these are asked for anew. Of 200 LFW pictures (faces of about 95 pixels) 0.5 % are less sharp, and
# 97 % are after a blur of 2 pixels; 2 % are turned farther.
_MIN_PORTRAIT_PIXELS, _MIN_SHARPNESS, _MAX_TURN = 80.0, 2.5, 0.65


class Flaw(StrEnum):
    """Why a portrait is no use as a template."""

    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    TURNED = "turned"


@dataclass(frozen=True)
class Quality:
    """What enrolment judges a portrait by.

    `size` is the face's shorter side in pixels; `sharpness` the spread of the Laplacian over the face at a fixed size,
    in grey levels; `turn` 0 for a nose midway between the cheeks to 1 for one that hides a cheek.
    """

    size: float
    sharpness: float
    turn: float

    @property
    def flaw(self) -> Flaw | None:
        """The first reason to ask for another portrait, if any."""
        if self.size < _MIN_PORTRAIT_PIXELS:
            return Flaw.TOO_SMALL
        if self.sharpness < _MIN_SHARPNESS:
            return Flaw.BLURRED
        if self.turn > _MAX_TURN:
            return Flaw.TURNED
        return None


def load() -> None:
    """Load the models now. A worker does so at its start, before it decodes anything.

    Raises:
        Misconfigured: the library or its models are missing or damaged.
    """
    _encoder()


def embed(pixels: Pixels, boxes: Sequence[Box]) -> list[Vector]:
    """One vector per box of an upright RGB picture (height × width × 3), 128 numbers, about 8 ms each on one core.

    The vector is the mean of the face and its mirror image, brought to length 1. On LFW, 100 people enrolled and 0.1 %
    of strangers accepted, the mean loses a quarter fewer people than the face alone, and equal lengths a fifth fewer
    again where a person has one or two portraits.
    Faces below `MIN_FACE_PIXELS` get a vector too, but it says little about whose they are.
    """
    picture = _checked(pixels)
    vectors: list[Vector] = []
    for start in range(0, len(boxes), _FACES_AT_ONCE):
        chips = [_chip(picture, box) for box in boxes[start : start + _FACES_AT_ONCE]]
        both_sides = [side for chip in chips for side in (chip, np.ascontiguousarray(chip[:, ::-1]))]
        means = _encoder()(both_sides).reshape(-1, 2, 128).mean(axis=1)
        vectors.extend((means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32))
    return vectors


def measure_portrait(pixels: Pixels, box: Box) -> Quality:
    """What one face of an upright RGB picture is worth as a template; see `Quality.flaw`."""
    picture = _checked(pixels)
    return Quality(box.shorter_side, _sharpness(_chip(picture, box)), _turn(picture, box))


def _chip(picture: Pixels, box: Box) -> Pixels:
    """The face upright, 150 × 150.

    The detector's box goes in as it is: moved and squared to where dlib's own detector would put it, or with the
    landmarks of fifteen such boxes averaged, vectors tell people apart no better on LFW.
    """
    library = _library()
    landmarks = library.pose_predictor_5_point(picture, _rectangle(box))
    chip: Pixels = library.dlib.get_face_chip(picture, landmarks, _CHIP_SIDE, _CHIP_PADDING)
    return chip


def _rectangle(box: Box) -> Any:  # noqa: ANN401 - dlib's own class, unknown to the type checker
    return _library().dlib.rectangle(round(box.left), round(box.top), round(box.right), round(box.bottom))


def _turn(picture: Pixels, box: Box) -> float:
    outline = _library().pose_predictor_68_point(picture, _rectangle(box)).parts()
    points = np.array([(point.x, point.y) for point in outline], np.float64)
    # Numbers of the 68-point scheme: cheeks beside the nose 1 and 15, its tip 30, outer eye corners 36 and 45.
    across = points[45] - points[36]
    one, other = abs(float((points[30] - points[1]) @ across)), abs(float((points[15] - points[30]) @ across))
    return abs(one - other) / max(one + other, 1.0)


def _sharpness(chip: Pixels) -> float:
    grey = chip[30:-30, 30:-30].astype(np.float64).mean(axis=2)
    middle = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle).std())


def _checked(pixels: Pixels) -> Pixels:
    """dlib reads the bytes as they lie: other kinds of array would be nonsense or a crash."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:  # noqa: PLR2004 - height, width and RGB
        raise ValueError("a picture is height × width × 3 bytes")
    return np.ascontiguousarray(pixels)


@cache
def _encoder() -> Encoder:
    library = _library()

    def own(chips: Sequence[Pixels]) -> NDArray[np.float64]:
        return np.asarray(library.face_encoder.compute_face_descriptor(list(chips)), np.float64)

    fast = resnet.read(Path(library.face_recognition_model))
    return own if fast is None else trusted(fast, own)


def trusted(fast: Encoder, own: Encoder) -> Encoder:
    """The fast one if it gives the numbers of the library's own, tried on noise; else the library's own."""
    noise = np.random.default_rng(0).integers(0, 256, (_CHIP_SIDE, _CHIP_SIDE, 3), np.uint8)
    # Two faces are never told apart by less than a hundredth.
    return fast if np.allclose(fast([noise]), own([noise]), rtol=0, atol=1e-4) else own


@cache
def _library() -> Any:  # noqa: ANN401 - face_recognition has no types
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # face_recognition_models still uses pkg_resources, and says so each time
            # First, by itself: where this fails face_recognition ends the process.
            importlib.import_module("face_recognition_models")
            return importlib.import_module("face_recognition.api")
    except (
        ImportError,
        RuntimeError,
    ) as error:  # dlib raises RuntimeError for a model file it cannot read
        raise Misconfigured(
            "The face models cannot be loaded: install face-recognition and its models anew."
        ) from error
    finally:
        # face_recognition sets this for the whole process; half a picture must be refused, not judged.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
