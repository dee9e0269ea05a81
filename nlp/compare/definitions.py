"""What a change does to the terms that are defined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.compare.assign import assign
from nlp.compare.reader import Reader
from nlp.compare.sides import Side
from nlp.compare.texts import Word
from nlp.compare.types import Change, ChangeKind
from nlp.types import Definition, DefinitionForm, Element, ElementRole, Span

WIDENING = frozenset("or including include includes other another also additionally".split())
REWORDED = 0.4
# "(as defined in section 3)" points to a meaning, and is seldom itself what defines the term
SURENESS = {DefinitionForm.REFERENCE: 0.7}
PLURAL = re.compile(r"(?<=\w\w\w)(?<![su])s$")
NARROWING = frozenset("and only solely except excluding unless not without provided".split())
# the "or" of "provision, or obtaining" goes where one more alternative is put behind it
JOINTS = frozenset("a an the and or".split())
ALTERNATIVES = (ElementRole.ACT, ElementRole.MEANS, ElementRole.PURPOSE)
BETWEEN = re.compile(r"\s*[,;]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+")
# words in which two members of lists may differ and still be the same: joints, and prepositions that may be repeated
UNCOUNTED = JOINTS | frozenset("by for in of through".split())
OPENNESS = {DefinitionForm.MEANS: 0, DefinitionForm.INCLUDES: 1}


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each side defines each term (its words in small letters)."""

    left: Mapping[str, int]
    right: Mapping[str, int]


def terms(left: Side, right: Side) -> Terms:
    """The terms of two documents."""
    return Terms(*(Counter(term(d) for d in side.document.definitions) for side in (left, right)))


def term(definition: Definition) -> str:
    """A term as it is compared: in small letters, one or several alike ("severe form" and "severe forms")."""
    return " ".join(PLURAL.sub("", word) for word in definition.term.text.casefold().split())


def definition_changes(reader: Reader, left: Sequence[Definition], right: Sequence[Definition], known: Terms) -> Iterator[Change]:
    """Changes between the definitions of a pair; a term that the other side defines elsewhere is neither added nor dropped."""
    ours, theirs = {term(d): d for d in left}, {term(d): d for d in right}
    for name in ours.keys() & theirs.keys():
        yield from _between(reader, ours[name], theirs[name])
    gone, new = [ours[n] for n in ours.keys() - theirs.keys()], [theirs[n] for n in theirs.keys() - ours.keys()]
    for one in sorted(gone, key=lambda d: d.term.start):
        if not known.right.get(term(one)) and reader.changed(0, one.term):
            yield dropped(one)
    for one in sorted(new, key=lambda d: d.term.start):
        if not known.left.get(term(one)) and reader.changed(1, one.term):
            yield added(one)


def added(definition: Definition) -> Change:
    """A term that only the right side defines."""
    return Change(ChangeKind.TERM_ADDED, definition.term.text, None, definition.form.value, None, whole(definition), _sure(definition))


def dropped(definition: Definition) -> Change:
    """A term that only the left side defines."""
    return Change(ChangeKind.TERM_DROPPED, definition.term.text, definition.form.value, None, whole(definition), None, _sure(definition))


def _sure(definition: Definition) -> float:
    return SURENESS.get(definition.form, 0.95)


def whole(definition: Definition) -> Span:
    """What is quoted of a definition: its defining words, or where they stand elsewhere its term."""
    return definition.definiens or definition.term


def _between(reader: Reader, a: Definition, b: Definition) -> Iterator[Change]:
    if not reader.touched(whole(a), whole(b)) and a.form is b.form:
        return
    elements = list(element_changes(reader, a.term.text, a.elements, b.elements))
    yield from elements
    kind, sureness = _direction(reader, a, b, elements)
    yield Change(kind, b.term.text, a.form.value, b.form.value, whole(a), whole(b), sureness)


def element_changes(reader: Reader, about: str, left: Sequence[Element], right: Sequence[Element]) -> Iterator[Change]:
    """Elements that one side alone has: those whose words the other side doesn't say, not in other words either."""
    alike = {
        (i, j): reader.alike(_span(one), _span(other)) - REWORDED
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if one.role is other.role
    }
    kept = assign(alike)
    for i, j in kept.items():
        yield from _member_changes(reader, about, left[i], right[j])
    for i, element in enumerate(left):
        if i not in kept:
            yield from _alone(reader, 0, about, element)
    for j, element in enumerate(right):
        if j not in kept.values():
            yield from _alone(reader, 1, about, element)


def _alone(reader: Reader, side: int, about: str, element: Element) -> Iterator[Change]:
    """An element that was found on one side only: if its words are new or gone, it is; else those of its members are that are."""
    if reader.changed(side, _span(element)) >= 0.5:
        yield _one_sided(side, about, element.role, _span(element), 0.85)
    elif element.role in ALTERNATIVES:
        yield from _changed_members(reader, side, about, element.role, _members(element).values())


