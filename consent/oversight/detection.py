"""How many faces are not found, and how many boxes hold none, by the size of the face; beside another program's.

A labelled face counts as found where a box overlaps it by more than `FOUND` of their union, and a box as false where no
labelled face does so. Labels leave out faces that boxes rightly hold: false boxes are an upper bound.
"""

import json
import math
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.stats import binomtest

from consent.errors import Misconfigured, NotFound
from consent.faces.detector import Certainty, Detection, find_in
from consent.media.regions import Box, overlap
from consent.oversight.bounds import Share

FOUND = 0.3
"""Overlap as intersection over union."""

SIZES = (0.0, 10.0, 16.0, 30.0, 60.0)
"""Where each class of faces begins, by the shorter side in pixels; the last has no end."""

SMALLEST_TOLD_APART = 16.0
"""False boxes below this many pixels are counted, but not held to a number: nobody is recognised by such a face."""

_DRAWS = 2000


@dataclass(frozen=True)
class Picture:
    """The labelled faces of one picture, and the boxes a program drew in it."""

    faces: tuple[Box, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class ByPicture:
    """So many boxes in so many pictures."""

    count: int
    pictures: int

    @property
    def rate(self) -> float:
        """Per picture."""
        return self.count / self.pictures if self.pictures else 0.0


@dataclass(frozen=True)
class SizeClass:
    """Faces from `from_pixels` up to the next class.

    `missed`: no box is theirs; `uncovered`: their centre lies in no box, so that hiding the boxes leaves them visible.
    """

    from_pixels: float
    missed: Share
    uncovered: Share


@dataclass(frozen=True)
class Finding:
    """What one program, at one threshold, makes of all pictures; the false boxes per picture."""

    by_size: tuple[SizeClass, ...]
    false_boxes: ByPicture
    false_boxes_from_16: ByPicture


@dataclass(frozen=True)
class Pair:
    """The misses of two programs on the same faces, from a size up.

    `ratio` is the first's misses for each of the other's, with its 95 % interval over pictures drawn anew; None where
    the other misses nothing. `p` is the chance of a difference like this or larger if neither were better (the exact
    sign test on faces only one missed).
    """

    from_pixels: float
    only_first: int
    only_other: int
    both: int
    ratio: float | None
    ratio_low95: float | None
    ratio_high95: float | None
    p: float


@dataclass(frozen=True)
class Measured:
    """The detector at its upper threshold, and with the possible faces; the same for a peer where one was asked."""

    pictures: int
    faces: int
    certain: Finding
    flagged: Finding
    peer: Finding | None
    certain_and_peer: tuple[Pair, ...]
    flagged_and_peer: tuple[Pair, ...]


def measure(
    folder: Path, peer: Path | None = None, look: Callable[[Path], Iterable[Detection]] | None = None
) -> Measured:
    """Look at every picture that `boxes.json` of the folder names: {file: [[left, top, width, height], …]}.

    `peer` is the Python of an environment in which `deface` is installed; it runs at its own default threshold.

    Raises:
        NotFound: the folder has no `boxes.json`, or that names no picture.
        Misconfigured: the peer cannot be run.
    """
    labels = read_labels(folder)
    found = {name: list((look or find_in_file)(folder / name)) for name in labels}
    sure = {name: [one for one in seen if one.certainty is Certainty.FACE] for name, seen in found.items()}
    certain = [Picture(faces, tuple(one.box for one in sure[name])) for name, faces in labels.items()]
    flagged = [Picture(faces, tuple(one.box for one in found[name])) for name, faces in labels.items()]
    theirs: list[Picture] = []
    if peer is not None:
        boxes = ask_peer(peer, [folder / name for name in labels])
        theirs = [Picture(faces, boxes[name]) for name, faces in labels.items()]
    return Measured(
        len(labels),
        sum(len(faces) for faces in labels.values()),
        judge(certain),
        judge(flagged),
        judge(theirs) if theirs else None,
        tuple(compare(certain, theirs, size) for size in SIZES if theirs),
        tuple(compare(flagged, theirs, size) for size in SIZES if theirs),
    )


def read_labels(folder: Path) -> dict[str, tuple[Box, ...]]:
    """The faces of each picture, by file name."""
    try:
        content = json.loads((folder / "boxes.json").read_text())
    except FileNotFoundError as error:
        raise NotFound(f"There is no boxes.json in {folder}.") from error
    if not content:
        raise NotFound(f"The boxes.json in {folder} names no picture.")
    return {name: tuple(Box(*map(float, box)) for box in boxes) for name, boxes in sorted(content.items())}


def find_in_file(file: Path) -> list[Detection]:
    """As the labels see the picture: by its stored pixels, not turned."""
    with Image.open(file) as picture:
        return find_in(picture.convert("RGB"))


def judge(pictures: Sequence[Picture]) -> Finding:
    """Count what was missed and what is false."""
    sizes = np.array([face.shorter_side for picture in pictures for face in picture.faces])
    missed = np.concatenate([np.zeros(0, np.bool_), *(_missed(picture) for picture in pictures)])
    uncovered = np.concatenate([np.zeros(0, np.bool_), *(_uncovered(picture) for picture in pictures)])
    classes = []
    for start, end in zip(SIZES, (*SIZES[1:], np.inf), strict=True):
        these = (sizes >= start) & (sizes < end)
        count = int(these.sum())
        classes.append(
            SizeClass(
                start,
                Share(int(missed[these].sum()), count, count),
                Share(int(uncovered[these].sum()), count, count),
            )
        )
    false = [box.shorter_side for picture in pictures for box in _false_boxes(picture)]
    large = sum(side >= SMALLEST_TOLD_APART for side in false)
    return Finding(tuple(classes), ByPicture(len(false), len(pictures)), ByPicture(large, len(pictures)))


def compare(first: Sequence[Picture], other: Sequence[Picture], from_pixels: float) -> Pair:
    """Two programs on the same pictures, in the same order."""
    rows = []
    for one, two in zip(first, other, strict=True):
        large = np.array([face.shorter_side >= from_pixels for face in one.faces], np.bool_)
        mine, theirs = _missed(one)[large], _missed(two)[large]
        rows.append([(mine & ~theirs).sum(), (~mine & theirs).sum(), (mine & theirs).sum()])
    counts = np.array(rows, np.int64).reshape(-1, 3)
    only_first, only_other, both = (int(count) for count in counts.sum(axis=0))
    low, high = _draw_ratios(counts)
    apart = only_first + only_other
    return Pair(
        from_pixels,
        only_first,
        only_other,
        both,
        _finite(_ratio(only_first + both, only_other + both)),
        _finite(low),
        _finite(high),
        float(binomtest(only_first, apart).pvalue) if apart else 1.0,
    )


def _draw_ratios(counts: NDArray[np.int64]) -> tuple[float, float]:
    # Faces of one picture are missed together, so pictures are drawn, not faces. The seed makes a report repeatable.
    dice = np.random.default_rng(20)
    drawn = dice.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=_DRAWS) @ counts
    ratios = [_ratio(int(row[0] + row[2]), int(row[1] + row[2])) for row in drawn]
    low, high = np.quantile(ratios, [0.025, 0.975], method="closest_observation")
    return float(low), float(high)


