"""Files that people send by mistake, and what is to be said of each."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

from docx import Document
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

FRENCH = """Article premier

Chaque État Partie prend les mesures nécessaires pour protéger les victimes de la traite des personnes et pour leur assurer un logement convenable.

Article 2

Les personnes qui ont été contraintes au travail ont droit à une indemnité, même si l'auteur de l'infraction n'a pas été poursuivi.
"""
ENGLISH = (
    "Article 1\n\nEach State Party shall protect “victims” of trafficking — without delay — and shall provide them with housing.\n" * 5
)


@dataclass(frozen=True)
class BadFile:
    """A file, and how its job ends: the code of its error, or the status of its annotation."""

    name: str
    make: Callable[[], bytes]
    error: str | None = None
    status: str | None = None


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4


def encrypted_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("password", strength=128))
    canvas.drawString(72, 700, "Nobody reads this without the password.")
    canvas.save()
    return out.getvalue()


def scanned_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(2):
        canvas.rect(72, 72, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def broken_docx() -> bytes:
    out = io.BytesIO()
    document = Document()
    for _ in range(50):
        document.add_paragraph(ENGLISH)
    document.save(out)
    return out.getvalue()[: len(out.getvalue()) // 2]


BAD_FILES = (
    BadFile("empty.txt", lambda: b"", "empty_file"),
    BadFile("blank.txt", lambda: b" \n\t\n" * 100, "empty_file"),
    BadFile("picture.pdf", png, "not_a_document"),
    BadFile("encrypted.pdf", encrypted_pdf, "encrypted"),
    BadFile("scanned.pdf", scanned_pdf, "needs_ocr"),
    BadFile("broken.docx", broken_docx, "broken_document"),
    BadFile("noise.txt", lambda: random.Random(3).randbytes(20_000), "not_a_document"),
    BadFile("windows.txt", lambda: ENGLISH.encode("cp1252"), status="annotated"),
    BadFile("utf16.txt", lambda: ENGLISH.encode("utf-16"), status="annotated"),
    BadFile("french.txt", FRENCH.encode, status="unsupported_language"),
)
