"""Corpora in figures, on both databases."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import delete as sql_delete
from sqlalchemy import event, insert, select

from corpora.analysing import Analysis, BadGrouping, analyse, counted
from corpora.analytics.asked import COLUMNS, MEANINGS, USUAL, By, What
from corpora.analytics.groups import MOST, groups_of
from corpora.store import corpora, documents, works
from corpora.store.documents import Filters
from corpora.store.facts import ROLES, facts_of
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store
from corpora.store.tables import annotation_table
from corpora.store.tables import facts as fact_table
from nlp.types import ElementRole
from tests.corpora.counted import Json, block, member, new_corpus, result

pytest_plugins = ("tests.servers",)


def ask(store: Store, corpus_id: str, what: What, *by: By, space: str = "default") -> Analysis:
    with store.reading() as tx:
        return analyse(tx, corpus_id, what, by, space=space)


def table(found: Analysis, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in found.rows]


def some(rows: Sequence[Any], **wanted: object) -> Any:
    (found,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found


def test_framing_over_time_by_body_and_kind(store: Store) -> None:
    corpus = new_corpus(store)
    member(store, corpus, "a", result("crime", blocks=[block("crime"), block("neutral")]), date="1999-05-01", kind="treaty", body="UN")
    member(store, corpus, "b", result("rights", blocks=[block("rights")] * 2), date="1999", kind="treaty", body="OAS")
    member(store, corpus, "c", result("rights", blocks=[block("hybrid")]), date="2003-11", kind="statute", body="UN")
    member(store, corpus, "d", result("neutral"), date="spring of 2004")
    years = ask(store, corpus, What.FRAMING, By.YEAR)
    assert [row for row in table(years, "year", "framing", "documents", "document_share", "provisions", "provision_share") if row[2]] == [
        ("1999", "crime", 1, 0.5, 1, 0.25),
        ("1999", "rights", 1, 0.5, 2, 0.5),
        ("2003", "rights", 1, 1.0, 0, 0.0),
        ("unknown", "neutral", 1, 1.0, 0, None),
    ]
    assert some(years.rows, year="2003", framing="hybrid")["provision_share"] == 1.0
    assert some(years.rows, year="1999", framing="neutral")["provisions"] == 1
    decades = ask(store, corpus, What.FRAMING, By.DECADE)
    assert [row[0] for row in table(decades, "decade")][::4] == ["1990s", "2000s", "unknown"]
    crossed = ask(store, corpus, What.FRAMING, By.KIND, By.BODY)
    assert crossed.columns[:2] == ("kind", "body")
    assert [row for row in table(crossed, "kind", "body", "framing", "documents") if row[3]] == [
        ("treaty", "UN", "crime", 1),
        ("treaty", "OAS", "rights", 1),
        ("statute", "UN", "rights", 1),
        ("unknown", "unknown", "neutral", 1),
    ]
    assert table(ask(store, corpus, What.FRAMING, By.NONE), "framing", "documents", "document_share") == [
        ("crime", 1, 0.25),
        ("rights", 2, 0.5),
        ("hybrid", 0, 0.0),
        ("neutral", 1, 0.25),
    ]


def test_the_balance_has_its_quartiles(store: Store) -> None:
    corpus = new_corpus(store)
    for n, share in enumerate([0.1, 0.2, 0.3, 0.4, None]):
        member(store, corpus, f"{n}", result(rights=share), kind="treaty")
    member(store, corpus, "one", result("rights", rights=0.9001), kind="statute")
    found = ask(store, corpus, What.BALANCE, By.KIND).rows
    assert found == (
        {
            **{"kind": "treaty", "documents": 4, "without": 1, "mean": 0.25, "lowest": 0.1, "highest": 0.4},
            **{"lower_quartile": 0.175, "median": 0.25, "upper_quartile": 0.325},
        },
        {
            **{"kind": "statute", "documents": 1, "without": 0, "mean": 0.9001, "lowest": 0.9001, "highest": 0.9001},
            **{"lower_quartile": 0.9001, "median": 0.9001, "upper_quartile": 0.9001},
        },
    )


def test_what_is_not_counted_is_told(store: Store) -> None:
    corpus = new_corpus(store)
    member(store, corpus, "a", result())
    member(store, corpus, "b", result() | {"pipeline": "q"})
    member(store, corpus, "c", None)
    for name, language in (("d", "fr"), ("e", "fr"), ("f", "de")):
        member(store, corpus, name, {"status": "unsupported_language", "document": {"language": language}, "framing": {"label": "neutral"}})
    with store.reading() as tx:
        found = counted(tx, corpus)
    assert (found.documents, found.counted, found.unannotated, found.unsupported) == (6, 2, 1, {"de": 1, "fr": 2})
    assert found.pipelines == {"p": 1, "q": 1}
    framing = ask(store, corpus, What.FRAMING, By.NONE)
    assert framing.counted == found
    assert sum(row["documents"] for row in framing.rows) == 2  # type: ignore[misc]


@pytest.mark.parametrize("what", What)
def test_an_empty_corpus_has_figures_of_nothing_and_the_columns_that_are_described(store: Store, what: What) -> None:
    corpus = new_corpus(store)
    found = ask(store, corpus, what, By.NONE)
    assert all(value in (0, None, "indicator", "victim") for row in found.rows for value in row.values() if not isinstance(value, str))
    member(store, corpus, "a", result(definitions=[["act"]]))
    usual = ask(store, corpus, what)
    assert usual.by == USUAL[what]
    assert usual.rows
    assert all(tuple(row) == (*usual.by, *COLUMNS[what]) for row in usual.rows)
    assert set(usual.columns) <= set(MEANINGS)


def test_indicators_and_victim_provisions_by_kind(store: Store) -> None:
    corpus = new_corpus(store)
    first = [block("rights", "rights.recovery", "assistance", conditional=True), block("rights", "assistance"), block("neutral")]
    member(store, corpus, "a", result(blocks=first), kind="treaty")
    member(store, corpus, "b", result(blocks=[block("crime", "crime.punishment")]), kind="treaty")
    member(store, corpus, "c", result(blocks=[block("rights", "new")]), kind="statute")
    rows = ask(store, corpus, What.LABELS).rows
    assert some(rows, kind="treaty", label="assistance") == {
        **{"kind": "treaty", "layer": "victim", "label": "assistance", "documents": 1, "document_share": 0.5},
        **{"provisions": 2, "provision_share": 0.5, "conditional": 1},
    }
    assert some(rows, kind="treaty", label="rights.recovery")["conditional"] is None
    assert some(rows, kind="treaty", label="legal")["documents"] == 0
    assert some(rows, kind="statute", label="new")["document_share"] == 1.0
    assert some(rows, kind="treaty", label="new")["documents"] == 0


def test_strength_elements_and_their_combinations(store: Store) -> None:
    corpus = new_corpus(store)
    said = [("obligation", "mandatory"), ("obligation", "mandatory"), ("right", "qualified")]
    member(store, corpus, "a", result(statements=said, definitions=[["purpose", "act", "means", "act"], []]))
    member(store, corpus, "b", result(statements=[("obligation", "mandatory")], definitions=[["act"]], offences=["act", "means", "means"]))
    member(store, corpus, "c", result(offences=["child"]))
    strength = ask(store, corpus, What.STRENGTH).rows
    assert some(strength, type="obligation", strength="mandatory") == {
        **{"type": "obligation", "strength": "mandatory", "documents": 2, "document_share": 0.6667},
        **{"statements": 3, "statement_share": 0.75},
    }
    assert len(strength) == 15
    names = ("element", "documents", "document_share", "definitions", "definition_share", "offences")
    assert table(ask(store, corpus, What.DEFINITIONS), *names) == [
        ("act", 2, 0.6667, 2, 1.0, 1),
        ("means", 2, 0.6667, 1, 0.5, 2),
        ("purpose", 1, 0.3333, 1, 0.5, 0),
        ("consent", 0, 0.0, 0, 0.0, 0),
        ("child", 1, 0.3333, 0, 0.0, 1),
    ]
    assert table(ask(store, corpus, What.COMBINATIONS), "elements", "documents", "definitions", "definition_share") == [
        ("act + means + purpose", 1, 1, 0.5),
        ("act", 1, 1, 0.5),
    ]


def test_co_occurrence_against_chance(store: Store) -> None:
    corpus = new_corpus(store)
    both = block("rights", "rights.recovery", "assistance", "legal")
    member(store, corpus, "a", result(blocks=[both, both, block("rights", "assistance"), block("neutral")]))
    member(store, corpus, "b", result(blocks=[both, *[block("neutral")] * 4]))
    rows = ask(store, corpus, What.COOCCURRENCE).rows
    assert some(rows, one="rights.recovery", other="assistance") == {
        **{"one": "rights.recovery", "other": "assistance", "documents": 2, "provisions": 3},
        **{"expected": 1.33, "lift": 2.25, "jaccard": 0.75, "of_one": 1.0, "of_other": 0.75},
    }
    assert some(rows, one="assistance", other="legal")["jaccard"] == 0.75
    nothing = some(rows, one="crime.punishment", other="child")
    assert (nothing["provisions"], nothing["expected"], nothing["lift"], nothing["jaccard"]) == (0, 0.0, None, None)
    assert len(rows) == 19 * 18 / 2


def test_what_a_document_does_not_say_its_version_or_its_work_says(store: Store) -> None:
    """In this order: the document, the version, what users say of the work, the catalogue; no text of a named version is dated by its work."""
    corpus = new_corpus(store)
    member(store, corpus, "own", result(), work="achr-1969", date="2001", body="Mine", kind="mine")
    member(store, corpus, "catalogue", result(), work="achr-1969")
    member(store, corpus, "version", result(), work="achr-1969", version="as amended")
    member(store, corpus, "said", result(), work="new-act")
    dated = member(store, corpus, "dated", result(), work="new-act", version="second")
    with store.transaction() as tx:
        works.set_facts(tx, "new-act", {"body": "Parliament", "kind": "statute", "adopted": "1985-01-01"})
        version = works.versions_of(tx, "new-act")[0]
        assert version.document_ids == (dated,)
        works.set_version(tx, version.id, {"date": "1990-02"})
    crossed = ask(store, corpus, What.FRAMING, By.YEAR, By.BODY)
    assert {(row["year"], row["body"]) for row in crossed.rows if row["documents"]} == {
        ("2001", "Mine"),
        ("1969", "OAS"),
        ("unknown", "OAS"),
        ("1985", "Parliament"),
        ("1990", "Parliament"),
    }
    kinds = ask(store, corpus, What.FRAMING, By.WORK, By.KIND)
    assert {(row["work"], row["kind"]): row["documents"] for row in kinds.rows if row["framing"] == "crime"} == {
        ("achr-1969", "treaty"): 2,
        ("achr-1969", "mine"): 1,
        ("new-act", "statute"): 2,
    }


def test_a_corpus_of_another_space_has_no_figures(store: Store) -> None:
    corpus = new_corpus(store, space="theirs")
    member(store, corpus, "a", result(), space="theirs", kind="secret")
    assert sum(row["documents"] for row in ask(store, corpus, What.FRAMING, By.NONE, space="theirs").rows) == 1  # type: ignore[misc]
    found = ask(store, corpus, What.FRAMING, By.KIND)
    assert (found.counted.documents, found.rows) == (0, ())


@pytest.mark.parametrize(
    ("what", "by"),
    [
        (What.FRAMING, [By.YEAR, By.DECADE]),
        (What.FRAMING, [By.KIND, By.KIND]),
        (What.FRAMING, [By.KIND, By.NONE]),
        (What.FRAMING, [By.KIND, By.BODY, By.YEAR]),
        (What.COOCCURRENCE, [By.KIND]),
    ],
)
def test_groupings_without_a_meaning_are_refused(store: Store, what: What, by: list[By]) -> None:
    with pytest.raises(BadGrouping):
        ask(store, new_corpus(store), what, *by)


def test_years_are_read_and_many_groups_gathered() -> None:
    dates = [("1999", 2), ("2001", 1), (None, 1), ("19 M", 1), ("١٩٩٩", 1), ("200", 1)]
    years = groups_of([By.YEAR], [((date,), number) for date, number in dates])
    assert years.documents == {("1999",): 2, ("2001",): 1, ("unknown",): 4}
    many = groups_of([By.BODY], [((f"body {n:03}",), 2 if n == 7 else 1) for n in range(MOST[1] + 5)] + [((None,), 9)])
    assert len(many.documents) == MOST[1] + 2
    assert next(iter(many.documents.items())) == (("body 007",), 2)
    assert list(many.documents.items())[-2:] == [(("all others",), 5), (("unknown",), 9)]
    assert many.of((f"body {MOST[1] + 4:03}",)) == ("all others",)


def test_figures_are_those_of_a_plain_count_over_the_annotations(store: Store) -> None:
    """A corpus by chance, counted here from the annotated documents themselves."""
    chance, corpus = random.Random(6), new_corpus(store)
    labels = ["crime.punishment", "rights.recovery", "assistance", "legal", "child"]
    made: list[tuple[str | None, Json]] = []
    for n in range(40):
        blocks = [
            block(chance.choice(["crime", "rights", "neutral"]), *chance.sample(labels, chance.randint(0, 3)))
            for _ in range(chance.randint(0, 5))
        ]
        one = result(chance.choice(["crime", "rights", "hybrid"]), blocks=blocks)
        kind = chance.choice(["treaty", "statute", None])
        made.append((kind, one))
        member(store, corpus, f"{n}", one, **({"kind": kind} if kind else {}))
    for row in ask(store, corpus, What.LABELS, By.KIND).rows:
        mine = [one["blocks"] for kind, one in made if (kind or "unknown") == row["kind"]]
        carried = [sum(row["label"] in {**b["indicators"], **b["victim"]} for b in blocks) for blocks in mine]
        assert (row["documents"], row["provisions"]) == (sum(map(bool, carried)), sum(carried))
        assert row["document_share"] == round(sum(map(bool, carried)) / len(mine), 4)
    every = [{*b["indicators"], *b["victim"]} for _, one in made for b in one["blocks"]]
    for row in ask(store, corpus, What.COOCCURRENCE).rows:
        assert row["provisions"] == sum({row["one"], row["other"]} <= carried for carried in every)


def test_no_annotation_is_opened_and_the_work_is_left_to_the_database(store: Store) -> None:
    """However many documents there are, the same few statements, and none reads a result."""
    corpus, said = new_corpus(store), []
    event.listen(store.engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    def statements() -> list[str]:
        said.clear()
        for what in What:
            ask(store, corpus, what)
        return list(said)

    member(store, corpus, "first", result(blocks=[block("crime")]))
    few = statements()
    for n in range(12):
        member(store, corpus, f"{n}", result(blocks=[block("rights", "legal")]), date=str(1990 + n))
    assert statements() == few
    assert not any("annotations.result" in one for one in few)


def test_annotations_of_before_are_counted_anew(database_url: str, tmp_path: Any) -> None:
    store = open_store(database_url, str(tmp_path / "files"))
    migrate(store, "0008")
    corpus, made = new_corpus(store), result("rights", 0.75, [block("rights", "legal", conditional=True)], definitions=[["act", "means"]])
    member(store, corpus, "a", made)
    with store.transaction() as tx:  # as the program of that time left it
        annotation = tx.execute(select(annotation_table.c.id)).scalar_one()
        tx.execute(sql_delete(fact_table))
        tx.execute(insert(fact_table).values(annotation_id=annotation, layer="framing", label="rights", number=1))
    migrate(store)
    with store.reading() as tx:
        rows = [dict(row) for row in tx.execute(select(fact_table.c["layer", "label", "number"])).mappings()]
    assert sorted(rows, key=str) == sorted(facts_of(made), key=str)
    assert some(ask(store, corpus, What.BALANCE, By.NONE).rows, documents=1)["median"] == 0.75
    store.close()


def test_what_is_deleted_is_no_longer_counted(store: Store) -> None:
    corpus = new_corpus(store)
    gone = member(store, corpus, "a", result("crime"))
    member(store, corpus, "b", result("rights"))
    with store.transaction() as tx:
        documents.delete(tx, gone)
    found = ask(store, corpus, What.FRAMING, By.NONE)
    assert (found.counted.documents, some(found.rows, framing="crime")["documents"]) == (1, 0)
    with store.reading() as tx:
        assert len(documents.page(tx, filters=Filters(corpus=corpus)).items) == 1
        assert corpora.get(tx, corpus)


def test_the_store_counts_every_role_of_an_element() -> None:
    assert tuple(role.value for role in ElementRole) == ROLES
