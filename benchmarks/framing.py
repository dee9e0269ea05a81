"""How a document comes to be framed: `python benchmarks/framing.py [SHARED]`, by the program's labels, the coders', and other weighings.

For each instrument that was coded: its label and rights share; over the coded blocks alone, the share by the program's labels and by the
coders'; and which other weighing would give another label. Then how far each moves the share in the mean and at most.
Needs the texts and the gold of SHARED (default ../shared), and some minutes; says so and ends where they are not there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

import nlp.annotate
from corpora.annotating import annotate_bytes, default_annotator
from corpora.gold.examples import line_numbers
from corpora.gold.read import GoldDocument, read_gold
from nlp.codebook import codebook
from nlp.framing import masses, rights_share
from nlp.provisions import label_passages
from nlp.types import AnnotatedDocument, Block, Framing

OWN = Path(__file__).parents[1] / "corpora" / "gold" / "labels"


def coded_documents(shared: Path) -> dict[str, list[GoldDocument]]:
    """By name; some are coded in part by one set of coders, in part by another."""
    found: dict[str, list[GoldDocument]] = {}
    for folder in (shared / "gold" / "train", shared / "gold" / "dev", OWN):
        for document in read_gold(folder, shared / "instruments"):
            found.setdefault(document.name, []).append(document)
    return found


def by_coders(blocks: Sequence[Block], coded: Sequence[GoldDocument]) -> Iterator[tuple[Block, Block]]:
    """The coded blocks, as the program and as the coders frame them."""
    for block, line in zip(blocks, line_numbers(coded[0].text, [block.start for block in blocks]), strict=True):
        labels = [one.coded[line] for one in coded if line in one.coded]
        if labels:
            names = [label.partition("/")[2] for label in labels[-1] if label.startswith("indicators/")]
            yield block, replace(block, framing=codebook().framing(names))


def share(blocks: Sequence[Block]) -> float:
    return rights_share(*masses(blocks, np.array([block.weight for block in blocks])))


def by_both(document: AnnotatedDocument, coded: Sequence[GoldDocument]) -> tuple[float, float] | None:
    """The rights share of the coded blocks by the program's labels and by the coders'; None where nothing of it is framed."""
    pairs = list(by_coders(document.blocks, coded))
    sides = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if not all(any(block.framing is not Framing.NEUTRAL for block in side) for side in sides):
        return None
    return share(sides[0]), share(sides[1])


def main(shared: Path) -> None:
    if not (shared / "gold").is_dir():
        print(f"skipped: no gold in {shared}")
        return
    found = coded_documents(shared)
    nlp.annotate.label_passages = partial(label_passages, evidence=False)  # type: ignore[attr-defined]
    annotator = default_annotator()
    differences: list[float] = []
    moved: dict[str, list[tuple[float, bool]]] = {}
    print(f"{'':46}{'label':>9}{'share':>7}{'95 %':>14}{'coded: program':>16}{'coders':>8}  another label by")
    for name, coded in sorted(found.items()):
        document = annotate_bytes(coded[0].text.encode(), annotator=annotator)
        framing = document.framing
        both = by_both(document, coded)
        if framing.interval is None or both is None:
            continue
        differences.append(both[0] - both[1])
        for other in framing.sensitivity:
            if other.interval:
                moved.setdefault(other.name, []).append((abs(other.rights - framing.scores["rights"]), other.label is not framing.label))
        others = ", ".join(f"{one.name} {one.label}" for one in framing.sensitivity if one.interval and one.label is not framing.label)
        spread = f"{framing.interval[0]:.2f}–{framing.interval[1]:.2f}"
        print(
            f"{name:46}{framing.label:>9}{framing.scores['rights']:>7.2f}{spread:>14}{both[0]:>16.2f}{both[1]:>8.2f}  {others}", flush=True
        )
    apart = np.array(differences)
    print(f"\nprogram less coders over {len(apart)}: mean {apart.mean():+.3f}", end=", ")
    print(f"mean distance {abs(apart).mean():.3f}, at most {abs(apart).max():.3f}")
    for other_name, rows in moved.items():
        shifts, changed = np.array([shift for shift, _ in rows]), sum(other for _, other in rows)
        print(f"{other_name:10} moves the share by {shifts.mean():.3f}, at most {shifts.max():.3f}", end="; ")
        print(f"another label in {changed} of {len(rows)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared")
