"""What people answered on the films of an archive."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("entry", sa.Integer, sa.ForeignKey("audit.number"), nullable=False, index=True),
        sa.Column("project", sa.String(80), nullable=False, index=True),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("film", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(8), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove the table: that there were answers stands in the audit all the same."""
    op.drop_table("answers")
