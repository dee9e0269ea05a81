"""Who a statement falls on: the subject before the trigger, or the agent of a passive after it."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.statements.clauses import CONJUNCTIONS, PREPOSITIONS, Clause
from nlp.statements.nouns import DETERMINERS, PRONOUNS, has_finite_verb, head_of, is_finite, phrase_end, starts_phrase
from nlp.statements.words import Words


@dataclass(frozen=True, slots=True)
class Subject:
    """A noun phrase by word range, with its head word."""

    first: int
    last: int
    head: int


def find_subject(words: Words, clause: Clause) -> Subject | None:
    """The subject of a clause: the last comma-phrase that can be one, with the list before it where it ends a list."""
    if clause.relative is not None:
        return Subject(clause.relative, clause.relative + 1, clause.relative)
    parts = list(clause.parts)
    if not parts:
        return None
    place = _place(words, parts, clause.adjacent)
    whoever = _whoever(words, parts)
    if whoever is not None and (place is None or words.low[place.first] not in BACK):
        place = whoever
    if place is None:
        return None
    end = max(phrase_end(words, place.tail, place.last), place.tail + 1)
    return Subject(place.first, end, head_of(words, place.first, end))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject begins, where the last member of its list begins, and where its comma-phrase ends."""

    first: int
    tail: int
    last: int


def _place(words: Words, parts: list[tuple[int, int]], adjacent: bool) -> Place | None:
    at = len(parts) - 1
    if not adjacent:
        at = _skip_interposed(words, parts)
    elif _is_participial(words, *parts[at]):
        at = _skip_interposed(words, parts[:at]) if at else at
    first, last = parts[at]
    begin = _phrase_begin(words, first, last)
    if begin is None:
        return None
    start = _list_start(words, parts, at) if begin == first or words.low[first] in CONJUNCTIONS else at
    if start == at:
        return Place(begin, begin, last)
    if not adjacent and start > 0 and words.low[parts[start - 1][0]] in PREPOSITIONS:
        return _place(words, parts[: _skip_interposed(words, parts[:start]) + 1], True)
    return Place(parts[start][0], begin, last)


def _is_participial(words: Words, first: int, last: int) -> bool:
    """Whether a comma-phrase modifies what stands before it ("making a search", "after removing the person")."""
    return words.tags[first] == "VBG" or (words.low[first] in PREPOSITIONS and words.tag(first + 1) == "VBG" and first + 1 < last)


def _whoever(words: Words, parts: list[tuple[int, int]]) -> Place | None:
    """ "Any person who …" or "Whoever …" at the head of the clause: the subject, however long what follows it."""
    for first, last in parts[:-1] or parts:
        if words.low[first] in PREPOSITIONS:
            continue
        if words.low[first] == "whoever":
            return Place(first, first, first + 1)
        if words.low[first] in ("any", "a", "an", "every", "each") and (
            _has_relative(words, first, last) or words.word(last + 1) in ("who", "being")
        ):
            return Place(first, first, last)
        return None
    return None


BACK = frozenset("he she they it the such no this these that his her their".split())


def _has_relative(words: Words, first: int, last: int) -> bool:
    """Whether a relative pronoun follows the noun at `first` within a few words, before any verb."""
    for i in range(first + 1, min(last, first + 7)):
        if words.low[i] in ("who", "that", "which"):
            return True
        if is_finite(words, i) or words.tags[i] == "VB":
            return False
    return False


def _skip_interposed(words: Words, parts: list[tuple[int, int]]) -> int:
    """The index of the comma-phrase before those that stand between the subject and its verb."""
    at = len(parts) - 1
    while at > 0 and not _is_subject_part(words, *parts[at]):
        at -= 1
    return at


def _is_subject_part(words: Words, first: int, last: int) -> bool:
    lead = first + 1 if words.low[first] in CONJUNCTIONS and last - first > 1 else first
    return starts_phrase(words, lead) and not (has_finite_verb(words, lead, last) and last - lead < 4)


def _list_start(words: Words, parts: list[tuple[int, int]], at: int) -> int:
    """The part where a list of noun phrases begins whose last member stands in part `at`; `at` where it is no list."""
    first, last = parts[at]
    brief = (
        at > 0
        and parts[at - 1][1] - parts[at - 1][0] <= 3
        and words.low[parts[at - 1][0]] in DETERMINERS
        and words.low[first] not in DETERMINERS
    )
    if not any(_joins(words, i, first) or (brief and words.low[i] in ("and", "or")) for i in range(first, last - 1)):
        return at
    while at > 0 and _lists(words, *parts[at - 1]):
        at -= 1
    return at


def _joins(words: Words, i: int, first: int) -> bool:
    """Whether word `i` is the conjunction before the last member of a list, not one inside a member."""
    return words.low[i] in ("and", "or") and (i == first or words.low[i + 1] in DETERMINERS or words.is_capital(i + 1))


def _lists(words: Words, first: int, last: int) -> bool:
    """Whether a comma-phrase can be a member of a list of bearers; the year of a date before them is none."""
    if last - first == 1 and words.low[first].isdigit():
        return False
    return last - first < 16 and starts_phrase(words, first) and not has_finite_verb(words, first, last)


def _phrase_begin(words: Words, first: int, last: int) -> int | None:
    """Where the subject begins in a comma-phrase: after what introduces it."""
    lead = first
    while lead < last and (
        words.low[lead] in CONJUNCTIONS or (words.low[lead] == "that" and lead + 1 < last and starts_phrase(words, lead + 1))
    ):
        lead += 1
    if lead >= last:
        return None
    inner = _last_complement(words, lead, last)
    if inner is not None:
        return inner
    if words.low[lead] not in PREPOSITIONS and (starts_phrase(words, lead) or words.is_capital(lead)):
        return lead
    return _last_phrase(words, lead + 1, last)


def _last_complement(words: Words, first: int, last: int) -> int | None:
    """The word after the last "that", "and" or subordinator that opens a clause of its own ("such conditions as the court")."""
    if last - first > 1 and is_finite(words, last - 1):
        return None
    earliest = first if words.low[first].endswith("ing") else next((i for i in range(first, last) if is_finite(words, i)), last)
    for i in range(last - 2, first, -1):
        if words.low[i] in ("as", "than") and words.low[i + 1] in DETERMINERS | PRONOUNS and "such" in words.low[max(first, i - 8) : i]:
            return i + 1
        if is_finite(words, i + 1):
            return None
        opens = words.low[i] in ("that", "whether", "and", "but", "if", "when", "where", "so") and starts_phrase(words, i + 1)
        if opens and earliest < i:
            return i + 1
    return None


ARTICLES = frozenset({"the", "a", "an", "any", "each", "every"})


def _last_phrase(words: Words, first: int, last: int) -> int | None:
    """The last word of the range at which a noun phrase with a determiner or a capital begins, going back over "of" phrases."""
    for i in range(last - 1, first - 1, -1):
        named = words.is_capital(i) and not words.is_capital(i - 1) and words.word(i - 1) not in ARTICLES
        opens = words.low[i] in DETERMINERS or words.low[i] in PRONOUNS or named
        if words.low[i] in ARTICLES and words.is_capital(i + 1) and words.word(i - 1) in ("and", "or"):
            return i
        if opens and words.word(i - 1) not in ("of", "in", "for", "to", "with", "by", "or", "and", "from", "under", "on"):
            return i
    return None
