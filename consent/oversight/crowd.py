"""People to measure recognition with, and the draws that enrol some of them and make the others strangers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from consent.errors import NotFound, Unusable
from consent.faces import detector, recogniser
from consent.faces.matching import Enrolled
from consent.media.photo import sanitise

PORTRAITS = 3
"""Pictures of an enrolled person that become templates; the others are probes."""


@dataclass(frozen=True, eq=False)
class Shot:
    """What one picture gave: a vector where a face was found, and whether enrolment would take it as a portrait."""

    face: str
    vector: NDArray[np.float32] | None
    is_portrait: bool


@dataclass(frozen=True)
class Crowd:
    """People known by more than `PORTRAITS` pictures each, and pictures of strangers, a person each."""

    people: dict[str, tuple[Shot, ...]]
    strangers: tuple[Shot, ...]


@dataclass(frozen=True)
class Probe:
    """A picture held against the enrolled; `half` is 0 or 1, one and the same for all pictures of a person."""

    shot: Shot
    person: str
    is_enrolled: bool
    half: int


@dataclass(frozen=True)
class Draw:
    """One way to cut a crowd into enrolled people and strangers."""

    enrolled: tuple[Enrolled, ...]
    probes: tuple[Probe, ...]


def gather(identities: Path, strangers: Path, look: Callable[[Path], Shot]) -> Crowd:
    """Look at every picture once: `identities` holds a folder per person, `strangers` pictures of a person each.

    Raises:
        NotFound: there are not enough pictures to measure anything.
    """
    folders = sorted(folder for folder in _inside(identities) if folder.is_dir())
    people = {folder.name: tuple(look(path) for path in _inside(folder)) for folder in folders}
    crowd = Crowd(
        {name: shots for name, shots in people.items() if len(shots) > PORTRAITS},
        tuple(look(path) for path in _inside(strangers) if path.is_file()),
    )
    if len(crowd.people) < 4 or len(crowd.strangers) < 2:  # noqa: PLR2004 - two halves, each with somebody not enrolled
        raise NotFound(
            f"Too little to measure with: four people with {PORTRAITS + 1} pictures and two strangers are needed."
        )
    return crowd


def _inside(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def look(path: Path) -> Shot:
    """The face nearest to the middle of a picture, as the gate sees it; none where picture or face is unusable."""
    try:
        pixels = np.asarray(sanitise(path.read_bytes()))
    except Unusable:
        return Shot(str(path), None, is_portrait=False)
    middle = np.array(pixels.shape[1::-1]) / 2
    found = [face.box for face in detector.find_faces(pixels) if face.certainty is detector.Certainty.FACE]
    if not found:
        return Shot(str(path), None, is_portrait=False)
    box = min(found, key=lambda box: float(np.hypot(*(np.array(box.centre) - middle))))
    flaw = recogniser.measure_portrait(pixels, box).flaw
    return Shot(str(path), recogniser.embed(pixels, [box])[0], is_portrait=flaw is None)


def draw(crowd: Crowd, enrolled: int, halves: dict[str, int], chance: Random) -> Draw:
    """Enrol that many, each by the mean of their usable portraits; who has none stays a probe nobody can recognise."""
    chosen = set(chance.sample(sorted(crowd.people), enrolled))
    templates: list[Enrolled] = []
    probes = [Probe(shot, shot.face, is_enrolled=False, half=halves[shot.face]) for shot in crowd.strangers]
    for person, shots in sorted(crowd.people.items()):
        shuffled = chance.sample(shots, len(shots))
        first = PORTRAITS if person in chosen else 0
        vectors = [shot.vector for shot in shuffled[:first] if shot.vector is not None and shot.is_portrait]
        if vectors:
            templates.append(Enrolled(person, np.mean(vectors, axis=0)))
        probes += [Probe(shot, person, person in chosen, halves[person]) for shot in shuffled[first:]]
    return Draw(tuple(templates), tuple(probes))


def cut_in_halves(crowd: Crowd, chance: Random) -> dict[str, int]:
    """0 or 1 per person, evenly among the known and among the strangers."""
    halves: dict[str, int] = {}
    for names in (sorted(crowd.people), [shot.face for shot in crowd.strangers]):
        halves |= {name: position % 2 for position, name in enumerate(chance.sample(names, len(names)))}
    return halves
