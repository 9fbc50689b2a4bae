"""`consent import-roster`, `consent decide`, `consent enrol`: who there is, and what they allow."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, select

from consent import clock, queue
from consent.cli.say import progress, say
from consent.database import transaction
from consent.decisions import channels, ledger, wordings
from consent.decisions.acceptance import Said
from consent.decisions.tables import Channel
from consent.decisions.vocabulary import Answer, Decider, Medium, Purpose
from consent.errors import NotFound
from consent.faces import enrolment
from consent.faces.tables import Template
from consent.jobs.hands import hands
from consent.people import accounts, roll, roster, roster_csv
from consent.people.roster import Plan
from consent.people.tables import Guardian, Guardianship, Person, School
from consent.queue import Job

SchoolName = Annotated[str, typer.Option("--school", help="Name of the school, where there are several.")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(name="import-roster")(import_roster)
    app.command()(decide)
    app.command()(enrol)


def import_roster(
    file: Annotated[
        Path, typer.Argument(help="CSV with pupils, staff and guardians; docs/roster.md names the columns.")
    ],
    school: SchoolName = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Also follow what may allow more than before.")
    ] = False,
) -> None:
    """Bring the roll up to date with a file, as a whole or not at all. The same file twice changes nothing."""
    content = read(file)
    with transaction() as session:
        home = roll.school_named(session, school or None)
        today = clock.today()
        plan = roster.plan(roster_csv.read(content, today), roll.as_rows(session, home.id), today)
        _tell(plan)
        if dry_run:
            say("Nothing was changed: this was a dry run.")
            return
        roll.carry_out(session, home.id, plan, by=None, confirmed=confirmed)
    say("Done." if plan.rows else "The file names nobody.")


def decide(
    person: Annotated[
        str, typer.Argument(help="Roster key or name of the pupil, or of whoever answers for themselves.")
    ],
    answer: Annotated[Answer, typer.Argument(help="yes, no, withdrawn, or taken_back (a child's own no).")],
    reference: Annotated[str, typer.Option(help="Where the paper form is kept.")],
    by: Annotated[str, typer.Option(help="Account (mail address) that enters the form.")],
    guardian: Annotated[str, typer.Option(help="Key or name of the guardian who signed; left out: the person.")] = "",
    channel: Annotated[list[str] | None, typer.Option(help="Channel; several times for several, or `all`.")] = None,
    medium: Annotated[
        list[Medium] | None, typer.Option(help="Medium; several times for several. Default: all.")
    ] = None,
    matching: Annotated[bool, typer.Option("--matching", help="About the matching of faces instead.")] = False,
    language: Annotated[str, typer.Option(help="Language of the text that was signed.")] = "nl",
    school: SchoolName = "",
) -> None:
    """Enter a paper form: who answered what, and where the form is kept. In force at once."""
    if matching == bool(channel):
        raise NotFound("Say what the form is about: --channel NAME (or all), or --matching.")
    with transaction() as session:
        home = roll.school_named(session, school or None)
        account = accounts.account_named(session, home.id, by)
        about = roll.find_person(session, home.id, person)
        signer = _guardian(session, about, guardian) if guardian else None
        said = [
            Said(
                person_id=about.id,
                decider=Decider.GUARDIAN if signer else Decider.SELF,
                guardian_id=signer.id if signer else None,
                answer=answer,
                purpose=Purpose.PUBLICATION if place else Purpose.FACE_MATCHING,
                channel_id=place.id if place else None,
                medium=kind,
                wording_id=_wording(session, home, place, language),
            )
            for place, kind in _places(session, home, channel or [], medium or list(Medium), matching=matching)
        ]
        entered = ledger.record_paper(session, said, reference=reference, by=account)
    say(f"Entered: {len(entered)} answers, form “{reference}”.")


def enrol(
    person: Annotated[str, typer.Argument(help="Roster key or name.")],
    portraits: Annotated[list[Path], typer.Argument(help="One or more portraits, one face each.")],
    school: SchoolName = "",
) -> None:
    """Make templates of portraits, so that this person can be proposed. Takes biometric consent and a recorded DPIA."""
    contents = [read(path) for path in portraits]
    with transaction() as session:
        home = roll.school_named(session, school or None)
        about = roll.find_person(session, home.id, person)
        handed_in = [enrolment.hand_in(session, about, content, actor="installation").id for content in contents]
    work = frozenset(f"{Job.ENROL_PORTRAIT}:{portrait}" for portrait in handed_in)
    with progress() as bars, hands(say) as workers:
        bar = bars.add_task("Looking at portraits", total=len(work))

        def is_done() -> bool:
            finished = queue.finished(work)
            bars.update(bar, completed=len(finished))
            return len(finished) == len(work)

        workers.see_done(is_done, work)
    refusals = {said for said in queue.finished(work).values() if said}
    for sentence in sorted(refusals):
        say(f"Not used: {sentence}")
    with transaction() as session:
        made = session.exec(select(Template).where(Template.portrait_id.in_(handed_in))).all()  # type: ignore[attr-defined]
    say(f"Enrolled with {len(made)} of {len(portraits)} portraits.")
    if len(made) < len(portraits):
        raise typer.Exit(1)


def read(path: Path) -> bytes:
    """The bytes of a file that a person named."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.") from None


def _tell(plan: Plan) -> None:
    say(f"{len(plan.rows)} people in the file: {len(plan.joiners)} join, {len(plan.leavers)} leave, ")
    say(f"{len(plan.changes)} change, {len(plan.to_confirm)} changes may allow more and wait for --confirmed.")
    for conflict in plan.conflicts:
        say(f"  {conflict.key}: {conflict.doubt}.")


def _guardian(session: Session, person: Person, called: str) -> Guardian:
    ours = select(Guardian).join(Guardianship).where(Guardianship.person_id == person.id)
    wanted = called.strip().casefold()
    found = [one for one in session.exec(ours) if wanted in {one.roster_key.casefold(), one.name.casefold()}]
    if len(found) != 1:
        raise NotFound("This is not the key or the name of a guardian of this pupil.")
    return found[0]


def _places(
    session: Session, school: School, keys: list[str], media: list[Medium], *, matching: bool
) -> list[tuple[Channel | None, Medium | None]]:
    if matching:
        return [(None, None)]
    if keys == ["all"]:
        chosen = channels.channels_of(session, school.id)
    else:
        chosen = [channels.channel_named(session, school.id, key) for key in keys]
    return [(channel, kind) for channel in chosen for kind in media]


def _wording(session: Session, school: School, channel: Channel | None, language: str) -> str:
    purpose = Purpose.PUBLICATION if channel else Purpose.FACE_MATCHING
    return wordings.wording_for(session, school.id, purpose, language, channel).id
