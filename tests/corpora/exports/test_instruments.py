"""Real instruments: each format of each is read back by readers of others with the same spans."""

from __future__ import annotations

from pathlib import Path

import pytest

import lexframe
from corpora.exports.formats import FORMATS
from corpora.exports.item import Item
from nlp.wire import to_json
from tests.corpora.exports.test_round_trips import check_every_format, written

TEN = """ca-trafficking-extraterritorial-act-2012 us-proclamation-trafficking-month-2023 ilo-c105-1957 ilo-c182-1999 udhr-1948
    pk-trafficking-in-persons-act-2018 us-nap-fact-sheet-2021 my-anti-trafficking-amendment-2015 coe-victims-compensation-1983
    us-presidential-determination-tip-2022""".split()
LONG = """un-trafficking-protocol-2000 coe-trafficking-convention-2005 uk-modern-slavery-act-2015-2026 crc-gc6-2005 us-18usc77-2023-04
    us-tvpa-22usc78-2026 rome-statute-2019-consolidated""".split()


def instrument(folder: Path, name: str) -> Item:
    text = (folder / f"{name}.txt").read_bytes().decode("utf-8")
    return Item(name=name, annotated=to_json(lexframe.annotate(text)), work=name)


@pytest.mark.shared
@pytest.mark.parametrize("name", TEN)
def test_every_format_of_a_real_instrument_gives_the_same_spans(instruments: Path, tmp_path: Path, name: str) -> None:
    assert check_every_format(instrument(instruments, name), tmp_path) > 20


@pytest.mark.shared
@pytest.mark.chaos
@pytest.mark.parametrize("name", LONG)
def test_and_of_long_ones(instruments: Path, tmp_path: Path, name: str) -> None:
    one = instrument(instruments, name)
    print(name, len(one.text), check_every_format(one, tmp_path), {form: len(written(form, one)) for form in FORMATS})
