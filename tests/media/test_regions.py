import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.media.regions import Box, Ellipse, Pixels, ellipse_over, head_area, overlap

WIDTH, HEIGHT = 640, 480
sides = st.floats(1, 400)
boxes = st.builds(Box, st.floats(-100, WIDTH), st.floats(-100, HEIGHT), sides, sides)


def points_in(box: Box) -> list[tuple[float, float]]:
    steps = [0, 0.25, 0.5, 0.75, 1]
    return [(box.left + across * box.width, box.top + down * box.height) for across in steps for down in steps]


@given(boxes)
def test_the_head_holds_all_of_the_face(box: Box) -> None:
    head = head_area(box, WIDTH, HEIGHT)
    assert all(head.holds(x, y) for x, y in points_in(box))


@given(boxes)
def test_every_pixel_of_the_face_inside_the_picture_is_masked(box: Box) -> None:
    head = head_area(box, WIDTH, HEIGHT)
    place = head.pixels(WIDTH, HEIGHT)
    mask = head.mask(place)
    for x in range(max(0, round(box.left)), min(WIDTH, round(box.right)), 7):
        for y in range(max(0, round(box.top)), min(HEIGHT, round(box.bottom)), 7):
            if box.left <= x + 0.5 <= box.right and box.top <= y + 0.5 <= box.bottom:
                assert mask[y - place.top, x - place.left]


@given(boxes)
def test_the_masked_pixels_lie_in_the_picture(box: Box) -> None:
    place = head_area(box, WIDTH, HEIGHT).pixels(WIDTH, HEIGHT)
    assert 0 <= place.left <= place.right <= WIDTH
    assert 0 <= place.top <= place.bottom <= HEIGHT


@given(st.builds(Box, st.floats(100, 300), st.floats(100, 200), st.floats(1, 9), st.floats(1, 9)))
def test_the_smallest_face_is_covered_by_sixteen_pixels(box: Box) -> None:
    place = head_area(box, WIDTH, HEIGHT).pixels(WIDTH, HEIGHT)
    assert place.width >= 16
    assert place.height >= 16


def test_hair_ears_and_chin_are_in() -> None:
    head = head_area(Box(200, 200, 100, 120), WIDTH, HEIGHT)
    assert head.holds(250, 155)  # hair, more than a third of the face's height above it
    assert head.holds(175, 260)  # an ear on each side
    assert head.holds(325, 260)
    assert head.holds(250, 345)  # a chin below the box


@pytest.mark.parametrize(
    ("box", "corner"),
    [
        (Box(0, 200, 60, 120), (0, 160)),  # half a face at the left edge: hair and cheek beside the edge
        (Box(580, 200, 60, 120), (639, 160)),
        (Box(300, 0, 100, 70), (275, 0)),
        (Box(300, 410, 100, 70), (275, 479)),
    ],
)
def test_a_face_cut_by_the_edge_leaves_no_sliver_there(box: Box, corner: tuple[int, int]) -> None:
    assert head_area(box, WIDTH, HEIGHT).holds(*corner)


@given(boxes)
def test_what_a_person_draws_is_covered_whole(box: Box) -> None:
    assert all(ellipse_over(box).holds(x, y) for x, y in points_in(box))


def test_an_ellipse_outside_the_picture_has_no_pixels() -> None:
    place = Ellipse(-50, -50, 20, 20).pixels(WIDTH, HEIGHT)
    assert place == Pixels(0, 0, 0, 0)
    assert not Ellipse(-50, -50, 20, 20).mask(place).any()


def test_a_mask_knows_pixels_by_their_middle() -> None:
    assert Ellipse(2, 2, 1, 1).mask(Pixels(0, 0, 4, 4)).tolist() == [
        [False, False, False, False],
        [False, True, True, False],
        [False, True, True, False],
        [False, False, False, False],
    ]


def test_overlap_is_the_shared_part_of_both_together() -> None:
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert overlap(Box(0, 0, 10, 10), Box(20, 0, 10, 10)) == 0
    assert overlap(Box(0, 0, 0, 0), Box(0, 0, 0, 0)) == 0
    assert overlap(Box(0, 0, 4, 4), Box(0, 0, 4, 4)) == 1
