"""The table of the gate, a test for each of its lines."""

import itertools

import pytest

from consent.decisions.vocabulary import Reach, Review, WithoutPermission
from consent.gate.verdicts import (
    ChannelRules,
    Circumstances,
    Identity,
    ItemVerdict,
    Seen,
    Verdict,
    Why,
    judge_face,
    judge_item,
)

WEBSITE = ChannelRules(Reach.PUBLIC)
APP = ChannelRules(Reach.CLOSED, review=Review.DOUBTFUL, automatic_show=True)
LOOKED_AT = Circumstances(looked_at_by=frozenset({"anna"}))
SURELY_SOMEBODY = Seen(Identity.STRICT, allowed=True, under_16=False)


def test_a_confirmed_person_who_allows_it_is_shown() -> None:
    assert judge_face(Seen(Identity.CONFIRMED, allowed=True), WEBSITE).verdict is Verdict.SHOW


def test_a_confirmed_person_who_does_not_allow_it_is_covered() -> None:
    judged = judge_item([Seen(Identity.CONFIRMED, allowed=False)], WEBSITE, LOOKED_AT)
    assert (judged.verdict, judged.faces[0].verdict) == (ItemVerdict.READY, Verdict.COVER)


def test_a_confirmed_person_who_does_not_allow_it_blocks_where_the_channel_says_block() -> None:
    blocking = ChannelRules(Reach.PUBLIC, without_permission=WithoutPermission.BLOCK)
    judged = judge_item([Seen(Identity.CONFIRMED, allowed=False)], blocking, LOOKED_AT)
    assert (judged.verdict, judged.reasons) == (ItemVerdict.BLOCKED, (Why.CHANNEL_BLOCKS,))


def test_a_strict_match_is_shown_where_the_channel_shows_automatically() -> None:
    judged = judge_item([SURELY_SOMEBODY], APP, Circumstances())
    assert (judged.verdict, judged.faces[0].reasons) == (ItemVerdict.READY, (Why.SHOWN_AUTOMATICALLY,))


@pytest.mark.parametrize(
    ("seen", "channel"),
    [
        (SURELY_SOMEBODY, WEBSITE),
        (SURELY_SOMEBODY, ChannelRules(Reach.CLOSED, automatic_show=True, four_eyes=True)),
        (Seen(Identity.PROPOSED, allowed=True, under_16=False), APP),
        (Seen(Identity.UNSURE, allowed=True, under_16=False), APP),
        (Seen(Identity.STRICT, allowed=True, look_alike=True, under_16=False), APP),
        (Seen(Identity.STRICT, allowed=False, under_16=False), APP),
        (Seen(Identity.STRICT, allowed=True, under_16=True), ChannelRules(Reach.PUBLIC, automatic_show=True)),
    ],
    ids=[
        "the channel does not show automatically",
        "the channel wants four eyes",
        "the match is not strict",
        "the match is unsure",
        "somebody looks alike",
        "the person does not allow it",
        "a pupil under 16 on a public channel",
    ],
)
def test_no_other_proposal_is_shown(seen: Seen, channel: ChannelRules) -> None:
    judged = judge_item([seen], channel, LOOKED_AT)
    assert judged.faces[0].verdict is Verdict.UNDECIDED
    assert not judged.faces[0].shown
    assert judged.verdict is ItemVerdict.NEEDS_REVIEW


def test_a_pupil_under_16_may_be_shown_automatically_on_a_closed_channel() -> None:
    assert judge_face(Seen(Identity.STRICT, allowed=True, under_16=True), APP).verdict is Verdict.SHOW


@pytest.mark.parametrize("identity", [Identity.NOBODY, Identity.POSSIBLE_FACE])
def test_a_face_nobody_knows_is_covered_and_waits(identity: Identity) -> None:
    judged = judge_item([Seen(identity)], APP, LOOKED_AT)
    assert (judged.verdict, judged.faces[0].shown) == (ItemVerdict.NEEDS_REVIEW, False)


@pytest.mark.parametrize("identity", [Identity.NOT_ON_THE_REGISTER, Identity.NO_IDEA, Identity.COVERED_BY_HAND])
def test_a_face_that_was_marked_is_covered_and_waits_no_longer(identity: Identity) -> None:
    judged = judge_item([Seen(identity)], APP, Circumstances())
    assert (judged.verdict, judged.faces[0].verdict) == (ItemVerdict.READY, Verdict.COVER)


def test_a_possible_face_that_was_dismissed_is_no_face_any_more() -> None:
    judged = judge_item([Seen(Identity.NO_FACE)], APP, Circumstances())
    assert (judged.verdict, judged.faces[0].shown) == (ItemVerdict.READY, True)


@pytest.mark.parametrize("identity", [Identity.CONFIRMED, Identity.STRICT, Identity.PROPOSED, Identity.UNSURE])
@pytest.mark.parametrize("channel", [WEBSITE, APP], ids=["website", "app"])
def test_somebody_kept_out_is_covered_and_blocks_on_every_channel(identity: Identity, channel: ChannelRules) -> None:
    judged = judge_item([Seen(identity, allowed=True, keep_out=True, under_16=False)], channel, LOOKED_AT)
    assert (judged.verdict, judged.faces[0].verdict) == (ItemVerdict.BLOCKED, Verdict.COVER)
    assert judged.reasons == (Why.KEEP_OUT,)


