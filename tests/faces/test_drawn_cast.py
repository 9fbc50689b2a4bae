"""The drawn school's people as the program itself sees them: found, and told apart except where they must not be."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from consent.demo.cast import grown_ups, look_alikes, pupils
from consent.demo.drawing import Light, Pose
from consent.demo.figures import portrait
from consent.demo.scenes import group_picture
from consent.faces.detector import find_faces
from consent.faces.matching import Thresholds
from consent.faces.recogniser import embed
from consent.media.regions import overlap

EVERYBODY = pupils() | grown_ups()
SMILING = Pose(smile=0.5)
LATER = Pose(tilt=7, turn=-9, smile=0.9, light=Light(0.85, 40, (1.0, 0.96, 0.9)), noise=3, seed=2)


@cache
def vector(who: str, pose: Pose, size: int) -> NDArray[np.float32]:
    pixels = np.asarray(portrait(EVERYBODY[who], pose, size))
    return embed(pixels, [find_faces(pixels)[0].box])[0]


def apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other))


@pytest.mark.slow
def test_nobody_of_the_cast_looks_like_another_but_the_two_sisters() -> None:
    near = {
        frozenset({one, other})
        for one, other in combinations(EVERYBODY, 2)
        if apart(vector(one, SMILING, 480), vector(other, SMILING, 480)) < Thresholds().look_alike
    }
    assert near == look_alikes()


@pytest.mark.parametrize("who", ["sanne", "kofi", "fatima", "annemieke"])
def test_somebody_is_recognised_in_another_pose_and_light(who: str) -> None:
    assert apart(vector(who, SMILING, 480), vector(who, LATER, 240)) < Thresholds().strict


def test_every_face_of_a_group_is_found_where_it_is() -> None:
    people = list(EVERYBODY.items())[:10]
    scene = group_picture(people, 7, (1000, 750), face_px=(40, 60))
    found = find_faces(np.asarray(scene.picture))
    for face in scene.faces:
        assert max(overlap(face.box, detection.box) for detection in found) > 0.5
