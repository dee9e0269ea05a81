"""The index of words: FTS5 on SQLite, a tsvector on PostgreSQL. Both take words alike: small letters, no accents, English stems.

The tables of the two differ, so neither stands in tables.py; what is in them follows the rows of `provisions`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam, column, func, literal_column, table, text

from corpora.store.session import Transaction

INDEX = "provision_words"
HEADING_WEIGHT = 0.3
BEGIN, END = "\x02", "\x03"  # around found words in FTS5's answer; stored texts have no control characters
_MOST_CHARACTERS = 100_000  # of one provision: a tsvector holds a mebibyte
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

SQLITE = (
    "CREATE VIRTUAL TABLE provision_words USING fts5(text, heading, content='provisions', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE TRIGGER provisions_come AFTER INSERT ON provisions BEGIN INSERT INTO provision_words(rowid, text, heading) "
    "VALUES (new.id, new.text, new.heading); END",
    "CREATE TRIGGER provisions_go AFTER DELETE ON provisions BEGIN INSERT INTO provision_words(provision_words, rowid, text, heading) "
    "VALUES ('delete', old.id, old.text, old.heading); END",
)
# The stemmer without stop words: in law `no`, `not`, `any` and `should` matter.
POSTGRES = (
    "CREATE TEXT SEARCH DICTIONARY lexframe_stems (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION lexframe (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION lexframe ALTER MAPPING FOR asciiword, word, numword WITH lexframe_stems",
    "CREATE TABLE provision_words (provision_id bigint PRIMARY KEY REFERENCES provisions (id) ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX ix_provision_words ON provision_words USING gin (words)",
)

indexed = table(INDEX, column("provision_id"), column("rowid"), column("words"))
_ADD = text(
    "INSERT INTO provision_words (provision_id, words) VALUES (:id, "
    "setweight(to_tsvector('lexframe', :text), 'A') || setweight(to_tsvector('lexframe', :heading), 'D'))"
)


def storable(words: str) -> str:
    """The words as a database keeps them, each character in its place: control characters and lone surrogates are replaced."""
    return _UNKEEPABLE.sub("\ufffd", words[:_MOST_CHARACTERS])


def plain(words: str) -> str:
    """Small letters and digits without accents, each in its place, and blanks for all else: what PostgreSQL is given."""
    return "".join(_plain(c) for c in words)


def add(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Indexes provisions by their `id`, `text` and `heading`; on SQLite a trigger does."""
    if tx.is_postgres and rows:
        tx.execute(_ADD, [{"id": row["id"], "text": plain(row["text"]), "heading": plain(row["heading"])} for row in rows])


def matching(tx: Transaction, query: str) -> tuple[ColumnElement[bool], ColumnElement[float]]:
    """The condition that a provision matches, and its rank, the best lowest; the statement joins `indexed`."""
    if tx.is_postgres:
        wanted = func.to_tsquery(literal_column("'lexframe'::regconfig"), bindparam("words", query))
        rank = -func.ts_rank_cd(literal_column("'{0.3,0.3,0.3,1.0}'::real[]"), indexed.c.words, wanted, 1)
        return indexed.c.words.op("@@")(wanted), rank
    here: ColumnElement[Any] = literal_column(INDEX)
    return here.op("MATCH")(bindparam("words", query)), func.bm25(here, 1.0, HEADING_WEIGHT, type_=Float)


def joined(tx: Transaction, provision_id: ColumnElement[int]) -> ColumnElement[bool]:
    """How `indexed` joins a provision."""
    return (indexed.c.provision_id if tx.is_postgres else indexed.c.rowid) == provision_id


def marks(tx: Transaction, query: str, texts: dict[int, str]) -> dict[int, list[tuple[int, int]]]:
    """Where the found words stand: half-open ranges of each of these provisions' texts."""
    if not texts:
        return {}
    if tx.is_postgres:
        return {key: _ranges(_headline(tx, query, words), "{", "}") for key, words in texts.items()}
    found = text(
        "SELECT rowid AS id, highlight(provision_words, 0, :begin, :end) AS marked "
        "FROM provision_words WHERE provision_words MATCH :words AND rowid IN :ids"
    )
    asked = {"begin": BEGIN, "end": END, "words": query, "ids": list(texts)}
    rows = tx.execute(found.bindparams(bindparam("ids", expanding=True)), asked)
    return {row.id: _ranges(row.marked, BEGIN, END) for row in rows}


def _headline(tx: Transaction, query: str, words: str) -> str:
    """The plain text with braces, which it has none of itself, around found words."""
    asked = text("SELECT ts_headline('lexframe', :text, to_tsquery('lexframe', :words), :how)")
    how = "HighlightAll=true, StartSel={, StopSel=}"
    return str(tx.execute(asked, {"text": plain(words), "words": query, "how": how}).scalar_one())


def _ranges(marked: str, begin: str, end: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for before in marked.split(begin)[:-1]:
        at += len(before.replace(end, ""))
        found.append(at)
    lengths = [piece.partition(end)[0] for piece in marked.split(begin)[1:]]
    return [(start, start + len(words)) for start, words in zip(found, lengths, strict=True)]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    small = unicodedata.normalize("NFKD", character)[0].lower()
    return small if len(small) == 1 and small.isalnum() else " "
