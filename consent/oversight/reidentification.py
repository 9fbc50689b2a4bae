"""Can the people under the covers be told apart? Measured on pictures of known people, several of each.

Everybody takes part once a draw: one picture is the gallery, another is looked for in it. A picture goes through the
gate's own steps first: its head covered, encoded, decoded. Each comparison is held against chance, one in so many
people; the same comparison without covers shows that it would find somebody if there were anybody to find.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from consent.errors import NotFound, Unusable
from consent.faces import detector, recogniser
from consent.media.covers import Cover, CoverStyle, cover
from consent.media.photo import Output, ReleaseStatus, encode, sanitise
from consent.media.regions import Box, head_area
from consent.oversight.bounds import Share

_SIDE = 24  # cells across and down that a head is compared by: fine enough to know a face
_BLOCK = 16  # pixels; JPEG's, at 4:2:0
_AVERAGES = (4, 3, 2, 1)

Features = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Portrayed:
    """One picture of a person, and where the face is."""

    name: str
    picture: Image.Image
    box: Box


@dataclass(frozen=True)
class Matched:
    """How often the nearest in the gallery is the right person.

    `open`: nobody is covered; `half`: covered people looked for among open ones; `covered`: both are covered.
    """

    open: Share
    half: Share
    covered: Share


@dataclass(frozen=True)
class Average:
    """What an average of so many cells across and down would give away, were it a cover."""

    cells: int
    covered: Share


@dataclass(frozen=True)
class Reidentification:
    """All figures of one measurement. `chance` is one in `people`."""

    people: int
    style: CoverStyle
    draws: int
    seed: int
    chance: float
    pixels: Matched
    recogniser: Matched
    averages: tuple[Average, ...]

    @property
    def is_at_chance(self) -> bool:
        """No comparison of covered people is surely better than guessing."""
        shares = (self.pixels.half, self.pixels.covered, self.recogniser.half, self.recogniser.covered)
        return all(share.bounds[0] <= self.chance for share in shares)


def look(path: Path) -> Portrayed | None:
    """The largest face of a picture; nothing where picture or face is unusable."""
    try:
        picture = sanitise(path.read_bytes())
    except Unusable:
        return None
    found = [face.box for face in detector.find_in(picture)]
    return Portrayed(str(path), picture, max(found, key=lambda box: box.area)) if found else None


def measure(
    identities: Path,
    style: CoverStyle,
    *,
    draws: int = 10,
    seed: int = 1,
    look_at: Callable[[Path], Portrayed | None] = look,
    embed: Callable[[NDArray[np.uint8], Sequence[Box]], list[NDArray[np.float32]]] = recogniser.embed,
) -> Reidentification:
    """Look at every picture once (some 0.5 s), then compare in `draws` ways; the same seed gives the same figures.

    Raises:
        NotFound: the folder is missing, or holds fewer than two people with two usable pictures.
    """
    people = _gather(identities, look_at)
    hidden = [[_covered(shot, style) for shot in shots] for shots in people]
    chance = np.random.default_rng(seed)
    pairs = [[chance.permutation(len(shots))[:2] for shots in people] for _ in range(draws)]

    def matched(describe: Describe) -> Matched:
        known, sought = (_describe(all_shots, describe) for all_shots in (people, hidden))
        return Matched(
            *(_rank_one(*both, pairs, chance) for both in [(known, known), (known, sought), (sought, sought)])
        )

    def average(cells: int) -> Average:
        reduced = _describe(people, lambda shot: _head(shot, cells))
        return Average(cells, _rank_one(reduced, reduced, pairs, chance))

    return Reidentification(
        people=len(people),
        style=style,
        draws=draws,
        seed=seed,
        chance=1 / len(people),
        pixels=matched(_head),
        recogniser=matched(lambda shot: embed(np.asarray(shot.picture), [shot.box])[0]),
        averages=tuple(average(cells) for cells in _AVERAGES),
    )


Describe = Callable[[Portrayed], Features]
Pairs = Sequence[Sequence[NDArray[np.int64]]]


def _gather(identities: Path, look_at: Callable[[Path], Portrayed | None]) -> list[list[Portrayed]]:
    if not identities.is_dir():
        raise NotFound(f"There is no folder {identities}.")
    people: list[list[Portrayed]] = []
    for folder in sorted(path for path in identities.iterdir() if path.is_dir()):
        shots = [shot for path in sorted(folder.iterdir()) if (shot := look_at(path)) is not None]
        if len(shots) > 1:
            people.append(shots)
    if len(people) < 2:  # noqa: PLR2004 - with one there is nobody to be mistaken for
        raise NotFound("Too little to measure with: two people with two pictures of their face are needed.")
    return people


def _covered(shot: Portrayed, style: CoverStyle) -> Portrayed:
    painted = cover(shot.picture, [Cover(head_area(shot.box, *shot.picture.size), style)])
    content = encode(painted, release_id="measurement", release_status=ReleaseStatus.NOT_APPLICABLE, like=Output.JPEG)
    return Portrayed(shot.name, sanitise(content), shot.box)


def _head(shot: Portrayed, cells: int = _SIDE) -> Features:
    """What lies well inside the cover's place, as cells of colour; everything else is made one grey.

    What lies around the cover is seen by anybody, and JPEG carries its colours up to a block into the cover: counted,
    clothes and background would be taken for something the cover gives away.
    """
    area = head_area(shot.box, *shot.picture.size)
    inside = replace(
        area,
        half_width=max(area.half_width - _BLOCK, area.half_width / 2),
        half_height=max(area.half_height - _BLOCK, area.half_height / 2),
    )
    place = inside.pixels(*shot.picture.size)
    crop = shot.picture.crop(place.edges)
    around = Image.fromarray(np.where(inside.mask(place), 0, 255).astype(np.uint8))
    crop.paste((128, 128, 128), mask=around)
    return np.asarray(crop.resize((cells, cells), Image.Resampling.BOX), dtype=np.float32).ravel()


def _describe(people: Sequence[Sequence[Portrayed]], describe: Describe) -> list[list[Features]]:
    return [[describe(shot) for shot in shots] for shots in people]


def _rank_one(
    gallery: Sequence[Sequence[Features]],
    probes: Sequence[Sequence[Features]],
    pairs: Pairs,
    chance: np.random.Generator,
) -> Share:
    """Everybody's second picture of each pair, looked for among everybody's first; a draw decides between equals."""
    hits, seen = 0, set()
    for chosen in pairs:
        known = np.stack([shots[first] for shots, (first, _) in zip(gallery, chosen, strict=True)])
        for person, (_, second) in enumerate(chosen):
            apart = ((known - probes[person][second]) ** 2).sum(axis=1)
            nearest = np.flatnonzero(apart <= apart.min())
            hits += int(chance.choice(nearest)) == person
            seen.add((person, int(second)))
    return Share(hits, len(pairs) * len(probes), len(seen))
