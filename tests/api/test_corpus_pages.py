"""Corpora as a person sees them, without script: every step is a form or a link."""

from __future__ import annotations

import re
from typing import Any

import pytest

from corpora.analytics.asked import What
from corpora.store.keys import Scope
from tests.api.keyed import log_in, new_key
from tests.api.service import Served
from tests.api.test_corpora import UNKNOWN
from tests.corpora.counted import block, member, result
from tests.corpora.test_archives import zipped
from workers.running import Outcome

HTML = {"Accept": "text/html"}


def seen(served: Served, path: str, status: int = 200) -> str:
    answer = served.client.get(path, headers=HTML)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def posted(served: Served, path: str, status: int = 303, **more: Any) -> Any:
    answer = served.client.post(path, headers=HTML, follow_redirects=False, **more)
    assert answer.status_code == status, answer.text
    return answer


def made(served: Served, name: str = "Treaties") -> str:
    """The address of a new corpus."""
    return str(posted(served, "/corpora", data={"name": name, "description": "of a <kind>"}).headers["location"])


def filled(served: Served) -> str:
    """A corpus of three, of which one asks to be refused, after its batch."""
    at = made(served)
    archive = zipped({"x/a.txt": b"one", "x/b.txt": b"refuse this", "c.txt": b"three"}).getvalue()
    assert posted(served, f"{at}/documents", files={"file": ("all.zip", archive)}).headers["location"] == at
    assert posted(served, f"{at}/annotate", data={"which": "missing"}).headers["location"] == f"{at}#annotation"
    assert sorted(served.work() for _ in range(3)) == sorted([Outcome.DONE, Outcome.DONE, Outcome.FAILED])
    return at


def test_a_corpus_is_made_and_listed(served: Served) -> None:
    assert "No corpora yet" in seen(served, "/corpora")
    page = seen(served, made(served))
    assert "Treaties" in page
    assert "of a &lt;kind&gt;" in page
    assert "Add the first documents" in page
    assert "Treaties" in seen(served, "/corpora")


@pytest.mark.parametrize(("name", "status", "says"), [("Treaties", 409, "already"), ("\u200b", 422, "visible character")])
def test_a_name_that_will_not_do_is_said_beside_the_form(served: Served, name: str, status: int, says: str) -> None:
    made(served)
    page = posted(served, "/corpora", status, data={"name": name, "description": "kept"}).text
    assert re.search(rf'role="alert">[^<]*{says}', page)
    assert ">kept</textarea>" in page


def test_files_that_are_left_out_are_told_by_name(served: Served) -> None:
    at = made(served)
    nothing = ("manifest", ("", b"", "application/octet-stream"))  # as a browser sends a field in which nothing was chosen
    assert posted(served, f"{at}/documents", files=[("file", ("a.txt", b"one")), nothing]).headers["location"] == at
    manifest = ("manifest", ("m.csv", "path,title\nb.txt,An Act\nlost.txt,Lost\n"))
    files = [("file", (name, data)) for name, data in (("b.txt", b"two"), ("again.txt", b"one"), ("c<i>.exe", b"x"))]
    page = posted(served, f"{at}/documents", 200, files=[*files, manifest]).text
    assert "1 document added" in page
    assert "c&lt;i&gt;.exe" in page
    assert "documents end in" in page
    assert "again.txt" in page
    assert "lost.txt" in page
    assert "An Act" in seen(served, at)


def test_an_archive_that_cannot_be_read_is_said_on_the_page(served: Served) -> None:
    at = made(served)
    broken = zipped({"a.txt": b"x" * 1000}).getvalue()[:60]
    page = posted(served, f"{at}/documents", 422, files={"file": ("a.zip", broken)}).text
    assert re.search(r'role="alert">The archive is damaged', page)
    assert "Add the first documents" in page
    nothing = [(name, ("", b"", "application/octet-stream")) for name in ("file", "manifest")]
    assert "Files are needed" in posted(served, f"{at}/documents", 422, files=nothing).text


def test_progress_and_failures_are_shown_and_failures_tried_again(served: Served) -> None:
    at = filled(served)
    page = seen(served, at)
    assert "3 of 3 documents" in page
    assert "This document asks to be refused." in page
    retry = re.search(r'action="(/batches/[^"]+/jobs/[^"]+/retry)"', page)
    assert retry
    assert posted(served, retry[1]).headers["location"] == f"{at}#annotation"
    batch = retry[1].split("/")[2]
    progress = seen(served, f"/batches/{batch}/progress")
    assert "<html" not in progress
    assert "2 of 3 documents" in progress
    assert 'aria-valuenow="2"' in progress
    assert served.work() is Outcome.FAILED
    posted(served, f"/batches/{batch}/retry")
    posted(served, f"/batches/{batch}/pause")
    assert "Go on" in seen(served, at)
    posted(served, f"/batches/{batch}/resume")
    posted(served, f"/batches/{batch}/cancel")
    assert "Try again what was cancelled" in seen(served, at)
    assert "batch is not running" in posted(served, f"/batches/{batch}/pause", 409).text
    posted(served, f"/batches/{batch}/burn", 422)


