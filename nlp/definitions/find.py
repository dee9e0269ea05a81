"""Definitions: passages in, terms with the words that define them out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.definitions import patterns as p
from nlp.definitions.deeming import DEEMED
from nlp.definitions.definiens import definiens_range, trimmed
from nlp.definitions.scope import scope_of
from nlp.types import Definition, DefinitionForm, Passage, PassageRole, Span, Unit, quote

NOT_TERMS = re.compile(
    r"(?:(?:in|while|if|where|when|although|since|as|because|by|in|for|to|of|such|these|those|his|her|their|"
    r"its|no|not)\s.*|.*\s(?:by|of|other|following|such|any|the|no|all|and|or|to)|in|the|this|that|it|these|"
    r"which|what|purposes?(?:\s++and\s++means)?|he|she|they|such|following|a|an|all|any|and|or|this\s.*)$",
    re.IGNORECASE,
)
ONLY_REFERENCE = re.compile(
    r"(?:the\s++)?(?:respective\s++)?meanings?\s++(?:as\s++)?(?:(?:assigned|given|attributed|"
    r"ascribed)\s++(?:to\s++(?:it|them)\s++)?(?:by|in)\s++)|(?:the\s++)?same\s++meanings?\s++as\s++(?:it|"
    r"they)\s++(?:has|have|bears?|does|do)\s++in\s++",
    re.IGNORECASE,
)
EXCLUSION = re.compile(
    r"\b(?:(?:does|do|shall|but\s++(?:does|do))\s++not\s++include|excluding|other\s++than|except(?:\s++for)?)\b[^;.]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """A definition by offsets of the whole text: terms, the range in which the definiens stands, the form."""

    terms: tuple[tuple[int, int], ...]
    body: tuple[int, int] | None
    form: DefinitionForm
    at: int


def find_definitions(
    text: str, passages: Sequence[Passage], docs: Sequence[Doc], structure_units: Sequence[Unit]
) -> tuple[Definition, ...]:
    """Every definition of the passages, in the order of the text; one for each of several terms that share a definiens."""
    units = {unit.id: unit for unit in structure_units}
    found = list[Definition]()
    for passage in passages:
        if passage.role is PassageRole.EDITORIAL:
            continue
        for one in definitions_in(passages, passage):
            found += _built(text, passages, passage, one, units)
    return tuple(found)


def definitions_in(passages: Sequence[Passage], passage: Passage) -> tuple[Found, ...]:
    """The definitions of one passage, in order; where two wordings claim the same term, the more explicit one stands."""
    taken = bytearray(len(passage.text))
    found = list[Found]()
    context = (*passage.headings[-1:], *(passages[i].text for i in passage.leads[-1:] if 0 <= i < len(passages)))
    defining = any(p.DEFINING.search(words) for words in context)
    for candidate in _candidates(passage.text, 0, len(passage.text), defining):
        if not any(taken.find(1, a, b) >= 0 for a, b in candidate.terms):
            found.append(candidate)
            claims = (*candidate.terms, *((candidate.body,) if candidate.form is DefinitionForm.DEEMING and candidate.body else ()))
            for a, b in claims:
                taken[a:b] = b"\x01" * (b - a)
    return tuple(_moved(f, passage.start) for f in sorted(found, key=lambda f: f.at))


def _moved(found: Found, by: int) -> Found:
    """The same definition with offsets of the whole text."""
    body = (found.body[0] + by, found.body[1] + by) if found.body else None
    return Found(tuple((a + by, b + by) for a, b in found.terms), body, found.form, found.at + by)


EXPLICIT = (
    p.QUOTED_DEFINITION,
    p.UNQUOTED_TERM,
    p.SUCH_TERM,
    p.REFERENCES_TO,
    p.SCOPED_TERM,
    p.SCOPED_INCLUDES,
    p.SAID,
    p.SCOPED_IF,
    p.HEADED,
    p.NARRATIVE,
)


def _candidates(text: str, start: int, end: int, defining: bool) -> Iterator[Found]:
    """Possible definitions, the most explicit wordings first; `defining` says that the heading or the chapeau announces definitions."""
    for pattern in (*EXPLICIT, p.ITEM_TERM) if defining else EXPLICIT:
        for match in pattern.finditer(text, start, end):
            one = _found(text, match, end)
            if one:
                yield one
    for match in p.AS_DEFINED.finditer(text, start, end):
        term = _term_before(text, start, match.start())
        where = trimmed(text, match.start("reference"), match.end("where"))
        if term and where and (match["open"] or OTHER_LAW.search(match["where"])):
            yield Found((term,), where, DefinitionForm.REFERENCE, term[0])
    for match in DEEMED.finditer(text, start, end):
        one = _deemed(text, match, start, end)
        if one:
            yield one


def _found(text: str, match: re.Match[str], end: int) -> Found | None:
    groups = match.re.groupindex
    terms = [match.span(f"t{i}") for i in range(10) if f"t{i}" in groups and match[f"t{i}"] is not None]
    terms = [t for t in (_clean(text, *t) for t in terms) if t and (_is_quoted(text, *t) or not NOT_TERMS.fullmatch(text, *t))]
    if not terms:
        return None
    kind = next((k for k in ("reference", "means", "includes", "is", "deeming") if k in groups and match[k] is not None), "means")
    form = {"reference": DefinitionForm.REFERENCE, "includes": DefinitionForm.INCLUDES, "deeming": DefinitionForm.DEEMING}.get(
        kind, DefinitionForm.MEANS
    )
    body = definiens_range(text, match.end(), end)
    if form is DefinitionForm.REFERENCE:
        body = _reference(text, match, body)
    return Found(tuple(terms), body, form, match.start())


def _reference(text: str, match: re.Match[str], body: tuple[int, int] | None) -> tuple[int, int] | None:
    """The words that name where the meaning stands; "the meaning" itself stays where it is tied to "the term" or "as in"."""
    if body is None:
        return None
    lead = ONLY_REFERENCE.match(text, *body)
    return (lead.end(), body[1]) if lead and lead.end() < body[1] else body


def _is_quoted(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start] in p.QUOTES and text[end : end + 1] in p.QUOTES and start > 0


def _clean(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A term without spaces around it; None where the words are not one."""
    while start < end and (text[start].isspace() or text[start] in ",.;:"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",.;:"):
        end -= 1
    if end <= start or not any(c.isalpha() for c in text[start:end]):
        return None
    return start, end


