"""Search: what people type finds what the town hall publishes, only what is public, and at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parvis.catalogue.entries import due
from parvis.catalogue.search import Document, Filters, Hits, Index, document
from parvis.core.errors import ParvisError
from parvis.core.text import slug
from parvis.core.types import Dataset
from parvis.store import datasets, journal, releases
from parvis.store.database import Database
from tests.cities.cataloguecity import MOBILITY, NOW, described, seed
from tests.conftest import DATA
from tests.processes.forks import ended, fork

CORPUS: list[dict[str, object]] = json.loads((DATA / "search_corpus.json").read_text("utf-8"))
IDS = frozenset(str(c["id"]) for c in CORPUS)
LABELS = [line.split("\t") for line in (DATA / "search_labels.tsv").read_text("utf-8").splitlines()[1:]]
NAMES = {slug(str(c["organisation"])): str(c["organisation"]) for c in CORPUS}
WIDE = [line.split("\t") for line in (DATA / "search_wide_corpus.tsv").read_text("utf-8").splitlines()[1:]]
WIDE_LABELS = [
    line.split("\t") for line in (DATA / "search_wide_labels.tsv").read_text("utf-8").splitlines()[1:]
]


def corpus_document(c: Mapping[str, object], at: datetime = NOW) -> Document:
    said = {k: tuple(v) if isinstance(v, list) else v for k, v in c.items()}
    return Document(
        id=str(c["id"]),
        title=str(c["title"]),
        keywords=said["keywords"],
        organisation=(slug(str(c["organisation"])), str(c["organisation"])),  # type: ignore[arg-type]
        description=str(c["description"]),
        columns=said["columns"],
        themes=said["themes"],
        formats=said["formats"],
        licence="ETALAB_2_0",
        modified=at,  # type: ignore[arg-type]
        due=due(str(c["frequency"]), at),
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """71 municipal datasets."""
    index = Index.open(tmp_path_factory.mktemp("index"))
    index.write([corpus_document(c) for c in CORPUS], forget=None)
    return index


def ask(index: Index, text: str, *, limit: int = 5, **options: object) -> Hits:
    return index.find(text, gone=(), names=NAMES, now=NOW, limit=limit, **options)  # type: ignore[arg-type]


def test_there_are_at_least_300_labels_of_every_kind() -> None:
    kinds = Counter(kind for kind, _, _ in LABELS)
    assert sum(kinds.values()) >= 300
    assert set(kinds) == {
        "plural",
        "accents",
        "case",
        "elision",
        "prefix",
        "typo",
        "synonym",
        "column",
        "organisation",
        "words",
    }
    assert all(dataset in IDS for _, _, dataset in LABELS)


def test_recall_at_5_on_the_labels(corpus: Index) -> None:
    missed = [
        (kind, query, dataset) for kind, query, dataset in LABELS if dataset not in ask(corpus, query).ids
    ]
    assert 1 - len(missed) / len(LABELS) >= 0.95, missed


def test_no_kind_of_label_is_left_behind(corpus: Index) -> None:
    found = Counter(kind for kind, query, dataset in LABELS if dataset in ask(corpus, query).ids)
    for kind, number in Counter(kind for kind, _, _ in LABELS).items():
        assert found[kind] / number >= 0.9, kind


def test_a_wide_catalogue_answers_every_kind_of_visitor(tmp_path: Path) -> None:
    """174 datasets, some near each other; 548 questions, English ones and whole sentences among them. A few
    have several right answers.
    """
    index = Index.open(tmp_path)
    names = {slug(organisation): organisation for *_, organisation in WIDE}
    index.write(
        [
            Document(
                id=name,
                title=title,
                keywords=tuple(keywords.split(", ")),
                organisation=(slug(organisation), organisation),
                description=description,
                columns=tuple(columns.split(", ")),
                themes=(theme,),
                formats=("csv",),
                licence="ETALAB_2_0",
                modified=NOW,
                due=None,
            )
            for name, title, keywords, columns, description, theme, organisation in WIDE
        ],
        forget=None,
    )
    shown = frozenset(name for name, *_ in WIDE)
    missed: list[tuple[str, str, str]] = []
    for kind, query, right in WIDE_LABELS:
        assert shown.issuperset(right.split("|"))
        if not {*index.find(query, gone=(), names=names, now=NOW, limit=5).ids} & {*right.split("|")}:
            missed.append((kind, query, right))
    asked, failed = Counter(kind for kind, _, _ in WIDE_LABELS), Counter(kind for kind, _, _ in missed)
    assert len(missed) / len(WIDE_LABELS) <= 0.02, missed
    assert max(failed[kind] / asked[kind] for kind in asked) <= 0.1, missed


def test_english_words_find_what_is_written_in_french(corpus: Index) -> None:
    assert "arbres" in ask(corpus, "trees of the city").ids
    assert ask(corpus, "school").ids == ask(corpus, "schools").ids != ()
    assert not ask(corpus, "arbre").relaxed


@pytest.mark.parametrize(
    "pair",
    [
        "velo/vélos",
        "lieu culturel/lieux culturels",
        "travail/travaux",
        "élu/élus",
        "ecole/écoles",
        "marché/marches",
        "L'EAU/eaux",
    ],
)
def test_two_ways_of_writing_find_the_same_first(corpus: Index, pair: str) -> None:
    one, other = pair.split("/")
    assert ask(corpus, one, limit=1).ids == ask(corpus, other, limit=1).ids != ()


@pytest.mark.parametrize("text", ["poub", "biblio", "défi", "plan local d'u", "stations de v"])
def test_a_word_being_typed_already_finds(corpus: Index, text: str) -> None:
    hits = ask(corpus, text)
    assert hits.ids
    assert not hits.relaxed


def test_a_blank_after_a_word_says_that_it_is_finished(corpus: Index) -> None:
    assert ask(corpus, "bibli").total
    assert not ask(corpus, "bibli ").ids or ask(corpus, "bibli ").relaxed


def test_a_slip_of_the_keyboard_is_told(corpus: Index) -> None:
    hits = ask(corpus, "pisine")
    assert hits.ids[0] == "frequentation-piscines"
    assert hits.relaxed


def test_words_that_nothing_holds_together_find_the_nearest(corpus: Index) -> None:
    hits = ask(corpus, "piscine olympique chauffée")
    assert hits.ids[0] == "frequentation-piscines"
    assert hits.relaxed


def test_nothing_found_is_nothing(corpus: Index) -> None:
    hits = ask(corpus, "xyzzyplugh")
    assert (hits.total, hits.ids) == (0, ())


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "(",
        "a AND",
        "titre:",
        "*",
        "d'",
        "\x00",
        "🚲",
        "a" * 5000,
        "mot " * 2000,
        "[1 TO 2]",
        "~",
        "l’",
        "%",
        "OR OR",
    ],
)
def test_no_text_breaks_the_search(corpus: Index, text: str) -> None:
    assert ask(corpus, text).total >= 0


def test_a_title_counts_more_than_a_description(corpus: Index) -> None:
    assert ask(corpus, "parcs et jardins").ids[0] == "parcs-jardins"


def test_without_words_all_datasets_newest_first(tmp_path: Path) -> None:
    index = Index.open(tmp_path)
    index.write([corpus_document(c, NOW - timedelta(days=i)) for i, c in enumerate(CORPUS)], forget=None)
    hits = ask(index, "", limit=100)
    assert hits.total == len(CORPUS)
    assert hits.ids == tuple(str(c["id"]) for c in CORPUS)


def test_pages_follow_each_other_without_hole_or_double(corpus: Index) -> None:
    whole = ask(corpus, "", limit=100, sort="title").ids
    parts = [
        i for offset in range(0, 80, 10) for i in ask(corpus, "", limit=10, offset=offset, sort="title").ids
    ]
    assert tuple(parts) == whole
    assert len(set(whole)) == len(CORPUS)
    assert ask(corpus, "", limit=0).ids == ()
    assert ask(corpus, "", limit=0).total == len(CORPUS)


def test_the_order_by_title_ignores_accents_and_case(corpus: Index) -> None:
    titles = {str(c["id"]): str(c["title"]) for c in CORPUS}
    first = [titles[i] for i in ask(corpus, "", limit=100, sort="title").ids]
    assert first.index("Écoles maternelles et élémentaires") < first.index("Fontaines à boire")


def test_facets_count_what_is_found(corpus: Index) -> None:
    hits = ask(corpus, "vélo", limit=100)
    themes = {b.value: b.count for b in hits.facets["theme"]}
    assert themes == Counter(t for c in CORPUS if c["id"] in hits.ids for t in c["themes"])  # type: ignore[union-attr]
    assert [b.label for b in hits.facets["theme"]] == ["Transports"]
    assert {b.value for b in hits.facets["format"]} == {"csv", "json", "geojson", "xlsx", "parquet"}
    assert sum(b.count for b in hits.facets["freshness"]) == hits.total
    assert [b.label for b in hits.facets["licence"]] == ["Licence Ouverte 2.0"]


def test_filters_of_one_facet_are_alternatives_and_facets_add_up(corpus: Index) -> None:
    hits = ask(corpus, "", limit=100, filters=Filters(theme=("HEAL", "TECH"), format=("geojson",)))
    wanted = {c["id"] for c in CORPUS if {"HEAL", "TECH"} & set(c["themes"]) and "geojson" in c["formats"]}  # type: ignore[call-overload,operator]
    assert set(hits.ids) == wanted
    counts = {b.value: (b.count, b.chosen) for b in hits.facets["theme"]}
    assert counts["HEAL"][1]
    assert counts["TRAN"] == (sum("TRAN" in c["themes"] and "geojson" in c["formats"] for c in CORPUS), False)  # type: ignore[operator]


def test_a_chosen_value_that_nothing_has_stays_in_sight(corpus: Index) -> None:
    hits = ask(corpus, "vélo", filters=Filters(theme=("HEAL",)))
    assert hits.total == 0
    assert any(b.value == "HEAL" and b.chosen and b.count == 0 for b in hits.facets["theme"])


def test_the_organisation_facet_bears_its_name(corpus: Index) -> None:
    hits = ask(corpus, "arbres", filters=Filters(organisation=("direction-des-espaces-verts",)))
    assert hits.ids[0] == "arbres"
    assert hits.facets["organisation"][0].label == "Direction des espaces verts"


def test_freshness_is_reckoned_when_asked(corpus: Index) -> None:
    """Daily datasets are late after two days, annual ones are not; nothing was written to the index in
    between.
    """
    later = NOW + timedelta(days=3)
    hits = corpus.find("", gone=(), names=NAMES, now=later, filters=Filters(freshness=("late",)), limit=100)
    frequencies = {str(c["id"]): c["frequency"] for c in CORPUS}
    assert {frequencies[i] for i in hits.ids} == {"oneMinute", "fiveMinutes", "hourly", "daily"}
    assert not corpus.find("", gone=(), names=NAMES, now=NOW, filters=Filters(freshness=("late",))).total
    counts = {b.value: b.count for b in hits.facets["freshness"]}
    assert counts["unpromised"] == sum(f == "irregular" for f in frequencies.values())


def test_what_the_database_hides_is_neither_shown_nor_counted(corpus: Index) -> None:
    hits = corpus.find("vélo", gone=["stations-velos"], names=NAMES, now=NOW, limit=100)
    assert "stations-velos" not in hits.ids
    assert hits.total == len(hits.ids) == ask(corpus, "vélo", limit=100).total - 1
    assert sum(b.count for b in hits.facets["freshness"]) == hits.total


def test_a_word_only_in_what_is_hidden_is_not_betrayed(corpus: Index) -> None:
    """Hiding must not even turn an exact answer into « nothing had all the words, but… » about the hidden
    one.
    """
    assert corpus.find("défibrillateur", gone=["defibrillateurs"], names=NAMES, now=NOW).total == 0


def test_two_words_that_a_dataset_writes_as_one_find_it_unless_it_is_hidden(tmp_path: Path) -> None:
    index = Index.open(tmp_path)
    described = {
        "id": "a",
        "title": "Skateparks",
        "keywords": [],
        "organisation": "Sports",
        "description": "",
        "columns": [],
        "themes": [],
        "formats": [],
    }
    other = {**described, "id": "b", "title": "Parkings"}
    index.write([corpus_document({**c, "frequency": "daily"}) for c in (described, other)], forget=None)
    assert index.find("skate park", gone=(), names={}, now=NOW).ids[:1] == ("a",)
    assert (
        index.find("skate park", gone=["a"], names={}, now=NOW).ids
        == index.find("skat park", gone=["a"], names={}, now=NOW).ids
    )


# Following the journal


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/city.db")
    made.migrate()
    yield made
    made.close()


def dataset(name: str, title: str, **more: object) -> Dataset:
    return replace(
        Dataset(name, title, "Une description.", MOBILITY.id, state="published", keywords=("mot-clé",)),
        **more,
    )  # type: ignore[arg-type]


def search(index: Index, db: Database, text: str, **options: object) -> Hits:
    with db.read() as conn:
        return index.search(conn, text, now=NOW, **options)  # type: ignore[arg-type]


def test_the_index_follows_what_is_published(db: Database, tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index")
    assert index.seq == -1
    assert search(index, db, "").total == 0
    with db.begin() as conn:
        seed(conn, dataset("bornes", "Bornes de recharge"))
    reached = index.follow(db)
    assert search(index, db, "recharges").ids == ("bornes",)
    assert search(index, db, "Direction des mobilités").ids == ("bornes",)
    assert search(index, db, "montant").ids == ("bornes",), "columns are searched"
    with db.begin() as conn:
        seed(conn, dataset("arbres", "Arbres"))
        assert index.seq == reached
    assert index.follow(db) == index.seq > reached
    assert set(search(index, db, "", limit=10).ids) == {"arbres", "bornes"}


def test_a_changed_title_replaces_the_old_one(db: Database, tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index")
    with db.begin() as conn:
        seed(conn, dataset("bornes", "Ancien intitulé"))
    index.follow(db)
    with db.begin() as conn:
        datasets.save_dataset(conn, dataset("bornes", "Nouveau nom"))
        journal.append(conn, at=NOW, actor="system", verb="described", subject="bornes")
    index.follow(db)
    assert search(index, db, "nouveau nom").total == 1
    assert search(index, db, "intitulé").total == 0


def test_a_renamed_organisation_reaches_its_datasets(db: Database, tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index")
    with db.begin() as conn:
        seed(conn, dataset("bornes", "Bornes"))
    index.follow(db)
    with db.begin() as conn:
        datasets.save_organisation(conn, replace(MOBILITY, name="Pôle déplacements"))
        journal.append(conn, at=NOW, actor="system", verb="described", subject=MOBILITY.id)
    index.follow(db)
    assert search(index, db, "déplacements").ids == ("bornes",)


def test_only_the_public_is_indexed(db: Database, tmp_path: Path) -> None:
    """Drafts, restricted datasets and versions without a public release leave no word in the index."""
    with db.begin() as conn:
        seed(conn, dataset("brouillon", "Zanzibar", state="draft"))
        seed(conn, dataset("restreint", "Zanzibar", access="restricted"))
        seed(conn, dataset("retenu", "Zanzibar"), audience=None)
    index = Index.open(tmp_path / "index")
    index.follow(db)
    everything = index.find("zanzibar", gone=(), names={}, now=NOW)
    assert everything.total == 0


def test_a_withdrawal_is_seen_before_the_index_knows(db: Database, tmp_path: Path) -> None:
    with db.begin() as conn:
        version = seed(conn, dataset("bornes", "Bornes"))
    index = Index.open(tmp_path / "index")
    index.follow(db)
    assert search(index, db, "bornes").total == 1
    with db.begin() as conn:
        (row,) = releases.rows(conn, version.digest)
        releases.withdraw(conn, row.id, NOW)
        journal.append(conn, at=NOW, actor="system", verb="withdrawn", subject=version.digest)
    hits = search(index, db, "bornes")
    assert (hits.total, hits.ids, hits.facets["theme"]) == (0, (), ())
    index.follow(db)
    assert index.find("bornes", gone=(), names={}, now=NOW).total == 0, (
        "and then its words are gone from the index"
    )


def test_following_twice_changes_nothing(db: Database, tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index")
    with db.begin() as conn:
        seed(conn, dataset("bornes", "Bornes"))
    first = index.follow(db)
    (index.folder / "parvis.json").write_text(
        json.dumps({"seq": 0, "listed": 0})
    )  # as after a kill between commit and note
    assert index.follow(db) == first
    assert search(index, db, "").total == 1


@pytest.mark.parametrize("harm", ["gone", "no note", "torn note", "damaged", "strange note"])
def test_a_lost_index_is_made_again(db: Database, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "index"
    with db.begin() as conn:
        seed(conn, dataset("bornes", "Bornes"))
    Index.open(folder).follow(db)
    inside = Index.open(folder).folder
    if harm == "gone":
        for file in inside.iterdir():
            file.unlink()
    elif harm == "no note":
        (inside / "parvis.json").unlink()
    elif harm == "damaged":
        (inside / "meta.json").write_text("{")
    else:
        (inside / "parvis.json").write_text("[]" if harm == "strange note" else "{")
    again = Index.open(folder)
    assert search(again, db, "borne").total == (harm in ("no note", "torn note", "strange note")), (
        "a reader goes on with what is left"
    )
    again.follow(db)
    assert search(again, db, "borne").ids == ("bornes",)


def test_rebuilding_gives_the_same_answers(db: Database, tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index")
    with db.begin() as conn:
        for e in described().datasets:
            seed(conn, replace(e.dataset, state="published"))
    index.follow(db)
    before = [search(index, db, q, sort="title") for q in ("", "borne", "budget")]
    index.rebuild(db)
    assert [search(index, db, q, sort="title") for q in ("", "borne", "budget")] == before
    assert before[0].total == 4


def follow(url: str, folder: Path) -> None:
    Index.open(folder).follow(Database(url))


def test_a_reader_sees_what_another_process_wrote(db: Database, tmp_path: Path) -> None:
    """The reader opened its index before; it is the worker that writes."""
    index = Index.open(tmp_path / "index")
    assert search(index, db, "bornes").total == 0
    for number, name in enumerate(("bornes", "arbres"), 1):
        with db.begin() as conn:
            seed(conn, dataset(name, name.title()))
        assert ended(fork(follow, f"sqlite:///{tmp_path}/city.db", tmp_path / "index")) == 0
        assert search(index, db, "").total == number
        assert search(index, db, name).ids == (name,)


def test_a_reader_survives_an_index_thrown_away(db: Database, tmp_path: Path) -> None:
    with db.begin() as conn:
        seed(conn, dataset("bornes", "Bornes"))
    folder = tmp_path / "index"
    reader = Index.open(folder)
    Index.open(folder).follow(db)
    assert search(reader, db, "bornes").total == 1
    for file in reader.folder.iterdir():
        file.unlink()
    assert search(reader, db, "bornes").total == 0
    Index.open(folder).follow(db)
    assert search(reader, db, "bornes").total == 1


def test_a_second_writer_is_told(tmp_path: Path) -> None:
    index = Index.open(tmp_path)
    assert index._index is not None  # pyright: ignore[reportPrivateUsage]
    held = index._index.writer(15_000_000, 1)  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ParvisError, match="déjà ouvert en écriture"):
        Index.open(tmp_path).write([], forget=None)
    held.wait_merging_threads()


def test_a_document_holds_the_words_of_tables_and_columns() -> None:
    (charging, *_) = described().datasets
    said = document(charging)
    assert "Identifiant" in said.columns
    assert "« point »" in said.description
    assert said.due == NOW + timedelta(days=2)
    assert datetime(2026, 3, 1, 12, tzinfo=UTC) == said.modified
