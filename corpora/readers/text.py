"""Plain text and Markdown: the file as decoded, unchanged, so that offsets hold against the user's own file."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from corpora.readers.detect import Format
from corpora.readers.errors import NotADocument, Undecodable
from corpora.readers.model import Extract

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_plain(data: bytes, media_type: Format) -> Extract:
    """The decoded text: by its byte-order mark, as UTF-8, or by the likeliest encoding (said in a warning); raises Undecodable."""
    text, warnings = _decoded(data)
    if "\x00" in text:
        raise NotADocument("It holds binary data.")
    return Extract(text, media_type.value, warnings=warnings)


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as wrong:
                raise Undecodable(f"(it begins as {encoding}, but byte {wrong.start} is not)") from wrong
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Windows-1252 for a file that is ASCII but for a few bytes, else what charset-normalizer finds; noise is refused."""
    high = sum(b > 127 for b in data[:200_000])
    best = from_bytes(data[:200_000]).best()
    encoding = "cp1252" if high < len(data[:200_000]) * 0.05 else (best.encoding if best else None)
    if encoding is None or (best is None and high > 0.3 * len(data[:200_000])):
        raise Undecodable
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        text = data.decode("latin-1")
        encoding = "latin-1"
    odd = sum(not (c.isprintable() or c.isspace()) for c in text[:20_000])
    if odd > len(text[:20_000]) / 50:
        raise NotADocument("It holds binary data.")
    return text, (f"the encoding was guessed: {encoding}",)
