"""A drawn school goes on an outing, and its pictures through the gate, three times: the whole of `make demo`.

Everything lies in a home of its own. A tour that was finished is not made again while the program is the same.
"""

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

import consent
from consent import clock, database, sealing, settings
from consent.database import transaction
from consent.demo import outing, printout, reviewer, school, showing, stages
from consent.demo.outing import Shot, Truth
from consent.demo.school import Settled
from consent.demo.stages import Stage, Step
from consent.errors import Conflict, Refused
from consent.gate import assessment, intake, permits
from consent.gate import folder as folders
from consent.gate.folder import Ticket
from consent.gate.tables import Batch, Permit
from consent.gate.verdicts import ItemVerdict
from consent.jobs import schema
from consent.jobs.hands import Hands, hands
from consent.queue import finished

Watch = Callable[[str, float], None]  # told what is being done and how much of all is done, from 0 to 1

FILE = "tour.json"
_MARK = ".a-drawn-school"  # only a folder with this in it is ever cleared
_KEYS = {place.key: place.key.replace("-", " ") for place in school.PLACES}

# What each part takes of the whole, as measured on two cores.
_PARTS = {
    "Drawing the school and its outing": 0.15,
    "1 Matching off: finding and covering": 0.25,
    "Looking at portraits": 0.10,
    "2 With matching: finding, proposing, covering": 0.30,
    "3 Names are given: judging anew": 0.10,
    "3 The result is looked at": 0.10,
}
_DRAW, _OFF, _ENROL, _PROPOSE, _NAME, _LOOK = _PARTS


@dataclass(frozen=True)
class _Run:
    """One tour on its way."""

    home: Path
    settled: Settled
    outing_id: str
    truths: Mapping[str, Truth]
    workers: Hands
    watch: Watch

    def step(self, part: str) -> Step:
        """How far this part is, as a share of all."""
        names = list(_PARTS)
        before = sum(_PARTS[name] for name in names[: names.index(part)])
        return lambda share: self.watch(part, before + share * _PARTS[part])


@contextmanager
def living_in(home: Path) -> Iterator[None]:
    """Be the demo's installation for as long as the block runs; the user's own register is not touched."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with settings.moved_to(home):
        database.engine.cache_clear()
        try:
            yield
        finally:
            database.engine().dispose()
            database.engine.cache_clear()


def finished_tour(home: Path) -> dict[str, Any] | None:
    """What a tour left that was finished; nothing where none was. `made_by` says by which program."""
    try:
        left: dict[str, Any] = json.loads((home / "out" / FILE).read_text())
    except (OSError, ValueError):
        return None
    return left


def give(home: Path, watch: Watch, shots: tuple[Shot, ...] = outing.SHOTS) -> tuple[Stage, ...]:
    """Found the school, take the pictures, and put them through the gate; in `home`, which is cleared first.

    Call it within `living_in(home)`.
    """
    turn = filelock.FileLock(home.with_name(f"{home.name}.lock"))
    try:
        turn.acquire(timeout=0)
    except filelock.Timeout:
        raise Conflict("Another `consent demo` is drawing here: wait for it, or stop it.") from None
    try:
        _clear(home)
        watch(_DRAW, 0.0)
        sealing.create_keys()
        schema.upgrade()
        with hands(lambda _: None) as workers:
            return _go(home, workers, watch, shots)
    finally:
        turn.release()


def program_digest() -> str:
    """Of every line of this program: the pictures and people are drawn by it, and judged by it."""
    digest = hashlib.sha256()
    root = Path(consent.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _go(home: Path, workers: Hands, watch: Watch, shots: tuple[Shot, ...]) -> tuple[Stage, ...]:
    made_by = program_digest()
    day = clock.today() - dt.timedelta(days=1)
    truths = outing.take_pictures(home / "outing", day, shots)
    with transaction() as session:
        settled = school.found(session)
        trip = school.plan_outing(session, settled, outing.NAME, day)
    run = _Run(home, settled, trip, truths, workers, watch)
    _, first = _judge(run, _OFF, "matching off", "No DPIA is recorded, so nobody is recognised and all are covered.")
    _enrol(run)
    batch_id, second = _judge(
        run, _PROPOSE, "proposals", "Portraits of those who consented are compared. A proposal shows nobody by itself."
    )
    third = _review(run, batch_id)
    shown = (first, second, third)
    _deliver(run, batch_id)
    printed = list(printout.lines(shown, truths, _KEYS))
    showing.write(home / "out" / FILE, shown, truths, settled, printed, made_by)
    watch(_LOOK, 1.0)
    return shown


def _judge(run: _Run, part: str, title: str, told: str) -> tuple[str, Stage]:
    batch_id = stages.judge_folder(run.settled, run.outing_id, run.home / "outing", run.workers, run.step(part))
    return batch_id, stages.take_stock(batch_id, title, told, run.home / "out" / showing.PICTURES)


def _enrol(run: _Run) -> None:
    with transaction() as session:
        work = school.start_matching(session, run.settled)
    step = run.step(_ENROL)

    def is_done() -> bool:
        done = finished(work)
        step(len(done) / len(work))
        return len(done) == len(work)

    run.workers.see_done(is_done, work)


def _review(run: _Run, batch_id: str) -> Stage:
    """Vera names the faces; the pictures are made anew; she looks at those."""
    with transaction() as session:
        batch, vera = session.get_one(Batch, batch_id), school.reviewer_of(session, run.settled)
        reviewer.draw_missing(session, batch, run.truths)
        reviewer.name_all(session, batch, run.truths, run.settled.people, vera)
    stages.judge_anew(batch_id, run.workers, run.step(_NAME))
    with transaction() as session:
        batch, vera = session.get_one(Batch, batch_id), school.reviewer_of(session, run.settled)
        reviewer.look_at_all(session, batch, vera)
    stages.judge_anew(batch_id, run.workers, run.step(_LOOK))
    told = f"{school.REVIEWER}, who is part of this demo, said who is who, and looked at every result."
    return stages.take_stock(batch_id, "named, looked at", told, run.home / "out" / showing.PICTURES)


def _deliver(run: _Run, batch_id: str) -> None:
    """What the command line would write, for each channel; with permits for what may go out."""
    for place in school.PLACES:
        out = run.home / "out" / place.key
        folders.prepare(out, Ticket(batch_id, anonymous=False, outing=outing.NAME, channel=place.key))
        with transaction() as session:
            batch, vera = session.get_one(Batch, batch_id), school.reviewer_of(session, run.settled)
            [channel] = [one for one in intake.channels_of(session, batch_id) if one.key == place.key]
            intake.answer_copyright(
                session, batch, maker="juf Annemieke (drawn)", leave=True, commissioned=False, actor="demo"
            )
            folders.deliver(session, batch, channel, out, with_originals=True, notice=showing.FICTION)
            granted: list[Permit] = []
            for upload in intake.uploads_of(session, batch_id):
                written = assessment.written(session, upload.id, channel.id)
                if written is not None and written.verdict is ItemVerdict.READY:
                    granted.append(permits.issue(session, upload, channel, by=vera))
            folders.deliver_permits(session, granted, out)


def _clear(home: Path) -> None:
    """Begin anew, but never in a folder that holds something else."""
    if any(home.iterdir()) and not (home / _MARK).exists():
        raise Refused(f"The folder {home} holds something else than a demo: move it away first.")
    database.engine().dispose()
    for path in home.iterdir():
        if path.name != _MARK:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (home / _MARK).touch()
