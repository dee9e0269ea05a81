"""Every attack has a test, and docs/security.md names both; `python -m tests.hostile.defences` takes each defence away and looks."""

from __future__ import annotations

from tests.hostile.defences import DEFENCES, ROOT, standing, test_exists


def test_each_defence_stands_where_it_is_said_to_and_has_its_test() -> None:
    assert [one.attack for one in DEFENCES if not standing(one)] == []
    assert [one.test for one in DEFENCES if not test_exists(one)] == []


def test_the_document_names_every_attack_with_its_test() -> None:
    said = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert [one.attack for one in DEFENCES if f"| {one.attack} | `{one.test}` |" not in said] == []
