"""From decisions to the labels that somebody gave a block, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpora.store.decisions import Action, Decision

Block = tuple[str, int, int]  # document, start, end


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision about one label of a block; `replacement` is the name of the label that a correction puts in its place."""

    action: Action
    key: str
    replacement: str | None = None


def verdicts(machine: Iterable[str], chosen: Iterable[str]) -> list[Verdict]:
    """What a coder's labels of a block say about the machine's: accepted, corrected, added, rejected.

    One label given in the place of one of the same layer is a correction. Of several, nobody has said which stands for which: they
    are added and rejected.
    """
    said, wanted = set(machine), set(chosen)
    accepted = [Verdict(Action.ACCEPT, key) for key in sorted(wanted & said)]
    corrected = dict(_corrections(wanted - said, said - wanted))
    added = [Verdict(Action.ADD, key) for key in sorted(wanted - said - set(corrected.values()))]
    rejected = [Verdict(Action.REJECT, key) for key in sorted(said - wanted - set(corrected))]
    replaced = [Verdict(Action.CORRECT, key, new.partition("/")[2]) for key, new in corrected.items()]
    return [*accepted, *replaced, *added, *rejected]


def _corrections(added: Iterable[str], rejected: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of each layer in which one label went and one came: which went, which came."""
    came, went = _by_layer(added), _by_layer(rejected)
    for layer in sorted(set(came) & set(went)):
        if len(came[layer]) == len(went[layer]) == 1:
            yield went[layer][0], came[layer][0]


def _by_layer(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.partition("/")[0], []).append(key)
    return found


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
            case Action.CORRECT if key and (right := corrected_to(one)):
                found.discard(key)
                found.add(right)
            case _:
                pass
    return frozenset(found)


def key_of(decision: Decision) -> str | None:
    """The key of the label that was decided on, None for a finding or a remark."""
    return f"{decision.layer}/{decision.label}" if decision.label else None


def corrected_to(decision: Decision) -> str | None:
    """The key of the label that a correction puts in the place of another, None for any other decision."""
    name = (decision.replacement or {}).get("label")
    return f"{decision.layer}/{name}" if decision.action is Action.CORRECT and decision.label and name else None


def by_block(decisions: Iterable[Decision]) -> Mapping[tuple[str, Block], list[Decision]]:
    """Decisions on labels, by person and block."""
    found: dict[tuple[str, Block], list[Decision]] = {}
    for one in decisions:
        if one.label:
            found.setdefault((one.coder, (one.document_id, one.start, one.end)), []).append(one)
    return found