def _member_changes(reader: Reader, about: str, one: Element, other: Element) -> Iterator[Change]:
    """Members of a list of acts, means or purposes that one side alone names; where either side has some, they may be the same reworded."""
    if one.role not in ALTERNATIVES:
        return
    ours, theirs = _members(one), _members(other)
    gone = [span for words, span in ours.items() if words not in theirs]
    new = [span for words, span in theirs.items() if words not in ours]
    if not new:
        yield from _changed_members(reader, 0, about, one.role, gone)
    if not gone:
        yield from _changed_members(reader, 1, about, one.role, new)


def _changed_members(reader: Reader, side: int, about: str, role: ElementRole, members: Iterable[Span]) -> Iterator[Change]:
    return (_one_sided(side, about, role, one, 0.8) for one in members if reader.changed(side, one) >= 0.5)


def _one_sided(side: int, about: str, role: ElementRole, span: Span, sureness: float) -> Change:
    if side == 0:
        return Change(ChangeKind.ELEMENT_DROPPED, f"{about}: {role.value}", role.value, None, span, None, sureness)
    return Change(ChangeKind.ELEMENT_ADDED, f"{about}: {role.value}", None, role.value, None, span, sureness)


def _members(element: Element) -> dict[str, Span]:
    """The members of a list, by their words in small letters without joints and prepositions, with where they stand."""
    cuts = [0, *(at for between in BETWEEN.finditer(element.text) for at in between.span()), len(element.text)]
    found = {}
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        text = element.text[start:end]
        if words := " ".join(word for word in text.casefold().split() if word not in UNCOUNTED):
            found[words] = Span(element.start + start, element.start + end, text)
    return found


def _span(element: Element) -> Span:
    return Span(element.start, element.end, element.text)


def _direction(reader: Reader, a: Definition, b: Definition, elements: Sequence[Change]) -> tuple[ChangeKind, float]:
    """Whether the definition came to hold more or less. Where signs point both ways, or none does, it only changed."""
    signs = [*_by_elements(elements), *_by_form(a, b), *_by_words(reader, a, b)]
    if signs and all(sign > 0 for sign in signs):
        return ChangeKind.DEFINITION_WIDENED, 0.8 if len(signs) > 1 else 0.65
    if signs and all(sign < 0 for sign in signs):
        return ChangeKind.DEFINITION_NARROWED, 0.8 if len(signs) > 1 else 0.65
    return ChangeKind.DEFINITION_CHANGED, 0.9


def _by_elements(elements: Sequence[Change]) -> Iterator[int]:
    """One more act, means or purpose is one more way to fall under the term; so is a child for whom no means is needed."""
    for change in elements:
        role = change.after or change.before
        if role in {r.value for r in (*ALTERNATIVES, ElementRole.CHILD)}:
            yield 1 if change.kind is ChangeKind.ELEMENT_ADDED else -1


def _by_form(a: Definition, b: Definition) -> Iterator[int]:
    if a.form in OPENNESS and b.form in OPENNESS and a.form is not b.form:
        yield OPENNESS[b.form] - OPENNESS[a.form]
    if len(a.exclusions) != len(b.exclusions):
        yield 1 if len(b.exclusions) < len(a.exclusions) else -1


def _by_words(reader: Reader, a: Definition, b: Definition) -> Iterator[int]:
    """Where words were only added or only taken away: alternatives widen, further requirements narrow."""
    forms = [Counter(_changed_forms(reader, side, one)) for side, one in ((0, a), (1, b))]
    ours, theirs = (set(own - other) for own, other in (forms, reversed(forms)))
    if bool(ours - JOINTS) == bool(theirs - JOINTS):
        return
    side, one, changed = (0, a, ours) if ours - JOINTS else (1, b, theirs)
    sense = 1 if side == 1 else -1
    if changed & NARROWING and not changed & WIDENING:
        yield -sense
    elif changed and not changed & NARROWING and (changed & WIDENING or _are_alternatives(reader, side, one)):
        yield sense


def _are_alternatives(reader: Reader, side: int, definition: Definition) -> bool:
    """Whether all changed words stand in acts, means or purposes of which one suffices ("force, fraud, deception or …")."""
    lists = [e for e in definition.elements if e.role in ALTERNATIVES and " or " in e.text]
    return all(any(e.start <= at < e.end for e in lists) for at in _changed_places(reader, side, definition))


def _changed_forms(reader: Reader, side: int, definition: Definition) -> Iterator[str]:
    return (word.form for word in _changed_words(reader, side, definition))


def _changed_places(reader: Reader, side: int, definition: Definition) -> Iterator[int]:
    return (word.start for word in _changed_words(reader, side, definition))


def _changed_words(reader: Reader, side: int, definition: Definition) -> Iterator[Word]:
    words = (reader.wording.left, reader.wording.right)[side]
    span = whole(definition)
    for run in reader.wording.runs:
        if not run.same:
            low, high = (run.left, run.right)[side]
            yield from (w for w in words[low:high] if span.start <= w.start < span.end)
