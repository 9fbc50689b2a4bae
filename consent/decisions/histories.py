"""Gather from the database what the rules reason about: people, guardians, answers and what the answered texts covered.

A fixed number of queries for every thousand people, however many answers there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from consent import clock
from consent.decisions.standings import GivenAnswer, Guardian, Subject
from consent.decisions.tables import Decision, Wording, WordingChannel
from consent.decisions.vocabulary import Medium, Purpose
from consent.errors import NotFound
from consent.people import roll
from consent.people.tables import Guardianship, Person

_AT_ONCE = 1000  # people; databases limit the parameters of one statement

Place = tuple[str | None, Medium | None]  # channel and medium; neither, for the matching of faces


@dataclass(frozen=True, slots=True)
class History:
    """All that decides about one person, for one purpose. Answers are in order of arrival."""

    subject: Subject
    guardians: tuple[Guardian, ...]
    answers: dict[Place, list[GivenAnswer]]

    def answers_to(self, channel_id: str | None = None, medium: Medium | None = None) -> list[GivenAnswer]:
        """Those to one question."""
        return self.answers.get((channel_id, medium), [])


def gather(
    session: Session, school_id: str, people: Collection[str], purpose: Purpose
) -> Iterator[tuple[str, History]]:
    """The history of each of `people`, all of them of this school."""
    session.flush()
    wanted = sorted(set(people))
    texts = _texts(session, school_id, purpose)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        subjects = _subjects(session, school_id, some)
        if len(subjects) != len(some):
            raise NotFound("Somebody on this list is not on this school's roll.")
        guardians = _guardians(session, some)
        answers = _answers(session, some, purpose, texts)
        for person_id, subject in subjects.items():
            yield person_id, History(subject, tuple(guardians[person_id]), answers[person_id])


def _subjects(session: Session, school_id: str, people: Collection[str]) -> dict[str, Subject]:
    rows = session.exec(select(Person).where(col(Person.id).in_(people), Person.school_id == school_id))
    return {
        person.id: Subject(
            born=person.born,
            adult_by_role=roll.is_adult_by_role(person),
            joined_on=person.joined_on,
            left_on=person.left_on,
            keep_out=person.keep_out,
        )
        for person in rows
    }


def _guardians(session: Session, people: Collection[str]) -> dict[str, list[Guardian]]:
    found = defaultdict[str, list[Guardian]](list)
    rows = select(Guardianship).where(col(Guardianship.person_id).in_(people)).order_by(col(Guardianship.guardian_id))
    for tie in session.exec(rows):
        found[tie.person_id].append(Guardian(tie.guardian_id, tie.authority, tie.authority_ended_on))
    return found


def _texts(session: Session, school_id: str, purpose: Purpose) -> dict[str, tuple[int, frozenset[str]]]:
    """The edition of every wording, and the channels it speaks of."""
    about = defaultdict[str, set[str]](set)
    wordings = session.exec(select(Wording).where(Wording.school_id == school_id, Wording.purpose == purpose)).all()
    links = select(WordingChannel).join(Wording).where(Wording.school_id == school_id)
    for link in session.exec(links):
        about[link.wording_id].add(link.channel_id)
    return {wording.id: (wording.edition, frozenset(about[wording.id])) for wording in wordings}


def _answers(
    session: Session, people: Collection[str], purpose: Purpose, texts: dict[str, tuple[int, frozenset[str]]]
) -> dict[str, dict[Place, list[GivenAnswer]]]:
    found = defaultdict[str, dict[Place, list[GivenAnswer]]](dict)
    # Plain columns, not rows with an identity: a school has a hundred thousand of these.
    columns = sa.select(
        col(Decision.person_id),
        col(Decision.channel_id),
        col(Decision.medium),
        col(Decision.decider),
        col(Decision.answer),
        col(Decision.at),
        col(Decision.guardian_id),
        col(Decision.expires_on),
        col(Decision.wording_id),
    )
    asked = columns.where(col(Decision.person_id).in_(people), col(Decision.purpose) == purpose)
    for (
        person_id,
        channel_id,
        medium,
        decider,
        answer,
        at,
        guardian_id,
        expires_on,
        wording_id,
    ) in session.connection().execute(asked.order_by(col(Decision.number))):
        edition, channels = texts[wording_id]
        found[person_id].setdefault((channel_id, medium), []).append(
            GivenAnswer(decider, answer, clock.day_of(at), guardian_id, expires_on, edition, channels)
        )
    return found
