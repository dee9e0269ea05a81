"""Works (an instrument, whatever its text) and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, distinct, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store import audit
from corpora.store.errors import LabelTaken
from corpora.store.identity import new_id, utc_now
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, documents, versions, works

FACTS = ("title", "names", "body", "kind", "adopted", "in_force", "cites", "amends")


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a work, with the documents that carry it; `amended_by` are the works that made it of the text before."""

    id: str
    work_id: str
    label: str
    date: str | None
    amended_by: tuple[str, ...]
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A work of which a space holds something: how many documents and versions, and what users say of it (keys of FACTS)."""

    id: str
    facts: Mapping[str, Any]
    documents: int
    versions: int


@dataclass(frozen=True, slots=True)
class Newest:
    """What is said of a work's newest document, by date: it names a work of which nothing else is known."""

    title: str | None
    body: str | None
    kind: str | None


def ensure_work(tx: Transaction, work_id: str, *, space: str) -> None:
    """Makes the work unless it is known; titles stay with the documents, so that they go when those are deleted."""
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    values = {"space": space, "id": work_id, "created": utc_now()}
    # sets what is there already, so that the row is locked: it stays until this transaction ends
    tx.execute(insert(works).values(**values).on_conflict_do_update(index_elements=["space", "id"], set_={"id": work_id}))


def ensure_version(tx: Transaction, work_id: str, label: str, *, date: str | None, space: str) -> str:
    """The id of the work's version with that label, made unless it is known."""
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    values = {"id": new_id(), "space": space, "work_id": work_id, "label": label, "date": date, "created": utc_now()}
    tx.execute(insert(versions).values(**values).on_conflict_do_nothing())
    this = [versions.c.space == space, versions.c.work_id == work_id, versions.c.label == label]
    return str(tx.execute(select(versions.c.id).where(*this)).scalar_one())


def forget_unused(tx: Transaction, work_id: str | None, version_id: str | None, *, space: str) -> None:
    """Takes version and work of a deleted document away, where no other document is of them; a work of which users said something stays."""
    if work_id is None:
        return
    this = [works.c.space == space, works.c.id == work_id]
    facts = tx.execute(select(works.c.facts).where(*this).with_for_update()).scalar_one_or_none()
    used = exists().where(documents.c.version_id == versions.c.id)
    tx.execute(delete(versions).where(versions.c.id == version_id, ~used))
    its_documents = exists().where(documents.c.space == space, documents.c.work_id == work_id)
    its_versions = exists().where(versions.c.space == space, versions.c.work_id == work_id)
    if not facts:
        tx.execute(delete(works).where(*this, ~its_documents, ~its_versions))


def versions_of(tx: Transaction, work_id: str, *, space: str = DEFAULT_SPACE) -> tuple[Version, ...]:
    """The versions of a work by date, then label; a version that no document carries any more is not among them."""
    own = [versions.c[name] for name in ("id", "work_id", "label", "date", "amended_by")]
    query = (
        select(*own, documents.c.id.label("document_id"))
        .join(documents, documents.c.version_id == versions.c.id)
        .where(versions.c.space == space, versions.c.work_id == work_id)
        .order_by(versions.c.date.is_(None), versions.c.date, versions.c.label, documents.c.id)
    )
    carried: dict[str, tuple[Row[Any], list[str]]] = {}
    for row in tx.execute(query):
        carried.setdefault(row.id, (row, []))[1].append(row.document_id)
    return tuple(_version(row, ids) for row, ids in carried.values())


def unversioned(tx: Transaction, work_id: str, *, space: str = DEFAULT_SPACE) -> tuple[str, ...]:
    """The ids of the work's documents that are of no version, by date."""
    this = [documents.c.space == space, documents.c.work_id == work_id, documents.c.version_id.is_(None)]
    order = (documents.c.date.is_(None), documents.c.date, documents.c.id)
    return tuple(tx.execute(select(documents.c.id).where(*this).order_by(*order)).scalars())


def get_version(tx: Transaction, version_id: str, *, space: str = DEFAULT_SPACE) -> Version | None:
    """The version, None where the space has none of that id."""
    work_id = tx.execute(select(versions.c.work_id).where(versions.c.id == version_id, versions.c.space == space)).scalar_one_or_none()
    found = versions_of(tx, work_id, space=space) if work_id else ()
    return next((version for version in found if version.id == version_id), None)


