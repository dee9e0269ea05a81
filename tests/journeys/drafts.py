"""Small instruments that the browser's journeys upload: one text in three formats, and a later version of it."""

from __future__ import annotations

import io
import zipfile

from docx import Document

from tests.journeys.bad_files import png, scanned_pdf
from tests.journeys.service import TREATY

LATER = (
    TREATY.replace("shall consider providing victims with", "shall provide victims with")
    .replace(
        "by means of force, fraud or the abuse of a position of vulnerability, ",
        "by means of force, fraud, deception or the abuse of a position of vulnerability, ",
    )
    .rstrip("\n")
    + "\n\n3. Each State Party shall protect the privacy and identity of victims and shall keep proceedings confidential.\n"
)

WORK = "carried-persons"
VERSIONS = tuple(
    (text.encode(), {"work": WORK, "version": version, "title": f"Convention, {version}"})
    for version, text in (("first draft", TREATY), ("second draft", LATER))
)


def as_html(text: str = TREATY) -> bytes:
    """The text as a page with headings and paragraphs."""
    title, *rest = [part for part in text.split("\n\n") if part.strip()]
    body = "".join(f"<h2>{part}</h2>" if part.startswith("Article ") else f"<p>{part}</p>" for part in rest)
    return f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}</html>".encode()


def as_docx(text: str = TREATY) -> bytes:
    """The text as a Word document, a paragraph for each of its own."""
    document, out = Document(), io.BytesIO()
    for part in text.split("\n\n"):
        if part.strip():
            document.add_paragraph(part.strip())
    document.save(out)
    return out.getvalue()


BAD = {"picture.pdf": png, "scanned.pdf": scanned_pdf}


def twenty() -> bytes:
    """A ZIP of twenty files: eighteen short acts of four bodies with a manifest, and two that nobody can read."""
    bodies = ("Council of Aldermoor", "Diet of Brennick", "Senate of Caldra", "Union of Dunmere")
    told, out = ["path,title,date,body,kind"], io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(18):
            parts = TREATY.split("Article ")
            text = f"Act No. {n + 1}\n\nArticle 1\n\n{parts[1 + n % 3].partition(chr(10))[2].strip()}\n\nArticle 2\n\nThis Act is No. {n + 1}.\n"
            archive.writestr(f"acts/act-{n + 1:02}.txt", text)
            told.append(f"act-{n + 1:02}.txt,Act No. {n + 1},{2000 + n},{bodies[n % 4]},{'statute' if n % 2 else 'convention'}")
        for name, make in BAD.items():
            archive.writestr(f"acts/{name}", make())
        archive.writestr("acts/manifest.csv", "\n".join(told))
    return out.getvalue()
