"""First result, blocks a second, ratio to a plain model call per block, peak memory: `python benchmarks/annotate.py [TEXT]`.

Figures are ratios within one run; absolute ones depend on the machine and on what else runs there.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

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


def against_single_calls(text: Path) -> dict[str, float]:
    """Blocks a second of the labeller in length-sorted batches, over one call per block with the same model."""
    from models.labeller import load_labeller
    from nlp.annotate import WEIGHTS
    from nlp.provisions import read_with
    from nlp.structure.find import find_structure

    labeller = load_labeller(WEIGHTS / "provisions")
    passages = find_structure(text.read_text(encoding="utf-8")).passages
    pairs = [read_with(passages, i, "title") for i in range(len(passages))]
    labeller.read(pairs[:8])
    began = time.perf_counter()
    labeller.read(pairs)
    batched = time.perf_counter() - began
    began = time.perf_counter()
    for pair in pairs:
        labeller.read([pair])
    single = time.perf_counter() - began
    return {"blocks": len(pairs), "blocks_per_s": round(len(pairs) / batched, 1), "ratio_to_single_calls": round(single / batched, 2)}


def main() -> None:
    """Prints one JSON line."""
    sample = resources.files("corpora.samples").joinpath("model-convention-1-criminal-justice-draft.txt")
    text = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(str(sample))
    figures = first_result(text) | against_single_calls(text)
    print(json.dumps(figures | {"benchmark_peak_MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))


if __name__ == "__main__":
    main()
