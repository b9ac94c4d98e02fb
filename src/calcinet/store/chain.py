"""The audit: what was done, when and by whom, each entry sealed together with the seal of the one before it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calcinet.store.key import StoreKey
from calcinet.store.tables import AuditRow, StoreRow

SEALED: Final = ("number", "at", "who", "action", "subject", "digest", "detail", "previous")
"""Columns that the seal is of: all others."""


def now() -> str:
    """Tell this moment as the tables hold it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def lock_store(session: Session) -> StoreRow:
    """The row of the store, which nobody else can change until the transaction ends."""
    return session.scalars(select(StoreRow).with_for_update()).one()


def append(
    session: Session,
    store: StoreRow,
    key: StoreKey,
    *,
    who: str,
    action: str,
    subject: str,
    digest: str,
    detail: Mapping[str, Any],
) -> AuditRow:
    """Write the next entry; the row of the store must be locked."""
    row = AuditRow(
        number=store.entries + 1,
        at=now(),
        who=who,
        action=action,
        subject=subject,
        digest=digest,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False),
        previous=store.head,
        seal="",
    )
    row.seal = seal_of(row, key)
    store.entries, store.head = row.number, row.seal
    session.add(row)
    return row


def seal_of(row: AuditRow, key: StoreKey) -> str:
    """What the seal of an entry must be."""
    content = [getattr(row, column) for column in SEALED]
    return key.seal(json.dumps(content, ensure_ascii=False).encode())
