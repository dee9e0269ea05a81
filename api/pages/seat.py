"""Who looks at what of a review in the browser, as the address says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.deps import Caller
from api.review_wishes import TheWish
from corpora.review.queue import Wish
from corpora.store.keys import Scope
from corpora.store.reviews import Role


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks at what of a review, as the address says it; `hide` leaves the machine's labels out until a block is coded."""

    coder: str
    role: Role
    wish: Wish
    hide: bool

    def query(self, **more: Any) -> str:
        """The address's query, with only what differs from the usual."""
        usual, own = Wish(), self.wish
        said = {name: getattr(own, name) for name in usual.__dataclass_fields__ if getattr(own, name) != getattr(usual, name)}
        said |= {"role": self.role.value} if self.role is not Role.CODER else {}
        said |= {"hide": True} if self.hide else {}
        return urlencode({"coder": self.coder} | {k: str(v).lower() if v is True else v for k, v in said.items()} | more)


def seat(wish: TheWish, coder: Annotated[str, Query(max_length=255)] = "", role: Role = Role.CODER, hide: bool = False) -> Seat:
    """As the address says."""
    return Seat(coder, role, wish, hide)


def knows_names(caller: Caller) -> bool:
    """Whether somebody may say under which name they code: where there are no keys, and administrators."""
    return caller.may(Scope.ADMIN)


TheSeat = Annotated[Seat, Depends(seat)]
