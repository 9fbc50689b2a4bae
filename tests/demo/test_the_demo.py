"""The whole demo, once, with real workers, the real detector and the real recogniser; and then its page.

The outing is a smaller one than `make demo` shows, and says as much.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from consent.demo import families, outing, printout, tour
from consent.demo.stages import Stage
from consent.errors import Refused
from consent.gate.report import BatchReport, FileRow
from consent.gate.verdicts import ItemVerdict, Verdict, Why
from tests.conftest import forget_caches
from web.app import create

pytestmark = pytest.mark.slow

CHANNELS = ("website", "parent-app", "local-paper")
CHOSEN = {
    "02-in-de-straat.jpg",
    "05-hoofden-bij-elkaar.jpg",
    "06-zussen.jpg",
    "08-bij-de-giraf.jpg",
    "09-op-zijn-kant.jpg",
    "10-lege-straat.jpg",
    "13-begeleiding.jpg",
    "14-ver-weg.jpg",
}
# Words of the verdicts that no demo can come to, and why.
NEVER = {
    Why.ABSENT,  # no rule of the gate says it of a photo
    Why.COMMISSIONED,  # nobody commissioned a school outing
    Why.NO_REGISTER,  # there is one
    Why.LEAK_CHECK_FAILED,  # that would be a defect, see the tests of the leak check
}


@dataclass(frozen=True)
class Given:
    """A tour that was given."""

    home: Path
    stages: tuple[Stage, ...]

    def report(self, stage: int, channel: str) -> BatchReport:
        return self.stages[stage - 1].reports[channel]

    def file(self, stage: int, channel: str, name: str) -> FileRow:
        return next(file for file in self.report(stage, channel).files if file.file == name)

    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.home / "out" / tour.FILE).read_text())
        return told


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    home = tmp_path_factory.mktemp("installation") / "demo"
    forget_caches()
    with tour.living_in(home):
        shots = tuple(shot for shot in outing.SHOTS if shot.name in CHOSEN)
        yield Given(home, tour.give(home, lambda _what, _share: None, shots))
    forget_caches()


@dataclass(frozen=True)
class Browser:
    """Asks the application itself, without a port."""

    base: str

    def get(self, address: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=create()), base_url=self.base) as client:
                return await client.get(address)

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def browser(given: Given) -> Browser:
    return Browser("http://127.0.0.1")


def test_it_ends_with_faces_shown_faces_covered_and_pictures_blocked(given: Given) -> None:
    website = given.report(3, "website")
    assert sum(file.shown for file in website.files) > 0
    assert sum(file.covered for file in website.files) > 0
    assert website.count(ItemVerdict.READY) > 0
    assert website.count(ItemVerdict.BLOCKED) > 0
    assert website.count(ItemVerdict.NEEDS_REVIEW) == 0


def test_every_reason_of_the_verdict_table_comes_up(given: Given) -> None:
    assert set(printout.words_used(given.stages)) == set(Why) - NEVER


@pytest.mark.parametrize("channel", CHANNELS)
def test_with_matching_off_every_face_is_covered_and_every_picture_waits(given: Given, channel: str) -> None:
    report = given.report(1, channel)
    assert {face.verdict for face in report.faces} == {Verdict.UNDECIDED}
    assert report.count(ItemVerdict.NEEDS_REVIEW) == len(CHOSEN)


def test_a_proposal_shows_nobody_on_the_website(given: Given) -> None:
    assert sum(file.shown for file in given.report(2, "website").files) == 0


def test_only_those_of_sixteen_and_older_are_shown_automatically(given: Given) -> None:
    shown = {face.person.partition(" ")[0] for face in given.report(2, "parent-app").faces if face.verdict == "show"}
    old_enough = {one.key for one in families.characters() if one.story.years >= 16}
    assert shown
    assert shown <= old_enough


@pytest.mark.parametrize(("position", "channel"), list(enumerate(CHANNELS)))
def test_nobody_is_shown_whose_family_does_not_allow_it_there(given: Given, position: int, channel: str) -> None:
    shown = {face.person.partition(" ")[0] for face in given.report(3, channel).faces if face.verdict == "show"}
    stories = {one.key: one.story for one in families.characters()}
    for key in shown:
        story = stories[key]
        views = [story.own] if story.years >= 16 else [*story.guardians, story.own]
        assert not story.keep_out
        assert "-" not in {said[position] for said in views if said}
        assert "+" in {said[position] for said in views if said}


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_pupil_who_is_kept_out_blocks_the_picture_on_every_channel(given: Given, channel: str) -> None:
    file = given.file(3, channel, "08-bij-de-giraf.jpg")
    assert (file.verdict, file.rendition) == (ItemVerdict.BLOCKED, "")


def test_the_reviewer_names_every_face_that_the_picture_holds(given: Given) -> None:
    named = {face.person.partition(" ")[0] for face in given.report(3, "website").faces if face.person}
    there = {key for shot in outing.SHOTS if shot.name in CHOSEN for key in shot.who}
    assert named <= there
    assert len(named) >= 0.9 * len(there)


def test_what_is_no_picture_to_judge_is_refused_with_a_sentence(given: Given) -> None:
    copy, torn = given.report(3, "website").files[-2:]
    assert (copy.verdict, torn.verdict) == ("duplicate", "refused")
    assert copy.reasons.endswith(".")
    assert torn.reasons.endswith(".")


def test_what_may_go_out_has_its_permit(given: Given) -> None:
    out = given.home / "out" / "website"
    published = {path.stem for path in (out / "publish").iterdir()}
    permitted = {path.name.partition(".")[0] for path in (out / "internal" / "permits").glob("*.permit.json")}
    assert published == permitted != set()


def test_the_printout_speaks_of_every_file_and_fits_a_terminal(given: Given) -> None:
    printed = given.told()["printed"]
    assert max(map(len, printed)) <= 120
    assert all(any(line.startswith(name) for line in printed) for name in CHOSEN)


def test_the_page_shows_every_picture_and_links_to_nothing_that_is_not_there(given: Given, browser: Browser) -> None:
    page = browser.get("/")
    addresses = set(re.findall(r'(?:src|href)="(/[^"#]*)"', page.text))
    assert page.status_code == 200
    assert len([one for one in addresses if one.endswith(".jpg")]) > 2 * len(CHOSEN)
    assert {one: browser.get(one).status_code for one in addresses} == dict.fromkeys(addresses, 200)


def test_a_report_shows_its_pictures_under_the_policy_that_it_is_served_with(given: Given, browser: Browser) -> None:
    report = browser.get("/reports/website/internal/report.html")
    pictures = re.findall(r'src="(?:\.\./)?([^"]+)"', report.text)
    folders = {"originals": "internal/", "review": "internal/", "publish": ""}
    found = [browser.get(f"/reports/website/{folders[one.split('/')[0]]}{one}").status_code for one in pictures]
    assert set(found) == {200}
    assert "'sha256-" in report.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/", "/health", "/static/tour.css", "/nothing-there"])
def test_no_answer_lets_anything_run_or_come_from_elsewhere(browser: Browser, address: str, given: Given) -> None:
    headers = browser.get(address).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../consent.sqlite", "%2e%2e/keys/master.key", "tour.json", "website/internal/batch.json", "pictures"]
)
def test_nothing_but_reports_and_pictures_is_handed_out(browser: Browser, name: str, given: Given) -> None:
    assert browser.get(f"/reports/{name}").status_code == 404


def test_a_page_elsewhere_cannot_read_along_under_another_name(given: Given) -> None:
    assert Browser("http://elsewhere.example").get("/").status_code == 400


def test_a_second_run_starts_at_once_and_ctrl_c_ends_it_with_one_sentence(given: Given) -> None:
    command = [sys.executable, "-m", "consent", "demo"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command,
        cwd=given.home.parent,
        env={**os.environ, "CONSENT_HOME": str(given.home.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        while "Look at it: " not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        port = int(re.findall(r"http://127\.0\.0\.1:(\d+)", said)[-1])
        assert health(port) == 200
        process.send_signal(signal.SIGINT)
        last = process.stdout.read()
        assert process.wait() == 0
    assert "made before" in said
    assert last.strip().startswith("Stopped")
    assert len(last.strip().splitlines()) == 1
    with pytest.raises(ConnectionRefusedError):
        health(port)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    (home / "letter.txt").write_text("mine")
    with tour.living_in(home), pytest.raises(Refused):
        tour.give(home, lambda _what, _share: None)
    assert (home / "letter.txt").read_text() == "mine"


def health(port: int) -> int:
    """The status that a page on this port answers with."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    finally:
        connection.close()
