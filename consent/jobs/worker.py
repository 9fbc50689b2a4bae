"""The process that carries out the work. One per core, each under a fixed id with an exclusive lock.

A worker that comes back under its id takes up what it had begun. Two at once under one id would do the same work
twice, so the second is refused. The face libraries hold the interpreter and use one thread: speed comes from processes.
"""

import hashlib
import logging
import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import filelock
from dbos import DBOS, DBOSPortableJSONSerializer
from sqlalchemy import text

from consent import queue, settings
from consent.database import engine, transaction
from consent.errors import Conflict, Misconfigured
from consent.jobs import schema, workflows  # noqa: F401 - the engine knows a workflow once it is imported
from consent.queue import Job

_POLL = 0.05  # seconds between two looks at the queue: the engine's own second is a job a second


def run(worker_id: str, *, parent: int | None = None) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or until the process `parent` is no longer ours."""
    if not settings.current().has_register or not schema.is_current(engine()):
        raise Misconfigured("The database is not up to date: run `consent migrate`.")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with sole(worker_id):
        DBOS(
            config={
                "name": "consent",
                "system_database_url": settings.current().database,
                "serializer": DBOSPortableJSONSerializer(),
                "application_version": queue.SHAPE,
                "executor_id": worker_id,
                "run_migrations": False,
                "log_level": "ERROR",
            }
        )
        DBOS.launch()
        DBOS.register_queue(queue.PHOTOS, worker_concurrency=1, polling_interval_sec=_POLL)
        known = frozenset[str]()
        while not stop.wait(1.0):
            known |= give_up_hopeless(known)
            if parent is not None and os.getppid() != parent:
                break
        DBOS.destroy(workflow_completion_timeout_sec=30)
        # The lock ends with the process, not before it: what has not stopped by now would go on beside a successor.
        os._exit(0)


def give_up_hopeless(known: frozenset[str] = frozenset()) -> frozenset[str]:
    """Refuse the files whose work failed for good, so that their batches can go on; the work that is not `known`."""
    failures = [failure for failure in queue.failures() if failure.given_up and failure.work not in known]
    if failures:
        with transaction() as session:
            for failure in failures:
                logging.getLogger(__name__).error("given up: %s", failure.work)
                queue.ask(session, Job.GIVE_UP, failure.subject)
    return frozenset(failure.work for failure in failures)


@contextmanager
def sole(worker_id: str) -> Iterator[None]:
    """Hold the lock of this worker id; a second holder is refused."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", worker_id):
        raise Misconfigured("A worker's id is made of small letters, digits and hyphens.")
    with _locked(worker_id) as ours:
        if not ours:
            raise Conflict(f"A worker with the id {worker_id} is running already: give this one another id.")
        yield


def is_living(worker_id: str) -> bool:
    """Whether a worker runs under this id."""
    with _locked(worker_id) as ours:
        return not ours


@contextmanager
def _locked(worker_id: str) -> Iterator[bool]:
    if engine().dialect.name == "postgresql":
        # Machines share the database, not a disk. The lock ends with its connection, so a dead worker frees it.
        number = int.from_bytes(hashlib.sha256(f"worker:{worker_id}".encode()).digest()[:8], "big", signed=True)
        with engine().connect() as connection:
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar()
            connection.commit()
            try:
                yield bool(taken)
            finally:
                if taken:
                    connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
                    connection.commit()
        return
    lock = filelock.FileLock(settings.current().home / f"worker-{worker_id}.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
