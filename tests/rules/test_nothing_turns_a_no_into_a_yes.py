"""Whatever the history: what only takes away can never give, and who has no say changes nothing for the better."""

import datetime as dt
import random
from dataclasses import replace

from histories import World, days_after, given_answers, worlds
from hypothesis import assume, given
from hypothesis import strategies as st

from consent.decisions import rules
from consent.decisions.standings import GivenAnswer, decides_alone
from consent.decisions.vocabulary import Answer, Decider


def never_more(before: World, after: World) -> None:
    assert not (after.permission().allowed and not before.permission().allowed)
    assert not (after.may_stay().allowed and not before.may_stay().allowed)


@given(worlds, given_answers, st.sampled_from([Answer.NO, Answer.WITHDRAWN]))
def test_adding_a_no_or_a_withdrawal(world: World, added: GivenAnswer, no: Answer) -> None:
    never_more(world, world.with_answer(replace(added, answer=no)))


@given(worlds)
def test_adding_keep_out(world: World) -> None:
    never_more(world, replace(world, subject=replace(world.subject, keep_out=True)))


@given(worlds)
def test_ending_somebodys_authority(world: World) -> None:
    for one in world.guardians:
        if one.has_authority(world.day):
            ended = tuple(replace(other, ended_on=world.day) if other is one else other for other in world.guardians)
            never_more(world, replace(world, guardians=ended))


@given(worlds)
def test_taking_a_guardian_who_answered_off_the_list(world: World) -> None:
    for one in world.guardians:
        answered = any(given.guardian_id == one.id and given.day <= world.day for given in world.answers)
        if answered and one.has_authority(world.day):
            others = tuple(other for other in world.guardians if other is not one)
            never_more(world, replace(world, guardians=others))


@given(worlds, given_answers)
def test_an_answer_of_somebody_who_may_not_decide(world: World, added: GivenAnswer) -> None:
    alone = decides_alone(world.subject, added.day)
    if added.decider is Decider.SELF:
        assume(not alone and world.subject.born is not None)
        assume(added.answer is not Answer.TAKEN_BACK)  # which exists to lift the child's own no
    else:
        having_a_say = {one.id for one in world.guardians if one.has_authority(added.day)}
        assume(alone or added.guardian_id not in having_a_say)
    never_more(world, world.with_answer(added))


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_different_deciders_answers_never_matters(world: World, chance: random.Random) -> None:
    waiting: dict[str | None, list[GivenAnswer]] = {}
    for one in world.answers:
        waiting.setdefault(one.guardian_id, []).append(one)
    shuffled = []
    while waiting := {who: said for who, said in waiting.items() if said}:
        shuffled.append(waiting[chance.choice(sorted(waiting, key=str))].pop(0))
    other = replace(world, answers=tuple(shuffled))
    assert other.permission() == world.permission()
    assert other.may_stay() == world.may_stay()


@given(worlds)
def test_what_may_go_out_may_stay(world: World) -> None:
    assume(world.question.channel_id is not None)
    if world.permission().allowed:
        assert world.may_stay().allowed


@given(worlds)
def test_until_is_the_first_day_on_which_it_changes_by_itself(world: World) -> None:
    known = replace(world, answers=tuple(one for one in world.answers if one.day <= world.day))
    now = known.permission().allowed
    changes = [day for day in days_after(world.day, 25) if replace(known, day=day).permission().allowed != now]
    until = world.permission().until
    if until is not None and until > world.day + dt.timedelta(days=25):
        until = None  # a birthday in years to come
    assert until == next(iter(changes), None)


@given(worlds)
def test_the_calendar_brings_nothing_back(world: World) -> None:
    known = replace(world, answers=tuple(one for one in world.answers if one.day <= world.day))
    if not known.may_stay().allowed:
        assert not any(replace(known, day=day).may_stay().allowed for day in days_after(world.day, 25))


@given(worlds)
def test_what_is_said_later_is_not_yet_known(world: World) -> None:
    known = replace(world, answers=tuple(one for one in world.answers if one.day <= world.day))
    assert known.permission() == world.permission()
    assert known.may_stay() == world.may_stay()


@given(worlds)
def test_silence_is_no(world: World) -> None:
    assert not replace(world, answers=()).permission().allowed


@given(worlds)
def test_whoever_decides_on_a_day_is_the_person_or_the_guardians_with_authority(world: World) -> None:
    who = rules.deciders(world.subject, world.guardians, world.day)
    assert who.own == (decides_alone(world.subject, world.day) or world.subject.born is None)
    assert not (decides_alone(world.subject, world.day) and who.guardians)
