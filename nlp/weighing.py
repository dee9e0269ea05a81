"""How much a block counts in the framing of its document: our weights, and others that can be argued for (docs/method.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a block counts; the defaults are those of docs/method.md.

    A block's weight is its role's, times its firmest statement's (type times strength), or `bare` where it has none. `band` is the middle
    band of the rights share: an interval that reaches into it, or lies within it, makes the document hybrid. `least` is the weight of
    framed blocks below which a document is neutral.
    """

    operative: float = 1.0
    recital: float = 0.4
    annex: float = 0.7
    binding: float = 1.0
    permission: float = 0.6
    mandatory: float = 1.0
    qualified: float = 0.75
    hortatory: float = 0.6
    bare: float = 0.6
    band: tuple[float, float] = (0.45, 0.55)
    least: float = 1.0
    by_words: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Another weighing that can be argued for; `says` is what it would be if …"""

    says: str
    weights: Weights


OTHERWISE = {
    "alike": Rule(
        "every provision counted the same", Weights(recital=1.0, annex=1.0, permission=1.0, qualified=1.0, hortatory=1.0, bare=1.0)
    ),
    "operative": Rule("recitals and annexes counted nothing", Weights(recital=0.0, annex=0.0)),
    "binding": Rule("only what binds plainly counted", Weights(permission=0.0, qualified=0.0, hortatory=0.0, bare=0.0)),
    "steep": Rule(
        "what binds less counted half as much",
        Weights(recital=0.2, annex=0.35, permission=0.3, qualified=0.375, hortatory=0.3, bare=0.3),
    ),
    "words": Rule("long provisions counted more", Weights(by_words=True)),
}
"""How far does the label hang on our weights? `steep` halves each factor below 1."""
