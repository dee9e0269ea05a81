"""What an operator can set of the service itself, besides what every process reads."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from workers import settings as shared
from workers.settings import BadSetting, Settings

FORM_ALLOWANCE = 64 << 10


class ReachableByStrangers(Exception):
    """Without access keys the service listens on this machine only (127.0.0.1, ::1 or localhost)."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Without access keys the service listens on this machine only (127.0.0.1, ::1 or localhost), not on {host!r}. "
            "`lexframe keys add NAME --scope admin` makes a key, or set LEXFRAME_ADMIN_KEY."
        )
        self.host = host


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError("a port from 0 to 65535 is needed")
    return port


def _rate(text: str) -> int:
    rate = int(text)
    if not 0 <= rate <= 10**9:
        raise ValueError("a whole number from 0 is needed")
    return rate


def _setting(name: str, default: Any, says: str, read: Callable[[str], Any], *, secret: bool = False) -> Any:
    shown = "none" if default is None else str(default)
    return field(default=default, repr=not secret, metadata={"env": name, "says": says, "read": read, "shown": shown})


def _secret_in(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError):
        raise ValueError("a file that can be read is needed") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings(Settings):
    """Settings of the service: those of every process, and where it listens."""

    host: str = _setting("LEXFRAME_HOST", "127.0.0.1", "address on which the service listens", str)
    port: int = _setting("LEXFRAME_PORT", 8080, "port on which the service listens", _port)

    rate: int = _setting("LEXFRAME_RATE", 1200, "requests a minute that one access key may make; 0 for any number", _rate)
    stranger_rate: int = _setting(
        "LEXFRAME_STRANGER_RATE", 60, "requests a minute without a valid key that one address may make; 0 for any number", _rate
    )

    admin_key: str | None = _setting(
        "LEXFRAME_ADMIN_KEY", None, "a secret of 32 or more characters that is an access key to everything", str, secret=True
    )
    admin_key_file: str | None = _setting(
        "LEXFRAME_ADMIN_KEY_FILE", None, "a file that holds such a secret, as containers are given one", _secret_in, secret=True
    )

    @property
    def operators_key(self) -> str | None:
        """The secret that the operator set, in either way."""
        return self.admin_key or self.admin_key_file

    @property
    def max_request_bytes(self) -> int:
        """The largest request body: one file, and room for the other fields of its form."""
        return self.max_upload_bytes + FORM_ALLOWANCE

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)


_OWN = tuple(f for f in fields(ApiSettings) if f.name not in {inherited.name for inherited in fields(Settings)})


def from_environment(env: Mapping[str, str], **chosen: Any) -> ApiSettings:
    """Reads every LEXFRAME_ variable once; `chosen` (command-line options) wins where it is not None. Raises BadSetting."""
    base = shared.from_environment(env)
    own = {f.name: _read(f.metadata, env[f.metadata["env"]]) for f in _OWN if env.get(f.metadata["env"])}
    given = {name: value for name, value in chosen.items() if value is not None}
    return ApiSettings(**{f.name: getattr(base, f.name) for f in fields(base)} | own | given)


def described() -> tuple[tuple[str, str, str], ...]:
    """Every setting as (variable, default as shown, meaning), for the operator's table."""
    return (*shared.described(), *((f.metadata["env"], f.metadata["shown"], f.metadata["says"]) for f in _OWN))


def check_reach(settings: ApiSettings, *, has_keys: bool = False) -> None:
    """Raises ReachableByStrangers where others than this machine could enter without a key."""
    if not (settings.on_loopback or has_keys):
        raise ReachableByStrangers(settings.host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    bare = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def _read(metadata: Mapping[str, Any], text: str) -> Any:
    try:
        return metadata["read"](text)
    except ValueError as error:
        why = str(error) if "needed" in str(error) else "a number is needed"
        raise BadSetting(metadata["env"], text, why) from None
