"""No page keeps anybody out: axe-core finds nothing serious on any of them, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute
from playwright.sync_api import Browser

from api.pages.site import router
from tests.journeys.browser import open_page
from tests.journeys.drafts import VERSIONS
from tests.journeys.filled import Filled, fill
from tests.journeys.service import Running, running

pytest_plugins = ("tests.journeys.browser",)
pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Every page by its route, with addresses where it shows something (see filled.py): {0} and {1} are two versions of one work.
# `make screenshots` goes to all of them.
PAGES = {
    "/": ("/",),
    "/documents": ("/documents", "/documents?title=nothing-like-it"),
    "/documents/{document_id}": (
        "/documents/{0}",
        "/documents/{0}?label=victim%2Fassistance",
        "/documents/{failed}",
        "/documents/01a21ac7-c625-75ba-96c6-2e39628c1a50",
    ),
    "/documents/{document_id}/provisions/{at}": ("/documents/{0}/provisions/4",),
    "/documents/{document_id}/profile": ("/documents/{0}/profile",),
    "/compare": ("/compare", "/compare?left={0}&right={1}", "/compare?left={0}&right={0}"),
    "/corpora": ("/corpora",),
    "/corpora/{corpus_id}": ("/corpora/{corpus}", "/corpora/{corpus}?title=nothing-like-it", "/corpora/{empty_corpus}"),
    "/corpora/{corpus_id}/analytics": (
        "/corpora/{corpus}/analytics",
        "/corpora/{corpus}/analytics?by=body&then=kind",
        "/corpora/{corpus}/analytics?by=year&then=decade",
        "/corpora/{empty_corpus}/analytics",
    ),
    "/corpora/{corpus_id}/exports": ("/corpora/{corpus}/exports", "/corpora/{empty_corpus}/exports"),
    "/batches/{batch_id}": ("/batches/{batch}",),
    "/works": ("/works",),
    "/works/{work_id}": ("/works/{work}",),
    "/matrix": ("/matrix", "/matrix?document={0}&document={1}"),
    "/search": ("/search", "/search?q=victims", "/search?q=nothinglikeit"),
    "/review": ("/review", "/review?document={0}"),
    "/review/{review_id}": (
        "/review/{review}",
        "/review/{review}?coder=ana",
        "/review/{review}?coder=ana&hide=true",
        "/review/{review}?coder=ana&label=victim%2Fcompensation&low=0.9",
        "/review/{review}?coder=chair&role=adjudicator",
    ),
    "/review/{review_id}/agreement": ("/review/{review}/agreement",),
    "/search/like": ("/search/like?document={0}&unit={unit}",),
}
# What is no page: parts of one, pictures, files, and addresses that lead on.
NO_PAGES = {
    "/recent",
    "/static/{digest}/{name}",
    "/documents/{document_id}/parts/{number}",
    "/documents/{document_id}/at/{unit}",
    "/documents/{document_id}/charts/{chart}.{form}",
    "/batches/{batch_id}/progress",
    "/matrix/{heat_map}.{form}",
    "/works/{work_id}/balance.{form}",
}


def test_every_page_is_listed() -> None:
    routes = {route.path for route in router.routes if isinstance(route, APIRoute) and "GET" in route.methods}
    assert routes - PAGES.keys() - NO_PAGES == set(), "give the new page an address in PAGES, or name it in NO_PAGES"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="module")
def filled(service: Running) -> Filled:
    return fill(service, VERSIONS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, service: Running, filled: Filled, scheme: Literal["light", "dark"]) -> None:
    axe = Axe()
    wrong: list[str] = []
    with open_page(browser, service.url, scheme=scheme) as page:
        for address in (filled.address(one) for addresses in PAGES.values() for one in addresses):
            page.goto(address)
            for found in axe.run(page).response["violations"]:
                if found["impact"] in {"serious", "critical"}:
                    places = "; ".join(str(node["target"]) + " " + node["failureSummary"][:200] for node in found["nodes"][:3])
                    wrong.append(f"{address} {found['id']}: {places}")
    assert not wrong, "\n".join(wrong)
