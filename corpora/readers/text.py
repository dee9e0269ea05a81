"""Plain text and Markdown: the file as decoded, unchanged, so that offsets hold against the user's own file."""

from __future__ import annotations

import codecs
import unicodedata

from corpora.readers.errors import NotADocument, Undecodable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 200_000


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text by its byte-order mark, as UTF-8, or by the likeliest encoding (said in a warning); line ends stay as they are.

    Raises Undecodable, or NotADocument where it holds binary data.
    """
    text, warnings = _by_mark(data) or _unmarked(data)
    if "\x00" in text or _odd(text[:20_000]) > len(text[:20_000]) / 50:
        raise NotADocument("It holds binary data.")
    return text, warnings


def _by_mark(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as wrong:
                raise Undecodable(f"(it begins as {encoding}, but byte {wrong.start} is not)") from wrong
    return None


def _unmarked(data: bytes) -> tuple[str, tuple[str, ...]]:
    wide = unmarked_utf16(data)
    encoding = wide or "utf-8"
    try:
        return data.decode(encoding), ((_guess(encoding),) if wide else ())
    except UnicodeDecodeError:
        return _guessed(data)


def unmarked_utf16(data: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` for UTF-16 without its mark: of a text in Latin letters every second byte is null."""
    sample = data[: SAMPLE - SAMPLE % 2]
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), max(1, len(sample) // 2)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.05 * half else None


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Windows-1252 for a file that is ASCII but for a few bytes, else what charset-normalizer finds."""
    sample = data[:SAMPLE]
    if sum(byte > 127 for byte in sample) < len(sample) * 0.05:
        encoding = "cp1252"
    else:
        from charset_normalizer import from_bytes  # rarely needed, and slow to import

        best = from_bytes(sample).best()
        if best is None:
            raise Undecodable
        encoding = best.encoding
    try:
        return data.decode(encoding), (_guess(encoding),)
    except (UnicodeDecodeError, LookupError):
        return data.decode("latin-1"), (_guess("latin-1"),)


def _guess(encoding: str) -> str:
    return f"the encoding was guessed: {encoding}"


def _odd(text: str) -> int:
    """How many characters no text holds: controls but for white space, and code points that mean nothing."""
    return sum(not c.isprintable() and not c.isspace() and unicodedata.category(c) in ("Cc", "Cn") for c in text)
