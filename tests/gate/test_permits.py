"""What a permit says, what it takes to get one, and how it dies."""

import base64
import datetime as dt
import json

import pytest

from consent import clock
from consent.decisions.vocabulary import Answer
from consent.errors import Refused
from consent.gate import assessment, intake, permits, redaction, review
from consent.gate.tables import MarkKind, Permit, Upload
from tests.gate.stage import Stage
from tests.people import say


@pytest.fixture
def hana_at_the_zoo(stage: Stage) -> Upload:
    """A picture of Hana, named and looked at by the reviewer; nothing said of copyright yet."""
    upload = stage.photograph("hana")
    by = stage.account("reviewer")
    review.mark(stage.session, stage.batch, stage.faces(upload), MarkKind.PERSON, by=by, person=stage.person("hana"))
    stage.judge(upload)
    for channel in ("website", "parent-app"):
        rendition = assessment.rendition_of(stage.session, upload.id, stage.channel(channel).id)
        assert rendition is not None
        review.look(stage.session, stage.batch, [rendition], by=by)
    stage.judge(upload)
    return upload


def answer_copyright(stage: Stage) -> None:
    intake.answer_copyright(
        stage.session, stage.batch, maker="juf Jasmijn", leave=True, commissioned=False, actor="account:test"
    )


def issue(stage: Stage, upload: Upload) -> Permit:
    return permits.issue(stage.session, upload, stage.channel("website"), by=stage.account("reviewer"))


def released(stage: Stage, upload: Upload) -> bytes:
    rendition = assessment.rendition_of(stage.session, upload.id, stage.channel("website").id)
    assert rendition is not None
    return redaction.content_of(stage.session, rendition)


def test_a_reviewed_picture_gets_a_permit_that_says_what_was_released(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    permit = issue(stage, hana_at_the_zoo)
    said = permits.read(permit.token, permits.public_key())
    assert (said.channel, said.issued_on) == ("website", clock.today())
    assert said.last_day == clock.today() + dt.timedelta(days=30)
    [standing] = permits.standings(stage.session, released(stage, hana_at_the_zoo))
    assert standing.may_be_published


def test_asking_again_gives_the_same_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    assert issue(stage, hana_at_the_zoo).id == issue(stage, hana_at_the_zoo).id


def test_without_an_answer_about_copyright_there_is_no_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    with pytest.raises(Refused, match="who made the pictures"):
        issue(stage, hana_at_the_zoo)


def test_without_leave_of_the_maker_there_is_no_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    intake.answer_copyright(
        stage.session, stage.batch, maker="a parent", leave=False, commissioned=False, actor="account:test"
    )
    with pytest.raises(Refused, match="may use"):
        issue(stage, hana_at_the_zoo)


def test_what_nobody_looked_at_gets_no_permit(stage: Stage) -> None:
    answer_copyright(stage)
    upload = stage.photograph("hana")
    review.mark(
        stage.session,
        stage.batch,
        stage.faces(upload),
        MarkKind.PERSON,
        by=stage.account("reviewer"),
        person=stage.person("hana"),
    )
    stage.judge(upload)
    with pytest.raises(Refused, match="not yet reviewed"):
        issue(stage, upload)


def test_a_consent_withdrawn_after_the_judgement_stops_the_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    say(stage.session, stage.folk.hana, Answer.WITHDRAWN, guardian=stage.folk.hugo)
    with pytest.raises(Refused, match="judged again"):
        issue(stage, hana_at_the_zoo)


def test_an_unproven_rendition_gets_no_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    rendition = assessment.rendition_of(stage.session, hana_at_the_zoo.id, stage.channel("website").id)
    assert rendition is not None
    rendition.proven = False
    with pytest.raises(Refused, match="proven"):
        issue(stage, hana_at_the_zoo)


def test_what_was_judged_for_an_earlier_revision_gets_no_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    stage.batch.revision += 1
    with pytest.raises(Refused, match="judged again"):
        issue(stage, hana_at_the_zoo)


def test_where_there_is_no_register_there_is_no_permit(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    stage.batch.anonymising = True
    with pytest.raises(Refused, match="no register"):
        issue(stage, hana_at_the_zoo)


def test_a_permit_dies_with_the_consent_it_rests_on(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    issue(stage, hana_at_the_zoo)
    say(stage.session, stage.folk.hana, Answer.WITHDRAWN, guardian=stage.folk.hugo)
    [standing] = permits.standings(stage.session, released(stage, hana_at_the_zoo))
    assert standing.against == ("somebody shown in it may no longer be shown",)


def test_a_permit_dies_when_somebody_in_it_is_kept_out(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    issue(stage, hana_at_the_zoo)
    stage.person("hana").keep_out = True
    [standing] = permits.standings(stage.session, released(stage, hana_at_the_zoo))
    assert not standing.may_be_published


def test_a_permit_ends_with_its_last_day(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    permit = issue(stage, hana_at_the_zoo)
    said = json.loads(permit.token)["permit"]
    said["last_day"] = str(clock.today() - dt.timedelta(days=1))
    permit.token = permits._sign(said)
    [standing] = permits.standings(stage.session, released(stage, hana_at_the_zoo))
    assert not standing.may_be_published
    assert "ended" in standing.against[0]


def test_a_file_that_was_changed_is_unknown(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    issue(stage, hana_at_the_zoo)
    content = released(stage, hana_at_the_zoo)
    assert permits.standings(stage.session, content + b"\0") == []


@pytest.mark.parametrize(
    ("part", "value"), [("last_day", "2099-12-31"), ("channel", "social-media"), ("sha256", "0" * 64)]
)
def test_a_permit_that_was_changed_is_forged(stage: Stage, hana_at_the_zoo: Upload, part: str, value: str) -> None:
    answer_copyright(stage)
    token = json.loads(issue(stage, hana_at_the_zoo).token)
    token["permit"][part] = value
    with pytest.raises(permits.Forged):
        permits.read(json.dumps(token), permits.public_key())


@pytest.mark.parametrize("token", ["", "{}", "[]", "null", '{"permit": {}, "signature": "?"}', "\x00"])
def test_nonsense_is_no_permit(stage: Stage, token: str) -> None:
    with pytest.raises(permits.Forged):
        permits.read(token, permits.public_key())


def test_another_installations_key_does_not_verify_it(stage: Stage, hana_at_the_zoo: Upload) -> None:
    answer_copyright(stage)
    token = issue(stage, hana_at_the_zoo).token
    with pytest.raises(permits.Forged):
        permits.read(token, base64.b16encode(bytes(32)).decode())
