"""The rows of the roll. Names and addresses live here, and here they can be erased."""

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.database import Moment, new_id, words
from consent.people.vocabulary import PersonKind, Role


class Board(SQLModel, table=True):
    """A school board: one or more schools."""

    __tablename__ = "board"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str


class School(SQLModel, table=True):
    """A school. Everything else belongs to exactly one."""

    __tablename__ = "school"

    id: str = Field(default_factory=new_id, primary_key=True)
    board_id: str = Field(foreign_key="board.id", index=True)
    name: str = Field(unique=True)
    brin: str | None = Field(default=None, unique=True)
    founded_at: dt.datetime = Field(sa_type=Moment)
    # Matching is on where a data protection impact assessment is recorded, and nowhere else (GDPR Art. 35).
    dpia_reference: str | None = None
    dpia_recorded_at: dt.datetime | None = Field(default=None, sa_type=Moment)
    # Answers to a face-matching wording of an earlier edition no longer count: what it asks has changed.
    minimum_matching_edition: int = 1


class Group(SQLModel, table=True):
    """A group in one school year."""

    __tablename__ = "school_group"
    __table_args__ = (UniqueConstraint("school_id", "school_year", "roster_key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    roster_key: str
    school_year: str
    name: str


class Person(SQLModel, table=True):
    """Somebody who can be in a picture."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("school_id", "roster_key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    roster_key: str
    kind: PersonKind = Field(sa_type=words(PersonKind))
    under_age: bool = False  # a volunteer who is: a pupil, for the rules
    given_name: str
    prefix: str = ""  # tussenvoegsel: "van der"
    family_name: str = ""
    email: str | None = None
    born: dt.date | None = None
    joined_on: dt.date | None = None
    left_on: dt.date | None = None  # the first day no longer on the roll
    keep_out: bool = False
    erased_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class Membership(SQLModel, table=True):
    """A person in a group."""

    __tablename__ = "membership"

    person_id: str = Field(foreign_key="person.id", primary_key=True)
    group_id: str = Field(foreign_key="school_group.id", primary_key=True)


class Guardian(SQLModel, table=True):
    """A parent or other guardian."""

    __tablename__ = "guardian"
    __table_args__ = (UniqueConstraint("school_id", "roster_key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    roster_key: str
    name: str
    email: str | None = None
    erased_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class Guardianship(SQLModel, table=True):
    """What a guardian is to a pupil."""

    __tablename__ = "guardianship"

    guardian_id: str = Field(foreign_key="guardian.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)
    authority: bool  # ouderlijk gezag
    authority_ended_on: dt.date | None = None  # the first day without
    barred: bool = False  # no contact: sees nothing, is sent nothing


class SafetyFlag(SQLModel, table=True):
    """Why somebody is kept out, sealed under that person's key. Only the safety right may know that there is a row."""

    __tablename__ = "safety_flag"

    person_id: str = Field(foreign_key="person.id", primary_key=True)
    sealed_reason: bytes
    set_at: dt.datetime = Field(sa_type=Moment)


class Account(SQLModel, table=True):
    """Somebody of the staff who works with this program."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("school_id", "email"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    name: str
    email: str
    disabled_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class AccountRole(SQLModel, table=True):
    """A role that an account holds."""

    __tablename__ = "account_role"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    role: Role = Field(sa_type=words(Role), primary_key=True)


class SignInLink(SQLModel, table=True):
    """A link that signs one account in, once. Only the hash of its secret is kept."""

    __tablename__ = "sign_in_link"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(unique=True)
    made_at: dt.datetime = Field(sa_type=Moment)
    expires_at: dt.datetime = Field(sa_type=Moment)
    used_at: dt.datetime | None = Field(default=None, sa_type=Moment)
