"""From faces to a file that may go out, through the gate's own steps on the real database, vault and pixels."""

import pytest
from sqlmodel import Session

from consent.decisions.vocabulary import Answer, Review
from consent.gate import assessment, redaction, review
from consent.gate.tables import MarkKind, Upload
from consent.gate.verdicts import ItemVerdict, Verdict, Why
from tests.gate.stage import Stage, is_open, set_up
from tests.people import say


def name(stage: Stage, upload: Upload, number: int, who: str) -> str:
    face = stage.faces(upload)[number]
    return review.mark(
        stage.session, stage.batch, [face], MarkKind.PERSON, by=stage.account("reviewer"), person=stage.person(who)
    )


def look(stage: Stage, upload: Upload, by: str = "reviewer") -> None:
    for channel in ("website", "parent-app"):
        rendition = assessment.rendition_of(stage.session, upload.id, stage.channel(channel).id)
        if rendition is not None:
            review.look(stage.session, stage.batch, [rendition], by=stage.account(by))


def test_without_matching_everybody_is_covered_and_waits_for_a_name(session: Session) -> None:
    stage = set_up(session, dpia=False)
    stage.enrol("jasmijn")
    upload = stage.photograph("jasmijn", "ben")
    written = stage.judge(upload)
    assert written.verdict is ItemVerdict.NEEDS_REVIEW
    assert [face.reasons for face in written.faces] == [(Why.NOBODY_KNOWN,), (Why.NOBODY_KNOWN,)]
    assert not is_open(stage, upload, 0)
    assert not is_open(stage, upload, 1)


def test_a_proposal_is_covered_until_a_person_confirms_it(stage: Stage) -> None:
    stage.enrol("jasmijn")
    upload = stage.photograph("jasmijn")
    written = stage.judge(upload)
    assert written.faces[0].reasons == (Why.PROPOSED,)
    assert not is_open(stage, upload, 0)
    name(stage, upload, 0, "jasmijn")
    assert stage.judge(upload).faces[0].verdict is Verdict.SHOW
    assert is_open(stage, upload, 0)


def test_of_two_named_people_only_the_one_who_allows_it_is_shown(stage: Stage) -> None:
    upload = stage.photograph("hana", "ben")
    name(stage, upload, 0, "hana")
    name(stage, upload, 1, "ben")  # his parents disagree
    written = stage.judge(upload)
    assert [face.verdict for face in written.faces] == [Verdict.SHOW, Verdict.COVER]
    assert is_open(stage, upload, 0)
    assert not is_open(stage, upload, 1)


def test_the_same_picture_may_show_more_on_one_channel_than_on_another(stage: Stage) -> None:
    upload = stage.photograph("kees")  # yes on the closed app, no on the website
    name(stage, upload, 0, "kees")
    assert stage.judge(upload, "website").faces[0].verdict is Verdict.COVER
    assert stage.judge(upload, "parent-app").faces[0].verdict is Verdict.SHOW
    assert not is_open(stage, upload, 0, "website")
    assert is_open(stage, upload, 0, "parent-app")


def test_a_grown_up_who_is_surely_recognised_is_shown_where_the_channel_shows_automatically(stage: Stage) -> None:
    stage.enrol("jasmijn")
    stage.change("parent-app", review=Review.DOUBTFUL, automatic_show=True)
    upload = stage.photograph("jasmijn")
    written = stage.judge(upload, "parent-app")
    assert (written.verdict, written.faces[0].reasons) == (ItemVerdict.READY, (Why.SHOWN_AUTOMATICALLY,))
    assert is_open(stage, upload, 0, "parent-app")
    assert not is_open(stage, upload, 0, "website")


def test_a_child_is_never_shown_automatically_on_a_public_channel(stage: Stage) -> None:
    stage.enrol("hana")
    stage.change("website", review=Review.DOUBTFUL, automatic_show=True)
    written = stage.judge(stage.photograph("hana"))
    assert (written.verdict, written.faces[0].reasons) == (ItemVerdict.NEEDS_REVIEW, (Why.PROPOSED,))


def test_a_brother_who_looks_alike_is_never_shown_automatically(stage: Stage) -> None:
    stage.enrol("gijs")  # Guus has no template, and might be in the picture
    stage.change("parent-app", review=Review.DOUBTFUL, automatic_show=True)
    written = stage.judge(stage.photograph("gijs"), "parent-app")
    assert written.faces[0].reasons == (Why.PROPOSED, Why.LOOK_ALIKE)
    assert written.verdict is ItemVerdict.NEEDS_REVIEW


def test_a_face_far_from_everybody_is_nobody_known(stage: Stage) -> None:
    stage.enrol("jasmijn", "hana")
    written = stage.judge(stage.photograph("a passer-by"))
    assert written.faces[0].reasons == (Why.NOBODY_KNOWN,)


def test_a_possible_face_is_covered_until_it_is_dismissed(stage: Stage) -> None:
    upload = stage.photograph("hana", "a bush", possible=1)
    name(stage, upload, 0, "hana")
    assert stage.judge(upload).faces[1].reasons == (Why.POSSIBLE_FACE,)
    assert not is_open(stage, upload, 1)
    bush = stage.faces(upload)[1]
    review.mark(stage.session, stage.batch, [bush], MarkKind.NO_FACE, by=stage.account("reviewer"))
    assert stage.judge(upload).faces[1].verdict is Verdict.DISMISSED
    assert is_open(stage, upload, 1)


