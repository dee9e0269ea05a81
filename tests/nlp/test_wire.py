from __future__ import annotations

import json

import pytest

from nlp.codebook import codebook
from nlp.types import AnnotatedDocument, DocumentFraming, Framing, Indicator, Provenance, Source, Span, SpanOutsideText, quote
from nlp.wire import MisplacedQuote, check_quotes, dumps, to_json


def document(text: str) -> AnnotatedDocument:
    return AnnotatedDocument(
        source=Source("0" * 64, "text/plain", "en", pages=((0, 3),)),
        pipeline=Provenance("lexframe", "0", ("structure",), {"syntax": "sha256:1"}),
        text=text,
        status="annotated",
        framing=DocumentFraming(Framing.NEUTRAL, {"crime": 0.0, "rights": 0.0}, {}),
    )


def test_the_json_has_every_layer_in_order() -> None:
    found = to_json(document("abc"))
    assert list(found)[:2] == ["schema", "status"]
    assert found["document"]["characters"] == 3
    assert {"units", "blocks", "definitions", "elements", "statements", "references", "uses", "framing"} <= found.keys()
    assert json.loads(dumps(found)) == found


def test_lone_surrogates_can_be_written() -> None:
    text = dumps(to_json(document("a\ud800b")))
    assert text.encode("utf-8")
    assert json.loads(text)["text"] == "a\ud800b"


@pytest.mark.parametrize(("start", "end", "words"), [(0, 2, "ab"), (1, 3, "bc")])
def test_quotes_that_hold(start: int, end: int, words: str) -> None:
    check_quotes({"text": "abc", "statements": [{"trigger": {"start": start, "end": end, "text": words}}]})


@pytest.mark.parametrize(("start", "end", "words"), [(0, 2, "bc"), (2, 2, ""), (1, 9, "bc"), (0, 3, "ab")])
def test_quotes_that_do_not(start: int, end: int, words: str) -> None:
    with pytest.raises(MisplacedQuote):
        check_quotes({"text": "abc", "statements": [{"trigger": {"start": start, "end": end, "text": words}}]})


def test_a_span_outside_its_text_cannot_be_built() -> None:
    assert quote("abc", 0, 2) == Span(0, 2, "ab")
    for start, end in ((0, 4), (2, 2), (-1, 1), (3, 2)):
        with pytest.raises(SpanOutsideText):
            quote("abc", start, end)


def test_the_codebook_has_the_labels_of_the_types() -> None:
    book = codebook()
    names = {label.name for label in book.labels if label.layer == "indicators"}
    assert names == {i.value for i in Indicator} == book.crime | book.rights
    assert len([label for label in book.labels if label.layer == "victim"]) == 11
    assert all(label.description for label in book.labels)


@pytest.mark.parametrize(
    ("indicators", "framing"),
    [
        ([], Framing.NEUTRAL), (["crime.punishment"], Framing.CRIME), (["rights.victims", "rights.language"], Framing.RIGHTS),
        (["crime.definition", "rights.services"], Framing.HYBRID),
    ],
)  # fmt: skip
def test_framing_follows_from_indicators(indicators: list[str], framing: Framing) -> None:
    assert codebook().framing(indicators) is framing
