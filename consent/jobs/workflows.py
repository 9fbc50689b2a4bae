"""The work on an upload, step by step. Steps take and give ids and counts only, and replace their own former output.

A worker that dies in the middle of a step begins that step again when it comes back; steps before it are not repeated.
After three deaths the work is given up, and `consent.gate` refuses the file: what cannot be looked at goes nowhere.
"""

from dbos import DBOS

from consent.database import transaction
from consent.errors import Refused, Unusable
from consent.faces import enrolment
from consent.gate import intake, preparation
from consent.gate.tables import Upload
from consent.queue import Job

_DEATHS = 3
_RECOVERIES = _DEATHS - 1


@DBOS.step()
def probe(upload_id: str) -> bool:
    """What it really is; false where it was refused."""
    with transaction() as session:
        return preparation.probe(session, session.get_one(Upload, upload_id))


@DBOS.step()
def find(upload_id: str) -> int:
    """Find the faces; how many, or -1 where the file was refused."""
    with transaction() as session:
        return preparation.find(session, session.get_one(Upload, upload_id))


@DBOS.step()
def match(upload_id: str) -> int:
    """Propose people; how many faces got a proposal."""
    with transaction() as session:
        return preparation.match(session, session.get_one(Upload, upload_id))


@DBOS.step()
def finish_preparation(upload_id: str) -> None:
    """Note that this upload is prepared; the last one of its batch asks for the batch to be grouped."""
    with transaction() as session:
        preparation.finish(session, session.get_one(Upload, upload_id))


@DBOS.workflow(name=Job.PREPARE_UPLOAD, max_recovery_attempts=_RECOVERIES)
def prepare_upload(upload_id: str) -> None:
    """From a sealed file to faces with proposals."""
    if probe(upload_id) and find(upload_id) >= 0:
        match(upload_id)
    finish_preparation(upload_id)


@DBOS.step()
def group(batch_id: str) -> int:
    """Group the faces of a whole batch, and ask for its uploads to be judged."""
    with transaction() as session:
        return preparation.group(session, batch_id)


@DBOS.workflow(name=Job.GROUP_BATCH, max_recovery_attempts=_RECOVERIES)
def group_batch(batch_id: str) -> None:
    """All uploads are prepared."""
    group(batch_id)


@DBOS.step()
def judge(upload_id: str, revision: int) -> int:
    """Verdicts for every channel; how many."""
    with transaction() as session:
        return preparation.judge(session, session.get_one(Upload, upload_id), revision)


@DBOS.step()
def render(upload_id: str) -> int:
    """Make and prove the renditions; how many."""
    with transaction() as session:
        return preparation.render(session, session.get_one(Upload, upload_id))


@DBOS.step()
def settle(upload_id: str, revision: int) -> None:
    """The verdict as it stands, now that the rendition is there to have been looked at."""
    with transaction() as session:
        preparation.settle(session, session.get_one(Upload, upload_id), revision)


@DBOS.workflow(name=Job.JUDGE_UPLOAD, max_recovery_attempts=_RECOVERIES)
def judge_upload(upload_id: str, revision: str) -> None:
    """From faces to proven renditions with a verdict each."""
    judge(upload_id, int(revision))
    render(upload_id)
    settle(upload_id, int(revision))


@DBOS.step()
def enrol(portrait_id: str) -> str:
    """Make a template; empty, or what is wrong with the portrait."""
    try:
        with transaction() as session:
            enrolment.enrol(session, portrait_id)
    except (enrolment.UnfitPortrait, Unusable, Refused) as refusal:
        with transaction() as session:
            enrolment.turn_away(session, portrait_id)
        return str(refusal)
    return ""


@DBOS.workflow(name=Job.ENROL_PORTRAIT, max_recovery_attempts=_RECOVERIES)
def enrol_portrait(portrait_id: str) -> str:
    """From a portrait to a template."""
    return enrol(portrait_id)


@DBOS.step()
def follow(person_id: str) -> None:
    """Destroy what a decision took the ground from under."""
    with transaction() as session:
        enrolment.follow_consent(session, person_id)


@DBOS.workflow(name=Job.FOLLOW_DECISION, max_recovery_attempts=_RECOVERIES)
def follow_decision(person_id: str, _decision_id: str) -> None:
    """What changes after a decision."""
    follow(person_id)


@DBOS.workflow(name=Job.GIVE_UP, max_recovery_attempts=_RECOVERIES)
def give_up(upload_id: str) -> None:
    """Refuse a file that could not be judged."""
    abandon(upload_id)


@DBOS.step()
def abandon(upload_id: str) -> None:
    """Refuse it, and let its batch go on."""
    with transaction() as session:
        upload = session.get_one(Upload, upload_id)
        preparation.abandon(session, upload)
        intake.go_on_when_prepared(session, upload.batch_id)
