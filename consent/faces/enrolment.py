"""From a portrait to a template, only with biometric consent and a recorded impact assessment; and back to nothing.

Portrait and template are sealed under a key of their own, which is destroyed with them: with the consent, at 16, on
leaving, and with age. Children's faces change faster than adults' (arXiv 2204.01760 measures it), so a template serves
for a year, or for two from the age of twelve.
"""

import datetime as dt
from collections.abc import Collection

import numpy as np
from PIL import Image
from sqlmodel import Session, col, delete, select

from consent import audit, clock, queue, sealing
from consent.audit import Action
from consent.database import new_id
from consent.decisions import ledger
from consent.errors import ConsentError, Refused
from consent.faces import detector, matching, recogniser
from consent.faces.matching import Enrolled
from consent.faces.recogniser import Flaw
from consent.faces.tables import Certainty, Portrait, Template
from consent.media import photo, vault
from consent.people import roll
from consent.people.ages import is_sixteen, sixteenth_birthday
from consent.people.tables import Person, School
from consent.queue import Job

_SENTENCES = {
    Flaw.TOO_SMALL: "The face in this portrait is too small: take it closer by.",
    Flaw.BLURRED: "This portrait is blurred: take a sharper one.",
    Flaw.TURNED: "The face in this portrait is turned away: take one from the front.",
}


class UnfitPortrait(ConsentError):
    """This portrait cannot be used."""


def hand_in(session: Session, person: Person, content: bytes, *, actor: str) -> Portrait:
    """Keep a portrait, sealed, and ask for a template to be made of it."""
    refuse_without_leave(session, person)
    portrait_id = new_id()
    key = sealing.key_store().make(key_owner(portrait_id))
    stored = vault.put(portrait_file(portrait_id), content, key)
    twin = session.exec(
        select(Portrait).where(Portrait.person_id == person.id, Portrait.sha256 == stored.sha256)
    ).first()
    if twin:
        _destroy(portrait_id)
        return twin
    portrait = Portrait(id=portrait_id, person_id=person.id, sha256=stored.sha256, added_at=clock.now())
    session.add(portrait)
    session.flush()
    audit.record(session, Action.PERSON_ENROLLED, f"person:{person.id}", school_id=person.school_id, actor=actor)
    queue.ask(session, Job.ENROL_PORTRAIT, portrait.id)
    return portrait


def enrol(session: Session, portrait_id: str) -> None:
    """Make the template of a portrait; asked in the worker, where consent is looked at once more.

    Raises:
        UnfitPortrait: with what is wrong, so that a better one can be taken. The portrait is erased.
    """
    portrait = session.get_one(Portrait, portrait_id)
    person = session.get_one(Person, portrait.person_id)
    refuse_without_leave(session, person)
    key = sealing.key_store().key(key_owner(portrait.id))
    picture = photo.sanitise(vault.read(portrait_file(portrait.id), key))
    vector = _vector_of(picture)
    session.exec(delete(Template).where(col(Template.portrait_id) == portrait.id))
    session.add(
        Template(
            portrait_id=portrait.id,
            person_id=person.id,
            model=recogniser.MODEL,
            sealed_vector=sealing.seal(key, vector.tobytes(), f"template:{portrait.id}"),
            made_at=clock.now(),
            expires_on=_expiry(person, clock.today()),
        )
    )
    session.flush()


def refuse_without_leave(session: Session, person: Person) -> None:
    """No template without a recorded assessment, and none without everybody's explicit consent to matching."""
    school = session.get_one(School, person.school_id)
    if not school.dpia_reference:
        raise Refused("Matching is off: record the reference of the school's DPIA first.")
    if person.erased_at:
        raise Refused("This person was erased.")
    allowed = ledger.may_match(session, [person.id], clock.today())[person.id]
    if not allowed.allowed:
        raise Refused("There is no consent to face matching for this person.")


def matchable_among(session: Session, people: Collection[str]) -> list[str]:
    """Those of `people` who may be matched today and have a template for it."""
    return sorted({template.person_id for template in _usable(session, people)})


def enrolled_among(session: Session, people: Collection[str]) -> list[Enrolled]:
    """The same, each with the mean of their templates."""
    keys = sealing.key_store()
    vectors: dict[str, list[recogniser.Vector]] = {}
    for template in _usable(session, people):
        key = keys.key(key_owner(template.portrait_id))
        opened = sealing.unseal(key, template.sealed_vector, f"template:{template.portrait_id}")
        vectors.setdefault(template.person_id, []).append(np.frombuffer(opened, np.float32))
    return [Enrolled(person_id, np.mean(several, axis=0)) for person_id, several in vectors.items()]


