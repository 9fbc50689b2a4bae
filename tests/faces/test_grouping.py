import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from consent.faces.grouping import group

# Whole tenths, so that many distances are equal.
tenths = st.integers(-5, 5).map(lambda number: number / 10)
faces = st.lists(st.tuples(tenths, tenths, st.integers(0, 5)), max_size=14, unique_by=lambda one: one[:2])


def vectors(places: list[tuple[float, float, int]]) -> list[NDArray[np.float64]]:
    return [np.array([x, y, *[0.0] * 126]) for x, y, _ in places]


def pictures(places: list[tuple[float, float, int]]) -> list[int]:
    return [picture for _, _, picture in places]


def partition(labels: list[int], of: list[tuple[float, float, int]]) -> set[frozenset[tuple[float, float, int]]]:
    return {frozenset(one for one, label in zip(of, labels, strict=True) if label == number) for number in set(labels)}


def test_faces_of_one_person_come_together_and_others_apart() -> None:
    anna, ben = [(0.0, 0.0, 0), (0.1, 0.0, 1), (0.0, 0.1, 2)], [(0.9, 0.0, 0), (1.0, 0.0, 1)]
    places = [anna[0], ben[0], anna[1], ben[1], anna[2]]
    assert group(vectors(places), pictures(places), 0.4) == [0, 1, 0, 1, 0]


def test_a_chain_of_small_steps_is_not_one_person() -> None:
    chain = [(0.0, 0.0, 0), (0.3, 0.0, 1), (0.6, 0.0, 2)]
    assert len(set(group(vectors(chain), pictures(chain), 0.4))) == 2


def test_two_like_faces_in_one_picture_are_two_people() -> None:
    twins = [(0.0, 0.0, 7), (0.01, 0.0, 7)]
    assert group(vectors(twins), pictures(twins), 0.4) == [0, 1]


def test_a_large_batch_is_grouped_like_a_small_one() -> None:
    people = [(float(number % 40), float(number // 40), number) for number in range(300)]
    batch = [(x + 0.01 * take, y, take) for take in range(4) for x, y, _ in people]
    assert group(vectors(batch), list(range(len(batch))), 0.4) == list(range(300)) * 4


def test_no_face_and_one_face_need_no_grouping() -> None:
    assert group([], [], 0.4) == []
    assert group([np.zeros(128)], ["picture"], 0.4) == [0]


def test_a_face_without_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="picture"):
        group([np.zeros(128), np.zeros(128)], ["picture"], 0.4)


@given(faces, st.floats(0.05, 1.0))
def test_a_group_never_holds_two_faces_of_one_picture_nor_two_farther_apart_than_the_diameter(
    places: list[tuple[float, float, int]], diameter: float
) -> None:
    labels = group(vectors(places), pictures(places), diameter)
    for one in range(len(places)):
        for other in range(one):
            if labels[one] == labels[other]:
                assert places[one][2] != places[other][2]
                assert np.hypot(places[one][0] - places[other][0], places[one][1] - places[other][1]) <= diameter + 1e-9


@given(faces, st.floats(0.05, 1.0), st.randoms(use_true_random=False))
def test_the_order_of_the_faces_does_not_change_who_is_with_whom(
    places: list[tuple[float, float, int]], diameter: float, chance: object
) -> None:
    shuffled = list(places)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    there = partition(group(vectors(places), pictures(places), diameter), places)
    here = partition(group(vectors(shuffled), pictures(shuffled), diameter), shuffled)
    assert there == here


@given(faces)
def test_groups_are_numbered_in_order_of_appearance(places: list[tuple[float, float, int]]) -> None:
    labels = group(vectors(places), pictures(places), 0.3)
    assert list(dict.fromkeys(labels)) == list(range(len(set(labels))))
