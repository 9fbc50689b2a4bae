"""Whether an answer may enter the ledger. What stands there was theirs to say, about a text that says what it covers.

A yes is looked at closely. A no is turned away only where it is not clear whose it is, or about what.
"""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from consent.decisions.tables import Channel, Wording, WordingChannel
from consent.decisions.vocabulary import Answer, Decider, Medium, Purpose, Source
from consent.errors import Conflict, NotAllowed, NotFound, Refused
from consent.people import entries, roll
from consent.people.tables import Guardianship, Person, School


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answers: about whom, in which capacity, on which text, and where."""

    person_id: str
    decider: Decider
    answer: Answer
    wording_id: str
    purpose: Purpose = Purpose.PUBLICATION
    channel_id: str | None = None
    medium: Medium | None = None
    guardian_id: str | None = None
    expires_on: dt.date | None = None  # the first day a yes no longer counts


def accept(session: Session, said: Said, source: Source, day: dt.date) -> Person:
    """The person it is about, once nothing stands against recording this."""
    person = session.get(Person, said.person_id)
    if person is None or person.erased_at is not None:
        raise NotFound("This person is not on the roll.")
    channel = _channel(session, said, person)
    _check_wording(session, said, person, channel)
    if said.decider is Decider.GUARDIAN:
        _check_guardian(session, said, person, source, day)
    else:
        _check_own(said, person, day)
    if said.expires_on is not None and (said.answer is not Answer.YES or said.expires_on <= day):
        raise Refused("Only a yes can end by itself, on a day that is still to come.")
    return person


def _channel(session: Session, said: Said, person: Person) -> Channel | None:
    if said.purpose is Purpose.FACE_MATCHING:
        if said.channel_id is not None or said.medium is not None:
            raise Refused("Matching is asked for all channels at once.")
        return None
    channel = session.get(Channel, said.channel_id) if said.channel_id else None
    if channel is None or channel.school_id != person.school_id:
        raise NotFound("There is no such channel at this school.")
    if said.medium is None:
        raise Refused("Say whether this is about photo, film, sound or the name.")
    return channel


def _check_wording(session: Session, said: Said, person: Person, channel: Channel | None) -> None:
    wording = session.get(Wording, said.wording_id)
    if wording is None or wording.school_id != person.school_id or wording.purpose is not said.purpose:
        raise NotFound("There is no such text for this question.")
    if said.answer is not Answer.YES:
        return
    if channel is not None and session.get(WordingChannel, (wording.id, channel.id)) is None:
        raise Refused("The text that was answered does not speak of this channel.")
    minimum = channel.minimum_edition if channel else session.get_one(School, person.school_id).minimum_matching_edition
    if wording.edition < minimum:
        raise Conflict("The text has changed since. Read it again, and answer that.")


def _check_guardian(session: Session, said: Said, person: Person, source: Source, day: dt.date) -> None:
    tie = session.get(Guardianship, (said.guardian_id, person.id)) if said.guardian_id else None
    # Barred from contact is not without authority: the office records what comes in on paper.
    if tie is None or (tie.barred and source is Source.ONLINE):
        raise NotFound("This is not a guardian of this pupil.")
    if roll.decides_alone(person, day):
        raise NotAllowed("This person is 16 or older, or works here, and decides alone.")
    if not entries.has_authority(tie, day):
        raise NotAllowed(
            "This guardian has no authority over the pupil, and cannot decide. Anyone may ask for keep out."
        )
    if said.answer is Answer.TAKEN_BACK:
        raise Refused("Only a child's own no is taken back. A guardian says yes.")


def _check_own(said: Said, person: Person, day: dt.date) -> None:
    if said.guardian_id is not None:
        raise Refused("Somebody who answers for themselves is not a guardian.")
    alone = roll.decides_alone(person, day)
    if said.answer is Answer.YES and not alone and person.born is not None:
        raise NotAllowed("Under 16 the guardians say yes. A child's own no can be taken back.")
    if said.answer is Answer.TAKEN_BACK and (alone or person.born is None):
        raise NotAllowed("From 16 a no is lifted by a yes.")
