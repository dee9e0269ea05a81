"""What commands are given: annotated JSON, documents to annotate first, or ids of documents that a service holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

from api.commands.refused import Refused
from nlp.types import AnnotatedDocument


def load_all(names: Sequence[str], url: str) -> list[AnnotatedDocument]:
    """The documents that files or ids name, in that order; the pipeline is loaded once, if at all. Raises Refused."""
    from nlp.reading import NotAnnotated, from_json

    annotate = _annotator()
    found = []
    for name in names:
        try:
            document = from_json(_from_service(name, url) if _is_id(name) else annotate(Path(name)))
        except NotAnnotated as error:
            raise Refused(f"{name}: {error}") from error
        if document.status != "annotated":
            raise Refused(f"{name}: {(document.source.warnings or (document.status,))[-1]}")
        found.append(document)
    return found


def _annotator() -> Callable[[Path], dict[str, object]]:
    """A function from a file to its annotated JSON."""
    from api.commands.annotate import annotate_file, load_pipeline
    from api.commands.show import read_json
    from workers.work import Failure

    pipeline = cache(load_pipeline)

    def annotated(file: Path) -> dict[str, object]:
        try:
            known = read_json(file)
            return known if known is not None else annotate_file(pipeline(), file)
        except (Failure, OSError) as error:
            raise Refused(f"{file}: {error}") from error

    return annotated


def _from_service(document_id: str, url: str) -> dict[str, object]:
    from api.commands.client import Client

    return Client(url).annotations(document_id)


def _is_id(name: str) -> bool:
    if Path(name).exists():
        return False
    try:
        return str(UUID(name)) == name.lower()
    except ValueError:
        return False
