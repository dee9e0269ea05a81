"""From decisions to the labels that somebody gave a block, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpora.store.decisions import Action, Decision

Block = tuple[str, int, int]  # document, start, end


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision about one label of a block."""

    action: Action
    key: str
    replacement: str | None = None


def verdicts(machine: Iterable[str], chosen: Iterable[str]) -> list[Verdict]:
    """What a coder's labels of a block say about the machine's: accepted, added, rejected."""
    said, wanted = set(machine), set(chosen)
    accepted = [Verdict(Action.ACCEPT, key) for key in sorted(wanted & said)]
    added = [Verdict(Action.ADD, key) for key in sorted(wanted - said)]
    return [*accepted, *added, *(Verdict(Action.REJECT, key) for key in sorted(said - wanted))]


def labels_of(decisions: Sequence[Decision]) -> frozenset[str]:
    """The labels that stand after one person's decisions on one block, taken in the order they were made."""
    found: set[str] = set()
    for one in decisions:
        key = key_of(one)
        match one.action:
            case Action.ACCEPT | Action.ADD if key:
                found.add(key)
            case Action.REJECT if key:
                found.discard(key)
            case Action.CORRECT if key and one.replacement and "label" in one.replacement:
                found.discard(key)
                found.add(f"{one.layer}/{one.replacement['label']}")
            case _:
                pass
    return frozenset(found)


def key_of(decision: Decision) -> str | None:
    """The key of the label that was decided on, None for a finding or a remark."""
    return f"{decision.layer}/{decision.label}" if decision.label else None


def by_block(decisions: Iterable[Decision]) -> Mapping[tuple[str, Block], list[Decision]]:
    """Decisions on labels, by person and block."""
    found: dict[tuple[str, Block], list[Decision]] = {}
    for one in decisions:
        if one.label:
            found.setdefault((one.coder, (one.document_id, one.start, one.end)), []).append(one)
    return found
