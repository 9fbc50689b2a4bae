"""What each of the drawn school's families says, and why: a table of made-up people."""

from dataclasses import dataclass

from consent.people.vocabulary import PersonKind


@dataclass(frozen=True)
class Story:
    """What a family answers. A row of signs is website, parent app, local paper, matching: + yes, - no, . silence."""

    told: str
    guardians: tuple[str, ...] = ()
    own: str = ""
    years: int = 10
    keep_out: bool = False


@dataclass(frozen=True)
class Character:
    """Somebody of the drawn school; `key` is that of the cast."""

    key: str
    given_name: str
    family_name: str
    kind: PersonKind
    guardians: tuple[str, ...]
    story: Story

    @property
    def name(self) -> str:
        """In full."""
        return f"{self.given_name} {self.family_name}"

    def guardian_key(self, number: int) -> str:
        """Brothers and sisters have the same guardians: they are known by the family."""
        return f"{self.family_name}-{number + 1}".lower()


_EVERYTHING = Story("Both parents say yes to everything, and to matching.", ("++++", "++++"))
_ONE_PARENT = Story("One parent decides here, and says yes to everything, and to matching.", ("++++",))
_NO_MATCHING = Story("Yes to pictures everywhere, no to matching: no portrait is kept.", ("+++-", "+++-"))
_APP_ONLY = Story("Yes in the parent app, no on the website and in the paper. Yes to matching.", ("-+-+", "-+-+"))
_NO_PICTURES = Story("No pictures anywhere; yes to matching, so that it is noticed sooner.", ("---+", "---+"))
_DISAGREE = Story("The parents disagree about the website and the paper. A no is what counts.", ("++++", "-+-+"))
_SILENT = Story("The parent has not answered. Silence is no.", ("....",))
_KEPT_OUT = Story("Asked to be kept out of pictures altogether, not even covered.", ("---+", "---+"), keep_out=True)
_OWN_NO = Story("The parents say yes; the child says no to the website and the paper.", ("++++", "++++"), own="-.-.")
_SIXTEEN = Story("Is sixteen and decides alone: yes to everything, and to matching.", own="++++", years=16)
_GROWN = Story("Of age, and says yes to everything, and to matching.", own="++++", years=38)
_NO_PAPER = Story("Of age. Yes, but not in the paper; yes to matching.", own="++-+", years=44)
_GROWN_NO_MATCHING = Story("Of age. Yes to pictures, no to matching.", own="+++-", years=61)

# By the cast's key. The family names are what lies in a box of drawing things, so that nobody can be meant.
_PUPILS = {
    "sanne": ("Potlood", _EVERYTHING),
    "youssef": ("Krijt", _EVERYTHING),
    "daan": ("Gum", _APP_ONLY),
    "fatima": ("Penseel", _NO_MATCHING),
    "lotte": ("Palet", _EVERYTHING),
    "tess": ("Palet", _OWN_NO),
    "bram": ("Houtskool", _NO_PICTURES),
    "noor": ("Waterverf", _DISAGREE),
    "kofi": ("Inktpot", _KEPT_OUT),
    "emma": ("Stift", _EVERYTHING),
    "mila": ("Schets", _ONE_PARENT),
    "saar": ("Passer", _NO_MATCHING),
    "liv": ("Pastel", _EVERYTHING),
    "julia": ("Liniaal", _SIXTEEN),
    "lucas": ("Karton", _NO_MATCHING),
    "mees": ("Kladblok", _SILENT),
    "thijs": ("Puntenslijper", _NO_MATCHING),
    "sem": ("Kwast", _EVERYTHING),
    "finn": ("Schildersezel", _ONE_PARENT),
    "amir": ("Doek", _EVERYTHING),
    "ravi": ("Kleurpotlood", _EVERYTHING),
    "mei": ("Papier", _NO_MATCHING),
    "aaliyah": ("Plakkaat", _EVERYTHING),
    "jayden": ("Viltstift", _ONE_PARENT),
    "yara": ("Spons", _NO_MATCHING),
    "zeynep": ("Sjabloon", _NO_MATCHING),
}
_GROWN_UPS = {
    "annemieke": ("Tekenaar", PersonKind.STAFF, _GROWN),
    "joost": ("Tekenaap", PersonKind.STAFF, _NO_PAPER),
    "carla": ("Lijst", PersonKind.VOLUNTEER, _GROWN_NO_MATCHING),
    "rachid": ("Stempel", PersonKind.VOLUNTEER, _GROWN),
}
_PARENTS = ("Marit", "Joris", "Samira", "Kees", "Ilse", "Omar", "Petra", "Wim")


def characters() -> tuple[Character, ...]:
    """Everybody at the drawn school."""
    families = list(dict.fromkeys(family for family, _ in _PUPILS.values()))
    found = []
    for key, (family, story) in _PUPILS.items():
        first = 2 * families.index(family)
        called = [f"{_PARENTS[(first + number) % len(_PARENTS)]} {family}" for number in range(len(story.guardians))]
        found.append(Character(key, key.title(), family, PersonKind.PUPIL, tuple(called), story))
    for key, (family, kind, story) in _GROWN_UPS.items():
        found.append(Character(key, key.title(), family, kind, (), story))
    return tuple(found)
