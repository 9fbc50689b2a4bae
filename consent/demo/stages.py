"""A batch on its way through the gate, and what had become of it at three moments."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from consent.database import new_id, transaction
from consent.decisions.tables import Channel
from consent.demo import school
from consent.demo.school import Settled
from consent.gate import assessment, intake, redaction, report, review
from consent.gate import folder as folders
from consent.gate.report import BatchReport
from consent.gate.tables import Batch, Outing
from consent.jobs import batches
from consent.jobs.hands import Hands
from consent.media import views
from consent.sealing import write_whole

_LONGEST = 1200  # pixels, the longer side of a picture on the page

Step = Callable[[float], None]  # told how much of what was asked for is done, from 0 to 1


@dataclass(frozen=True)
class Stage:
    """What had become of the pictures at one moment, by channel key; `pictures` are names of small ones, by file."""

    title: str
    told: str
    reports: Mapping[str, BatchReport]
    pictures: Mapping[str, Mapping[str, str]]


def judge_folder(settled: Settled, outing_id: str, folder: Path, workers: Hands, step: Step) -> str:
    """Have a folder judged for every channel of the school; the id of its batch."""
    batch_id = new_id()
    with transaction() as session:
        outing = session.get_one(Outing, outing_id)
        intake.open_batch(session, outing, school.channels_of(session, settled), actor="demo", batch_id=batch_id)
    folders.take_in(batch_id, folder, folders.files_in(folder), lambda: None)
    see_judged(batch_id, workers, step)
    return batch_id


def see_judged(batch_id: str, workers: Hands, step: Step) -> None:
    """Wait until every upload was judged as it stands now."""

    def is_done() -> bool:
        now = batches.progress_of(batch_id)
        step((now.judged + now.prepared) / (2 * now.total))
        return now.is_done

    workers.see_done(is_done, batches.work_of(batch_id))


def judge_anew(batch_id: str, workers: Hands, step: Step) -> None:
    """Have every verdict given once more, because something was said."""
    with transaction() as session:
        review.judge_anew(session, session.get_one(Batch, batch_id))
    see_judged(batch_id, workers, step)


def take_stock(batch_id: str, title: str, told: str, pictures: Path) -> Stage:
    """How it stands on every channel; what would go out is kept, small, in the folder `pictures`."""
    pictures.mkdir(parents=True, exist_ok=True)
    with transaction() as session:
        batch = session.get_one(Batch, batch_id)
        channels = intake.channels_of(session, batch_id)
        return Stage(
            title,
            told,
            {channel.key: report.collect(session, batch, channel) for channel in channels},
            {channel.key: _keep_pictures(session, batch, channel, pictures) for channel in channels},
        )


def _keep_pictures(session: Session, batch: Batch, channel: Channel, pictures: Path) -> dict[str, str]:
    """Named by their content, so that channels and stages that agree share one."""
    kept: dict[str, str] = {}
    for upload in intake.uploads_of(session, batch.id):
        rendition = assessment.rendition_of(session, upload.id, channel.id)
        if rendition is not None and rendition.proven:
            small = views.preview(views.decode(redaction.content_of(session, rendition)), _LONGEST)
            name = f"{hashlib.sha256(small).hexdigest()[:20]}.jpg"
            write_whole(pictures / name, small)
            kept[intake.name_of(upload)] = name
    return kept
