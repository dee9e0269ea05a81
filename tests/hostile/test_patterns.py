"""How the time of finding grows with texts that are made to be slow for regular expressions."""

from __future__ import annotations

import re
import time

import pytest

from corpora.annotating import default_annotator
from nlp.definitions.deeming import DEEMED
from nlp.definitions.patterns import REFERENCES_TO, SAID, SCOPED_IF
from nlp.types import Source
from tests.hostile.patterns import slow

BLANKS = {
    "said": (SAID, "a person is said to{} x"),
    "scoped": (SCOPED_IF, "for the purposes of{} this Act, a person is said to{} x"),
    "references": (REFERENCES_TO, "references in{} to x{}"),
    "deemed": (DEEMED, "shall be{} deemed{} to be{} x"),
}


@pytest.mark.parametrize("name", BLANKS)
def test_blanks_without_end_take_no_more_than_time_in_proportion(name: str) -> None:
    """Two thousand blanks after “is said to” took eleven seconds, twenty thousand would have taken twenty minutes."""
    pattern, text = BLANKS[name]
    begun = time.process_time()
    for _ in pattern.finditer(text.replace("{}", " " * 20_000)):
        pass
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"])
def test_provisions_full_of_blanks_are_annotated_in_time(blank: str) -> None:
    """A thousand of them took minutes: what ends a purpose was looked for in three ways that each take blanks."""
    text = (
        "Article 1\n\n(a) “Trafficking” means the recruitment of persons by means of force, for the purpose of exploitation"
        f"{blank * 3_000}as defined in section 3.\n\n2. Each State Party shall protect victims{blank * 3_000}.\n"
    )
    annotator, source = default_annotator(), Source(sha256="0" * 64, media_type="text/plain", language="en")
    annotator("Article 1\n\nEach Party shall act.", source)
    begun = time.process_time()
    annotator(text, source)
    assert time.process_time() - begun < 15


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"the\s+[^,]{2,120}?\s+if\b", r"a*a*b", r"(?:a|aa)+$"])
def test_slow_patterns_are_told(pattern: str) -> None:
    assert slow(re.compile(pattern), 12)
