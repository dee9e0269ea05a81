"""Fills a corpus: files, and archives of files, each with what a manifest says of it. What the corpus has by digest is skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from corpora.archives import CHUNK, ArchiveLimits, Refused, open_archive
from corpora.manifests import NAMES, NOTHING, Described, Manifest, clean_path, read_manifest, within
from corpora.store import corpora
from corpora.store.documents import NewDocument
from corpora.store.errors import TooLarge
from corpora.store.session import Store

ENDINGS = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was sent, open for reading: a document, or an archive of documents."""

    path: str
    file: IO[bytes]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that is not in the corpus, and why."""

    path: str
    why: str


@dataclass(slots=True)
class Filled:
    """What became of the files: `added` are (path, document id), `skipped` those that the corpus had already."""

    added: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)  # named in a manifest, and not sent


@dataclass(frozen=True, slots=True)
class Target:
    """The corpus to fill, and who fills it."""

    store: Store
    corpus_id: str
    space: str
    actor: str
    limits: ArchiveLimits


def fill(target: Target, files: Iterable[Incoming], manifest: Manifest | None = None) -> Filled:
    """Takes files in, one transaction each, so that what is cut off goes on with the next try.

    The manifest is of the files sent; an archive may hold one of its own. Raises BadManifest and BadArchive; what was taken in by then
    stays.
    """
    filled = Filled()
    told = manifest or {}
    used: set[str] = set()
    for incoming in files:
        archive = open_archive(incoming.file, target.limits)
        if archive is None:
            path = clean_path(incoming.path) or PurePosixPath(incoming.path).name or "document"
            used.add(path)
            _take(target, filled, path, _chunks(incoming.file), told.get(path, NOTHING))
            continue
        own = archive.manifest()
        inside = _inside(own) if own else told
        seen = set()
        for entry in archive.entries():
            seen.add(entry.path)
            if own is None or entry.path != own[0]:
                _take(target, filled, entry.path, entry.chunks, inside.get(entry.path, NOTHING))
        used |= seen
        filled.unused += sorted(set(inside) - seen) if own else []
    filled.unused += sorted(set(told) - used)
    return filled


def _inside(own: tuple[str, bytes]) -> Manifest:
    """The manifest of an archive, with paths as the archive has them."""
    path, data = own
    folder, _, name = path.rpartition("/")
    return within(read_manifest(name, data), folder)


def _take(target: Target, filled: Filled, path: str, chunks: Iterator[bytes], said: Described) -> None:
    """One file; whatever is wrong with it concerns no other."""
    try:
        document_id = _added(target, path, chunks, said)
    except (Refused, TooLarge) as error:
        filled.refused.append(NotTaken(path, str(error)))
        return
    if document_id is None:
        filled.skipped.append(path)
    else:
        filled.added.append((path, document_id))


def _added(target: Target, path: str, chunks: Iterator[bytes], said: Described) -> str | None:
    name = PurePosixPath(path).name
    if name.lower() in NAMES:
        raise Refused("it is a manifest; send it as one, or at the top of an archive")
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        raise Refused("documents end in " + ", ".join(sorted(ENDINGS)))
    blob = target.store.blobs.put_stream(chunks, target.limits.file)
    if blob.size == 0:
        raise Refused("it is empty")
    new = NewDocument(sha256=blob.sha256, size=blob.size, filename=name, **said.given())
    with target.store.transaction() as tx:
        return corpora.add(tx, target.corpus_id, path, new, space=target.space, actor=target.actor)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
