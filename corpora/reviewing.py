"""Review, as every entrance offers it: start, code, decide, undo, adjudicate. Each function works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from corpora.review.assigning import Codable, Share, share_out
from corpora.review.checks import FINDINGS, check_action, check_labels, check_open, check_order
from corpora.review.coding import Block, Verdict, by_block, labels_of, verdicts
from corpora.review.errors import BadDecision, BlockNotInText, NothingToReview, NothingToUndo, UnknownDocuments, UnknownReview
from corpora.review.files import Line, read_lines
from corpora.review.labels import machine_labels
from corpora.review.queue import Range, Task, Wish, blocks_of, wanted
from corpora.review.reference import Judged, Standing, judge
from corpora.review.texts import ReviewedText, Texts, reviewed_text
from corpora.store import annotations as kept
from corpora.store import audit, decisions, documents, reviews
from corpora.store.decisions import Action, Decision, NewDecision
from corpora.store.names import clean_line
from corpora.store.reviews import Assignment, Coding, NewReview, Review, Role
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE
from nlp.codebook import codebook

Json = dict[str, Any]
Blocks = Callable[[Assignment], Mapping[Range, Task]]
EVERYTHING = Wish()
MOST_TEXTS = 8  # in memory while a file is taken in; its lines mostly go document by document


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A review to be started. `layers` None: all of the codebook."""

    name: str
    document_ids: tuple[str, ...]
    coders: tuple[str, ...]
    blind: bool = True
    share: Share = field(default_factory=Share)
    layers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder is, in blocks."""

    coder: str
    assigned: int
    coded: int


def start_review(tx: Transaction, order: Order, *, space: str = DEFAULT_SPACE, actor: str = "local") -> Review:
    """Keeps a review with its assignments; raises BadReview, UnknownDocuments or NothingToReview."""
    book = codebook()
    coders = tuple(dict.fromkeys(clean_line(name, 255) for name in order.coders))
    known = tuple(dict.fromkeys(label.layer for label in book.labels))
    layers = known if order.layers is None else order.layers
    check_order(coders, layers, known)
    assigned = share_out([_codable(tx, one, space) for one in dict.fromkeys(order.document_ids)], coders, order.share)
    if not assigned:
        raise NothingToReview
    new = NewReview(
        name=clean_line(order.name, 255) or "review",
        codebook=book.name,
        codebook_version=book.version,
        layers=layers,
        coders=coders,
        blind=order.blind,
        assigned_by=order.share.by,
    )
    return find_review(tx, reviews.create(tx, new, assigned, space=space, actor=actor), space=space)


def find_review(tx: Transaction, review_id: str, *, space: str = DEFAULT_SPACE) -> Review:
    """The review; raises UnknownReview."""
    found = reviews.get(tx, review_id, space=space)
    if found is None:
        raise UnknownReview
    return found


def tasks(
    tx: Transaction, review: Review, coder: str, wish: Wish = EVERYTHING, *, show_machine: bool = False, blocks: Blocks | None = None
) -> list[Task]:
    """What a coder has to code of what is wanted, with the labels that the coder has given so far.

    `blocks` gives an assignment's blocks (`blocks_of`), for who keeps them; else they are read from the store.
    """
    given = _given(tx, review, coder, Role.CODER)
    found = []
    for one in reviews.assignments_of(tx, review.id, coder):
        known = blocks(one) if blocks else _blocks(tx, review, one)
        found += [replace(known[place], labels=given.get((one.document_id, *place))) for place in one.blocks]
    chosen = wanted(found, wish)
    return chosen if show_machine else [replace(task, machine=None, undecided=None) for task in chosen]


def disputes(tx: Transaction, review: Review, adjudicator: str, *, blocks: Blocks | None = None) -> list[Task]:
    """The blocks on which coders differ, by document and place, with the labels by which this adjudicator has settled them."""
    given = _given(tx, review, adjudicator, Role.ADJUDICATOR)
    homes = {one.document_id: one for one in documents_of(tx, review)}
    known = {name: blocks(one) if blocks else _blocks(tx, review, one) for name, one in homes.items()}
    judged = [one for one in judged_blocks(tx, review) if len(set(one.coders.values())) > 1]
    return [replace(known[j.document_id][j.start, j.end], labels=given.get((j.document_id, j.start, j.end))) for j in judged]


def judged_block(tx: Transaction, review: Review, task: Task) -> Judged | None:
    """One block as coders have it; None while nobody has coded it."""
    here = [c for c in reviews.codings_of(tx, review.id) if (c.document_id, c.start, c.end) == (task.document_id, task.start, task.end)]
    return next(iter(judge(here, decisions.of_review(tx, review.id, document_id=task.document_id))), None)


def code_block(
    tx: Transaction,
    review: Review,
    coding: Coding,
    labels: Iterable[str] | None,
    *,
    comment: str | None = None,
    actor: str | None = None,
    texts: Texts | None = None,
) -> tuple[str, ...]:
    """Codes a whole block: each label becomes a decision about the machine's, and the block counts as coded, also with no label.

    `labels` None takes the machine's labels as they are. Coding a block again takes the earlier decisions back. `texts` gives the
    reviewed texts, for who keeps them; else they are read from the store. Returns the ids of the decisions; raises ReviewClosed,
    BadDecision or BlockNotInText.
    """
    check_open(review)
    if coding.role is Role.CODER and coding.coder not in review.coders:
        raise BadDecision(f"{coding.coder!r} is not a coder of this review")
    text = texts(coding.document_id) if texts else reviewed_text(tx, review, coding.document_id)
    block = text.blocks.get((coding.start, coding.end))
    if block is None:
        raise BlockNotInText(coding.start, coding.end)
    machine = machine_labels(block, review.layers)
    chosen = set(machine) if labels is None else set(labels)
    check_labels(chosen, review)
    _take_back(tx, review, coding, actor)
    new = [_verdict(text, coding, one) for one in verdicts(machine, chosen)]
    if comment:
        new.append(_new(text, coding, action=Action.COMMENT, layer="blocks", label=None, comment=comment))
    made = [decisions.add(tx, review, one, actor=actor) for one in new]
    reviews.mark_coded(tx, review, coding)
    _note(tx, review, "code", coding, actor)
    return tuple(made)


def decide(tx: Transaction, review: Review, wanted: NewDecision, *, actor: str | None = None, texts: Texts | None = None) -> Decision:
    """Keeps one decision about a label or a finding; raises ReviewClosed or BadDecision.

    Only what the decision says of itself is taken from `wanted`: the quote and the text's digest are those of the reviewed text,
    which `texts` gives to who keeps them. It says nothing of the block's other labels, so that it makes no block coded.
    """
    check_open(review)
    text = texts(wanted.document_id) if texts else reviewed_text(tx, review, wanted.document_id)
    checked = _checked(wanted, text, review)
    found = decisions.get(tx, decisions.add(tx, review, checked, actor=actor), space=review.space)
    assert found is not None
    return found


def take_in(tx: Transaction, review: Review, data: bytes, *, actor: str | None = None) -> int:
    """Codings and decisions from a file (corpora/review/files.py), all of them or none; how many lines. Raises BadDecision."""
    lines = list(read_lines(data))
    texts = lru_cache(MOST_TEXTS)(partial(reviewed_text, tx, review))
    for line in lines:
        try:
            _take_in_line(tx, review, line, texts, actor)
        except BadDecision as wrong:
            raise BadDecision(f"line {line.number}: {wrong}") from wrong
    return len(lines)


def _take_in_line(tx: Transaction, review: Review, line: Line, texts: Texts, actor: str | None) -> None:
    if line.labels is not None:
        coding = Coding(line.coder, line.document, line.start, line.end, line.role)
        code_block(tx, review, coding, line.labels, comment=line.comment, actor=actor, texts=texts)
        return
    assert line.action is not None
    place = {"document_id": line.document, "coder": line.coder, "role": line.role, "start": line.start, "end": line.end}
    said = {"action": line.action, "layer": line.layer, "label": line.label, "replacement": line.replacement, "comment": line.comment}
    new = NewDecision(**place, **said, annotation_id="", text_sha256="", quote="")  # type: ignore[arg-type]
    decide(tx, review, new, actor=actor, texts=texts)


def undo(tx: Transaction, review: Review, decision: Decision, *, actor: str = "local") -> None:
    """Takes a decision back; the block is then to be coded again. Raises ReviewClosed."""
    check_open(review)
    decisions.undo(tx, decision, actor=actor)
    if decision.label:
        reviews.unmark_coded(tx, review, Coding(decision.coder, decision.document_id, decision.start, decision.end, decision.role))


def undo_last(tx: Transaction, review: Review, coder: str, *, role: Role = Role.CODER, actor: str | None = None) -> Coding:
    """Takes back what a coder did last, all decisions on a block or one remark, and says where; raises ReviewClosed or NothingToUndo."""
    check_open(review)
    coded = reviews.last_coding(tx, review.id, coder, role)
    remarks = [d for d in decisions.of_review(tx, review.id, coder=coder) if d.action is Action.COMMENT and d.role is role]
    if remarks and (coded is None or remarks[-1].created > coded[1]):
        decisions.undo(tx, remarks[-1], actor=actor or coder)
        return Coding(coder, remarks[-1].document_id, remarks[-1].start, remarks[-1].end, role)
    if coded is None:
        raise NothingToUndo
    _take_back(tx, review, coded[0], actor)
    _note(tx, review, "undo_code", coded[0], actor)
    return coded[0]


def visible(review: Review, viewer: str, found: Sequence[Decision]) -> list[Decision]:
    """The decisions that somebody may see: in an open blind review a coder sees no other's."""
    hidden = review.blind and review.closed is None and viewer in review.coders
    return [d for d in found if not hidden or d.coder == viewer]


