"""Pictures of every page for who designs them, and three for the README.

    python -m tests.journeys.screenshots [FOLDER] [--only WORDS,WORDS] [--readme DOCS/PICTURES]

A service of its own is started and the sample instruments are read. Each address of PAGES is kept in light, in dark and as on a
telephone, so a new page comes by itself; MOMENTS are what a page shows once somebody does something; PRINTED become PDF, with a
picture of each sheet. Then the service is started again over the same data, asking for keys and annotating nothing: so there are
pictures of pages that wait, and of what those see who may not.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Literal

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page

from corpora.samples import Sample, sample_bytes, samples
from tests.journeys.browser import DRAW_ALL, chromium_binary, keep, open_page, started_browser
from tests.journeys.filled import Filled, fill
from tests.journeys.service import TREATY, Running, running
from tests.journeys.test_accessible import PAGES

Act = Callable[[Page], None]
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
    "/documents/{2}?has=definition&p=95",
    COMPARISON + "&layer=definition",
    "/search?by=meaning&q=nobody+is+punished",
    "/search?q=%22",
    "/compare?left=nothing",
)
EMPTY = ("/", "/documents", "/corpora", "/works", "/compare", "/matrix", "/search", "/review")
SECRET = token_hex(24)
# What a key to read sees, and what an admin's sees while no worker annotates or compares.
READS = ("/", "/corpora", "/corpora/{corpus}", "/corpora/{corpus}/exports", "/review", "/documents/{2}")
MOST = "/matrix?document={4}&document={3}&document={2}&document={1}&document={0}"  # so many that a worker holds them against each other
WAITS = ("/", "/documents", "/documents/{waiting}", MOST, "/corpora/{corpus}", "/batches/{waiting_batch}")
PRINTED = {
    "document": "/documents/{2}?part=all",
    "profile": PROFILE,
    "comparison": COMPARISON + "&part=all",
    "provision": "/documents/{2}/provisions/20",
    "timeline": "/works/{work}",
    "matrix": MATRIX,
    "analytics": "/corpora/{corpus}/analytics",
    "agreement": "/review/{review}/agreement",
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
    page.get_by_role("status").filter(has_text="No label").wait_for()
    page.locator("a[rel=prev]").click()
    page.locator(".verdict").first.wait_for()
    page.keyboard.press("c")
    page.keyboard.type("comp")


def taken_in(page: Page) -> None:
    """What became of files that were added to a corpus without script: one is there twice, one is empty, one is only in the manifest."""
    files = (("draft.txt", TREATY.encode()), ("copy.txt", TREATY.encode()), ("empty.txt", b""))
    manifest = FilePayload(name="manifest.csv", mimeType="text/csv", buffer=b"path,title\nlost.txt,A lost text\n")
    given = [FilePayload(name=name, mimeType="application/octet-stream", buffer=data) for name, data in files]
    page.get_by_label("Choose files").set_input_files(given)
    page.locator("#manifest").set_input_files(manifest)
    page.get_by_role("button", name="Add to the corpus").click()
    page.get_by_role("heading", name="What became of the files").wait_for()


def refused(page: Page) -> None:
    """A login with a key that does not open."""
    page.get_by_label("Access key").fill("not a key")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()


def keys_told(page: Page) -> None:
    """The keys of the review."""
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


MOMENTS: dict[str, tuple[str, Act]] = {
    "card": (READING, opened_card),
    "term": (READING, told_term),
    "filtered": (READING, filtered),
    "describe": ("/", described),
    "narrowing": ("/search?q=victims", narrowing),
    "corrected": ("/review/{review}?coder=ana&label=victim", corrected),
    "keys": ("/review/{review}?coder=ana", keys_told),
}
WITHOUT_SCRIPT = {"taken-in": ("/corpora/{empty_corpus}", taken_in)}
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


@dataclass(frozen=True)
class Camera:
    """Where pictures are taken and kept; only those whose names have a part of `only` in them. `key` logs in first."""

    browser: Browser
    folder: Path
    only: str
    key: str = ""
    script: bool = True

    def shoot(self, url: str, places: Mapping[str, str], act: Act | None = None, *, waits: bool = False) -> None:
        """Each place in each look, as `folder/NAME.LOOK.png`; `act` does something there first. `waits`: it is a page that waits for a job."""
        wanted = {name: address for name, address in places.items() if self.wants(name)}
        for look, scheme, narrow in LOOKS if wanted else ():
            with open_page(self.browser, url, scheme=scheme, narrow=narrow, script=self.script) as page:
                if self.key:
                    log_in(page, self.key)
                for name, address in wanted.items():
                    page.goto(address, wait_until="load" if waits else "networkidle")
                    if not waits:
                        page.locator("[data-then]").wait_for(state="detached")
                    self._keep(page, self.folder / f"{name}.{look}.png", act)

    def wants(self, name: str) -> bool:
        """Whether a picture of that name is asked for."""
        return any(part in name for part in self.only.split(","))

    @staticmethod
    def _keep(page: Page, file: Path, act: Act | None) -> None:
        """The whole page; after an act the screen alone, since what opens lies over it."""
        if act is None:
            keep(page, file)
            return
        act(page)
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, animations="disabled")


def log_in(page: Page, key: str) -> None:
    """A session with that key."""
    page.goto("/login")
    page.get_by_label("Access key").fill(key)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()


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


def take(camera: Camera, service: Running, readme: Path | None) -> Filled:
    """All pictures of a service that everybody may use."""
    url = service.url
    camera.shoot(url, {f"empty-{named(one)}": one for one in EMPTY})
    filled = fill(service, [(sample_bytes(one.name), said_of(one)) for one in samples()])
    camera.shoot(url, {named(one): filled.address(one) for one in addresses()})
    for name, (address, act) in MOMENTS.items():
        camera.shoot(url, {f"moment-{name}": filled.address(address)}, act)
    for name, (address, act) in WITHOUT_SCRIPT.items():
        replace(camera, script=False).shoot(url, {f"moment-{name}": filled.address(address)}, act)
    for name, address in PRINTED.items():
        if camera.wants(f"print-{name}"):
            print_out(camera.browser, url, camera.folder / "print", name, filled.address(address))
    if readme:
        for_readme(camera.browser, url, readme, filled)
    return filled


def take_guarded(camera: Camera, service: Running, filled: Filled) -> None:
    """What is seen without a key, with one that may only read, and while everything waits."""
    service.http.headers["Authorization"] = f"Bearer {SECRET}"
    made = service.http.post("/v1/keys", json={"name": "ana", "scopes": ["read"]}).json()
    waiting = service.upload(TREATY.encode(), title="A draft that waits")["document_id"]
    batch = service.http.post(f"/v1/corpora/{filled.names['corpus']}/annotate", json={"which": "all"}).json()["id"]
    now = replace(filled, names={**filled.names, "waiting": waiting, "waiting_batch": batch})
    camera.shoot(service.url, {"moment-refused": "/login"}, refused)
    camera.shoot(service.url, {"stranger": "/documents"})
    replace(camera, key=made["secret"]).shoot(service.url, {f"reader-{named(one)}": now.address(one) for one in READS})
    replace(camera, key=SECRET).shoot(service.url, {f"waiting-{named(one)}": now.address(one) for one in WAITS}, waits=True)


def main() -> None:
    """Prints where the pictures are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("screenshots"))
    parser.add_argument("--only", default="", help="parts of the names that are wanted, with commas between them")
    parser.add_argument("--readme", type=Path, help="folder for the pictures of the README")
    given = parser.parse_args()
    binary = chromium_binary()
    if binary is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with tempfile.TemporaryDirectory() as data, started_browser(binary) as browser:
        camera = Camera(browser, given.folder, given.only)
        with running(Path(data)) as service:
            filled = take(camera, service, given.readme)
        with running(Path(data), ADMIN_KEY=SECRET, KINDS="export") as guarded:
            take_guarded(camera, guarded, filled)
    print(f"{len(list(given.folder.rglob('*.png')))} pictures in {given.folder}/")


if __name__ == "__main__":
    main()
