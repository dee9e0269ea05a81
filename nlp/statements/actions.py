"""What is to be done: the main verb after a trigger, and where its clause ends."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.statements.clauses import ADVERBS, CONJUNCTIONS, PREPOSITIONS
from nlp.statements.nouns import DETERMINERS
from nlp.statements.triggers import Trigger
from nlp.statements.words import Words

REACH = 90
OPENERS = frozenset({":", "—", "–", "―"})
PROVISO = ("provided", "except")


@dataclass(frozen=True, slots=True)
class Verb:
    """The main verb of a statement: word index `at`; `participle` is the index of the past participle of a passive, else None."""

    at: int
    participle: int | None


def find_verb(words: Words, trigger: Trigger) -> Verb | None:
    """The main verb after the trigger, over adverbs and phrases set between commas; None where the sentence ends first."""
    end = words.last[trigger.first]
    at = _over_adverbs(words, trigger.last, end)
    if (at < end and words.low[at] == ",") or (at < end and _interposed(words, at)):
        at = _after_aside(words, at, end)
    at = _over_adverbs(words, at, end)
    if at >= end or words.low[at] in OPENERS or (words.low[at] in (".", ";", "-") and not words.low[at].isalnum()):
        return None
    return Verb(at, _participle(words, at, end))


def _over_adverbs(words: Words, at: int, end: int) -> int:
    while (
        at < end
        and (words.low[at] in ADVERBS or (words.low[at].endswith("ly") and words.tag(at).startswith("RB")))
        and words.low[at] != "no"
    ):
        at += 1
    return at


def _interposed(words: Words, at: int) -> bool:
    """Whether an aside begins here without a comma ("shall where appropriate adopt")."""
    return words.low[at] in PREPOSITIONS - {"having", "noting"} and words.tags[at] not in ("VB",) and words.low[at] not in ("like",)


def _after_aside(words: Words, at: int, end: int) -> int:
    """The first word after the aside that begins at `at`: the verb after a comma, or failing that the first verb."""
    limit = min(end, at + REACH)
    comma = words.low[at] == ","
    depth = words.depth[at]
    fallback: int | None = None
    for i in range(at + 1, limit):
        if words.depth[i] > depth:
            continue
        if words.low[i] == "," and i + 1 < limit:
            nxt = _over_adverbs(words, i + 1, limit)
            if fallback is None:
                fallback = i + 1
            if nxt < limit and _base_verb(words, nxt):
                return i + 1
        elif not comma and _base_verb(words, i) and words.low[i - 1] not in ("to", "and", "or"):
            return i
    if limit == end and words.low[end - 1] in OPENERS:
        return end
    return fallback if fallback is not None else at + 1


def _base_verb(words: Words, at: int) -> bool:
    return words.low[at] == "be" or words.tags[at] == "VB"


IRREGULAR = frozenset(
    "made taken given held paid kept set borne found done drawn sent read heard brought begun chosen put let left laid known shown led met "
    "seen sought taught told thought understood withheld written broken driven dealt built bound".split()
)


def _participle(words: Words, at: int, end: int) -> int | None:
    """The past participle after "be" at `at`, over adverbs and a comma-phrase; None where it is no passive."""
    if words.low[at] not in ("be", "been", "is", "are", "was", "were"):
        if not (words.low[at] == "have" and words.word(at + 1) == "been"):
            return None
        at += 1
    i = _over_adverbs(words, at + 1, end)
    if i < end and words.low[i] == ",":
        i = next((k + 1 for k in range(i + 1, min(end, i + 30)) if words.low[k] == ","), end)
        i = _over_adverbs(words, i, end)
    while i < end and words.low[i] in ("as", "so", "soon", "far", "possible"):
        i += 1
    if i >= end:
        return None
    word = words.low[i]
    looks = word.endswith(("ed", "en", "wn")) or word in IRREGULAR
    return i if looks and not words.tags[i].startswith("NN") and word not in NOT_PASSIVE else None


NOT_PASSIVE = frozenset("entitled concerned interested open even composed skilled qualified experienced limited united need".split())


def action_end(words: Words, verb: int, following: tuple[Trigger, ...], nested: frozenset[int]) -> int:
    """The word after the action that begins at `verb`.

    It ends with the sentence, at a semicolon, at a proviso, or before a later trigger that is coordinated with this one or stands in a
    relative clause; triggers whose index in `following` is in `nested` belong to the action.
    """
    end = words.last[verb]
    depth = words.depth[verb]
    for i in range(verb + 1, end):
        if words.depth[i] > depth:
            continue
        if words.low[i] == ";" or (
            words.low[i] == "provided" and words.low[i - 1] in (",", ":") and words.word(i + 1) in ("that", ",", "always")
        ):
            end = i
            break
    for k, trigger in enumerate(following):
        if trigger.first >= end:
            break
        if k in nested or trigger.first <= verb:
            continue
        end = _before(words, verb, trigger.first)
        break
    return _trimmed(words, verb, end)


def _before(words: Words, verb: int, trigger: int) -> int:
    """Where the clause of a later, coordinated trigger begins: after its last comma-and-conjunction or conjunction."""
    for i in range(trigger - 1, verb, -1):
        if words.low[i] in CONJUNCTIONS or words.low[i] in (";", ":", "—"):
            if words.low[i] in CONJUNCTIONS and words.low[i - 1] != "," and trigger - i > 12:
                continue
            return i
        if words.low[i] == "," and trigger - i > 1 and (words.low[i + 1] in ("which", "who", "whose") or words.low[i + 1] in DETERMINERS):
            return i
        if words.low[i] in ("which", "who") and trigger - i <= 3:
            return i
    return trigger


def _trimmed(words: Words, verb: int, end: int) -> int:
    """`end` without the marks and conjunctions that close a clause or open a list."""
    while end > verb + 1:
        word = words.low[end - 1]
        if word in (";", ":", ",", ".", "—", "–", "―", "-", "‑", "?") or (word in CONJUNCTIONS and words.word(end - 2) in (",", ";")):
            end -= 1
            continue
        if word in CONJUNCTIONS:
            end -= 1
            continue
        break
    return end
