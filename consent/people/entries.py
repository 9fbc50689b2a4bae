"""A school's roll, opened to be compared with a roster and written in. Used by `roll` alone."""

import datetime as dt
from collections import defaultdict

from sqlmodel import Session, col, select

from consent import audit, clock
from consent.audit import Action
from consent.people.accounts import actor
from consent.people.roster import Change, GuardianRow, Row
from consent.people.tables import Account, Group, Guardian, Guardianship, Membership, Person


class Book:
    """The roll of one school, read in a handful of queries however many people there are."""

    def __init__(self, session: Session, school_id: str, by: Account | None) -> None:
        self._session, self._school_id, self._by = session, school_id, by
        ours = select(Person).where(Person.school_id == school_id, col(Person.erased_at).is_(None))
        # In one order: a plan that is made twice must be the same plan.
        self._people = {person.roster_key: person for person in session.exec(ours.order_by(Person.roster_key))}
        self._guardians = {
            one.roster_key: one
            for one in session.exec(
                select(Guardian).where(Guardian.school_id == school_id, col(Guardian.erased_at).is_(None))
            )
        }
        groups = session.exec(select(Group).where(Group.school_id == school_id))
        self._groups = {(group.school_year, group.roster_key): group for group in groups}
        self._ties = defaultdict[str, dict[str, Guardianship]](dict)
        for tie in session.exec(select(Guardianship).join(Person).where(Person.school_id == school_id)):
            self._ties[tie.person_id][tie.guardian_id] = tie
        self._memberships = defaultdict[str, dict[str, Membership]](dict)
        for membership in session.exec(select(Membership).join(Person).where(Person.school_id == school_id)):
            self._memberships[membership.person_id][membership.group_id] = membership

    def rows(self, day: dt.date) -> dict[str, Row]:
        """Everybody as a roster would name them on `day`, by key."""
        keys = {guardian.id: guardian for guardian in self._guardians.values()}
        groups = {group.id: group for group in self._groups.values()}
        return {key: self._row(person, keys, groups, day) for key, person in self._people.items()}

    def join(self, row: Row) -> None:
        """Enter somebody new."""
        person = Person(
            school_id=self._school_id,
            roster_key=row.key,
            kind=row.kind,
            under_age=row.under_age,
            given_name=row.given_name,
        )
        self._people[row.key] = person
        self._write(person, row, audited=False)  # the import itself is in the audit

    def leave(self, key: str, day: dt.date) -> None:
        """Somebody is no longer on the roll from `day`."""
        person = self._people[key]
        person.left_on = day
        self._session.add(person)

    def follow(self, change: Change) -> None:
        """Make a person what a roster says."""
        self._write(self._people[change.after.key], change.after, audited=True)

    def _row(self, person: Person, guardians: dict[str, Guardian], groups: dict[str, Group], day: dt.date) -> Row:
        latest = max(
            (groups[group_id] for group_id in self._memberships[person.id]),
            key=lambda group: (group.school_year, group.roster_key),
            default=None,
        )
        ties = self._ties[person.id].values()
        return Row(
            key=person.roster_key,
            given_name=person.given_name,
            prefix=person.prefix,
            family_name=person.family_name,
            kind=person.kind,
            under_age=person.under_age,
            born=person.born,
            email=person.email,
            group=latest.roster_key if latest else "",
            school_year=latest.school_year if latest else "",
            joined_on=person.joined_on,
            left_on=person.left_on,
            guardians=tuple(
                sorted((_as_row(guardians[tie.guardian_id], tie, day) for tie in ties), key=lambda one: one.key)
            ),
        )

    def _write(self, person: Person, row: Row, *, audited: bool) -> None:
        person.given_name, person.prefix, person.family_name = row.given_name, row.prefix, row.family_name
        person.email, person.born = row.email, row.born
        person.joined_on, person.left_on = row.joined_on, row.left_on
        self._session.add(person)
        self._session.flush()
        if row.group:
            self._put_in_group(person, row)
        for one in row.guardians:
            self._tie(person, one, audited=audited)

    def _put_in_group(self, person: Person, row: Row) -> None:
        group = self._groups.get((row.school_year, row.group))
        if group is None:
            group = Group(school_id=self._school_id, roster_key=row.group, school_year=row.school_year, name=row.group)
            self._session.add(group)
            self._session.flush()
            self._groups[row.school_year, row.group] = group
        held = self._memberships[person.id]
        same_year = {one.id for one in self._groups.values() if one.school_year == row.school_year}
        for group_id in [group_id for group_id in held if group_id in same_year and group_id != group.id]:
            self._session.delete(held.pop(group_id))
        if group.id not in held:
            held[group.id] = Membership(person_id=person.id, group_id=group.id)
            self._session.add(held[group.id])

    def _tie(self, person: Person, row: GuardianRow, *, audited: bool) -> None:
        guardian = self._guardians.get(row.key)
        if guardian is None:
            guardian = Guardian(school_id=self._school_id, roster_key=row.key, name=row.name)
            self._guardians[row.key] = guardian
        guardian.name, guardian.email = row.name, row.email
        self._session.add(guardian)
        self._session.flush()
        ties = self._ties[person.id]
        tie = ties.get(guardian.id)
        before = _standing(tie)
        if tie is None:
            tie = Guardianship(guardian_id=guardian.id, person_id=person.id, authority=row.authority)
            ties[guardian.id] = tie
        tie.barred = bool(row.barred)
        set_authority(tie, row.authority)
        self._session.add(tie)
        if audited and _standing(tie) != before:
            audit_authority(self._session, tie, school_id=self._school_id, by=self._by)


def set_authority(tie: Guardianship, authority: bool) -> None:
    """Give or end authority, from today.

    Never from an earlier day: the other guardian's answer of last week would count as one given since.
    """
    today = clock.today()
    if authority:
        tie.authority, tie.authority_ended_on = True, None
    elif has_authority(tie, today):
        tie.authority_ended_on = today


def has_authority(tie: Guardianship, day: dt.date) -> bool:
    """Whether a guardian decides on `day`."""
    return tie.authority and (tie.authority_ended_on is None or day < tie.authority_ended_on)


def audit_authority(session: Session, tie: Guardianship, *, school_id: str, by: Account | None) -> None:
    """Say what a guardian is to a pupil from now on."""
    audit.record(
        session,
        Action.AUTHORITY_CHANGED,
        f"person:{tie.person_id}",
        school_id=school_id,
        actor=actor(by),
        particulars={
            "guardian": tie.guardian_id,
            "authority": has_authority(tie, clock.today()),
            "barred": tie.barred,
        },
    )


def _as_row(guardian: Guardian, tie: Guardianship, day: dt.date) -> GuardianRow:
    return GuardianRow(
        key=guardian.roster_key,
        name=guardian.name,
        authority=has_authority(tie, day),
        email=guardian.email,
        barred=tie.barred,
    )


def _standing(tie: Guardianship | None) -> tuple[bool, bool] | None:
    return (has_authority(tie, clock.today()), tie.barred) if tie else None
