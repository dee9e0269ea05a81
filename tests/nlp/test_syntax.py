"""The syntax pipeline: what it gives, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.statements.words import words_of
from nlp.syntax import LONGEST, NoSyntaxModel, load_syntax, parse
from tests.nlp.parsed import syntax


def test_a_sentence_is_tagged_and_parsed() -> None:
    (doc,) = parse(syntax(), ["The court shall order compensation."])
    assert [t.tag_ for t in doc][:4] == ["DT", "NN", "MD", "VB"]
    assert next(t for t in doc if t.text == "court").dep_ == "nsubj"


def test_docs_come_in_the_order_of_the_texts() -> None:
    long = "word " * (LONGEST + 1)
    texts = ["First.", long, "", "((" * 300, "Last."]
    docs = list(parse(syntax(), texts))
    assert [d.text for d in docs] == texts
    assert [d.has_annotation("DEP") for d in docs if len(d)] == [True, False, False, True]


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSyntaxModel) as caught:
        load_syntax(tmp_path)
    assert caught.value.folder == tmp_path


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The court may act. The police shall help.", ["The court may act.", "The police shall help."]),
        ("See art. 6 and para. 2 of No. 5. Next.", ["See art. 6 and para. 2 of No. 5.", "Next."]),
        ("1. States shall act.", ["1. States shall act."]),
        ("Report.—The agency shall report.", ["Report.", "—The agency shall report."]),
        ("U.S. citizens may apply.", ["U.S. citizens may apply."]),
    ],
)
def test_sentences_end_where_a_lawyer_ends_them(text: str, sentences: list[str]) -> None:
    (doc,) = parse(syntax(), [text])
    words = words_of(doc)
    ranges = dict.fromkeys(zip(words.first, words.last, strict=True))
    assert [text[words.starts[a] : words.ends[b - 1]] for a, b in ranges] == sentences


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=700))
def test_any_text_is_kept_as_it_is(text: str) -> None:
    (doc,) = parse(syntax(), [text])
    assert doc.text == text
    words = words_of(doc)
    assert all(words.text[a:b].lower() == low for a, b, low in zip(words.starts, words.ends, words.low, strict=True))
