from __future__ import annotations

import numpy as np
import pytest

from nlp.framing import Weights, block_weights, frame_document
from nlp.types import Block, Framing, Passage, PassageRole, Span, Statement, StatementType, Strength


def passage(at: int, role: PassageRole = PassageRole.OPERATIVE, leads: tuple[int, ...] = ()) -> Passage:
    return Passage(f"art_{at}", at * 10, at * 10 + 9, "x" * 9, role, (), leads)


def block(at: int, framing: Framing) -> Block:
    names = {Framing.CRIME: {"crime.punishment": 0.9}, Framing.RIGHTS: {"rights.victims": 0.9}}
    return Block(f"art_{at}", at * 10, at * 10 + 9, framing, names.get(framing, {}))


def statement(at: int, type: StatementType = StatementType.OBLIGATION, strength: Strength = Strength.MANDATORY) -> Statement:
    return Statement(f"art_{at}", None, None, Span(at * 10 + 1, at * 10 + 3, "xx"), type, strength, None)


def framed(*framings: Framing) -> tuple[list[Passage], list[Block]]:
    return [passage(i) for i in range(len(framings))], [block(i, f) for i, f in enumerate(framings)]


C, R, H, N = Framing.CRIME, Framing.RIGHTS, Framing.HYBRID, Framing.NEUTRAL


@pytest.mark.parametrize(
    ("framings", "label"),
    [
        ([C] * 10 + [N] * 5, C), ([R] * 10, R), ([C] * 9 + [R] * 3, C), ([R] * 20 + [C] * 6, R), ([C] * 5 + [R] * 5, H),
        ([H] * 10, H), ([N] * 10, N), ([], N), ([C, R, C], H),
    ],
)  # fmt: skip
def test_labels(framings: list[Framing], label: Framing) -> None:
    passages, blocks = framed(*framings)
    assert frame_document(passages, blocks, []).label is label


def test_shares_counts_and_profile() -> None:
    passages, blocks = framed(C, R, R, R, N)
    found = frame_document(passages, blocks, [])
    assert found.scores == {"crime": 0.25, "rights": 0.75}
    assert found.counts == {"crime": 1, "rights": 3, "hybrid": 0, "neutral": 1}
    assert found.profile["rights.victims"] == 0.75
    assert found.interval is not None
    assert found.interval[0] <= 0.75 <= found.interval[1]


@pytest.mark.parametrize(
    ("role", "made", "weight"),
    [
        (PassageRole.OPERATIVE, None, 0.6),
        (PassageRole.PREAMBLE, None, 0.4 * 0.6),
        (PassageRole.OPERATIVE, statement(0), 1.0),
        (PassageRole.OPERATIVE, statement(0, StatementType.PERMISSION), 0.6),
        (PassageRole.OPERATIVE, statement(0, strength=Strength.QUALIFIED), 0.75),
        (PassageRole.ANNEX, statement(0, strength=Strength.HORTATORY), 0.7 * 0.6),
        (PassageRole.TITLE, statement(0), 0.0),
    ],
)
def test_weights(role: PassageRole, made: Statement | None, weight: float) -> None:
    found = block_weights([passage(0, role)], [block(0, C)], [made] if made else [], Weights())
    assert found.tolist() == pytest.approx([weight])


def test_an_item_has_the_firmness_of_its_chapeau() -> None:
    passages = [passage(0), passage(1, leads=(0,)), passage(2)]
    found = block_weights(passages, [block(i, R) for i in range(3)], [statement(0)], Weights())
    assert found.tolist() == pytest.approx([1.0, 1.0, 0.6])


def test_the_interval_is_the_same_every_time_and_narrows() -> None:
    few, many = framed(C, R, R), framed(*([C, R, R] * 40))
    widths = []
    for passages, blocks in (few, many):
        one, two = (frame_document(passages, blocks, []).interval for _ in range(2))
        assert one == two
        assert one is not None
        widths.append(one[1] - one[0])
    assert widths[1] < widths[0] / 2


def test_weights_may_be_others() -> None:
    passages, blocks = framed(C, R)
    passages[0] = passage(0, PassageRole.PREAMBLE)
    shares = [frame_document(passages, blocks, [], Weights(recital=w)).scores["crime"] for w in (0.0, 1.0)]
    assert np.allclose(shares, [0.0, 0.5])