def judged_blocks(tx: Transaction, review: Review) -> list[Judged]:
    """Every coded block with each coder's labels and the reference's."""
    return judge(reviews.codings_of(tx, review.id), decisions.of_review(tx, review.id))


def disagreements(tx: Transaction, review: Review) -> list[Judged]:
    """The blocks that wait for an adjudicator."""
    return [one for one in judged_blocks(tx, review) if one.standing is Standing.OPEN]


def progress(tx: Transaction, review: Review) -> list[Progress]:
    """Each coder's assigned and coded blocks."""
    assigned = dict.fromkeys(review.coders, 0)
    for one in reviews.assignments_of(tx, review.id):
        assigned[one.coder] = assigned.get(one.coder, 0) + len(one.blocks)
    coded = [c.coder for c in reviews.codings_of(tx, review.id) if c.role is Role.CODER]
    return [Progress(coder, count, coded.count(coder)) for coder, count in assigned.items()]


def documents_of(tx: Transaction, review: Review) -> list[Assignment]:
    """One assignment for each document of the review."""
    return list({one.document_id: one for one in reviews.assignments_of(tx, review.id)}.values())


def _given(tx: Transaction, review: Review, who: str, role: Role) -> dict[Block, tuple[str, ...]]:
    """The labels of every block that somebody has coded."""
    own = by_block(d for d in decisions.of_review(tx, review.id, coder=who) if d.role is role)
    coded = [(c.document_id, c.start, c.end) for c in reviews.codings_of(tx, review.id) if (c.coder, c.role) == (who, role)]
    return {place: tuple(sorted(labels_of(own.get((who, place), ())))) for place in coded}


