import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from consent import audit, clock
from consent.audit import Action, AuditEntry
from consent.decisions import channels, ledger, wordings
from consent.decisions.acceptance import Said
from consent.decisions.channels import ChannelSettings
from consent.decisions.tables import Channel, Decision, PaperForm
from consent.decisions.vocabulary import Answer, Decider, Medium, Purpose, Reach, Reason, Source
from consent.errors import Conflict, ConsentError, NotAllowed, NotFound, Refused
from consent.people import roll
from consent.people.tables import Account, Person, School
from tests import people
from tests.people import Folk

YES, NO, WITHDRAWN, TAKEN_BACK = Answer.YES, Answer.NO, Answer.WITHDRAWN, Answer.TAKEN_BACK


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


def why(session: Session, folk: Folk, person_id: str, channel_id: str | None = None) -> tuple[Reason, ...]:
    wanted = people.channel_rows(session, folk)
    found = ledger.permissions(session, folk.school, [person_id], wanted, [Medium.PHOTO], clock.today())
    return found[person_id, channel_id or folk.website, Medium.PHOTO].reasons


def hers(session: Session, folk: Folk, **change: object) -> Said:
    """What Bea could say about Ben, with one thing changed."""
    text = wordings.wording_for(session, folk.school, Purpose.PUBLICATION, "nl")
    said = Said(
        folk.ben, Decider.GUARDIAN, YES, text.id, channel_id=folk.website, medium=Medium.PHOTO, guardian_id=folk.bea
    )
    return replace(said, **change)  # type: ignore[arg-type]


def test_an_answer_is_in_force_at_once_and_a_newer_one_replaces_it(session: Session, folk: Folk) -> None:
    people.say(session, folk.chidi, YES, guardian=folk.chika)
    assert why(session, folk, folk.chidi) == (Reason.ALLOWED,)
    people.say(session, folk.chidi, WITHDRAWN, guardian=folk.chika)
    assert why(session, folk, folk.chidi) == (Reason.GUARDIAN_NO,)
    assert [one.answer for one in ledger.history(session, folk.chidi)] == [YES, WITHDRAWN]


def test_an_answer_is_about_one_medium_on_one_channel(session: Session, folk: Folk) -> None:
    people.say(session, folk.chidi, YES, guardian=folk.chika, medium=Medium.FILM)
    found = ledger.permissions(
        session, folk.school, [folk.chidi], people.channel_rows(session, folk), list(Medium), clock.today()
    )
    assert [place for place, permission in found.items() if permission.allowed] == [
        (folk.chidi, folk.website, Medium.FILM)
    ]


def test_every_answer_is_in_the_audit_by_ids_and_words_alone(session: Session, folk: Folk) -> None:
    decision = people.say(session, folk.chidi, YES, guardian=folk.chika)
    entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()  # type: ignore[union-attr]
    assert entry is not None
    assert (entry.action, entry.subject, entry.actor) == (
        Action.DECISION_RECORDED,
        f"person:{folk.chidi}",
        f"guardian:{folk.chika}",
    )
    assert entry.particulars == f'{{"answer":"yes","decision":"{decision.id}","source":"online"}}'
    assert audit.verify(session).faults == ()


REFUSED: list[tuple[str, dict[str, object] | Callable[[Folk], dict[str, object]], type[ConsentError]]] = [
    ("somebody who is not there", {"person_id": "nobody"}, NotFound),
    ("a child of another school", lambda folk: {"person_id": folk.noor, "guardian_id": folk.nina}, NotFound),
    ("another family's child", lambda folk: {"person_id": folk.chidi}, NotFound),
    ("a guardian whom nobody knows", {"guardian_id": "nobody"}, NotFound),
    ("no guardian at all", {"guardian_id": None}, NotFound),
    ("a guardian barred from contact", lambda folk: {"person_id": folk.mila, "guardian_id": folk.max}, NotFound),
    ("a mother of a pupil of 16", lambda folk: {"person_id": folk.anna, "guardian_id": folk.alma}, NotAllowed),
    ("a guardian who takes back", {"answer": TAKEN_BACK}, Refused),
    ("a child under 16 who says yes", {"decider": Decider.SELF, "guardian_id": None}, NotAllowed),
    ("a guardian who speaks as the child", {"decider": Decider.SELF, "answer": NO}, Refused),
    (
        "a pupil of 16 who takes back",
        lambda folk: {"person_id": folk.anna, "decider": Decider.SELF, "guardian_id": None, "answer": TAKEN_BACK},
        NotAllowed,
    ),
    ("a channel that is not there", {"channel_id": "nowhere"}, NotFound),
    ("no channel", {"channel_id": None}, NotFound),
    ("no medium", {"medium": None}, Refused),
    ("a text that is not there", {"wording_id": "none"}, NotFound),
    ("a text about publication, for matching", {"purpose": Purpose.FACE_MATCHING}, Refused),
    ("a no that ends by itself", {"answer": NO, "expires_on": dt.date(2090, 1, 1)}, Refused),
    ("a yes that ended long ago", {"expires_on": dt.date(2020, 1, 1)}, Refused),
]


