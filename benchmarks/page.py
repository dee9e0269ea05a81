"""What the pages cost in a browser: `python benchmarks/page.py [TEXT]`, TEXT a long instrument (the Rome Statute where it is at hand).

A service of its own reads the text cut to 100, 300, 600 and 1,200 provisions, and 50 texts for a matrix. For each page: the time to
the first byte and to interactive (its scripts have run), medians of some visits, also as ratios to a page without content; the bytes
that go over the line, and what a filter and scrolling from end to end cost. Ratios hold from machine to machine, milliseconds do not.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from corpora.samples import sample_text, samples
from nlp.structure.find import find_structure

ROME = Path(__file__).parents[1] / "../shared/instruments/rome-statute-1998.txt"
SIZES = (100, 300, 600, 1_200)
TEXTS, EACH = 50, 60
VISITS = 7
PATIENCE = 3_600.0
BLANK = "/login"

# (visible after, milliseconds until the next frame) of a filter, once the whole text is there
FILTER = """async () => {
  const form = document.querySelector("form.filter");
  const choice = form.querySelector("[name=has]");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  const began = performance.now();
  choice.value = "victim";
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  await frame();
  return performance.now() - began;
}"""
# the longest and the middle gap between two frames, in milliseconds, of a scroll from the top to the end at 2,000 pixels a second
SCROLL = """async () => {
  const gaps = [];
  const end = document.documentElement.scrollHeight - innerHeight;
  let before = performance.now();
  scrollTo({ top: 0, behavior: "instant" });
  for (let at = 0; at < end; at += 100) {
    scrollTo({ top: at, behavior: "instant" });
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    gaps.push(now - before);
    before = now;
  }
  gaps.sort((a, b) => a - b);
  return [gaps[gaps.length >> 1], gaps[Math.floor(gaps.length * 0.99)], gaps.length];
}"""
TIMES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const others = performance.getEntriesByType("resource").reduce((sum, one) => sum + one.encodedBodySize, 0);
  return [page.responseStart - page.requestStart, page.domContentLoadedEventEnd, page.encodedBodySize, others];
}"""


@contextlib.contextmanager
def service(folder: Path) -> Iterator[httpx.Client]:
    """The program on a free port, with a worker of its own."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    environment = os.environ | {"LEXFRAME_DATA_DIR": str(folder), "LEXFRAME_LOG_LEVEL": "ERROR", "LEXFRAME_POLL_SECONDS": "0.1"}
    with subprocess.Popen([sys.executable, "-m", "api.cli", "serve", "--port", str(port)], env=environment) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as http:
                wait(lambda: answers(http, "/readyz"))
                yield http
        finally:
            process.terminate()


def answers(http: httpx.Client, path: str) -> bool:
    """Whether there is an answer, and a good one."""
    with contextlib.suppress(httpx.TransportError):
        return http.get(path).status_code == 200
    return False


def wait(true: Any) -> None:
    """Until it holds, or an hour."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def read(http: httpx.Client, texts: Sequence[str]) -> list[str]:
    """The ids of the texts, read."""
    taken = [http.post("/v1/documents", files={"file": (f"{n}.txt", text.encode())}).json() for n, text in enumerate(texts)]
    for one in taken:
        wait(lambda job=one["job_id"]: http.get(f"/v1/jobs/{job}").json()["state"] in {"done", "failed"})
    return [one["document_id"] for one in taken]


