"""Everything the rules find out about one possible statement before it is decided whether it is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.statements.actions import OPENERS, Verb, find_verb
from nlp.statements.agents import is_someone
from nlp.statements.bearers import Subject, find_subject
from nlp.statements.clauses import CONJUNCTIONS, Clause, clause_before
from nlp.statements.nouns import DETERMINERS, head_of, phrase_end, starts_phrase
from nlp.statements.triggers import Trigger, find_triggers
from nlp.statements.words import Words

LEADING = re.compile(
    r"\s*(?:(?:SEC|Sec|ART|Art)\.\s*\d[\w.]*\s++)?(?:[\"“]?(?:§+\s*)?(?:\(?[\w.]{1,7}\)|\d+[\w.]*\.?(?=[\s(—–-])|[ivxlcdm]{1,5}\.|[A-Za-z]\.)[\s.—–-]*|[–—•*-]\s++)*"
)
OBJECT_KINDS = frozenset({"urging"})
FOR_KINDS = {"lawful": ("for",), "open": ("to",), "duty": ("of", "on"), "recognize_right": ("of", "for")}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trigger with its clause, subject, main verb and the agent of a passive.

    `object` is who is addressed after the trigger ("encourages X to …", "unlawful for X to …"); `inherited` is the candidate whose
    subject a coordinated trigger shares.
    """

    trigger: Trigger
    clause: Clause
    subject: Subject | None
    verb: Verb | None
    agent: Subject | None
    object: Subject | None
    inherited: int | None


def find_candidates(words: Words) -> tuple[Candidate, ...]:
    """One candidate per trigger of the passage, in order."""
    triggers = find_triggers(words)
    opening = words.at(LEADING.match(words.text).end())  # type: ignore[union-attr]
    found: list[Candidate] = []
    for trigger in triggers:
        if _is_month(words, trigger):
            continue
        found.append(_candidate(words, trigger, found, opening))
    return tuple(found)


def _is_month(words: Words, trigger: Trigger) -> bool:
    """Whether "May" is the month."""
    near = words.word(trigger.last)[:1].isdigit() or words.word(trigger.first - 1).isdigit()
    return words.low[trigger.first] == "may" and words.is_capital(trigger.first) and near


def _candidate(words: Words, trigger: Trigger, before: Sequence[Candidate], opening: int) -> Candidate:
    clause = clause_before(words, trigger.first, min(opening, trigger.first))
    inherited = _shares(words, clause, trigger, before)
    subject = before[inherited].subject if inherited is not None else find_subject(words, clause)
    obj, verb = _addressed(words, trigger)
    if verb is None and trigger.kind in INVERTED and words.word(trigger.last) in DETERMINERS:
        verb = _verb_behind_subject(words, trigger)
    if verb is None:
        verb = find_verb(words, trigger)
    agent = _agent(words, verb) if verb and verb.participle is not None else None
    return Candidate(trigger, clause, subject, verb, agent, obj, inherited)


INVERTED = frozenset({"fronted", "nor"})


def _verb_behind_subject(words: Words, trigger: Trigger) -> Verb | None:
    """The verb after a subject that follows its modal ("In no case shall a child be placed …")."""
    for i in range(trigger.last + 1, min(words.last[trigger.first], trigger.last + 20)):
        if words.low[i] == "be" or words.tags[i] == "VB":
            return Verb(i, None)
    return None


def _shares(words: Words, clause: Clause, trigger: Trigger, before: Sequence[Candidate]) -> int | None:
    """The earlier candidate of the sentence whose subject a trigger after "and", "or" shares."""
    if not clause.joined and not (trigger.first and words.low[trigger.first - 1] in CONJUNCTIONS):
        return None
    nearest: int | None = None
    for i in range(len(before) - 1, -1, -1):
        if words.first[before[i].trigger.first] != words.first[trigger.first]:
            break
        if before[i].subject is not None and before[i].trigger.kind in ("modal", "right", "need", "undertake", "is_to"):
            return i
        if before[i].subject is not None and nearest is None:
            nearest = i
    return nearest


def _addressed(words: Words, trigger: Trigger) -> tuple[Subject | None, Verb | None]:
    """Who stands after the trigger as the one addressed, and the verb after "to" that says what for."""
    end = words.last[trigger.first]
    if trigger.kind == "urging":
        start = trigger.last + (words.word(trigger.last) == "that")
    elif trigger.kind in FOR_KINDS:
        start = _after_one_of(words, trigger, FOR_KINDS[trigger.kind], end)
    else:
        return None, None
    if start >= end or not (starts_phrase(words, start) or words.is_capital(start)):
        return None, None
    to = next((i for i in range(start + 1, min(end, start + 60)) if words.low[i] == "to" and words.depth[i] == words.depth[start]), None)
    stop = to if to is not None else end
    says = "that" in (words.word(trigger.last - 1), words.word(trigger.last)) and trigger.kind == "urging"
    last = max(phrase_end(words, start, _before_verb(words, start, stop, FINITE if says else INFINITE)), start + 1)
    subject = Subject(start, last, head_of(words, start, last))
    verb = Verb(to + 1, None) if to is not None and to + 1 < end and words.low[to + 1] not in OPENERS else None
    if says:
        verb = Verb(last, None) if last < end else None
    return subject, verb


INFINITE = frozenset({"VB", "MD"})
FINITE = INFINITE | {"VBP", "VBZ"}


def _before_verb(words: Words, start: int, stop: int, tags: frozenset[str]) -> int:
    for i in range(start + 1, stop):
        if words.low[i] == "knowingly" or words.tags[i] in tags:
            return i
    return stop


def _after_one_of(words: Words, trigger: Trigger, prepositions: tuple[str, ...], end: int) -> int:
    if words.low[trigger.last - 1] in prepositions:
        return trigger.last
    if words.word(trigger.last) in prepositions:
        return trigger.last + 1
    return end


def _agent(words: Words, verb: Verb) -> Subject | None:
    """The noun phrase after "by" behind a passive participle, where it names someone."""
    at = verb.participle or verb.at
    end = min(words.last[at], at + 60)
    for i in range(at + 1, end):
        if words.low[i] in (";", ":", "which", "who", "that", "unless", "until") or words.tags[i] == "MD":
            return None
        if words.low[i] == "by" and i + 1 < end and words.depth[i] == words.depth[at]:
            first = i + 1
            last = max(_list_end(words, first, _before_adjunct(words, first, end)), first + 1)
            if is_someone(words.text[words.starts[first] : words.ends[head_of(words, first, last)]]):
                return Subject(first, last, head_of(words, first, last))
            if words.tags[first] not in ("VBG",):
                return None
    return None


ADJUNCTS = frozenset("in on at by for to from with within under after before during through against upon as pursuant".split())


def _before_adjunct(words: Words, first: int, end: int) -> int:
    """Where an agent ends at the latest: before the next phrase that belongs to the verb."""
    return next((i for i in range(first + 1, end) if words.low[i] in ADJUNCTS and words.low[i - 1] not in ("responsible",)), end)


def _list_end(words: Words, first: int, end: int) -> int:
    """The end of an agent: over commas while the list goes on with someone else."""
    last = phrase_end(words, first, end)
    while last + 1 < end and words.low[last] == "," and starts_phrase(words, last + 1):
        following = max(phrase_end(words, last + 1, end), last + 2)
        head = head_of(words, last + 1, following)
        if not is_someone(words.text[words.starts[last + 1] : words.ends[head]]):
            break
        last = following
    return min(last, end)
