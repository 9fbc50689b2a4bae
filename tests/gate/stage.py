"""A school with a DPIA and an outing, and pictures whose truth is known: who stands where, and how surely recognised.

Pictures are textured squares, one per person, so that what is covered and what is shown can be measured; faces are
put in by hand, with vectors at stated distances, and go through the gate's own steps from there. Finding faces has its
own tests, in tests/faces.
"""

import hashlib
import io
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from sqlmodel import Session

from consent import clock, sealing
from consent.database import new_id
from consent.decisions import channels
from consent.decisions.tables import Channel
from consent.faces import enrolment, recogniser, sightings
from consent.faces.detector import Certainty, Detection
from consent.faces.sightings import Found
from consent.faces.tables import Portrait, Sighting, Template
from consent.gate import assessment, intake, preparation
from consent.gate.assessment import Written
from consent.gate.tables import Batch, Outing, Upload
from consent.media import vault, views
from consent.media.regions import Box
from consent.people import roll
from consent.people.tables import Account, Person, School
from tests.people import Folk, move_in

SIZE = 160  # pixels: the side of one person's square
FACE = Box(45, 45, 70, 70)  # within it


@dataclass
class Stage:
    """The school, its people by name, and one open batch."""

    session: Session
    folk: Folk
    outing: Outing
    batch: Batch
    positions: int = 0
    pictures: dict[str, Image.Image] = field(default_factory=dict)

    def account(self, name: str) -> Account:
        """An account by what it may do."""
        return self.session.get_one(Account, getattr(self.folk, name))

    def person(self, name: str) -> Person:
        """Somebody by first name."""
        return self.session.get_one(Person, getattr(self.folk, name))

    def channel(self, key: str) -> Channel:
        """A channel of the school."""
        return channels.channel_named(self.session, self.folk.school, key)

    def change(self, key: str, **wanted: object) -> None:
        """Set a channel."""
        channel = self.channel(key)
        now = channels.settings_of(channel)
        changed = type(now)(**{name: wanted.get(name, getattr(now, name)) for name in now.__dataclass_fields__})
        channels.change_channel(self.session, channel, changed, by=None)

    def enrol(self, *names: str) -> None:
        """Give people a template, as the recogniser would have made it."""
        for name in names:
            portrait = Portrait(id=new_id(), person_id=self.person(name).id, sha256=name, added_at=clock.now())
            self.session.add(portrait)
            self.session.flush()
            key = sealing.key_store().make(enrolment.key_owner(portrait.id))
            vault.put(enrolment.portrait_file(portrait.id), f"portrait of {name}".encode(), key)
            sealed = sealing.seal(key, looks(name).tobytes(), f"template:{portrait.id}")
            template = Template(
                portrait_id=portrait.id,
                person_id=portrait.person_id,
                model=recogniser.MODEL,
                sealed_vector=sealed,
                made_at=clock.now(),
                expires_on=clock.today().replace(year=clock.today().year + 1, day=1),
            )
            self.session.add(template)
        self.session.flush()

    def photograph(self, *names: str, apart: float = 0.1, possible: int = 0) -> Upload:
        """A picture of these people, side by side; each looks `apart` from their template. Prepared, not yet judged.

        The last `possible` of them are possible faces only.
        """
        self.positions += 1
        picture = textured(max(1, len(names)), self.positions)
        written = io.BytesIO()
        picture.save(written, "PNG")
        name = f"picture {self.positions} of {' and '.join(names)}.png"
        content = io.BytesIO(written.getvalue())
        upload = intake.receive(self.session, self.batch, name, content, self.positions)
        self.pictures[upload.id] = picture
        upload.format, upload.width, upload.height = "png", *picture.size
        faces = []
        for number, who in enumerate(names):
            certain = number < len(names) - possible
            box = Box(FACE.left + number * SIZE, FACE.top, FACE.width, FACE.height)
            face = Detection(box, 0.9, Certainty.FACE if certain else Certainty.POSSIBLE)
            vector = (
                looks(who, apart, seed=self.positions)
                if certain and preparation.matching_for(self.session, upload)
                else None
            )
            faces.append(Found(face, vector))
        key = sealing.key_store().key(intake.probe_owner(self.batch.id))
        sightings.keep(self.session, upload.id, faces, key)
        preparation.match(self.session, upload)
        preparation.finish(self.session, upload)
        return upload

    def judge(self, upload: Upload, channel: str = "website") -> Written:
        """Have it judged, rendered, checked and settled under the permissions of now; what came of it."""
        preparation.judge(self.session, upload, self.batch.revision)
        preparation.render(self.session, upload)
        preparation.settle(self.session, upload, self.batch.revision)
        written = assessment.written(self.session, upload.id, self.channel(channel).id)
        assert written is not None
        return written

    def faces(self, upload: Upload) -> list[Sighting]:
        """The faces of an upload, from left to right."""
        return sightings.sightings_of(self.session, upload.id)


