"""How firmly a statement binds, and the words that soften it."""

from __future__ import annotations

import re

from nlp.types import Strength

LAW = (
    r"(?:(?:domestic|national|internal|municipal)\s++(?:law|laws|legislation|legal\s++(?:system|order))|"
    r"its\s++legal\s++system|national\s++circumstances|the\s++(?:laws|legislation)\s++of)"
)
SOFTENERS = re.compile(
    rf"""\b(?:
      to\s++the\s++(?:\w+\s++)?(?:extent|degree)\s++(?:\w+\s++)?
      (?:possible|practicable|feasible|appropriate|permitted|consistent|necessary|that|allowed|compatible)
    | to\s++the\s++(?:greatest|fullest|maximum|widest)\s++(?:possible\s++)?(?:extent|measure)(?:\s++(?:possible|practicable))?
    | to\s++the\s++maximum\s++of\s++(?:its|their)\s++available\s++resources | to\s++the\s++extent\s++(?:of|not)
    | (?:as|so|in\s*so)\s*far\s++as\s++(?:\w+\s++){{0,2}}(?:possible|practicable|appropriate) | insofar\s++as\s++possible
    | (?:where|when|if|wherever|whenever|as|unless)\s++(?:\w+\s++)?
      (?:appropriate|necessary|possible|practicable|applicable|feasible|relevant|required|needed)
    | in\s++(?:\w+\s++)?appropriate\s++(?:cases|circumstances) | as\s++(?:it|they)\s++(?:may\s++)?(?:deems?|considers?)\s++(?:appropriate|necessary)
    | (?:in\s++(?:accordance|conformity|a\s++manner\s++consistent)|consistent|consistently|subject|in\s++keeping|compatible|pursuant|according)
      \s++(?:with|to)\s++(?:\w+\s++){{0,8}}?{LAW}
    | (?:within|under|to\s++the\s++extent\s++permitted\s++by|without\s++prejudice\s++to|taking\s++into\s++account|as\s++provided\s++by
      |as\s++(?:may\s++be\s++)?provided\s++(?:for\s++)?(?:in|by))\s++(?:\w+\s++){{0,4}}?{LAW}
    | within\s++(?:their|its|the)\s++(?:\w+\s++)?(?:means|available\s++resources|capabilities|possibilities|means\s++at\s++their\s++disposal)
    | subject\s++to\s++(?:the\s++)?(?:availability|available|appropriations|resources)
    | normally | as\s++a\s++(?:general\s++)?rule | save\s++in\s++exceptional\s++circumstances | in\s++principle
    | under\s++(?:the\s++)?conditions\s++provided\s++(?:for\s++)?by | as\s++full\s++\w+\s++as\s++possible
    | with\s++a\s++view\s++to\s++achieving\s++progressively | progressively | best\s++efforts? | all\s++feasible | every\s++effort
    | reasonable\s++(?:efforts|steps)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
TRYING = re.compile(
    r"\s*,?\s*(?:be\s++)?(?:endeavou?r|consider|seek|strive|aim|attempt|try|make\s++(?:every|all|best|"
    r"reasonable)\s++(?:\w+\s++)?efforts?|use\s++(?:its|their)\s++best|give\s++(?:\w+\s++)?consideration|explore|"
    r"encourage|be\s++encouraged|work\s++towards?)\b",
    re.IGNORECASE,
)
HORTATORY_WORDS = frozenset(
    """
    should ought encouraged encourage encourages urged urge urges invited invite invites recommends recommend expected could called call
    calls advised""".split()
)


def softeners(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Offsets of the softening phrases in `text[start:end]`."""
    return tuple((m.start(), m.end()) for m in SOFTENERS.finditer(text, start, end))


EXTENT = re.compile(
    r"\b(?:to\s++the\s++extent\s++(?:possible|practicable|feasible|appropriate)|to\s++the\s++(?:fullest|greatest|maximum|widest)\s++(?:possible\s++)?extent|"
    r"(?:as|so)\s++far\s++as\s++possible|in\s++appropriate\s++cases)\b",
    re.IGNORECASE,
)


def limits_extent(text: str, start: int, end: int) -> bool:
    """Whether the words limit how far an obligation goes, wherever they stand in it (codebook section 4)."""
    return EXTENT.search(text, start, end) is not None


def is_trying(text: str, verb: int) -> bool:
    """Whether the verb at offset `verb` only tries ("endeavour to", "consider")."""
    return TRYING.match(text, verb) is not None


def trying(text: str, verb: int) -> tuple[tuple[int, int], ...]:
    """Offsets of the words at `verb` that only try, one pair or none."""
    found = TRYING.match(text, verb)
    return ((found.start() + len(found[0]) - len(found[0].lstrip(" ,\n\t")), found.end()),) if found else ()


def is_hortatory(trigger: str) -> bool:
    """Whether the trigger itself only urges ("should", "is encouraged to")."""
    return bool(set(trigger.lower().split()) & HORTATORY_WORDS)


def plain_strength(trigger: str, softened: bool, trying: bool) -> Strength:
    """The strength that the codebook's words give."""
    words = set(trigger.lower().split())
    if is_hortatory(trigger):
        return Strength.HORTATORY
    if "may" in words and trying:
        return Strength.HORTATORY
    if "endeavour" in words or "endeavor" in words:
        return Strength.QUALIFIED
    return Strength.QUALIFIED if softened or trying else Strength.MANDATORY
