"""What a file is, by its content and never by its name."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum

from corpora.readers.errors import BrokenDocument, EmptyFile, Encrypted, NotADocument, UnsupportedFormat
from corpora.readers.text import decoded, unmarked_utf16

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"\x00\x00\x01\x00")
OTHERS = {
    b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive", b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive", b"\x7fELF": "a program", b"MZ": "a program", b"ID3": "a sound file", b"OggS": "a sound file",
    b"SQLite format 3": "a database",
}  # fmt: skip
TYPED = {"{\\rtf": "an RTF document", "%!PS": "a PostScript file", "<?xml": "an XML document"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
HTML = re.compile(r"<(?:!doctype\s+html|(?:html|head|body|title|meta|div|p|h[1-6]|table|article|section|main|ol|ul)[\s>/])", re.IGNORECASE)
HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
AKN = re.compile(r"<(?:\w+:)?akomaNtoso[\s>]")
MARKUP = re.compile(r"^(?:[*+-] \S|\|.+\||```|> \S|\d+\. \S)|\*\*\S|\]\(\S", re.MULTILINE)


class Format(StrEnum):
    """The formats that are read."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    HTML = "text/html"
    AKN = "application/akn+xml"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


def detect(data: bytes) -> Format:
    """The format of some bytes; raises EmptyFile, Encrypted, NotADocument, UnsupportedFormat, BrokenDocument or Undecodable."""
    if not data.strip(b"\x00 \t\r\n\f\xef\xbb\xbf"):
        raise EmptyFile
    if data.startswith(ZIP):
        return _zip_format(data)
    if _is_pdf(data):
        return Format.PDF
    if data.startswith(OLE):
        _refuse_ole(data)
    if _is_binary(data):
        _refuse_binary(data)
    return _text_format(decoded(data[:20_000] if len(data) > 20_000 and _is_ascii(data[:20_000]) else data)[0])


def _is_pdf(data: bytes) -> bool:
    """The mark may stand behind some bytes of a mail or a web server, but a text about PDF files is a text."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"%PDF-") or (
        b"%PDF-" in data[:1024] and (b"startxref" in data[-2048:] or b" obj" in data)
    )


def _is_ascii(data: bytes) -> bool:
    return data.isascii() and b"\x00" not in data


def _is_binary(data: bytes) -> bool:
    """Whether the head of a file holds what no text holds: control characters in number, or nulls that are not those of UTF-16."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or unmarked_utf16(head):
        return False
    return 0 in head or sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 100


def _refuse_binary(data: bytes) -> None:
    if data.startswith(PICTURES):
        raise NotADocument("It is a picture.")
    for magic, what in OTHERS.items():
        if data.startswith(magic):
            raise UnsupportedFormat(f"It is {what}.")
    raise NotADocument("It holds binary data.")


def _zip_format(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(entry.flag_bits & 0x1 for entry in archive.infolist()):
                raise Encrypted
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as part:
                    types = part.read(5_000_000)
                if b"wordprocessingml.document.main" in types or b"wordprocessingml.template.main" in types:
                    return Format.DOCX
                raise UnsupportedFormat("It is another kind of office document.")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, KeyError, zlib.error) as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    raise UnsupportedFormat("It is an OpenDocument file." if "mimetype" in names else "It is a ZIP archive.")


def _refuse_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Encrypted
    raise UnsupportedFormat("It is an old binary office document.")


def _text_format(text: str) -> Format:
    head = text.lstrip("\ufeff \t\r\n")[:4096]
    if head.startswith("<") and AKN.search(head):
        return Format.AKN
    if head.startswith("<") and HTML.search(head):
        return Format.HTML
    for magic, what in TYPED.items():
        if head.startswith(magic):
            raise UnsupportedFormat(f"It is {what}.")
    sample = text[:20_000]
    headings = len(HEADING.findall(sample))
    return Format.MARKDOWN if headings and headings + len(MARKUP.findall(sample)) >= 2 else Format.TEXT
