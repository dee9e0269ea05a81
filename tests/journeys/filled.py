"""A service with something to show on every page.

(PYTEST_DONT_REWRITE: modules import it before pytest could rewrite.)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.journeys.bad_files import png
from tests.journeys.service import Running

FACTS = ("title", "date", "body", "kind")


@dataclass(frozen=True)
class Filled:
    """What stands in addresses of pages: `documents` by their order, everything else by name."""

    documents: tuple[str, ...]
    names: Mapping[str, str]

    def address(self, template: str) -> str:
        """`/compare?left={0}&right={1}` with the documents that are there; a KeyError says what `fill` does not make yet."""
        return template.format(*self.documents, **self.names)


def fill(service: Running, texts: Sequence[tuple[bytes, Mapping[str, str]]]) -> Filled:
    """Uploads texts with what is said of each, the first two of them versions of one work, and waits until they are read."""
    taken = [service.upload(data, f"{said['version']}.txt", **said) for data, said in texts]
    for one in taken:
        assert service.ended(one["job_id"])["state"] == "done", one
    documents = tuple(one["document_id"] for one in taken)
    names = {"work": texts[0][1]["work"], "unit": _unit(service, documents[0]), "review": _reviewed(service, documents[0])}
    return Filled(documents, names | _collected(service, texts))


def _collected(service: Running, texts: Sequence[tuple[bytes, Mapping[str, str]]]) -> dict[str, str]:
    """A corpus of the texts and of one file that nobody can read, its batch, and a corpus without documents."""
    full, empty = (
        service.http.post("/v1/corpora", json={"name": name}).json()["links"]["self"] for name in ("Texts and a picture", "Later")
    )
    files = [("file", (f"texts/{n}.txt", data)) for n, (data, _) in enumerate(texts)] + [("file", ("picture.pdf", png()))]
    told = [{"path": f"texts/{n}.txt"} | {name: said[name] for name in said if name in FACTS} for n, (_, said) in enumerate(texts)]
    manifest = ("manifest", ("manifest.jsonl", "\n".join(map(json.dumps, told)).encode()))
    assert service.http.post(f"{full}/documents", files=[*files, manifest]).status_code == 200
    batch = service.http.post(f"{full}/annotate").json()["id"]
    inside = service.http.get(f"{full}/documents").json()["items"]
    ended = {one["id"]: service.ended(one["job_id"])["state"] for one in inside}
    failed = next(document for document, state in ended.items() if state == "failed")
    made = service.http.post(f"{full}/exports", json={"format": "csv"}).json()
    service.ended(made["links"]["job"].rpartition("/")[2])
    return {"corpus": full.rpartition("/")[2], "batch": batch, "empty_corpus": empty.rpartition("/")[2], "failed": failed}


def _unit(service: Running, document: str) -> str:
    """The address of a provision that says something of victims."""
    blocks = service.http.get(f"/v1/documents/{document}/annotations").json()["blocks"]
    return next(str(block["unit"]) for block in blocks if block["victim"])


def _reviewed(service: Running, document: str) -> str:
    """A review of the document in which the coders differ on one provision."""
    made = service.http.post("/v1/reviews", json={"name": "first round", "documents": [document], "coders": ["ana", "ben"]}).json()
    at = f"/v1/reviews/{made['id']}"
    task = service.http.get(f"{at}/tasks", params={"coder": "ana"}).json()["items"][1]
    place = {"document_id": document, "start": task["start"], "end": task["end"]}
    for coder, labels in (("ana", ["victim/child"]), ("ben", [])):
        assert service.http.post(f"{at}/codings", json={**place, "coder": coder, "labels": labels}).status_code == 200
    return str(made["id"])
