"""What follows from everybody's answers. Pure: this is section 3 of the design, clause by clause, for a lawyer to read.

Two questions are asked of one history, and they are not the same. *May it go out?* (`may_publish`, and `permission` for
every purpose) needs a complete yes that is in force on the day. *May it stay?* (`may_stay`) ends only when somebody
says no. Both are asked anew each time: a permission is never stored.

Whoever decides is decided here too: the person, from the 16th birthday or as an adult by role; else the guardians with
authority. Silence is no, and so is doubt.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from consent.decisions.standings import (
    GivenAnswer,
    Guardian,
    Standing,
    Subject,
    decides_alone,
    guardians_standings,
    is_no,
    own_standing,
)
from consent.decisions.vocabulary import Answer, Purpose, Reason
from consent.people.ages import sixteenth_birthday


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: pictures on a channel, or the matching of faces. The medium is in the choice of answers."""

    purpose: Purpose
    channel_id: str | None = None
    both_guardians: bool = False
    minimum_edition: int = 1
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None  # the last day

    @property
    def needs_each_guardian(self) -> bool:
        """Whether one guardian's yes is not enough. For biometrics it never is (GDPR Art. 9)."""
        return self.both_guardians or self.purpose is Purpose.FACE_MATCHING


@dataclass(frozen=True, slots=True)
class Permission:
    """Allowed or not, with every reason that holds, in the order of the vocabulary.

    `until` is the first day on which the outcome changes without anybody doing anything.
    """

    allowed: bool
    reasons: tuple[Reason, ...]
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides on a day. A pupil without a date of birth is asked, and so are the guardians."""

    own: bool
    guardians: tuple[Guardian, ...]


def deciders(subject: Subject, guardians: Iterable[Guardian], day: dt.date) -> Deciders:
    """Whose yes is asked for on `day`."""
    if decides_alone(subject, day):
        return Deciders(own=True, guardians=())
    return Deciders(own=subject.born is None, guardians=tuple(one for one in guardians if one.has_authority(day)))


def permission(
    subject: Subject, guardians: Sequence[Guardian], answers: Sequence[GivenAnswer], question: Question, day: dt.date
) -> Permission:
    """Whether what is asked is allowed on `day`.

    `answers` are those to this question (channel, medium, purpose), in order of arrival; later days are not yet known.
    """
    known = [given for given in answers if given.day <= day]
    against = _against(subject, guardians, known, question, day)
    until = None
    # Only the calendar's own reasons pass by themselves: a missing yes and a spoken no wait for somebody.
    if against <= {Reason.NOT_ON_THE_ROLL, Reason.CHANNEL_CLOSED}:
        for later in _days_of_change(subject, guardians, known, question, day):
            if bool(_against(subject, guardians, known, question, later)) != bool(against):
                until = later
                break
    return Permission(not against, _in_order(against), until)


may_publish = permission  # the words of the design for the same question, asked about a channel on the day of release


def may_stay(
    subject: Subject, guardians: Sequence[Guardian], answers: Sequence[GivenAnswer], day: dt.date
) -> Permission:
    """Whether what went out with permission may stay out.

    It ends by a no, a withdrawal, an objection, the person's own no or keep out, and by nothing else. A guardian's no
    holds beyond the 16th birthday until the person says yes: growing older does not bring a picture back.
    """
    known = [given for given in answers if given.day <= day]
    own = own_standing(subject, known)
    against = {Reason.KEPT_OUT} if subject.keep_out else set[Reason]()
    if is_no(own):
        against.add(Reason.OWN_NO)
    if own is None or is_no(own) or not decides_alone(subject, day):
        against.update(_guardians_noes(guardians_standings(subject, guardians, known, day), day))
    return Permission(not against, _in_order(against))


def _against(
    subject: Subject, guardians: Sequence[Guardian], known: Sequence[GivenAnswer], question: Question, day: dt.date
) -> set[Reason]:
    """Everything that speaks against it on `day`."""
    found = set(_circumstances(subject, question, day))
    own = own_standing(subject, known)
    if is_no(own):
        found.add(Reason.OWN_NO)
    if decides_alone(subject, day):
        found.update(_lacks(own, question, day))
        return found
    standings = guardians_standings(subject, guardians, known, day)
    found.update(_guardians_noes(standings, day))
    found.update(_guardians_lack(standings, question, day))
    if subject.born is None:
        found.update(Reason.BIRTH_DATE_UNKNOWN if own is None else lack for lack in _lacks(own, question, day))
    return found


def _circumstances(subject: Subject, question: Question, day: dt.date) -> Iterator[Reason]:
    # Keep out is about pictures. It leaves matching alone, which is how the gate knows whom to keep out.
    if subject.keep_out and question.purpose is Purpose.PUBLICATION:
        yield Reason.KEPT_OUT
    if not _between(subject.joined_on, subject.left_on, day):
        yield Reason.NOT_ON_THE_ROLL
    if not _between(question.opens_on, _after(question.closes_on), day):
        yield Reason.CHANNEL_CLOSED


def _guardians_noes(standings: Sequence[Standing], day: dt.date) -> Iterator[Reason]:
    for guardian, standing in standings:
        if is_no(standing):
            if guardian.has_authority(day):
                yield Reason.GUARDIAN_NO
            elif not _answered_since(standings, guardian, day):
                yield Reason.FORMER_GUARDIAN_NO


def _answered_since(standings: Sequence[Standing], former: Guardian, day: dt.date) -> bool:
    """Whether somebody who decides has answered after the day on which this authority ended."""
    return any(
        standing is not None and former.ended_on is not None and standing.day > former.ended_on
        for guardian, standing in standings
        if guardian.has_authority(day)
    )


def _guardians_lack(standings: Sequence[Standing], question: Question, day: dt.date) -> Iterator[Reason]:
    """What is missing for the guardians' yes to be complete and in force."""
    deciding = [standing for guardian, standing in standings if guardian.has_authority(day)]
    if not deciding:
        yield Reason.NO_GUARDIAN
        return
    said_yes = any(_is_yes_in_force(standing, question, day) for standing in deciding)
    if said_yes and not question.needs_each_guardian:
        return
    for standing in deciding:
        for lack in _lacks(standing, question, day):
            yield Reason.NOT_ALL_GUARDIANS if said_yes and lack is Reason.NO_ANSWER else lack
    if question.needs_each_guardian and any(
        # An ended authority completes nothing: who was still to be asked stays so until somebody answers after that.
        not guardian.has_authority(day)
        and not _is_yes_in_force(standing, question, day)
        and not _answered_since(standings, guardian, day)
        for guardian, standing in standings
    ):
        yield Reason.NOT_ALL_GUARDIANS


