from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from corpora.gold.examples import examples_of, learnt_labels
from corpora.gold.read import BadGold, read_gold
from corpora.gold.written import read_written
from nlp.codebook import codebook

TEXT = "Harbour Treaty\n\nArticle 1\n\nEach Party shall punish smugglers.\n\nEach Party shall help victims.\n\nThis line was not coded.\n"
LABELS = Path(__file__).parents[2] / "corpora" / "gold" / "labels"
WRITTEN = LABELS.parent / "written"


def written(tmp_path: Path, rows: list[dict[str, object]], coverage: object = None) -> tuple[Path, Path]:
    gold, texts = tmp_path / "gold", tmp_path / "texts"
    gold.mkdir()
    texts.mkdir()
    (gold / "harbour.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (texts / "harbour.txt").write_text(TEXT)
    if coverage is not None:
        (gold / "coverage.json").write_text(json.dumps({"harbour": coverage}))
    return gold, texts


ROWS: list[dict[str, object]] = [{"b": 4, "i": ["crime.punishment"], "p": ["prosecution"]}, {"b": 6, "v": ["assistance"], "c": 1}]


@pytest.mark.parametrize(("coverage", "coded"), [(None, {0, 2, 4, 6, 8}), (6, {0, 2, 4, 6}), ([[4, 4], [8, 8]], {4, 8})])
def test_what_was_coded(tmp_path: Path, coverage: object, coded: set[int]) -> None:
    (document,) = read_gold(*written(tmp_path, ROWS, coverage))
    assert set(document.coded) == coded
    assert document.coded[4] == {"indicators/crime.punishment", "four_p/prosecution"}


def test_examples_are_read_as_the_pipeline_reads(tmp_path: Path) -> None:
    keys = learnt_labels(codebook())
    found = {e.line: e.example for e in examples_of(read_gold(*written(tmp_path, ROWS, 6)), codebook())}
    assert set(found) == {4, 6}
    assert found[6].pair.text == "Each Party shall help victims."
    assert "Each Party shall punish smugglers." in found[6].pair.context
    assert "not coded" not in found[6].pair.context
    assert dict(zip(keys, found[6].targets, strict=True))["conditional/conditional"] == 1.0
    assert {k for k, t in zip(keys, found[4].targets, strict=True) if t} == {
        "indicators/crime.punishment", "four_p/prosecution", "any/crime", "any/four_p",
    }  # fmt: skip


def test_written_provisions_are_examples(tmp_path: Path) -> None:
    rows = [{"text": "A nurse is on call.", "context": "Homes", "kind": "policy", "i": ["rights.recovery"], "v": ["assistance"], "p": []}]
    (tmp_path / "homes.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (example,) = read_written(tmp_path, codebook())
    said = {k for k, t in zip(learnt_labels(codebook()), example.example.targets, strict=True) if t}
    assert said == {"indicators/rights.recovery", "victim/assistance", "any/rights", "any/victim"}
    assert example.example.pair.context.endswith("Homes")


@pytest.mark.parametrize("line", ["{", "[]", '{"text": ""}', '{"text": "x", "v": ["nothing"]}'])
def test_a_bad_written_provision_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "homes.jsonl").write_text('{"text": "A nurse is on call."}\n' + line + "\n")
    with pytest.raises(BadGold, match=r"homes\.jsonl, line 2"):
        read_written(tmp_path, codebook())


def test_written_provisions_are_no_held_out_work_in_other_words(instruments: Path) -> None:
    """Whoever writes from memory of a real instrument teaches the model its wording; runs of eight words give that away."""
    gold = instruments.parent / "gold"
    held_out = {f.stem for f in (gold / "dev").glob("*.jsonl")}
    blind = re.findall(r"[a-z]+(?:-[a-z0-9]+)+-?\*?", (gold / "BLIND.md").read_text()) if (gold / "BLIND.md").is_file() else []
    named = [f for f in instruments.glob("*.txt") if f.stem in held_out or any(fnmatch(f.stem, name) for name in blind)]
    texts = {f.stem: eights(f.read_text()) for f in named}
    assert texts
    for file in WRITTEN.glob("*.jsonl"):
        ours = set().union(*(eights(json.loads(line)["text"]) for line in file.read_text().splitlines()))
        assert {name: len(ours & theirs) for name, theirs in texts.items() if len(ours & theirs) > 3} == {}, file.name


def eights(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


@pytest.mark.parametrize("line", ["{", '{"i": []}', '{"b": "x"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    gold, texts = written(tmp_path, ROWS)
    with (gold / "harbour.jsonl").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(BadGold, match=r"harbour\.jsonl, line 3"):
        read_gold(gold, texts)


def test_our_labels_hold_no_text_and_only_labels_of_the_codebook() -> None:
    known = {label.name for label in codebook().labels}
    coverage = json.loads((LABELS / "coverage.json").read_text())
    for file in LABELS.glob("*.jsonl"):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        covered = {n for first, last in coverage[file.stem] for n in range(first, last + 1)}
        for row in lines:
            assert row.keys() <= {"b", "i", "v", "c", "p"}
            assert {name for key in "ivp" for name in row.get(key, ())} <= known
            assert row["b"] in covered
        assert len({row["b"] for row in lines}) == len(lines)


def test_no_blind_work_is_among_our_labels(instruments: Path) -> None:
    rules = instruments.parent / "gold" / "BLIND.md"
    if not rules.is_file():
        pytest.skip("the list of blind works is not there")
    names = [word.strip("`,. ").rstrip("*") for word in rules.read_text().replace("·", " ").replace(" and ", " ").split()]
    blind = tuple(n for n in names if n.count("-") >= 2)
    assert len(blind) > 8
    assert [f.stem for f in LABELS.glob("*.jsonl") if f.stem.startswith(blind)] == []
