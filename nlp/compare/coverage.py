"""Tables over a set of instruments: which victim provisions each makes, how firmly, and how each defines trafficking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp.compare.sides import Side, side_of
from nlp.types import AnnotatedDocument, BearerClass, Element, ElementRole, Span, Statement, StatementType, Strength, quote

MOST_PLACES = 3
PEOPLE = (BearerClass.VICTIM, BearerClass.ANYONE)


class Form(StrEnum):
    """The firmest form in which something is provided; from the firmest to none."""

    MANDATORY = "mandatory"
    QUALIFIED = "qualified"
    HORTATORY = "hortatory"
    ABSENT = "absent"


FIRMNESS = {form: n for n, form in enumerate(Form)}


@dataclass(frozen=True, slots=True)
class Provided:
    """A place that provides for something: its label, its words, and how firmly."""

    label: str
    quote: Span
    form: Form
    conditional: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one instrument says on one row: the firmest form, whether all of it is conditional, how often, and the firmest places."""

    form: Form
    conditional: bool
    count: int
    places: tuple[Provided, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Victim-provision types (rows) by instruments (columns)."""

    types: tuple[str, ...]
    cells: Mapping[str, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Defined:
    """Elements of trafficking (rows) by instruments (columns): the words of each, in the order of the text."""

    elements: Mapping[str, tuple[tuple[Span, ...], ...]]


def coverage(documents: Sequence[AnnotatedDocument], types: Sequence[str] = ()) -> Coverage:
    """The table of victim provisions; rows are `types`, then whatever else was found."""
    rows = [_provided(side_of(document)) for document in documents]
    names = tuple(dict.fromkeys([*types, *sorted({name for row in rows for name in row})]))
    return Coverage(names, {name: tuple(_cell(row.get(name, [])) for row in rows) for name in names})


def definition_table(documents: Sequence[AnnotatedDocument]) -> Defined:
    """The table of elements, from definitions and offences alike; the same words in one text are told once."""
    return Defined({role.value: tuple(tuple(_elements(document, role)) for document in documents) for role in ElementRole})


def _provided(side: Side) -> dict[str, list[Provided]]:
    found: dict[str, list[Provided]] = {}
    lent = _lent(side.document.statements)
    for i, block in enumerate(side.document.blocks):
        if block.victim:
            form = _form([*side.statements.get(i, []), *lent.get(block.unit, [])])
            words = quote(side.document.text, block.start, block.end)
            for name in block.victim:
                found.setdefault(name, []).append(Provided(side.provisions[i].label, words, form, block.conditional))
    return found


def _lent(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    """The statements of chapeaux, by the units of their items."""
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        for unit in statement.items:
            found.setdefault(unit, []).append(statement)
    return found


def _form(statements: Sequence[Statement]) -> Form:
    """The firmest of some statements. Words that bind nobody exhort at most; so does what an authority may do but need not."""
    return min((_form_of(s) for s in statements), key=FIRMNESS.__getitem__, default=Form.HORTATORY)


def _form_of(statement: Statement) -> Form:
    discretion = statement.type is StatementType.PERMISSION and statement.bearer_class not in PEOPLE
    return Form.HORTATORY if discretion else Form(Strength(statement.strength).value)


def _cell(found: Sequence[Provided]) -> Cell:
    if not found:
        return Cell(Form.ABSENT, False, 0, ())
    ranked = sorted(found, key=lambda one: (FIRMNESS[one.form], one.conditional, one.quote.start))
    return Cell(ranked[0].form, all(one.conditional for one in found), len(found), tuple(ranked[:MOST_PLACES]))


def _elements(document: AnnotatedDocument, role: ElementRole) -> Iterator[Span]:
    said: set[str] = set()
    every: list[Element] = [*(e for d in document.definitions for e in d.elements), *document.elements]
    for element in sorted((e for e in every if e.role is role), key=lambda e: e.start):
        words = " ".join(element.text.casefold().split())
        if words not in said:
            said.add(words)
            yield Span(element.start, element.end, element.text)
