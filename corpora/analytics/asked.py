"""The analyses of a corpus, what documents can be grouped by, and what every column means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from corpora.store.analytics import Trait

MOST_BY = 2


class What(StrEnum):
    """An analysis of a corpus."""

    FRAMING = "framing"
    BALANCE = "balance"
    LABELS = "labels"
    STRENGTH = "strength"
    DEFINITIONS = "definitions"
    COMBINATIONS = "combinations"
    COOCCURRENCE = "cooccurrence"


class By(StrEnum):
    """What the documents of a corpus are grouped by; `none` takes the corpus as a whole."""

    NONE = "none"
    YEAR = "year"
    DECADE = "decade"
    BODY = "body"
    KIND = "kind"
    WORK = "work"

    @property
    def trait(self) -> Trait:
        """What the store groups by."""
        return Trait.YEAR if self is By.DECADE else Trait(self.value)

    @property
    def in_time(self) -> bool:
        """Whether the groups have an order of their own."""
        return self in (By.YEAR, By.DECADE)


USUAL: Mapping[What, tuple[By, ...]] = {
    What.FRAMING: (By.YEAR,),
    What.BALANCE: (By.YEAR,),
    What.LABELS: (By.KIND,),
    What.STRENGTH: (),
    What.DEFINITIONS: (),
    What.COMBINATIONS: (),
    What.COOCCURRENCE: (),
}
"""How each analysis groups where nothing else is asked for."""

TITLES: Mapping[What, str] = {
    What.FRAMING: "Framing of documents and provisions",
    What.BALANCE: "Rights share of documents",
    What.LABELS: "Framing indicators and victim provisions",
    What.STRENGTH: "Kinds and strength of statements",
    What.DEFINITIONS: "Elements of definitions and offences",
    What.COMBINATIONS: "Definitions by all their elements",
    What.COOCCURRENCE: "Indicators and victim provisions in the same provision",
}
COLUMNS: Mapping[What, tuple[str, ...]] = {
    What.FRAMING: ("framing", "documents", "document_share", "provisions", "provision_share"),
    What.BALANCE: ("documents", "without", "mean", "lowest", "lower_quartile", "median", "upper_quartile", "highest"),
    What.LABELS: ("layer", "label", "documents", "document_share", "provisions", "provision_share", "conditional"),
    What.STRENGTH: ("type", "strength", "documents", "document_share", "statements", "statement_share"),
    What.DEFINITIONS: ("element", "documents", "document_share", "definitions", "definition_share", "offences"),
    What.COMBINATIONS: ("elements", "documents", "document_share", "definitions", "definition_share"),
    What.COOCCURRENCE: ("one", "other", "documents", "provisions", "expected", "lift", "jaccard", "of_one", "of_other"),
}
"""The columns of each analysis, after those of the groups."""

MEANINGS: Mapping[str, str] = {
    "year": "year of the document's date; else of its version's; else, for a text of no named version, of its work's adoption",
    "decade": "the ten years in which that year lies, as 1990s",
    "body": "body that issued it, as the document says, else its work",
    "kind": "kind of instrument, as the document says, else its work",
    "work": "id of the instrument of which it is a text",
    "framing": "crime, rights, hybrid or neutral",
    "documents": "counted documents of the group that have it: this framing, or this label, element or statement at least once",
    "document_share": "those documents over all counted documents of the group, 0 to 1",
    "provisions": "provisions (blocks) of the group that have it",
    "provision_share": "those provisions over all provisions of the group, 0 to 1",
    "without": "counted documents of the group that have no rights share, since none of their provisions is framed",
    "mean": "mean of the documents' rights shares (R / (C + R), each document alike)",
    "lowest": "the lowest rights share of a document",
    "lower_quartile": "a quarter of the documents lie below (between two documents: in proportion)",
    "median": "half of the documents lie below",
    "upper_quartile": "three quarters of the documents lie below",
    "highest": "the highest rights share of a document",
    "layer": "indicator or victim",
    "label": "framing indicator or type of victim provision, as the codebook names it",
    "conditional": "those of the provisions that hang on cooperation with authorities; empty for indicators",
    "type": "obligation, prohibition, permission, right or exemption",
    "strength": "mandatory, qualified or hortatory",
    "statements": "deontic statements of this type and strength",
    "statement_share": "those statements over all statements of the group, 0 to 1",
    "element": "act, means, purpose, consent or child",
    "elements": "all elements that a definition has, in the order act, means, purpose, consent, child",
    "definitions": "definitions that have the element, or just these elements",
    "definition_share": "those definitions over all definitions of the group that have any element, 0 to 1",
    "offences": "places outside definitions, as in offences, that name such an element",
    "one": "an indicator or type of victim provision",
    "other": "another one",
    "expected": "provisions that would have both if the two were independent: n(one) · n(other) / provisions of the corpus",
    "lift": "provisions over expected: 1 for chance, more where the two go together; empty where nothing is expected",
    "jaccard": "provisions with both over provisions with either, 0 to 1",
    "of_one": "of the provisions with `one`, the share that have `other` too",
    "of_other": "of the provisions with `other`, the share that have `one` too",
}
"""What each column means, in words that stand by themselves."""
