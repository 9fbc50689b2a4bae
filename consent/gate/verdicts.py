"""What becomes of a face, and of an upload, on a channel. Pure: this is the table of DESIGN section 4, line by line.

It fails closed. A face is shown for two reasons only: a person said who it is and that person allows it, or the
channel shows automatically, the match is strict, nobody looks alike, and that person allows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from consent.decisions.vocabulary import Reach, Review, WithoutPermission


class Verdict(StrEnum):
    """What becomes of a face."""

    SHOW = "show"
    COVER = "cover"
    UNDECIDED = "undecided"
    DISMISSED = "dismissed"


class ItemVerdict(StrEnum):
    """What becomes of an upload."""

    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    BLOCKED = "blocked"


class Why(StrEnum):
    """Why a verdict is as it is. No reason tells a safety flag from a wish."""

    ALLOWED = "allowed"
    SHOWN_AUTOMATICALLY = "shown_automatically"
    NOT_ALLOWED = "not_allowed"
    KEEP_OUT = "keep_out"
    PROPOSED = "proposed"
    UNSURE = "unsure"
    LOOK_ALIKE = "look_alike"
    NOBODY_KNOWN = "nobody_known"
    NOT_ON_THE_REGISTER = "not_on_the_register"
    NO_IDEA = "no_idea"
    POSSIBLE_FACE = "possible_face"
    NO_FACE = "no_face"
    COVERED_BY_HAND = "covered_by_hand"
    NO_FACE_FOUND = "no_face_found"
    ABSENT = "absent"
    CHANNEL_BLOCKS = "channel_blocks"
    NOT_YET_REVIEWED = "not_yet_reviewed"
    SECOND_PERSON_NEEDED = "second_person_needed"
    KEEP_OUT_PRESENT = "keep_out_present"
    COMMISSIONED = "commissioned"
    NO_REGISTER = "no_register"
    LEAK_CHECK_FAILED = "leak_check_failed"


class Identity(StrEnum):
    """How well it is known whose face this is."""

    CONFIRMED = "confirmed"
    STRICT = "strict"
    PROPOSED = "proposed"
    UNSURE = "unsure"
    NOBODY = "nobody"
    NOT_ON_THE_REGISTER = "not_on_the_register"
    NO_IDEA = "no_idea"
    POSSIBLE_FACE = "possible_face"
    NO_FACE = "no_face"
    COVERED_BY_HAND = "covered_by_hand"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one face. `allowed`, `keep_out` and `under_16` are those of the person it is taken for."""

    identity: Identity
    allowed: bool = False
    keep_out: bool = False
    look_alike: bool = False
    under_16: bool = True


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """The settings of a channel that the gate reads."""

    reach: Reach
    review: Review = Review.ALWAYS
    automatic_show: bool = False
    without_permission: WithoutPermission = WithoutPermission.COVER
    four_eyes: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of an upload apart from its faces."""

    looked_at_by: frozenset[str] = frozenset()  # accounts that looked at exactly this rendition
    named_by: frozenset[str] = frozenset()  # accounts that confirmed a face in it
    keep_out_present: bool = False
    commissioned: bool = False
    anonymising: bool = False  # there is no register: everybody is covered, and nobody waits for a review


@dataclass(frozen=True, slots=True)
class FaceJudged:
    """A face's verdict with its reasons."""

    verdict: Verdict
    reasons: tuple[Why, ...]

    @property
    def shown(self) -> bool:
        """Whether the pixels are left as they are."""
        return self.verdict in {Verdict.SHOW, Verdict.DISMISSED}


@dataclass(frozen=True, slots=True)
class ItemJudged:
    """An upload's verdict with its reasons, and its faces' verdicts in their order."""

    verdict: ItemVerdict
    reasons: tuple[Why, ...]
    faces: tuple[FaceJudged, ...]


_TAKEN_FOR_SOMEBODY = frozenset({Identity.CONFIRMED, Identity.STRICT, Identity.PROPOSED, Identity.UNSURE})

_WITHOUT_A_PERSON = {
    Identity.NOBODY: FaceJudged(Verdict.UNDECIDED, (Why.NOBODY_KNOWN,)),
    Identity.NOT_ON_THE_REGISTER: FaceJudged(Verdict.COVER, (Why.NOT_ON_THE_REGISTER,)),
    Identity.NO_IDEA: FaceJudged(Verdict.COVER, (Why.NO_IDEA,)),
    Identity.POSSIBLE_FACE: FaceJudged(Verdict.UNDECIDED, (Why.POSSIBLE_FACE,)),
    Identity.NO_FACE: FaceJudged(Verdict.DISMISSED, (Why.NO_FACE,)),
    Identity.COVERED_BY_HAND: FaceJudged(Verdict.COVER, (Why.COVERED_BY_HAND,)),
}


