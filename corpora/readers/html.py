"""HTML: block elements become paragraphs, lists keep the numbers that a browser would show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from corpora.readers.errors import BrokenDocument, LimitExceeded
from corpora.readers.model import Extract, Limits, paragraphs_text

SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "nav", "head", "svg", "math", "iframe", "object", "form", "button", "select"]
)
BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "blockquote",
        "pre",
        "hr",
        "br",
        "figure",
        "figcaption",
        "address",
        "details",
        "summary",
        "center",
        "body",
        "html",
        "caption",
    ]
)
DEEPEST = 50_000
ROMAN_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
ROMAN_SIGNS = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")


@dataclass(slots=True)
class Writer:
    """Paragraphs in the making."""

    paragraphs: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str | None, limit: int) -> None:
        if text:
            self.words.append(text)
            self.size += len(text)
            if self.size > limit:
                raise LimitExceeded(f"(more than {limit} characters)")

    def end(self) -> None:
        words = re.sub(r"\s+", " ", "".join(self.words)).strip()
        self.words = []
        if words:
            self.paragraphs.append(words)


def read_html(data: bytes, limits: Limits) -> Extract:
    """The visible text; scripts, styles and navigation are left out. Raises BrokenDocument or LimitExceeded."""
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding=_encoding(data))
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    writer = Writer()
    _walk(root, writer, limits)
    writer.end()
    title = root.findtext(".//title")
    return Extract(paragraphs_text(writer.paragraphs), "text/html", title=" ".join(title.split()) if title and title.strip() else None)


def _encoding(data: bytes) -> str | None:
    if re.search(rb"charset\s*=", data[:2048], re.IGNORECASE):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _walk(root: etree._Element, writer: Writer, limits: Limits) -> None:
    """Depth first without recursion, since hostile files nest a hundred thousand deep."""
    stack: list[tuple[etree._Element, bool]] = [(root, True)]
    counts: dict[etree._Element, int] = {}
    while stack:
        element, opening = stack.pop()
        if len(stack) > DEEPEST:
            raise LimitExceeded("(nested too deeply)")
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in SKIPPED or not tag:
            writer.add(element.tail if opening else None, limits.text)
            continue
        if not opening:
            _close(element, tag, writer)
            if element is not root:
                writer.add(element.tail, limits.text)
            continue
        if tag in BLOCKS and tag not in ("td", "th"):
            writer.end()
        if tag == "li":
            writer.add(_item_number(element, counts), limits.text)
        writer.add(element.text, limits.text)
        stack.append((element, False))
        stack.extend((child, True) for child in reversed(element))


def _close(element: etree._Element, tag: str, writer: Writer) -> None:
    if tag in ("td", "th"):
        writer.words.append(" ")
    elif tag in BLOCKS:
        writer.end()


def _item_number(item: etree._Element, counts: dict[etree._Element, int]) -> str:
    """`(a) `, `1. `, `– `: what a browser shows before a list item."""
    owner = item.getparent()
    if owner is None or owner.tag != "ol":
        return "– " if owner is not None and owner.tag == "ul" else ""
    count = counts.get(owner, _number(owner.get("start"), 1) - 1) + 1
    counts[owner] = count = _number(item.get("value"), count)
    match owner.get("type", "1"):
        case "a":
            return f"({letters(count)}) "
        case "A":
            return f"({letters(count).upper()}) "
        case "i":
            return f"({roman(count)}) "
        case "I":
            return f"({roman(count).upper()}) "
        case _:
            return f"{count}. "


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else otherwise


def letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa, as word processors and browsers count."""
    found = ""
    while count > 0:
        count, rest = divmod(count - 1, 26)
        found = chr(97 + rest) + found
    return found or "0"


def roman(count: int) -> str:
    """1 → i, 4 → iv; numbers that have no roman form stay arabic."""
    if not 0 < count < 4000:
        return str(count)
    found = ""
    for value, sign in zip(ROMAN_VALUES, ROMAN_SIGNS, strict=True):
        found += sign * (count // value)
        count %= value
    return found
