"""The annotated document, as frozen values.

Every offset here, and everywhere in Lexframe, is a half-open range of Unicode code points into the document's stored text:
`text[start:end]` is the quoted matter. A `Span` that does not lie in its text, or whose words differ from it, cannot be built by `quote`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Indicator(StrEnum):
    """The eight framing hallmarks, four for each framework (Lee 2016; codebook section 1)."""

    CRIME_PERPETRATORS = "crime.perpetrators"
    CRIME_PUNISHMENT = "crime.punishment"
    CRIME_ENFORCEMENT = "crime.enforcement"
    CRIME_DEFINITION = "crime.definition"
    RIGHTS_VICTIMS = "rights.victims"
    RIGHTS_RECOVERY = "rights.recovery"
    RIGHTS_SERVICES = "rights.services"
    RIGHTS_LANGUAGE = "rights.language"


class Framing(StrEnum):
    """Which framework a block or a document speaks for."""

    CRIME = "crime"
    RIGHTS = "rights"
    HYBRID = "hybrid"
    NEUTRAL = "neutral"


class StatementType(StrEnum):
    """What a deontic statement does (codebook section 4)."""

    OBLIGATION = "obligation"
    PROHIBITION = "prohibition"
    PERMISSION = "permission"
    RIGHT = "right"
    EXEMPTION = "exemption"


class Strength(StrEnum):
    """How firmly a statement binds (codebook section 4)."""

    MANDATORY = "mandatory"
    QUALIFIED = "qualified"
    HORTATORY = "hortatory"


class BearerClass(StrEnum):
    """Who a statement falls on."""

    STATE = "state"
    AUTHORITY = "authority"
    LAW_ENFORCEMENT = "law_enforcement"
    COURT = "court"
    SERVICE_PROVIDER = "service_provider"
    BUSINESS = "business"
    OFFENDER = "offender"
    VICTIM = "victim"
    INTERNATIONAL_BODY = "international_body"
    ANYONE = "anyone"


class DefinitionForm(StrEnum):
    """How a definition defines (codebook section 5)."""

    MEANS = "means"
    INCLUDES = "includes"
    DEEMING = "deeming"
    REFERENCE = "reference"


class ElementRole(StrEnum):
    """The elements of a definition or offence of trafficking (codebook section 5)."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"
    CONSENT = "consent"
    CHILD = "child"


class PassageRole(StrEnum):
    """What part of an instrument a passage belongs to."""

    TITLE = "title"
    PREAMBLE = "preamble"
    OPERATIVE = "operative"
    ANNEX = "annex"
    EDITORIAL = "editorial"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text, with where they stand."""

    start: int
    end: int
    text: str


class SpanOutsideText(ValueError):
    """A span does not lie inside its text."""


def quote(text: str, start: int, end: int) -> Span:
    """The span of `text[start:end]`; raises SpanOutsideText where the range is empty or leaves the text."""
    if not 0 <= start < end <= len(text):
        raise SpanOutsideText(f"{start}:{end} in a text of {len(text)} characters")
    return Span(start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the instrument's own hierarchy; `id` follows the Akoma Ntoso naming convention, `label` is what a lawyer would write."""

    id: str
    kind: str
    number: str | None
    heading: str | None
    parent: str | None
    start: int
    end: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A block to be coded (a paragraph or list item), with what it has to be read with.

    `headings` are the heading texts above it, outermost first; `leads` are the indices (into the same sequence of passages) of the
    chapeaux that introduce it, outermost first.
    """

    unit: str
    start: int
    end: int
    text: str
    role: PassageRole
    headings: tuple[str, ...] = ()
    leads: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """Units and passages of one text, both in the order of the text; `warnings` name gaps and duplicates of numbering."""

    units: tuple[Unit, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A phrase that carries a label; `weight` is the fall of the label's probability without the phrase's share of its logit (0 to 1)."""

    label: str
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Coding:
    """What a codebook of the user's own says of a block: layer → label → probability, only at or above the label's threshold.

    `framing` is the framework that the labels speak for, `hybrid`, `neutral`, or None where the codebook has no rule of framing.
    """

    codebook: str
    framing: str | None
    labels: Mapping[str, Mapping[str, float]]
    undecided: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A passage with the model's labels: label name → calibrated probability, only at or above the label's threshold.

    `undecided` lists labels of either side of their threshold within the uncertain band, with their probabilities. `weight` is what the
    block counts in the document's framing.
    """

    unit: str
    start: int
    end: int
    framing: Framing
    indicators: Mapping[str, float] = field(default_factory=dict)
    victim: Mapping[str, float] = field(default_factory=dict)
    conditional: bool = False
    four_p: Mapping[str, float] = field(default_factory=dict)
    undecided: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    weight: float = 0.0
    codings: tuple[Coding, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a trafficking definition or offence."""

    unit: str
    role: ElementRole
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and the words that define it; `definiens` is None where the words do not stand in this block."""

    unit: str
    term: Span
    definiens: Span | None
    form: DefinitionForm
    scope: str | None = None
    scope_units: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    exclusions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One deontic statement; spans lie in its block. `items` are the units of list items that complete it (see `Expansion`)."""

    unit: str
    bearer: Span | None
    bearer_class: BearerClass | None
    trigger: Span
    type: StatementType
    strength: Strength
    action: Span | None
    beneficiary: Span | None = None
    conditions: tuple[Span, ...] = ()
    exceptions: tuple[Span, ...] = ()
    softeners: tuple[Span, ...] = ()
    deadline: Span | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """A list item read together with the statement of its chapeau, whose bearer, modal and strength reach it.

    `statement` is an index into the document's statements; `pieces` are the ranges of the text that make up the sentence, in its order;
    `text` is the sentence: the pieces, joined by blanks.
    """

    unit: str
    statement: int
    text: str
    pieces: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation; `target` is a unit id of this document, `work` the id of another instrument; both None where it is unresolved.

    `targets` are all the units that a list or range names ("articles 5 to 8"), in its order, `target` the first of them.
    """

    unit: str
    start: int
    end: int
    text: str
    target: str | None = None
    work: str | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A later use of a defined term inside the definition's scope; `definition` is an index into the document's definitions."""

    start: int
    end: int
    definition: int


