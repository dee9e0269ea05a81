"""Later uses of defined terms inside the scope of their definitions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.types import Definition, Structure, Unit, Use

WORD = re.compile(r"\w+(?:[’'-]\w+)*")
LONGEST = 12
IRREGULAR = {"children": "child", "women": "woman", "men": "man", "persons": "person", "people": "person"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text with its base form."""

    start: int
    end: int
    base: str


def find_uses(text: str, definitions: Sequence[Definition], structure: Structure) -> tuple[Use, ...]:
    """Every place where a defined term is used, in the order of the text; plurals and possessives count as uses.

    Of several definitions of one term the one with the narrowest scope around the place holds, then the nearest one before it. A term
    inside a longer defined term is not a use of its own. A capitalised term of one word ("State") is used only with its capital where
    the same text defines other terms in lower case.
    """
    words = [Word(m.start(), m.end(), base_form(m.group())) for m in WORD.finditer(text)]
    units = {unit.id: unit for unit in structure.units}
    scopes = [_range(d, units, len(text)) for d in definitions]
    terms = _by_words(definitions, scopes)
    strict = any(d.term.text[:1].islower() for d in definitions)
    own = {d.term.start for d in definitions}
    return tuple(_matches(text, words, terms, strict, own))


def base_form(word: str) -> str:
    """The word in lower case without a plural or possessive ending; verbs lose their third-person s the same way."""
    low = re.sub(r"[’']s?$", "", word.lower())
    if low in IRREGULAR:
        return IRREGULAR[low]
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("sses", "ches", "shes", "xes")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) and len(low) > 3 else low


@dataclass(frozen=True, slots=True)
class Entry:
    """The definitions of one term that hold for the same stretch of text, in the order of the text, with where their terms begin."""

    scope: tuple[int, int]
    starts: Sequence[int]
    definitions: Sequence[int]
    capital: bool

    def nearest(self, at: int) -> int:
        """The last definition before `at`, or the first one."""
        return self.definitions[max(bisect_right(self.starts, at) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Terms:
    """Defined terms by their words, each with its definitions, the narrowest scope first; `lengths` in words, by first word, longest first."""

    entries: Mapping[tuple[str, ...], Sequence[Entry]]
    lengths: Mapping[str, Sequence[int]]

    def longest(self, bases: Sequence[str], at: int) -> tuple[int, Sequence[Entry]]:
        """How many words the longest term that begins at a word has, and its definitions; 0 where none does."""
        for length in self.lengths.get(bases[at], ()):
            if found := self.entries.get(tuple(bases[at : at + length])):
                return length, found
        return 0, ()


def _by_words(definitions: Sequence[Definition], scopes: Sequence[tuple[int, int]]) -> Terms:
    grouped: dict[tuple[str, ...], dict[tuple[int, int], list[int]]] = {}
    for i, definition in enumerate(definitions):
        key = tuple(base_form(m.group()) for m in WORD.finditer(definition.term.text))[:LONGEST]
        if key:
            grouped.setdefault(key, {}).setdefault(scopes[i], []).append(i)
    entries: dict[tuple[str, ...], Sequence[Entry]] = {}
    lengths: dict[str, set[int]] = {}
    for key, by_scope in grouped.items():
        found = [_entry(definitions, scope, members) for scope, members in by_scope.items()]
        entries[key] = sorted(found, key=lambda e: e.scope[1] - e.scope[0])
        lengths.setdefault(key[0], set()).add(len(key))
    return Terms(entries, {word: sorted(found, reverse=True) for word, found in lengths.items()})


def _entry(definitions: Sequence[Definition], scope: tuple[int, int], members: Sequence[int]) -> Entry:
    ordered = sorted(members, key=lambda i: definitions[i].term.start)
    terms = [definitions[i].term.text for i in ordered]
    capital = all(t[:1].isupper() and " " not in t for t in terms)
    return Entry(scope, [definitions[i].term.start for i in ordered], ordered, capital)


def _range(definition: Definition, units: Mapping[str, Unit], length: int) -> tuple[int, int]:
    """The stretch of text that a definition holds for."""
    scope = [units[u] for u in definition.scope_units if u in units]
    return (min(u.start for u in scope), max(u.end for u in scope)) if scope else (0, length)


def _matches(text: str, words: Sequence[Word], terms: Terms, strict: bool, own: set[int]) -> Iterator[Use]:
    bases = [word.base for word in words]
    at = 0
    while at < len(words):
        length, entries = terms.longest(bases, at)
        start, end = words[at].start, words[at + max(length, 1) - 1].end
        held = next((e for e in entries if e.scope[0] <= start < e.scope[1] and not (strict and e.capital and text[start].islower())), None)
        if held is not None and start not in own:
            yield Use(start, end, held.nearest(start))
        at += max(length, 1)
