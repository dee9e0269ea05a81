"""Students of several teachers: each teacher judges works that it has not seen, and students learn what was coded beside what it says.

After Hinton et al. 2015, "Distilling the Knowledge in a Neural Network"; the mean of the students' weights is the model (Wortsman et al.
2022, "Model soups").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from corpora.gold.examples import CodedExample
from corpora.gold.folds import folds_by_work
from models.checkpoint import once
from models.classifier import Classifier, started
from models.decision import fit_decision, undecided
from models.encoder import Pair, PairTokenizer
from models.labeller import Labeller
from models.training import Example, Progress, Recipe, digest_of, name_of, train

Floats = NDArray[np.float64]
Stage = Callable[[str], Progress]
SHARE = 0.7  # the part that the hand's label has in what a student learns of a coded block
UNCODED = 0.6  # the weight of a block that teachers alone labelled
TEACHER = Recipe(epochs=5, rate=1.6e-4)
# They begin from the same weights and learn in the same order: the mean of two that went other ways would be no model.
STUDENTS = (Recipe(epochs=6, rate=1.6e-4, gamma_negative=0.0), Recipe(epochs=6, rate=1.6e-4, gamma_negative=0.5, decay=0.95))


@dataclass(frozen=True, slots=True)
class School:
    """The recipes of teachers, one for each fold of the works, and of students."""

    teachers: tuple[Recipe, ...]
    students: tuple[Recipe, ...]

    def trainings(self) -> list[tuple[str, Recipe]]:
        """Every training's name and recipe, in order."""
        both = (("teacher", self.teachers), ("student", self.students))
        return [(f"{who} {n} of {len(recipes)}", recipe) for who, recipes in both for n, recipe in enumerate(recipes, 1)]


@dataclass(frozen=True, slots=True)
class Lessons:
    """What there is to learn: coded blocks of instruments, written provisions, and blocks that nobody coded."""

    taught: Sequence[CodedExample]
    written: Sequence[CodedExample] = ()
    uncoded: Sequence[Pair] = ()

    def coded(self) -> list[Example]:
        """All examples with labels by hand."""
        return [one.example for one in (*self.taught, *self.written)]


@dataclass(frozen=True, slots=True)
class Room:
    """Where trainings take place: `begin` gives the untaught classifier anew, `stage` hears of each training's progress by its name.

    In the folder `kept` stands what each training came to, so that an interrupted work goes on from there.
    """

    begin: Callable[[], Classifier]
    tokenizer: PairTokenizer
    stage: Stage
    kept: Path | None = None

    def file(self, name: str) -> Path | None:
        return self.kept / f"{name}.safetensors" if self.kept else None

    def train(self, name: str, recipe: Recipe, examples: Sequence[Example]) -> Classifier:
        return train(self.begin(), self.tokenizer, examples, recipe, self.stage(name), self.file(f"{name}, standing"))


def school(teachers: int, students: int, seed: int, epochs: int | None = None) -> School:
    """The shipped recipe for so many; `epochs` instead of its own. Students past the second read in another order."""
    shown = {} if epochs is None else {"epochs": epochs}
    return School(
        tuple(replace(TEACHER, seed=seed + n, **shown) for n in range(teachers)),
        tuple(replace(STUDENTS[n % 2], seed=seed + n // 2, **shown) for n in range(students)),
    )


def distil(plan: School, lessons: Lessons, room: Room) -> tuple[Classifier, list[dict[str, object]]]:
    """The mean of the students, and what each training was; raises ValueError where there are fewer works than teachers."""
    folds = np.array(folds_by_work([one.name for one in lessons.taught], len(plan.teachers)))
    trainings, notes = plan.trainings(), []
    judged, read = np.zeros((len(folds), len(lessons.taught[0].example.targets))), []
    for n, (name, recipe) in enumerate(trainings[: len(plan.teachers)]):
        own = [one for one, fold in zip(lessons.taught, folds, strict=True) if fold == n]
        others = [one for one, fold in zip(lessons.taught, folds, strict=True) if fold != n]
        examples = Lessons(others, lessons.written).coded()
        logits = _judged(room, name, recipe, examples, [*(one.example.pair for one in own), *lessons.uncoded])
        judged[folds == n], rest = logits[: len(own)], logits[len(own) :]
        read.append(rest)
        notes.append(told(name, recipe, examples))
    examples = _softened(lessons, judged, np.mean(read, axis=0))
    students = [_taught(room, name, recipe, examples) for name, recipe in trainings[len(plan.teachers) :]]
    notes += [told(name, recipe, examples) for name, recipe in trainings[len(plan.teachers) :]]
    mean = room.begin()
    return started(mean, students, mean.shape.labels).eval(), notes


def _judged(room: Room, name: str, recipe: Recipe, examples: Sequence[Example], asked: Sequence[Pair]) -> Floats:
    """What a teacher of these examples says of what it is asked: logits (pairs, labels)."""

    def make() -> dict[str, torch.Tensor]:
        classifier = room.train(name, recipe, examples)
        labeller = Labeller(classifier, room.tokenizer, undecided(classifier.shape.labels), "")
        return {"logits": torch.tensor(labeller.read(asked).logits)}

    training = f"{name_of(room.begin(), recipe, examples)} {digest_of(Example(pair, ()) for pair in asked)}"
    found: Floats = once(room.file(name), training, make)["logits"].numpy()
    _remove(room.file(f"{name}, standing"))
    return found


def _taught(room: Room, name: str, recipe: Recipe, examples: Sequence[Example]) -> dict[str, torch.Tensor]:
    """The weights of a student of these examples."""
    training = name_of(room.begin(), recipe, examples)
    found = once(room.file(name), training, lambda: room.train(name, recipe, examples).state_dict())
    _remove(room.file(f"{name}, standing"))
    return dict(found)


def _remove(file: Path | None) -> None:
    if file:
        file.unlink(missing_ok=True)


def _softened(lessons: Lessons, judged: Floats, read: Floats) -> list[Example]:
    """What students learn: coded blocks, the judgement of who had not seen them mixed in; written provisions twice; uncoded blocks."""
    truth = np.array([one.example.targets for one in lessons.taught])
    decision = fit_decision([str(n) for n in range(truth.shape[1])], judged, truth)
    mixed = SHARE * truth + (1 - SHARE) * decision.probabilities(judged)
    soft = [replace(one.example, targets=tuple(map(float, row))) for one, row in zip(lessons.taught, mixed, strict=True)]
    said = decision.probabilities(read)
    unread = [Example(pair, tuple(map(float, row)), UNCODED) for pair, row in zip(lessons.uncoded, said, strict=True)]
    return [*soft, *(one.example for one in lessons.written for _ in range(2)), *unread]


def told(name: str, recipe: Recipe, examples: Sequence[Example]) -> dict[str, object]:
    """A training for the manifest."""
    return {"stage": name, "blocks": len(examples), "data": f"sha256:{digest_of(examples)}", "recipe": asdict(recipe)}
