"""`consent verify-permit`, `consent verify-audit`, `consent doctor`: what can be shown to hold."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from consent import audit, clock
from consent.cli.say import say
from consent.database import transaction
from consent.errors import NotFound
from consent.gate import permits
from consent.gate.permits import Released
from consent.oversight import health


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(name="verify-permit")(verify_permit)
    app.command(name="verify-audit")(verify_audit)
    app.command()(doctor)


def verify_permit(
    file: Annotated[Path, typer.Argument(help="The picture, as it was downloaded or found.")],
    permit: Annotated[Path | None, typer.Option(help="Its permit: checks offline, without a register.")] = None,
    key: Annotated[str, typer.Option(help="With --permit: the public key (hex, or the file it is in).")] = "",
) -> None:
    """Say whether a file was released, and whether it may be published today.

    Exit status 0: it may be published today (with --permit: it was released, and its time is not over).
    1: no, or unknown.
    """
    content = _read(file)
    if permit is not None:
        _verify_offline(content, _read(permit).decode(errors="replace"), key)
        return
    with transaction() as session:
        standings = permits.standings(session, content)
    if not standings:
        say("Unknown: this is not a file that was released here, or it was changed since.")
        raise typer.Exit(1)
    for standing in standings:
        say(_was_released(standing.released))
        if standing.may_be_published:
            say(f"May be published today, {clock.today()}.")
        else:
            say(f"May not be published today, {clock.today()}: {'; '.join(standing.against)}.")
    if not any(standing.may_be_published for standing in standings):
        raise typer.Exit(1)


def verify_audit() -> None:
    """Read the audit chains from their start and say whether they hold."""
    with transaction() as session:
        verified = audit.verify(session)
    for fault in verified.faults:
        say(f"Broken: {fault.chain}, entry {fault.number}: {fault.what}.")
    if verified.faults:
        raise typer.Exit(1)
    say(f"The audit holds: {verified.entries} entries, each follows the one before it.")


def doctor() -> None:
    """Check keys, disk, database, models and workers, and list the settings with their meaning.

    Exit status 1: something needs mending.
    """
    findings = health.examine()
    for finding in findings:
        say(f"{'ok  ' if finding.is_well else 'MEND'}  {finding.what}: {finding.said}")
    say()
    for setting in health.settings_in_force():
        say(f"{setting.name}={setting.value}\n      {setting.meaning}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _verify_offline(content: bytes, token: str, key: str) -> None:
    if not key:
        raise NotFound("Say which key to verify with: --key FILE (internal/permits/verify-with.key) or the key itself.")
    is_hex = len(key) == 64 and not Path(key).exists()  # noqa: PLR2004 - an Ed25519 key: 32 bytes
    public = key if is_hex else _read(Path(key)).decode(errors="replace").strip()
    released = permits.read(token, public)
    if hashlib.sha256(content).hexdigest() != released.sha256:
        say("Unknown: this permit is for another file, or the file was changed since.")
        raise typer.Exit(1)
    say(_was_released(released))
    say("Whether it may be online today, only the installation that released it can say.")
    if released.last_day < clock.today():
        raise typer.Exit(1)


def _was_released(released: Released) -> str:
    return f"Was released on {released.issued_on}, for the channel “{released.channel}”, until {released.last_day}."


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.") from None
