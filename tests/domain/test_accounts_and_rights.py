import datetime as dt

import pytest
from sqlmodel import Session, select

from consent import clock
from consent.audit import AuditEntry
from consent.errors import Conflict, NotAllowed, NotFound
from consent.people import accounts
from consent.people.tables import Account, SignInLink
from consent.people.vocabulary import Role
from tests import people
from tests.people import Folk


@pytest.fixture
def folk(session: Session) -> Folk:
    return people.move_in(session)


def test_a_link_signs_in_once_and_only_its_hash_is_kept(session: Session, folk: Folk) -> None:
    olga = session.get_one(Account, folk.olga)
    secret = accounts.one_time_link(session, olga)
    row = session.exec(select(SignInLink)).one()
    assert secret not in str(row.model_dump())
    assert accounts.spend_link(session, secret).id == olga.id
    with pytest.raises(NotFound, match="does not work"):
        accounts.spend_link(session, secret)


def test_an_old_a_garbled_and_a_closed_accounts_link_do_not_work(session: Session, folk: Folk) -> None:
    olga = session.get_one(Account, folk.olga)
    old = accounts.one_time_link(session, olga, holds=dt.timedelta(seconds=-1))
    good = accounts.one_time_link(session, olga)
    for secret in (old, good[:-1], ""):
        with pytest.raises(NotFound):
            accounts.spend_link(session, secret)
    olga.disabled_at = clock.now()
    session.add(olga)
    session.flush()
    with pytest.raises(NotFound):
        accounts.spend_link(session, good)
    with pytest.raises(NotAllowed):
        accounts.one_time_link(session, olga)


def test_rights_are_those_given_at_this_school_to_an_open_account(session: Session, folk: Folk) -> None:
    olga = session.get_one(Account, folk.olga)
    accounts.require(session, olga, Role.ADMINISTRATION, Role.ADMIN, school_id=folk.school)
    with pytest.raises(NotAllowed, match="takes the right of officer"):
        accounts.require(session, olga, Role.OFFICER)
    with pytest.raises(NotFound):
        accounts.require(session, olga, Role.ADMINISTRATION, school_id=folk.other_school)
    olga.disabled_at = clock.now()
    with pytest.raises(NotAllowed):
        accounts.require(session, olga, Role.ADMINISTRATION)


def test_an_account_is_found_by_address_at_its_own_school(session: Session, folk: Folk) -> None:
    assert accounts.account_named(session, folk.school, " Olga@Regenboog.example ").id == folk.olga
    with pytest.raises(NotFound):
        accounts.account_named(session, folk.other_school, "olga@regenboog.example")


def test_nobody_is_invited_twice_or_without_an_address(session: Session, folk: Folk) -> None:
    admin = session.get_one(Account, folk.admin)
    with pytest.raises(Conflict):
        accounts.invite(session, folk.school, "Olga", "OLGA@regenboog.example", [Role.TEACHER], by=admin)
    with pytest.raises(NotAllowed):
        accounts.invite(session, folk.school, "Olga", "olga", [Role.TEACHER], by=admin)


def test_there_is_one_first_administrator(session: Session, folk: Folk) -> None:
    with pytest.raises(Conflict, match="has an account already"):
        accounts.first_administrator(session, folk.school, "Eva", "eva@example.org")


def test_the_audit_says_who_invited_whom_to_what_by_ids(session: Session, folk: Folk) -> None:
    entry = session.exec(select(AuditEntry).where(AuditEntry.subject == f"account:{folk.olga}")).one()
    assert (entry.actor, entry.particulars) == (f"account:{folk.admin}", '{"roles":"administration"}')
