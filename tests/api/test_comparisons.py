"""Works, versions, timelines, comparisons and matrices over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pandas
import pytest
from lxml import html

from api import comparing
from corpora.exports.comparisons import COMPARISON_FORMATS
from nlp.wire import to_json
from tests.api.service import Served, serving, settings_in, slug
from tests.corpora.exports.readers import tables
from tests.nlp.drafts import article, drafted
from workers.running import Outcome, run_job
from workers.work import JobInput, Work

FIRST = article(1, "Assistance", ["Each State Party shall provide victims of trafficking with shelter."])
SECOND = FIRST + article(2, "Offence", ["Trafficking in persons is a criminal offence, and imprisonment follows for whoever commits it."])
THIRD = FIRST.replace("shall", "may") + article(2, "Rights", ["Every victim has the right to be treated with dignity."])
UNKNOWN = "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"


def draft(job: JobInput) -> dict[str, Any]:
    return to_json(drafted(job.data.decode()))


WORK = Work({"name": "drafts", "version": "1"}, draft)


def annotated(served: Served, text: str, **fields: str) -> str:
    """The id of a document that was uploaded and annotated with its real structure."""
    accepted = served.upload(text.encode(), **fields)
    assert run_job(served.store, None, WORK, served.settings) in {Outcome.DONE, Outcome.REUSED}
    return str(accepted["document_id"])


@pytest.fixture
def pair(served: Served) -> tuple[str, str]:
    return annotated(served, FIRST), annotated(served, SECOND)


def test_two_documents_are_compared(served: Served, pair: tuple[str, str]) -> None:
    found = served.client.get("/v1/compare", params={"left": pair[0], "right": pair[1]}).json()
    assert found["schema"] == "lexframe.comparison/1"
    assert {kind: count for kind, count in found["counts"].items() if count} == {"unchanged": 1, "added": 1}
    assert [p["kind"] for p in found["pairs"]] == ["added"]
    assert found["drift"]["shift"] < 0
    assert found["drift"]["contributions"]


@pytest.mark.parametrize("name", COMPARISON_FORMATS)
def test_a_comparison_is_filed_or_counted(served: Served, name: str) -> None:
    ask = {"left": annotated(served, FIRST), "right": annotated(served, THIRD), "format": name}
    answer = served.client.get("/v1/compare/export", params=ask)
    assert answer.status_code == 200, answer.text
    if name == "html":
        cells = [row.text_content() for row in html.fromstring(answer.content).iter("tr")]
    elif name == "docx":
        cells = ["".join(cell.text for cell in row.cells) for t in docx.Document(io.BytesIO(answer.content)).tables for row in t.rows]
    else:
        read = pandas.read_csv if name == "csv" else pandas.read_parquet
        frame = tables(answer.content, read, f".{name}")["changes"]
        cells = ["".join(map(str, row)) for row in frame.itertuples(index=False)]
        assert set(frame["kind"]) >= {"modified", "indicator.gained"}
    assert any("shall provide" in cell and "may provide" in cell for cell in cells)


def test_parts_are_chosen(served: Served, pair: tuple[str, str]) -> None:
    ask = {"left": pair[0], "right": pair[1], "include": ["unchanged", "changed"]}
    found = served.client.get("/v1/compare", params=ask).json()
    assert [p["kind"] for p in found["pairs"]] == ["unchanged", "added"]
    assert found["ranking"] == []
    assert "contributions" not in found["drift"]
    assert all("edits" not in p and "changes" not in p for p in found["pairs"])


def test_pairs_are_pinned_and_forbidden(served: Served, pair: tuple[str, str]) -> None:
    ask = {"left": pair[0], "right": pair[1]}
    unit = served.client.get("/v1/compare", params=ask | {"include": "unchanged"}).json()["pairs"][0]["left"][0]["unit"]
    other = served.client.get("/v1/compare", params=ask).json()["pairs"][0]["right"][0]["unit"]
    pinned = served.client.get("/v1/compare", params=ask | {"pin": f"{unit}~{other}"}).json()
    assert next(p for p in pinned["pairs"] if p["pinned"])["right"][0]["unit"] == other
    apart = served.client.get("/v1/compare", params=ask | {"forbid": f"{unit}~{unit}"}).json()
    assert apart["counts"]["unchanged"] == 0
    for wrong in (f"{unit}~nowhere", "nonsense"):
        answer = served.client.get("/v1/compare", params=ask | {"pin": wrong})
        assert (answer.status_code, slug(answer)) == (422, "bad-pair")


@pytest.mark.parametrize(
    ("left", "status", "kind"), [(UNKNOWN, 404, "no-such-document"), ("nonsense", 422, "invalid-request"), (None, 422, "invalid-request")]
)
def test_what_cannot_be_compared(served: Served, pair: tuple[str, str], left: str | None, status: int, kind: str) -> None:
    answer = served.client.get("/v1/compare", params={"left": left, "right": pair[1]} if left else {"right": pair[1]})
    assert (answer.status_code, slug(answer)) == (status, kind)


def test_a_document_that_is_not_annotated_yet(served: Served, pair: tuple[str, str]) -> None:
    waiting = served.upload(b"Article 1\nStates shall act.\n")["document_id"]
    answer = served.client.get("/v1/compare", params={"left": pair[0], "right": waiting})
    assert (answer.status_code, slug(answer)) == (409, "not-annotated-yet")


def test_a_document_in_another_language(served: Served, pair: tuple[str, str]) -> None:
    kept = Work({"name": "kept", "version": "1"}, lambda job: draft(job) | {"status": "unsupported_language"})
    other = served.upload(b"Artikel 1\n")["document_id"]
    run_job(served.store, None, kept, served.settings)
    answer = served.client.get("/v1/compare", params={"left": pair[0], "right": other})
    assert (answer.status_code, slug(answer)) == (409, "annotation-failed")
    assert "not annotated: its language is en" in answer.json()["detail"]


@pytest.fixture
def chain(served: Served) -> list[str]:
    """Three versions, uploaded out of order."""
    order = [(SECOND, "second", "2001-01-01"), (FIRST, "first", "2000-01-01"), (THIRD, "third", "2002-01-01")]
    return [annotated(served, text, work="model", version=label, date=date) for text, label, date in order]


def test_versions_stand_by_date_and_have_a_timeline(served: Served, chain: list[str]) -> None:
    found = served.client.get("/v1/works/model/versions").json()["items"]
    assert [one["label"] for one in found] == ["first", "second", "third"]
    steps = served.client.get("/v1/works/model/timeline").json()["steps"]
    assert [step["drift"] and step["drift"]["shift"] < 0 for step in steps] == [None, True, False]
    by_version = served.client.get("/v1/compare", params={"left": found[0]["id"], "right": found[1]["id"]}).json()
    assert by_version["counts"]["added"] == 1


def test_a_version_is_corrected(served: Served, chain: list[str]) -> None:
    first, second, _ = served.client.get("/v1/works/model/versions").json()["items"]
    at = f"/v1/works/model/versions/{first['id']}"
    changed = served.client.patch(at, json={"date": "2009-01-01", "amended_by": ["model-amendment"]}).json()
    assert (changed["label"], changed["amended_by"]) == ("first", ["model-amendment"])
    order = [one["label"] for one in served.client.get("/v1/works/model/versions").json()["items"]]
    assert order == ["second", "third", "first"]
    taken = served.client.patch(at, json={"label": second["label"]})
    assert (taken.status_code, slug(taken)) == (409, "label-taken")
    for wrong in ({"label": ""}, {"label": None}, {"colour": "red"}):
        assert served.client.patch(at, json=wrong).status_code == 422
    assert slug(served.client.patch(f"/v1/works/other/versions/{first['id']}", json={})) == "no-such-version"


def test_works_are_described_by_the_catalogue_and_corrected_by_users(served: Served) -> None:
    known = served.client.get("/v1/works/crc").json()
    assert (known["title"], known["catalogued"], known["documents"]) == ("Convention on the Rights of the Child", True, 0)
    changed = served.client.patch("/v1/works/crc", json={"title": "The Convention", "adopted": "1989-11-20"}).json()
    assert (changed["title"], changed["corrected"]) == ("The Convention", ["adopted", "title"])
    back = served.client.patch("/v1/works/crc", json={"title": None}).json()
    assert (back["title"], back["corrected"]) == ("Convention on the Rights of the Child", ["adopted"])
    assert "us-tvpra-2003" in served.client.get("/v1/works/us-tvpa").json()["amended_by"]
    made = served.client.patch("/v1/works/my-own-bill", json={"title": "My bill", "amends": ["crc"]}).json()
    assert (made["catalogued"], made["title"]) == (False, "My bill")
    assert served.client.get("/v1/works/crc").json()["amended_by"] == ["my-own-bill"]
    assert {one["id"] for one in served.client.get("/v1/works").json()["items"]} == {"crc", "my-own-bill"}
    assert len(served.client.get("/v1/works", params={"catalogue": True}).json()["items"]) > 100
    assert slug(served.client.get("/v1/works/nowhere")) == "no-such-work"


def test_a_title_page_is_recognised_and_the_user_has_the_last_word(served: Served) -> None:
    text = "CONVENTION ON THE RIGHTS OF THE CHILD\n\n" + FIRST
    told = annotated(served, text)
    assert served.client.get(f"/v1/documents/{told}").json()["work"] == "crc"
    own = annotated(served, text, work="mine")
    assert served.client.get(f"/v1/documents/{own}").json()["work"] == "mine"
    changed = served.client.patch(f"/v1/documents/{told}", json={"work": None, "title": "Not the CRC"}).json()
    assert (changed["work"], changed["title"]) == (None, "Not the CRC")
    again = annotated(served, text + " ")
    assert served.client.get(f"/v1/documents/{again}").json()["work"] == "crc"
    assert served.client.get(f"/v1/documents/{told}").json()["work"] is None


def test_a_document_is_corrected(served: Served, pair: tuple[str, str]) -> None:
    at = f"/v1/documents/{pair[0]}"
    changed = served.client.patch(at, json={"work": "model", "version": "draft", "date": "2001", "kind": "treaty"}).json()
    assert [changed[name] for name in ("work", "version", "date", "kind")] == ["model", "draft", "2001", "treaty"]
    assert served.client.patch(at, json={"work": None}).json()["version"] is None
    assert served.client.patch(at, json={"filename": "x"}).status_code == 422
    assert slug(served.client.patch(f"/v1/documents/{UNKNOWN}", json={"kind": "x"})) == "no-such-document"


def test_one_text_has_no_timeline(served: Served) -> None:
    annotated(served, FIRST, work="model")
    answer = served.client.get("/v1/works/model/timeline")
    assert (answer.status_code, slug(answer)) == (409, "too-few-versions")


def test_a_matrix_with_its_tables(served: Served, chain: list[str]) -> None:
    found = served.client.post("/v1/matrix", json={"documents": chain, "baseline": chain[1]}).json()
    assert found["baseline"] == 1
    assert [row[n] for n, row in enumerate(found["kept"])] == [1.0, 1.0, 1.0]
    assert found["coverage"]["cells"]["assistance"][0]["count"] == 1
    assert {cell["form"] for cell in found["coverage"]["cells"]["residence"]} == {"absent"}
    assert len(found["definitions"]["act"]) == 3
    for wrong, status in (
        ({"documents": chain[:1]}, 422),
        ({"documents": chain, "baseline": UNKNOWN}, 404),
        ({"documents": [UNKNOWN] * 2}, 404),
    ):
        assert served.client.post("/v1/matrix", json=wrong).status_code == status


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A service that takes every comparison for a long one."""
    monkeypatch.setattr(comparing, "NOW", 0)
    yield from serving(settings_in(tmp_path))


