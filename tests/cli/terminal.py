"""Somebody at the command line, in this process or in one of its own."""

import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from consent import cli

HERE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Told:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    def refuses(self, *words: str, status: int = 2) -> bool:
        """Whether it ended with this status and one sentence on standard error that has these words in it."""
        said = self.err.strip()
        missing = [word for word in words if word not in said]
        assert not missing, f"{missing} is not in: {said}"
        assert said.startswith("consent: ")
        assert said.endswith(".")
        assert "\n" not in said
        assert self.status == status
        return True


@dataclass
class Terminal:
    """Runs commands in this process; settings are those of the test's home."""

    patch: pytest.MonkeyPatch
    screen: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Told:
        """One command."""
        self.patch.setattr(sys, "argv", ["consent", *map(str, words)])
        self.screen.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self.screen.readouterr()
        status = ended.value.code
        return Told(status if isinstance(status, int) else 0, said.out, said.err)


def start(*words: object, before: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
    """One command in a process of its own, which inherits this one's settings."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "consent", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=HERE,
        preexec_fn=before,  # noqa: PLW1509 - it sets a limit and nothing else
    )


def run(*words: object, before: Callable[[], None] | None = None) -> Told:
    """The same, to its end."""
    process = start(*words, before=before)
    try:
        out, err = process.communicate(timeout=180)
    finally:
        process.kill()  # where it did not end by itself
    assert "Traceback" not in err, err
    return Told(process.returncode, out, err)


def no_file_larger_than(size: int) -> Callable[[], None]:
    """What a full disk looks like to a process: no file grows beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
