"""Later uses of defined terms inside the scope of their definitions."""

from __future__ import annotations

import re
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
    terms = _by_words(definitions)
    units = {unit.id: unit for unit in structure.units}
    scopes = [_range(d, units, len(text)) for d in definitions]
    strict = any(d.term.text[:1].islower() for d in definitions)
    own = {d.term.start for d in definitions}
    return tuple(_matches(text, words, terms, definitions, scopes, strict, own))


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


Terms = Mapping[str, Sequence[tuple[tuple[str, ...], Sequence[int]]]]


def _by_words(definitions: Sequence[Definition]) -> Terms:
    """Terms by their first word, the longest first, each with the definitions of it."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    for i, definition in enumerate(definitions):
        key = tuple(base_form(m.group()) for m in WORD.finditer(definition.term.text))[:LONGEST]
        if key:
            grouped.setdefault(key, []).append(i)
    terms: dict[str, list[tuple[tuple[str, ...], Sequence[int]]]] = {}
    for key in sorted(grouped, key=len, reverse=True):
        terms.setdefault(key[0], []).append((key, grouped[key]))
    return terms


def _range(definition: Definition, units: Mapping[str, Unit], length: int) -> tuple[int, int]:
    """The stretch of text that a definition holds for."""
    scope = [units[u] for u in definition.scope_units if u in units]
    return (min(u.start for u in scope), max(u.end for u in scope)) if scope else (0, length)


def _matches(
    text: str,
    words: Sequence[Word],
    terms: Terms,
    definitions: Sequence[Definition],
    scopes: Sequence[tuple[int, int]],
    strict: bool,
    own: set[int],
) -> Iterator[Use]:
    at = 0
    while at < len(words):
        key, defined = _longest(words, at, terms)
        start, end = words[at].start, words[at + max(len(key), 1) - 1].end
        holder = _holder(text, start, defined, definitions, scopes, strict) if start not in own else None
        if holder is not None:
            yield Use(start, end, holder)
        at += max(len(key), 1)


def _longest(words: Sequence[Word], at: int, terms: Terms) -> tuple[tuple[str, ...], Sequence[int]]:
    for key, defined in terms.get(words[at].base, ()):
        if at + len(key) <= len(words) and all(words[at + k].base == base for k, base in enumerate(key)):
            return key, defined
    return (), ()


def _holder(
    text: str, start: int, defined: Sequence[int], definitions: Sequence[Definition], scopes: Sequence[tuple[int, int]], strict: bool
) -> int | None:
    """The definition that holds at `start`, or None."""
    fitting = [i for i in defined if scopes[i][0] <= start < scopes[i][1] and not (strict and _needs_capital(definitions[i], text[start]))]
    if not fitting:
        return None

    def rank(i: int) -> tuple[int, bool, int]:
        return scopes[i][1] - scopes[i][0], definitions[i].term.start > start, abs(start - definitions[i].term.start)

    return min(fitting, key=rank)


def _needs_capital(definition: Definition, first: str) -> bool:
    term = definition.term.text
    return term[:1].isupper() and " " not in term and first.islower()
