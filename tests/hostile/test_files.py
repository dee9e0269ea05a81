"""Hostile files by name, and a short run of the fuzz; `make fuzz` is the long one."""

from __future__ import annotations

import json

import pytest

from corpora.annotating import default_annotator
from corpora.readers.child import read_in_child, sandboxed
from corpora.readers.errors import ParserTimeout, ReadingError
from corpora.readers.model import Limits
from corpora.readers.read import read
from nlp.syntax import readable
from nlp.types import Source
from nlp.wire import dumps, to_json
from tests.corpora.files import OUTCOMES, as_docx, repacked
from tests.hostile.files import EVERY, HOSTILE, draws_itself
from tests.hostile.fuzz import is_fault
from tests.hostile.mutate import malformed, seeds
from tests.hostile.pool import outcomes
from tests.hostile.sides import OUTCOMES as SIDE_OUTCOMES
from tests.hostile.sides import SIDES, malformed_side, reader_of

MEMORY = 1_200_000_000
SECONDS = 30.0
EXACT = {
    "docx: a bomb of blanks": {"limit_exceeded"},
    "docx: a bomb in the main part": {"limit_exceeded"},
    "docx: 3,000 parts": {"limit_exceeded"},
    "docx: laughs": {"broken_document"},
    "docx: a file by entity": {"broken_document"},
    "docx: a document type in UTF-16": {"broken_document"},
    "docx: a document type behind 70 KB": {"broken_document"},
    "docx: a part that climbs": {"broken_document"},
    "docx: a part at the root": {"broken_document"},
    "docx: flags of encryption": {"encrypted"},
    "docx: sizes that lie low": {"broken_document"},
    "akn: laughs": {"broken_document"},
    "akn: 100,000 deep": {"broken_document"},
    "akn: a mark without numbers": {"broken_document"},
    "akn: nothing in it": {"broken_document"},
    "html: 100,000 deep": {"limit_exceeded"},
    "pdf: flate x1 of 30 MB": {"read", "limit_exceeded"},
    "pdf: JavaScript": {"read"},
    "pdf: PDF and ZIP at once": {"read", "broken_document"},
    "other: a shell script": {"read"},
    "other: a pickle": {"not_a_document"},
    "other: gzip of a text": {"unsupported_format"},
    "other: a null": {"empty_file"},
    "text: nulls": {"not_a_document"},
}


def test_there_are_enough_of_them() -> None:
    assert len(EVERY) >= 120
    assert set(EXACT) <= {name for name, _ in EVERY}
    assert {kind: len(files) for kind, files in HOSTILE.items() if len(files) < 20} == {}


def test_every_hostile_file_ends_in_a_named_outcome_within_time_and_memory() -> None:
    made = ((name, make()) for name, make in EVERY)
    wrong = []
    for found in outcomes(made, Limits(seconds=int(SECONDS), memory=MEMORY)):
        fits = found.kind in EXACT.get(found.name, OUTCOMES)
        if not fits or is_fault(found) or found.memory > MEMORY:
            wrong.append(found)
    assert wrong == []


def test_a_pdf_that_draws_for_ever_is_ended_when_its_time_is_up() -> None:
    with pytest.raises(ParserTimeout):
        read_in_child(draws_itself(2), Limits(seconds=1))


@pytest.mark.parametrize("kind", sorted(seeds()))
def test_malformed_files_end_in_a_named_outcome(kind: str) -> None:
    assert [found for found in outcomes(malformed(kind, 150, seed=3)) if is_fault(found)] == []


@pytest.mark.parametrize("side", SIDES)
def test_other_malformed_files_are_read_or_refused_by_name(side: str) -> None:
    found = outcomes(malformed_side(side, 150, seed=3), act=reader_of(side))
    assert [one for one in found if one.kind not in SIDE_OUTCOMES or one.memory > MEMORY] == []


@pytest.mark.parametrize(
    "name", ["akn: a file by entity", "docx: a file by entity", "html: frames", "html: entities of its own", "other: XML with a file"]
)
def test_no_file_of_this_machine_comes_out(name: str) -> None:
    try:
        found = read(dict(EVERY)[name]()).text
    except ReadingError:
        found = ""
    assert "root:" not in found


def test_a_word_file_whose_properties_are_none_is_read() -> None:
    """Found by the fuzz: python-docx has no title for a root of another name."""
    data = repacked(as_docx(["Each Party shall protect victims."]), {"docProps/core.xml": "<a/>"})
    assert "protect victims" in read(data).text


@pytest.mark.parametrize("text", ["Article 1\n\n\udfffEach Party shall protect \ud800 victims.", "\ud800", "(a) \udfff means \ud800;"])
def test_lone_surrogates_are_annotated_where_they_stand(text: str) -> None:
    """Found by the fuzz: spaCy and the tokenizer of the model take only what UTF-8 can hold."""
    assert readable(text) == text.replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
    found = default_annotator()(text, Source(sha256="0" * 64, media_type="text/plain", language="en"))
    assert found.text == text
    assert json.loads(dumps(to_json(found)))["text"] == text


@pytest.mark.slow
@pytest.mark.skipif(not sandboxed(), reason="bubblewrap is missing here, or not allowed to work")
@pytest.mark.parametrize(
    "name", ["docx: a file by entity", "pdf: JavaScript", "pdf: a million operators", "html: frames", "text: escapes of a terminal"]
)
def test_the_sandboxed_child_ends_them_as_well(name: str) -> None:
    data = dict(EVERY)[name]()
    try:
        said = read_in_child(data, Limits(seconds=30)).text
    except ReadingError as refused:
        said = refused.code
    assert said in OUTCOMES or "root:" not in said
