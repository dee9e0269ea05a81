"""Provisions as rows with what they carry, their words indexed, their vectors; filled from the latest annotations."""

from __future__ import annotations

import json
import zlib

import sqlalchemy as sa
from alembic import op

from corpora.store.provisions import findings_of, rows_of
from corpora.store.words import INDEX, POSTGRES, SQLITE, plain

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this revision."""
    op.create_index(op.f("ix_documents_annotation_id"), "documents", ["annotation_id"])
    op.create_table(
        "provisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("annotation_id", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=64), server_default="default", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("framing", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name=op.f("fk_provisions_annotation_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisions")),
        sa.UniqueConstraint("annotation_id", "position", name=op.f("uq_provisions_annotation_id_position")),
    )
    op.create_index(op.f("ix_provisions_space"), "provisions", ["space"])
    op.create_table(
        "findings",
        sa.Column("provision_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("strength", sa.String(length=16)),
        sa.Column("bearer", sa.String(length=32)),
        sa.Column("probability", sa.Float()),
        sa.ForeignKeyConstraint(["provision_id"], ["provisions.id"], name=op.f("fk_findings_provision_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("provision_id", "number", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_layer_label"), "findings", ["layer", "label"])
    op.create_table(
        "vectors",
        sa.Column("provision_id", _ID, nullable=False),
        sa.Column("encoder", sa.String(length=80), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["provision_id"], ["provisions.id"], name=op.f("fk_vectors_provision_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("provision_id", name=op.f("pk_vectors")),
    )
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
    _index_what_is_there()


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table(INDEX)
    for table in ("vectors", "findings", "provisions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TEXT SEARCH CONFIGURATION lexframe")
        op.execute("DROP TEXT SEARCH DICTIONARY lexframe_stems")
    op.drop_index(op.f("ix_documents_annotation_id"), "documents")


def _index_what_is_there() -> None:
    """Words and labels; vectors need the model, and are made by `lexframe search --rebuild`."""
    connection = op.get_bind()
    latest = "SELECT id FROM annotations WHERE id IN (SELECT annotation_id FROM documents) ORDER BY id"
    for annotation_id in connection.execute(sa.text(latest)).scalars().all():
        row = connection.execute(sa.text("SELECT space, result FROM annotations WHERE id = :id"), {"id": annotation_id}).one()
        result = json.loads(zlib.decompress(row.result))
        if result.get("blocks"):
            _index(connection, annotation_id, row.space, result)


def _index(connection: sa.Connection, annotation_id: str, space: str, result: dict[str, object]) -> None:
    metadata = sa.MetaData()
    provisions = sa.Table("provisions", metadata, autoload_with=connection)
    findings = sa.Table("findings", metadata, autoload_with=connection)
    rows = [{"annotation_id": annotation_id, "space": space, **row} for row in rows_of(result)]
    connection.execute(provisions.insert(), rows)
    query = sa.select(provisions.c.id).where(provisions.c.annotation_id == annotation_id).order_by(provisions.c.position)
    ids = list(connection.execute(query).scalars())
    if connection.dialect.name == "postgresql":
        add = sa.text(
            f"INSERT INTO {INDEX} VALUES (:id, setweight(to_tsvector('lexframe', :text), 'A') "  # noqa: S608 - a name of ours
            "|| setweight(to_tsvector('lexframe', :heading), 'D'))"
        )
        words = [{"id": key, "text": plain(row["text"]), "heading": plain(row["heading"])} for key, row in zip(ids, rows, strict=True)]
        connection.execute(add, words)
    if carried := [{"provision_id": ids[at], **row} for at, row in findings_of(result)]:
        connection.execute(findings.insert(), carried)
