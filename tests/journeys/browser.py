"""A real browser: the system's Chromium, driven by Playwright; a test that asks for it is skipped where there is none.

(PYTEST_DONT_REWRITE: nothing is asserted here that needs it, and modules import `open_page` before pytest could rewrite.)
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 60_000
# Parts that a page draws and fetches only once they are scrolled to would be blank in a picture of the whole, and what sticks to the
# screen's edge would lie over it; a style in the page itself is refused.
DRAW_ALL = """async () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important; } .acts { position: static !important; }");
  document.adoptedStyleSheets = [sheet];
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
}"""


def chromium_binary() -> str | None:
    """The system's Chromium, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextlib.contextmanager
def started_browser(binary: str) -> Iterator[Browser]:
    """Chromium without its calls home, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def open_page(
    browser: Browser, url: str, *, scheme: Literal["light", "dark"] = "light", narrow: bool = False, script: bool = True
) -> Iterator[Page]:
    """A page of a fresh profile; what breaks in its scripts breaks the test."""
    size: Any = NARROW if narrow else WIDE
    context = browser.new_context(base_url=url, viewport=size, color_scheme=scheme, java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    try:
        yield page
        assert not broken, broken
    finally:
        context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; the test is skipped where there is none."""
    binary = chromium_binary()
    if binary is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with started_browser(binary) as started:
        yield started


def keep(page: Page, file: Path) -> None:
    """A picture of the whole page."""
    file.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate(DRAW_ALL)
    page.screenshot(path=file, full_page=True, animations="disabled")
