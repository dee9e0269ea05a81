"""Access keys: shown once, kept as digests, each with what it may do and which spaces it sees."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, insert, or_, select, update

from corpora.store import audit
from corpora.store.errors import BadKey
from corpora.store.identity import new_id, utc_now
from corpora.store.names import clean_line
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, is_space_name
from corpora.store.tables import keys as key_table

PREFIX = "lxf_"
EVERY_SPACE = "*"
FROM_ENVIRONMENT = "LEXFRAME_ADMIN_KEY"
LEAST_SECRET = 32
_NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a key may do; each but `metrics` includes reading, and `admin` includes all."""

    READ = "read"
    WRITE = "write"
    REVIEW = "review"
    ADMIN = "admin"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as lists show it; `prefix` is how its owner recognises it, the secret itself is nowhere."""

    id: str
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    spaces: tuple[str, ...]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    last_used: datetime | None

    def allows(self, wanted: Scope) -> bool:
        """Whether it may do what needs this scope."""
        reads = any(scope is not Scope.METRICS for scope in self.scopes)
        return wanted in self.scopes or Scope.ADMIN in self.scopes or (wanted is Scope.READ and reads)

    def sees(self, space: str) -> bool:
        """Whether what is in this space exists for it."""
        return EVERY_SPACE in self.spaces or space in self.spaces

    def covers(self, spaces: Iterable[str]) -> bool:
        """Whether it sees all of these spaces, so that it may give them to another key."""
        return all(self.sees(space) for space in spaces)

    @property
    def home(self) -> str:
        """The space that is meant where none is named."""
        return DEFAULT_SPACE if self.sees(DEFAULT_SPACE) else self.spaces[0]

    def is_good(self, now: datetime) -> bool:
        """Whether it opens at this moment: neither revoked nor expired."""
        return self.revoked is None and (self.expires is None or now < self.expires)


_SHOWN = [key_table.c[name] for name in Key.__slots__]


def make(
    tx: Transaction,
    name: str,
    scopes: Iterable[Scope],
    spaces: Iterable[str] = (DEFAULT_SPACE,),
    expires: datetime | None = None,
    *,
    actor: str = "local",
) -> tuple[Key, str]:
    """A new key and its secret, which is told this once; raises BadKey."""
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    return _add(tx, secret, secret[: len(PREFIX) + 6], name, tuple(scopes), tuple(spaces), expires, actor), secret


def find(tx: Transaction, secret: str) -> Key | None:
    """The key with this secret, good or not. Only digests are compared, so that the time it takes tells nothing of a secret."""
    row = tx.execute(select(*_SHOWN).where(key_table.c.digest == digest(secret))).one_or_none()
    return None if row is None else _key(row._mapping)


def get(tx: Transaction, key_id: str) -> Key | None:
    """The key with this id."""
    row = tx.execute(select(*_SHOWN).where(key_table.c.id == key_id)).one_or_none()
    return None if row is None else _key(row._mapping)


def every(tx: Transaction) -> tuple[Key, ...]:
    """All keys that were ever made, the newest first."""
    return tuple(_key(row._mapping) for row in tx.execute(select(*_SHOWN).order_by(key_table.c.id.desc())))


def revoke(tx: Transaction, key_id: str, *, actor: str = "local") -> bool:
    """Ends a key for good; False where it is unknown. Its row stays, for the audit log names it."""
    key = get(tx, key_id)
    if key is None:
        return False
    if key.revoked is None:
        tx.execute(update(key_table).where(key_table.c.id == key_id).values(revoked=utc_now()))
        audit.record(tx, "revoke_key", key_id, actor=actor, space=key.spaces[0], details={"prefix": key.prefix})
    return True


def note_use(tx: Transaction, key: Key, now: datetime) -> None:
    """Notes when the key was last used, to the minute."""
    tx.execute(update(key_table).where(key_table.c.id == key.id).values(last_used=now))


def is_use_due(key: Key, now: datetime) -> bool:
    """Whether the last use on record is older than a minute."""
    return key.last_used is None or now - key.last_used > _NOTED_EVERY


def any_made(tx: Transaction) -> bool:
    """Whether there ever was a key: then the service is closed to those without one."""
    return bool(tx.execute(select(exists().where(key_table.c.id.is_not(None)))).scalar_one())


def any_good(tx: Transaction) -> bool:
    """Whether somebody can enter with a key."""
    good = exists().where(key_table.c.revoked.is_(None), or_(key_table.c.expires.is_(None), key_table.c.expires > utc_now()))
    return bool(tx.execute(select(good)).scalar_one())


def ensure_admin(tx: Transaction, secret: str) -> None:
    """Makes the operator's own secret a key to everything; an earlier one is revoked. A revoked one stays so. Raises BadKey."""
    if len(secret) < LEAST_SECRET or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise BadKey(f"{FROM_ENVIRONMENT} needs {LEAST_SECRET} or more letters and digits; `openssl rand -hex 32` makes some.")
    if find(tx, secret) is not None:
        return
    for old in every(tx):
        if old.name == FROM_ENVIRONMENT:
            revoke(tx, old.id, actor=FROM_ENVIRONMENT)
    _add(tx, secret, f"env_{digest(secret)[:6]}", FROM_ENVIRONMENT, (Scope.ADMIN,), (EVERY_SPACE,), None, FROM_ENVIRONMENT)


def digest(secret: str) -> str:
    """SHA-256, which is enough for a secret of 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _add(
    tx: Transaction,
    secret: str,
    prefix: str,
    name: str,
    scopes: tuple[Scope, ...],
    spaces: tuple[str, ...],
    expires: datetime | None,
    actor: str,
) -> Key:
    _check(name, scopes, spaces)
    if any(key.name == clean_line(name, 255) and key.is_good(utc_now()) and _overlap(key.spaces, spaces) for key in every(tx)):
        raise BadKey("A key of this name is in use there already; names tell in the audit log who did what.")
    values: dict[str, Any] = {"id": new_id(), "name": clean_line(name, 255), "prefix": prefix, "created": utc_now(), "expires": expires}
    values |= {"scopes": sorted({scope.value for scope in scopes}), "spaces": sorted(set(spaces))}
    tx.execute(insert(key_table).values(**values, digest=digest(secret)))
    details = {"prefix": prefix, "scopes": " ".join(values["scopes"]), "spaces": " ".join(values["spaces"])}
    audit.record(tx, "make_key", values["id"], actor=actor, space=values["spaces"][0], details=details)
    made = get(tx, values["id"])
    assert made is not None
    return made


def _check(name: str, scopes: tuple[Scope, ...], spaces: tuple[str, ...]) -> None:
    if clean_line(name, 255) in {"", "local"}:
        raise BadKey("A key needs a name by which to know it.")
    if not scopes:
        raise BadKey("A key needs at least one scope.")
    if not spaces:
        raise BadKey("A key needs at least one space.")
    for space in spaces:
        if space != EVERY_SPACE and not is_space_name(space):
            raise BadKey("The name of a space is small letters, digits and hyphens, at most 64, and begins with a letter or digit.")


def _overlap(these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    return EVERY_SPACE in these or EVERY_SPACE in those or bool(set(these) & set(those))


def _key(row: Any) -> Key:
    return Key(**{**row, "scopes": tuple(map(Scope, row["scopes"])), "spaces": tuple(row["spaces"])})
