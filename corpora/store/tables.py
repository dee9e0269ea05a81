"""The tables. A migration in `migrations/versions` follows each change here; a test compares the two."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

DEFAULT_SPACE = "default"
_SPACE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: with its zone in PostgreSQL, as sortable text in SQLite, always with its zone in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_space_name(name: str) -> bool:
    """Whether a space can have this name: small letters, digits and hyphens."""
    return _SPACE_NAME.match(name) is not None


def _id() -> Column[str]:
    return Column("id", String(36), primary_key=True)


def _space() -> Column[str]:
    return Column("space", String(64), nullable=False, server_default=DEFAULT_SPACE)


works = Table(
    "works",
    metadata,
    Column("space", String(64), primary_key=True, server_default=DEFAULT_SPACE),
    Column("id", String(255), primary_key=True),
    Column("title", Text),
    Column("body", Text),
    Column("kind", Text),
    Column("facts", JSON),  # what users say of it, over what the catalogue says
    Column("created", Moment, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    Column("space", String(64), nullable=False, server_default=DEFAULT_SPACE),
    Column("work_id", String(255), nullable=False),
    Column("label", String(255), nullable=False),
    Column("date", String(32)),
    Column("amended_by", JSON),  # ids of the works that made this text of the one before
    Column("created", Moment, nullable=False),
    ForeignKeyConstraint(["space", "work_id"], ["works.space", "works.id"], ondelete="CASCADE"),
    UniqueConstraint("space", "work_id", "label"),
)

documents = Table(
    "documents",
    metadata,
    _id(),
    _space(),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("filename", String(255), nullable=False),
    Column("media_type", String(255)),
    Column("title", Text),
    Column("date", String(32)),
    Column("body", Text),
    Column("kind", Text),
    Column("work_id", String(255)),
    Column("recognised", String(255)),  # the work that its first page told, when it was first read
    Column("version_id", String(36), ForeignKey("versions.id")),
    Column("job_id", String(36)),  # the latest job
    Column("annotation_id", String(36)),  # the latest annotation
    Column("created", Moment, nullable=False),
    ForeignKeyConstraint(["space", "work_id"], ["works.space", "works.id"]),
    Index(None, "space", "id"),
    Index(None, "space", "work_id"),
    Index(None, "annotation_id"),
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _space(),
    Column("kind", String(16), nullable=False, server_default="annotate"),
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), index=True),  # of jobs that annotate
    Column("batch_id", String(36)),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("max_attempts", Integer, nullable=False),
    Column("fence", Integer, nullable=False, server_default="0"),  # counts claims and never goes back
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("lease_until", Moment),
    Column("not_before", Moment, nullable=False),
    Column("published", Moment),
    Column("publish_after", Moment, nullable=False),
    Column("publish_count", Integer, nullable=False, server_default="0"),
    Column("worker", String(255)),
    Column("stage", String(64)),
    Column("progress", Float, nullable=False, server_default="0"),
    Column("error_code", String(64)),
    Column("error_message", Text),
    Column("trace", String(64)),  # the span out of which it comes, as W3C Trace Context writes it
    Column("created", Moment, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Index(None, "state", "kind", "rank", "id"),
    Index(None, "state", "publish_after"),
    Index(None, "batch_id", "state", "finished"),
    Index(None, "state", "lease_until"),
)

annotation_table = Table(
    "annotations",
    metadata,
    _id(),
    _space(),
    Column("sha256", String(64), nullable=False),
    Column("params_hash", String(64), nullable=False),
    Column("pipeline_digest", String(80), nullable=False),
    Column("pipeline", JSON, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("status", String(32), nullable=False),
    Column("language", String(16)),
    Column("media_type", String(255)),
    Column("characters", Integer, nullable=False),
    Column("framing", String(16)),
    Column("crime_score", Float),
    Column("rights_score", Float),
    Column("created", Moment, nullable=False),
    UniqueConstraint("space", "sha256", "params_hash", "pipeline_digest"),
)

document_annotations = Table(
    "document_annotations",
    metadata,
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("annotation_id", String(36), ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created", Moment, nullable=False),
)

facts = Table(
    "facts",  # of an annotation: how many blocks, statements, … carry a label
    metadata,
    Column("annotation_id", String(36), ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True),
    Column("layer", String(16), primary_key=True),
    Column("label", String(160), primary_key=True),
    Column("number", Integer, nullable=False),
)

provisions = Table(
    "provisions",  # of documents' latest annotations, to be searched; the words are indexed in `provision_words` (corpora/store/words.py)
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("annotation_id", String(36), ForeignKey("annotations.id", ondelete="CASCADE"), nullable=False),
    _space(),
    Column("position", Integer, nullable=False),  # among the blocks
    Column("unit", Text, nullable=False),
    Column("place", Text, nullable=False),  # what a lawyer would write for the unit
    Column("heading", Text, nullable=False),  # the headings above, outermost first
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("framing", String(16), nullable=False),
    UniqueConstraint("annotation_id", "position"),
    Index(None, "space"),
)

findings = Table(
    "findings",  # what a provision carries: labels with their probability, statements with strength and bearer, …
    metadata,
    Column("provision_id", ForeignKey("provisions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("layer", String(64), nullable=False),
    Column("label", String(255), nullable=False),
    Column("strength", String(16)),
    Column("bearer", String(32)),
    Column("probability", Float),
    Index(None, "layer", "label"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("provision_id", ForeignKey("provisions.id", ondelete="CASCADE"), primary_key=True),
    Column("encoder", String(80), nullable=False),  # the digest of the model that made it
    Column("vector", LargeBinary, nullable=False),  # a signed byte each number, the largest 127; only its direction counts
)

corpora = Table(
    "corpora",
    metadata,
    _id(),
    _space(),
    Column("name", String(255), nullable=False),
    Column("description", Text),
    Column("created", Moment, nullable=False),
    UniqueConstraint("space", "name"),
)

members = Table(
    "members",
    metadata,
    Column("corpus_id", String(36), ForeignKey("corpora.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("sha256", String(64), nullable=False),
    Column("path", String(1000), nullable=False),
    UniqueConstraint("corpus_id", "sha256"),
)

batches = Table(
    "batches",
    metadata,
    _id(),
    _space(),
    Column("corpus_id", String(36), ForeignKey("corpora.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),  # as ordered: open, paused or cancelled; that it is done, its jobs say
    Column("created", Moment, nullable=False),
    Column("announced", Moment),  # when webhooks were told of its end
)

exports = Table(
    "exports",
    metadata,
    _id(),
    _space(),
    Column("corpus_id", String(36), ForeignKey("corpora.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("job_id", String(36), nullable=False, unique=True),
    Column("format", String(32), nullable=False),
    Column("sha256", String(64), index=True),
    Column("size", BigInteger),
    Column("created", Moment, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("space", String(64), primary_key=True, server_default=DEFAULT_SPACE),
    Column("key", String(255), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("document_id", String(36), nullable=False, index=True),
    Column("job_id", String(36), nullable=False),
    Column("created", Moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _space(),
    Column("moment", Moment, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object_id", String(255), nullable=False),
    Column("details", JSON, nullable=False),
    Index(None, "space", "object_id"),
)

trash = Table(
    "trash",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("created", Moment, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(255), nullable=False),
    Column("until", Moment, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(255), primary_key=True),  # machine and process
    Column("kinds", JSON, nullable=False),
    Column("version", String(64), nullable=False),
    Column("started", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

tallies = Table(
    "tallies",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("label", String(64), primary_key=True),
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("amount", Double, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    _id(),
    _space(),
    Column("name", String(255), nullable=False),
    Column("codebook", String(255), nullable=False),
    Column("codebook_version", Integer, nullable=False),
    Column("layers", JSON, nullable=False),
    Column("coders", JSON, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("assigned_by", String(16), nullable=False),
    Column("creator", String(255), nullable=False),
    Column("created", Moment, nullable=False),
    Column("closed", Moment),
    Index(None, "space", "id"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("review_id", String(36), ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True),
    Column("coder", String(255), primary_key=True),
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True),
    _space(),
    Column("position", Integer, nullable=False),
    Column("annotation_id", String(36), nullable=False),  # on which machine labels, and so on which text
    Column("blocks", JSON, nullable=False),  # [start, end] of each block, in the order of coding
)

codings = Table(
    "codings",
    metadata,
    Column("review_id", String(36), ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True),
    Column("coder", String(255), primary_key=True),
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("role", String(16), primary_key=True),
    _space(),
    Column("created", Moment, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    _space(),
    Column("review_id", String(36), ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("document_id", String(36), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("annotation_id", String(36), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("coder", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("layer", String(64), nullable=False),
    Column("label", String(255)),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("replacement", JSON),
    Column("comment", Text),
    Column("codebook", String(255), nullable=False),
    Column("codebook_version", Integer, nullable=False),
    Column("carried_from", String(36)),  # the decision on an earlier version that this one repeats
    Column("carried_as", String(16)),  # exact, moved, edited, ambiguous, orphaned
    Column("created", Moment, nullable=False),
    Column("undone", Moment),
    Index(None, "review_id", "document_id", "coder"),
)

keys = Table(
    "keys",
    metadata,
    _id(),
    Column("name", String(255), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the secret
    Column("scopes", JSON, nullable=False),
    Column("spaces", JSON, nullable=False),  # `*` for all
    Column("created", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
    Column("last_used", Moment),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token in the cookie
    Column("key_id", String(36), ForeignKey("keys.id", ondelete="CASCADE"), nullable=False),
    Column("space", String(64), nullable=False),
    Column("begun", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

comparisons = Table(
    "comparisons",
    metadata,
    _id(),
    _space(),
    Column("request", JSON, nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("job_id", String(36), index=True),
    Column("result", LargeBinary),
    Column("created", Moment, nullable=False),
    UniqueConstraint("space", "request_hash"),
)

compared_documents = Table(
    "compared_documents",
    metadata,
    Column("comparison_id", String(36), ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", String(36), primary_key=True, index=True),
)

webhooks = Table(
    "webhooks",
    metadata,
    _id(),
    Column("space", String(64), nullable=False, server_default=DEFAULT_SPACE, index=True),
    Column("url", String(2000), nullable=False),
    Column("secret", String(64), nullable=False),  # plain: deliveries are signed with it
    Column("events", JSON, nullable=False),
    Column("created", Moment, nullable=False),
)

deliveries = Table(
    "deliveries",  # what webhooks are to be told, written in the transaction in which it came about
    metadata,
    _id(),
    Column("webhook_id", String(36), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("job_id", String(36), ForeignKey("jobs.id", ondelete="CASCADE"), index=True),
    Column("batch_id", String(36), ForeignKey("batches.id", ondelete="CASCADE"), index=True),
    Column("event", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, delivered, failed
    Column("attempt", Integer, nullable=False, server_default="0"),  # counts, and fences
    Column("not_before", Moment, nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("created", Moment, nullable=False),
    Column("ended", Moment),
    Index(None, "state", "not_before"),
)
