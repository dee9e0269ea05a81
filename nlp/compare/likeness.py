"""How alike two provisions are: words in their order, rare words counted for more, and what stands around them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from nlp.compare.texts import Provision

Floats = NDArray[np.float64]

SAME_CITATION, SAME_NUMBER, SAME_HEADING, NEAR, NEIGHBOUR, SAME_PARENT = 0.12, 0.04, 0.04, 0.03, 0.07, 0.05
LEAST, FLOOR = 0.52, 0.22
SHORT = 6


@dataclass(frozen=True, slots=True)
class Coded:
    """Provisions of both sides as strings of one private character a word, so that rapidfuzz compares words; with the words' weights."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    weight: dict[str, float]


def code(left: Sequence[Provision], right: Sequence[Provision]) -> Coded:
    """Codes the words of both documents. A word weighs more the fewer provisions have it (inverse document frequency)."""
    letters: dict[str, str] = {}
    coded = [tuple("".join(letters.setdefault(w, _letter(len(letters))) for w in p.key) for p in side) for side in (left, right)]
    spread = Counter(letter for side in coded for words in side for letter in set(words))
    total = len(left) + len(right)
    return Coded(coded[0], coded[1], {letter: math.log(1 + total / n) for letter, n in spread.items()})


def _letter(number: int) -> str:
    """The code point for a word; surrogates are passed over."""
    at = 0x100 + number
    return chr(at if at < 0xD800 else at + 0x800)


def likeness(a: str, b: str, weight: dict[str, float]) -> float:
    """Likeness of two coded wordings, 0 to 1: half by order (indel), half by shared words, the rare ones counting for more (Dice)."""
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    return 0.5 * Indel.normalized_similarity(a, b) + 0.5 * shared(a, b, weight)


def shared(a: str, b: str, weight: dict[str, float]) -> float:
    """The weight of the words that both have, of the weight of all (Dice)."""
    one, other = Counter(a), Counter(b)
    both = sum(weight[w] * min(n, other[w]) for w, n in one.items() if w in other)
    mass = sum(weight[w] * n for w, n in one.items()) + sum(weight[w] * n for w, n in other.items())
    return 2 * both / mass if mass else 0.0


def covered(part: str, whole: str, weight: dict[str, float]) -> float:
    """The weight of the words of `part` that `whole` has too."""
    one, other = Counter(part), Counter(whole)
    mass = sum(weight[w] * n for w, n in one.items())
    return sum(weight[w] * min(n, other[w]) for w, n in one.items()) / mass if mass else 0.0


def surroundings(a: Provision, b: Provision, where: tuple[float, float]) -> float:
    """What speaks for a pair besides its words: citation, own number, heading, and place in the text (0 to 1 on either side).

    Where nothing is numbered, the same paragraph under the same heading is cited alike.
    """
    found = NEAR * (1 - abs(where[0] - where[1]))
    if a.citation == b.citation and (a.citation or (a.heading and a.label == b.label and _headed_alike(a, b))):
        found += SAME_CITATION
    elif a.number and a.number == b.number:
        found += SAME_NUMBER
    if a.heading and _headed_alike(a, b):
        found += SAME_HEADING
    return found


def _headed_alike(a: Provision, b: Provision) -> bool:
    return a.heading.casefold() == b.heading.casefold()


def telling(text: float, words: int) -> float:
    """The likeness as evidence that two provisions are one: few words say little, even where they agree."""
    return text * min(1.0, 0.35 + 0.65 * words / SHORT)
