"""A codebook of one's own from its two files to what the service says with it: trained, installed, served beside the shipped one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from api.commands.train import train_codebook
from tests.api.service import Served, serving, settings_in, slug
from workers.annotation import load_work
from workers.running import Outcome, run_job

SAMPLES = Path(str(resources.files("corpora.samples"))) / "codebooks"
LAW = b"""Registers Act

Article 1
The keeper shall encrypt the files and shall report every breach to the Commissioner.

Article 2
The police may search the files without a warrant.

Article 3
The Board meets twice a year.
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books") / "data-protection"
    train_codebook(SAMPLES / "data-protection.toml", [SAMPLES / "data-protection.csv"], folder)
    return folder


@pytest.fixture
def service(tmp_path: Path, trained: Path) -> Iterator[Served]:
    yield from serving(settings_in(tmp_path, CODEBOOKS=str(trained.parent)))


def test_codebooks_stand_side_by_side(service: Served) -> None:
    listed = service.client.get("/v1/codebooks").json()
    assert [(one["name"], one["shipped"]) for one in listed["items"]] == [("trafficking-framing", True), ("data-protection", False)]
    assert listed["unusable"] == []
    document = service.upload(LAW, name="act.txt")["document_id"]
    assert run_job(service.store, None, load_work(service.settings), service.settings) is Outcome.DONE
    for one in listed["items"]:
        coding = service.client.get(f"/v1/documents/{document}/codings/{one['name']}").json()
        assert (coding["codebook"], coding["digest"]) == (one["name"], one["digest"])
        assert {f"{layer}/{name}" for block in coding["blocks"] for layer in block["labels"] for name in block["labels"][layer]} <= set(
            one["labels"]
        )
    own = coding["blocks"]
    assert [block["unit"] for block in own] == ["art_1", "art_2", "art_3"]
    assert {"security", "access"} <= {name for block in own for name in block["labels"]["duties"]}
    assert set(coding["scores"]) == {"persons", "state"}
    assert any(block["evidence"] for block in own)
    for evidence in (one for block in own for one in block["evidence"]):
        assert LAW.decode()[evidence["start"] : evidence["end"]] == evidence["text"]
    assert slug(service.client.get(f"/v1/documents/{document}/codings/nobody")) == "not-coded-with"


def test_a_codebook_says_what_it_is(service: Served) -> None:
    own = service.client.get("/v1/codebooks/data-protection").json()
    assert own["framing"] == {"persons": ["consent", "security", "transparency"], "state": ["access"]}
    assert all(label["description"] and label["trained_with"] >= 8 and 0 <= label["f1"] <= 1 for label in own["described"])
    shipped = service.client.get("/v1/codebooks/trafficking-framing").json()
    assert len(shipped["described"]) == len(shipped["labels"]) == 24
    assert slug(service.client.get("/v1/codebooks/nobody")) == "no-such-codebook"


def test_a_codebook_that_was_changed_is_named_and_left_out(tmp_path: Path, trained: Path) -> None:
    import shutil

    copy = tmp_path / "books" / "data-protection"
    shutil.copytree(trained, copy)
    (copy / "codebook.toml").write_text((copy / "codebook.toml").read_text().replace("state =", "rulers ="))
    for service in serving(settings_in(tmp_path / "data", CODEBOOKS=str(copy.parent))):
        listed = service.client.get("/v1/codebooks").json()
        assert len(listed["items"]) == 1
        assert "differs from the manifest" in listed["unusable"][0]["why"]