def judge_face(seen: Seen, channel: ChannelRules) -> FaceJudged:
    """The verdict on one face."""
    if seen.identity not in _TAKEN_FOR_SOMEBODY:
        return _WITHOUT_A_PERSON[seen.identity]
    if seen.keep_out:
        return FaceJudged(Verdict.COVER, (Why.KEEP_OUT,))
    if seen.identity is Identity.CONFIRMED:
        if seen.allowed:
            return FaceJudged(Verdict.SHOW, (Why.ALLOWED,))
        return FaceJudged(Verdict.COVER, (Why.NOT_ALLOWED,))
    if shows_automatically(seen, channel):
        return FaceJudged(Verdict.SHOW, (Why.SHOWN_AUTOMATICALLY,))
    return FaceJudged(Verdict.UNDECIDED, _doubts(seen))


def shows_automatically(seen: Seen, channel: ChannelRules) -> bool:
    """Whether a face may be shown that nobody confirmed.

    Refused for pupils under 16 on public channels: the thresholds are measured on adults.
    """
    return (
        channel.automatic_show
        and not channel.four_eyes
        and seen.identity is Identity.STRICT
        and seen.allowed
        and not seen.look_alike
        and not (seen.under_16 and channel.reach is Reach.PUBLIC)
    )


def judge_item(faces: Iterable[Seen], channel: ChannelRules, around: Circumstances) -> ItemJudged:
    """The verdict on one upload: blocked outweighs doubt, and doubt outweighs ready."""
    seen = tuple(faces)
    judged = tuple(judge_face(face, channel) for face in seen)
    if around.anonymising:
        covered = tuple(FaceJudged(Verdict.COVER, (Why.NO_REGISTER,)) for _ in judged)
        return ItemJudged(ItemVerdict.READY, (Why.NO_REGISTER,), covered)
    blocks = _blocks(seen, judged, channel, around)
    if blocks:
        return ItemJudged(ItemVerdict.BLOCKED, blocks, judged)
    doubts = _item_doubts(seen, judged, channel, around)
    if doubts:
        return ItemJudged(ItemVerdict.NEEDS_REVIEW, doubts, judged)
    return ItemJudged(ItemVerdict.READY, (), judged)


def _doubts(seen: Seen) -> tuple[Why, ...]:
    first = Why.UNSURE if seen.identity is Identity.UNSURE else Why.PROPOSED
    return (first, Why.LOOK_ALIKE) if seen.look_alike else (first,)


def _blocks(
    seen: tuple[Seen, ...], judged: tuple[FaceJudged, ...], channel: ChannelRules, around: Circumstances
) -> tuple[Why, ...]:
    found: list[Why] = []
    if any(Why.KEEP_OUT in face.reasons for face in judged):
        found.append(Why.KEEP_OUT)
    refused = any(Why.NOT_ALLOWED in face.reasons for face in judged)
    if refused and channel.without_permission is WithoutPermission.BLOCK:
        found.append(Why.CHANNEL_BLOCKS)
    # Auteurswet Art. 20: a commissioned portrait needs the leave of everybody portrayed.
    everybody = bool(faces := [face for face in seen if face.identity is not Identity.NO_FACE]) and all(
        face.identity is Identity.CONFIRMED and face.allowed for face in faces
    )
    if around.commissioned and not everybody:
        found.append(Why.COMMISSIONED)
    return tuple(found)


def _item_doubts(
    seen: tuple[Seen, ...], judged: tuple[FaceJudged, ...], channel: ChannelRules, around: Circumstances
) -> tuple[Why, ...]:
    found: list[Why] = []
    looked = bool(around.looked_at_by)
    for face in judged:
        if face.verdict is Verdict.UNDECIDED:
            found.extend(why for why in face.reasons if why not in found)
    if not seen and not looked:
        found.append(Why.NO_FACE_FOUND)
    if around.keep_out_present and not looked:
        found.append(Why.KEEP_OUT_PRESENT)
    if (channel.review is Review.ALWAYS or channel.four_eyes) and not looked:
        found.append(Why.NOT_YET_REVIEWED)
    # Four eyes: whoever named a face cannot also be the only one to have looked.
    if channel.four_eyes and looked and len(around.looked_at_by | around.named_by) < 2:  # noqa: PLR2004 - two people
        found.append(Why.SECOND_PERSON_NEEDED)
    return tuple(found)
