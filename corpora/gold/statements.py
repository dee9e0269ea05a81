"""Makes the linear models of statements from coded documents: `python -m corpora.gold.statements SHARED` (needs the `train` extra)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from models.linear import Linear, fit_linear, save_linear
from models.manifest import write_manifest
from nlp.definitions.find import find_definitions
from nlp.statements.bearers import Subject
from nlp.statements.candidates import Candidate, find_candidates
from nlp.statements.decide import AGENT, NO, NOBODY, OBJECT, SUBJECT, WEIGHTS, YES
from nlp.statements.features import Place, features, strength_features, style_of
from nlp.statements.words import Words, words_of
from nlp.structure.find import find_structure
from nlp.syntax import load_syntax, parse
from nlp.types import Passage

Range = tuple[int, int]
HALF = 0.5


@dataclass(frozen=True, slots=True)
class CodedStatement:
    """A statement as coded, by offsets of the text."""

    bearer: Range | None
    trigger: Range
    type: str
    strength: str
    action: Range | None


@dataclass(frozen=True, slots=True)
class StatementExample:
    """A candidate with what coders made of it: `coded` is None where they saw no statement, `bearer` where no possible bearer fits."""

    work: str
    features: tuple[str, ...]
    strength: tuple[str, ...] = ()
    coded: CodedStatement | None = None
    bearer: str | None = None


def fit_statements(examples: Sequence[StatementExample]) -> dict[str, Linear]:
    """The four models: is it a statement, its type, its strength, who bears it."""
    seen = [(e, e.coded) for e in examples if e.coded is not None]
    return {
        "accept": fit_linear([e.features for e in examples], [YES if e.coded else NO for e in examples]),
        "type": fit_linear([e.features for e, _ in seen], [c.type for _, c in seen]),
        "strength": fit_linear([e.strength for e, _ in seen], [c.strength for _, c in seen]),
        "bearer": fit_linear([e.features for e, _ in seen if e.bearer], [e.bearer for e, _ in seen if e.bearer]),
    }


def held_out_f1(examples: Sequence[StatementExample], folds: int = 6) -> float:
    """F1 of the acceptance model, each work judged by models that did not see it (misses of the candidates themselves not counted)."""
    works = sorted({e.work for e in examples})
    true = wrong = missed = 0
    for fold in range(folds):
        held = set(works[fold::folds])
        taught = [e for e in examples if e.work not in held]
        accept = fit_linear([e.features for e in taught], [YES if e.coded else NO for e in taught])
        for example in (e for e in examples if e.work in held):
            said = accept.best(example.features) == YES
            true += said and example.coded is not None
            wrong += said and example.coded is None
            missed += not said and example.coded is not None
    return 2 * true / max(2 * true + wrong + missed, 1)


def examples_in(name: str, text: str, rows: Mapping[int, Sequence[CodedStatement]], nlp: Language) -> Iterator[StatementExample]:
    """The candidates of the coded lines of one text; `rows` holds every coded line (from 0), an empty row where it has no statement."""
    structure = find_structure(text)
    passages = structure.passages
    docs = list(parse(nlp, [p.text for p in passages]))
    defining = [d.term.start for d in find_definitions(text, passages, docs, structure.units)]
    style = style_of([p.text for p in passages])
    for passage, doc in zip(passages, docs, strict=True):
        coded = rows.get(text.count("\n", 0, passage.start))
        if coded is not None:
            place = Place(passage.role, any(passage.start <= s < passage.end for s in defining), style)
            yield from _of_passage(name, passage, words_of(doc), coded, place)


def _of_passage(name: str, passage: Passage, words: Words, coded: Sequence[CodedStatement], place: Place) -> Iterator[StatementExample]:
    candidates = find_candidates(words)
    left = list(coded)
    for i, candidate in enumerate(candidates):
        at = _offsets(words, passage.start, candidate.trigger.first, candidate.trigger.last)
        one = next((c for c in left if c.trigger[0] < at[1] and c.trigger[1] > at[0]), None)
        seen = features(words, candidates, i, place)
        if one is None:
            yield StatementExample(name, seen)
        else:
            left.remove(one)
            soft = strength_features(words, candidate, _action_stop(words, candidate, passage.start, one))
            yield StatementExample(name, seen, soft, one, _bearer(words, candidate, passage.start, one))


def _action_stop(words: Words, candidate: Candidate, base: int, coded: CodedStatement) -> int:
    """The word after the coded action, or the end of the sentence."""
    if candidate.verb is None:
        return 0
    stop = words.at(coded.action[1] - base) if coded.action else words.last[candidate.verb.at]
    return max(stop, candidate.verb.at + 1)


def _bearer(words: Words, candidate: Candidate, base: int, coded: CodedStatement) -> str | None:
    """Which of the possible bearers the coders meant."""
    if coded.bearer is None:
        return NOBODY
    options = ((SUBJECT, candidate.subject), (AGENT, candidate.agent), (OBJECT, candidate.object))
    scored = [(_overlap(_subject_range(words, base, s), coded.bearer), name) for name, s in options if s is not None]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= HALF else None


def _subject_range(words: Words, base: int, subject: Subject) -> Range:
    return _offsets(words, base, subject.first, subject.last)


def _offsets(words: Words, base: int, first: int, last: int) -> Range:
    return base + words.starts[first], base + words.ends[last - 1]


def _overlap(a: Range, b: Range) -> float:
    """Intersection over union."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def coded_rows(file: Path, text: str, last: int | None) -> dict[int, list[CodedStatement]]:
    """The coded statements of a gold file by line (from 0); every line up to `last` (or the end) has a row."""
    lines = text.split("\n")
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    rows: dict[int, list[CodedStatement]] = {n: [] for n in range(len(lines) if last is None else min(last + 1, len(lines)))}
    for raw in filter(str.strip, file.read_text(encoding="utf-8").splitlines()):
        row = json.loads(raw)
        if row["b"] in rows:
            begin = starts[row["b"]]
            found = (_resolve(entry, text, (begin, begin + len(lines[row["b"]]))) for entry in row.get("s", ()))
            rows[row["b"]] = [s for s in found if s is not None]
    return rows


