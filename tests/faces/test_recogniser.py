import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from consent.demo.drawing import Pose, draw_face, imagine
from consent.faces import resnet
from consent.faces.recogniser import Flaw, Quality, embed, load, measure_portrait, trusted
from consent.media.regions import Box

ANNA, BEN, CHIDI = imagine(1), imagine(2), imagine(4)
PLAIN, LATER, ASIDE = Pose(), Pose(tilt=12, noise=4, smile=-0.2), Pose(turn=25)

Pixels = NDArray[np.uint8]


@cache
def picture(who: object, pose: Pose, size: int = 160) -> tuple[Pixels, Box]:
    head, box = draw_face(who, pose, size)  # type: ignore[arg-type]
    wall = Image.new("RGB", head.size, (214, 222, 226))
    wall.paste(head, (0, 0), head)
    return np.asarray(wall), box


@cache
def vector(who: object, pose: Pose) -> NDArray[np.float32]:
    pixels, box = picture(who, pose)
    return embed(pixels, [box])[0]


def apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other))


def in_a_fresh_process(*lines: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own lines
        [sys.executable, "-W", "error", "-c", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_two_pictures_of_one_person_are_closer_than_two_people() -> None:
    for who, others in ((ANNA, (BEN, CHIDI)), (BEN, (ANNA, CHIDI)), (CHIDI, (ANNA, BEN))):
        again = apart(vector(who, PLAIN), vector(who, LATER))
        assert all(again < apart(vector(who, PLAIN), vector(other, LATER)) for other in others)


def test_a_vector_is_128_numbers_and_always_the_same() -> None:
    pixels, box = picture(ANNA, PLAIN)
    again = embed(pixels, [box])[0]
    assert again.shape == (128,)
    assert again.dtype == np.float32
    assert np.isclose(np.linalg.norm(again), 1)
    assert np.array_equal(again, vector(ANNA, PLAIN))


def test_the_mirror_image_is_the_same_face() -> None:
    for who in (ANNA, BEN, CHIDI):
        pixels, box = picture(who, PLAIN)
        mirrored = embed(pixels[:, ::-1], [Box(pixels.shape[1] - box.right, box.top, box.width, box.height)])[0]
        assert apart(mirrored, vector(who, PLAIN)) < 0.2


def test_each_box_gets_its_vector_in_order() -> None:
    shots = [picture(who, PLAIN) for who in (ANNA, BEN, CHIDI, ANNA, BEN)]
    high = max(pixels.shape[0] for pixels, _ in shots)
    row = np.concatenate([np.pad(p, ((0, high - p.shape[0]), (0, 0), (0, 0))) for p, _ in shots], axis=1)
    starts = np.cumsum([0, *[pixels.shape[1] for pixels, _ in shots[:-1]]])
    boxes = [
        Box(box.left + start, box.top, box.width, box.height) for start, (_, box) in zip(starts, shots, strict=True)
    ]
    found = embed(row, boxes)
    assert len(found) == len(boxes)
    for one, who in zip(found, (ANNA, BEN, CHIDI, ANNA, BEN), strict=True):
        assert apart(one, vector(who, PLAIN)) < 0.05


def test_a_picture_without_boxes_has_no_vectors() -> None:
    assert embed(picture(ANNA, PLAIN)[0], []) == []


def test_a_box_that_reaches_outside_the_picture_is_no_trouble() -> None:
    pixels, box = picture(ANNA, PLAIN)
    cut = np.ascontiguousarray(pixels[:, int(box.left) + 10 :])
    assert embed(cut, [Box(-10, box.top, box.width, box.height)])[0].shape == (128,)
    assert embed(cut, [Box(-900, -900, 50, 50)])[0].shape == (128,)


def test_it_is_what_face_recognition_says_of_the_face_and_its_mirror_image() -> None:
    load()
    from face_recognition import face_encodings  # noqa: PLC0415 - only after `load` has closed its traps

    pixels, box = picture(BEN, PLAIN)
    place = (round(box.top), round(box.right), round(box.bottom), round(box.left))
    plain = face_encodings(pixels, [place])[0]
    assert 0.02 < apart(vector(BEN, PLAIN), plain / np.linalg.norm(plain)) < 0.2


def test_the_fast_network_gives_the_numbers_of_the_library() -> None:
    load()
    from face_recognition import api  # noqa: PLC0415 - only after `load` has closed its traps

    fast = resnet.read(Path(api.face_recognition_model))
    assert fast is not None
    chips = [np.asarray(Image.fromarray(picture(who, PLAIN)[0]).resize((150, 150))) for who in (ANNA, BEN, CHIDI)]
    assert np.allclose(fast(chips), np.asarray(api.face_encoder.compute_face_descriptor(chips)), rtol=0, atol=1e-5)


def test_an_unknown_network_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "network.dat"
    file.write_bytes(b"con_4 of another version")
    assert resnet.read(file) is None


def test_a_network_with_other_numbers_is_not_trusted() -> None:
    def own(chips: Sequence[Pixels]) -> NDArray[np.float64]:
        return np.ones((len(chips), 128))

    def same(chips: Sequence[Pixels]) -> NDArray[np.float64]:
        return own(chips) + 1e-6

    def other(chips: Sequence[Pixels]) -> NDArray[np.float64]:
        return own(chips) + 1e-3

    assert trusted(same, own) is same
    assert trusted(other, own) is own


def test_an_array_that_is_no_picture_is_refused() -> None:
    pixels, box = picture(ANNA, PLAIN)
    for wrong in (pixels.astype(np.float32), pixels[:, :, 0], np.concatenate([pixels, pixels], axis=2)):
        with pytest.raises(ValueError, match="height × width × 3"):
            embed(wrong, [box])  # type: ignore[arg-type]


def test_a_good_portrait_has_no_flaw() -> None:
    assert measure_portrait(*picture(ANNA, PLAIN)).flaw is None


def test_a_small_face_is_no_portrait() -> None:
    assert measure_portrait(*picture(ANNA, PLAIN, 60)).flaw is Flaw.TOO_SMALL


def test_a_blurred_face_is_no_portrait() -> None:
    pixels, box = picture(ANNA, PLAIN)
    blurred = np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(6)))
    assert measure_portrait(blurred, box).flaw is Flaw.BLURRED


