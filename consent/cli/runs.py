"""One run of the gate over a folder: open or find its batch, have the work done, deliver what came of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from consent import clock, database, sealing, settings
from consent.cli.say import progress, say
from consent.database import new_id, transaction
from consent.decisions import channels
from consent.decisions.tables import Channel
from consent.decisions.vocabulary import Reach
from consent.errors import NotFound, Refused
from consent.gate import assessment, intake, name_list, permits, review
from consent.gate import folder as folders
from consent.gate.folder import Ticket
from consent.gate.report import BatchReport
from consent.gate.tables import Batch, Permit, Rendition
from consent.gate.verdicts import ItemVerdict
from consent.jobs import batches, schema
from consent.jobs.hands import hands
from consent.people import accounts, roll
from consent.people.vocabulary import Role

NO_REGISTER = "No register here ({}): nobody is known, blocks are unknown."


@dataclass(frozen=True)
class Said:
    """What a person says of a judged batch."""

    names: Path | None
    by: str
    reviewed_by: str
    maker: str
    leave: bool | None
    commissioned: bool | None

    @property
    def about_copyright(self) -> bool:
        """Whether anything is said of it."""
        return bool(self.maker) or self.leave is not None or self.commissioned is not None


def open_ticket(out: Path, known: Ticket | None, outing: str, channel: str, school: str, *, anonymous: bool) -> Ticket:
    """The batch that this output folder is for; opened now unless a killed run had opened it."""
    ticket = known or Ticket(new_id(), anonymous, outing, channel)
    with transaction() as session:
        if session.get(Batch, ticket.batch) is None:
            if anonymous:
                _found_nobodys_school(session, outing, channel)
            home = roll.school_named(session, school or None)
            place = channels.channel_named(session, home.id, channel)
            trip = intake.outing_named(session, home, outing)
            folders.prepare(out, ticket)
            intake.open_batch(
                session, trip, [place], actor="command line", batch_id=ticket.batch, anonymising=anonymous
            )
    return ticket


def judge_folder(ticket: Ticket, folder: Path, files: list[Path], out: Path, *, with_originals: bool) -> BatchReport:
    """Have every file of a folder judged, and deliver."""
    with progress() as bars, hands(say) as workers:
        taken = bars.add_task("Taking in", total=len(files))
        folders.take_in(ticket.batch, folder, files, lambda: bars.advance(taken))
        batches.mend(ticket.batch)
        if batches.progress_of(ticket.batch).is_done:  # a finished batch is not delivered under yesterday's consent
            with transaction() as session:
                review.judge_anew(session, session.get_one(Batch, ticket.batch))
        looked = bars.add_task("Finding faces", total=len(files))
        made = bars.add_task("Covering, checking", total=len(files))

        def is_done() -> bool:
            now = batches.progress_of(ticket.batch)
            bars.update(looked, completed=now.prepared)
            bars.update(made, completed=now.judged)
            return now.is_done

        workers.see_done(is_done, batches.work_of(ticket.batch))
    return _deliver(ticket, out, with_originals=with_originals)


def go_on(ticket: Ticket, out: Path, said: Said, *, with_originals: bool) -> BatchReport:
    """Say what was said of a judged batch, have it judged anew, permit what may be permitted, and deliver.

    A look counts for the files that lie in the folder now. Where names change a picture, that picture is to be looked
    at again: nobody has seen it yet.
    """
    with transaction() as session:
        batch = session.get(Batch, ticket.batch)
        if batch is None:
            raise NotFound("This installation does not know the batch in this folder.")
        if said.reviewed_by:
            viewer = accounts.account_named(session, batch.school_id, said.reviewed_by)
            accounts.require(session, viewer, Role.REVIEWER)
            review.look(session, batch, _lying_in(session, batch, out), by=viewer)
        if said.names:
            namer = accounts.account_named(session, batch.school_id, said.by)
            accounts.require(session, namer, Role.REVIEWER)
            named = name_list.apply(session, batch, _read_names(said.names), by=namer)
            say(f"Names given: {named}.")
        if said.about_copyright:
            actor = _actor(session, batch, said.by or said.reviewed_by)
            intake.answer_copyright(
                session, batch, maker=said.maker, leave=said.leave, commissioned=said.commissioned, actor=actor
            )
        review.judge_anew(session, batch)
    _have_judged(ticket.batch)
    told = _deliver(ticket, out, with_originals=with_originals)
    if said.reviewed_by or said.by:
        _permit(ticket, said.reviewed_by or said.by, out)
    return told


def answer_copyright(batch_id: str, maker: str, leave: bool | None, commissioned: bool | None, by: str) -> None:
    """Note who made the pictures and whether they may be used."""
    with transaction() as session:
        batch = session.get_one(Batch, batch_id)
        actor = _actor(session, batch, by)
        intake.answer_copyright(session, batch, maker=maker, leave=leave, commissioned=commissioned, actor=actor)


@contextmanager
def living_in(home: Path) -> Iterator[None]:
    """A home of its own, for this process and its workers, that is gone afterwards unless the work broke off."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with settings.moved_to(home):
        database.engine.cache_clear()
        try:
            sealing.create_keys()
            schema.upgrade()
            yield
            database.engine().dispose()
            shutil.rmtree(home)
        finally:
            database.engine.cache_clear()


