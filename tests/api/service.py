"""A service in this process, on a small pipeline whose worker is a function call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import ApiSettings, from_environment
from corpora.store.session import Store
from tests.workers.small_work import load_obedient
from workers.running import Outcome, run_job

HERE = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Served:
    """The service's client, settings and store."""

    client: Any  # of httpx or its successor, as starlette has it
    settings: ApiSettings
    store: Store

    def upload(self, data: bytes = b"Each State Party shall protect victims.", name: str = "treaty.txt", **fields: str) -> dict[str, Any]:
        answer = self.client.post("/v1/documents", files={"file": (name, data)}, data=fields)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def work(self) -> Outcome:
        """Runs the next job, as a worker would."""
        return run_job(self.store, None, load_obedient(self.settings), self.settings)

    def annotated(self, data: bytes = b"Each State Party shall protect victims.", **fields: str) -> str:
        """The id of a document that was uploaded and annotated."""
        accepted = self.upload(data, **fields)
        assert self.work() in {Outcome.DONE, Outcome.REUSED}
        return str(accepted["document_id"])


def settings_in(folder: Path, **given: str) -> ApiSettings:
    """Settings as an environment with these LEXFRAME_ variables would give them."""
    return from_environment({"LEXFRAME_DATA_DIR": str(folder), **{f"LEXFRAME_{name}": value for name, value in given.items()}})


def serving(settings: ApiSettings) -> Iterator[Served]:
    """A running service without a runner."""
    app = create_app(settings, runner=False)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield Served(client, settings, app.state.service.store)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """An empty service on SQLite."""
    yield from serving(settings_in(tmp_path))


def slug(answer: Any) -> str:
    """The last part of the type of a problem; the answer is checked to be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["title"]
    assert found["detail"]
    return str(found["type"]).removeprefix("urn:lexframe:problem:")
