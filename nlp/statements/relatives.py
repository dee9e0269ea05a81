"""Modals inside relative clauses that say of a thing what someone may do with it: "information that personnel may acquire"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

CLAUSES = frozenset({"acl", "acl:relcl"})
SUBJECTS = frozenset({"nsubj", "nsubj:outer"})
COMPLEMENTS = frozenset({"obj", "ccomp"})
STOPS = frozenset(",;:—–")
CIRCUMSTANCES = frozenset({"obl", "obl:unmarked", "advmod"})
# after these nouns "that" opens a clause that says what they hold, and lacks nothing
CONTENT = frozenset(
    """authorisation authorization basis case condition decision effect end event extent fact ground opinion order permission possibility
    principle provision requirement right rule understanding view""".split()
)


def object_relatives(doc: Doc) -> Iterator[int]:
    """Offsets of the "may" of each relative clause that lacks its object, or whose subject is someone's ("whose work may")."""
    for token in doc:
        if token.lower_ == "may" and (_is_whose(token) or (token.dep_ == "aux" and _describes(token.head, token))):
            yield token.idx


def _is_whose(modal: Token) -> bool:
    """Whether "whose", a noun and nothing else that could be a clause's stands before the modal, however it was parsed."""
    for token in reversed(modal.doc[max(0, modal.i - 4) : modal.i]):
        if token.lower_ == "whose":
            return True
        if token.is_punct or token.tag_.startswith("V"):
            return False
    return False


def _describes(verb: Token, modal: Token) -> bool:
    noun = verb.head
    subject = next((t for t in verb.lefts if t.dep_ in SUBJECTS), None)
    if verb.dep_ not in CLAUSES or subject is None or not noun.i < subject.i < modal.i or noun.lower_ in CONTENT:
        return False
    return not _is_whole(verb) and not _stands_apart(subject, noun)


def _is_whole(verb: Token) -> bool:
    """Whether the clause has its object behind the verb, or needs none: a circumstance is what it relates by ("in which")."""
    behind = any(t.dep_ in COMPLEMENTS for t in verb.rights)
    by_circumstance = any(t.dep_ in CIRCUMSTANCES and t.i < verb.i for t in verb.lefts)
    return behind or by_circumstance


def _stands_apart(subject: Token, noun: Token) -> bool:
    """Whether a comma stands between noun and subject: then that is more likely the main clause's."""
    return any(t.text in STOPS for t in subject.doc[noun.i + 1 : subject.i])
