from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.api.service import Served, slug

UNKNOWN = "/v1/jobs/01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"


def events(text: str) -> list[dict[str, Any]]:
    """The data of each event of a stream."""
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


def test_a_job_tells_how_it_stands(served: Served) -> None:
    accepted = served.upload()
    job = served.client.get(accepted["links"]["job"]).json()
    assert (job["state"], job["attempt"], job["progress"], job["error"]) == ("queued", 0, 0.0, None)
    served.work()
    job = served.client.get(accepted["links"]["job"]).json()
    assert (job["state"], job["attempt"], job["progress"], job["error"]) == ("done", 1, 1.0, None)
    assert job["links"]["document"] == accepted["links"]["document"]


def test_a_failed_job_says_why(served: Served) -> None:
    accepted = served.upload(b"refuse this")
    served.work()
    job = served.client.get(accepted["links"]["job"]).json()
    assert (job["state"], job["error"]) == ("failed", {"code": "refused", "message": "This document asks to be refused."})


def test_events_end_with_the_job(served: Served) -> None:
    accepted = served.upload(b"report 3")
    worker = threading.Timer(0.5, served.work)
    worker.start()
    answer = served.client.get(f"{accepted['links']['job']}/events")
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    states = [job["state"] for job in events(answer.text)]
    assert states[0] == "queued"
    assert states[-1] == "done"
    assert states.count("done") == 1
    assert answer.text.count("id: end\n") == 1


def test_a_browser_that_comes_back_after_the_end_is_told_to_stop(served: Served) -> None:
    at = served.upload()["links"]["job"] + "/events"
    served.work()
    assert [job["state"] for job in events(served.client.get(at).text)] == ["done"]
    assert served.client.get(at, headers={"Last-Event-ID": "end"}).status_code == 204


def test_events_of_a_deleted_document_end(served: Served) -> None:
    accepted = served.upload()
    remover = threading.Timer(0.5, lambda: served.client.delete(accepted["links"]["document"]))
    remover.start()
    answer = served.client.get(f"{accepted['links']['job']}/events")
    remover.join()
    assert "event: gone\n" in answer.text


def test_a_cancelled_job_is_not_run_until_it_is_retried(served: Served) -> None:
    at = served.upload()["links"]["job"]
    assert served.client.post(f"{at}/cancel").json()["state"] == "cancelled"
    assert served.work() == "nothing"
    assert slug(served.client.post(f"{at}/cancel")) == "job-has-ended"
    again = served.client.post(f"{at}/retry")
    assert (again.status_code, again.json()["state"]) == (202, "queued")
    assert served.work() == "done"
    assert slug(served.client.post(f"{at}/retry")) == "job-not-retryable"


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/events"), ("POST", "/cancel"), ("POST", "/retry")])
def test_an_unknown_job_is_said_to_be_unknown(served: Served, method: str, path: str) -> None:
    answer = served.client.request(method, UNKNOWN + path)
    assert (answer.status_code, slug(answer)) == (404, "no-such-job")
