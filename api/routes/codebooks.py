"""Codebooks side by side: which there are, and what each says of a document."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path

from api.codebook_schemas import CodebookDetail, CodebookOut, CodebooksOut, CodedBlockOut, CodingOut, UnusableOut
from api.deps import TheCaller, TheService
from api.errors import NoSuchCodebook, NotCodedWith, problems
from api.routes.contents import annotation_of, result_of
from api.routes.documents import find_document
from corpora.codebooks import shipped_digest, usable_codebooks
from nlp.codebook import codebook as shipped_codebook

router = APIRouter(tags=["codebooks"], responses=problems(503))

Name = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,63}$", description="name of a codebook", examples=["trafficking-framing"])]
Json = dict[str, Any]


@router.get("/codebooks", summary="The codebooks that documents are coded with")
def list_codebooks(here: TheService, caller: TheCaller) -> CodebooksOut:
    """The shipped one first, then those that were trained on this service's machine (docs/codebooks.md)."""
    usable, refused = usable_codebooks(here.settings.codebooks)
    own = (CodebookOut.of(one.codebook, one.digest, shipped=False) for one in usable)
    shipped = CodebookOut.of(shipped_codebook(), shipped_digest(), shipped=True)
    return CodebooksOut(items=(shipped, *own), unusable=tuple(UnusableOut(folder=why.folder.name, why=why.why) for why in refused))


@router.get("/codebooks/{codebook}", summary="One codebook", responses=problems(404))
def get_codebook(codebook: Name, here: TheService, caller: TheCaller) -> CodebookDetail:
    """Its labels with their descriptions, and the rule from labels to framing."""
    if codebook == shipped_codebook().name:
        return CodebookDetail.of_shipped(shipped_codebook(), shipped_digest())
    usable, _ = usable_codebooks(here.settings.codebooks)
    found = [one for one in usable if one.codebook.name == codebook]
    if not found:
        raise NoSuchCodebook
    return CodebookDetail.of_own(found[0])


@router.get("/documents/{document_id}/codings/{codebook}", summary="What one codebook says of a document", responses=problems(404, 409))
def get_coding(document_id: UUID, codebook: Name, here: TheService, caller: TheCaller) -> CodingOut:
    """The same form for every codebook, of the latest annotation. A codebook that came later needs the document annotated again."""
    document = find_document(here, caller, document_id)
    found = result_of(here, annotation_of(here, document, None))
    coded = _of_shipped(found) if codebook == shipped_codebook().name else _of_own(found, codebook)
    if coded is None:
        raise NotCodedWith
    return CodingOut(document_id=document.id, **coded)


def _of_shipped(found: Json) -> Json | None:
    blocks = tuple(
        CodedBlockOut(labels={layer: block[layer] for layer in ("indicators", "victim", "four_p")}, **_same(block), **_place(block))
        for block in found.get("blocks", ())
    )
    digest, framing = found["pipeline"]["models"].get("provisions", ""), found["framing"]
    same = {"framing": framing["label"], "scores": framing["scores"], "counts": framing.get("counts", {})}
    return {"codebook": shipped_codebook().name, "version": None, "digest": digest, "blocks": blocks} | same


def _of_own(found: Json, name: str) -> Json | None:
    whole: Json | None = next((one for one in found.get("codings", ()) if one["codebook"] == name), None)
    if whole is None:
        return None
    pairs = [(block, coding) for block in found.get("blocks", ()) for coding in block.get("codings", ()) if coding["codebook"] == name]
    return whole | {"blocks": tuple(CodedBlockOut(labels=coding["labels"], **_same(coding), **_place(block)) for block, coding in pairs)}


def _same(coded: Json) -> Json:
    return {name: coded[name] for name in ("framing", "undecided", "evidence")}


def _place(block: Json) -> Json:
    return {name: block[name] for name in ("unit", "start", "end")}
