"""What people do in a browser: a real Chromium, a real service with a worker of its own, the real models."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdfium2 import PdfDocument

from tests.journeys.browser import open_page
from tests.journeys.drafts import BAD, VERSIONS, as_docx, as_html, twenty
from tests.journeys.filled import fill
from tests.journeys.service import TREATY, Running, running

pytest_plugins = ("tests.journeys.browser",)
pytestmark = [pytest.mark.slow, pytest.mark.browser]

PATIENCE = 90_000.0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="module")
def both(service: Running) -> tuple[str, str]:
    """The documents of two versions of one instrument, read."""
    first, second = fill(service, VERSIONS).documents
    return first, second


@pytest.fixture
def page(browser: Browser, service: Running) -> Iterator[Page]:
    with open_page(browser, service.url) as opened:
        yield opened


@pytest.fixture
def plain(browser: Browser, service: Running) -> Iterator[Page]:
    """A browser with scripts turned off."""
    with open_page(browser, service.url, script=False) as opened:
        yield opened


def test_three_formats_go_up_and_are_watched_to_the_end(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Choose files").set_input_files(
        [
            {"name": "plain.txt", "mimeType": "text/plain", "buffer": (TREATY + "\nDone at Geneva.\n").encode()},
            {"name": "page.html", "mimeType": "text/html", "buffer": as_html()},
            {"name": "word.docx", "mimeType": "application/octet-stream", "buffer": as_docx()},
        ]
    )
    page.get_by_role("button", name="Upload and read").click()
    for name in ("plain.txt", "page.html", "word.docx"):
        expect(page.locator(".sending")).to_contain_text(f"{name}: taken in")
    expect(page.locator(".recent li.state-done .framing")).to_have_count(3, timeout=PATIENCE)


def test_a_text_is_read_and_filtered_at_once(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[1]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Convention, second draft")
    everything = page.locator(".lines [id]:visible").count()
    page.locator("#filters > summary").click()
    page.get_by_label("With", exact=True).select_option("victim")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of \d+ provisions$"))
    assert 0 < page.locator(".lines [id]:visible").count() < everything
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".lines [id]:visible")).to_have_count(everything)
    page.get_by_label("Label", exact=True).select_option("indicators")
    labelled = page.locator(".lines .p:visible").count()
    page.get_by_label("Strength", exact=True).select_option("mandatory")
    firm = page.locator(".lines .p:visible").count()
    assert 0 < firm < labelled < everything
    page.reload()
    expect(page.locator(".lines .p:visible")).to_have_count(firm)


def test_the_outline_follows_the_reader_and_a_used_term_says_what_it_means(page: Page, service: Running) -> None:
    text = TREATY + "\nArticle 4\n\nPresumption\n\nEach State Party shall presume that a child is a victim of trafficking in persons.\n"
    accepted = service.upload(text.encode(), title="A text that uses its terms")
    assert service.ended(accepted["job_id"])["state"] == "done"
    page.goto(f"/documents/{accepted['document_id']}")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.get_by_role("navigation", name="Outline").get_by_role("link", name="Article 3").click()
    expect(page.locator(".outline [aria-current]")).to_contain_text("Article 3")
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".outline [aria-current]")).to_have_count(0)
    page.locator("a.use").first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("means")
    expect(page.locator("a.use").first).to_have_attribute("aria-describedby", "meaning")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_a_chart_tells_its_figures_by_pointer_and_by_keyboard(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[1]}/profile")
    page.get_by_role("button", name="The four Ps").click()
    drawing = page.get_by_role("application", name="The four Ps")
    expect(drawing).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".told")).to_have_text(re.compile(r"^Prevention: provisions \d+$"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".told")).to_have_text(re.compile(r"^Partnership: provisions \d+$"))
    drawing.get_by_label("aim: Protection").hover()
    expect(page.locator(".told")).to_have_text(re.compile(r"^Protection: provisions [1-9]"))


def test_a_profile_tells_part_by_part_and_by_other_weighings(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[1]}/profile")
    parts = page.get_by_role("table", name="How each part of the instrument is framed")
    expect(parts.get_by_role("row", name=re.compile(r"Art\. 2 Criminalization"))).to_contain_text("0 %")
    expect(parts.get_by_role("row", name=re.compile(r"Art\. 3"))).to_contain_text("100 %")
    expect(page.get_by_text(re.compile(r"Weighed otherwise it would be \d+ to \d+ %,\s+and the label would"))).to_be_visible()
    page.get_by_text("Other weighings", exact=True).click()
    others = page.get_by_role("table", name="The framing by other weighings").get_by_role("row")
    expect(others).to_have_count(6)
    expect(others.nth(3)).to_have_text(re.compile(r"only what binds plainly counted\s+\S\s+(Crime|Rights|Hybrid)\s+\d+ %\s+\d+ to \d+ %"))
    parts.get_by_role("link", name="Art. 3").click()
    expect(page).to_have_url(re.compile(rf"/documents/{both[1]}.*art_3"))


def test_a_provision_says_why_it_has_its_labels(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[1]}")
    page.get_by_role("link", name="What was found in Art. 3(2)").click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("Art. 3(2)")
    for words in ("Labels", "Evidence:", "Made by", "%"):
        expect(card).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


@pytest.mark.parametrize("where", ["/documents/{1}?part=all", "/documents/{1}/profile", "/compare?left={0}&right={1}&part=all"])
def test_a_print_says_on_every_sheet_where_it_comes_from(page: Page, both: tuple[str, str], where: str) -> None:
    page.goto(where.format(*both), wait_until="networkidle")
    with PdfDocument(page.pdf(format="A4", prefer_css_page_size=True)) as printed:
        sheets = [sheet.get_textpage().get_text_range() for sheet in printed]
    for number, sheet in enumerate(sheets, 1):
        run_on = "".join(sheet.split()).replace("\ufffe", "-")  # a hyphen at which a line was broken
        assert where.format(*both) in run_on
        assert "·lexframe" in run_on
        assert f"{number} / {len(sheets)}" in sheet
    whole = "\n".join(sheets)
    assert "Art. 3(1)" in whole
    for left_out in ("Skip to", "Instruments", "Show", "API description", "SVG"):
        assert left_out not in whole, left_out


def test_a_printed_text_has_the_meaning_of_its_marks_and_the_address_of_each_provision(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[1]}?part=all")
    with PdfDocument(page.pdf(format="A4", prefer_css_page_size=True)) as printed:
        whole = "\n".join(sheet.get_textpage().get_text_range() for sheet in printed)
    for wanted in ("It puts victims at the centre", "#art_3__para_2", "Crime definition"):
        assert wanted in whole, wanted


def test_a_reference_and_a_defined_term_lead_on(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[1]}")
    page.locator("#art_2__para_1 a", has_text="article 1").first.click()
    expect(page).to_have_url(re.compile(r"#art_1$"))
    page.locator(".terms").get_by_role("link", name="where it is defined").first.click()
    expect(page).to_have_url(re.compile(r"#art_1__list_1__point_a|#art_1"))


def test_two_versions_are_compared_and_the_top_change_opened(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/compare?left={both[0]}&right={both[1]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed")
    page.locator("#weightiest ~ ol a").first.click()
    expect(page).to_have_url(re.compile(r"#pair-\d+$"))
    expect(page.locator(":target")).to_be_in_viewport()
    expect(page.locator(".pairs")).to_contain_text("Firmer")
    page.get_by_label("With a change of").select_option("definition")
    expect(page.locator(".pair:visible")).to_have_count(1)
    expect(page.locator(".pair:visible")).to_contain_text("deception")


def test_provisions_are_found_by_words_and_by_meaning(page: Page, both: tuple[str, str]) -> None:
    page.goto("/search")
    page.get_by_label("Find provisions").fill("housing")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hit]").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("appropriate housing")
    page.get_by_label("Find provisions").fill("secrecy of who the injured person is")
    page.get_by_label("by meaning").check()
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("privacy and identity of victims")


def test_ten_provisions_are_reviewed_by_keyboard_and_taken_back(page: Page, service: Running, both: tuple[str, str]) -> None:
    machine = service.http.get(f"/v1/documents/{both[1]}/annotations").content
    page.goto(f"/documents/{both[1]}")
    page.get_by_role("link", name="Review", exact=True).last.click()
    page.get_by_label("Who codes").fill("ana")
    page.get_by_role("button", name="Start the review").click()
    expect(page.locator(".how-far")).to_contain_text("0 of 11 done, 11 left")
    expect(page.locator("html.scripted")).to_be_attached()
    for key in "aaaaaa":  # quicker than the service answers: what is typed meanwhile is not lost
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("Art. 2(1)", timeout=PATIENCE)
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Accept as corrected")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Art. 2(2)")
    expect(page.get_by_role("status")).to_have_text("Corrected.")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Art. 3(1)")
    page.keyboard.press("c")
    page.keyboard.type("safety")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Art. 3(2)")
    page.keyboard.press("n")
    page.keyboard.type("A clean case: u, j and k are only letters here.")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(".how-far")).to_contain_text("10 of 11 done, 1 left")
    page.keyboard.press("k")
    expect(page.locator(".remarked")).to_contain_text("A clean case")
    page.keyboard.press("k")
    expect(page.locator(".row:has([value='victim/safety'])")).to_contain_text("Machine: no + added")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    review = re.search(r"/review/([0-9a-f-]{36})", page.url)[1]  # type: ignore[index]
    said = service.http.get(f"/v1/reviews/{review}/decisions").json()["items"]
    assert {one["action"] for one in said} == {"accept", "reject", "add", "comment"}
    for left in ("2 left", "2 left", "3 left", "4 left"):  # the last provision, its comment, the two before
        page.keyboard.press("u")
        expect(page.locator(".how-far")).to_contain_text(left)
    expect(page.get_by_role("heading", level=1)).to_have_text("Art. 2(2)")
    for _ in range(8):
        page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("There is nothing that could be taken back", timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Preamble, recital 1")
    page.goto(f"{page.url.partition('&document')[0]}&label=indicators%2Fcrime.punishment")
    page.get_by_text("All that was decided here").click()
    expect(page.locator(".past li").first).to_contain_text("taken back")
    assert service.http.get(f"/v1/documents/{both[1]}/annotations").content == machine


def test_without_script_provisions_are_reviewed_by_buttons(plain: Page, both: tuple[str, str]) -> None:
    plain.goto(f"/review?document={both[0]}")
    plain.get_by_label("Who codes").fill("ben")
    plain.get_by_role("button", name="Start the review").click()
    plain.get_by_role("link", name="Next").click()
    plain.get_by_role("checkbox", name="Rights language").uncheck()
    plain.get_by_role("button", name="Accept").click()
    expect(plain.locator(".how-far")).to_contain_text("1 of 10 done")
    plain.get_by_role("button", name="Undo").click()
    expect(plain.locator(".how-far")).to_contain_text("0 of 10 done")
    expect(plain.get_by_role("checkbox", name="Rights language")).to_be_checked()


def test_a_folder_is_chosen_as_a_whole(page: Page, tmp_path: Path) -> None:
    for name in ("first.txt", "second.txt", ".hidden"):
        (tmp_path / name).write_text(f"{TREATY}\nCopied from {name}.\n")
    page.goto("/")
    page.get_by_label("Or a whole folder").set_input_files(tmp_path)
    page.get_by_role("button", name="Upload and read").click()
    expect(page.locator(".sending li")).to_have_text([re.compile(r"(first|second)\.txt: taken in")] * 2)


def test_a_corpus_of_twenty_with_two_bad_files(page: Page) -> None:
    page.goto("/corpora")
    page.get_by_label("Name").fill("Twenty acts")
    page.get_by_role("button", name="Make the corpus").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Twenty acts")
    page.get_by_label("Choose files").set_input_files({"name": "acts.zip", "mimeType": "application/zip", "buffer": twenty()})
    page.get_by_role("button", name="Add to the corpus").click()
    expect(page.locator(".sending")).to_contain_text("20 added, 0 skipped, 0 not taken.")
    page.get_by_role("button", name="Annotate 20 documents").click()
    page.evaluate("document.body.dataset.kept = 'yes'")  # which a page that was loaded again would not have
    figures = page.locator(".figures")
    expect(figures).to_contain_text("Finished", timeout=3 * PATIENCE)
    expect(figures.get_by_role("progressbar", name="Documents that are through")).to_have_attribute("aria-valuenow", "20")
    failures = page.locator(".failed-files li")
    expect(failures).to_have_count(len(BAD))
    expect(failures.filter(has_text="acts/picture.pdf")).to_contain_text("not_a_document")
    expect(failures.filter(has_text="acts/scanned.pdf")).to_contain_text("text recognition (OCR)")
    expect(page.locator("#documents .framing").first).to_be_visible()
    assert page.locator("body").get_attribute("data-kept") == "yes"
    page.get_by_role("button", name="Try again: acts/scanned.pdf").click()
    expect(page.locator("body:not([data-kept])")).to_be_visible()
    expect(figures).to_contain_text("Finished", timeout=3 * PATIENCE)
    expect(failures).to_have_count(2)
    page.get_by_label("State", exact=True).select_option("failed")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#documents tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Analytics").click()
    expect(page.locator("main")).to_contain_text("18 annotated documents of 20; 2 without an annotation")
    page.get_by_label("Group documents by").select_option("body")
    page.get_by_role("button", name="Show").click()
    framing = page.locator("#framing")
    expect(framing.locator("img")).to_have_js_property("complete", True)
    assert framing.locator("img").evaluate("image => image.naturalWidth") > 100
    expect(framing.get_by_role("row", name="Council of Aldermoor Crime")).to_be_visible()
    page.get_by_role("link", name="Exports").click()
    page.get_by_label("Format").select_option("csv")
    page.get_by_role("button", name="Export 18 annotated documents").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click(timeout=PATIENCE)
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len(archive.read("documents.csv").splitlines()) == 19


def test_without_script_files_go_up_and_are_read_and_compared(plain: Page, service: Running, both: tuple[str, str]) -> None:
    plain.goto("/")
    text = TREATY.replace("Carried", "Transported").encode()
    plain.get_by_label("Choose files").set_input_files({"name": "other.txt", "mimeType": "text/plain", "buffer": text})
    plain.get_by_role("button", name="Upload and read").click()
    expect(plain).to_have_url(re.compile(r"/documents/[0-9a-f-]{36}$"))
    job = service.http.get(f"/v1/documents/{plain.url.rpartition('/')[2]}").json()["job_id"]
    service.ended(job)
    plain.reload()
    expect(plain.locator("#art_3__para_2")).to_contain_text("No victim shall be detained")
    plain.get_by_role("link", name="What was found in Art. 3(2)").click()
    expect(plain.locator("main")).to_contain_text("Evidence:")
    plain.goto("/compare")
    plain.locator("select[name=left]").select_option(both[0])
    plain.locator("select[name=right]").select_option(both[1])
    plain.get_by_role("button", name="Compare").click()
    expect(plain.locator(".pairs")).to_contain_text("Firmer")


def test_the_keyboard_reaches_the_text_first(page: Page, both: tuple[str, str]) -> None:
    page.goto(f"/documents/{both[0]}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_hostile_text_does_nothing(page: Page, service: Running, tmp_path: Path) -> None:
    hostile = (
        "Act on <script>document.title='taken'</script> Things\n\n"
        "Article 1\n\n1. Each <img src=x onerror=\"document.title='taken'\"> State shall protect "
        "</blockquote><svg onload=\"document.title='taken'\"> victims \u202eneddih\u202c and javascript:alert(1).\n"
    )
    accepted = service.upload(hostile.encode(), "hos\u202etile<script>.txt", title="<script>document.title='taken'</script>")
    assert service.ended(accepted["job_id"])["state"] == "done"
    shown: list[str] = []
    page.on("dialog", lambda dialog: (shown.append(dialog.message), dialog.dismiss())[1])
    at = f"/documents/{accepted['document_id']}"
    for where in (at, f"{at}/profile", f"{at}/provisions/1", "/documents", "/search?q=victims", "/"):
        page.goto(where)
        assert "taken" not in page.title().replace("document.title='taken'", "")
        assert page.locator("main script, main img[onerror], main svg[onload]").count() == 0
    assert not shown
