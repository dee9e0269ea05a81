"""The catalogue of well-known instruments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.catalogue.find import Catalogue, folded, load_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize(
    ("name", "work"),
    [
        ("Convention on the Rights of the Child", "crc"),
        ("the CONVENTION on the rights of the child", "crc"),
        ("CEDAW", "cedaw-1979"),
        ("Palermo Protocol", "un-trafficking-protocol-2000"),
        ("Istanbul Convention", "coe-istanbul-convention-2011"),
        ("Forced Labour Convention, 1930 (No. 29)", "ilo-c029-1930"),
        ("ILO Convention No. 182", "ilo-c182-1999"),
        ("Directive 2011/36/EU", "eu-directive-2011-36"),
        ("Public Law 106-386", "us-tvpa"),
        ("18 U.S.C. 1591", "us-18usc77"),
        ("22 U.S.C. 7103a", "us-tvpa"),
        ("22 U.S.C. 7116", None),
        ("42 U.S.C. 14044h", "us-domestic-trafficking"),
        ("42 U.S.C. 14044i", None),
        ("Modern Slavery Act 2015", "uk-modern-slavery-act-2015"),
        ("Convention", None),
        ("", None),
    ],
)
def test_names_lead_to_works(catalogue: Catalogue, name: str, work: str | None) -> None:
    assert catalogue.find(name) == work


@pytest.mark.parametrize(
    ("page", "work"),
    [
        ("CONVENTION ON THE RIGHTS OF THE CHILD\n\nPreamble", "crc"),
        ("\n\n  Modern Slavery Act 2015\n\nPART 1", "uk-modern-slavery-act-2015"),
        ("Public Law 110–457\n\nAn Act To renew the Trafficking Victims Protection Act of 2000.", "us-tvpra-2008"),
        ("CHAPTER 78—TRAFFICKING VICTIMS PROTECTION\n\n§ 7101. Purposes", "us-tvpa"),
        ("A BILL\n\nintituled\n\nShort title\n\n1. (1) This Act may be cited as the Sexual Offences against Children Act 2017.",
         "my-sexual-offences-against-children-2017"),
        ("A note on the Convention on the Rights of the Child\n\nIt is widely ratified.", None),
        ("An Act to amend the Criminal Code (trafficking in persons)\n\nHer Majesty", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_first_page_tells_its_work(catalogue: Catalogue, page: str, work: str | None) -> None:
    assert catalogue.recognise(page) == work


def test_the_data_are_consistent(catalogue: Catalogue) -> None:
    assert len(catalogue.works) >= 100
    for work in catalogue.works.values():
        assert work.title
        assert work.body
        assert work.kind in {"treaty", "statute", "bill", "directive", "guideline", "report"}, work.id
        assert work.in_force is None or work.in_force >= work.adopted
        assert set(work.cites) <= set(catalogue.works) - {work.id}
        assert catalogue.find(work.title) in (work.id, None)
    assert [w.id for w in catalogue.works.values() if catalogue.find(w.title) is None and folded(w.title) not in catalogue.shared] == []


def test_real_instruments_are_recognised(catalogue: Catalogue, instruments: Path) -> None:
    """All but two: two Canadian acts have one title, so that neither can be told by it."""
    rows = json.loads((instruments / "manifest.json").read_text(encoding="utf-8"))
    found = {row["id"]: catalogue.recognise((instruments / f"{row['id']}.txt").read_text(encoding="utf-8")) for row in rows}
    wrong = {row["id"]: found[row["id"]] for row in rows if found[row["id"]] != row["work"]}
    assert wrong == {"ca-trafficking-extraterritorial-act-2012": None, "ca-trafficking-in-persons-act-2005": None}