NO_START = (
    "of|in|on|at|from|into|more|less|fewer|includes?|including|identifying|investigating|prosecuting|"
    "punishing|preventing|combating|combatting|providing"
)
BEFORE_TERM = re.compile(
    rf"(?:^|[\s(“\"])((?!(?:{NO_START})\b)(?:(?!(?:the|a|an|any|for|by|to|that|is|are|as|each|such|every|with|or|and|under|"
    r"involving|against)\b)[\w’'-]+\s++){0,6}[\w’'-]+)[\s,(]*$",
    re.IGNORECASE,
)


def _term_before(text: str, start: int, at: int) -> tuple[int, int] | None:
    """The noun phrase that ends before "as defined in"."""
    low = max(start, at - 90)
    found = BEFORE_TERM.search(text, low, at)
    return _clean(text, *found.span(1)) if found else None


NEAR = 1_500
OTHER_LAW = re.compile(r"\b(?:Act|Code|Ordinance|Law)\b.*\d|\btitle\s++\d|U\.S\.C")
SENTENCE_LEAD = re.compile(r"(?:.*[.;:—–\]]\s++(?:\(\w{1,4}\)\s++)?|^)", re.DOTALL)
LAST_SUBJECT = re.compile(r".*,\s++(?=(?:an?|any|the|every|all|such)\s)", re.DOTALL | re.IGNORECASE)
LEAD_IN = re.compile(
    r"\s*(?:(?:\(?\w{1,5}[.)]\s*|\d+[A-Z]?\.\s*|—|–|-)+\s*)?(?:(?:for\s++the\s++purposes?\s++of|subject\s++to|"
    r"notwithstanding|in\s++this|in\s++such\s++a\s++case|without\s++prejudice\s++to|provided\s++that|"
    r"however)\b[^,]{0,160},\s*(?:(?:however|in\s++particular),\s*)?)*",
    re.IGNORECASE,
)


def _deemed(text: str, match: re.Match[str], start: int, end: int) -> Found | None:
    """The category as term, the things that are deemed to be it as definiens."""
    start = max(start, match.start() - NEAR)
    lead = SENTENCE_LEAD.match(text, start, match.start())
    begin = lead.end() if lead else start
    lead_in = LEAD_IN.match(text, begin, match.start())
    begin = lead_in.end() if lead_in else begin
    if lead_in and lead_in.group().strip() and (subject := LAST_SUBJECT.match(text, begin, match.start())):
        begin = subject.end()
    body = trimmed(text, begin, match.start())
    term = _clean(text, *match.span("term"))
    if term and text[term[0]] in p.QUOTES:
        term = (term[0] + 1, term[1] - (text[term[1] - 1] in p.QUOTES))
    if not term or not body or text[body[0] : body[1]].lower() in ("it", "they", "he", "she", "this", "that", "he or she"):
        return None
    return Found((term,), body, DefinitionForm.DEEMING, body[0])


def _built(text: str, passages: Sequence[Passage], passage: Passage, found: Found, units: dict[str, Unit]) -> Iterator[Definition]:
    scope, scope_units = scope_of(text, passages, passage, found.terms[0][0], units)
    definiens = quote(text, *found.body) if found.body else None
    for term in found.terms:
        yield Definition(passage.unit, quote(text, *term), definiens, found.form, scope, scope_units, (), _exclusions(text, definiens))


NOT_INCLUDED = re.compile(r"\bnot\s++(?:also\s++)?includes?\s*+$", re.IGNORECASE)


def _exclusions(text: str, definiens: Span | None) -> tuple[Span, ...]:
    """What a definition leaves out: all of it where the term "does not include" it."""
    if definiens is None:
        return ()
    if NOT_INCLUDED.search(text, max(0, definiens.start - 40), definiens.start):
        return (definiens,)
    ranges = (trimmed(text, m.start(), m.end()) for m in EXCLUSION.finditer(text, definiens.start, definiens.end))
    return tuple(quote(text, *r) for r in ranges if r)
