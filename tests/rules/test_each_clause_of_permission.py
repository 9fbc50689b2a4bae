"""The clauses of permission one by one, each with the least history that shows it."""

import datetime as dt
from dataclasses import replace

import pytest

from consent.decisions import rules
from consent.decisions.rules import Permission, Question
from consent.decisions.standings import GivenAnswer, Guardian, Subject
from consent.decisions.vocabulary import Answer, Decider, Purpose, Reason
from consent.people.ages import sixteenth_birthday

TODAY = dt.date(2026, 11, 20)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
LAST_WEEK, LAST_MONTH, NEXT_MONTH = dt.date(2026, 11, 13), dt.date(2026, 10, 20), dt.date(2026, 12, 20)

BEN = Subject(born=dt.date(2017, 3, 1))
ANNA = Subject(born=dt.date(2010, 3, 1))  # 16
ANNA_THEN = dt.date(2025, 6, 1)  # when she was 15
FINN = Subject(born=None)
JASMIJN = Subject(born=None, adult_by_role=True)

BEA, BOB = Guardian("bea", authority=True), Guardian("bob", authority=True)
UNCLE = Guardian("uncle", authority=False)

WEBSITE = Question(Purpose.PUBLICATION, "website")
BOTH = replace(WEBSITE, both_guardians=True)
MATCHING = Question(Purpose.FACE_MATCHING)

YES, NO, WITHDRAWN, TAKEN_BACK = Answer.YES, Answer.NO, Answer.WITHDRAWN, Answer.TAKEN_BACK


def said(guardian: Guardian | None, answer: Answer, day: dt.date = LAST_MONTH, **more: object) -> GivenAnswer:
    """By a guardian, or by the person."""
    who = Decider.GUARDIAN if guardian else Decider.SELF
    given = GivenAnswer(who, answer, day, guardian.id if guardian else None, channels=frozenset(["website"]))
    return replace(given, **more)  # type: ignore[arg-type]


def asked(
    subject: Subject, guardians: list[Guardian], *answers: GivenAnswer, question: Question = WEBSITE
) -> Permission:
    return rules.permission(subject, guardians, answers, question, TODAY)


def why(*args: object, **more: object) -> tuple[Reason, ...]:
    return asked(*args, **more).reasons  # type: ignore[arg-type]


def stays(subject: Subject, guardians: list[Guardian], *answers: GivenAnswer) -> tuple[Reason, ...]:
    return rules.may_stay(subject, guardians, answers, TODAY).reasons


def test_silence_is_no() -> None:
    assert why(BEN, [BEA, BOB]) == (Reason.NO_ANSWER,)
    assert why(ANNA, [BEA]) == (Reason.NO_ANSWER,)


def test_what_is_said_tomorrow_is_not_known_today() -> None:
    assert why(BEN, [BEA], said(BEA, YES, TOMORROW)) == (Reason.NO_ANSWER,)
    assert stays(BEN, [BEA], said(BEA, NO, TOMORROW)) == (Reason.ALLOWED,)


def test_one_guardians_yes_is_enough_where_the_school_does_not_ask_both() -> None:
    assert asked(BEN, [BEA, BOB], said(BEA, YES)) == Permission(True, (Reason.ALLOWED,), dt.date(2033, 3, 1))


def test_each_guardian_is_needed_where_the_school_asks_both() -> None:
    assert why(BEN, [BEA, BOB], said(BEA, YES), question=BOTH) == (Reason.NOT_ALL_GUARDIANS,)
    assert why(BEN, [BEA, BOB], said(BEA, YES), said(BOB, YES), question=BOTH) == (Reason.ALLOWED,)


@pytest.mark.parametrize("no", [NO, WITHDRAWN])
def test_the_no_of_one_guardian_outweighs_the_yes_of_the_other(no: Answer) -> None:
    assert why(BEN, [BEA, BOB], said(BEA, YES), said(BOB, no)) == (Reason.GUARDIAN_NO,)
    assert stays(BEN, [BEA, BOB], said(BEA, YES), said(BOB, no)) == (Reason.GUARDIAN_NO,)


