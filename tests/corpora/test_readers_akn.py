from __future__ import annotations

import pytest

from corpora.exports.akn import NAMESPACE, write_akn
from corpora.exports.item import Item
from corpora.readers.detect import Format, detect
from corpora.readers.errors import BrokenDocument
from corpora.readers.model import Limits
from corpora.readers.read import extract
from nlp.wire import to_json
from tests.annotated import TEXT, document

THEIRS = f"""<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="{NAMESPACE}"><act name="act"><meta><identification source="#x"/></meta>
<preface><longTitle><p>An Act   to protect <b>victims</b></p></longTitle></preface>
<body><section eId="sec_1"><num>1.</num><heading>Shelter</heading>
<subsection eId="sec_1__subsec_1"><num>(1)</num><content><p>The Minister shall provide
   shelter<authorialNote marker="1"><p>a note</p></authorialNote>.</p></content></subsection>
<subsection eId="sec_1__subsec_2"><num>(2)</num><content><p>No victim shall be detained &amp; charged.</p></content></subsection>
</section></body></act></akomaNtoso>
""".encode()


def test_our_own_export_gives_back_the_text() -> None:
    data = b"".join(write_akn(Item(name="x", annotated=to_json(document()))))
    assert detect(data) is Format.AKN
    assert extract(data, Limits()).text == TEXT


def test_a_document_of_others_has_a_paragraph_a_line() -> None:
    found = extract(THEIRS, Limits())
    lines = found.text.split("\n\n")
    assert lines[:3] == ["An Act to protect victims", "1. Shelter", "(1) The Minister shall provide shelter."]
    assert lines[3] == "(2) No victim shall be detained & charged.\n"
    assert [found.text[place.start : place.end] for place in found.source_map] == found.text.rstrip("\n").split("\n\n")
    assert found.media_type == "application/akn+xml"


@pytest.mark.parametrize(
    ("number", "odd"), [('start="', 'start="x'), ('end="', 'end="9' + "9" * 5000), ('probability="', 'probability="much')]
)
def test_a_mark_whose_number_is_none_is_refused(number: str, odd: str) -> None:
    """Found by the fuzz: such a file made its reader crash."""
    data = b"".join(write_akn(Item(name="x", annotated=to_json(document()))))
    assert number.encode() in data
    with pytest.raises(BrokenDocument, match="a mark whose number is none"):
        extract(data.replace(number.encode(), odd.encode()), Limits())


@pytest.mark.parametrize("data", [THEIRS[:300], THEIRS.replace(b"<act ", b"<bill ")])
def test_a_broken_one_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenDocument):
        extract(data, Limits())
