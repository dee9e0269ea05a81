"""Results, kept by what they depend on: the bytes, the context they were read with, and the pipeline."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, insert, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store import provisions
from corpora.store.facts import facts_of
from corpora.store.identity import new_id, utc_now
from corpora.store.session import Transaction
from corpora.store.tables import annotation_table, document_annotations, documents, facts

Json = dict[str, Any]

_SUMMARY = [column for column in annotation_table.c if column.name not in {"result", "params_hash"}]


@dataclass(frozen=True, slots=True)
class StoredAnnotation:
    """An annotation without its result (`result` reads that); `id` never names anything else, so it can serve as an ETag."""

    id: str
    space: str
    sha256: str
    pipeline_digest: str
    pipeline: Mapping[str, Any]
    status: str
    language: str | None
    media_type: str | None
    characters: int
    framing: str | None
    crime_score: float | None
    rights_score: float | None
    created: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """What a result depends on."""

    space: str
    sha256: str
    params_hash: str
    pipeline_digest: str


def params_hash(*, title: str | None, kind: str | None) -> str:
    """A digest of what besides the bytes is given to the pipeline; the file's name is not."""
    context = {"title": title, "kind": kind}
    return hashlib.sha256(json.dumps(context, sort_keys=True).encode()).hexdigest()


def pipeline_digest(pipeline: Mapping[str, Any]) -> str:
    """A digest of a pipeline's description: name, version, components and models."""
    return hashlib.sha256(json.dumps(pipeline, sort_keys=True).encode()).hexdigest()


def find(tx: Transaction, key: Key) -> str | None:
    """The id of the annotation with this key."""
    same = [getattr(annotation_table.c, name) == getattr(key, name) for name in Key.__slots__]
    return tx.execute(select(annotation_table.c.id).where(*same)).scalar_one_or_none()


def keep(tx: Transaction, key: Key, result: Json) -> str:
    """Stores a result as the document contract has it, and returns its id; the stored one's where the key is known."""
    values = {"id": new_id(), **{name: getattr(key, name) for name in Key.__slots__}, **_columns(result), "created": utc_now()}
    add = postgresql.insert if tx.is_postgres else sqlite.insert
    made = tx.execute(add(annotation_table).values(**values).on_conflict_do_nothing().returning(annotation_table.c.id)).scalar_one_or_none()
    if made is None:
        found = find(tx, key)
        assert found is not None
        return found
    if rows := facts_of(result):
        tx.execute(insert(facts), [{"annotation_id": made, **row} for row in rows])
    return str(made)


def attach(tx: Transaction, document_id: str, annotation_id: str) -> None:
    """Makes an annotation the document's latest, whose provisions can be searched; the earlier ones stay."""
    before = tx.execute(select(documents.c.annotation_id).where(documents.c.id == document_id)).scalar_one_or_none()
    add, moment = postgresql.insert if tx.is_postgres else sqlite.insert, {"created": utc_now()}
    link = add(document_annotations).values(document_id=document_id, annotation_id=annotation_id, **moment)
    tx.execute(link.on_conflict_do_update(index_elements=["document_id", "annotation_id"], set_=moment))
    tx.execute(update(documents).where(documents.c.id == document_id).values(annotation_id=annotation_id))
    if before not in (None, annotation_id):
        provisions.forget(tx, before)
    provisions.index(tx, annotation_id, lambda: result(tx, annotation_id))


def latest(tx: Transaction, document_id: str) -> StoredAnnotation | None:
    """The annotation that was made or confirmed last."""
    query = select(*_SUMMARY).join(documents, documents.c.annotation_id == annotation_table.c.id).where(documents.c.id == document_id)
    return _one(tx.execute(query).one_or_none())


def by_pipeline(tx: Transaction, document_id: str, digest: str) -> StoredAnnotation | None:
    """The document's latest annotation by the pipeline with this digest."""
    query = _of(document_id).where(annotation_table.c.pipeline_digest == digest).limit(1)
    return _one(tx.execute(query).one_or_none())


def all_of(tx: Transaction, document_id: str) -> tuple[StoredAnnotation, ...]:
    """All annotations of the document, the latest first."""
    return tuple(StoredAnnotation(**row._mapping) for row in tx.execute(_of(document_id)))


def of_another_version(tx: Transaction, document_id: str, work_id: str, digest: str, *, space: str) -> str | None:
    """The id of the newest annotation by the pipeline with this digest of another document of the work."""
    others = [documents.c.space == space, documents.c.work_id == work_id, documents.c.id != document_id]
    query = select(annotation_table.c.id).join(documents, documents.c.annotation_id == annotation_table.c.id)
    newest = query.where(*others, annotation_table.c.pipeline_digest == digest).order_by(annotation_table.c.id.desc())
    return tx.execute(newest.limit(1)).scalar_one_or_none()


def result(tx: Transaction, annotation_id: str) -> Json:
    """The annotated document as `nlp.wire.to_json` gave it, keys in the same order."""
    packed = tx.execute(select(annotation_table.c.result).where(annotation_table.c.id == annotation_id)).scalar_one()
    return unpack(packed)


def pack(value: Json) -> bytes:
    """JSON as compressed bytes."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes) -> Json:
    """The value that was packed."""
    value: Json = json.loads(zlib.decompress(packed))
    return value


def delete_unused(tx: Transaction, sha256: str, space: str) -> None:
    """Deletes the annotations of these bytes that no document of the space has any more."""
    used = exists().where(document_annotations.c.annotation_id == annotation_table.c.id)
    tx.execute(sql_delete(annotation_table).where(annotation_table.c.sha256 == sha256, annotation_table.c.space == space, ~used))


def _of(document_id: str) -> Select[Any]:
    link = document_annotations.c
    query = select(*_SUMMARY).join(document_annotations, link.annotation_id == annotation_table.c.id)
    return query.where(link.document_id == document_id).order_by(link.created.desc(), annotation_table.c.id.desc())


def _one(row: Row[Any] | None) -> StoredAnnotation | None:
    return None if row is None else StoredAnnotation(**row._mapping)


def _columns(value: Json) -> Json:
    """What lists show, taken out of the result."""
    document, framing = value.get("document", {}), value.get("framing", {})
    scores = framing.get("scores", {})
    return {
        "pipeline": value.get("pipeline", {}),
        "result": pack(value),
        "status": value.get("status", "annotated"),
        "language": document.get("language"),
        "media_type": document.get("media_type"),
        "characters": document.get("characters", len(value.get("text", ""))),
        "framing": framing.get("label"),
        "crime_score": scores.get("crime"),
        "rights_score": scores.get("rights"),
    }
