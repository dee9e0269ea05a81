"""Corpora with their members, batches, exports, and the facts that analytics count; jobs of other kinds than annotating."""

from __future__ import annotations

import json
import zlib

import sqlalchemy as sa
from alembic import op

from corpora.store.facts import facts_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("kind", sa.String(length=16), server_default="annotate", nullable=False))
        jobs.add_column(sa.Column("batch_id", sa.String(length=36), nullable=True))
        jobs.alter_column("document_id", existing_type=sa.String(length=36), nullable=True)
        jobs.drop_index("ix_jobs_state_priority_id")
        jobs.alter_column("priority", new_column_name="rank", existing_type=sa.Integer())
    op.execute("UPDATE jobs SET rank = -rank")
    op.create_index(op.f("ix_jobs_state_kind_rank_id"), "jobs", ["state", "kind", "rank", "id"])
    op.create_index(op.f("ix_jobs_batch_id_state_finished"), "jobs", ["batch_id", "state", "finished"])
    _corpora()
    op.create_table(
        "facts",
        sa.Column("annotation_id", sa.String(length=36), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name=op.f("fk_facts_annotation_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("annotation_id", "layer", "label", name=op.f("pk_facts")),
    )
    _count_what_is_there()


def _corpora() -> None:
    op.create_table(
        "corpora",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corpora")),
        sa.UniqueConstraint("space", "name", name=op.f("uq_corpora_space_name")),
    )
    op.create_table(
        "members",
        sa.Column("corpus_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["corpus_id"], ["corpora.id"], name=op.f("fk_members_corpus_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_members_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("corpus_id", "document_id", name=op.f("pk_members")),
        sa.UniqueConstraint("corpus_id", "sha256", name=op.f("uq_members_corpus_id_sha256")),
    )
    op.create_index(op.f("ix_members_document_id"), "members", ["document_id"])
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("corpus_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["corpus_id"], ["corpora.id"], name=op.f("fk_batches_corpus_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_corpus_id"), "batches", ["corpus_id"])
    op.create_table(
        "exports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("corpus_id", sa.String(length=36), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["corpus_id"], ["corpora.id"], name=op.f("fk_exports_corpus_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("job_id", name=op.f("uq_exports_job_id")),
    )
    op.create_index(op.f("ix_exports_corpus_id"), "exports", ["corpus_id"])
    op.create_index(op.f("ix_exports_sha256"), "exports", ["sha256"])


def _count_what_is_there() -> None:
    """The facts of annotations that were made before there was a table for them."""
    connection = op.get_bind()
    annotations = sa.table("annotations", sa.column("id"), sa.column("result"))
    facts = sa.table("facts", *(sa.column(name) for name in ("annotation_id", "layer", "label", "number")))
    for annotation_id in list(connection.execute(sa.select(annotations.c.id)).scalars()):
        packed = connection.execute(sa.select(annotations.c.result).where(annotations.c.id == annotation_id)).scalar_one()
        rows = facts_of(json.loads(zlib.decompress(packed)))
        if rows:
            connection.execute(sa.insert(facts), [{"annotation_id": annotation_id, **row} for row in rows])
