"""What a comparison costs: 250 to 4,000 provisions a side, beside difflib and xmldiff over the same pair. Ratios within one run.

python benchmarks/compare.py [--most 4000] [--beside-most 500]
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import resource
import time
from collections.abc import Callable
from xml.sax.saxutils import escape

from nlp.compare.compare import compare
from nlp.framing import frame_document
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument, Block, Framing, Provenance, Source

SUBJECTS = "Each State Party|The competent authorities|The courts|Service providers|The Committee|Carriers|Any person".split("|")
MODALS = "shall|may|shall not|should|shall endeavour to".split("|")
VERBS = "provide|protect|establish|prosecute|identify|assist|report|train|punish|inform|monitor|compensate".split("|")
OBJECTS = (
    "victims of trafficking|children|witnesses|offenders|data on offences|shelters|legal aid|border officials|interpreters|funds".split("|")
)
ENDS = "in accordance with national law|without delay|where appropriate|at its own cost|with regard to their safety|in each region".split(
    "|"
)
WORDS = [f"{a}{b}" for a in "lor mag ten sil var con dup qui".split() for b in "an em is ord ut el".split()]
SIZES = (250, 500, 1000, 2000, 4000)


def paragraph(chance: random.Random) -> str:
    """A sentence of some thirty words, of which a few are rare, as in a statute."""
    said = " ".join(chance.choice(rows) for rows in (SUBJECTS, MODALS, VERBS, OBJECTS, ENDS))
    more = " ".join(chance.choice(OBJECTS + ENDS) for _ in range(3))
    return f"{said}, and in particular {more}, under programme {' '.join(chance.choices(WORDS, k=4))} of {chance.randint(1, 9999)}."


def statute(paragraphs: list[str]) -> str:
    """Articles of five paragraphs."""
    articles = [paragraphs[n : n + 5] for n in range(0, len(paragraphs), 5)]
    return "\n".join(
        f"Article {n}\nTitle {n}\n" + "\n".join(f"{k}. {p}" for k, p in enumerate(body, 1)) + "\n" for n, body in enumerate(articles, 1)
    )


def edited(paragraphs: list[str], chance: random.Random) -> list[str]:
    """One paragraph in ten reworded, one in twenty gone, one in twenty new, one in fifty moved."""
    found = [re.sub(r"\b(victims|children|shall|national|delay)\b", "such", p) if chance.random() < 0.1 else p for p in paragraphs]
    found = [p for p in found if chance.random() > 0.05]
    for _ in range(len(found) // 20):
        found.insert(chance.randrange(len(found)), paragraph(chance))
    for _ in range(len(found) // 50):
        found.insert(chance.randrange(len(found)), found.pop(chance.randrange(len(found))))
    return found


def document(text: str) -> AnnotatedDocument:
    """A document with structure alone."""
    structure = find_structure(text)
    blocks = tuple(Block(p.unit, p.start, p.end, Framing.CRIME if "prosecute" in p.text else Framing.RIGHTS) for p in structure.passages)
    framing = frame_document(structure.passages, blocks, ())
    source, pipeline = Source("0" * 64, "text/plain", "en"), Provenance("benchmark", "1", (), {})
    return AnnotatedDocument(source, pipeline, text, "annotated", framing, structure.units, blocks)


def timed(work: Callable[[], object], rounds: int) -> float:
    """The shortest of some rounds, in seconds of processor time: other work on the machine does not count."""
    spans = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        spans.append(time.process_time() - begun)
    return min(spans)


def as_xml(document: AnnotatedDocument) -> str:
    text = document.text
    return "<law>" + "".join(f"<p>{escape(text[b.start : b.end])}</p>" for b in document.blocks) + "</law>"


def beside(left: AnnotatedDocument, right: AnnotatedDocument, size: int, most: int) -> tuple[float, float | None]:
    """Seconds of difflib over the words of both texts, and of xmldiff over their paragraphs."""
    from xmldiff import main

    words = [d.text.split() for d in (left, right)]
    by_words = timed(lambda: difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes(), 1) if size <= most else None
    by_tree = timed(lambda: main.diff_texts(as_xml(left), as_xml(right)), 1) if size <= most else None
    return by_words or float("nan"), by_tree


def run(most: int, beside_most: int) -> None:
    print(f"{'provisions':>10} {'seconds':>9} {'× step':>7} {'µs each':>8} {'difflib ×':>10} {'xmldiff ×':>10} {'peak MiB':>9}")
    before = None
    for size in (s for s in SIZES if s <= most):
        chance = random.Random(size)
        paragraphs = [paragraph(chance) for _ in range(size)]
        left, right = document(statute(paragraphs)), document(statute(edited(paragraphs, chance)))
        seconds = timed(lambda left=left, right=right: compare(left, right), 3 if size <= 1000 else 2)
        by_words, by_tree = beside(left, right, size, beside_most)
        step = f"{seconds / before:.2f}" if before else ""
        others = [f"{one / seconds:.0f}" if one and one == one else "" for one in (by_words, by_tree)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>10} {seconds:>9.3f} {step:>7} {1e6 * seconds / size:>8.0f} {others[0]:>10} {others[1]:>10} {peak:>9.0f}", flush=True)
        before = seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--beside-most", type=int, default=500, help="largest size at which difflib and xmldiff run too")
    given = parser.parse_args()
    run(given.most, given.beside_most)
