"""Reviews: assignments, coded blocks and decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("codebook", sa.String(length=255), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("layers", sa.JSON(), nullable=False),
        sa.Column("coders", sa.JSON(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("assigned_by", sa.String(length=16), nullable=False),
        sa.Column("creator", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_space_id"), "reviews", ["space", "id"])
    op.create_table(
        "assignments",
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("coder", sa.String(length=255), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.String(length=36), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_assignments_document_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_assignments_review_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", "coder", "document_id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_document_id"), "assignments", ["document_id"])
    op.create_table(
        "codings",
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("coder", sa.String(length=255), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_codings_document_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_codings_review_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", "coder", "document_id", "start", "end", "role", name=op.f("pk_codings")),
    )
    op.create_index(op.f("ix_codings_document_id"), "codings", ["document_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("annotation_id", sa.String(length=36), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("coder", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("layer", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("replacement", sa.JSON(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("codebook", sa.String(length=255), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("carried_from", sa.String(length=36), nullable=True),
        sa.Column("carried_as", sa.String(length=16), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_decisions_document_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_decisions_review_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_document_id"), "decisions", ["document_id"])
    op.create_index(op.f("ix_decisions_review_id_document_id_coder"), "decisions", ["review_id", "document_id", "coder"])


def downgrade() -> None:
    """Back from this revision."""

    op.drop_table("decisions")
    op.drop_table("codings")
    op.drop_table("assignments")
    op.drop_table("reviews")