def cut(text: str, size: int) -> str:
    """The text up to the end of a provision, so that it has so many; a shorter one is repeated under other numbers."""
    passages = find_structure(text).passages
    times = -(-size // len(passages))
    whole = "\n\n".join([text.rstrip(), *(f"ANNEX {n}\n\n{text.rstrip()}" for n in range(1, times))])
    passages = find_structure(whole).passages
    return whole[: passages[min(size, len(passages)) - 1].end] + "\n"


def variants() -> list[str]:
    """Texts that share some of their provisions, made of those of the samples."""
    chance = random.Random(1)
    lines = [line for sample in samples() for line in sample_text(sample.name).split("\n") if len(line) > 80]
    return [f"Act {n} on Trafficking\n\n" + "\n\n".join(sorted(chance.sample(lines, EACH), key=lines.index)) + "\n" for n in range(TEXTS)]


def visited(browser: Browser, base: str, path: str) -> tuple[float, float, float, float]:
    """Milliseconds to the first byte and to interactive, bytes of the page and of all else, as a visitor for the first time has them."""
    found = []
    for _ in range(VISITS):
        with fresh(browser, base) as page:
            page.goto(path, wait_until="load")
            found.append(page.evaluate(TIMES))
    return tuple(median(column) for column in zip(*found, strict=True))  # type: ignore[return-value]


@contextlib.contextmanager
def fresh(browser: Browser, base: str) -> Iterator[Page]:
    """A page of a new profile."""
    context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()


def moved(browser: Browser, base: str, document: str) -> tuple[float, float, float]:
    """Milliseconds from a choice in the filter to the next frame, and between two frames of a scroll: the middle, and one in a hundred."""
    with fresh(browser, base) as page:
        page.goto(f"/documents/{document}", wait_until="networkidle")
        middle, long, _ = page.evaluate(SCROLL)
        page.goto(f"/documents/{document}", wait_until="networkidle")
        return page.evaluate(FILTER), middle, long


def head(*names: str) -> None:
    print("  ".join(f"{name:>10}" for name in names))


def row(name: str, *figures: float | str) -> None:
    shown = [one if isinstance(one, str) else f"{one:.1f}" for one in figures]
    print("  ".join(f"{one:>10}" for one in (name, *shown)), flush=True)


def long_text(browser: Browser, http: httpx.Client, text: str, blank: tuple[float, float, float, float]) -> None:
    """One text at growing lengths."""
    documents = read(http, [cut(text, size) for size in SIZES])
    head("provisions", "first ms", "× blank", "ready ms", "× blank", "× 100", "page kB", "× 100", "filter ms", "frame ms", "1 in 100")
    base, smallest = str(http.base_url), None
    for document in documents:
        count = len(http.get(f"/v1/documents/{document}/annotations").json()["blocks"])
        http.get(f"/documents/{document}", headers={"Accept": "text/html"})
        first, ready, size, _ = visited(browser, base, f"/documents/{document}")
        smallest = smallest or (ready, size)
        row(
            f"{count:,}",
            *(first, first / blank[0], ready, ready / blank[1], ready / smallest[0]),
            *(size / 1000, size / smallest[1]),
            *moved(browser, base, document),
        )
    whole = http.get(f"/documents/{documents[-1]}", params={"part": "all"}, headers={"Accept": "text/html"})
    print(f"the longest on one page, as for printing: {len(whole.content) / 1000:,.0f} kB")


def matrix(browser: Browser, http: httpx.Client, blank: tuple[float, float, float, float]) -> None:
    """Many texts against each other: made once, then shown."""
    query = "&".join(f"document={one}" for one in read(http, variants()))
    began = time.perf_counter()
    wait(lambda: "data-then" not in http.get(f"/matrix?{query}", headers={"Accept": "text/html"}).text)
    made = time.perf_counter() - began
    first, ready, size, others = visited(browser, str(http.base_url), f"/matrix?{query}")
    head("matrix of", "made s", "first ms", "× blank", "ready ms", "× blank", "page kB", "charts kB")
    row(f"{TEXTS} texts", made, first, first / blank[0], ready, ready / blank[1], size / 1000, others / 1000)


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else ROME
    text = given.read_text(encoding="utf-8") if given.exists() else "\n\n".join(sample_text(one.name) for one in samples())
    binary = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if binary is None:
        print("Chromium is not installed: apt-get install chromium")
        return
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as http, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=["--headless", "--no-sandbox", "--disable-gpu"])
        blank = visited(browser, str(http.base_url), BLANK)
        print(given.name if given.exists() else "the samples, one after another")
        print(f"a page without content: first byte {blank[0]:.1f} ms, ready {blank[1]:.1f} ms")
        long_text(browser, http, text, blank)
        matrix(browser, http, blank)
        browser.close()


if __name__ == "__main__":
    main()
