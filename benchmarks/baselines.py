"""How much of it is the model? `python benchmarks/baselines.py [SHARED]`: simple methods on the same blocks, learning curves, five folds.

Every method learns from the same coded blocks, reads the same words (block and context), and has its thresholds chosen the same way.
Needs the `train` extra, the texts and the gold of SHARED (default ../shared), and about a quarter of an hour on one core.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from api.commands.train import encoder_folder
from corpora.gold.examples import CodedExample, examples_of, truth_of
from corpora.gold.read import read_gold
from models.classifier import encoder_from
from models.decision import decided, fit_decision
from models.encoder import Pair, PairTokenizer, batches_by_length
from models.labeller import load_labeller
from models.metrics import f1, macro_f1
from nlp.annotate import WEIGHTS
from nlp.codebook import codebook

Floats = NDArray[np.float64]
Method = Callable[[Sequence[Pair], Floats, Sequence[Pair]], Floats]
SEED = 20261124
LABELS = codebook().keys()

KEYWORDS = {
    "indicators/crime.perpetrators": "investigat prosecut jurisdiction offender perpetrator accused evidence extradit",
    "indicators/crime.punishment": "offence punish penalt imprison fine confiscat forfeit convict guilty",
    "indicators/crime.enforcement": "police border customs immigration enforcement extradit intelligence",
    "indicators/crime.definition": "trafficking|means recruit coerc exploitation|means fraud",
    "indicators/rights.victims": "victim survivor consent privacy",
    "indicators/rights.recovery": "recover rehabilit shelter counsel compensat reintegrat medical",
    "indicators/rights.services": "social|service non-governmental civil|society health education community",
    "indicators/rights.language": "human|right dignity discriminat equal best|interest freedom entitled poverty",
    "victim/identification": "identif screen referral presum",
    "victim/assistance": "shelter housing medical counsel assistance interpret",
    "victim/legal": "legal|aid legal|assistance lawyer views|and|concerns informed",
    "victim/safety": "safety protect|witness intimidat retaliat reprisal",
    "victim/privacy": "privacy confidential in|camera identity",
    "victim/residence": "residence reflection visa asylum refoulement",
    "victim/repatriation": "repatriat return|of voluntary|return",
    "victim/compensation": "compensat restitution damages",
    "victim/nonpunishment": "not|be|prosecuted not|punish expung vacat non-punish",
    "victim/recovery": "rehabilit reintegrat vocational employment",
    "victim/child": "child|victim guardian best|interest",
    "conditional/conditional": "cooperat|with",
    "four_p/prevention": "prevent awareness demand root|cause education",
    "four_p/protection": "victim protect assistance shelter",
    "four_p/prosecution": "offence prosecut punish penalt jurisdiction investigat imprison",
    "four_p/partnership": "cooperat coordinat exchange|of partner",
}


def keywords(taught: Sequence[Pair], truth: Floats, asked: Sequence[Pair]) -> Floats:
    """How many of a label's word beginnings stand in the block."""
    lists = [[w.replace("|", " ") for w in KEYWORDS[label].split()] for label in LABELS]
    return np.array([[sum(w in p.text.lower() for w in words) - 1.0 for words in lists] for p in asked])


