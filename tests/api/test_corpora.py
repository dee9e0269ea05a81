from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from api import cli
from tests.api.service import Served, serving, settings_in, slug
from tests.corpora.test_archives import gz, zipped
from workers.running import Outcome

UNKNOWN = "00000000-0000-7000-8000-000000000000"


def made(served: Served, name: str = "Treaties") -> dict[str, Any]:
    answer = served.client.post("/v1/corpora", json={"name": name, "description": "of a kind"})
    assert answer.status_code == 201, answer.text
    assert served.client.get(answer.headers["location"]).json() == answer.json()
    return dict(answer.json())


def sent(served: Served, corpus: dict[str, Any], *files: tuple[str, bytes], manifest: tuple[str, str] | None = None) -> dict[str, Any]:
    parts: list[Any] = [("file", file) for file in files]
    if manifest:
        parts.append(("manifest", manifest))
    answer = served.client.post(corpus["links"]["documents"], files=parts)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_files_come_in_once_with_what_the_manifest_says(served: Served) -> None:
    corpus = made(served)
    manifest = ("m.csv", "path,title,work,version\nfolder/a.txt,An Act,act,first\nlost.txt,Lost,,\n")
    first = sent(served, corpus, ("folder/a.txt", b"one"), ("b.txt", b"two"), ("c.exe", b"three"), ("d.txt", b""), manifest=manifest)
    assert [one["path"] for one in first["added"]] == ["folder/a.txt", "b.txt"]
    assert [one["path"] for one in first["refused"]] == ["c.exe", "d.txt"]
    assert first["unused"] == ["lost.txt"]
    again = sent(served, corpus, ("folder/a.txt", b"one"), ("copy.txt", b"two"), ("new.txt", b"four"))
    assert ([one["path"] for one in again["added"]], again["skipped"]) == (["new.txt"], ["folder/a.txt", "copy.txt"])
    documents = served.client.get(corpus["links"]["documents"]).json()["items"]
    assert [(d["filename"], d["title"], d["work"], d["version"], d["state"]) for d in documents] == [
        ("new.txt", None, None, None, None),
        ("b.txt", None, None, None, None),
        ("a.txt", "An Act", "act", "first", None),
    ]
    assert served.client.get(corpus["links"]["self"]).json()["documents"] == 3
    digests = [d["sha256"] for d in documents]
    known = served.client.post(f"{corpus['links']['self']}/known", json={"sha256": [*digests, "0" * 64]}).json()["known"]
    assert known == sorted(digests)


@pytest.mark.parametrize("make", [zipped, gz])
def test_an_archive_brings_its_own_manifest(served: Served, make: Any) -> None:
    archive = make({"x/a.txt": b"one", "x/manifest.jsonl": b'{"path": "a.txt", "title": "An Act"}\n{"path": "none.txt"}', "y.txt": b"two"})
    found = sent(served, made(served), ("all.bin", archive.getvalue()))
    assert [one["path"] for one in found["added"]] == ["x/a.txt", "y.txt"]
    assert found["unused"] == ["x/none.txt"]
    document = served.client.get(f"/v1/documents/{found['added'][0]['document_id']}").json()
    assert document["title"] == "An Act"


@pytest.mark.parametrize(
    ("files", "status", "problem"),
    [
        ([("manifest", ("m.csv", b"author\nx\n")), ("file", ("a.txt", b"x"))], 422, "bad-manifest"),
        ([("file", ("a.zip", zipped({"a.txt": b"x" * 1000}).getvalue()[:60]))], 422, "bad-archive"),
        ([("manifest", ("m.csv", b"path\nx\n"))], 422, "invalid-request"),
        (None, 400, "bad-form"),
    ],
)
def test_what_cannot_be_taken_is_named(served: Served, files: Any, status: int, problem: str) -> None:
    answer = served.client.post(made(served)["links"]["documents"], files=files)
    assert (answer.status_code, slug(answer)) == (status, problem)


def test_more_than_a_single_file_may_come_to_a_corpus_but_no_more_than_the_limit(tmp_path: Path) -> None:
    for served in serving(settings_in(tmp_path, MAX_UPLOAD_BYTES="1000", MAX_CORPUS_BYTES="200000")):
        corpus = made(served)
        noise = bytes(range(256)) * 3
        found = sent(served, corpus, *((f"{n}.txt", noise + str(n).encode()) for n in range(100)), ("large.txt", noise * 2))
        assert (len(found["added"]), found["refused"][0]["path"]) == (100, "large.txt")
        answer = served.client.post(corpus["links"]["documents"], files=[("file", ("a.txt", b"x" * 300_000))])
        assert (answer.status_code, slug(answer)) == (413, "too-large")


def test_names_and_ids_that_are_not_there(served: Served) -> None:
    made(served)
    assert slug(served.client.post("/v1/corpora", json={"name": "Treaties"})) == "corpus-exists"
    assert slug(served.client.post("/v1/corpora", json={"name": "\u200b"})) == "bad-corpus-name"
    assert slug(served.client.post("/v1/corpora", json={"name": ""})) == "invalid-request"
    for path in (f"/v1/corpora/{UNKNOWN}", f"/v1/corpora/{UNKNOWN}/documents", f"/v1/corpora/{UNKNOWN}/batches"):
        assert slug(served.client.get(path)) == "no-such-corpus"
    assert slug(served.client.post(f"/v1/corpora/{UNKNOWN}/annotate")) == "no-such-corpus"
    assert slug(served.client.delete(f"/v1/corpora/{UNKNOWN}")) == "no-such-corpus"
    assert slug(served.client.get(f"/v1/batches/{UNKNOWN}")) == "no-such-batch"


