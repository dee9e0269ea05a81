"""Coded blocks as training examples: each read with its context, exactly as the pipeline reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.gold.read import GoldDocument
from models.training import Example
from nlp.codebook import Codebook
from nlp.provisions import read_with
from nlp.structure.find import find_structure


@dataclass(frozen=True, slots=True)
class CodedExample:
    """An example with the instrument and the line it comes from."""

    name: str
    line: int
    example: Example


def examples_of(documents: Sequence[GoldDocument], codebook: Codebook) -> list[CodedExample]:
    """One example per coded line that the structure makes a passage; targets in the order of `learnt_labels`."""
    return [example for document in documents for example in _of_document(document, codebook)]


def learnt_labels(codebook: Codebook) -> tuple[str, ...]:
    """What a model learns: the codebook's labels, then its groups of labels."""
    return (*codebook.keys(), *codebook.groups())


def targets_of(found: frozenset[str], codebook: Codebook) -> tuple[float, ...]:
    """1 for each label found, and for each group that a label of it was found of."""
    groups = {name for name, members in codebook.groups().items() if members & found}
    return tuple(float(label in found or label in groups) for label in learnt_labels(codebook))


def _of_document(document: GoldDocument, codebook: Codebook) -> Iterator[CodedExample]:
    passages = find_structure(document.text).passages
    title = document.text.strip().partition("\n")[0]
    line_of = _line_numbers(document.text, [p.start for p in passages])
    for at, line in enumerate(line_of):
        if line in document.coded:
            targets = targets_of(document.coded[line], codebook)
            yield CodedExample(document.name, line, Example(read_with(passages, at, title), targets))


def _line_numbers(text: str, offsets: Sequence[int]) -> list[int]:
    """The line (from 0) in which each of the ascending offsets lies."""
    lines, at, line = [], 0, 0
    for offset in offsets:
        line += text.count("\n", at, offset)
        at = offset
        lines.append(line)
    return lines
