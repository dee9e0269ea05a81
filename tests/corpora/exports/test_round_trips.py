from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pandas
import pytest
from lxml import html

from corpora.exports.akn import write_akn
from corpora.exports.akn_read import NotAkomaNtoso, read_akn
from corpora.exports.archive import PIECE
from corpora.exports.formats import FORMATS, UnknownFormat, export, find_format
from corpora.exports.item import Item, file_names
from corpora.exports.marks import marks
from nlp.wire import to_json
from tests.annotated import TEXT, document
from tests.corpora.exports import readers

READERS = {
    "akn": readers.akn,
    "web-annotation": readers.web_annotation,
    "brat": readers.brat,
    "spacy": readers.spacy_bin,
    "uima": readers.uima,
    "label-studio": readers.label_studio,
}


def item(annotated: dict[str, Any] | None = None, name: str = "harbour") -> Item:
    return Item(name=name, annotated=annotated or to_json(document()), work="harbour-convention", version="draft", date="2021-05")


def spans(one: Item) -> readers.Spans:
    return Counter((mark.layer, mark.label, mark.start, mark.end) for mark in marks(one.annotated))


def written(name: str, one: Item) -> bytes:
    return b"".join(FORMATS[name].one(one))


def check_every_format(one: Item, folder: Path) -> int:
    """Each format read back by its own readers gives the same spans; how many there are."""
    wanted = spans(one)
    for name, read in READERS.items():
        found = read(written(name, one), one.text)
        if name == "brat":  # its types have no other characters than letters, digits, - and _
            wanted_there = Counter({(a, _brat(b), c, d): n for (a, b, c, d), n in wanted.items()})
            assert found == wanted_there, (name, found - wanted_there, wanted_there - found)
        else:
            assert found == wanted, (name, found - wanted, wanted - found)
    assert readers.refi_qda(written("refi-qda", one), one.text, folder) == wanted
    check_tables(one)
    return wanted.total()


def _brat(label: str) -> str:
    return "".join(c if c.isalnum() or c in "_-" else "-" for c in label)


def check_tables(one: Item) -> None:
    annotated = one.annotated
    as_csv = readers.tables(written("csv", one), lambda file: pandas.read_csv(file, keep_default_na=False), ".csv")
    as_parquet = readers.tables(written("parquet", one), pandas.read_parquet, ".parquet")
    assert set(as_csv) == set(as_parquet) == {"documents", "provisions", "definitions", "statements", "changes", "columns"}
    described = {(row["table"], row["column"]) for row in readers.rows(as_csv["columns"])}
    assert described == {(table, column) for table, frame in as_csv.items() for column in frame.columns}
    for table, layer in (("provisions", "blocks"), ("definitions", "definitions"), ("statements", "statements")):
        assert len(as_csv[table]) == len(as_parquet[table]) == len(annotated[layer])
        assert list(as_csv[table].columns) == list(as_parquet[table].columns)
        for row in readers.rows(as_parquet[table]):
            assert row["text"] == one.text[int(row["start"]) : int(row["end"])]
    for row in readers.rows(as_parquet["definitions"]):
        if pandas.notna(row["definiens_start"]):
            assert row["definiens"] == one.text[int(row["definiens_start"]) : int(row["definiens_end"])]


def test_every_format_gives_the_same_spans_to_readers_of_others(tmp_path: Path) -> None:
    assert check_every_format(item(), tmp_path) == 46


def test_akoma_ntoso_is_read_as_it_was_written() -> None:
    one = item()
    found = read_akn(written("akn", one))
    assert found.exact
    assert found.text == one.text == TEXT
    assert found.marks == list(marks(one.annotated))
    units = {(u.id, u.start, u.end) for u in found.units}
    assert units >= {(u["id"], u["start"], u["end"]) for u in one.annotated["units"]}
    assert [TEXT[d.start : d.end] for d in found.definitions] == ["Harbour trafficking", "Child"]
    assert [(TEXT[r.start : r.end], r.target) for r in found.references] == [("article 1", "#art_1")]


@pytest.mark.parametrize("data", [b"", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"plain"])
def test_what_is_no_akoma_ntoso_is_refused(data: bytes) -> None:
    with pytest.raises(NotAkomaNtoso):
        read_akn(data)


