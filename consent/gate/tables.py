"""The rows of the gate: outings, batches, uploads, what people said of a face, verdicts, renditions and permits."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.database import Moment, new_id, words
from consent.gate.verdicts import ItemVerdict, Verdict


class UploadState(StrEnum):
    """How far an upload is."""

    RECEIVED = "received"
    REFUSED = "refused"
    PREPARED = "prepared"
    JUDGED = "judged"


class MarkKind(StrEnum):
    """What a person said of a sighting."""

    PERSON = "person"
    NOT_ON_THE_REGISTER = "not_on_the_register"
    NO_IDEA = "no_idea"
    NO_FACE = "no_face"


class Outing(SQLModel, table=True):
    """What is photographed."""

    __tablename__ = "outing"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    name: str
    day: dt.date
    presence_confirmed_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class Presence(SQLModel, table=True):
    """Somebody who was there."""

    __tablename__ = "presence"

    outing_id: str = Field(foreign_key="outing.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True)


class Batch(SQLModel, table=True):
    """The files of one outing, handed in together. Files and probes lie sealed under the batch's key."""

    __tablename__ = "batch"

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    outing_id: str = Field(foreign_key="outing.id", index=True)
    received_at: dt.datetime = Field(sa_type=Moment)
    complete: bool = False  # every file is in
    anonymising: bool = False  # there is no register: everybody is covered, nothing is permitted
    revision: int = 0  # raised by everything that a person says of it; names the jobs that follow
    maker: str | None = None
    leave: bool | None = None  # may we use them?
    commissioned: bool | None = None  # Auteurswet 20
    closed_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class BatchChannel(SQLModel, table=True):
    """A channel that a batch is meant for."""

    __tablename__ = "batch_channel"

    batch_id: str = Field(foreign_key="batch.id", primary_key=True)
    channel_id: str = Field(foreign_key="channel.id", primary_key=True)


class Upload(SQLModel, table=True):
    """One file. Its name is sealed under the batch's key: people name files after people."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("batch_id", "position"), UniqueConstraint("batch_id", "sha256"))

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batch.id", index=True)
    position: int
    sealed_name: bytes
    sha256: str
    size: int  # bytes
    state: UploadState = Field(default=UploadState.RECEIVED, sa_type=words(UploadState))
    refusal: str | None = None
    format: str | None = None
    width: int | None = None
    height: int | None = None
    judged_revision: int | None = None


class Mark(SQLModel, table=True):
    """What a person said of a sighting. The latest that is not undone counts; one `naming` is undone as one."""

    __tablename__ = "mark"

    number: int | None = Field(default=None, primary_key=True)
    sighting_id: str = Field(foreign_key="sighting.id", index=True)
    naming_id: str = Field(index=True)
    kind: MarkKind = Field(sa_type=words(MarkKind))
    person_id: str | None = Field(default=None, foreign_key="person.id")
    by: str = Field(foreign_key="account.id")
    at: dt.datetime = Field(sa_type=Moment)
    undone_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class SightingVerdict(SQLModel, table=True):
    """What becomes of one face on one channel, and why."""

    __tablename__ = "sighting_verdict"

    sighting_id: str = Field(foreign_key="sighting.id", primary_key=True)
    channel_id: str = Field(foreign_key="channel.id", primary_key=True)
    verdict: Verdict = Field(sa_type=words(Verdict))
    reasons: str


class Assessment(SQLModel, table=True):
    """What becomes of one upload on one channel, and why."""

    __tablename__ = "assessment"

    upload_id: str = Field(foreign_key="upload.id", primary_key=True)
    channel_id: str = Field(foreign_key="channel.id", primary_key=True)
    verdict: ItemVerdict = Field(sa_type=words(ItemVerdict))
    reasons: str
    revision: int
    judged_at: dt.datetime = Field(sa_type=Moment)


class Rendition(SQLModel, table=True):
    """The file made of one upload for one channel. Its id is the release id that the file carries."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("upload_id", "channel_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    upload_id: str = Field(foreign_key="upload.id", index=True)
    channel_id: str = Field(foreign_key="channel.id", index=True)
    sha256: str
    suffix: str
    revision: int
    proven: bool = False  # the leak check was passed
    leak: str | None = None  # what the leak check found


class Look(SQLModel, table=True):
    """A person looked at exactly this rendition."""

    __tablename__ = "look"
    __table_args__ = (UniqueConstraint("upload_id", "channel_id", "sha256", "by"),)

    number: int | None = Field(default=None, primary_key=True)
    upload_id: str = Field(foreign_key="upload.id", index=True)
    channel_id: str = Field(foreign_key="channel.id")
    sha256: str
    by: str = Field(foreign_key="account.id")
    at: dt.datetime = Field(sa_type=Moment)


class Permit(SQLModel, table=True):
    """Signed leave to publish one rendition on one channel until a day."""

    __tablename__ = "permit"

    id: str = Field(default_factory=new_id, primary_key=True)
    upload_id: str = Field(foreign_key="upload.id", index=True)
    channel_id: str = Field(foreign_key="channel.id")
    sha256: str = Field(index=True)
    issued_at: dt.datetime = Field(sa_type=Moment)
    issued_by: str = Field(foreign_key="account.id")
    last_day: dt.date
    token: str
