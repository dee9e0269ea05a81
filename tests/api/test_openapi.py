from __future__ import annotations

import json
from typing import Any

import pytest

from api.errors import MEDIA_TYPE
from tests.api.service import Served

OPERATIONS = {
    "/": {"get"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/version": {"get"},
    "/v1/documents": {"get", "post"},
    "/v1/documents/{document_id}": {"get", "patch", "delete"},
    "/v1/documents/{document_id}/annotations": {"get"},
    "/v1/documents/{document_id}/text": {"get"},
    "/v1/documents/{document_id}/original": {"get"},
    "/v1/compare": {"get"},
    "/v1/matrix": {"post"},
    "/v1/search": {"get"},
    "/v1/search/like": {"get"},
    "/v1/works": {"get"},
    "/v1/works/{work_id}": {"get", "patch"},
    "/v1/works/{work_id}/versions": {"get"},
    "/v1/works/{work_id}/versions/{version_id}": {"patch"},
    "/v1/works/{work_id}/timeline": {"get"},
    "/v1/jobs/{job_id}": {"get"},
    "/v1/jobs/{job_id}/events": {"get"},
    "/v1/jobs/{job_id}/cancel": {"post"},
    "/v1/jobs/{job_id}/retry": {"post"},
}


@pytest.fixture
def description(served: Served) -> dict[str, Any]:
    return dict(served.client.get("/v1/openapi.json").json())


def test_what_is_promised_is_described(description: dict[str, Any]) -> None:
    found = {path: set(methods) for path, methods in description["paths"].items()}
    assert {path: found.get(path) for path in OPERATIONS} == OPERATIONS


def test_every_reference_resolves(description: dict[str, Any]) -> None:
    text = json.dumps(description)
    wanted = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert wanted <= set(description["components"]["schemas"])
    assert "HTTPValidationError" not in wanted


def test_every_error_is_described_as_a_problem(description: dict[str, Any]) -> None:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            for status, response in operation["responses"].items():
                if status >= "400" and path != "/readyz":
                    assert list(response["content"]) == [MEDIA_TYPE], (path, status)


def test_an_upload_is_described_with_examples(description: dict[str, Any]) -> None:
    form = description["paths"]["/v1/documents"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]
    assert set(form["properties"]) == {"file", "title", "date", "body", "kind", "work", "version"}
    assert form["properties"]["title"]["examples"]
    assert description["components"]["schemas"]["AcceptedOut"]["properties"]["document_id"]["examples"]
