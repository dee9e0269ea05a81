from __future__ import annotations

import pytest

from nlp.structure.find import find_structure
from nlp.structure.numbers import Style, begins, follows, opening_numbers
from nlp.types import PassageRole, Structure

TREATY = """Model Convention on Fair Harbours

The Parties to this Convention,

Recalling the dignity of every seafarer,

Convinced that harbours must be safe,

Have agreed as follows:

CHAPTER I — GENERAL

Article 1
Purpose

1. The purposes of this Convention are:

(a) to keep harbours safe;

(b) to help seafarers:

(i) on board;

(ii) ashore.

2. Each Party shall report.

Article 2 – Scope

This Convention applies to harbours.

It does not apply to lakes.

CHAPTER II — FINAL

Article 3

Each Party shall ratify.

ANNEX I

1. The form is blue.
"""

STATUTE = """Harbours Act 2020

An Act to make harbours safe.

PART 1 Preliminary

Short title

1. This Act may be cited as the Harbours Act 2020.

Interpretation

2. (1) In this Act—

"harbour" means a place for ships;

(2) A ship is in a harbour if—

(a) it is moored; or

(h) it is aground; or

(i) it is sunk.

PART 2 Duties

2A. Duty to report

(1) The master of a ship shall report.

3. (1) (a) The master shall wait.
"""

CODE = """CHAPTER 9—HARBORS

§ 901. Definitions

In this chapter:

(1) Harbor

The term "harbor" means a place for ships.

(A) In general

It includes piers.

(Pub. L. 100–1, § 2, Oct. 1, 2000, 114 Stat. 1.)

§ 901a. Reports

(a) Annual report

(1) The Secretary shall report.

Editorial Notes
"""

COMMENT = """General comment No. 1 on harbours

I. Introduction

1. Harbours matter to the Committee.

2. States parties should:

(a) Build them;

(b) Keep them.

II. Conclusion

3. The Committee recommends ships.
"""


def ids(structure: Structure) -> list[str]:
    return [u.id for u in structure.units]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            TREATY,
            [
                "preamble__recital_2",
                "chp_I__art_1__para_1__point_b__point_ii",
                "chp_I__art_2__p_2",
                "chp_II__art_3",
                "annex_I__para_1",
            ],
        ),
        (STATUTE, ["part_1__sec_1", "part_1__sec_2__subsec_2__para_i", "part_2__sec_2A__subsec_1", "part_2__sec_3__subsec_1__para_a"]),
        (CODE, ["chp_9__sec_901__para_1__subpara_A", "chp_9__sec_901a__subsec_a__para_1"]),
        (COMMENT, ["para_1", "para_2__point_b", "para_3"]),
    ],
)
def test_ids_follow_the_naming_convention(text: str, expected: list[str]) -> None:
    found = ids(find_structure(text))
    assert [e for e in expected if e not in found] == []


@pytest.mark.parametrize(
    ("text", "unit", "label"),
    [
        (TREATY, "chp_I__art_1__para_1__point_b__point_ii", "Art. 1(1)(b)(ii)"),
        (TREATY, "preamble__recital_1", "Preamble, recital 1"),
        (TREATY, "chp_II", "Chapter II"),
        (TREATY, "annex_I__para_1", "Annex I, para 1"),
        (STATUTE, "part_1__sec_2__subsec_2__para_a", "s 2(2)(a)"),
        (CODE, "chp_9__sec_901a__subsec_a__para_1", "§ 901a(a)(1)"),
        (COMMENT, "para_2__point_a", "para 2(a)"),
    ],
)
def test_labels_are_what_a_lawyer_writes(text: str, unit: str, label: str) -> None:
    assert {u.id: u.label for u in find_structure(text).units}[unit] == label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TREATY, ["Purpose", "Article 2 – Scope", "CHAPTER I — GENERAL", "ANNEX I"]),
        (STATUTE, ["Short title", "Interpretation", "2A. Duty to report"]),
        (CODE, ["§ 901. Definitions", "Editorial Notes", "(Pub. L. 100–1, § 2, Oct. 1, 2000, 114 Stat. 1.)", "(a) Annual report"]),
        (COMMENT, ["I. Introduction"]),
    ],
)
def test_headings_and_editorial_matter_are_not_coded(text: str, words: list[str]) -> None:
    coded = {p.text for p in find_structure(text).passages}
    assert coded.isdisjoint(words)


def test_an_item_is_read_with_its_chapeau_and_headings() -> None:
    passages = find_structure(TREATY).passages
    item = next(p for p in passages if p.text.startswith("(ii)"))
    assert [passages[i].text for i in item.leads] == ["1. The purposes of this Convention are:", "(b) to help seafarers:"]
    assert item.headings == ("GENERAL", "Purpose")


def test_roles() -> None:
    roles = {p.text.split()[0]: p.role for p in find_structure(TREATY).passages}
    assert roles["Recalling"] is PassageRole.PREAMBLE
    assert roles["It"] is PassageRole.OPERATIVE
    assert next(p for p in find_structure(TREATY).passages if "blue" in p.text).role is PassageRole.ANNEX