def set_version(tx: Transaction, version_id: str, changes: Mapping[str, Any], *, space: str = DEFAULT_SPACE, actor: str = "local") -> bool:
    """Changes label, date or `amended_by`; False where unknown. Raises LabelTaken where the work has another version of that label."""
    this = [versions.c.id == version_id, versions.c.space == space]
    work_id = tx.execute(select(versions.c.work_id).where(*this)).scalar_one_or_none()
    if work_id is None:
        return False
    others = [versions.c.space == space, versions.c.work_id == work_id, versions.c.id != version_id]
    if "label" in changes and tx.execute(select(versions.c.id).where(*others, versions.c.label == changes["label"])).first():
        raise LabelTaken(changes["label"])
    tx.execute(update(versions).where(*this).values(**changes))
    audit.record(tx, "describe_version", version_id, actor=actor, space=space, details={"fields": ", ".join(sorted(changes))})
    return True


def held(tx: Transaction, *, space: str = DEFAULT_SPACE) -> tuple[Held, ...]:
    """The works of which the space has documents, or of which users said something, by id."""
    counts = select(
        documents.c.work_id, func.count().label("documents"), func.count(distinct(documents.c.version_id)).label("versions")
    ).where(documents.c.space == space)
    counted = {row.work_id: row for row in tx.execute(counts.group_by(documents.c.work_id)) if row.work_id}
    facts = {row.id: row.facts for row in tx.execute(select(works.c.id, works.c.facts).where(works.c.space == space))}
    known = sorted(work for work in facts if work in counted or facts[work])
    return tuple(_held(work, facts[work] or {}, counted.get(work)) for work in known)


def newest(tx: Transaction, *, space: str = DEFAULT_SPACE) -> dict[str, Newest]:
    """By work, what is said of its newest document."""
    order = func.row_number().over(
        partition_by=documents.c.work_id, order_by=(func.coalesce(documents.c.date, "").desc(), documents.c.id.desc())
    )
    columns = (documents.c.work_id, documents.c.title, documents.c.body, documents.c.kind, order.label("place"))
    ranked = select(*columns).where(documents.c.space == space, documents.c.work_id.is_not(None)).subquery()
    first = select(ranked.c.work_id, ranked.c.title, ranked.c.body, ranked.c.kind).where(ranked.c.place == 1)
    return {row.work_id: Newest(row.title, row.body, row.kind) for row in tx.execute(first)}


def set_facts(tx: Transaction, work_id: str, changes: Mapping[str, Any], *, space: str = DEFAULT_SPACE, actor: str = "local") -> None:
    """Says something of a work (keys of FACTS), over what was said before and what the catalogue says; None takes it back."""
    ensure_work(tx, work_id, space=space)
    this = [works.c.space == space, works.c.id == work_id]
    before = tx.execute(select(works.c.facts).where(*this)).scalar_one() or {}
    now = {name: value for name, value in {**before, **changes}.items() if value is not None}
    tx.execute(update(works).where(*this).values(facts=now))
    audit.record(tx, "describe_work", work_id, actor=actor, space=space, details={"fields": ", ".join(sorted(changes))})


def recognise(tx: Transaction, document_id: str, work_id: str, *, space: str = DEFAULT_SPACE) -> None:
    """Notes which work a document's first page told. It becomes the document's work unless a user named one, or took this one away."""
    this = [documents.c.id == document_id, documents.c.space == space, documents.c.recognised.is_(None)]
    if tx.execute(update(documents).where(*this).values(recognised=work_id)).rowcount == 1:
        ensure_work(tx, work_id, space=space)
        unnamed = [documents.c.id == document_id, documents.c.work_id.is_(None)]
        tx.execute(update(documents).where(*unnamed).values(work_id=work_id))


def _held(work_id: str, facts: Mapping[str, Any], row: Row[Any] | None) -> Held:
    return Held(work_id, facts, row.documents if row else 0, row.versions if row else 0)


def _version(row: Row[Any], ids: Sequence[str]) -> Version:
    return Version(row.id, row.work_id, row.label, row.date, tuple(row.amended_by or ()), tuple(ids))
