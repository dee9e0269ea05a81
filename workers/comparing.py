"""The job that compares two documents."""

from __future__ import annotations

from corpora.comparing import Request, make_kept
from corpora.store import comparisons, jobs
from corpora.store.jobs import Claim
from corpora.store.session import Store, Transaction
from workers.heart import Heart
from workers.work import Json, PermanentFailure


def compare(store: Store, claim: Claim, heart: Heart) -> tuple[str, Json]:
    """The comparison's id and what was found; raises PermanentFailure where a document is gone."""
    with store.reading() as tx:
        asked = comparisons.of_job(tx, claim.job_id)
    if asked is None:
        raise PermanentFailure("documents_gone", "A document that was to be compared was deleted.")
    return asked.id, make_kept(store, Request.of(asked.request), lambda done: heart.report("comparing", done))


def finish_comparison(tx: Transaction, claim: Claim, comparison_id: str, found: Json) -> bool:
    """Ends the job with its result, unless the claim is lost."""
    done = jobs.commit(tx, claim)
    if done:
        comparisons.keep(tx, comparison_id, found)
    return done
