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
from tests.journeys.drafts import LATER
from tests.journeys.service import TREATY, Running, running

pytest_plugins = ("tests.journeys.browser",)
pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Every page by its route, with an address where it shows something: {0} and {1} are two documents of one work, {2} is a review.
PAGES = {
    "/": ("/",),
    "/documents": ("/documents", "/documents?q=nothing-like-it"),
    "/documents/{document_id}": (
        "/documents/{0}",
        "/documents/{0}?label=victim%2Fassistance",
        "/documents/01a21ac7-c625-75ba-96c6-2e39628c1a50",
    ),
    "/documents/{document_id}/provisions/{at}": ("/documents/{0}/provisions/4",),
    "/documents/{document_id}/profile": ("/documents/{0}/profile",),
    "/compare": ("/compare", "/compare?left={0}&right={1}", "/compare?left={0}&right={0}"),
    "/works": ("/works",),
    "/works/{work_id}": ("/works/carried-persons",),
    "/matrix": ("/matrix", "/matrix?document={0}&document={1}"),
    "/search": ("/search", "/search?q=victims", "/search?q=nothinglikeit"),
    "/review": ("/review", "/review?document={0}"),
    "/review/{review_id}": (
        "/review/{2}",
        "/review/{2}?coder=ana",
        "/review/{2}?coder=ana&hide=true",
        "/review/{2}?coder=ana&label=victim%2Fcompensation&low=0.9",
        "/review/{2}?coder=chair&role=adjudicator",
    ),
    "/search/like": ("/search/like?document={0}&unit=art_3__para_2",),
}
# What is no page: parts of one, pictures, files, and addresses that lead on.
NO_PAGES = {
    "/recent",
    "/static/{digest}/{name}",
    "/documents/{document_id}/parts/{number}",
    "/documents/{document_id}/at/{unit}",
    "/documents/{document_id}/charts/{chart}.{form}",
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
def both(service: Running) -> tuple[str, str]:
    taken = [
        service.upload(text.encode(), f"{version}.txt", work="carried-persons", version=version, title=f"Convention, {version}")
        for version, text in (("first draft", TREATY), ("second draft", LATER))
    ]
    for one in taken:
        assert service.ended(one["job_id"])["state"] == "done"
    return taken[0]["document_id"], taken[1]["document_id"]


@pytest.fixture(scope="module")
def review(service: Running, both: tuple[str, str]) -> str:
    """A review in which the coders differ on one provision."""
    made = service.http.post("/v1/reviews", json={"name": "first round", "documents": [both[0]], "coders": ["ana", "ben"]}).json()
    at = f"/v1/reviews/{made['id']}"
    task = service.http.get(f"{at}/tasks", params={"coder": "ana"}).json()["items"][1]
    place = {"document_id": both[0], "start": task["start"], "end": task["end"]}
    for coder, labels in (("ana", ["victim/child"]), ("ben", [])):
        assert service.http.post(f"{at}/codings", json={**place, "coder": coder, "labels": labels}).status_code == 200
    return str(made["id"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    browser: Browser, service: Running, both: tuple[str, str], review: str, scheme: Literal["light", "dark"]
) -> None:
    axe = Axe()
    wrong: list[str] = []
    with open_page(browser, service.url, scheme=scheme) as page:
        for address in (one.format(*both, review) for addresses in PAGES.values() for one in addresses):
            page.goto(address)
            for found in axe.run(page).response["violations"]:
                if found["impact"] in {"serious", "critical"}:
                    places = "; ".join(str(node["target"]) + " " + node["failureSummary"][:200] for node in found["nodes"][:3])
                    wrong.append(f"{address} {found['id']}: {places}")
    assert not wrong, "\n".join(wrong)