def test_a_long_comparison_is_a_job_whose_result_is_kept(slow: Served) -> None:
    left, right = annotated(slow, FIRST), annotated(slow, SECOND)
    ask = {"left": left, "right": right}
    first, second = (slow.client.get("/v1/compare", params=ask) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert slow.client.get(first.headers["location"]).json()["state"] == "queued"
    assert run_job(slow.store, None, WORK, slow.settings) is Outcome.DONE
    assert slow.client.get(first.headers["location"]).json()["state"] == "done"
    found = slow.client.get("/v1/compare", params=ask)
    assert (found.status_code, found.json()["counts"]["added"]) == (200, 1)
    assert [p["kind"] for p in found.json()["pairs"]] == ["added"]
    slow.client.delete(f"/v1/documents/{right}")
    assert slow.client.get("/v1/compare", params=ask).status_code == 404


def test_a_long_comparison_of_a_deleted_document_fails_for_good(slow: Served) -> None:
    left, right = annotated(slow, FIRST), annotated(slow, SECOND)
    job = slow.client.post("/v1/matrix", json={"documents": [left, right]}).headers["location"]
    slow.client.delete(f"/v1/documents/{right}")
    assert run_job(slow.store, None, WORK, slow.settings) is Outcome.FAILED
    assert slow.client.get(job).json()["error"]["code"] == "documents_gone"


def test_a_version_is_annotated_with_another_one_at_hand(served: Served) -> None:
    seen: list[str | None] = []

    def noted(job: JobInput) -> dict[str, Any]:
        seen.append(job.before and job.before["text"])
        return draft(job)

    for text, work in ((FIRST, "model"), (SECOND, "model"), (THIRD, "another"), (THIRD + " ", "model")):
        served.upload(text.encode(), work=work)
        run_job(served.store, None, Work({"name": "noted", "version": "1"}, noted), served.settings)
    assert seen == [None, FIRST, None, SECOND]


def test_a_work_of_which_nothing_is_known_goes_by_its_newest_text(served: Served) -> None:
    for text, date, title in ((SECOND, "2010-01-01", "Act on Carriers"), (FIRST, "2000-01-01", "Bill on Carriers")):
        annotated(served, text, work="carriers", date=date, title=title, version=title)
    for page in ("/works", "/works/carriers"):
        heads = html.fromstring(served.client.get(page).text).xpath("//h1 | //tbody//th")
        assert any("Act on Carriers" in head.text_content() for head in heads), page
        assert not any("Bill" in head.text_content() for head in heads), page


def test_texts_of_a_matrix_have_names_that_tell_them_apart(served: Served) -> None:
    of_one_work = [annotated(served, text, work="w", version=name, title="Act") for text, name in ((FIRST, "bill"), (SECOND, "as passed"))]
    another = annotated(served, THIRD, work="v", version="2020", title="Code")

    def names(*documents: str) -> list[str]:
        shown = html.fromstring(served.client.get("/matrix", params={"document": documents}).text)
        return [head.text_content().strip() for head in shown.xpath("//table[contains(@class, 'kept')]/tbody//th")]

    assert names(*of_one_work) == ["1. bill", "2. as passed"]
    assert names(*of_one_work, another) == ["1. Act, bill", "2. Act, as passed", "3. Code"]


def test_the_page_turns_texts_round_that_stand_against_their_dates(served: Served) -> None:
    early, late = annotated(served, FIRST, date="2000-01-01"), annotated(served, SECOND, date="2010-01-01")
    for left, right, wrong in ((early, late, False), (late, early, True)):
        shown = served.client.get("/compare", params={"left": left, "right": right, "part": "all"}).text
        assert (f'/compare?left={right}&amp;right={left}">Turn them round' in shown) is wrong


def test_the_page_says_what_the_reading_makes(served: Served, pair: tuple[str, str]) -> None:
    """Nothing here, where the labels hang on the words alone; the layer can be asked for all the same."""
    for layer in ("", "reading"):
        shown = served.client.get("/compare", params={"left": pair[0], "right": pair[1], "layer": layer})
        assert shown.status_code == 200
        assert "The balance moved by" in shown.text
        assert "which the model read otherwise" not in shown.text
        assert "same words, read otherwise" in shown.text
