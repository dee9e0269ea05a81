"""Many texts against each other: what each keeps of the others, how the balance differs, what they give to victims, how they define."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api import comparing
from api.deps import Caller, Service, TheCaller, TheService
from api.pages.charts import Chart, Form, chart_answer, heat, levels
from api.pages.comparisons import offered, show_working
from api.pages.rendering import page
from api.pages.shelf import Results
from api.pages.words import ROLES, named, short_title
from api.work_schemas import MOST_DOCUMENTS
from corpora.store import documents
from corpora.store.documents import Document, Filters

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
Chosen = Annotated[list[UUID] | None, Query(max_length=MOST_DOCUMENTS)]

_kept = Results()


@router.get("/matrix")
def show_matrix(
    request: Request,
    here: TheService,
    caller: TheCaller,
    document: Chosen = None,
    corpus: UUID | None = None,
    baseline: UUID | None = None,
) -> Response:
    """The matrix of some documents or of a corpus; without two of them, the form that asks which."""
    chosen = document or _of_corpus(here, caller, corpus)
    if len(chosen) < 2:
        return page(request, "choose_many.html", here="compare", offered=offered(here, caller), most=MOST_DOCUMENTS, corpus=corpus)
    texts, answer = _made(here, caller, chosen, baseline)
    if answer.result is None:
        return show_working(request, here, caller, answer.job_id, "The texts are being held against each other.")
    names = names_of(texts)
    charts = _charts(names, answer.result)
    query = "".join(f"&document={one.id}" for one in texts)
    values: Json = {"texts": texts, "found": answer.result, "names": names, "charts": charts, "query": query, "roles": ROLES}
    return page(request, "matrix.html", here="compare", **values)


@router.get("/matrix/{heat_map}.{form}")
def get_matrix_chart(
    heat_map: str, form: Form, here: TheService, caller: TheCaller, document: Chosen = None, dark: bool = False
) -> Response:
    """A heat map as SVG, PNG, its data, or its specification."""
    chosen = document or []
    texts, answer = _made(here, caller, chosen, None) if len(chosen) > 1 else ([], comparing.Answer(None))
    return chart_answer(_charts(names_of(texts), answer.result) if answer.result else [], heat_map, form, dark)


def names_of(texts: list[Document]) -> list[str]:
    """A name for each text, numbered: its version where all are of one work, else its short title, and both where titles are alike."""
    works = {one.work_id for one in texts}
    if len(works) == 1:
        return [f"{n}. {one.short_name}" for n, one in enumerate(texts, 1)]
    titles = [short_title(one.title or one.filename) for one in texts]
    alike = {title for title, count in Counter(titles).items() if count > 1}
    said = [f"{title}, {one.version}" if title in alike and one.version else title for title, one in zip(titles, texts, strict=True)]
    return [f"{n}. {name}" for n, name in enumerate(said, 1)]


def _made(here: Service, caller: Caller, chosen: list[UUID], baseline: UUID | None) -> tuple[list[Document], comparing.Answer]:
    sides = [comparing.side(here, caller, one) for one in chosen]
    key = ("matrix", str(baseline or ""), *(one.annotation.id for one in sides))
    return [one.document for one in sides], _kept.take(key, lambda: comparing.matrix(here, caller, chosen, baseline))


def _of_corpus(here: Service, caller: Caller, corpus: UUID | None) -> list[UUID]:
    if corpus is None:
        return []
    with here.store.reading() as tx:
        found = documents.page(tx, None, MOST_DOCUMENTS, Filters(corpus=str(corpus)), space=caller.space).items
    return [UUID(one.id) for one in found if one.status == "annotated"]


def _charts(names: list[str], found: Json) -> list[Chart]:
    cells = [(i, j) for i in range(len(names)) for j in range(len(names))]
    kept = [{"of": names[i], "in": names[j], "kept": found["kept"][i][j]} for i, j in cells]
    shift = [{"from": names[i], "to": names[j], "shift": found["shift"][i][j]} for i, j in cells]
    covered = [
        {"provision": named(kind), "text": name, "form": cell["form"], "firmness": FIRMNESS[cell["form"]]}
        for kind in found["coverage"]["types"]
        for name, cell in zip(names, found["coverage"]["cells"][kind], strict=True)
    ]
    return [
        Chart(
            "kept",
            "Part of the words of each text that each other keeps; the table has the figures",
            kept,
            heat(value="kept", row="of", column="in", numbered=True),
        ),
        Chart(
            "shift",
            "How much greater the rights share of each other text is; the table has the figures",
            shift,
            heat(value="shift", row="from", column="to", diverging=True, numbered=True),
        ),
        Chart(
            "coverage",
            "Victim provisions by text and firmness; the table has them in words",
            covered,
            levels(value="form", row="provision", column="text", order=tuple(FIRMNESS)),
        ),
    ]


FIRMNESS = {"mandatory": 1.0, "qualified": 0.66, "hortatory": 0.33, "absent": 0.0}
