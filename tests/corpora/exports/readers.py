"""Readers of each format that Lexframe did not write: each gives (layer, label, start, end) of every mark, its quotes checked."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cassis
import pandas
import spacy
from lxml import etree
from pyld import jsonld
from pyrefiqda import RefiProject
from spacy.tokens import DocBin

SCHEMAS = Path(__file__).parents[2] / "schemas"
OA, LEX = "http://www.w3.org/ns/oa#", "urn:lexframe:marks:1"
Spans = Counter[tuple[str, str, int, int]]


def akn(data: bytes, text: str) -> Spans:
    """By lxml, after the schema of the standard: text nodes in document order are the text."""
    root = etree.fromstring(data)
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "akomantoso30.xsd"))
    assert schema.validate(root), schema.error_log
    document = root[0]
    found = "".join((document[0].tail or "", *("".join(part.itertext()) + (part.tail or "") for part in document[1:])))
    assert found == text
    marks = [one.attrib for one in root.iter(f"{{{LEX}}}mark")]
    return Counter((str(m["layer"]), str(m["label"]), int(m["start"]), int(m["end"])) for m in marks)


def web_annotation(data: bytes, text: str) -> Spans:
    """By PyLD: expanded to the terms of the Web Annotation vocabulary."""
    context = json.loads((SCHEMAS / "anno.json").read_text(encoding="utf-8"))

    def load(url: str, options: Any) -> dict[str, Any]:
        assert url == "http://www.w3.org/ns/anno.jsonld"
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

    [collection] = jsonld.expand(json.loads(data), {"documentLoader": load})
    [page] = collection["http://www.w3.org/ns/activitystreams#first"]
    items = page["http://www.w3.org/ns/activitystreams#items"][0]["@list"]
    [total] = collection["http://www.w3.org/ns/activitystreams#totalItems"]
    assert total["@value"] == len(items)
    assert len({one["@id"] for one in items}) == len(items)
    return Counter(_web_mark(one, text) for one in items)


def _web_mark(one: dict[str, Any], text: str) -> tuple[str, str, int, int]:
    assert one["@type"] == [f"{OA}Annotation"]
    [tag] = [body for body in one[f"{OA}hasBody"] if f"{OA}TextualBody" in body["@type"]]
    layer, _, label = tag["http://www.w3.org/1999/02/22-rdf-syntax-ns#value"][0]["@value"].partition("/")
    position, quoted = one[f"{OA}hasTarget"][0][f"{OA}hasSelector"]
    start, end = (int(position[f"{OA}{name}"][0]["@value"]) for name in ("start", "end"))
    assert text[start:end] == quoted[f"{OA}exact"][0]["@value"]
    for name, words in (("prefix", text[:start]), ("suffix", text[end:])):
        said = quoted.get(f"{OA}{name}", [{"@value": ""}])[0]["@value"]
        assert words.endswith(said) if name == "prefix" else words.startswith(said)
    return layer, label, start, end


def brat(data: bytes, text: str) -> Spans:
    """By the rules of brat's stand-off format and configuration, which are checked."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    [name] = [n for n in archive.namelist() if n.endswith(".ann")]
    assert archive.read(name.replace(".ann", ".txt")).decode() == text
    types = _brat_section(archive.read("annotation.conf").decode(), "entities")
    lines = archive.read(name).decode().split("\n")[:-1]
    ids = [line.partition("\t")[0] for line in lines]
    assert len(set(ids)) == len(ids)
    found: Spans = Counter()
    for line in lines:
        key, rest = line.split("\t", 1)
        if key[0] != "T":
            assert re.fullmatch(r"#\d+\tAnnotatorNotes T\d+\t.*|A\d+\t\w+ T\d+ [\w-]+|R\d+\t[\w-]+ Arg1:T\d+ Arg2:T\d+", line), line
            assert all(f"T{n}" in ids for n in re.findall(r"[ :]T(\d+)", line.split("\t")[1]))
            continue
        place, words = rest.split("\t", 1)
        kind, _, ranges = place.partition(" ")
        assert kind in types
        pieces = [tuple(map(int, one.split())) for one in ranges.split(";")]
        assert " ".join(text[a:b] for a, b in pieces) == words
        assert all("\n" not in text[a:b] for a, b in pieces)
        assert all(not text[a[1] : b[0]].strip("\n") for a, b in itertools.pairwise(pieces))
        layer, _, label = kind.rpartition("_") if kind.startswith("four_p") else kind.partition("_")
        found[layer, label, pieces[0][0], pieces[-1][1]] += 1
    return found


