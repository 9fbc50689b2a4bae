"""`consent evaluate` on drawn people: every figure under its name, with its bounds."""

import json
from pathlib import Path

import pytest

from consent.demo import cast, scenes
from consent.demo.figures import portrait
from consent.demo.looks import Pose
from tests.cli.terminal import Terminal


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two group pictures with their boxes; four people with five pictures each; two strangers."""
    folder = tmp_path_factory.mktemp("measure")
    looks = list(cast.pupils().items())[:4]
    for name in ("detection", "strangers"):
        (folder / name).mkdir()
    boxes = {}
    for seed in range(2):
        scene = scenes.group_picture(looks, seed, size=(800, 600), face_px=(50, 70))
        scene.picture.save(folder / "detection" / f"{seed}.jpg")
        boxes[f"{seed}.jpg"] = [[face.box.left, face.box.top, face.box.width, face.box.height] for face in scene.faces]
    (folder / "detection" / "boxes.json").write_text(json.dumps(boxes))
    for key, look in looks:
        (folder / "identities" / key).mkdir(parents=True)
        for number in range(5):
            pose = Pose(turn=4.0 * number - 8, tilt=2.0 * number - 4, seed=number)
            portrait(look, pose, 260).save(folder / "identities" / key / f"{number}.jpg")
    for number, look in enumerate(cast.strangers()[:2]):
        portrait(look, Pose(), 260).save(folder / "strangers" / f"{number}.jpg")
    return folder


def test_every_figure_has_its_name_and_its_bounds(drawn: Path, consent: Terminal) -> None:
    said = consent(
        "evaluate",
        *("--detection", str(drawn / "detection")),
        *("--identities", str(drawn / "identities")),
        *("--strangers", str(drawn / "strangers")),
        *("--draws", "2", "--json"),
    )
    assert said.status == 0
    told = json.loads(said.out)
    assert set(told) == {"detection", "identification", "reidentification"}
    assert told["detection"]["faces"] == 8
    assert sum(size["missed"]["count"] for size in told["detection"]["flagged"]["by_size"]) == 0
    leak = told["identification"]["automatic_show_of_the_product"]["leak"]
    assert set(leak) == {"count", "trials", "distinct", "rate", "low95", "high95"}
    assert leak["high95"] > leak["rate"]
    assert told["identification"]["proposals"]["right"]["rate"] > 0.5
    assert told["reidentification"]["recogniser"]["open"]["rate"] > told["reidentification"]["chance"]


def test_without_anything_to_measure_on_it_says_what_is_missing(consent: Terminal) -> None:
    said = consent("evaluate")
    assert said.refuses("--detection DIR")
