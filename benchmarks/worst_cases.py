"""Texts made to be slow, each at two sizes, and how the time grows: `python benchmarks/worst_cases.py [--quick]`.

`ratio` is time at the larger size over time at half of it: 2 is linear. Every text runs through the whole annotator, models and all;
`--quick` leaves out the five million characters, which take minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from importlib import resources

from corpora.annotating import default_annotator
from nlp.annotate import Annotator
from nlp.types import Source

MEGABYTES = "5 MB of provisions"


def provisions(size: int) -> str:
    """Articles of a sample instrument, repeated under running numbers up to so many thousand characters."""
    sample = resources.files("corpora.samples").joinpath("model-convention-3-adopted.txt").read_text(encoding="utf-8")
    body = [p for p in sample.split("\n\n") if len(p) > 60][4:60]

    def articles() -> Iterator[str]:
        length, number = 0, 0
        while length < size * 1_000:
            number += 1
            article = f"Article {number}\n\n" + "\n\n".join(body[number % 8 :: 8]) + "\n\n"
            length += len(article)
            yield article

    return "A Convention of Some Length\n\n" + "".join(articles())


CASES: dict[str, tuple[int, Callable[[int], str]]] = {
    "10,000 nested brackets": (10_000, lambda n: "The Party shall act " + "(" * n + "so" + ")" * n + "."),
    "10,000 numbered brackets": (10_000, lambda n: "Each Party shall:\n" + "(a) act;" * n),
    "200,000 words in one line": (200_000, lambda n: ("Each State Party shall protect the victims, and " * n)[: n * 6]),
    "20,000 quotation marks": (20_000, lambda n: '"' * n + "“" * n),
    "2,000 definitions": (2_000, lambda n: "1. Definitions\n\n" + "".join(f"“term {i}” means a thing of kind {i};\n\n" for i in range(n))),
    "1,000 citations in one line": (1_000, lambda n: "1. " + "Articles 1 to 3 of this Convention, " * n),
    MEGABYTES: (5_000, provisions),
}


def seconds(annotator: Annotator, text: str) -> float:
    """How long one annotation takes."""
    began = time.perf_counter()
    annotator(text, Source("0" * 64, "text/plain", "en"))
    return time.perf_counter() - began


def main() -> None:
    """Prints one JSON line per case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    annotator = default_annotator()
    seconds(annotator, "Article 1\n\nEach Party shall act.")
    for name, (size, make) in CASES.items():
        if chosen.quick and name == MEGABYTES:
            continue
        half, whole = (seconds(annotator, make(n)) for n in (size // 2, size))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        figures = {"characters": len(make(size)), "half_s": round(half, 2), "whole_s": round(whole, 2), "ratio": round(whole / half, 2)}
        print(json.dumps({"case": name} | figures | {"peak_MiB": peak}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
