"""Documents: accepted with their job in one transaction, listed, changed, and really deleted."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, insert, or_, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store import audit, comparisons, exports, jobs, provisions, trashing, works
from corpora.store.annotations import delete_unused
from corpora.store.errors import BadCursor, IdempotencyConflict, UnknownField, UploadLost
from corpora.store.identity import new_id, utc_now
from corpora.store.jobs import JobState
from corpora.store.names import clean_filename, clean_line, clean_optional
from corpora.store.points import Point, passing
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, annotation_table, documents, idempotency, members
from corpora.store.tables import jobs as job_table
from corpora.store.tables import versions as version_table

MOST_ITEMS = 200
_LONGEST = {"media_type": 255, "title": 1000, "date": 32, "body": 255, "kind": 255, "work": 255, "version": 255}
_CHANGEABLE = ("title", "date", "body", "kind", "work", "version")
_OUTCOME = ("status", "characters", "framing", "crime_score", "rights_score")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """What comes in: bytes that are in the blob store, and what their sender says of them. Names are cleaned on the way in.

    `body` is the body that issued the instrument; `work` and `version` say which text of which instrument it is.
    """

    sha256: str
    size: int
    filename: str | None = None
    media_type: str | None = None
    title: str | None = None
    date: str | None = None
    body: str | None = None
    kind: str | None = None
    work: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The ids under which a document and its job were taken in; `replayed` where the idempotency key had done so before."""

    document_id: str
    job_id: str
    replayed: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document as lists show it, with the state of its latest job and the outcome of its latest annotation."""

    id: str
    space: str
    sha256: str
    size: int
    filename: str
    media_type: str | None
    title: str | None
    date: str | None
    body: str | None
    kind: str | None
    work_id: str | None
    version: str | None
    created: datetime
    job_id: str | None
    state: JobState | None
    annotation_id: str | None
    status: str | None
    characters: int | None
    framing: str | None
    crime_score: float | None
    rights_score: float | None

    @property
    def short_name(self) -> str:
        """What tells it from other texts of its work: its version, else its title, else its file's name."""
        return self.version or self.title or self.filename


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to: `title` is part of the title or the file name in any case; the others are exact."""

    title: str | None = None
    body: str | None = None
    kind: str | None = None
    work: str | None = None
    version: str | None = None
    framing: str | None = None
    state: str | None = None
    sha256: str | None = None
    corpus: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Documents, the newest first; `next_cursor` is None on the last page."""

    items: tuple[Document, ...]
    next_cursor: str | None


_OWN = [name for name in Document.__slots__ if name in documents.c]


def accept(
    tx: Transaction,
    new: NewDocument,
    idempotency_key: str | None = None,
    max_attempts: int = 3,
    *,
    space: str = DEFAULT_SPACE,
    actor: str = "local",
    rank: int = 0,
) -> Accepted:
    """Takes in a document with its job and audit entry; the caller notifies the queue after the commit.

    Raises IdempotencyConflict for a known key with other content, UploadLost where the bytes were deleted meanwhile.
    """
    document_id = new_id()
    if idempotency_key is not None and (earlier := _reserve(tx, idempotency_key, document_id, _body_hash(new), space)):
        return earlier
    take_in(tx, new, document_id, space=space, actor=actor)
    job_id = jobs.add(tx, document_id, space=space, max_attempts=max_attempts, rank=rank)
    if idempotency_key is not None:
        tx.execute(update(idempotency).where(idempotency.c.document_id == document_id).values(job_id=job_id))
    passing(Point.ACCEPT_INSERTED)
    tx.after_commit.append(partial(passing, Point.ACCEPT_COMMITTED))
    return Accepted(document_id, job_id, replayed=False)


