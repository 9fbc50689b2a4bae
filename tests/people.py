"""Everybody in the tests. They are known by name, and what they are to each other is said once, here.

At De Regenboog, a primary school with a few older pupils (ages are those of the day the test runs):

- Anna is 16 and decides alone. She says yes. Her mother Alma once said no, which is no longer hers to say.
- Ben is 9, and his parents disagree: Bea says yes, Bob says no.
- Chidi is 8. His mother Chika has not answered.
- Dana is 11. Her father Dirk said yes, but she left the school a week ago.
- Emma is 10. Her mother Elif says yes, and asked for her to be kept out of pictures altogether.
- Finn's date of birth nobody knows. His mother Fleur says yes; he himself was never asked.
- Gijs and Guus are 7, brothers who look alike. Their mother Gerda says yes for both, and yes to matching.
- Hana is 10. Her parents Hugo and Hilde say yes to everything, and yes to matching.
- Ivo is 12. His father Ids says yes; Ivo himself says no.
- Mila is 6. Her mother Mona says yes. Her father Max has authority too, is barred from contact, and never answered.
- Jasmijn teaches. She says yes, and yes to matching.
- Kees is a volunteer whose birthday nobody asked for. He says yes on the closed app and no on the website.
- Lola is a volunteer of 15: a pupil, for the rules. Her mother Loes says yes.

Noor goes to De Zonnebloem and should have nothing to do with any of this. Her mother Nina says yes.

A yes here is about photos, on the website and in the parent app. Of the accounts, each holds the one right it is named
after; Olga of the office enters paper forms.
"""

import datetime as dt
from dataclasses import dataclass, replace

from sqlmodel import Session, select

from consent import clock
from consent.decisions import channels, ledger, wordings
from consent.decisions.acceptance import Said
from consent.decisions.tables import Channel, Decision
from consent.decisions.vocabulary import Answer, Decider, Medium, Purpose, Source
from consent.people import accounts, protection, roll, roster
from consent.people.roster import GuardianRow, Row
from consent.people.tables import Account, Guardian, Person, School
from consent.people.vocabulary import PersonKind, Role

PLACES = ("website", "parent-app")


@dataclass(frozen=True)
class Folk:
    """Ids of everybody, by first name in small letters; accounts by what they may do."""

    school: str
    other_school: str
    website: str
    parent_app: str
    anna: str
    ben: str
    chidi: str
    dana: str
    emma: str
    finn: str
    gijs: str
    guus: str
    hana: str
    ivo: str
    mila: str
    jasmijn: str
    kees: str
    lola: str
    noor: str
    alma: str
    bea: str
    bob: str
    chika: str
    dirk: str
    elif_: str
    fleur: str
    gerda: str
    hugo: str
    hilde: str
    ids: str
    mona: str
    max: str
    loes: str
    nina: str
    olga: str  # administration
    admin: str
    reviewer: str
    second_reviewer: str
    uploader: str
    manager: str
    officer: str
    safety: str
    other_admin: str  # of the other school


def years_ago(years: int, days: int = 0) -> dt.date:
    """The day on which somebody was born who turned `years`, `days` days ago."""
    then = clock.today() - dt.timedelta(days=days)
    return dt.date(then.year - years, then.month, min(then.day, 28))


def pupil(name: str, years: int | None, *guardians: str, without_authority: str = "", **more: object) -> Row:
    """A row for a child, whose roster key is the name in small letters; so are the guardians'."""
    row = Row(
        key=name.lower(),
        given_name=name,
        family_name=f"{name}sen",
        born=None if years is None else years_ago(years, days=40),
        group="6",
        school_year="2026-2027",
        guardians=tuple(
            GuardianRow(one, f"{one.title()} {name}sen", one != without_authority, f"{one}@example.org")
            for one in sorted(guardians)
        ),
    )
    return replace(row, **more)  # type: ignore[arg-type]


def everybody() -> list[Row]:
    """The roster of De Regenboog."""
    mila = pupil("Mila", 6, "max", "mona")
    barred = tuple(replace(one, barred=one.key == "max") for one in mila.guardians)
    return [
        pupil("Anna", 16, "alma"),
        pupil("Ben", 9, "bea", "bob"),
        pupil("Chidi", 8, "chika"),
        pupil("Dana", 11, "dirk"),
        pupil("Emma", 10, "elif"),
        pupil("Finn", None, "fleur"),
        pupil("Gijs", 7, "gerda", family_name="Gerritsen"),
        replace(pupil("Guus", 7, family_name="Gerritsen"), guardians=pupil("Gijs", 7, "gerda").guardians),
        pupil("Hana", 10, "hilde", "hugo"),
        pupil("Ivo", 12, "ids"),
        replace(mila, guardians=barred),
        pupil("Jasmijn", 34, kind=PersonKind.STAFF),
        pupil("Kees", None, kind=PersonKind.VOLUNTEER),
        pupil("Lola", 15, "loes", kind=PersonKind.VOLUNTEER, under_age=True),
    ]


