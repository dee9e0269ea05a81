"""Traces: one from a request over its job to the job's stages, over processes and machines, and nothing of what was asked or written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpora.store import batches, corpora, jobs
from corpora.store.documents import NewDocument
from corpora.store.jobs import JobState
from corpora.store.origin import coming_from
from corpora.store.session import Store
from corpora.store.tables import jobs as job_table
from tests.servers import until, upload
from tests.workers.receiver import receiving
from tests.workers.service import opened, running, small_settings, wait_for
from tests.workers.small_work import PIPELINE, count, load_obedient
from workers import tracing
from workers.running import run_job
from workers.settings import BadSetting, from_environment
from workers.work import JobInput, Json, Work

pytest.importorskip("opentelemetry.sdk", reason="the extra `otel` is not installed")
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

pytest_plugins = ("tests.servers",)

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE, SPAN = 0x4BF92F3577B34DA6A3CE929D0E0E4736, 0x00F067AA0BA902B7


@pytest.fixture
def made() -> Iterator[InMemorySpanExporter]:
    """The spans that were ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.begin(provider)
    yield exporter
    tracing.end()


def named(made: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in made.get_finished_spans()}


def trace_of(store: Store, job_id: str) -> str | None:
    with store.reading() as tx:
        found: str | None = tx.execute(job_table.select().where(job_table.c.id == job_id)).one().trace
    return found


def test_a_job_goes_on_with_the_trace_that_its_row_has(store: Store, tmp_path: Path, made: InMemorySpanExporter) -> None:
    with coming_from(PARENT):
        accepted = upload(store, "words")
    assert trace_of(store, accepted.job_id) == PARENT

    def staged(job: JobInput) -> Json:
        for stage in ("reading", "provisions"):
            job.report(stage, 0.1)
        return count(job)

    run_job(store, accepted.job_id, Work(PIPELINE, staged), small_settings(tmp_path))
    spans = named(made)
    job = spans["job annotate"]
    assert job.context is not None
    assert job.parent is not None
    assert (job.context.trace_id, job.parent.span_id, job.parent.is_remote) == (TRACE, SPAN, True)
    assert dict(job.attributes or {}) == {
        "lexframe.job_id": accepted.job_id,
        "lexframe.document_id": accepted.document_id,
        "lexframe.kind": "annotate",
        "lexframe.attempt": 1,
        "lexframe.outcome": "done",
    }
    for stage in ("stage reading", "stage provisions"):
        assert spans[stage].parent is not None
        assert spans[stage].parent.span_id == job.context.span_id  # type: ignore[union-attr]
    assert (spans["stage reading"].end_time or 0) <= (spans["stage provisions"].start_time or 0)


@pytest.mark.parametrize(("text", "code"), [("refuse me", "refused"), ("break it", "internal_error"), ("words", None)])
def test_an_attempt_that_failed_says_with_which_error(
    store: Store, tmp_path: Path, made: InMemorySpanExporter, text: str, code: str | None
) -> None:
    settings = small_settings(tmp_path)
    run_job(store, upload(store, text).job_id, load_obedient(settings), settings)
    job = named(made)["job annotate"]
    assert job.parent is None
    assert (job.status.description, job.status.is_ok) == (code, code is None)
    assert not job.events, "what an exception says may hold words of the document"


def test_every_job_of_a_batch_comes_out_of_the_request_that_began_it(store: Store) -> None:
    with store.transaction() as tx:
        corpus_id = corpora.create(tx, "acts")
    blob = store.blobs.put_stream([b"An Act"], 100)
    with store.transaction() as tx, coming_from(PARENT):
        corpora.add(tx, corpus_id, "a.txt", NewDocument(sha256=blob.sha256, size=blob.size))
        batch_id = batches.start(tx, corpus_id)
        rows = tx.execute(job_table.select().where(job_table.c.batch_id == batch_id)).all()
    assert [row.trace for row in rows] == [PARENT]


def test_outside_of_a_trace_jobs_have_none(store: Store) -> None:
    with coming_from(PARENT), coming_from(None):
        first = upload(store, "one")
    assert [trace_of(store, job_id) for job_id in (first.job_id, upload(store, "two").job_id)] == [None, None]


def test_without_a_collector_nothing_is_made_or_imported(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    settings = small_settings(tmp_path)
    tracing.set_up(settings, "lexframe-worker")
    job_id = upload(store, "refuse me").job_id
    run_job(store, job_id, load_obedient(settings), settings)
    with store.reading() as tx:
        job = jobs.get(tx, job_id)
    assert job is not None
    assert job.state is JobState.FAILED


def test_without_the_extra_it_is_said_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = small_settings(tmp_path, OTLP_URL="http://collector:4318")
    tracing.require(settings)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadSetting, match=r"LEXFRAME_OTLP_URL='http://collector:4318'.*pip install 'lexframe\[otel\]'"):
        tracing.set_up(settings, "lexframe-api")
    tracing.set_up(replace(settings, otlp_url=None), "lexframe-api")


@pytest.mark.parametrize("url", ["collector:4318", "ftp://collector", "http://", "grpc://collector:4317"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="LEXFRAME_OTLP_URL"):
        from_environment({"LEXFRAME_OTLP_URL": url})


def test_a_runner_sends_its_spans_to_the_collector(tmp_path: Path) -> None:
    """A process of its own, which knows the trace from the row alone."""
    with receiving() as collector:
        settings = small_settings(tmp_path, OTLP_URL=f"http://localhost:{collector.port}")
        with opened(settings) as store:
            with coming_from(PARENT):
                accepted = upload(store, "words")
            with running(settings):
                wait_for(store, [accepted.job_id], JobState.DONE)
            until(lambda: collector.came)
    assert {one.path for one in collector.came} == {"/v1/traces"}
    batches = [ExportTraceServiceRequest.FromString(one.body) for one in collector.came]
    resources = [resource for batch in batches for resource in batch.resource_spans]
    spans = {span.name: span for resource in resources for scope in resource.scope_spans for span in scope.spans}
    assert spans["job annotate"].trace_id.hex() == f"{TRACE:032x}"
    assert spans["job annotate"].parent_span_id.hex() == f"{SPAN:016x}"
    of = {one.key: one.value.string_value for one in resources[0].resource.attributes}
    assert of["service.name"] == "lexframe-worker"
    assert b"words" not in b"".join(one.body for one in collector.came)
