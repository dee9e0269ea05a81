"""Versions of a real text with known edits, and how many of them a comparison finds.

Run `python -m tests.nlp.planted FILE…` for figures on instruments of your own.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nlp.compare.compare import compare
from nlp.compare.types import MEANINGFUL, ChangeKind, Comparison, Kind
from nlp.types import AnnotatedDocument, Statement, StatementType
from tests.nlp.drafts import drafted

PARAPHRASES = [
    (r"\bin accordance with\b", "in line with"),
    (r"\bin particular\b", "especially"),
    (r"\btake into account\b", "have regard to"),
    (r"\bassistance\b", "support"),
    (r"\badopt\b", "put in place"),
    (r"\bmeasures\b", "steps"),
    (r"\bas may be necessary\b", "as are needed"),
    (r"\bensure\b", "make certain"),
    (r"\bprovide\b", "supply"),
    (r"\bpersons\b", "individuals"),
    (r"\bregarding\b", "concerning"),
    (r"\bset forth\b", "laid down"),
    (r"\bestablished\b", "created"),
    (r"\bwith a view to\b", "with the aim of"),
    (r"\bin order to\b", "so as to"),
    (r"\bconduct\b", "behaviour"),
    (r"\bpursuant to\b", "under"),
    (r"\bappropriate\b", "suitable"),
    (r"\bpromote\b", "further"),
    (r"\bcooperate\b", "work together"),
    (r"\brelevant\b", "pertinent"),
    (r"\bincluding\b", "among them"),
    (r"\bpresent\b", "current"),
    (r"\bprevent\b", "forestall"),
]
BEARERS = ["The competent authorities", "The courts", "The Secretary-General"]
CONDITIONS = ["provided that the person concerned gives her consent", "if the person concerned has made a written request"]
# changes that the model makes, that a rewording may rightly have, or that follow from another one that is counted
UNCOUNTED = {
    ChangeKind.ACTION_CHANGED,
    ChangeKind.DEFINITION_CHANGED,
    ChangeKind.DEFINITION_NARROWED,
    ChangeKind.INDICATOR_GAINED,
    ChangeKind.INDICATOR_LOST,
    ChangeKind.VICTIM_GAINED,
    ChangeKind.VICTIM_LOST,
    ChangeKind.FRAMING_CHANGED,
}
ALONE = (Kind.ADDED, Kind.REMOVED)


@dataclass
class Piece:
    """A line of the new text: its words, and the blocks of the old text that it comes from."""

    words: str
    origins: tuple[int, ...]
    gap: str = "\n"


@dataclass
class Version:
    """A version with what was done to it: expected kinds by old block, expected changes by (old block, kind)."""

    pieces: list[Piece]
    kinds: dict[int, Kind] = field(default_factory=dict)
    changes: set[tuple[int, ChangeKind]] = field(default_factory=set)
    edited: set[int] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)

    def text(self) -> str:
        return "".join(piece.gap + piece.words for piece in self.pieces)

    def at(self, block: int) -> int:
        return next(n for n, piece in enumerate(self.pieces) if piece.origins == (block,))


@dataclass
class Score:
    """Counts of what was found, of what should have been, and what was wrong."""

    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def rate(self, name: str) -> tuple[float, float]:
        """Recall and precision."""
        right, missed, wrong = self.right[name], self.missed[name], self.wrong[name]
        return right / max(right + missed, 1), right / max(right + wrong, 1)

    def __iadd__(self, other: Score) -> Score:
        self.right += other.right
        self.missed += other.missed
        self.wrong += other.wrong
        self.notes += other.notes
        return self


class Planter:
    """Plants edits into a document; each changes blocks that no other touches."""

    def __init__(self, document: AnnotatedDocument, seed: int) -> None:
        self.document, self.chance = document, random.Random(seed)
        self.version = Version(list(_pieces(document)))
        self.statements: dict[int, list[Statement]] = defaultdict(list)
        for statement in document.statements:
            at = max(n for n, b in enumerate(document.blocks) if b.start <= statement.trigger.start)
            self.statements[at].append(statement)
        parents = {unit.parent for unit in document.units}
        self.leaves = [n for n, block in enumerate(document.blocks) if block.unit not in parents]
        self.siblings: dict[str | None, list[int]] = defaultdict(list)
        units = {unit.id: unit for unit in document.units}
        for n, block in enumerate(document.blocks):
            if re.match(r"\d+\. ", self.words(n)) and block.unit in units:
                self.siblings[units[block.unit].parent].append(n)

    def words(self, block: int) -> str:
        found = self.document.blocks[block]
        return self.document.text[found.start : found.end]

    def plant(self, share: float = 0.25) -> Version:
        """Edits about this share of the leaves, every kind of edit in its turn."""
        kinds: list[Callable[[int], bool]] = [
            self.reword, self.weaken, self.swap_bearer, self.add_condition, self.drop_element, self.repeat, self.move, self.split, self.merge, self.remove,
        ]  # fmt: skip
        order = self.leaves[:]
        self.chance.shuffle(order)
        wanted = int(len(order) * share)
        for edit in kinds * (wanted // len(kinds) + 1):
            block = next((n for n in order if self.is_free(n) and edit(n)), None)
            if block is not None:
                self.version.edited.add(block)
                self.version.done[edit.__name__] += 1
        return self.version

    def is_free(self, block: int) -> bool:
        return not {block - 1, block, block + 1} & self.version.edited

    def rewrite(self, block: int, words: str) -> bool:
        if words == self.words(block):
            return False
        self.version.pieces[self.version.at(block)].words = words
        self.version.kinds[block] = Kind.MODIFIED
        return True

    def reword(self, block: int) -> bool:
        words, count = self.words(block), 0
        for pattern, said in PARAPHRASES:
            words, n = re.subn(pattern, said, words)
            count += n
        return count >= 2 and self.rewrite(block, words)

    def plain(self, block: int) -> Statement | None:
        """The only statement of a block, if it plainly binds someone."""
        found = self.statements[block]
        one = found[0] if len(found) == 1 else None
        return one if one and one.type is StatementType.OBLIGATION and one.trigger.text == "shall" and one.bearer else None

    def put(self, block: int, at: int, old: str, new: str) -> str:
        start = at - self.document.blocks[block].start
        words = self.words(block)
        assert words[start : start + len(old)] == old
        return words[:start] + new + words[start + len(old) :]

    def weaken(self, block: int) -> bool:
        if not (one := self.plain(block)) or one.softeners:
            return False
        self.version.changes.add((block, ChangeKind.TYPE_CHANGED))
        return self.rewrite(block, self.put(block, one.trigger.start, "shall", "may"))

    def swap_bearer(self, block: int) -> bool:
        one = self.plain(block)
        if one is None or one.bearer is None or not one.bearer.text[0].isupper() or "Part" not in one.bearer.text:
            return False
        self.version.changes.add((block, ChangeKind.BEARER_CHANGED))
        return self.rewrite(block, self.put(block, one.bearer.start, one.bearer.text, self.chance.choice(BEARERS)))

    def add_condition(self, block: int) -> bool:
        one, words = self.plain(block), self.words(block)
        if one is None or one.conditions or not words.endswith(".") or words.count(". ") > 1:
            return False
        self.version.changes.add((block, ChangeKind.CONDITION_ADDED))
        return self.rewrite(block, f"{words[:-1]}, {self.chance.choice(CONDITIONS)}.")

    def drop_element(self, block: int) -> bool:
        found = self.document.blocks[block]
        elements = [*(e for d in self.document.definitions for e in d.elements), *self.document.elements]
        here = [e for e in elements if found.start <= e.start < found.end and "," in e.text]
        for element in here:
            first = re.match(r"[^,()]{4,60}, ", element.text)
            if first and len([e for e in here if e.role is element.role]) == 1:
                self.version.changes.add((block, ChangeKind.ELEMENT_DROPPED))
                return self.rewrite(block, self.put(block, element.start, first[0], ""))
        return False

    def repeat(self, block: int) -> bool:
        """The words of a block stand once more at the end of another list."""
        words = re.sub(r"^\d+\. ", "", self.words(block))
        if len(words.split()) < 8:
            return False
        return self.append(words, (), block)

    def move(self, block: int) -> bool:
        words = re.match(r"(\d+)\. (.*)", self.words(block), re.DOTALL)
        mine = next((row for row in self.siblings.values() if block in row), None)
        if not words or mine is None or len(mine) < 2 or len(words[2].split()) < 8 or not self.append(words[2], (block,), block):
            return False
        self.drop(block, mine)
        self.version.kinds[block] = Kind.MOVED
        return True

    def drop(self, block: int, row: list[int]) -> None:
        pieces = self.version.pieces
        at = next(n for n, piece in enumerate(pieces) if piece.origins == (block,) and n == self._first(block))
        if pieces[at].gap.strip():  # a heading stays where it is
            pieces[at + 1].gap = pieces[at].gap
        del pieces[at]
        self.shift(row, block, -1)
        row.remove(block)

    def _first(self, block: int) -> int:
        """The older of two pieces of one block: the one that has neighbours of its own."""
        found = [n for n, piece in enumerate(self.version.pieces) if piece.origins == (block,)]
        near = [n for n in found if n and self.version.pieces[n - 1].origins and self.version.pieces[n - 1].origins[-1] == block - 1]
        return near[0] if near else found[0]

    def append(self, words: str, origins: tuple[int, ...], away_from: int) -> bool:
        """A paragraph more at the end of another list of paragraphs that has no items below it."""
        rows = [row for row in self.siblings.values() if len(row) >= 2 and away_from not in row and all(n in self.leaves for n in row)]
        rows = [row for row in rows if not {row[-1], row[-1] + 1} & self.version.edited]
        if not rows:
            return False
        row = self.chance.choice(rows)
        at = self.version.at(row[-1])
        number = int(self.version.pieces[at].words.split(".")[0])
        self.version.pieces.insert(at + 1, Piece(f"{number + 1}. {words}", origins))
        self.version.edited.add(row[-1])
        self.siblings = defaultdict(list, {k: r for k, r in self.siblings.items() if r is not row})
        return True

    def shift(self, row: list[int], after: int, step: int) -> None:
        """Renumbers the paragraphs that follow."""
        for n in (one for one in row if one > after):
            piece = next((p for p in self.version.pieces if p.origins == (n,)), None)
            if piece and (mark := re.match(r"(\d+)\. ", piece.words)):
                piece.words = f"{int(mark[1]) + step}. {piece.words[mark.end() :]}"

    def split(self, block: int) -> bool:
        parts = re.match(r"(\d+)\. (.{60,}?[a-z]{3}\.) ([A-Z].{60,})", self.words(block), re.DOTALL)
        row = next((row for row in self.siblings.values() if block in row), None)
        if not parts or row is None:
            return False
        at = self.version.at(block)
        self.version.pieces[at].words = f"{parts[1]}. {parts[2]}"
        self.version.pieces.insert(at + 1, Piece(f"{int(parts[1]) + 1}. {parts[3]}", (block,)))
        self.shift(row, block, 1)
        row.remove(block)
        self.version.kinds[block] = Kind.SPLIT
        return True

    def merge(self, block: int) -> bool:
        row = next((row for row in self.siblings.values() if block in row), None)
        following = block + 1
        if row is None or following not in row or following not in self.leaves or not self.is_free(following):
            return False
        first, second = (self.version.at(n) for n in (block, following))
        words = [re.match(r"\d+\. (.*)", self.version.pieces[n].words, re.DOTALL) for n in (first, second)]
        if not all(words) or any(len(w[1].split()) < 8 for w in words if w):
            return False
        number = self.version.pieces[first].words.split(".")[0]
        self.version.pieces[first] = Piece(
            f"{number}. {' '.join(w[1] for w in words if w)}", (block, following), self.version.pieces[first].gap
        )
        del self.version.pieces[second]
        self.shift(row, following, -1)
        row[:] = [n for n in row if n not in (block, following)]
        self.version.edited.add(following)
        self.version.kinds[block] = self.version.kinds[following] = Kind.MERGED
        return True

    def remove(self, block: int) -> bool:
        row = next((row for row in self.siblings.values() if block in row), None)
        if row is None or len(row) < 2:
            return False
        self.drop(block, row)
        self.version.kinds[block] = Kind.REMOVED
        return True


def _pieces(document: AnnotatedDocument) -> Iterator[Piece]:
    at = 0
    for n, block in enumerate(document.blocks):
        yield Piece(document.text[block.start : block.end], (n,), document.text[at : block.start])
        at = block.end


def measure(text: str, seed: int) -> Score:
    """Plants edits into a text and compares it with itself."""
    left = drafted(text, read=True)
    version = Planter(left, seed).plant()
    right = drafted(version.text(), read=True)
    return _score(compare(left, right), version, right)


def _score(found: Comparison, version: Version, right: AnnotatedDocument) -> Score:
    score = Score()
    origins = _origins(version, right)
    wanted = {(i, j) for j, sources in origins.items() for i in sources}
    links = {(a.index, b.index) for pair in found.pairs for a in pair.left for b in pair.right}
    _count(score, "links", wanted, links)
    for pair in found.pairs:
        for place in pair.left:
            _kind(score, place.index, pair.kind, version)
        for change in (c for c in pair.changes if pair.kind not in ALONE and c.sureness >= MEANINGFUL and c.kind not in UNCOUNTED):
            hit = next((i for i in (p.index for p in pair.left) if (i, change.kind) in version.changes), None)
            score.right["changes"] += hit is not None
            if hit is None:
                score.wrong["changes"] += 1
                score.notes.append(f"wrong {change.kind} {[p.label for p in pair.left]} {change.about} {change.left} {change.right}")
            else:
                version.changes.discard((hit, change.kind))
    score.missed["changes"] += len(version.changes)
    score.notes += [f"missed {kind} {found.pairs and i}" for i, kind in version.changes]
    score.notes += [f"link not found {i}→{j}" for i, j in wanted - links] + [f"link wrong {i}→{j}" for i, j in links - wanted]
    return score


def _kind(score: Score, block: int, kind: Kind, version: Version) -> None:
    wanted = version.kinds.get(block)
    right = kind is wanted if wanted else kind in (Kind.UNCHANGED, Kind.RENUMBERED)
    name = "kinds" if wanted else "stays"
    score.right[name] += right
    score.missed[name] += not right
    score.wrong[name] += not right
    if not right:
        score.notes.append(f"{wanted or 'stays'} said to be {kind}: block {block}")


def _origins(version: Version, right: AnnotatedDocument) -> dict[int, tuple[int, ...]]:
    """The old blocks of each new block."""
    found: dict[int, tuple[int, ...]] = {}
    at = 0
    for piece in version.pieces:
        start = at + len(piece.gap)
        at = start + len(piece.words)
        for n, block in enumerate(right.blocks):
            if start <= block.start < at:
                found[n] = piece.origins
    return found


def _count(score: Score, name: str, wanted: set[tuple[int, int]], found: set[tuple[int, int]]) -> None:
    score.right[name] += len(wanted & found)
    score.missed[name] += len(wanted - found)
    score.wrong[name] += len(found - wanted)


def main(files: list[str]) -> None:
    total = Score()
    for file in files:
        for seed in range(3):
            score = measure(Path(file).read_text(encoding="utf-8"), seed)
            print(Path(file).stem, seed, {n: tuple(round(x, 3) for x in score.rate(n)) for n in ("links", "kinds", "stays", "changes")})
            for note in score.notes:
                print("   ", note[:260])
            total += score
    print(
        "all",
        {n: (*(round(x, 4) for x in total.rate(n)), total.right[n] + total.missed[n]) for n in ("links", "kinds", "stays", "changes")},
    )


if __name__ == "__main__":
    main(sys.argv[1:])
