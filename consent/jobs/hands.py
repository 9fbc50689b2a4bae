"""Workers for a command that has to see its work done: those that live already, or some of its own.

Own workers run under the fixed ids `gate-1`, `gate-2`, … so that what one of them had begun when it was killed is taken
up by the next of its name. They end with the process that started them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import filelock

from consent import queue, settings
from consent.errors import Misconfigured
from consent.jobs import worker

_LOOK = 0.2  # seconds
_DEATHS = 12  # of own workers in one run: three for each of a few files that kill theirs


@dataclass
class Hands:
    """Whoever does the work. `see_done` waits for it, and sees to it that somebody is there to do it."""

    log: Path
    own: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)
    deaths: int = field(default=0, init=False)

    def see_done(self, is_done: Callable[[], bool], work: frozenset[str]) -> None:
        """Return once `is_done`.

        Raises:
            Misconfigured: with what to mend, where some of `work` cannot go on, or workers do not stay alive.
        """
        while not is_done():
            for failure in queue.failures():
                if failure.work in work and not failure.given_up:
                    raise Misconfigured(failure.sentence or f"The work broke off, and {self.log} says why.")
            self.keep_alive()
            time.sleep(_LOOK)

    def stop(self) -> None:
        """Let own workers finish what they are at, and end."""
        for process in self.own.values():
            process.terminate()
        for process in self.own.values():
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def keep_alive(self) -> None:
        """Start own workers that died or are missing, unless others do the work.

        A killed command leaves workers that end by themselves soon: until then they hold their ids, and work.
        """
        died = [worker_id for worker_id, process in self.own.items() if process.poll() is not None]
        for worker_id in died:
            del self.own[worker_id]
        self.deaths += len(died)
        if self.deaths > _DEATHS:
            raise Misconfigured(f"The workers do not stay alive: {_last_line(self.log)}")
        missing = [worker_id for worker_id in _names() if worker_id not in self.own]
        if missing and not _others_live():
            self.own |= {name: _start(name, self.log) for name in missing if not worker.is_living(name)}


@contextmanager
def hands(say: Callable[[str], None]) -> Iterator[Hands]:
    """Workers for as long as the block runs. One command at a time per installation; a second waits, and says so."""
    wanted = settings.current()
    turn = filelock.FileLock(wanted.home / "gate.lock")
    try:
        turn.acquire(timeout=0)
    except filelock.Timeout:
        say("Another `consent gate` is at work here; this one waits for its turn.")
        turn.acquire()
    those = Hands(wanted.home / "workers.log")
    try:
        those.keep_alive()
        yield those
    finally:
        those.stop()
        turn.release()


def _names() -> list[str]:
    return [f"gate-{number}" for number in range(1, settings.current().workers + 1)]


def _others_live() -> bool:
    return any(worker.is_living(f"worker-{number}") for number in range(1, 9))


def _start(worker_id: str, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "consent", "work", "--id", worker_id, "--parent", str(os.getpid())]
    with log.open("ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own program


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "see the log"