def test_only_the_latest_answer_of_each_guardian_counts() -> None:
    assert why(BEN, [BEA], said(BEA, NO), said(BEA, YES)) == (Reason.ALLOWED,)
    assert why(BEN, [BEA], said(BEA, YES), said(BEA, WITHDRAWN)) == (Reason.GUARDIAN_NO,)


def test_a_guardian_without_authority_has_no_say() -> None:
    assert why(BEN, [UNCLE], said(UNCLE, YES)) == (Reason.NO_GUARDIAN,)
    assert why(BEN, [BEA, UNCLE], said(BEA, YES), said(UNCLE, NO)) == (Reason.ALLOWED,)


def test_the_no_of_a_former_guardian_stays_until_somebody_who_decides_answers_after_that_day() -> None:
    former = replace(BOB, ended_on=LAST_WEEK)
    before = [said(BEA, YES), said(BOB, NO)]
    assert why(BEN, [BEA, former], *before) == (Reason.FORMER_GUARDIAN_NO,)
    assert why(BEN, [BEA, former], *before, said(BEA, YES, LAST_WEEK)) == (Reason.FORMER_GUARDIAN_NO,)
    assert why(BEN, [BEA, former], *before, said(BEA, YES, YESTERDAY)) == (Reason.ALLOWED,)
    assert stays(BEN, [BEA, former], *before) == (Reason.FORMER_GUARDIAN_NO,)


def test_the_yes_of_a_former_guardian_no_longer_counts() -> None:
    former = replace(BOB, ended_on=LAST_WEEK)
    assert why(BEN, [BEA, former], said(BOB, YES)) == (Reason.NO_ANSWER,)
    assert why(BEN, [BEA, former], said(BOB, NO), said(BOB, YES, YESTERDAY), said(BEA, YES)) == (
        Reason.FORMER_GUARDIAN_NO,
    )


def test_a_former_guardian_who_was_still_to_be_asked_completes_nothing_by_leaving() -> None:
    former = replace(BOB, ended_on=LAST_WEEK)
    assert why(BEN, [BEA, former], said(BEA, YES), question=BOTH) == (Reason.NOT_ALL_GUARDIANS,)
    assert why(BEN, [BEA, former], said(BEA, YES, YESTERDAY), question=BOTH) == (Reason.ALLOWED,)
    assert why(BEN, [BEA, former], said(BEA, YES), said(BOB, YES), question=BOTH) == (Reason.ALLOWED,)


def test_a_yes_said_on_the_day_authority_ended_leaves_no_earlier_one_standing() -> None:
    former = replace(BOB, ended_on=LAST_WEEK)
    late = said(BOB, YES, LAST_WEEK, expires_on=YESTERDAY)
    assert why(BEN, [BEA, former], said(BEA, YES), said(BOB, YES), late, question=BOTH) == (Reason.NOT_ALL_GUARDIANS,)


def test_the_no_of_somebody_who_was_taken_off_the_list_is_still_heard() -> None:
    assert why(BEN, [BEA], said(BEA, YES), said(BOB, NO)) == (Reason.FORMER_GUARDIAN_NO,)
    assert why(BEN, [BEA], said(BEA, YES), said(BOB, NO), said(BOB, YES)) == (Reason.FORMER_GUARDIAN_NO,)
    assert why(BEN, [BEA], said(BOB, YES)) == (Reason.NO_ANSWER,)


def test_a_childs_own_no_counts_at_any_age_until_it_is_taken_back() -> None:
    assert why(BEN, [BEA], said(BEA, YES), said(None, NO)) == (Reason.OWN_NO,)
    assert why(BEN, [BEA], said(BEA, YES), said(None, NO), said(None, YES)) == (Reason.OWN_NO,)
    assert stays(BEN, [BEA], said(BEA, YES), said(None, NO)) == (Reason.OWN_NO,)
    assert why(BEN, [BEA], said(BEA, YES), said(None, NO), said(None, TAKEN_BACK)) == (Reason.ALLOWED,)
    assert why(BEN, [BEA], said(None, NO), said(None, TAKEN_BACK)) == (Reason.NO_ANSWER,)


