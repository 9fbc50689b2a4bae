"""The tour for the web: values in one JSON file, so that a page needs neither decoder nor register."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from consent import clock
from consent.database import transaction
from consent.decisions import ledger
from consent.decisions.vocabulary import Medium
from consent.demo import families, outing, printout, school
from consent.demo.outing import Truth
from consent.demo.school import Settled
from consent.demo.stages import Stage
from consent.gate.report import DUPLICATE, REFUSED, FaceRow
from consent.gate.verdicts import Verdict
from consent.sealing import write_whole

PICTURES = "pictures"
FICTION = "Everything here is drawn or made up: faces, names, families, answers, and the reference of the DPIA."
_FACE_SIGNS = {
    str(Verdict.SHOW): ("✓", "shown"),
    str(Verdict.COVER): ("✕", "covered"),
    str(Verdict.UNDECIDED): ("?", "undecided, so covered"),
    str(Verdict.DISMISSED): ("–", "not a face"),
}


def write(
    path: Path,
    shown: Sequence[Stage],
    truths: Mapping[str, Truth],
    settled: Settled,
    printed: Sequence[str],
    made_by: str,
) -> None:
    """Write it whole: a tour of which this file is there is a finished one."""
    told = {
        "made_by": made_by,
        "school": school.SCHOOL,
        "outing": outing.NAME,
        "reviewer": school.REVIEWER,
        "fiction": FICTION,
        "stages": [{"title": stage.title, "told": stage.told} for stage in shown],
        "channels": [{"key": place.key, "name": place.name, "told": place.told} for place in school.PLACES],
        "files": list(_files(shown, truths)),
        "sums": list(_sums(shown)),
        "people": list(_people(settled)),
        "legend": [
            {"word": printout.said(word), "meaning": meaning}
            for word, meaning in printout.MEANINGS.items()
            if word in printout.words_used(shown)
        ],
        "report_style": _style_digest(path.parent / school.PLACES[0].key / "internal" / "report.html"),
        "printed": list(printed),
    }
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=1).encode())


def _files(shown: Sequence[Stage], truths: Mapping[str, Truth]) -> Iterator[dict[str, Any]]:
    place = school.PLACES[0].key
    for number, file in enumerate(shown[0].reports[place].files):
        whole = file.verdict not in {REFUSED, DUPLICATE}
        width, height = shown[0].reports[place].sizes[number]
        yield {
            "name": file.file,
            "told": truths[file.file].told,
            "sign": printout.SIGNS[file.verdict],
            "refusal": "" if whole else file.reasons,
            "width": width,
            "height": height,
            "original": f"{place}/internal/originals/{number}.jpg" if whole else "",
            "stages": [_stage(stage, number) for stage in shown] if whole else [],
        }


def _stage(stage: Stage, number: int) -> dict[str, Any]:
    """One picture at one moment: its verdict on every channel, and its faces on the first."""
    channels = []
    for key, told in stage.reports.items():
        file = told.files[number]
        sign, _, word = printout.SIGNS[file.verdict].partition(" ")
        channels.append(
            {
                "key": key,
                "sign": sign,
                "word": word,
                "shown": file.shown,
                "covered": file.covered,
                "why": printout.why(told, number),
                "picture": stage.pictures[key].get(file.file, ""),
            }
        )
    first = stage.reports[school.PLACES[0].key]
    name = first.files[number].file
    return {"channels": channels, "faces": [_face(face) for face in first.faces if face.file == name]}


def _face(face: FaceRow) -> dict[str, Any]:
    sign, word = _FACE_SIGNS[face.verdict]
    kept = ("face", "left", "top", "width", "height")
    return {name: value for name, value in asdict(face).items() if name in kept} | {
        "sign": sign,
        "word": word,
        "why": face.reasons.replace("; ", " and "),
        "who": face.person.partition(" ")[2],
    }


def _sums(shown: Sequence[Stage]) -> Iterator[dict[str, Any]]:
    for stage in shown:
        for key, told in stage.reports.items():
            yield {
                "stage": stage.title,
                "channel": key.replace("-", " "),
                "ready": told.count("ready"),
                "needs_review": told.count("needs_review"),
                "blocked": told.count("blocked"),
                "shown": sum(row.shown for row in told.files),
                "covered": sum(row.covered for row in told.files),
            }


def _people(settled: Settled) -> Iterator[dict[str, Any]]:
    """Everybody, with what follows from the answers today."""
    today, ids = clock.today(), list(settled.people.values())
    with transaction() as session:
        channels = school.channels_of(session, settled)
        allowed = ledger.permissions(session, settled.school, ids, channels, [Medium.PHOTO], today)
        matched = ledger.may_match(session, ids, today)
    for one in families.characters():
        person_id = settled.people[one.key]
        permissions = [allowed[person_id, channel.id, Medium.PHOTO] for channel in channels]
        yield {
            "name": one.name,
            "kind": str(one.kind),
            "told": one.story.told,
            "places": [
                {"allowed": said.allowed, "why": ", ".join(printout.said(reason) for reason in said.reasons)}
                for said in permissions
            ],
            "matched": matched[person_id].allowed,
        }


def _style_digest(report: Path) -> str:
    """How a content security policy names the report's own style sheet."""
    found = re.search(r"<style>(.*?)</style>", report.read_text(), re.DOTALL)
    if found is None:
        return ""
    return "sha256-" + base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
