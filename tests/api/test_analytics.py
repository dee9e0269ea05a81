from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from api import cli
from corpora.analytics.asked import COLUMNS, TITLES, What
from tests.api.service import Served, slug
from tests.api.test_corpora import Through
from tests.corpora.counted import block, member, result

UNKNOWN = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def corpus(served: Served) -> str:
    """Three documents, one of a hostile body, and one that is not annotated."""
    made = str(served.client.post("/v1/corpora", json={"name": "Treaties"}).json()["id"])
    crime, rights = block("crime", "crime.punishment"), block("rights", "rights.recovery", "assistance")
    said = [("obligation", "mandatory"), ("right", "hortatory")]
    first = result("crime", 0.2, [crime, rights], said, [["act", "means"]])
    member(served.store, made, "a", first, date="1999", kind="treaty", body="UN", title="canary-title")
    member(served.store, made, "b", result("rights", 0.9, [rights]), date="2001", kind="statute", body="=cmd()<script>")
    member(served.store, made, "c", result("rights", 0.7, [rights, rights], offences=["act"]))
    member(served.store, made, "d", None)
    return made


def asked(served: Served, corpus: str, what: str = "framing", **query: Any) -> Any:
    answer = served.client.get(f"/v1/corpora/{corpus}/analytics/{what}", params=query)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_analyses_of_a_corpus_are_listed_with_what_they_count(served: Served, corpus: str) -> None:
    links = served.client.get(f"/v1/corpora/{corpus}").json()["links"]
    found = served.client.get(links["analytics"]).json()
    counted = {name: found["counted"][name] for name in ("documents", "counted", "unannotated", "unsupported")}
    assert counted == {"documents": 4, "counted": 3, "unannotated": 1, "unsupported": {}}
    assert [(one["analysis"], one["title"], one["columns"]) for one in found["items"]] == [
        (what.value, TITLES[what], list(COLUMNS[what])) for what in What
    ]
    for one in found["items"]:
        answer = served.client.get(one["link"]).json()
        assert (answer["analysis"], answer["by"], answer["counted"]["counted"]) == (one["analysis"], one["by"], 3)
        assert answer["rows"]
        assert all(list(row) == list(answer["columns"]) for row in answer["rows"])
        assert served.client.get(answer["links"]["self"]).json() == answer


def test_framing_is_grouped_as_asked(served: Served, corpus: str) -> None:
    found = asked(served, corpus, by=["decade", "kind"]).json()
    assert found["by"] == ["decade", "kind"]
    assert [(row["decade"], row["kind"], row["documents"]) for row in found["rows"] if row["framing"] == "rights"] == [
        ("1990s", "treaty", 0),
        ("2000s", "statute", 1),
        ("unknown", "unknown", 1),
    ]
    assert [row["documents"] for row in asked(served, corpus, by="none").json()["rows"]] == [1, 2, 0, 0]


@pytest.mark.parametrize("what", What)
def test_each_analysis_is_a_table_and_a_chart(served: Served, corpus: str, what: What) -> None:
    whole = asked(served, corpus, what).json()
    table = asked(served, corpus, what, format="csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [list(row.values()) for row in rows] == [
        ["" if value is None else str(value) for value in row.values()] for row in whole["rows"]
    ]
    assert asked(served, corpus, what, format="svg").text.startswith("<svg")
    assert asked(served, corpus, what, format="png", dark=True).content.startswith(b"\x89PNG")
    spec = asked(served, corpus, what, format="vl").json()
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert spec["description"].startswith(TITLES[what])


@pytest.mark.parametrize("what", [what for what in What if what is not What.COOCCURRENCE])
def test_charts_by_two_traits_have_all_their_groups(served: Served, corpus: str, what: What) -> None:
    drawn = asked(served, corpus, what, by=["kind", "year"], format="svg").text
    assert {name for name in ("treaty", "statute", "unknown", "1999", "2001") if f">{name}<" not in drawn} == set()


