"""The JSON of docs/annotations.md back as an annotated document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from nlp.types import AnnotatedDocument, Provenance, Source
from nlp.wire import SCHEMA, Json

LISTS = ("units", "blocks", "definitions", "elements", "statements", "references", "uses")


class NotAnnotated(ValueError):
    """JSON that is no annotated document."""


def from_json(found: Json) -> AnnotatedDocument:
    """The annotated document that `nlp.wire.to_json` wrote; keys that this version does not know are left out. Raises NotAnnotated."""
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise NotAnnotated(f"this is not an annotated document ({SCHEMA})")
    try:
        return _document(found)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnnotated(f"the annotated document is damaged ({error})") from error


def _document(found: Json) -> AnnotatedDocument:
    source = cast(Source, built(Source, found["document"]))
    pipeline = cast(Provenance, built(Provenance, found["pipeline"]))
    rest = {name: found[name] for name in (*LISTS, "framing", "text", "status")}
    rest |= {name: found[name] for name in ("expansions", "codings") if name in found}
    hints = _hints(AnnotatedDocument)
    return AnnotatedDocument(source=source, pipeline=pipeline, **{name: built(hints[name], value) for name, value in rest.items()})


def built(kind: Any, value: Any) -> Any:
    """A value of the type that the annotation names."""
    if value is None or kind is Any:
        return value
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return kind(**{f.name: built(hints[f.name], value[f.name]) for f in fields(kind) if f.name in value})  # type: ignore[operator]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return built(next(one for one in inner if one is not NoneType), value)
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(built(one, item) for one, item in zip(kinds, value, strict=True))
    if origin is Mapping:
        return {key: built(inner[1], item) for key, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