def test_from_16_an_own_no_is_lifted_by_an_own_yes_alone() -> None:
    child = said(None, NO, ANNA_THEN)
    assert why(ANNA, [], child) == (Reason.OWN_NO,)
    assert why(ANNA, [], child, said(None, TAKEN_BACK)) == (Reason.OWN_NO,)
    assert why(ANNA, [], child, said(None, YES)) == (Reason.ALLOWED,)
    assert why(ANNA, [], child, said(None, TAKEN_BACK, ANNA_THEN)) == (Reason.NO_ANSWER,)


def test_from_16_the_guardians_have_no_say() -> None:
    assert why(ANNA, [BEA], said(BEA, YES)) == (Reason.NO_ANSWER,)
    assert why(ANNA, [BEA], said(BEA, NO), said(None, YES)) == (Reason.ALLOWED,)


def test_a_yes_given_before_16_does_not_become_one() -> None:
    assert why(ANNA, [BEA], said(None, YES, ANNA_THEN)) == (Reason.NO_ANSWER,)


def test_a_yes_that_is_taken_back_is_none() -> None:
    assert why(ANNA, [], said(None, YES), said(None, TAKEN_BACK)) == (Reason.NO_ANSWER,)


def test_adults_by_role_decide_alone_whatever_their_birthday() -> None:
    assert why(JASMIJN, []) == (Reason.NO_ANSWER,)
    assert why(JASMIJN, [], said(None, YES)) == (Reason.ALLOWED,)


def test_without_a_date_of_birth_a_guardian_and_the_pupil_must_both_say_yes() -> None:
    assert why(FINN, [BEA], said(BEA, YES)) == (Reason.BIRTH_DATE_UNKNOWN,)
    assert why(FINN, [BEA], said(None, YES)) == (Reason.NO_ANSWER,)
    assert why(FINN, [], said(None, YES)) == (Reason.NO_GUARDIAN,)
    assert why(FINN, [BEA], said(BEA, YES), said(None, YES)) == (Reason.ALLOWED,)
    assert why(FINN, [BEA], said(BEA, YES), said(None, NO), said(None, TAKEN_BACK)) == (Reason.OWN_NO,)


def test_a_yes_ends_on_its_day_and_a_no_never_does() -> None:
    assert why(BEN, [BEA], said(BEA, YES, expires_on=TODAY)) == (Reason.EXPIRED,)
    assert asked(BEN, [BEA], said(BEA, YES, expires_on=TOMORROW)).until == TOMORROW
    assert why(BEN, [BEA], said(BEA, NO, expires_on=YESTERDAY)) == (Reason.GUARDIAN_NO,)
    assert why(BEN, [BEA, BOB], said(BEA, YES, expires_on=TODAY), said(BOB, YES)) == (Reason.ALLOWED,)


def test_a_yes_counts_only_on_a_text_that_covers_the_channel_as_it_is_now() -> None:
    changed = replace(WEBSITE, minimum_edition=2)
    assert why(BEN, [BEA], said(BEA, YES), question=changed) == (Reason.WORDING_CHANGED,)
    assert why(BEN, [BEA], said(BEA, YES, edition=2), question=changed) == (Reason.ALLOWED,)
    assert why(BEN, [BEA], said(BEA, YES, channels=frozenset())) == (Reason.WORDING_CHANGED,)


def test_only_while_on_the_roll_and_while_the_channel_is_open() -> None:
    yes = said(BEA, YES)
    assert why(replace(BEN, left_on=TODAY), [BEA], yes) == (Reason.NOT_ON_THE_ROLL,)
    assert asked(replace(BEN, left_on=NEXT_MONTH), [BEA], yes).until == NEXT_MONTH
    joins = asked(replace(BEN, joined_on=TOMORROW), [BEA], yes)
    assert (joins.reasons, joins.until) == ((Reason.NOT_ON_THE_ROLL,), TOMORROW)
    assert why(BEN, [BEA], yes, question=replace(WEBSITE, closes_on=YESTERDAY)) == (Reason.CHANNEL_CLOSED,)
    assert asked(BEN, [BEA], yes, question=replace(WEBSITE, closes_on=TODAY)).until == TOMORROW


