"""Which provisions a reader wants to see: the same rule that `reading.mjs` applies where there is script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from api.pages.reading import Heading, Line, Provision

Word = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Choices of the filter form; empty ones let everything pass. `label` is a label or a layer; `p`: least percent of such a label."""

    label: str = ""
    framing: str = ""
    strength: str = ""
    has: str = ""
    p: int = 0

    @property
    def narrows(self) -> bool:
        return bool(self.label or self.framing or self.strength or self.has or self.p)

    def lets(self, provision: Provision) -> bool:
        """Whether the provision is shown."""
        chosen = [p for key, p in provision.labels if not self.label or self.label in (key, key.partition("/")[0])]
        return (
            (not (self.label or self.p) or any(p >= self.p for p in chosen))
            and self.framing in ("", provision.framing)
            and (not self.strength or self.strength in provision.strengths)
            and (not self.has or self.has in provision.has)
        )


def wanted(label: Word = "", framing: Word = "", strength: Word = "", has: Word = "", p: Annotated[int, Query(ge=0, le=100)] = 0) -> Wanted:
    """The filter as the address says."""
    return Wanted(label, framing, strength, has, p)


def narrowed(lines: Sequence[Line], choice: Wanted) -> list[Line]:
    """The provisions that are wanted, and the headings above them."""
    kept: list[Line] = []
    above: list[Heading] = []
    for line in lines:
        if isinstance(line, Heading):
            above = [heading for heading in above if heading.level < line.level] + [line]
        elif choice.lets(line):
            kept += [*above, line]
            above = []
    return kept
