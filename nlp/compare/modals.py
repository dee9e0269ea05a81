"""Changes that show in the words alone, where the other side's statement, condition or exception was not recognised as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.compare.reader import Reader, said
from nlp.compare.texts import Word
from nlp.compare.types import Change, ChangeKind
from nlp.types import Statement, StatementType, quote

MODALS = {
    ("shall",): StatementType.OBLIGATION,
    ("must",): StatementType.OBLIGATION,
    ("may",): StatementType.PERMISSION,
    ("shall", "not"): StatementType.PROHIBITION,
    ("must", "not"): StatementType.PROHIBITION,
    ("may", "not"): StatementType.PROHIBITION,
}
CONDITIONS = (("provided", "that"), ("provided",), ("if",), ("only", "if"), ("on", "condition", "that"), ("so", "long", "as"), ("where",))
EXCEPTIONS = (("unless",), ("except",), ("save",), ("with", "the", "exception", "of"), ("other", "than"))
LEAST_WORDS = 4
SURE = 0.8


def turned(reader: Reader, side: int, statement: Statement) -> Change | None:
    """A statement whose modal verb became another one (`shall` → `may`), though the other side's was not recognised."""
    facing = reader.wording.opposite(side, statement.trigger.start)
    if facing is None or not reader.changed(side, statement.trigger):
        return None
    there = quote(reader.texts[1 - side], *facing)
    kind = MODALS.get(reader.forms(1 - side, there))
    if kind is None or kind is statement.type:
        return None
    values = (statement.type.value, kind.value) if side == 0 else (kind.value, statement.type.value)
    quotes = (statement.trigger, there) if side == 0 else (there, statement.trigger)
    return Change(ChangeKind.TYPE_CHANGED, said(statement), *values, *quotes, SURE)


def unheard(reader: Reader, left: Sequence[Statement], right: Sequence[Statement]) -> Iterator[Change]:
    """Words that were inserted or deleted, open like a condition or exception, and belong to none that was recognised."""
    for run in reader.wording.runs:
        for side, statements in ((0, left), (1, right)):
            words = (reader.wording.left, reader.wording.right)[side]
            here, there = (run.left, run.right) if side == 0 else (run.right, run.left)
            alone = not run.same and here[1] - here[0] >= LEAST_WORDS and there[1] == there[0]
            if alone and (found := _opened(words[here[0] : here[1]])) and (change := _told(reader, side, statements, found)):
                yield change


def _opened(words: Sequence[Word]) -> tuple[bool, int, int] | None:
    """Whether words open like an exception (or else a condition), and where they stand; None where they do neither."""
    forms = tuple(word.form for word in words)
    for is_exception, openers in ((False, CONDITIONS), (True, EXCEPTIONS)):
        if any(forms[: len(opener)] == opener for opener in openers):
            return is_exception, words[0].start, words[-1].end
    return None


def _told(reader: Reader, side: int, statements: Sequence[Statement], found: tuple[bool, int, int]) -> Change | None:
    is_exception, start, end = found
    heard = [s for one in statements for s in (*one.conditions, *one.exceptions, *one.softeners)]
    before = [one for one in statements if one.trigger.start < end]
    if not before or any(s.start < end and start < s.end for s in heard):
        return None
    span = quote(reader.texts[side], start, end)
    dropped, added = (
        (ChangeKind.EXCEPTION_DROPPED, ChangeKind.EXCEPTION_ADDED)
        if is_exception
        else (ChangeKind.CONDITION_DROPPED, ChangeKind.CONDITION_ADDED)
    )
    about = said(max(before, key=lambda one: one.trigger.start))
    if side == 0:
        return Change(dropped, about, span.text, None, span, None, SURE)
    return Change(added, about, None, span.text, None, span, SURE)
