"""The drawn school, put into a register by what the product itself does: a roster, answers, a DPIA, portraits.

Nobody in it is anybody: faces are drawn, names are made up, and so is the reference of the DPIA.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from consent import clock
from consent.decisions import channels, ledger, wordings
from consent.decisions.acceptance import Said
from consent.decisions.channels import ChannelSettings
from consent.decisions.tables import Channel
from consent.decisions.vocabulary import Answer, Decider, Medium, Purpose, Reach, Review, Source, WithoutPermission
from consent.demo import cast, families
from consent.demo.families import Character
from consent.demo.figures import portrait
from consent.demo.looks import Light, Look, Pose
from consent.faces import enrolment
from consent.gate import intake
from consent.people import accounts, protection, roll, roster, roster_csv
from consent.people.roster import GuardianRow, Row
from consent.people.tables import Account, Guardian, Person, School
from consent.people.vocabulary import PersonKind, Role
from consent.queue import Job

SCHOOL = "De Tekendoos"
GROUP = "6"
DPIA = "FICTIONAL-DPIA-0: made up for the demo; a real school does one before it matches faces"
REVIEWER = "Vera Voorbeeld"
_SECOND_PORTRAITS = 4  # every fourth person has two
_ANSWERS = {"+": Answer.YES, "-": Answer.NO}


@dataclass(frozen=True)
class Place:
    """A channel of the drawn school, and how it is guarded."""

    key: str
    name: str
    told: str
    guarded: ChannelSettings


# What parents can download they can pass on, so the app counts as public too: only those of 16 and older are shown
# there without a person's look.
PLACES = (
    Place("website", "Website van de school", "every picture is looked at before it goes out", ChannelSettings()),
    Place(
        "parent-app",
        "Ouderapp",
        "only doubtful pictures are looked at; surely recognised adults are shown automatically",
        ChannelSettings(review=Review.DOUBTFUL, automatic_show=True),
    ),
    Place(
        "local-paper",
        "Plaatselijke krant",
        "takes no covered pupils: a refusal blocks; two different people have to look",
        ChannelSettings(without_permission=WithoutPermission.BLOCK, four_eyes=True),
    ),
)


@dataclass(frozen=True)
class Settled:
    """Ids of what is in the register now; people by key."""

    school: str
    reviewer: str
    people: Mapping[str, str]


def found(session: Session) -> Settled:
    """The school with its people and everything they answered. Matching is off."""
    school = roll.found_school(session, SCHOOL)
    places = [
        channels.open_channel(session, school, place.key, place.name, Reach.PUBLIC, place.guarded, by=None)
        for place in PLACES
    ]
    wordings.seed_wordings(session, school, places)
    admin = accounts.first_administrator(session, school.id, "Bea Beheer", "beheer@tekendoos.example")
    reviewer = accounts.invite(session, school.id, REVIEWER, "vera@tekendoos.example", [Role.REVIEWER], by=admin)
    today = clock.today()
    everybody = families.characters()
    rows = [_row(one, today) for one in everybody]
    roll.carry_out(session, school.id, roster.plan(rows, {}, today), by=admin)
    people = {one.roster_key: one for one in session.exec(select(Person).where(Person.school_id == school.id))}
    guardians = {one.roster_key: one.id for one in session.exec(select(Guardian))}
    for one in everybody:
        _answer(session, one, people[one.key], guardians, places, admin)
        if one.story.keep_out:
            protection.keep_out(session, people[one.key], by=admin)
    return Settled(school.id, reviewer.id, {key: person.id for key, person in people.items()})


def plan_outing(session: Session, settled: Settled, name: str, day: dt.date) -> str:
    """An outing that everybody of the school went on; its id."""
    trip = intake.plan_outing(session, session.get_one(School, settled.school), name, day, actor="demo")
    intake.confirm_presence(session, trip, list(settled.people.values()), actor="demo")
    return trip.id


def start_matching(session: Session, settled: Settled) -> frozenset[str]:
    """Record the DPIA and hand in a portrait of everybody who may be matched; ids of the work to wait for."""
    school = session.get_one(School, settled.school)
    roll.record_dpia(session, school, DPIA, by=None)
    allowed = ledger.may_match(session, list(settled.people.values()), clock.today())
    work = set[str]()
    looks = cast.pupils() | cast.grown_ups()
    for number, (key, person_id) in enumerate(sorted(settled.people.items())):
        if not allowed[person_id].allowed:
            continue
        person = session.get_one(Person, person_id)
        for content in _portraits(looks[key], number, 2 if number % _SECOND_PORTRAITS == 0 else 1):
            handed_in = enrolment.hand_in(session, person, content, actor="demo")
            work.add(f"{Job.ENROL_PORTRAIT}:{handed_in.id}")
    return frozenset(work)


def channels_of(session: Session, settled: Settled) -> list[Channel]:
    """The school's channels, in the order of `PLACES`."""
    return channels.channels_of(session, settled.school)