def _have_judged(batch_id: str) -> None:
    with progress() as bars, hands(say) as workers:
        batches.mend(batch_id)
        made = bars.add_task("Judging anew", total=batches.progress_of(batch_id).total)

        def is_done() -> bool:
            now = batches.progress_of(batch_id)
            bars.update(made, completed=now.judged)
            return now.is_done

        workers.see_done(is_done, batches.work_of(batch_id))


def _deliver(ticket: Ticket, out: Path, *, with_originals: bool) -> BatchReport:
    with transaction() as session:
        batch = session.get_one(Batch, ticket.batch)
        [channel] = intake.channels_of(session, batch.id)
        notice = NO_REGISTER.format(settings.current().home.resolve()) if ticket.anonymous else ""
        return folders.deliver(session, batch, channel, out, with_originals=with_originals, notice=notice)


def _permit(ticket: Ticket, by: str, out: Path) -> None:
    """Permits for everything that may have one; one sentence for the rest."""
    granted: list[Permit] = []
    refusals: list[str] = []
    with transaction() as session:
        batch = session.get_one(Batch, ticket.batch)
        account = accounts.account_named(session, batch.school_id, by)
        [channel] = intake.channels_of(session, batch.id)
        for upload in intake.uploads_of(session, batch.id):
            written = assessment.written(session, upload.id, channel.id)
            if written is None or written.verdict is not ItemVerdict.READY:
                continue
            try:
                granted.append(permits.issue(session, upload, channel, by=account))
            except Refused as refusal:
                refusals.append(str(refusal))
        count = folders.deliver_permits(session, granted, out)
    if count:
        say(f"Permits: {count}, in {out / 'internal' / 'permits'}.")
    for sentence in sorted(set(refusals)):
        say(f"{refusals.count(sentence)} files: {sentence}")


def _lying_in(session: Session, batch: Batch, out: Path) -> list[Rendition]:
    """The renditions whose very bytes are in the output folder, where somebody could look at them."""
    found: list[Rendition] = []
    [channel] = intake.channels_of(session, batch.id)
    for upload in intake.uploads_of(session, batch.id):
        rendition = assessment.rendition_of(session, upload.id, channel.id)
        if rendition is not None and folders.holds(out, rendition):
            found.append(rendition)
    return found


def _actor(session: Session, batch: Batch, name: str) -> str:
    return accounts.actor(accounts.account_named(session, batch.school_id, name)) if name else "command line"


def _read_names(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotFound(f"The list of names {path} cannot be read: {error.strerror}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # as a spreadsheet program on Windows writes it
        return content.decode("cp1252", errors="replace")


def _found_nobodys_school(session: Session, outing: str, channel: str) -> None:
    """In a home without a register: any outing and channel is accepted, and nobody is known."""
    school = roll.found_school(session, "no register")
    session.add(Channel(school_id=school.id, key=channel, name=channel, position=1000, reach=Reach.PUBLIC))
    session.flush()
    intake.plan_outing(session, school, outing, clock.today(), actor="command line")
