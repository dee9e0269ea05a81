"""Out of which trace a job comes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.add_column("jobs", sa.Column("trace", sa.String(length=64)))


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_column("jobs", "trace")
