"""How often a face is taken for somebody it is not, and how often the right one is missed (terms of ISO/IEC 19795-1).

An open set: of people with several pictures some are enrolled, everybody else is a stranger, and every draw enrols
others. The people are cut into halves once; what is chosen on the faces of one half is reported on the faces of the
other, both ways round. Both halves are held against the same enrolled people, and a face comes back in many draws: the
bounds of a `Share` count distinct faces only.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from consent.faces.grouping import DIAMETER
from consent.faces.matching import Candidate, Strength, Thresholds, match, weigh
from consent.oversight.bounds import Share
from consent.oversight.crowd import Crowd, Draw, Probe, Shot, cut_in_halves, draw, gather, look
from consent.oversight.naming import Naming, choose_diameter, name_groups

AT_RATES = (0.001, 0.003, 0.01)
"""False positive rates at which thresholds are chosen; the first is the one to hold for automatic show."""

# What shows faces is chosen at half the rate to hold: chosen at the rate itself, every other set would exceed it.
_RESERVE = 0.5
_LEAK = 0.005  # through naming, to hold
_ENROLLED = 100
_HALVES = (0, 1)


@dataclass(frozen=True)
class OpenSet:
    """The nearest template, if within the threshold.

    `fpir`: strangers taken for anybody; `fnir`: enrolled people not found as themselves.
    """

    at_rate: float
    thresholds: tuple[float, ...]
    fpir: Share
    fnir: Share


@dataclass(frozen=True)
class Showing:
    """What automatic show does, with the lead over the next person and the look-alike guard.

    `leak`: strangers shown; `shown_as_another`: enrolled people shown under another's permission; `over_cover`:
    enrolled people not shown as themselves, though all of them allow it.
    """

    thresholds: tuple[float, ...]
    leak: Share
    shown_as_another: Share
    over_cover: Share

    def __add__(self, other: "Showing") -> "Showing":
        """Both together; their faces must be different ones."""
        return Showing(
            self.thresholds + other.thresholds,
            self.leak + other.leak,
            self.shown_as_another + other.shown_as_another,
            self.over_cover + other.over_cover,
        )


@dataclass(frozen=True)
class Proposals:
    """What a reviewer is offered, strict or not, at the thresholds of the product.

    `right` and `wrong`: enrolled people as themselves and as another; `strangers`: as anybody.
    """

    right: Share
    wrong: Share
    strangers: Share


@dataclass(frozen=True)
class Identification:
    """All figures of one measurement."""

    people: int
    strangers: int
    enrolled: int
    draws: int
    seed: int
    failure_to_enrol: Share
    failure_to_acquire: Share
    guarded: Share
    open_set: tuple[OpenSet, ...]
    automatic_show: Showing
    automatic_show_of_the_product: Showing
    proposals: Proposals
    naming: Naming
    naming_of_the_product: Naming


@dataclass(frozen=True)
class Trial:
    """One probe held against everybody enrolled; no candidate where no face was found or nobody is enrolled."""

    probe: Probe
    candidate: Candidate | None

    @property
    def is_right(self) -> bool:
        """The nearest of the enrolled is who it is."""
        return self.candidate is not None and self.candidate.person_id == self.probe.person

    def within(self, threshold: float) -> bool:
        """Somebody enrolled lies that near."""
        return self.candidate is not None and self.candidate.distance <= threshold

    def strength(self, thresholds: Thresholds) -> Strength:
        """What the gate would make of it."""
        found = self.candidate
        if found is None or found.person_id is None:
            return Strength.NOBODY
        return weigh(found.distance, found.margin, thresholds, guarded=found.look_alike)

    def is_shown(self, thresholds: Thresholds) -> bool:
        """Automatic show would show it."""
        return self.strength(thresholds) is Strength.STRICT


def measure(
    identities: Path, strangers: Path, *, draws: int, seed: int, look_at: Callable[[Path], Shot] = look
) -> Identification:
    """Look at each picture once (some 0.2 s), then try `draws` ways to enrol 100 people, or five in six of fewer.

    Raises:
        NotFound: a folder is missing, or holds too little.
    """
    return identify(gather(identities, strangers, look_at), draws=draws, seed=seed)


def identify(crowd: Crowd, *, draws: int, seed: int) -> Identification:
    """The figures of a crowd already looked at; the same seed gives the same figures."""
    chance = Random(seed)  # noqa: S311 - draws of a measurement, to be repeatable
    halves = cut_in_halves(crowd, chance)
    enrolled = min(_ENROLLED, len(crowd.people) * 5 // 6)
    drawn = [draw(crowd, enrolled, halves, chance) for _ in range(draws)]
    product = Thresholds()
    trials = [trial for one in drawn for trial in _try(one, product)]
    shots = [shot for shots in crowd.people.values() for shot in shots]
    everybody = [*shots, *crowd.strangers]
    return Identification(
        people=len(crowd.people),
        strangers=len(crowd.strangers),
        enrolled=enrolled,
        draws=draws,
        seed=seed,
        failure_to_enrol=Share(sum(not shot.is_portrait for shot in shots), len(shots), len(shots)),
        failure_to_acquire=Share(sum(shot.vector is None for shot in everybody), len(everybody), len(everybody)),
        guarded=_share(_enrolled(trials), lambda trial: trial.candidate is not None and trial.candidate.look_alike),
        open_set=tuple(_open_set(trials, rate) for rate in AT_RATES),
        automatic_show=_show_as_chosen(trials, product),
        automatic_show_of_the_product=_show(trials, product),
        proposals=_propose(trials, product),
        naming=_name_as_chosen(drawn),
        naming_of_the_product=name_groups([one.probes for one in drawn], DIAMETER),
    )


def _try(drawn: Draw, product: Thresholds) -> list[Trial]:
    """Each probe as the only face of a picture, with every threshold but the look-alike's wide open."""
    wide = replace(product, strict=math.inf, proposed=math.inf, unsure=math.inf, margin=-math.inf)
    trials = []
    for probe in drawn.probes:
        vector = probe.shot.vector
        trials.append(Trial(probe, None if vector is None else match([vector], drawn.enrolled, (), wide)[0]))
    return trials


