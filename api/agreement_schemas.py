"""What goes over the wire about agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from pydantic import Field

from api.schemas import Wire

if TYPE_CHECKING:
    from corpora.review.measuring import Agreement


class FigureOut(Wire):
    """A figure with its 95 % bootstrap interval; null where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


class FiguresOut(Wire):
    """Agreement on one variable. `excluded` units were coded by fewer than two and count in no figure."""

    units: int
    excluded: int
    prevalence: tuple[float, ...] = Field(description="share of each category among the codings; for a label: absent, present")
    figures: Mapping[str, FigureOut] = Field(description="percent, cohen, fleiss, alpha (Krippendorff), ac1 (Gwet), f1")
    warning: str | None


class ExcludedOut(Wire):
    """Blocks that count in no figure."""

    unassigned: int
    uncoded: int
    single: int


class PairOut(Wire):
    """Two coders, or a coder and the reference or a version of the model, over all labels together."""

    first: str
    second: str
    figures: FiguresOut


class DisagreementOut(Wire):
    """Observed and expected disagreement on the spans of one kind."""

    observed: float
    expected: float


class SpansOut(Wire):
    """Krippendorff's unitizing alpha on the findings of a layer, with its 95 % bootstrap interval, over the blocks that all of `coders`
    coded.
    """

    coders: tuple[str, ...]
    characters: int
    alpha: float | None
    low: float | None
    high: float | None
    labels: Mapping[str, DisagreementOut]


class AgreementOut(Wire):
    """Agreement of a review: over all labels, on whole sets of labels, on each label, between each two, and on spans."""

    coders: tuple[str, ...]
    blocks: int = Field(description="blocks that two or more coded")
    excluded: ExcludedOut
    overall: FiguresOut | None
    sets: FiguresOut | None
    labels: Mapping[str, FiguresOut]
    pairs: tuple[PairOut, ...]
    spans: Mapping[str, SpansOut]

    @classmethod
    def of(cls, found: Agreement) -> AgreementOut:
        return cls.model_validate(asdict(found))


class TakenIn(Wire):
    """How many lines of a file were taken in."""

    lines: int
