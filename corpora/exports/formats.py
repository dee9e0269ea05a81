"""Every format by name: how one document is written, and how many are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpora.exports.archive import dump, stream_zip
from corpora.exports.item import Item, file_names

Entries = Iterable[tuple[str, Iterable[bytes]]]
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class UnknownFormat(ValueError):
    """There is no such export format."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of one file: `one` writes a document, `many` a corpus; both piece by piece."""

    name: str
    suffix: str
    media_type: str
    about: str
    one: Callable[[Item], Iterator[bytes]]
    many: Callable[[Iterable[Item]], Iterator[bytes]]
    many_suffix: str = ".zip"
    many_media_type: str = ZIP


def export(format_name: str, items: Iterable[Item]) -> Iterator[bytes]:
    """A corpus in a format, in pieces of some ten thousand bytes; documents are taken from `items` one by one. Raises UnknownFormat."""
    return find_format(format_name).many(items)


def find_format(name: str) -> Format:
    """The format of that name; raises UnknownFormat."""
    found = FORMATS.get(name)
    if found is None:
        raise UnknownFormat(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
    return found


# Each writer is imported when it is used: their libraries are slow to load.


def _json(item: Item) -> Iterator[bytes]:
    from nlp.wire import dumps

    yield dumps(item.annotated).encode()


def _json_lines(items: Iterable[Item]) -> Iterator[bytes]:
    for name, item in file_names(items):
        about = {"name": name, "id": item.id, "title": item.heading, "work": item.work, "version": item.version, "date": item.date}
        yield dump({"export": about, **item.annotated}) + b"\n"


def _akn(item: Item) -> Iterator[bytes]:
    from corpora.exports.akn import write_akn

    return write_akn(item)


def _web(item: Item) -> Iterator[bytes]:
    from corpora.exports.web_annotation import write_web_annotation

    return write_web_annotation(item)


def _brat(items: Iterable[Item]) -> Entries:
    from corpora.exports.brat import brat_entries

    return brat_entries(file_names(items))


def _spacy(item: Item) -> Iterator[bytes]:
    from corpora.exports.spacy_docs import write_spacy

    return write_spacy(item)


def _uima(items: Iterable[Item]) -> Entries:
    from corpora.exports.uima import uima_entries

    return uima_entries(file_names(items))


def _label_studio(items: Iterable[Item]) -> Iterator[bytes]:
    from corpora.exports.label_studio import write_label_studio

    return write_label_studio(items)


def _refi_qda(items: Iterable[Item]) -> Entries:
    from corpora.exports.refi_qda import qdpx_entries

    return qdpx_entries(file_names(items))


def _csv(items: Iterable[Item]) -> Entries:
    from corpora.exports.tables import csv_entries

    return csv_entries(items)


def _parquet(items: Iterable[Item]) -> Entries:
    from corpora.exports.tables import parquet_entries

    return parquet_entries(items)


def _html(item: Item) -> Iterator[bytes]:
    from corpora.exports.report import document_report
    from corpora.exports.report_html import write_html

    return write_html(document_report(item))


def _docx(item: Item) -> Iterator[bytes]:
    from corpora.exports.report import document_report
    from corpora.exports.report_docx import write_docx

    return write_docx(document_report(item))


def _file(name: str, suffix: str, media_type: str, about: str, one: Callable[[Item], Iterator[bytes]]) -> Format:
    """A format with a file for each document; a corpus is an archive of them."""

    def many(items: Iterable[Item]) -> Iterator[bytes]:
        return stream_zip((f"{base}{suffix}", one(item)) for base, item in file_names(items))

    return Format(name, suffix, media_type, about, one, many)


def _archive(name: str, about: str, entries: Callable[[Iterable[Item]], Entries], suffix: str = ".zip") -> Format:
    """A format whose archive holds any number of documents."""

    def many(items: Iterable[Item]) -> Iterator[bytes]:
        return stream_zip(entries(items))

    return Format(name, suffix, ZIP, about, lambda item: many([item]), many, suffix)


FORMATS: Mapping[str, Format] = {
    found.name: found
    for found in (
        Format("json", ".json", "application/json", "the annotated document itself", _json, _json_lines, ".jsonl", "application/jsonl"),
        _file("akn", ".xml", "application/akn+xml", "Akoma Ntoso 3.0", _akn),
        _file("web-annotation", ".jsonld", "application/ld+json", "W3C Web Annotation", _web),
        _archive("brat", "brat stand-off", _brat),
        _file("spacy", ".spacy", "application/octet-stream", "spaCy DocBin", _spacy),
        _archive("uima", "UIMA CAS (XMI with its type system)", _uima),
        Format("label-studio", ".json", "application/json", "Label Studio tasks", lambda item: _label_studio([item]), _label_studio,
               ".json", "application/json"),
        _archive("refi-qda", "REFI-QDA project (QDPX)", _refi_qda, ".qdpx"),
        _archive("csv", "tables as CSV", _csv),
        _archive("parquet", "tables as Parquet", _parquet),
        _file("html", ".html", "text/html", "report", _html),
        _file("docx", ".docx", DOCX, "report as a Word document", _docx),
    )
}  # fmt: skip
