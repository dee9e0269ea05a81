"""The words of a passage with their sentences: the ground that the rules of statements stand on."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc

from nlp.statements.relatives import object_relatives

WORD = re.compile(r"\w+(?:[’'‑-]\w+)*|[^\w\s]")
ABBREVIATIONS = frozenset(
    """
    art arts para paras no nos sec secs ch cf eg ie vs al mr mrs ms dr st inc co corp ltd cl reg op cit vol pp ed supp stat et seq
    ibid div""".split()
)
LONGEST = 800
COMMANDS = frozenset({"shall", "must", "should"})
CLOSING = frozenset("”’\"')]»")
DASHES = frozenset("—–-‑")


@dataclass(frozen=True, slots=True)
class Words:
    """Words and marks of one passage, by index: offsets in the passage, lower-case form, Penn tag ("" without a parse), sentence, depth.

    `first` and `last` are, for each word, the half-open word range of its sentence; `depth` counts the brackets it stands in; `describing`
    are the words "may" of relative clauses that say what someone may do with a thing; `commands` says which of "shall", "must" and
    "should" the passage has.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    low: tuple[str, ...]
    tags: tuple[str, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    depth: tuple[int, ...]
    describing: frozenset[int] = frozenset()
    commands: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.low)

    def at(self, offset: int) -> int:
        """The index of the first word that begins at or after `offset`."""
        return bisect_left(self.starts, offset)

    def word(self, index: int) -> str:
        """The lower-case word, or "" outside the passage."""
        return self.low[index] if 0 <= index < len(self.low) else ""

    def tag(self, index: int) -> str:
        """The Penn tag, or "" outside the passage."""
        return self.tags[index] if 0 <= index < len(self.tags) else ""

    def is_capital(self, index: int) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[self.starts[index]].isupper()


def words_of(doc: Doc) -> Words:
    """The words of a parsed passage; tags are taken over from the Doc's tokens by offset."""
    text = doc.text
    found = [(m.start(), m.end()) for m in WORD.finditer(text)]
    tags = {token.idx: token.tag_ for token in doc}
    low = tuple(text[a:b].lower() for a, b in found)
    first, last = _sentences(text, found, low)
    return Words(
        text,
        tuple(a for a, _ in found),
        tuple(b for _, b in found),
        low,
        tuple(tags.get(a, "") for a, _ in found),
        first,
        last,
        _depths(low),
        frozenset(bisect_left(found, (at, at)) for at in object_relatives(doc)),
        COMMANDS.intersection(low),
    )


def _depths(low: tuple[str, ...]) -> tuple[int, ...]:
    """How many round or square brackets each word stands in; brackets that never close hold nothing."""
    depths, opened = [0] * len(low), list[int]()
    for i, word in enumerate(low):
        if word in ("(", "["):
            opened.append(i)
        elif word in (")", "]") and opened:
            begin = opened.pop()
            if not opened:
                depths[begin : i + 1] = [1] * (i + 1 - begin)
    return tuple(depths)


def _sentences(text: str, found: list[tuple[int, int]], low: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last word index of each word's sentence; a sentence of more than 800 words is cut, so that work stays linear."""
    cuts = [0]
    for i in range(len(found)):
        if i + 1 - cuts[-1] >= LONGEST or _ends_sentence(text, found, low, i):
            cuts.append(i + 1)
    cuts.append(len(found))
    first, last = list[int](), list[int]()
    for a, b in pairwise(cuts):
        first += [a] * (b - a)
        last += [b] * (b - a)
    return tuple(first), tuple(last)


def _ends_sentence(text: str, found: list[tuple[int, int]], low: tuple[str, ...], i: int) -> bool:
    """Whether the sentence ends with word `i`: a full stop, or what closes after one, before a capital, a bracket or a dash."""
    if i + 1 >= len(found):
        return False
    stop = i - 1 if low[i] in CLOSING and i else i
    if low[stop] not in (".", "?", "!") or (low[i + 1] in CLOSING and found[i + 1][0] == found[i][1]):
        return False
    if low[stop] == "." and not _may_stop(low, stop):
        return False
    gap, following = found[i + 1][0] - found[i][1], text[found[i + 1][0]]
    if not gap:
        return following in DASHES or (following.isupper() and stop > 0 and len(low[stop - 1]) > 3 and low[stop - 1].isalpha())
    return following.isupper() or following in "“\"‘'([—–-" or following.isdigit()


def _may_stop(low: tuple[str, ...], i: int) -> bool:
    """Whether a full stop is one: not after an abbreviation, an initial, or the number that opens the passage."""
    if i < 1:
        return False
    before = low[i - 1]
    if before in ABBREVIATIONS or (len(before) == 1 and before.isalpha()):
        return False
    return not (i <= 3 and (before.isdigit() or len(before) <= 4) and all(len(w) <= 4 for w in low[:i]))
