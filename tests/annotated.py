"""An annotated document made by hand: every layer, characters outside the basic plane, and such as markup needs escaped."""

from __future__ import annotations

from nlp.types import (
    AnnotatedDocument,
    BearerClass,
    Block,
    Definition,
    DefinitionForm,
    DocumentFraming,
    Element,
    ElementRole,
    Evidence,
    Framing,
    Provenance,
    Reference,
    Source,
    Span,
    Statement,
    StatementType,
    Strength,
    Unit,
    Use,
    quote,
)
from nlp.wire import check_quotes, to_json

TEXT = """Harbour Convention 𝔸

Recognizing the dignity of every seafarer & fisher,

Article 1 Terms

(a) "Harbour trafficking" means the recruitment of seafarers by force for the purpose of <forced> labour;

(b) "Child" means any person under 18 – 🚢 included.

Article 2 Offences

1. Each State Party shall make harbour trafficking, as defined in article 1, a criminal offence.

Article 3 Assistance

1. Each State Party shall, where appropriate, provide victims with shelter.

2. No victim shall be detained.
"""


def at(words: str, after: str = "") -> Span:
    """The first place of the words after some others."""
    start = TEXT.index(words, TEXT.index(after) if after else 0)
    return quote(TEXT, start, start + len(words))


def line(beginning: str) -> tuple[int, int]:
    """The line that begins so."""
    start = TEXT.index("\n" + beginning) + 1
    return start, TEXT.index("\n", start)


def unit(name: str, kind: str, number: str | None, heading: str | None, parent: str | None, place: tuple[int, int], label: str) -> Unit:
    return Unit(name, kind, number, heading, parent, *place, label)


RECITAL, TERM_A, TERM_B = line("Recognizing"), line("(a)"), line("(b)")
OFFENCE, SHELTER, NO_VICTIM = line("1. Each State Party shall make"), line("1. Each State Party shall, where"), line("2. No victim")
ARTICLE_1 = (TEXT.index("Article 1"), TERM_B[1])
ARTICLE_2 = (TEXT.index("Article 2"), OFFENCE[1])
ARTICLE_3 = (TEXT.index("Article 3"), NO_VICTIM[1])

UNITS = (
    unit("preamble", "preamble", None, None, None, RECITAL, "Preamble"),
    unit("preamble__recital_1", "recital", None, None, "preamble", RECITAL, "Recital 1"),
    unit("art_1", "article", "Article 1", "Terms", None, ARTICLE_1, "Article 1"),
    unit("art_1__para_a", "paragraph", "(a)", None, "art_1", TERM_A, "Article 1(a)"),
    unit("art_1__para_b", "paragraph", "(b)", None, "art_1", TERM_B, "Article 1(b)"),
    unit("art_2", "article", "Article 2", "Offences", None, ARTICLE_2, "Article 2"),
    unit("art_2__para_1", "paragraph", "1.", None, "art_2", OFFENCE, "Article 2(1)"),
    unit("art_3", "article", "Article 3", "Assistance", None, ARTICLE_3, "Article 3"),
    unit("art_3__para_1", "paragraph", "1.", None, "art_3", SHELTER, "Article 3(1)"),
    unit("art_3__para_2", "paragraph", "2.", None, "art_3", NO_VICTIM, "Article 3(2)"),
)


def element(role: ElementRole, words: str) -> Element:
    span = at(words)
    return Element("art_1__para_a", role, span.start, span.end, span.text)


def statement(
    name: str, trigger: Span, kind: StatementType, strength: Strength, action: Span, bearer: Span | None, **more: object
) -> Statement:
    who = BearerClass.STATE if bearer else None
    return Statement(name, bearer, who, trigger, kind, strength, action, **more)  # type: ignore[arg-type]


SHELTERED = at("shelter")
DEFINITIONS = (
    Definition(
        "art_1__para_a",
        at("Harbour trafficking", "(a)"),
        at("the recruitment of seafarers by force for the purpose of <forced> labour"),
        DefinitionForm.MEANS,
        elements=(
            element(ElementRole.ACT, "recruitment"),
            element(ElementRole.MEANS, "force"),
            element(ElementRole.PURPOSE, "<forced> labour"),
        ),
    ),
    Definition("art_1__para_b", at("Child"), at("any person under 18 – 🚢 included"), DefinitionForm.MEANS),
)
STATEMENTS = (
    statement(
        "art_2__para_1",
        at("shall", "Article 2"),
        StatementType.OBLIGATION,
        Strength.MANDATORY,
        at("make harbour trafficking, as defined in article 1, a criminal offence"),
        at("Each State Party", "Article 2"),
    ),
    statement(
        "art_3__para_1",
        at("shall", "Article 3"),
        StatementType.OBLIGATION,
        Strength.QUALIFIED,
        at("provide victims with shelter"),
        at("Each State Party", "Article 3"),
        beneficiary=at("victims", "Article 3"),
        softeners=(at("where appropriate"),),
    ),
    statement("art_3__para_2", at("No victim shall"), StatementType.PROHIBITION, Strength.MANDATORY, at("be detained"), None),
)
BLOCKS = (
    Block("preamble__recital_1", *RECITAL, Framing.RIGHTS, {"rights.language": 0.93}),
    Block("art_1__para_a", *TERM_A, Framing.CRIME, {"crime.definition": 0.91}, undecided={"victim/child": 0.45}),
    Block("art_1__para_b", *TERM_B, Framing.NEUTRAL),
    Block("art_2__para_1", *OFFENCE, Framing.CRIME, {"crime.punishment": 0.97}, four_p={"prosecution": 0.96}),
    Block(
        "art_3__para_1",
        *SHELTER,
        Framing.RIGHTS,
        {"rights.recovery": 0.88},
        {"assistance": 0.9},
        four_p={"protection": 0.92},
        undecided={"indicators/rights.victims": 0.5},
        evidence=(Evidence("victim/assistance", SHELTERED.start, SHELTERED.end, SHELTERED.text, 0.6),),
    ),
    Block("art_3__para_2", *NO_VICTIM, Framing.RIGHTS, {"rights.victims": 0.8}, {"nonpunishment": 0.85}, four_p={"protection": 0.9}),
)


def document(sha256: str = "0" * 64) -> AnnotatedDocument:
    """The document; its quotes are checked."""
    cited, used = at("article 1", "Article 2"), at("harbour trafficking", "Article 2")
    found = AnnotatedDocument(
        source=Source(sha256, "text/plain", "en", title="Harbour Convention", kind="convention"),
        pipeline=Provenance("lexframe", "0.1.0", ("structure", "provisions"), {"provisions": "sha256:abc"}),
        text=TEXT,
        status="annotated",
        framing=DocumentFraming(
            Framing.HYBRID, {"crime": 0.5, "rights": 0.5}, {"crime": 2, "rights": 3, "hybrid": 0, "neutral": 1}, (0.3, 0.7)
        ),
        units=UNITS,
        blocks=BLOCKS,
        definitions=DEFINITIONS,
        statements=STATEMENTS,
        references=(Reference("art_2__para_1", cited.start, cited.end, cited.text, target="art_1"),),
        uses=(Use(used.start, used.end, 0),),
    )
    check_quotes(to_json(found))
    return found
