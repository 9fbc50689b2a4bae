"""The drawn outings: whose face is where, and a file with everything in it that must not get out."""

import io
from itertools import combinations

import pytest
from PIL import ExifTags, Image, ImageChops, ImageOps, ImageStat

from consent.demo.drawing import Light, imagine
from consent.demo.places import Place
from consent.demo.scenes import Scene, crowd, group_picture
from consent.demo.snapshots import COMMENT, jpeg
from consent.media.regions import Box, overlap

CLASS = [(f"child {seed}", imagine(seed)) for seed in range(8)]


def lies_inside(box: Box, scene: Scene) -> bool:
    wide, high = scene.picture.size
    return box.left >= 0 and box.top >= 0 and box.right <= wide and box.bottom <= high


def overlapping_pairs(scene: Scene) -> int:
    return sum(overlap(one.box, other.box) > 0 for one, other in combinations(scene.faces, 2))


def test_the_same_seed_gives_the_same_picture() -> None:
    one, other = (group_picture(CLASS[:3], 5, (640, 480)) for _ in range(2))
    assert one.picture.tobytes() == other.picture.tobytes()
    assert one.faces == other.faces


def test_another_seed_gives_another_picture_of_the_same_people() -> None:
    one, other = (group_picture(CLASS[:3], seed, (640, 480)) for seed in (5, 6))
    assert one.picture.tobytes() != other.picture.tobytes()
    assert [face.who for face in one.faces] == [face.who for face in other.faces] == [who for who, _ in CLASS[:3]]


@pytest.mark.parametrize("number", [1, 2, 5, 8])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_face_is_in_the_picture_and_free(number: int, seed: int) -> None:
    scene = group_picture(CLASS[:number], seed, (800, 600), face_px=(40, 70))
    assert len(scene.faces) == number
    assert all(lies_inside(face.box, scene) for face in scene.faces)
    assert overlapping_pairs(scene) == 0


def test_a_whole_class_fits() -> None:
    everybody = [(str(seed), imagine(seed)) for seed in range(26)]
    scene = group_picture(everybody, 3, (1200, 900), face_px=(100, 140))
    assert all(lies_inside(face.box, scene) for face in scene.faces)
    assert overlapping_pairs(scene) == 0


def test_two_put_their_heads_together_when_asked() -> None:
    scene = group_picture(CLASS[:4], 2, (800, 600), face_px=(40, 70), overlapping=True)
    assert overlapping_pairs(scene) == 1
    assert overlap(scene.faces[0].box, scene.faces[1].box) > 0


@pytest.mark.parametrize("place", list(Place))
def test_the_group_can_be_sent_anywhere(place: Place) -> None:
    scene = group_picture(CLASS[:1], 4, (320, 240), place=place, face_px=(30, 40))
    assert scene.picture.size == (320, 240)
    assert ImageStat.Stat(scene.picture.convert("L")).stddev[0] > 10


def test_the_light_falls_on_everything() -> None:
    bright, dark = (group_picture(CLASS[:1], 4, (320, 240), light=Light(brightness=b)) for b in (1.0, 0.6))
    means = [ImageStat.Stat(scene.picture.convert("L")).mean[0] for scene in (bright, dark)]
    assert means[1] < 0.7 * means[0]


def test_a_crowd_has_faces_of_all_sizes_and_none_hides_another() -> None:
    scene = crowd(3, (1600, 1200), count=20, face_px=(16, 160))
    sizes = sorted(face.box.shorter_side for face in scene.faces)
    assert (len(sizes), sizes[0], sizes[-1]) == (20, 16, 160)
    assert all(lies_inside(face.box, scene) for face in scene.faces)
    assert overlapping_pairs(scene) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_snapshot_stands_upright_once_its_orientation_is_obeyed(orientation: int) -> None:
    scene = group_picture(CLASS[:1], 4, (320, 240))
    with Image.open(io.BytesIO(jpeg(scene, orientation=orientation))) as picture:
        assert picture.getexif()[ExifTags.Base.Orientation] == orientation
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    assert upright.size == scene.picture.size
    assert max(ImageStat.Stat(ImageChops.difference(upright, scene.picture)).mean) < 6


def test_a_snapshot_tells_place_time_camera_and_more() -> None:
    file = jpeg(group_picture(CLASS[:1], 4, (320, 240)))
    with Image.open(io.BytesIO(file)) as picture:
        exif = picture.getexif()
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        thumbnail = exif.get_ifd(ExifTags.IFD.IFD1)
        assert exif[ExifTags.Base.Model] == "T-1"
        assert place[ExifTags.GPS.GPSLatitude][0] == 52
        assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal].startswith("2026")
        assert picture.info["comment"] == COMMENT
        assert {"icc_profile", "xmp"} <= picture.info.keys()
    tiff = file.index(b"Exif\0\0") + 6
    start, length = (thumbnail[tag] for tag in (ExifTags.Base.JpegIFOffset, ExifTags.Base.JpegIFByteCount))
    with Image.open(io.BytesIO(file[tiff + start : tiff + start + length])) as small:
        assert small.size == (160, 120)