def _blocks(tx: Transaction, review: Review, one: Assignment) -> Mapping[Range, Task]:
    return blocks_of(one.document_id, kept.result(tx, one.annotation_id), review.layers)


def _codable(tx: Transaction, document_id: str, space: str) -> Codable:
    found = documents.get(tx, document_id, space=space)
    if found is None or found.annotation_id is None:
        raise UnknownDocuments(document_id)
    return Codable(document_id, found.annotation_id, kept.result(tx, found.annotation_id))


def _take_back(tx: Transaction, review: Review, coding: Coding, actor: str | None) -> None:
    """Undoes what the same person decided on this block before; it is then to be coded."""
    reviews.unmark_coded(tx, review, coding)
    place = (coding.start, coding.end)
    for one in decisions.of_review(tx, review.id, document_id=coding.document_id, coder=coding.coder, place=place):
        if one.role is coding.role and one.label:
            decisions.undo(tx, one, actor=actor or coding.coder)


def _note(tx: Transaction, review: Review, action: str, coding: Coding, actor: str | None) -> None:
    """Writes down that a block was coded, which makes no decision where machine and coder give it no label."""
    place: dict[str, str | int | None] = {"document": coding.document_id, "start": coding.start, "end": coding.end, "coder": coding.coder}
    audit.record(tx, action, review.id, actor=actor or coding.coder, space=review.space, details=place)


def _verdict(text: ReviewedText, coding: Coding, verdict: Verdict) -> NewDecision:
    layer, _, label = verdict.key.partition("/")
    changed = {"label": verdict.replacement} if verdict.replacement else None
    return replace(_new(text, coding, action=verdict.action, layer=layer, label=label, comment=None), replacement=changed)


def _new(text: ReviewedText, coding: Coding, *, action: Action, layer: str, label: str | None, comment: str | None) -> NewDecision:
    return NewDecision(
        document_id=coding.document_id,
        annotation_id=text.annotation_id,
        text_sha256=text.sha256,
        coder=coding.coder,
        role=coding.role,
        action=action,
        layer=layer,
        label=label,
        start=coding.start,
        end=coding.end,
        quote=text.annotated["text"][coding.start : coding.end],
        comment=comment,
    )


def _checked(wanted: NewDecision, text: ReviewedText, review: Review) -> NewDecision:
    if not 0 <= wanted.start < wanted.end <= len(text.annotated["text"]):
        raise BlockNotInText(wanted.start, wanted.end)
    if wanted.label is not None:
        check_labels([f"{wanted.layer}/{wanted.label}"], review)
    elif wanted.action is not Action.COMMENT and wanted.layer not in FINDINGS:
        raise BadDecision(f"{wanted.layer!r} is not a layer of findings ({', '.join(FINDINGS)}); a decision on a block needs its label")
    check_action(wanted, text.annotated, review)
    coding = Coding(wanted.coder, wanted.document_id, wanted.start, wanted.end, wanted.role)
    made = _new(text, coding, action=wanted.action, layer=wanted.layer, label=wanted.label, comment=wanted.comment)
    return replace(made, replacement=wanted.replacement, carried_from=wanted.carried_from, carried_as=wanted.carried_as)
