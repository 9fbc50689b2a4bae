"""Marks and lists of names: read whole, checked whole, and undone as one."""

import pytest

from consent.errors import Conflict, NotFound
from consent.gate import name_list, preparation, report, review
from consent.gate.name_list import UnfitNames
from consent.gate.tables import MarkKind
from consent.gate.verdicts import Verdict
from tests.gate.stage import Stage


def grouped(stage: Stage) -> None:
    """Number the faces: Jasmijn in two pictures is group 1, Ben is 2, a passer-by 3."""
    stage.enrol("jasmijn")
    stage.photograph("jasmijn", "ben")
    stage.photograph("jasmijn", "a passer-by")
    preparation.group(stage.session, stage.batch.id)


def given(stage: Stage, text: str) -> int:
    return name_list.apply(stage.session, stage.batch, text, by=stage.account("reviewer"))


def test_a_name_given_once_counts_for_the_whole_group(stage: Stage) -> None:
    grouped(stage)
    assert given(stage, "group,name\n1,jasmijn\n2,Ben Bensen\n3,not on the register\n") == 3
    rows = report.collect(stage.session, stage.batch, stage.channel("website"))
    assert [(row.group, row.name) for row in rows.groups] == [
        ("1", "jasmijn Jasmijn Jasmijnsen"),
        ("2", "ben Ben Bensen"),
        ("3", "not on the register"),
    ]


def test_giving_the_same_names_again_says_nothing_new(stage: Stage) -> None:
    grouped(stage)
    names = "group;name\n1;JASMIJN\n2;geen idee\n"
    assert given(stage, names) == 2
    assert given(stage, names) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group,name\n9,jasmijn\n", "Line 2: there is no group 9"),
        ("group,name\n1,Nobody Knows\n", "Line 2: nobody on the register"),
        ("group,name\n1,noor\n", "Line 2: nobody on the register"),  # she goes to another school
        ("group,name\n1,jasmijn\n2,jasmijn\n", "Line 3: one person would be in the same picture twice"),
        ("group,name\n1,jasmijn\n1/1,ben\n", "Lines 2 and 3 say different things of one face"),
        ("face,who\n1,jasmijn\n", "needs the columns"),
        ("", "needs the columns"),
    ],
)
def test_one_wrong_line_and_nothing_is_said(stage: Stage, text: str, said: str) -> None:
    grouped(stage)
    stage.session.commit()
    with pytest.raises(UnfitNames, match=said):
        given(stage, text)
    stage.session.rollback()
    faces = [
        face.id
        for upload in preparation.intake.uploads_of(stage.session, stage.batch.id)
        for face in stage.faces(upload)
    ]
    assert review.standing_marks(stage.session, faces) == {}


def test_two_people_of_one_name_are_told_apart_by_their_key(stage: Stage) -> None:
    grouped(stage)
    stage.person("chidi").given_name, stage.person("chidi").family_name = "Ben", "Bensen"
    stage.session.flush()
    with pytest.raises(UnfitNames, match="write the roster key"):
        given(stage, "group,name\n2,Ben Bensen\n")
    assert given(stage, "group,name\n2,ben\n") == 1


def test_a_brother_is_confirmed_face_by_face(stage: Stage) -> None:
    stage.enrol("gijs", "guus")
    stage.photograph("gijs")
    stage.photograph("gijs")
    preparation.group(stage.session, stage.batch.id)
    with pytest.raises(UnfitNames, match="1/1 to 1/2"):
        given(stage, "group,name\n1,gijs\n")
    rows = report.collect(stage.session, stage.batch, stage.channel("website"))
    assert [row.group for row in rows.groups] == ["1/1", "1/2"]
    assert given(stage, "group,name\n1/1,gijs\n1/2,guus\n") == 2


def test_one_person_is_not_named_twice_in_one_picture(stage: Stage) -> None:
    upload = stage.photograph("ben", "hana")
    first, second = stage.faces(upload)
    by, ben = stage.account("reviewer"), stage.person("ben")
    review.mark(stage.session, stage.batch, [first], MarkKind.PERSON, by=by, person=ben)
    with pytest.raises(Conflict, match="same picture twice"):
        review.mark(stage.session, stage.batch, [second], MarkKind.PERSON, by=by, person=ben)


def test_the_latest_word_on_a_face_counts(stage: Stage) -> None:
    upload = stage.photograph("hana")
    [face] = stage.faces(upload)
    by = stage.account("reviewer")
    review.mark(stage.session, stage.batch, [face], MarkKind.PERSON, by=by, person=stage.person("hana"))
    review.mark(stage.session, stage.batch, [face], MarkKind.NO_IDEA, by=by)
    assert stage.judge(upload).faces[0].verdict is Verdict.COVER


def test_an_account_of_another_school_says_nothing_here(stage: Stage) -> None:
    upload = stage.photograph("hana")
    with pytest.raises(NotFound):
        review.mark(stage.session, stage.batch, stage.faces(upload), MarkKind.NO_FACE, by=stage.account("other_admin"))


def test_a_face_is_never_named_after_somebody_of_another_school(stage: Stage) -> None:
    upload = stage.photograph("noor")
    by = stage.account("reviewer")
    with pytest.raises(NotFound):
        review.mark(
            stage.session, stage.batch, stage.faces(upload), MarkKind.PERSON, by=by, person=stage.person("noor")
        )