AWKWARD = {
    "control characters": "Rule\x00 one\x0b\x0c\n\nEach Party shall \ud800 obey\ufffe.\n",
    "carriage returns": "Rule\r\n\r\nEach Party\rshall obey.\r\n",
    "markup": "<p>Rule</p> & ]]> <!-- -->\n\n\"Each\" 'Party' shall obey.\n",
    "no line end": "Each Party shall obey",
    "other spaces": "\u00a0Each Party\u2003shall\u2028obey\u00a0\n\u00a0\n",
}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_characters_keep_every_offset(text: str, tmp_path: Path) -> None:
    base = to_json(document())
    start = text.index("Each")
    block = {
        "unit": "u",
        "start": start,
        "end": len(text.rstrip()),
        "framing": "neutral",
        "indicators": {"x": 0.5},
        "victim": {},
        "four_p": {},
    }
    layers: dict[str, Any] = {key: [] for key in ("units", "definitions", "elements", "statements", "references", "uses")}
    one = item(base | layers | {"text": text, "blocks": [block | {"evidence": []}]})
    found = read_akn(written("akn", one))
    assert len(found.text) == len(text)
    assert found.exact
    held = "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text)
    for name, read in READERS.items():
        if name in {"akn", "uima"} and "\x00" in text:
            assert written(name, one)  # XML cannot hold these characters: each became one other
        elif name in {"brat", "label-studio", "web-annotation", "spacy"} and "\ud800" in text:
            assert len(held) == len(text)
        else:
            assert read(written(name, one), text)


def test_many_documents_make_one_file() -> None:
    twice = [item(), item()]
    assert [name for name, _ in file_names(twice)] == ["harbour", "harbour-2"]
    for name in FORMATS:
        pieces = list(export(name, iter(twice)))
        assert pieces == list(export(name, iter(twice))), name
        assert all(len(piece) <= 20 * PIECE for piece in pieces)


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UnknownFormat, match="akn, web-annotation"):
        find_format("papyrus")


def test_cells_that_a_spreadsheet_would_run_are_defused() -> None:
    annotated = to_json(document())
    text = '=HYPERLINK("http://x")' + annotated["text"][22:]
    block = annotated["blocks"][0] | {"start": 0, "end": 22}
    one = Item(name="x", annotated=annotated | {"text": text, "blocks": [block]}, title="@SUM(1)")
    found = readers.tables(written("csv", one), pandas.read_csv, ".csv")
    assert found["provisions"]["text"][0] == '\'=HYPERLINK("http://x")'
    assert found["documents"]["title"][0] == "'@SUM(1)"


def test_the_report_says_what_was_found_in_both_forms() -> None:
    one = item()
    page = html.fromstring(written("html", one))
    assert page.findtext(".//h1") == "Harbour Convention"
    assert page.xpath("//script|//link|//img|//iframe|//*[@src]|//*[@href]") == []
    cells = [cell.text_content() for cell in page.iter("td")]
    word = docx.Document(io.BytesIO(written("docx", one)))
    theirs = [cell.text for table in word.tables for row in table.rows[1:] for cell in row.cells]
    assert cells == theirs
    assert "act: recruitment; means: force; purpose: <forced> labour" in cells
    assert word.paragraphs[0].text == "Harbour Convention"


def test_the_report_says_what_the_framing_hangs_on() -> None:
    found = to_json(document())
    counts = {"crime": 0, "rights": 1, "hybrid": 0, "neutral": 0}
    found["framing"] |= {
        "sensitivity": [
            {"name": "alike", "label": "hybrid", "rights": 0.45, "interval": [0.3, 0.6]},
            {"name": "binding", "label": "crime", "rights": 0.2, "interval": [0.1, 0.3]},
            {"name": "words", "label": "neutral", "rights": 0.0, "interval": None},
        ],
        "parts": [
            {"unit": "art_2", "rights": None, "weight": 0.0, "counts": counts | {"rights": 0}},
            {"unit": "art_3", "rights": 1.0, "weight": 3.0, "counts": counts},
        ],
    }
    page = html.fromstring(written("html", item(found)))
    said = "would be 20% to 45%, and the label would be crime if only what binds plainly counted."
    assert any(said in paragraph.text_content() for paragraph in page.iter("p"))
    rows = [[cell.text_content() for cell in row.iter("td")] for row in page.iter("tr")]
    assert ["Article 2 Offences", "–", "0%", "0", "0", "0", "0"] in rows
    assert ["Article 3 Assistance", "100%", "100%", "0", "1", "0", "0"] in rows


def test_a_text_without_structure_is_a_doc(tmp_path: Path) -> None:
    nothing: dict[str, Any] = {key: [] for key in ("units", "blocks", "definitions", "elements", "statements", "references", "uses")}
    one = item(to_json(document()) | nothing)
    assert b"<doc " in written("akn", one)
    assert check_every_format(one, tmp_path) == 0


def test_pieces_come_before_all_is_known() -> None:
    def endless() -> Iterator[Item]:
        while True:
            yield item()

    for name in ("akn", "web-annotation", "label-studio", "json"):
        stream = export(name, endless())
        assert sum(len(next(stream)) for _ in range(3)) > 0
    assert next(write_akn(item()))