def _open_set(trials: Sequence[Trial], rate: float) -> OpenSet:
    one, other = (_open_set_of(*_apart(trials, half), rate) for half in _HALVES)
    return OpenSet(rate, one.thresholds + other.thresholds, one.fpir + other.fpir, one.fnir + other.fnir)


def _open_set_of(chosen_on: Sequence[Trial], reported: Sequence[Trial], rate: float) -> OpenSet:
    threshold = _nearest_but(rate, _strangers(chosen_on), chosen_on)
    return OpenSet(
        rate,
        (threshold,),
        _share(_strangers(reported), lambda trial: trial.within(threshold)),
        _share(_enrolled(reported), lambda trial: not (trial.is_right and trial.within(threshold))),
    )


def _show_as_chosen(trials: Sequence[Trial], product: Thresholds) -> Showing:
    one, other = (_show_chosen(*_apart(trials, half), product) for half in _HALVES)
    return one + other


def _show_chosen(chosen_on: Sequence[Trial], reported: Sequence[Trial], product: Thresholds) -> Showing:
    wide = replace(product, strict=math.inf, proposed=math.inf, unsure=math.inf)
    shown = [trial for trial in _strangers(chosen_on) if trial.is_shown(wide)]
    strict = _nearest_but(AT_RATES[0] * _RESERVE, shown, chosen_on)
    return _show(reported, replace(wide, strict=strict))


def _show(trials: Sequence[Trial], thresholds: Thresholds) -> Showing:
    return Showing(
        (thresholds.strict,),
        _share(_strangers(trials), lambda trial: trial.is_shown(thresholds)),
        _share(_enrolled(trials), lambda trial: trial.is_shown(thresholds) and not trial.is_right),
        _share(_enrolled(trials), lambda trial: not (trial.is_shown(thresholds) and trial.is_right)),
    )


def _propose(trials: Sequence[Trial], thresholds: Thresholds) -> Proposals:
    def proposed(trial: Trial) -> bool:
        return trial.strength(thresholds) in {Strength.STRICT, Strength.PROPOSED}

    return Proposals(
        _share(_enrolled(trials), lambda trial: proposed(trial) and trial.is_right),
        _share(_enrolled(trials), lambda trial: proposed(trial) and not trial.is_right),
        _share(_strangers(trials), proposed),
    )


def _name_as_chosen(drawn: Sequence[Draw]) -> Naming:
    batches = [[[probe for probe in one.probes if probe.half == half] for one in drawn] for half in _HALVES]
    one, other = (name_groups(batches[half], choose_diameter(batches[1 - half], _LEAK * _RESERVE)) for half in _HALVES)
    return one + other


def _apart(trials: Sequence[Trial], half: int) -> tuple[list[Trial], list[Trial]]:
    """The trials of the other half, to choose on, and of this half, to report."""
    return [trial for trial in trials if trial.probe.half != half], [
        trial for trial in trials if trial.probe.half == half
    ]


def _nearest_but(rate: float, counted: Sequence[Trial], of: Sequence[Trial]) -> float:
    """The widest threshold at which no more than that share of the strangers of `of` is counted."""
    distances = sorted(trial.candidate.distance for trial in counted if trial.candidate is not None)
    allowed = int(rate * len(_strangers(of)))
    return math.nextafter(distances[allowed], 0) if allowed < len(distances) else Thresholds().unsure


def _strangers(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if not trial.probe.is_enrolled]


def _enrolled(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.probe.is_enrolled]


def _share(trials: Sequence[Trial], counts: Callable[[Trial], bool]) -> Share:
    faces = {trial.probe.shot.face for trial in trials}
    return Share(sum(counts(trial) for trial in trials), len(trials), len(faces))
