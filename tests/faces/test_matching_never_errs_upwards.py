"""Whatever the faces and the people: the promises of matching, looked for with drawn numbers."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from consent.faces.matching import Candidate, Enrolled, Strength, Thresholds, match

# Only directions count: a patch of the sphere so small that it is flat, where all lengths are a thousandth.
SCALE = 1000
THRESHOLDS = Thresholds(*[length / SCALE for length in (0.30, 0.40, 0.60, 0.05, 0.45)])
WORTH = [Strength.NOBODY, Strength.UNSURE, Strength.PROPOSED, Strength.STRICT]

# Four numbers are enough for every arrangement of near and far; whole hundredths also give ties.
places = st.tuples(*[st.integers(-40, 40).map(lambda hundredths: hundredths / 100)] * 4)
faces = st.lists(places, min_size=1, max_size=5)
crowds = st.lists(places, max_size=6)
names = "abcdefgh"
pairs = st.sets(
    st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1]), max_size=3
)


def vector(place: Sequence[float]) -> NDArray[np.float64]:
    return np.array([*(length / SCALE for length in place), *[0.0] * 123, 1.0])


def enrol(crowd: Sequence[Sequence[float]]) -> list[Enrolled]:
    return [Enrolled(name, vector(place)) for name, place in zip(names, crowd, strict=False)]


def worth(candidate: Candidate) -> int:
    return WORTH.index(candidate.strength)


@given(faces, crowds, pairs)
def test_nobody_is_in_a_picture_twice(
    probes: list[tuple[float, ...]], crowd: list[tuple[float, ...]], siblings: set[tuple[str, str]]
) -> None:
    found = match([vector(place) for place in probes], enrol(crowd), siblings, THRESHOLDS)
    named = [candidate.person_id for candidate in found if candidate.person_id]
    assert len(found) == len(probes)
    assert len(named) == len(set(named))


@given(faces, crowds, pairs)
def test_a_strength_is_earned(
    probes: list[tuple[float, ...]], crowd: list[tuple[float, ...]], siblings: set[tuple[str, str]]
) -> None:
    people = {person.person_id: person for person in enrol(crowd)}
    for probe, found in zip(
        probes, match([vector(p) for p in probes], enrol(crowd), siblings, THRESHOLDS), strict=True
    ):
        distances = {name: SCALE * float(np.linalg.norm(vector(probe) - one.vector)) for name, one in people.items()}
        if found.strength is Strength.NOBODY:
            assert found.person_id is None
            assert all(distance > 0.60 - 1e-5 for distance in distances.values())
        if found.strength in {Strength.PROPOSED, Strength.STRICT}:
            assert found.person_id is not None
            ahead = [d for name, d in distances.items() if name != found.person_id]
            assert distances[found.person_id] <= 0.40 + 1e-5
            assert all(d - distances[found.person_id] >= 0.05 - 1e-5 for d in ahead)
        if found.strength is Strength.STRICT:
            assert not any(found.person_id in pair for pair in siblings)
            assert not found.others


@given(faces, crowds, pairs, places)
def test_enrolling_one_more_person_strengthens_no_other_proposal(
    probes: list[tuple[float, ...]],
    crowd: list[tuple[float, ...]],
    siblings: set[tuple[str, str]],
    new: tuple[float, ...],
) -> None:
    shots = [vector(place) for place in probes]
    before = match(shots, enrol(crowd), siblings, THRESHOLDS)
    after = match(shots, [*enrol(crowd), Enrolled("newcomer", vector(new))], siblings, THRESHOLDS)
    for was, became in zip(before, after, strict=True):
        if became.person_id != "newcomer":
            assert worth(became) <= worth(was) or became.person_id is None


@given(faces, crowds, pairs, st.integers(0, 5), places)
def test_enrolling_a_look_alike_leaves_neither_of_the_two_certain(
    probes: list[tuple[float, ...]],
    crowd: list[tuple[float, ...]],
    siblings: set[tuple[str, str]],
    of: int,
    aside: tuple[float, ...],
) -> None:
    people = enrol(crowd)
    if not people:
        return
    model = people[of % len(people)]
    double = Enrolled(
        "double", model.vector + (vector(aside) - vector((0, 0, 0, 0))) * 0.5
    )  # at most 0.4 away, where 0.45 counts as alike
    for found in match([vector(place) for place in probes], [*people, double], siblings, THRESHOLDS):
        if found.person_id in {model.person_id, "double"}:
            assert found.look_alike
            assert found.strength is not Strength.STRICT


@given(faces, crowds, pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_people_does_not_matter(
    probes: list[tuple[float, ...]], crowd: list[tuple[float, ...]], siblings: set[tuple[str, str]], chance: object
) -> None:
    shots, people = [vector(place) for place in probes], enrol(crowd)
    shuffled = list(people)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match(shots, shuffled, siblings, THRESHOLDS) == match(shots, people, siblings, THRESHOLDS)


@given(faces, crowds, pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_faces_does_not_matter_to_a_proposal(
    probes: list[tuple[float, ...]], crowd: list[tuple[float, ...]], siblings: set[tuple[str, str]], chance: object
) -> None:
    order = list(range(len(probes)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    plain = match([vector(place) for place in probes], enrol(crowd), siblings, THRESHOLDS)
    mixed = match([vector(probes[index]) for index in order], enrol(crowd), siblings, THRESHOLDS)
    for position, index in enumerate(order):
        assert mixed[position].strength is plain[index].strength
        if plain[index].strength in {Strength.PROPOSED, Strength.STRICT}:  # an unsure tie may go either way
            assert mixed[position].person_id == plain[index].person_id