@dataclass(frozen=True, slots=True)
class Reweighed:
    """The framing that another weighing of the blocks would give (`nlp.weighing.OTHERWISE`): its rights share and 95 % interval.

    `interval` is None, and `rights` 0, where that weighing leaves no framed block.
    """

    name: str
    label: Framing
    rights: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that an instrument falls into, `unit` being its id: rights share, framed weight, blocks by their framing.

    `rights` is None where nothing in the part is framed.
    """

    unit: str
    rights: float | None
    weight: float
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DocumentFraming:
    """Framing of the whole text: shares of the two frameworks (sum 1, or both 0), counts of blocks, interval of the rights share.

    `sensitivity` is what other weighings would give, `parts` how the framing is spread over the instrument, in its order.
    """

    label: Framing
    scores: Mapping[str, float]
    counts: Mapping[str, int]
    interval: tuple[float, float] | None = None
    profile: Mapping[str, float] = field(default_factory=dict)
    sensitivity: tuple[Reweighed, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentCoding:
    """A codebook of the user's own over the whole text: shares of its frameworks (sum 1, or all 0), and counts of blocks by framing.

    `digest` names the files of the trained codebook; `framing` is None, scores and counts are empty, where it has no rule of framing.
    """

    codebook: str
    version: int
    digest: str
    framing: str | None
    scores: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from. `sha256` is of the original bytes; `warnings` say what the reader left out or guessed.

    `pages` are (start, end) ranges of the text, one a page, empty where the format has none; `notes` are footnotes kept apart.
    """

    sha256: str
    media_type: str
    language: str
    title: str | None = None
    kind: str | None = None
    warnings: tuple[str, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which pipeline made an annotation: version of the program, components in order, digests of the models."""

    name: str
    version: str
    components: tuple[str, ...]
    models: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """Everything that the program says of one text; `nlp.wire` writes it as the JSON of docs/annotations.md."""

    source: Source
    pipeline: Provenance
    text: str
    status: str
    framing: DocumentFraming
    units: tuple[Unit, ...] = ()
    blocks: tuple[Block, ...] = ()
    definitions: tuple[Definition, ...] = ()
    elements: tuple[Element, ...] = ()
    statements: tuple[Statement, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    references: tuple[Reference, ...] = ()
    uses: tuple[Use, ...] = ()
    codings: tuple[DocumentCoding, ...] = ()
    warnings: tuple[str, ...] = ()
