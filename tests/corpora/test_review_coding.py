from __future__ import annotations

import pytest

from corpora.review.coding import Verdict, verdicts
from corpora.store.decisions import Action

ACCEPT, CORRECT, ADD, REJECT = Action.ACCEPT, Action.CORRECT, Action.ADD, Action.REJECT


@pytest.mark.parametrize(
    ("machine", "chosen", "expected"),
    [
        ("a/x", "a/x", [(ACCEPT, "a/x")]),
        ("a/x", "", [(REJECT, "a/x")]),
        ("", "a/x", [(ADD, "a/x")]),
        ("a/x", "a/y", [(CORRECT, "a/x", "y")]),
        ("a/x a/z", "a/y a/z", [(ACCEPT, "a/z"), (CORRECT, "a/x", "y")]),
        ("a/x b/u", "a/y b/v", [(CORRECT, "a/x", "y"), (CORRECT, "b/u", "v")]),
        ("a/x", "b/x", [(ADD, "b/x"), (REJECT, "a/x")]),  # another layer says something else
        ("a/x a/y", "a/z", [(ADD, "a/z"), (REJECT, "a/x"), (REJECT, "a/y")]),  # nobody said which of both it stands for
        ("a/x", "a/y a/z", [(ADD, "a/y"), (ADD, "a/z"), (REJECT, "a/x")]),
    ],
)
def test_what_labels_say_about_the_machines(machine: str, chosen: str, expected: list[tuple[Action, str]]) -> None:
    assert verdicts(machine.split(), chosen.split()) == [Verdict(*one) for one in expected]
