"""`consent evaluate`: the error rates of finding, recognising and covering, on pictures whose truth is known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.progress import Progress

from consent.cli.say import progress, say
from consent.errors import NotFound
from consent.media.covers import CoverStyle
from consent.oversight import crowd, detection, identification, reidentification
from consent.oversight.bounds import as_json

Looked = TypeVar("Looked")


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(evaluate)


def evaluate(
    detect: Annotated[Path | None, typer.Option("--detection", help="Pictures with boxes.json.")] = None,
    identities: Annotated[Path | None, typer.Option(help="A folder per person, with pictures.")] = None,
    strangers: Annotated[Path | None, typer.Option(help="Pictures of people who are in no other folder.")] = None,
    peer: Annotated[
        Path | None, typer.Option(help="A Python that has deface, to measure it on the same pictures.")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="How many ways to enrol people.")] = 20,
    seed: Annotated[int, typer.Option(help="Of the draws; the same seed gives the same figures.")] = 1,
    as_json_text: Annotated[
        bool, typer.Option("--json", help="Print JSON, with the names of docs/measuring.md.")
    ] = False,
) -> None:
    """Measure misses and false boxes, FPIR and FNIR, leak and over-cover, each with its 95 % bounds."""
    if detect is None and (identities is None or strangers is None):
        raise NotFound("Name what to measure on: --detection DIR, or --identities DIR and --strangers DIR.")
    told: dict[str, object] = {}
    with progress() as bars:
        if detect is not None:
            look = _counted(bars, "Finding faces", len(detection.read_labels(detect)), detection.find_in_file)
            told["detection"] = as_json(detection.measure(detect, peer=peer, look=look))
        if identities is not None and strangers is not None:
            count = _files_in(identities) + _files_in(strangers)
            shot = _counted(bars, "Recognising", count, crowd.look)
            told["identification"] = as_json(
                identification.measure(identities, strangers, draws=draws, seed=seed, look_at=shot)
            )
            shown = _counted(bars, "Covering", _files_in(identities), reidentification.look)
            told["reidentification"] = as_json(
                reidentification.measure(identities, CoverStyle.BLUR, seed=seed, look_at=shown)
            )
    if as_json_text:
        say(json.dumps(told, indent=1))
        return
    for line in _lines("", told):
        say(line)


def _counted(bars: Progress, what: str, total: int, look: Callable[[Path], Looked]) -> Callable[[Path], Looked]:
    """The same look, with a bar that moves at each."""
    bar = bars.add_task(what, total=total)

    def counted(path: Path) -> Looked:
        seen = look(path)
        bars.advance(bar)
        return seen

    return counted


def _files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def _lines(path: str, value: object) -> list[str]:
    if isinstance(value, dict) and {"rate", "low95", "high95"} <= set(value):
        bounds = f"{100 * value['rate']:.2f} % (95 %: {100 * value['low95']:.2f} to {100 * value['high95']:.2f})"
        return [f"{path.strip('.')}: {bounds}, {value['count']} of {value['trials']}"]
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in _lines(f"{path}.{key}", part)]
    if isinstance(value, list):
        return [line for number, part in enumerate(value) for line in _lines(f"{path}.{number}", part)]
    return [f"{path.strip('.')}: {value}"]
