"""Reviews: people decide about machine labels, blind to each other if wanted, and adjudicate."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response

from api.access import needs
from api.agreement_schemas import AgreementOut, TakenIn
from api.deps import Caller, TheCaller, TheService
from api.errors import NotYourName, problems
from api.review_schemas import (
    CarriedOut,
    CarryIn,
    CodedOut,
    CodingIn,
    DecisionIn,
    DecisionOut,
    DecisionsOut,
    JudgedOut,
    JudgedPage,
    NewReviewIn,
    ReviewDetail,
    ReviewOut,
    ReviewsOut,
    TaskOut,
    TasksOut,
    UndoIn,
    UndoneOut,
)
from api.review_wishes import TheWish
from api.routes.contents import INERT, attachment
from corpora import reviewing
from corpora.exporting import item_of
from corpora.exports.archive import stream_zip
from corpora.review.errors import StillBlind, UnknownDecision
from corpora.review.files import read_lines
from corpora.review.gold import Reviewed, gold_entries
from corpora.store import annotations as kept
from corpora.store import decisions, documents, reviews
from corpora.store.decisions import CarriedAs, Decision, NewDecision
from corpora.store.keys import Scope
from corpora.store.reviews import Coding, Review
from corpora.store.session import Transaction
from nlp.codebook import codebook

router = APIRouter(prefix="/reviews", tags=["reviews"], responses=problems(503), dependencies=[needs(Scope.REVIEW)])

ARCHIVE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}, "description": "An archive of labels/ and texts/"}}
FILES = ("application/jsonl", "text/csv")
Coder = Annotated[str | None, Query(max_length=255, description="who asks, where the service knows callers by no key of their own")]


@router.post("", status_code=HTTPStatus.CREATED, summary="Start a review of annotated documents", responses=problems(403, 404, 422))
def start_review(new: NewReviewIn, here: TheService, caller: TheCaller) -> ReviewOut:
    """Shares the documents' blocks out among the coders; what they decide never overwrites a machine label."""
    with here.store.transaction() as tx:
        return ReviewOut.of(reviewing.start_review(tx, new.order(), space=caller.space, actor=caller.actor))


@router.get("", summary="Reviews, the newest first")
def list_reviews(here: TheService, caller: TheCaller) -> ReviewsOut:
    """All reviews of the space."""
    with here.store.reading() as tx:
        return ReviewsOut(items=tuple(ReviewOut.of(one) for one in reviews.listed(tx, space=caller.space)))


@router.get("/{review_id}", summary="A review with its progress", responses=problems(404))
def get_review(review_id: UUID, here: TheService, caller: TheCaller) -> ReviewDetail:
    """Each coder's assigned and coded blocks, and how many coded blocks are agreed, adjudicated or open."""
    with here.store.reading() as tx:
        review = _review(tx, caller, review_id)
        ids = [one.document_id for one in reviewing.documents_of(tx, review)]
        return ReviewDetail.with_progress(review, ids, reviewing.progress(tx, review), reviewing.judged_blocks(tx, review))


@router.delete("/{review_id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a review and its decisions", responses=problems(403, 404))
def delete_review(review_id: UUID, here: TheService, caller: TheCaller) -> None:
    """Machine labels and documents stay as they are."""
    with here.store.transaction() as tx:
        reviews.delete(tx, _review(tx, caller, review_id), actor=caller.actor)


@router.post("/{review_id}/close", summary="End a review", responses=problems(403, 404))
def close_review(review_id: UUID, here: TheService, caller: TheCaller) -> ReviewOut:
    """Nothing is decided any more, and coders see what the others decided."""
    with here.store.transaction() as tx:
        reviews.close(tx, _review(tx, caller, review_id), actor=caller.actor)
        return ReviewOut.of(_review(tx, caller, review_id))


@router.get("/{review_id}/tasks", summary="What a coder has to code", responses=problems(403, 404))
def get_tasks(
    review_id: UUID,
    here: TheService,
    caller: TheCaller,
    wish: TheWish,
    coder: Coder = None,
    machine: Annotated[bool, Query(description="show the machine's labels")] = False,
) -> TasksOut:
    """The coder's blocks in the order of coding, with the labels given so far; all of them, or those that are wanted."""
    who = own_name(caller, coder)
    with here.store.reading() as tx:
        found = reviewing.tasks(tx, _review(tx, caller, review_id), who, wish, show_machine=machine)
    caller.shown.update(one.document_id for one in found)
    return TasksOut(coder=who, items=tuple(TaskOut.of(one) for one in found))


