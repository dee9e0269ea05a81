"""One side of a comparison: a document with what was found in each of its blocks at hand."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from nlp.compare.citations import citations
from nlp.compare.texts import Provision, Word, provisions
from nlp.compare.types import Head, Place
from nlp.types import AnnotatedDocument, Definition, Element, Statement


@dataclass(frozen=True, slots=True)
class Side:
    """A document, its provisions, and its findings by the index of their block."""

    document: AnnotatedDocument
    provisions: tuple[Provision, ...]
    statements: dict[int, list[Statement]] = field(default_factory=dict)
    definitions: dict[int, list[Definition]] = field(default_factory=dict)
    elements: dict[int, list[Element]] = field(default_factory=dict)
    citations: dict[int, str] = field(default_factory=dict)

    def words(self, indices: Iterable[int]) -> list[Word]:
        """The words of some provisions, in the order of the text; a caption that stands with others says nothing of its own."""
        found = [self.provisions[i] for i in sorted(indices)]
        return [word for one in found if not one.is_caption or all(other.is_caption for other in found) for word in one.words]

    def cited(self, words: Iterable[Word]) -> list[Word]:
        """Words as they bear on the meaning: of a citation not which number it has, nor that it is "of this section"."""
        said = ((word, self.citations.get(word.start, word.form)) for word in words)
        return [replace(word, form=form) for word, form in said if form]

    def place(self, index: int) -> Place:
        """A provision as a comparison shows it."""
        block, found = self.document.blocks[index], self.provisions[index]
        text = self.document.text[block.start : block.end]
        return Place(index, block.unit, found.label, found.heading or None, block.start, block.end, text, block.framing)

    def head(self) -> Head:
        """Which document it is."""
        source = self.document.source
        return Head(source.sha256, source.title, self.document.framing, len(self.provisions))


def side_of(document: AnnotatedDocument) -> Side:
    """A document made ready to be compared."""
    starts = [block.start for block in document.blocks]
    statements: dict[int, list[Statement]] = defaultdict(list)
    definitions: dict[int, list[Definition]] = defaultdict(list)
    elements: dict[int, list[Element]] = defaultdict(list)
    for statement in document.statements:
        statements[_block(starts, statement.trigger.start)].append(statement)
    for definition in document.definitions:
        definitions[_block(starts, definition.term.start)].append(definition)
    for element in document.elements:
        elements[_block(starts, element.start)].append(element)
    return Side(document, provisions(document), dict(statements), dict(definitions), dict(elements), citations(document))


def _block(starts: Sequence[int], at: int) -> int:
    return max(bisect_right(starts, at) - 1, 0)
