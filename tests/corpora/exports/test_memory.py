"""Memory while exports are written: that of one document, however many there are."""

from __future__ import annotations

import tracemalloc
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpora.exports.formats import FORMATS, export
from corpora.exports.item import Item
from corpora.exports.marks import marks
from nlp.wire import to_json
from tests.annotated import document
from tests.corpora.exports.test_round_trips import READERS, check_every_format, spans, written

LAYERS = ("units", "blocks", "definitions", "elements", "statements", "references", "uses")
CHECKED = {"akn"}
MIB = 1 << 20


def shifted(value: Any, by: int, copy: int) -> Any:
    """The same findings further on in a text; units get ids of their own."""
    if isinstance(value, list):
        return [shifted(one, by, copy) for one in value]
    if not isinstance(value, dict):
        return value
    moved = {key: shifted(one, by, copy) for key, one in value.items()}
    moved |= {key: moved[key] + by for key in ("start", "end") if isinstance(moved.get(key), int)}
    return moved | {key: f"{moved[key]}__copy_{copy}" for key in ("id", "unit", "parent") if isinstance(moved.get(key), str)}


@cache
def long_item(copies: int) -> Item:
    """The hand-made document so many times over, one after the other."""
    base = to_json(document())
    text, layers = base["text"], {key: base[key] for key in LAYERS}
    many = {key: [one for n in range(copies) for one in shifted(found, n * len(text), n)] for key, found in layers.items()}
    return Item(name="long", annotated={**base, **many, "text": text * copies})


def peak(name: str, documents: int) -> int:
    """Bytes at the most while so many documents are written and thrown away."""

    def items() -> Iterator[Item]:
        for _ in range(documents):
            yield long_item(3)

    tracemalloc.start()
    deque(export(name, items()), maxlen=0)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_corpus_takes_the_memory_of_a_document(name: str) -> None:
    """Five times as many documents, of 140 marks each."""
    peak(name, 1)  # what is loaded once
    assert peak(name, 10) < peak(name, 2) + (4 * MIB if name == "parquet" else MIB / 4)  # Parquet is written in groups of 1,000 rows


def test_a_document_of_25000_marks_is_written_in_every_format() -> None:
    one = long_item(544)
    assert sum(1 for _ in marks(one.annotated)) > 25_000
    for name in set(FORMATS) - CHECKED:
        assert sum(map(len, FORMATS[name].one(one))) > len(one.text) / 20, name
    for name in CHECKED:
        assert READERS[name](written(name, one), one.text) == spans(one), name


@pytest.mark.chaos
def test_and_read_back_by_every_reader(tmp_path: Path) -> None:
    assert check_every_format(long_item(544), tmp_path) > 25_000