def test_a_turned_head_is_measured_as_such() -> None:
    for who in (BEN, CHIDI):
        assert measure_portrait(*picture(who, ASIDE)).turn > measure_portrait(*picture(who, PLAIN)).turn + 0.1
    assert Quality(size=200, sharpness=9, turn=0.7).flaw is Flaw.TURNED


def test_loading_leaves_pillow_strict_about_half_files() -> None:
    told = in_a_fresh_process(
        "from PIL import ImageFile",
        "from consent.faces import recogniser",
        "recogniser.load()",
        "import sys",
        "print('face_recognition' in sys.modules, ImageFile.LOAD_TRUNCATED_IMAGES)",
    )
    assert told == "True False"


def test_the_library_is_loaded_on_first_use_only() -> None:
    told = in_a_fresh_process(
        "import sys",
        "import consent.faces.recogniser",
        "print(any(name in sys.modules for name in ('face_recognition', 'dlib', 'face_recognition_models')))",
    )
    assert told == "False"


@pytest.mark.parametrize("missing", ["face_recognition_models", "face_recognition", "dlib"])
def test_a_missing_model_or_library_is_told_and_does_not_end_the_process(missing: str) -> None:
    told = in_a_fresh_process(
        "import sys",
        f"sys.modules[{missing!r}] = None",  # Python's own way to make an import fail
        "from PIL import ImageFile",
        "from consent.errors import Misconfigured",
        "from consent.faces import recogniser",
        "try:",
        "    recogniser.load()",
        "except Misconfigured as error:",
        "    print(error, ImageFile.LOAD_TRUNCATED_IMAGES)",
    )
    assert told == "The face models cannot be loaded: install face-recognition and its models anew. False"
