import datetime as dt
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from consent.audit import Action, AuditEntry
from consent.decisions import channels, wordings
from consent.decisions.channels import ChannelSettings
from consent.decisions.tables import Channel, Wording
from consent.decisions.vocabulary import AfterLapse, Purpose, Reach, Review, WithoutPermission
from consent.errors import Conflict, NotFound, Refused
from consent.people.tables import Account, School
from tests import people
from tests.people import Folk


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


def test_a_school_begins_with_channels_and_texts_and_seeding_twice_is_harmless(session: Session, folk: Folk) -> None:
    school = session.get_one(School, folk.school)
    before = [channel.key for channel in people.channel_rows(session, folk)]
    wordings.seed_wordings(session, school, channels.seed_channels(session, school))
    assert [channel.key for channel in people.channel_rows(session, folk)] == before
    assert {"website", "social-media", "newsletter", "school-guide", "parent-app", "class-photo"} <= set(before)
    texts = session.exec(select(Wording).where(Wording.school_id == folk.school)).all()
    assert {(text.purpose, text.edition, text.language) for text in texts} == {
        (purpose, 1, language) for purpose in Purpose for language in ("nl", "en")
    }


def test_a_new_channel_is_as_careful_as_can_be(session: Session, folk: Folk) -> None:
    for channel in people.channel_rows(session, folk):
        assert channels.settings_of(channel) == ChannelSettings(
            Review.ALWAYS, False, WithoutPermission.COVER, False, False, AfterLapse.KEEP_UNTIL_ANSWERED, 0, None, None
        )


def test_every_changed_setting_is_in_the_audit(session: Session, folk: Folk) -> None:
    website, admin = session.get_one(Channel, folk.website), session.get_one(Account, folk.admin)
    wanted = replace(channels.settings_of(website), review=Review.DOUBTFUL, both_guardians=True)
    channels.change_channel(session, website, wanted, by=admin)
    channels.change_channel(session, website, wanted, by=admin)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == str(Action.CHANNEL_CHANGED))).one()
    assert entry.actor == f"account:{folk.admin}"
    assert entry.particulars == '{"both_guardians":"False -> True","review":"always -> doubtful"}'
    assert channels.settings_of(website) == wanted


@pytest.mark.parametrize(
    "nonsense",
    [
        ChannelSettings(take_down_after_days=-1),
        ChannelSettings(take_down_after_days=14),
        ChannelSettings(opens_on=dt.date(2026, 5, 2), closes_on=dt.date(2026, 5, 1)),
    ],
)
def test_settings_that_contradict_themselves_are_refused(
    session: Session, folk: Folk, nonsense: ChannelSettings
) -> None:
    website = session.get_one(Channel, folk.website)
    with pytest.raises(Refused):
        channels.change_channel(session, website, nonsense, by=None)
    assert channels.settings_of(website) == ChannelSettings()


def test_a_channel_is_named_by_its_key_at_its_own_school(session: Session, folk: Folk) -> None:
    assert channels.channel_named(session, folk.school, "website").id == folk.website
    with pytest.raises(NotFound, match=r"There are: website, social-media"):
        channels.channel_named(session, folk.school, "webiste")


@pytest.mark.parametrize("key", ["De musical", "", "a/b", "..", "Website"])
def test_a_key_is_plain(session: Session, folk: Folk, key: str) -> None:
    with pytest.raises(Refused):
        channels.open_channel(session, session.get_one(School, folk.school), key, "X", Reach.CLOSED, by=None)


def test_a_key_is_given_once(session: Session, folk: Folk) -> None:
    with pytest.raises(Conflict):
        channels.open_channel(session, session.get_one(School, folk.school), "website", "X", Reach.CLOSED, by=None)


def test_an_edition_stands_beside_the_old_one_and_the_newest_is_asked(session: Session, folk: Folk) -> None:
    school, website = session.get_one(School, folk.school), session.get_one(Channel, folk.website)
    first = wordings.wording_for(session, folk.school, Purpose.PUBLICATION, "en", website)
    wordings.publish_wording(session, school, Purpose.PUBLICATION, {"en": "New."}, [website], material=False, by=None)
    second = wordings.wording_for(session, folk.school, Purpose.PUBLICATION, "en", website)
    assert (first.edition, second.edition, second.text) == (1, 2, "New.")
    app = session.get_one(Channel, folk.parent_app)
    assert wordings.wording_for(session, folk.school, Purpose.PUBLICATION, "en", app).edition == 1
    assert website.minimum_edition == 1


def test_a_language_nobody_wrote_in_is_not_there(session: Session, folk: Folk) -> None:
    with pytest.raises(NotFound, match="no text in this language"):
        wordings.wording_for(session, folk.school, Purpose.PUBLICATION, "tr")


def test_a_text_about_nothing_or_about_another_school_is_refused(session: Session, folk: Folk) -> None:
    school, website = session.get_one(School, folk.school), session.get_one(Channel, folk.website)
    other = session.get_one(School, folk.other_school)
    for texts, about in [({}, [website]), ({"nl": " "}, [website]), ({"nl": "Tekst."}, [])]:
        with pytest.raises(Refused):
            wordings.publish_wording(session, school, Purpose.PUBLICATION, texts, about, material=True, by=None)
    with pytest.raises(NotFound):
        wordings.publish_wording(session, other, Purpose.PUBLICATION, {"nl": "T."}, [website], material=True, by=None)
