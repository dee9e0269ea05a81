"""Lines to paragraphs, by where they stand: gaps, indents, type, numbers, and whether the next word would still have fitted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpora.readers.pdf_lines import HYPHEN, PdfLine, PdfPage

NUMBERED = re.compile(
    r"[“\"‘']?(?:\(?[a-z]{1,4}\)|\(\d{1,3}[A-Za-z]?\)|\d{1,3}[A-Z]?[.)]|(?-i:[IVXL]{1,6}|[A-Z])\.|[•●○▪‣·–—-])\s+\S"
    r"|(?:article|art\.|section|sec\.|rule|regulation|chapter|subchapter|part|title|subtitle|division|annex|appendix|schedule)"
    r"\s+(?:\d+[a-z]?|[ivxl]+|[a-z])\b[.:—–-]?(?=$|\s+(?-i:[A-Z—–]))|§+\s*\d",
    re.IGNORECASE,
)
HEADED = re.compile(r"§+\s*\d+[A-Za-z]*\.\s+[“\"]?[A-Z]|(?:ARTICLE|SECTION|CHAPTER|PART|TITLE|ANNEX|SCHEDULE)\s+(?:\d+|[IVXL]+|[A-Z])\b")
MARK = re.compile(r"\(?([a-z]{1,4}|[A-Z]{1,4}|\d{1,3})[.)]")
LONGEST = 100_000
CLOSED = re.compile(r"(?:[.;:?!—–]|[,;]\s*(?:and|or))[”\"’')\]]*$")
OPENING = re.compile(r"[“\"‘'(\[]*[A-Z0-9§•●○▪–—]")
FIRSTS = frozenset(
    "self non anti well so cross ex long short high low decision law policy first second third two three multi half all vice "
    "quasi much full post socio ad ill old young age trauma rights large small life twenty thirty forty fifty sixty seventy "
    "eighty ninety audio right hard soft gender victim child follow face".split()
)
LASTS = frozenset(
    "based related centred centered friendly making being term wide specific sensitive oriented called up led run driven "
    "funded owned for known year old month day sex person in law hand level time border free blind like minded general elect "
    "informed appropriate scale mentioned holders holder raising threatening alone".split()
)
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Frame:
    """Lines one below another in one column of one page; `left` and `right` are the edges of all columns that stand there."""

    lines: tuple[PdfLine, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Setting:
    """How a file is set: distance of lines by size of type, the words that stand whole in it, and whether first lines are moved in."""

    leading: Mapping[int, float]
    words: frozenset[str]
    first_indented: bool

    def distance(self, size: float) -> float:
        """From one baseline to the next within a paragraph of this size."""
        return self.leading.get(round(size), size * 1.25)


@dataclass(slots=True)
class Building:
    """A paragraph in the making: its words, its lines, the frame of the last one, its page, and where in it pages begin (page, offset)."""

    text: str
    lines: list[PdfLine]
    frame: Frame
    page: int
    pages: list[tuple[int, int]] = field(default_factory=list)


def paragraphs_of(pages: Sequence[PdfPage]) -> list[Building]:
    """The paragraphs of some pages in reading order."""
    framed = _frames(pages)
    setting = _setting(pages, framed)
    built: list[Building] = []
    for number, frames in enumerate(framed):
        new_page = True
        for frame in frames:
            for i, line in enumerate(frame.lines):
                after = frame.lines[i + 1] if i + 1 < len(frame.lines) else None
                if not built or _begins(built[-1], line, after, setting, jumped=i == 0):
                    built.append(Building(line.text, [line], frame, number, [(number, 0)] if new_page else []))
                else:
                    _lengthen(built[-1], line, setting, number if new_page else None)
                    built[-1].frame = frame
                new_page = False
    for paragraph in built:
        paragraph.text = paragraph.text.replace(HYPHEN, "-")
    return built


def _setting(pages: Sequence[PdfPage], framed: Sequence[Sequence[Frame]]) -> Setting:
    steps: defaultdict[int, Counter[float]] = defaultdict(Counter)
    words: set[str] = set()
    for page in pages:
        for a, b in pairwise(page.lines):
            step = a.y - b.y
            if abs(a.size - b.size) < 0.5 and 0.9 * a.size < step < 2.4 * a.size:
                steps[round(a.size)][round(step * 2) / 2] += 1
        for line in page.lines:
            words.update(_spelt(line))
    return Setting({size: _usual(counts) for size, counts in steps.items()}, frozenset(words), _first_indented(framed))


def _spelt(line: PdfLine) -> Iterator[str]:
    """The words inside a line, which no line's end has cut; of those with hyphens the first and last part too, as `gender-`, `-based`."""
    for word in WORD.findall(line.text)[1:-1]:
        yield word.lower()
        if "-" in word:
            yield word.lower().partition("-")[0] + "-"
            yield "-" + word.lower().rpartition("-")[2]


