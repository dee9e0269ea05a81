"""How word processors and browsers count: letters and roman numbers."""

from __future__ import annotations

ROMAN_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
ROMAN_SIGNS = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")


def letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa, 28 → ab, as browsers count; numbers below one stay arabic."""
    if count < 1:
        return str(count)
    found = ""
    while count > 0:
        count, rest = divmod(count - 1, 26)
        found = chr(97 + rest) + found
    return found


def repeated_letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa, 28 → bb, as Word counts; numbers below one stay arabic."""
    if not 0 < count <= 26 * 30:
        return str(count)
    return chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1)


def roman(count: int) -> str:
    """1 → i, 4 → iv; numbers that have no roman form stay arabic."""
    if not 0 < count < 4000:
        return str(count)
    found = ""
    for value, sign in zip(ROMAN_VALUES, ROMAN_SIGNS, strict=True):
        found += sign * (count // value)
        count %= value
    return found
