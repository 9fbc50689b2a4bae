"""The arithmetic of re-identification, on painted heads: no detector and no recogniser has a part in it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from consent.errors import NotFound
from consent.media.covers import CoverStyle
from consent.media.regions import Box
from consent.oversight.reidentification import Portrayed, Reidentification, measure

FACE = Box(40, 40, 60, 70)
PEOPLE = 20


def describe(pixels: NDArray[np.uint8], boxes: Sequence[Box]) -> list[NDArray[np.float32]]:
    """A recogniser that looks at the middle of the face."""
    return [
        pixels[int(y) - 12 : int(y) + 12, int(x) - 12 : int(x) + 12].astype(np.float32).ravel()
        for x, y in (box.centre for box in boxes)
    ]


def look(path: Path) -> Portrayed | None:
    """A head in the person's own colours, before a wall that says nothing; the light differs a little."""
    own, light = (np.random.default_rng([*text.encode()]) for text in (path.parent.name, path.name))
    if path.name == "no face":
        return None
    pixels = np.full((150, 140, 3), 120, np.uint8)
    colours = own.integers(40, 200, (4, 4, 3), dtype=np.uint8)
    pixels[28:108, 40:100] = np.asarray(Image.fromarray(colours).resize((60, 80), Image.Resampling.BICUBIC))
    lit = pixels.astype(np.float32) * light.uniform(0.95, 1.05)
    return Portrayed(str(path), Image.fromarray(lit.clip(0, 255).astype(np.uint8)), FACE)


@pytest.fixture
def identities(tmp_path: Path) -> Path:
    for person in range(PEOPLE):
        folder = tmp_path / f"person {person}"
        folder.mkdir()
        for picture in ("one", "two", "three", "no face"):
            (folder / picture).touch()
    return tmp_path


def measured(identities: Path, style: CoverStyle = CoverStyle.BLUR, seed: int = 1) -> Reidentification:
    return measure(identities, style, draws=5, seed=seed, look_at=look, embed=describe)


pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize("style", CoverStyle)
def test_under_a_cover_nobody_is_known_better_than_by_chance(identities: Path, style: CoverStyle) -> None:
    result = measured(identities, style)
    assert result.is_at_chance
    assert result.chance == pytest.approx(1 / PEOPLE)
    for matched in (result.pixels, result.recogniser):
        assert max(matched.half.rate, matched.covered.rate) < 0.2


def test_without_covers_the_same_comparison_knows_everybody(identities: Path) -> None:
    result = measured(identities)
    assert result.pixels.open.rate > 0.95
    assert result.recogniser.open.rate > 0.95


def test_an_average_of_the_head_would_tell_people_apart(identities: Path) -> None:
    averages = {average.cells: average.covered for average in measured(identities).averages}
    assert averages[4].bounds[0] > 1 / PEOPLE
    assert averages[1].bounds[0] > 1 / PEOPLE


def test_the_bounds_count_pictures_and_not_repetitions(identities: Path) -> None:
    share = measured(identities).pixels.covered
    assert share.trials == 5 * PEOPLE
    assert share.distinct <= 3 * PEOPLE


def test_the_same_seed_gives_the_same_figures(identities: Path) -> None:
    assert measured(identities) == measured(identities)
    assert measured(identities) != measured(identities, seed=2)


def test_a_folder_with_one_person_measures_nothing(tmp_path: Path) -> None:
    (tmp_path / "Anna").mkdir()
    (tmp_path / "Anna" / "one").touch()
    with pytest.raises(NotFound, match="two people"):
        measured(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no folder"):
        measured(tmp_path / "nowhere")