def reviewer_of(session: Session, settled: Settled) -> Account:
    """Whoever names and looks in this demo."""
    return session.get_one(Account, settled.reviewer)


def _row(one: Character, today: dt.date) -> Row:
    guardians = tuple(
        GuardianRow(one.guardian_key(number), name, authority=True, email=f"{one.guardian_key(number)}@example.org")
        for number, name in enumerate(one.guardians)
    )
    birthday = today - dt.timedelta(days=75)  # nobody turns sixteen while the demo lies about
    return Row(
        key=one.key,
        given_name=one.given_name,
        family_name=one.family_name,
        kind=one.kind,
        born=dt.date(birthday.year - one.story.years, birthday.month, min(birthday.day, 28)),
        group=GROUP if one.kind is PersonKind.PUPIL else "",
        school_year=roster_csv.school_year_of(today),
        guardians=guardians,
    )


def _answer(
    session: Session,
    one: Character,
    person: Person,
    guardians: Mapping[str, str],
    places: Iterable[Channel],
    admin: Account,
) -> None:
    """Everybody answers online, by themselves; a child's no is written down by the school."""
    for number, views in enumerate(one.story.guardians):
        for said in _said(session, person, views, places, guardians[one.guardian_key(number)]):
            ledger.record(session, said, source=Source.ONLINE)
    for said in _said(session, person, one.story.own, places, None):
        under_age = not roll.decides_alone(person, clock.today())
        ledger.record(session, said, source=Source.ONLINE, by=admin if under_age else None)


def _said(
    session: Session, person: Person, views: str, places: Iterable[Channel], guardian: str | None
) -> Iterator[Said]:
    """One answer for each sign: the places in their order, then matching."""
    for sign, place in zip(views, [*places, None], strict=bool(views)):
        if sign in _ANSWERS:
            purpose = Purpose.PUBLICATION if place else Purpose.FACE_MATCHING
            yield Said(
                person_id=person.id,
                decider=Decider.GUARDIAN if guardian else Decider.SELF,
                answer=_ANSWERS[sign],
                wording_id=wordings.wording_for(session, person.school_id, purpose, "nl", place).id,
                purpose=purpose,
                channel_id=place.id if place else None,
                medium=Medium.PHOTO if place else None,
                guardian_id=guardian,
            )


def _portraits(look: Look, number: int, count: int) -> Iterator[bytes]:
    for variant in range(count):
        pose = Pose(
            tilt=(number % 5 - 2) * 1.5,
            turn=(number % 3 - 1) * 4.0 * (1 if variant else 0.5),
            smile=0.4 + 0.3 * variant,
            light=Light(1.0 - 0.06 * variant, -25 + 15 * (number % 4)),
            seed=number * 10 + variant,
        )
        file = io.BytesIO()
        portrait(look, pose).save(file, "JPEG", quality=92)
        yield file.getvalue()
