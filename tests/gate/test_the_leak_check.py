"""A finished file is read as a stranger would read it. Whatever is wrong with it blocks."""

import io

import numpy as np
import pytest
from PIL import Image

from consent.demo import cast
from consent.demo.figures import portrait
from consent.demo.looks import Pose
from consent.gate import assessment, leak_check, preparation, redaction
from consent.gate.tables import Rendition
from consent.gate.verdicts import FaceJudged, ItemVerdict, Verdict, Why
from consent.media import photo, vault
from consent.media.covers import Cover, CoverStyle, cover
from consent.media.photo import Output, ReleaseStatus
from consent.media.regions import Box, Ellipse, head_area
from tests.gate.stage import Stage, textured

RELEASE = "0123456789abcdef"
STATUS = ReleaseStatus.NOT_APPLICABLE


def picture() -> Image.Image:
    return textured(2, 7)


def covers_on(image: Image.Image, style: CoverStyle = CoverStyle.BLUR) -> list[Cover]:
    boxes = [Box(45, 45, 70, 70), Box(190, 40, 60, 80), Box(100, 60, 60, 60)]  # the last overlaps the first
    return [Cover(head_area(box, *image.size), style) for box in boxes]


def encoded(image: Image.Image) -> bytes:
    return photo.encode(image, release_id=RELEASE, release_status=STATUS, like=Output.JPEG)


def find_leak(content: bytes, covers: list[Cover], shown: tuple[Box, ...] = ()) -> str | None:
    return leak_check.find_leak(content, picture().size, covers, shown, RELEASE, STATUS)


@pytest.mark.parametrize("style", list(CoverStyle))
def test_a_covered_picture_holds(style: CoverStyle) -> None:
    covers = covers_on(picture(), style)
    assert find_leak(encoded(cover(picture(), covers)), covers) is None


def test_a_picture_nobody_covered_leaks() -> None:
    assert find_leak(encoded(picture()), covers_on(picture())) == "a cover is not in place (pattern)"


@pytest.mark.parametrize("forgotten", [0, 1, 2])
def test_one_cover_that_was_forgotten_leaks(forgotten: int) -> None:
    covers = covers_on(picture())
    painted = [one for number, one in enumerate(covers) if number != forgotten]
    assert find_leak(encoded(cover(picture(), painted)), covers) is not None


def test_a_cover_in_another_place_leaks() -> None:
    covers = covers_on(picture())
    aside = [
        Cover(Ellipse(one.area.x + 12, one.area.y, one.area.half_width, one.area.half_height), one.style)
        for one in covers
    ]
    assert find_leak(encoded(cover(picture(), aside)), covers) is not None


def test_a_light_blur_is_no_cover() -> None:
    covers = covers_on(picture())
    small = picture().resize((40, 20)).resize(picture().size)
    assert find_leak(encoded(small), covers) is not None


def test_a_picture_of_another_size_leaks() -> None:
    covers = covers_on(picture())
    painted = cover(picture(), covers)
    assert find_leak(encoded(painted.resize((300, 150))), covers) == "a cover is not in place (size)"


@pytest.mark.parametrize("added", [b"\0", b"GPS", b"\xff\xd8\xff\xd9"], ids=["a byte", "words", "a picture"])
def test_bytes_after_the_end_leak(added: bytes) -> None:
    covers = covers_on(picture())
    content = encoded(cover(picture(), covers))
    assert find_leak(content + added, covers) == "more than a picture is in the file"


def test_a_comment_or_a_thumbnail_leaks() -> None:
    covers = covers_on(picture())
    painted = cover(picture(), covers)
    packet = photo.release_packet(RELEASE, STATUS).encode()
    for extra in ({"comment": b"groep 6"}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}, {"icc_profile": b"x" * 200}):
        written = io.BytesIO()
        painted.save(written, "JPEG", quality=90, xmp=packet, **extra)  # type: ignore[arg-type]
        assert find_leak(written.getvalue(), covers) == "more than a picture is in the file"


def test_another_release_id_leaks() -> None:
    covers = covers_on(picture())
    content = photo.encode(
        cover(picture(), covers), release_id="fedcba9876543210", release_status=STATUS, like=Output.JPEG
    )
    assert find_leak(content, covers) == "more than a picture is in the file"


def test_a_face_that_nobody_judged_leaks_and_one_that_is_shown_does_not() -> None:
    drawn = portrait(cast.grown_ups()["annemieke"], Pose(), 480)
    content = encoded(drawn)
    assert leak_check.find_leak(content, drawn.size, [], [], RELEASE, STATUS) == "a face was found that nobody judged"
    face = Box(140, 130, 200, 240)
    assert leak_check.find_leak(content, drawn.size, [], [face], RELEASE, STATUS) is None


def test_a_leak_blocks_and_is_told(stage: Stage) -> None:
    upload = stage.photograph("hana")
    stage.judge(upload)
    channel = stage.channel("website")
    rendition = assessment.rendition_of(stage.session, upload.id, channel.id)
    assert rendition is not None
    rendition.proven, rendition.leak = False, "a cover is not in place (pattern)"
    preparation.settle(stage.session, upload, 0)
    written = assessment.written(stage.session, upload.id, channel.id)
    assert written is not None
    assert written.verdict is ItemVerdict.BLOCKED
    assert Why.LEAK_CHECK_FAILED in written.reasons


def test_a_rendition_is_checked_as_it_lies_in_the_vault(stage: Stage) -> None:
    upload = stage.photograph("hana")
    stage.judge(upload)
    rendition = assessment.rendition_of(stage.session, upload.id, stage.channel("website").id)
    assert isinstance(rendition, Rendition)
    assert rendition.proven
    key = preparation.intake.file_key(stage.batch.id)
    vault.put(redaction.rendition_file(rendition.id), b"something else", key)
    with pytest.raises(Exception, match="made anew"):
        redaction.content_of(stage.session, rendition)


def test_whatever_is_not_shown_is_covered_and_covers_win(stage: Stage) -> None:
    upload = stage.photograph("hana", "ben")
    faces = stage.faces(upload)
    judged = [FaceJudged(Verdict.SHOW, ()), FaceJudged(Verdict.UNDECIDED, ())]
    plan = redaction.plan_for(faces, judged, (320, 160), CoverStyle.FILL)
    assert (len(plan.covers), len(plan.shown)) == (1, 1)
    shown_under_a_cover = Cover(head_area(plan.shown[0], 320, 160), CoverStyle.FILL)
    painted = np.asarray(cover(stage.pictures[upload.id], [shown_under_a_cover]))
    assert set(painted[80, 60:100].ravel()) == {128}
