"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

KNOWN = (
    Language.ENGLISH, Language.FRENCH, Language.SPANISH, Language.PORTUGUESE, Language.GERMAN, Language.ITALIAN, Language.DUTCH,
    Language.SWEDISH, Language.POLISH, Language.ROMANIAN, Language.TURKISH, Language.INDONESIAN, Language.RUSSIAN, Language.UKRAINIAN,
    Language.ARABIC, Language.PERSIAN, Language.CHINESE,
)  # fmt: skip
BY_SCRIPT = (
    Language.GREEK, Language.HEBREW, Language.HINDI, Language.BENGALI, Language.TAMIL, Language.THAI, Language.KOREAN, Language.JAPANESE,
    Language.GEORGIAN, Language.ARMENIAN,
)  # fmt: skip
SAMPLES, WINDOW, SHORT = 5, 600, 120
SURE = 0.9


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*KNOWN, *BY_SCRIPT).with_low_accuracy_mode().build()


def language_of(text: str) -> str:
    """The ISO 639-1 code of most of some samples spread over the text; `und` where it has no words.

    Samples, because a bilingual title must not decide, and because the whole of a long text would take seconds.
    """
    step = max(WINDOW, len(text) // SAMPLES)
    pieces = [text[at : at + WINDOW] for at in range(0, max(1, len(text) - WINDOW // 2), step)][:SAMPLES]
    found = [code for piece in pieces if (code := _language_of_piece(piece))]
    return max(sorted(set(found)), key=found.count) if found else "und"


def _language_of_piece(piece: str) -> str | None:
    """A few words in plain Latin letters are English unless another language is near to certain: statistics say little about a heading."""
    if not re.search(r"[^\W\d_]{2}", piece):
        return None
    best = next(iter(_detector().compute_language_confidence_values(piece)), None)
    if best is None or best.value == 0:
        return None
    if len(piece) < SHORT and best.value < SURE and piece.isascii():
        return "en"
    return best.language.iso_code_639_1.name.lower()
