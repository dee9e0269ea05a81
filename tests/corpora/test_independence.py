"""A block's labels hang on the block and what stands before it: not on what follows, the file format, or the batch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from importlib import resources

import numpy as np
import pytest

from corpora.annotating import annotate_bytes, default_annotator
from corpora.readers.read import read
from nlp.annotate import Annotator
from nlp.provisions import read_with
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument, Block
from tests.corpora.files import as_docx, as_html, as_pdf, paragraphs

TOLERANCE = 1e-3
TEXT = resources.files("corpora.samples").joinpath("model-convention-3-adopted.txt").read_text(encoding="utf-8")[:9000]


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return default_annotator()


@pytest.fixture(scope="module")
def whole(annotator: Annotator) -> AnnotatedDocument:
    return annotate_bytes(TEXT.encode(), annotator=annotator, title="Model convention")


def probabilities(block: Block) -> dict[str, float]:
    layers = {"indicators": block.indicators, "victim": block.victim, "four_p": block.four_p}
    found = {f"{layer}/{name}": value for layer, values in layers.items() for name, value in values.items()}
    return found | {f"undecided:{label}": value for label, value in block.undecided.items()}


def assert_alike(one: Sequence[Block], other: Sequence[Block]) -> None:
    for a, b in zip(one, other, strict=True):
        left, right = probabilities(a), probabilities(b)
        assert left.keys() == right.keys()
        assert all(abs(left[label] - right[label]) <= TOLERANCE for label in left)


def cuts(text: str) -> Iterator[int]:
    """Ends of three paragraphs, a quarter, a half and three quarters into the text."""
    for part in (4, 2, 4 / 3):
        yield text.index("\n\n", int(len(text) / part))


@pytest.mark.parametrize("cut", cuts(TEXT))
def test_what_follows_a_block_changes_nothing(annotator: Annotator, whole: AnnotatedDocument, cut: int) -> None:
    shorter = annotate_bytes(TEXT[:cut].encode(), annotator=annotator, title="Model convention")
    assert len(shorter.blocks) > 5
    assert_alike(shorter.blocks, whole.blocks[: len(shorter.blocks)])


@pytest.mark.parametrize("write", [as_html, as_docx, as_pdf])
def test_the_format_of_the_file_changes_nothing(annotator: Annotator, whole: AnnotatedDocument, write: object) -> None:
    found = annotate_bytes(write(paragraphs(TEXT)), annotator=annotator, title="Model convention", read=read)  # type: ignore[operator]
    assert [unit.id for unit in found.units] == [unit.id for unit in whole.units]
    said = {" ".join(whole.text[block.start : block.end].split()): block for block in whole.blocks}
    same = [(said[words], block) for block in found.blocks if (words := " ".join(found.text[block.start : block.end].split())) in said]
    assert len(same) >= 0.9 * len(whole.blocks)
    assert_alike([a for a, _ in same], [b for _, b in same])


def test_batches_and_order_change_nothing(annotator: Annotator) -> None:
    passages = find_structure(TEXT).passages
    pairs = [read_with(passages, at, "Model convention") for at in range(len(passages))]
    order = random.Random(2).sample(range(len(pairs)), len(pairs))
    labeller = annotator.labeller
    usual = labeller.decision.probabilities(labeller.read(pairs).logits)
    for size in (1, 300, 20_000):
        mixed = labeller.decision.probabilities(labeller.read([pairs[at] for at in order], tokens_per_batch=size).logits)
        assert np.abs(mixed - usual[order]).max() <= TOLERANCE
