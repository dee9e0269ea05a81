"""Two annotated documents in, what changed between them out: read this file first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from nlp.compare.align import align
from nlp.compare.definitions import Terms, definition_changes, element_changes, term, terms
from nlp.compare.definitions import added as term_added
from nlp.compare.definitions import dropped as term_dropped
from nlp.compare.drift import drift
from nlp.compare.groups import Group, group
from nlp.compare.labels import label_changes, read_otherwise
from nlp.compare.likeness import Floats
from nlp.compare.reader import Reader
from nlp.compare.reader import added as statement_added
from nlp.compare.reader import dropped as statement_dropped
from nlp.compare.readings import as_read, settled
from nlp.compare.sides import Side, side_of
from nlp.compare.statements import statement_changes
from nlp.compare.types import MEANINGFUL, Change, ChangeKind, Comparison, Drift, Kind, Pair, UnknownUnit, Wishes
from nlp.compare.wording import Wording, edits, lay
from nlp.framing import rights_share
from nlp.types import AnnotatedDocument

Found = TypeVar("Found")
MIRRORED = {Kind.SPLIT: Kind.MERGED, Kind.MERGED: Kind.SPLIT, Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}


@dataclass(frozen=True, slots=True)
class Vectors:
    """Meanings of the provisions of both sides, (blocks, size) each, rows of length 1: from an encoder, where a caller has one."""

    left: Floats
    right: Floats


def compare(left: AnnotatedDocument, right: AnnotatedDocument, wishes: Wishes | None = None, vectors: Vectors | None = None) -> Comparison:
    """Aligns the provisions of two documents and says what changed; raises UnknownUnit for a wish about a unit that is not there.

    Alignment runs in one direction whichever document is left, so that exchanging the sides mirrors the result.
    """
    sides = side_of(left), side_of(right)
    groups = aligned(sides, wishes or Wishes(), vectors)
    known = terms(*sides)
    wordings = [lay(sides[0].words(one.left), sides[1].words(one.right)) for one in groups]
    pairs = tuple(_pair(sides, one, wording, known) for one, wording in zip(groups, wordings, strict=True))
    moved = _drift(sides, groups, [bool(one.left and one.right) and w.same for one, w in zip(groups, wordings, strict=True)])
    share = dict(moved.contributions)
    pairs = tuple(replace(pair, drift=share.get(n, 0.0)) for n, pair in enumerate(pairs))
    return Comparison(sides[0].head(), sides[1].head(), pairs, _kinds(pairs), _changes(pairs), moved)


def aligned(sides: tuple[Side, Side], wishes: Wishes, vectors: Vectors | None = None) -> list[Group]:
    """Groups of provisions that belong together, in reading order; raises UnknownUnit."""
    pins, forbidden = (_indices(sides, wished) for wished in (wishes.pins, wishes.forbidden))
    ours, theirs = (sides[0].provisions, sides[1].provisions)
    given = (vectors.left, vectors.right) if vectors else None
    turned = is_turned(*sides)
    if turned:
        ours, theirs = theirs, ours
        pins, forbidden = [(j, i) for i, j in pins], [(j, i) for i, j in forbidden]
        given = (given[1], given[0]) if given else None
    found = align(ours, theirs, pins=dict(pins), forbidden=frozenset(forbidden), vectors=given)
    groups = group(ours, theirs, found, frozenset(pins))
    return _reading(sides, [one.turned(MIRRORED) for one in groups] if turned else groups)


def is_turned(left: Side, right: Side) -> bool:
    """Whether the work is done from the right side, so that both ways of looking at two texts agree."""
    return left.document.text > right.document.text


def _indices(sides: tuple[Side, Side], wished: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    where = [{p.unit: p.index for p in reversed(side.provisions)} for side in sides]
    for name, side in ((n, k) for units in wished for k, n in enumerate(units)):
        if name not in where[side]:
            raise UnknownUnit(f"the {('left', 'right')[side]} document has no provision {name!r}")
    return [(where[0][a], where[1][b]) for a, b in wished]


def _reading(sides: tuple[Side, Side], groups: Sequence[Group]) -> list[Group]:
    """By the right text; what was removed follows the pair that it followed on the left."""
    position = {i: one.right[0] for one in groups if one.right for i in one.left}
    before: list[int] = []
    for i in range(len(sides[0].provisions)):
        before.append(position.get(i, before[-1] if before else -1))

    def key(one: Group) -> tuple[int, int, int]:
        return (one.right[0], 0, 0) if one.right else (before[one.left[0]], 1, one.left[0])

    return sorted(groups, key=key)


def _drift(sides: tuple[Side, Side], groups: Sequence[Group], equal: Sequence[bool]) -> Drift:
    read = as_read(sides, groups)
    own = tuple(rights_share(crime, rights) for crime, rights, _ in read)
    return drift(settled(sides, groups, equal, read), (own[0], own[1]), is_turned(*sides))


def _pair(sides: tuple[Side, Side], one: Group, wording: Wording, known: Terms) -> Pair:
    left, right = sides
    texts = left.document.text, right.document.text
    kept = tuple(sorted(_changes_of(sides, one, wording, known), key=lambda c: (-c.sureness, c.kind.value, c.about)))
    return Pair(
        kind=one.kind,
        left=tuple(left.place(i) for i in one.left),
        right=tuple(right.place(j) for j in one.right),
        score=round(one.score, 4),
        renumbered=one.renumbered,
        moved=one.moved,
        pinned=one.pinned,
        edits=edits(wording, texts) if one.left and one.right else (),
        changes=kept,
    )


def _changes_of(sides: tuple[Side, Side], one: Group, wording: Wording, known: Terms) -> Iterator[Change]:
    """What the change of words means; where no word changed, nothing did, but it may have been read otherwise."""
    left, right = sides
    texts = left.document.text, right.document.text
    blocks = [left.document.blocks[i] for i in one.left], [right.document.blocks[j] for j in one.right]
    if one.left and one.right and wording.same:
        yield from read_otherwise(*blocks, texts)
        return
    reader = Reader(lay(left.cited(wording.left), right.cited(wording.right)), sides)
    yield from label_changes(*blocks, reader)
    if not one.left or not one.right:
        yield from _lone(right if one.right else left, one, known)
        return
    yield from statement_changes(reader, _of(left.statements, one.left), _of(right.statements, one.right))
    yield from definition_changes(reader, _of(left.definitions, one.left), _of(right.definitions, one.right), known)
    yield from element_changes(reader, "offence", _of(left.elements, one.left), _of(right.elements, one.right))


def _lone(side: Side, one: Group, known: Terms) -> Iterator[Change]:
    """What goes with a provision that stands on one side alone."""
    indices = one.right or one.left
    new = bool(one.right)
    for statement in _of(side.statements, indices):
        yield statement_added(statement, 0.95) if new else statement_dropped(statement, 0.95)
    for definition in _of(side.definitions, indices):
        if not (known.left if new else known.right).get(term(definition)):
            yield term_added(definition) if new else term_dropped(definition)


def _of(found: Mapping[int, list[Found]], indices: Sequence[int]) -> list[Found]:
    return [one for i in indices for one in found.get(i, [])]


def _kinds(pairs: Sequence[Pair]) -> dict[str, int]:
    counts = Counter(pair.kind for pair in pairs)
    return {kind.value: counts[kind] for kind in Kind}


def _changes(pairs: Sequence[Pair]) -> dict[str, int]:
    """How often each change is told with some sureness."""
    counts = Counter(change.kind for pair in pairs for change in pair.changes if change.sureness >= MEANINGFUL)
    return {kind.value: counts[kind] for kind in ChangeKind if counts[kind]}
