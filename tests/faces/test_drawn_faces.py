"""The drawn people: the same seed gives the same pixels, and the box says where the face is."""

import hashlib

import pytest
from PIL import Image, ImageChops

from consent.demo.cast import grown_ups, look_alikes, pupils, strangers
from consent.demo.drawing import Light, Look, Pose, draw_face, imagine, resembling
from consent.demo.figures import portrait


def digest(picture: Image.Image) -> str:
    return hashlib.sha256(picture.tobytes()).hexdigest()


def test_the_same_look_and_pose_give_the_same_pixels() -> None:
    pose = Pose(tilt=5, turn=-8, noise=3, seed=4)
    assert digest(portrait(imagine(3), pose, 120)) == digest(portrait(imagine(3), pose, 120))


def test_another_seed_is_somebody_else() -> None:
    assert imagine(3) != imagine(4)
    assert digest(portrait(imagine(3), Pose(), 120)) != digest(portrait(imagine(4), Pose(), 120))


def test_a_grown_up_is_not_a_child_of_the_same_seed() -> None:
    assert imagine(3, grown=True).shape.chin != imagine(3).shape.chin


@pytest.mark.parametrize("size", [16, 17, 48, 111, 400])
def test_a_face_is_as_wide_as_asked(size: int) -> None:
    head, box = draw_face(imagine(5), Pose(tilt=8), size)
    assert box.shorter_side == size
    assert box.left >= 0
    assert box.top >= 0
    assert box.right <= head.width
    assert box.bottom <= head.height


@pytest.mark.parametrize("tilt", [-15, 0, 15])
def test_the_box_is_filled_with_the_head(tilt: float) -> None:
    head, box = draw_face(imagine(5), Pose(tilt=tilt), 80)
    inside = head.crop((round(box.left), round(box.top), round(box.right), round(box.bottom))).getchannel("A")
    assert sum(inside.histogram()[200:]) > 0.9 * inside.width * inside.height


@pytest.mark.parametrize(
    "changed",
    [
        Pose(tilt=6),
        Pose(turn=10),
        Pose(smile=-0.3),
        Pose(open_mouth=0.8),
        Pose(light=Light(brightness=0.8)),
        Pose(light=Light(direction=40)),
        Pose(light=Light(cast=(1.0, 0.95, 0.85))),
        Pose(noise=4),
    ],
)
def test_everything_in_a_pose_shows(changed: Pose) -> None:
    plain = portrait(imagine(7), Pose(), 120)
    assert ImageChops.difference(plain, portrait(imagine(7), changed, 120)).getbbox() is not None


def test_a_look_alike_is_nearly_the_same_but_not_quite() -> None:
    one, other = imagine(9), resembling(imagine(9))
    assert (one.skin, one.hair, one.hair_colour, one.eyes) == (other.skin, other.hair, other.hair_colour, other.eyes)
    assert one.shape != other.shape


def test_nobody_in_the_cast_is_there_twice() -> None:
    everybody: list[Look] = [*pupils().values(), *grown_ups().values(), *strangers()]
    assert len(set(everybody)) == len(everybody)


def test_the_look_alikes_are_pupils() -> None:
    assert look_alikes()
    assert all(pair <= pupils().keys() for pair in look_alikes())


def test_only_grown_ups_are_grown() -> None:
    assert all(look.grown for look in grown_ups().values())
    assert not any(look.grown for look in pupils().values())
