"""One provision after the other, to be accepted, corrected, remarked on and taken back: every act is a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access import needs
from api.deps import TheCaller, TheService
from api.pages.opening import opened_by_id
from api.pages.rendering import page
from api.pages.seat import Seat, TheSeat, knows_names
from api.pages.sheet import Said, sheet
from api.recent import Recent
from api.routes.reviews import check_sight, own_name
from corpora import reviewing
from corpora.review.queue import Range, Task, blocks_of, wanted
from corpora.store import annotations as kept
from corpora.store import decisions, documents
from corpora.store.decisions import Action, Decision, NewDecision
from corpora.store.keys import Scope
from corpora.store.reviews import Assignment, Coding, Review, Role
from corpora.store.session import Transaction
from nlp.codebook import codebook

router = APIRouter(include_in_schema=False, dependencies=[needs(Scope.REVIEW)])

_blocks: Recent[tuple[str, ...], Mapping[Range, Task]] = Recent(60)


class Act(StrEnum):
    """What a button of the sheet does with what is ticked: keeps it, keeps nothing, or only adds a remark."""

    KEEP = "keep"
    REJECT = "reject"
    COMMENT = "comment"


@router.get("/review/{review_id}")
def show_provision(
    request: Request,
    review_id: UUID,
    here: TheService,
    caller: TheCaller,
    seat: TheSeat,
    document: UUID | None = None,
    start: int | None = None,
    did: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One provision of what the coder has to code; without a place, the first that is not coded yet."""
    who = own_name(caller, seat.coder or None, required=False)
    with here.store.reading() as tx:
        review = reviewing.find_review(tx, str(review_id), space=caller.space)
        nameless = seat.role is Role.ADJUDICATOR and not seat.coder and knows_names(caller)
        if nameless or (seat.role is Role.CODER and who not in review.coders):
            asked: dict[str, Any] = {"review": review, "who": who, "role": seat.role, "knows_names": knows_names(caller)}
            return page(request, "review_coder.html", here="review", **asked)
        every = _tasks(tx, review, who, seat.role)
        queue = wanted(every, seat.wish)
        at = _at(queue, str(document) if document else "", start)
        home = documents.get(tx, queue[at].document_id, space=caller.space) if at is not None else None
        said = _said(tx, review, who, queue[at], seat.role) if at is not None else Said()
        annotation = next((a.annotation_id for a in reviewing.documents_of(tx, review) if home and a.document_id == home.id), "")
    values: dict[str, Any] = {
        "review": review,
        "seat": replace(seat, coder=who),
        "total": len(every),
        "coded": sum(task.labels is not None for task in every),
        "queue": queue,
        "left": sum(task.labels is None for task in queue),
        "at": at,
        "did": did,
        "document": home,
        "labels": [label for label in codebook().labels if label.layer in review.layers],
    }
    if at is None or home is None:
        return page(request, "review.html", here="review", sheet=None, **values)
    caller.shown.add(home.id)
    task = queue[at]
    if seat.hide and task.labels is None:
        task = replace(task, machine={}, undecided={})
    made = sheet(opened_by_id(here, annotation).document, task, review.layers, said)
    return page(request, "review.html", here="review", sheet=made, **values)


@router.post("/review/{review_id}/code")
def code(
    review_id: UUID,
    here: TheService,
    caller: TheCaller,
    seat: TheSeat,
    document: Annotated[UUID, Form()],
    start: Annotated[int, Form(ge=0)],
    end: Annotated[int, Form(ge=0)],
    act: Annotated[Act, Form()] = Act.KEEP,
    label: Annotated[list[str] | None, Form(max_length=200)] = None,
    comment: Annotated[str, Form(max_length=10_000)] = "",
) -> RedirectResponse:
    """Keeps what the coder decided on a provision, and goes on to the next that is not coded; a remark alone stays where it is."""
    who = own_name(caller, seat.coder or None)
    place = Coding(who, str(document), start, end, seat.role)
    with here.store.transaction() as tx:
        review = reviewing.find_review(tx, str(review_id), space=caller.space)
        if act is Act.COMMENT:
            reviewing.decide(tx, review, _remark(place, comment), actor=caller.actor)
            return _on_to(review, seat, who, place.document_id, place.start, did="commented")
        queue = wanted(_tasks(tx, review, who, seat.role), seat.wish)
        chosen = [] if act is Act.REJECT else label or []
        reviewing.code_block(tx, review, place, chosen, comment=comment.strip() or None, actor=caller.actor)
    at = next((i for i, task in enumerate(queue) if (task.document_id, task.start, task.end) == (place.document_id, start, end)), -1)
    following = next((task for task in (*queue[at + 1 :], *queue[: max(at, 0)]) if task.labels is None), None)
    machine = set((queue[at].machine if at >= 0 else None) or ())
    did = "rejected" if act is Act.REJECT else "accepted" if set(chosen) == machine else "corrected"
    if following is None:
        return _on_to(review, seat, who, did=did)
    return _on_to(review, seat, who, following.document_id, following.start, did=did)


