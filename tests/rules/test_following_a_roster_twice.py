"""Whatever the roll and whatever the file: what was followed once leaves nothing to follow."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from consent.people import roster
from consent.people.roster import GuardianRow, Plan, Row
from consent.people.vocabulary import PersonKind

TODAY = dt.date(2026, 11, 20)
perhaps_days = st.sampled_from([None, None, dt.date(2026, 11, 1), TODAY, dt.date(2026, 12, 1)])
keys = st.sampled_from("abcd")

guardian_rows = st.builds(
    GuardianRow,
    key=st.sampled_from(["g1", "g2", "g3"]),
    name=st.just("Bea"),
    authority=st.booleans(),
    email=st.sampled_from([None, "bea@example.org"]),
    barred=st.sampled_from([None, False, True]),
)
rows = st.builds(
    Row,
    key=keys,
    given_name=st.sampled_from(["Ben", "Anna"]),
    kind=st.sampled_from([PersonKind.PUPIL, PersonKind.PUPIL, PersonKind.STAFF]),
    born=st.sampled_from([None, dt.date(2016, 1, 1), dt.date(2017, 1, 1)]),
    email=st.sampled_from([None, "ben@example.org"]),
    group=st.sampled_from(["", "6", "7"]),
    school_year=st.sampled_from(["2025-2026", "2026-2027"]),
    joined_on=perhaps_days,
    left_on=perhaps_days,
    guardians=st.lists(guardian_rows, max_size=2, unique_by=lambda one: one.key).map(tuple),
    line=st.integers(2, 9),
)
files = st.lists(rows, max_size=4, unique_by=lambda row: row.key)


def as_on_the_roll(row: Row) -> Row:
    guardians = sorted(row.guardians, key=lambda one: one.key)
    return replace(
        row,
        line=0,
        school_year=row.school_year if row.group else "",
        guardians=tuple(replace(one, barred=bool(one.barred)) for one in guardians),
    )


def followed(roll: dict[str, Row], plan: Plan, *, confirmed: bool) -> dict[str, Row]:
    after = roll | {row.key: as_on_the_roll(row) for row in plan.joiners}
    after |= {row.key: replace(row, left_on=plan.day) for row in plan.leavers}
    return after | {one.after.key: one.after for one in plan.changes + (plan.to_confirm if confirmed else ())}


@given(files, files)
def test_a_file_followed_once_changes_nothing_the_second_time(known: list[Row], told: list[Row]) -> None:
    roll = {row.key: as_on_the_roll(row) for row in known}
    after = followed(roll, roster.plan(told, roll, TODAY), confirmed=True)
    assert roster.plan(told, after, TODAY).is_empty


@given(files)
def test_a_roll_that_is_written_out_and_read_again_changes_nothing(known: list[Row]) -> None:
    roll = {row.key: as_on_the_roll(row) for row in known}
    assert roster.plan(list(roll.values()), roll, TODAY).is_empty


@given(files, files)
def test_without_a_second_yes_nobody_comes_back_gets_a_birthday_authority_or_contact(
    known: list[Row], told: list[Row]
) -> None:
    roll = {row.key: as_on_the_roll(row) for row in known}
    after = followed(roll, roster.plan(told, roll, TODAY), confirmed=False)
    for key, before in roll.items():
        now = after[key]
        assert (now.born, now.kind, now.under_age) == (before.born, before.kind, before.under_age)
        assert (now.left_on or dt.date.max) <= (before.left_on or dt.date.max)
        assert (now.joined_on or dt.date.min) >= (before.joined_on or dt.date.min)
        had = {one.key: one for one in before.guardians}
        for one in now.guardians:
            if one.key in had:
                assert one.authority <= had[one.key].authority
                assert bool(one.barred) >= bool(had[one.key].barred)
        assert had.keys() <= {one.key for one in now.guardians}
