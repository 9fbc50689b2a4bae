"""De Regenboog went to the zoo: pictures of it, a batch that nobody has looked at yet, and what came of one."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from consent import audit, clock, database, queue, settings
from consent.audit import AuditEntry
from consent.database import transaction
from consent.decisions import channels
from consent.demo import cast, figures, scenes, snapshots
from consent.demo.looks import Look, Pose
from consent.faces import enrolment
from consent.gate import intake, report
from consent.gate.tables import Batch, Rendition
from consent.jobs import worker
from consent.media import vault, views
from consent.people import roll
from consent.people.tables import Person, School
from consent.queue import Job
from tests.jobs import mortal_worker
from tests.people import Folk, move_in

JASMIJN = cast.grown_ups()["annemieke"]
CHILDREN = (cast.pupils()["sanne"], cast.pupils()["youssef"])
_HERE = Path(__file__).parents[2]
_PATIENCE = 120  # seconds until a test gives up on a worker


def draw(folder: Path) -> Path:
    """Two pictures of Jasmijn and a child each, and before them a text that calls itself a picture."""
    folder.mkdir()
    for number, child in enumerate(CHILDREN):
        (folder / f"photo {number}.jpg").write_bytes(_photo([("jasmijn", JASMIJN), ("child", child)], number))
    (folder / "note.jpg").write_text("Dear all, the photo will follow.\n")
    return folder


def set_up(session: Session) -> Folk:
    """The school with a DPIA, an outing to Artis, and Jasmijn enrolled."""
    folk = move_in(session)
    school = session.get_one(School, folk.school)
    roll.record_dpia(session, school, "DPIA 2026-1", by=None)
    trip = intake.plan_outing(session, school, "Artis", clock.today(), actor="installation")
    intake.confirm_presence(session, trip, [folk.jasmijn, folk.ben, folk.kees], actor="installation")
    portrait = views.preview(figures.portrait(JASMIJN, Pose()), 480)
    handed_in = enrolment.hand_in(session, session.get_one(Person, folk.jasmijn), portrait, actor="installation")
    enrolment.enrol(session, handed_in.id)
    return folk


def take_in(session: Session, folk: Folk, folder: Path) -> str:
    """A batch of that folder, complete, for the website and the parents' app; its id."""
    school = session.get_one(School, folk.school)
    places = [channels.channel_named(session, school.id, key) for key in ("website", "parent-app")]
    trip = intake.outing_named(session, school, "Artis")
    batch = intake.open_batch(session, trip, places, actor="installation")
    for position, path in enumerate(sorted(folder.iterdir())):
        with path.open("rb") as content:
            intake.receive(session, batch, path.name, content, position)
    intake.complete(session, batch)
    return batch.id


def work_off(step: str, marks: Path, poison: int | None = None) -> None:
    """Have all work done by a worker that dies at a step as `mortal_worker` says; at none if `step` is empty."""
    marks.mkdir()
    command = [sys.executable, mortal_worker.__file__, step, str(marks), *([] if poison is None else [str(poison)])]
    log = marks.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=_HERE, start_new_session=True)

    def is_done() -> bool:
        assert process.poll() is None, log.read_text()
        return all(is_dealt_with(one) for one in queue.failures()) and not unfinished()

    try:
        wait_for(is_done, log)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def is_dealt_with(failure: queue.Failure) -> bool:
    """Whether the file that this was about is refused by now, or it was about no file."""
    return not failure.given_up or bool(queue.finished([f"{Job.GIVE_UP}:{failure.subject}"]))


def wait_for(what: Callable[[], bool], log: Path | None = None) -> None:
    """Look every moment until it holds."""
    end = time.monotonic() + _PATIENCE
    while not what():
        assert time.monotonic() < end, f"still not so: {unfinished()} {log.read_text() if log else ''}"
        time.sleep(0.1)


def unfinished() -> list[str]:
    """Ids of the work that is asked for or begun."""
    client = queue._client(settings.current().database)
    return [one.workflow_id for one in client.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False)]


@dataclass(frozen=True)
class Outcome:
    """All that is to be seen of a batch from outside."""

    rows: tuple[object, ...]
    renditions: dict[str, str]
    files: tuple[str, ...]
    done: Counter[tuple[str, str]]
    states: tuple[tuple[str, int | None], ...]

    @classmethod
    def nothing(cls) -> "Outcome":
        """Before anybody worked."""
        return cls((), {}, (), Counter(), ())


def outcome_of(batch_id: str) -> Outcome:
    """What came of a batch; its audit holds."""
    with transaction() as session:
        assert not audit.verify(session).faults
        batch = session.get_one(Batch, batch_id)
        told = [report.collect(session, batch, channel) for channel in intake.channels_of(session, batch_id)]
        renditions = session.exec(select(Rendition)).all()
        return Outcome(
            rows=tuple(row for one in told for row in (*one.files, *one.faces, *one.groups)),
            renditions={one.id: one.sha256 for one in renditions if one.proven},
            files=tuple(vault.names()),
            done=Counter((entry.action, entry.subject) for entry in session.exec(select(AuditEntry))),
            states=tuple((str(one.state), one.judged_revision) for one in intake.uploads_of(session, batch_id)),
        )


def copy_home(source: Path, target: Path) -> None:
    """A home as it is, with nothing open in it."""
    database.engine().dispose()
    shutil.copytree(source, target, dirs_exist_ok=True)


def nobody_lives() -> bool:
    """Whether no worker of the gate's own is there."""
    return not any(worker.is_living(name) for name in ("gate-1", "gate-2"))


def _photo(people: list[tuple[str, Look]], seed: int) -> bytes:
    scene = scenes.group_picture(people, seed=seed + 3, size=(640, 480), face_px=(110, 120))
    return snapshots.jpeg(scene)
