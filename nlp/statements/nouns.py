"""Noun phrases before a trigger: where they begin, where their first modifier cuts them, what their head is."""

from __future__ import annotations

from nlp.statements.clauses import ADVERBS, CONJUNCTIONS, PREPOSITIONS, RELATIVES
from nlp.statements.words import Words

DETERMINERS = frozenset(
    "the a an each every any all no this that these those such some both either neither his her its their our your many several other "
    "another one two three four five more most few certain".split()
)
PRONOUNS = frozenset(
    "he she it they we you i who whoever everyone everybody anyone anybody nobody someone this these those that none all".split()
)
VERBAL = frozenset("VBD VBP VBZ MD".split())
CUT_TAGS = frozenset("VBN VBG VBD VBZ VBP WDT WP WP$ WRB MD".split())
CUT_WORDS = RELATIVES | frozenset(
    """where when having being including whether if unless established referred arrested convicted concerned appointed designated
    represented acting involved authorised authorized specified mentioned described made subject other-than except under such liable
    responsible able unable willing eligible entitled guilty not""".split()
) - {"such", "under"}
HEAD_STOP = frozenset("of in for to from with on at by under against between among within without over upon during through".split())


def has_finite_verb(words: Words, first: int, last: int) -> bool:
    """Whether the range holds a verb that makes it a clause rather than a noun phrase."""
    return any(is_finite(words, i) for i in range(first, last))


def is_finite(words: Words, i: int) -> bool:
    """Whether word `i` is a finite verb; a tag alone is not believed where a noun has to stand."""
    noun_place = words.word(i - 1) in DETERMINERS or words.word(i - 1) in HEAD_STOP or words.tag(i - 1).startswith("JJ")
    return words.low[i] in _FINITE or (words.tags[i] in VERBAL and not noun_place)


_FINITE = frozenset("is are was were has have had does do did shall may must should will can cannot would could".split())


def phrase_end(words: Words, first: int, last: int) -> int:
    """The end of the noun phrase that begins at `first`: before a relative, participial or adjectival modifier, at `last` at the latest."""
    depth = words.depth[first]
    for i in range(first + 1, last):
        if words.depth[i] > depth:
            continue
        if words.low[i] in (",", ";") or _cuts(words, i, first):
            return _without_trailing(words, first, i)
    return _without_trailing(words, first, last)


def _cuts(words: Words, i: int, first: int) -> bool:
    word, before = words.low[i], words.low[i - 1]
    if word == "with" or (word == "in" and words.word(i + 2) == "position"):
        return True
    if word in CUT_WORDS and before in DETERMINERS:
        return False
    if word in CUT_WORDS:
        return word not in (
            "concerned",
            "involved",
            "designated",
            "authorized",
            "authorised",
            "subject",
            "established",
            "specified",
        ) or _after_noun(words, i)
    if words.tags[i] in CUT_TAGS and not words.is_capital(i):
        nominal = before in DETERMINERS or before in CONJUNCTIONS or before in HEAD_STOP or words.tags[i - 1].startswith("JJ")
        return not nominal and i - 1 >= first and words.tags[i + 1 : i + 2] not in (("NN",), ("NNS",))
    return False


def _after_noun(words: Words, i: int) -> bool:
    return words.tags[i - 1].startswith("NN") and not words.tag(i + 1).startswith("NN")


def _without_trailing(words: Words, first: int, last: int) -> int:
    """`last`, moved back over conjunctions, prepositions, adverbs and marks that hang on the phrase."""
    while last > first + 1 and (words.low[last - 1] in CONJUNCTIONS | HEAD_STOP | ADVERBS or not words.low[last - 1][0].isalnum()):
        if words.low[last - 1] in (")", "”", "’", '"', "]"):
            break
        last -= 1
    return last


def head_of(words: Words, first: int, last: int) -> int:
    """The head noun: the last word before the first preposition after the beginning of the phrase."""
    head = first
    for i in range(first, last):
        if i > first and (words.low[i] in HEAD_STOP or words.low[i] in (",", "(", "and", "or")):
            break
        head = i
    return head


def starts_phrase(words: Words, i: int) -> bool:
    """Whether a noun phrase may begin at word `i`."""
    word = words.low[i]
    if word in DETERMINERS or word in PRONOUNS:
        return True
    return (
        word not in PREPOSITIONS
        and word not in CONJUNCTIONS
        and word not in RELATIVES
        and words.tags[i] not in ("VBG", "VBN", "RB", "TO", "MD", "IN", "VB")
    )
