"""The model file, and what its maps mean."""

from pathlib import Path

import numpy as np
import pytest

from consent.errors import Misconfigured
from consent.faces.centerface import decode, find_candidates, load_model


def test_without_the_model_nothing_is_judged(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="is missing"):
        load_model(tmp_path / "centerface.onnx")


@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_a_damaged_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "centerface.onnx").write_bytes(content)
    with pytest.raises(Misconfigured, match="damaged or another one"):
        load_model(tmp_path / "centerface.onnx")


def test_a_cell_of_the_heat_map_becomes_a_box_around_its_centre() -> None:
    heat, size, offset = np.zeros((4, 6), np.float32), np.zeros((2, 4, 6), np.float32), np.zeros((2, 4, 6), np.float32)
    heat[2, 5] = 0.75
    size[:, 2, 5] = np.log(5), np.log(3)
    offset[:, 2, 5] = 0.25, -0.5
    # 20 high and 12 wide, around (2 + 0.25 + 0.5) * 4 = 11 down and (5 - 0.5 + 0.5) * 4 = 20 across
    assert decode(heat, size, offset, 0.5) == pytest.approx(np.array([[14, 1, 26, 21, 0.75]]))


def test_cells_below_the_least_score_are_no_candidates() -> None:
    heat = np.array([[0.1, 0.2], [0.3, 0.4]], np.float32)
    nothing = np.zeros((2, 2, 2), np.float32)
    assert decode(heat, nothing, nothing, 0.3)[:, 4] == pytest.approx([0.3, 0.4])
    assert decode(heat, nothing, nothing, 0.5).shape == (0, 5)


@pytest.mark.parametrize("shape", [(1, 1), (32, 33), (100, 7)])
def test_any_shape_goes_in(shape: tuple[int, int]) -> None:
    assert find_candidates(np.zeros((*shape, 3), np.uint8), 0.5).shape == (0, 5)
