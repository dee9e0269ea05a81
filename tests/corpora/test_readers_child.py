"""The process of its own: the same answer as in this one, and an end to whatever hangs, crashes or grows."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from corpora.readers.child import read_in_child, sandboxed
from corpora.readers.errors import LimitExceeded, ParserCrashed, ParserTimeout, ReaderKilled, ReadingError, TooLarge
from corpora.readers.model import Limits
from corpora.readers.read import read
from tests.corpora.files import STATUTE, as_docx, as_html, as_pdf, docx_of, paragraphs, repacked
from tests.servers import until

FILES = [STATUTE.encode(), as_html(paragraphs(STATUTE)), as_docx(paragraphs(STATUTE)), as_pdf(paragraphs(STATUTE))]


@pytest.mark.parametrize("data", FILES, ids=["txt", "html", "docx", "pdf"])
def test_the_child_reads_as_this_process_does(data: bytes) -> None:
    assert read_in_child(data) == read(data)


@pytest.mark.parametrize(("data", "code"), [(b"", "empty_file"), (b"%PDF-1.7\n", "broken_document"), (b"{\\rtf1 x}", "unsupported_format")])
def test_refusals_come_through(data: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as refused:
        read_in_child(data)
    assert refused.value.code == code


def test_a_reader_that_takes_too_long_is_stopped_with_all_its_processes() -> None:
    begun = time.monotonic()
    with pytest.raises(ParserTimeout):
        read_in_child(b"<p>a" * 3_000_000, Limits(seconds=1, entries=3_141_592))
    assert time.monotonic() - begun < 6
    assert psutil.wait_procs(readers(3_141_592), timeout=3)[1] == []  # what bubblewrap has started dies a moment after it


def readers(entries: int) -> list[psutil.Process]:
    """The processes that read under this limit, those last that were started last."""
    return [p for p in psutil.process_iter(["cmdline"]) if str(entries) in " ".join(p.info["cmdline"] or ())]


@pytest.mark.parametrize("which", [0, -1], ids=["the first", "the last"])
def test_a_reader_that_was_killed_says_nothing_against_the_file(which: int) -> None:
    entries = 2_718_281 + which
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read_in_child, b"<p>a" * 3_000_000, Limits(entries=entries))
        until(lambda: readers(entries))
        readers(entries)[which].kill()
        with pytest.raises(ReaderKilled):
            reading.result()
    assert psutil.wait_procs(readers(entries), timeout=3)[1] == []


def test_a_reader_that_takes_too_much_memory_is_stopped() -> None:
    body = docx_of("")
    large = repacked(
        body, {"word/document.xml": _main(body).replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 3_000_000)}, packing=zipfile.ZIP_STORED
    )
    with pytest.raises((LimitExceeded, ParserCrashed)):
        read_in_child(large, Limits(memory=400_000_000))


def _main(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml")


def test_too_large_a_file_starts_no_process() -> None:
    with pytest.raises(TooLarge):
        read_in_child(b"a" * 11, Limits(file=10))


def test_many_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        assert {found.text for found in threads.map(read_in_child, FILES[2:] * 3)} == {read(FILES[2]).text, read(FILES[3]).text}


def test_the_child_loads_no_models_and_no_service() -> None:
    code = (
        "import sys, corpora.readers.child; print([m for m in ('torch', 'spacy', 'lingua', 'sqlalchemy', 'fastapi') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.skipif(not sandboxed(), reason="bubblewrap is missing or may not work here")
def test_in_the_sandbox_nothing_of_the_machine_is_to_be_seen() -> None:
    from corpora.readers.child import _environment, _sandbox

    code = "import os, socket; print(os.path.exists('/etc/passwd'), os.path.exists('/home'), [n for _, n in socket.if_nameindex()], os.environ.get('HOME'))"
    ran = subprocess.run([*_sandbox(), sys.executable, "-c", code], env=_environment(), cwd="/", capture_output=True, text=True, check=True)
    assert ran.stdout.split("[")[0].split() == ["False", "False"]
    assert ran.stdout.strip().endswith("['lo'] None")
