"""Coded blocks as training examples: each read with its context, exactly as the pipeline reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.gold.read import GoldDocument
from models.encoder import Pair
from models.training import Example
from nlp.codebook import Codebook
from nlp.provisions import read_with
from nlp.structure.find import find_structure

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CodedExample:
    """An example with the instrument and the line it comes from."""

    name: str
    line: int
    example: Example


def examples_of(documents: Sequence[GoldDocument], codebook: Codebook) -> list[CodedExample]:
    """One example per coded line that the structure makes a passage; targets in the order of `learnt_labels`."""
    return [example for document in documents for example in _of_document(document, codebook)]


def uncoded_pairs(texts: Sequence[str], coded: Sequence[CodedExample]) -> list[Pair]:
    """The passages of some texts as they are read, each wording once, without those whose words were coded somewhere."""
    seen = {one.example.pair.text for one in coded}
    found = []
    for text in texts:
        passages = find_structure(text).passages
        for at in range(len(passages)):
            pair = read_with(passages, at, _title(text))
            if pair.text not in seen:
                seen.add(pair.text)
                found.append(pair)
    return found


def learnt_labels(codebook: Codebook) -> tuple[str, ...]:
    """What a model learns: the codebook's labels, then its groups of labels."""
    return (*codebook.keys(), *codebook.groups())


def targets_of(found: frozenset[str], codebook: Codebook) -> tuple[float, ...]:
    """1 for each label found, and for each group that a label of it was found of."""
    labels, groups = codebook.keys(), codebook.groups().values()
    return tuple(map(float, (*(label in found for label in labels), *(bool(members & found) for members in groups))))


def truth_of(examples: Sequence[CodedExample], labels: Sequence[str], codebook: Codebook) -> Floats:
    """(examples, labels): what was coded of these labels, which may be some of those learnt, in an order of their own."""
    learnt = learnt_labels(codebook)
    columns = [learnt.index(label) for label in labels]
    found: Floats = np.array([one.example.targets for one in examples])[:, columns]
    return found


def _of_document(document: GoldDocument, codebook: Codebook) -> Iterator[CodedExample]:
    passages = find_structure(document.text).passages
    title = _title(document.text)
    line_of = line_numbers(document.text, [p.start for p in passages])
    for at, line in enumerate(line_of):
        if line in document.coded:
            targets = targets_of(document.coded[line], codebook)
            yield CodedExample(document.name, line, Example(read_with(passages, at, title), targets))


def _title(text: str) -> str:
    return text.strip().partition("\n")[0]


def line_numbers(text: str, offsets: Sequence[int]) -> list[int]:
    """The line (from 0) in which each of the ascending offsets lies."""
    lines, at, line = [], 0, 0
    for offset in offsets:
        line += text.count("\n", at, offset)
        at = offset
        lines.append(line)
    return lines
