"""The rows of consent: channels, wordings, and the ledger of decisions, which the database lets nobody change."""

import datetime as dt

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.database import Moment, new_id, words
from consent.decisions.vocabulary import (
    AfterLapse,
    Answer,
    Decider,
    Medium,
    Purpose,
    Reach,
    Review,
    Source,
    WithoutPermission,
)


class Channel(SQLModel, table=True):
    """A place where a school publishes, with the school's settings for it (DESIGN: the gate)."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("school_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    key: str
    name: str
    position: int
    reach: Reach = Field(sa_type=words(Reach))
    review: Review = Field(default=Review.ALWAYS, sa_type=words(Review))
    automatic_show: bool = False
    without_permission: WithoutPermission = Field(default=WithoutPermission.COVER, sa_type=words(WithoutPermission))
    four_eyes: bool = False
    both_guardians: bool = False
    after_lapse: AfterLapse = Field(default=AfterLapse.KEEP_UNTIL_ANSWERED, sa_type=words(AfterLapse))
    take_down_after_days: int = 0
    opens_on: dt.date | None = None  # a one-off question is a channel with dates
    closes_on: dt.date | None = None  # the last day
    # Answers to a wording of an earlier edition no longer count here: what the channel means has changed.
    minimum_edition: int = 1


class Wording(SQLModel, table=True):
    """A text that people answer, in one language. Never changed: a new edition is a new row."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("school_id", "purpose", "edition", "language"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    purpose: Purpose = Field(sa_type=words(Purpose))
    edition: int
    language: str
    text: str
    published_at: dt.datetime = Field(sa_type=Moment)


class WordingChannel(SQLModel, table=True):
    """A channel that a wording speaks of."""

    __tablename__ = "wording_channel"

    wording_id: str = Field(foreign_key="wording.id", primary_key=True)
    channel_id: str = Field(foreign_key="channel.id", primary_key=True)


class PaperForm(SQLModel, table=True):
    """A form on paper: where the school keeps it. Apart from the ledger, because a reference is free text."""

    __tablename__ = "paper_form"

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    reference: str
    recorded_at: dt.datetime = Field(sa_type=Moment)


class Decision(SQLModel, table=True):
    """One answer of one decider, about one person. Append-only by trigger; `number` is the order of arrival."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("(decider = 'guardian') = (guardian_id IS NOT NULL)", name="a_guardian_has_an_id"),
        CheckConstraint(
            "(purpose = 'publication') = (channel_id IS NOT NULL AND medium IS NOT NULL)",
            name="a_publication_has_a_place",
        ),
    )

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(default_factory=new_id, unique=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    decider: Decider = Field(sa_type=words(Decider))
    guardian_id: str | None = Field(default=None, foreign_key="guardian.id")
    purpose: Purpose = Field(sa_type=words(Purpose))
    medium: Medium | None = Field(default=None, sa_type=words(Medium))
    channel_id: str | None = Field(default=None, foreign_key="channel.id")
    answer: Answer = Field(sa_type=words(Answer))
    wording_id: str = Field(foreign_key="wording.id")
    source: Source = Field(sa_type=words(Source))
    paper_form_id: str | None = Field(default=None, foreign_key="paper_form.id")
    recorded_by: str | None = Field(default=None, foreign_key="account.id")
    at: dt.datetime = Field(sa_type=Moment)
    expires_on: dt.date | None = None  # the first day it no longer counts
