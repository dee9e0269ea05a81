"""DOCX: paragraphs with the numbers that Word generates, footnotes apart, tracked changes as accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpora.readers.docx_numbers import Numbering
from corpora.readers.docx_package import ENDNOTES, FOOTNOTES, opened, part
from corpora.readers.errors import LimitExceeded
from corpora.readers.model import Extract, Limits, Paragraph, laid_out

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DELETED, INSERTED = frozenset([f"{W}del", f"{W}moveFrom"]), frozenset([f"{W}ins", f"{W}moveTo"])
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
DROPPED = frozenset([FALLBACK, *(f"{W}{name}" for name in ("instrText", "delText", "delInstrText", "pPr", "rPr", "sectPr", "rt"))])
HOLDERS = frozenset(f"{W}{name}" for name in ("tbl", "tr", "tc", "sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"))
BOX = f"{W}txbxContent"
SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-"}


@dataclass(slots=True)
class Changes:
    """What was accepted or left out on the way."""

    insertions: int = 0
    deletions: int = 0
    contents: int = 0


@dataclass(slots=True)
class Words:
    """Lines of one Word paragraph (a line break ends one), and the text boxes that hang on it."""

    lines: list[list[str]] = field(default_factory=lambda: [[]])
    boxes: list[etree._Element] = field(default_factory=list)


def read_docx(data: bytes, limits: Limits) -> Extract:
    """Paragraphs and table rows in order. Insertions are taken, deletions dropped, and a warning says so.

    Raises BrokenDocument, Encrypted, UnsupportedFormat or LimitExceeded.
    """
    document = opened(data, limits)
    changes = Changes()
    text, places = laid_out(_read(document.element.body, Numbering.of(document), changes, limits))
    return Extract(
        text,
        MEDIA_TYPE,
        title=_title(document),
        notes=tuple(_notes(data)),
        warnings=tuple(_said(changes)),
        source_map=places,
    )


def _read(body: etree._Element, numbering: Numbering, changes: Changes, limits: Limits) -> Iterator[Paragraph]:
    size = 0
    carried: list[list[str]] = []
    for count, element in enumerate(_paragraphs(body, changes), 1):
        words = _words(element, changes)
        words.lines = _glued(carried, words.lines)
        carried = []
        if _mark_deleted(element):  # then the next paragraph goes on with these words
            carried = words.lines
            continue
        words.lines[0].insert(0, numbering.prefix(element))
        for line in words.lines:
            if said := " ".join("".join(line).split()):
                size += len(said)
                if size > limits.text:
                    raise LimitExceeded(f"(more than {limits.text} characters)")
                yield Paragraph(said, count)
    if said := " ".join(word for line in carried for word in "".join(line).split()):
        yield Paragraph(said, count)


def _glued(before: list[list[str]], lines: list[list[str]]) -> list[list[str]]:
    return [*before[:-1], [*before[-1], *lines[0]], *lines[1:]] if before else lines


def _mark_deleted(paragraph: etree._Element) -> bool:
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is not None and any(child.tag in DELETED for child in marks)


def _paragraphs(body: etree._Element, changes: Changes) -> Iterator[etree._Element]:
    """Paragraphs in the order of the document, those of tables, content controls and text boxes too; tables of contents are left out."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag == f"{W}p":
            if _is_contents(element):
                changes.contents += 1
                continue
            yield element
            stack.extend(child for box in reversed(_boxes(element)) for child in reversed(box))
        elif element.tag in HOLDERS:
            changes.insertions += element.tag in INSERTED
            stack.extend(reversed(element))


def _is_contents(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = (style.get(f"{W}val") or "") if style is not None else ""
    return name[:3].upper() == "TOC" and name[3:].strip().isdigit()


def _boxes(paragraph: etree._Element) -> list[etree._Element]:
    return _words(paragraph, Changes()).boxes if next(paragraph.iter(BOX), None) is not None else []


def _words(paragraph: etree._Element, changes: Changes) -> Words:
    """The words of a paragraph as they stand once every change is accepted."""
    words = Words()
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in DELETED:
            changes.deletions += 1
        elif tag == f"{W}t":
            words.lines[-1].append(element.text or "")
        elif tag in SIGNS:
            words.lines[-1].append(SIGNS[tag])
        elif tag in (f"{W}br", f"{W}cr"):
            words.lines.append([])
        elif tag == BOX:
            words.boxes.append(element)
        elif tag not in DROPPED and not (tag == f"{W}r" and _is_hidden(element)):
            changes.insertions += tag in INSERTED
            stack.extend(reversed(element))
    return words


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false", "off")


def _notes(data: bytes) -> Iterator[str]:
    """Footnotes and endnotes, in order, without the separators that Word keeps among them."""
    for name in (FOOTNOTES, ENDNOTES):
        root = part(data, name)
        for note in root if root is not None else ():
            if note.get(f"{W}type") in (None, "normal"):
                said = " ".join(word for p in note.iter(f"{W}p") for line in _words(p, Changes()).lines for word in "".join(line).split())
                if said:
                    yield said


def _title(document: Any) -> str | None:
    """The title in the file's properties; None where they are none, which python-docx tells by whatever it stumbles over."""
    try:
        return str(document.core_properties.title or "") or None
    except (AttributeError, TypeError, ValueError, KeyError, etree.XMLSyntaxError):
        return None


def _said(changes: Changes) -> Iterator[str]:
    if changes.insertions or changes.deletions:
        yield f"tracked changes: {changes.insertions} insertions taken, {changes.deletions} deletions dropped"
    if changes.contents:
        yield f"a table of contents was left out ({changes.contents} lines)"
