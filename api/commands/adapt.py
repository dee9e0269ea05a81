"""`lexframe train --few`: the shipped provision model adjusted to reviewed blocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.commands.refused import Refused


def adapt_model(gold: Sequence[Path], texts: Path | None, out: Path | None) -> None:
    """Writes the adjusted model to `out` and says what it changed; raises Refused where there is nothing to learn from."""
    if not gold or texts is None or out is None:
        raise Refused("--gold, --texts and --out are needed")
    from corpora.gold.adapt import adapt_to
    from corpora.gold.fit import NothingToTrainOn
    from corpora.gold.read import BadGold, read_gold
    from models.adapting import TooFewExamples
    from nlp.annotate import WEIGHTS

    try:
        found = adapt_to(WEIGHTS / "provisions", [one for folder in gold for one in read_gold(folder, texts)], out)
    except (BadGold, NothingToTrainOn, TooFewExamples) as error:
        raise Refused(str(error)) from error
    print(f"{found.blocks} coded blocks. F1 on blocks held back: {found.f1_before:.3f} before, {found.f1_after:.3f} after.")
    if not found.adjusted:
        print("No adjustment foretells held-back blocks better than the model as it is: it stays as it was.")
    for one in found.changes:
        if one.gained or one.lost:
            print(f"{one.label}: coded on {one.positives}, now given to {one.gained} more and taken from {one.lost} of the coded blocks")
    print(f"Use it with LEXFRAME_MODEL={out}")
