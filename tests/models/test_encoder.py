from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.encoder import Pair, Tokens, batches_by_length
from tests.models.small import small_pair_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokenizer")


def test_a_pair_is_context_then_text(folder: Path) -> None:
    (row,) = small_pair_tokenizer(folder).windows(Pair("the state", "shall assist"))
    assert len(row.ids) == 7
    assert row.types == (0, 0, 0, 0, 1, 1, 1)
    assert row.offsets == ((0, 0),) * 4 + ((0, 5), (6, 12), (0, 0))


def test_a_long_context_loses_its_beginning(folder: Path) -> None:
    tokenizer = small_pair_tokenizer(folder)
    (row,) = tokenizer.windows(Pair("police " * 40 + "victim", "may"))
    assert row.ids[16] == tokenizer.special("victim")
    assert len(row.ids) == 1 + 16 + 1 + 1 + 1


@pytest.mark.parametrize(("words", "windows"), [(0, 1), (1, 1), (32, 1), (33, 2), (60, 2), (61, 3)])
def test_long_texts_are_cut_into_windows(folder: Path, words: int, windows: int) -> None:
    rows = small_pair_tokenizer(folder).windows(Pair("", " ".join(["may"] * words)))
    assert len(rows) == windows
    assert {o for row in rows for o in row.offsets if o != (0, 0)} == {(4 * i, 4 * i + 3) for i in range(words)}


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_offsets_lie_in_the_text(tmp_path_factory: pytest.TempPathFactory, context: str, text: str) -> None:
    tokenizer = small_pair_tokenizer(tmp_path_factory.getbasetemp())
    for row in tokenizer.windows(Pair(context, text)):
        assert len(row.ids) == len(row.types) == len(row.offsets)
        assert all(0 <= a <= b <= len(text) for a, b in row.offsets)


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_batches_hold_every_row_once_and_little_padding(lengths: list[int], budget: int) -> None:
    rows = [Tokens((5,) * n, (1,) * n, ((0, 1),) * n) for n in lengths]
    batches = list(batches_by_length(rows, budget))
    assert sorted(i for b in batches for i in b.where) == list(range(len(rows)))
    for batch in batches:
        assert batch.ids.numel() <= max(budget, batch.ids.shape[1])
        assert int(batch.mask.sum()) == sum(lengths[i] for i in batch.where)
