"""What a change finds and loses over real texts: `make gains BASE=HEAD` annotates them with the working tree and with a commit.

Findings are matched by their place in the text: `changed` stands at the same place and says something else. Annotations are kept
in `out/gains` by the state of the tree, so that a base is annotated once. The summary goes to standard output, every finding to
`out/gains/findings.txt`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "out" / "gains"
ROOMS = ("api", "workers", "corpora", "nlp", "models")
LAYERS = ("units", "blocks", "definitions", "elements", "statements", "references")
# the command line of whatever tree stands on the path; evidence is not compared, and would take most of the time
PROGRAM = """
import functools
import nlp.annotate
nlp.annotate.label_passages = functools.partial(nlp.annotate.label_passages, evidence=False)
from api.cli import main
main()
"""
Json = dict[str, Any]


def place(layer: str, finding: Json) -> tuple[int, int]:
    """Where a finding stands: a statement by its trigger, a definition by its term, all others by their own range."""
    at = finding.get({"statements": "trigger", "definitions": "term"}.get(layer, ""), finding)
    return at["start"], at["end"]


def says(layer: str, finding: Json) -> str:
    """What a finding says beside its place, as one line; probabilities are left out: only labels count."""
    words = {
        "units": lambda f: f["id"],
        "blocks": lambda f: " ".join([f["framing"], *f["indicators"], *f["victim"], *f["four_p"], "conditional" * f["conditional"]]),
        "definitions": lambda f: f"{f['term']['text']} {f['form']} {_text(f['definiens'])}",
        "elements": lambda f: f"{f['role']}: {f['text']}",
        "statements": lambda f: f"{_text(f['bearer'])} [{f['trigger']['text']}] {f['type']} {f['strength']} {_text(f['action'])}",
        "references": lambda f: f"{f['text']} → {f['target'] or f['work']}",
    }  # fmt: skip
    return str(words[layer](finding))


def _text(span: Json | None) -> str:
    return span["text"] if span else "–"


def compare(name: str, before: Json, after: Json) -> Iterator[tuple[str, str, str]]:
    """(layer, gained | lost | changed, line) for each finding that differs."""
    for layer in LAYERS:
        old, new = ({place(layer, f): says(layer, f) for f in document[layer]} for document in (before, after))
        for at in sorted(old.keys() | new.keys()):
            was, now = old.get(at), new.get(at)
            if was != now:
                kind = "gained" if was is None else "lost" if now is None else "changed"
                yield layer, kind, f"{layer} {kind} {name}:{at[0]} {' ⇒ '.join(w for w in (was, now) if w is not None)}"


def state_of(tree: Path) -> str:
    """A digest of the program's own files."""
    digest = hashlib.sha256()
    for file in sorted(f for room in ROOMS for f in (tree / room).rglob("*") if f.is_file() and "__pycache__" not in f.parts):
        digest.update(str(file.relative_to(tree)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def annotate(tree: Path, texts: list[Path]) -> Path:
    """The folder with the annotations of the texts by the program in `tree`; those that are there already are not made again."""
    folder = KEPT / state_of(tree)
    missing = [text for text in texts if not (folder / f"{text.stem}.json").exists()]
    if missing:
        environment = os.environ | {"PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
        subprocess.run(
            [sys.executable, "-c", PROGRAM, "annotate", *map(str, missing), "-o", str(folder)], env=environment, cwd=tree, check=True
        )
    return folder


def annotate_commit(base: str, texts: list[Path]) -> Path:
    """The same with the program as it stood at a commit."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(tree), base], cwd=ROOT, check=True)
        try:
            return annotate(tree, texts)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


def main() -> int:
    """Prints counts by layer; 2 where no instruments stand beside the checkout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", nargs="?", default="HEAD")
    parser.add_argument("--texts", type=Path, default=ROOT.parent / "shared" / "instruments")
    chosen = parser.parse_args()
    texts = sorted(chosen.texts.glob("*.txt"))
    if not texts:
        print(f"no texts in {chosen.texts}: name a folder with --texts", file=sys.stderr)
        return 2
    before, after = annotate_commit(chosen.base, texts), annotate(ROOT, texts)
    counts: Counter[tuple[str, str]] = Counter()
    with (KEPT / "findings.txt").open("w", encoding="utf-8") as findings:
        for text in texts:
            pair = (json.loads((folder / f"{text.stem}.json").read_text(encoding="utf-8")) for folder in (before, after))
            for layer, kind, line in compare(text.stem, *pair):
                counts[layer, kind] += 1
                findings.write(" ".join(line.split()) + "\n")
    print(f"{len(texts)} texts, {chosen.base} against the working tree; each finding in {KEPT / 'findings.txt'}")
    for layer in LAYERS:
        print(f"{layer:<12}" + "  ".join(f"{kind} {counts[layer, kind]}" for kind in ("gained", "lost", "changed")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
