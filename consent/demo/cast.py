"""Who goes to the drawn school: looks chosen so that face finders find them and recognisers tell them apart."""

from consent.demo.looks import Look, imagine, resembling

_PUPILS = {
    "sanne": 1214,
    "youssef": 1193,
    "daan": 172,
    "fatima": 392,
    "lotte": 850,
    "bram": 1083,
    "noor": 1124,
    "kofi": 1296,
    "emma": 777,
    "sem": 82,
    "mila": 267,
    "lucas": 747,
    "zeynep": 56,
    "amir": 271,
    "yara": 500,
    "finn": 1422,
    "julia": 1067,
    "jayden": 537,
    "saar": 41,
    "mees": 103,
    "aaliyah": 10,
    "ravi": 1116,
    "mei": 998,
    "thijs": 689,
    "liv": 345,
}
_GROWN = {"annemieke": 1, "rachid": 146, "carla": 116, "joost": 82}
_LOOK_ALIKES = {"tess": "lotte"}
# fmt: off
_STRANGERS = (
    557, 855, 263, 381, 928, 1472, 327, 50, 118, 27,
    52, 946, 999, 1376, 1133, 645, 1130, 670, 994, 1419,
    364, 465, 818, 375, 258, 369, 1366, 1439, 347, 644,
)
# fmt: on


def pupils() -> dict[str, Look]:
    """The children by key."""
    looks = {key: imagine(seed) for key, seed in _PUPILS.items()}
    return looks | {key: resembling(looks[other]) for key, other in _LOOK_ALIKES.items()}


def grown_ups() -> dict[str, Look]:
    """Teachers and volunteers by key."""
    return {key: imagine(seed, grown=True) for key, seed in _GROWN.items()}


def look_alikes() -> frozenset[frozenset[str]]:
    """Pairs of keys that even a person may take for each other."""
    return frozenset(frozenset(pair) for pair in _LOOK_ALIKES.items())


def strangers() -> tuple[Look, ...]:
    """Passers-by whom no register knows."""
    return tuple(imagine(seed) for seed in _STRANGERS)
