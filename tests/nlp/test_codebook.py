from __future__ import annotations

import pytest

from nlp.codebook import BadCodebook, codebook, parse_codebook
from nlp.sides import frame_coding
from nlp.types import Coding

THREE = """
name = "frames"
version = 2
title = "Three frames"
[layers.frames.labels]
control = "borders and removal"
labour = "work and pay"
moral = "virtue and vice"
[layers.frames.examples]
labour = ["Wages shall be paid monthly."]
[framing]
layer = "frames"
control = ["control"]
labour = ["labour"]
moral = ["moral"]
"""
HEAD = 'name = "x"\nversion = 1\n'


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("[layers", "not TOML"),
        ("version = " + "9" * 6000, "not TOML"),
        ("", "'name' is missing"),
        ("name = 1", "'name' is not a text"),
        ('name = "x"\nversion = "1"', "'version' is not a whole number"),
        ('name = "../x"\nversion = 1\n[layers]', "small letters, digits"),
        (HEAD, "'layers' is missing"),
        (HEAD + "[layers]", "there is no label"),
        (HEAD + "[layers.a]", r"\[layers.a\]: 'labels' is missing"),
        (HEAD + "[layers.a.labels]\nb = 3", r"\[layers.a.labels\]: 'b' is not a text"),
        (HEAD + '[layers.a.labels]\nb = "c"\n[layers.a.examples]\nd = ["e"]', "'d' is not among"),
        (HEAD + '[layers.a.labels]\nb = "c"\n[layers.a.examples]\nb = "e"', "'b' needs a list of texts"),
        (HEAD + '[layers.a.labels]\nb = "c"\n[framing]\ncrime = ["d"]', "crime names 'd', which is no label"),
        (HEAD + '[layers.a.labels]\nb = "c"\n[framing]\nlayer = "z"', "there is no layer 'z'"),
    ],
)
def test_what_is_no_codebook_is_refused_by_its_key(toml: str, why: str) -> None:
    with pytest.raises(BadCodebook, match=why):
        parse_codebook(toml)


def test_a_codebook_of_other_frames() -> None:
    book = parse_codebook(THREE)
    assert (book.name, book.version, book.title) == ("frames", 2, "Three frames")
    assert book.keys() == ("frames/control", "frames/labour", "frames/moral")
    assert book.labels[1].examples == ("Wages shall be paid monthly.",)
    assert [book.framed({"frames": names}) for names in ([], ["moral"], ["control", "labour"])] == ["neutral", "moral", "hybrid"]


def test_without_a_rule_there_is_no_framing() -> None:
    assert parse_codebook(HEAD + '[layers.a.labels]\nb = "c"').framed({"a": ["b"]}) is None


def coded(*names: str) -> Coding:
    return Coding("frames", parse_codebook(THREE).framed({"frames": names}), {"frames": dict.fromkeys(names, 0.9)})


@pytest.mark.parametrize(
    ("blocks", "framing", "shares"),
    [
        ([], "neutral", (0, 0, 0)),
        ([coded()] * 9, "neutral", (0, 0, 0)),
        ([coded("labour")] * 30 + [coded("moral")] * 3, "labour", (0, 0.9091, 0.0909)),
        ([coded("labour")] * 10 + [coded("moral")] * 10, "hybrid", (0, 0.5, 0.5)),
        ([coded("control", "labour")] * 10, "hybrid", (0.5, 0.5, 0)),
        ([coded("labour")] * 2 + [coded("moral")], "hybrid", (0, 0.6667, 0.3333)),
    ],
)
def test_a_framework_leads_or_the_text_is_hybrid(blocks: list[Coding], framing: str, shares: tuple[float, ...]) -> None:
    """The last row: two blocks to one is a lead, but not a sure one."""
    import numpy as np

    found = frame_coding(blocks, np.ones(len(blocks)), parse_codebook(THREE), "sha256:0")
    assert (found.framing, tuple(found.scores.values())) == (framing, shares)
    assert sum(found.counts.values()) == len(blocks)


def test_two_frameworks_are_framed_as_the_shipped_rule_does() -> None:
    import numpy as np

    from nlp.framing import frame_document
    from nlp.types import Block, Framing, Passage, PassageRole
    from nlp.weighing import Weights

    book, chance = codebook(), np.random.default_rng(5)
    for share in (0.1, 0.35, 0.43, 0.47, 0.53, 0.57, 0.7, 0.9):
        said = [("rights.victims" if chance.random() < share else "crime.punishment") for _ in range(60)]
        passages = [Passage(f"p{i}", i, i + 1, "x", PassageRole.OPERATIVE) for i in range(60)]
        blocks = [Block(p.unit, p.start, p.end, book.framing([name]), {name: 0.9}) for p, name in zip(passages, said, strict=True)]
        shipped = frame_document(passages, blocks, ())
        codings = [Coding(book.name, book.framed({"indicators": [name]}), {"indicators": {name: 0.9}}) for name in said]
        found = frame_coding(codings, np.full(60, Weights().bare), book, "sha256:0")
        assert found.scores == shipped.scores
        assert found.framing == shipped.label.value or Framing.HYBRID.value in (found.framing, shipped.label.value)
