from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from models import passes
from models.encoder import Tokens, collate
from models.passes import PIECE, FlatPass, Half, Product, RowByRow, Single, flat_pass, pass_of
from tests.models.small import small_encoder

ROWS = [Tokens(tuple(range(5, 5 + n)), (0,) * (n // 3) + (1,) * (n - n // 3), ((0, 1),) * n) for n in (90, 61, 61, 40, 17, 5, 3)]


def reference(encoder: torch.nn.Module, row: Tokens) -> Tensor:
    batch = collate([row], [0])
    return encoder(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask).last_hidden_state[0]


@pytest.mark.parametrize("short", [0, 50, 128])
@pytest.mark.parametrize("precise", [True, False])
def test_states_are_those_of_the_encoder(monkeypatch: pytest.MonkeyPatch, precise: bool, short: int) -> None:
    """However long a row is to count as short."""
    monkeypatch.setattr(passes, "SHORT", short)
    if precise:
        monkeypatch.setattr(passes, "has_half", lambda: False)
    encoder = small_encoder()
    with torch.inference_mode():
        found = flat_pass(encoder)(ROWS).split([len(row.ids) for row in ROWS])
        for states, row in zip(found, ROWS, strict=True):
            assert torch.allclose(states, reference(encoder, row), atol=1e-5 if precise else 0.08)


def test_a_row_gets_the_same_states_in_any_company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "SHORT", 50)
    one = flat_pass(small_encoder())
    with torch.inference_mode():
        together = one(ROWS).split([len(row.ids) for row in ROWS])
        assert all(torch.equal(states, one([row])) for states, row in zip(together, ROWS, strict=True))


def test_products_see_pieces_of_one_shape_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which kernel a library takes for another number of rows is its own affair, and differs between processors."""
    seen: set[int] = set()

    def noted(does: Callable[..., Tensor]) -> Callable[..., Tensor]:
        def noting(product: Product, piece: Tensor, *more: Tensor) -> Tensor:
            seen.add(len(piece))
            return does(product, piece, *more)

        return noting

    for kind, way in product((Single, Half), ("__call__", "activated", "onto")):
        monkeypatch.setattr(kind, way, noted(getattr(kind, way)))
    with torch.inference_mode():
        for rows in (ROWS, ROWS[:1], ROWS[3:] * 9):
            flat_pass(small_encoder())(rows)
    assert seen == {PIECE}


def test_another_kind_of_encoder_is_read_row_by_row() -> None:
    encoder = small_encoder()
    assert isinstance(pass_of(encoder), FlatPass)
    assert pass_of(encoder) is pass_of(encoder)
    other = small_encoder()
    other.config.hidden_act = "relu"
    found = pass_of(other)
    assert isinstance(found, RowByRow)
    with torch.inference_mode():
        assert torch.equal(found(ROWS[:2])[90:], reference(other, ROWS[1]))


@pytest.mark.skipif(not torch.ops.mkldnn._is_mkldnn_bf16_supported(), reason="oneDNN has no half precision on this processor")
def test_weights_are_halved_where_the_processor_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    (layer, _) = flat_pass(small_encoder()).layers
    assert isinstance(layer.look, Half)
    assert layer.look.weight.dtype == torch.bfloat16


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_passes_hold_every_row_once_the_longest_first(lengths: list[int], most: int) -> None:
    rows = [Tokens((5,) * n, (1,) * n, ((0, 1),) * n) for n in lengths]
    runs = list(passes.passes(rows, most))
    assert sorted(at for run in runs for at in run) == list(range(len(rows)))
    assert [lengths[at] for run in runs for at in run] == sorted(lengths, reverse=True)
    assert all(len(run) == 1 or sum(lengths[at] for at in run) <= most for run in runs)
