"""The drawn school's day out: pictures written to a folder as a telephone would, and the truth about each.

Among them is what a real folder holds as well: a landscape without anybody, strangers, a file twice, one that is
damaged, one that lies on its side.
"""

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from consent.demo import cast
from consent.demo.figures import draw_figure
from consent.demo.looks import Light, Look, Pose, imagine
from consent.demo.places import Place
from consent.demo.scenes import Placed, Scene, group_picture
from consent.demo.snapshots import jpeg
from consent.media.regions import Box

NAME = "Schoolreis naar de tekenboerderij"
_STRANGER = "stranger"
_BROKEN_OFF = 0.4  # the share of the damaged file that is there
_BOARD = Box(1055, 640, 150, 60)  # on a house in the picture without anybody

_GOLDEN = Light(0.98, 45, (1.0, 0.96, 0.88))
_OVERCAST = Light(0.9, 0, (0.97, 0.99, 1.0))
_BRIGHT = Light(1.07, -30, (1.0, 1.0, 0.98))
_DUSK = Light(0.62, 35, (0.94, 0.95, 1.0))
_INDOORS = Light(0.86, -10, (1.0, 0.96, 0.9))


@dataclass(frozen=True)
class Shot:
    """One picture to be taken. `who` are keys of the cast; `strangers` are passers-by, by number."""

    name: str
    told: str
    who: tuple[str, ...]
    place: Place
    light: Light
    size: tuple[int, int] = (1600, 1200)
    face_px: tuple[int, int] = (90, 150)
    strangers: tuple[int, ...] = ()
    overlapping: bool = False
    orientation: int = 1
    scarecrow: bool = False
    name_board: bool = False

    @property
    def number(self) -> int:
        """Its place in the day."""
        return int(self.name[:2])


@dataclass(frozen=True)
class Truth:
    """What is certainly in a file: faces in the upright picture, and its size."""

    told: str
    faces: tuple[Placed, ...] = ()
    to_cover: tuple[Box, ...] = ()  # what else the reviewer covers by hand


SHOTS = (
    Shot(
        "01-vertrek.jpg",
        "The class before it leaves, in lamplight.",
        ("annemieke", "sanne", "youssef", "emma", "lucas", "fatima", "noor", "mila", "sem", "finn"),
        Place.CLASSROOM,
        _INDOORS,
    ),
    Shot(
        "02-in-de-straat.jpg",
        "On the way, with three passers-by whom nobody knows.",
        ("joost", "youssef", "zeynep", "daan", "liv"),
        Place.STREET,
        _OVERCAST,
        strangers=(0, 1, 2),
    ),
    Shot(
        "03-bosrand.jpg",
        "In low sun.",
        ("amir", "ravi", "aaliyah", "jayden", "thijs", "saar", "yara"),
        Place.FOREST,
        _GOLDEN,
    ),
    Shot(
        "04-boerderij.jpg",
        "Twelve at the barn; one of the parents has not answered, one says no.",
        ("sanne", "emma", "lotte", "mei", "ravi", "amir", "bram", "lucas", "zeynep", "mees", "finn", "carla"),
        Place.FARM,
        _BRIGHT,
        size=(2000, 1500),
    ),
    Shot(
        "05-hoofden-bij-elkaar.jpg",
        "At dusk, two heads together: one allows it, the other not. Where they overlap, the cover wins.",
        ("sanne", "bram", "daan"),
        Place.FOREST,
        _DUSK,
        overlapping=True,
    ),
    Shot(
        "06-zussen.jpg",
        "Lotte and Tess are sisters and look alike; Tess does not want to be on the website. And a scarecrow.",
        ("lotte", "tess", "liv"),
        Place.FARM,
        _GOLDEN,
        scarecrow=True,
    ),
    Shot(
        "07-strand.jpg",
        "Everybody in it allows it.",
        ("emma", "amir", "liv", "aaliyah", "sem"),
        Place.BEACH,
        _BRIGHT,
        size=(1920, 1080),
    ),
    Shot(
        "08-bij-de-giraf.jpg",
        "Kofi is in it, who has to be kept out of every picture.",
        ("kofi", "jayden", "ravi"),
        Place.ZOO,
        _BRIGHT,
    ),
    Shot(
        "09-op-zijn-kant.jpg",
        "The telephone was held upright, so the file lies on its side. Julia is sixteen and decides alone.",
        ("julia", "yara", "mila"),
        Place.BEACH,
        _GOLDEN,
        size=(1200, 1600),
        orientation=6,
    ),
    Shot(
        "10-lege-straat.jpg",
        "Nobody is in it. The reviewer reads a name on one of the houses, and covers it by hand.",
        (),
        Place.STREET,
        _BRIGHT,
        name_board=True,
    ),
    Shot(
        "11-dierentuin.jpg",
        "Nine small faces.",
        ("mees", "thijs", "saar", "mei", "noor", "fatima", "finn", "jayden", "lucas"),
        Place.ZOO,
        _OVERCAST,
        face_px=(44, 56),
    ),
    Shot(
        "12-naar-huis.jpg",
        "Going home in little light.",
        ("annemieke", "rachid", "emma", "ravi", "zeynep"),
        Place.STREET,
        _DUSK,
    ),
    Shot(
        "13-begeleiding.jpg",
        "Grown-ups only.",
        ("annemieke", "rachid", "joost", "carla"),
        Place.CLASSROOM,
        _INDOORS,
    ),
    Shot(
        "14-ver-weg.jpg",
        "People far away: too small to say who, or even whether all of it is people.",
        ("sem",),
        Place.BEACH,
        _OVERCAST,
        face_px=(9, 11),
        strangers=(14, 15, 16, 17, 18, 19),
    ),
)


