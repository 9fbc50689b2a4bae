"""`consent gate`: a folder of pictures in, a judged and covered set out."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from consent import settings
from consent.cli import runs
from consent.cli.say import say
from consent.errors import Misconfigured, NotFound
from consent.gate import folder as folders
from consent.gate.folder import Ticket
from consent.gate.report import BatchReport


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="gate")(gate)


def gate(
    folder: Annotated[Path | None, typer.Argument(help="Folder of pictures; left out with --resume.")] = None,
    outing: Annotated[str, typer.Option(help="Name of the outing.")] = "",
    channel: Annotated[str, typer.Option(help="Where they are to be published: the channel's key.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the outcome: publish/ and internal/.")] = None,
    school: Annotated[str, typer.Option(help="Name of the school, where there are several.")] = "",
    resume: Annotated[str, typer.Option(help="Id of a batch to go on with, or `last`: the one in --out.")] = "",
    names: Annotated[Path | None, typer.Option(help="groups.csv with the names filled in.")] = None,
    by: Annotated[str, typer.Option(help="Account that gives the names.")] = "",
    reviewed_by: Annotated[str, typer.Option(help="Account that looked at the report.")] = "",
    maker: Annotated[str, typer.Option(help="Who made the pictures.")] = "",
    leave: Annotated[bool | None, typer.Option("--leave/--no-leave", help="May the school use them?")] = None,
    commissioned: Annotated[
        bool | None, typer.Option("--commissioned/--not-commissioned", help="Were they commissioned?")
    ] = None,
    with_originals: Annotated[bool, typer.Option(help="Put the pictures as they were into the report.")] = False,
    anonymise: Annotated[bool, typer.Option(help="Know nobody: cover every face, ask no register.")] = False,
    register_required: Annotated[bool, typer.Option(help="Refuse to run without a register.")] = False,
) -> None:
    """Judge a folder of pictures and cover whoever may not be shown.

    Exit status 0: every file is rendered and reviewed, or blocked by permission. 1: something waits for review or was
    refused. 2: it could not run.
    """
    if out is None:
        raise NotFound("Say where the outcome goes: --out FOLDER.")
    if anonymise and register_required:
        raise Misconfigured("--anonymise and --register-required exclude each other.")
    registered = settings.current().has_register and not anonymise
    if register_required and not registered:
        raise NotFound(f"There is no register here ({settings.current().home.resolve()}): run `consent migrate` first.")
    known = folders.ticket_in(out)
    if resume:
        told = _go_on(known, resume, out, runs.Said(names, by, reviewed_by, maker, leave, commissioned), with_originals)
    else:
        _refuse_early(names, reviewed_by)
        told = _judge(folder, outing, channel, out, school, known, registered, with_originals)
        if registered and (maker or leave is not None or commissioned is not None):
            runs.answer_copyright(told.batch_id, maker, leave, commissioned, by)
    _conclude(told, out, registered=registered)


def _refuse_early(names: Path | None, reviewed_by: str) -> None:
    if names or reviewed_by:
        raise Misconfigured(
            "--names and --reviewed-by come after the report was made and read: use them with --resume."
        )


def _judge(
    folder: Path | None,
    outing: str,
    channel: str,
    out: Path,
    school: str,
    known: Ticket | None,
    registered: bool,
    with_originals: bool,
) -> BatchReport:
    if folder is None or not outing or not channel:
        raise NotFound("Name a folder of pictures, and say --outing NAME and --channel NAME.")
    files = folders.files_in(folder)
    if out.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(out.resolve()):
        raise Misconfigured("The folder of pictures and the output folder must lie apart.")
    if known and (known.anonymous, known.outing, known.channel) != (not registered, outing, channel):
        raise NotFound(f"The folder {out} holds the outcome of another outing or channel: name a new one.")
    if not registered:
        say(runs.NO_REGISTER.format(settings.current().home.resolve()))
    with nullcontext() if registered else _throwaway_home(out):
        ticket = runs.open_ticket(out, known, outing, channel, school, anonymous=not registered)
        return runs.judge_folder(ticket, folder, files, out, with_originals=with_originals)


def _go_on(known: Ticket | None, resume: str, out: Path, said: runs.Said, with_originals: bool) -> BatchReport:
    if known is None or resume not in {known.batch, "last"}:
        raise NotFound(f"The folder {out} does not hold batch {resume}: name the folder it was judged into.")
    if known.anonymous:
        raise NotFound("This batch was anonymised without a register: there is nobody to name.")
    return runs.go_on(known, out, said, with_originals=with_originals)


def _throwaway_home(out: Path) -> AbstractContextManager[None]:
    """A home of its own for a batch without a register; with its key it goes, and with the key the originals."""
    return runs.living_in(out / "internal" / ".state")


def _conclude(told: BatchReport, out: Path, *, registered: bool) -> None:
    counts = {verdict: told.count(verdict) for verdict in ("ready", "needs_review", "blocked", "refused", "duplicate")}
    said = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in counts.items() if count)
    say(f"{len(told.files)} files: {said}. Report: {out / 'internal' / 'report.html'}")
    if counts["needs_review"]:
        say(
            f"Next: look at the report, fill in names in {out / 'internal' / 'groups.csv'}, then\n"
            f"  consent gate --resume last --out {out} --names {out / 'internal' / 'groups.csv'} "
            "--by ACCOUNT --reviewed-by ACCOUNT"
        )
    elif counts["ready"] and not registered:
        say(f"Covered pictures: {out / 'publish'}. There is no permit: nobody's consent is known here.")
    elif counts["ready"]:
        say(f"May go out: {out / 'publish'}.")
    if not told.is_settled:
        raise typer.Exit(1)
