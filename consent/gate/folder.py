"""A batch from a folder, and its outcome into a folder: what `consent gate` does without pages.

`publish/` holds only what may go out today, under opaque names. Everything else, with names in it, is under
`internal/`: the reports, and in `review/` the renditions that still wait for somebody.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlmodel import Session

from consent.database import transaction
from consent.decisions.tables import Channel
from consent.errors import Conflict, Misconfigured, NotFound, TooLarge
from consent.gate import assessment, intake, permits, redaction, report, report_page
from consent.gate.report import BatchReport, FaceRow, FileRow, GroupRow
from consent.gate.tables import Batch, Permit, Rendition, Upload, UploadState
from consent.gate.verdicts import ItemVerdict
from consent.media import photo, vault, views
from consent.sealing import write_whole

_PREVIEW = 1600  # pixels, the longest side of a picture beside the report


@dataclass(frozen=True)
class Ticket:
    """What an output folder remembers of its batch, so that a killed run is gone on with."""

    batch: str
    anonymous: bool
    outing: str
    channel: str


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and its sub-folders by name; hidden ones are not meant for anybody."""
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise NotFound(f"The folder {folder} holds no files.")
    return found


def prepare(out: Path, ticket: Ticket) -> None:
    """Make the output folder and note whose it is, before there is a batch: a killed run must find it."""
    try:
        for part in ("publish", "internal/review"):
            (out / part).mkdir(parents=True, exist_ok=True)
        (out / "internal").chmod(0o700)
        _replace(out / "internal" / "batch.json", json.dumps(asdict(ticket)).encode(), out)
    except OSError as error:
        raise Misconfigured(f"The folder {out} cannot be written: {error.strerror}.") from error