def test_the_letter_i_and_the_roman_one() -> None:
    units = {u.number: u.parent for u in find_structure(STATUTE).units if u.number in ("(h)", "(i)")}
    assert units["(h)"] == units["(i)"] == "part_1__sec_2__subsec_2"


def test_gaps_and_duplicates_are_warnings() -> None:
    structure = find_structure("Treaty\n\nArticle 1\n\nA shall.\n\nArticle 1\n\nB shall.\n\nArticle 2\n\n1. C shall.\n\n4. D shall.\n")
    assert len(set(ids(structure))) == len(structure.units)
    assert any("2 times" in w for w in structure.warnings)
    assert any("out of turn" in w for w in structure.warnings)


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("1. (1) (a) The court", ["1", "1", "a"]), ("(iv) a person", ["iv"]), ("b) the State", ["b"]), ("– assistance", ["–"]),
        ("12A. Report", ["12A"]), ("The court", []), ("2020 was a year", []), ("(the Committee) shall", []),
    ],
)  # fmt: skip
def test_opening_numbers(line: str, numbers: list[str]) -> None:
    found = [n.written if n.form != "dash" else "–" for n in opening_numbers(line)]
    assert found == numbers


@pytest.mark.parametrize(
    ("word", "style", "last", "place"),
    [
        ("12", Style.DECIMAL, 11, 12),
        ("12A", Style.DECIMAL, 12, 12),
        ("12", Style.DECIMAL, 12, None),
        ("c", Style.LOWER, 2, 3),
        ("aa", Style.LOWER, 26, 27),
        ("aa", Style.LOWER, 1, 1),
        ("iv", Style.LOWER_ROMAN, 3, 4),
        ("iia", Style.LOWER_ROMAN, 2, 2),
        ("IX", Style.UPPER_ROMAN, 7, None),
        ("bb", Style.DOUBLE_LOWER, 1, 2),
    ],
)
def test_what_follows_what(word: str, style: Style, last: int, place: int | None) -> None:
    assert follows(word, style, last) == place


@pytest.mark.parametrize(
    ("word", "style", "first"),
    [
        ("1", Style.DECIMAL, True),
        ("1A", Style.DECIMAL, False),
        ("a", Style.LOWER, True),
        ("i", Style.LOWER, False),
        ("I", Style.UPPER_ROMAN, True),
    ],
)
def test_what_begins_a_count(word: str, style: Style, first: bool) -> None:
    assert begins(word, style) is first


def nested(lines: list[str]) -> list[str]:
    """The ids below `art_1` of a treaty with this article, without the prefix they share."""
    text = "Convention on Harbours\n\nArticle 1\n\n" + "\n\n".join(lines) + "\n\nArticle 2\n\nEnd.\n"
    return [u.id.removeprefix("art_1__") for u in find_structure(text).units if u.id.startswith("art_1__")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1. A:", "(a) b;", "(b) c:", "(i) d;", "(ii) e.", "2. F."],
         ["para_1", "para_1__point_a", "para_1__point_b", "para_1__point_b__point_i", "para_1__point_b__point_ii", "para_2"]),
        (["A:", "(g) b;", "(h) c;", "(i) d;", "(j) e."], ["para_g", "para_h", "para_i", "para_j"]),
        (["A:", "(h) c:", "(i) d;", "(ii) e;", "(i) f."], ["para_h", "para_h__point_i", "para_h__point_ii", "para_i"]),
        (["1. A person who—", "(a) b, or", "(b) c,", "shall be guilty.", "2. D."],
         ["para_1", "para_1__point_a", "para_1__point_b", "para_1__p_2", "para_2"]),
        (["1. A:", "(a) b.", "More of b.", "(b) c."], ["para_1", "para_1__point_a", "para_1__point_a__p_2", "para_1__point_b"]),
        (["In this article—", "“ship” means—", "(a) b; or", "(b) c;", "“port” means—", "(a) d; or", "(b) e."],
         ["p_2", "p_2__para_a", "p_2__para_b", "p_3", "p_3__para_a", "p_3__para_b"]),
        (["A:", "– b;", "– c."], ["indent_1", "indent_2"]),
        (["1) A:", "a) b;", "b) c."], ["para_1", "para_1__point_a", "para_1__point_b"]),
        (["1. (a) (i) A."], ["para_1", "para_1__point_a", "para_1__point_a__point_i"]),
        (["1. A.", "1A. B.", "2. C."], ["para_1", "para_1A", "para_2"]),
    ],
)  # fmt: skip
def test_lists_nest_by_the_continuity_of_their_numbers(lines: list[str], expected: list[str]) -> None:
    assert nested(lines) == expected


BILL = """Public Law 999–1

An Act To mend harbors.

SEC. 101. REPORTS.

(a) In General.— Section 5 of the Harbor Act is amended by adding at the end the following:

“(c) Lights.—

“(1) A harbor shall have lights.

“(2) The lights shall be white.”.

(b) Clerical Amendment.— The table of contents is amended.

SEC. 102. MORE.

(a) The Secretary shall report.
"""


