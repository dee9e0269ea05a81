"""What users say of works and versions, what a first page told, and kept comparisons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.add_column("works", sa.Column("facts", sa.JSON()))
    op.add_column("versions", sa.Column("amended_by", sa.JSON()))
    op.add_column("documents", sa.Column("recognised", sa.String(length=255)))
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=36)),
        sa.Column("result", sa.LargeBinary()),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
        sa.UniqueConstraint("space", "request_hash", name=op.f("uq_comparisons_space_request_hash")),
    )
    op.create_index(op.f("ix_comparisons_job_id"), "comparisons", ["job_id"])
    op.create_table(
        "compared_documents",
        sa.Column("comparison_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparisons.id"], name=op.f("fk_compared_documents_comparison_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comparison_id", "document_id", name=op.f("pk_compared_documents")),
    )
    op.create_index(op.f("ix_compared_documents_document_id"), "compared_documents", ["document_id"])


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table("compared_documents")
    op.drop_table("comparisons")
    op.drop_column("documents", "recognised")
    op.drop_column("versions", "amended_by")
    op.drop_column("works", "facts")
