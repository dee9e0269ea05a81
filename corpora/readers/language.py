"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

KNOWN = (
    Language.ENGLISH, Language.FRENCH, Language.SPANISH, Language.PORTUGUESE, Language.GERMAN, Language.ITALIAN, Language.DUTCH,
    Language.SWEDISH, Language.POLISH, Language.RUSSIAN, Language.ARABIC, Language.CHINESE, Language.TURKISH, Language.INDONESIAN,
)  # fmt: skip
SAMPLES, WINDOW = 5, 600


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*KNOWN).with_low_accuracy_mode().build()


def language_of(text: str) -> str:
    """The ISO 639-1 code of most of some samples spread over the text; `und` where it has fewer than three words.

    Samples, because a bilingual title must not decide, and because the whole of a long text would take seconds.
    """
    words = re.findall(r"\w{2,}", text[:20_000])
    if len(words) < 3:
        return "und"
    step = max(WINDOW, len(text) // SAMPLES)
    pieces = [text[at : at + WINDOW] for at in range(0, max(1, len(text) - WINDOW // 2), step)][:SAMPLES]
    found = [d.iso_code_639_1.name.lower() for piece in pieces if (d := _detector().detect_language_of(piece))]
    return max(sorted(set(found)), key=found.count) if found else "und"
