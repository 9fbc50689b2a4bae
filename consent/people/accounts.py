"""Those of the staff who work with this program, what they may do, and the links by which they come in."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection

from sqlmodel import Session, col, select, update

from consent import audit, clock
from consent.audit import Action
from consent.errors import Conflict, NotAllowed, NotFound
from consent.people.tables import Account, AccountRole, SignInLink
from consent.people.vocabulary import Role

FIRST_LINK_HOLDS = dt.timedelta(days=7)  # it is printed on a terminal or sent as an invitation
_SECRET = 32  # bytes: far beyond guessing


def invite(
    session: Session, school_id: str, name: str, email: str, roles: Collection[Role], *, by: Account | None
) -> Account:
    """A new account with its roles. `by` is nobody only when an installation begins."""
    address = _plain(email)
    if "@" not in address:
        raise NotAllowed("An account needs a mail address.")
    if _with_address(session, school_id, address) is not None:
        raise Conflict("There is an account with this mail address already.")
    account = Account(school_id=school_id, name=name.strip() or address, email=address)
    session.add(account)
    session.flush()
    session.add_all(AccountRole(account_id=account.id, role=role) for role in set(roles))
    audit.record(
        session,
        Action.ACCOUNT_INVITED,
        f"account:{account.id}",
        school_id=school_id,
        actor=actor(by),
        particulars={"roles": " ".join(sorted(set(roles)))},
    )
    return account


def first_administrator(session: Session, school_id: str, name: str, email: str) -> Account:
    """The first account of a school, which invites all others. Only where nobody is there to invite."""
    if session.exec(select(Account.id).where(Account.school_id == school_id).limit(1)).first() is not None:
        raise Conflict("This school has an account already: who has one invites the others.")
    return invite(session, school_id, name, email, [Role.ADMIN, Role.ADMINISTRATION], by=None)


def one_time_link(session: Session, account: Account, holds: dt.timedelta = FIRST_LINK_HOLDS) -> str:
    """The secret of a link that signs an account in once. It is known to whoever gets it, and to nobody here."""
    if account.disabled_at is not None:
        raise NotAllowed("This account is closed.")
    secret = secrets.token_urlsafe(_SECRET)
    now = clock.now()
    session.add(SignInLink(account_id=account.id, secret_hash=_hash(secret), made_at=now, expires_at=now + holds))
    session.flush()
    return secret


def spend_link(session: Session, secret: str) -> Account:
    """Whose link this is, once. Unknown, used and expired look the same."""
    now = clock.now()
    # The first to write `used_at` has it; a second one at the same moment changes no row.
    spent = session.exec(
        update(SignInLink)
        .where(col(SignInLink.secret_hash) == _hash(secret), col(SignInLink.used_at).is_(None))
        .where(col(SignInLink.expires_at) > now)
        .values(used_at=now)
        .returning(col(SignInLink.account_id))
    ).first()
    account = session.get(Account, spent[0]) if spent else None
    if account is None or account.disabled_at is not None:
        raise NotFound("This link does not work: it was used, it is too old, or it is incomplete. Ask for a new one.")
    return account


def account_named(session: Session, school_id: str, email: str) -> Account:
    """The open account with this mail address."""
    account = _with_address(session, school_id, _plain(email))
    if account is None or account.disabled_at is not None:
        raise NotFound("There is no account with this mail address at this school.")
    return account


def actor(by: Account | None) -> str:
    """How the audit names who did something; nobody is the installation itself, by its command line."""
    return f"account:{by.id}" if by else "installation"


def roles_of(session: Session, account: Account) -> frozenset[Role]:
    """What an account may do; nothing, once it is closed."""
    if account.disabled_at is not None:
        return frozenset()
    rows = session.exec(select(AccountRole).where(AccountRole.account_id == account.id))
    return frozenset(row.role for row in rows)


def require(session: Session, account: Account, *roles: Role, school_id: str | None = None) -> None:
    """Refuse unless the account holds one of `roles`, at this school where one is named."""
    if school_id is not None and account.school_id != school_id:
        raise NotFound
    if not roles_of(session, account) & set(roles):
        raise NotAllowed(f"This takes the right of {' or '.join(sorted(roles))}.")


def _with_address(session: Session, school_id: str, address: str) -> Account | None:
    return session.exec(select(Account).where(Account.school_id == school_id, Account.email == address)).first()


def _plain(email: str) -> str:
    return email.strip().casefold()


def _hash(secret: str) -> str:
    # A fast hash is enough for 32 random bytes; it is passwords that need a slow one.
    return hashlib.sha256(secret.encode()).hexdigest()
