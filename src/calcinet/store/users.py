"""Who may do something in a store; hashes of passwords are made and compared elsewhere."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.chain import now
from calcinet.store.tables import UserRow
from calcinet.store.transaction import Transaction
from calcinet.text import say

ROLES: Final = ("reader", "editor", "admin")
"""A reader looks, an editor changes records too, an admin users as well."""


def put_user(work: Transaction, name: str, role: str, secret: str | None) -> None:
    """Make a user, or give one another role or secret; one who was shut out is let in again.

    Raises
    ------
    BadInput
        If there is no such role.
    """
    if role not in ROLES:
        raise BadInput(say("there is no role {role}: give one of {roles}", role=role, roles=list(ROLES)))
    user = work.session.scalars(select(UserRow).where(UserRow.name == name)).one_or_none()
    if user is None:
        user = UserRow(name=name, role=role, made_at=now())
        work.session.add(user)
    user.role, user.disabled_at = role, None
    if secret is not None:
        user.secret = secret
    work.note("put user", f"user {name}"[:80], role=role)


def shut_out(work: Transaction, name: str) -> None:
    """Let a user do nothing any more; what was done stays theirs.

    Raises
    ------
    BadInput
        If there is no such user.
    """
    user = work.session.scalars(select(UserRow).where(UserRow.name == name)).one_or_none()
    if user is None:
        raise BadInput(say("there is no user {name} in this store", name=name))
    user.disabled_at = now()
    work.note("shut out user", f"user {name}"[:80])


def read_secret(session: Session, name: str) -> str | None:
    """Hash of the password of a user who is not shut out; None where there is none."""
    return session.scalars(
        select(UserRow.secret).where(UserRow.name == name, UserRow.disabled_at.is_(None))
    ).one_or_none()
