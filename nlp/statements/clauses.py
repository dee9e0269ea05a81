"""The clause around a trigger: where it begins, which comma-phrases precede the trigger, where the verb stands."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.statements.words import Words

CONJUNCTIONS = frozenset({"and", "or", "but", "nor", "yet", "&"})
COMPLEMENTIZERS = frozenset({"that", "whether"})
SUBORDINATORS = frozenset(
    "if when where unless because while whereas until once although though since as so whenever wherever provided lest after before".split()
)
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
PREPOSITIONS = frozenset(
    """in on at by for with without from to of under upon within into during through against between among amongst after before pursuant
    notwithstanding subject except not later than unless where when if as having following despite regardless including because until
    while once although according provided throughout since toward towards outside inside beyond whether like so unlike given considering
    taking bearing recognizing recalling noting further moreover however likewise consequently therefore furthermore accordingly similarly
    additionally thereafter nevertheless finally also instead thus hence then first second third immediately whereas though""".split()
)
ADVERBS = frozenset(
    """also hereby therefore likewise always further fully each both all then only jointly again specifically duly promptly immediately
    forthwith thereupon accordingly consequently similarly nevertheless however moreover furthermore normally generally expressly
    directly annually regularly periodically solely merely actively effectively properly carefully thoroughly equally thereby thereafter
    ordinarily invariably otherwise simultaneously ideally thus so at never not""".split()
)
STRONG = frozenset({";", ":", "—", "–", "―"})


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands before a trigger in its clause: `begin` is the word where the clause may begin, `parts` its comma-phrases (word ranges).

    `joined` says that the trigger is coordinated with an earlier one ("… and shall"), `relative` is the index of a relative pronoun that
    is its subject.
    """

    begin: int
    parts: tuple[tuple[int, int], ...]
    joined: bool
    relative: int | None
    adjacent: bool


def clause_before(words: Words, trigger: int, floor: int) -> Clause:
    """The clause of the trigger at word `trigger`; nothing before word `floor`, where the passage's own words begin, is read."""
    begin = max(words.first[trigger], floor)
    for i in range(trigger - 1, begin - 1, -1):
        if (words.low[i] in STRONG and words.depth[i] <= words.depth[trigger]) or _opens_list(words, i, trigger):
            begin = i + 1
            break
    stop = trigger
    while stop > begin and words.low[stop - 1] in ADVERBS and words.low[stop - 1] not in ("all", "each", "both"):
        stop -= 1
    before = words.word(stop - 1) if stop > begin else ""
    joined = before in CONJUNCTIONS or (before == "," and words.word(stop - 2) in CONJUNCTIONS)
    relative = stop - 1 if before in RELATIVES and before != "whose" else None
    parts = _parts(words, begin, stop, words.depth[trigger])
    return Clause(begin, parts, joined, relative, before != ",")


def _opens_list(words: Words, i: int, trigger: int) -> bool:
    """Whether word `i` closes a list mark such as "(a)" or "(1)" before a clause of its own, not the number of a provision."""
    if not (words.low[i] == ")" and i >= 2 and words.low[i - 2] == "(" and len(words.low[i - 1]) <= 4 and i + 1 < trigger):
        return False
    before = words.word(i - 3)
    if before in ("and", "or"):
        before = words.word(i - 4)
        return before in (";", ",", ".")
    return i - 2 == words.first[i] or before in {";", ":", "—", ".", "-", "–"} or (before == "," and words.word(i - 4) != ")")


def _parts(words: Words, begin: int, stop: int, depth: int) -> tuple[tuple[int, int], ...]:
    """Word ranges between commas outside brackets, empty ones left out."""
    parts, at = list[tuple[int, int]](), begin
    for i in range(begin, stop + 1):
        if i == stop or (words.low[i] == "," and words.depth[i] <= depth):
            if i > at:
                parts.append((at, i))
            at = i + 1
    return tuple(parts)
