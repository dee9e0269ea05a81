from __future__ import annotations

import pytest

from corpora.manifests import BadManifest, Described, clean_path, read_manifest, within

WANTED = {
    "a/one.txt": Described(title="One", date="2001-02-03", body="Union", kind="treaty", work="one", version="first"),
    "two.pdf": Described(title="Zwei, “quoted”"),
}
CSV = 'path,title,date,body,kind,work,version\r\na/one.txt,One,2001-02-03,Union,treaty,one,first\r\n./two.pdf,"Zwei, “quoted”",,,,,\r\n'
JSONL = """{"path": "a\\\\one.txt", "title": "One", "date": "2001-02-03", "body": "Union", "kind": "treaty", "work": "one", "version": "first"}

{"path": "two.pdf", "title": "Zwei, “quoted”", "date": null}
"""
TOML = """[[document]]
path = "a/one.txt"
title = "One"
date = 2001-02-03
body = "Union"
kind = "treaty"
work = "one"
version = "first"

[[document]]
path = "two.pdf"
title = "Zwei, “quoted”"
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("m.csv", CSV), ("M.CSV", "\ufeff" + CSV), ("manifest.jsonl", JSONL), ("m.toml", TOML), ("m.csv", CSV.replace("\r", ""))],
)
def test_the_three_forms_say_the_same(name: str, text: str) -> None:
    assert read_manifest(name, text.encode()) == WANTED


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("m.xlsx", b"", "a manifest ends in .csv, .jsonl, .toml"),
        ("m.csv", b"path\n\xff", "not UTF-8 (byte 5)"),
        ("m.csv", b"title\nx\n", "line 2: a path is needed"),
        ("m.csv", b"path,author\na,b\n", "there is no field 'author'"),
        ("m.csv", b"path,title\na,b,c\n", "line 2: more cells"),
        ("m.csv", b'path\n"a\n', "unexpected end of data"),
        ("m.csv", b"path\na\na\n", "line 3: the path 'a' comes twice"),
        ("m.csv", b"path\n../a\n", "leads out of the folder"),
        ("m.csv", b"path,version\na,2\n", "a version needs a work"),
        ("m.jsonl", b"{}\n", "line 1: a path is needed"),
        ("m.jsonl", b'{"path": "a"}\n[1]\n', "line 2: an object is needed"),
        ("m.jsonl", b"{\n", "line 1: not JSON"),
        ("m.jsonl", b"[" * 100_000, "line 1: not JSON"),
        ("m.jsonl", b'{"path": ["a"]}', "line 1: a path is needed"),
        ("m.toml", b"[[document]]\n", "document 1: a path is needed"),
        ("m.toml", b"x = ", "m.toml: "),
        ("m.toml", b"x = " + b"9" * 6000, "m.toml: "),
        ("m.toml", b"document = 3", "tables named [[document]] are needed"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(name: str, data: bytes, why: str) -> None:
    with pytest.raises(BadManifest) as raised:
        read_manifest(name, data)
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [("a/b", "a/b"), ("./a//b", "a/b"), ("a\\b", "a/b"), ("/a", ""), ("\\a", ""), ("a/../b", ""), ("C:/a", ""), ("c:a", "c:a"), ("", "")],
)
def test_paths_stay_within_their_folder(path: str, cleaned: str) -> None:
    assert clean_path(path) == cleaned


def test_a_manifest_in_a_folder_speaks_of_that_folder() -> None:
    assert set(within(WANTED, "x/y")) == {"x/y/a/one.txt", "x/y/two.pdf"}
    assert within(WANTED, "") == WANTED