def take_in(tx: Transaction, new: NewDocument, document_id: str, *, space: str = DEFAULT_SPACE, actor: str = "local") -> None:
    """Takes in a document without a job, with its audit entry; raises UploadLost where the bytes were deleted meanwhile."""
    trashing.lock(tx, new.sha256)
    if not tx.blobs.has(new.sha256):
        raise UploadLost
    tx.execute(insert(documents).values(id=document_id, space=space, created=utc_now(), **_columns(tx, _cleaned(new), space)))
    audit.record(tx, "upload", document_id, actor=actor, space=space, details={"sha256": new.sha256, "size": new.size})


def get(tx: Transaction, document_id: str, *, space: str = DEFAULT_SPACE) -> Document | None:
    """The document, None where the space has none of that id."""
    row = tx.execute(_listed().where(documents.c.id == document_id, documents.c.space == space)).one_or_none()
    return None if row is None else _document(row._mapping)


def page(
    tx: Transaction, cursor: str | None = None, limit: int = 50, filters: Filters | None = None, *, space: str = DEFAULT_SPACE
) -> Page:
    """One page, at most 200 items; raises BadCursor."""
    most = min(max(limit, 1), MOST_ITEMS)
    query = _listed().where(documents.c.space == space, *_conditions(filters or Filters()))
    if cursor is not None:
        query = query.where(documents.c.id < _from_cursor(cursor))
    rows = tx.execute(query.order_by(documents.c.id.desc()).limit(most + 1)).all()
    items = tuple(_document(row._mapping) for row in rows[:most])
    return Page(items, _to_cursor(items[-1].id) if len(rows) > most else None)


def delete(tx: Transaction, document_id: str, *, space: str = DEFAULT_SPACE, actor: str = "local") -> bool:
    """Deletes row, jobs, annotations, comparisons, exports that hold it and, after the commit and unless another document has
    them, the bytes; False where unknown."""
    this = [documents.c.id == document_id, documents.c.space == space]
    its = select(documents.c.sha256, documents.c.work_id, documents.c.version_id)
    found = tx.execute(its.where(*this).with_for_update()).one_or_none()
    if found is None:
        return False
    sha256 = found.sha256
    exports.delete_with(tx, document_id)
    tx.execute(sql_delete(documents).where(*this))
    tx.execute(sql_delete(idempotency).where(idempotency.c.document_id == document_id))
    delete_unused(tx, sha256, space)
    provisions.forget_bytes(tx, sha256, space)
    comparisons.delete_with(tx, document_id)
    works.forget_unused(tx, found.work_id, found.version_id, space=space)
    tx.after_commit.append(partial(passing, Point.DELETE_COMMITTED))
    trashing.discard(tx, sha256)
    trashing.scrub_after(tx)
    passing(Point.DELETE_NOTED)
    audit.record(tx, "delete", document_id, actor=actor, space=space, details={"sha256": sha256})
    return True


def set_metadata(
    tx: Transaction, document_id: str, changes: Mapping[str, str | None], *, space: str = DEFAULT_SPACE, actor: str = "local"
) -> bool:
    """Changes title, date, body, kind, work or version; False where unknown. Raises UnknownField.

    Annotations stay as they are: they were made with the title and kind of their time.
    """
    for name in changes:
        if name not in _CHANGEABLE:
            raise UnknownField(name)
    known = get(tx, document_id, space=space)
    if known is None:
        return False
    now = {name: getattr(known, "work_id" if name == "work" else name) for name in _CHANGEABLE}
    cleaned = {name: clean_optional(value, _LONGEST[name]) for name, value in changes.items()}
    values = _placed(tx, {**now, **cleaned}, space)
    before = tx.execute(select(documents.c.version_id).where(documents.c.id == document_id)).scalar_one_or_none()
    tx.execute(update(documents).where(documents.c.id == document_id).values(**values))
    works.forget_unused(tx, known.work_id, before, space=space)
    audit.record(tx, "describe", document_id, actor=actor, space=space, details={"fields": ", ".join(sorted(changes))})
    return True


