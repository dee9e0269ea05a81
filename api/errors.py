"""Every error that a client can meet, in one table; `api/answering.py` answers them (RFC 9457, application/problem+json)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError

from corpora.analysing import BadGrouping
from corpora.archives import BadArchive
from corpora.manifests import BadManifest
from corpora.review import errors as review
from corpora.search.query import BadQuery
from corpora.searching import NoMeaning, NoSuchProvision
from corpora.store import errors as store
from workers.outbound import BadTarget

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:lexframe:problem:"
Headers = Mapping[str, str]


class NoSuchDocument(Exception):
    """There is no document with this id."""


class NoSuchWork(Exception):
    """Neither the catalogue nor this space knows a work of this id."""


class NoSuchVersion(Exception):
    """The work has no version with this id."""


class TooFewVersions(Exception):
    """There are fewer than two documents of this work, so that there is nothing to compare."""


class BadWish(Exception):
    """A pinned or forbidden pair is written LEFT~RIGHT: the unit ids of a provision of either document."""


class NoSuchJob(Exception):
    """There is no job with this id."""


class NoSuchAnnotation(Exception):
    """The document has no annotation by this pipeline."""


class NoSuchCodebook(Exception):
    """There is no usable codebook of this name on this service."""


class NotCodedWith(Exception):
    """The document's latest annotation was made without this codebook; annotate it again where the codebook is listed."""


class NotAnnotatedYet(Exception):
    """The document has no annotation yet; follow its job."""


class AnnotationFailed(Exception):
    """The document could not be annotated; the message says why."""


class JobHasEnded(Exception):
    """The job has ended, so that it cannot be cancelled."""


class JobNotRetryable(Exception):
    """Only a failed or cancelled job can be run again."""


class NoSuchCorpus(Exception):
    """There is no corpus with this id."""


class NoSuchBatch(Exception):
    """There is no batch with this id."""


class NoSuchExport(Exception):
    """There is no export with this id."""


class ExportNotReady(Exception):
    """The export is still being made; follow its job."""


class ExportFailed(Exception):
    """The export could not be made; the message says why."""


class BatchNotRunning(Exception):
    """Only a running batch can be paused."""


class BatchNotPaused(Exception):
    """Only a paused batch can go on."""


class BatchHasEnded(Exception):
    """The batch has ended, so that it cannot be cancelled."""


class NothingFailed(Exception):
    """No document of the batch has failed or was cancelled."""


class BadForm(Exception):
    """The upload is not a form of type multipart/form-data with the file in its field `file`."""


class TooManyWaiting(Exception):
    """Too many documents are waiting to be annotated; try again later."""


class NotYourName(Exception):
    """Nobody codes under another's name."""


class KeyNeeded(Exception):
    """No valid access key came with the request: it is missing, wrong, expired or revoked."""


class TooManyRequests(Exception):
    """Too many requests in a short time; wait as long as `Retry-After` says."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__()
        self.retry_after = str(math.ceil(seconds))


class NotAllowed(Exception):
    """The access key may not do this."""

    @classmethod
    def without(cls, scope: str) -> NotAllowed:
        """For a key that lacks a scope."""
        return cls(f"The access key may not do this: it needs the scope `{scope}`.")


class NoSuchSpace(Exception):
    """There is no space of this name."""


class NoSuchKey(Exception):
    """There is no access key with this id."""


class NoSuchWebhook(Exception):
    """There is no webhook with this id."""


class ForgedForm(Exception):
    """The form did not come from a page of this session; open the page again and send it from there."""


class WrongHost(Exception):
    """The service is asked for under a name that is not its own."""


class FromAnotherSite(Exception):
    """A page of another site may not use this service."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How an exception type is answered; the title never changes, the detail is the exception's own sentence."""

    status: int
    slug: str
    title: str
    headers: Headers = field(default_factory=dict)


SOON, LATER = {"Retry-After": "5"}, {"Retry-After": "60"}

