"""Which blocks of a review somebody wants, as an address says it: the same for the JSON API and for the page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from corpora.review.queue import Order, Wish


def wish(
    label: Annotated[str, Query(max_length=255, description="a label (`victim/child`) or a layer (`victim`) of the machine")] = "",
    undecided: Annotated[bool, Query(description="only blocks with such a label near its threshold")] = False,
    left: Annotated[bool, Query(description="only blocks that the coder has not coded")] = False,
    low: Annotated[float, Query(ge=0, le=1, description="least probability of such a label")] = 0.0,
    high: Annotated[float, Query(ge=0, le=1, description="greatest probability of such a label")] = 1.0,
    order: Annotated[Order, Query(description="as assigned, or least sure first")] = Order.ASSIGNED,
) -> Wish:
    """What is wanted; everything, where nothing is said."""
    return Wish(label=label, undecided=undecided, left=left, low=low, high=high, order=order)


TheWish = Annotated[Wish, Depends(wish)]
