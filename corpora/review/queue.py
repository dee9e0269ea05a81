"""What a coder has before them: blocks to be coded, narrowed to those that are wanted and in the order that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpora.review.labels import machine_labels, uncertainty, undecided_labels

Json = dict[str, Any]
Range = tuple[int, int]


class Order(StrEnum):
    """As the blocks were assigned, or those first of which the machine is least sure."""

    ASSIGNED = "assigned"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Task:
    """A block to be coded: its words and place, and the coder's labels once it is coded.

    `machine` has the machine's labels, `undecided` those of which it is not sure, given or not; both are None where the machine's
    labels are not shown.
    """

    document_id: str
    unit: str
    where: str
    start: int
    end: int
    text: str
    machine: Mapping[str, float] | None
    undecided: Mapping[str, float] | None
    labels: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which blocks are wanted. `label` is a label (`victim/child`) or a layer (`victim`), empty for any.

    `undecided` leaves only blocks of which the machine is not sure in such a label, `low` and `high` only those where its probability lies
    between them, `left` only those that the coder has not coded.
    """

    label: str = ""
    undecided: bool = False
    left: bool = False
    low: float = 0.0
    high: float = 1.0
    order: Order = Order.ASSIGNED

    @property
    def narrows(self) -> bool:
        """Whether some block could be left out."""
        return self.left or self._narrows_labels

    def lets(self, task: Task) -> bool:
        """Whether a block is wanted; it needs the machine's labels."""
        if self.left and task.labels is not None:
            return False
        if not self._narrows_labels:
            return True
        said = {**({} if self.undecided else task.machine or {}), **(task.undecided or {})}
        return any(self._means(key) and self.low <= p <= self.high for key, p in said.items())

    @property
    def _narrows_labels(self) -> bool:
        return bool(self.label or self.undecided or self.low > 0 or self.high < 1)

    def _means(self, key: str) -> bool:
        return self.label in ("", key, key.partition("/")[0])


def blocks_of(document_id: str, annotated: Json, layers: Sequence[str]) -> dict[Range, Task]:
    """Every block of an annotated document as a task that nobody has coded."""
    where = {unit["id"]: unit.get("label") or unit["id"] for unit in annotated["units"]}
    found = {}
    for block in annotated["blocks"]:
        start, end, unit = block["start"], block["end"], block["unit"]
        said = machine_labels(block, layers), undecided_labels(block, layers)
        found[start, end] = Task(document_id, unit, where.get(unit, unit), start, end, annotated["text"][start:end], *said, None)
    return found


def wanted(tasks: Iterable[Task], wish: Wish) -> list[Task]:
    """The tasks that are wanted, in the order that is wanted."""
    found = [task for task in tasks if wish.lets(task)]
    return sorted(found, key=lambda task: -uncertainty(task.undecided or {})) if wish.order is Order.UNCERTAIN else found
