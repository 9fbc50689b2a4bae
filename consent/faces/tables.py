"""The rows of faces. Vectors lie sealed: a template under its person's key, a probe under its batch's key."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.database import Moment, new_id, words
from consent.faces.matching import Strength


class Certainty(StrEnum):
    """What a sighting is thought to be; `drawn` is a cover that a person placed by hand."""

    FACE = "face"
    POSSIBLE = "possible"
    DRAWN = "drawn"


class Portrait(SQLModel, table=True):
    """A picture that a person gave to be recognised by; the file lies in the vault under that person's key."""

    __tablename__ = "portrait"
    __table_args__ = (UniqueConstraint("person_id", "sha256"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    sha256: str
    added_at: dt.datetime = Field(sa_type=Moment)


class Template(SQLModel, table=True):
    """What a portrait looks like to the recogniser."""

    __tablename__ = "template"

    portrait_id: str = Field(foreign_key="portrait.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    model: str
    sealed_vector: bytes
    made_at: dt.datetime = Field(sa_type=Moment)
    expires_on: dt.date  # the first day it may no longer be used


class Sighting(SQLModel, table=True):
    """One face, or possible face, in one upload. Places are pixels of the upright picture."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("upload_id", "ordinal"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    upload_id: str = Field(foreign_key="upload.id", index=True)
    ordinal: int
    left: float
    top: float
    width: float
    height: float
    score: float
    certainty: Certainty = Field(sa_type=words(Certainty))
    group_number: int | None = None


class Probe(SQLModel, table=True):
    """What a sighting looks like to the recogniser, for as long as the batch is open."""

    __tablename__ = "probe"

    sighting_id: str = Field(foreign_key="sighting.id", primary_key=True)
    sealed_vector: bytes


class Proposal(SQLModel, table=True):
    """Whom a sighting may be. Never the truth of the matter: that takes a person."""

    __tablename__ = "proposal"

    sighting_id: str = Field(foreign_key="sighting.id", primary_key=True)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    others: str = "[]"  # ids of whom else it may be, nearest first, as JSON
    distance: float
    margin: float
    strength: Strength = Field(sa_type=words(Strength))
    look_alike: bool