def tfidf(taught: Sequence[Pair], truth: Floats, asked: Sequence[Pair]) -> Floats:
    """Words and pairs of words of the block, words of its context; logistic regression."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    own = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=60_000)
    around = TfidfVectorizer(min_df=3, sublinear_tf=True, max_features=15_000)
    x = hstack([own.fit_transform([p.text for p in taught]), 0.6 * around.fit_transform([p.context for p in taught])]).tocsr()
    z = hstack([own.transform([p.text for p in asked]), 0.6 * around.transform([p.context for p in asked])]).tocsr()
    return regressed(x, truth, z, 8.0)


def regressed(x: object, truth: Floats, z: object, inverse_penalty: float) -> Floats:
    from sklearn.linear_model import LogisticRegression

    columns = []
    for j in range(truth.shape[1]):
        if not 0 < truth[:, j].sum() < len(truth):
            columns.append(np.full(z.shape[0], -9.0))  # type: ignore[attr-defined]
            continue
        columns.append(LogisticRegression(C=inverse_penalty, solver="liblinear").fit(x, truth[:, j]).decision_function(z))
    return np.stack(columns, axis=1)


class Frozen:
    """The packaged encoder as it comes: mean states of the block and of everything read; logistic regression on them."""

    def __init__(self) -> None:
        folder = encoder_folder(None)
        self.encoder = encoder_from(folder).eval()
        self.tokenizer = PairTokenizer(folder / "tokenizer.json", context_tokens=112, text_tokens=256)
        self.known: dict[Pair, Floats] = {}

    def __call__(self, taught: Sequence[Pair], truth: Floats, asked: Sequence[Pair]) -> Floats:
        return regressed(self.features(taught), truth, self.features(asked), 1.0)

    def features(self, pairs: Sequence[Pair]) -> Floats:
        new = sorted({p for p in pairs if p not in self.known}, key=lambda p: (p.text, p.context))
        rows = [self.tokenizer.windows(p)[0] for p in new]
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            for batch in batches_by_length(rows, 3072):
                states = self.encoder(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask).last_hidden_state.float()
                means = [(states * m.unsqueeze(-1)).sum(1) / m.sum(1, keepdim=True) for m in (batch.own, batch.mask)]
                for at, row in zip(batch.where, torch.cat(means, dim=1).double().numpy(), strict=True):
                    self.known[new[at]] = row * 3
        return np.array([self.known[p] for p in pairs])


def figures(logits: Floats, truth: Floats) -> list[float]:
    """Macro-F1 of indicators, framing, victim types, four Ps, and F1 of any victim type; thresholds chosen on these rows."""
    decision = fit_decision(LABELS, logits, truth)
    return scores(decided(decision, logits), truth > 0.5)


def scores(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> list[float]:
    column = {layer: [j for j, label in enumerate(LABELS) if label.startswith(layer)] for layer in ("indicators", "victim", "four_p")}
    ind, vic, four = (macro_f1(said[:, c], true[:, c]) for c in column.values())
    framing = [np.array([codebook().framing(names_of(row)).value for row in x[:, column["indicators"]]]) for x in (said, true)]
    sides = float(np.mean([f1(np.asarray(framing[0] == k), np.asarray(framing[1] == k)) for k in sorted(set(framing[1]))]))
    return [ind, sides, vic, four, f1(said[:, column["victim"]].any(1), true[:, column["victim"]].any(1))]


def names_of(row: NDArray[np.bool_]) -> list[str]:
    return [label.partition("/")[2] for label, said in zip(LABELS, row, strict=False) if said]


def table(title: str, rows: Sequence[tuple[str, Sequence[float]]]) -> None:
    print(f"\n{title}\n{'':34}{'indicators':>11}{'framing':>9}{'victim':>8}{'four Ps':>9}{'any victim':>12}", flush=True)
    for name, row in rows:
        print(f"{name:34}{row[0]:>11.3f}{row[1]:>9.3f}{row[2]:>8.3f}{row[3]:>9.3f}{row[4]:>12.3f}", flush=True)


def learned(method: Method, taught: Sequence[CodedExample], asked: Sequence[CodedExample]) -> Floats:
    return method([e.example.pair for e in taught], coded(taught), [e.example.pair for e in asked])


def coded(examples: Sequence[CodedExample]) -> Floats:
    return truth_of(examples, LABELS, codebook())


def curve(method: Method, taught: Sequence[CodedExample], dev: Sequence[CodedExample], share: float) -> list[float]:
    """Mean over three draws of works that hold about `share` of the blocks."""
    found = []
    for seed in range(3 if share < 1 else 1):
        works = sorted({e.name for e in taught})
        random.Random(SEED + seed).shuffle(works)
        kept: list[CodedExample] = []
        for work in works:
            if len(kept) < share * len(taught):
                kept += [e for e in taught if e.name == work]
        found.append(figures(learned(method, kept, dev), coded(dev)))
    return [float(x) for x in np.mean(found, axis=0)]


def five_folds(method: Method, examples: Sequence[CodedExample]) -> list[float]:
    """Every work is judged by what learnt from other works; thresholds of a fold are those that fit the other four's predictions."""
    works = sorted({e.name for e in examples})
    random.Random(SEED).shuffle(works)
    fold = np.array([works.index(e.name) % 5 for e in examples])
    logits = np.zeros((len(examples), len(LABELS)))
    for k in range(5):
        at = np.flatnonzero(fold == k)
        logits[at] = learned(method, [e for e, f in zip(examples, fold, strict=True) if f != k], [examples[int(i)] for i in at])
    truth = coded(examples)
    said = np.zeros(truth.shape, dtype=bool)
    for k in range(5):
        said[fold == k] = decided(fit_decision(LABELS, logits[fold != k], truth[fold != k]), logits[fold == k])
    return scores(said, truth > 0.5)


def main(shared: Path) -> None:
    texts = shared / "instruments"
    own = Path(__file__).parents[1] / "corpora" / "gold" / "labels"
    taught = [e for folder in (shared / "gold" / "train", own) for e in examples_of(read_gold(folder, texts), codebook())]
    dev = examples_of(read_gold(shared / "gold" / "dev", texts), codebook())
    frozen = Frozen()
    learners: list[tuple[str, Method]] = [("TF-IDF, logistic regression", tfidf), ("frozen encoder, logistic regression", frozen)]
    methods: list[tuple[str, Method]] = [("keyword lists", keywords), *learners]
    most = np.tile(coded(taught).mean(0) > 0.5, (len(dev), 1))
    rows = [("majority", scores(most, coded(dev) > 0.5))]
    rows += [(name, figures(learned(method, taught, dev), coded(dev))) for name, method in methods]
    labeller = load_labeller(WEIGHTS / "provisions")
    logits = labeller.read([e.example.pair for e in dev]).logits
    table("Held-out works", [*rows, ("the model", scores(decided(labeller.decision, logits), coded(dev) > 0.5))])
    for name, method in learners:
        table(f"Learning curve: {name}", [(f"{share:.0%} of the works", curve(method, taught, dev, share)) for share in (0.25, 0.5, 1.0)])
    table("Five folds by work, train and held-out together", [(name, five_folds(method, [*taught, *dev])) for name, method in learners])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared")