def take_pictures(folder: Path, day: dt.date, shots: tuple[Shot, ...] = SHOTS) -> dict[str, Truth]:
    """Draw every picture of `shots` into the folder; the truth by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    truths: dict[str, Truth] = {}
    for shot in shots:
        scene = draw(shot)
        taken = f"{day:%Y:%m:%d} {9 + shot.number // 3:02}:{shot.number * 13 % 60:02}:00"
        (folder / shot.name).write_bytes(jpeg(scene, orientation=shot.orientation, taken=taken))
        truths[shot.name] = Truth(shot.told, scene.faces, (_BOARD,) if shot.name_board else ())
    return truths | _add_mishaps(folder, shots)


def draw(shot: Shot) -> Scene:
    """The picture itself, the same each time."""
    looks = cast.pupils() | cast.grown_ups()
    passing = cast.strangers()
    people: list[tuple[str, Look]] = [(key, looks[key]) for key in shot.who]
    people += [(f"{_STRANGER} {number}", passing[number]) for number in shot.strangers]
    scene = group_picture(
        people,
        shot.number,
        shot.size,
        light=shot.light,
        place=shot.place,
        face_px=shot.face_px,
        overlapping=shot.overlapping,
    )
    if shot.scarecrow:
        _put_up_scarecrow(scene.picture)
    if shot.name_board:
        _put_up_board(scene.picture)
    return scene


def is_stranger(who: str) -> bool:
    """Whether no register knows whoever this is."""
    return who.startswith(_STRANGER)


def _put_up_scarecrow(picture: Image.Image) -> None:
    """A face for every detector, and nobody's."""
    straw = replace(
        imagine(12, grown=True),
        skin=(0.86, 0.74, 0.48),
        hair_colour=(0.80, 0.68, 0.30),
        lips=(0.70, 0.50, 0.30),
        clothes=(0.55, 0.45, 0.35),
    )
    figure, face = draw_figure(straw, Pose(smile=0.9, tilt=4, noise=0), 76)
    upper = figure.crop((0, 0, figure.width, round(face.bottom + 2.1 * face.width)))
    left, top, wood, hay = 90, 610, (120, 92, 66), (226, 196, 112)
    middle, brow = left + face.centre[0], top + face.top
    pen = ImageDraw.Draw(picture)
    pen.rectangle((middle - 8, top + upper.height - 20, middle + 8, top + upper.height + 190), fill=wood)
    pen.rectangle((left - 34, brow + 166, left + upper.width + 34, brow + 180), fill=wood)
    picture.paste(upper, (left, top), upper)
    pen.rounded_rectangle((middle - 34, brow - 58, middle + 34, brow + 4), radius=14, fill=hay)
    pen.ellipse((middle - 74, brow - 12, middle + 74, brow + 12), fill=hay, outline=(186, 152, 78))


def _put_up_board(picture: Image.Image) -> None:
    """A name on a house: no detector of faces sees it."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((_BOARD.left, _BOARD.top, _BOARD.right, _BOARD.bottom), fill=(250, 250, 244), outline=(90, 80, 70))
    pen.text(_BOARD.centre, "fam. Gum", fill=(50, 50, 60), anchor="mm", font=ImageFont.load_default(28))


def _add_mishaps(folder: Path, shots: tuple[Shot, ...]) -> dict[str, Truth]:
    """A copy of one picture, and the first part of another."""
    shutil.copy(folder / shots[0].name, folder / "15-nog-een-keer.jpg")
    whole = (folder / shots[-1].name).read_bytes()
    (folder / "16-half-overgezet.jpg").write_bytes(whole[: int(len(whole) * _BROKEN_OFF)])
    return {
        "15-nog-een-keer.jpg": Truth("The first file once more, under another name."),
        "16-half-overgezet.jpg": Truth("A file of which only the first part came over."),
    }
