"""Victim provisions, indicators and framing that a pair gained or lost, as the model reads both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nlp.compare.reader import Reader
from nlp.compare.types import Change, ChangeKind
from nlp.types import Block, Framing, Span, quote

Held = dict[str, tuple[float, Block]]
UNBORNE = 0.4
TITLES = {
    "victim": (ChangeKind.VICTIM_GAINED, ChangeKind.VICTIM_LOST),
    "indicators": (ChangeKind.INDICATOR_GAINED, ChangeKind.INDICATOR_LOST),
}


def label_changes(left: Sequence[Block], right: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """Labels that one side alone has; either side may be empty.

    How sure: the probability of the label where it stands, times that it is absent opposite; less where hardly a word changed, because
    the same words in another place may be read otherwise, and much less where the words that carry the label stand opposite as well.
    """
    trust = 0.5 + 0.5 * min(1.0, 4 * reader.wording.changed_share)
    texts = reader.texts
    for layer, kinds in TITLES.items():
        ours, theirs = _strongest(left, layer), _strongest(right, layer)
        for name, sureness in _alone(reader, 1, theirs, left, layer):
            yield _one(kinds[0], name, (None, theirs[name]), texts, sureness * trust)
        for name, sureness in _alone(reader, 0, ours, right, layer):
            yield _one(kinds[1], name, (ours[name], None), texts, sureness * trust)
        if layer == "victim":
            yield from _conditional(ours, theirs, texts, trust)
    if left and right:
        yield from _framing(left, right, reader, trust)


def read_otherwise(left: Sequence[Block], right: Sequence[Block], texts: tuple[str, str]) -> Iterator[Change]:
    """That labels differ although the words are equal: one change that names them, as sure as the surest of them."""
    held = [(layer, _strongest(left, layer), _strongest(right, layer)) for layer in TITLES]
    apart = {n: _sure(theirs[n], left, layer, n) for layer, ours, theirs in held for n in theirs.keys() - ours.keys()}
    apart |= {n: _sure(ours[n], right, layer, n) for layer, ours, theirs in held for n in ours.keys() - theirs.keys()}
    if apart:
        framing = framing_of(left).value, framing_of(right).value
        quotes = _quoted(left[0], texts[0]), _quoted(right[0], texts[1])
        yield Change(ChangeKind.READ_OTHERWISE, ", ".join(sorted(apart)), *framing, *quotes, round(max(apart.values()), 2))


def framing_of(blocks: Sequence[Block]) -> Framing:
    """The framing of some blocks together: both frameworks make a hybrid."""
    found = {block.framing for block in blocks} - {Framing.NEUTRAL}
    if not found:
        return Framing.NEUTRAL
    return found.pop() if len(found) == 1 else Framing.HYBRID


def _strongest(blocks: Sequence[Block], layer: str) -> Held:
    found: Held = {}
    for block in blocks:
        labels: Mapping[str, float] = getattr(block, layer)
        for name, p in labels.items():
            if name not in found or p > found[name][0]:
                found[name] = (p, block)
    return found


def _sure(held: tuple[float, Block], opposite: Sequence[Block], layer: str, name: str) -> float:
    """Labels far below their threshold are not kept, so they count as absent."""
    doubt = max((block.undecided.get(f"{layer}/{name}", 0.0) for block in opposite), default=0.0)
    return held[0] * (1 - doubt)


def _alone(reader: Reader, side: int, held: Held, opposite: Sequence[Block], layer: str) -> Iterator[tuple[str, float]]:
    """The labels of a side that the other has not, with how sure that is of the change of words."""
    absent = held.keys() - _strongest(opposite, layer).keys()
    for name in sorted(absent):
        yield name, _sure(held[name], opposite, layer, name) * _borne(reader, side, held[name][1], f"{layer}/{name}")


def _borne(reader: Reader, side: int, block: Block, label: str) -> float:
    """Whether the change of words bears out a label: a word that carries it changed, or it is not known which words do."""
    carrying = [Span(e.start, e.end, e.text) for e in block.evidence if e.label == label]
    return 1.0 if not carrying or any(reader.changed(side, span) for span in carrying) else UNBORNE


def _one(kind: ChangeKind, name: str, held: tuple[tuple[float, Block] | None, ...], texts: tuple[str, str], sureness: float) -> Change:
    left, right = (_quoted(one[1], text) if one else None for one, text in zip(held, texts, strict=True))
    return Change(kind, name, name if left else None, name if right else None, left, right, round(sureness, 2))


def _conditional(ours: Held, theirs: Held, texts: tuple[str, str], trust: float) -> Iterator[Change]:
    for name in sorted(ours.keys() & theirs.keys()):
        (p, before), (q, after) = ours[name], theirs[name]
        if before.conditional != after.conditional:
            kind = ChangeKind.MADE_CONDITIONAL if after.conditional else ChangeKind.MADE_UNCONDITIONAL
            states = ("conditional" if before.conditional else "unconditional", "conditional" if after.conditional else "unconditional")
            yield Change(kind, name, *states, _quoted(before, texts[0]), _quoted(after, texts[1]), round(min(p, q) * trust * 0.9, 2))


def _framing(left: Sequence[Block], right: Sequence[Block], reader: Reader, trust: float) -> Iterator[Change]:
    before, after = framing_of(left), framing_of(right)
    if before is not after:
        quotes = _quoted(left[0], reader.texts[0]), _quoted(right[0], reader.texts[1])
        sureness = round(_decided(left, right, reader) * trust, 2)
        yield Change(ChangeKind.FRAMING_CHANGED, "framing", before.value, after.value, *quotes, sureness)


def _decided(left: Sequence[Block], right: Sequence[Block], reader: Reader) -> float:
    """How sure the surest is of the indicators that one side alone has."""
    sides = (left, right), (right, left)
    apart = [
        sure for n, (own, other) in enumerate(sides) for _, sure in _alone(reader, n, _strongest(own, "indicators"), other, "indicators")
    ]
    return max(apart, default=0.5)


def _quoted(block: Block, text: str) -> Span:
    """The words that carry a label most, or the block where no evidence was taken."""
    return quote(text, block.start, block.end)