def _lacks(standing: GivenAnswer | None, question: Question, day: dt.date) -> Iterator[Reason]:
    """Why this answer is not a yes in force. A no is no lack: it speaks for itself, elsewhere."""
    if standing is None:
        yield Reason.NO_ANSWER
    elif standing.answer is Answer.YES:
        if standing.expires_on is not None and day >= standing.expires_on:
            yield Reason.EXPIRED
        spoken_of = question.channel_id is None or question.channel_id in standing.channels
        if standing.edition < question.minimum_edition or not spoken_of:
            yield Reason.WORDING_CHANGED


def _is_yes_in_force(standing: GivenAnswer | None, question: Question, day: dt.date) -> bool:
    return standing is not None and standing.answer is Answer.YES and not any(_lacks(standing, question, day))


def _days_of_change(
    subject: Subject, guardians: Iterable[Guardian], known: Iterable[GivenAnswer], question: Question, day: dt.date
) -> list[dt.date]:
    """The days after `day` on which the calendar alone can change something, in order."""
    days = {subject.joined_on, subject.left_on, question.opens_on, _after(question.closes_on)}
    days.update(given.expires_on for given in known)
    days.update(guardian.ended_on for guardian in guardians)
    if subject.born is not None:
        days.add(sixteenth_birthday(subject.born))
    return sorted(one for one in days if one is not None and one > day)


def _between(first: dt.date | None, end: dt.date | None, day: dt.date) -> bool:
    return (first is None or first <= day) and (end is None or day < end)


def _after(last: dt.date | None) -> dt.date | None:
    return None if last is None else last + dt.timedelta(days=1)


def _in_order(found: set[Reason]) -> tuple[Reason, ...]:
    return tuple(reason for reason in Reason if reason in found) or (Reason.ALLOWED,)
