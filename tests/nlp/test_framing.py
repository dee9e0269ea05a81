from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nlp.framing import block_weights, frame_document
from nlp.types import Block, DocumentFraming, Framing, Passage, PassageRole, Span, Statement, StatementType, Strength
from nlp.weighing import OTHERWISE, Weights


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


def rights(found: DocumentFraming) -> dict[str, float]:
    return {one.name: one.rights for one in found.sensitivity}


def test_other_weighings_say_what_the_label_hangs_on() -> None:
    """Five offences that bind plainly; ten encouragements and as many recitals for victims: by our formula they lead narrowly, in hard law not at all."""
    passages, blocks = framed(*[C] * 5, *[R] * 20)
    passages[15:] = [passage(i, PassageRole.PREAMBLE) for i in range(15, 25)]
    statements = [statement(i) for i in range(5)] + [statement(i, strength=Strength.HORTATORY) for i in range(5, 15)]
    found = frame_document(passages, blocks, statements)
    assert found.scores["rights"] == pytest.approx((6 + 2.4) / (5 + 6 + 2.4), abs=1e-4)
    assert rights(found) == pytest.approx(
        {"alike": 20 / 25, "operative": 6 / 11, "binding": 0.0, "steep": (3 + 0.6) / (5 + 3 + 0.6), "words": (6 + 2.4) / (5 + 6 + 2.4)},
        abs=1e-4,
    )
    assert {one.name: one.label for one in found.sensitivity}["binding"] is C
    assert found.label is H


def test_long_blocks_count_more_where_words_count() -> None:
    passages, blocks = framed(C, R)
    passages[1] = replace(passages[1], text="long " * 3)
    assert rights(frame_document(passages, blocks, []))["words"] == 0.75


def test_where_nothing_is_framed_nothing_is_weighed_otherwise() -> None:
    passages, blocks = framed(N, N)
    assert {(one.label, one.interval) for one in frame_document(passages, blocks, []).sensitivity} == {(N, None)}
    passages, blocks = framed(C, R)
    assert [one.interval for one in frame_document(passages, blocks, []).sensitivity if one.name == "binding"] == [None]
    assert frame_document([], [], []).sensitivity == ()
    assert set(rights(frame_document(passages, blocks, []))) == set(OTHERWISE)
