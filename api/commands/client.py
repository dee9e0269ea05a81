"""Talks to a running service, as any client would."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any

import httpx

from api.commands.refused import Refused

Json = dict[str, Any]
ENDS = frozenset({"done", "failed", "cancelled"})
LOST_AFTER = 60.0


class Client:
    """A service at a URL; every method raises Refused, with the problem's own words, where the service refuses or does not answer.

    `key` is the access key; without it, the variable LEXFRAME_KEY where that is set.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        try:
            key = os.environ.get("LEXFRAME_KEY") if key is None else key
            self._http = httpx.Client(
                base_url=url,
                timeout=httpx.Timeout(30.0, read=120.0, write=120.0),
                follow_redirects=False,
                headers={"Authorization": f"Bearer {key}"} if key else {},
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise Refused(f"{url!r} is not the address of a service") from error

    def upload(self, name: str, data: IO[bytes] | bytes, fields: Mapping[str, str]) -> Json:
        """Sends a file; the answer has `document_id` and `job_id`."""
        return self._json("POST", "/v1/documents", files={"file": (name, data)}, data=dict(fields))

    def states(self, job_id: str) -> Iterator[Json]:
        """The job whenever it changes, until it has ended; a line that breaks is taken up again for a minute."""
        heard = time.monotonic()
        while True:
            try:
                for state in self._stream(f"/v1/jobs/{job_id}/events"):
                    heard = time.monotonic()
                    yield state
                    if state["state"] in ENDS:
                        return
            except httpx.HTTPError as error:
                if time.monotonic() - heard > LOST_AFTER:
                    raise self._lost(error) from error
            time.sleep(0.5)

    def document(self, document_id: str) -> Json:
        """The document as lists show it."""
        return self._json("GET", f"/v1/documents/{document_id}")

    def annotations(self, document_id: str) -> Json:
        """The annotated document."""
        return self._json("GET", f"/v1/documents/{document_id}/annotations")

    def get(self, path: str, **query: Any) -> Json:
        """What is at this path, as JSON."""
        return self._json("GET", path, params=query)

    def file(self, path: str, **query: Any) -> bytes:
        """What is at this path, as it comes."""
        return self._answer("GET", path, params=query).content

    def pieces(self, path: str, **query: Any) -> Iterator[bytes]:
        """What is at this path, as it comes, piece by piece."""
        try:
            with self._http.stream("GET", path, params=query) as answer:
                if answer.is_error:
                    answer.read()
                    raise Refused(_detail(answer))
                yield from answer.iter_bytes()
        except httpx.HTTPError as error:
            raise self._lost(error) from error

    def delete(self, path: str) -> None:
        """Deletes what is at this path."""
        self._answer("DELETE", path)

    def post(self, path: str, **more: Any) -> Json:
        """Posts to this path; `more` is as in httpx."""
        return self._json("POST", path, **more)

    def is_ready(self) -> bool:
        """Whether the service answers and can work."""
        try:
            return self._http.get("/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def _stream(self, path: str) -> Iterator[Json]:
        with self._http.stream("GET", path) as answer:
            if answer.is_error:
                answer.read()
                raise Refused(_detail(answer))
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                if line.startswith("data: ") and name == "gone":
                    raise Refused("the document was deleted")
                if line.startswith("data: "):
                    yield json.loads(line[6:])

    def _json(self, method: str, path: str, **more: Any) -> Json:
        return dict(self._answer(method, path, **more).json())

    def _answer(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._lost(error) from error
        if answer.is_error:
            raise Refused(_detail(answer))
        return answer

    def _lost(self, error: Exception) -> Refused:
        return Refused(f"the service at {self._http.base_url} does not answer ({error})")


def _detail(answer: httpx.Response) -> str:
    """A problem in one line."""
    try:
        found = answer.json()
        more = "; ".join(f"{one['where']}: {one['why']}" for one in found.get("errors") or ())
        return more or str(found["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the service answered with status {answer.status_code}"