@pytest.mark.parametrize(("change", "error"), [pytest.param(*rest, id=name) for name, *rest in REFUSED])
def test_what_was_not_theirs_to_say_is_refused(
    session: Session,
    folk: Folk,
    change: dict[str, object] | Callable[[Folk], dict[str, object]],
    error: type[ConsentError],
) -> None:
    before = len(session.exec(select(Decision.id)).all())
    said = hers(session, folk, **(change(folk) if callable(change) else change))
    with pytest.raises(error):
        ledger.record(session, said, source=Source.ONLINE)
    assert len(session.exec(select(Decision.id)).all()) == before


def test_a_guardian_without_authority_is_refused(session: Session, folk: Folk) -> None:
    roll.change_guardianship(session, session.get_one(Person, folk.ben), folk.bea, authority=False, by=None)
    with pytest.raises(NotAllowed, match="no authority"):
        ledger.record(session, hers(session, folk), source=Source.ONLINE)


def test_another_schools_channel_takes_not_even_a_no(session: Session, folk: Folk) -> None:
    theirs = channels.channel_named(session, folk.other_school, "website")
    with pytest.raises(NotFound, match="no such channel at this school"):
        ledger.record(session, hers(session, folk, channel_id=theirs.id, answer=NO), source=Source.ONLINE)


def test_matching_is_asked_by_a_text_of_its_own(session: Session, folk: Folk) -> None:
    text = wordings.wording_for(session, folk.school, Purpose.PUBLICATION, "nl")
    about_matching = Said(folk.ben, Decider.GUARDIAN, YES, text.id, Purpose.FACE_MATCHING, guardian_id=folk.bea)
    with pytest.raises(NotFound, match="no such text"):
        ledger.record(session, about_matching, source=Source.ONLINE)


def test_a_yes_needs_a_text_that_speaks_of_the_channel_and_a_no_does_not(session: Session, folk: Folk) -> None:
    school = session.get_one(School, folk.school)
    musical = channels.open_channel(session, school, "musical", "De musical", Reach.CLOSED, by=None)
    assert why(session, folk, folk.hana, musical.id) == (Reason.NO_ANSWER,)
    with pytest.raises(Refused, match="does not speak of this channel"):
        ledger.record(session, hers(session, folk, channel_id=musical.id), source=Source.ONLINE)
    ledger.record(session, hers(session, folk, channel_id=musical.id, answer=NO), source=Source.ONLINE)
    assert Reason.GUARDIAN_NO in why(session, folk, folk.ben, musical.id)


def test_a_text_that_changed_its_meaning_is_answered_anew(session: Session, folk: Folk) -> None:
    school = session.get_one(School, folk.school)
    old = hers(session, folk)
    website = [session.get_one(Channel, folk.website)]
    texts = {"nl": "Nieuwe tekst.", "en": "New text."}
    wordings.publish_wording(session, school, Purpose.PUBLICATION, texts, website, material=False, by=None)
    assert why(session, folk, folk.hana) == (Reason.ALLOWED,)
    wordings.publish_wording(session, school, Purpose.PUBLICATION, texts, website, material=True, by=None)
    assert why(session, folk, folk.hana) == (Reason.WORDING_CHANGED,)
    assert why(session, folk, folk.hana, folk.parent_app) == (Reason.ALLOWED,)
    with pytest.raises(Conflict, match="Read it again"):
        ledger.record(session, old, source=Source.ONLINE)
    ledger.record(session, replace(old, answer=NO), source=Source.ONLINE)
    people.say(session, folk.hana, YES, guardian=folk.hugo)
    assert why(session, folk, folk.hana) == (Reason.ALLOWED,)


def test_a_text_about_matching_that_changed_is_answered_anew_too(session: Session, folk: Folk) -> None:
    school = session.get_one(School, folk.school)
    texts = {"nl": "Nieuwe tekst."}
    wordings.publish_wording(session, school, Purpose.FACE_MATCHING, texts, material=True, by=None)
    assert ledger.may_match(session, [folk.hana], clock.today())[folk.hana].reasons == (Reason.WORDING_CHANGED,)


