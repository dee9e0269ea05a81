"""The form with which files come to a corpus: documents, archives of them, and a manifest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.errors import BadForm
from api.forms import MOST_FILES, files_in, parsed
from corpora.filling import Incoming
from corpora.manifests import MOST_BYTES, Manifest, read_manifest

CORPUS_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "maxItems": MOST_FILES,
                            "items": {"type": "string", "format": "binary"},
                            "description": "documents, or ZIP and TAR archives of documents; a file's name may hold its folders",
                        },
                        "manifest": {
                            "type": "string",
                            "format": "binary",
                            "description": "CSV, JSON Lines or TOML with path, title, date, body, kind, work, version of each file",
                        },
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class CorpusForm:
    """The files, open and waiting on disk, and what the manifest says of them."""

    files: tuple[Incoming, ...]
    manifest: Manifest


async def read_corpus_form(request: Request) -> AsyncIterator[CorpusForm]:
    """Reads the form, its files into temporary files; raises BadForm, BadManifest, RequestValidationError, StoreFull."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadForm
    form = await parsed(request)
    try:
        manifest = form.get("manifest")
        told = await _told(manifest) if isinstance(manifest, UploadFile) and _is_chosen(manifest) else {}
        chosen = [one for one in files_in(form) if one is not manifest and _is_chosen(one)]
        files = tuple(Incoming(one.filename or "document", one.file) for one in chosen)
        if not files:
            raise RequestValidationError([{"loc": ("body", "file"), "msg": "Files are needed in the field `file`.", "type": "missing"}])
        yield CorpusForm(files, told)
    finally:
        await form.close()


async def _told(manifest: UploadFile) -> Manifest:
    data = await manifest.read(MOST_BYTES + 1)
    return await run_in_threadpool(read_manifest, manifest.filename or "manifest", data)


def _is_chosen(file: UploadFile) -> bool:
    """A browser sends a field in which nothing was chosen as a file without a name and without bytes."""
    return bool(file.filename or file.size)
