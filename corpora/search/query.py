"""What people type into a search box, read once: words, "phrases", beginn*, -not, and OR between two of them.

All parts must be found; OR joins its neighbours (`shelter child OR minor` is shelter, and child or minor). Punctuation inside a word
makes a phrase of it (`non-punishment`), elsewhere it is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpora.store.words import plain

LONGEST = 1000
MOST_WORDS = 40
LEAST_BEGINNING = 2
_PIECE = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_DOUBLE = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


class BadQuery(Exception):
    """The search cannot be read."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; the last is only the beginning of a word where `begins`."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One of each group must be found, and nothing of `without`."""

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()


def parse(typed: str) -> Query:
    """The query; raises BadQuery, which says what is wrong."""
    if len(typed) > LONGEST:
        raise BadQuery(f"A search has at most {LONGEST} characters.")
    said = typed.translate(_DOUBLE)
    if said.count('"') % 2:
        raise BadQuery("A quotation mark is not closed.")
    groups: list[tuple[Term, ...]] = []
    without: list[Term] = []
    waiting = False  # for what comes after OR
    for piece in _PIECE.finditer(said):
        if piece["word"] == "OR" and not piece["no"]:
            _check_or(groups, waiting)
            waiting = True
            continue
        term = _term(piece)
        if term is None:
            continue
        if piece["no"]:
            if waiting:
                raise BadQuery("After OR stands what may be found instead; it cannot be excluded.")
            without.append(term)
        elif waiting:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        waiting = False
    return _checked(Query(tuple(groups), tuple(without)), waiting)


def for_sqlite(query: Query) -> str:
    """As FTS5 wants it. Every word is quoted, so that none is an operator."""
    found = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in query.groups)
    return f"({found})" + "".join(f" NOT {_fts5(term)}" for term in query.without)


def for_postgres(query: Query) -> str:
    """As `to_tsquery` wants it; words are letters and digits alone."""
    found = [f"({' | '.join(map(_tsquery, group))})" for group in query.groups]
    return " & ".join([*found, *(f"!({_tsquery(term)})" for term in query.without)])


def _check_or(groups: list[tuple[Term, ...]], waiting: bool) -> None:
    if waiting:
        raise BadQuery("OR stands twice; it stands between two words.")
    if not groups:
        raise BadQuery("Before OR a word is missing.")


def _term(piece: re.Match[str]) -> Term | None:
    """None for what has no letters or digits, such as a dash between blanks."""
    word = piece["word"]
    words = tuple(plain(word if word is not None else piece["phrase"]).split())
    begins = word is not None and word.endswith("*")
    if begins and (not words or len(words[-1]) < LEAST_BEGINNING):
        raise BadQuery(f"Before * at least {LEAST_BEGINNING} letters are needed.")
    return Term(words, begins) if words else None


def _checked(query: Query, waiting: bool) -> Query:
    if waiting:
        raise BadQuery("After OR a word is missing.")
    if query.without and not query.groups:
        raise BadQuery("A search needs a word that is to be found beside those that are not.")
    if sum(len(term.words) for group in (*query.groups, query.without) for term in group) > MOST_WORDS:
        raise BadQuery(f"A search has at most {MOST_WORDS} words.")
    return query


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.begins else "")


def _tsquery(term: Term) -> str:
    *before, last = term.words
    return " <-> ".join([*before, f"{last}:*" if term.begins else last])
