"""Corpora: named sets of documents. A corpus holds the same bytes once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy import delete as sql_delete
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store import audit, documents, exports, trashing
from corpora.store.documents import NewDocument
from corpora.store.errors import BadCorpusName, CorpusExists
from corpora.store.identity import new_id
from corpora.store.jobs import JobState
from corpora.store.names import clean_line, clean_optional
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, annotation_table, corpora, members
from corpora.store.tables import documents as document_table
from corpora.store.tables import jobs as job_table

LONGEST_NAME = 255
LONGEST_PATH = 1000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus as lists show it: how many documents it has, and how many of them are annotated."""

    id: str
    space: str
    name: str
    description: str | None
    created: datetime
    documents: int
    annotated: int


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a corpus: under which path it came in."""

    document_id: str
    path: str
    sha256: str


def create(tx: Transaction, name: str, description: str | None = None, *, space: str = DEFAULT_SPACE, actor: str = "local") -> str:
    """Makes an empty corpus and returns its id; raises CorpusExists, BadCorpusName."""
    cleaned = clean_line(name, LONGEST_NAME)
    if not cleaned:
        raise BadCorpusName
    values = {"id": new_id(), "space": space, "name": cleaned, "description": clean_optional(description), "created": tx.now()}
    add = postgresql.insert if tx.is_postgres else sqlite.insert
    made = tx.execute(add(corpora).values(**values).on_conflict_do_nothing().returning(corpora.c.id)).scalar_one_or_none()
    if made is None:
        raise CorpusExists(cleaned)
    audit.record(tx, "create_corpus", made, actor=actor, space=space, details={"name": cleaned})
    return str(made)


def get(tx: Transaction, corpus_id: str, *, space: str = DEFAULT_SPACE) -> Corpus | None:
    """The corpus, None where the space has none of that id."""
    row = tx.execute(_CORPUS.where(corpora.c.id == corpus_id, corpora.c.space == space)).one_or_none()
    return None if row is None else _counted(tx, [row])[0]


def named(tx: Transaction, name: str, *, space: str = DEFAULT_SPACE) -> Corpus | None:
    """The corpus of that name, None where the space has none."""
    row = tx.execute(_CORPUS.where(corpora.c.name == clean_line(name, LONGEST_NAME), corpora.c.space == space)).one_or_none()
    return None if row is None else _counted(tx, [row])[0]


def all_of(tx: Transaction, *, space: str = DEFAULT_SPACE) -> tuple[Corpus, ...]:
    """All corpora of the space by name."""
    return _counted(tx, tx.execute(_CORPUS.where(corpora.c.space == space).order_by(corpora.c.name)).all())


def delete(tx: Transaction, corpus_id: str, *, with_documents: bool = False, space: str = DEFAULT_SPACE, actor: str = "local") -> bool:
    """Deletes the corpus with its batches and exports; its documents only where asked. False where unknown."""
    if get(tx, corpus_id, space=space) is None:
        return False
    if with_documents:
        for document_id in list(tx.execute(select(members.c.document_id).where(members.c.corpus_id == corpus_id)).scalars()):
            documents.delete(tx, document_id, space=space, actor=actor)
    for export in exports.of_corpus(tx, corpus_id, space=space):
        exports.delete(tx, export)
    tx.execute(sql_delete(corpora).where(corpora.c.id == corpus_id))
    trashing.scrub_after(tx)
    audit.record(tx, "delete_corpus", corpus_id, actor=actor, space=space, details={})
    return True


def add(tx: Transaction, corpus_id: str, path: str, new: NewDocument, *, space: str = DEFAULT_SPACE, actor: str = "local") -> str | None:
    """Takes a document into the corpus, without a job, and returns its id; None where the corpus has these bytes already."""
    known = select(members.c.document_id).where(members.c.corpus_id == corpus_id, members.c.sha256 == new.sha256)
    if tx.execute(known).one_or_none() is not None:
        return None
    document_id = new_id()
    documents.take_in(tx, new, document_id, space=space, actor=actor)  # holds a lock on the digest, so a rival waits here
    if tx.execute(known).one_or_none() is not None:
        tx.execute(sql_delete(document_table).where(document_table.c.id == document_id))
        return None
    kept = {"sha256": new.sha256, "path": clean_line(path, LONGEST_PATH) or "document"}
    tx.execute(insert(members).values(corpus_id=corpus_id, document_id=document_id, **kept))
    return document_id


def known_digests(tx: Transaction, corpus_id: str, digests: Sequence[str]) -> frozenset[str]:
    """Which of these digests the corpus has."""
    found: set[str] = set()
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        query = select(members.c.sha256).where(members.c.corpus_id == corpus_id, members.c.sha256.in_(some))
        found.update(tx.execute(query).scalars())
    return frozenset(found)


def paths_of(tx: Transaction, document_ids: Sequence[str]) -> Mapping[str, str]:
    """Under which path each of these documents came into its corpus."""
    query = select(members.c.document_id, members.c.path).where(members.c.document_id.in_(document_ids))
    return {row.document_id: row.path for row in tx.execute(query)}


def states(tx: Transaction, corpus_id: str) -> dict[JobState | None, int]:
    """How many documents of the corpus have their latest job in each state; None stands for those that never had one."""
    joined = members.join(document_table, document_table.c.id == members.c.document_id)
    joined = joined.outerjoin(job_table, job_table.c.id == document_table.c.job_id)
    query = select(job_table.c.state, func.count().label("number")).select_from(joined).where(members.c.corpus_id == corpus_id)
    return {row.state and JobState(row.state): int(row.number) for row in tx.execute(query.group_by(job_table.c.state))}


_CORPUS = select(corpora.c.id, corpora.c.space, corpora.c.name, corpora.c.description, corpora.c.created)


def _counted(tx: Transaction, rows: Sequence[Row[Any]]) -> tuple[Corpus, ...]:
    """The rows with the numbers of their documents."""
    joined = members.join(document_table, document_table.c.id == members.c.document_id)
    joined = joined.outerjoin(annotation_table, annotation_table.c.id == document_table.c.annotation_id)
    query = select(members.c.corpus_id, func.count().label("all"), func.count(annotation_table.c.id).label("annotated"))
    query = query.select_from(joined).where(members.c.corpus_id.in_([row.id for row in rows])).group_by(members.c.corpus_id)
    counted = {row.corpus_id: (int(row.all), int(row.annotated)) for row in tx.execute(query)}
    return tuple(_corpus(row, *counted.get(row.id, (0, 0))) for row in rows)


def _corpus(row: Row[Any], documents: int, annotated: int) -> Corpus:
    return Corpus(row.id, row.space, row.name, row.description, row.created, documents, annotated)
