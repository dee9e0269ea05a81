"""What corpora are counted by. All is summed in the database over the rows of `facts`: no annotation is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, distinct, func, null, select

from corpora.store.facts import FactLayer
from corpora.store.session import Transaction
from corpora.store.tables import annotation_table, corpora, documents, facts, members, versions, works


class Trait(StrEnum):
    """What of a document it can be grouped by: the first four characters of its date, the body that issued it, its kind, its work."""

    YEAR = "year"
    BODY = "body"
    KIND = "kind"
    WORK = "work"


Raw = tuple[str | None, ...]
"""The traits of a group as they are kept, in the order in which they were asked for; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What the catalogue says of a work."""

    body: str
    kind: str
    adopted: str


@dataclass(frozen=True, slots=True)
class Which:
    """The documents of a corpus by some traits; the catalogue's word counts where neither document nor version nor users say anything."""

    corpus_id: str
    space: str
    by: tuple[Trait, ...] = ()
    catalogue: Mapping[str, Catalogued] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many documents a corpus has, and how many of them are counted in figures.

    `unsupported` are kept texts by language, which is not annotated; `pipelines` are the counted documents by the digest of the pipeline
    that read them: figures over several pipelines compare unlike with unlike.
    """

    documents: int
    counted: int
    unannotated: int
    unsupported: Mapping[str, int]
    pipelines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many documents of a group have this framing and this rights share in ten-thousandths, None where no block is framed."""

    group: Raw
    framing: str
    balance: int | None
    documents: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """How many documents of a group have a label in a layer, and how many blocks, statements, … of theirs carry it."""

    group: Raw
    layer: str
    label: str
    documents: int
    number: int


def counted(tx: Transaction, which: Which) -> Counted:
    """What is counted of a corpus, and what is not."""
    outcome = and_(facts.c.annotation_id == documents.c.annotation_id, facts.c.layer.in_([FactLayer.DOCUMENT, FactLayer.UNSUPPORTED]))
    joined = _members().outerjoin(facts, outcome)
    asked = select(facts.c.layer, facts.c.label, func.count().label("number")).select_from(joined)
    asked = asked.where(*_of(which)).group_by(facts.c.layer, facts.c.label)
    rows = tx.execute(asked).all()
    languages = {row.label: int(row.number) for row in rows if row.layer == FactLayer.UNSUPPORTED}
    return Counted(
        documents=sum(int(row.number) for row in rows),
        counted=sum(int(row.number) for row in rows if row.layer == FactLayer.DOCUMENT),
        unannotated=sum(int(row.number) for row in rows if row.layer is None),
        unsupported=dict(sorted(languages.items())),
        pipelines=_pipelines(tx, which),
    )


def outcomes(tx: Transaction, which: Which) -> list[Outcome]:
    """Documents by their framing and balance."""
    placed, balance = _placed(which), facts.alias("balance")
    its_balance = and_(balance.c.annotation_id == placed.c.annotation_id, balance.c.layer == FactLayer.BALANCE)
    joined = placed.join(facts, and_(facts.c.annotation_id == placed.c.annotation_id, facts.c.layer == FactLayer.DOCUMENT))
    keys = [*_traits(placed, which), facts.c.label, balance.c.number.label("balance")]
    asked = select(*keys, func.count().label("documents")).select_from(joined.outerjoin(balance, its_balance)).group_by(*keys)
    split = len(which.by)
    return [Outcome(tuple(row[:split]), row.label, row.balance, int(row.documents)) for row in tx.execute(asked)]


def labelled(tx: Transaction, which: Which, layers: Sequence[FactLayer]) -> list[Labelled]:
    """The labels of some layers."""
    placed = _placed(which)
    keys = [*_traits(placed, which), facts.c.layer, facts.c.label]
    asked = _within(placed, layers, *keys, func.count().label("documents"), func.sum(facts.c.number).label("number")).group_by(*keys)
    split = len(which.by)
    return [Labelled(tuple(row[:split]), row.layer, row.label, int(row.documents), int(row.number)) for row in tx.execute(asked)]


def with_any(tx: Transaction, which: Which, layers: Sequence[FactLayer]) -> dict[tuple[Raw, str], int]:
    """How many documents of a group have a label in any of some layers."""
    placed = _placed(which)
    keys = [*_traits(placed, which), facts.c.label]
    asked = _within(placed, layers, *keys, func.count(distinct(facts.c.annotation_id)).label("documents")).group_by(*keys)
    return {(tuple(row[: len(which.by)]), row.label): int(row.documents) for row in tx.execute(asked)}


def _pipelines(tx: Transaction, which: Which) -> dict[str, int]:
    its = and_(facts.c.annotation_id == documents.c.annotation_id, facts.c.layer == FactLayer.DOCUMENT)
    joined = _members().join(facts, its).join(annotation_table, annotation_table.c.id == documents.c.annotation_id)
    key = annotation_table.c.pipeline_digest
    rows = tx.execute(select(key, func.count().label("number")).select_from(joined).where(*_of(which)).group_by(key).order_by(key))
    return {row.pipeline_digest: int(row.number) for row in rows}


def _within(placed: Subquery, layers: Sequence[FactLayer], *columns: ColumnElement[Any]) -> Select[Any]:
    """The facts of some layers of the documents."""
    joined = placed.join(facts, facts.c.annotation_id == placed.c.annotation_id)
    return select(*columns).select_from(joined).where(facts.c.layer.in_([str(layer) for layer in layers]))


def _traits(placed: Subquery, which: Which) -> list[ColumnElement[Any]]:
    return [placed.c[trait.value] for trait in which.by]


def _placed(which: Which) -> Subquery:
    """The annotations of the corpus with the traits of their documents. A corpus has the same bytes once, so each annotation once."""
    joined = _members()
    if set(which.by) - {Trait.WORK}:
        joined = joined.outerjoin(versions, versions.c.id == documents.c.version_id)
        joined = joined.outerjoin(works, and_(works.c.space == documents.c.space, works.c.id == documents.c.work_id))
    traits = [_trait(trait, which.catalogue).label(trait.value) for trait in which.by]
    asked = select(documents.c.annotation_id, *traits).select_from(joined)
    return asked.where(*_of(which), documents.c.annotation_id.is_not(None)).subquery()


def _trait(trait: Trait, catalogue: Mapping[str, Catalogued]) -> ColumnElement[Any]:
    """What the document says of itself, else what its version or its work says."""
    if trait is Trait.WORK:
        return documents.c.work_id
    if trait is Trait.YEAR:
        # an amended text is not of the date on which its work was adopted
        of_work = case((documents.c.version_id.is_(None), _of_work("adopted", catalogue)))
        return func.substr(func.coalesce(documents.c.date, versions.c.date, of_work), 1, 4)
    return func.coalesce(documents.c[trait.value], _of_work(trait.value, catalogue))


def _of_work(name: str, catalogue: Mapping[str, Catalogued]) -> ColumnElement[Any]:
    said: ColumnElement[Any] = works.c.facts[name].as_string()
    if not catalogue:
        return said
    known = {work: getattr(one, name) for work, one in catalogue.items()}
    return func.coalesce(said, case(known, value=documents.c.work_id, else_=null()))


def _members() -> Any:
    return members.join(documents, documents.c.id == members.c.document_id)


def _of(which: Which) -> list[ColumnElement[bool]]:
    its_id = select(corpora.c.id).where(corpora.c.id == which.corpus_id, corpora.c.space == which.space)
    return [members.c.corpus_id == its_id.scalar_subquery()]
