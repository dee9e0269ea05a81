"""Text in, annotated document out: read this file first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.language import Language

from models.labeller import Labeller, load_labeller
from models.manifest import verify
from nlp.codebook import Codebook, codebook
from nlp.codings import Coder, frame_codings, load_coder
from nlp.definitions.find import find_definitions
from nlp.definitions.uses import find_uses
from nlp.elements import find_elements
from nlp.framing import frame_document, weighed
from nlp.provisions import label_passages
from nlp.references import find_references
from nlp.reuse import NOTHING, earlier, title_of
from nlp.statements.expand import expand_statements
from nlp.statements.find import find_statements
from nlp.structure.find import find_structure
from nlp.syntax import load_syntax, parse
from nlp.trained import Trained
from nlp.types import AnnotatedDocument, DocumentFraming, Framing, Provenance, Source
from nlp.weighing import Weights
from nlp.wire import check_quotes, to_json

VERSION = "0.1.0"
COMPONENTS = ("structure", "syntax", "definitions", "elements", "statements", "references", "provisions", "framing")
WEIGHTS = Path(__file__).parents[1] / "models" / "weights"
UNSUPPORTED = "unsupported_language"

Stage = Callable[[str], None]
WorkNames = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Annotator:
    """The loaded pipeline. Calling it is a pure function of text and source; one annotator may not be shared between threads."""

    syntax: Language
    labeller: Labeller
    codebook: Codebook
    work_names: WorkNames
    provenance: Provenance
    coders: tuple[Coder, ...] = ()

    def __call__(
        self, text: str, source: Source, stage: Stage = lambda name: None, before: AnnotatedDocument | None = None
    ) -> AnnotatedDocument:
        """Every layer of the annotated document; `stage` hears the name of each step as it begins.

        From `before`, an earlier version, labels are taken over for blocks that say the same in the same context.
        """
        if source.language != "en":
            return _kept(text, source, self.provenance)
        stage("structure")
        structure = find_structure(text)
        passages = structure.passages
        stage("syntax")
        docs = list(parse(self.syntax, [p.text for p in passages]))
        stage("statements")
        definitions = find_definitions(text, passages, docs, structure.units)
        definitions, elements = find_elements(text, passages, definitions)
        statements = find_statements(text, passages, docs, definitions)
        references = find_references(text, structure, self.work_names)
        stage("provisions")
        title, known = title_of(text, source.title), earlier(before, self.provenance) if before else NOTHING
        blocks = label_passages(
            passages, docs, title=title, labeller=self.labeller, codebook=self.codebook, known=known.block, coders=self.coders
        )
        stage("framing")
        blocks = weighed(passages, blocks, statements, Weights())
        return checked(
            AnnotatedDocument(
                source=source,
                pipeline=self.provenance,
                text=text,
                status="annotated",
                framing=frame_document(passages, blocks, statements, units=structure.units),
                units=structure.units,
                blocks=blocks,
                definitions=definitions,
                elements=elements,
                statements=statements,
                expansions=expand_statements(text, passages, statements),
                references=references,
                uses=find_uses(text, definitions, structure),
                codings=frame_codings(blocks, self.coders),
                warnings=structure.warnings,
            )
        )


def load_annotator(
    work_names: WorkNames = lambda name: None, weights: Path = WEIGHTS, codebooks: Sequence[Trained] = (), model: Path | None = None
) -> Annotator:
    """Loads models and rules once; `work_names` gives the work id for the name of an instrument. Raises ModelDamaged.

    `codebooks` are trained ones, chosen for this model, which are read beside the shipped one; `model` is the folder of a provision
    model that takes the place of the one in `weights`.
    """
    labeller = load_labeller(model or weights / "provisions")
    coders = tuple(map(load_coder, codebooks))
    digests = {"provisions": labeller.digest, "syntax": verify(weights / "syntax")}
    digests |= {f"codebook:{coder.codebook.name}": coder.digest for coder in coders}
    provenance = Provenance("lexframe", VERSION, COMPONENTS, digests)
    with_heads = replace(labeller, heads=tuple(coder.heads for coder in coders))
    return Annotator(load_syntax(weights / "syntax"), with_heads, codebook(), work_names, provenance, coders)


def checked(document: AnnotatedDocument) -> AnnotatedDocument:
    """The document itself, once every quote was held against the text; raises MisplacedQuote."""
    check_quotes(to_json(document))
    return document


def _kept(text: str, source: Source, provenance: Provenance) -> AnnotatedDocument:
    """A text that the models were not made for: kept, said so, and not labelled."""
    nothing = DocumentFraming(Framing.NEUTRAL, {"crime": 0.0, "rights": 0.0}, {f.value: 0 for f in Framing})
    warning = f"the text is not English ({source.language}) and was not annotated"
    return AnnotatedDocument(source=source, pipeline=provenance, text=text, status=UNSUPPORTED, framing=nothing, warnings=(warning,))
