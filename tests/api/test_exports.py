from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.commands.export import export_files
from api.commands.refused import Refused
from corpora.exports.formats import FORMATS
from corpora.exports.item import Item
from nlp.wire import dumps, to_json
from tests.annotated import document
from tests.api.reviewed import annotated_document
from tests.api.service import Served, slug


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_is_sent_in_every_format(served: Served, name: str) -> None:
    id_ = annotated_document(served, work="harbour")
    answer = served.client.get(f"/v1/documents/{id_}/export", params={"format": name})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[name].media_type
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''harbour{FORMATS[name].suffix}"
    assert "sandbox" in answer.headers["content-security-policy"]
    item = Item(name="harbour", annotated=to_json(document()), id=id_, work="harbour")
    assert answer.content == b"".join(FORMATS[name].one(item))
    again = served.client.get(f"/v1/documents/{id_}/export", params={"format": name}, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_formats_are_listed(served: Served) -> None:
    assert [one["name"] for one in served.client.get("/v1/formats").json()["items"]] == list(FORMATS)


def test_what_cannot_be_exported_is_refused(served: Served) -> None:
    id_ = annotated_document(served)
    assert slug(served.client.get(f"/v1/documents/{id_}/export", params={"format": "papyrus"})) == "invalid-request"
    waiting = served.upload(b"waits", "waits.txt")["document_id"]
    assert slug(served.client.get(f"/v1/documents/{waiting}/export", params={"format": "akn"})) == "not-annotated-yet"


def test_the_command_writes_one_file_or_one_each(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(dumps(to_json(document())), encoding="utf-8")
    export_files([tmp_path], tmp_path / "out.qdpx", "refi-qda")
    assert (tmp_path / "out.qdpx").read_bytes()[:2] == b"PK"
    folder = tmp_path / "akn"
    folder.mkdir()
    export_files([tmp_path / "a.json", tmp_path / "b.json"], folder, "akn")
    assert sorted(p.name for p in folder.iterdir()) == ["a.xml", "b.xml"]
    export_files([tmp_path / "a.json"], tmp_path / "a.jsonld", "web-annotation")
    assert json.loads((tmp_path / "a.jsonld").read_bytes())["total"] == 46
    with pytest.raises(Refused, match="there is no format"):
        export_files([tmp_path], tmp_path / "x", "papyrus")
    with pytest.raises(Refused, match="cannot be written"):
        export_files([tmp_path / "a.json"], tmp_path / "no" / "x", "akn")
