"""Planted edits are found, the same text has no change, exchanged sides mirror each other, contributions add up."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.compare.compare import MIRRORED, compare
from nlp.compare.types import Change, ChangeKind, Comparison
from tests.nlp.drafts import article, drafted
from tests.nlp.planted import Planter, Score, measure

SAMPLES = ("model-convention-3-adopted", "model-convention-2-victims-rights-draft")
INSTRUMENTS = ("un-migrant-smuggling-protocol-2000", "crc-1989")


def sample(name: str) -> str:
    return resources.files("corpora.samples").joinpath(f"{name}.txt").read_text(encoding="utf-8")


def scored(texts: list[str], seeds: range) -> Score:
    total = Score()
    for text in texts:
        for seed in seeds:
            total += measure(text, seed)
    return total


def test_planted_edits_of_samples_are_found() -> None:
    score = scored([sample(name) for name in SAMPLES], range(2))
    assert min(score.rate("links")) >= 0.97, score.notes
    assert min(score.rate("kinds")) >= 0.97, score.notes
    assert min(score.rate("changes")) >= 0.95, score.notes


@pytest.mark.shared
def test_planted_edits_of_instruments_are_found(instruments: Path) -> None:
    score = scored([(instruments / f"{name}.txt").read_text(encoding="utf-8") for name in INSTRUMENTS], range(1))
    assert score.right["changes"] >= 15
    for name, least in (("links", 0.97), ("kinds", 0.97), ("stays", 0.97), ("changes", 0.95)):
        assert min(score.rate(name)) >= least, score.notes


OPPOSITE = {
    kind: ChangeKind(kind.value.replace(a, b))
    for a, b in (
        ("added", "dropped"), ("dropped", "added"), ("raised", "lowered"), ("lowered", "raised"), ("widened", "narrowed"),
        ("narrowed", "widened"), ("gained", "lost"), ("lost", "gained"), ("made_conditional", "made_unconditional"),
        ("made_unconditional", "made_conditional"),
    )
    for kind in ChangeKind
    if kind.value.endswith(a) and not (a == "made_conditional" and "un" in kind.value)
}  # fmt: skip


def mirrored(change: Change) -> tuple[object, ...]:
    """A change as it must look from the other side; what it is about may be told in the words of either side."""
    return (OPPOSITE.get(change.kind, change.kind), change.after, change.before, change.right, change.left, change.sureness)


def pairs(found: Comparison, turned: bool) -> set[tuple[object, ...]]:
    shown = set()
    for pair in found.pairs:
        left, right = (tuple(p.index for p in side) for side in (pair.left, pair.right))
        kind, changes = pair.kind, frozenset((c.kind, c.before, c.after, c.left, c.right, c.sureness) for c in pair.changes)
        if turned:
            left, right, kind = right, left, MIRRORED.get(kind, kind)
            changes = frozenset(mirrored(c) for c in pair.changes)
        shown.add((kind, left, right, pair.score, pair.moved, pair.renumbered, changes, round(pair.drift * (-1 if turned else 1), 9)))
    return shown


@pytest.mark.parametrize("seed", range(2))
def test_exchanged_sides_mirror_each_other(seed: int) -> None:
    left = drafted(sample(SAMPLES[0]), read=True)
    right = drafted(Planter(left, seed).plant().text(), read=True)
    there, back = compare(left, right), compare(right, left)
    assert pairs(there, False) == pairs(back, True)
    assert there.drift.shift == pytest.approx(-back.drift.shift, abs=1e-12)
    assert there.drift.interval is not None
    assert back.drift.interval is not None
    assert there.drift.interval == pytest.approx((-back.drift.interval[1], -back.drift.interval[0]), abs=1e-12)


def test_the_same_text_has_no_change() -> None:
    document = drafted(sample(SAMPLES[0]), read=True)
    found = compare(document, document)
    assert {kind for kind, count in found.counts.items() if count} == {"unchanged"}
    assert not any(pair.edits or pair.changes or pair.drift for pair in found.pairs)
    assert (found.changes, found.drift.shift, found.drift.contributions) == ({}, 0.0, ())
    assert found.drift.interval == (0.0, 0.0)


PARAGRAPHS = [
    "Each Party shall provide victims with shelter.",
    "Each Party shall make trafficking a criminal offence.",
    "A person convicted of the offence is liable to imprisonment.",
    "Every victim has the right to be heard.",
    "The Parties shall meet every two years.",
    "Victims of an offence have rights against the offender.",
    "Each Party shall protect the dignity of victims, and imprisonment follows for whoever harms them.",
]
text = st.lists(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=4), max_size=4).map(
    lambda articles: "\n".join(article(n, "Title", paragraphs) for n, paragraphs in enumerate(articles, 1))
)


@settings(max_examples=60, deadline=None)
@given(text, text)
def test_every_provision_is_told_once_and_contributions_add_up(one: str, other: str) -> None:
    left, right = drafted(one), drafted(other)
    found = compare(left, right)
    assert sorted(p.index for pair in found.pairs for p in pair.left) == list(range(len(left.blocks)))
    assert sorted(p.index for pair in found.pairs for p in pair.right) == list(range(len(right.blocks)))
    assert sum(part for _, part in found.drift.contributions) == pytest.approx(found.drift.shift, abs=1e-9)
    assert all(0 <= pair.score <= 1 for pair in found.pairs)
    assert pairs(found, False) == pairs(compare(right, left), True)
