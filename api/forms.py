"""The form of an upload, read with limits and without echoing what is wrong with it."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from api.errors import BadForm
from api.schemas import Upload, UploadFields
from corpora.store.errors import StoreFull

MOST_FIELDS = 20
MOST_FILES = 200
MOST_PART = 16 << 10
MultiPartParser.spool_max_size = 64 << 10  # of a form with many files, each in memory up to here

UPLOAD_BODY = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": Upload.model_json_schema(), "encoding": {"file": {}}}}}
}


@dataclass(frozen=True, slots=True)
class Form:
    """An uploaded file, open and waiting on disk, and the checked fields beside it."""

    file: UploadFile
    fields: dict[str, Any]


async def read_form(request: Request) -> AsyncIterator[Form]:
    """Reads the form, the file into a temporary file; raises BadForm, RequestValidationError, StoreFull."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadForm
    form = await parsed(request)
    try:
        yield _checked(form)
    finally:
        await form.close()


@dataclass(frozen=True, slots=True)
class Forms:
    """Several uploaded files of one form, and the checked fields that hold for all of them."""

    files: tuple[UploadFile, ...]
    fields: dict[str, Any]


async def read_forms(request: Request) -> AsyncIterator[Forms]:
    """Reads a page's form, in which several files may be chosen; raises as `read_form` does."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadForm
    form = await parsed(request)
    try:
        files = [file for file in files_in(form) if file.filename]
        yield Forms(tuple(files), _fields(form)) if files else Forms((_checked(form).file,), {})
    finally:
        await form.close()


async def parsed(request: Request) -> FormData:
    """The fields of a form, whatever they are; a second call gives the same. Raises BadForm, StoreFull."""
    try:
        return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_PART)
    except (HTTPException, UnicodeError, ValueError) as error:
        raise BadForm from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFull from error
        raise


def files_in(form: FormData) -> list[UploadFile]:
    """The files of a form, whatever their fields are called."""
    return [value for _, value in form.multi_items() if isinstance(value, UploadFile)]


def _checked(form: FormData) -> Form:
    file = form.get("file")
    if len(files_in(form)) > 1:
        raise BadForm
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        raise RequestValidationError([{"loc": ("body", "file"), "msg": "A file is needed in the field `file`.", "type": "missing"}])
    return Form(file, _fields(form))


def _fields(form: FormData) -> dict[str, Any]:
    texts = {name: value for name, value in form.items() if isinstance(value, str) and value and name in UploadFields.model_fields}
    try:
        fields = UploadFields.model_validate(texts)
    except ValidationError as error:
        raise RequestValidationError([{**found, "loc": ("body", *found["loc"])} for found in error.errors()]) from error
    return fields.model_dump()