def move_in(session: Session) -> Folk:
    """Put everybody into an empty database, by what the product itself does. Does not commit."""
    school = _open_school(session, "De Regenboog")
    other = _open_school(session, "De Zonnebloem")
    rows = everybody()
    roll.carry_out(session, school.id, roster.plan(rows, {}, clock.today()), by=None)
    roll.carry_out(session, other.id, roster.plan([pupil("Noor", 9, "nina")], {}, clock.today()), by=None)
    ids = _ids(session, school)
    ids |= _accounts(session, school, other)
    folk = Folk(school=school.id, other_school=other.id, **ids)
    _answer(session, folk)
    _leave(session, rows, school)
    protection.keep_out(session, session.get_one(Person, folk.emma), by=session.get_one(Account, folk.olga))
    session.flush()
    return folk


def say(
    session: Session,
    person_id: str,
    answer: Answer,
    *,
    guardian: str | None = None,
    place: str | None = "website",
    medium: Medium = Medium.PHOTO,
    expires_on: dt.date | None = None,
) -> Decision:
    """Somebody answers online: the guardian named, or the person; with no place it is about matching."""
    person = session.get_one(Person, person_id)
    purpose = Purpose.PUBLICATION if place else Purpose.FACE_MATCHING
    channel = channels.channel_named(session, person.school_id, place) if place else None
    said = Said(
        person_id=person_id,
        decider=Decider.GUARDIAN if guardian else Decider.SELF,
        answer=answer,
        wording_id=wordings.wording_for(session, person.school_id, purpose, "nl").id,
        purpose=purpose,
        channel_id=channel.id if channel else None,
        medium=medium if channel else None,
        guardian_id=guardian,
        expires_on=expires_on,
    )
    return ledger.record(session, said, source=Source.ONLINE)


def channel_rows(session: Session, folk: Folk) -> list[Channel]:
    """The channels of De Regenboog."""
    return channels.channels_of(session, folk.school)


def _open_school(session: Session, name: str) -> School:
    school = roll.found_school(session, name)
    wordings.seed_wordings(session, school, channels.seed_channels(session, school))
    return school


def _ids(session: Session, school: School) -> dict[str, str]:
    ids: dict[str, str] = {}
    for row in [*session.exec(select(Person)), *session.exec(select(Guardian))]:
        ids["elif_" if row.roster_key == "elif" else row.roster_key] = row.id
    ids["website"] = channels.channel_named(session, school.id, "website").id
    ids["parent_app"] = channels.channel_named(session, school.id, "parent-app").id
    return ids


def _accounts(session: Session, school: School, other: School) -> dict[str, str]:
    admin = accounts.first_administrator(session, school.id, "Adriaan Beheer", "admin@regenboog.example")
    wanted = {
        "olga": Role.ADMINISTRATION,
        "reviewer": Role.REVIEWER,
        "second_reviewer": Role.REVIEWER,
        "uploader": Role.UPLOADER,
        "manager": Role.MANAGER,
        "officer": Role.OFFICER,
        "safety": Role.SAFETY,
    }
    made = {
        name: accounts.invite(session, school.id, name.title(), f"{name}@regenboog.example", [role], by=admin).id
        for name, role in wanted.items()
    }
    stranger = accounts.first_administrator(session, other.id, "Zeno Zon", "admin@zonnebloem.example")
    return made | {"admin": admin.id, "other_admin": stranger.id}


def _answer(session: Session, folk: Folk) -> None:
    yes, no = Answer.YES, Answer.NO
    for place in PLACES:
        for own in (folk.anna, folk.jasmijn):
            say(session, own, yes, place=place)
        for child, guardian in [
            (folk.ben, folk.bea),
            (folk.dana, folk.dirk),
            (folk.emma, folk.elif_),
            (folk.finn, folk.fleur),
            (folk.gijs, folk.gerda),
            (folk.guus, folk.gerda),
            (folk.hana, folk.hugo),
            (folk.hana, folk.hilde),
            (folk.ivo, folk.ids),
            (folk.mila, folk.mona),
            (folk.lola, folk.loes),
            (folk.noor, folk.nina),
        ]:
            say(session, child, yes, guardian=guardian, place=place)
        say(session, folk.ben, no, guardian=folk.bob, place=place)
        say(session, folk.ivo, no, place=place)
    say(session, folk.kees, yes, place="parent-app")
    say(session, folk.kees, no, place="website")
    for child, guardian in [
        (folk.gijs, folk.gerda),
        (folk.guus, folk.gerda),
        (folk.hana, folk.hugo),
        (folk.hana, folk.hilde),
    ]:
        say(session, child, yes, guardian=guardian, place=None)
    say(session, folk.jasmijn, yes, place=None)


def _leave(session: Session, rows: list[Row], school: School) -> None:
    """Dana left a week ago: the roster says so."""
    gone = clock.today() - dt.timedelta(days=7)
    roll_now = roll.as_rows(session, school.id)
    told = [replace(row, left_on=gone) if row.key == "dana" else row for row in rows]
    roll.carry_out(session, school.id, roster.plan(told, roll_now, clock.today()), by=None)
