"""Tables of a corpus: documents, provisions, definitions, statements and changes, as CSV or Parquet, with what each column means."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, cast

from corpora.exports.archive import PIECE
from corpora.exports.item import Item, file_names
from corpora.exports.marks import label_layers

Json = dict[str, Any]
Row = dict[str, Any]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

TEXTS, NUMBERS, SHARES = "string", "int64", "float64"
_PLACE = {"document": TEXTS, "unit": TEXTS, "where": TEXTS, "start": NUMBERS, "end": NUMBERS, "text": TEXTS}


def _texts(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), TEXTS)


COLUMNS: Mapping[str, Mapping[str, str]] = {
    "documents": {
        **_texts("document id title work version date body sha256 language"),
        "characters": NUMBERS,
        **_texts("status framing"),
        "crime": SHARES,
        "rights": SHARES,
    },
    "provisions": {**_PLACE, **_texts("framing labels probabilities"), "conditional": "bool", "undecided": TEXTS},
    "definitions": {
        **_PLACE,
        "definiens": TEXTS,
        "definiens_start": NUMBERS,
        "definiens_end": NUMBERS,
        **_texts("form scope elements"),
    },
    "statements": {**_PLACE, **_texts("type strength bearer bearer_class action beneficiary softeners conditions")},
    "changes": _texts("left right kind unit_left unit_right where_left where_right about before after words_left words_right"),
    "columns": _texts("table column type meaning"),
}
MEANINGS: Mapping[str, str] = {
    "document": "the document's name in this export, which joins the tables",
    "id": "its id in the service",
    "title": "its title, or the first line of its text",
    "work": "the instrument of which it is a version",
    "version": "the label of the version",
    "date": "its date",
    "body": "the body that issued it",
    "sha256": "digest of the uploaded file",
    "language": "its language (ISO 639-1)",
    "characters": "length of its text in code points",
    "status": "annotated, or why it is not",
    "framing": "crime, rights, hybrid or neutral",
    "crime": "share of the crime framework, 0 to 1",
    "rights": "share of the rights framework, 0 to 1",
    "unit": "id of the unit, after the Akoma Ntoso naming convention",
    "where": "the unit as a lawyer cites it",
    "start": "first code point of `text` in the stored text",
    "end": "code point after its last",
    "text": "the words: of a provision its block, of a definition its term, of a statement its trigger",
    "labels": "labels as layer/label, with semicolons between them",
    "probabilities": "their calibrated probabilities, in the same order",
    "conditional": "whether what a victim gets depends on cooperation with authorities",
    "undecided": "labels near their threshold, which a person should look at first",
    "definiens": "what the term is defined as",
    "definiens_start": "its first code point",
    "definiens_end": "code point after its last",
    "form": "how it is defined: means, includes, …",
    "scope": "for what the definition holds",
    "elements": "act, means, purpose and other elements, as role: words",
    "type": "obligation, prohibition, permission, right or exemption; in `columns` the type of a column",
    "strength": "mandatory, qualified or hortatory",
    "bearer": "who is bound or entitled",
    "bearer_class": "of what class the bearer is",
    "action": "what is to be done",
    "beneficiary": "for whom",
    "softeners": "words that soften it",
    "conditions": "conditions it stands under",
    "left": "the earlier text",
    "right": "the later text",
    "kind": "what changed in meaning, or how the provision's words differ",
    "unit_left": "id of the unit in the earlier text",
    "unit_right": "id of the unit in the later text",
    "where_left": "where it stands in the earlier text",
    "where_right": "where it stands in the later text",
    "about": "what the change is about",
    "before": "value before",
    "after": "value after",
    "words_left": "the provision's words in the earlier text",
    "words_right": "the provision's words in the later text",
    "table": "name of a table",
    "column": "name of a column of it",
    "meaning": "what it holds",
}
"""What each column holds; a name means the same in every table."""


def rows(name: str, item: Item) -> Iterator[tuple[str, Row]]:
    """The rows of one document, each with its table; `text` is the words at `start` and `end`.

    They are the block of a provision, the term of a definition, and the trigger of a statement.
    """
    annotated = item.annotated
    where = {unit["id"]: unit.get("label") or unit["id"] for unit in annotated.get("units", ())}
    yield "documents", _document(name, item)
    for block in annotated.get("blocks", ()):
        yield "provisions", _place(name, item, block, block, where) | _provision(block)
    for one in annotated.get("definitions", ()):
        yield "definitions", _place(name, item, one, one["term"], where) | _definition(one)
    for one in annotated.get("statements", ()):
        yield "statements", _place(name, item, one, one["trigger"], where) | _statement(one)


def csv_entries(items: Iterable[Item], changes: Iterable[Row] = ()) -> Iterator[tuple[str, Iterable[bytes]]]:
    """TABLE.csv for each table: UTF-8 with a header; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    with ExitStack() as stack:
        held = {name: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", newline="")) for name in COLUMNS}
        writers = {name: csv.DictWriter(held[name], list(columns)) for name, columns in COLUMNS.items()}
        for writer in writers.values():
            writer.writeheader()
        for table, row in _all_rows(items, changes):
            writers[table].writerow({key: defused(value) for key, value in row.items()})
        for name, file in held.items():
            file.flush()
            file.seek(0)
            yield f"{name}.csv", _pieces(cast(IO[bytes], file.buffer))


def parquet_entries(items: Iterable[Item], changes: Iterable[Row] = ()) -> Iterator[tuple[str, Iterable[bytes]]]:
    """TABLE.parquet for each table; rows are written in groups, so that none but the last stand in memory."""
    import pyarrow as pa
    from pyarrow import parquet

    most = 1000
    with ExitStack() as stack:
        schemas = {name: pa.schema([(column, pa.type_for_alias(kind)) for column, kind in of.items()]) for name, of in COLUMNS.items()}
        held = {name: stack.enter_context(tempfile.TemporaryFile()) for name in COLUMNS}
        writers = {name: parquet.ParquetWriter(held[name], schemas[name], compression="zstd") for name in COLUMNS}
        waiting: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        for table, row in _all_rows(items, changes):
            waiting[table].append({key: _storable(value) for key, value in row.items()})
            if len(waiting[table]) >= most:
                writers[table].write_table(pa.Table.from_pylist(waiting[table], schemas[table]))
                waiting[table].clear()
        for name, writer in writers.items():
            writer.write_table(pa.Table.from_pylist(waiting[name], schemas[name]))
            writer.close()
            held[name].seek(0)
            yield f"{name}.parquet", _pieces(held[name])


def defused(value: Any) -> Any:
    """A cell that no spreadsheet runs: an apostrophe before what would begin a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)) else value


def _all_rows(items: Iterable[Item], changes: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    for name, item in file_names(items):
        yield from rows(name, item)
    for table, columns in COLUMNS.items():
        for column, kind in columns.items():
            yield "columns", {"table": table, "column": column, "type": kind, "meaning": MEANINGS[column]}
    for change in changes:
        yield "changes", {key: change.get(key) for key in COLUMNS["changes"]}


def _document(name: str, item: Item) -> Row:
    head, framing = item.annotated["document"], item.annotated["framing"]
    kept = {"id": item.id, "title": item.heading, "work": item.work, "version": item.version, "date": item.date, "body": item.body}
    found = {"sha256": head["sha256"], "language": head.get("language"), "characters": len(item.text), "status": item.annotated["status"]}
    return {
        "document": name,
        **kept,
        **found,
        "framing": framing["label"],
        **{key: framing["scores"].get(key) for key in ("crime", "rights")},
    }


def _place(name: str, item: Item, one: Json, span: Json, where: Mapping[str, str]) -> Row:
    start, end = span["start"], span["end"]
    unit = one["unit"]
    return {"document": name, "unit": unit, "where": where.get(unit, unit), "start": start, "end": end, "text": item.text[start:end]}


def _provision(block: Json) -> Row:
    labels = [(f"{layer}/{label}", p) for layer in label_layers(block) for label, p in block[layer].items()]
    return {
        "framing": block["framing"],
        "labels": _joined(key for key, _ in labels),
        "probabilities": _joined(f"{p:g}" for _, p in labels),
        "conditional": bool(block.get("conditional")),
        "undecided": _joined(block.get("undecided", ())),
    }


def _definition(one: Json) -> Row:
    words = one.get("definiens") or {"text": None, "start": None, "end": None}
    place = {"definiens": words["text"], "definiens_start": words["start"], "definiens_end": words["end"]}
    elements = _joined(f"{element['role']}: {element['text']}" for element in one.get("elements", ()))
    return place | {"form": one["form"], "scope": one.get("scope"), "elements": elements}


def _statement(one: Json) -> Row:
    words = {part: (one.get(part) or {}).get("text") for part in ("bearer", "action", "beneficiary")}
    lists = {part: _joined(span["text"] for span in one.get(part, ())) for part in ("softeners", "conditions")}
    return {"type": one["type"], "strength": one["strength"], "bearer_class": one.get("bearer_class"), **words, **lists}


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)


def _storable(value: Any) -> Any:
    """Text as UTF-8 can hold it."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