def _brat_section(configuration: str, name: str) -> set[str]:
    body = configuration.partition(f"[{name}]\n")[2].partition("[")[0]
    return set(body.split())


def spacy_bin(data: bytes, text: str) -> Spans:
    """By spaCy: span groups, whose exact ranges stand in the Doc."""
    [doc] = DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.blank("en").vocab)
    assert doc.text == text
    said = doc.user_data["lexframe"]["marks"]
    found: Spans = Counter()
    for layer, spans in doc.spans.items():
        for span in spans:
            exact = said[span.id_]
            assert span.start_char <= exact["start"] < exact["end"] <= span.start_char + len(span.text_with_ws)
            found[layer, span.label_, exact["start"], exact["end"]] += 1
    return found


def uima(data: bytes, text: str) -> Spans:
    """By dkpro-cassis, which turns UTF-16 offsets into code points."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    [name] = [n for n in archive.namelist() if n.endswith(".xmi")]
    cas = cassis.load_cas_from_xmi(archive.open(name), typesystem=cassis.load_typesystem(archive.open("TypeSystem.xml")))
    assert cas.sofa_string == text
    assert all(_inception_layer(kind) for kind in cas.typesystem.get_types() if kind.name.startswith("lexframe."))
    layers = {"FourP": "four_p"}
    found: Spans = Counter()
    for kind in cas.typesystem.get_types():
        short = kind.name.rpartition(".")[2]
        if kind.name.startswith("lexframe.") and short != "Link":
            for one in cas.select(kind.name):
                assert one.get_covered_text() == text[one.begin : one.end]
                found[layers.get(short, short.lower()), one.label, one.begin, one.end] += 1
    assert all(one.Governor.identifier and one.Dependent.identifier for one in cas.select("lexframe.Link"))
    return found


def _inception_layer(kind: Any) -> bool:
    """Whether INCEpTION makes a layer of a type that it imports: spans have texts and numbers only, relations besides those two ends."""
    ends = {f.name: f.rangeType.name for f in kind.features if not f.rangeType.name.startswith("uima.cas.")}
    related = set(ends) == {"Governor", "Dependent"} and len(set(ends.values())) == 1
    return kind.supertype.name == "uima.tcas.Annotation" and (not ends or related)


def label_studio(data: bytes, text: str) -> Spans:
    """By the form of tasks with predictions that Label Studio documents."""
    [task] = json.loads(data)
    assert task["data"]["text"] == text
    [prediction] = task["predictions"]
    assert prediction["model_version"]
    found: Spans = Counter()
    ids = {one["id"] for one in prediction["result"] if one["type"] == "labels"}
    for one in prediction["result"]:
        if one["type"] == "relation":
            assert {one["from_id"], one["to_id"]} <= ids
            continue
        value = one["value"]
        assert (one["from_name"], one["to_name"], text[value["start"] : value["end"]]) == ("label", "text", value["text"])
        layer, _, label = value["labels"][0].partition("/")
        found[layer, label, value["start"], value["end"]] += 1
    return found


def refi_qda(data: bytes, text: str, folder: Path) -> Spans:
    """By pyrefiqda, whose models are made from the schema of the standard."""
    (folder / "project.qdpx").write_bytes(data)
    written = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("project.qde"))
    assert all(len(part) for name in ("Users", "Codes", "Sources") for part in written.iter(f"{{*}}{name}"))  # each a list of at least one
    project = RefiProject.load(folder / "project.qdpx", extract_dir=str(folder / "out"))
    codes = project.code_book.codes.code if project.code_book else []
    names = {code.guid: (layer.name, code.name) for layer in codes for code in layer.code}
    [source] = project.sources.text_source
    file = folder / "out" / "sources" / source.plain_text_path.removeprefix("internal://")
    assert file.read_bytes().decode("utf-8") == text
    guids = [one.guid for one in source.plain_text_selection]
    assert len(set(guids)) == len(guids)
    found: Spans = Counter()
    for one in source.plain_text_selection:
        [coding] = one.coding
        found[(*names[coding.code_ref.target_guid], one.start_position, one.end_position)] += 1
    return found


def tables(data: bytes, read: Callable[[Any], pandas.DataFrame], suffix: str) -> dict[str, pandas.DataFrame]:
    """By pandas."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name.removesuffix(suffix): read(io.BytesIO(archive.read(name))) for name in archive.namelist()}


def rows(frame: pandas.DataFrame) -> Iterator[dict[str, Any]]:
    for row in frame.to_dict("records"):
        yield {str(key): value for key, value in row.items()}