def test_permission_ends_with_the_authority_it_came_from() -> None:
    leaving = replace(BEA, ended_on=NEXT_MONTH)
    assert asked(BEN, [leaving], said(BEA, YES)).until == NEXT_MONTH


def test_keep_out_stands_above_every_yes() -> None:
    kept = replace(BEN, keep_out=True)
    assert why(kept, [BEA], said(BEA, YES)) == (Reason.KEPT_OUT,)
    assert stays(kept, [BEA], said(BEA, YES)) == (Reason.KEPT_OUT,)


def test_all_reasons_that_hold_are_named_in_one_order() -> None:
    kept = replace(BEN, keep_out=True, left_on=TODAY)
    assert why(kept, [BEA, BOB], said(BOB, NO), said(None, NO)) == (
        Reason.KEPT_OUT,
        Reason.OWN_NO,
        Reason.GUARDIAN_NO,
        Reason.NO_ANSWER,
        Reason.NOT_ON_THE_ROLL,
    )


def test_matching_needs_a_yes_of_each_guardian_and_from_16_ones_own() -> None:
    assert why(BEN, [BEA, BOB], said(BEA, YES), question=MATCHING) == (Reason.NOT_ALL_GUARDIANS,)
    assert why(BEN, [BEA, BOB], said(BEA, YES), said(BOB, YES), question=MATCHING) == (Reason.ALLOWED,)
    assert why(BEN, [BEA], said(BEA, YES), said(None, NO), question=MATCHING) == (Reason.OWN_NO,)
    assert why(ANNA, [BEA], said(None, YES), question=MATCHING) == (Reason.ALLOWED,)


def test_somebody_kept_out_may_still_be_recognised_so_that_the_gate_can_keep_them_out() -> None:
    assert why(replace(BEN, keep_out=True), [BEA], said(BEA, YES), question=MATCHING) == (Reason.ALLOWED,)


def test_what_is_out_stays_through_a_lapse_a_leaver_a_birthday_a_new_text_and_a_new_guardian() -> None:
    yes = said(BEA, YES, expires_on=YESTERDAY, channels=frozenset())
    assert stays(replace(BEN, left_on=LAST_WEEK), [BEA, BOB], yes) == (Reason.ALLOWED,)
    assert stays(ANNA, [BEA], said(BEA, YES, ANNA_THEN)) == (Reason.ALLOWED,)


def test_a_guardians_no_outlives_the_16th_birthday_for_what_is_out_until_the_pupil_says_yes() -> None:
    no = said(BEA, NO, ANNA_THEN)
    assert stays(ANNA, [BEA], no) == (Reason.GUARDIAN_NO,)
    assert stays(ANNA, [BEA], no, said(None, YES)) == (Reason.ALLOWED,)
    assert stays(ANNA, [BEA], said(BEA, NO)) == (Reason.ALLOWED,)  # not hers to say any more


def test_a_16th_birthday_falls_on_the_day_itself_and_for_29_february_on_1_march_in_a_common_year() -> None:
    assert sixteenth_birthday(dt.date(2010, 11, 20)) == TODAY
    assert sixteenth_birthday(dt.date(2012, 2, 29)) == dt.date(2028, 2, 29)
    assert sixteenth_birthday(dt.date(2084, 2, 29)) == dt.date(2100, 3, 1)


def test_who_decides() -> None:
    assert rules.deciders(BEN, [BEA, UNCLE], TODAY) == rules.Deciders(own=False, guardians=(BEA,))
    assert rules.deciders(FINN, [BEA], TODAY) == rules.Deciders(own=True, guardians=(BEA,))
    assert rules.deciders(ANNA, [BEA], TODAY) == rules.Deciders(own=True, guardians=())
    assert rules.deciders(replace(BEN, adult_by_role=True), [BEA], TODAY).guardians == ()
