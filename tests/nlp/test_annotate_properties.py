"""What holds of the annotations of every text, whatever it says."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from nlp.annotate import Annotator, load_annotator
from nlp.types import AnnotatedDocument, Source, Span
from nlp.wire import dumps, to_json

LINES = st.sampled_from(
    [
        "Article 1", "Article 2 Definitions", "1. Each State Party shall, where appropriate, provide:", "(a) shelter to victims;", "(b) advice; and",
        "(i) of women,", "PART I", "ANNEX", "§ 12. Penalties", "Recognizing that trafficking is a crime,", "“Harbour” means any place where ships lie.",
        "For the purposes of this Article, the terms “ship” and “boat” mean:", "2. Articles 1 to 3 and paragraph 1 of this Article apply to ships.",
        "“Trafficking in persons” means the recruitment of persons, by force, for the purpose of forced labour;", "No harbour shall be closed.",
        "Whoever traffics a child, except as article 2 provides, shall be imprisoned for 5 years.", "It is amended by adding the following:", "“(1) A ship",
        "shall sail.”.", "CONTENTS", "– care for victims", "A victim has the right to be heard within 30 days.", "",
    ]
)  # fmt: skip
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=14).map("\n".join) | st.text(max_size=120)
SOURCE = Source("0" * 64, "text/plain", "en")
SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def annotator() -> Annotator:
    return load_annotator()


def annotated(text: str) -> AnnotatedDocument:
    return annotator()(text, SOURCE)


def spans_by_unit(document: AnnotatedDocument) -> list[tuple[str, Span]]:
    """Every span of an annotation beside the unit that the annotation names."""
    found = [(b.unit, Span(b.start, b.end, document.text[b.start : b.end])) for b in document.blocks]
    found += [(b.unit, Span(e.start, e.end, e.text)) for b in document.blocks for e in b.evidence]
    for d in document.definitions:
        found += [(d.unit, s) for s in (d.term, d.definiens, *d.exclusions) if s]
        found += [(d.unit, Span(e.start, e.end, e.text)) for e in d.elements]
    for s in document.statements:
        whole = (s.bearer, s.trigger, s.action, s.beneficiary, s.deadline, *s.conditions, *s.exceptions, *s.softeners)
        found += [(s.unit, span) for span in whole if span]
    found += [(e.unit, Span(e.start, e.end, e.text)) for e in document.elements]
    return found + [(r.unit, Span(r.start, r.end, r.text)) for r in document.references]


@SLOWLY
@given(TEXTS)
@example("Article 1\n“Harbour” means:\n(a) a port;\n(b) a quay.\nArticle 2\nEach Party shall:\n(a) act.")
def test_no_annotation_crosses_its_unit(text: str) -> None:
    document = annotated(text)
    units = {u.id: u for u in document.units}
    for name, span in spans_by_unit(document):
        assert text[span.start : span.end] == span.text
        assert units[name].start <= span.start < span.end <= units[name].end
    for reference in document.references:
        assert {*reference.targets, *filter(None, [reference.target])} <= units.keys()
    for expansion in document.expansions:
        assert expansion.unit in units
        assert 0 <= expansion.statement < len(document.statements)
    for use in document.uses:
        assert 0 <= use.definition < len(document.definitions)


@SLOWLY
@given(TEXTS, TEXTS)
def test_annotating_is_a_function_of_the_text_alone(text: str, other: str) -> None:
    """Whatever the same annotator read in between."""
    first = dumps(to_json(annotated(text)))
    annotated(other)
    assert dumps(to_json(annotated(text))) == first


@SLOWLY
@given(
    st.text(st.characters(), max_size=200)
    | st.text(st.sampled_from("§()[]“”\"'—–-:;.,\n\r\t\v\f\x00\x85\u2028\ufeff\u202e\ud800aA1iI🚢é"), max_size=80)
)
@example("\ud800 shall \udfff")
@example("“”means“”")
@example("1.\u2028(a)\x00")
def test_no_characters_are_refused(text: str) -> None:
    """Not controls, not lone surrogates, not marks that turn the direction of writing: what is written out can be sent."""
    assert dumps(to_json(annotated(text))).encode("utf-8")


@SLOWLY
@given(
    st.lists(
        LINES.filter(lambda line: not line.startswith(("Article", "PART", "ANNEX", "§", "CONTENTS", "It is", "“(1)"))),
        min_size=1,
        max_size=8,
    )
)
def test_a_new_article_changes_no_earlier_finding(body: list[str]) -> None:
    """A quotation that is left open takes in what follows, and is no such text."""
    body = body[: max((i + 1 for i, line in enumerate(body) if line), default=0)]
    assume(body)
    text = "A Treaty\n\nArticle 1\n\nA Party shall sail.\n\nArticle 2\n\n" + "\n\n".join(body) + "\n"
    before, after = annotated(text), annotated(text + "\nArticle 3\n\nEach Party shall protect victims.\n")
    assert [u.id for u in after.units[: len(before.units)]] == [u.id for u in before.units]
    assert after.statements[: len(before.statements)] == before.statements
    assert after.definitions[: len(before.definitions)] == before.definitions
