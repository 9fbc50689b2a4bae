"""A worker that dies at a chosen place, and comes back under its id each time: a supervisor and its child in one.

Run as `mortal_worker.py STEP MARKS [FILE]`. The first time the worker is at STEP, it kills itself when the step's work
is done and not yet kept; the second time, when it is kept and the engine does not know it yet. With FILE (a file's
place in its batch, or -1 for the batch) it dies each time it is at STEP of that. Every death leaves a mark in the
folder MARKS.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session

from consent.database import transaction
from consent.gate import preparation
from consent.gate.tables import Upload
from consent.jobs import worker, workflows

WORKER = "gate-1"


def supervise(step: str, marks: Path, poison: int | None) -> None:
    """Start the worker again for as long as it dies by its own hand."""
    while True:
        child = os.fork()
        if child == 0:
            if step:
                make_mortal(step, marks, poison)
            worker.run(WORKER)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))


def make_mortal(step: str, marks: Path, poison: int | None) -> None:
    """Put death around one step of the preparation, and behind the transaction that keeps it."""
    real: Callable[..., object] = getattr(preparation, step)
    dies_when_kept = False

    def mortal(session: Session, subject: Upload | str, *more: int) -> object:
        nonlocal dies_when_kept
        if poison is not None:
            if poison == (subject.position if isinstance(subject, Upload) else -1):
                die(marks)
            return real(session, subject, *more)
        result = real(session, subject, *more)
        deaths = len(list(marks.iterdir()))
        if deaths == 0:
            die(marks)
        dies_when_kept = deaths == 1
        return result

    @contextmanager
    def and_then() -> Iterator[Session]:
        with transaction() as session:
            yield session
        if dies_when_kept:
            die(marks)

    setattr(preparation, step, mortal)
    setattr(workflows, "transaction", and_then)  # noqa: B010 - the name is not that module's own


def die(marks: Path) -> None:
    """As `kill -9` does it."""
    (marks / str(len(list(marks.iterdir())))).touch()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    supervise(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
