from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora import searching
from corpora.codebooks import MODEL
from corpora.search.meaning import encoder_digest, packed
from corpora.search.query import BadQuery
from corpora.searching import By, NoMeaning, NoSuchProvision, NothingAsked, Results, Search
from corpora.store import annotations as kept
from corpora.store import corpora, documents, provisions
from corpora.store.annotations import Key
from corpora.store.documents import NewDocument
from corpora.store.searching import Wanted
from corpora.store.session import Store, Transaction
from nlp.wire import to_json
from tests.annotated import TEXT, document

pytest_plugins = ("tests.servers",)


def told(store: Store, text: str = TEXT, space: str = "default", **described: str) -> str:
    """The id of a document with the hand-made annotation, of which `text` takes the place of the words."""
    blob = store.blobs.put_stream([text.encode()], 1 << 20)
    with store.transaction() as tx:
        new = NewDocument(sha256=blob.sha256, size=blob.size, filename="harbour.txt", **described)  # type: ignore[arg-type]
        accepted = documents.accept(tx, new, space=space)
        annotate(tx, accepted.document_id, text, space)
    return accepted.document_id


def annotate(tx: Transaction, document_id: str, text: str = TEXT, space: str = "default", pipeline: str = "0" * 64) -> None:
    assert len(text) == len(TEXT)
    known = documents.get(tx, document_id, space=space)
    assert known is not None
    key = Key(space, known.sha256, document_id, pipeline)
    kept.attach(tx, document_id, kept.keep(tx, key, to_json(replace(document(), text=text))))


def searched(
    store: Store, words: str = "", by: By = By.WORDS, space: str = "default", limit: int = 20, offset: int = 0, **wanted: Any
) -> Results:
    with store.reading() as tx:
        return searching.search(tx, Search(words, by, Wanted(**wanted), limit, offset), space=space)


def units(found: Results) -> list[str]:
    return [hit.found.unit for hit in found.hits]


BY_WORDS: list[tuple[str, set[str]]] = [
    ("victims shelter", {"art_3__para_1"}),
    ("victim", {"art_3__para_1", "art_3__para_2"}),
    ('"state party shall"', {"art_2__para_1", "art_3__para_1"}),
    ("provid*", {"art_3__para_1"}),
    ("recognise OR shelters", {"art_3__para_1"}),
    ("victim -detained", {"art_3__para_1"}),
    ("no", {"art_3__para_2"}),
    ("assistance", {"art_3__para_1", "art_3__para_2"}),
    ("forced labour", {"art_1__para_a"}),
    ("🚢 included", {"art_1__para_b"}),
    ("prison", set()),
]


def test_provisions_are_found_by_their_words_and_headings(store: Store) -> None:
    told(store)
    results = {words: searched(store, words) for words, _ in BY_WORDS}
    assert {words: set(units(found)) for words, found in results.items()} == dict(BY_WORDS)
    assert {words: found.total for words, found in results.items()} == {words: len(expected) for words, expected in BY_WORDS}


def test_what_was_found_is_marked_and_placed(store: Store) -> None:
    document_id = told(store, title="Harbour", work="harbour-convention", version="adopted", date="2019-03-01", kind="convention")
    hit = searched(store, "victims provide").hits[0]
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["provide", "victims"]
    assert TEXT[hit.snippet.start :].startswith(hit.snippet.text)
    assert TEXT[hit.found.start : hit.found.end] == hit.found.text
    home = hit.found.home
    assert (home.id, home.title, home.work, home.version, home.date) == (
        document_id,
        "Harbour",
        "harbour-convention",
        "adopted",
        "2019-03-01",
    )
    assert (hit.found.place, hit.found.heading, hit.found.framing) == ("Article 3(1)", "Assistance", "rights")
    carried = {(c.layer, c.label, c.strength, c.bearer) for c in hit.found.carried}
    assert ("victim", "assistance", None, None) in carried
    assert ("statements", "obligation", "qualified", "state") in carried


def test_a_long_provision_is_shown_where_it_was_found(store: Store) -> None:
    from corpora.searching import SNIPPET, snippet_of

    told(store)
    found = searched(store, "shelter").hits[0].found
    long = replace(found, text="word " * 200 + "shelter is given" + " word" * 200)
    piece = snippet_of(long, [(1000, 1007)])
    assert [piece.text[a:b] for a, b in piece.marks] == ["shelter"]
    assert len(piece.text) <= SNIPPET
    assert long.text[piece.start - long.start :].startswith(piece.text)


CONDITIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({"labels": ("victim/assistance",)}, {"art_3__para_1"}),
    ({"labels": ("four_p/protection",)}, {"art_3__para_1", "art_3__para_2"}),
    ({"labels": ("four_p/protection", "victim/nonpunishment")}, {"art_3__para_2"}),
    ({"labels": ("four_p/protection",), "probability": 0.91}, {"art_3__para_1"}),
    ({"layer": "definitions"}, {"art_1__para_a", "art_1__para_b"}),
    ({"layer": "elements"}, {"art_1__para_a"}),
    ({"labels": ("references/here",)}, {"art_2__para_1"}),
    ({"framing": "crime"}, {"art_1__para_a", "art_2__para_1"}),
    ({"strength": "qualified"}, {"art_3__para_1"}),
    ({"bearer": "state", "strength": "mandatory"}, {"art_2__para_1"}),
    ({"statement": "prohibition", "bearer": "state"}, set()),
    ({"work": "harbour-convention", "framing": "neutral"}, {"art_1__para_b"}),
    ({"version": "adopted", "framing": "neutral"}, {"art_1__para_b"}),
    ({"version": "draft"}, set()),
    ({"kind": "statute"}, set()),
    ({"since": "2019", "until": "2019", "framing": "neutral"}, {"art_1__para_b"}),
    ({"since": "2020"}, set()),
    ({"until": "2019-02"}, set()),
]


def test_conditions_narrow_with_and_without_words(store: Store) -> None:
    told(store, work="harbour-convention", version="adopted", date="2019-03-01", kind="convention")
    for words in ("", "no OR victims OR child OR party OR dignity OR recruitment"):
        found = [set(units(searched(store, words, **wanted))) for wanted, _ in CONDITIONS]
        assert list(zip(CONDITIONS, found, strict=True)) == [(row, row[1]) for row in CONDITIONS]


def test_pages_follow_each_other_and_end(store: Store) -> None:
    told(store)
    pages, offset = [], 0
    while offset is not None:
        page = searched(
            store,
            limit=2,
            offset=offset,
            kind=None,
            since=None,
            layer=None,
            framing=None,
            document=None,
            labels=(),
            until=None,
            probability=0.0,
        )
        pages.append(units(page))
        assert page.total == 6
        offset = page.next_offset  # type: ignore[assignment]
    assert [len(page) for page in pages] == [2, 2, 2]
    assert len({unit for page in pages for unit in page}) == 6


def test_each_space_finds_its_own(store: Store) -> None:
    told(store)
    told(store, space="other")
    for space in ("default", "other"):
        assert len(searched(store, "shelter", space=space).hits) == 1
    assert searched(store, "shelter", space="third").total == 0


def test_a_deleted_document_is_not_found_and_leaves_nothing(store: Store) -> None:
    document_id, other = told(store), told(store, TEXT.replace("shelter", "lodging"))
    with store.transaction() as tx:
        documents.delete(tx, document_id)
    assert searched(store, "shelter").total == 0
    assert [hit.found.home.id for hit in searched(store, "lodging").hits] == [other]
    with store.transaction() as tx:
        documents.delete(tx, other)
    with store.reading() as tx:
        for table in ("provisions", "findings", "vectors"):
            assert tx.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
    assert searched(store, "victim").total == 0


def test_the_latest_annotation_alone_is_found_and_each_once(store: Store) -> None:
    document_id = told(store)
    with store.transaction() as tx:
        first = documents.get(tx, document_id).annotation_id  # type: ignore[union-attr]
        annotate(tx, document_id, TEXT.replace("shelter", "lodging"), pipeline="1" * 64)
    assert (searched(store, "shelter").total, searched(store, "lodging").total) == (0, 1)
    with store.transaction() as tx:
        assert first is not None
        kept.attach(tx, document_id, first)
        kept.attach(tx, document_id, first)
    assert (searched(store, "shelter").total, searched(store, "lodging").total) == (1, 0)


def test_a_corpus_is_searched_alone(store: Store) -> None:
    inside, outside = told(store), told(store, TEXT.replace("shelter", "lodging"))
    with store.transaction() as tx:
        corpus_id = corpora.create(tx, "treaties")
        tx.connection.exec_driver_sql(
            f"INSERT INTO members (corpus_id, document_id, sha256, path) VALUES ('{corpus_id}', '{inside}', '{'0' * 64}', 'a')"
        )
    assert {hit.found.home.id for hit in searched(store, "victim").hits} == {inside, outside}
    assert {hit.found.home.id for hit in searched(store, "victim", corpus=corpus_id).hits} == {inside}


def test_a_search_needs_words_or_a_condition(store: Store) -> None:
    for words in ("", "  ", "–"):
        with pytest.raises(NothingAsked):
            searched(store, words)
    with pytest.raises(BadQuery):
        searched(store, '"open')


