"""Traces for OpenTelemetry: spans of requests, jobs and stages, sent where LEXFRAME_OTLP_URL says. Without it nothing of this is imported.

Spans hold names and ids, never a word of a document or of what somebody asked.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from workers.settings import BadSetting, Settings
from workers.versions import program_version

VARIABLE = "LEXFRAME_OTLP_URL"
PATH = "/v1/traces"
Attributes = Mapping[str, str | int | float | None]

_provider: Any = None  # of OpenTelemetry's SDK, where spans are made at all


@dataclass(frozen=True, slots=True)
class Span:
    """A span that is open, or none: then everything is done without effect."""

    _span: Any = None

    def note(self, attributes: Attributes, *, name: str | None = None) -> None:
        """Says more of it, and names it otherwise; attributes of None are left out."""
        if self._span is not None:
            self._span.set_attributes({key: value for key, value in attributes.items() if value is not None})
            if name:
                self._span.update_name(name)

    def fail(self, why: str) -> None:
        """Says that what it stands for went wrong; `why` is a code."""
        if self._span is not None:
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR, why))

    def end(self) -> None:
        """Closes it."""
        if self._span is not None:
            self._span.end()

    @property
    def ids(self) -> dict[str, str]:
        """What a log line carries of it: the trace's id in hex, as `trace_id`, or nothing."""
        return {} if self._span is None else {"trace_id": f"{self._span.get_span_context().trace_id:032x}"}

    @property
    def traceparent(self) -> str | None:
        """What others need to go on with the trace (W3C Trace Context): at most 64 characters."""
        if self._span is None:
            return None
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def require(settings: Settings) -> None:
    """Raises BadSetting where traces are asked for and cannot be made."""
    if settings.otlp_url is None:
        return
    try:
        import opentelemetry.exporter.otlp.proto.http
        import opentelemetry.sdk.trace  # noqa: F401
    except ImportError as error:
        missing = "traces need the extra `otel`, which is not installed: pip install 'lexframe[otel]', or unset it"
        raise BadSetting(VARIABLE, settings.otlp_url, missing) from error


def set_up(settings: Settings, service: str) -> None:
    """Sends the spans of this process, under the service's name, where the settings say; raises BadSetting without the extra."""
    require(settings)
    if settings.otlp_url is None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    of: dict[str, Any] = {"service.name": service, "service.version": program_version()}
    of |= {"host.name": socket.gethostname(), "process.pid": os.getpid()}
    provider = TracerProvider(resource=Resource.create(of))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=_endpoint(settings.otlp_url))))
    begin(provider)


def begin(provider: Any) -> None:
    """Makes spans by a provider of OpenTelemetry's from now on, and none with None."""
    global _provider
    _provider = provider


def end() -> None:
    """Sends what is left, and makes no more spans."""
    if _provider is not None:
        _provider.shutdown()
        begin(None)


@contextlib.contextmanager
def span(name: str, attributes: Attributes, *, parent: str | None = None, server: bool = False) -> Iterator[Span]:
    """A span around what is done inside; below the one around it, or below `parent`, a traceparent from elsewhere."""
    if _provider is None:
        yield Span()
        return
    from opentelemetry.trace import SpanKind, use_span

    made = start(name, attributes, parent=parent, kind=SpanKind.SERVER if server else SpanKind.CONSUMER if parent else SpanKind.INTERNAL)
    # what an exception says may hold words of a document: only its type is kept
    with use_span(made._span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield made
        except BaseException as error:
            made.fail(type(error).__name__)
            raise


def start(name: str, attributes: Attributes, *, parent: str | None = None, kind: Any = None) -> Span:
    """A span that its maker ends."""
    if _provider is None:
        return Span()
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    made = Span(_provider.get_tracer("lexframe", program_version()).start_span(name, context, kind or SpanKind.INTERNAL))
    made.note(attributes)
    return made


def _endpoint(url: str) -> str:
    """The whole address: a collector's own is enough."""
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + PATH
