"""REFI-QDA project exchange 1.0 (QDPX): the texts with every mark as a coded selection, for programs of qualitative analysis."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from uuid import NAMESPACE_URL, UUID, uuid5

from corpora.exports.archive import PIECE, gather
from corpora.exports.item import Item
from corpora.exports.marks import Mark, marks
from corpora.exports.xml import attributes, content, storable

NAMESPACE = "urn:QDA-XML:project:1.0"
MEDIA_TYPE = "application/zip"
_ROOT = uuid5(NAMESPACE_URL, "urn:lexframe:refi-qda")
_COLOURS = {"block": "#9E9E9E", "indicators": "#C62828", "victim": "#2E7D32", "four_p": "#1565C0", "definition": "#6A1B9A",
            "statement": "#EF6C00", "reference": "#00838F", "evidence": "#F9A825"}  # fmt: skip
Codes = dict[str, dict[str, None]]


def qdpx_entries(names: Iterable[tuple[str, Item]]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The sources as they come, then the project file; its selections wait in a temporary file, since the codes stand before them."""
    codes: Codes = {}
    with tempfile.TemporaryFile() as held:
        for name, item in names:
            guid = _guid("source", name, item.annotated["document"]["sha256"])
            yield f"sources/{guid}.txt", [storable(item.text).encode()]
            held.writelines(gather(_source(guid, name, item, codes)))
        held.seek(0)
        yield "project.qde", _project(codes, held)


def _project(codes: Codes, held: IO[bytes]) -> Iterator[bytes]:
    user = _guid("user")
    head = {"name": "Lexframe", "origin": "Lexframe", "creatingUserGUID": user, "basePath": None, "xmlns": NAMESPACE}
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<Project{attributes(head)}>\n'.encode()
    yield f"<Users><User{attributes({'guid': user, 'name': 'Lexframe'})}/></Users>\n".encode()
    # The schema knows no list of codes or sources with nothing in it.
    yield from _around(b"CodeBook><Codes", gather(_code(layer, labels) for layer, labels in codes.items()), b"Codes></CodeBook")
    yield from _around(b"Sources", iter(lambda: held.read(PIECE), b""), b"Sources")
    yield b"</Project>\n"


def _around(begin: bytes, pieces: Iterator[bytes], end: bytes) -> Iterator[bytes]:
    """Elements between their tags; nothing, where there are none."""
    first = next(pieces, None)
    if first is not None:
        yield b"<" + begin + b">\n" + first
        yield from pieces
        yield b"</" + end + b">\n"


def _code(layer: str, labels: Iterable[str]) -> str:
    """A layer as a code with its labels as codes below."""
    colour = _COLOURS.get(layer)
    below = "".join(
        f"<Code{attributes({'guid': _guid('code', layer, label), 'name': label, 'isCodable': 'true', 'color': colour})}/>"
        for label in labels
    )
    return f"<Code{attributes({'guid': _guid('code', layer), 'name': layer, 'isCodable': 'false', 'color': colour})}>{below}</Code>\n"


def _source(guid: UUID, name: str, item: Item, codes: Codes) -> Iterator[str]:
    user = _guid("user")
    head = {"guid": guid, "name": name, "plainTextPath": f"internal://{guid}.txt", "creatingUser": user}
    yield f"<TextSource{attributes(head)}>\n<Description>{content(item.heading)}</Description>\n"
    for mark in marks(item.annotated):
        codes.setdefault(mark.layer, {}).setdefault(mark.label)
        yield _selection(guid, item.text, mark, user)
    yield "</TextSource>\n"


def _selection(source: UUID, text: str, mark: Mark, user: UUID) -> str:
    """Positions are code points into the text file."""
    guid = _guid("selection", str(source), mark.id)
    name = " ".join(text[mark.start : mark.end].split())[:60]
    place = {"guid": guid, "name": name, "creatingUser": user, "startPosition": mark.start, "endPosition": mark.end}
    said = "; ".join(f"{key}: {value}" for key, value in mark.values.items())
    description = f"<Description>{content(said)}</Description>" if said else ""
    coding = attributes({"guid": _guid("coding", str(source), mark.id), "creatingUser": user})
    code = attributes({"targetGUID": _guid("code", mark.layer, mark.label)})
    return f"<PlainTextSelection{attributes(place)}>{description}<Coding{coding}><CodeRef{code}/></Coding></PlainTextSelection>\n"


def _guid(*parts: str) -> UUID:
    """The same parts have the same identifier."""
    return uuid5(_ROOT, "\n".join(parts))
