"""Counting faces that are not found, beside another program."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from consent.errors import Misconfigured, NotFound
from consent.faces.detector import Certainty, Detection
from consent.media.regions import Box
from consent.oversight.bounds import as_json
from consent.oversight.detection import Picture, ask_peer, compare, judge, measure, read_labels

SMALL, LARGE, ELSEWHERE = Box(10, 10, 12, 14), Box(100, 100, 80, 90), Box(300, 10, 20, 20)


def missing(*counts: tuple[int, int, int]) -> tuple[list[Picture], list[Picture]]:
    """Pictures with so many large faces that only we, only they and both miss; each has one that both find."""
    ours, theirs = [], []
    for mine, other, both in counts:
        faces = tuple(Box(100.0 * place, 0, 80, 80) for place in range(mine + other + both + 1))
        ours.append(Picture(faces, faces[mine : mine + other] + faces[-1:]))
        theirs.append(Picture(faces, faces[:mine] + faces[-1:]))
    return ours, theirs


def make_pictures(folder: Path) -> Path:
    """Two grey pictures with a small and a large labelled face."""
    for name in ("anna.png", "bob.png"):
        Image.new("RGB", (400, 300), (90, 90, 90)).save(folder / name)
    boxes = [[box.left, box.top, box.width, box.height] for box in (SMALL, LARGE)]
    (folder / "boxes.json").write_text(json.dumps({"bob.png": boxes, "anna.png": boxes}))
    return folder


def make_peer(folder: Path, script: str) -> Path:
    """A program that takes the place of the peer's Python."""
    python = folder / "python"
    python.write_text(f"#!{sys.executable}\nimport json, sys\n{script}\n")
    python.chmod(0o755)
    return python


def test_a_face_is_missed_where_no_box_overlaps_it_enough() -> None:
    nearly = Box(LARGE.left + 50, LARGE.top, LARGE.width, LARGE.height)
    found = judge([Picture((LARGE,), (nearly,))]).by_size[-1]
    assert (found.missed.count, found.missed.trials) == (1, 1)
    assert found.uncovered.count == 1


def test_a_face_whose_centre_lies_in_a_box_is_missed_but_covered() -> None:
    around = Box(0, 0, 400, 400)
    found = judge([Picture((LARGE,), (around,))]).by_size[-1]
    assert (found.missed.count, found.uncovered.count) == (1, 0)


def test_faces_are_counted_in_the_class_of_their_shorter_side() -> None:
    faces = tuple(Box(0, 0, side, 200) for side in (9.9, 10, 15.9, 16, 29, 30, 59, 60, 150))
    classes = judge([Picture(faces, ())]).by_size
    assert [(one.from_pixels, one.missed.trials) for one in classes] == [(0, 1), (10, 2), (16, 2), (30, 2), (60, 2)]


def test_a_box_without_a_labelled_face_is_false_and_tiny_ones_are_counted_apart() -> None:
    finding = judge([Picture((LARGE,), (LARGE, ELSEWHERE, Box(0, 0, 8, 8))), Picture((), ())])
    assert (finding.false_boxes.count, finding.false_boxes.rate) == (2, 1.0)
    assert finding.false_boxes_from_16.count == 1


def test_no_miss_among_three_hundred_still_says_up_to_one_percent() -> None:
    low, high = judge([Picture((LARGE,), (LARGE,))] * 300).by_size[-1].missed.bounds
    assert low == 0
    assert high == pytest.approx(0.00994, abs=1e-4)


def test_two_programs_are_compared_on_the_faces_that_only_one_missed() -> None:
    pair = compare(*missing((1, 4, 2), (1, 5, 0)), 60)
    assert (pair.only_first, pair.only_other, pair.both) == (2, 9, 2)
    assert pair.ratio == pytest.approx(4 / 11)
    # of eleven coins at most two heads, or at most two tails: 2 × (1 + 11 + 55) / 2048
    assert pair.p == pytest.approx(0.0654, abs=1e-4)


def test_the_interval_of_a_ratio_narrows_with_more_pictures() -> None:
    few, many = compare(*missing((1, 2, 0), (0, 2, 1)), 0), compare(*missing(*[(1, 2, 0), (0, 2, 1)] * 50), 0)
    assert few.ratio == many.ratio == pytest.approx(2 / 5)
    assert few.ratio_low95 is not None
    assert many.ratio_low95 is not None
    assert few.ratio_low95 < many.ratio_low95 < 0.4


def test_against_a_program_that_misses_nothing_there_is_no_ratio() -> None:
    assert compare(*missing((1, 0, 0)), 0).ratio is None


def test_faces_below_the_size_asked_for_do_not_count_in_a_comparison() -> None:
    pair = compare([Picture((SMALL, LARGE), ())], [Picture((SMALL, LARGE), (SMALL, LARGE))], 16)
    assert (pair.only_first, pair.only_other, pair.both) == (1, 0, 0)


def test_faces_and_possible_faces_are_measured_apart(tmp_path: Path) -> None:
    seen = [Detection(LARGE, 0.9, Certainty.FACE), Detection(SMALL, 0.2, Certainty.POSSIBLE)]
    measured = measure(make_pictures(tmp_path), look=lambda _: seen)
    assert (measured.pictures, measured.faces, measured.peer) == (2, 4, None)
    assert [one.missed.count for one in measured.certain.by_size] == [0, 2, 0, 0, 0]
    assert [one.missed.count for one in measured.flagged.by_size] == [0, 0, 0, 0, 0]


def test_the_detector_itself_looks_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    measured = measure(make_pictures(tmp_path))
    assert [one.missed.count for one in measured.flagged.by_size] == [0, 2, 0, 0, 2]


def test_a_peer_is_measured_on_the_same_pictures(tmp_path: Path) -> None:
    script = "json.dump({file: [[100, 100, 180, 190]] for file in json.load(sys.stdin)}, sys.stdout)"
    measured = measure(make_pictures(tmp_path), make_peer(tmp_path, script), lambda _: [])
    assert measured.peer is not None
    assert [one.missed.count for one in measured.peer.by_size] == [0, 2, 0, 0, 0]
    assert [(pair.only_first, pair.both) for pair in measured.flagged_and_peer] == [
        (2, 2),
        (2, 2),
        (2, 0),
        (2, 0),
        (2, 0),
    ]


def test_a_report_of_it_is_plain_json(tmp_path: Path) -> None:
    script = "json.dump({file: [] for file in json.load(sys.stdin)}, sys.stdout)"
    measured = measure(make_pictures(tmp_path), make_peer(tmp_path, script), lambda _: [])
    report = json.loads(json.dumps(as_json(measured), allow_nan=False))
    assert report["certain"]["by_size"][4]["missed"]["rate"] == 1.0
    assert set(report["flagged_and_peer"][0]) >= {"only_first", "only_other", "ratio", "ratio_low95", "p"}


def test_a_peer_that_is_not_there_or_fails_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no Python"):
        ask_peer(tmp_path / "nowhere", [])
    with pytest.raises(Misconfigured, match=r"deface does not run .* nothing here"):
        ask_peer(make_peer(tmp_path, "sys.exit('nothing here')"), [])


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no boxes\.json"):
        read_labels(tmp_path)
    (tmp_path / "boxes.json").write_text("{}")
    with pytest.raises(NotFound, match="names no picture"):
        read_labels(tmp_path)
