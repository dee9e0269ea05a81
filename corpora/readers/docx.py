"""DOCX: paragraphs with the numbers that Word generates, footnotes apart, tracked changes as accepted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from corpora.readers.docx_numbers import Numbering
from corpora.readers.errors import BrokenDocument, Encrypted, LimitExceeded
from corpora.readers.model import Extract, Limits, paragraphs_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN, FOOTNOTES, ENDNOTES = "word/document.xml", "word/footnotes.xml", "word/endnotes.xml"
DROPPED = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{W}sectPr"}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(slots=True)
class Changes:
    """What was accepted on the way."""

    insertions: int = 0
    deletions: int = 0
    words: list[str] = field(default_factory=list)


def read_docx(data: bytes, limits: Limits) -> Extract:
    """Paragraphs and table rows in order. Insertions are taken, deletions dropped, and a warning says so.

    Raises BrokenDocument, Encrypted or LimitExceeded.
    """
    guard(data, limits)
    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile, AttributeError) as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    numbering = Numbering.of(document)
    changes = Changes()
    paragraphs: list[str] = []
    size = 0
    for element in _paragraphs(document.element.body):
        words = _clean(numbering.prefix(element) + _text(element, changes))
        size += len(words)
        if size > limits.text:
            raise LimitExceeded(f"(more than {limits.text} characters)")
        if words:
            paragraphs.append(words)
    return Extract(
        paragraphs_text(paragraphs),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        title=(document.core_properties.title or "").strip() or None,
        notes=tuple(_notes(data)),
        warnings=_said(changes),
    )


def guard(data: bytes, limits: Limits) -> None:
    """Refuses archives that unpack to too much, before anything is unpacked, and parts with a document type.

    Raises LimitExceeded, Encrypted or BrokenDocument.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                raise LimitExceeded(f"({len(entries)} entries)")
            if sum(e.file_size for e in entries) > limits.unpacked:
                raise LimitExceeded("(it unpacks to too much)")
            if len({e.filename for e in entries}) != len(entries):
                raise BrokenDocument("(two parts have the same name)")
            for entry in entries:
                _guard_entry(entry, limits)
            for name in (MAIN, FOOTNOTES, ENDNOTES, "word/numbering.xml", "word/styles.xml", "[Content_Types].xml"):
                if name in archive.namelist():
                    _guard_part(_unpacked(archive, name, limits.main_part))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as wrong:
        if "encrypted" in str(wrong):
            raise Encrypted from wrong
        raise BrokenDocument(f"({wrong})") from wrong


def _guard_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & 0x1:
        raise Encrypted
    if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename):
        raise BrokenDocument("(a part has a forbidden name)")
    large = entry.file_size > 1_000_000 and entry.file_size > limits.ratio * max(1, entry.compress_size)
    if entry.file_size > limits.entry or large:
        raise LimitExceeded(f"({entry.filename} unpacks to {entry.file_size} bytes)")


def _unpacked(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """A part, counted while it unpacks, because headers lie."""
    with archive.open(name) as part:
        data = part.read(limit + 1)
    if len(data) > limit:
        raise LimitExceeded(f"({name} is larger than {limit} bytes)")
    return data


def _guard_part(part: bytes) -> None:
    if b"<!DOCTYPE" in part[:5_000_000] or "<!DOCTYPE".encode("utf-16-le") in part[:100_000]:
        raise BrokenDocument("(a part declares a document type)")


def _paragraphs(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs in the order of the document, those of tables and content controls too; text boxes come with their paragraph."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag == f"{W}p":
            yield element
        elif element.tag in (
            f"{W}tbl",
            f"{W}tr",
            f"{W}tc",
            f"{W}sdt",
            f"{W}sdtContent",
            f"{W}ins",
            f"{W}moveTo",
            f"{W}smartTag",
            f"{W}customXml",
        ):
            stack.extend(reversed(element))


def _text(paragraph: etree._Element, changes: Changes) -> str:
    """The words of a paragraph as they stand once every change is accepted."""
    changes.words = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in (f"{W}del", f"{W}moveFrom"):
            changes.deletions += 1
        elif tag in (f"{W}ins", f"{W}moveTo"):
            changes.insertions += 1
        if tag == f"{W}t":
            changes.words.append(element.text or "")
        elif tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            changes.words.append(" ")
        elif tag == f"{W}noBreakHyphen":
            changes.words.append("-")
        elif tag not in DROPPED and tag != FALLBACK:
            stack.extend(reversed(element))
    return "".join(changes.words)


def _notes(data: bytes) -> Iterator[str]:
    """Footnotes and endnotes, in order, without the separators that Word keeps among them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in (FOOTNOTES, ENDNOTES):
            if name in archive.namelist():
                root = etree.fromstring(archive.read(name), parser)
                for note in root:
                    if note.get(f"{W}type") in (None, "normal"):
                        words = _clean(" ".join(_text(p, Changes()) for p in note.iter(f"{W}p")))
                        if words:
                            yield words


def _said(changes: Changes) -> tuple[str, ...]:
    if not changes.insertions and not changes.deletions:
        return ()
    return (f"tracked changes: {changes.insertions} insertions taken, {changes.deletions} deletions dropped",)


def _clean(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()
