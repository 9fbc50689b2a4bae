"""Who a face might be: proposals among the people present who have a template, for one picture at a time.

A proposal is never a decision. No face of a picture gets a person another face of it has; a person with a look-alike is
never certain; and whoever else is enrolled can only make a proposal for the same person weaker, never stronger.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

Distances = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Enrolled:
    """A person with biometric consent; `vector` is the mean of their templates, 128 numbers, of any length but 0."""

    person_id: str
    vector: NDArray[np.floating]


class Strength(StrEnum):
    """How much a proposal is worth. Only the first may ever show a face without a person's look at it."""

    STRICT = "strict"
    PROPOSED = "proposed"
    UNSURE = "unsure"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Thresholds:
    """Distances between vectors of length 1: 0 is the same picture, strangers lie around 0.55.

    Measured by `consent evaluate` on LFW (100 enrolled with three portraits, 20 draws): `strict` with `margin` and
    `look_alike` took 1 in 14,000 strangers for somebody (0.1 % at 0.30) and missed 22 % of the enrolled; `proposed`
    finds 96 % and proposes somebody for 1.0 % of strangers; a tenth of strangers lie within `unsure`; 3 % of these
    adults have a look-alike. Faces of 24 pixels leak no more at these values, they are missed more. Children lie closer
    together than adults: hence on the near side of what was measured.
    """

    strict: float = 0.28
    proposed: float = 0.33
    unsure: float = 0.36
    margin: float = 0.04
    look_alike: float = 0.32


@dataclass(frozen=True)
class Candidate:
    """What one face came to.

    `distance` is to `person_id`, or to the nearest enrolled person where that is None; infinite where nobody is
    enrolled. `margin` is the lead over the next person for this face and over the next face for this person, whichever
    is less: negative where another is better. `others` are the people a reviewer should think of as well: the
    look-alikes, enrolled or not, and for an unsure face everybody else within reach, nearest first.
    """

    person_id: str | None
    distance: float
    margin: float
    strength: Strength
    look_alike: bool = False
    others: tuple[str, ...] = ()


def match(
    probes: Sequence[NDArray[np.floating]],
    enrolled: Sequence[Enrolled],
    siblings: Collection[tuple[str, str]],
    thresholds: Thresholds,
) -> list[Candidate]:
    """One candidate per face of ONE picture, in the order of the faces.

    `siblings` are pairs of people from the register; a brother without a template counts as a look-alike too, since it
    may well be his face. Pass every pair of which one is enrolled.
    """
    if not probes:
        return []
    people = sorted(enrolled, key=lambda person: person.person_id)
    if not people:
        return [Candidate(None, math.inf, math.inf, Strength.NOBODY) for _ in probes]
    distances = _distances(probes, [person.vector for person in people])
    margins = _margins(distances)
    given = _assign(distances, margins, thresholds)
    alike = look_alikes(people, siblings, thresholds.look_alike)
    ids = [person.person_id for person in people]
    return [_judge(face, given.get(face), distances, margins, ids, alike, thresholds) for face in range(len(probes))]


def look_alikes(
    enrolled: Sequence[Enrolled], siblings: Collection[tuple[str, str]], closer_than: float
) -> dict[str, tuple[str, ...]]:
    """For each enrolled person whom they could be taken for: siblings, and templates nearer than `closer_than`."""
    found: dict[str, set[str]] = {person.person_id: set() for person in enrolled}
    for one, other in siblings:
        if one in found:
            found[one].add(other)
        if other in found:
            found[other].add(one)
    if enrolled:
        vectors = [person.vector for person in enrolled]
        near = np.argwhere(np.triu(_distances(vectors, vectors) <= closer_than, k=1))
        for row, column in near:
            one, other = enrolled[row].person_id, enrolled[column].person_id
            found[one].add(other)
            found[other].add(one)
    return {person_id: tuple(sorted(others)) for person_id, others in found.items()}


def weigh(distance: float, margin: float, thresholds: Thresholds, *, guarded: bool) -> Strength:
    """What one person's distance and margin are worth; `guarded` people have a look-alike and are never certain."""
    if distance > thresholds.unsure:
        return Strength.NOBODY
    if distance > thresholds.proposed or margin < thresholds.margin or margin <= 0:
        return Strength.UNSURE
    if distance > thresholds.strict or guarded:
        return Strength.PROPOSED
    return Strength.STRICT


def _distances(rows: Sequence[NDArray[np.floating]], columns: Sequence[NDArray[np.floating]]) -> Distances:
    return cdist(_directions(rows), _directions(columns))


def _directions(vectors: Sequence[NDArray[np.floating]]) -> Distances:
    """Only where a vector points tells people apart: a mean of several portraits is shorter, and would seem nearer."""
    stacked = np.asarray(vectors, np.float64)
    lengths: Distances = np.linalg.norm(stacked, axis=1, keepdims=True)
    return stacked / lengths


def _margins(distances: Distances) -> Distances:
    """Per face and person: the smaller of the two leads, over the next person and over the next face."""
    return np.minimum(_lead(distances), _lead(distances.T).T)


def _lead(distances: Distances) -> Distances:
    """How much nearer each column is than the best of the other columns of its row."""
    if distances.shape[1] == 1:
        return np.full_like(distances, math.inf)
    first, second = np.partition(distances, 1, axis=1)[:, :2].T
    best_other = np.where(distances == first[:, None], second[:, None], first[:, None])
    lead: Distances = best_other - distances
    return lead


def _assign(distances: Distances, margins: Distances, thresholds: Thresholds) -> dict[int, int]:
    """Person per face, each at most once, nobody farther than `unsure`.

    A pair that is clearly the best for both stays together first: the smallest sum over the whole picture would part it
    to give a face of some stranger a name.
    """
    clear = (distances <= thresholds.proposed) & (margins >= thresholds.margin) & (margins > 0)
    given = {int(face): int(person) for face, person in np.argwhere(clear)}
    faces = [face for face in range(distances.shape[0]) if face not in given]
    people = [person for person in range(distances.shape[1]) if person not in set(given.values())]
    if faces and people:
        cost = np.minimum(distances[np.ix_(faces, people)], thresholds.unsure + 1)
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            if distances[faces[row], people[column]] <= thresholds.unsure:
                given[faces[row]] = people[column]
    return given


def _judge(
    face: int,
    person: int | None,
    distances: Distances,
    margins: Distances,
    ids: Sequence[str],
    alike: dict[str, tuple[str, ...]],
    thresholds: Thresholds,
) -> Candidate:
    row = distances[face]
    within_reach = [ids[index] for index in np.argsort(row, kind="stable") if row[index] <= thresholds.unsure]
    if person is None:
        # Within reach of somebody who is given to another face of this picture: not that person twice, but not nobody.
        strength = Strength.UNSURE if within_reach else Strength.NOBODY
        nearest = int(np.argmin(row))
        return Candidate(None, float(row[nearest]), float(margins[face, nearest]), strength, others=tuple(within_reach))
    person_id = ids[person]
    distance, margin = float(row[person]), float(margins[face, person])
    strength = weigh(distance, margin, thresholds, guarded=bool(alike[person_id]))
    reach = within_reach if strength is Strength.UNSURE else []
    others = tuple(other for other in dict.fromkeys((*reach, *alike[person_id])) if other != person_id)
    return Candidate(person_id, distance, margin, strength, bool(alike[person_id]), others)
