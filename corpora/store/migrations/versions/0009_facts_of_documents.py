"""Facts of whole documents, of definitions by all their elements, of offences and of conditional provisions; counted anew."""

from __future__ import annotations

import json
import zlib

import sqlalchemy as sa
from alembic import op

from corpora.store.facts import facts_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW = ("document", "balance", "unsupported", "conditional", "combination", "offence")


def upgrade() -> None:
    """To this revision."""
    connection = op.get_bind()
    annotations = sa.table("annotations", sa.column("id"), sa.column("result"))
    facts = sa.table("facts", *(sa.column(name) for name in ("annotation_id", "layer", "label", "number")))
    for annotation_id in list(connection.execute(sa.select(annotations.c.id)).scalars()):
        packed = connection.execute(sa.select(annotations.c.result).where(annotations.c.id == annotation_id)).scalar_one()
        rows = [{"annotation_id": annotation_id, **row} for row in facts_of(json.loads(zlib.decompress(packed)))]
        connection.execute(sa.delete(facts).where(facts.c.annotation_id == annotation_id))
        if rows:
            connection.execute(sa.insert(facts), rows)


def downgrade() -> None:
    """Back to the revision before."""
    facts = sa.table("facts", sa.column("layer"))
    op.get_bind().execute(sa.delete(facts).where(facts.c.layer.in_(NEW)))
