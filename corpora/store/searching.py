"""Finding provisions: by words, by what they carry, by whose document they are in, by meaning. Always in one space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from corpora.store import words
from corpora.store.session import Transaction
from corpora.store.tables import documents, findings, members, provisions
from corpora.store.tables import versions as version_table

MOST_COUNTED = 10_000
MOST_ITEMS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched for; several conditions narrow together.

    `labels` are keys such as `victim/child`, at least as probable as `probability`; statement conditions hold of one statement. `since` and
    `until` are dates or beginnings of dates, both included.
    """

    labels: tuple[str, ...] = ()
    layer: str | None = None
    framing: str | None = None
    statement: str | None = None
    strength: str | None = None
    bearer: str | None = None
    probability: float | None = None
    work: str | None = None
    version: str | None = None
    kind: str | None = None
    body: str | None = None
    document: str | None = None
    not_document: str | None = None
    corpus: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether there is any condition."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Carried:
    """A label, statement, definition or reference of a provision."""

    layer: str
    label: str
    strength: str | None
    bearer: str | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class Home:
    """The document in which a provision stands."""

    id: str
    title: str | None
    filename: str
    work: str | None
    version: str | None
    date: str | None
    kind: str | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A provision that was found. Offsets are code points of the document's text; `rank` is the better the higher."""

    id: int
    unit: str
    place: str
    heading: str
    start: int
    end: int
    text: str
    framing: str
    rank: float
    home: Home
    carried: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Which provision of which document, and how near it is."""

    provision_id: int
    document_id: str
    rank: float


def by_words(tx: Transaction, query: str, wanted: Wanted, *, space: str, limit: int, offset: int) -> list[Place]:
    """The best first; `query` is in the database's own syntax."""
    matches, rank = words.matching(tx, query)
    asked = _asked(wanted, space, rank.label("rank")).join(words.indexed, words.joined(tx, provisions.c.id)).where(matches)
    rows = tx.execute(asked.order_by("rank", provisions.c.id, documents.c.id).limit(limit).offset(offset))
    return [Place(row.id, row.document_id, -row.rank) for row in rows]


def by_conditions(tx: Transaction, wanted: Wanted, *, space: str, limit: int, offset: int) -> list[Place]:
    """In the order of the documents, the newest first, and of their text."""
    asked = _asked(wanted, space, literal(0.0).label("rank"))
    rows = tx.execute(asked.order_by(documents.c.id.desc(), provisions.c.position).limit(limit).offset(offset))
    return [Place(row.id, row.document_id, 0.0) for row in rows]


def count(tx: Transaction, query: str | None, wanted: Wanted, *, space: str) -> int:
    """How many there are, up to 10,000."""
    asked = _asked(wanted, space)
    if query is not None:
        matches, _ = words.matching(tx, query)
        asked = asked.join(words.indexed, words.joined(tx, provisions.c.id)).where(matches)
    return int(tx.execute(select(func.count()).select_from(asked.limit(MOST_COUNTED).subquery())).scalar_one())


def candidates(wanted: Wanted, space: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """Every provision that fulfils the conditions, with its document, for those who rank by themselves."""
    return _asked(wanted, space, *columns)


def choices(tx: Transaction, *, space: str) -> tuple[list[str], list[str]]:
    """The instruments and the kinds of instruments of a space's annotated documents, by name."""

    def each(column: ColumnElement[Any]) -> list[str]:
        query = select(column).where(documents.c.space == space, documents.c.annotation_id.is_not(None), column.is_not(None))
        return list(tx.execute(query.distinct().order_by(column)).scalars())

    return each(documents.c.work_id), each(documents.c.kind)


def shown(tx: Transaction, places: Sequence[Place]) -> list[Found]:
    """The provisions at these places, in the same order; what was deleted meanwhile is left out."""
    keys = [place.provision_id for place in places]
    rows = {row.id: row._mapping for row in tx.execute(select(provisions).where(provisions.c.id.in_(keys)))}
    homes = _homes(tx, {place.document_id for place in places})
    carried = _carried(tx, keys)
    names = [name for name in Found.__slots__ if name in provisions.c]
    return [
        Found(
            **{name: rows[place.provision_id][name] for name in names},
            rank=place.rank,
            home=homes[place.document_id],
            carried=tuple(carried.get(place.provision_id, ())),
        )
        for place in places
        if place.provision_id in rows and place.document_id in homes
    ]


def _asked(wanted: Wanted, space: str, *columns: ColumnElement[Any]) -> Select[Any]:
    query = select(provisions.c.id, documents.c.id.label("document_id"), *columns).select_from(provisions)
    query = query.join(documents, documents.c.annotation_id == provisions.c.annotation_id)
    query = query.where(provisions.c.space == space, documents.c.space == space, *_conditions(wanted))
    if wanted.version is None:
        return query
    return query.join(version_table, version_table.c.id == documents.c.version_id).where(version_table.c.label == wanted.version)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    exact = {
        provisions.c.framing: wanted.framing,
        documents.c.work_id: wanted.work,
        documents.c.kind: wanted.kind,
        documents.c.body: wanted.body,
        documents.c.id: wanted.document,
    }
    found = [column == value for column, value in exact.items() if value is not None]
    found += [_carries(wanted, *key.partition("/")[::2]) for key in wanted.labels]
    if wanted.layer is not None:
        found.append(_carries(wanted, wanted.layer, None))
    said = {"label": wanted.statement, "strength": wanted.strength, "bearer": wanted.bearer}
    if any(said.values()):
        same = [findings.c[name] == value for name, value in said.items() if value is not None]
        found.append(_has(findings.c.layer == "statements", *same))
    if wanted.not_document is not None:
        found.append(documents.c.id != wanted.not_document)
    if wanted.since is not None:
        found.append(documents.c.date >= wanted.since)
    if wanted.until is not None:
        found.append(func.substr(documents.c.date, 1, len(wanted.until)) <= wanted.until)  # 2005 includes 2005-05-16
    if wanted.corpus is not None:
        found.append(documents.c.id.in_(select(members.c.document_id).where(members.c.corpus_id == wanted.corpus)))
    return found


def _carries(wanted: Wanted, layer: str, label: str | None) -> ColumnElement[bool]:
    conditions = [findings.c.layer == layer]
    if label is not None:
        conditions.append(findings.c.label == label)
    if wanted.probability is not None:
        conditions.append(func.coalesce(findings.c.probability, 1.0) >= wanted.probability)
    return _has(*conditions)


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return provisions.c.id.in_(select(findings.c.provision_id).where(*conditions))


def _homes(tx: Transaction, ids: set[str]) -> dict[str, Home]:
    own = [documents.c[name] for name in ("id", "title", "filename", "date", "kind", "body")]
    query = select(*own, documents.c.work_id.label("work"), version_table.c.label.label("version"))
    query = query.outerjoin(version_table, version_table.c.id == documents.c.version_id).where(documents.c.id.in_(ids))
    return {row.id: Home(**row._mapping) for row in tx.execute(query)}


def _carried(tx: Transaction, keys: Sequence[int]) -> dict[int, list[Carried]]:
    found: dict[int, list[Carried]] = {}
    for row in tx.execute(select(findings).where(findings.c.provision_id.in_(keys)).order_by(findings.c.provision_id, findings.c.number)):
        found.setdefault(row.provision_id, []).append(Carried(row.layer, row.label, row.strength, row.bearer, row.probability))
    return found