def ticket_in(out: Path) -> Ticket | None:
    """Which batch this output folder belongs to."""
    path = out / "internal" / "batch.json"
    if not path.exists():
        # A run that was killed before it noted anything leaves its own folder, and nothing else.
        if out.is_dir() and any(one.name != "internal" for one in out.iterdir()):
            raise Conflict(f"The folder {out} holds other files: name an empty or a new one.")
        return None
    try:
        return Ticket(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        raise Conflict(f"The file {path} is damaged: name a new output folder.") from None


def take_in(batch_id: str, folder: Path, files: Sequence[Path], step: Callable[[], None]) -> None:
    """Hand every file in that is not in yet, one transaction each; then the batch is complete.

    Files are known by name: in the folder of a killed run there may be more by now, in between.
    """
    with transaction() as session:
        known = {intake.name_of(upload) for upload in intake.uploads_of(session, batch_id)}
        fresh = [path for path in files if _name(path, folder) not in known]
        if fresh and session.get_one(Batch, batch_id).complete:
            raise Conflict(f"The folder {folder} holds files that are not in this batch: name a new output folder.")
    for _ in range(len(files) - len(fresh)):
        step()
    for position, path in enumerate(fresh, start=len(known)):
        with transaction() as session:
            _take_in_one(session, session.get_one(Batch, batch_id), path, _name(path, folder), position)
        step()
    with transaction() as session:
        batch = session.get_one(Batch, batch_id)
        if not batch.complete:
            intake.complete(session, batch)


def deliver(
    session: Session, batch: Batch, channel: Channel, out: Path, *, with_originals: bool, notice: str = ""
) -> BatchReport:
    """Write what came of a batch. What may no longer go out is taken from `publish/` first.

    `with_originals` puts the pictures as they were beside the reports, for whoever has to see who is who.
    """
    told = report.collect(session, batch, channel)
    uploads = intake.uploads_of(session, batch.id)
    wanted: dict[str, dict[str, Rendition]] = {"publish": {}, "internal/review": {}}
    for upload, row in zip(uploads, told.files, strict=True):
        rendition = assessment.rendition_of(session, upload.id, channel.id)
        if rendition is not None and row.rendition:
            place = "publish" if row.verdict == ItemVerdict.READY else "internal/review"
            wanted[place][row.rendition] = rendition
    try:
        for place, renditions in wanted.items():
            _remove_others(out / place, renditions)
        for place, renditions in wanted.items():
            for name, rendition in renditions.items():
                _replace(out / place / name, redaction.content_of(session, rendition), out)
        _write_originals(uploads if with_originals else [], out)
        _write_reports(told, out, with_originals=with_originals, notice=notice)
    except OSError as error:
        raise Misconfigured(f"The folder {out} cannot be written: {error.strerror}.") from error
    return told


def deliver_permits(session: Session, granted: Iterable[Permit], out: Path) -> int:
    """Write each permit beside the reports, named like its rendition, and the key to verify them by."""
    folder = out / "internal" / "permits"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    count = 0
    for permit in granted:
        rendition = assessment.rendition_of(session, permit.upload_id, permit.channel_id)
        if rendition is not None:
            write_whole(folder / f"{rendition.id}.permit.json", permit.token.encode())
            count += 1
    write_whole(folder / "verify-with.key", permits.public_key().encode())
    return count


def holds(out: Path, rendition: Rendition) -> bool:
    """Whether exactly this rendition lies in the output folder."""
    name = f"{rendition.id}.{rendition.suffix}"
    return any(
        path.is_file() and _digest(path) == rendition.sha256
        for path in (out / "publish" / name, out / "internal" / "review" / name)
    )


def _take_in_one(session: Session, batch: Batch, path: Path, name: str, position: int) -> None:
    try:
        with path.open("rb") as content:
            intake.receive(session, batch, name, content, position)
    except (Conflict, TooLarge) as refusal:
        sha256 = _digest(path) if isinstance(refusal, TooLarge) else f"{intake.TWIN}{position}:{_digest(path)}"
        intake.turn_away(session, batch, name, sha256, path.stat().st_size, position, str(refusal))
    except OSError as error:
        intake.turn_away(session, batch, name, f"unread:{position}", 0, position, f"Cannot be read: {error.strerror}.")


def _name(path: Path, folder: Path) -> str:
    """As text, and still one name for one file: to the system names are bytes, and older ones are not UTF-8."""
    return os.fsencode(path.relative_to(folder)).decode(errors="backslashreplace")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _remove_others(folder: Path, keep: Iterable[str]) -> None:
    names = set(keep)
    for path in folder.iterdir():
        if path.is_file() and path.name not in names:
            path.unlink()


def _write_originals(uploads: Sequence[Upload], out: Path) -> None:
    folder = out / "internal" / "originals"
    shutil.rmtree(folder, ignore_errors=True)
    for upload in uploads:
        if upload.state is not UploadState.REFUSED:
            folder.mkdir(exist_ok=True)
            key = intake.file_key(upload.batch_id)
            picture = photo.sanitise(vault.read(intake.original_of(upload.id), key))
            write_whole(folder / f"{upload.position}.jpg", views.preview(picture, _PREVIEW))


def _write_reports(told: BatchReport, out: Path, *, with_originals: bool, notice: str) -> None:
    internal = out / "internal"
    for name, rows, kind in (
        ("report.csv", told.files, FileRow),
        ("faces.csv", told.faces, FaceRow),
        ("groups.csv", told.groups, GroupRow),
    ):
        # Somebody may have filled in the list of groups and not handed it in yet.
        before = internal / "groups.before.csv" if kind is GroupRow else None
        _replace(internal / name, report.to_csv(rows, kind).encode(), out, before)
    page = report_page.page(told, with_originals=with_originals, notice=notice)
    _replace(internal / "report.html", page.encode(), out)


def _replace(path: Path, content: bytes, out: Path, before: Path | None = None) -> None:
    """Put a file in place whole or not at all: what lies there stays when the disk is full.

    Where it was another, it is kept as `before`.
    """
    partial = out / "internal" / ".partial"
    try:
        write_whole(partial, content)
        if before is not None and path.exists() and path.read_bytes() != content:
            path.replace(before)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
