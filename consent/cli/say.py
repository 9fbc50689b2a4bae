"""How the command line speaks: facts on standard output, complaints on standard error, bars where a person looks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_out = Console(highlight=False, markup=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def say(sentence: str = "") -> None:
    """A line of output."""
    _out.print(sentence)


def complain(sentence: str) -> None:
    """A line that is not output."""
    _err.print(f"consent: {sentence}")


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars with the time that is left; nothing at all where nobody looks."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=_err,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as shown:
        yield shown
