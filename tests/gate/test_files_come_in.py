"""Intake: sealed from the first byte, once, within limits; and the reports speak of every file."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import text

from consent import settings
from consent.decisions.vocabulary import Answer
from consent.errors import Conflict, NotFound, TooLarge
from consent.gate import assessment, intake, report, review
from consent.gate.report import FileRow
from consent.gate.tables import MarkKind, UploadState
from consent.media import vault
from tests.gate.stage import Stage
from tests.people import say


def receive(stage: Stage, name: str, content: bytes, position: int = 50) -> intake.Upload:
    return intake.receive(stage.session, stage.batch, name, io.BytesIO(content), position)


def test_neither_the_file_nor_its_name_lies_in_the_clear(stage: Stage, home: Path) -> None:
    upload = receive(stage, "Sanne de Vries op het klimrek.jpg", b"the picture itself" * 100)
    stage.session.commit()
    for path in home.rglob("*"):
        if path.is_file():
            assert b"Sanne" not in path.read_bytes()
            assert b"the picture itself" not in path.read_bytes()
    assert intake.name_of(upload) == "Sanne de Vries op het klimrek.jpg"


def test_the_same_file_twice_is_one_upload(stage: Stage) -> None:
    receive(stage, "one.jpg", b"same bytes")
    before = set(vault.names("uploads"))
    with pytest.raises(Conflict, match="in the series already"):
        receive(stage, "two.jpg", b"same bytes", 51)
    assert set(vault.names("uploads")) == before


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENT_MAX_MEGABYTES", "1")
    settings.current.cache_clear()
    most = 1_000_000
    receive(stage, "just.jpg", bytes(most))
    before = set(vault.names("uploads"))
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        receive(stage, "over.jpg", bytes(most + 1), 51)
    assert set(vault.names("uploads")) == before


def test_a_complete_batch_takes_no_more_files(stage: Stage) -> None:
    intake.complete(stage.session, stage.batch)
    with pytest.raises(Conflict, match="complete"):
        receive(stage, "late.jpg", b"x")


def test_somebody_of_another_school_was_not_there(stage: Stage) -> None:
    with pytest.raises(NotFound, match="not on this school's roll"):
        intake.confirm_presence(stage.session, stage.outing, [stage.folk.noor], actor="account:test")


def test_the_report_has_a_row_for_every_file_with_a_reason(stage: Stage) -> None:
    judged = stage.photograph("hana", "a bush", possible=1)
    stage.judge(judged)
    refused = receive(stage, "=cmd|' /C calc'!A0.jpg", b"not a picture")
    intake.refuse(stage.session, refused, "This is no picture.")
    told = report.collect(stage.session, stage.batch, stage.channel("website"))
    first, second = told.files
    assert (first.verdict, first.faces, first.shown, first.covered, first.possible) == ("needs_review", 1, 0, 2, 1)
    assert first.rendition.endswith((".jpg", ".png"))
    assert (second.verdict, second.reasons, second.rendition) == ("refused", "This is no picture.", "")
    assert not told.is_settled
    rows = list(csv.DictReader(io.StringIO(report.to_csv(told.files, FileRow))))
    assert list(rows[0]) == [
        "file",
        "sha256",
        "verdict",
        "reasons",
        "faces",
        "shown",
        "covered",
        "possible",
        "rendition",
    ]
    assert rows[1]["file"] == "'=cmd|' /C calc'!A0.jpg"


def test_no_append_only_row_and_no_job_holds_a_name(stage: Stage) -> None:
    stage.enrol("jasmijn")
    stage.judge(stage.photograph("jasmijn", "ben"))
    stage.session.commit()
    schema = "dbos." if stage.session.get_bind().dialect.name == "postgresql" else ""
    for table in ("audit_entry", "decision", f"{schema}workflow_status"):
        for row in stage.session.connection().execute(text(f"SELECT * FROM {table}")):  # noqa: S608 - three names of ours
            said = repr(tuple(row)).casefold()
            assert not any(name in said for name in ("jasmijn", "bensen", "regenboog", "example.org", "picture 1"))


def test_a_refused_file_has_neither_faces_nor_rendition(stage: Stage) -> None:
    upload = receive(stage, "x.jpg", b"not a picture")
    intake.refuse(stage.session, upload, "This is no picture.")
    assert upload.state is UploadState.REFUSED
    assert stage.faces(upload) == []


def test_what_was_ready_waits_once_something_else_is_decided(stage: Stage) -> None:
    upload = stage.photograph("hana")
    by = stage.account("reviewer")
    review.mark(stage.session, stage.batch, stage.faces(upload), MarkKind.PERSON, by=by, person=stage.person("hana"))
    stage.judge(upload)
    channel = stage.channel("website")
    rendition = assessment.rendition_of(stage.session, upload.id, channel.id)
    assert rendition is not None
    review.look(stage.session, stage.batch, [rendition], by=by)
    stage.judge(upload)
    assert report.collect(stage.session, stage.batch, channel).files[0].verdict == "ready"
    say(stage.session, stage.folk.hana, Answer.WITHDRAWN, guardian=stage.folk.hugo)
    [row] = report.collect(stage.session, stage.batch, channel).files
    assert (row.verdict, row.rendition) == ("waiting", "")
