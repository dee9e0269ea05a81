from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import Refused
from api.commands.train import train_codebook
from corpora.gold.coded import BadExamples, examples_within, read_examples
from nlp.codebook import parse_codebook

BOOK = """
name = "two-layers"
version = 1
[layers.a.labels]
one = "first"
both = "in a"
[layers.b.labels]
both = "in b"
[layers.a.examples]
one = ["The same text."]
both = ["The same text."]
"""


def test_rows_of_csv_and_json_lines(tmp_path: Path) -> None:
    book = parse_codebook(BOOK)
    table, lines = tmp_path / "x.csv", tmp_path / "x.jsonl"
    table.write_text('text,labels,context\n"A, b",one; b/both,Act\nNone of them.,,\n')
    lines.write_text('{"text": "A, b", "labels": ["one", "b/both"], "context": "Act"}\n\n{"text": "None of them.", "labels": []}\n')
    found = read_examples(table, book)
    assert found == read_examples(lines, book)
    assert [(one.pair.context, one.pair.text, set(one.labels)) for one in found] == [
        ("Act", "A, b", {"a/one", "b/both"}),
        ("", "None of them.", set()),
    ]


def test_a_text_under_two_labels_carries_both() -> None:
    (found,) = examples_within(parse_codebook(BOOK))
    assert found.labels == {"a/one", "a/both"}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("x.csv", b"text\nA", "line 1: the column 'labels' is missing"),
        ("x.csv", b"text,labels\nA,both", "line 2: 'both' is no label of the codebook, or one of several layers"),
        ("x.csv", b"text,labels\n,one", "line 2: `text` is missing or empty"),
        ("x.jsonl", b"{}\n", "line 1: `text` is missing or empty"),
        ("x.jsonl", b'{"text": "A", "labels": "one"}', "line 1: `labels` is missing or no list"),
        ("x.jsonl", b'{"text": "A", "labels": []}\n[', "line 2: not JSON"),
        ("x.jsonl", b"[" * 100_000, "line 1: not JSON"),
        ("x.jsonl", b"\xff\xfe", "it is not UTF-8"),
        ("missing.csv", None, "it cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, name: str, content: bytes | None, why: str) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadExamples, match=why.replace("(", r"\(")):
        read_examples(file, parse_codebook(BOOK))


@pytest.mark.parametrize(
    ("book", "rows", "why"),
    [
        (BOOK, 'text,labels\n"A",one\n', "a/one has 2 examples; at least 4 are needed"),
        (BOOK.replace('"two-layers"', '"trafficking-framing"'), "text,labels\n", "is the name of the shipped codebook"),
        ("name = 3", "text,labels\n", "'name' is not a text"),
    ],
)
def test_training_refuses_in_one_line_and_writes_nothing(tmp_path: Path, book: str, rows: str, why: str) -> None:
    (tmp_path / "book.toml").write_text(book)
    (tmp_path / "rows.csv").write_text(rows)
    with pytest.raises(Refused, match=why) as refused:
        train_codebook(tmp_path / "book.toml", [tmp_path / "rows.csv"], tmp_path / "out")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()
