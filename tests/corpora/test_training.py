"""`lexframe train` from gold files to a model, with an encoder small enough for seconds."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.commands.refused import Refused
from api.commands.train import Lessons, Plan, train_model
from corpora.gold import distil, fit
from corpora.gold.examples import examples_of, uncoded_pairs
from corpora.gold.folds import folds_by_work, work_of
from corpora.gold.read import read_gold
from models.labeller import load_labeller
from models.training import Recipe
from nlp.codebook import codebook
from tests.models.small import small_encoder, small_tokenizer

LABELS = Path(__file__).parents[2] / "corpora" / "gold"
PLAN = Plan(seed=3, epochs=2, teachers=2, students=2)
CRIME, HELP = "Each state shall punish whoever moves a {}.", "Each state shall assist the {} and give shelter."


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    small_encoder().save_pretrained(folder)
    small_tokenizer(folder)
    return folder


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    """Three works in four texts, one work held out, and a text that nobody coded."""
    folder = tmp_path_factory.mktemp("lessons")
    chance = random.Random(1)
    for kind, names in {"gold": ("one-1990", "one-2001", "two-1995", "three-2010"), "dev": ("four-2000",), "free": ("five-2005",)}.items():
        (folder / kind).mkdir()
        (folder / "texts").mkdir(exist_ok=True)
        for name in names:
            lines, rows = [f"Treaty {name}"], []
            for _ in range(8):
                crime = chance.random() < 0.5
                rows.append(
                    {"b": 2 * len(lines), "i": ["crime.punishment"] if crime else ["rights.recovery"], "v": [] if crime else ["assistance"]}
                )
                lines.append((CRIME if crime else HELP).format(" ".join(chance.choices(("victim", "police", "court"), k=3))))
            (folder / "texts" / f"{name}.txt").write_text("\n\n".join(lines) + "\n")
            (folder / kind / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "list.txt").write_text("five-2005\n")
    return Lessons([folder / "gold"], folder / "dev", folder / "texts", uncoded=folder / "list.txt")


@pytest.fixture(scope="module")
def model(encoder: Path, lessons: Lessons, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "model"
    train_model(lessons, out, str(encoder), PLAN)
    return out


def test_a_model_says_what_it_was_made_of(model: Path, encoder: Path, lessons: Lessons) -> None:
    assert load_labeller(model).labels == codebook().keys()
    made = json.loads((model / "manifest.json").read_text())["made"]
    assert [stage["stage"] for stage in made["stages"]] == ["teacher 1 of 2", "teacher 2 of 2", "student 1 of 2", "student 2 of 2"]
    assert [stage["recipe"]["seed"] for stage in made["stages"]] == [3, 4, 3, 3]
    assert {name: data["blocks"] for name, data in made["data"].items()} == {"gold": 32, "written": 0, "uncoded": 4, "held out": 8}
    assert [stage["blocks"] for stage in made["stages"]] == [16, 16, 36, 36]
    assert len({stage["data"] for stage in made["stages"]}) == 3
    assert all(digest.startswith("sha256:") for digest in (made["encoder"], *(data["digest"] for data in made["data"].values())))
    assert [f.name for f in model.parent.iterdir()] == [model.name]


def test_an_interrupted_one_comes_to_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch, model: Path, encoder: Path, lessons: Lessons, tmp_path: Path
) -> None:
    """Cut in the second teacher and again in the second student; what was whole is not done again."""
    out, done = tmp_path / "model", []
    plain = distil.train

    def cut_at(last: int) -> None:
        def cut(*given: object) -> object:
            done.append(given)
            if len(done) == last:
                raise KeyboardInterrupt
            return plain(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(distil, "train", cut)

    for last in (2, 5):
        cut_at(last)
        with pytest.raises(KeyboardInterrupt):
            train_model(lessons, out, str(encoder), PLAN)
    cut_at(0)
    train_model(lessons, out, str(encoder), PLAN)
    assert len(done) == 6
    assert {f.name: f.read_bytes() for f in out.iterdir()} == {f.name: f.read_bytes() for f in model.iterdir()}


def test_what_was_kept_of_another_training_is_refused(
    encoder: Path, lessons: Lessons, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "save_classifier", stop)
    with pytest.raises(KeyboardInterrupt):
        train_model(lessons, tmp_path / "model", str(encoder), PLAN)
    with pytest.raises(Refused, match="another recipe or other examples"):
        train_model(lessons, tmp_path / "model", str(encoder), replace(PLAN, seed=4))


def test_one_training_is_a_recipe_too(encoder: Path, lessons: Lessons, tmp_path: Path) -> None:
    """By the command line, as a user gives it."""
    given = {"gold": lessons.gold[0], "dev": lessons.dev, "texts": lessons.texts, "encoder": encoder, "out": tmp_path / "model"}
    options = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    done = CliRunner().invoke(app, ["train", *options, "--epochs", "1", "--seed", "3"])
    assert done.exit_code == 0, done.output
    (stage,) = json.loads((tmp_path / "model" / "manifest.json").read_text())["made"]["stages"]
    assert (stage["stage"], stage["blocks"], stage["recipe"]["epochs"], stage["recipe"]["seed"]) == ("training", 32, 1, 3)


def wrong(lessons: Lessons, folder: Path) -> Iterator[tuple[Lessons, Plan, str]]:
    for name, text in {"held": "four-2019\n", "gone": "nobody\n"}.items():
        (folder / name).write_text(text)
    yield replace(lessons, uncoded=folder / "held"), PLAN, "of a work that --dev holds out"
    yield replace(lessons, uncoded=folder / "gone"), PLAN, "there is no nobody.txt"
    yield lessons, Plan(3), "--uncoded needs --teachers"
    yield replace(lessons, start=[folder]), PLAN, "--start goes with one training"
    yield lessons, replace(PLAN, teachers=1), "two are the fewest"
    yield lessons, replace(PLAN, teachers=4), "4 teachers need as many works, and there are 3"
    yield replace(lessons, dev=None), PLAN, "--dev"


def test_what_cannot_be_is_refused_in_one_line(encoder: Path, lessons: Lessons, tmp_path: Path) -> None:
    for given, plan, said in wrong(lessons, tmp_path):
        with pytest.raises(Refused, match=said):
            train_model(given, tmp_path / "out", str(encoder), plan)
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_students_learn_the_hand_and_the_teacher_and_written_provisions_twice() -> None:
    taught = examples_of(read_gold_of("Each state shall punish.", {"indicators/crime.punishment"}), codebook())
    width = len(taught[0].example.targets)
    given = distil.Lessons(taught * 6, taught, [taught[0].example.pair])
    judged = np.linspace(-3, 3, 6)[:, None] * np.ones(width)
    soft = distil._softened(given, judged, judged[:1])
    assert [example.weight for example in soft] == [1.0] * 8 + [distil.UNCODED]
    yes = taught[0].example.targets.index(1.0)
    first = [example.targets[yes] for example in soft[:6]]
    assert first == sorted(first)
    assert all(distil.SHARE <= target < 1.0 for target in first)
    assert [example.targets for example in soft[6:8]] == [taught[0].example.targets] * 2
    assert 0 < soft[8].targets[yes] < 1


def read_gold_of(line: str, labels: set[str]) -> list[fit.GoldDocument]:
    return [fit.GoldDocument("one-1990", f"Treaty\n\n{line}\n", {2: frozenset(labels)})]


@pytest.mark.parametrize(
    ("name", "work"),
    [("crc-1989-am1995", "crc"), ("crc-1989", "crc"), ("us-tvpa-22usc78-2023", "us-tvpa-22usc78"), ("slavery-convention-1926-am1953", "slavery-convention"),
     ("crc-gc13-2011", "crc-gc13"), ("us-18usc77-2013-07", "us-18usc77"), ("echr-p14", "echr-p14"), ("ilo-c029-1930", "ilo-c029")],
)  # fmt: skip
def test_versions_are_of_one_work(name: str, work: str) -> None:
    assert work_of(name) == work


def test_folds_keep_works_whole_and_hold_alike() -> None:
    names = ["a-1990"] * 5 + ["a-2000"] * 4 + ["b-1990"] * 6 + ["c-1990"] * 5 + ["d-1990"] * 2
    folds = folds_by_work(names, 2)
    assert {work: {f for n, f in zip(names, folds, strict=True) if work_of(n) == work} for work in "abcd"} == {
        "a": {0},
        "b": {1},
        "c": {1},
        "d": {0},
    }
    with pytest.raises(ValueError, match="4 works cannot be divided among 5"):
        folds_by_work(names, 5)


def test_uncoded_passages_are_new_words(lessons: Lessons) -> None:
    assert lessons.dev
    assert lessons.texts
    coded = examples_of(read_gold(lessons.dev, lessons.texts), codebook())
    text = (lessons.texts / "four-2000.txt").read_text() + "\nEach state shall inform the others.\n\nEach state shall inform the others.\n"
    assert [pair.text for pair in uncoded_pairs([text], coded)] == ["Each state shall inform the others."]


def test_the_shipped_recipe_teaches_students_alike_but_for_how_they_learn() -> None:
    plan = distil.school(5, 4, seed=7)
    assert [recipe.seed for recipe in plan.teachers] == [7, 8, 9, 10, 11]
    assert [(recipe.seed, recipe.gamma_negative) for recipe in plan.students] == [(7, 0.0), (7, 0.5), (8, 0.0), (8, 0.5)]
    assert distil.school(2, 2, 7, epochs=1).students[1] == replace(distil.STUDENTS[1], epochs=1, seed=7)
    assert distil.TEACHER.epochs == Recipe().epochs + 1


def test_no_blind_and_no_held_out_work_is_labelled_by_teachers(instruments: Path) -> None:
    names = (LABELS / "uncoded.txt").read_text().split()
    held_out = {work_of(f.stem) for f in (instruments.parent / "gold" / "dev").glob("*.jsonl")}
    assert not held_out & set(map(work_of, names))
    assert all((instruments / f"{name}.txt").is_file() for name in names)
