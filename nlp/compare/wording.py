"""What was done to the words of a pair, and what stands opposite a place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from rapidfuzz.distance import Indel

from nlp.compare.texts import Word
from nlp.compare.types import Edit, EditKind
from nlp.types import Span, quote

LINKS = frozenset("a an the of and or to in on by for with from as at be is any such".split())


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words, as ranges of the two rows of words: the same on both sides, or changed."""

    same: bool
    left: tuple[int, int]
    right: tuple[int, int]


@dataclass(frozen=True)
class Wording:
    """The words of both sides of a pair, laid against each other."""

    left: tuple[Word, ...]
    right: tuple[Word, ...]
    runs: tuple[Run, ...]

    @property
    def same(self) -> bool:
        return all(run.same for run in self.runs)

    @property
    def changed_share(self) -> float:
        """The part of all words that was inserted or deleted, 0 to 1."""
        total = len(self.left) + len(self.right)
        return (self._counts[0][-1] + self._counts[1][-1]) / total if total else 0.0

    def changed(self, side: int, start: int, end: int) -> float:
        """The part of the words of a range that is not on the other side; of a range without words 0. Side 0 is left, 1 right."""
        low = bisect_left(self._starts[side], start)
        high = bisect_left(self._starts[side], end)
        counts = self._counts[side]
        return (counts[high] - counts[low]) / (high - low) if high > low else 0.0

    def opposite(self, side: int, at: int) -> tuple[int, int] | None:
        """The range of the other text that stands opposite the word at a place; None where there is nothing."""
        ours, theirs = (self.left, self.right) if side == 0 else (self.right, self.left)
        n = bisect_right(self._starts[side], at) - 1
        if n < 0 or at >= ours[n].end:
            return None
        run = self.runs[bisect_right(self._begins[side], n) - 1]
        here, there = (run.left, run.right) if side == 0 else (run.right, run.left)
        low, high = (there[0] + n - here[0], there[0] + n - here[0] + 1) if run.same else there
        return (theirs[low].start, theirs[high - 1].end) if high > low else None

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        return [w.start for w in self.left], [w.start for w in self.right]

    @cached_property
    def _begins(self) -> tuple[list[int], list[int]]:
        """Where the runs begin; an empty run begins where the next one does, which is found instead of it."""
        return [r.left[0] for r in self.runs], [r.right[0] for r in self.runs]

    @cached_property
    def _counts(self) -> tuple[list[int], list[int]]:
        """How many changed words stand before each word."""
        found = []
        for side in (0, 1):
            flags = [0 if r.same else 1 for r in self.runs for _ in range(*(r.left, r.right)[side])]
            found.append([0, *accumulate(flags)])
        return found[0], found[1]


def lay(left: Sequence[Word], right: Sequence[Word]) -> Wording:
    """Lays words against each other (longest common subsequence); a lone link word between two changes is counted with them.

    Of several ways to do so the same one is taken whichever side is left.
    """
    ours, theirs = [w.form for w in left], [w.form for w in right]
    runs = [Run(run.same, run.right, run.left) for run in _runs(theirs, ours)] if ours > theirs else list(_runs(ours, theirs))
    return Wording(tuple(left), tuple(right), tuple(_joined(_smoothed(runs, left))))


def _runs(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Run]:
    for o in Indel.opcodes(ours, theirs):
        yield Run(o.tag == "equal", (o.src_start, o.src_end), (o.dest_start, o.dest_end))


def edits(wording: Wording, texts: tuple[str, str]) -> tuple[Edit, ...]:
    """The changes of words as ranges of the two texts."""
    found = []
    for run in wording.runs:
        if run.same:
            continue
        left, right = _span(texts[0], wording.left, run.left), _span(texts[1], wording.right, run.right)
        kind = EditKind.REPLACE if left and right else EditKind.DELETE if left else EditKind.INSERT
        found.append(Edit(kind, left, right))
    return tuple(found)


def _span(text: str, words: Sequence[Word], run: tuple[int, int]) -> Span | None:
    return quote(text, words[run[0]].start, words[run[1] - 1].end) if run[1] > run[0] else None


def _smoothed(runs: Sequence[Run], left: Sequence[Word]) -> Iterator[Run]:
    last = len(runs) - 1
    for n, run in enumerate(runs):
        lone = run.same and run.left[1] - run.left[0] == 1 and left[run.left[0]].form in LINKS
        between = 0 < n < last and all(_long(runs[k]) for k in (n - 1, n + 1))
        yield Run(False, run.left, run.right) if lone and between else run


def _long(run: Run) -> bool:
    return not run.same and (run.left[1] - run.left[0]) + (run.right[1] - run.right[0]) > 2


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Neighbouring changes as one."""
    held: Run | None = None
    for run in runs:
        if held and not held.same and not run.same:
            held = Run(False, (held.left[0], run.left[1]), (held.right[0], run.right[1]))
            continue
        if held:
            yield held
        held = run
    if held:
        yield held
