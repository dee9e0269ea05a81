from __future__ import annotations

from typing import Any

import pytest

from api.findings import Finding, marks, parts, strongest, terms, victim_provisions

UNITS = [
    {"id": "art_1", "label": "Art. 1", "heading": "Aim", "parent": None},
    {"id": "art_1__para_1", "label": "Art. 1(1)", "heading": None, "parent": "art_1"},
    {"id": "art_1__para_2", "label": "", "heading": None, "parent": "art_1"},
    {"id": "annex", "label": "Annex", "heading": None, "parent": None},
]


def evidence(label: str, text: str, weight: float) -> dict[str, Any]:
    return {"label": label, "start": 0, "end": len(text), "text": text, "weight": weight}


def block(unit: str, framing: str, *found: dict[str, Any], victim: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"unit": unit, "framing": framing, "evidence": list(found), "victim": dict.fromkeys(victim, 0.9)}


def document(framing: str = "hybrid") -> dict[str, Any]:
    blocks = [
        block("art_1__para_1", "crime", evidence("indicators/crime.punishment", "offence", 0.5), victim=("child", "safety")),
        block("art_1__para_2", "rights", evidence("indicators/rights.language", "dignity", 0.9), evidence("victim/child", "child", 1.0)),
        block(
            "annex",
            "neutral",
            evidence("indicators/crime.punishment", "penalty", 0.7),
            evidence("indicators/crime.punishment", "jail", 0.1),
        ),
        block("annex", "rights", victim=("child",)),
    ]
    defined = [{"term": {"start": 3, "end": 8, "text": text}} for text in ("child", "victim", "child")]
    return {"framing": {"label": framing}, "units": UNITS, "blocks": blocks, "definitions": defined, "statements": []}


@pytest.mark.parametrize(
    ("framing", "words"),
    [
        ("hybrid", ["dignity", "penalty", "offence"]),
        ("neutral", ["dignity", "penalty", "offence"]),
        ("crime", ["penalty", "offence"]),
        ("rights", ["dignity"]),
    ],
)
def test_the_strongest_evidence_is_for_the_documents_own_framing(framing: str, words: list[str]) -> None:
    assert [finding.words for finding in strongest(document(framing))] == words


def test_evidence_names_the_place_as_a_lawyer_would() -> None:
    assert strongest(document("rights"), most=1) == [Finding("art_1__para_2", "rights.language", "dignity", 0.9)]
    assert strongest(document("crime"), most=2, per_label=1) == [Finding("Annex", "crime.punishment", "penalty", 0.7)]


def test_framing_is_counted_over_the_topmost_parts() -> None:
    found = [(part.label, part.heading, {k: v for k, v in part.counts.items() if v}) for part in parts(document())]
    assert found == [("Art. 1", "Aim", {"crime": 1, "rights": 1}), ("Annex", None, {"neutral": 1, "rights": 1})]


def test_victim_provisions_and_terms_are_listed_once_and_in_order() -> None:
    assert victim_provisions(document()) == {"child": ["Art. 1(1)", "Annex"], "safety": ["Art. 1(1)"]}
    assert terms(document()) == ["child", "victim"]


def test_what_stands_out_has_its_range() -> None:
    assert (3, 8, "term") in set(marks(document()))
    assert (0, len("dignity"), "evidence") in set(marks(document()))
