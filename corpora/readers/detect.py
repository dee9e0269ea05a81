"""What a file is, by its content and never by its name."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from corpora.readers.errors import BrokenDocument, EmptyFile, Encrypted, NotADocument, UnsupportedFormat

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"\x00\x00\x01\x00")
OTHERS = {
    b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive", b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive", b"\x7fELF": "a program", b"MZ": "a program", b"ID3": "a sound file", b"OggS": "a sound file",
    b"{\\rtf": "an RTF document", b"%!PS": "a PostScript file", b"SQLite format 3": "a database",
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = re.compile(
    rb"(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:div|p|h[1-6]|table|article|section|ol|ul)[\s>])", re.IGNORECASE
)
MARKDOWN = re.compile(r"^(?:#{1,6} \S|\* \S|\|.+\||\[.+\]\(.+\)|```)", re.MULTILINE)


class Format(StrEnum):
    """The formats that are read."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    HTML = "text/html"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


def detect(data: bytes) -> Format:
    """The format of some bytes; raises EmptyFile, Encrypted, NotADocument, UnsupportedFormat or BrokenDocument."""
    if not data.strip(b"\x00 \t\r\n\f\xef\xbb\xbf"):
        raise EmptyFile
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_format(data)
    if data[:8] == OLE:
        _refuse_ole(data)
    if data.startswith(PICTURES):
        raise NotADocument("It is a picture.")
    for magic, what in OTHERS.items():
        if data.startswith(magic):
            raise UnsupportedFormat(f"It is {what}.")
    return _text_format(data)


def _zip_format(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names and archive.getinfo("[Content_Types].xml").file_size < 5_000_000:
                types = archive.read("[Content_Types].xml")
                if b"wordprocessingml.document.main" in types or b"wordprocessingml.template.main" in types:
                    return Format.DOCX
                raise UnsupportedFormat("It is another kind of office document.")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, KeyError) as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    raise UnsupportedFormat("It is a ZIP archive.")


def _refuse_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Encrypted
    raise UnsupportedFormat("It is an old binary office document.")


def _text_format(data: bytes) -> Format:
    head = data[:4096]
    if HTML.search(head) and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Format.HTML
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and b"\x00" in data:
        raise NotADocument("It holds binary data.")
    if not wide and sum(b < 9 or 13 < b < 32 for b in head) > len(head) // 100:
        raise NotADocument("It holds binary data.")
    sample = data[:20_000].decode("utf-8", errors="ignore")
    return Format.MARKDOWN if len(MARKDOWN.findall(sample)) >= 2 and re.search(r"^#{1,6} \S", sample, re.MULTILINE) else Format.TEXT
