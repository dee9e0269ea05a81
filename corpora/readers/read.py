"""Bytes in, text out, whatever the format."""

from __future__ import annotations

from corpora.readers.detect import Format, detect
from corpora.readers.docx import read_docx
from corpora.readers.errors import EmptyFile, LimitExceeded
from corpora.readers.html import read_html
from corpora.readers.language import language_of
from corpora.readers.model import Extract, Limits, ReadText
from corpora.readers.pdf import read_pdf
from corpora.readers.text import read_plain


def read(data: bytes, limits: Limits | None = None) -> ReadText:
    """The text of a file with its language, read in this process; raises ReadingError. For strangers' files use `child.read_in_child`."""
    found = extract(data, limits or Limits())
    return ReadText(found.text, found.media_type, language_of(found.text), found.title, found.pages, found.notes, found.warnings)


def extract(data: bytes, limits: Limits) -> Extract:
    """What the reader for the file's format finds; raises ReadingError."""
    kind = detect(data)
    match kind:
        case Format.PDF:
            found = read_pdf(data, limits)
        case Format.DOCX:
            found = read_docx(data, limits)
        case Format.HTML:
            found = read_html(data, limits)
        case _:
            found = read_plain(data, kind)
    if len(found.text) > limits.text:
        raise LimitExceeded(f"({len(found.text)} characters; at most {limits.text} are read)")
    if not found.text.strip():
        raise EmptyFile
    return found
