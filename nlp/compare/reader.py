"""Two texts whose words lie against each other, and statements in few words."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from nlp.compare.sides import Side
from nlp.compare.texts import Word, words_of
from nlp.compare.types import Change, ChangeKind
from nlp.compare.wording import Wording
from nlp.types import Span, Statement


@dataclass(frozen=True, slots=True)
class Reader:
    """Two documents and how the words of a pair, with citations as they bear on the meaning, lie against each other."""

    wording: Wording
    sides: tuple[Side, Side]

    @property
    def texts(self) -> tuple[str, str]:
        """The texts of both documents."""
        return self.sides[0].document.text, self.sides[1].document.text

    def words(self, side: int, span: Span) -> list[Word]:
        """The words of a span as they bear on the meaning."""
        return self.sides[side].cited(words_of(self.texts[side], span.start, span.end))

    def forms(self, side: int, span: Span | None) -> tuple[str, ...]:
        """The words of a span as they are compared, without articles."""
        return tuple(w.form for w in self.words(side, span) if w.form not in ("a", "an", "the")) if span else ()

    def changed(self, side: int, span: Span | None) -> float:
        """The part of a span's words that stands only on its side."""
        return self.wording.changed(side, span.start, span.end) if span else 0.0

    def touched(self, left: Span | None, right: Span | None) -> float:
        """The greater part of the two, so that what was only added to or taken from a span counts as well."""
        return max(self.changed(0, left), self.changed(1, right))

    def alike(self, left: Span | None, right: Span | None) -> float:
        """Likeness of two spans by their words in order, 0 to 1; two that are missing are alike."""
        ours, theirs = self.forms(0, left), self.forms(1, right)
        return float(Indel.normalized_similarity(ours, theirs)) if ours or theirs else 1.0


def added(statement: Statement, sureness: float) -> Change:
    """A statement that only the right side makes."""
    return Change(ChangeKind.STATEMENT_ADDED, said(statement), None, _force(statement), None, quoted(statement), sureness)


def dropped(statement: Statement, sureness: float) -> Change:
    """A statement that only the left side makes."""
    return Change(ChangeKind.STATEMENT_DROPPED, said(statement), _force(statement), None, quoted(statement), None, sureness)


def said(statement: Statement) -> str:
    """A statement in few words: bearer, trigger and the beginning of the action."""
    parts = (statement.bearer.text if statement.bearer else "", statement.trigger.text, statement.action.text if statement.action else "")
    words = " ".join(part for part in parts if part).split()
    return " ".join(words[:16]) + (" …" if len(words) > 16 else "")


def quoted(statement: Statement) -> Span:
    """What is quoted of a statement: its action, or where it has none its trigger."""
    return statement.action or statement.trigger


def _force(statement: Statement) -> str:
    return f"{statement.type.value}, {statement.strength.value}"


def sure(touched: float) -> float:
    """From 0.6, where one word of many differs, to 0.95, where all do."""
    return round(0.6 + 0.35 * min(1.0, touched), 2)
