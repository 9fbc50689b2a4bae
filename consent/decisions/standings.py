"""Who has a say, and which of their answers stands. Pure: what `rules` reasons with.

For each decider only the latest answer counts, and only if it was theirs to give on the day they gave it. A no is heard
from further away than a yes: doubt about who may speak never makes a picture go out.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from consent.decisions.vocabulary import Answer, Decider
from consent.people.ages import is_sixteen


@dataclass(frozen=True, slots=True)
class Subject:
    """The person in the picture. Days are half-open: on the roll from `joined_on` until the day before `left_on`."""

    born: dt.date | None
    adult_by_role: bool = False  # staff, and volunteers who are of age
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    keep_out: bool = False


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian of that person. Authority that ended keeps `authority` and gets its first day without.

    `authority` is False only for somebody who never had it: nothing that was said under authority is lost with it.
    """

    id: str
    authority: bool
    ended_on: dt.date | None = None

    def has_authority(self, day: dt.date) -> bool:
        """Whether this guardian decides on `day`."""
        return self.authority and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer to the question at hand, with what the answered text covered."""

    decider: Decider
    answer: Answer
    day: dt.date
    guardian_id: str | None = None
    expires_on: dt.date | None = None  # the first day it no longer counts
    edition: int = 1
    channels: frozenset[str] = frozenset()  # those that the answered text speaks of


Standing = tuple[Guardian, GivenAnswer | None]


def decides_alone(subject: Subject, day: dt.date) -> bool:
    """Whether nobody but the person has a say."""
    return subject.adult_by_role or is_sixteen(subject.born, day)


def own_standing(subject: Subject, known: Iterable[GivenAnswer]) -> GivenAnswer | None:
    """The person's own answer that stands: a yes, a no, or nothing.

    A no counts at any age. A yes counts from somebody who was 16, is an adult by role, or whose age nobody knows.
    Taking back lifts a no that was taken back under 16, ends a yes, and never grants anything.
    """
    standing: GivenAnswer | None = None
    for given in known:
        if given.decider is not Decider.SELF:
            continue
        alone = decides_alone(subject, given.day)
        match given.answer:
            case Answer.NO | Answer.WITHDRAWN:
                standing = given
            case Answer.YES:
                if alone or subject.born is None:
                    standing = given
            case Answer.TAKEN_BACK:
                under_16 = subject.born is not None and not alone
                if under_16 or not is_no(standing):
                    standing = None
            case never:
                assert_never(never)
    return standing


def guardians_standings(
    subject: Subject, guardians: Sequence[Guardian], known: Sequence[GivenAnswer], day: dt.date
) -> list[Standing]:
    """The answer of each guardian that stands. One who never had authority has no say.

    Somebody who answered and is no longer on the list had authority until nobody knows when, at the latest today: of
    what they said only a no is still heard.
    """
    listed = {one.id: _guardian_standing(subject, one, known) for one in guardians}
    standings: list[Standing] = [(one, listed[one.id]) for one in guardians if one.authority]
    gone = {given.guardian_id for given in known if given.guardian_id is not None} - listed.keys()
    for guardian_id in sorted(gone):
        noes = [given for given in known if is_no(given)]
        former = Guardian(guardian_id, authority=True, ended_on=day)
        standings.append((former, _guardian_standing(subject, former, noes)))
    return standings


def _guardian_standing(subject: Subject, guardian: Guardian, known: Iterable[GivenAnswer]) -> GivenAnswer | None:
    """The last answer given with authority. A no given after it ended is heard as well.

    A yes given after it ended grants nothing, and does not leave an earlier yes standing either.
    """
    standing: GivenAnswer | None = None
    for given in known:
        if given.guardian_id != guardian.id or decides_alone(subject, given.day):
            continue
        match given.answer:
            case Answer.NO | Answer.WITHDRAWN:
                standing = given
            case Answer.YES:
                if guardian.has_authority(given.day):
                    standing = given
                elif not is_no(standing):
                    standing = None
            case Answer.TAKEN_BACK:
                pass  # a child's word; a guardian says yes again
            case never:
                assert_never(never)
    return standing


def is_no(standing: GivenAnswer | None) -> bool:
    """Whether what stands is a no."""
    return standing is not None and standing.answer in {Answer.NO, Answer.WITHDRAWN}