def test_a_batch_that_is_not_the_latest_has_its_own_page(served: Served) -> None:
    at = filled(served)
    earlier = served.client.get(f"/v1{at}/batches").json()["items"][0]["id"]
    posted(served, f"{at}/annotate", data={"which": "all"})
    assert f"/batches/{earlier}" in seen(served, at)
    assert "asks to be refused" in seen(served, f"/batches/{earlier}")
    assert posted(served, f"/batches/{earlier}/retry").headers["location"] == f"/batches/{earlier}#annotation"


def test_a_job_of_another_batch_is_not_tried_again(served: Served) -> None:
    at = filled(served)
    batch = served.client.get(f"/v1{at}/batches").json()["items"][0]["id"]
    other = served.upload(b"refuse this too")["job_id"]
    assert served.work() is Outcome.FAILED
    posted(served, f"/batches/{batch}/jobs/{other}/retry", 404)
    assert served.work() is Outcome.NOTHING


def test_documents_are_narrowed_and_turned_page_by_page(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    at = filled(served)
    monkeypatch.setattr("api.pages.corpora.PER_PAGE", 2)
    failed = seen(served, f"{at}?state=failed&framing=nonsense")
    assert re.findall(r'href="/documents/[^"]+"><bdi>(\w\.txt)', failed.partition('id="documents"')[2]) == ["b.txt"]
    first = seen(served, f"{at}?title=txt")
    more = re.search(r'rel="next" href="([^"#]+)#documents"', first)
    assert more
    assert "title=txt" in more[1]
    assert "a.txt" in seen(served, more[1].replace("&amp;", "&")).partition('id="documents"')[2]
    assert "No document fits" in seen(served, f"{at}?title=nothing-like-it")


def test_a_corpus_in_figures(served: Served) -> None:
    at = made(served)
    assert "Add documents" in seen(served, f"{at}/analytics")
    corpus = at.rpartition("/")[2]
    blocks = [block("rights", "rights.recovery", "assistance"), block("crime", "crime.punishment")]
    member(served.store, corpus, "a", result("rights", 0.75, blocks, [("obligation", "mandatory")], [["act"]]), date="1999", body="<i>UN")
    member(served.store, corpus, "b", None)
    page = seen(served, f"{at}/analytics")
    assert "1 annotated document of 2; 1 without an annotation" in page
    assert re.search(r"<td><bdi>1999</bdi></td>\s*<td><bdi>Rights</bdi></td>\s*<td class=\"number\"><bdi>1</bdi>", page)
    charts = re.findall(r'<img src="([^"]+)"', page)
    assert len(charts) == len(What)
    assert all(served.client.get(chart.replace("&amp;", "&")).text.startswith("<svg") for chart in charts)
    grouped = seen(served, f"{at}/analytics?by=body&then=year")
    assert "&lt;i&gt;UN" in grouped
    assert re.search(r'role="alert">Documents are grouped by', seen(served, f"{at}/analytics?by=year&then=decade", 422))
    assert seen(served, f"{at}/analytics?by=nonsense").partition("<main")[2] == page.partition("<main")[2]


def test_an_export_is_ordered_and_fetched(served: Served) -> None:
    at = filled(served)
    assert posted(served, f"{at}/exports", data={"format": "json"}).headers["location"] == f"{at}/exports"
    assert "See whether it is there" in seen(served, f"{at}/exports")
    assert served.work() is Outcome.DONE
    where = re.search(r'href="(/v1/exports/[^"]+/file)"', seen(served, f"{at}/exports"))
    assert where
    assert served.client.get(where[1]).text.count("\n") == 2


def test_a_corpus_goes_with_its_documents_where_asked(served: Served) -> None:
    posted(served, f"{filled(served)}/delete", data={"with_documents": "true"})
    assert served.client.get("/v1/documents").json()["items"] == []
    assert "No corpora yet" in seen(served, "/corpora")


def test_who_may_only_read_is_offered_nothing_else(served: Served) -> None:
    at = filled(served)
    _, secret = new_key(served, Scope.READ)
    new_key(served, Scope.ADMIN)
    log_in(served, secret)
    for path in ("/corpora", at, f"{at}/exports"):
        page = seen(served, path)
        assert "Your key may" in page
        assert re.findall(r'method="post" action="([^"]+)"', page) == ["/logout"]


@pytest.mark.parametrize("path", ["/corpora/{}", "/corpora/{}/analytics", "/corpora/{}/exports", "/batches/{}", "/batches/{}/progress"])
def test_what_is_not_there_is_said_on_a_page(served: Served, path: str) -> None:
    assert "No such" in seen(served, path.format(UNKNOWN), 404)
