"""A comparison of two annotated documents, as frozen values; docs/comparison.md describes their JSON.

A provision is a block of an annotated document (a paragraph or list item). Every span lies in the text of the side on which it is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nlp.types import DocumentFraming, Framing, Span


class Kind(StrEnum):
    """How provisions of the left document stand to those of the right."""

    UNCHANGED = "unchanged"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    MODIFIED = "modified"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    REMOVED = "removed"


class ChangeKind(StrEnum):
    """What a change means; the part before the point is the layer of the annotation that it belongs to.

    READ_OTHERWISE is no change of the text: the model labelled equal words differently, because of what stands around them.
    """

    STATEMENT_ADDED = "statement.added"
    STATEMENT_DROPPED = "statement.dropped"
    BEARER_CHANGED = "statement.bearer_changed"
    TYPE_CHANGED = "statement.type_changed"
    STRENGTH_RAISED = "statement.strength_raised"
    STRENGTH_LOWERED = "statement.strength_lowered"
    CONDITION_ADDED = "statement.condition_added"
    CONDITION_DROPPED = "statement.condition_dropped"
    EXCEPTION_ADDED = "statement.exception_added"
    EXCEPTION_DROPPED = "statement.exception_dropped"
    ACTION_CHANGED = "statement.action_changed"
    TERM_ADDED = "definition.term_added"
    TERM_DROPPED = "definition.term_dropped"
    DEFINITION_WIDENED = "definition.widened"
    DEFINITION_NARROWED = "definition.narrowed"
    DEFINITION_CHANGED = "definition.changed"
    ELEMENT_ADDED = "definition.element_added"
    ELEMENT_DROPPED = "definition.element_dropped"
    VICTIM_GAINED = "victim.gained"
    VICTIM_LOST = "victim.lost"
    MADE_CONDITIONAL = "victim.made_conditional"
    MADE_UNCONDITIONAL = "victim.made_unconditional"
    INDICATOR_GAINED = "indicator.gained"
    INDICATOR_LOST = "indicator.lost"
    FRAMING_CHANGED = "framing.changed"
    READ_OTHERWISE = "reading.differs"


class EditKind(StrEnum):
    """What was done to words."""

    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Place:
    """A provision of one side: `index` counts its document's blocks from 0, `label` is what a lawyer would write."""

    index: int
    unit: str
    label: str
    heading: str | None
    start: int
    end: int
    text: str
    framing: Framing


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that were inserted (no left side), deleted (no right side) or replaced, as ranges of the two texts."""

    kind: EditKind
    left: Span | None
    right: Span | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of words means.

    `about` names its subject (a term, a label, an element's role, the action of a statement); `before` and `after` are the values that
    changed (`mandatory`, `permission`, …), None on the side that has none; `left` and `right` quote the words. `sureness` is from 0 to 1.
    """

    kind: ChangeKind
    about: str
    before: str | None
    after: str | None
    left: Span | None
    right: Span | None
    sureness: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Provisions that belong together, one on either side but for splits, merges, additions and removals.

    `score` is the likeness of the two wordings (0 to 1); of an added or removed provision, how unlike it is to everything opposite.
    `renumbered` and `moved` are told of modified provisions as well. `drift` is the pair's part in the shift of the rights share.
    """

    kind: Kind
    left: tuple[Place, ...]
    right: tuple[Place, ...]
    score: float
    renumbered: bool = False
    moved: bool = False
    pinned: bool = False
    edits: tuple[Edit, ...] = ()
    changes: tuple[Change, ...] = ()
    drift: float = 0.0


@dataclass(frozen=True, slots=True)
class Drift:
    """The shift of the rights share from left to right that the changes of words make, with its 95 % interval.

    `left` and `right` are the documents' own shares; right − left = `shift` + `reading`, which is what comes of equal words that the
    model read otherwise. `contributions` are (index of the pair, its part in the shift), the largest first; with the pairs left out,
    which contribute nothing, they add up to `shift`.
    """

    left: float
    right: float
    shift: float
    interval: tuple[float, float] | None
    contributions: tuple[tuple[int, float], ...]
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """Which document stands on a side."""

    sha256: str
    title: str | None
    framing: DocumentFraming
    provisions: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents against each other: pairs in reading order (of the right text, removals where they stood), counts, and drift."""

    left: Head
    right: Head
    pairs: tuple[Pair, ...]
    counts: Mapping[str, int]
    changes: Mapping[str, int]
    drift: Drift


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has decided: pairs of (left, right) unit ids that belong together, and pairs that do not."""

    pins: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()


class UnknownUnit(ValueError):
    """A pinned or forbidden pair names a unit that the document has no provision of."""


MEANINGFUL = 0.6
"""Changes at least so sure are counted and shown first."""
