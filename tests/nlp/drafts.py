"""Documents for tests of comparison: real structure and syntax, labels by a table of words instead of a model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Doc

from nlp.definitions.find import find_definitions
from nlp.elements import find_elements
from nlp.framing import frame_document, weighed
from nlp.references import find_references
from nlp.statements.find import find_statements
from nlp.structure.find import find_structure
from nlp.syntax import parse
from nlp.types import AnnotatedDocument, Block, Framing, Passage, Provenance, Source
from nlp.weighing import Weights
from tests.nlp.parsed import syntax

SIGNS = {
    "crime.punishment": ("offence", "offences", "penalties", "imprisonment", "criminal"),
    "rights.victims": ("victims", "victim"),
    "rights.language": ("rights", "dignity"),
}
PIPELINE = Provenance("drafts", "1", ("structure",), {})


def drafted(text: str, *, read: bool = False) -> AnnotatedDocument:
    """A document of this text. With `read`, its sentences are parsed, so that it has statements, definitions and elements."""
    structure = find_structure(text)
    blocks = tuple(_block(passage) for passage in structure.passages)
    definitions, elements, statements = _findings(text, structure.passages, structure.units) if read else ((), (), ())
    blocks = weighed(structure.passages, blocks, statements, Weights())
    return AnnotatedDocument(
        source=Source("0" * 64, "text/plain", "en"),
        pipeline=PIPELINE,
        text=text,
        status="annotated",
        framing=frame_document(structure.passages, blocks, statements),
        units=structure.units,
        blocks=blocks,
        definitions=definitions,
        elements=elements,
        statements=statements,
        references=find_references(text, structure, lambda _: None) if read else (),
    )


@cache
def _parsed(text: str) -> Doc:
    return next(iter(parse(syntax(), [text])))


def _findings(text, passages, units):  # type: ignore[no-untyped-def]
    docs = [_parsed(p.text) for p in passages]
    definitions = find_definitions(text, passages, docs, units)
    definitions, elements = find_elements(text, passages, definitions)
    return definitions, elements, find_statements(text, passages, docs, definitions)


def _block(passage: Passage) -> Block:
    words = set(passage.text.casefold().replace(",", " ").replace(".", " ").replace(";", " ").split())
    found = {label: 0.9 for label, signs in SIGNS.items() if words & set(signs)}
    crime, rights = (any(label.startswith(side) for label in found) for side in ("crime", "rights"))
    framing = Framing.HYBRID if crime and rights else Framing.CRIME if crime else Framing.RIGHTS if rights else Framing.NEUTRAL
    victim = {"assistance": 0.9} if words & {"assistance", "shelter"} else {}
    return Block(passage.unit, passage.start, passage.end, framing, found, victim)


def article(number: int, heading: str, paragraphs: Sequence[str]) -> str:
    """An article with numbered paragraphs."""
    return "\n".join([f"Article {number}", heading, *(f"{n}. {words}" for n, words in enumerate(paragraphs, 1)), ""])
