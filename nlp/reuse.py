"""Results of an earlier version, taken over where a block says the same in the same context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.encoder import Pair
from nlp.provisions import read_with
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument, Block, Evidence, Passage, Provenance


@dataclass(frozen=True, slots=True)
class Earlier:
    """The blocks of an earlier annotation, by what the model read for each."""

    blocks: Mapping[Pair, Block]

    def block(self, pair: Pair, passage: Passage) -> Block | None:
        """The result for these very words in this very context, moved to where they stand now; None where there is none."""
        known = self.blocks.get(pair)
        if known is None:
            return None
        evidence = tuple(_moved(one, passage.start - known.start) for one in known.evidence)
        by = passage.start - known.start
        codings = tuple(replace(c, evidence=tuple(_moved(one, by) for one in c.evidence)) for c in known.codings)
        here = replace(known, unit=passage.unit, start=passage.start, end=passage.end, weight=0.0)
        return replace(here, evidence=evidence, codings=codings)


NOTHING = Earlier({})


def earlier(document: AnnotatedDocument, pipeline: Provenance) -> Earlier:
    """What can be taken over from a document: nothing from another pipeline's, or where the structure is not found as it was."""
    passages = find_structure(document.text).passages
    same = [(p.start, p.end) for p in passages] == [(b.start, b.end) for b in document.blocks]
    if document.pipeline != pipeline or not same:
        return NOTHING
    title = title_of(document.text, document.source.title)
    return Earlier({read_with(passages, n, title): block for n, block in enumerate(document.blocks)})


def title_of(text: str, said: str | None) -> str:
    """The title that blocks are read with: the one that was given, else the first line."""
    return said or text.strip().partition("\n")[0]


def _moved(evidence: Evidence, by: int) -> Evidence:
    return replace(evidence, start=evidence.start + by, end=evidence.end + by)
