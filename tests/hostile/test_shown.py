"""A document made of hostile text is shown harmlessly on every page and in every export."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Iterator

import pytest
from lxml import etree

from corpora.exports.tables import FORMULA as BEGINNINGS
from tests.api.service import serving, settings_in
from tests.api.test_access import EXPECTED
from tests.api.world import World
from tests.hostile.shown import BACKWARDS, EVERYTHING, HANDLER, SCRIPT, faults, hostile_world, long_line, pages_of

LONG = 10_000_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for served in serving(settings_in(tmp_path_factory.mktemp("world"))):
        yield hostile_world(served)


@pytest.fixture(scope="module")
def long_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for served in serving(settings_in(tmp_path_factory.mktemp("long"))):
        yield hostile_world(served, *long_line(LONG))


def shown(world: World, route: str) -> list[str]:
    """What is wrong with what is answered: by its kind."""
    answer = world.ask(route, "nobody")
    kind = answer.headers.get("content-type", "").partition(";")[0]
    assert answer.status_code < 500, answer.text[:500]
    assert answer.headers["x-content-type-options"] == "nosniff"
    if kind == "text/html":
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        return faults(answer.text)
    if kind == "image/svg+xml":
        drawn = etree.fromstring(answer.content).iter(etree.Element)
        return [
            str(one.tag)
            for one in drawn
            if etree.QName(one).localname == "script" or any(str(name).startswith("on") for name in one.attrib)
        ]
    if kind == "text/csv":
        return [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row if cell.startswith(BEGINNINGS)]
    harmless = kind in {"application/json", "application/problem+json", "application/octet-stream", "text/plain", "application/zip"}
    return [] if harmless or answer.status_code in {303, 304} else [kind]


@pytest.mark.parametrize("route", pages_of(EXPECTED))
def test_every_page_shows_hostile_words_and_obeys_none(world: World, route: str) -> None:
    assert shown(world, route) == []


@pytest.mark.parametrize("form", ["svg", "png", "csv"])
def test_charts_are_as_harmless(world: World, form: str) -> None:
    for route in EXPECTED:
        if "{form}" in route:
            assert world.ask(route.replace("{form}", form), "nobody").status_code < 500
            assert form == "png" or shown(world, route.replace("{form}", form)) == []


def test_the_words_are_there_all_the_same(world: World) -> None:
    """Else the test above would pass on empty pages."""
    page = world.ask("GET /documents/{document_id}", "nobody").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "U+202E" in page
    assert BACKWARDS not in page


def test_the_test_would_see_what_it_looks_for() -> None:
    assert faults(f"<html><body><p>{EVERYTHING}</p><a href='javascript:alert(1)'>a</a></body></html>")
    assert faults(f"<p>{SCRIPT}</p>") == ["script"]
    assert faults(f"<p>{HANDLER}</p>") == ["img src=x", "img onerror=alert(1)"]
    assert faults("<p>\u202e</p>") == ["202e"]


def test_every_export_is_inert(world: World) -> None:
    for one in world.served.client.get("/v1/formats").json()["items"]:
        answer = world.served.client.get(f"/v1/documents/{world.ids['document_id']}/export", params={"format": one["name"]})
        assert answer.status_code == 200, (one, answer.text[:300])
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert "sandbox" in answer.headers["content-security-policy"] or one["media_type"] != "text/html"
        for name, data in _parts(one["suffix"], answer.content):
            if name.endswith(".html"):
                assert faults(data.decode(), own_style=True) == [], name
            elif name.endswith(".csv"):
                assert [c for row in csv.reader(io.StringIO(data.decode())) for c in row if c.startswith(BEGINNINGS)] == [], name
            elif name.endswith((".xml", ".rels", ".qde", ".xmi")):
                assert etree.fromstring(data) is not None
                assert b"<!DOCTYPE" not in data
            if name == "word/document.xml":
                assert BACKWARDS[0] not in data.decode()


def _parts(suffix: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if not data.startswith(b"PK"):
        yield f"x{suffix}", data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            assert name.isprintable()
            yield name, archive.read(name)


def test_a_line_of_ten_megabytes_is_shown_in_time(long_world: World) -> None:
    for route in (
        "GET /documents",
        "GET /documents/{document_id}",
        "GET /documents/{document_id}/profile",
        "GET /v1/documents/{document_id}/text",
    ):
        begun = time.process_time()
        assert shown(long_world, route) == [], route
        assert time.process_time() - begun < 30, route
