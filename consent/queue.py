"""Ask for background work, inside the caller's own transaction.

The request for work and the row that needs it are saved together or not at all. What the work consists of is written
in `consent.jobs.workflows`; who does it, in `consent.jobs.worker`.
"""

from enum import StrEnum
from functools import cache

from dbos import DBOSClient, DBOSPortableJSONSerializer
from sqlmodel import Session

from consent import settings

PHOTOS = "photos"

# The shape of the workflows: raised when steps are added, removed or reordered. Unfinished work of another shape is not
# taken up again, because a step of the old shape may have no place in the new.
SHAPE = "1"


class Job(StrEnum):
    """Work that can be asked for; the subject is an id, or an id and a revision."""

    PREPARE_UPLOAD = "prepare_upload"
    GROUP_BATCH = "group_batch"
    JUDGE_UPLOAD = "judge_upload"
    ENROL_PORTRAIT = "enrol_portrait"


def ask(session: Session, job: Job, *subject: str | int) -> str:
    """Ask for `job` on `subject`; asking twice for the same is harmless. Returns the work's id."""
    work = ":".join([str(job), *map(str, subject)])
    _client(settings.current().database).enqueue_in_transaction(
        session,
        {"workflow_name": str(job), "queue_name": PHOTOS, "workflow_id": work, "app_version": SHAPE},
        *[str(part) for part in subject],
    )
    return work


def failed(job: Job | None = None) -> list[str]:
    """Ids of work that needs a person: it raised, or it killed its worker too often."""
    found = _client(settings.current().database).list_workflows(
        status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
        name=str(job) if job else None,
        load_input=False,
        load_output=False,
    )
    return [work.workflow_id for work in found]


def try_again(work: str) -> None:
    """Put failed work back in the queue; it goes on from its last finished step."""
    _client(settings.current().database).resume_workflow(work, queue_name=PHOTOS)


@cache
def _client(url: str) -> DBOSClient:
    return DBOSClient(
        system_database_url=url, serializer=DBOSPortableJSONSerializer(), application_name="consent", lazy=True
    )
