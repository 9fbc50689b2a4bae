"""What a drawn person looks like, and how one picture caught them: numbers only, nothing is drawn here.

Nobody real is behind any of it. The same seed gives the same person on every machine.
Lengths are in half face widths, with the origin between the eyes, x to the right and y down; angles in degrees.
"""

import math
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from random import Random
from typing import TypeVar

_T = TypeVar("_T")

Colour = tuple[float, float, float]  # red, green, blue, each 0 to 1


class Hair(StrEnum):
    """How the hair is worn."""

    BUZZ = "buzz"
    CROP = "crop"
    PARTED = "parted"
    CURLS = "curls"
    AFRO = "afro"
    BOB = "bob"
    LONG = "long"
    PONYTAIL = "ponytail"
    BUN = "bun"
    BUNCHES = "bunches"
    SCARF = "scarf"
    BALD = "bald"


class Glasses(StrEnum):
    """What is worn before the eyes."""

    NONE = "none"
    ROUND = "round"
    SQUARE = "square"


class Beard(StrEnum):
    """What grows on an adult's chin."""

    NONE = "none"
    STUBBLE = "stubble"
    FULL = "full"
    MOUSTACHE = "moustache"


@dataclass(frozen=True, slots=True)
class Shape:
    """The geometry of a face; every number lies within its span below."""

    width: float
    chin: float
    jaw: float
    skull: float
    eye_gap: float
    eye_width: float
    eye_height: float
    eye_slant: float
    lid: float
    iris: float
    brow_height: float
    brow_thickness: float
    brow_arch: float
    brow_slant: float
    brow_length: float
    nose_length: float
    nose_width: float
    nose_bridge: float
    nose_tip: float
    mouth_drop: float
    mouth_width: float
    lip_upper: float
    lip_lower: float
    cheek: float
    ear: float
    hairline: float
    hairline_curve: float
    volume: float


