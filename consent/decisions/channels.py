"""The places where a school publishes, and its settings for each.

A new school starts with the places that Dutch schools ask about on their yearly form. A channel that no wording speaks
of yet has no permission from anybody.
"""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlmodel import Session, col, select

from consent import audit
from consent.audit import Action
from consent.decisions.tables import Channel
from consent.decisions.vocabulary import AfterLapse, Reach, Review, WithoutPermission
from consent.errors import Conflict, NotFound, Refused
from consent.people.accounts import actor
from consent.people.tables import Account, School

# What can be passed on counts as public: a digital newsletter ends up anywhere.
_SEEDED = [
    ("website", "Website van de school", Reach.PUBLIC),
    ("social-media", "Sociale media", Reach.PUBLIC),
    ("school-guide", "Schoolgids en folder", Reach.PUBLIC),
    ("newsletter", "Digitale nieuwsbrief", Reach.PUBLIC),
    ("local-paper", "Plaatselijke krant", Reach.PUBLIC),
    ("parent-app", "Ouderapp (besloten)", Reach.CLOSED),
    ("parents-evening", "Ouderavond en informatieavond", Reach.CLOSED),
    ("class-photo", "Klassenfoto", Reach.CLOSED),
]


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What a school sets for a channel."""

    review: Review = Review.ALWAYS
    automatic_show: bool = False
    without_permission: WithoutPermission = WithoutPermission.COVER
    four_eyes: bool = False
    both_guardians: bool = False
    after_lapse: AfterLapse = AfterLapse.KEEP_UNTIL_ANSWERED
    take_down_after_days: int = 0
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None  # the last day


def seed_channels(session: Session, school: School) -> list[Channel]:
    """The channels a school starts with. Asking twice is harmless."""
    there = {channel.key: channel for channel in channels_of(session, school.id)}
    for position, (key, name, reach) in enumerate(_SEEDED, start=1):
        if key not in there:
            there[key] = Channel(school_id=school.id, key=key, name=name, position=position, reach=reach)
            session.add(there[key])
    session.flush()
    return [there[key] for key, _, _ in _SEEDED]


def open_channel(
    session: Session,
    school: School,
    key: str,
    name: str,
    reach: Reach,
    wanted: ChannelSettings | None = None,
    *,
    by: Account | None,
) -> Channel:
    """A channel of the school's own; a one-off question is one with dates."""
    if not key.replace("-", "").isalnum() or not key.islower() or not key.isascii():
        raise Refused("The key of a channel is made of small letters, digits and hyphens.")
    there = channels_of(session, school.id)
    if key in {channel.key for channel in there}:
        raise Conflict("There is a channel with this key already.")
    last = max((channel.position for channel in there), default=0)
    channel = Channel(school_id=school.id, key=key, name=name.strip() or key, position=last + 1, reach=reach)
    session.add(channel)
    session.flush()
    _audit(session, channel, by, {"opened": str(reach)})
    change_channel(session, channel, wanted or ChannelSettings(), by=by)
    return channel


def channels_of(session: Session, school_id: str) -> list[Channel]:
    """A school's channels, in the order it shows them."""
    rows = session.exec(
        select(Channel).where(Channel.school_id == school_id).order_by(col(Channel.position), col(Channel.key))
    )
    return list(rows)


def channel_named(session: Session, school_id: str, key: str) -> Channel:
    """The channel with this key; the message names those there are."""
    there = {channel.key: channel for channel in channels_of(session, school_id)}
    if key not in there:
        raise NotFound(f"There is no such channel here. There are: {', '.join(there) or 'none'}.")
    return there[key]


def settings_of(channel: Channel) -> ChannelSettings:
    """The settings as they are; `dataclasses.replace` makes those that are wanted."""
    return ChannelSettings(**{name: getattr(channel, name) for name in ChannelSettings.__dataclass_fields__})


def change_channel(session: Session, channel: Channel, wanted: ChannelSettings, *, by: Account | None) -> None:
    """Set a channel; every setting that changes is in the audit, from what to what."""
    _refuse_nonsense(wanted)
    changed: dict[str, str | int | bool | None] = {}
    before = asdict(settings_of(channel))
    for name, value in asdict(wanted).items():
        if value != before[name]:
            changed[name] = f"{before[name]} -> {value}"
            setattr(channel, name, value)
    if changed:
        session.add(channel)
        session.flush()
        _audit(session, channel, by, changed)


def _refuse_nonsense(wanted: ChannelSettings) -> None:
    if wanted.take_down_after_days < 0:
        raise Refused("A number of days cannot be below zero.")
    if wanted.after_lapse is AfterLapse.KEEP_UNTIL_ANSWERED and wanted.take_down_after_days:
        raise Refused("What is kept until answered is not taken down after some days: choose one of the two.")
    if wanted.opens_on and wanted.closes_on and wanted.closes_on < wanted.opens_on:
        raise Refused("The last day of a channel cannot come before its first.")


def _audit(
    session: Session, channel: Channel, by: Account | None, particulars: dict[str, str | int | bool | None]
) -> None:
    audit.record(
        session,
        Action.CHANNEL_CHANGED,
        f"channel:{channel.id}",
        school_id=channel.school_id,
        actor=actor(by),
        particulars=particulars,
    )
