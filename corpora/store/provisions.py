"""Provisions as rows, so that they can be found: one for each block of the latest annotation of a document, with what it carries."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import exists, insert, select

from corpora.store import nearest, words
from corpora.store.session import Transaction
from corpora.store.tables import annotation_table, documents, findings, provisions, vectors

Json = dict[str, Any]

LABELS = ("indicators", "victim", "four_p")
_LONGEST_HEADING = 500


def index(tx: Transaction, annotation_id: str, result: Callable[[], Json]) -> None:
    """Makes an annotation's provisions findable, unless they are; `result` is its annotated document."""
    known = select(provisions.c.id).where(provisions.c.annotation_id == annotation_id).limit(1)
    if tx.execute(known).first() is not None:
        return
    found = result()
    if not found.get("blocks"):
        return
    space = tx.execute(select(annotation_table.c.space).where(annotation_table.c.id == annotation_id)).scalar_one()
    rows = [{"annotation_id": annotation_id, "space": space, **row} for row in rows_of(found)]
    tx.execute(insert(provisions), rows)
    ids = ids_of(tx, annotation_id)
    words.add(tx, [{"id": key, **row} for key, row in zip(ids, rows, strict=True)])
    if carried := [{"provision_id": ids[at], **row} for at, row in findings_of(found)]:
        tx.execute(insert(findings), carried)


def forget(tx: Transaction, annotation_id: str | None) -> None:
    """Takes an annotation's provisions out of the index, unless it is some document's latest."""
    used = exists().where(documents.c.annotation_id == provisions.c.annotation_id)
    tx.execute(sql_delete(provisions).where(provisions.c.annotation_id == annotation_id, ~used))


def forget_bytes(tx: Transaction, sha256: str, space: str) -> None:
    """The same for every annotation of these bytes, after a document of theirs was deleted."""
    for annotation_id in list(
        tx.execute(select(annotation_table.c.id).where(annotation_table.c.sha256 == sha256, annotation_table.c.space == space)).scalars()
    ):
        forget(tx, annotation_id)


def ids_of(tx: Transaction, annotation_id: str) -> list[int]:
    """The ids of an annotation's provisions, in the order of its blocks."""
    query = select(provisions.c.id).where(provisions.c.annotation_id == annotation_id).order_by(provisions.c.position)
    return list(tx.execute(query).scalars())


def keep_vectors(tx: Transaction, annotation_id: str, encoder: str, made: Mapping[str, bytes]) -> None:
    """Keeps the vectors of an annotation's provisions by their words; what is kept of this encoder stays."""
    query = select(provisions.c.id, provisions.c.text, vectors.c.encoder).outerjoin(vectors, vectors.c.provision_id == provisions.c.id)
    rows = tx.execute(query.where(provisions.c.annotation_id == annotation_id)).all()
    new = [{"provision_id": row.id, "vector": made[row.text]} for row in rows if row.encoder != encoder and row.text in made]
    if new:
        if any(row.encoder not in (None, encoder) for row in rows):
            stale = select(provisions.c.id).where(provisions.c.annotation_id == annotation_id)
            tx.execute(sql_delete(vectors).where(vectors.c.provision_id.in_(stale), vectors.c.encoder != encoder))
        tx.execute(insert(vectors), [{"encoder": encoder, **row} for row in new])
        if nearest.way(tx) is nearest.Way.PGVECTOR:
            nearest.embed(tx, ((row["provision_id"], row["vector"]) for row in new))


def without_vectors(tx: Transaction, encoder: str) -> list[str]:
    """The annotations in the index of which some provision has no vector of this encoder."""
    has = exists().where(vectors.c.provision_id == provisions.c.id, vectors.c.encoder == encoder)
    return list(tx.execute(select(provisions.c.annotation_id).where(~has).distinct().order_by(provisions.c.annotation_id)).scalars())


def drop(tx: Transaction, annotation_id: str) -> None:
    """Takes an annotation's provisions out of the index, with their vectors."""
    tx.execute(sql_delete(provisions).where(provisions.c.annotation_id == annotation_id))


