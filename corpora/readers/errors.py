"""Why a file could not be read: named refusals with a stable code and a sentence that a user can act on."""

from __future__ import annotations


class ReadingError(Exception):
    """A file that holds no text for us; `code` is stable, the message says what to do."""

    code = "unreadable"
    message = "The file could not be read."

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(f"{self.message} {detail}".strip())


class EmptyFile(ReadingError):
    """Nothing in it."""

    code = "empty_file"
    message = "The file is empty."


class NotADocument(ReadingError):
    """A picture, a program, noise: known by its content, whatever its name."""

    code = "not_a_document"
    message = "The file is not a document that can be read (PDF, DOCX, HTML, Markdown or plain text)."


class UnsupportedFormat(ReadingError):
    """A document, but of a kind that has no reader."""

    code = "unsupported_format"
    message = "This kind of document is not supported; save it as PDF, DOCX, HTML or plain text."


class Encrypted(ReadingError):
    """It needs a password."""

    code = "encrypted"
    message = "The file is protected by a password; remove the protection and upload it again."


class NeedsOcr(ReadingError):
    """Pages without a text layer."""

    code = "needs_ocr"
    message = "The PDF holds pictures of pages without text; run text recognition (OCR) on it and upload the result."


class BrokenDocument(ReadingError):
    """Its structure does not hold."""

    code = "broken_document"
    message = "The file is damaged and could not be opened."


class Undecodable(ReadingError):
    """Bytes that are text in no known encoding."""

    code = "undecodable"
    message = "The text could not be decoded; save it as UTF-8."


class TooLarge(ReadingError):
    """More bytes than are accepted."""

    code = "too_large"
    message = "The file is too large; split it, or save it without pictures."


class LimitExceeded(ReadingError):
    """Larger, deeper or more than what is read."""

    code = "limit_exceeded"
    message = "The file exceeds what can be read."


class ParserTimeout(ReadingError):
    """It took too long."""

    code = "parser_timeout"
    message = "Reading the file took too long and was stopped."


class ParserCrashed(ReadingError):
    """The reader died of it."""

    code = "parser_crashed"
    message = "The file made its reader crash; it is kept, but it cannot be read."


class ReaderKilled(ReadingError):
    """Somebody else stopped the reader, most often the system for want of memory; the file may be sound."""

    code = "reader_killed"
    message = "The process that read the file was killed, perhaps because the machine was short of memory; try it again."


def error_named(code: str, detail: str) -> ReadingError:
    """The error with this code, as it came from a child process."""
    for kind in ReadingError.__subclasses__():
        if kind.code == code:
            return kind(detail)
    return ReadingError(detail)