LISTED = """Ports (Amendment) Act

1. Schedule to the Act of 1990

1. The Schedule to the Act of 1990 is amended by the insertion of the following:

“4. Section 2 of the Harbours Act.

5. Section 7 of the Harbours Act.

6. Section 9 of the Piers Act.”.

2. Short title

2. This Act may be cited as the Ports Act.
"""


def test_short_provisions_of_a_list_that_is_inserted_are_no_headings() -> None:
    said = [p.text for p in find_structure(LISTED).passages]
    assert [text for text in said if "Section" in text] == [
        "“4. Section 2 of the Harbours Act.",
        "5. Section 7 of the Harbours Act.",
        "6. Section 9 of the Piers Act.”.",
    ]
    assert not any(text.endswith("Short title") for text in said)


NAMED = """Harbour Convention

Article 1 — Offences committed by means of ships and barges

1. Each Party shall punish them.

Article 2 — Help

Each Party shall help those who were harmed.

Article 3 Each Party shall report once a year.

Article 4 Each Party shall keep records of what
was seized.
"""


def test_a_title_with_a_verb_on_the_line_of_its_article_is_a_heading() -> None:
    structure = find_structure(NAMED)
    assert [p.text[:24] for p in structure.passages] == [
        "1. Each Party shall puni",
        "Each Party shall help th",
        "Article 3 Each Party sha",
        "Article 4 Each Party sha",
        "was seized.",
    ]
    assert next(u.heading for u in structure.units if u.id == "art_1") == "Offences committed by means of ships and barges"


def test_quoted_law_is_a_unit_of_its_own() -> None:
    found = ids(find_structure(BILL))
    inner = "sec_101__subsec_a__qstr_1__subsec_c"
    assert [i for i in found if i.startswith("sec_101")] == [
        "sec_101", "sec_101__subsec_a", "sec_101__subsec_a__qstr_1", inner, f"{inner}__para_1", f"{inner}__para_2", "sec_101__subsec_b",
    ]  # fmt: skip
    labels = {u.id: u.label for u in find_structure(BILL).units}
    assert labels[f"{inner}__para_1"] == "§ 101(a), quoted (c)(1)"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Each Party shall report.", None),
        ("Each Party shall report every year, and\n\nthe Council shall read the reports.", None),
        ("Convention on Harbours\n\nEach Party shall report.", "Convention on Harbours"),
        ("HARBOUR CONVENTION.\n\nArticle 1\n\nEach Party shall report.", "HARBOUR CONVENTION."),
    ],
)
def test_a_title_is_told_from_a_first_provision(text: str, title: str | None) -> None:
    structure = find_structure(text)
    assert [u.heading for u in structure.units if u.kind == "title"] == ([title] if title else [])
    assert len(structure.passages) == len([line for line in text.splitlines() if line and not line.startswith(("Art", title or "\0"))])


def test_the_end_of_a_treaty_belongs_to_no_article() -> None:
    text = TREATY.replace("\nANNEX I", "\nIN WITNESS WHEREOF the undersigned have signed.\n\nDone at Port Royal.\n\nANNEX I")
    units = {p.text[:7]: p.unit for p in find_structure(text).passages}
    assert (units["IN WITN"], units["Done at"]) == ("conclusions__p_1", "conclusions__p_2")


PAPER = """Safe Harbours: A Strategy

Harbours are busy.

PREVENTION

Awareness

The Ministry will train its staff:

- in English

- in French

PROTECTION

Shelters stand open.
"""


def test_a_paper_with_headings_only() -> None:
    passages = find_structure(PAPER).passages
    assert [(p.unit, p.headings) for p in passages] == [
        ("p_1", ()),
        ("hcontainer_2__p_1", ("PREVENTION", "Awareness")),
        ("hcontainer_2__p_1__indent_1", ("PREVENTION", "Awareness")),
        ("hcontainer_2__p_1__indent_2", ("PREVENTION", "Awareness")),
        ("hcontainer_3__p_1", ("PROTECTION",)),
    ]
    assert [p.leads for p in passages] == [(), (), (1,), (1,), ()]


@pytest.mark.parametrize(
    "line",
    [
        "(Added Pub. L. 106–1, div. A, § 1, Oct. 2, 2000, 114 Stat. 1.)", "Editorial Notes", "References in Text", "Page 3 of 12", "- 4 -",
        "CRC/GC/2030/6", "[F12] Inserted by S.I. 2001/1", "2008—Subsec. (a). Pub. L. 110–1 added it.", "* * * * *", "Part I ............ 3",
    ],
)  # fmt: skip
def test_editorial_matter(line: str) -> None:
    text = f"A Treaty\n\nArticle 1\n\nA shall report.\n\n{line}\n\nB shall report.\n"
    assert [p.text for p in find_structure(text).passages] == ["A shall report.", "B shall report."]


def test_a_table_of_contents_opens_no_articles() -> None:
    text = (
        "A Treaty\n\nCONTENTS\n\nArticle 1 – Aims\n\nArticle 2 – Means\n\nArticle 1 – Aims\n\nA shall.\n\nArticle 2 – Means\n\nB shall.\n"
    )
    assert [i for i in ids(find_structure(text)) if i.startswith("art")] == ["art_1", "art_2"]
