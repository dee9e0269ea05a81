"""Codebooks, and what one of them says of a document, as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from api.schemas import Wire
from nlp.codebook import Codebook
from nlp.trained import Trained


class CodebookOut(Wire):
    """A codebook that documents are coded with."""

    name: str = Field(examples=["data-protection"])
    title: str = Field(examples=["Provisions on personal data"])
    version: int = Field(examples=[1])
    digest: str = Field(description="of the model that codes with it; results name it", examples=["sha256:2eb46664e4ae…"])
    shipped: bool = Field(description="the codebook that Lexframe comes with")
    labels: tuple[str, ...] = Field(description="as layer/name", examples=[("duties/consent",)])
    links: Mapping[str, str]

    @classmethod
    def of(cls, codebook: Codebook, digest: str, *, shipped: bool) -> CodebookOut:
        return cls(**_fields(codebook, digest, shipped=shipped))


class LabelOut(Wire):
    """A label, as its codebook has it; `f1` is cross-validated over the examples that the codebook was trained with."""

    layer: str = Field(examples=["duties"])
    name: str = Field(examples=["consent"])
    description: str
    examples: tuple[str, ...]
    trained_with: int | None = Field(description="coded examples; null for the shipped codebook")
    f1: float | None


class CodebookDetail(CodebookOut):
    """A codebook with its labels and its rule of framing."""

    described: tuple[LabelOut, ...]
    framing: Mapping[str, tuple[str, ...]] = Field(description="the frameworks, each with the labels that speak for it")

    @classmethod
    def of_shipped(cls, codebook: Codebook, digest: str) -> CodebookDetail:
        return cls._with(codebook, digest, {}, shipped=True)

    @classmethod
    def of_own(cls, own: Trained) -> CodebookDetail:
        return cls._with(own.codebook, own.digest, own.notes, shipped=False)

    @classmethod
    def _with(cls, codebook: Codebook, digest: str, notes: Mapping[str, Any], *, shipped: bool) -> CodebookDetail:
        counts, scores = notes.get("examples", {}), notes.get("labels", {})
        described = tuple(
            LabelOut(
                layer=label.layer,
                name=label.name,
                description=label.description,
                examples=label.examples,
                trained_with=counts.get(label.key),
                f1=scores.get(label.key, {}).get("f1"),
            )
            for label in codebook.labels
        )
        framing = {side: tuple(sorted(names)) for side, names in codebook.sides.items()}
        return cls(**_fields(codebook, digest, shipped=shipped), described=described, framing=framing)


class UnusableOut(Wire):
    """A trained codebook that cannot be used."""

    folder: str = Field(description="name of its folder", examples=["data-protection"])
    why: str


class CodebooksOut(Wire):
    """The codebooks that there are."""

    items: tuple[CodebookOut, ...]
    unusable: tuple[UnusableOut, ...] = Field(description="trained codebooks that cannot be used, and why")


class EvidenceOut(Wire):
    """A phrase that carries a label, at its place in the text."""

    label: str
    start: int
    end: int
    text: str
    weight: float


class CodedBlockOut(Wire):
    """A block with the labels of one codebook, layer → label → probability."""

    unit: str
    start: int
    end: int
    framing: str | None
    labels: Mapping[str, Mapping[str, float]]
    undecided: Mapping[str, float]
    evidence: tuple[EvidenceOut, ...]


class CodingOut(Wire):
    """What one codebook says of a document; `digest` names the model that coded with it."""

    document_id: str
    codebook: str = Field(examples=["data-protection"])
    version: int | None = Field(description="of the codebook; null for the shipped one, which `digest` names")
    digest: str
    framing: str | None = Field(description="the leading framework, `hybrid` or `neutral`; null without a rule of framing")
    scores: Mapping[str, float] = Field(description="share of each framework")
    counts: Mapping[str, int] = Field(description="blocks by framing")
    blocks: tuple[CodedBlockOut, ...]


def _fields(codebook: Codebook, digest: str, *, shipped: bool) -> dict[str, Any]:
    return {
        "name": codebook.name,
        "title": codebook.title,
        "version": codebook.version,
        "digest": digest,
        "shipped": shipped,
        "labels": codebook.keys(),
        "links": {"self": f"/v1/codebooks/{codebook.name}"},
    }