@router.post("/review/{review_id}/undo")
def undo(review_id: UUID, here: TheService, caller: TheCaller, seat: TheSeat) -> RedirectResponse:
    """Takes back what the coder did last, and goes there; it stays on record as taken back."""
    who = own_name(caller, seat.coder or None)
    with here.store.transaction() as tx:
        review = reviewing.find_review(tx, str(review_id), space=caller.space)
        place = reviewing.undo_last(tx, review, who, role=seat.role, actor=caller.actor)
    return _on_to(review, seat, who, place.document_id, place.start, did="undone")


def _tasks(tx: Transaction, review: Review, who: str, role: Role) -> list[Task]:
    """All that somebody has before them, with the machine's labels."""

    def blocks(one: Assignment) -> Mapping[Range, Task]:
        key = (one.annotation_id, one.document_id, *review.layers)
        known = _blocks.find(key)
        if known is None:
            known = blocks_of(one.document_id, kept.result(tx, one.annotation_id), review.layers)
            _blocks.keep(key, known)
        return known

    if role is Role.ADJUDICATOR:
        check_sight(review, who)
        return reviewing.disputes(tx, review, who, blocks=blocks)
    return reviewing.tasks(tx, review, who, show_machine=True, blocks=blocks)


def _said(tx: Transaction, review: Review, who: str, task: Task, role: Role) -> Said:
    """What was said of a block, as far as this coder may see it."""
    found = decisions.of_review(tx, review.id, document_id=task.document_id, undone=True)
    seen = [one for one in reviewing.visible(review, who, found) if _touches(one, task)]
    hidden = role is Role.CODER and review.blind and review.closed is None
    judged = None if hidden else reviewing.judged_block(tx, review, task)
    others = {name: labels for name, labels in judged.coders.items() if name != who or role is Role.ADJUDICATOR} if judged else {}
    most = [key for key in frozenset().union(*others.values()) if sum(key in labels for labels in others.values()) * 2 > len(others)]
    return Said(decisions=seen, others=others, proposed=frozenset(most) if role is Role.ADJUDICATOR else None)


def _touches(one: Decision, task: Task) -> bool:
    return one.document_id == task.document_id and task.start <= one.start and one.end <= task.end


def _at(queue: Sequence[Task], document: str, start: int | None) -> int | None:
    """Which of the queue is shown: the one that is named, else the first that is not coded; None where there is nothing left to do."""
    named = (i for i, task in enumerate(queue) if (task.document_id, task.start) == (document, start))
    left = (i for i, task in enumerate(queue) if task.labels is None)
    return next(named, next(left, None))


def _remark(place: Coding, comment: str) -> NewDecision:
    """A remark on a whole block."""
    return NewDecision(
        document_id=place.document_id,
        annotation_id="",
        text_sha256="",
        coder=place.coder,
        role=place.role,
        action=Action.COMMENT,
        layer="blocks",
        label=None,
        start=place.start,
        end=place.end,
        quote="",
        comment=comment.strip(),
    )


def _on_to(review: Review, seat: Seat, who: str, document_id: str = "", start: int | None = None, *, did: str) -> RedirectResponse:
    place = {"document": document_id, "start": start} if document_id else {}
    return RedirectResponse(f"/review/{review.id}?{replace(seat, coder=who).query(**place, did=did)}", 303)
