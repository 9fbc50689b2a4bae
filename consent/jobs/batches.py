"""How far the work on a batch is, and what work that is: for whoever waits for it."""

from dataclasses import dataclass

from consent import queue
from consent.database import transaction
from consent.gate import intake
from consent.gate.tables import Batch, Upload, UploadState
from consent.queue import Job


@dataclass(frozen=True)
class Progress:
    """How many uploads there are, how many are prepared (or refused), and how many were judged as it stands now."""

    total: int
    prepared: int
    judged: int

    @property
    def is_done(self) -> bool:
        """Nothing is left to do."""
        return self.judged == self.total


def progress_of(batch_id: str) -> Progress:
    """How far it is."""
    with transaction() as session:
        revision = session.get_one(Batch, batch_id).revision
        uploads = intake.uploads_of(session, batch_id)
    prepared = sum(upload.state is not UploadState.RECEIVED for upload in uploads)
    return Progress(len(uploads), prepared, sum(_is_judged(upload, revision) for upload in uploads))


def work_of(batch_id: str) -> frozenset[str]:
    """Ids of all work there can be on a batch as it stands."""
    with transaction() as session:
        batch = session.get_one(Batch, batch_id)
        uploads = intake.uploads_of(session, batch_id)
    of_each = {f"{job}:{upload.id}" for job in (Job.PREPARE_UPLOAD, Job.GIVE_UP) for upload in uploads}
    judged = {f"{Job.JUDGE_UPLOAD}:{upload.id}:{batch.revision}" for upload in uploads}
    return frozenset(of_each | judged | {f"{Job.GROUP_BATCH}:{batch_id}"})


def mend(batch_id: str) -> None:
    """Put work back in the queue that broke off for a reason that may be gone by now."""
    ours = work_of(batch_id)
    for failure in queue.failures():
        if failure.work in ours and not failure.given_up:
            queue.try_again(failure.work)


def _is_judged(upload: Upload, revision: int) -> bool:
    judged = upload.judged_revision
    return upload.state is UploadState.REFUSED or (judged is not None and judged >= revision)