def test_somebody_kept_out_blocks_every_channel_and_leaves_no_file(stage: Stage) -> None:
    upload = stage.photograph("hana", "emma")
    stage.judge(upload)
    assert assessment.rendition_of(stage.session, upload.id, stage.channel("website").id) is not None
    name(stage, upload, 1, "emma")
    for channel in ("website", "parent-app"):
        written = stage.judge(upload, channel)
        assert (written.verdict, written.reasons) == (ItemVerdict.BLOCKED, (Why.KEEP_OUT,))
        assert assessment.rendition_of(stage.session, upload.id, stage.channel(channel).id) is None


def test_somebody_kept_out_blocks_as_soon_as_it_may_be_them(stage: Stage) -> None:
    say(stage.session, stage.folk.jasmijn, Answer.YES, place=None)
    stage.enrol("jasmijn")
    stage.person("jasmijn").keep_out = True
    for apart in (0.1, 0.31, 0.35):  # strict, proposed, unsure
        assert stage.judge(stage.photograph("jasmijn", apart=apart)).verdict is ItemVerdict.BLOCKED


def test_a_picture_without_faces_waits_to_be_looked_at(stage: Stage) -> None:
    stage.change("website", review=Review.DOUBTFUL)
    upload = stage.photograph()
    assert stage.judge(upload).reasons == (Why.NO_FACE_FOUND,)
    look(stage, upload)
    assert stage.judge(upload).verdict is ItemVerdict.READY


def test_a_look_counts_only_for_the_very_picture_that_was_looked_at(stage: Stage) -> None:
    upload = stage.photograph("hana", "ben")
    name(stage, upload, 0, "hana")
    stage.judge(upload)
    look(stage, upload)
    name(stage, upload, 1, "jasmijn")  # now she is shown too: nobody has seen that
    written = stage.judge(upload)
    assert (written.verdict, written.reasons) == (ItemVerdict.NEEDS_REVIEW, (Why.NOT_YET_REVIEWED,))
    look(stage, upload)
    assert stage.judge(upload).verdict is ItemVerdict.READY


def test_four_eyes_are_not_the_eyes_of_who_gave_the_names(stage: Stage) -> None:
    stage.change("website", four_eyes=True)
    upload = stage.photograph("hana")
    name(stage, upload, 0, "hana")
    stage.judge(upload)
    look(stage, upload)
    assert stage.judge(upload).reasons == (Why.SECOND_PERSON_NEEDED,)
    look(stage, upload, by="second_reviewer")
    assert stage.judge(upload).verdict is ItemVerdict.READY


def test_a_withdrawn_consent_covers_at_the_next_judgement(stage: Stage) -> None:
    upload = stage.photograph("hana")
    name(stage, upload, 0, "hana")
    assert stage.judge(upload).faces[0].verdict is Verdict.SHOW
    say(stage.session, stage.folk.hana, Answer.WITHDRAWN, guardian=stage.folk.hilde)
    assert stage.judge(upload).faces[0].verdict is Verdict.COVER
    assert not is_open(stage, upload, 0)


def test_a_naming_is_undone_as_one(stage: Stage) -> None:
    first, second = stage.photograph("hana"), stage.photograph("hana")
    faces = [stage.faces(first)[0], stage.faces(second)[0]]
    naming = review.mark(
        stage.session, stage.batch, faces, MarkKind.PERSON, by=stage.account("reviewer"), person=stage.person("hana")
    )
    assert stage.judge(first).faces[0].verdict is Verdict.SHOW
    assert review.undo(stage.session, stage.batch, naming, by=stage.account("reviewer")) == 2
    for upload in (first, second):
        assert stage.judge(upload).faces[0].verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("kind", [MarkKind.NOT_ON_THE_REGISTER, MarkKind.NO_IDEA])
def test_a_face_nobody_can_name_is_covered_and_settled(stage: Stage, kind: MarkKind) -> None:
    upload = stage.photograph("a passer-by")
    review.mark(stage.session, stage.batch, stage.faces(upload), kind, by=stage.account("reviewer"))
    stage.judge(upload)
    look(stage, upload)
    written = stage.judge(upload)
    assert (written.verdict, written.faces[0].verdict) == (ItemVerdict.READY, Verdict.COVER)
    assert not is_open(stage, upload, 0)


def test_a_commissioned_portrait_with_somebody_unknown_is_blocked(stage: Stage) -> None:
    stage.batch.commissioned = True
    upload = stage.photograph("hana", "a passer-by")
    name(stage, upload, 0, "hana")
    assert Why.COMMISSIONED in stage.judge(upload).reasons


def test_a_brother_of_somebody_kept_out_blocks_until_it_is_known_which_of_them_it_is(stage: Stage) -> None:
    stage.enrol("gijs")
    stage.person("guus").keep_out = True
    upload = stage.photograph("gijs")
    assert stage.judge(upload).verdict is ItemVerdict.BLOCKED
    name(stage, upload, 0, "gijs")
    written = stage.judge(upload)
    assert (written.verdict, written.faces[0].verdict) == (ItemVerdict.NEEDS_REVIEW, Verdict.SHOW)


def test_with_somebody_kept_out_on_the_outing_every_picture_is_looked_at(stage: Stage) -> None:
    stage.change("website", review=Review.DOUBTFUL)
    upload = stage.photograph("hana")
    name(stage, upload, 0, "hana")
    assert stage.judge(upload).verdict is ItemVerdict.READY
    stage.person("chidi").keep_out = True  # he came along
    assert stage.judge(upload).reasons == (Why.KEEP_OUT_PRESENT,)
    look(stage, upload)
    assert stage.judge(upload).verdict is ItemVerdict.READY


def test_a_painter_that_forgets_is_found_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = stage.photograph("ben")
    monkeypatch.setattr(redaction, "cover", lambda picture, _covers: picture)
    written = stage.judge(upload)
    assert written.verdict is ItemVerdict.BLOCKED
    assert Why.LEAK_CHECK_FAILED in written.reasons
