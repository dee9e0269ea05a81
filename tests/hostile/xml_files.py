"""Hostile Akoma Ntoso: the one kind of XML that is read as a document, and so may bring a document type of its own."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from corpora.exports.akn import MARKS, NAMESPACE

HEAD, TAIL = f'<akomaNtoso xmlns="{NAMESPACE}" xmlns:lex="{MARKS}">', "</akomaNtoso>"
P = "<p>Each Party shall protect victims.</p>"
LAUGHS = (
    "<!DOCTYPE z [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def act(body: str = P, before: str = "", meta: str = "") -> bytes:
    """An act with this body, something before its root, and something in its metadata."""
    return f"{before}{HEAD}<act><meta>{meta}</meta><body>{body}</body></act>{TAIL}".encode()


AKN: dict[str, Callable[[], bytes]] = {
    "laughs": lambda: act("<p>&i;</p>", LAUGHS),
    "one entity, squared": lambda: act(f"<p>{'&a;' * 2000}</p>", f"<!DOCTYPE z [<!ENTITY a '{'a' * 50_000}'>]>"),
    "a file by entity": lambda: act("<p>&x;</p>", "<!DOCTYPE z [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
    "a site by entity": lambda: act("<p>&x;</p>", "<!DOCTYPE z [<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>]>"),
    "a parameter entity": lambda: act(before="<!DOCTYPE z [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'> %x;]>"),
    "a foreign document type": lambda: act(before="<!DOCTYPE z SYSTEM 'http://127.0.0.1:9/z.dtd'>"),
    "an attribute by default": lambda: act(before="<!DOCTYPE z [<!ATTLIST p onclick CDATA 'alert(1)'>]>"),
    "an inclusion": lambda: act('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>' + P),
    "a style sheet": lambda: act(before='<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>'),
    "a schema elsewhere": lambda: act().replace(
        b"<act>", b'<act xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x http://127.0.0.1:9/">'
    ),
    "200 deep": lambda: act("<section>" * 200 + P + "</section>" * 200),
    "100,000 deep": lambda: act("<section>" * 100_000 + P + "</section>" * 100_000),
    "100,000 sections": lambda: act("<section/>" * 100_000 + P),
    "an attribute of 9 MB": lambda: act(f'<p eId="{"a" * 9_000_000}">a</p>' + P),
    "20,000 attributes": lambda: act("<p " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>" + P),
    "20,000 namespaces": lambda: act("<p " + " ".join(f'xmlns:a{n}="b{n}"' for n in range(20_000)) + "/>" + P),
    "a paragraph of 9 MB": lambda: act(f"<p>{'a ' * 4_500_000}</p>"),
    "paragraphs in paragraphs": lambda: act("<p>a" * 150 + "</p>" * 150),
    "a null": lambda: act("<p>&#0;</p>"),
    "a mark without numbers": lambda: act(meta='<lex:mark start="x" end="y" probability="z"/>'),
    "a mark beyond the text": lambda: act(meta='<lex:mark start="-9" end="99999999999999999999" probability="nan"/>'),
    "a digest that lies": lambda: act(meta=f'<lex:text sha256="{"0" * 64}"/>'),
    "scripts": lambda: act("<p>&lt;script&gt;alert(1)&lt;/script&gt;<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script></p>"),
    "nothing in it": lambda: f"{HEAD}{TAIL}".encode(),
    "a comment for a document": lambda: f"{HEAD}<!-- a -->{TAIL}".encode(),
    "an instruction for a document": lambda: f"{HEAD}<?x y?>{P}{TAIL}".encode(),
    "UTF-7 by its word": lambda: b'<?xml version="1.0" encoding="utf-7"?>' + act(),
    "UTF-16 with laughs": lambda: codecs.BOM_UTF16_LE + act("<p>&i;</p>", LAUGHS).decode().encode("utf-16-le"),
}
