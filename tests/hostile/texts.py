"""Arbitrary texts: real phrases of instruments among what no instrument holds."""

from __future__ import annotations

import random
from collections.abc import Iterator

PIECES = (
    "Article 1", "Article 99999999999", "ARTICLE", "Section 2(a)(i)(A)(1)", "Part IV", "Annex", "1.", "(a)", "(i)", "((((((", "))))", "§", "Art. 3 bis",
    "“Trafficking in persons” shall mean", "means", "includes but is not limited to", "For the purposes of this Convention:", "Each State Party shall",
    "shall not", "may", "must", "is entitled to", "victims", "children", "the recruitment, transport or harbouring of persons", "by means of force",
    "for the purpose of exploitation;", "and", "or", "unless", "except as provided in article 7, paragraph 2", "see article 3 of the Protocol", "ibid.",
    "is amended by striking", "is repealed", "as defined in section 103", "hereinafter referred to as", "‘", "’", "“", "”", "\"", "'", ";", ":", ".", "...",
    "\n", "\n\n", "\r", "\r\n", "\t", "\v", "\f", "\x00", "\x1b[31m", "\u2028", "\u2029", "\u00a0", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff",
    "\U0010ffff", "\U000e0041", "e\u0301" * 30, "👩‍👩‍👧‍👦", "मानव", "人身取引", "الاتجار", "𝕬𝖗𝖙𝖎𝖈𝖑𝖊", "İ", "ß", "ﬁ", "Ⅳ", "①", "½", "a" * 500, "-" * 200, "1.1.1.1.1.1.1.1",
    "=HYPERLINK(\"x\")", "<script>alert(1)</script>", "{{7*7}}", "${x}", "%s%n", "../../etc/passwd", "https://example.org/" + "a" * 300,
)  # fmt: skip


def texts(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many texts of up to about a thousand characters, named so that each can be made again."""
    for number in range(count):
        rng = random.Random(f"text {seed} {number}")
        yield f"text-{seed}-{number}", _text(rng)


def _text(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(200)))
    between = rng.choice((" ", " ", " ", "", "\n"))
    return between.join(rng.choice(PIECES) for _ in range(rng.choice((0, 1, 2, 5, 15, 30))))[:1500]