def _reserve(tx: Transaction, key: str, document_id: str, body_hash: str, space: str) -> Accepted | None:
    """Takes the key for this document; what it stands for where it is taken. A rival that is not committed yet is waited for."""
    add = postgresql.insert if tx.is_postgres else sqlite.insert
    values = {"space": space, "key": key[:255], "body_hash": body_hash, "document_id": document_id, "job_id": "", "created": utc_now()}
    reserving = add(idempotency).values(**values).on_conflict_do_nothing().returning(idempotency.c.key)
    if tx.execute(reserving).one_or_none() is not None:
        return None
    this = [idempotency.c.space == space, idempotency.c.key == key[:255]]
    known = tx.execute(select(idempotency).where(*this)).one()
    if known.body_hash != body_hash:
        raise IdempotencyConflict(key)
    return Accepted(known.document_id, known.job_id, replayed=True)


def _body_hash(new: NewDocument) -> str:
    return hashlib.sha256(json.dumps(asdict(new), sort_keys=True).encode()).hexdigest()


def _cleaned(new: NewDocument) -> dict[str, Any]:
    values = asdict(new)
    texts = {name: clean_optional(values[name], longest) for name, longest in _LONGEST.items()}
    return {**values, **texts, "filename": clean_filename(new.filename)}


def _columns(tx: Transaction, cleaned: dict[str, Any], space: str) -> dict[str, Any]:
    kept = {name: cleaned[name] for name in ("sha256", "size", "filename", "media_type")}
    return {**kept, **_placed(tx, {name: cleaned[name] for name in _CHANGEABLE}, space)}


def _placed(tx: Transaction, said: dict[str, str | None], space: str) -> dict[str, str | None]:
    """The metadata as columns, with its work and version made where they are new; a version needs a work."""
    work, label = said["work"], said["version"]
    if work is not None:
        works.ensure_work(tx, work, space=space)
    version_id = works.ensure_version(tx, work, label, date=said["date"], space=space) if work and label else None
    plain = {name: said[name] for name in ("title", "date", "body", "kind")}
    return {**plain, "work_id": work, "version_id": version_id}


@cache
def _listed() -> Select[Any]:
    """Documents with their version, latest job and latest annotation."""
    own = [documents.c[name] for name in _OWN]
    joined = documents.outerjoin(version_table, version_table.c.id == documents.c.version_id)
    joined = joined.outerjoin(job_table, job_table.c.id == documents.c.job_id)
    joined = joined.outerjoin(annotation_table, annotation_table.c.id == documents.c.annotation_id)
    theirs = [version_table.c.label.label("version"), job_table.c.state, *(annotation_table.c[name] for name in _OUTCOME)]
    return select(*own, *theirs).select_from(joined)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    exact = {
        documents.c.body: filters.body,
        documents.c.kind: filters.kind,
        documents.c.work_id: filters.work,
        documents.c.sha256: filters.sha256,
        version_table.c.label: filters.version,
        annotation_table.c.framing: filters.framing,
        job_table.c.state: filters.state,
    }
    found = [column == _findable(value) for column, value in exact.items() if value is not None]
    if filters.corpus is not None:
        found.append(documents.c.id.in_(select(members.c.document_id).where(members.c.corpus_id == filters.corpus)))
    return [*found, _titled(_findable(filters.title))] if filters.title else found


def _titled(part: str) -> ColumnElement[bool]:
    return or_(documents.c.title.icontains(part, autoescape=True), documents.c.filename.icontains(part, autoescape=True))


def _findable(value: str) -> str:
    """As `clean_line` stored it; a name is not found by characters that PostgreSQL refuses."""
    return clean_line(value)


def _document(row: Any) -> Document:
    return Document(**{**row, "state": row["state"] and JobState(row["state"])})


def _to_cursor(document_id: str) -> str:
    return base64.urlsafe_b64encode(UUID(document_id).bytes).decode().rstrip("=")


def _from_cursor(cursor: str) -> str:
    try:
        return str(UUID(bytes=base64.urlsafe_b64decode(cursor + "==")))
    except (binascii.Error, ValueError):
        raise BadCursor from None
