"""What goes wrong when a person names a group of faces once: faces of others in it are shown under that name.

Each draw's probes, of enrolled people and of strangers mixed, are one batch. Every group is given one name: that of
most of its faces, and in a tie that of an enrolled person, the worse mistake. The enrolled are allowed, strangers not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consent.faces.grouping import group
from consent.oversight.bounds import Share
from consent.oversight.crowd import Probe

DIAMETERS = tuple(round(0.26 + step / 100, 2) for step in range(13))
"""Tried when one is chosen: 0.26 to 0.38."""


@dataclass(frozen=True)
class Naming:
    """What naming every group of some batches comes to.

    `leak`: faces of strangers shown; `shown_as_another`: faces of the enrolled shown under another's name;
    `over_cover`: faces of the enrolled in a group named after a stranger; `purity`: faces named rightly.
    `groups` and `people` are counted over all batches.
    """

    diameters: tuple[float, ...]
    leak: Share
    shown_as_another: Share
    over_cover: Share
    purity: Share
    groups: int
    people: int

    def __add__(self, other: "Naming") -> "Naming":
        """Both together; their faces must be different ones."""
        return Naming(
            self.diameters + other.diameters,
            self.leak + other.leak,
            self.shown_as_another + other.shown_as_another,
            self.over_cover + other.over_cover,
            self.purity + other.purity,
            self.groups + other.groups,
            self.people + other.people,
        )


@dataclass(frozen=True)
class _Named:
    """One face, and whose name its group was given."""

    probe: Probe
    name: str
    name_is_enrolled: bool


def name_groups(batches: Sequence[Sequence[Probe]], diameter: float) -> Naming:
    """Group each batch under that diameter and name the groups."""
    named: list[_Named] = []
    groups = people = 0
    for batch in batches:
        seen = [probe for probe in batch if probe.shot.vector is not None]
        found = _name(seen, diameter)
        named += [one for members in found for one in members]
        groups += len(found)
        people += len({probe.person for probe in seen})
    strangers = [one for one in named if not one.probe.is_enrolled]
    enrolled = [one for one in named if one.probe.is_enrolled]
    return Naming(
        (diameter,),
        _share(strangers, [one for one in strangers if one.name_is_enrolled]),
        _share(enrolled, [one for one in enrolled if one.name_is_enrolled and one.name != one.probe.person]),
        _share(enrolled, [one for one in enrolled if not one.name_is_enrolled]),
        _share(named, [one for one in named if one.name == one.probe.person]),
        groups,
        people,
    )


def choose_diameter(batches: Sequence[Sequence[Probe]], leak: float) -> float:
    """The widest of `DIAMETERS` up to which no more than that share of faces is shown under a wrong name."""
    chosen = DIAMETERS[0]
    for diameter in DIAMETERS:
        tried = name_groups(batches, diameter)
        if max(tried.leak.rate, tried.shown_as_another.rate) > leak:
            break
        chosen = diameter
    return chosen


def _name(probes: Sequence[Probe], diameter: float) -> list[list[_Named]]:
    vectors = [probe.shot.vector for probe in probes if probe.shot.vector is not None]
    members: dict[int, list[Probe]] = {}
    for label, probe in zip(group(vectors, [probe.shot.face for probe in probes], diameter), probes, strict=True):
        members.setdefault(label, []).append(probe)
    return [_give_name(faces) for faces in members.values()]


def _give_name(faces: Sequence[Probe]) -> list[_Named]:
    votes = Counter((probe.person, probe.is_enrolled) for probe in faces)
    (name, is_enrolled), _ = max(votes.items(), key=lambda vote: (vote[1], vote[0][1], vote[0][0]))
    return [_Named(probe, name, is_enrolled) for probe in faces]


def _share(of: Sequence[_Named], counted: Sequence[_Named]) -> Share:
    return Share(len(counted), len(of), len({one.probe.shot.face for one in of}))
