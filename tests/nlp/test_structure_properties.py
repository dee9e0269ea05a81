"""What holds of the structure of every text."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.structure.find import find_structure
from nlp.structure.lines import lines_of
from nlp.types import Structure

LINES = st.sampled_from(
    [
        "Article 1", "Article 2", "1. Each Party acts.", "2. It shall:", "(a) one;", "(b) two;", "(i) one", "(ii) two and",
        "Heading here", "ANNEX", "", "§ 12. Rules", "text.", "It is amended by adding the following:", "“(1) A ship", "shall sail.”.",
        "“harbour” means—", "PART I", "Page 3 of 4",
        "IN WITNESS WHEREOF we sign.", "CONTENTS", "- a dash", "II. Means", "A. Aims", "3A Bare", "4 Number", "12.", "Preamble",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(LINES, max_size=30).map("\n".join), st.lists(LINES | st.text(max_size=30), max_size=20).map("\r\n".join)
)


def check(text: str, structure: Structure) -> None:
    """Ids are unique; units nest and do not overlap; every line lies in a unit; passages quote the text in order."""
    by_id = {u.id: u for u in structure.units}
    assert len(by_id) == len(structure.units)
    below: dict[str | None, int] = {}
    for unit in structure.units:
        assert 0 <= unit.start < unit.end <= len(text)
        if unit.parent is not None:
            assert by_id[unit.parent].start <= unit.start
            assert unit.end <= by_id[unit.parent].end
        assert unit.start >= below.get(unit.parent, 0)
        below[unit.parent] = unit.end
        assert unit.label
    tops = [(u.start, u.end) for u in structure.units if u.parent is None]
    assert all(any(a <= line.start and line.end <= b for a, b in tops) for line in lines_of(text))
    end = 0
    for i, passage in enumerate(structure.passages):
        assert passage.start >= end
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert by_id[passage.unit].start < passage.end <= by_id[passage.unit].end
        assert all(lead < i for lead in passage.leads)
        end = passage.end


@given(TEXTS)
@settings(max_examples=400, deadline=None)
@example("1\n(a)\n1")
@example(".\n.")
@example("0)\r:\r\x1b\r0.\rARTICLE 0")
@example("ARTICLE 0\rIS AMENDED:THE FOLLOWING:\rA\rIN WITNESS WHEREOF.")
def test_any_text_has_a_structure_that_tiles_it(text: str) -> None:
    check(text, find_structure(text))


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_the_structure_is_a_function_of_the_text(text: str) -> None:
    assert find_structure(text) == find_structure(text)


BODY = st.lists(
    st.sampled_from(["1. One shall.", "(a) item;", "(i) item;", "Plain words here.", "Heading", "shall go.", "– dash", "“term” means—"]),
    min_size=1,
    max_size=10,
)


@given(st.sampled_from(["Article {}", "§ {}. Rules", "{}. The Parties shall act.", "Heading\n\n{}. Short title"]), BODY, st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_new_article_at_the_end_changes_no_earlier_id(form: str, body: list[str], act: bool) -> None:
    if form.startswith(("{", "H")):
        body = [line for line in body if line[0] != "1"]
    body = body[: max((i + 1 for i, line in enumerate(body) if line != "Heading"), default=0)]
    text = ("Harbours Act 2020" if act else "A Treaty") + "\n\n"
    text += "\n\n".join([form.format(1), "A shall sail.", form.format(2), *body]) + "\n"
    before = find_structure(text)
    after = find_structure(text + "\n" + form.format(3) + "\n\nZ shall act.\n")
    assert [u.id for u in after.units[: len(before.units)]] == [u.id for u in before.units]
    units = {p.start: p.unit for p in after.passages}
    assert all(units[p.start] == p.unit for p in before.passages[:-1])


HOSTILE = {
    "one long line": lambda n: "word " * n,
    "brackets": lambda n: "(" * n + ")" * n,
    "numbered brackets": lambda n: "(a)" * n,
    "openings": lambda n: "(1) a:\n" * n,
    "headings": lambda n: "Heading\n" * n,
    "leads": lambda n: "“term” means—\n" * n,
    "quotations": lambda n: "It is amended by adding the following:\n“(1) a\n" * n,
    "running numbers": lambda n: "".join(f"{i}. A shall.\n" for i in range(n)),
    "contents": lambda n: "CONTENTS\n" + "Article 1 Aims\n" * n,
    "mixed depth": lambda n: "1. a:\n(a) b:\n(i) c:\n(A) d:\n(I) e:\n" * n,
    "capitals": lambda n: "A" * n + ".",
    "blanks": lambda n: "1." + " " * n + "x",
    "dots": lambda n: "Contents " + "." * n,
}


def steps(text: str) -> int:
    """How many lines of our own code run for a text: a measure of work that no busy machine can change."""
    count = 0

    def trace(frame: object, event: str, arg: object) -> object:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        find_structure(text)
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_length_of_the_text(name: str) -> None:
    small, large = (steps(HOSTILE[name](n)) for n in (150, 600))
    assert large <= 6 * small + 2_000


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read(name: str) -> None:
    text = HOSTILE[name](3_000)
    check(text, find_structure(text))


def test_no_pattern_repeats_a_repetition() -> None:
    """A repeat without bound inside another is what makes a pattern take more than linear time."""
    rooms = Path(__file__).parents[2] / "nlp"
    nested = re.compile(r"\((?:\?:|\?P<\w+>)?[^()]*[*+][^()]*\)[*+]")
    for file in (*(rooms / "structure").glob("*.py"), *rooms.glob("reference*.py")):
        assert not [m.group() for m in nested.finditer(file.read_text(encoding="utf-8"))], file.name