@router.post("/{review_id}/codings", summary="Code a whole block", responses=problems(403, 404, 409, 422))
def code_block(review_id: UUID, coding: CodingIn, here: TheService, caller: TheCaller) -> CodedOut:
    """Each label becomes a decision about the machine's: one given in the place of one of its layer corrects it, others are accepted,
    added or rejected. Coding the block again takes the earlier decisions back.
    """
    who = own_name(caller, coding.coder)
    place = Coding(who, str(coding.document_id), coding.start, coding.end, coding.role)
    with here.store.transaction() as tx:
        made = reviewing.code_block(tx, _review(tx, caller, review_id), place, coding.labels, comment=coding.comment, actor=caller.actor)
    return CodedOut(decisions=made)


@router.post(
    "/{review_id}/decisions",
    status_code=HTTPStatus.CREATED,
    summary="Accept, correct, reject or add a label or finding, or remark on it",
    responses=problems(403, 404, 409, 422),
)
def add_decision(review_id: UUID, wanted: DecisionIn, here: TheService, caller: TheCaller) -> DecisionOut:
    """A layer of its own: what the machine said stays as it was. Agreement and gold count blocks that are coded whole (`/codings`), with
    what was decided on them since.
    """
    said = wanted.model_dump() | {"coder": own_name(caller, wanted.coder), "document_id": str(wanted.document_id)}
    with here.store.transaction() as tx:
        review = _review(tx, caller, review_id)
        new = NewDecision(**said, annotation_id="", text_sha256="", quote="")
        return DecisionOut.of(reviewing.decide(tx, review, new, actor=caller.actor))


@router.get("/{review_id}/decisions", summary="Decisions in the order they were made", responses=problems(403, 404))
def list_decisions(
    review_id: UUID,
    here: TheService,
    caller: TheCaller,
    coder: Coder = None,
    undone: Annotated[bool, Query(description="also those that were taken back")] = False,
) -> DecisionsOut:
    """In a blind review that is not closed, a coder sees only their own."""
    with here.store.reading() as tx:
        review = _review(tx, caller, review_id)
        found = decisions.of_review(tx, review.id, undone=undone)
    shown = reviewing.visible(review, own_name(caller, coder, required=False), found)
    caller.shown.update(one.document_id for one in shown)
    return DecisionsOut(items=tuple(DecisionOut.of(one) for one in shown))


@router.delete("/{review_id}/decisions/{decision_id}", summary="Take a decision back", responses=problems(403, 404, 409))
def undo_decision(review_id: UUID, decision_id: UUID, here: TheService, caller: TheCaller) -> DecisionOut:
    """It stays on record as undone; its block is then to be coded again."""
    with here.store.transaction() as tx:
        review = _review(tx, caller, review_id)
        decision = _decision(tx, review, decision_id)
        own_name(caller, decision.coder)
        reviewing.undo(tx, review, decision, actor=caller.actor)
        return DecisionOut.of(_decision(tx, review, decision_id))


@router.post("/{review_id}/undo", summary="Take back what a coder did last", responses=problems(403, 404, 409, 422))
def undo_last(review_id: UUID, wanted: UndoIn, here: TheService, caller: TheCaller) -> UndoneOut:
    """The coding of a block with all its decisions, or a remark; again and again, back to the first. All stays on record as undone."""
    who = own_name(caller, wanted.coder)
    with here.store.transaction() as tx:
        review = _review(tx, caller, review_id)
        place = reviewing.undo_last(tx, review, who, role=wanted.role, actor=caller.actor)
    return UndoneOut(document_id=place.document_id, start=place.start, end=place.end)


@router.get("/{review_id}/disagreements", summary="Blocks on which coders differ", responses=problems(403, 404))
def get_disagreements(review_id: UUID, here: TheService, caller: TheCaller, coder: Coder = None) -> JudgedPage:
    """What waits for an adjudicator, who codes it with the role `adjudicator`. A coder of a blind review sees it once it is closed."""
    with here.store.reading() as tx:
        review = _review(tx, caller, review_id)
        check_sight(review, own_name(caller, coder, required=False))
        return JudgedPage(items=tuple(JudgedOut.of(one) for one in reviewing.disagreements(tx, review)))


@router.post("/{review_id}/carry", summary="Carry decisions to the next version of a document", responses=problems(403, 404, 409, 422))
def carry_decisions(review_id: UUID, wanted: CarryIn, here: TheService, caller: TheCaller) -> CarriedOut:
    """Each goes over as exact, moved, edited, ambiguous or orphaned; the last two have no place, and edited blocks are coded again."""
    from corpora.review.carrying import carry_over, prepare  # numpy is slow to load

    with here.store.reading() as tx:
        move = prepare(tx, _review(tx, caller, review_id), str(wanted.earlier), str(wanted.later))
    with here.store.transaction() as tx:
        counts = carry_over(tx, _review(tx, caller, review_id), move, actor=caller.actor)
    return CarriedOut(counts={how: counts[how] for how in CarriedAs})