TABLE: Mapping[type[Exception], Kind] = {
    NoSuchDocument: Kind(404, "no-such-document", "No such document"),
    NoSuchWork: Kind(404, "no-such-work", "No such work"),
    NoSuchVersion: Kind(404, "no-such-version", "No such version"),
    TooFewVersions: Kind(409, "too-few-versions", "Nothing to compare"),
    BadQuery: Kind(422, "bad-search", "The search cannot be read"),
    NoSuchProvision: Kind(404, "no-such-provision", "No such provision"),
    NoMeaning: Kind(409, "no-meaning", "Not to be compared by meaning"),
    BadWish: Kind(422, "bad-pair", "The pair cannot be pinned or forbidden"),
    store.LabelTaken: Kind(409, "label-taken", "The label is taken"),
    NoSuchJob: Kind(404, "no-such-job", "No such job"),
    NoSuchAnnotation: Kind(404, "no-such-annotation", "No such annotation"),
    NoSuchCodebook: Kind(404, "no-such-codebook", "No such codebook"),
    NotCodedWith: Kind(404, "not-coded-with", "Not coded with this codebook"),
    NotAnnotatedYet: Kind(409, "not-annotated-yet", "Not annotated yet", SOON),
    AnnotationFailed: Kind(409, "annotation-failed", "The document could not be annotated"),
    JobHasEnded: Kind(409, "job-has-ended", "The job has ended"),
    JobNotRetryable: Kind(409, "job-not-retryable", "The job cannot be run again"),
    NoSuchCorpus: Kind(404, "no-such-corpus", "No such corpus"),
    BadGrouping: Kind(422, "bad-grouping", "Documents cannot be grouped so"),
    NoSuchBatch: Kind(404, "no-such-batch", "No such batch"),
    NoSuchExport: Kind(404, "no-such-export", "No such export"),
    ExportNotReady: Kind(409, "export-not-ready", "Not written yet", SOON),
    ExportFailed: Kind(409, "export-failed", "The export could not be made"),
    BatchNotRunning: Kind(409, "batch-not-running", "The batch is not running"),
    BatchNotPaused: Kind(409, "batch-not-paused", "The batch is not paused"),
    BatchHasEnded: Kind(409, "batch-has-ended", "The batch has ended"),
    NothingFailed: Kind(409, "nothing-failed", "Nothing to try again"),
    BadManifest: Kind(422, "bad-manifest", "The manifest could not be read"),
    BadArchive: Kind(422, "bad-archive", "The archive could not be read"),
    store.CorpusExists: Kind(409, "corpus-exists", "The name is taken"),
    store.BadCorpusName: Kind(422, "bad-corpus-name", "No name for a corpus"),
    store.BatchOpen: Kind(409, "batch-open", "The corpus is being annotated"),
    store.NothingToAnnotate: Kind(409, "nothing-to-annotate", "Nothing to annotate"),
    BadForm: Kind(400, "bad-form", "The form could not be read"),
    TooManyWaiting: Kind(503, "too-many-waiting", "Too many documents are waiting", LATER),
    KeyNeeded: Kind(401, "key-needed", "An access key is needed", {"WWW-Authenticate": "Bearer"}),
    NotAllowed: Kind(403, "not-allowed", "Not allowed"),
    TooManyRequests: Kind(429, "too-many-requests", "Too many requests"),
    NoSuchSpace: Kind(404, "no-such-space", "No such space"),
    NoSuchKey: Kind(404, "no-such-key", "No such access key"),
    NoSuchWebhook: Kind(404, "no-such-webhook", "No such webhook"),
    BadTarget: Kind(422, "bad-webhook", "No address for a webhook"),
    ForgedForm: Kind(403, "forged-form", "The form is not of this session"),
    WrongHost: Kind(421, "wrong-host", "Wrong host"),
    FromAnotherSite: Kind(403, "from-another-site", "From another site"),
    NotYourName: Kind(403, "not-your-name", "Not your name"),
    RequestValidationError: Kind(422, "invalid-request", "The request is not valid"),
    review.UnknownReview: Kind(404, "no-such-review", "No such review"),
    review.UnknownDecision: Kind(404, "no-such-decision", "No such decision"),
    review.UnknownDocuments: Kind(422, "document-not-reviewable", "A document cannot be reviewed"),
    review.NothingToReview: Kind(422, "nothing-to-review", "Nothing to review"),
    review.BadReview: Kind(422, "bad-review", "The review cannot be made"),
    review.BadDecision: Kind(422, "bad-decision", "The decision does not fit"),
    review.ReviewClosed: Kind(409, "review-closed", "The review is closed"),
    review.NothingToUndo: Kind(409, "nothing-to-undo", "Nothing to take back"),
    review.StillBlind: Kind(403, "still-blind", "The review is blind"),
    store.TooLarge: Kind(413, "too-large", "The file is too large"),
    store.IdempotencyConflict: Kind(422, "idempotency-conflict", "Idempotency key used for another upload"),
    store.TooManyWebhooks: Kind(409, "too-many-webhooks", "Too many webhooks"),
    store.BadKey: Kind(422, "bad-key", "The access key cannot be made"),
    store.UnstorableText: Kind(422, "unstorable-text", "A text cannot be kept"),
    store.BadCursor: Kind(400, "bad-cursor", "Unknown cursor"),
    store.BlobMissing: Kind(404, "original-missing", "The original file is missing"),
    store.StoreFull: Kind(503, "store-full", "No space left", LATER),
    store.StoreUnavailable: Kind(503, "store-unavailable", "The store cannot be reached", SOON),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the API's description says that a route may answer with these statuses."""
    body = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _meanings(status), "content": body} for status in statuses}


def _meanings(status: int) -> str:
    """The types of problem that a status can stand for."""
    slugs = [f"`{TYPE_PREFIX}{kind.slug}`" for kind in TABLE.values() if kind.status == status]
    return " or ".join(slugs) or HTTPStatus(status).phrase


def kind_of(error: Exception) -> Kind:
    """The row of the table for an exception's type or the nearest of its bases; KeyError where there is none."""
    return next(TABLE[base] for base in type(error).__mro__ if base in TABLE)


def sentence(error: Exception) -> str:
    """What an exception says to the user: its own words, else its docstring."""
    return str(error) or (type(error).__doc__ or "").strip().partition("\n")[0]


def invalid_fields(error: RequestValidationError) -> list[dict[str, str]]:
    """Where the request is wrong and why, without what it contained."""
    return [{"where": ".".join(str(part) for part in found["loc"]), "why": found["msg"]} for found in error.errors()]
