"""The work of Lexframe itself: bytes to annotated document. Models are loaded by `load_work`, never by importing this."""

from __future__ import annotations

import logging

from workers.settings import Settings
from workers.work import JobInput, Json, PassingFailure, PermanentFailure, Work

log = logging.getLogger(__name__)

PROGRESS = {"reading": 0.0, "structure": 0.1, "syntax": 0.15, "statements": 0.4, "provisions": 0.5, "framing": 0.95}
_WARM_UP = b"Article 1\n\nEach State Party shall protect the victims of trafficking in persons.\n"


def load_work(settings: Settings) -> Work:
    """Loads the models once and runs them on one sentence, so that the first document is no slower than the second."""
    import torch

    from corpora.annotating import annotate_bytes, default_annotator
    from corpora.codebooks import usable_codebooks
    from corpora.readers.errors import ReaderKilled, ReadingError
    from corpora.search.vectors import noticing
    from nlp.reading import from_json
    from nlp.wire import plain, to_json

    torch.set_num_threads(settings.threads_each)
    codebooks, refused = usable_codebooks(settings.codebooks)
    for why in refused:
        log.warning("%s", why)
    annotator, noticed = noticing(default_annotator(codebooks=codebooks, model=settings.model))

    def run(job: JobInput) -> Json:
        def stage(name: str) -> None:
            job.report(name, PROGRESS.get(name, 0.0))

        try:
            before = from_json(job.before) if job.before else None
            noticed.clear()
            found = annotate_bytes(job.data, title=job.title, kind=job.kind, annotator=annotator, stage=stage, before=before)
            job.meant(annotator.labeller.digest, dict(noticed))
            return to_json(found)
        except ReaderKilled as error:
            raise PassingFailure(error.code, str(error)) from error
        except ReadingError as error:
            raise PermanentFailure(error.code, str(error)) from error

    run(JobInput(_WARM_UP, None, None, lambda stage, progress: None))
    return Work(plain(annotator.provenance), run)
