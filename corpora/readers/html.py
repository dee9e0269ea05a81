"""HTML: block elements become paragraphs, lists keep the numbers that a browser would show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from corpora.readers.counting import letters, roman
from corpora.readers.errors import BrokenDocument, LimitExceeded
from corpora.readers.model import Extract, Limits, Paragraph, laid_out
from corpora.readers.text import decoded
from corpora.readers.typed import typed_paragraphs

SKIPPED = frozenset(
    "script style noscript template nav head svg math iframe object form button select textarea audio video canvas dialog".split()
)
BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd table tr thead tbody tfoot section article header footer main aside blockquote pre hr br "
    "figure figcaption address details summary center body html caption fieldset hgroup".split()
)
CONTENT = frozenset(["main", "article"])
FURNITURE = frozenset(["footer", "aside"])
ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary"])
BULLET = "• "
NOTE_MARK = re.compile(r"\s*[\[(]?(?:\d{1,3}|[*†‡]|[a-z])[\])]?\s*")
TYPED_NUMBER = re.compile(r"[“\"]?(?:[(\[]?(\w{1,5})[)\]]|(\w{1,4})\.|[•–—-])\s")


@dataclass(slots=True)
class Writer:
    """Paragraphs in the making; `number` is what a list puts before its next words."""

    limit: int
    paragraphs: list[Paragraph] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    number: str = ""
    size: int = 0
    line: int = 0

    def add(self, text: str | None, line: int) -> None:
        if not text:
            return
        if not self.words:
            self.line = line
        self.words.append(text)
        self.size += len(text)
        if self.size > self.limit:
            raise LimitExceeded(f"(more than {self.limit} characters)")

    def end(self) -> None:
        words = " ".join("".join(self.words).split())
        self.words = []
        if words:
            self.paragraphs.append(Paragraph(_numbered(self.number, words), self.line))
            self.number = ""


def read_html(data: bytes, limits: Limits) -> Extract:
    """The visible text; scripts, styles, navigation and hidden elements are left out. Raises BrokenDocument or LimitExceeded."""
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    source, warnings = _source(data)
    try:
        root = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    if any("depth" in error.message for error in parser.error_log):  # the parser leaves out without a word what lies deeper
        raise LimitExceeded("(nested too deeply)")
    if any(error.type == etree.ErrorTypes.ERR_NO_MEMORY for error in parser.error_log):
        raise LimitExceeded("(it takes too much memory)")
    writer = Writer(limits.text)
    _walk(root, writer, limits)
    writer.end()
    text, places = laid_out(writer.paragraphs)
    return Extract(text, "text/html", title=root.findtext(".//title"), warnings=warnings, source_map=places)


def _source(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The decoded file: by its mark, as UTF-8, by what it says of itself, or by a guess."""
    said = re.search(rb"charset\s*=\s*[\"']?([\w-]{2,20})", data[:4096], re.IGNORECASE)
    if said and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        for encoding in ("utf-8", said[1].decode("ascii").replace("iso-8859-1", "cp1252")):
            try:
                return data.decode(encoding), ()
            except (UnicodeDecodeError, LookupError):
                continue
    return decoded(data)


def _walk(root: etree._Element, writer: Writer, limits: Limits) -> None:
    """Depth first without recursion, since hostile files nest a hundred thousand deep."""
    stack: list[tuple[etree._Element, bool]] = [(root, True)]
    counts: dict[etree._Element, int] = {}
    depth = within = 0
    while stack:
        element, opening = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if not opening:
            depth -= 1
            within -= tag in CONTENT
            _close(element, tag, writer)
        elif not tag or _is_left_out(element, tag, inside=within > 0):
            writer.add(element.tail, _line(element))
        elif tag == "pre":
            _write_typed(element, writer)
        else:
            depth += 1
            within += tag in CONTENT
            if depth > limits.depth:
                raise LimitExceeded("(nested too deeply)")
            _open(element, tag, writer, counts)
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element))


def _is_left_out(element: etree._Element, tag: str, *, inside: bool) -> bool:
    if tag in SKIPPED or "hidden" in element.attrib or re.search(r"display\s*:\s*none", element.get("style", "")):
        return True
    if tag == "sup":
        return _is_note_mark(element)
    return not inside and (tag in FURNITURE or element.get("role") in ROLES)


def _is_note_mark(element: etree._Element) -> bool:
    """A raised number that is a link, or in one: the call of a footnote."""
    parent = element.getparent()
    linked = element.find("a") is not None or (parent is not None and parent.tag == "a")
    return linked and NOTE_MARK.fullmatch(_text(element, pieces=4)) is not None


def _open(element: etree._Element, tag: str, writer: Writer, counts: dict[etree._Element, int]) -> None:
    if tag in BLOCKS:
        writer.end()
    if tag == "li":
        writer.number += _item_number(element, counts)
    writer.add(element.text, _line(element))


def _close(element: etree._Element, tag: str, writer: Writer) -> None:
    if tag in ("td", "th"):
        writer.words.append(" ")
    elif tag in BLOCKS:
        writer.end()
    if tag == "li":
        writer.number = ""
    if element.getparent() is not None:
        writer.add(element.tail, _line(element))


def _write_typed(element: etree._Element, writer: Writer) -> None:
    """Preformatted text keeps its lines: they are put together as those of a typescript."""
    writer.end()
    line = _line(element)
    for words, offset in typed_paragraphs(_text(element)):
        writer.add(words, line + offset)
        writer.end()
    writer.add(element.tail, line)


def _line(element: Any) -> int:
    return int(element.sourceline or 0)


def _text(element: Any, pieces: int | None = None) -> str:
    return "".join(islice(element.itertext(), pieces))


def _item_number(item: etree._Element, counts: dict[etree._Element, int]) -> str:
    """`(a) `, `1. `, `• `: what stands before a list item. Small letters and roman numbers get the brackets with which law cites them."""
    owner = item.getparent()
    if owner is None or re.search(r"list-style(?:-type)?\s*:\s*none", owner.get("style", "") + item.get("style", "")):
        return ""
    if owner.tag != "ol":
        return BULLET if owner.tag == "ul" else ""
    down = "reversed" in owner.attrib
    first = _number(owner.get("start"), len(owner.findall("li")) if down else 1)
    count = _number(item.get("value"), counts[owner] + (-1 if down else 1) if owner in counts else first)
    counts[owner] = count
    match item.get("type") or _styled(owner) or owner.get("type", "1"):
        case "a":
            return f"({letters(count)}) "
        case "A":
            return f"{letters(count).upper()}. "
        case "i":
            return f"({roman(count)}) "
        case "I":
            return f"{roman(count).upper()}. "
        case _:
            return f"{count}. "


def _styled(owner: etree._Element) -> str | None:
    found = re.search(r"(lower|upper)-(alpha|latin|roman)", owner.get("style", ""))
    if found is None:
        return None
    sign = "i" if found[2] == "roman" else "a"
    return sign if found[1] == "lower" else sign.upper()


def _numbered(number: str, words: str) -> str:
    """Number and words; where the author has typed the same number, or any in place of a bullet, it is not said twice."""
    typed = TYPED_NUMBER.match(words)
    if typed and number and (number == BULLET or (typed[1] or typed[2] or "") == number.strip("(). ")):
        return words
    return number + words


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else otherwise
