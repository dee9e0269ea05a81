"""Access keys as they go over the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.schemas import Wire
from corpora.store.keys import Key, Scope
from corpora.store.tables import DEFAULT_SPACE

YEAR_TOO_FAR = 3000


def _future(moment: datetime) -> datetime:
    if not datetime.now(UTC) < moment or moment.year >= YEAR_TOO_FAR:
        raise PydanticCustomError("expires", "A moment to come is needed, before the year {year}.", {"year": YEAR_TOO_FAR})
    return moment


Space = Annotated[str, Field(pattern=r"^(\*|[a-z0-9][a-z0-9-]{0,63})$", examples=["default"])]


class KeyIn(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        min_length=1,
        max_length=255,
        pattern=r"\w",
        description="whose it is, or what for; the audit log tells by it who did what",
        examples=["reading room"],
    )
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=len(Scope), examples=[["read"]])
    spaces: tuple[Space, ...] = Field((DEFAULT_SPACE,), min_length=1, max_length=100, description="what it sees; `*` for all")
    expires: Annotated[AwareDatetime, AfterValidator(_future)] | None = Field(None, description="when it ends by itself")


class KeyOut(Wire):
    """A key, without its secret."""

    id: str
    name: str
    prefix: str = Field(description="how its secret begins", examples=["lxf_Xh3_9a"])
    scopes: tuple[Scope, ...]
    spaces: tuple[str, ...]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    last_used: datetime | None = Field(description="to the minute")

    @classmethod
    def of(cls, key: Key) -> KeyOut:
        return cls(**{name: getattr(key, name) for name in KeyOut.model_fields})


class KeyMade(KeyOut):
    """A key that was made just now."""

    secret: str = Field(description="send it as `Authorization: Bearer …`; it is not told again")

    @classmethod
    def with_secret(cls, key: Key, secret: str) -> Self:
        return cls(**{name: getattr(key, name) for name in KeyOut.model_fields}, secret=secret)


class KeysOut(Wire):
    """All keys that the caller may see."""

    items: tuple[KeyOut, ...]


class WhoOut(Wire):
    """The caller."""

    actor: str = Field(description="the name of the key, as the audit log has it", examples=["reading room"])
    space: str = Field(description="the one that this request looks at; the header `Lexframe-Space` chooses another", examples=["default"])
    spaces: tuple[str, ...] = Field(description="`*` for all")
    scopes: tuple[Scope, ...]
