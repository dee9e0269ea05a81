from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from models.decision import Decision, Rule
from models.labeller import Look
from nlp.evidence import find_evidence
from nlp.types import Evidence, Passage, PassageRole

WORDS = ["Police", "shall", "arrest", ",", "clinics", "shall", "heal", ",", "schools", "teach"]
DECISION = Decision((Rule("indicators/b", 1.0, 0.0, 0.5, (0.4, 0.6)), Rule("four_p/a", 1.0, 0.0, 0.5, (0.4, 0.6))))
BIAS = -2.0


def block() -> tuple[Passage, Doc, Look]:
    """Three clauses between commas, one token a word, standing at 100."""
    doc = Doc(spacy.blank("en").vocab, words=WORDS)
    look = Look(np.array([(t.idx, t.idx + len(t)) for t in doc]), np.zeros((len(doc), 2)))
    return Passage("art_1", 100, 100 + len(doc.text), doc.text, PassageRole.OPERATIVE), doc, look


def found(**shares: tuple[float, float]) -> tuple[Evidence, ...]:
    passage, doc, look = block()
    for word, share in shares.items():
        look.shares[WORDS.index(word)] = share
    logits = look.shares.sum(axis=0) + BIAS
    return find_evidence(passage, doc, DECISION, logits, look, [j for j in range(2) if logits[j] >= 0])


def sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def test_the_weight_is_the_fall_without_the_phrase() -> None:
    (one,) = found(arrest=(4.0, 0.0), heal=(0.3, 0.0))
    assert (one.label, one.start, one.text) == ("indicators/b", 100, "Police shall arrest")
    assert one.weight == pytest.approx(sigmoid(2.3) - sigmoid(-1.7), abs=1e-3)


def test_labels_that_are_not_said_have_none() -> None:
    assert {e.label for e in found(arrest=(4.0, 1.9))} == {"indicators/b"}
    assert found(arrest=(1.0, 1.0)) == ()


def test_heaviest_first_and_light_ones_left_out() -> None:
    assert [e.text for e in found(arrest=(1.5, 0.0), heal=(2.5, 0.0), teach=(0.1, 0.0))] == ["clinics shall heal", "Police shall arrest"]


def test_a_phrase_that_speaks_against_the_label_is_no_evidence() -> None:
    assert [e.text for e in found(arrest=(-1.0, 0.0), heal=(5.0, 0.0))] == ["clinics shall heal"]


def test_a_certain_label_keeps_its_heaviest_phrase() -> None:
    """Each alone hardly lowers a probability of nearly one; the heaviest is named all the same."""
    (one,) = found(arrest=(3.0, 0.0), heal=(4.0, 0.0), teach=(3.0, 0.0))
    assert one.text == "clinics shall heal"
    assert one.weight < 0.05
