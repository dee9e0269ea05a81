"""The provisions nearest to a vector, exactly: by sqlite-vec or pgvector where they are there, else in numpy over the stored vectors.

None of the three approximates, so that they agree, and conditions never hide what is near.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, Select, String, bindparam, cast, func, literal_column, select, text
from sqlalchemy.types import UserDefinedType

from corpora.store import sqlite_vectors
from corpora.store.searching import Place, Wanted, candidates
from corpora.store.session import Transaction
from corpora.store.tables import documents, provisions, vectors

FULL = 127  # the largest number of each stored vector
_AT_ONCE = 4096


class _Vector(UserDefinedType[str]):
    """The type of pgvector."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "vector"


class Way(StrEnum):
    """What computes distances."""

    SQLITE_VEC = "sqlite-vec"
    PGVECTOR = "pgvector"
    NUMPY = "numpy"


def way(tx: Transaction) -> Way:
    """What computes distances in this database."""
    if not tx.is_postgres:
        return Way.SQLITE_VEC if sqlite_vectors.is_loadable() else Way.NUMPY
    has = text("SELECT 1 FROM pg_attribute WHERE attrelid = 'vectors'::regclass AND attname = 'embedding' AND NOT attisdropped")
    return Way.PGVECTOR if tx.execute(has).first() else Way.NUMPY


def use_pgvector(tx: Transaction) -> bool:
    """Makes the column that pgvector searches and fills it; False where the server does not have pgvector, or this user may not use it."""
    if not tx.is_postgres or tx.execute(text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")).first() is None:
        return False
    from sqlalchemy.exc import DBAPIError

    try:
        with tx.connection.begin_nested():
            tx.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
            tx.execute(text("ALTER TABLE vectors ADD COLUMN IF NOT EXISTS embedding vector"))
    except DBAPIError:
        return False
    rows = tx.execute(text("SELECT provision_id, vector FROM vectors WHERE embedding IS NULL")).all()
    embed(tx, ((row.provision_id, row.vector) for row in rows))
    return True


def embed(tx: Transaction, made: Iterable[tuple[int, bytes]]) -> None:
    """Gives pgvector what was stored."""
    rows = [{"id": key, "embedding": _written(vector)} for key, vector in made]
    if rows:
        tx.execute(text("UPDATE vectors SET embedding = CAST(:embedding AS vector) WHERE provision_id = :id"), rows)


def nearest(
    tx: Transaction, vector: bytes, encoder: str, wanted: Wanted, *, space: str, limit: int, offset: int = 0, without: tuple[int, ...] = ()
) -> list[Place]:
    """The nearest first, with the cosine; only vectors of the same encoder are compared. `without` are provisions that are left out."""
    found = _NEAREST[way(tx)](tx, vector, encoder, wanted, space, limit + offset, without)
    return found[offset:]


def counted(tx: Transaction, encoder: str, wanted: Wanted, *, space: str, without: tuple[int, ...] = ()) -> int:
    """How many provisions have a vector of this encoder."""
    query = _compared(encoder, wanted, space, without).subquery()
    return int(tx.execute(select(func.count()).select_from(query)).scalar_one())


def _compared(encoder: str, wanted: Wanted, space: str, without: tuple[int, ...]) -> Select[Any]:
    query = candidates(wanted, space).join(vectors, vectors.c.provision_id == provisions.c.id).where(vectors.c.encoder == encoder)
    return query.where(provisions.c.id.not_in(without)) if without else query


def _by_sqlite_vec(
    tx: Transaction, vector: bytes, encoder: str, wanted: Wanted, space: str, most: int, without: tuple[int, ...]
) -> list[Place]:
    distance = func.vec_distance_cosine(func.vec_int8(vectors.c.vector), func.vec_int8(bindparam("asked", vector)))
    return _by_distance(tx, _compared(encoder, wanted, space, without).add_columns(distance.label("distance")), most)


def _by_pgvector(
    tx: Transaction, vector: bytes, encoder: str, wanted: Wanted, space: str, most: int, without: tuple[int, ...]
) -> list[Place]:
    asked = cast(bindparam("asked", _written(vector), String), _Vector())
    distance = literal_column("vectors.embedding").op("<=>", return_type=Float())(asked)
    return _by_distance(tx, _compared(encoder, wanted, space, without).add_columns(distance.label("distance")), most)


def _by_distance(tx: Transaction, query: Select[Any], most: int) -> list[Place]:
    rows = tx.execute(query.order_by(text("distance"), provisions.c.id, documents.c.id).limit(most))
    return [Place(row.id, row.document_id, 1.0 - row.distance) for row in rows]


def _by_numpy(tx: Transaction, vector: bytes, encoder: str, wanted: Wanted, space: str, most: int, without: tuple[int, ...]) -> list[Place]:
    import numpy as np

    asked = np.frombuffer(vector, np.int8).astype(np.float32)
    asked /= np.linalg.norm(asked)
    query = _compared(encoder, wanted, space, without).add_columns(vectors.c.vector)
    best: list[tuple[float, int, str]] = []
    for rows in tx.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        stored = np.frombuffer(b"".join(row.vector for row in rows), np.int8).reshape(len(rows), -1).astype(np.float32)
        near = stored @ asked / np.linalg.norm(stored, axis=1)
        best += [(-float(near[i]), rows[i].id, rows[i].document_id) for i in np.argsort(-near)[:most]]
        best = heapq.nsmallest(most, best)
    return [Place(key, document, -rank) for rank, key, document in best]


def _written(vector: bytes) -> str:
    """As pgvector reads it."""
    return "[" + ",".join(str(number - 256 if number > FULL else number) for number in vector) + "]"


_NEAREST = {Way.SQLITE_VEC: _by_sqlite_vec, Way.PGVECTOR: _by_pgvector, Way.NUMPY: _by_numpy}
