"""Who goes to the drawn school: looks chosen so that face finders find them and recognisers tell them apart."""

from consent.demo.looks import Look, imagine, resembling

_PUPILS = {
    "sanne": 2,
    "youssef": 13,
    "daan": 14,
    "fatima": 4,
    "lotte": 8,
    "bram": 5,
    "noor": 6,
    "kofi": 11,
}
_GROWN = {"annemieke": 22, "rachid": 18}
_LOOK_ALIKES = {"tess": "lotte"}
_STRANGERS = tuple(range(200, 230))


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
