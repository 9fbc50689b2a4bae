"""Signed leave to publish one rendition on one channel until a day.

Offline a permit says what was released, for which channel and until when: that the signature and the file's digest
prove. Whether it may be published *today* only the installation says, from today's ledger: a permit dies with the
consent it rests on. Signatures are Ed25519 (RFC 8032).
"""

import base64
import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session, col, select

from consent import audit, clock, sealing, settings
from consent.audit import Action
from consent.database import new_id
from consent.decisions.tables import Channel
from consent.errors import ConsentError, Refused
from consent.gate import assessment
from consent.gate.tables import Batch, Permit, Rendition, Upload
from consent.gate.verdicts import ItemVerdict, Why
from consent.people import accounts
from consent.people.tables import Account

_SIGNER = "signing"  # owner of the installation's signing key in the key store


class Forged(ConsentError):
    """This permit was not signed by this key, or was changed since."""


@dataclass(frozen=True)
class Released:
    """What a permit says of a file: for which channel it was released, when, and the last day to publish it."""

    permit_id: str
    release_id: str
    sha256: str
    school: str
    channel: str
    issued_on: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Standing:
    """What the installation says today of a file that was released: nothing `against`, or what is."""

    released: Released
    against: tuple[str, ...]

    @property
    def may_be_published(self) -> bool:
        """On this very day."""
        return not self.against


def issue(session: Session, upload: Upload, channel: Channel, *, by: Account) -> Permit:
    """A permit for the rendition of this upload, judged once more under the permissions of this moment.

    Raises:
        Refused: with everything that stands in the way.
    """
    batch = session.get_one(Batch, upload.batch_id)
    rendition = assessment.rendition_of(session, upload.id, channel.id)
    obstacles = _obstacles(session, batch, upload, channel, rendition)
    if obstacles or rendition is None:
        raise Refused("No permit: " + "; ".join(obstacles) + ".")
    standing = _permit_for(session, rendition, channel)
    if standing:
        return standing
    permit = Permit(
        id=new_id(),
        upload_id=upload.id,
        channel_id=channel.id,
        sha256=rendition.sha256,
        issued_at=clock.now(),
        issued_by=by.id,
        last_day=clock.today() + dt.timedelta(days=settings.current().permit_days),
        token="",
    )
    permit.token = _sign(_said(permit, rendition, channel))
    session.add(permit)
    audit.record(
        session,
        Action.PERMIT_ISSUED,
        f"permit:{permit.id}",
        school_id=batch.school_id,
        actor=accounts.actor(by),
        particulars={"rendition": rendition.id, "sha256": rendition.sha256, "channel": channel.id},
    )
    session.flush()
    return permit


def read(token: str, public_key: str) -> Released:
    """What a permit says, once its signature by `public_key` (hex) holds. Needs no database."""
    try:
        parts = json.loads(token)
        said, signature = parts["permit"], base64.b64decode(parts["signature"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signature, _canonical(said))
        return Released(
            permit_id=str(said["id"]),
            release_id=str(said["release"]),
            sha256=str(said["sha256"]),
            school=str(said["school"]),
            channel=str(said["channel"]),
            issued_on=dt.date.fromisoformat(said["issued_on"]),
            last_day=dt.date.fromisoformat(said["last_day"]),
        )
    except (InvalidSignature, ValueError, KeyError, TypeError, RecursionError):
        raise Forged from None


def standings(session: Session, content: bytes) -> list[Standing]:
    """What this installation says today of a file, per channel it was released for; empty: it knows no such file."""
    digest = hashlib.sha256(content).hexdigest()
    permits = session.exec(select(Permit).where(Permit.sha256 == digest).order_by(col(Permit.issued_at).desc()))
    latest: dict[str, Permit] = {}
    for permit in permits:
        latest.setdefault(permit.channel_id, permit)
    return [_standing(session, permit) for permit in latest.values()]


def public_key() -> str:
    """The key that this installation's permits are verified by, as hex."""
    return _signer().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _standing(session: Session, permit: Permit) -> Standing:
    released = read(permit.token, public_key())
    upload = session.get_one(Upload, permit.upload_id)
    channel = session.get_one(Channel, permit.channel_id)
    against: list[str] = []
    if released.last_day < clock.today():
        against.append(f"the permit ended on {released.last_day}")
    rendition = assessment.rendition_of(session, upload.id, channel.id)
    if rendition is None or rendition.sha256 != permit.sha256:
        against.append("it was judged anew since, and another file was made")
    judged = assessment.judge(session, upload, channel)
    if judged.verdict is not ItemVerdict.READY:
        against.extend(_sentence(why) for why in judged.reasons)
    written = assessment.written(session, upload.id, channel.id)
    # Whoever may no longer be shown would merely be covered in a file made today. This one was made before.
    if written is None or any(
        was.shown and not now.shown for was, now in zip(written.faces, judged.faces, strict=True)
    ):
        against.append("somebody shown in it may no longer be shown")
    return Standing(released, tuple(against))


def _obstacles(
    session: Session, batch: Batch, upload: Upload, channel: Channel, rendition: Rendition | None
) -> list[str]:
    if batch.anonymising:
        return ["there is no register here, so nobody's consent is known"]
    found: list[str] = []
    if not batch.maker or batch.commissioned is None:
        found.append("it was not said who made the pictures and whether they were commissioned")
    if not batch.leave:
        found.append("it was not said that the school may use the pictures")
    judged = assessment.judge(session, upload, channel)
    if judged.verdict is not ItemVerdict.READY:
        found.extend(_sentence(why) for why in judged.reasons)
    written = assessment.written(session, upload.id, channel.id)
    if rendition is None or not rendition.proven or written is None:
        found.append("there is no proven rendition")
    elif written.faces != judged.faces or written.revision != batch.revision:
        found.append("it must be judged again: something changed since")
    return found


def _sentence(why: Why) -> str:
    return str(why).replace("_", " ")


def _permit_for(session: Session, rendition: Rendition, channel: Channel) -> Permit | None:
    return session.exec(
        select(Permit)
        .where(Permit.sha256 == rendition.sha256, Permit.channel_id == channel.id)
        .where(Permit.upload_id == rendition.upload_id, col(Permit.last_day) >= clock.today())
    ).first()


def _said(permit: Permit, rendition: Rendition, channel: Channel) -> dict[str, str]:
    return {
        "id": permit.id,
        "release": rendition.id,
        "sha256": rendition.sha256,
        "school": channel.school_id,
        "channel": channel.key,
        "issued_on": clock.day_of(permit.issued_at).isoformat(),
        "last_day": permit.last_day.isoformat(),
    }


def _sign(said: dict[str, str]) -> str:
    signature = base64.b64encode(_signer().sign(_canonical(said))).decode()
    return json.dumps({"permit": said, "signature": signature}, indent=1)


def _canonical(said: object) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sealing.key_store().make(_SIGNER))