def set_up(session: Session, *, places: tuple[str, ...] = ("website", "parent-app"), dpia: bool = True) -> Stage:
    """De Regenboog went to the zoo, all of them, and a batch of pictures is open."""
    folk = move_in(session)
    school = session.get_one(School, folk.school)
    if dpia:
        roll.record_dpia(session, school, "DPIA 2026-1", by=None)
    outing = intake.plan_outing(session, school, "Artis", clock.today(), actor="account:test")
    present = [getattr(folk, name) for name in ("anna", "ben", "chidi", "gijs", "guus", "hana", "ivo", "jasmijn")]
    intake.confirm_presence(session, outing, present, actor="account:test")
    chosen = [channels.channel_named(session, school.id, place) for place in places]
    batch = intake.open_batch(session, outing, chosen, actor="account:test")
    return Stage(session, folk, outing, batch)


def looks(name: str, apart: float = 0.0, seed: int = 0) -> recogniser.Vector:
    """What somebody looks like to the recogniser: a direction of their own, turned `apart` of it (a distance)."""
    own = _direction(f"looks of {name}")
    if not apart:
        return own
    aside = _direction(f"picture {seed} of {name}")
    aside = aside - float(aside @ own) * own
    aside /= np.linalg.norm(aside)
    angle = 2 * np.arcsin(apart / 2)
    turned: recogniser.Vector = (np.cos(angle) * own + np.sin(angle) * aside).astype(np.float32)
    return turned


def textured(people: int, seed: int) -> Image.Image:
    """Noise and stripes: whatever is left open of it can be told from a cover."""
    grain = np.random.default_rng(seed)
    noise = grain.integers(0, 255, (SIZE // 4, people * SIZE // 4, 3), dtype=np.uint8)
    return Image.fromarray(noise.repeat(4, axis=0).repeat(4, axis=1))


def is_open(stage: Stage, upload: Upload, number: int, channel: str = "website") -> bool:
    """Whether the rendition shows the `number`th face from the left as it was photographed."""
    rendition = assessment.rendition_of(stage.session, upload.id, stage.channel(channel).id)
    assert rendition is not None
    content = preparation.redaction.content_of(stage.session, rendition)
    place = (int(FACE.left) + number * SIZE, int(FACE.top), int(FACE.right) + number * SIZE, int(FACE.bottom))
    made = np.asarray(views.decode(content).crop(place), np.float32)
    taken = np.asarray(stage.pictures[upload.id].crop(place), np.float32)
    return float(np.abs(made - taken).mean()) < 20  # noise averages 85 apart from a cover


def _direction(text: str) -> recogniser.Vector:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
    drawn = np.random.default_rng(seed).standard_normal(128)
    direction: recogniser.Vector = (drawn / np.linalg.norm(drawn)).astype(np.float32)
    return direction
