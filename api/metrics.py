"""The numbers of a running service, for Prometheus: requests to this process, and what the database knows of jobs and of all workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from corpora.store import attendance, jobs, tallies
from corpora.store.errors import StoreError
from corpora.store.jobs import EVERY_KIND, JobState
from corpora.store.session import Store, Transaction
from corpora.store.tallies import Count, Counted
from workers.checks import free_bytes
from workers.queue import BrokerGone, depth
from workers.settings import Settings
from workers.versions import program_version

Labels = TypeVar("Labels", bound=tuple[str, ...])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MODELS = ("syntax", "provisions")
"""The stages that are a model's reading and next to nothing else."""


class RequestCounts:
    """Requests to this process, by route as it is declared: addresses hold what people search for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        told = ("method", "route")
        self._count = Counter("lexframe_http_requests", "Requests that were answered", (*told, "status"), registry=self.registry)
        seconds = "Seconds until an answer began"
        self._seconds = Histogram("lexframe_http_request_seconds", seconds, told, buckets=SECONDS, registry=self.registry)
        ProcessCollector(registry=self.registry)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered, after so many seconds."""
        known = method if method in METHODS else "other"
        self._count.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)


def exposed(requests: RequestCounts, settings: Settings, store: Store) -> bytes:
    """Everything in Prometheus' text format. Where the database does not answer, that is one of the numbers, and its own are left out."""
    registry = CollectorRegistry()
    registry.register(_Once(list(_of_service(settings, store))))
    return generate_latest(requests.registry) + generate_latest(registry)


class _Once(Collector):
    """Metrics that were read just now."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


def _of_service(settings: Settings, store: Store) -> Iterator[Metric]:
    yield _gauge("build_info", "The program's version", {(program_version(),): 1}, "version")
    try:
        with store.reading() as tx:
            found = [*_of_jobs(tx), *_of_workers(tx), *_of_work(tallies.totals(tx))]
        yield _gauge("database_up", "Whether the database answers", {(): 1})
        yield from found
    except StoreError:
        yield _gauge("database_up", "Whether the database answers", {(): 0})
    yield from _of_broker(settings)
    if (free := free_bytes(settings)) is not None:
        yield _gauge("files_free_bytes", "Space that is left where original files are kept", {(): free})


def _of_jobs(tx: Transaction) -> Iterator[Metric]:
    numbers = {(str(kind), str(state)): 0 for kind in EVERY_KIND for state in JobState}
    numbers |= {(str(kind), str(state)): number for (kind, state), number in jobs.counts_by_kind(tx).items()}
    yield _gauge("jobs", "Jobs, by where they stand", numbers, "kind", "state")
    yield _gauge("jobs_running", "Jobs that are being run, by stage", {(s,): n for s, n in jobs.running_stages(tx).items()}, "stage")
    now, since = tx.now(), jobs.waiting_since(tx)
    ages = {(str(kind),): _age(now, since.get(kind)) for kind in EVERY_KIND}
    yield _gauge("queue_age_seconds", "For how long the job that is next could have been run", ages, "kind")


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _of_workers(tx: Transaction) -> Iterator[Metric]:
    there = attendance.present(tx)
    taking = {(str(kind),): sum(kind in worker.kinds for worker in there) for kind in EVERY_KIND}
    yield _gauge("workers", "Workers that were seen within the last minute, by what they take", taking, "kind")


def _of_work(totals: dict[Counted, float]) -> Iterator[Metric]:
    """What all workers have done since the database was made."""
    of = {name: {label: amount for (counted, label), amount in totals.items() if counted == name} for name in Count}
    ends = {tuple(label.split("/")): amount for label, amount in of[Count.ATTEMPTS].items()}
    yield _counter("attempts", "Attempts at jobs, by how they ended", ends, "kind", "end")
    yield _counter("attempt_seconds", "Seconds that attempts took", {(kind,): n for kind, n in of[Count.SECONDS].items()}, "kind")
    stages = of[Count.STAGES]
    yield _counter("stage_seconds", "Seconds that stages of jobs took", {(stage,): n for stage, n in stages.items()}, "stage")
    models = {(stage,): stages[stage] for stage in MODELS if stage in stages}
    yield _counter("model_seconds", "Seconds that models read", models, "model")
    yield _counter("errors", "Attempts that ended with an error, by its code", {(code,): n for code, n in of[Count.ERRORS].items()}, "code")
    yield _counter("characters", "Characters of texts that were annotated", {(): of[Count.CHARACTERS].get("", 0.0)})


def _of_broker(settings: Settings) -> Iterator[Metric]:
    if settings.embedded:
        return
    try:
        waiting = depth(settings)
    except BrokerGone:
        yield _gauge("broker_up", "Whether Redis answers", {(): 0})
        return
    yield _gauge("broker_up", "Whether Redis answers", {(): 1})
    yield _gauge("broker_messages", "Messages that wait in Redis", {(): waiting})


def _gauge(name: str, says: str, numbers: Mapping[Labels, float], *labels: str) -> Metric:
    return _filled(GaugeMetricFamily(f"lexframe_{name}", says, labels=labels), numbers)


def _counter(name: str, says: str, numbers: Mapping[Labels, float], *labels: str) -> Metric:
    return _filled(CounterMetricFamily(f"lexframe_{name}", says, labels=labels), numbers)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, numbers: Mapping[Labels, float]) -> Metric:
    for labels, number in sorted(numbers.items()):
        family.add_metric(labels, number)
    return family
