"""What else strangers send: archives, manifests, files of decisions and of examples, codebooks, searches. Seeds, and what reads each."""

from __future__ import annotations

import io
import json
import random
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpora.archives import BadArchive, Refused, open_archive
from corpora.gold.coded import BadExamples, read_examples
from corpora.manifests import BadManifest, read_manifest
from corpora.readers.model import Limits
from corpora.review.errors import BadDecision
from corpora.review.files import read_lines
from corpora.search.query import BadQuery, for_postgres, for_sqlite, parse
from nlp.codebook import BadCodebook, parse_codebook
from tests.corpora.test_manifests import CSV, JSONL, TOML
from tests.hostile.mutate import edited

FILES = {"manifest.csv": CSV.encode(), "a/one.txt": b"Each Party shall protect victims.", "two.pdf": b"%PDF-1.7"}
WORDS: tuple[bytes, ...] = (
    b'"', b"'", b",", b";", b"\n", b"\r", b"\x00", b"\xff", b"\xed\xa0\x80", b"{", b"}", b"[", b"]", b"[[", b"null", b"true", b"NaN", b"Infinity", b"1e999",
    b"-1", b"99999999999999999999", b'"\\ud800"', b"\\u0000", b"{}", b"[]", b"../", b"/etc/passwd", b"path", b"labels", b"=", b"#", b"OR", b"-", b"*", b"a" * 140_000,
    b"[" * 5000, b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b", b"ustar", b"\xff\xff\xff\x7f", "\u202e".encode(), "İ".encode(),
)  # fmt: skip
CODEBOOK = (Path(__file__).parents[2] / "corpora/samples/codebooks/data-protection.toml").read_bytes()
EXAMPLES = b'text,labels,context\n"A notice, and a register.",duties/transparency;consent,\nKeys.,security,Part 1\n'
LINES = [
    {"document": "d", "coder": "c", "start": 0, "end": 9, "labels": ["victim", "child"], "role": "coder"},
    {
        "document": "d",
        "coder": "c",
        "start": 3,
        "end": 4,
        "action": "correct",
        "layer": "definitions",
        "label": "x",
        "replacement": {"a": 1},
        "comment": "no",
    },
]


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


def _tar(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def read_archive(data: bytes) -> None:
    """As a corpus takes it in: its manifest, then every file."""
    archive = open_archive(io.BytesIO(data))
    if archive is None:
        return
    with suppress(Refused):
        if own := archive.manifest():
            read_manifest(*own)
    for entry in archive.entries():
        with suppress(Refused):
            list(entry.chunks)


def _query(data: bytes) -> None:
    query = parse(data.decode("utf-8", "surrogateescape"))
    for_sqlite(query), for_postgres(query)


def _examples(suffix: str) -> Callable[[bytes], None]:
    def act(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / f"x{suffix}").write_bytes(data)
            read_examples(Path(folder) / f"x{suffix}", parse_codebook(CODEBOOK.decode()))

    return act


def _codebook(data: bytes) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    parse_codebook(text)


JSON_LINES = "\n".join(json.dumps(line) for line in LINES).encode()
CSV_LINES = (
    b'document,coder,start,end,labels,action,layer,label,replacement\nd,c,0,9,a;b,,,,\nd,c,3,4,,correct,definitions,x,"{""a"": 1}"\n'
)
NAMED = (BadArchive, BadManifest, BadDecision, BadExamples, BadCodebook, BadQuery)
SIDES: dict[str, tuple[list[bytes], Callable[[bytes], object]]] = {
    "archive": ([_zip(), *(_tar(mode) for mode in ("w", "w:gz", "w:bz2"))], read_archive),
    "manifest.csv": ([CSV.encode()], lambda data: read_manifest("m.csv", data)),
    "manifest.jsonl": ([JSONL.encode()], lambda data: read_manifest("m.jsonl", data)),
    "manifest.toml": ([TOML.encode()], lambda data: read_manifest("m.toml", data)),
    "decisions.jsonl": ([JSON_LINES], lambda data: list(read_lines(data))),
    "decisions.csv": ([CSV_LINES], lambda data: list(read_lines(data))),
    "examples.csv": ([EXAMPLES], _examples(".csv")),
    "examples.jsonl": ([b'{"text": "Keys.", "labels": ["security"], "context": "Part 1"}\n' * 2], _examples(".jsonl")),
    "codebook": ([CODEBOOK], _codebook),
    "search": ([b'victims "non-punishment of children" shelt* OR minor -crime', "„Kinder“ -a".encode()], _query),
}


ODD: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, float("inf"), float("nan"), "", "x", "\ud800", "\x00", "\u202e", "a" * 70_000, [], [None], [[]], {}, {"": {}}, "9",
)  # fmt: skip


def _odd_lines(rng: random.Random, data: bytes) -> bytes:
    """Lines of JSON that are still JSON, of which values are not what they were."""
    lines = [json.loads(line) for line in data.splitlines() if line.strip()]
    for _ in range(rng.choice((1, 1, 2, 5))):
        line = rng.choice(lines)
        line[rng.choice([*line, "more"])] = rng.choice(ODD)
    return "\n".join(json.dumps(line) for line in lines).encode()


def reader_of(side: str) -> Callable[[bytes, Limits], str]:
    """What reads such a file: `read`, or the name of the error with which it is refused; anything else is raised."""
    act = SIDES[side][1]

    def ended(data: bytes, limits: Limits) -> str:
        try:
            act(data)
        except NAMED as refused:
            return type(refused).__name__
        return "read"

    return ended


OUTCOMES = frozenset({"read", *(error.__name__ for error in NAMED)})


def malformed_side(side: str, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many malformed files of a kind, named so that each can be made again."""
    whole = SIDES[side][0]
    for number in range(count):
        rng = random.Random(f"{side} {seed} {number}")
        data = rng.choice(whole)
        is_odd = side.endswith(".jsonl") and rng.random() < 0.5
        yield f"{side}-{seed}-{number}", _odd_lines(rng, data) if is_odd else edited(rng, data, WORDS, whole)
