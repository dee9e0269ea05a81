"""Identifiers that sort by the time of their making, and the clock they are taken from."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id(milliseconds: int | None = None) -> str:
    """A UUID of version 7 (RFC 9562) as text: 48 bits of Unix time in milliseconds, the rest random."""
    moment = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    high = (moment & ((1 << 48) - 1)) << 80 | _VERSION_7 | secrets.randbits(12) << 64
    return str(UUID(int=high | _VARIANT | secrets.randbits(62)))


def utc_now() -> datetime:
    """The present moment by this machine's clock; leases go by the database's (`Transaction.now`)."""
    return datetime.now(UTC)
