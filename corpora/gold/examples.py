"""Coded blocks as training examples: each read with its context, exactly as the pipeline reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.gold.read import GoldDocument
from models.training import Example
from nlp.provisions import read_with
from nlp.structure.find import find_structure


@dataclass(frozen=True, slots=True)
class CodedExample:
    """An example with the instrument and the line it comes from."""

    name: str
    line: int
    example: Example


def examples_of(documents: Sequence[GoldDocument], labels: Sequence[str]) -> list[CodedExample]:
    """One example per coded line that the structure makes a passage; targets in the order of `labels`."""
    return [example for document in documents for example in _of_document(document, labels)]


def _of_document(document: GoldDocument, labels: Sequence[str]) -> Iterator[CodedExample]:
    passages = find_structure(document.text).passages
    title = document.text.strip().partition("\n")[0]
    line_of = _line_numbers(document.text, [p.start for p in passages])
    for at, line in enumerate(line_of):
        if line in document.coded:
            found = document.coded[line]
            targets = tuple(float(label in found) for label in labels)
            yield CodedExample(document.name, line, Example(read_with(passages, at, title), targets))


def _line_numbers(text: str, offsets: Sequence[int]) -> list[int]:
    """The line (from 0) in which each of the ascending offsets lies."""
    lines, at, line = [], 0, 0
    for offset in offsets:
        line += text.count("\n", at, offset)
        at = offset
        lines.append(line)
    return lines
