"""What an operator can set, read once from the environment at the edge of a process."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpora.store.jobs import EVERY_KIND, JobKind


class BadSetting(Exception):
    """A setting has a value that cannot be used."""

    def __init__(self, name: str, value: str, why: str) -> None:
        super().__init__(f"{name}={value!r}: {why}")
        self.name, self.value, self.why = name, value, why


def data_home(env: Mapping[str, str]) -> Path:
    """Where programs keep their data: $XDG_DATA_HOME/lexframe, %LOCALAPPDATA%\\lexframe on Windows, ~/.local/share/lexframe."""
    if os.name == "nt" and env.get("LOCALAPPDATA"):
        return Path(env["LOCALAPPDATA"]) / "lexframe"
    home = env.get("XDG_DATA_HOME") or str(Path(env.get("HOME") or Path.home()) / ".local" / "share")
    return Path(home) / "lexframe"


def _setting(name: str, default: Any, says: str, read: Callable[[str], Any], *, shown: str | None = None) -> Any:
    """A field with the variable it is read from, its meaning, and its default as the operator's table shows it."""
    return field(default=default, metadata={"env": name, "says": says, "read": read, "shown": str(default) if shown is None else shown})


def _whole(least: int, most: int = 10**12) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most} is needed")
        return value

    return read


def _seconds(least: float, most: float = 86400.0) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise ValueError(f"a number of seconds from {least:g} to {most:g} is needed")
        return value

    return read


