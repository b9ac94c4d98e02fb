"""One piece of work on a store: it is done whole, with its entries in the audit, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.chain import append, lock_store, now
from calcinet.store.engine import Connections
from calcinet.store.key import StoreKey
from calcinet.store.tables import StoreRow, UserRow
from calcinet.text import say

MOST_LETTERS_OF_A_NAME = 80
EDITOR = "editor"
"""Role of who works on the command line."""


@dataclass(slots=True, kw_only=True)
class Transaction:
    """What writes needs: a session, the locked store, its key, and who does it."""

    session: Session
    store: StoreRow
    key: StoreKey
    who: str

    def note(self, action: str, subject: str, *, digest: str = "", **detail: Any) -> None:
        """Write an entry of the audit."""
        append(
            self.session,
            self.store,
            self.key,
            who=self.who,
            action=action,
            subject=subject,
            digest=digest,
            detail=detail,
        )


@contextmanager
def transaction(connections: Connections, key: StoreKey, who: str) -> Iterator[Transaction]:
    """Lend a transaction that is alone in writing to the store.

    Raises
    ------
    BadInput
        If nobody is named, or the key is not that of the store.
    StoreUnusable
        If the database refuses.
    """
    who = who.strip()
    if not who or len(who) > MOST_LETTERS_OF_A_NAME:
        raise BadInput(say("who does this? Give --who with a name of at most 80 letters"))
    with connections.writing() as session:
        store = lock_store(session)
        require_key(store, key)
        _know_user(session, who)
        yield Transaction(session=session, store=store, key=key, who=who)


def require_key(store: StoreRow, key: StoreKey) -> None:
    """Refuse another key than the one a store was made with.

    Raises
    ------
    BadInput
        With the fingerprints of both.
    """
    if store.key_fingerprint != key.fingerprint:
        raise BadInput(
            say(
                "the key here ({found}) is not the one that this store was made with ({expected}): give the file of"
                " that one by CALCINET_KEY",
                found=key.fingerprint,
                expected=store.key_fingerprint,
            )
        )


def _know_user(session: Session, who: str) -> None:
    """Whoever does something is a user; one who was shut out does nothing."""
    user = session.scalars(select(UserRow).where(UserRow.name == who)).one_or_none()
    if user is None:
        session.add(UserRow(name=who, role=EDITOR, made_at=now()))
        session.flush()
    elif user.disabled_at is not None:
        raise BadInput(say("the user {who} was shut out of this store", who=who))
