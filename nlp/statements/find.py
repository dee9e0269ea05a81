"""Deontic statements: passages in, statements with their spans out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from spacy.tokens import Doc

from nlp.statements import circumstances
from nlp.statements.actions import action_end
from nlp.statements.agents import OFFENCE, class_of
from nlp.statements.bearers import Subject
from nlp.statements.candidates import Candidate, find_candidates
from nlp.statements.decide import Judges, bearer_of, is_statement, load_judges, strength_of, type_of
from nlp.statements.features import Place, features, phrase, strength_features, style_of, trigger_text
from nlp.statements.softening import limits_extent, softeners, trying
from nlp.statements.words import Words, words_of
from nlp.types import BearerClass, Definition, Passage, Span, Statement, Strength, quote

INFINITIVE = re.compile(r"(?:\(?\w{1,4}[.)]\s*)?[Tt]o\s[a-z]")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A candidate that is a statement, with the features that spoke for it."""

    candidate: Candidate
    features: tuple[str, ...]


def find_statements(
    text: str, passages: Sequence[Passage], docs: Sequence[Doc], definitions: Sequence[Definition]
) -> tuple[Statement, ...]:
    """Every statement of the passages, in the order of the text; `docs` are the parses of the passages.

    A list item that completes its chapeau is named in `items` of the chapeau's last statement.
    """
    judges = load_judges()
    defining = sorted(d.term.start for d in definitions)
    style = style_of([p.text for p in passages])
    by_passage = [
        statements_of(text, p, doc, Place(p.role, _holds(p, defining), style), judges) for p, doc in zip(passages, docs, strict=True)
    ]
    return tuple(s for row in _with_items(passages, by_passage) for s in row)


def statements_of(text: str, passage: Passage, doc: Doc, place: Place, judges: Judges) -> tuple[Statement, ...]:
    """The statements of one passage."""
    words = words_of(doc)
    candidates = find_candidates(words)
    accepted = []
    for i, candidate in enumerate(candidates):
        seen = features(words, candidates, i, place)
        if is_statement(judges, seen):
            accepted.append(Accepted(candidate, seen))
    return tuple(_statement(text, passage, words, accepted, i, judges) for i in range(len(accepted)))


def _statement(text: str, passage: Passage, words: Words, accepted: Sequence[Accepted], index: int, judges: Judges) -> Statement:
    one = accepted[index]
    c = one.candidate
    base = passage.start
    end = _action_end(words, accepted, index)
    bearer = bearer_of(judges, one.features, c)
    first, last = words.first[c.trigger.first], words.last[c.trigger.first]
    sentence = (base + words.starts[first], base + words.ends[last - 1])
    who = _span(text, base, words, bearer)
    trigger = (base + words.starts[c.trigger.first], base + words.ends[c.trigger.last - 1])
    stop = base + words.ends[end - 1] if c.verb else trigger[1]
    action = quote(text, base + words.starts[c.verb.at], stop) if c.verb else None
    strength = strength_of(judges, strength_features(words, c, end), limits_extent(text, trigger[1], stop))
    only_tries = trying(text, action.start) if action and strength is not Strength.MANDATORY else ()
    return Statement(
        unit=passage.unit,
        bearer=who,
        bearer_class=_class(words, c, bearer),
        trigger=quote(text, *trigger),
        type=type_of(judges, one.features, c.trigger.kind, trigger_text(words, c)),
        strength=strength,
        action=action,
        beneficiary=circumstances.beneficiary(text, (action.start, action.end)) if action else None,
        conditions=circumstances.conditions(text, sentence, trigger, stop),
        exceptions=circumstances.exceptions(text, sentence, trigger, stop),
        softeners=tuple(quote(text, a, b) for a, b in sorted({*softeners(text, sentence[0], stop), *only_tries})),
        deadline=circumstances.deadline(text, (sentence[0], *([who.start] if who else []), trigger[0], stop)),
    )


def _span(text: str, base: int, words: Words, subject: Subject | None) -> Span | None:
    return quote(text, base + words.starts[subject.first], base + words.ends[subject.last - 1]) if subject else None


def _class(words: Words, candidate: Candidate, bearer: Subject | None) -> BearerClass | None:
    """The class of the bearer; whoever is punished is an offender."""
    if bearer is None:
        return None
    verb = candidate.verb
    known = class_of(phrase(words, bearer))
    if verb and known in (None, BearerClass.ANYONE) and OFFENCE & set(words.low[verb.at : verb.at + 4]):
        return BearerClass.OFFENDER
    return known


def _action_end(words: Words, accepted: Sequence[Accepted], index: int) -> int:
    """The word after the action of an accepted candidate; 0 where it has no verb in the passage."""
    c = accepted[index].candidate
    if c.verb is None:
        return 0
    stop = words.last[c.trigger.first]
    later = [a.candidate for a in takewhile(lambda a: a.candidate.trigger.first < stop, islice(accepted, index + 1, None))]
    nested = list[int]()
    for k, candidate in enumerate(later):
        if candidate.trigger.first < words.last[c.trigger.first] and _is_nested(words, c, candidate, [later[n] for n in nested]):
            nested.append(k)
    return action_end(words, c.verb.at, tuple(x.trigger for x in later), frozenset(nested))


def _is_nested(words: Words, outer: Candidate, inner: Candidate, nested: Sequence[Candidate]) -> bool:
    """Whether a later trigger stands inside the outer action ("shall ensure that victims may …") rather than beside it."""
    verb = outer.verb.at if outer.verb else outer.trigger.last
    if inner.trigger.first <= verb:
        return False
    if inner.inherited is not None:
        return any(n.subject == inner.subject for n in nested)
    if inner.clause.relative is not None:
        at = inner.clause.relative
        return words.low[at] == "that" or words.word(at - 1) != ","
    begin = inner.subject.first if inner.subject else inner.trigger.first
    for i in range(begin - 1, verb, -1):
        if words.low[i] in (";", ":") and words.depth[i] == 0:
            return False
        if words.low[i] in ("that", "whether", "where", "which", "whom", "if", "when", "as", "whose"):
            return True
    return bool(nested) and nested[-1].subject is not None and words.word(begin - 1) in ("and", "or") and words.word(begin - 2) != ","


def _holds(passage: Passage, starts: Sequence[int]) -> bool:
    at = bisect_left(starts, passage.start)
    return at < len(starts) and starts[at] < passage.end


def _with_items(passages: Sequence[Passage], rows: Sequence[tuple[Statement, ...]]) -> list[tuple[Statement, ...]]:
    """The statements again, those of chapeaux with the units of the items that complete them.

    An item completes its chapeau unless it has a modal of its own; in "to ensure that it cannot be forged" the modal is an inner clause's.
    """
    items: dict[int, list[str]] = {}
    for i, passage in enumerate(passages):
        lead = next((n for n in reversed(passage.leads) if 0 <= n < i and rows[n]), None)
        if lead is not None and (not rows[i] or INFINITIVE.match(passage.text)):
            items.setdefault(lead, []).append(passage.unit)
    return [
        (*row[:-1], replace(row[-1], items=tuple(dict.fromkeys(items[i])))) if i in items and row else row for i, row in enumerate(rows)
    ]