_SPANS: dict[str, tuple[float, float]] = {
    "width": (0.86, 1.06),
    "chin": (1.2, 1.58),
    "jaw": (1.75, 3.6),
    "skull": (1.28, 1.46),
    "eye_gap": (0.355, 0.53),
    "eye_width": (0.165, 0.245),
    "eye_height": (0.085, 0.135),
    "eye_slant": (-0.05, 0.07),
    "lid": (0.0, 1.0),
    "iris": (0.085, 0.13),
    "brow_height": (0.235, 0.41),
    "brow_thickness": (0.018, 0.068),
    "brow_arch": (-0.015, 0.12),
    "brow_slant": (-0.055, 0.04),
    "brow_length": (0.2, 0.33),
    "nose_length": (0.38, 0.69),
    "nose_width": (0.105, 0.29),
    "nose_bridge": (0.035, 0.10),
    "nose_tip": (0.06, 0.14),
    "mouth_drop": (0.215, 0.385),
    "mouth_width": (0.22, 0.47),
    "lip_upper": (0.035, 0.085),
    "lip_lower": (0.05, 0.115),
    "cheek": (0.0, 1.2),
    "ear": (0.75, 1.2),
    "hairline": (0.62, 0.92),
    "hairline_curve": (-0.25, 0.25),
    "volume": (0.06, 0.24),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One drawn person."""

    seed: int
    grown: bool
    skin: Colour
    hair: Hair
    hair_colour: Colour
    eyes: Colour
    lips: Colour
    clothes: Colour
    scarf: Colour
    fringe: bool
    glasses: Glasses
    beard: Beard
    freckles: float
    shape: Shape


@dataclass(frozen=True, slots=True)
class Light:
    """Brightness (1 is plain daylight), where it comes from (degrees from straight above to the right), its colour."""

    brightness: float = 1.0
    direction: float = -25.0
    cast: Colour = (1.0, 1.0, 1.0)


DAYLIGHT = Light()


@dataclass(frozen=True, slots=True)
class Pose:
    """How one picture caught somebody; `smile` is -1 (sad) to 1, `noise` the sensor's spread in 8-bit steps."""

    tilt: float = 0.0
    turn: float = 0.0
    smile: float = 0.6
    open_mouth: float = 0.0
    light: Light = DAYLIGHT
    noise: float = 2.0
    seed: int = 0


_SKINS: tuple[Colour, ...] = (
    (0.98, 0.86, 0.79),
    (0.97, 0.82, 0.73),
    (0.95, 0.79, 0.67),
    (0.90, 0.72, 0.57),
    (0.82, 0.62, 0.46),
    (0.71, 0.51, 0.37),
    (0.56, 0.38, 0.27),
    (0.43, 0.29, 0.21),
)
_FAIR_HAIR: tuple[Colour, ...] = (
    (0.91, 0.79, 0.54),
    (0.80, 0.64, 0.38),
    (0.62, 0.45, 0.26),
    (0.42, 0.28, 0.17),
    (0.28, 0.18, 0.12),
    (0.72, 0.34, 0.15),
)
_DARK_HAIR: tuple[Colour, ...] = ((0.22, 0.14, 0.10), (0.13, 0.10, 0.09), (0.09, 0.08, 0.09), (0.30, 0.19, 0.12))
_GREY_HAIR: tuple[Colour, ...] = ((0.62, 0.61, 0.60), (0.45, 0.42, 0.40), (0.80, 0.79, 0.77))
_FAIR_EYES: tuple[Colour, ...] = ((0.36, 0.55, 0.72), (0.42, 0.56, 0.40), (0.46, 0.40, 0.26), (0.36, 0.23, 0.14))
_DARK_EYES: tuple[Colour, ...] = ((0.25, 0.15, 0.09), (0.17, 0.11, 0.08), (0.38, 0.25, 0.13))
_CLOTHES: tuple[Colour, ...] = (
    (0.85, 0.36, 0.30),
    (0.95, 0.72, 0.32),
    (0.33, 0.58, 0.50),
    (0.25, 0.42, 0.62),
    (0.55, 0.44, 0.66),
    (0.90, 0.56, 0.52),
    (0.42, 0.62, 0.78),
    (0.62, 0.70, 0.42),
    (0.93, 0.91, 0.86),
    (0.30, 0.33, 0.42),
)
_CHILD_HAIR = (
    Hair.BUZZ,
    Hair.CROP,
    Hair.CROP,
    Hair.PARTED,
    Hair.PARTED,
    Hair.CURLS,
    Hair.BOB,
    Hair.LONG,
    Hair.LONG,
    Hair.PONYTAIL,
    Hair.BUN,
    Hair.BUNCHES,
    Hair.SCARF,
)
_GROWN_HAIR = (
    Hair.BUZZ,
    Hair.CROP,
    Hair.PARTED,
    Hair.CURLS,
    Hair.BOB,
    Hair.LONG,
    Hair.PONYTAIL,
    Hair.BUN,
    Hair.SCARF,
    Hair.BALD,
)
_MANLY = (Hair.BUZZ, Hair.CROP, Hair.PARTED, Hair.BALD)


def imagine(seed: int, *, grown: bool = False) -> Look:
    """Think up somebody."""
    chance = Random(seed * 2 + grown)  # noqa: S311 - a drawing, not a secret
    shade = int(chance.random() ** 1.3 * len(_SKINS))
    fair = shade < 3  # noqa: PLR2004 - the three fair skins of the list
    hair = _pick(chance, _GROWN_HAIR if grown else _CHILD_HAIR)
    if shade >= 6 and hair in {Hair.CURLS, Hair.CROP, Hair.PARTED}:  # noqa: PLR2004 - the two darkest
        hair = Hair.AFRO if chance.random() < 0.6 else Hair.BUZZ  # noqa: PLR2004
    greying = grown and chance.random() < 0.3  # noqa: PLR2004
    tones = _GREY_HAIR if greying else _FAIR_HAIR if fair else _DARK_HAIR
    skin = _varied(chance, _SKINS[shade], 0.02)
    return Look(
        seed=seed,
        grown=grown,
        skin=skin,
        hair=hair,
        hair_colour=_varied(chance, _pick(chance, tones), 0.03),
        eyes=_varied(chance, _pick(chance, _FAIR_EYES if fair else _DARK_EYES), 0.03),
        lips=_lips(chance, skin),
        clothes=_varied(chance, _pick(chance, _CLOTHES), 0.03),
        scarf=_varied(chance, _pick(chance, _CLOTHES), 0.03),
        fringe=chance.random() < 0.3,  # noqa: PLR2004
        glasses=_pick(chance, (*[Glasses.NONE] * 8, Glasses.ROUND, Glasses.SQUARE)),
        beard=_pick(chance, tuple(Beard)) if grown and hair in _MANLY else Beard.NONE,
        freckles=chance.random() if fair and chance.random() < 0.35 else 0.0,  # noqa: PLR2004
        shape=_imagine_shape(chance, grown),
    )


def resembling(look: Look) -> Look:
    """A brother or sister who is easily taken for this person."""
    chance = Random(look.seed * 2 + 1_000_003)  # noqa: S311 - a drawing, not a secret
    nudged = {
        name: min(high, max(low, getattr(look.shape, name) + chance.uniform(-0.32, 0.32) * (high - low)))
        for name, (low, high) in _SPANS.items()
    }
    return replace(look, clothes=_pick(chance, _CLOTHES), shape=Shape(**nudged))


def _imagine_shape(chance: Random, grown: bool) -> Shape:
    drawn = {}
    for field in fields(Shape):
        low, high = _SPANS[field.name]
        drawn[field.name] = low + (high - low) * _outward(chance.random())
    if grown:  # longer below the eyes, smaller eyes: what tells adults from children
        drawn["chin"] = drawn["chin"] + 0.12
        drawn["nose_length"] += 0.06
        drawn["nose_bridge"] += 0.03
        drawn["eye_height"] *= 0.88
        drawn["iris"] *= 0.93
    return Shape(**drawn)


def _outward(share: float) -> float:
    """A share of a span moved away from its middle: ordinary faces are too easily taken for one another."""
    from_middle = 2 * share - 1
    return 0.5 + 0.5 * math.copysign(abs(from_middle) ** 0.55, from_middle)


def _pick(chance: Random, choices: tuple[_T, ...]) -> _T:
    return choices[int(chance.random() * len(choices))]


def _varied(chance: Random, colour: Colour, by: float) -> Colour:
    red, green, blue = (min(1.0, max(0.0, part + chance.uniform(-by, by))) for part in colour)
    return red, green, blue


def _lips(chance: Random, skin: Colour) -> Colour:
    strength = chance.uniform(0.35, 0.8)
    return skin[0] * (1 - 0.12 * strength), skin[1] * (1 - 0.38 * strength), skin[2] * (1 - 0.30 * strength)
