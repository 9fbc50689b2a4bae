"""`consent demo`: a drawn school's outing goes through the gate, and a page shows what became of the pictures."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from consent import settings
from consent.cli.say import progress, say
from consent.demo import postcard, showing, tour
from consent.errors import Misconfigured

_FIRST_PORT = 8000
_PORTS = 100
_PATIENCE = 20.0  # seconds until the web process has to answer


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="demo")(demo)


def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Draw and judge everything anew.")] = False,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Show it on a page afterwards.")] = True,
    card: Annotated[Path | None, typer.Option("--postcard", help="Also write before and after into this PNG.")] = None,
) -> None:
    """Show the whole road on a drawn school: consent, matching, naming, covering. Touches no register of yours.

    Exit status 0: it was shown. 2: it could not run.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = settings.current().home.resolve() / "demo"
    try:
        with tour.living_in(home):
            told = tour.finished_tour(home)
            if fresh or told is None or told["made_by"] != tour.program_digest():
                told = _go(home)
            else:
                say("This tour was made before, and nothing has changed since (--fresh makes it anew).")
            _print(told, home)
            if card:
                postcard.write(told, home / "out", card)
            if serve:
                _serve(home)
    except KeyboardInterrupt:
        say("Stopped: the demo's page and workers have ended, and `consent demo` starts it again.")


def _go(home: Path) -> dict[str, Any]:
    say(f"Drawing a school and its outing in {home}; about a minute on two cores.")
    with progress() as bars:
        bar = bars.add_task("Beginning", total=100)
        part = ""

        def watch(what: str, share: float) -> None:
            nonlocal part
            if what != part and bars.disable:
                say(f"  {what} …")
            part = what
            bars.update(bar, description=what, completed=100 * share)

        tour.give(home, watch)
    told = tour.finished_tour(home)
    if told is None:
        raise Misconfigured(f"The tour left nothing behind: is {home} being cleared by somebody else?")
    return told


def _print(told: dict[str, Any], home: Path) -> None:
    for line in told["printed"]:
        say(line)
    say()
    say(showing.FICTION)
    say(f"{told['reviewer']} is the demo's own reviewer: what she said and looked at was applied by the demo.")
    say(f"Reports: {home / 'out'}/{{{','.join(one['key'] for one in told['channels'])}}}/internal/report.html")


def _serve(home: Path) -> None:
    port = _free_port()
    with _web(port, home / "web.log") as process:
        _wait_for(port, process, home / "web.log")
        say()
        say(f"Look at it: http://127.0.0.1:{port}   (Ctrl-C stops it)")
        process.wait()
        raise Misconfigured(f"The demo's page has ended: see {home / 'web.log'}.")


@contextmanager
def _web(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The web in a process of its own, in this home, until the block ends."""
    command = [sys.executable, "-m", "uvicorn", "web.app:app", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--log-level", "warning"],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    for port in range(_FIRST_PORT, _FIRST_PORT + _PORTS):
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Misconfigured(
        f"No port is free from {_FIRST_PORT} to {_FIRST_PORT + _PORTS - 1}: stop something, then try again."
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise Misconfigured(f"The demo's page did not start: see {log}.")
