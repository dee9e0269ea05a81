"""The sample instruments load, are what the manifest says, and are structured as they were written."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

import pytest

from corpora.samples import Sample, UnknownSample, sample_bytes, sample_text, samples
from nlp.structure.find import find_structure
from nlp.types import PassageRole

ALL = samples()
WORDS = {"convention": (6_000, 9_000), "statute": (7_000, 12_000), "policy": (2_500, 6_000)}
every = pytest.mark.parametrize("sample", ALL, ids=lambda s: s.name)
conventions = pytest.mark.parametrize("sample", [s for s in ALL if s.kind == "convention"], ids=lambda s: s.name)


def written_articles(text: str) -> list[str]:
    return re.findall(r"(?m)^Article (\d+(?: bis| ter)?)(?: — .+)?$", text)


def test_names_are_unique() -> None:
    assert len({s.name for s in ALL}) == len(ALL)


@every
def test_text_has_one_paragraph_a_line(sample: Sample) -> None:
    text = sample_text(sample.name)
    assert text.encode("utf-8") == sample_bytes(sample.name)
    assert "\r" not in text
    assert text.endswith("\n")
    paragraphs = text.removesuffix("\n").split("\n\n")
    assert all(p and p == p.strip() and "\n" not in p for p in paragraphs)


@every
def test_length_is_that_of_a_real_instrument(sample: Sample) -> None:
    least, most = WORDS[sample.kind]
    assert least <= len(sample_text(sample.name).split()) <= most


@every
def test_title_page_bears_the_title(sample: Sample) -> None:
    first = sample_text(sample.name).split("\n", 1)[0]
    assert sample.title.casefold() in first.casefold()


def test_versions_of_a_work_stand_oldest_first_under_different_labels() -> None:
    works: dict[str, list[Sample]] = defaultdict(list)
    for sample in ALL:
        works[sample.work].append(sample)
    for versions in works.values():
        assert [v.date for v in versions] == sorted({v.date for v in versions})
        assert len({v.version for v in versions}) == len(versions)
        assert len({(v.body, v.kind, v.language) for v in versions}) == 1


def test_the_convention_has_versions_that_share_text_and_differ() -> None:
    drafts = [set(sample_text(s.name).split("\n\n")) for s in ALL if s.kind == "convention"]
    for older, newer in pairwise(drafts):
        assert len(older & newer) > 60
        assert len(newer - older) > 60


@conventions
def test_articles_are_found_as_written(sample: Sample) -> None:
    text = sample_text(sample.name)
    found = [unit.number for unit in find_structure(text).units if unit.kind == "article"]
    assert len(found) >= 30
    assert found == written_articles(text)


@conventions
def test_articles_are_numbered_without_gap(sample: Sample) -> None:
    plain = [int(n) for n in written_articles(sample_text(sample.name)) if n.isdigit()]
    assert plain == list(range(1, len(plain) + 1))


@conventions
def test_references_to_articles_lead_to_articles(sample: Sample) -> None:
    text = sample_text(sample.name)
    cited = re.findall(r"Articles? (\d+)(?: (?:to|and) (\d+))?", text)
    assert {n for pair in cited for n in pair if n} <= set(written_articles(text))


@every
def test_units_are_unique_and_lie_in_their_parents(sample: Sample) -> None:
    text = sample_text(sample.name)
    structure = find_structure(text)
    units = {unit.id: unit for unit in structure.units}
    assert len(units) == len(structure.units)
    for unit in structure.units:
        assert 0 <= unit.start < unit.end <= len(text)
        if unit.parent is not None:
            parent = units[unit.parent]
            assert parent.start <= unit.start < unit.end <= parent.end
    for passage in structure.passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.unit in units


@conventions
def test_a_convention_has_preamble_articles_and_annex(sample: Sample) -> None:
    roles = {passage.role for passage in find_structure(sample_text(sample.name)).passages}
    assert roles >= {PassageRole.PREAMBLE, PassageRole.OPERATIVE, PassageRole.ANNEX}


def test_sections_of_the_statute_are_found_as_written() -> None:
    text = sample_text("model-statute")
    body, schedules = text.split("FIRST SCHEDULE", 1)
    units = find_structure(text).units
    found = [unit.number for unit in units if unit.kind == "section" and unit.end <= len(body)]
    assert found == re.findall(r"(?m)^(\d+[A-Z]?)\. ", body)
    assert len(found) >= 40
    assert {"20A", "25A", "31A"} <= set(found)
    assert [unit.number for unit in units if unit.kind == "part"] == re.findall(r"(?m)^PART ([IVX]+) — ", body)
    assert sum(unit.kind == "schedule" for unit in units) == 1 + len(re.findall(r"(?m)^[A-Z]+ SCHEDULE$", schedules))


def test_references_of_the_statute_lead_to_sections() -> None:
    text = sample_text("model-statute")
    written = set(re.findall(r"(?m)^(\d+[A-Z]?)\. ", text.split("FIRST SCHEDULE", 1)[0]))
    own = re.sub(r"\bsections? \d+(?: to \d+)? of the [A-Z]", "", text)  # other Acts
    assert set(re.findall(r"\bsection (\d+[A-Z]?)\b", own)) <= written


def test_headings_of_the_policy_paper_are_found() -> None:
    found = {unit.heading for unit in find_structure(sample_text("policy-paper")).units if unit.kind == "heading"}
    assert found >= {
        "Foreword",
        "Executive summary",
        "Our principles",
        "Goal one: finding survivors sooner",
        "Goal two: safety, care and recovery",
        "Goal three: justice",
        "Goal four: prevention",
        "Goal five: partnership and accountability",
        "Cost and funding",
    }


def test_definition_is_widened_in_its_acts_and_narrowed_in_its_means() -> None:
    second, adopted = (sample_text(f"model-convention-{name}") for name in ("2-victims-rights-draft", "3-adopted"))
    assert "advertising, conveyance" in adopted
    assert "advertising, conveyance" not in second
    assert "whether by reason of age, illness, disability, poverty" in second
    assert "by reason of illness, disability, irregular status" in adopted


def test_unknown_sample_is_told_by_name() -> None:
    with pytest.raises(UnknownSample, match="no sample named 'palermo'") as caught:
        sample_text("palermo")
    assert caught.value.known == tuple(s.name for s in ALL)