def _ratio(mine: int, theirs: int) -> float:
    """Of misses; none against none is as good as equal."""
    if theirs:
        return mine / theirs
    return 1.0 if mine == 0 else float("inf")


def _finite(ratio: float) -> float | None:
    return ratio if math.isfinite(ratio) else None


def _missed(picture: Picture) -> NDArray[np.bool_]:
    return np.array(
        [not any(overlap(face, box) > FOUND for box in picture.boxes) for face in picture.faces], dtype=np.bool_
    )


def _uncovered(picture: Picture) -> NDArray[np.bool_]:
    return np.array([not any(_holds(box, face.centre) for box in picture.boxes) for face in picture.faces], np.bool_)


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom


def _false_boxes(picture: Picture) -> list[Box]:
    return [box for box in picture.boxes if not any(overlap(box, face) > FOUND for face in picture.faces)]


_PEER_SCRIPT = """
import contextlib, json, sys
import imageio.v2
with contextlib.redirect_stdout(sys.stderr):
    from deface.centerface import CenterFace
    finder = CenterFace(in_shape=None, backend="auto")
    files = json.load(sys.stdin)
    found = {file: finder(imageio.v2.imread(file), threshold=0.2)[0][:, :4].tolist() for file in files}
json.dump(found, sys.stdout)
"""
"""Finds faces as deface's command line does for a photo, with the threshold it has by default."""


def ask_peer(python: Path, files: Sequence[Path]) -> dict[str, tuple[Box, ...]]:
    """The boxes of `deface` by file name, found in a process and an environment of its own.

    Raises:
        Misconfigured: there is no such Python, or deface does not run there.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the program is named by whoever starts the measurement
            [str(python), "-c", _PEER_SCRIPT],
            input=json.dumps([str(file) for file in files]),
            capture_output=True,
            text=True,
            check=True,
        )
    except OSError as error:
        raise Misconfigured(f"There is no Python to run deface with at {python}.") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no message"])[-1]
        raise Misconfigured(f"deface does not run with {python}: {last}") from error
    found = json.loads(done.stdout)
    return {
        file.name: tuple(Box(left, top, right - left, bottom - top) for left, top, right, bottom in found[str(file)])
        for file in files
    }
