"""Patients, studies, images, records, edits and the audit."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

MOMENT: Final = sa.String(27)
DIGEST: Final = sa.String(64)
WHO: Final = sa.String(80)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "store",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("key_fingerprint", sa.String(16), nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("head", DIGEST, nullable=False),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pseudonym", sa.String(40), nullable=False, unique=True),
        sa.Column("sex", sa.String(8)),
        sa.Column("made_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "patient_id", sa.Integer, sa.ForeignKey("patients.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("content", DIGEST, nullable=False),
        sa.Column("on", sa.String(10), index=True),
        sa.UniqueConstraint("patient_id", "content"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "images",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.Integer, sa.ForeignKey("studies.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("sha256", DIGEST, nullable=False, index=True),
        sa.Column("modality", sa.String(16), nullable=False),
        sqlite_autoincrement=True,
    )
    _make_records()
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", WHO, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False, index=True),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", DIGEST, nullable=False),
        sa.Column("seal", DIGEST, nullable=False),
    )


def _make_records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.Integer, sa.ForeignKey("studies.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("sha256", DIGEST, nullable=False, unique=True),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", WHO, nullable=False),
        sa.Column("level", sa.String(16)),
        sa.Column("probability", sa.Double),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", WHO, nullable=False),
        sa.Column("field", sa.String(500), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.UniqueConstraint("record_id", "number"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove the tables with all that is in them."""
    for table in ("audit", "edits", "records", "images", "studies", "patients", "store"):
        op.drop_table(table)