def test_paper_is_entered_by_the_office_with_its_reference(session: Session, folk: Folk) -> None:
    olga = session.get_one(Account, folk.olga)
    both = [hers(session, folk, medium=medium) for medium in (Medium.PHOTO, Medium.SOUND)]
    made = ledger.record_paper(session, both, reference=" map 3, blad 12 ", by=olga)
    more = ledger.record_paper(session, both[:1], reference="map 3, blad 12", by=olga)
    form = session.exec(select(PaperForm)).one()
    assert form.reference == "map 3, blad 12"
    assert {one.paper_form_id for one in [*made, *more]} == {form.id}
    assert {(one.source, one.recorded_by) for one in made} == {(Source.PAPER, folk.olga)}


def test_the_no_of_a_barred_guardian_with_authority_comes_in_on_paper(session: Session, folk: Folk) -> None:
    said = hers(session, folk, person_id=folk.mila, guardian_id=folk.max, answer=NO)
    ledger.record_paper(session, [said], reference="brief advocaat", by=session.get_one(Account, folk.olga))
    assert why(session, folk, folk.mila) == (Reason.GUARDIAN_NO,)


def test_paper_without_a_reference_or_without_the_right_is_refused(session: Session, folk: Folk) -> None:
    said = [hers(session, folk)]
    with pytest.raises(Refused, match="reference"):
        ledger.record_paper(session, said, reference=" ", by=session.get_one(Account, folk.olga))
    with pytest.raises(NotAllowed):
        ledger.record_paper(session, said, reference="map 3", by=session.get_one(Account, folk.reviewer))
    with pytest.raises(NotFound):
        ledger.record_paper(session, said, reference="map 3", by=session.get_one(Account, folk.other_admin))
    with pytest.raises(Refused, match="needs the form"):
        ledger.record(session, said[0], source=Source.PAPER, by=session.get_one(Account, folk.olga))
    with pytest.raises(Refused, match="needs the paper form"):
        ledger.record(session, said[0], source=Source.ONLINE, by=session.get_one(Account, folk.olga))
    with pytest.raises(Refused, match="who entered"):
        ledger.record(session, said[0], source=Source.TAKEN_OVER)


def test_a_childs_own_no_is_written_down_and_taken_back(session: Session, folk: Folk) -> None:
    hana, olga = session.get_one(Person, folk.hana), session.get_one(Account, folk.olga)
    website = session.get_one(Channel, folk.website)
    ledger.own_no(session, hana, website, Medium.PHOTO, by=olga)
    assert why(session, folk, folk.hana) == (Reason.OWN_NO,)
    assert why(session, folk, folk.hana, folk.parent_app) == (Reason.ALLOWED,)
    ledger.take_back(session, hana, website, Medium.PHOTO, by=olga)
    assert why(session, folk, folk.hana) == (Reason.ALLOWED,)


def test_what_went_out_stays_when_dana_leaves_and_comes_down_when_her_father_objects(
    session: Session, folk: Folk
) -> None:
    website = [session.get_one(Channel, folk.website)]
    place = (folk.dana, folk.website, Medium.PHOTO)
    asked = (session, folk.school, [folk.dana], website, [Medium.PHOTO], clock.today())
    assert ledger.may_stay(*asked)[place].allowed
    people.say(session, folk.dana, NO, guardian=folk.dirk)
    assert ledger.may_stay(*asked)[place].reasons == (Reason.GUARDIAN_NO,)


def test_another_schools_people_are_nobodys_business(session: Session, folk: Folk) -> None:
    with pytest.raises(NotFound):
        why(session, folk, folk.noor)


def test_where_the_school_asks_both_the_missing_guardian_is_a_reason(session: Session, folk: Folk) -> None:
    website = session.get_one(Channel, folk.website)
    both = replace(channels.settings_of(website), both_guardians=True)
    channels.change_channel(session, website, both, by=session.get_one(Account, folk.admin))
    assert why(session, folk, folk.hana) == (Reason.ALLOWED,)
    assert why(session, folk, folk.mila) == (Reason.NOT_ALL_GUARDIANS,)


def test_a_one_off_question_ends_by_itself(session: Session, folk: Folk) -> None:
    website = session.get_one(Channel, folk.website)
    until = replace(ChannelSettings(), closes_on=clock.today() - dt.timedelta(days=1))
    channels.change_channel(session, website, until, by=None)
    assert why(session, folk, folk.hana) == (Reason.CHANNEL_CLOSED,)