def vector(*numbers: float) -> bytes:
    return packed(np.array([*numbers, *np.zeros(381)]))


def meant(store: Store, document_id: str, made: Mapping[str, bytes], encoder: str | None = None) -> None:
    """Gives provisions of a document vectors by the beginning of their words."""
    with store.transaction() as tx:
        annotation_id = documents.get(tx, document_id).annotation_id  # type: ignore[union-attr]
        assert annotation_id is not None
        texts = [row["text"] for row in provisions.rows_of(kept.result(tx, annotation_id))]
        vectors = {text: value for text in texts for start, value in made.items() if start in text}
        provisions.keep_vectors(tx, annotation_id, encoder or encoder_digest(MODEL), vectors)


MADE = {"shelter": vector(1, 0, 0), "lodging": vector(0.9, 0.1, 0), "No victim": vector(0.5, 0.5, 0), "Recognizing": vector(0, 0, 1)}


def test_provisions_like_one_come_by_nearness(store: Store) -> None:
    here, there = told(store), told(store, TEXT.replace("shelter", "lodging"), work="harbour")
    for one in (here, there):
        meant(store, one, MADE)
    with store.reading() as tx:
        found = searching.like(tx, here, "art_3__para_1", Search())
        assert [(hit.found.home.id == here, hit.found.unit) for hit in found.hits] == [
            (False, "art_3__para_1"),
            (True, "art_3__para_2"),
            (False, "art_3__para_2"),
            (True, "preamble__recital_1"),
            (False, "preamble__recital_1"),
        ]
        ranks = [hit.found.rank for hit in found.hits]
        assert ranks == sorted(ranks, reverse=True)
        assert ranks[0] == pytest.approx(0.994, abs=0.003)
        assert found.total == 5
        narrowed = searching.like(tx, here, "art_3__para_1", Search(wanted=Wanted(not_document=here, labels=("victim/nonpunishment",))))
        assert [(hit.found.home.id, hit.found.unit) for hit in narrowed.hits] == [(there, "art_3__para_2")]
        article = searching.like(tx, here, "art_3", Search(wanted=Wanted(document=here)))
        assert units(article) == ["preamble__recital_1"]
        second = searching.like(tx, here, "art_3__para_1", Search(limit=2, offset=2))
        assert units(second) == ["art_3__para_2", "preamble__recital_1"]
        with pytest.raises(NoSuchProvision):
            searching.like(tx, here, "art_9", Search())
        with pytest.raises(NoMeaning):
            searching.like(tx, here, "art_2__para_1", Search())
        with pytest.raises(NoSuchProvision):
            searching.like(tx, here, "art_3__para_1", Search(), space="other")


def test_vectors_of_another_model_are_not_compared(store: Store) -> None:
    here, there = told(store), told(store, TEXT.replace("shelter", "lodging"))
    meant(store, here, {"shelter": MADE["shelter"]})
    meant(store, there, {"lodging": MADE["lodging"]}, encoder="sha256:other")
    with store.reading() as tx:
        assert searching.like(tx, here, "art_3__para_1", Search()).hits == ()
        with pytest.raises(NoMeaning):
            searching.like(tx, there, "art_3__para_1", Search())
        assert len(provisions.without_vectors(tx, encoder_digest(MODEL))) == 2
    meant(store, there, {"lodging": MADE["lodging"]})
    with store.reading() as tx:
        assert units(searching.like(tx, here, "art_3__para_1", Search())) == ["art_3__para_1"]


def test_the_index_is_rebuilt_from_what_is_stored(store: Store) -> None:
    here = told(store)
    meant(store, here, MADE)
    with store.transaction() as tx:
        tx.connection.exec_driver_sql("DELETE FROM findings")
        if tx.is_postgres:
            tx.connection.exec_driver_sql("DELETE FROM provision_words")
    assert searching.rebuild(store) == 1
    assert units(searched(store, "shelter", labels=("victim/assistance",))) == ["art_3__para_1"]
    with store.reading() as tx:
        assert units(searching.like(tx, here, "art_3__para_1", Search())) == ["art_3__para_2", "preamble__recital_1"]
    assert searching.rebuild(store) == 1
    assert searched(store, "victim").total == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_word_of_a_deleted_provision_is_left_in_the_file(store: Store, tmp_path: Path) -> None:
    gone, stays = told(store, TEXT.replace("shelter", "quinoxa")), told(store)
    with store.transaction() as tx:
        documents.delete(tx, gone)
    held = b"".join(path.read_bytes() for path in tmp_path.glob("test.sqlite3*"))
    assert (b"quinoxa" in held, b"shelter" in held) == (False, True)
    assert [hit.found.home.id for hit in searched(store, "shelter").hits] == [stays]
