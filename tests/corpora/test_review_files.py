from __future__ import annotations

import pytest

from corpora.review.errors import BadDecision
from corpora.review.files import read_lines

HEAD = b"document,coder,start,end,labels,action,layer,label,replacement\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"document": "d"}\n[1]', "line 1: it has neither"),
        (b'{"document": "d", "coder": "c", "start": 0, "end": 1, "labels": []}\n[1]', "line 2: an object is needed"),
        (b'{"document": "d", "coder": "c", "start": 1e999, "end": 1, "labels": []}', "line 1: cannot convert float infinity"),
        (b'{"a":' * 100_000, "line 1 is not JSON"),
        (HEAD + b"d,c,3,4,,correct,definitions,x,{", "line 2 is not JSON"),
        (HEAD + b"d,c,3,4,,correct,definitions,x," + b"[" * 100_000, "line 2 is not JSON"),
        (HEAD + b"d,c,3,4,a," + b"x" * 140_000, "line 1: field larger than field limit"),
        (HEAD + b"d,c,3\r\r,4", "line 2: it has neither"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(data: bytes, why: str) -> None:
    """Found by the fuzz: some of these were answered as a defect of the service."""
    with pytest.raises(BadDecision, match=why.replace("(", r"\(")):
        list(read_lines(data))
