"""What a browser shows, as paragraphs."""

from __future__ import annotations

import pytest

from corpora.readers.read import read
from corpora.readers.typed import typed_paragraphs
from tests.corpora.files import paragraphs

PAGES = {
    "letters": ('<ol type="a"><li>one<li>two</ol>', ["(a) one", "(b) two"]),
    "roman, begun at four": ('<ol type="i" start="4"><li>x<li>y</ol>', ["(iv) x", "(v) y"]),
    "figures with a value": ('<ol><li>x<li value="7">y<li>z</ol>', ["1. x", "7. y", "8. z"]),
    "backwards": ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
    "by style": ('<ol style="list-style-type: lower-roman"><li>x</ol>', ["(i) x"]),
    "no numbers by style": ('<ol style="list-style:none"><li>(a) x</ol>', ["(a) x"]),
    "nested": ("<ol><li>x<ol type=a><li>y</ol><li>z</ol>", ["1. x", "(a) y", "2. z"]),
    "a number on a number": ("<ol><li><ol type=a><li>x</ol></ol>", ["1. (a) x"]),
    "a paragraph in an item": ("<ol><li><p>x</p><p>y</p></ol>", ["1. x", "y"]),
    "an item without words lends nothing": ("<ol><li></li></ol><p>x</p>", ["x"]),
    "bullets": ("<ul><li>x</ul>", ["• x"]),
    "typed numbers instead of bullets": ("<ul><li>(a) x<li>2. y</ul>", ["(a) x", "2. y"]),
    "a number typed and generated": ("<ol><li>1. x<li>(a) y</ol>", ["1. x", "2. (a) y"]),
    "a table row by row": ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", ["a b", "c d"]),
    "a table for the layout": ("<table><tr><td>(a)</td><td><p>x</p><p>y</p></td></tr></table>", ["(a)", "x", "y"]),
    "line breaks": ("<p>a<br>b <b>c</b> d</p>", ["a", "b c d"]),
    "blanks": ("<p>a\n   b\t c</p>", ["a b c"]),
    "entities": ("<p>A&nbsp;&amp;&nbsp;B &sect;&nbsp;5&mdash;&#8220;x&#x201D;</p>", ["A & B § 5—“x”"]),
    "scripts, styles, navigation": ("<p>a</p><script>b</script><style>c</style><nav>d</nav><template>e</template>", ["a"]),
    "hidden": ('<p hidden>a</p><p style="display: none">b</p><p>c</p>', ["c"]),
    "the footer of the site": ("<article><p>a</p><footer>b</footer></article><footer>c</footer>", ["a", "b"]),
    "comments inside words": ("<p>traff<!-- x -->icking</p>", ["trafficking"]),
    "calls of notes": ('<p>persons<sup><a href="#1">1</a></sup> and m<sup>2</sup></p>', ["persons and m2"]),
    "end tags left out": ("<p>a<p>b<dl><dt>c<dd>d</dl>", ["a", "b", "c", "d"]),
    "words behind what is left out": ("<div>a <script>x</script>b <nav>y</nav>c</div>", ["a b c"]),
}


@pytest.mark.parametrize("case", PAGES)
def test_paragraphs(case: str) -> None:
    body, expected = PAGES[case]
    found = read(f"<html><body>{body}</body></html>".encode())
    assert paragraphs(found.text) == expected
    assert [found.text[p.start : p.end] for p in found.source_map] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<html><meta charset='utf-8'><p>é</p>".encode(), "é"),
        ("<html><meta charset='iso-8859-1'><p>“é”</p>".encode("cp1252"), "“é”"),
        ("<html><meta charset='iso-8859-1'><p>é</p>".encode(), "é"),
        ("<html><p>é</p>".encode("utf-16"), "é"),
        ("<html><p>é and much else besides</p>".encode("latin-1"), "é and much else besides"),
        (b"<html><meta charset='no-such-thing'><p>e</p>", "e"),
    ],
)
def test_encodings(data: bytes, expected: str) -> None:
    found = read(data)
    assert (found.media_type, found.text) == ("text/html", expected + "\n")


def test_places_are_lines_of_the_source() -> None:
    found = read(b"<html>\n<body>\n<p>one</p>\n<p>two</p>\n</body></html>")
    assert [p.source for p in found.source_map] == [3, 4]


TYPESCRIPT = """
SEC. 2. FINDINGS.

    Congress finds that this is a very long sentence that goes on to the
following line and to another, which is the end of it:
            (1) The first finding is a long one, and it needs two lines of
        the page to be said.
            (2) The second is short.
            (3) The third finding is that there were so many people in the
        place:
                    (A) one of them; and
                    (B) two.
"""


def test_typescript_is_put_together() -> None:
    expected = [
        "SEC. 2. FINDINGS.",
        "Congress finds that this is a very long sentence that goes on to the following line and to another, which is the end of it:",
        "(1) The first finding is a long one, and it needs two lines of the page to be said.",
        "(2) The second is short.",
        "(3) The third finding is that there were so many people in the place:",
        "(A) one of them; and",
        "(B) two.",
    ]
    assert [words for words, _ in typed_paragraphs(TYPESCRIPT)] == expected
    assert paragraphs(read(f"<html><pre>{TYPESCRIPT}</pre></html>".encode()).text) == expected