def test_a_batch_is_begun_followed_steered_and_repaired(served: Served) -> None:
    corpus = made(served)
    assert slug(served.client.post(corpus["links"]["annotate"])) == "nothing-to-annotate"
    sent(served, corpus, ("a.txt", b"one"), ("b.txt", b"refuse this"), ("c.txt", b"three"))
    answer = served.client.post(corpus["links"]["annotate"])
    assert answer.status_code == 202
    batch = answer.json()
    assert (batch["state"], batch["documents"], batch["progress"]) == ("running", 3, 0.0)
    assert slug(served.client.post(corpus["links"]["annotate"], json={"which": "all"})) == "batch-open"
    at = batch["links"]
    assert served.client.post(at["pause"]).json()["state"] == "paused"
    assert slug(served.client.post(at["pause"])) == "batch-not-running"
    assert served.work() is Outcome.NOTHING
    assert served.client.post(at["resume"]).json()["state"] == "running"
    assert slug(served.client.post(at["resume"])) == "batch-not-paused"
    assert [served.work() for _ in range(4)] == [Outcome.DONE, Outcome.FAILED, Outcome.DONE, Outcome.NOTHING]
    batch = served.client.get(at["self"]).json()
    assert (batch["state"], batch["ended"], batch["states"]["failed"], batch["finished"] is not None) == ("done", 3, 1, True)
    (failure,) = served.client.get(at["failures"]).json()["items"]
    assert (failure["path"], failure["code"], failure["message"]) == ("b.txt", "refused", "This document asks to be refused.")
    assert slug(served.client.post(at["cancel"])) == "batch-has-ended"
    assert served.client.post(at["retry"]).status_code == 202
    assert served.work() is Outcome.FAILED
    assert [one["id"] for one in served.client.get(corpus["links"]["batches"]).json()["items"]] == [batch["id"]]
    assert served.client.get(corpus["links"]["self"]).json()["annotated"] == 2
    assert served.client.delete(corpus["links"]["self"], params={"with_documents": True}).status_code == 204
    assert served.client.get("/v1/documents").json()["items"] == []


class Through:
    """httpx.Client's way into a service in this process, for the commands."""

    def __init__(self, served: Served) -> None:
        self.served = served

    def __call__(self, **_: Any) -> Any:
        return self.served.client


def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["lexframe", "corpus", *arguments])
    status = cli.run()
    out = capsys.readouterr()
    return status, out.out, out.err


def test_the_command_sends_what_is_missing_and_goes_on_where_it_was_cut(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.client.httpx.Client", Through(served))
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    for n in range(120):
        (folder / "deep" / f"{n:03}.txt").write_text(f"document {n}")
    (folder / "copy.txt").write_text("document 7")
    (folder / "picture.png").write_bytes(b"x")
    (tmp_path / "manifest.toml").write_text('[[document]]\npath = "deep/005.txt"\ntitle = "The Fifth"\n')
    more = ("--manifest", str(tmp_path / "manifest.toml"))
    assert command(capsys, monkeypatch, "add", "Laws", str(folder), *more) == (0, "Laws: 120 added, 1 skipped, 0 refused\n", "")
    assert command(capsys, monkeypatch, "add", "Laws", str(folder), *more) == (0, "Laws: 0 added, 121 skipped, 0 refused\n", "")
    corpus = served.client.get("/v1/corpora", params={"name": "Laws"}).json()["items"][0]
    documents = served.client.get(corpus["links"]["documents"], params={"limit": 200}).json()["items"]
    assert [d["filename"] for d in documents if d["title"] == "The Fifth"] == ["005.txt"]
    (tmp_path / "more.zip").write_bytes(zipped({"x.txt": b"x", "y.bin": b"y"}).getvalue())
    status, out, err = command(capsys, monkeypatch, "add", "Laws", str(tmp_path / "more.zip"))
    assert (status, out) == (1, "Laws: 1 added, 0 skipped, 1 refused\n")
    assert err.startswith("y.bin: documents end in")
    status, out, _ = command(capsys, monkeypatch, "annotate", "Laws", "--json")
    assert (status, json.loads(out)["documents"]) == (0, 121)
    assert command(capsys, monkeypatch, "batch", "Laws", "pause")[1] == "Laws: batch paused: 121 paused\n"
    status, out, _ = command(capsys, monkeypatch, "status", "Laws", "--failures")
    assert (status, out) == (0, "Laws: 121 documents, 0 annotated\nLaws: batch paused: 121 paused\n")
    assert command(capsys, monkeypatch, "status", "None")[0::2] == (1, "lexframe: there is no corpus named 'None'\n")
    assert command(capsys, monkeypatch, "batch", "Laws", "burn")[0] == 1
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "more.zip").read_bytes()))


def test_the_command_deletes_a_corpus_only_when_it_is_sure(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.client.httpx.Client", Through(served))
    for name in ("Kept", "Gone"):
        sent(served, made(served, name), (f"{name}.txt", name.encode()))
    status, _, err = command(capsys, monkeypatch, "delete", "Gone", "--documents")
    assert (status, err) == (1, "lexframe: nothing was deleted: --yes says that you are sure\n")
    assert len(served.client.get("/v1/corpora").json()["items"]) == 2
    status, out, _ = command(capsys, monkeypatch, "delete", "Gone", "--documents", "--yes")
    assert (status, out) == (0, "deleted: the corpus 'Gone' with its documents (1)\n")
    assert command(capsys, monkeypatch, "delete", "Kept", "--yes")[1] == "deleted: the corpus 'Kept'; its documents stay\n"
    assert served.client.get("/v1/corpora").json()["items"] == []
    assert [one["filename"] for one in served.client.get("/v1/documents").json()["items"]] == ["Kept.txt"]
