"""The parts of a Word file, unpacked only after the archive was found harmless."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from itertools import pairwise
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from corpora.readers.errors import BrokenDocument, Encrypted, LimitExceeded, ReadingError, UnsupportedFormat
from corpora.readers.model import Limits

MAIN, FOOTNOTES, ENDNOTES = "word/document.xml", "word/footnotes.xml", "word/endnotes.xml"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
UNPACKING = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error)
PIECE = 1 << 20
DOCTYPE_BYTES = 4 * len("<!DOCTYPE")  # in the widest encoding


def opened(data: bytes, limits: Limits) -> Any:
    """The document as python-docx gives it; raises BrokenDocument, Encrypted, UnsupportedFormat or LimitExceeded."""
    guard(data, limits)
    try:
        document = Document(io.BytesIO(data))
        body = document.element.body
    except (PackageNotFoundError, KeyError, AttributeError, IndexError, TypeError, etree.XMLSyntaxError, *UNPACKING) as wrong:
        raise _refusal(wrong) from wrong
    if body is None:
        raise BrokenDocument("(it has no body)")
    return document


def guard(data: bytes, limits: Limits) -> None:
    """Refuses archives that unpack to too much, before anything is unpacked, and parts with a document type.

    Raises LimitExceeded, Encrypted, UnsupportedFormat or BrokenDocument.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _guard_archive(entries, limits)
            for entry in entries:
                _guard_entry(entry, limits)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _guard_part(archive, entry, limits)
    except UNPACKING as wrong:
        raise BrokenDocument(f"({wrong})") from wrong


def part(data: bytes, name: str) -> etree._Element | None:
    """One XML part, parsed without entities or network; None where the file has none. To be called after `guard`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return etree.fromstring(archive.read(name), parser) if name in archive.namelist() else None
    except (etree.XMLSyntaxError, *UNPACKING) as wrong:
        raise _refusal(wrong, f"{name}: ") from wrong


def _refusal(wrong: Exception, where: str = "") -> ReadingError:
    """What to call a failure to open: lxml says that memory ran out as if the file were at fault."""
    if isinstance(wrong, etree.XMLSyntaxError) and getattr(wrong, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
        return LimitExceeded("(it takes too much memory)")
    return BrokenDocument(f"({where}{wrong})")


def _guard_archive(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise LimitExceeded(f"({len(entries)} entries)")
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise LimitExceeded("(it unpacks to too much)")
    if len({entry.filename for entry in entries}) != len(entries):
        raise BrokenDocument("(two parts have the same name)")
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    if any(a.header_offset + 30 + len(a.filename) + a.compress_size > b.header_offset for a, b in pairwise(ordered)):
        raise BrokenDocument("(its parts overlap)")


def _guard_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & 0x1:
        raise Encrypted
    if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename):
        raise BrokenDocument("(a part has a forbidden name)")
    large = entry.file_size > 1_000_000 and entry.file_size > limits.ratio * max(1, entry.compress_size)
    if entry.file_size > limits.entry or large or (entry.filename == MAIN and entry.file_size > limits.main_part):
        raise LimitExceeded(f"({entry.filename} unpacks to {entry.file_size} bytes)")


def _guard_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    """Looks at all of a part while it unpacks, counting, because headers lie; comments may stand before a document type."""
    most, size, before = limits.main_part if entry.filename == MAIN else limits.entry, 0, b""
    with archive.open(entry) as opened_part:
        while chunk := opened_part.read(PIECE):
            if size == 0 and entry.filename == MAIN:
                _guard_kind(chunk)
            size += len(chunk)
            if size > most:
                raise LimitExceeded(f"({entry.filename} is larger than {most} bytes)")
            if b"<!DOCTYPE" in (before + chunk).replace(b"\x00", b""):
                raise BrokenDocument(f"({entry.filename} declares a document type)")
            before = chunk[-DOCTYPE_BYTES:]


def _guard_kind(head: bytes) -> None:
    if STRICT in head:
        raise UnsupportedFormat("It is a Word file of the strict kind; save it as an ordinary Word document.")
