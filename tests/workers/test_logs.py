from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import pytest

from corpora.store.jobs import JobState
from tests.servers import PostgresServer, RedisServer, upload
from tests.workers.service import opened, running, small_settings, wait_for
from workers.logs import bound, in_this_context, json_lines
from workers.queue import notify

pytest_plugins = ("tests.servers",)


def line(message: str, *arguments: object, error: BaseException | None = None, **extra: object) -> dict[str, object]:
    broken = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger("lexframe.test").makeRecord("a.name", logging.WARNING, "f", 1, message, arguments, broken, extra=extra)
    text = json_lines().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_a_line_is_one_object_with_what_is_bound_and_given() -> None:
    with bound(job_id="j1"):
        made = line("said %s\nand more", "“this”", status=503)
    assert made["event"] == "said “this”\nand more"
    assert (made["job_id"], made["status"], made["level"], made["logger"]) == ("j1", 503, "warning", "a.name")
    assert str(made["timestamp"]).endswith("Z")
    assert "job_id" not in line("after it")


def test_an_exception_stands_on_its_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        made = line("went wrong", error=error)
    assert "ValueError: broken" in str(made["exception"])


def test_a_thread_says_what_was_bound_where_it_was_made() -> None:
    said: list[dict[str, object]] = []
    with bound(job_id="j1"):
        thread = threading.Thread(target=in_this_context(lambda: said.append(line("from a thread"))))
    thread.start()
    thread.join()
    assert said[0]["job_id"] == "j1"


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(one) for one in text.splitlines() if one]


def test_every_line_of_a_runner_is_json_and_names_the_job(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = small_settings(tmp_path, LOG_FORMAT="json", LOG_LEVEL="INFO")
    with opened(settings) as store, running(settings):
        accepted = upload(store, "a text")
        wait_for(store, [accepted.job_id], JobState.DONE)
    named = [one for one in lines_of(capfd.readouterr().err) if one.get("job_id") == accepted.job_id]
    assert [str(one["event"]).partition(": ")[2] for one in named] == ["attempt 1", "done"]
    assert {one["document_id"] for one in named} == {accepted.document_id}


@pytest.mark.services
def test_every_line_of_a_celery_worker_is_json_and_names_the_job(
    tmp_path: Path, redis_server: RedisServer, postgres: PostgresServer, capfd: pytest.CaptureFixture[str]
) -> None:
    given = {"DATABASE_URL": postgres.new_database(), "REDIS_URL": redis_server.url, "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}
    settings = small_settings(tmp_path, **given)
    with opened(settings) as store, running(settings):
        accepted = upload(store, "a text")
        notify(settings, [accepted.job_id])
        wait_for(store, [accepted.job_id], JobState.DONE)
    named = [one for one in lines_of(capfd.readouterr().err) if one.get("job_id") == accepted.job_id]
    assert {"attempt 1", "done"} <= {str(one["event"]).partition(": ")[2] for one in named}