def siblings_of(session: Session, people: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of siblings of which one is among `people`; the other may be anybody of the school."""
    wanted = set(people)
    school_ids = session.exec(select(Person.school_id).where(col(Person.id).in_(wanted)).distinct()).all()
    everybody = session.exec(select(Person.id).where(col(Person.school_id).in_(school_ids))).all()
    pairs = [(first, second) for first, second in map(sorted, roll.siblings(session, everybody))]
    return sorted(pair for pair in pairs if wanted & set(pair))


def look_alikes_among(session: Session, people: Collection[str]) -> frozenset[str]:
    """Those of `people` who may be taken for somebody else: siblings, and whoever's template is close."""
    pairs = siblings_of(session, people)
    close = matching.look_alikes(enrolled_among(session, people), pairs, matching.Thresholds().look_alike)
    return frozenset({one for pair in pairs for one in pair} | {one for one, others in close.items() if others})


def turn_away(session: Session, portrait_id: str) -> None:
    """Erase a portrait that is no use."""
    _destroy(portrait_id)
    session.exec(delete(Template).where(col(Template.portrait_id) == portrait_id))
    session.exec(delete(Portrait).where(col(Portrait.id) == portrait_id))


def forget(session: Session, person: Person, *, actor: str) -> None:
    """Destroy every template and portrait of a person, in every backup too.

    Keys first: a crash in between leaves rows that cannot be opened, never something to open that nobody lists.
    """
    portraits = session.exec(select(Portrait).where(Portrait.person_id == person.id)).all()
    for portrait in portraits:
        _destroy(portrait.id)
    session.exec(delete(Template).where(col(Template.person_id) == person.id))
    session.exec(delete(Portrait).where(col(Portrait.person_id) == person.id))
    if portraits:
        audit.record(session, Action.TEMPLATE_DESTROYED, f"person:{person.id}", school_id=person.school_id, actor=actor)


def follow_consent(session: Session, person_id: str) -> None:
    """After a decision: whoever may no longer be matched has nothing left to be matched by."""
    person = session.get_one(Person, person_id)
    if not ledger.may_match(session, [person_id], clock.today())[person_id].allowed:
        forget(session, person, actor="gate")


def key_owner(portrait_id: str) -> str:
    """Under what name the key store keeps a portrait's key."""
    return f"portrait-{portrait_id}"


def portrait_file(portrait_id: str) -> str:
    """The vault's name of a portrait."""
    return f"portraits/{portrait_id}"


def _usable(session: Session, people: Collection[str]) -> list[Template]:
    today = clock.today()
    allowed = ledger.may_match(session, people, today)
    fit = (
        select(Template)
        .where(col(Template.person_id).in_(people))
        .where(Template.model == recogniser.MODEL, Template.expires_on > today)
        .order_by(col(Template.portrait_id))
    )
    return [template for template in session.exec(fit) if allowed[template.person_id].allowed]


def _destroy(portrait_id: str) -> None:
    sealing.key_store().destroy(key_owner(portrait_id))
    vault.erase(portrait_file(portrait_id))


def _vector_of(picture: Image.Image) -> recogniser.Vector:
    pixels = np.asarray(picture)
    faces = [face for face in detector.find_faces(pixels) if face.certainty.value == Certainty.FACE.value]
    if not faces:
        raise UnfitPortrait("There is no face to be found in this portrait.")
    if len(faces) > 1:
        raise UnfitPortrait("There is more than one face in this portrait.")
    flaw = recogniser.measure_portrait(pixels, faces[0].box).flaw
    if flaw:
        raise UnfitPortrait(_SENTENCES[flaw])
    return recogniser.embed(pixels, [faces[0].box])[0]


def _expiry(person: Person, today: dt.date) -> dt.date:
    """The first day a template made today may no longer be used."""
    age = _years(person.born, today) if person.born else 0
    months = 24 if age >= 12 else 12  # noqa: PLR2004 - DESIGN 4, "Matching is restrained"
    expiry = _later(today, months)
    if person.born and not is_sixteen(person.born, today):  # from then on the person decides alone: asked anew
        expiry = min(expiry, sixteenth_birthday(person.born))
    return expiry


def _years(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _later(day: dt.date, months: int) -> dt.date:
    years = day.year + months // 12
    try:
        return day.replace(year=years)
    except ValueError:  # 29 February in a year that has none
        return dt.date(years, 3, 1)
