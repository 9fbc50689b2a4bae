import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import photo_like
from PIL import Image, ImageFilter

from consent.media.covers import Cover, CoverStyle, Unproven, cover, prove_covered
from consent.media.photo import Output, ReleaseStatus, encode
from consent.media.regions import Box, Ellipse, head_area

WIDTH, HEIGHT = 400, 300
FACE = Box(150, 100, 80, 95)
styles = st.sampled_from(CoverStyle)


def crowd(seed: int = 1) -> Image.Image:
    """Strong detail everywhere: the hardest surroundings for a cover to survive JPEG in."""
    coarse = np.random.default_rng(seed).integers(0, 256, (HEIGHT // 5, WIDTH // 5, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def over(face: Box, style: CoverStyle = CoverStyle.BLUR) -> Cover:
    return Cover(head_area(face, WIDTH, HEIGHT), style)


def outside(covers: list[Cover]) -> np.ndarray:
    mask = np.ones((HEIGHT, WIDTH), bool)
    for one in covers:
        place = one.area.pixels(WIDTH, HEIGHT)
        mask[place.top : place.bottom, place.left : place.right] &= ~one.area.mask(place)
    return mask


def decoded(image: Image.Image, like: Output = Output.JPEG) -> Image.Image:
    content = encode(image, release_id="0123456789", release_status=ReleaseStatus.LIMITED, like=like)
    return Image.open(io.BytesIO(content)).convert("RGB")


faces = st.builds(Box, st.floats(-40, 390), st.floats(-40, 290), st.floats(4, 150), st.floats(4, 180))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.builds(over, faces, styles), max_size=4))
def test_a_cover_changes_nothing_outside_its_area(covers: list[Cover]) -> None:
    before = crowd()
    after = cover(before, covers)
    kept = outside(covers)
    assert (np.asarray(after)[kept] == np.asarray(before)[kept]).all()
    assert before.tobytes() == crowd().tobytes()


@pytest.mark.parametrize("style", CoverStyle)
def test_nothing_of_what_is_covered_goes_into_the_cover(style: CoverStyle) -> None:
    one = over(FACE, style)
    inside = ~outside([one])
    first, second = (np.asarray(cover(picture, [one])) for picture in (crowd(1), photo_like(WIDTH, HEIGHT)))
    assert (first[inside] == second[inside]).all()


@pytest.mark.parametrize("style", CoverStyle)
def test_a_cover_is_grey_and_neither_black_nor_white(style: CoverStyle) -> None:
    one = over(FACE, style)
    seen = np.asarray(cover(crowd(), [one]))[~outside([one])]
    assert (seen.max(axis=-1) == seen.min(axis=-1)).all()
    assert 90 < seen.min() <= seen.max() < 165


def test_where_covers_meet_both_places_are_covered() -> None:
    pair = [over(FACE), over(Box(190, 120, 80, 95), CoverStyle.FILL)]
    after = np.asarray(cover(crowd(), pair))
    assert (after.max(axis=-1) == after.min(axis=-1))[~outside(pair)].all()


@settings(deadline=None, max_examples=60)
@given(faces, styles, st.sampled_from(Output), st.integers(1, 5))
def test_a_cover_is_proven_after_encoding(face: Box, style: CoverStyle, like: Output, seed: int) -> None:
    one = over(face, style)
    finished = decoded(cover(crowd(seed), [one]), like)
    assert prove_covered((WIDTH, HEIGHT), finished, one) is None


@pytest.mark.parametrize("style", CoverStyle)
def test_a_cover_is_proven_against_the_hardest_edge(style: CoverStyle) -> None:
    one = over(FACE, style)
    for colour in ("white", "black", "red", "blue"):
        finished = decoded(cover(Image.new("RGB", (WIDTH, HEIGHT), colour), [one]))
        assert prove_covered((WIDTH, HEIGHT), finished, one) is None


@pytest.mark.parametrize("style", CoverStyle)
@pytest.mark.parametrize("face", [FACE, Box(20, 20, 12, 14), Box(-5, 100, 30, 40)])
def test_an_open_face_is_not_proven(style: CoverStyle, face: Box) -> None:
    assert prove_covered((WIDTH, HEIGHT), decoded(crowd()), over(face, style)) is Unproven.PATTERN


def test_half_a_cover_is_not_proven() -> None:
    one = over(FACE)
    half = cover(crowd(), [one])
    half.paste(crowd().crop((190, 0, WIDTH, HEIGHT)), (190, 0))
    assert prove_covered((WIDTH, HEIGHT), decoded(half), one) is Unproven.PATTERN


def test_a_cover_with_open_eyes_is_not_proven() -> None:
    one = over(FACE)
    eyes = (165, 130, 185, 140)
    open_eyes = cover(crowd(), [one])
    open_eyes.paste(crowd().crop(eyes), eyes)
    assert prove_covered((WIDTH, HEIGHT), decoded(open_eyes), one) is Unproven.PATTERN


@pytest.mark.parametrize("radius", [2, 8, 20])
def test_a_blurred_face_is_not_proven(radius: int) -> None:
    blurred = photo_like(WIDTH, HEIGHT).filter(ImageFilter.GaussianBlur(radius))
    assert prove_covered((WIDTH, HEIGHT), decoded(blurred), over(FACE)) is Unproven.PATTERN


def test_a_cover_beside_its_place_is_not_proven() -> None:
    beside = cover(crowd(), [over(Box(160, 100, 80, 95))])
    assert prove_covered((WIDTH, HEIGHT), decoded(beside), over(FACE)) is Unproven.PATTERN


def test_a_cover_of_another_style_is_not_proven() -> None:
    flat = cover(crowd(), [over(FACE, CoverStyle.FILL)])
    assert prove_covered((WIDTH, HEIGHT), decoded(flat), over(FACE, CoverStyle.BLUR)) is Unproven.PATTERN


def test_a_picture_of_another_size_proves_nothing() -> None:
    one = over(FACE)
    smaller = cover(crowd(), [one]).crop((0, 0, WIDTH, HEIGHT - 1))
    assert prove_covered((WIDTH, HEIGHT), smaller, one) is Unproven.SIZE


def test_covers_that_meet_are_proven_each_for_its_own_part() -> None:
    first, second = over(FACE), over(Box(190, 120, 80, 95), CoverStyle.FILL)
    finished = decoded(cover(crowd(), [first, second]))
    assert prove_covered((WIDTH, HEIGHT), finished, first, later=[second.area]) is None
    assert prove_covered((WIDTH, HEIGHT), finished, second) is None


def test_a_cover_wholly_under_another_is_left_to_that_one() -> None:
    small, large = Cover(Ellipse(190, 150, 10, 10), CoverStyle.FILL), over(FACE)
    finished = decoded(cover(crowd(), [small, large]))
    assert prove_covered((WIDTH, HEIGHT), finished, small, later=[large.area]) is None
    assert prove_covered((WIDTH, HEIGHT), finished, large) is None


def test_a_cover_outside_the_picture_covers_and_proves_nothing() -> None:
    away = Cover(Ellipse(-100, -100, 20, 20), CoverStyle.BLUR)
    assert cover(crowd(), [away]).tobytes() == crowd().tobytes()
    assert prove_covered((WIDTH, HEIGHT), crowd(), away) is None
