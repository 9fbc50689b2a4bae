from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from consent.demo.drawing import Pose, imagine
from consent.demo.figures import portrait
from consent.faces.matching import Thresholds
from consent.oversight.crowd import look

ANNA, BEN = portrait(imagine(1), Pose()), portrait(imagine(4), Pose())


def saved(folder: Path, picture: Image.Image) -> Path:
    path = folder / "picture.png"
    picture.save(path)
    return path


def test_a_clear_face_gives_a_vector_and_makes_a_portrait(tmp_path: Path) -> None:
    shot = look(saved(tmp_path, ANNA))
    assert shot.vector is not None
    assert shot.vector.shape == (128,)
    assert shot.is_portrait


def test_a_blurred_face_is_a_probe_but_no_portrait(tmp_path: Path) -> None:
    shot = look(saved(tmp_path, ANNA.filter(ImageFilter.GaussianBlur(6))))
    assert shot.vector is not None
    assert not shot.is_portrait


def test_the_face_nearest_to_the_middle_counts(tmp_path: Path) -> None:
    alone = look(saved(tmp_path, ANNA)).vector
    both = Image.new("RGB", (ANNA.width * 3, ANNA.height), (214, 222, 226))
    both.paste(BEN, (0, 0))
    both.paste(ANNA, (ANNA.width, 0))
    found = look(saved(tmp_path, both)).vector
    assert alone is not None
    assert found is not None
    assert np.linalg.norm(found - alone) < Thresholds().strict


def test_a_picture_without_a_face_gives_no_vector(tmp_path: Path) -> None:
    shot = look(saved(tmp_path, Image.new("RGB", (300, 300), (90, 120, 150))))
    assert (shot.vector, shot.is_portrait) == (None, False)


def test_a_file_that_is_no_picture_gives_no_vector(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no picture")
    assert look(path).vector is None