def test_no_face_found_is_reviewed_like_anything_else() -> None:
    assert judge_item([], APP, Circumstances()).reasons == (Why.NO_FACE_FOUND,)
    assert judge_item([], APP, LOOKED_AT).verdict is ItemVerdict.READY


def test_every_upload_is_looked_at_where_the_channel_says_always() -> None:
    allowed = [Seen(Identity.CONFIRMED, allowed=True)]
    assert judge_item(allowed, WEBSITE, Circumstances()).reasons == (Why.NOT_YET_REVIEWED,)
    assert judge_item(allowed, WEBSITE, LOOKED_AT).verdict is ItemVerdict.READY


def test_four_eyes_are_two_people() -> None:
    channel = ChannelRules(Reach.CLOSED, review=Review.DOUBTFUL, four_eyes=True)
    allowed = [Seen(Identity.CONFIRMED, allowed=True)]
    nobody, anna, bea = frozenset[str](), frozenset({"anna"}), frozenset({"bea"})
    assert judge_item(allowed, channel, Circumstances(nobody, anna)).reasons == (Why.NOT_YET_REVIEWED,)
    assert judge_item(allowed, channel, Circumstances(anna, anna)).reasons == (Why.SECOND_PERSON_NEEDED,)
    assert judge_item(allowed, channel, Circumstances(bea, anna)).verdict is ItemVerdict.READY
    assert judge_item(allowed, channel, Circumstances(anna | bea, anna)).verdict is ItemVerdict.READY


def test_with_somebody_kept_out_present_every_upload_is_looked_at() -> None:
    allowed = [Seen(Identity.CONFIRMED, allowed=True)]
    assert judge_item(allowed, APP, Circumstances(keep_out_present=True)).reasons == (Why.KEEP_OUT_PRESENT,)
    looked_at = Circumstances(looked_at_by=frozenset({"anna"}), keep_out_present=True)
    assert judge_item(allowed, APP, looked_at).verdict is ItemVerdict.READY


@pytest.mark.parametrize(
    "faces",
    [
        [],
        [Seen(Identity.CONFIRMED, allowed=True), Seen(Identity.NO_IDEA)],
        [Seen(Identity.CONFIRMED, allowed=True), Seen(Identity.CONFIRMED, allowed=False)],
        [Seen(Identity.NO_FACE)],
        [SURELY_SOMEBODY],
    ],
    ids=["no face", "somebody unknown", "somebody refuses", "nothing but a mistake", "somebody not confirmed"],
)
def test_a_commissioned_portrait_needs_the_leave_of_everybody_in_it(faces: list[Seen]) -> None:
    looked_at = Circumstances(looked_at_by=frozenset({"anna"}), commissioned=True)
    assert Why.COMMISSIONED in judge_item(faces, APP, looked_at).reasons
    assert judge_item(faces, APP, looked_at).verdict is ItemVerdict.BLOCKED


def test_a_commissioned_portrait_of_people_who_all_allow_it_goes_out() -> None:
    looked_at = Circumstances(looked_at_by=frozenset({"anna"}), commissioned=True)
    faces = [Seen(Identity.CONFIRMED, allowed=True), Seen(Identity.NO_FACE)]
    assert judge_item(faces, APP, looked_at).verdict is ItemVerdict.READY


def test_without_a_register_everybody_is_covered_and_nobody_waits() -> None:
    faces = [Seen(identity, allowed=True, under_16=False) for identity in Identity]
    judged = judge_item(faces, APP, Circumstances(anonymising=True))
    assert judged.verdict is ItemVerdict.READY
    assert not any(face.shown for face in judged.faces)


def every_face() -> list[Seen]:
    truths = [False, True]
    return [
        Seen(identity, allowed, keep_out, look_alike, under_16)
        for identity in Identity
        for allowed, keep_out, look_alike, under_16 in itertools.product(truths, repeat=4)
    ]


def every_channel() -> list[ChannelRules]:
    truths = [False, True]
    return [
        ChannelRules(reach, review, show, without, four)
        for reach in Reach
        for review in Review
        for without in WithoutPermission
        for show, four in itertools.product(truths, repeat=2)
    ]


def test_nobody_is_shown_who_is_kept_out_or_does_not_allow_it() -> None:
    for seen, channel in itertools.product(every_face(), every_channel()):
        judged = judge_face(seen, channel)
        if judged.verdict is Verdict.SHOW:
            assert seen.allowed
            assert not seen.keep_out
            assert seen.identity in {Identity.CONFIRMED, Identity.STRICT}
        if judged.shown and judged.verdict is not Verdict.SHOW:
            assert seen.identity is Identity.NO_FACE


def test_taking_a_permission_away_never_shows_more() -> None:
    for seen, channel in itertools.product(every_face(), every_channel()):
        less = Seen(seen.identity, allowed=False, keep_out=seen.keep_out, under_16=seen.under_16)
        assert judge_face(seen, channel).shown or not judge_face(less, channel).shown


def test_an_undecided_face_always_holds_its_upload_up() -> None:
    for seen, channel in itertools.product(every_face(), every_channel()):
        judged = judge_item([seen], channel, Circumstances(looked_at_by=frozenset({"anna", "bea"})))
        if judged.faces[0].verdict is Verdict.UNDECIDED:
            assert judged.verdict is not ItemVerdict.READY


def test_every_verdict_says_why() -> None:
    for seen, channel in itertools.product(every_face(), every_channel()):
        judged = judge_item([seen], channel, Circumstances())
        assert judged.faces[0].reasons
        assert judged.reasons or judged.verdict is ItemVerdict.READY
