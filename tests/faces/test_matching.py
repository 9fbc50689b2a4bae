import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from consent.faces.matching import Candidate, Enrolled, Strength, Thresholds, look_alikes, match, weigh

# Only directions count: a patch of the sphere so small that it is flat, where all lengths are a thousandth.
SCALE = 1000
THRESHOLDS = Thresholds(*[length / SCALE for length in (0.30, 0.40, 0.60, 0.05, 0.45)])


def face(*place: float) -> NDArray[np.float64]:
    """A vector whose first numbers are given: distances between two faces are plain geometry."""
    vector = np.zeros(128)
    vector[: len(place)] = np.array(place) / SCALE
    vector[-1] = 1
    return vector


def length(candidate_length: float) -> float:
    return round(candidate_length * SCALE, 5)


ANNA = Enrolled("anna", face(0.0))
BEN = Enrolled("ben", face(1.0))
CHIDI = Enrolled("chidi", face(0.0, 1.0))


def only(candidates: list[Candidate]) -> Candidate:
    assert len(candidates) == 1
    return candidates[0]


def test_a_face_close_to_one_person_alone_is_certain() -> None:
    found = only(match([face(0.1)], [ANNA, BEN, CHIDI], set(), THRESHOLDS))
    assert (found.person_id, found.strength, found.look_alike, found.others) == ("anna", Strength.STRICT, False, ())
    assert (length(found.distance), length(found.margin)) == (0.1, 0.8)


def test_a_face_less_close_is_proposed() -> None:
    assert only(match([face(0.35)], [ANNA], set(), THRESHOLDS)).strength is Strength.PROPOSED


def test_a_face_within_reach_is_unsure() -> None:
    assert only(match([face(0.45)], [ANNA], set(), THRESHOLDS)).strength is Strength.UNSURE


def test_a_face_far_from_all_is_nobody() -> None:
    found = only(match([face(0.0, 0.0, 0.7)], [ANNA, BEN], set(), THRESHOLDS))
    assert (found.person_id, found.strength) == (None, Strength.NOBODY)
    assert length(found.distance) == 0.7


def test_a_distance_exactly_on_a_threshold_still_counts() -> None:
    reached = only(match([face(0.25)], [ANNA], set(), THRESHOLDS)).distance
    found = only(match([face(0.25)], [ANNA], set(), replace(THRESHOLDS, strict=reached)))
    assert found.strength is Strength.STRICT
    nearer = replace(THRESHOLDS, strict=math.nextafter(reached, 0))
    assert only(match([face(0.25)], [ANNA], set(), nearer)).strength is Strength.PROPOSED


def test_the_length_of_a_vector_says_nothing() -> None:
    longer = Enrolled("anna", ANNA.vector * 3)
    assert match([face(0.1)], [longer, BEN], set(), THRESHOLDS) == match([face(0.1)], [ANNA, BEN], set(), THRESHOLDS)


def test_where_nobody_is_enrolled_nobody_is_proposed() -> None:
    assert match([face(0.0)], [], set(), THRESHOLDS) == [Candidate(None, math.inf, math.inf, Strength.NOBODY)]


def test_a_picture_without_faces_has_no_candidates() -> None:
    assert match([], [ANNA], set(), THRESHOLDS) == []


def test_a_face_between_two_people_is_unsure_and_names_both() -> None:
    dana = Enrolled("dana", face(0.5))
    found = only(match([face(0.24)], [ANNA, dana], set(), THRESHOLDS))
    assert (found.person_id, found.strength, found.others) == ("anna", Strength.UNSURE, ("dana",))


def test_two_faces_close_to_one_person_are_both_unsure_and_only_one_gets_the_name() -> None:
    first, second = match([face(0.10), face(0.12)], [ANNA], set(), THRESHOLDS)
    assert (first.person_id, first.strength) == ("anna", Strength.UNSURE)
    assert (second.person_id, second.strength, second.others) == (None, Strength.UNSURE, ("anna",))


def test_the_second_of_two_faces_close_to_one_person_is_never_nobody() -> None:
    first, second = match([face(0.10), face(0.30)], [ANNA], set(), THRESHOLDS)
    assert (first.person_id, first.strength) == ("anna", Strength.STRICT)
    assert (second.person_id, second.strength) == (None, Strength.UNSURE)


def test_a_clear_pair_is_not_parted_to_give_a_stranger_a_name() -> None:
    # Anna's own face is also within reach of Ben, and a stranger's face of Anna: the least sum would swap them.
    ben = Enrolled("ben", face(0.5))
    anna_face, stranger = match([face(0.02), face(-0.5)], [ANNA, ben], set(), THRESHOLDS)
    assert (anna_face.person_id, anna_face.strength) == ("anna", Strength.STRICT)
    assert stranger.person_id is None


def test_each_of_three_faces_gets_its_own_person_whatever_the_order() -> None:
    found = match([face(0.05, 1.0), face(0.95), face(0.05)], [BEN, CHIDI, ANNA], set(), THRESHOLDS)
    assert [one.person_id for one in found] == ["chidi", "ben", "anna"]


def test_a_brother_without_a_template_makes_a_person_uncertain() -> None:
    found = only(match([face(0.1)], [ANNA, BEN], {("bram", "anna")}, THRESHOLDS))
    assert (found.person_id, found.strength) == ("anna", Strength.PROPOSED)
    assert (found.look_alike, found.others) == (True, ("bram",))


def test_two_people_with_close_templates_are_both_guarded() -> None:
    double = Enrolled("double", face(0.44))
    found = only(match([face(0.0, 0.1)], [ANNA, BEN, double], set(), THRESHOLDS))
    assert (found.person_id, found.strength) == ("anna", Strength.PROPOSED)
    assert (found.look_alike, found.others) == (True, ("double",))
    assert look_alikes([ANNA, BEN, double], set(), THRESHOLDS.look_alike) == {
        "anna": ("double",),
        "ben": (),
        "double": ("anna",),
    }


def test_siblings_of_people_who_are_not_enrolled_change_nothing() -> None:
    pairs = {("eva", "finn")}
    assert match([face(0.1)], [ANNA], pairs, THRESHOLDS) == match([face(0.1)], [ANNA], set(), THRESHOLDS)


def test_a_distance_and_a_margin_are_weighed_without_a_picture() -> None:
    product = Thresholds(strict=0.3, proposed=0.4, unsure=0.6, margin=0.05)
    assert weigh(0.3, 0.05, product, guarded=False) is Strength.STRICT
    assert weigh(0.3, 0.05, product, guarded=True) is Strength.PROPOSED
    assert weigh(0.3, 0.04, product, guarded=False) is Strength.UNSURE
    assert weigh(0.61, 0.5, product, guarded=False) is Strength.NOBODY


def test_where_nobody_is_enrolled_nobody_looks_alike() -> None:
    assert look_alikes([], {("eva", "finn")}, 0.4) == {}


def test_even_without_a_margin_a_tie_is_unsure() -> None:
    twin = Enrolled("twin", ANNA.vector)
    assert only(match([face(0.1)], [ANNA, twin], set(), replace(THRESHOLDS, margin=0))).strength is Strength.UNSURE


def test_the_thresholds_of_the_product_are_in_order() -> None:
    product = Thresholds()
    assert 0 < product.strict < product.proposed < product.unsure
    assert product.strict < product.look_alike
    assert product.margin > 0
