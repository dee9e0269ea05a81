"""Each attack with the line that stands against it and the test that fails without that line.

`python -m tests.hostile.defences` takes each line away, in a copy of the program, and runs the test: it must fail. Prints a line for each.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("api", "corpora", "lexframe", "nlp", "tests", "workers", "pyproject.toml")
LINKED = ("models", "benchmarks", "docs", "README.md", "Makefile", ".ci")


@dataclass(frozen=True)
class Defence:
    """What is attempted; the words in a file that stand against it, and what is left without them; the test that tells."""

    attack: str
    file: str
    stands: str
    without: str
    test: str


D, API, CORPORA, HOSTILE, WORKERS = Defence, "tests/api", "tests/corpora", "tests/hostile", "tests/workers"
DEFENCES: tuple[Defence, ...] = (
    D("the service is put on a network without keys", "api/settings.py", "if not (settings.on_loopback or has_keys):", "if False:", f"{API}/test_settings.py::test_without_keys_only_this_machine_is_served"),
    D("keys are read from a stolen database", "corpora/store/keys.py", 'return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()', "return secret", f"{API}/test_keys.py::test_a_key_is_told_once_and_only_its_digest_is_kept"),
    D("an expired key is used", "corpora/store/keys.py", "and (self.expires is None or now < self.expires)", "", f"{API}/test_keys.py::test_expired_and_revoked_keys_do_not_open"),
    D("a revoked key is used", "corpora/store/keys.py", "self.revoked is None and ", "", f"{API}/test_keys.py::test_expired_and_revoked_keys_do_not_open"),
    D("a key does more than its scopes", "api/door.py", "if not caller.may(door.scope):", "if False:", f"{API}/test_access.py::test_who_may_not_is_refused"),
    D("a new route is left open", "api/access.py", "return Scope.READ if method in READING else Scope.WRITE", "return None", f"{API}/test_access.py::test_every_route_is_expected"),
    D("a document of another space is asked for by its id", "corpora/store/documents.py", "documents.c.id == document_id, documents.c.space == space)).one_or_none()", "documents.c.id == document_id)).one_or_none()", f"{API}/test_access.py::test_another_space_does_not_exist"),
    D("another space is named in the header", "api/door.py", "(key.sees(wanted) if key else wanted == DEFAULT_SPACE)", "True", f"{API}/test_access.py::test_a_space_that_is_not_the_keys_is_not_opened_by_naming_it"),
    D("a key to one space reads numbers of all", "api/door.py", "if door.everywhere and EVERY_SPACE not in caller.spaces:", "if False:", f"{API}/test_metrics.py::test_where_keys_are_asked_for_one_to_every_space_is_needed"),
    D("the key that Prometheus has reads documents", "corpora/store/keys.py", "(wanted is Scope.READ and reads)", "wanted is Scope.READ", f"{API}/test_metrics.py::test_a_key_for_the_numbers_reads_nothing_else"),
    D("a session's cookie is read by a script or on the line", "api/sessions.py", "secure=secure, httponly=True, samesite=\"lax\")\n\n\ndef take_cookie", "secure=False, httponly=False)\n\n\ndef take_cookie", f"{API}/test_keys.py::test_off_this_machine_the_cookie_is_for_tls_and_this_host_only"),
    D("a form is forged in a session (CSRF)", "api/sessions.py", "raise ForgedForm", "return", f"{API}/test_keys.py::test_a_change_in_a_session_needs_the_token_of_its_pages"),
    D("a page of another site posts to a service without keys", "api/security.py", "return FromAnotherSite()", "return None", f"{API}/test_security.py::test_a_page_of_another_site_cannot_upload"),
    D("a name is rebound to this machine (DNS rebinding)", "api/security.py", "return WrongHost()", "return None", f"{API}/test_security.py::test_only_the_own_name_of_the_machine_is_answered_to"),
    D("the login leads to another site", "api/pages/login.py", "plain and not parts.scheme and not parts.netloc and back.startswith", "back or back.startswith", f"{API}/test_keys.py::test_after_the_login_a_browser_stays_here"),
    D("a key asks without end", "api/pace.py", "return (1.0 - left) / self._rate", "return 0.0", f"{API}/test_pace.py::test_a_key_that_asks_too_often_waits"),
    D("keys are guessed", "api/door.py", "keep_pace(service_of(request).strangers, address_of(request))\n            raise", "raise", f"{API}/test_pace.py::test_wrong_keys_from_one_address_wait_and_right_ones_do_not"),
    D("the audit log is rewritten", "corpora/store/migrations/versions/0006_the_audit_log_stays.py", 'for act in ("UPDATE", "DELETE"):\n            op.execute(f"CREATE', 'for act in ():\n            op.execute(f"CREATE', f"{API}/test_audit.py::test_entries_are_neither_changed_nor_deleted"),
    D("content is read without a trace", "api/door.py", "if door is not None and is_content(door):", "if False:", f"{API}/test_audit.py::test_what_cannot_be_recorded_is_not_shown"),
    D("a webhook leads inside", "workers/outbound.py", "if literal is not None and not (named or is_public(literal)):", "if False:", f"{WORKERS}/test_outbound.py::test_urls_that_lead_inside_or_nowhere_are_refused"),
    D("a name resolves inside when a webhook is sent", "workers/outbound.py", "if not to.named and not all(", "if not all(not ", f"{WORKERS}/test_outbound.py::test_a_name_that_resolves_inside_is_refused"),
    D("a file is larger than allowed", "corpora/store/blobs.py", "raise TooLarge(limit)", "break", f"{CORPORA}/test_store_blobs.py::test_what_is_too_large_is_refused_before_all_of_it_is_read"),
    D("a file is not what its name says", "corpora/readers/detect.py", "if _is_binary(data):\n        _refuse_binary(data)", "", f"{CORPORA}/test_readers_refusals.py::test_bad_files_are_refused_by_name"),
    D("a PDF has pages without end", "corpora/readers/pdf.py", "if count > limits.pages:", "if False:", f"{CORPORA}/test_readers_refusals.py::test_limits_hold"),
    D("a Word file unpacks to too much", "corpora/readers/docx_package.py", "if sum(entry.file_size for entry in entries) > limits.unpacked:", "if False:", f"{CORPORA}/test_readers_refusals.py::test_limits_hold"),
    D("a part of a Word file is packed a thousandfold", "corpora/readers/docx_package.py", "large = entry.file_size > 1_000_000 and", "large = False and", f"{HOSTILE}/test_files.py::test_every_hostile_file_ends_in_a_named_outcome_within_time_and_memory"),
    D("a Word file has thousands of parts", "corpora/readers/docx_package.py", "if len(entries) > limits.entries:", "if False:", f"{HOSTILE}/test_files.py::test_every_hostile_file_ends_in_a_named_outcome_within_time_and_memory"),
    D("a Word file has a document type, and entities in it", "corpora/readers/docx_package.py", 'if b"<!DOCTYPE" in (before + chunk).replace(b"\\x00", b""):', "if False:", f"{HOSTILE}/test_files.py::test_every_hostile_file_ends_in_a_named_outcome_within_time_and_memory"),
    D("entities of an XML file name files of this machine", "corpora/exports/akn_read.py", "etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)", "etree.XMLParser(resolve_entities=True, no_network=False, load_dtd=True, huge_tree=True)", f"{HOSTILE}/test_files.py"),
    D("HTML is nested without end", "corpora/readers/html.py", "if depth > limits.depth:", "if False:", f"{CORPORA}/test_readers_refusals.py::test_limits_hold"),
    D("a text is longer than what is read", "corpora/readers/read.py", "if len(found.text) > limits.text:", "if False:", f"{CORPORA}/test_readers_refusals.py::test_limits_hold"),
    D("a reader never ends", "corpora/readers/child.py", "if not selector.select(timeout=max(0.0, until - time.monotonic())):", "if not selector.select(timeout=None):", f"{CORPORA}/test_readers_child.py::test_a_reader_that_takes_too_long_is_stopped_with_all_its_processes"),
    D("a reader takes all memory", "corpora/readers/child.py", "(resource.RLIMIT_AS, limits.memory, limits.memory),", "", f"{CORPORA}/test_readers_child.py::test_a_reader_that_takes_too_much_memory_is_stopped"),
    D("a reader looks around on this machine", "corpora/readers/child.py", 'program, "--unshare-all", "--die-with-parent", "--new-session",', 'program, "--die-with-parent", "--ro-bind", "/", "/",', f"{CORPORA}/test_readers_child.py::test_in_the_sandbox_nothing_of_the_machine_is_to_be_seen"),
    D("a path leads out of an archive", "corpora/manifests.py", 'if path.startswith(("/", "\\\\")) or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):', "if False:", f"{CORPORA}/test_archives.py::test_a_path_that_leads_out_is_refused_and_the_others_are_read"),
    D("an archive unpacks to too much", "corpora/archives.py", "if self.left < 0:", "if False:", f"{CORPORA}/test_archives.py::test_too_much_altogether"),
    D("a file of an archive is packed a thousandfold", "corpora/archives.py", "if one.packed and size > max(RATIO_FROM, one.packed * limits.ratio):", "if False:", f"{CORPORA}/test_archives.py::test_a_file_that_unpacks_to_far_more_than_its_size_is_refused"),
    D("an archive holds links and devices", "corpora/archives.py", "if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:", "if False:", f"{CORPORA}/test_archives.py::test_links_devices_and_encrypted_files_are_refused"),
    D("names hold control and bidirectional characters", "corpora/store/names.py", 'if not unicodedata.category(c).startswith("C")', "", f"{CORPORA}/test_store_documents.py::test_file_names"),
    D("a text holds nulls", "corpora/readers/text.py", 'if "\\x00" in text or', "if", f"{HOSTILE}/test_files.py::test_every_hostile_file_ends_in_a_named_outcome_within_time_and_memory"),
    D("a request holds nulls or half characters", "corpora/store/session.py", "raise UnstorableText from error", "raise", f"{HOSTILE}/test_description.py::test_odd_texts_are_no_defect"),
    D("a text holds lone surrogates", "nlp/syntax.py", 'return LONE_SURROGATE.sub("\\ufffd", text)', "return text", f"{HOSTILE}/test_files.py::test_lone_surrogates_are_annotated_where_they_stand"),
    D("a pattern is made slow by a text", "nlp/definitions/patterns.py", r"(?P<deeming>is\s++said\s++to(?:\s++be)?)\s++", r"(?P<deeming>is\s+said\s+to(?:\s+be)?)\s+", f"{HOSTILE}/test_patterns.py::test_blanks_without_end_take_no_more_than_time_in_proportion"),
    D("weights run code", "models/manifest.py", "if path.suffix in REFUSED or", "if False and", "tests/models/test_labeller.py::test_pickles_are_refused"),
    D("a cell of a table is run as a formula", "corpora/exports/tables.py", "isinstance(value, str) and (value.startswith(FORMULA)", "False and (value.startswith(FORMULA)", f"{HOSTILE}/test_shown.py::test_every_export_is_inert"),
    D("a page obeys the words of a document", "api/pages/rendering.py", 'Markup("").join(_visible(c) if _steers(c) else escape(c) for c in plain)', "Markup(plain)", f"{HOSTILE}/test_shown.py::test_every_page_shows_hostile_words_and_obeys_none"),
    D("a report obeys the words of a document", "corpora/exports/report_html.py", "return escape(steady(words))", "return words", f"{HOSTILE}/test_shown.py::test_every_export_is_inert"),
    D("an original file is opened as a page", "api/routes/contents.py", 'return f"attachment; filename', 'return f"inline; filename', f"{API}/test_contents.py::test_the_original_is_saved_under_its_name_and_never_shown"),
    D("a page is framed, sniffed or lets scripts in", "api/security.py", "headers.setdefault(name, value)", "pass", f"{API}/test_security.py::test_every_answer_carries_the_security_headers"),
    D("an error echoes what was sent", "api/errors.py", '{"where": ".".join(str(part) for part in found["loc"]), "why": found["msg"]}', '{"where": str(found["input"]), "why": found["msg"]}', f"{API}/test_errors.py::test_an_invalid_request_is_not_echoed"),
    D("a document commands the terminal", "api/terminal.py", '_NAMELESS if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in _KEPT else c', "c", f"{API}/test_cli.py::test_nothing_from_a_document_commands_the_terminal"),
)  # fmt: skip


def standing(defence: Defence) -> bool:
    """Whether the words are where they are said to be."""
    return defence.stands in (ROOT / defence.file).read_text(encoding="utf-8")


def test_exists(defence: Defence) -> bool:
    """Whether the test is there."""
    file, _, name = defence.test.partition("::")
    return (ROOT / file).is_file() and f"def {name or 'test_'}" in (ROOT / file).read_text(encoding="utf-8")


test_exists.__test__ = False  # type: ignore[attr-defined]


def fails_without(defence: Defence, tree: Path) -> bool:
    """Whether its test fails in a copy of the program without it; the copy is then as before."""
    file = tree / defence.file
    if (tree / defence.file.split("/")[0]).is_symlink():
        link = tree / defence.file.split("/")[0]
        link.unlink()
        shutil.copytree(ROOT / link.name, link)
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(defence.stands, defence.without), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not fuzz", defence.test]
    try:
        done = subprocess.run(
            command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, timeout=400, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(whole, encoding="utf-8")
    return done.returncode in {1, 2} and "SyntaxError" not in done.stdout


def main() -> None:
    """All of them, or those whose number is given."""
    wanted = [int(one) for one in sys.argv[1:]] or range(len(DEFENCES))
    still = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, tree / name)  # type: ignore[operator]
        for name in LINKED:
            (tree / name).symlink_to(ROOT / name)
        for number in wanted:
            fails = fails_without(DEFENCES[number], tree)
            still += not fails
            print(
                f"{number:3} {'fails without' if fails else 'STILL PASSES'}: {DEFENCES[number].attack} ({DEFENCES[number].test})",
                flush=True,
            )
    sys.exit(1 if still else 0)


if __name__ == "__main__":
    main()
