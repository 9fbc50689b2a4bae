"""What an office sets up once: accounts, the DPIA's reference, channels, outings, and who is kept out of pictures."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any

import typer
from sqlmodel import col, select

from consent.cli.register import SchoolName
from consent.cli.say import say
from consent.database import transaction
from consent.decisions import channels
from consent.decisions.vocabulary import Review, WithoutPermission
from consent.errors import NotFound
from consent.gate import intake
from consent.people import accounts, protection, roll
from consent.people.tables import Group, Membership
from consent.people.vocabulary import Role


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(invite)
    app.command(name="record-dpia")(record_dpia)
    app.command(name="set-channel")(set_channel)
    app.command(name="plan-outing")(plan_outing)
    app.command(name="keep-out")(keep_out)


def invite(
    email: Annotated[str, typer.Argument(help="Mail address; the account's name on the command line.")],
    role: Annotated[list[Role], typer.Option(help="Role; several times for several.")],
    name: Annotated[str, typer.Option(help="Name of the person.")] = "",
    school: SchoolName = "",
) -> None:
    """Make an account for somebody of the staff, and print their one-time link."""
    with transaction() as session:
        home = roll.school_named(session, school or None)
        account = accounts.invite(session, home.id, name, email, role, by=None)
        secret = accounts.one_time_link(session, account)
    say(f"Invited {account.email}. One-time link, {accounts.FIRST_LINK_HOLDS.days} days: /sign-in/{secret}")


def record_dpia(
    reference: Annotated[str, typer.Argument(help="Where the data protection impact assessment lies.")],
    school: SchoolName = "",
) -> None:
    """Record the DPIA. From then on faces of people who consented to it may be matched."""
    with transaction() as session:
        roll.record_dpia(session, roll.school_named(session, school or None), reference, by=None)
    say("Recorded. Matching is on for whoever consents to it; without consent nobody has a template.")


def set_channel(
    key: Annotated[str, typer.Argument(help="The channel's key.")],
    review: Annotated[Review | None, typer.Option(help="Whether every file is looked at before release.")] = None,
    automatic_show: Annotated[bool | None, typer.Option(help="Show who is surely recognised and allows it.")] = None,
    without_permission: Annotated[WithoutPermission | None, typer.Option(help="Cover, or block the file.")] = None,
    four_eyes: Annotated[bool | None, typer.Option(help="Two different people before release.")] = None,
    both_guardians: Annotated[bool | None, typer.Option(help="A yes of each guardian with authority.")] = None,
    school: SchoolName = "",
) -> None:
    """Change how a channel is guarded; what is not named stays as it is."""
    named = {
        "review": review,
        "automatic_show": automatic_show,
        "without_permission": without_permission,
        "four_eyes": four_eyes,
        "both_guardians": both_guardians,
    }
    wanted: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    with transaction() as session:
        home = roll.school_named(session, school or None)
        channel = channels.channel_named(session, home.id, key)
        channels.change_channel(session, channel, replace(channels.settings_of(channel), **wanted), by=None)
        now = channels.settings_of(channel)
    say(f"{key}: {', '.join(f'{name} {getattr(now, name)}' for name in named)}")


def plan_outing(
    name: Annotated[str, typer.Argument(help="Name of the outing.")],
    day: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The day, as 2026-06-12.")],
    group: Annotated[list[str] | None, typer.Option(help="Name of a group that came along; several times.")] = None,
    person: Annotated[
        list[str] | None, typer.Option(help="Key or name of somebody else who did; several times.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(help="Key or name of somebody who was not there.")] = None,
    school: SchoolName = "",
) -> None:
    """Note an outing and who was there. Run it again to correct who was."""
    with transaction() as session:
        home = roll.school_named(session, school or None)
        outing = intake.plan_outing(session, home, name, day.date(), actor="installation")
        known = {one.name.casefold(): one.id for one in session.exec(select(Group).where(Group.school_id == home.id))}
        if missing := [one for one in group or [] if one.casefold() not in known]:
            raise NotFound(f"There is no group “{missing[0]}”. There are: {', '.join(sorted(known)) or 'none yet'}.")
        chosen = [known[one.casefold()] for one in group or []]
        there = set(session.exec(select(Membership.person_id).where(col(Membership.group_id).in_(chosen))))
        there |= {roll.find_person(session, home.id, one).id for one in person or []}
        there -= {roll.find_person(session, home.id, one).id for one in without or []}
        if there:
            intake.confirm_presence(session, outing, there, actor="installation")
    say(f"Outing “{name}”, {day.date()}: {len(there)} people present.")


def keep_out(
    person: Annotated[str, typer.Argument(help="Roster key or name.")],
    school: SchoolName = "",
) -> None:
    """Keep somebody out of every picture, on request. No reason is asked, and none is stored."""
    with transaction() as session:
        home = roll.school_named(session, school or None)
        protection.keep_out(session, roll.find_person(session, home.id, person), by=None)
    say("Kept out of every picture from now on.")