@router.get("/{review_id}/agreement", summary="How far coders agree", responses=problems(403, 404))
def get_agreement(review_id: UUID, here: TheService, caller: TheCaller, coder: Coder = None) -> AgreementOut:
    """Between coders, and between each coder and each version of the model: percent, Cohen, Fleiss, alpha, AC1, F1, with intervals."""
    from corpora.review.measuring import agreement  # numpy is slow to load

    with here.store.reading() as tx:
        review = _review(tx, caller, review_id)
        check_sight(review, own_name(caller, coder, required=False))
        labels = [label.key for label in codebook().labels if label.layer in review.layers]
        return AgreementOut.of(agreement(tx, review, reviewing.judged_blocks(tx, review), labels))


@router.get(
    "/{review_id}/gold",
    summary="The reference labels as gold files",
    response_class=Response,
    responses=ARCHIVE | problems(403, 404),
)
def get_gold(review_id: UUID, here: TheService, caller: TheCaller, coder: Coder = None) -> Response:
    """Gold labels in the project's format (docs/gold.md) with their texts, from which `lexframe train` learns."""
    with here.store.reading() as tx:
        review = _review(tx, caller, review_id)
        check_sight(review, own_name(caller, coder, required=False))
        caller.shown.update(one.document_id for one in reviewing.documents_of(tx, review))
        pieces = b"".join(stream_zip(gold_entries(_reviewed(tx, review))))
    headers = {"Content-Disposition": attachment(f"{review.name}.zip")} | INERT
    return Response(pieces, media_type="application/zip", headers=headers)


@router.post(
    "/{review_id}/files",
    summary="Take in codings or decisions from a file",
    openapi_extra={"requestBody": {"required": True, "content": {kind: {"schema": {"type": "string"}} for kind in FILES}}},
    responses=problems(403, 404, 409, 413, 422),
)
def take_in_file(
    review_id: UUID, here: TheService, caller: TheCaller, data: Annotated[bytes, Body(media_type="application/jsonl")]
) -> TakenIn:
    """JSON Lines or CSV with a header: `document`, `coder`, `start`, `end`, and `labels` or `action`, `layer`, `label`. All or none."""
    with here.store.transaction() as tx:
        review = _review(tx, caller, review_id)
        for name in sorted({line.coder for line in read_lines(data)}):
            own_name(caller, name)
        return TakenIn(lines=reviewing.take_in(tx, review, data, actor=caller.actor))


@router.get("/{review_id}/reference", summary="The reference labels", responses=problems(403, 404))
def get_reference(review_id: UUID, here: TheService, caller: TheCaller, coder: Coder = None) -> JudgedPage:
    """Every coded block with each coder's labels and the reference's."""
    with here.store.reading() as tx:
        review = _review(tx, caller, review_id)
        check_sight(review, own_name(caller, coder, required=False))
        return JudgedPage(items=tuple(JudgedOut.of(one) for one in reviewing.judged_blocks(tx, review)))


def own_name(caller: Caller, said: str | None, *, required: bool = True) -> str:
    """Under which name somebody codes: their key's; where there are no keys, and for administrators, the name given. Raises NotYourName."""
    if caller.may(Scope.ADMIN):
        if required and not said:
            raise NotYourName("Say who codes: `coder` is needed where callers have no keys.")
        return said or caller.actor
    if said and said != caller.actor:
        raise NotYourName(f"You are known here as {caller.actor!r}; nobody codes under another's name.")
    return caller.actor


def check_sight(review: Review, viewer: str) -> None:
    """Raises StillBlind where a coder asks for what the others decided before the review is closed."""
    if review.blind and review.closed is None and viewer in review.coders:
        raise StillBlind


def _reviewed(tx: Transaction, review: Review) -> Iterator[Reviewed]:
    """Each document of a review, as gold is written from it."""
    judged = reviewing.judged_blocks(tx, review)
    for one in reviewing.documents_of(tx, review):
        document = documents.get(tx, one.document_id, space=review.space)
        if document is not None:
            item = item_of(document, kept.result(tx, one.annotation_id))
            yield Reviewed(item, [block for block in judged if block.document_id == one.document_id])


def _review(tx: Transaction, caller: Caller, review_id: UUID) -> Review:
    return reviewing.find_review(tx, str(review_id), space=caller.space)


def _decision(tx: Transaction, review: Review, decision_id: UUID) -> Decision:
    found = decisions.get(tx, str(decision_id), space=review.space)
    if found is None or found.review_id != review.id:
        raise UnknownDecision
    return found
