"""A service over HTTP: typed, synchronous, patient."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import httpx

if TYPE_CHECKING:
    from nlp.types import AnnotatedDocument

Json = dict[str, Any]
ATTEMPTS = 5
PASSING = frozenset({429, 502, 503, 504})
ENDS = frozenset({"done", "failed", "cancelled"})
LONGEST_PAUSE = 30.0


class ServiceError(Exception):
    """The service refused; `type` is the stable name of the problem (RFC 9457), the message its own words."""

    def __init__(self, status: int, type_: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.type = status, type_


class JobFailed(Exception):
    """A job failed: a document could not be annotated, an export not be made, or it was cancelled; `code` is stable."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.error_message or f"the job was {job.state}")
        self.job, self.code = job, job.error_code


@dataclass(frozen=True, slots=True)
class Job:
    """How an upload or an export gets on; `progress` from 0 to 1. `document_id` is None where a job makes no annotation."""

    id: str
    document_id: str | None
    state: str
    stage: str | None
    progress: float
    error_code: str | None
    error_message: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the service lists it; `framing` and `scores` are None until it is annotated."""

    id: str
    filename: str
    sha256: str
    title: str | None
    work: str | None
    version: str | None
    date: str | None
    state: str | None
    job_id: str | None
    framing: str | None
    scores: dict[str, float] | None


class Client:
    """A service at `url`; `key` is an access key, else the variable LEXFRAME_KEY where that is set.

    Requests that fail on the way, or because the service is busy, are repeated with growing pauses; uploads carry an idempotency key,
    so that a repeated one makes no second document. Methods raise ServiceError, or httpx.TransportError where nobody answers.
    """

    def __init__(self, url: str, key: str | None = None, *, timeout: float = 60.0, transport: httpx.BaseTransport | None = None) -> None:
        key = os.environ.get("LEXFRAME_KEY") if key is None else key
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def upload(self, file: str | Path | bytes, *, filename: str | None = None, **fields: str) -> Job:
        """Sends a file, or bytes with a `filename`; `fields` are title, date, body, kind, work, version. The job runs on its own."""
        data = file if isinstance(file, bytes) else Path(file).read_bytes()
        name = filename or ("document" if isinstance(file, bytes) else Path(file).name)
        headers = {"Idempotency-Key": str(uuid4())}
        accepted = self._json("POST", "/v1/documents", files={"file": (name, data)}, data=fields, headers=headers)
        return self.job(accepted["job_id"])

    def job(self, job_id: str) -> Job:
        """A job as it stands."""
        found = self._json("GET", f"/v1/jobs/{job_id}")
        error = found["error"] or {}
        same = {name: found[name] for name in ("id", "document_id", "state", "stage", "progress")}
        return Job(**same, error_code=error.get("code"), error_message=error.get("message"))

    def wait(self, job: Job | str, *, seconds: float = 1800.0) -> Document:
        """The document, once its job is done; raises JobFailed, or TimeoutError after so many seconds."""
        return self.document(str(self._done(job, seconds).document_id))

    def annotate(self, file: str | Path | bytes, *, filename: str | None = None, **fields: str) -> AnnotatedDocument:
        """Uploads, waits, and gives the annotated document."""
        return self.annotations(self.wait(self.upload(file, filename=filename, **fields)).id)

    def documents(self, **filters: str) -> Iterator[Document]:
        """Documents, the newest first, page after page; filters are those of `GET /v1/documents`."""
        cursor: str | None = None
        while True:
            page = self._json("GET", "/v1/documents", params=filters | ({"cursor": cursor} if cursor else {}))
            yield from map(_document, page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def document(self, document_id: str) -> Document:
        """One document as lists show it."""
        return _document(self._json("GET", f"/v1/documents/{document_id}"))

    def annotations(self, document_id: str) -> AnnotatedDocument:
        """What was found in a document."""
        from nlp.reading import from_json

        return from_json(self._json("GET", f"/v1/documents/{document_id}/annotations"))

    def export(self, document_id: str, format: str) -> bytes:
        """A document as a file of another tool; see `GET /v1/formats`."""
        return self.file(f"/v1/documents/{document_id}/export", format=format)

    def export_corpus(self, corpus_id: str, format: str, *, seconds: float = 1800.0) -> bytes:
        """All annotated documents of a corpus as one file: orders it, waits, fetches; raises JobFailed, or TimeoutError as `wait` does."""
        export = self.request("POST", f"/v1/corpora/{corpus_id}/exports", json={"format": format})
        self._done(export["links"]["job"].rpartition("/")[2], seconds)
        return self.file(export["links"]["file"])

    def file(self, path: str, **query: str) -> bytes:
        """What any route that gives a file has, such as `file("/v1/reviews/…/gold")`."""
        return self._request("GET", path, params=query).content

    def delete(self, document_id: str) -> None:
        """Deletes a document with all that was made of it."""
        self._request("DELETE", f"/v1/documents/{document_id}")

    def request(self, method: str, path: str, **more: Any) -> Json:
        """Any other route, such as `request("POST", "/v1/reviews", json={…})`; the JSON of its answer, empty where it has none."""
        answer = self._request(method, path, **more)
        return dict(answer.json()) if answer.content else {}

    def _done(self, job: Job | str, seconds: float) -> Job:
        until, pause = time.monotonic() + seconds, 0.2
        while (now := self.job(job if isinstance(job, str) else job.id)).state not in ENDS:
            if time.monotonic() > until:
                raise TimeoutError(f"job {now.id} is still {now.state} after {seconds:g} seconds")
            time.sleep(pause)
            pause = min(pause * 1.3, 2.0)
        if now.state != "done":
            raise JobFailed(now)
        return now

    def _json(self, method: str, path: str, **more: Any) -> Json:
        return dict(self._request(method, path, **more).json())

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        safe = method in {"GET", "PUT", "DELETE"} or "Idempotency-Key" in (more.get("headers") or {})
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS or not safe
            try:
                answer = self._http.request(method, path, **more)
            except httpx.TransportError:
                if last:
                    raise
                time.sleep(_pause(attempt, None))
                continue
            if answer.status_code in PASSING and not last:
                time.sleep(_pause(attempt, answer.headers.get("Retry-After")))
                continue
            if answer.is_error:
                raise _refusal(answer)
            return answer
        raise AssertionError("unreachable")


def _document(found: Json) -> Document:
    return Document(**{name: found.get(name) for name in Document.__slots__})  # type: ignore[arg-type]


def _pause(attempt: int, retry_after: str | None) -> float:
    """Seconds before the next attempt: what the service asks for, else a quarter, a half, one, two."""
    if retry_after and retry_after.isdigit():
        return min(float(retry_after), LONGEST_PAUSE)
    return 0.25 * float(2 ** (attempt - 1))


def _refusal(answer: httpx.Response) -> ServiceError:
    try:
        found = answer.json()
        more = "; ".join(f"{one['where']}: {one['why']}" for one in found.get("errors") or ())
        return ServiceError(answer.status_code, str(found["type"]), more or str(found["detail"]))
    except (ValueError, KeyError, TypeError):
        return ServiceError(answer.status_code, "about:blank", f"the service answered with status {answer.status_code}")
