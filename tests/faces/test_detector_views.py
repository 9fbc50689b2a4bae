"""How a picture is looked at: which sizes, which parts, and never more than memory allows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.faces.views import (
    CELL,
    ENLARGED,
    STRIP_AREA,
    TILE,
    cover,
    mark,
    plan_strips,
    plan_tiles,
    plan_views,
    see,
)

SIDES = st.integers(1, 12_000)


@settings(deadline=None, max_examples=30)
@given(width=SIDES, height=SIDES)
def test_no_part_looked_at_is_larger_than_memory_allows(width: int, height: int) -> None:
    *whole, closest = plan_views(width, height)
    everywhere = np.array([[0, 0, closest.width, closest.height]])
    tiles = [tile for view in whole for tile in plan_strips(view)] + plan_tiles(closest, everywhere)
    assert all((tile.right - tile.left) * (tile.bottom - tile.top) <= 1.5 * STRIP_AREA for tile in tiles)


@settings(deadline=None, max_examples=30)
@given(width=SIDES, height=SIDES)
def test_every_part_lies_in_its_view(width: int, height: int) -> None:
    *whole, closest = plan_views(width, height)
    for view in whole:
        for tile in plan_strips(view):
            assert 0 <= tile.left < tile.right <= view.width
            assert 0 <= tile.top < tile.bottom <= view.height
    for tile in plan_tiles(closest, np.array([[0, 0, closest.width, closest.height]])):
        assert 0 <= tile.left < tile.right <= closest.width
        assert 0 <= tile.top < tile.bottom <= closest.height


@pytest.mark.parametrize(
    ("size", "sides"),
    [
        ((4000, 3000), [320, 480, 640, 800, 2000, 4000]),
        ((7360, 4912), [320, 480, 640, 800, 2304, 4608]),
        ((1080, 1920), [320, 480, 640, 960, 1920]),
        ((1024, 768), [320, 480, 640, 800, 1536]),
        ((40, 30), [160, 160]),
    ],
)
def test_the_sizes_go_by_the_longest_side(size: tuple[int, int], sides: list[int]) -> None:
    assert [max(view.width, view.height) for view in plan_views(*size)] == sides


@given(width=SIDES, height=SIDES)
def test_no_picture_is_enlarged_beyond_reason_nor_vanishes(width: int, height: int) -> None:
    for view in plan_views(width, height):
        assert view.scale <= ENLARGED
        assert min(view.width, view.height) >= 1


@given(width=SIDES, height=SIDES)
def test_every_face_size_is_reported_by_some_view(width: int, height: int) -> None:
    views = plan_views(width, height)
    assert views[0].largest == np.inf
    assert views[-1].smallest == 0
    for coarser, finer in pairwise(views):
        assert finer.largest / finer.scale > coarser.smallest / coarser.scale


def test_a_large_view_is_cut_in_overlapping_strips_across_its_longer_side() -> None:
    lying, standing = plan_strips(see(2000, 1500, 2000)), plan_strips(see(1500, 2000, 2000))
    assert [(strip.left, strip.right) for strip in lying] == [(0, 1096), (904, 2000)]
    assert [(strip.top, strip.bottom) for strip in standing] == [(0, 1096), (904, 2000)]


def test_where_there_is_no_trace_nothing_is_looked_at_closely() -> None:
    assert plan_tiles(see(4000, 3000, 4000), np.empty((0, 4))) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-50, 4050), st.floats(-50, 3050), st.floats(1, 80)), min_size=1, max_size=30))
def test_every_small_trace_lies_whole_in_a_tile(places: list[tuple[float, float, float]]) -> None:
    view = see(4000, 3000, 4000)
    traces = np.array([[x, y, x + size, y + size] for x, y, size in places])
    tiles = plan_tiles(view, traces)
    for left, top, right, bottom in np.clip(traces, 0, [view.width, view.height] * 2).tolist():
        assert any(
            tile.left <= left and tile.top <= top and right <= tile.right and bottom <= tile.bottom for tile in tiles
        )


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_marked_cells_are_covered_by_small_rectangles_that_do_not_overlap(
    rows: int, columns: int, seed: int, share: float
) -> None:
    cells = np.random.default_rng(seed).random((rows, columns)) < share
    times = np.zeros(cells.shape, int)
    for left, top, right, bottom in cover(cells, 5):
        assert right - left <= 5
        assert bottom - top <= 5
        times[top:bottom, left:right] += 1
    assert times.max(initial=0) <= 1
    assert times[cells].all()


def test_two_traces_far_apart_are_looked_at_apart() -> None:
    cells = np.zeros((30, 40), np.bool_)
    cells[2, 3] = cells[25, 35] = True
    assert sorted(cover(cells, 12)) == [(3, 2, 4, 3), (35, 25, 36, 26)]


def test_a_trace_at_a_cells_border_marks_both_cells() -> None:
    marked = mark(see(640, 640, 640), np.array([[CELL - 4, 10, CELL - 2, 12]]))
    assert np.argwhere(marked).tolist() == [[0, 0], [0, 1]]


def test_a_tile_is_at_most_so_large() -> None:
    view = see(4608, 3456, 4608)
    tiles = plan_tiles(view, np.array([[0, 0, view.width, view.height]]))
    assert max(max(tile.right - tile.left, tile.bottom - tile.top) for tile in tiles) <= TILE
