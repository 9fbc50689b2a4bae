"""Finding drawn faces, at any size, place and turn."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from consent.demo.drawing import Pose, draw_face, imagine
from consent.faces.detector import (
    FACE_FROM,
    POSSIBLE_FROM,
    Certainty,
    Detection,
    find_faces,
    label,
    merge,
    select_traces,
    turn_back,
)
from consent.media.regions import Box, overlap

Pixels = NDArray[np.uint8]
GREEN = (96, 128, 88)


def draw_heads(
    size: int, places: list[tuple[int, int]], paper: tuple[int, int] = (900, 700)
) -> tuple[Pixels, list[Box]]:
    """A plain picture with a drawn head at each place, and where the faces are."""
    picture = Image.new("RGB", paper, GREEN)
    boxes = []
    for seed, (left, top) in enumerate(places, start=3):
        head, face = draw_face(imagine(seed), Pose(), size)
        picture.paste(head, (left, top), head)
        boxes.append(Box(face.left + left, face.top + top, face.width, face.height))
    return np.asarray(picture), boxes


def rows(*boxes: tuple[float, float, float, float, float]) -> NDArray[np.float32]:
    return np.array(boxes, np.float32).reshape(-1, 5)


def is_found(face: Box, found: list[Detection]) -> bool:
    return any(overlap(face, one.box) > 0.4 for one in found)


def test_nothing_is_found_on_a_plain_picture() -> None:
    assert find_faces(np.full((600, 800, 3), 127, np.uint8)) == []


def test_nothing_is_found_in_grey_noise() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 1), np.uint8)
    assert find_faces(np.repeat(noise, 3, axis=2)) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (31, 33), (40, 40)])
def test_a_picture_of_any_size_can_be_looked_at(shape: tuple[int, int]) -> None:
    assert find_faces(np.full((*shape, 3), 200, np.uint8)) == []


@pytest.mark.parametrize("size", [24, 60, 150, 300])
def test_faces_of_any_size_are_found_where_they_are(size: int) -> None:
    pixels, faces = draw_heads(size, [(10, 20), (450, 60)], (1100, 760))
    found = find_faces(pixels)
    assert all(is_found(face, found) for face in faces)
    assert sum(one.certainty is Certainty.FACE for one in found) == len(faces)


def test_a_face_that_fills_a_picture_of_forty_pixels_is_found() -> None:
    pixels, (face,) = draw_heads(300, [(0, 0)], (540, 660))
    small = np.asarray(Image.fromarray(pixels).resize((33, 40), Image.Resampling.BOX))
    assert is_found(Box(face.left / 16.4, face.top / 16.5, face.width / 16.4, face.height / 16.5), find_faces(small))


def test_small_faces_far_apart_in_a_large_picture_are_found_once_each() -> None:
    pixels, faces = draw_heads(30, [(40, 60), (1960, 1400), (3880, 2800)], (4000, 3000))
    found = find_faces(pixels)
    assert all(is_found(face, found) for face in faces)
    assert len(found) == len(faces)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_that_lies_on_its_side_shows_its_faces_all_the_same(turns: int) -> None:
    pixels, faces = draw_heads(140, [(40, 60), (480, 330)])
    turned = np.ascontiguousarray(np.rot90(pixels, -turns))
    back = rows(*((face.left, face.top, face.right, face.bottom, 1.0) for face in faces))
    expected = turn_back(back, turns, turned.shape[1], turned.shape[0])
    found = find_faces(turned)
    for left, top, right, bottom, _ in expected.tolist():
        assert is_found(Box(left, top, right - left, bottom - top), found)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_box_is_turned_back_with_the_picture(turns: int) -> None:
    picture = np.zeros((30, 50), np.uint8)
    picture[5:9, 12:25] = 1
    lines, columns = np.nonzero(np.rot90(picture, turns))
    turned = rows((columns.min(), lines.min(), columns.max() + 1, lines.max() + 1, 0.5))
    assert turn_back(turned, turns, 50, 30).tolist() == [[12, 5, 25, 9, 0.5]]


def test_from_the_upper_threshold_it_is_a_face_and_below_it_a_possible_one() -> None:
    size = 64.0
    upper, lower = FACE_FROM.of(size), POSSIBLE_FROM.of(size)
    scores = (upper + 0.001, upper - 0.001, lower + 0.001, lower - 0.001)
    found = label(rows(*((0, 0, size, size, score) for score in scores)))
    assert [one.certainty for one in found] == [Certainty.FACE, Certainty.POSSIBLE, Certainty.POSSIBLE]
    assert found[0].box == Box(0, 0, size, size)


@pytest.mark.parametrize("size", [0.5, 4, 16, 33, 64, 400, 5000])
def test_the_larger_the_face_the_lower_its_thresholds_and_the_upper_stays_above_the_lower(size: float) -> None:
    assert POSSIBLE_FROM.of(size) < FACE_FROM.of(size)
    assert FACE_FROM.of(2 * size) <= FACE_FROM.of(size)
    assert POSSIBLE_FROM.of(2 * size) <= POSSIBLE_FROM.of(size)


def test_of_boxes_of_one_face_the_best_stays() -> None:
    merged = merge(rows((10, 10, 50, 60, 0.4), (12, 11, 52, 62, 0.9), (200, 10, 240, 60, 0.2)))
    assert merged[:, 4].tolist() == pytest.approx([0.9, 0.2])


def test_a_box_of_another_size_inside_the_best_one_is_the_same_face() -> None:
    assert len(merge(rows((0, 0, 100, 100, 0.9), (20, 20, 68, 68, 0.5)))) == 1


def test_a_small_face_in_front_of_a_large_one_stays() -> None:
    assert len(merge(rows((0, 0, 100, 100, 0.9), (40, 40, 70, 70, 0.5)))) == 2


def test_faces_side_by_side_stay() -> None:
    assert len(merge(rows((0, 0, 40, 50, 0.9), (30, 0, 70, 50, 0.8)))) == 2


def test_nothing_merges_to_nothing() -> None:
    assert merge(rows()).shape == (0, 5)


def test_small_traces_and_doubtful_larger_ones_call_for_a_closer_look() -> None:
    weak_small, weak, doubtful, clear = (
        (0, 0, 9, 9, 0.02),
        (0, 0, 90, 90, 0.03),
        (0, 0, 90, 90, 0.2),
        (0, 0, 90, 90, 0.9),
    )
    assert select_traces(rows(weak_small, weak, doubtful, clear)).tolist() == rows(weak_small, doubtful).tolist()
