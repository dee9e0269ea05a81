"""Annotated documents as rows of provisions that can be compared: words without their numbering, place, and context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.structure.headings import ANNEXES
from nlp.structure.passages import OPEN_END
from nlp.types import AnnotatedDocument, Unit

WORD = re.compile(r"[^\W_]+(?:[’'‐‑-][^\W_]+)*")
JOINTS = str.maketrans({"’": "'", "-": None, "‐": None, "‑": None})
MARK = re.compile(r"[\s\W_]*([^\W_]+(?:-[^\W_]+)?)(?=[\s\W])[\s)\].:—–-]*")
LIST_END = re.compile(r"[;,]\s*(and|or)\s*$")
CLOSED = re.compile(r"[\W_]+")
CAPTION_END = re.compile(r"\s*[.:]?\s*[—–]\s*|\s*\.\s*--?\s*")
CAPTION = re.compile(r"[^.;:]+\.\s?(?:[—–]|--?)\s*")
# "… of this title.1", but not "No.1"
NOTE = re.compile(r"(?<!No\.)(?<!no\.)(?<!rt\.)(?<!ara\.)(?<!ec\.)(?:(?<=[a-z]{2}[.;,])|(?<=[)\]”\"’][.;,]))\d{1,2}\s*$")
PARTS = frozenset(["preamble", *ANNEXES])


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared (small letters, plain apostrophes, no hyphens), and where it stands in the document."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Provision:
    """A block to be compared.

    `words` leave out its own number, its own caption ("(1) In general.—"), the mark of a footnote at its end, and the "and" or "or" that
    ends a list item, which is kept as `joint`; `citation` is its label without the counting of unnumbered paragraphs; `container` is the
    nearest numbered unit above; `headings` are the words of the headings that it stands under. A block that is a caption and nothing
    else keeps its words.
    """

    index: int
    unit: str
    label: str
    citation: str
    number: str
    parent: str | None
    container: str | None
    heading: str
    start: int
    end: int
    words: tuple[Word, ...]
    joint: str | None
    headings: frozenset[tuple[str, ...]] = frozenset()
    is_caption: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What identical wordings share."""
        return tuple(word.form for word in self.words)


def provisions(document: AnnotatedDocument) -> tuple[Provision, ...]:
    """The blocks of a document as provisions, in order."""
    units = {unit.id: unit for unit in document.units}
    citations: dict[str, str] = {}
    for unit in document.units:
        citations[unit.id] = _citation(unit, units, citations)
    return tuple(_provision(document, i, units, citations) for i in range(len(document.blocks)))


def standings(document: AnnotatedDocument, found: Sequence[Provision]) -> list[tuple[object, ...]]:
    """For each provision what says how much it binds beside its own words: its part of the instrument, and the words of its chapeaux."""
    units = {unit.id: unit for unit in document.units}
    first: dict[str, int] = {}
    for one in found:
        first.setdefault(one.unit, one.index)
    return [_standing(document, found, one, units, first) for one in found]


def _standing(
    document: AnnotatedDocument, found: Sequence[Provision], one: Provision, units: Mapping[str, Unit], first: Mapping[str, int]
) -> tuple[object, ...]:
    leads: list[tuple[str, ...]] = []
    part, item = None, False
    for unit in _above(one.unit, units):
        lead = first.get(unit.id, one.index)
        if lead < one.index and (item or _leads(document.text, found[lead])):
            leads.append(found[lead].key)
        part = unit.kind if unit.kind in PARTS else part
        item = item or unit.number is not None
    return part, *leads


def _leads(text: str, lead: Provision) -> bool:
    return text[lead.start : lead.end].rstrip().endswith(OPEN_END)


def words_of(text: str, start: int, end: int) -> tuple[Word, ...]:
    """The words of a range of a text."""
    return tuple(Word(m[0].casefold().translate(JOINTS), m.start(), m.end()) for m in WORD.finditer(text, start, end))


def _provision(document: AnnotatedDocument, index: int, units: Mapping[str, Unit], citations: Mapping[str, str]) -> Provision:
    block = document.blocks[index]
    chain = list(_above(block.unit, units))
    unit = chain[0] if chain else None
    start, end, joint = _bounds(document.text, block.start, block.end, chain)
    return Provision(
        index=index,
        unit=block.unit,
        label=(unit.label if unit else "") or block.unit,
        citation=citations.get(block.unit, ""),
        number=(unit.number or "") if unit else "",
        parent=unit.parent if unit else None,
        container=next((u.id for u in chain[1:] if u.number), None),
        heading=next((u.heading for u in chain if u.heading), "") or "",
        start=block.start,
        end=block.end,
        words=words_of(document.text, start, end),
        joint=joint,
        headings=frozenset(_forms(u.heading) for u in chain if u.heading),
        is_caption=CAPTION.fullmatch(document.text, start, block.end) is not None,
    )


def _bounds(text: str, start: int, end: int, chain: list[Unit]) -> tuple[int, int, str | None]:
    """Where the words of a block begin and end, and the "and" or "or" that ends it."""
    note = NOTE.search(text, start, end)
    end = note.start() if note else end
    joint = LIST_END.search(text, start, end)
    end = joint.start() if joint else end
    after = _after_number(text, start, end, chain)
    return _after_caption(text, after, end, chain[0].heading if chain else None), end, joint[1] if joint else None


def _after_caption(text: str, start: int, end: int, heading: str | None) -> int:
    """Where the words begin behind "(1) In general.—": elsewhere the same heading stands apart, on a line of its own."""
    own = _forms(heading) if heading else ()
    words = words_of(text, start, end)[: len(own)]
    if not own or tuple(word.form for word in words) != own:
        return start
    sign = CAPTION_END.match(text, words[-1].end, end)
    return sign.end() if sign and sign.end() < end else start


def _forms(words: str) -> tuple[str, ...]:
    return tuple(word.form for word in words_of(words, 0, len(words)))


def _after_number(text: str, start: int, end: int, chain: list[Unit]) -> int:
    """Where the words begin behind "2.—(1)": numbers of the unit and those above it are no words of the provision."""
    numbers = {CLOSED.sub("", unit.number).casefold() for unit in chain if unit.number}
    at = start
    while (mark := MARK.match(text, at, end)) and CLOSED.sub("", mark[1]).casefold() in numbers and mark.end() < end:
        at = mark.end()
    return at


def _above(name: str | None, units: Mapping[str, Unit]) -> Iterator[Unit]:
    """The unit and those above it, innermost first; a chain that bites its tail ends there."""
    seen: set[str] = set()
    while name is not None and name in units and name not in seen:
        seen.add(name)
        yield units[name]
        name = units[name].parent


def _citation(unit: Unit, units: Mapping[str, Unit], known: Mapping[str, str]) -> str:
    """The label in which unnumbered paragraphs are not counted, so that one more before it does not renumber a provision."""
    above = units.get(unit.parent) if unit.parent else None
    if above is None or not unit.label.startswith(above.label):
        return "" if unit.number is None else unit.label
    own = "" if unit.number is None else unit.label.removeprefix(above.label)
    return known.get(above.id, "") + own
