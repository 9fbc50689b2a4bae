"""Who goes to the drawn school: looks chosen so that face finders find them and recognisers tell them apart."""

from consent.demo.looks import Look, imagine, resembling

_PUPILS = {
    "sanne": 895,
    "youssef": 1193,
    "daan": 1266,
    "fatima": 392,
    "lotte": 850,
    "bram": 1206,
    "noor": 1124,
    "kofi": 1296,
    "emma": 345,
    "sem": 1040,
    "mila": 1100,
    "lucas": 658,
    "zeynep": 247,
    "amir": 322,
    "yara": 101,
    "finn": 679,
    "julia": 777,
    "jayden": 1183,
    "saar": 1252,
    "mees": 387,
    "aaliyah": 346,
    "ravi": 1116,
    "mei": 998,
    "thijs": 1287,
    "liv": 652,
}
_GROWN = {"annemieke": 1, "rachid": 146, "carla": 116, "joost": 82}
_LOOK_ALIKES = {"tess": "lotte"}
# fmt: off
_STRANGERS = (
    381, 263, 557, 1472, 1470, 1085, 1491, 1322, 10, 68,
    89, 264, 108, 555, 584, 936, 669, 873, 739, 174,
    123, 1218, 239, 480, 1022, 245, 821, 63, 1109, 1046,
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
