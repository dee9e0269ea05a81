"""What API and workers agree on about Redis: names of queues and of the task, and the broker's URL. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from corpora.store.jobs import JobKind

RUN = "lexframe.run"
KEY_PREFIX = "lexframe:"
QUEUE = "lexframe"


def queue_of(kind: JobKind, rank: int = 0) -> str:
    """The queue of a job: annotation of single uploads, and each other weight of its own; the batches' is read last."""
    if kind is JobKind.ANNOTATE:
        return QUEUE if rank <= 0 else f"{QUEUE}.batch"
    return f"{QUEUE}.{kind}"


def queues_of(kinds: Sequence[JobKind]) -> tuple[str, ...]:
    """The queues of a worker that takes these kinds of jobs, in the order in which it reads them."""
    return (*(queue_of(kind) for kind in kinds), *(queue_of(kind, 1) for kind in kinds if kind is JobKind.ANNOTATE))


def broker_url(redis_url: str) -> str:
    """The URL as kombu wants it: a socket is `redis+socket://`, its database a virtual host."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}"