def test_a_table_has_its_columns_where_it_has_no_rows(served: Served) -> None:
    empty = served.client.post("/v1/corpora", json={"name": "Empty"}).json()["id"]
    assert asked(served, empty, format="csv").content.decode("utf-8-sig").strip() == ",".join(["year", *COLUMNS[What.FRAMING]])
    assert asked(served, empty, format="svg").text.startswith("<svg")
    assert asked(served, empty).json()["rows"] == []


def test_a_formula_among_the_bodies_is_no_formula_in_a_table_and_no_markup_in_a_chart(served: Served, corpus: str) -> None:
    table = asked(served, corpus, by="body", format="csv").content.decode("utf-8-sig")
    assert "'=cmd()<script>" in table
    assert "\n=cmd" not in table
    drawn = asked(served, corpus, by="body", format="svg").text
    assert "=cmd()&lt;script&gt;" in drawn
    assert "<script" not in drawn


def test_figures_name_no_document(served: Served, corpus: str) -> None:
    for what in What:
        assert "canary" not in json.dumps(asked(served, corpus, what).json())


def command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["lexframe", "corpus", "analytics", *map(str, arguments)])
        status = cli.run()
    out = capsys.readouterr()
    return status, out.out, out.err


def test_the_command_shows_tables_and_writes_charts(
    served: Served, corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.client.httpx.Client", Through(served))
    status, out, _ = command(capsys, "Treaties")
    assert (status, out.splitlines()[:2]) == (
        0,
        ["3 of 4 documents counted; 1 not annotated", "framing       Framing of documents and provisions"],
    )
    status, out, err = command(capsys, "Treaties", "framing", "--by", "decade", "--by", "kind")
    assert (status, err) == (0, "Framing of documents and provisions: 3 of 4 documents counted; 1 not annotated\n")
    assert [line.split() for line in out.splitlines()[:2]] == [
        ["decade", "kind", *COLUMNS[What.FRAMING]],
        ["1990s", "treaty", "crime", "1", "1", "1", "0.5"],
    ]
    status, out, _ = command(capsys, "Treaties", "balance", "--by", "none", "--csv")
    assert (status, next(csv.DictReader(io.StringIO(out)))["median"]) == (0, "0.7")
    assert json.loads(command(capsys, "Treaties", "labels", "--json")[1]) == asked(served, corpus, "labels").json()
    assert len(json.loads(command(capsys, "Treaties", "--json")[1])["items"]) == len(What)
    assert command(capsys, "Treaties", "strength", "-o", tmp_path / "strength.svg")[0] == 0
    assert (tmp_path / "strength.svg").read_bytes() == asked(served, corpus, "strength", format="svg").content
    assert command(capsys, "Treaties", "strength", "-o", tmp_path / "strength.doc")[0] == 1
    assert command(capsys, "Treaties", "magic")[0] == 1
    assert command(capsys, "Treaties", "--csv")[2].startswith("lexframe: say which analysis: framing")
    assert command(capsys, "None")[2] == "lexframe: there is no corpus named 'None'\n"


def test_panels_are_drawn_each_from_its_own_groups(served: Served, corpus: str) -> None:
    spec = asked(served, corpus, "balance", by=["kind", "decade"], format="vl").json()
    assert spec["facet"]["row"]["field"] == "panel"
    assert all("data" not in layer for layer in spec["spec"]["layer"])
    pairs = asked(served, corpus, "cooccurrence", format="vl").json()["encoding"]
    assert pairs["x"]["sort"] == pairs["y"]["sort"]
    assert pairs["x"]["sort"][0] == "Perpetrators"


def test_what_cannot_be_asked(served: Served, corpus: str) -> None:
    def refusal(path: str, **query: Any) -> str:
        return slug(served.client.get(f"/v1/corpora/{path}", params=query))

    assert refusal(f"{corpus}/analytics/framing", by=["year", "decade"]) == "bad-grouping"
    assert refusal(f"{corpus}/analytics/cooccurrence", by="kind") == "bad-grouping"
    assert refusal(f"{corpus}/analytics/framing", by=["year", "kind", "body"]) == "invalid-request"
    assert refusal(f"{corpus}/analytics/magic") == "invalid-request"
    assert refusal(f"{UNKNOWN}/analytics") == refusal(f"{UNKNOWN}/analytics/framing") == "no-such-corpus"