def _resolve(entry: Sequence[str], text: str, line: Range) -> CodedStatement | None:
    """An entry [bearer, trigger, type, strength, action] with offsets; None where its trigger does not stand in the line."""
    bearer, trigger, kind, strength, *rest = entry
    action = _find(rest[0], text, line) if rest and rest[0] else None
    at = text.rfind(trigger, line[0], action[0] + 1) if action else -1
    at = at if at >= 0 else text.find(trigger, *line)
    if at < 0:
        return None
    who = text.rfind(bearer, line[0], at) if bearer else -1
    who = text.find(bearer, *line) if bearer and who < 0 else who
    return CodedStatement((who, who + len(bearer)) if who >= 0 else None, (at, at + len(trigger)), kind, strength, action)


def _find(words: str, text: str, line: Range) -> Range | None:
    """Where "exact words" or "first words … last words" stand in the line."""
    head, dots, tail = (part.strip() for part in words.partition("…"))
    start = text.find(head, *line)
    if start < 0 or not dots:
        return (start, start + len(head)) if start >= 0 else None
    end = text.find(tail, start + len(head), line[1])
    return (start, end + len(tail)) if end >= 0 else None


def read_examples(folder: Path, texts: Path, nlp: Language) -> Iterator[StatementExample]:
    """The examples of every gold file of `folder` whose text lies in `texts`."""
    coverage = folder / "coverage.json"
    until = json.loads(coverage.read_text(encoding="utf-8")) if coverage.is_file() else {}
    for file in sorted(folder.glob("*.jsonl")):
        source = texts / f"{file.stem}.txt"
        if source.is_file():
            text = source.read_text(encoding="utf-8")
            yield from examples_in(file.stem, text, coded_rows(file, text, until.get(file.stem)), nlp)


def main(arguments: Iterable[str]) -> None:
    """Trains from SHARED/gold/train and writes the models with their manifest."""
    shared = Path(next(iter(arguments), "../shared"))
    examples = list(read_examples(shared / "gold" / "train", shared / "instruments", load_syntax()))
    statements = sum(e.coded is not None for e in examples)
    print(f"{len(examples)} candidates, {statements} statements; held out by work F1 {held_out_f1(examples):.3f}")
    save_linear(fit_statements(examples), WEIGHTS)
    print(write_manifest(WEIGHTS.parent))


if __name__ == "__main__":
    main(sys.argv[1:])
