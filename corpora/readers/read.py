"""Bytes in, text out, whatever the format."""

from __future__ import annotations

from dataclasses import replace

from corpora.readers.detect import Format, detect
from corpora.readers.errors import EmptyFile, LimitExceeded, TooLarge
from corpora.readers.model import Extract, Limits, ReadText
from corpora.readers.text import decoded
from corpora.readers.title import title_of


def read(data: bytes, limits: Limits | None = None) -> ReadText:
    """The text of a file with its language, read in this process; raises ReadingError. For strangers' files use `child.read_in_child`."""
    return in_its_language(extract(data, limits or Limits()))


def in_its_language(found: Extract) -> ReadText:
    """The extract with the language that it is written in."""
    from corpora.readers.language import language_of  # the child process that only extracts has no need of it

    return ReadText(
        text=found.text,
        media_type=found.media_type,
        language=language_of(found.text),
        title=found.title,
        pages=found.pages,
        notes=found.notes,
        warnings=found.warnings,
        source_map=found.source_map,
    )


def extract(data: bytes, limits: Limits) -> Extract:
    """What the reader for the file's format finds; raises ReadingError."""
    if len(data) > limits.file:
        raise TooLarge(f"({len(data)} bytes; at most {limits.file} are read)")
    found = _by_format(detect(data), data, limits)
    if len(found.text) > limits.text:
        raise LimitExceeded(f"({len(found.text)} characters; at most {limits.text} are read)")
    if not found.text.strip():
        raise EmptyFile("There are no words in it.")
    return replace(found, title=title_of(found.text, found.title))


def _by_format(kind: Format, data: bytes, limits: Limits) -> Extract:
    """Each reader is imported when it is needed: a process reads one file, and their libraries are slow to load."""
    match kind:
        case Format.PDF:
            from corpora.readers.pdf import read_pdf

            return read_pdf(data, limits)
        case Format.DOCX:
            from corpora.readers.docx import read_docx

            return read_docx(data, limits)
        case Format.HTML:
            from corpora.readers.html import read_html

            return read_html(data, limits)
        case Format.AKN:
            from corpora.readers.akn import read_akn_file

            return read_akn_file(data, limits)
        case _:
            text, warnings = decoded(data)
            return Extract(text, kind.value, warnings=warnings)
