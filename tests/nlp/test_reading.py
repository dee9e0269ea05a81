"""The JSON of an annotated document, read back."""

from __future__ import annotations

from typing import Any

import pytest

from nlp.reading import NotAnnotated, from_json
from nlp.wire import to_json
from tests.nlp.drafts import article, drafted
from tests.nlp.test_compare import AID, OFFENCE

TERM = "“Exploitation” means forced labour or services, slavery, or, if the victim is a child, any work that harms her."


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return to_json(drafted(article(1, "Terms", [TERM]) + article(2, "Aid", [AID, OFFENCE]), read=True))


def test_what_is_read_back_is_written_as_it_was(written: dict[str, Any]) -> None:
    assert written["definitions"]
    assert written["statements"]
    assert to_json(from_json(written)) == written


def test_keys_of_a_later_version_are_left_out(written: dict[str, Any]) -> None:
    later = written | {"mood": "sober", "blocks": [{**block, "colour": "red"} for block in written["blocks"]]}
    assert to_json(from_json(later)) == written


@pytest.mark.parametrize(
    "damage",
    [{"schema": "other/1"}, {"text": None, "blocks": 3}, {"document": {}}, {"framing": {"label": "loud", "scores": {}, "counts": {}}}],
)
def test_what_is_no_annotated_document_is_refused(written: dict[str, Any], damage: dict[str, Any]) -> None:
    with pytest.raises(NotAnnotated):
        from_json(written | damage)


@pytest.mark.parametrize("found", [[], None, "text", {}])
def test_other_json_is_refused(found: Any) -> None:
    with pytest.raises(NotAnnotated):
        from_json(found)
