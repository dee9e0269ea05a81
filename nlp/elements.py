"""Elements of trafficking definitions and offences: act, means, purpose, consent and the child rule, as the words of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp import element_patterns as p
from nlp.definitions.definiens import trimmed
from nlp.types import Definition, Element, ElementRole, Passage, PassageRole

Range = tuple[int, int]
Role = ElementRole


@dataclass(frozen=True, slots=True)
class Found:
    """A role with the offsets of its words in the passage."""

    role: ElementRole
    start: int
    end: int


def find_elements(
    text: str, passages: Sequence[Passage], definitions: Sequence[Definition]
) -> tuple[tuple[Definition, ...], tuple[Element, ...]]:
    """The definitions with the elements that stand in their passage, and the elements of offences that define no term."""
    defined: dict[int, list[int]] = {}
    for n, d in enumerate(definitions):
        at = _passage_of(passages, d.term.start)
        if at is not None:
            defined.setdefault(at, []).append(n)
    opened: dict[int, ElementRole | None] = {}
    inside: dict[int, list[Element]] = {}
    loose = list[Element]()
    for i, passage in enumerate(passages):
        if passage.role not in (PassageRole.OPERATIVE, PassageRole.ANNEX):
            continue
        own = [definitions[n] for n in defined.get(i, ())]
        found = _in_passage(passages, i, own, opened)
        elements = [
            Element(passage.unit, f.role, passage.start + f.start, passage.start + f.end, passage.text[f.start : f.end]) for f in found
        ]
        if own:
            inside.setdefault(defined[i][0], []).extend(elements)
        else:
            loose += elements
    return tuple(replace(d, elements=tuple(inside[n])) if n in inside else d for n, d in enumerate(definitions)), tuple(loose)


def _passage_of(passages: Sequence[Passage], offset: int) -> int | None:
    at = bisect_right(passages, offset, key=lambda passage: passage.start) - 1
    return at if at >= 0 and offset < passages[at].end else None


def _in_passage(passages: Sequence[Passage], index: int, own: Sequence[Definition], opened: dict[int, ElementRole | None]) -> list[Found]:
    """The elements of one passage, in order; `opened` remembers the role that a chapeau gives to its items, None where each has its own."""
    passage = passages[index]
    text = passage.text
    lead = next((n for n in reversed(passage.leads) if n in opened), None)
    role = opened[lead] if lead is not None else None
    found = list(_item(passage, role)) if role is not None else []
    acts = list[Found]()
    if role is None:
        offence = any(p.OFFENCE.search(words, 0, NEAR) for words in (text, *(passages[n].text for n in passage.leads)))
        acts = list(_acts(passage, own, offence))
        found += acts
    if acts or lead is not None:
        found += [f for f in _around(text, own) if not _overlaps(f, found)]
    found += [f for f in _of_terms(passage, own) if not _overlaps(f, found)]
    found += [f for f in _consent(text) if not _overlaps(f, found)]
    if found or any(n in opened for n in passage.leads):
        found += [f for f in _child(text, found) if not _overlaps(f, found)]
    if text.rstrip()[-1:] in (":", "—", "–", "-") or p.OPENS_PURPOSE.search(text):
        opens, role = _opens(text, own, bool(acts) or lead is not None)
        if opens:
            opened[index] = role
    return sorted(set(found), key=lambda f: (f.start, f.end))


def _opens(text: str, own: Sequence[Definition], relevant: bool) -> tuple[bool, ElementRole | None]:
    """Whether a chapeau hands something to its items, and which role, by the term that it defines or by its last words."""
    term = own[-1].term.text if own else ""
    if p.OPENS_CONSENT.search(text) and (relevant or p.CORE.search(text) or re.search(r"offen[cs]e|victim", text)):
        return True, Role.CONSENT
    if relevant or p.UNFREE.search(term):
        if p.OPENS_PURPOSE.search(text):
            return True, Role.PURPOSE
        if p.OPENS_MEANS.search(text):
            return True, Role.MEANS
    if own and own[-1].definiens is None:
        if p.EXPLOITATION_TERM.fullmatch(term):
            return True, Role.PURPOSE
        if p.TRAFFICKS.fullmatch(term):
            return True, Role.ACT
        return p.TRAFFICKS.search(term) is not None, None
    return False, None


TAIL = re.compile(
    r",?\s++(?:for\s++(?:the\s++)?purposes?\s++of|shall\s++be\s++guilty|is\s++guilty|commits\s++an|in\s++violation\s++of)\b", re.IGNORECASE
)


def _item(passage: Passage, role: ElementRole) -> Iterator[Found]:
    """A list item as an element of the role its chapeau opened."""
    mark = p.MARK.match(passage.text)
    start = mark.end() if mark else 0
    stop = TAIL.search(passage.text, start) if role is not Role.ACT else None
    span = trimmed(passage.text, start, stop.start() if stop else len(passage.text))
    if span and not p.NOT_ITEM.match(passage.text, span[0]):
        yield Found(role, *span)


NEAR = 1_000
AIMED = re.compile(rf"{p.AIM}$", re.IGNORECASE)


def _acts(passage: Passage, own: Sequence[Definition], offence: bool) -> Iterator[Found]:
    """Acts of trafficking: a list of three or more of which one marks trafficking, a shorter one with an exploitative purpose.

    `offence` says that the passage or its chapeau speaks of an offence; a short list counts only there or in a definition.
    """
    text = passage.text
    terms = [(d.term.start - passage.start, d.term.end - passage.start) for d in own]
    opens = p.OPENS_PURPOSE.search(text) is not None
    lists = [m for m in p.ACTS.finditer(text) if not any(a <= m.start() < b for a, b in terms) and _is_list(text, m, opens)]
    if lists and any(p.UNFREE.search(d.term.text) for d in own):
        yield from (Found(Role.ACT, m.start(), _act_end(text, m)) for m in lists)
    elif lists:
        best = max(lists, key=lambda m: m.end() - m.start())
        yield Found(Role.ACT, best.start(), _act_end(text, best))
    elif own and (special := p.SPECIAL_ACTS.search(text)):
        yield Found(Role.ACT, *special.span())
    elif offence:
        yield from _exploiting(text, bool(passage.leads))


def _exploiting(text: str, is_item: bool) -> Iterator[Found]:
    """A shorter act at the head of an offence, where what it leads to is exploitation ("places any person in debt bondage").

    A passage that begins with a gerund is an offence only as an item of a list; elsewhere it is a heading.
    """
    for match in p.EXPLOITING.finditer(text):
        if match["verb"].lower().endswith("ing") and not is_item:
            continue
        core = p.CORE.search(text, match.end(), match.end() + 120)
        if core and ";" not in text[match.end() : core.start()]:
            led = text[match.end() : core.start()]
            compels = p.COMPELLING.match(match["verb"]) and led.lstrip().startswith("to ") and "," not in led
            end = core.end() if compels else match.end("act")
            yield Found(Role.ACT, match.start("act"), end)
            return


def _is_list(text: str, match: re.Match[str], opens: bool) -> bool:
    """Whether a match is a list of acts; `opens` says that the passage ends in "for the purpose of:"."""
    if AIMED.search(text, max(0, match.start() - 40), match.start()):
        return False
    words = match.group()
    count = len(re.findall(rf"\b{p.ACT}\b", words, re.IGNORECASE))
    strong = p.IS_STRONG.search(words) is not None
    aimed = opens or any(p.FORM.search(m["span"]) for m in p.PURPOSE.finditer(text, match.end(), match.end() + NEAR))
    if p.NO_OFFENCE.search(text, max(0, match.start() - 60), match.start()):
        return False
    someone = p.OBJECT.search(text, match.end(), match.end() + 80) is not None
    return (strong and (aimed or (count > 2 and someone))) or (count > 1 and aimed and someone)


def _act_end(text: str, match: re.Match[str]) -> int:
    """The end of a list of acts: with members that are in no list of words, with control over a person's movements, with a noun's object."""
    end = match.end()
    rest = p.REST.match(text, end) if not p.OBJECT.match(text, end) else None
    if rest and (p.OBJECT.match(text, rest.end()) or p.WHATEVER.match(text, rest.end())):
        end = rest.end()
    longer = p.CONTROL.search(text, end, min(len(text), end + 140))
    if longer:
        return longer.end()
    thing = p.OBJECT.match(text, end)
    noun = re.match(r"\s++(?:of|in)\b", text[end : end + 4])
    return thing.end() if thing and noun else end


def _around(text: str, own: Sequence[Definition]) -> Iterator[Found]:
    """Means and purposes around the acts of the same passage; all purposes where a slave trade or trafficking is defined."""
    means = p.MEANS.search(text) or p.INDUCED.search(text)
    if means:
        yield Found(Role.MEANS, *means.span("span"))
    elif any_means := p.ANY_MEANS.search(text):
        yield Found(Role.MEANS, *any_means.span())
    unfree = any(p.UNFREE.search(d.term.text) for d in own)
    purposes = [m for m in p.PURPOSE.finditer(text) if unfree or p.FORM.search(m["span"])]
    if not purposes:
        purposes = [m for m in (*p.WITHOUT_AIM.finditer(text), *p.INDUCED_ACT.finditer(text)) if p.FORM.search(m["span"])][:1]
    yield from (Found(Role.PURPOSE, *m.span("span")) for m in (purposes if unfree else purposes[:1]))


def _of_terms(passage: Passage, own: Sequence[Definition]) -> Iterator[Found]:
    """What a definition of exploitation counts among its forms."""
    for definition in own:
        if p.EXPLOITATION_TERM.fullmatch(definition.term.text) and definition.definiens:
            yield Found(Role.PURPOSE, definition.definiens.start - passage.start, definition.definiens.end - passage.start)


VICTIM = re.compile(r"victim|exploit|traffick|person|individual|charge|child", re.IGNORECASE)


def _consent(text: str) -> Iterator[Found]:
    yield from (Found(Role.CONSENT, *m.span()) for m in p.NOT_CONSENTED.finditer(text))
    for match in p.CONSENT.finditer(text):
        name = match.lastgroup or "sentence"
        span = trimmed(text, *match.span(name)) if name == "inline" or VICTIM.search(match.group()) else None
        if span:
            yield Found(Role.CONSENT, *span)


FINITE = re.compile(r"\w+s\b,?\s++(?:\w+s|or)\b")


def _child(text: str, found: Sequence[Found]) -> Iterator[Found]:
    act = next((f for f in found if f.role is Role.ACT), None)
    if (
        act
        and FINITE.match(text, act.start)
        and not any(f.role is Role.MEANS for f in found)
        and (child := p.A_CHILD.match(text, act.end) or p.A_CHILD.search(text, act.start, act.end))
    ):
        yield Found(Role.CHILD, *child.span("span"))
        return
    if minor := p.MINOR.search(text):
        yield Found(Role.CHILD, *minor.span())
    for match in p.CHILD.finditer(text):
        span = trimmed(text, *match.span(match.lastgroup or 0))
        if span:
            yield Found(Role.CHILD, *span)


def _overlaps(one: Found, others: Sequence[Found]) -> bool:
    return any(one.role is o.role and one.start < o.end and one.end > o.start for o in others)
