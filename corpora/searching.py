"""Search, as every entrance offers it: by words or conditions, by what words mean, and provisions like a given one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from sqlalchemy import or_, select

from corpora.codebooks import MODEL
from corpora.search import query as typed
from corpora.search.meaning import encoder_digest, meaning_of, middle
from corpora.search.query import BadQuery
from corpora.store import annotations as kept
from corpora.store import documents, nearest, provisions, searching, words
from corpora.store.nearest import Way
from corpora.store.searching import Found, Wanted
from corpora.store.session import Store, Transaction
from corpora.store.tables import DEFAULT_SPACE
from corpora.store.tables import provisions as provision_table
from corpora.store.tables import vectors as vector_table

SNIPPET = 320
MOST_OFFSET = 5_000


class By(StrEnum):
    """How the words of a search are taken."""

    WORDS = "words"
    MEANING = "meaning"


class NothingAsked(BadQuery):
    """A search needs words or a filter."""


class NoSuchProvision(Exception):
    """The document has no provision of this id."""


class NoMeaning(Exception):
    """This provision has no vector of the present model; `lexframe search --rebuild` makes it."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for; `limit` and `offset` choose a page, `model` is the folder of the model whose encoder tells what words mean."""

    words: str = ""
    by: By = By.WORDS
    wanted: Wanted = field(default_factory=Wanted)
    limit: int = 20
    offset: int = 0
    model: Path = MODEL


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a provision; `start` is its place in the document, `marks` are half-open ranges of `text`, all in code points."""

    start: int
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A provision that was found, and the piece of it that shows why."""

    found: Found
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Results:
    """One page, the best first. `total` counts up to 10,000; `way` is what computed distances, None where none were."""

    hits: tuple[Hit, ...]
    total: int
    next_offset: int | None
    way: Way | None = None


def search(tx: Transaction, asked: Search, *, space: str = DEFAULT_SPACE) -> Results:
    """Provisions by words (all of them, ranked), by their meaning, or without words by the conditions alone. Raises BadQuery."""
    if not asked.words.strip():
        if not asked.wanted.narrows:
            raise NothingAsked
        return _by_conditions(tx, asked, space)
    if asked.by is By.MEANING:
        return _near(tx, meaning_of(asked.words[: typed.LONGEST], asked.model), asked, space)
    return _by_words(tx, asked, space)


def like(tx: Transaction, document_id: str, unit: str, asked: Search, *, space: str = DEFAULT_SPACE) -> Results:
    """Provisions that mean the like of a unit's, with all that stands under it; raises NoSuchProvision, NoMeaning."""
    document = documents.get(tx, document_id, space=space)
    if document is None or document.annotation_id is None:
        raise NoSuchProvision
    inside = or_(provision_table.c.unit == unit, provision_table.c.unit.startswith(f"{unit}__", autoescape=True))
    query = select(provision_table.c.id, vector_table.c.vector, vector_table.c.encoder)
    query = query.outerjoin(vector_table, vector_table.c.provision_id == provision_table.c.id)
    rows = tx.execute(query.where(provision_table.c.annotation_id == document.annotation_id, inside)).all()
    if not rows:
        raise NoSuchProvision
    made = [row.vector for row in rows if row.encoder == encoder_digest(asked.model)]
    if not made:
        raise NoMeaning
    return _near(tx, middle(made), asked, space, tuple(row.id for row in rows))


def rebuild(store: Store, step: Callable[[int, int], None] = lambda done, all: None) -> int:
    """Makes the index of words and labels anew, document by document; how many annotations. Vectors are made by `make_missing`."""
    with store.transaction() as tx:
        nearest.use_pgvector(tx)
        every = provisions.latest(tx)
    for done, annotation_id in enumerate(every):
        step(done, len(every))
        with store.transaction() as tx:
            _again(tx, annotation_id)
    return len(every)


def way(tx: Transaction) -> Way:
    """What computes distances in this store."""
    return nearest.way(tx)


def snippet_of(found: Found, marks: Sequence[tuple[int, int]]) -> Snippet:
    """The piece of a provision around its first mark, cut at words."""
    if len(found.text) <= SNIPPET:
        return Snippet(found.start, found.text, tuple(marks))
    start = _word_from(found.text, max(0, (marks[0][0] if marks else 0) - SNIPPET // 4))
    end = _word_until(found.text, min(len(found.text), start + SNIPPET))
    inside = tuple((a - start, b - start) for a, b in marks if start <= a and b <= end)
    return Snippet(found.start + start, found.text[start:end], inside)


def _by_words(tx: Transaction, asked: Search, space: str) -> Results:
    read = typed.parse(asked.words)
    if not read.groups:
        raise NothingAsked
    spelled = typed.for_postgres(read) if tx.is_postgres else typed.for_sqlite(read)
    places = searching.by_words(tx, spelled, asked.wanted, space=space, limit=asked.limit, offset=asked.offset)
    shown = searching.shown(tx, places)
    marks = words.marks(tx, spelled, {found.id: found.text for found in shown})
    hits = tuple(Hit(found, snippet_of(found, marks.get(found.id, ()))) for found in shown)
    return _page(hits, searching.count(tx, spelled, asked.wanted, space=space), asked)


def _by_conditions(tx: Transaction, asked: Search, space: str) -> Results:
    places = searching.by_conditions(tx, asked.wanted, space=space, limit=asked.limit, offset=asked.offset)
    hits = tuple(Hit(found, snippet_of(found, ())) for found in searching.shown(tx, places))
    return _page(hits, searching.count(tx, None, asked.wanted, space=space), asked)


def _near(tx: Transaction, vector: bytes, asked: Search, space: str, without: tuple[int, ...] = ()) -> Results:
    encoder = encoder_digest(asked.model)
    places = nearest.nearest(tx, vector, encoder, asked.wanted, space=space, limit=asked.limit, offset=asked.offset, without=without)
    hits = tuple(Hit(found, snippet_of(found, ())) for found in searching.shown(tx, places))
    total = min(nearest.counted(tx, encoder, asked.wanted, space=space, without=without), searching.MOST_COUNTED)
    return replace(_page(hits, total, asked), way=nearest.way(tx))


def _page(hits: tuple[Hit, ...], total: int, asked: Search) -> Results:
    after = asked.offset + asked.limit
    return Results(hits, total, after if after < min(total, MOST_OFFSET) else None)


def _again(tx: Transaction, annotation_id: str) -> None:
    """Indexes an annotation anew, and gives it the vectors that it had."""
    vectors = provisions.every_vector(tx, annotation_id)
    provisions.drop(tx, annotation_id)
    provisions.index(tx, annotation_id, lambda: kept.result(tx, annotation_id))
    for encoder, made in vectors.items():
        provisions.keep_vectors(tx, annotation_id, encoder, made)


def _word_from(text: str, at: int) -> int:
    """Where the word after this place begins, if one does soon."""
    blank = text.find(" ", at, at + 30)
    return blank + 1 if at and blank >= 0 else at


def _word_until(text: str, at: int) -> int:
    blank = text.rfind(" ", max(0, at - 30), at)
    return blank if at < len(text) and blank >= 0 else at
