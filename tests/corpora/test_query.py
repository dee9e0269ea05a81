from __future__ import annotations

import pytest

from corpora.search.query import MOST_WORDS, BadQuery, for_postgres, for_sqlite, parse


@pytest.mark.parametrize(
    ("typed", "sqlite", "postgres"),
    [
        ("victim", '(("victim"))', "(victim)"),
        ("Victims  shelter", '(("victims") AND ("shelter"))', "(victims) & (shelter)"),
        ('"state party"', '(("state party"))', "(state <-> party)"),
        ("“State Party”", '(("state party"))', "(state <-> party)"),
        ("traffick*", '(("traffick"*))', "(traffick:*)"),
        ("child OR minor shelter", '(("child" OR "minor") AND ("shelter"))', "(child | minor) & (shelter)"),
        ("a1 OR b OR c", '(("a1" OR "b" OR "c"))', "(a1 | b | c)"),
        ("shelter -prison", '(("shelter")) NOT "prison"', "(shelter) & !(prison)"),
        ('shelter -"law enforcement" -x', '(("shelter")) NOT "law enforcement" NOT "x"', "(shelter) & !(law <-> enforcement) & !(x)"),
        ("non-punishment", '(("non punishment"))', "(non <-> punishment)"),
        ("article 3(a) – § 4", '(("article") AND ("3 a") AND ("4"))', "(article) & (3 <-> a) & (4)"),
        ("non-punish*", '(("non punish"*))', "(non <-> punish:*)"),
        ("or and NOT NEAR", '(("or") AND ("and") AND ("not") AND ("near"))', "(or) & (and) & (not) & (near)"),
        ("Élève ñ", '(("eleve") AND ("n"))', "(eleve) & (n)"),
    ],
)
def test_what_is_typed_is_read(typed: str, sqlite: str, postgres: str) -> None:
    assert for_sqlite(parse(typed)) == sqlite
    assert for_postgres(parse(typed)) == postgres


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ('"state party', "quotation mark"),
        ("OR victim", "Before OR"),
        ("victim OR", "After OR"),
        ("victim OR OR child", "twice"),
        ("victim OR -child", "excluded"),
        ("-prison", "to be found"),
        ("*", "at least 2"),
        ("a*", "at least 2"),
        ("word " * (MOST_WORDS + 1), "40 words"),
        ("x" * 1001, "1000 characters"),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        parse(typed)


def test_punctuation_alone_asks_for_nothing() -> None:
    assert parse(' – "" ! ').groups == ()
