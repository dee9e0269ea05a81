"""spaCy components: `nlp.add_pipe("lexframe_definitions")` and its fellows, in a pipeline and with a model of the user's own.

Findings are those of the service: passages are read with Lexframe's own tagger and parser, whatever model the pipeline has.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import SimpleFrozenList

from corpora.readers.title import title_of
from lexframe import analysis
from lexframe.attributes import keep, kept, register, spans
from nlp.codebook import codebook
from nlp.definitions.find import find_definitions
from nlp.elements import find_elements
from nlp.framing import weighed
from nlp.provisions import label_passages
from nlp.references import find_references
from nlp.statements.find import find_statements
from nlp.weighing import Weights

DEFINITIONS, STATEMENTS, REFERENCES, PROVISIONS = (
    "lexframe_definitions",
    "lexframe_statements",
    "lexframe_references",
    "lexframe_provisions",
)
register()


class NeedsDefinitions(ValueError):
    """`lexframe_statements` needs what `lexframe_definitions` finds: a modal word inside a definition binds nobody. Add it before."""


class OtherModels(UserWarning):
    """The pipeline was saved with other models than those that are installed; its findings may differ."""


class Component:
    """What the four share: a pipeline saves them with the digests of the models, and says so when it is loaded with others."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        raise NotImplementedError

    def to_bytes(self, *, exclude: Iterable[str] = SimpleFrozenList()) -> bytes:
        """The digests of the models."""
        return json.dumps(analysis.digests(), sort_keys=True).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = SimpleFrozenList()) -> Component:
        """Warns (OtherModels) where the models are others than when the pipeline was saved."""
        if json.loads(data) != analysis.digests():
            warnings.warn(OtherModels.__doc__ or "", OtherModels, stacklevel=2)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> None:
        """Writes the digests of the models."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "models.json").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> Component:
        """As `from_bytes`, from a folder."""
        return self.from_bytes((Path(path) / "models.json").read_bytes())


class Definitions(Component):
    """Terms with what defines them, and the elements of trafficking offences that define no term."""

    def __call__(self, doc: Doc) -> Doc:
        reading = analysis.read(doc.text)
        passages = reading.structure.passages
        definitions = find_definitions(doc.text, passages, reading.docs, reading.structure.units)
        definitions, elements = find_elements(doc.text, passages, definitions)
        keep(doc, DEFINITIONS, definitions)
        keep(doc, "lexframe_elements", elements)
        spans(doc, DEFINITIONS, [(d.term.start, d.term.end, d.form, f"{DEFINITIONS}:{i}") for i, d in enumerate(definitions)])
        spans(doc, "lexframe_elements", [(e.start, e.end, e.role, f"lexframe_elements:{i}") for i, e in enumerate(elements)])
        return doc


class Statements(Component):
    """Obligations, prohibitions, permissions, rights and exemptions; raises NeedsDefinitions."""

    def __call__(self, doc: Doc) -> Doc:
        definitions = kept(doc, DEFINITIONS)
        if definitions is None:
            raise NeedsDefinitions(NeedsDefinitions.__doc__)
        reading = analysis.read(doc.text)
        found = find_statements(doc.text, reading.structure.passages, reading.docs, definitions)
        keep(doc, STATEMENTS, found)
        spans(doc, STATEMENTS, [(s.trigger.start, s.trigger.end, s.type, f"{STATEMENTS}:{i}") for i, s in enumerate(found)])
        return doc


class References(Component):
    """Citations of other provisions and, with `catalogue`, of works that Lexframe knows."""

    def __init__(self, name: str, catalogue: bool) -> None:
        super().__init__(name)
        self.catalogue = catalogue

    def __call__(self, doc: Doc) -> Doc:
        names = analysis.work_names() if self.catalogue else lambda name: None
        found = find_references(doc.text, analysis.structure_of(doc.text), names)
        keep(doc, REFERENCES, found)
        labels = ["internal" if r.target else "external" for r in found]
        spans(doc, REFERENCES, [(r.start, r.end, labels[i], f"{REFERENCES}:{i}") for i, r in enumerate(found)])
        return doc


class Provisions(Component):
    """Framing, victim provisions and the four Ps of each block; with `evidence`, the phrases that carry each label.

    The title that the model reads is `doc._.lexframe_title`, else what the text begins with. Where `lexframe_statements` ran before,
    blocks have their weight in the framing of the document.
    """

    def __init__(self, name: str, evidence: bool) -> None:
        super().__init__(name)
        self.evidence = evidence

    def __call__(self, doc: Doc) -> Doc:
        reading = analysis.read(doc.text)
        passages = reading.structure.passages
        title = doc._.lexframe_title or title_of(doc.text, None) or doc.text.strip().partition("\n")[0]
        blocks = label_passages(
            passages, reading.docs, title=title, labeller=analysis.labeller(), codebook=codebook(), evidence=self.evidence
        )
        statements = kept(doc, STATEMENTS)
        if statements is not None:
            blocks = weighed(passages, blocks, statements, Weights())
        keep(doc, PROVISIONS, blocks)
        spans(doc, PROVISIONS, [(b.start, b.end, b.framing, f"{PROVISIONS}:{i}") for i, b in enumerate(blocks)])
        return doc


@Language.factory(DEFINITIONS, assigns=["doc.spans", "doc._.lexframe_definitions", "doc._.lexframe_elements"])
def definitions(nlp: Language, name: str) -> Definitions:
    """Needs nothing but the text."""
    return Definitions(name)


@Language.factory(STATEMENTS, requires=["doc._.lexframe_definitions"], assigns=["doc.spans", "doc._.lexframe_statements"])
def statements(nlp: Language, name: str) -> Statements:
    """Needs the definitions, from `lexframe_definitions` or a component of the user's own."""
    return Statements(name)


@Language.factory(REFERENCES, assigns=["doc.spans", "doc._.lexframe_references"], default_config={"catalogue": True})
def references(nlp: Language, name: str, catalogue: bool) -> References:
    """Needs nothing but the text."""
    return References(name, catalogue)


@Language.factory(PROVISIONS, assigns=["doc.spans", "doc._.lexframe_provisions"], default_config={"evidence": True})
def provisions(nlp: Language, name: str, evidence: bool) -> Provisions:
    """Needs nothing but the text."""
    return Provisions(name, evidence)


def component_names() -> tuple[str, ...]:
    """The components in the order in which a pipeline has them."""
    return DEFINITIONS, STATEMENTS, REFERENCES, PROVISIONS
