"""Talks to a running service, as any client would."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from api.cli import Refused

Json = dict[str, Any]
ENDS = ("done", "failed", "cancelled")


class Service:
    """A service at a URL; every method raises Refused with the problem's own words where it is refused."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=httpx.Timeout(30.0, read=120.0))

    def upload(self, file: Path, fields: dict[str, str]) -> Json:
        """Sends a file; the answer names document and job."""
        with file.open("rb") as data:
            return self._json(self._call("POST", "/v1/documents", files={"file": (file.name, data)}, data=fields))

    def states(self, job: str) -> Iterator[Json]:
        """The job as it changes, until it has ended."""
        while True:
            try:
                with self.http.stream("GET", f"/v1/jobs/{job}/events") as answer:
                    for line in answer.iter_lines():
                        if line.startswith("data: "):
                            state = json.loads(line[6:])
                            yield state
                            if state.get("state") in ENDS or not state:
                                return
            except httpx.HTTPError:
                time.sleep(1.0)

    def annotations(self, document: str) -> Json:
        """The annotated document."""
        return self._json(self._call("GET", f"/v1/documents/{document}/annotations"))

    def wait_until_ready(self, seconds: float) -> None:
        """Returns once the service answers."""
        until = time.monotonic() + seconds
        while True:
            try:
                if self.http.get("/readyz").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            if time.monotonic() > until:
                raise Refused(f"the service at {self.http.base_url} does not answer")
            time.sleep(0.2)

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self.http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise Refused(f"the service at {self.http.base_url} does not answer ({error})") from error

    def _json(self, answer: httpx.Response) -> Json:
        if answer.status_code >= 400:
            raise Refused(_detail(answer))
        return dict(answer.json())


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError):
        return f"the service answered {answer.status_code}"
