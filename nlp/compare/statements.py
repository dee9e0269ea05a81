"""What a change of words does to who must, may or may not do what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from rapidfuzz.distance import Indel

from nlp.compare.assign import assign
from nlp.compare.modals import turned, unheard
from nlp.compare.reader import Reader, added, dropped, said, sure
from nlp.compare.types import Change, ChangeKind
from nlp.compare.wording import LINKS
from nlp.types import Span, Statement, Strength

FIRMNESS = {Strength.HORTATORY: 0, Strength.QUALIFIED: 1, Strength.MANDATORY: 2}
LEAST, TOUCHED, GONE, MANY = 0.3, 0.34, 0.5, 32
ENDING = re.compile(r"(?<=\w\w\w)(?:ing|ed|es|s|e)$")
PARTIES = re.compile(r"(?:each |every |all |any )?(?:(?:high )?contracting |states? )?part(?:y|ies)|(?:each |all )?contracting states?")
Spans = Sequence[Span]


def statement_changes(reader: Reader, left: Sequence[Statement], right: Sequence[Statement]) -> Iterator[Change]:
    """The changes between the statements of a pair; only what the change of words bears out is told."""
    matched = assign({(i, j): _likeness(reader, left[i], right[j]) - LEAST for i, j in _near(len(left), len(right))})
    for i, j in sorted(matched.items()):
        yield from _between(reader, left[i], right[j])
    for i, statement in enumerate(left):
        if i not in matched and (touched := _alone(reader, 0, statement, right)) >= TOUCHED:
            yield turned(reader, 0, statement) or dropped(statement, sure(touched))
    taken = set(matched.values())
    for j, statement in enumerate(right):
        if j not in taken and (touched := _alone(reader, 1, statement, left)) >= TOUCHED:
            yield turned(reader, 1, statement) or added(statement, sure(touched))
    yield from unheard(reader, left, right)


def _near(ours: int, theirs: int) -> Iterator[tuple[int, int]]:
    """All couples; where there are very many statements, those of like rank."""
    if ours * theirs <= MANY * MANY:
        yield from product(range(ours), range(theirs))
        return
    for i in range(ours):
        middle = i * theirs // ours
        yield from ((i, j) for j in range(max(0, middle - MANY // 2), min(theirs, middle + MANY // 2)))


def _likeness(reader: Reader, a: Statement, b: Statement) -> float:
    facing = reader.wording.opposite(0, a.trigger.start)
    meets = facing is not None and facing[0] <= b.trigger.start < max(facing[1], facing[0] + 1)
    return 0.45 * reader.alike(a.action, b.action) + 0.1 * reader.alike(a.bearer, b.bearer) + 0.1 * (a.type is b.type) + 0.35 * meets


def _between(reader: Reader, a: Statement, b: Statement) -> Iterator[Change]:
    about = said(b)
    if (kind := _force_change(a, b)) and (touched := _force_touched(reader, a, b)):
        before, after = (a.type.value, b.type.value) if kind is ChangeKind.TYPE_CHANGED else (a.strength.value, b.strength.value)
        ours, theirs = (a.trigger, b.trigger) if kind is ChangeKind.TYPE_CHANGED else (_softened(a), _softened(b))
        yield Change(kind, about, before, after, ours, theirs, sure(touched))
    if not _same_bearer(reader, a, b) and (touched := reader.touched(a.bearer, b.bearer)):
        surely = sure(touched) if a.bearer and b.bearer else round(0.5 * sure(touched), 2)
        yield Change(ChangeKind.BEARER_CHANGED, about, _words(a.bearer), _words(b.bearer), a.bearer, b.bearer, surely)
    yield from _listed(reader, about, (a.conditions, b.conditions), (ChangeKind.CONDITION_DROPPED, ChangeKind.CONDITION_ADDED))
    yield from _listed(reader, about, (a.exceptions, b.exceptions), (ChangeKind.EXCEPTION_DROPPED, ChangeKind.EXCEPTION_ADDED))
    if touched := _action_touched(reader, a, b):
        yield Change(ChangeKind.ACTION_CHANGED, about, None, None, a.action, b.action, sure(touched))


def _force_change(a: Statement, b: Statement) -> ChangeKind | None:
    if a.type is not b.type:
        return ChangeKind.TYPE_CHANGED
    step = FIRMNESS[b.strength] - FIRMNESS[a.strength]
    return None if step == 0 else ChangeKind.STRENGTH_RAISED if step > 0 else ChangeKind.STRENGTH_LOWERED


def _force_touched(reader: Reader, a: Statement, b: Statement) -> float:
    """How far the modal words differ, or a softener stands on one side alone; one that is only worded otherwise softens still."""
    softeners = [reader.changed(side, s) for side, one in enumerate((a, b)) for s in one.softeners]
    return max(reader.touched(a.trigger, b.trigger), *(touched if touched >= GONE else 0.0 for touched in softeners), 0.0)


def _softened(statement: Statement) -> Span:
    return statement.softeners[0] if statement.softeners else statement.trigger


def _same_bearer(reader: Reader, a: Statement, b: Statement) -> bool:
    """Whether it falls on the same ones: "each State Party" of one treaty is "the Parties" of another."""
    ours, theirs = (" ".join(reader.forms(side, one.bearer)) for side, one in enumerate((a, b)))
    return ours == theirs or all(PARTIES.fullmatch(words) for words in (ours, theirs))


def _listed(reader: Reader, about: str, spans: tuple[Spans, Spans], kinds: tuple[ChangeKind, ChangeKind]) -> Iterator[Change]:
    """Conditions or exceptions that one side alone has."""
    matched = assign({(i, j): reader.alike(x, y) - 0.4 for i, x in enumerate(spans[0]) for j, y in enumerate(spans[1])})
    for i, span in enumerate(spans[0]):
        if i not in matched and (touched := reader.changed(0, span)) >= TOUCHED:
            yield Change(kinds[0], about, span.text, None, span, None, sure(touched))
    for j, span in enumerate(spans[1]):
        if j not in matched.values() and (touched := reader.changed(1, span)) >= TOUCHED:
            yield Change(kinds[1], about, None, span.text, None, span, sure(touched))


def _action_touched(reader: Reader, a: Statement, b: Statement) -> float:
    """How far the words of the action differ that are no condition, exception, softener or link; 0 where they say the same.

    Words in another order, numbers, and other spellings of a word are no other action, nor is another who does it ("is kept by …").
    """
    if a.action is None or b.action is None:
        return 0.0
    ours, theirs = _own_words(reader, 0, a), _own_words(reader, 1, b)
    gone, new = ours - theirs, theirs - ours
    for word in [w for w in gone if any(_spelt(w, v) for v in new)]:
        gone.pop(word)
    for word in [w for w in new if any(_spelt(w, v) for v in ours)]:
        new.pop(word)
    total = max(ours.total(), theirs.total())
    return max(gone.total(), new.total()) / total if total else 0.0


def _own_words(reader: Reader, side: int, statement: Statement) -> Counter[str]:
    assert statement.action is not None
    others = [*statement.conditions, *statement.exceptions, *statement.softeners, *([statement.bearer] if statement.bearer else [])]
    words = reader.words(side, statement.action)
    telling = (w for w in words if w.form not in LINKS and not any(c.isdigit() for c in w.form) and len(w.form) > 1)
    return Counter(w.form for w in telling if not any(s.start <= w.start < s.end for s in others))


def _spelt(one: str, other: str) -> bool:
    """Whether two words look like one word in two spellings, numbers or forms of a verb."""
    if min(len(one), len(other)) <= 3:
        return False
    return ENDING.sub("", one) == ENDING.sub("", other) or Indel.normalized_similarity(one, other) >= 0.85


def _alone(reader: Reader, side: int, statement: Statement, others: Sequence[Statement]) -> float:
    """How far a statement as a whole stands only on its side; 0 where the other side makes the same, which is said twice here."""
    own = _wording(reader, side, statement)
    if any(own == _wording(reader, 1 - side, other) for other in others):
        return 0.0
    parts = [reader.changed(side, span) for span in (statement.trigger, statement.action) if span]
    return sum(parts) / len(parts)


def _wording(reader: Reader, side: int, statement: Statement) -> tuple[tuple[str, ...], ...]:
    return tuple(reader.forms(side, span) for span in (statement.bearer, statement.trigger, statement.action))


def _words(span: Span | None) -> str | None:
    return span.text if span else None
