"""The command line. Each command says what it did and what comes next; an error is one sentence and the right status.

Exit status: 0 done; 1 something waits for a person, or does not hold; 2 it could not run.
"""

import sys
from importlib import import_module

import typer
from sqlalchemy.exc import DBAPIError

from consent.cli import gate, processes, proof, register, school
from consent.cli.say import complain
from consent.errors import ConsentError

app = typer.Typer(
    name="consent",
    help="Beeldpoort: who allows which picture of whom, and a gate that keeps to it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for commands in (gate, register, school, proof, processes):
    commands.add_to(app)


_STOPPED = 130  # what typer makes of Ctrl-C


# Imported only where they are asked for: every worker would wait a second for drawing and statistics.
_HEAVY = {"evaluate": "measure", "demo": "demonstrate"}


def main() -> None:
    """Run one command."""
    for command in [name for name in _HEAVY if sys.argv[1:2] in ([], ["--help"], [name])]:
        import_module(f"consent.cli.{_HEAVY.pop(command)}").add_to(app)
    try:
        app()
    except ConsentError as refusal:
        complain(str(refusal))
        sys.exit(2)
    except OSError as error:
        complain(f"{error.filename or 'A file'} cannot be used: {error.strerror or 'unknown reason'}.")
        sys.exit(2)
    except DBAPIError as error:
        complain(f"The database cannot be used: {str(error.orig).splitlines()[0]}.")
        sys.exit(2)
    except SystemExit as ended:
        if ended.code == _STOPPED:
            complain("Stopped. Nothing was lost: the same command goes on where this one stopped.")
        raise
