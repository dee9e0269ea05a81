"""Speed of annotation, its ratio to plain model calls and to the matrix product, and memory: `python benchmarks/annotate.py [TEXT]`.

Figures are ratios within one run; absolute ones depend on the machine and on what else runs there.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from models.encoder import collate

SHORT = 6000

FIRST = """
import sys, time
began = time.perf_counter()
from corpora.annotating import annotate_bytes, default_annotator
annotator = default_annotator()
loaded = time.perf_counter()
annotate_bytes(open(sys.argv[1], "rb").read(), annotator=annotator)
import resource
print(loaded - began, time.perf_counter() - loaded, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def first_result(text: Path) -> dict[str, float]:
    """Seconds to load and to annotate in a fresh process, and its peak memory in MiB."""
    output = subprocess.run([sys.executable, "-c", FIRST, str(text)], capture_output=True, text=True, check=True).stdout
    load, annotate, memory = map(float, output.split())
    return {"load_s": round(load, 2), "first_document_s": round(annotate, 2), "peak_MiB": round(memory)}


def encoder(text: Path) -> dict[str, float]:
    """The labeller in length-sorted batches: against a plain model call per block, and against the fp32 matrix product."""
    import torch

    from models.labeller import load_labeller
    from nlp.annotate import WEIGHTS
    from nlp.provisions import read_with
    from nlp.structure.find import find_structure

    torch.set_num_threads(1)
    labeller = load_labeller(WEIGHTS / "provisions")
    passages = find_structure(text.read_text(encoding="utf-8")).passages
    pairs = [read_with(passages, i, "title") for i in range(len(passages))]
    rows = [window for pair in pairs for window in labeller.tokenizer.windows(pair)]
    tokens = sum(len(row.ids) for row in rows)
    labeller.read(pairs[:8])
    batched = best(lambda: labeller.read(pairs))
    states = best(lambda: list(labeller.states(rows)))
    with torch.inference_mode():
        plain = best(lambda: [labeller.classifier(collate([row], [0])) for row in rows])
    work, machine = sum(operations(len(row.ids)) for row in rows), matmul_rate()
    return {
        "blocks": len(pairs),
        "tokens": tokens,
        "blocks_per_s": round(len(pairs) / batched, 1),
        "tokens_per_s": round(tokens / batched),
        "ratio_to_plain_calls": round(plain / batched, 2),
        "ratio_to_fp32_matmul": round(work / batched / machine, 2),
        "encoder_alone_to_fp32_matmul": round(work / states / machine, 2),
    }


def operations(length: int) -> float:
    """Floating-point operations of six layers of 384 numbers for one row: projections, feed-forward, attention."""
    return 6 * (2 * (4 * 384 * 384 + 2 * 384 * 1536) * length + 2 * 2 * 384 * length**2)


def matmul_rate() -> float:
    """Operations a second of a product of two fp32 matrices of 1,024 rows, on one thread: the best of three."""
    import torch

    one, other = torch.randn(1024, 1024), torch.randn(1024, 1024)
    return 10 * 2 * 1024**3 / best(lambda: [one @ other for _ in range(10)])


def best(work: Callable[[], object], times: int = 3) -> float:
    """Processor seconds of the quickest of some runs: what others do on the machine counts less."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def whole_pipeline(text: Path, times: int = 50) -> dict[str, float]:
    """How the time divides between the encoder and the rest, and whether memory grows over many annotations in one process."""
    import psutil

    from corpora.annotating import annotate_bytes, default_annotator
    from models.passes import FlatPass

    annotator, data, inside = default_annotator(), text.read_bytes()[:SHORT], [0.0]
    states = FlatPass.__call__

    def timed(self: FlatPass, rows: Any) -> Any:
        began = time.process_time()
        found = states(self, rows)
        inside[0] += time.process_time() - began
        return found

    FlatPass.__call__ = timed  # type: ignore[method-assign]
    resident, began = [], 0.0
    for run in range(times):
        if run == 10:
            inside[0], began = 0.0, time.process_time()
        annotate_bytes(data, annotator=annotator)
        resident.append(psutil.Process().memory_info().rss / 2**20)
    spent = time.process_time() - began
    return {
        "rest_over_encoder": round((spent - inside[0]) / inside[0], 2),
        "MiB_after_10": round(resident[9]),
        f"MiB_after_{times}": round(resident[-1]),
    }


def main() -> None:
    """Prints one JSON line."""
    sample = resources.files("corpora.samples").joinpath("model-convention-1-criminal-justice-draft.txt")
    text = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(str(sample))
    figures = first_result(text) | encoder(text) | whole_pipeline(text)
    print(json.dumps(figures | {"benchmark_peak_MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))


if __name__ == "__main__":
    main()
