"""Chapeau and item read as one sentence: "Each Party shall consider" … "(c) medical assistance"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nlp.types import Expansion, Passage, Span, Statement, quote

SENTENCE = re.compile(r"^(?:\(?\w{1,4}[.)]+\s++)+|[.;]\s++(?=[A-Z])")


def expand_statements(text: str, passages: Sequence[Passage], statements: Sequence[Statement]) -> tuple[Expansion, ...]:
    """One expansion for each item that completes a statement of its chapeau, in the order of the statements.

    A chapeau between the two (an item that opens a list of its own) lends its words as a piece of its own.
    """
    starts = [p.start for p in passages]
    under: dict[int, list[int]] = {}
    for i, passage in enumerate(passages):
        for lead in passage.leads:
            under.setdefault(lead, []).append(i)
    found = []
    for index, statement in enumerate(statements):
        if statement.items:
            lead = bisect_right(starts, statement.trigger.start) - 1
            for item in (i for i in under.get(lead, ()) if passages[i].unit in statement.items):
                pieces = tuple(quote(text, start, end) for start, end in _pieces(passages, statement, lead, item))
                found.append(Expansion(passages[item].unit, index, " ".join(p.text for p in pieces), pieces))
    return tuple(found)


def _pieces(passages: Sequence[Passage], statement: Statement, lead: int, item: int) -> Iterator[tuple[int, int]]:
    yield from _opening(statement, passages[lead])
    for between in (n for n in passages[item].leads if lead < n < item):
        yield passages[between].start, passages[between].end
    yield passages[item].start, passages[item].end


def _opening(statement: Statement, lead: Passage) -> Iterator[tuple[int, int]]:
    """The bearer where it stands apart, then everything from the trigger, or from what stands before it, to the chapeau's end.

    Where no bearer is named ("No action shall lie against"), everything from the beginning of the sentence.
    """
    if statement.bearer is None:
        yield _sentence(statement, lead), lead.end
        return
    before: list[Span] = [c for c in (*statement.conditions, *statement.exceptions) if c.start < statement.trigger.start]
    begin = min([statement.trigger.start, *(c.start for c in before)])
    bearer = statement.bearer
    if bearer.start < begin:
        apart = lead.text[bearer.end - lead.start : begin - lead.start].strip(" ,")
        if apart:
            yield bearer.start, bearer.end
        else:
            begin = bearer.start
    yield begin, lead.end


def _sentence(statement: Statement, lead: Passage) -> int:
    """Where the sentence of the trigger begins, without the number of its paragraph."""
    ends = [m.end() for m in SENTENCE.finditer(lead.text, 0, statement.trigger.start - lead.start)]
    return lead.start + (ends[-1] if ends else 0)
