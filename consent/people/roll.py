"""The roll of a school: who is on it, how a person is found, and carrying out what a roster plans.

Nothing here touches a decision. Authority that ends keeps its row, with the day: what was said under it is not lost.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from itertools import combinations

from sqlmodel import Session, col, select

from consent import audit, clock
from consent.audit import Action
from consent.errors import Conflict, NotFound, Refused
from consent.people import entries, roster
from consent.people.accounts import actor
from consent.people.ages import is_sixteen
from consent.people.roster import Plan
from consent.people.tables import Account, Board, Guardianship, Person, School
from consent.people.vocabulary import PersonKind


def found_school(session: Session, name: str, *, board: str | None = None, brin: str | None = None) -> School:
    """A new school, under a board of its own unless one is named. Its channels come next: `channels.seed_channels`."""
    if session.exec(select(School.id).where(School.name == name)).first() is not None:
        raise Conflict("There is a school with this name already.")
    over = session.exec(select(Board).where(Board.name == (board or name))).first() or Board(name=board or name)
    session.add(over)
    session.flush()
    school = School(board_id=over.id, name=name, brin=brin, founded_at=clock.now())
    session.add(school)
    session.flush()
    audit.record(session, Action.SCHOOL_FOUNDED, f"school:{school.id}", school_id=school.id, actor="installation")
    return school


def record_dpia(session: Session, school: School, reference: str, *, by: Account | None) -> None:
    """Record where the school's data protection impact assessment lies. From then on faces may be matched."""
    if not reference.strip():
        raise Refused("Give the reference under which the DPIA can be found.")
    school.dpia_reference = reference.strip()
    school.dpia_recorded_at = clock.now()
    session.add(school)
    audit.record(session, Action.DPIA_RECORDED, f"school:{school.id}", school_id=school.id, actor=actor(by))


def school_named(session: Session, name: str | None = None) -> School:
    """The school with this name, or the only one there is."""
    schools = session.exec(select(School).order_by(School.name)).all()
    if name is not None:
        schools = [school for school in schools if school.name.casefold() == name.strip().casefold()]
    if not schools:
        raise NotFound("There is no such school here.")
    if len(schools) > 1:
        raise Conflict("There are several schools here: say which.")
    return schools[0]


def find_person(session: Session, school_id: str, called: str) -> Person:
    """Somebody by roster key, else by full name, else by a first name that only one person has."""
    everybody = select(Person).where(Person.school_id == school_id, col(Person.erased_at).is_(None))
    by_key = session.exec(everybody.where(Person.roster_key == called.strip())).first()
    if by_key is not None:
        return by_key
    wanted = " ".join(called.split()).casefold()
    people = session.exec(everybody).all() if wanted else []
    for name in (full_name, _given_name):
        found = [person for person in people if name(person).casefold() == wanted]
        if len(found) > 1:
            raise Conflict("Several people on the roll have this name: use the roster key.")
        if found:
            return found[0]
    raise NotFound("Nobody on the roll has this key or name.")


def full_name(person: Person) -> str:
    """First name, prefix and family name."""
    return " ".join(part for part in (person.given_name, person.prefix, person.family_name) if part)


def is_adult_by_role(person: Person) -> bool:
    """Whether somebody decides alone whatever their date of birth: staff, and volunteers who are of age."""
    return person.kind is not PersonKind.PUPIL and not person.under_age


def decides_alone(person: Person, day: dt.date) -> bool:
    """Whether nobody but the person has a say on `day`."""
    return is_adult_by_role(person) or is_sixteen(person.born, day)


def siblings(session: Session, people: Collection[str]) -> set[frozenset[str]]:
    """Pairs among `people` who share a guardian, with authority or without: they may look alike."""
    children = defaultdict[str, set[str]](set)
    for guardianship in session.exec(select(Guardianship).where(col(Guardianship.person_id).in_(people))):
        children[guardianship.guardian_id].add(guardianship.person_id)
    return {frozenset(pair) for family in children.values() for pair in combinations(sorted(family), 2)}


def carry_out(session: Session, school_id: str, plan: Plan, *, by: Account | None, confirmed: bool = False) -> None:
    """Do what was planned, in the caller's transaction. Asking twice changes nothing the second time.

    What may allow more than before is done only when `confirmed`. A plan is followed only on the roll it was made for.
    """
    particulars = {
        "joiners": len(plan.joiners),
        "leavers": len(plan.leavers),
        "changes": len(plan.changes),
        "confirmed": len(plan.to_confirm) if confirmed else 0,
    }
    # First, because it makes a second import at the same moment wait for this one.
    audit.record(
        session,
        Action.ROSTER_CARRIED_OUT,
        f"school:{school_id}",
        school_id=school_id,
        actor=actor(by),
        particulars=particulars,
    )
    book = entries.Book(session, school_id, by)
    if roster.plan(plan.rows, book.rows(clock.today()), plan.day) != plan:
        raise Conflict("The roll has changed since this was planned. Look at the changes again.")
    for row in plan.leavers:
        book.leave(row.key, plan.day)
    for change in plan.changes + (plan.to_confirm if confirmed else ()):
        book.follow(change)
    for row in plan.joiners:
        book.join(row)
    session.flush()


def change_guardianship(
    session: Session,
    person: Person,
    guardian_id: str,
    *,
    authority: bool | None = None,
    barred: bool | None = None,
    by: Account | None,
) -> None:
    """Give or end a guardian's authority, bar them from contact or lift that, from today."""
    tie = session.get(Guardianship, (guardian_id, person.id))
    if tie is None:
        raise NotFound("This is not a guardian of this pupil.")
    if authority is not None:
        entries.set_authority(tie, authority)
    if barred is not None:
        tie.barred = barred
    session.add(tie)
    entries.audit_authority(session, tie, school_id=person.school_id, by=by)


def as_rows(session: Session, school_id: str) -> dict[str, roster.Row]:
    """The roll as a roster, by key: what a plan is compared with, and what an export writes."""
    return entries.Book(session, school_id, None).rows(clock.today())


def _given_name(person: Person) -> str:
    return person.given_name
