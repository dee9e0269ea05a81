"""Provisions written for training: our own words in many drafting styles, coded as they were written (the format: docs/gold.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpora.gold.examples import CodedExample, targets_of
from corpora.gold.read import BadGold, labels_in
from models.encoder import Pair
from models.training import Example
from nlp.codebook import Codebook


def read_written(folder: Path, codebook: Codebook) -> list[CodedExample]:
    """Every block of the JSON Lines files of `folder`, in the order of names; raises BadGold."""
    return [example for file in sorted(folder.glob("*.jsonl")) for example in _of_file(file, codebook)]


def _of_file(file: Path, codebook: Codebook) -> Sequence[CodedExample]:
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                found.append(CodedExample(file.stem, number, _example(json.loads(line), codebook)))
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise BadGold(file, number, str(wrong)) from wrong
    return found


def _example(row: Mapping[str, object], codebook: Codebook) -> Example:
    """Its context is laid out as that of a passage is: block before (none), title, headings, chapeau."""
    text, context = row["text"], row.get("context", "")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text is missing")
    around = " > ".join(map(str, context)) if isinstance(context, list) else str(context)
    labels = labels_in(row)
    unknown = labels - set(codebook.keys())
    if unknown:
        raise ValueError(f"not in the codebook: {', '.join(sorted(unknown))}")
    return Example(Pair(f" | {row.get('kind', '')} | {around}", text), targets_of(labels, codebook))
