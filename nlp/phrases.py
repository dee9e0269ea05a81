"""The phrases of a parsed block: short runs of words that belong together, the pieces that evidence is made of."""

from __future__ import annotations

from spacy.tokens import Doc, Token

LONGEST = 7


def phrases(doc: Doc) -> tuple[tuple[int, int], ...]:
    """Code-point ranges of the phrases, in order, without overlap and without leading or trailing punctuation.

    A subtree of at most seven words is a phrase; of a longer one the head word goes with its function words and the parts are cut again.
    Without a parse (a block too long for it), runs between punctuation are cut at seven words.
    """
    marks = [_top(token) for token in doc] if doc.has_annotation("DEP") else [i // LONGEST for i in range(len(doc))]
    ranges: list[tuple[int, int]] = []
    run: list[Token] = []
    for token in doc:
        if run and (marks[token.i] != marks[run[-1].i] or token.is_punct or len(run) >= LONGEST):
            ranges += _range(run)
            run = []
        run.append(token)
    return (*ranges, *_range(run))


def _top(token: Token) -> int:
    """The highest ancestor whose whole subtree is short: words with the same one belong together."""
    top = token
    while top.head.i != top.i and _width(top.head) <= LONGEST:
        top = top.head
    return top.i


def _width(token: Token) -> int:
    return int(token.right_edge.i - token.left_edge.i + 1)


def _range(run: list[Token]) -> list[tuple[int, int]]:
    while run and (run[0].is_punct or run[0].is_space):
        run = run[1:]
    while run and (run[-1].is_punct or run[-1].is_space):
        run = run[:-1]
    if not any(t.is_alpha and not t.is_stop for t in run):
        return []
    return [(run[0].idx, run[-1].idx + len(run[-1]))]
