"""A request's span: named by its route, below that of whoever called, and above those of the job that it made."""

from __future__ import annotations

import io
import json
import logging

import pytest

from tests.api.service import Served
from tests.workers.test_tracing import PARENT, SPAN, TRACE, InMemorySpanExporter, made, named
from workers.logs import json_lines

__all__ = ["made"]


def test_one_trace_leads_from_the_request_to_the_stages(served: Served, made: InMemorySpanExporter) -> None:
    headers = {"traceparent": PARENT, "X-Request-Id": "mine-1"}
    answer = served.client.post("/v1/documents", files={"file": ("secret-name.txt", b"secret words")}, headers=headers)
    served.work()
    spans = named(made)
    request, job = spans["POST /v1/documents"], spans["job annotate"]
    assert request.context is not None
    assert request.parent is not None
    assert job.parent is not None
    assert (request.context.trace_id, request.parent.span_id) == (TRACE, SPAN)
    assert (job.parent.trace_id, job.parent.span_id) == (TRACE, request.context.span_id)
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/documents",
        "http.response.status_code": 202,
        "lexframe.request_id": "mine-1",
    }
    assert (job.attributes or {})["lexframe.job_id"] == answer.json()["job_id"]
    assert {span.context.trace_id for span in spans.values() if span.context} == {TRACE}
    assert "secret" not in "".join(span.to_json() for span in spans.values())


@pytest.mark.parametrize("header", [None, "nonsense", "00-0-0-00", "é", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_without_a_trace_of_the_callers_the_request_begins_one(served: Served, made: InMemorySpanExporter, header: str | None) -> None:
    served.client.get("/v1/search", params={"q": "secret words"}, headers={"traceparent": header.encode()} if header else {})
    request = named(made)["GET /v1/search"]
    assert request.parent is None
    assert request.context is not None
    assert request.context.trace_id not in {0, TRACE}
    assert "secret" not in request.to_json()


def test_log_lines_carry_the_trace(served: Served, made: InMemorySpanExporter) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(json_lines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel("INFO")
    served.upload()
    served.work()
    root.removeHandler(handler)
    root.setLevel(before)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {line["logger"] for line in lines if "trace_id" in line} >= {"api.requests", "workers.running"}
    (span,) = {f"{span.context.trace_id:032x}" for span in named(made).values() if span.context}
    assert {line["trace_id"] for line in lines if "trace_id" in line} == {span}
