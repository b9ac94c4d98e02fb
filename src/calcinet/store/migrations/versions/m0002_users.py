"""Users; whoever did something before is one of them."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

MOMENT: Final = sa.String(27)


def upgrade() -> None:
    """Make the table, and fill it from the audit."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("secret", sa.String(300)),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO users (name, role, made_at) SELECT who, 'editor', min(at) FROM audit GROUP BY who")


def downgrade() -> None:
    """Remove the table: who did what stands in the audit all the same."""
    op.drop_table("users")
