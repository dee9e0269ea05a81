"""A document that is hostile wherever a stranger's words can stand, and what no page may hold because of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from lxml import etree
from lxml import html as lxml_html

from corpora.annotating import default_annotator
from corpora.store import annotations
from corpora.store.annotations import Key
from nlp.types import AnnotatedDocument, Block, DocumentFraming, Framing, Provenance, Source, Unit
from nlp.wire import to_json
from tests.api.service import Served
from tests.api.world import World

SCRIPT, HANDLER, BREAKOUT = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)></title></textarea></style>",
)
BACKWARDS, TEMPLATE, LINK, FORMULA = "\u202eslavrever\u2066", "{{7*7}}${7*7}", "javascript:alert(1)", '=HYPERLINK("https://example.org")'
EVERYTHING = f"{SCRIPT}{HANDLER}{BREAKOUT}{BACKWARDS}{TEMPLATE}{LINK}"
TEXT = f"""Convention {EVERYTHING}

Recognizing the dignity of every {SCRIPT} victim,

Article 1 {HANDLER}

For the purposes of this Convention:

(a) “Trafficking {BREAKOUT}” shall mean the recruitment of persons {BACKWARDS} by means of force {SCRIPT}, for the purpose of exploitation;

(b) “{LINK}” means any person under eighteen years of age.

Article 2 {TEMPLATE}

1. Each State Party {HANDLER} shall make trafficking, as defined in article 1, a criminal offence {EVERYTHING}.

2. No victim {BACKWARDS} shall be detained {BREAKOUT}.

{FORMULA}
"""
WORK = EVERYTHING.replace("/", "")  # a slash would part its address
FORBIDDEN = {"iframe", "object", "embed", "base", "applet", "frame", "svg:script"}


def faults(page: str, *, own_style: bool = False) -> list[str]:
    """What in a page could run, lead away or turn the reading direction, and comes from the document."""
    found = [f"{ord(c):x}" for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" if c in page]
    for element in lxml_html.fromstring(page).iter(etree.Element):
        tag = str(element.tag).lower()
        own = tag == "script" and (element.get("src") or "").startswith("/static/") and not (element.text or "").strip()
        if tag in FORBIDDEN or (tag == "script" and not own) or (tag == "style" and not own_style):
            found.append(tag)
        found += [
            f"{tag} {name}={value[:40]}" for name, value in element.attrib.items() if _harms(str(name).lower(), str(value).strip().lower())
        ]
    return found


def _harms(name: str, value: str) -> bool:
    if name.startswith("on") or name in {"srcdoc", "formaction", "style"}:
        return True
    return name in {"href", "src", "action", "xlink:href"} and not value.startswith(("/", "#", "?", "https://"))


def hostile_world(served: Served, text: str = TEXT, annotated: AnnotatedDocument | None = None) -> World:
    """Two such documents of one work, in a corpus and in a review whose names are no better."""
    annotated = annotated or default_annotator()(text, Source(sha256="0" * 64, media_type="text/plain", language="en", title=EVERYTHING))
    ids = {}
    for name in ("document_id", "other_id"):
        said = {
            "title": EVERYTHING,
            "work": WORK,
            "version": f"{name} {EVERYTHING}",
            "body": EVERYTHING,
            "kind": EVERYTHING,
            "date": SCRIPT,
        }
        ids[name] = _kept(served, text if name == "document_id" else text + "\n", annotated, said)
    client = served.client
    found = client.get(f"/v1/documents/{ids['document_id']}").json()
    ids["job_id"], ids["work_id"] = found["job_id"], quote(found["work"], safe="")
    assert client.post(f"/v1/jobs/{ids['job_id']}/cancel").status_code == 200
    ids["version_id"] = client.get(f"/v1/works/{ids['work_id']}/versions").json()["items"][0]["id"]
    ids["corpus_id"] = client.post("/v1/corpora", json={"name": EVERYTHING, "description": EVERYTHING}).json()["id"]
    client.post(f"/v1/corpora/{ids['corpus_id']}/documents", files={"file": (f"{HANDLER}.txt", b"An Act")})
    ids["batch_id"] = client.post(f"/v1/corpora/{ids['corpus_id']}/annotate").json()["id"]
    ids["export_id"] = client.post(f"/v1/corpora/{ids['corpus_id']}/exports", json={"format": "csv"}).json()["id"]
    review = {"name": EVERYTHING, "documents": [ids["document_id"]], "coders": [SCRIPT]}
    ids["review_id"] = client.post("/v1/reviews", json=review).json()["id"]
    return World(served, {"read": ""}, ids, to_json(annotated)["blocks"][0]["unit"])


def _kept(served: Served, text: str, annotated: AnnotatedDocument, said: dict[str, str]) -> str:
    data = text.encode()
    accepted = served.upload(data, f"{EVERYTHING[:100]}.txt", **said)
    result: dict[str, Any] = to_json(annotated)
    with served.store.transaction() as tx:
        key = Key("default", hashlib.sha256(data).hexdigest(), accepted["document_id"], "0" * 64)
        annotations.attach(tx, accepted["document_id"], annotations.keep(tx, key, result))
    return str(accepted["document_id"])


def long_line(size: int) -> tuple[str, AnnotatedDocument]:
    """A text that is one line, of one provision."""
    text = (f"Article 1 {EVERYTHING} " * (size // 100))[:size]
    framing = DocumentFraming(Framing.NEUTRAL, {"crime": 0.5, "rights": 0.5}, {"crime": 0, "rights": 0, "hybrid": 0, "neutral": 1})
    return text, AnnotatedDocument(
        source=Source("0" * 64, "text/plain", "en", title=EVERYTHING),
        pipeline=Provenance("lexframe", "0.1.0", ("structure",), {}),
        text=text,
        status="annotated",
        framing=framing,
        units=(Unit("art_1", "article", "Article 1", None, None, 0, len(text), "Article 1"),),
        blocks=(Block("art_1", 0, len(text), Framing.NEUTRAL),),
    )


def pages_of(expected: dict[str, str]) -> Iterator[str]:
    """Every address that only reads and waits for nothing."""
    for route, scope in expected.items():
        if route.startswith("GET") and scope in {"read", "review", "admin"} and not route.endswith("/events") and "{key_id}" not in route:
            yield route
