"""`consent work`: the processes that do the work, and `consent migrate` before them."""

from typing import Annotated

import typer
from sqlmodel import select

from consent import sealing, settings
from consent.cli.say import say
from consent.database import transaction
from consent.decisions import channels, wordings
from consent.jobs import schema, worker
from consent.people import accounts, roll
from consent.people.tables import School


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(migrate)
    app.command()(work)


def migrate(
    school: Annotated[str, typer.Option(help="Name of the first school.")] = "De eerste school",
    administrator: Annotated[str, typer.Option(help="Mail address of its first administrator.")] = "beheer@localhost",
) -> None:
    """Bring the database up to date; the first time, found a school and print its administrator's one-time link.

    Safe to repeat: what is there stays as it is.
    """
    sealing.create_keys()
    schema.upgrade()
    with transaction() as session:
        if session.exec(select(School.id)).first() is not None:
            say("The database is up to date.")
            return
        founded = roll.found_school(session, school)
        wordings.seed_wordings(session, founded, channels.seed_channels(session, founded))
        account = accounts.first_administrator(session, founded.id, "", administrator)
        secret = accounts.one_time_link(session, account)
    say(f"Register made in {settings.current().home.resolve()}: school “{school}”, administrator {administrator}.")
    say(f"One-time link for the administrator, {accounts.FIRST_LINK_HOLDS.days} days: /sign-in/{secret}")
    say("Next: `consent import-roster FILE`, then `consent doctor` to see whether all is well.")


def work(
    worker_id: Annotated[str, typer.Option("--id", help="Fixed id of this worker; one process per id.")] = "worker-1",
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Carry out the work that is asked for, until stopped. Start one per core."""
    worker.run(worker_id, parent=parent)
