"""The texts that people answer. A text is never changed: a new edition stands beside the old one.

Each answer keeps the edition it was given on. Where the meaning changed (`material`), answers to earlier editions no
longer count as a yes; a no counts for ever.
"""

from collections.abc import Collection, Mapping

from sqlmodel import Session, col, func, select

from consent import audit, clock
from consent.audit import Action
from consent.decisions import first_texts
from consent.decisions.tables import Channel, Wording, WordingChannel
from consent.decisions.vocabulary import Purpose
from consent.errors import NotFound, Refused
from consent.people.accounts import actor
from consent.people.tables import Account, School


def seed_wordings(session: Session, school: School, channels: Collection[Channel]) -> None:
    """The first edition of both questions, in Dutch and English. Asking twice is harmless."""
    for purpose, texts in first_texts.TEXTS.items():
        if latest_edition(session, school.id, purpose) == 0:
            about = channels if purpose is Purpose.PUBLICATION else ()
            publish_wording(session, school, purpose, texts, about, material=False, by=None)


def publish_wording(
    session: Session,
    school: School,
    purpose: Purpose,
    texts: Mapping[str, str],
    channels: Collection[Channel] = (),
    *,
    material: bool,
    by: Account | None,
) -> list[Wording]:
    """A new edition in every language given, that speaks of `channels`. They share a number: they say the same."""
    _refuse_what_says_nothing(school, purpose, texts, channels)
    edition = latest_edition(session, school.id, purpose) + 1
    made = [
        Wording(
            school_id=school.id,
            purpose=purpose,
            edition=edition,
            language=language,
            text=text.strip(),
            published_at=clock.now(),
        )
        for language, text in sorted(texts.items())
    ]
    session.add_all(made)
    session.flush()
    session.add_all(WordingChannel(wording_id=one.id, channel_id=channel.id) for one in made for channel in channels)
    if material:
        _raise_minimum(session, school, purpose, channels, edition)
    session.flush()
    audit.record(
        session,
        Action.WORDING_PUBLISHED,
        f"school:{school.id}",
        school_id=school.id,
        actor=actor(by),
        particulars={"purpose": str(purpose), "edition": edition, "material": material, "channels": len(channels)},
    )
    return made


def _refuse_what_says_nothing(
    school: School, purpose: Purpose, texts: Mapping[str, str], channels: Collection[Channel]
) -> None:
    if not texts or not all(text.strip() for text in texts.values()):
        raise Refused("A wording needs a text in every language it is published in.")
    if (purpose is Purpose.PUBLICATION) != bool(channels):
        raise Refused("Say which channels a text about publication speaks of; a text about matching speaks of none.")
    if any(channel.school_id != school.id for channel in channels):
        raise NotFound("This channel belongs to another school.")


def latest_edition(session: Session, school_id: str, purpose: Purpose) -> int:
    """The number of the newest edition; 0 where there is none."""
    newest = select(func.max(Wording.edition)).where(Wording.school_id == school_id, Wording.purpose == purpose)
    return session.exec(newest).one() or 0


def wording_for(
    session: Session, school_id: str, purpose: Purpose, language: str, channel: Channel | None = None
) -> Wording:
    """The newest text in a language, about a channel where one is named; `NotFound` where nobody wrote it."""
    texts = select(Wording).where(
        Wording.school_id == school_id, Wording.purpose == purpose, Wording.language == language
    )
    if channel is not None:
        about = select(WordingChannel.wording_id).where(WordingChannel.channel_id == channel.id)
        texts = texts.where(col(Wording.id).in_(about))
    found = session.exec(texts.order_by(col(Wording.edition).desc()).limit(1)).first()
    if found is None:
        raise NotFound("There is no text in this language for this question.")
    return found


def _raise_minimum(
    session: Session, school: School, purpose: Purpose, channels: Collection[Channel], edition: int
) -> None:
    if purpose is Purpose.FACE_MATCHING:
        school.minimum_matching_edition = edition
        session.add(school)
    for channel in channels:
        channel.minimum_edition = edition
        session.add(channel)
