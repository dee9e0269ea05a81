"""An annotated document that has its structure and nothing else: what alignment needs, without a model."""

from __future__ import annotations

import hashlib

from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument, Block, DocumentFraming, Framing, Provenance, Source


def structured(text: str) -> AnnotatedDocument:
    """The units of a text, and a neutral block for each of its passages."""
    structure = find_structure(text)
    blocks = tuple(Block(p.unit, p.start, p.end, Framing.NEUTRAL) for p in structure.passages)
    framing = DocumentFraming(Framing.NEUTRAL, {"crime": 0.0, "rights": 0.0}, {f.value: 0 for f in Framing})
    source = Source(hashlib.sha256(text.encode()).hexdigest(), "text/plain", "en")
    made = Provenance("structure", "1", ("structure",), {})
    return AnnotatedDocument(source, made, text, "annotated", framing, units=structure.units, blocks=blocks)
