"""Ask for background work, inside the caller's own transaction.

The request for work and the row that needs it are saved together or not at all. What the work consists of is written
in `consent.jobs.workflows`; who does it, in `consent.jobs.worker`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from dbos import DBOSClient, DBOSPortableJSONSerializer, WorkflowStatus
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
    FOLLOW_DECISION = "follow_decision"
    GIVE_UP = "give_up"


def ask(session: Session, job: Job, *subject: str | int) -> str:
    """Ask for `job` on `subject`; asking twice for the same is harmless. Returns the work's id."""
    work = ":".join([str(job), *map(str, subject)])
    _client(settings.current().database).enqueue_in_transaction(
        session,
        {"workflow_name": str(job), "queue_name": PHOTOS, "workflow_id": work, "app_version": SHAPE},
        *[str(part) for part in subject],
    )
    return work


@dataclass(frozen=True)
class Failure:
    """Work that did not end well. `hopeless`: it killed its worker too often, or met what no second try will mend.

    `sentence` says what to mend, where that is known; an error that nobody foresaw is not safe to show.
    """

    work: str
    hopeless: bool
    sentence: str

    @property
    def job(self) -> Job:
        """What was asked for."""
        return Job(self.work.partition(":")[0])

    @property
    def subject(self) -> str:
        """Of what."""
        return self.work.split(":")[1]

    @property
    def given_up(self) -> bool:
        """Whether the one file it was about is refused for it, so that all other work goes on."""
        return self.hopeless and self.job in {Job.PREPARE_UPLOAD, Job.JUDGE_UPLOAD}


# What is wrong with the place, not with the file: worth another try once somebody has mended it.
_SAYABLE = frozenset({"Misconfigured", "Destroyed", "NotFound"})
_MENDABLE = _SAYABLE | {"OperationalError", "OSError", "PermissionError", "BlockingIOError", "TimeoutError"}


def failures() -> list[Failure]:
    """All work that waits for somebody."""
    # Not by queue: the engine takes work that killed its worker too often out of its queue.
    found = _client(settings.current().database).list_workflows(
        status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"], load_input=False, name=[str(job) for job in Job]
    )
    return [_failure(work) for work in found]


def _failure(work: WorkflowStatus) -> Failure:
    error = work.error
    kind = getattr(error, "name", type(error).__name__)
    hopeless = work.status != "ERROR" or kind not in _MENDABLE
    return Failure(work.workflow_id, hopeless, str(error) if kind in _SAYABLE else "")


def finished(work: Collection[str]) -> dict[str, str]:
    """What came of each of these pieces of work that ended well: what it returned, as text."""
    found = _client(settings.current().database).list_workflows(
        workflow_ids=sorted(work), status="SUCCESS", load_input=False
    )
    return {one.workflow_id: str(one.output or "") for one in found}


def try_again(work: str) -> None:
    """Put failed work back in the queue, from its first step: the engine would give a failed step's error back."""
    _client(settings.current().database).rewind_workflow(work, queue_name=PHOTOS)


def let_go() -> None:
    """Close the connections to the job engine; the next request opens them anew."""
    while _clients:
        _clients.popitem()[1].destroy()


_clients: dict[str, DBOSClient] = {}


def _client(url: str) -> DBOSClient:
    if url not in _clients:
        _clients[url] = DBOSClient(
            system_database_url=url, serializer=DBOSPortableJSONSerializer(), application_name="consent", lazy=True
        )
    return _clients[url]
