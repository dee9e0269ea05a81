"""What stands first, and what only looks like a change."""

from __future__ import annotations

from nlp.compare.compare import compare
from nlp.compare.ranking import ranked
from nlp.compare.types import Comparison
from tests.nlp.drafts import article, drafted

DUTIES = [
    "The Minister for Justice shall publish a report on trafficking.",
    "The Minister for Justice shall appoint an inspector of shelters.",
    "The Minister for Justice shall keep a register of carriers.",
    "The court may hear a witness in private.",
]
MEANT = "1. “Trafficking” means the recruitment or harbouring of a person by means of force or deception for the purpose of {}."


def read(paragraphs: list[str]) -> Comparison:
    """A comparison with what these paragraphs become: the minister renamed, the court bound."""
    later = [p.replace("Minister for Justice", "Home Secretary").replace("court may", "court shall") for p in paragraphs]
    return compare(drafted(article(1, "Duties", paragraphs), read=True), drafted(article(1, "Duties", later), read=True))


def kinds(left: str, right: str) -> dict[str, int]:
    return dict(compare(drafted(left, read=True), drafted(right, read=True)).changes)


def test_a_body_renamed_throughout_weighs_less_each_time() -> None:
    renamed = [one.worth for one in ranked(read(DUTIES)) if one.change.kind.value == "statement.bearer_changed"]
    assert len(renamed) == 3
    assert renamed == sorted(renamed, reverse=True)
    assert renamed[0] > 1.15 * renamed[1] > 1.15 * renamed[2]


def test_a_duty_where_there_was_a_choice_weighs_the_same_however_often() -> None:
    chosen = [f"The court may {what}." for what in ("hear a witness in private", "order the return of a passport", "appoint a guardian")]
    turned = [one.worth for one in ranked(read(chosen)) if one.change.kind.value == "statement.type_changed"]
    assert len(turned) == 3
    assert min(turned) > 0.8 * max(turned)


def test_an_element_in_other_words_is_neither_added_nor_dropped() -> None:
    left = MEANT.format("using the child for prostitution or the production of pictures")
    found = kinds(left, MEANT.format("the prostitution of the child or the use of the child for the production of pictures"))
    assert not found.keys() & {"definition.element_added", "definition.element_dropped"}


def test_an_element_exchanged_for_another_is_both() -> None:
    found = kinds(MEANT.format("forced labour"), MEANT.format("the removal of organs"))
    assert found.keys() >= {"definition.element_added", "definition.element_dropped"}


def test_one_or_several_are_the_same_term() -> None:
    left = "1. “Severe form of abuse” means abuse by force.\n\n2. The Parties shall meet every year."
    right = "1. The Parties shall meet every year.\n\n2. In this Act, “severe forms of abuse” means whatever is done to a person by force."
    assert not kinds(left, right).keys() & {"definition.term_added", "definition.term_dropped"}