def _one_of(*values: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise ValueError(f"one of {', '.join(values)} is needed")
        return text

    return read


def _kinds(text: str) -> tuple[JobKind, ...]:
    try:
        return tuple(dict.fromkeys(JobKind(part.strip()) for part in text.split(",")))
    except ValueError:
        raise ValueError(f"some of {', '.join(JobKind)} are needed, with commas between them") from None


def _redis_url(text: str) -> str:
    if urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("a URL such as redis://host:6379/0, rediss://… or unix:///path is needed")
    return text


def _database_url(text: str) -> str:
    if urlsplit(text).scheme.partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("a URL such as postgresql://user:password@host/database or sqlite:////path/file.sqlite3 is needed")
    return text


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("a URL such as http://collector:4318 is needed")
    return text


def _factory(text: str) -> str:
    module, colon, name = text.partition(":")
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ValueError("module:function is needed")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    found = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if any(set(part) & set("/@ *") for part in found):
        raise ValueError("names of hosts, or host:port, are needed, with commas between them")
    return found


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _folders(text: str) -> tuple[str, ...]:
    return tuple(str(_path(part.strip())) for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of every process; `from_environment` makes them."""

    data_dir: Path = _setting(  # noqa: RUF009 - makes a field
        "LEXFRAME_DATA_DIR",
        "lexframe-data",
        "folder of the embedded database and of the original files",
        _path,
        shown="~/.local/share/lexframe",
    )
    database_url: str = _setting(
        "LEXFRAME_DATABASE_URL",
        "",
        "SQLAlchemy URL of the database: PostgreSQL, or an SQLite file",
        _database_url,
        shown="SQLite file in the data folder",
    )
    redis_url: str | None = _setting(
        "LEXFRAME_REDIS_URL",
        None,
        "Redis through which Celery workers are woken; without it `lexframe serve` runs the jobs itself",
        _redis_url,
        shown="none",
    )
    blob_url: str = _setting("LEXFRAME_BLOB_URL", "", "folder or fsspec URL of the original files", str, shown="`files` in the data folder")
    lease_seconds: float = _setting(
        "LEXFRAME_LEASE_SECONDS", 60.0, "how long a silent worker keeps its job before another takes it", _seconds(1)
    )
    job_seconds: float = _setting("LEXFRAME_JOB_SECONDS", 1800.0, "how long one document may take before its job fails", _seconds(1))
    grace_seconds: float = _setting(
        "LEXFRAME_GRACE_SECONDS", 30.0, "how long a stopping worker may go on before it hands its job back", _seconds(0, 3600)
    )
    max_attempts: int = _setting("LEXFRAME_MAX_ATTEMPTS", 3, "attempts before a document is set aside", _whole(1, 100))
    max_upload_bytes: int = _setting("LEXFRAME_MAX_UPLOAD_BYTES", 50 << 20, "largest file that is accepted, in bytes", _whole(1))
    max_corpus_bytes: int = _setting(
        "LEXFRAME_MAX_CORPUS_BYTES", 4 << 30, "largest archive for a corpus, in bytes, packed and unpacked", _whole(1)
    )
    max_corpus_files: int = _setting("LEXFRAME_MAX_CORPUS_FILES", 20_000, "most files in one archive", _whole(1))
    max_queued: int = _setting("LEXFRAME_MAX_QUEUED", 100_000, "uploads are refused for the moment while so many jobs wait", _whole(1))
    concurrency: int = _setting("LEXFRAME_CONCURRENCY", 1, "documents annotated at once on this machine, one process each", _whole(1, 512))
    threads: int = _setting("LEXFRAME_THREADS", 0, "processor threads of each such process; 0 shares the processors out", _whole(0, 1024))
    memory_mib: int = _setting("LEXFRAME_MEMORY_MIB", 4096, "a process above so many MiB is replaced after its document", _whole(64))
    kinds: tuple[JobKind, ...] = _setting(
        "LEXFRAME_KINDS",
        EVERY_KIND,
        "kinds of jobs that a worker takes, preferred ones first",
        _kinds,
        shown="export,compare,annotate",
    )
    deaf_seconds: float = _setting(
        "LEXFRAME_DEAF_SECONDS", 60.0, "a Celery worker that does nothing so long while messages wait is replaced", _seconds(1, 3600)
    )
    poll_seconds: float = _setting(
        "LEXFRAME_POLL_SECONDS", 0.5, "how often the embedded runner looks for jobs that nobody told it of", _seconds(0.01, 60)
    )
    recovery_seconds: float = _setting(
        "LEXFRAME_RECOVERY_SECONDS", 5.0, "how often expired leases and lost messages are looked for", _seconds(0.1, 600)
    )
    pipeline: str = _setting(
        "LEXFRAME_PIPELINE", "workers.annotation:load_work", "module:function that makes the pipeline; for pipelines of one's own", _factory
    )
    codebooks: tuple[str, ...] = _setting(
        "LEXFRAME_CODEBOOKS",
        (),
        "folders of codebooks of one's own, with commas between them; each is a trained one or holds some",
        _folders,
        shown="`codebooks` in the data folder",
    )
    model: Path | None = _setting("LEXFRAME_MODEL", None, "folder of a provision model in place of the shipped one", _path, shown="none")  # noqa: RUF009
    webhook_hosts: tuple[str, ...] = _setting(
        "LEXFRAME_WEBHOOK_HOSTS",
        (),
        "hosts (or host:port), with commas between them, to which webhooks may lead though they are private or without TLS",
        _hosts,
        shown="none",
    )
    otlp_url: str | None = _setting(
        "LEXFRAME_OTLP_URL",
        None,
        "collector to which traces are sent (OTLP over HTTP), such as http://collector:4318; needs the extra `otel`",
        _http_url,
        shown="none",
    )
    log_level: str = _setting("LEXFRAME_LOG_LEVEL", "INFO", "least level of log lines", _one_of("DEBUG", "INFO", "WARNING", "ERROR"))
    log_format: str = _setting("LEXFRAME_LOG_FORMAT", "text", "form of log lines: `text`, or `json` for programs", _one_of("text", "json"))

    @property
    def threads_each(self) -> int:
        """Threads of one process: as set, else an even share of the processors, at least 1."""
        return self.threads or max(1, (os.cpu_count() or 1) // self.concurrency)

    @property
    def embedded(self) -> bool:
        """Whether jobs run in processes that `lexframe serve` starts, rather than in Celery workers."""
        return self.redis_url is None


def from_environment(env: Mapping[str, str]) -> Settings:
    """Reads every LEXFRAME_ variable once; an empty value counts as unset. Raises BadSetting."""
    given = {f.name: _read(f.metadata, env[f.metadata["env"]]) for f in fields(Settings) if env.get(f.metadata["env"])}
    folder = given.setdefault("data_dir", data_home(env))
    given.setdefault("database_url", f"sqlite:///{folder / 'lexframe.sqlite3'}")
    given.setdefault("blob_url", str(folder / "files"))
    given.setdefault("codebooks", (str(folder / "codebooks"),))
    return Settings(**given)


def to_environment(settings: Settings) -> dict[str, str]:
    """The variables from which `from_environment` reads the same settings, for a process to be started."""
    values = {f.metadata["env"]: getattr(settings, f.name) for f in fields(Settings)}
    return {name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in values.items() if value is not None}


def described() -> tuple[tuple[str, str, str], ...]:
    """Every setting as (variable, default as shown, meaning), for the operator's table."""
    return tuple((f.metadata["env"], f.metadata["shown"], f.metadata["says"]) for f in fields(Settings))


def process_name() -> str:
    """Machine and process id, as the lease rows name a holder."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _read(metadata: Mapping[str, Any], text: str) -> Any:
    try:
        return metadata["read"](text)
    except ValueError as error:
        raise BadSetting(metadata["env"], _without_password(text), _reason(error)) from None


def _reason(error: ValueError) -> str:
    text = str(error)
    return "a number is needed" if "invalid literal" in text or "could not convert" in text else text


def _without_password(text: str) -> str:
    """A URL without what stands between the user's name and the host."""
    before, at, host = text.rpartition("@")
    scheme, slashes, user = before.partition("://")
    return f"{scheme}://{user.partition(':')[0]}:…@{host}" if at and slashes else text