def _first_indented(framed: Sequence[Sequence[Frame]]) -> bool:
    """Whether, of the lines that follow a clear end of a paragraph and are full themselves, half stand in from the line after them."""
    moved = Counter(
        b.left > c.left + 0.7 * b.size
        for frames in framed
        for frame in frames
        for a, b, c in zip(frame.lines, frame.lines[1:], frame.lines[2:], strict=False)
        if _ended_early(a, b, frame) and not _ended_early(b, c, frame)
    )
    return moved[True] > 2 and moved[True] >= moved[False]


def _usual(steps: Counter[float]) -> float:
    """The smallest step that is common (a fifth as often as the commonest): a list of one-line paragraphs must not decide."""
    most = max(steps.values())
    return min(step for step, count in steps.items() if count * 5 >= most)


def _frames(pages: Sequence[PdfPage]) -> list[list[Frame]]:
    """The columns of each page. A new one begins where the next line stands higher, or beside the last."""
    cut: list[list[list[PdfLine]]] = []
    for page in pages:
        runs: list[list[PdfLine]] = []
        for line in page.lines:
            last = runs[-1][-1] if runs else None
            if last is None or line.y > last.y + 0.5 * line.size or (line.left > last.right and line.y > last.y - 0.5 * last.size):
                runs.append([])
            runs[-1].append(line)
        cut.append(runs)
    edges: defaultdict[int, list[PdfLine]] = defaultdict(list)
    for run in (run for runs in cut for run in runs):
        edges[_column(run)].extend(run)
    return [[Frame(tuple(run), *_widest(edges, _column(run))) for run in runs] for runs in cut]


def _column(run: Sequence[PdfLine]) -> int:
    return round(min(line.left for line in run) / 40)