def every_vector(tx: Transaction, annotation_id: str) -> dict[str, dict[str, bytes]]:
    """The vectors of an annotation's provisions by encoder and words."""
    query = select(vectors.c.encoder, provisions.c.text, vectors.c.vector).join(provisions, vectors.c.provision_id == provisions.c.id)
    found: dict[str, dict[str, bytes]] = {}
    for row in tx.execute(query.where(provisions.c.annotation_id == annotation_id)):
        found.setdefault(row.encoder, {})[row.text] = row.vector
    return found


def latest(tx: Transaction) -> list[str]:
    """The annotations whose provisions can be searched: the latest of each document."""
    return list(tx.execute(select(documents.c.annotation_id).where(documents.c.annotation_id.is_not(None)).distinct()).scalars())


def rows_of(result: Json) -> Iterator[Json]:
    """A row for each block of an annotated document."""
    units = {unit["id"]: unit for unit in result.get("units", ())}
    for position, block in enumerate(result["blocks"]):
        yield {
            "position": position,
            "unit": words.storable(block["unit"]),
            "place": words.storable(units.get(block["unit"], {}).get("label") or block["unit"]),
            "heading": words.storable(_headings(units, block["unit"])),
            "start": block["start"],
            "end": block["end"],
            "text": words.storable(result["text"][block["start"] : block["end"]]),
            "framing": block["framing"],
        }


def findings_of(result: Json) -> list[tuple[int, Json]]:
    """What blocks carry: (position of the block, row), numbered within each block."""
    starts = [block["start"] for block in result["blocks"]]
    counted: dict[int, int] = {}
    found = []
    for at, row in [*_labels(result["blocks"]), *_spans(result, starts)]:
        counted[at] = number = counted.get(at, -1) + 1
        found.append((at, {"number": number, "strength": None, "bearer": None, "probability": None, **row}))
    return found


def _labels(blocks: Sequence[Json]) -> Iterator[tuple[int, Json]]:
    for at, block in enumerate(blocks):
        for layer in LABELS:
            for label, probability in block.get(layer, {}).items():
                yield at, {"layer": layer, "label": label, "probability": probability}
        if block.get("conditional"):
            yield at, {"layer": "conditional", "label": "conditional"}
        for coding in block.get("codings", ()):  # of codebooks of the user's own
            for layer, labels in coding["labels"].items():
                for label, probability in labels.items():
                    yield at, {"layer": f"{coding['codebook']}:{layer}", "label": label, "probability": probability}


def _spans(result: Json, starts: Sequence[int]) -> Iterator[tuple[int, Json]]:
    for statement in result.get("statements", ()):
        said = {"label": statement["type"], "strength": statement["strength"], "bearer": statement["bearer_class"]}
        yield _block_at(starts, statement["trigger"]["start"]), {"layer": "statements", **said}
    for definition in result.get("definitions", ()):
        at = _block_at(starts, definition["term"]["start"])
        yield at, {"layer": "definitions", "label": definition["form"]}
        for role in sorted({element["role"] for element in definition["elements"]}):
            yield at, {"layer": "elements", "label": role}
    for element in result.get("elements", ()):
        yield _block_at(starts, element["start"]), {"layer": "elements", "label": element["role"]}
    for reference in result.get("references", ()):
        where = "elsewhere" if reference["work"] else "here" if reference["target"] else "unresolved"
        yield _block_at(starts, reference["start"]), {"layer": "references", "label": where}


def _block_at(starts: Sequence[int], place: int) -> int:
    return max(bisect_right(starts, place) - 1, 0)


def _headings(units: Mapping[str, Json], name: str) -> str:
    """The headings above and at a unit, outermost first; a broken chain of parents ends where it breaks."""
    found: list[str] = []
    seen: set[str] = set()
    while name in units and name not in seen:
        seen.add(name)
        if units[name].get("heading"):
            found.insert(0, units[name]["heading"])
        name = units[name].get("parent") or ""
    return " › ".join(found)[-_LONGEST_HEADING:]
