"""Pictures of every page for who designs them, and three for the README.

    python -m tests.journeys.screenshots [FOLDER] [--only WORDS] [--readme DOCS/PICTURES]

A service of its own is started and the sample instruments are read. Each address of PAGES is kept in light, in dark and as on a
telephone, so a new page comes by itself; MOMENTS are what a page shows once somebody does something; PRINTED become PDF, with a
picture of each sheet.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page

from corpora.samples import Sample, sample_bytes, samples
from tests.journeys.browser import DRAW_ALL, chromium_binary, keep, open_page, started_browser
from tests.journeys.filled import Filled, fill
from tests.journeys.service import Running, running
from tests.journeys.test_accessible import PAGES

LOOKS: tuple[tuple[str, Literal["light", "dark"], bool], ...] = (
    ("light", "light", False),
    ("dark", "dark", False),
    ("narrow", "light", True),
)
READING = "/documents/{2}"
PROFILE = "/documents/{2}/profile"
COMPARISON = "/compare?left={0}&right={2}"
MATRIX = "/matrix?document={0}&document={1}&document={2}&document={3}&document={4}"
ALONE = (
    "/login",
    "/nowhere",
    MATRIX,
    "/documents/{3}",
    "/documents/{4}",
    "/documents/{2}?part=all",
    "/search?by=meaning&q=nobody+is+punished",
)
EMPTY = ("/", "/documents", "/works", "/compare", "/matrix", "/search", "/review")
PRINTED = {
    "document": "/documents/{2}?part=all",
    "profile": PROFILE,
    "comparison": COMPARISON + "&part=all",
    "provision": "/documents/{2}/provisions/20",
}
SHEETS = 3
COLOURS = 128


def opened_card(page: Page) -> None:
    """The card of the third provision, beside the text."""
    page.locator("a.marks").nth(2).click()
    page.get_by_role("dialog").wait_for()


def told_term(page: Page) -> None:
    """The meaning of a defined term, as the pointer rests on it."""
    page.locator("a.use").first.hover()
    page.locator(".hint").wait_for()


def filtered(page: Page) -> None:
    """Victim provisions alone."""
    page.locator("#filters > summary").click()
    page.get_by_label("With", exact=True).select_option("victim")


def described(page: Page) -> None:
    """The fields that say which instrument it is."""
    page.locator(".describe summary").click()


def narrowing(page: Page) -> None:
    """All filters of the search."""
    page.locator(".narrow summary").click()


def corrected(page: Page) -> None:
    """A provision that was coded, with another label being looked for."""
    page.keyboard.press("r")
    page.locator("a[rel=prev]").click()
    page.locator(".verdict").first.wait_for()
    page.keyboard.press("c")
    page.keyboard.type("comp")


def keys_told(page: Page) -> None:
    """The keys of the review."""
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


MOMENTS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "card": (READING, opened_card),
    "term": (READING, told_term),
    "filtered": (READING, filtered),
    "describe": ("/", described),
    "narrowing": ("/search?q=victims", narrowing),
    "corrected": ("/review/{review}?coder=ana&label=victim", corrected),
    "keys": ("/review/{review}?coder=ana", keys_told),
}
# For the README: the address, and what comes to the top of the picture.
PICTURES = {
    "document": (READING + "?has=victim", "h1"),
    "comparison": (COMPARISON + "&kind=modified&order=weight", ".sifter"),
    "profile": (PROFILE, "h1"),
}


def said_of(sample: Sample) -> dict[str, str]:
    """The fields of the upload."""
    same: dict[str, str] = {name: getattr(sample, name) for name in ("title", "kind", "body", "work", "version")}
    return {**same, "date": sample.date.isoformat()}


def named(address: str) -> str:
    """A file's name for an address as PAGES has it."""
    return re.sub(r"[^\w]+", "-", address).strip("-") or "start"


def shoot(browser: Browser, url: str, folder: Path, places: dict[str, str], act: Callable[[Page], None] | None = None) -> None:
    """Each place in each look, as `folder/NAME.LOOK.png`; `act` does something there first, and then the screen alone is kept."""
    for look, scheme, narrow in LOOKS:
        with open_page(browser, url, scheme=scheme, narrow=narrow) as page:
            for name, address in places.items():
                page.goto(address, wait_until="networkidle")
                page.wait_for_function("!document.querySelector('[data-then]')")
                file = folder / f"{name}.{look}.png"
                if act:
                    act(page)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=file, animations="disabled")
                else:
                    keep(page, file)


def print_out(browser: Browser, url: str, folder: Path, name: str, address: str) -> None:
    """The page as it is printed, and its first and last sheets as pictures in grey."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_page(browser, url) as page:
        page.goto(address, wait_until="networkidle")
        page.pdf(path=folder / f"{name}.pdf", prefer_css_page_size=True, format="A4", display_header_footer=False)
    for old in folder.glob(f"{name}.*.png"):
        old.unlink()
    with pypdfium2.PdfDocument(folder / f"{name}.pdf") as printed:
        for at in sorted({*range(min(SHEETS, len(printed))), len(printed) - 1}):
            printed[at].render(scale=1.5, grayscale=True).to_pil().save(folder / f"{name}.{at + 1}-of-{len(printed)}.png")


def small(png: bytes) -> bytes:
    """The picture in as many colours as such pages need: a quarter of the bytes."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def for_readme(browser: Browser, url: str, folder: Path, filled: Filled) -> None:
    """The three pictures of the README."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_page(browser, url) as page:
        page.set_viewport_size({"width": 1200, "height": 860})
        for name, (address, top) in PICTURES.items():
            page.goto(filled.address(address), wait_until="networkidle")
            page.evaluate(DRAW_ALL)
            page.locator(top).first.evaluate("it => it.scrollIntoView({block: 'start', behavior: 'instant'})")
            (folder / f"{name}.png").write_bytes(small(page.screenshot(animations="disabled")))


def addresses() -> Iterator[str]:
    """Every address that is kept, as it is written with places for documents."""
    for shown in PAGES.values():
        yield from shown
    yield from ALONE


def take(browser: Browser, service: Running, folder: Path, only: str, readme: Path | None) -> None:
    """All pictures whose names have `only` in them."""
    empty = {f"empty-{named(one)}": one for one in EMPTY}
    shoot(browser, service.url, folder, {name: at for name, at in empty.items() if only in name})
    filled = fill(service, [(sample_bytes(one.name), said_of(one)) for one in samples()])
    places = {named(one): filled.address(one) for one in addresses()}
    shoot(browser, service.url, folder, {name: at for name, at in places.items() if only in name})
    for name, (address, act) in MOMENTS.items():
        if only in name:
            shoot(browser, service.url, folder, {f"moment-{name}": filled.address(address)}, act)
    for name, address in PRINTED.items():
        if only in f"print-{name}":
            print_out(browser, service.url, folder / "print", name, filled.address(address))
    if readme:
        for_readme(browser, service.url, readme, filled)


def main() -> None:
    """Prints where the pictures are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("screenshots"))
    parser.add_argument("--only", default="", help="part of the names that are wanted")
    parser.add_argument("--readme", type=Path, help="folder for the pictures of the README")
    given = parser.parse_args()
    binary = chromium_binary()
    if binary is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as service, started_browser(binary) as browser:
        take(browser, service, given.folder, given.only, given.readme)
    print(f"{len(list(given.folder.rglob('*.png')))} pictures in {given.folder}/")


if __name__ == "__main__":
    main()