def _widest(edges: Mapping[int, list[PdfLine]], column: int) -> tuple[float, float]:
    """Left and right edge of a column; one line in a hundred may stand out on the right, as tables and long addresses do."""
    near = edges[column]
    return min(line.left for line in near), sorted((line.right for line in near), reverse=True)[len(near) // 100]


def _begins(paragraph: Building, line: PdfLine, after: PdfLine | None, setting: Setting, *, jumped: bool) -> bool:
    """Whether a line begins a paragraph and does not go on with the last; `jumped` lines are the first of a column or page."""
    last = paragraph.lines[-1]
    if len(paragraph.text) > LONGEST:
        return True
    if abs(last.size - line.size) > 0.08 * max(last.size, line.size) + 0.2:
        return True
    if not jumped and last.y - line.y > setting.distance(line.size) + 0.22 * line.size:
        return True
    if last.text.endswith(HYPHEN):
        return False
    early = _ended_early(last, line, paragraph.frame)
    if early or (all(last.bold) and not line.bold[0] and len(paragraph.lines) > 1):
        return True
    if HEADED.match(line.text) or (last.text.isupper() and not line.text.isupper() and " " in last.text):
        return True
    if NUMBERED.match(line.text) and _listed(paragraph.text, line.text):
        return True
    if jumped:
        return bool(CLOSED.search(last.text[-20:]) and OPENING.match(line.text) and not last.text.endswith(","))
    return (last.text.endswith(";") and line.text.startswith(("“", '"'))) or _indented(paragraph, line, after, setting)


def _ended_early(last: PdfLine, line: PdfLine, frame: Frame) -> bool:
    """Whether the next line's first word would have fitted behind the last: then the last line was a paragraph's last.

    A centred line has room on both sides.
    """
    room = frame.right - last.right
    if _centred(last, frame) and _centred(line, frame) and abs(last.left - line.left) > 1:
        room += last.left - frame.left
    return room > line.word + 0.35 * line.size


def _centred(line: PdfLine, frame: Frame) -> bool:
    width = frame.right - frame.left
    return abs((line.left + line.right) - (frame.left + frame.right)) < 0.02 * width and line.left > frame.left + 0.03 * width


def _listed(before: str, words: str) -> bool:
    """Whether a number at the start of a line begins an item: after a stop, or as the number after the paragraph's own."""
    if _goes_on_inline(before, words):
        return False
    return bool(CLOSED.search(before[-20:])) or (before.endswith(",") and _precedes(MARK.match(before), MARK.match(words)))


def _precedes(one: re.Match[str] | None, other: re.Match[str] | None) -> bool:
    return one is not None and other is not None and _earlier(other[1]) == one[1]


def _earlier(number: str) -> str:
    """The number before this one: `b` → `a`, `3` → `2`, `iv` → `iii`; empty for the first and where it cannot be told."""
    if number.isdigit():
        return str(int(number) - 1) if int(number) > 1 else ""
    if number.lower() in ROMANS[1:]:
        before = ROMANS[ROMANS.index(number.lower()) - 1]
        return before.upper() if number.isupper() else before
    return chr(ord(number) - 1) if len(number) == 1 and number not in "aA" else ""


def _goes_on_inline(before: str, words: str) -> bool:
    """Whether a number at the start of a line only goes on with numbers inside the paragraph, as in `(a) one thing, and (b) another`."""
    mark = MARK.match(words)
    earlier = _earlier(mark[1]) if mark else ""
    return mark is not None and bool(earlier) and f" {mark[0].replace(mark[1], earlier)} " in before


def _indented(paragraph: Building, line: PdfLine, after: PdfLine | None, setting: Setting) -> bool:
    """Whether a line stands in or out from its paragraph as only a first line does."""
    last, first = paragraph.lines[-1], paragraph.lines[0]
    step = 0.7 * line.size
    if len(paragraph.lines) > 1:
        return abs(line.left - last.left) > step
    if setting.first_indented:
        return line.left > first.left - step and first.left > paragraph.frame.left + step
    if line.left > first.left + step:
        return not NUMBERED.match(first.text) and (after is None or after.left < line.left - step)
    return line.left < first.left - step and bool(NUMBERED.match(first.text) or CLOSED.search(last.text[-20:]))


def _lengthen(paragraph: Building, line: PdfLine, setting: Setting, page: int | None) -> None:
    """Adds a line; a word cut at the end of the last one is made whole."""
    paragraph.text, gap = _open_end(paragraph.text, line.text, setting.words)
    if page is not None:
        paragraph.pages.append((page, len(paragraph.text) + len(gap)))
    paragraph.text += gap + line.text
    paragraph.lines.append(line)


def _open_end(words: str, more: str, known: frozenset[str]) -> tuple[str, str]:
    """The words as they stand before the next line's, and what comes between: nothing, a blank, or a hyphen that belongs there."""
    if not words.endswith((HYPHEN, "-")):
        return words, " "
    head = re.search(r"[^\W\d_]+(?:-[^\W\d_]+)*(?=[-\u00ad]$)", words[-80:])
    tail = WORD.match(more)
    if head is None or tail is None:
        return words[:-1] + "-", ""
    cut_in_capitals = head[0].isupper() and tail[0].isupper() and len(head[0]) > 1
    if not cut_in_capitals and (not tail[0][0].islower() or is_compound(head[0].lower(), tail[0].lower(), known)):
        return words[:-1] + "-", ""
    return words[:-1], ""


def is_compound(head: str, tail: str, known: frozenset[str]) -> bool:
    """Whether a word parted at a line's end is one with a hyphen, such as `gender-based`: by the file's own spelling or by its looks."""
    if f"{head}-{tail}" in known:
        return True
    if head + tail in known:
        return False
    first, last = head.rpartition("-")[2], tail.partition("-")[0]
    return first in FIRSTS or last in LASTS or f"{first}-" in known or (f"-{last}" in known and last in known and len(first) > 2)
