"""The tables of a store. What a table looked like in an earlier version stands in `migrations`, never here.

Moments are texts in UTC with microseconds, days are YYYY-MM-DD: they sort as time does, and what is sealed in the audit
is what stands in the table, letter by letter, on every database.
"""

from typing import Final

from sqlalchemy import Double, ForeignKey, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

REVISION: Final = "0003"
"""Of the migration that gives these tables."""

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are called, alike on every database, so that migrations find them."""

NEVER_AGAIN: Final = {"sqlite_autoincrement": True}
"""A number that was given is not given again after a purge; PostgreSQL does so by itself."""


class Base(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData(naming_convention=NAMES)


class StoreRow(Base):
    """The store itself, one row: who writes locks it, so that the audit is one chain."""

    __tablename__ = "store"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[str] = mapped_column(String(27))
    key_fingerprint: Mapped[str] = mapped_column(String(16))
    entries: Mapped[int]
    """Of the audit."""
    head: Mapped[str] = mapped_column(String(64))
    """Seal of the last entry; empty before the first."""


class PatientRow(Base):
    """A patient, by pseudonym."""

    __tablename__ = "patients"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    sex: Mapped[str | None] = mapped_column(String(8))
    made_at: Mapped[str] = mapped_column(String(27))


class StudyRow(Base):
    """What was examined: the same films, or the same case, of one patient."""

    __tablename__ = "studies"
    __table_args__ = (UniqueConstraint("patient_id", "content"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"), index=True)
    content: Mapped[str] = mapped_column(String(64))
    """SHA-256 of those of its images, or of its case."""
    on: Mapped[str | None] = mapped_column(String(10), index=True)


class ImageRow(Base):
    """An image of a study, by its hash: the same film can be of one patient only."""

    __tablename__ = "images"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    modality: Mapped[str] = mapped_column(String(16))


class RecordRow(Base):
    """One record.json, as it was given; what was changed since stands in its edits."""

    __tablename__ = "records"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the body."""
    version: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[str] = mapped_column(String(27))
    added_by: Mapped[str] = mapped_column(String(80))
    level: Mapped[str | None] = mapped_column(String(16))
    """Of suspicion, as edited."""
    probability: Mapped[float | None] = mapped_column(Double)
    """Posterior median, as edited."""
    body: Mapped[str] = mapped_column(Text)


class EditRow(Base):
    """One change of a record by a person."""

    __tablename__ = "edits"
    __table_args__ = (UniqueConstraint("record_id", "number"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Of the edits of this record, from 1."""
    at: Mapped[str] = mapped_column(String(27))
    who: Mapped[str] = mapped_column(String(80))
    field: Mapped[str] = mapped_column(String(500))
    """JSON Pointer (RFC 6901)."""
    before: Mapped[str] = mapped_column(Text)
    """JSON."""
    after: Mapped[str] = mapped_column(Text)
    """JSON."""
    why: Mapped[str] = mapped_column(Text)


class UserRow(Base):
    """Somebody who may do something."""

    __tablename__ = "users"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    secret: Mapped[str | None] = mapped_column(String(300))
    """Slow salted hash of a password; None of a user of the command line."""
    made_at: Mapped[str] = mapped_column(String(27))
    disabled_at: Mapped[str | None] = mapped_column(String(27))


class AuditRow(Base):
    """One entry of the audit; each holds the seal of the one before it."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1, without a gap."""
    at: Mapped[str] = mapped_column(String(27))
    who: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    """What it was done to: "record 17"."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was written; empty where nothing was."""
    detail: Mapped[str] = mapped_column(Text)
    """JSON; names nobody."""
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class AnswerRow(Base):
    """What somebody answered on a film of an archive; a later answer stands beside the earlier, and holds."""

    __tablename__ = "answers"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(ForeignKey("audit.number"), index=True)
    """Number in the audit, which tells who answered, and when."""
    project: Mapped[str] = mapped_column(String(80), index=True)
    run: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the ranking that was gone through."""
    film: Mapped[str] = mapped_column(String(40))
    """Keyed hash of its place in the archive."""
    answer: Mapped[str] = mapped_column(String(8))
