"""Trains the syntax pipeline from a Universal Dependencies treebank: `python -m models.syntax_training TREEBANK [OUT]`.

TREEBANK is a folder with `*-ud-train.conllu`, `*-ud-dev.conllu` and `*-ud-test.conllu`; about half an hour on one core.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from spacy.cli.convert import convert
from spacy.cli.evaluate import evaluate
from spacy.cli.train import train
from thinc.api import NumpyOps, set_current_ops

from models.manifest import write_manifest

RECIPE = Path(__file__).parent / "recipes" / "syntax.cfg"
OUT = Path(__file__).parent / "weights" / "syntax"
FIGURES = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "speed")


class TreebankMissing(FileNotFoundError):
    """The folder holds no treebank in CoNLL-U form."""


def train_syntax(treebank: Path, out: Path = OUT) -> dict[str, float]:
    """Trains, writes the best pipeline with its manifest to `out`, and returns its scores on the test part; raises TreebankMissing."""
    set_current_ops(NumpyOps(use_blis=False))
    with tempfile.TemporaryDirectory() as work:
        parts = {part: _converted(treebank, part, Path(work)) for part in ("train", "dev", "test")}
        run = Path(work) / "run"
        train(RECIPE, run, overrides={"paths.train": str(parts["train"]), "paths.dev": str(parts["dev"])})
        scores = evaluate(str(run / "model-best"), parts["test"], silent=True)
        keep_notes(out, run / "model-best")
    write_manifest(out)
    return {name: round(float(scores[name]), 4) for name in FIGURES if scores.get(name)}


def keep_notes(out: Path, fresh: Path) -> None:
    """Puts the fresh pipeline in the place of the old one; the card stays."""
    card = (out / "README.md").read_bytes() if (out / "README.md").is_file() else None
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(fresh, out)
    if card is not None:
        (out / "README.md").write_bytes(card)


def _converted(treebank: Path, part: str, work: Path) -> Path:
    found = sorted(treebank.glob(f"*-ud-{part}.conllu"))
    if not found:
        raise TreebankMissing(f"{treebank} holds no *-ud-{part}.conllu")
    convert(found[0], work, file_type="spacy", n_sents=10, converter="conllu", silent=True)
    return work / f"{found[0].stem}.spacy"


if __name__ == "__main__":
    print(json.dumps(train_syntax(*(Path(a) for a in sys.argv[1:3])), indent=1))
