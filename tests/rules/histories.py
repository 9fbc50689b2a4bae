"""Histories to put to the rules: a child, up to three guardians, and what was said in the first half of May 2026."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import strategies as st

from consent.decisions import rules
from consent.decisions.rules import Permission, Question
from consent.decisions.standings import GivenAnswer, Guardian, Subject
from consent.decisions.vocabulary import Answer, Decider, Purpose

MAY = dt.date(2026, 5, 1)
HERE = "website"
NAMES = ("alma", "bob", "chika")

CHILD = dt.date(2016, 5, 9)
TURNS_16_IN_MAY = dt.date(2010, 5, 8)
SEVENTEEN = dt.date(2009, 3, 3)


@dataclass(frozen=True)
class World:
    """Everything that the rules are told."""

    subject: Subject
    guardians: tuple[Guardian, ...]
    answers: tuple[GivenAnswer, ...]
    question: Question
    day: dt.date

    def permission(self) -> Permission:
        return rules.permission(self.subject, self.guardians, self.answers, self.question, self.day)

    def may_stay(self) -> Permission:
        return rules.may_stay(self.subject, self.guardians, self.answers, self.day)

    def with_answer(self, added: GivenAnswer) -> "World":
        """The same, and `added` said as the last thing on its day."""
        return replace(self, answers=tuple(sorted([*self.answers, added], key=lambda given: given.day)))


DAYS = [MAY + dt.timedelta(days=passed) for passed in range(16)]

# Every possible part is laid out first and then drawn whole: one draw instead of seven keeps thousands of worlds cheap.
_ANSWERS = [
    GivenAnswer(Decider.GUARDIAN if who else Decider.SELF, answer, day, who, expires, edition, covered)
    for who in (None, *NAMES)
    for answer in (Answer.YES, Answer.YES, *Answer)
    for day in DAYS
    for expires in (None, None, MAY + dt.timedelta(days=4), MAY + dt.timedelta(days=12))
    for edition in (1, 2, 2)
    for covered in (frozenset([HERE]), frozenset([HERE, "parent-app"]), frozenset(["parent-app"]))
]
_SUBJECTS = [
    Subject(born, adult, joined, left, keep_out)
    for born in (CHILD, TURNS_16_IN_MAY, SEVENTEEN, None)
    for adult in (False, False, False, True)
    for joined in (None, None, MAY + dt.timedelta(days=5))
    for left in (None, None, MAY + dt.timedelta(days=10))
    for keep_out in (False, False, False, True)
]
_FAMILIES = [
    tuple(Guardian(name, has, ended) for name, (has, ended) in zip(NAMES, some, strict=False))
    for count in range(4)
    for some in product(
        [(True, None), (True, None), (False, None), *[(True, MAY + dt.timedelta(days=day)) for day in (0, 5, 9)]],
        repeat=count,
    )
]
_QUESTIONS = [
    Question(Purpose.PUBLICATION, HERE, both, edition, opens, closes)
    for both in (False, True)
    for edition in (1, 1, 2)
    for opens in (None, None, None, MAY + dt.timedelta(days=3))
    for closes in (None, None, None, MAY + dt.timedelta(days=11))
] + [Question(Purpose.FACE_MATCHING, minimum_edition=edition) for edition in (1, 2) for _ in range(8)]

days = st.sampled_from(DAYS)
given_answers = st.sampled_from(_ANSWERS)
worlds = st.builds(
    lambda subject, guardians, said, question, day: World(
        subject, guardians, tuple(sorted(said, key=lambda given: given.day)), question, day
    ),
    st.sampled_from(_SUBJECTS),
    st.sampled_from(_FAMILIES),
    st.lists(given_answers, max_size=7),
    st.sampled_from(_QUESTIONS),
    days,
)


def days_after(day: dt.date, how_many: int) -> Iterator[dt.date]:
    for passed in range(1, how_many + 1):
        yield day + dt.timedelta(days=passed)
