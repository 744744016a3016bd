"""Recipes as data and in the pipeline: what is written is read back, replay is deterministic, undoing gives
the same bytes, what no longer fits is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from parvis import prepare
from parvis.core.errors import UsageError
from parvis.core.types import PUBLIC, Dataset, Json, Organisation, Resource
from parvis.prepare import expressions
from parvis.publication import pipeline, recipes
from parvis.publication.city import City
from parvis.store import datasets, deposits, journal, runs, versions
from parvis.store.deposits import Deposit
from parvis.work import jobs
from tests.cities import webcity
from tests.prepare.test_steps import cells, con, put, records  # noqa: F401
from tests.tables.raw_tables import csv_table

# --- written ------------------------------------------------------------------------------------------------

EVERY: list[Json] = [{"step": s.name, **e.params} for s in prepare.known_steps().values() for e in s.examples]


def test_toml_gives_back_every_step() -> None:
    recipe = prepare.read(EVERY)
    assert prepare.from_toml(prepare.to_toml(recipe)) == recipe
    assert prepare.digest(prepare.from_toml(prepare.to_toml(recipe))) == prepare.digest(recipe)


@given(
    st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=12), min_size=1, max_size=5),
    st.text(min_size=1, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_any_text_survives_toml(pairs: dict[str, str], find: str) -> None:
    said: list[Json] = [
        {"step": "map", "column": "a", "values": dict(pairs)},
        {"step": "replace", "columns": ["a"], "find": find, "by": "é\"\\'\x7f"},
    ]
    recipe = prepare.read(said)
    assert prepare.from_toml(prepare.to_toml(recipe)) == recipe


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([{"step": "renam", "columns": {"a": "b"}}], "Vouliez-vous dire « rename »"),
        ([{"step": "rename", "column": {"a": "b"}}], "Vouliez-vous dire « columns »"),
        ([{"step": "rename"}], "Étape 1 (Renommer des colonnes) : « Anciens et nouveaux noms » manque"),
        ([{"step": "drop", "columns": ["a", "a"]}], "deux fois"),
        (
            [{"step": "trim"}, {"step": "filter", "where": "a ="}],
            "Étape 2 (Garder certaines lignes) : Expression mal écrite",
        ),
        ([{"step": "filter", "where": "pg_sleep(3) = 1"}], "Fonction inconnue : « pg_sleep » (caractère 1)"),
        ([{"step": "compute", "to": "_point", "value": "a"}], "nom réservé"),
        ([{"step": "compute", "to": "b", "value": "(SELECT 1)"}], "ne sait pas faire"),
        ([{"step": "geocode", "with": "x", "address": ["a"], "at_least": "haut"}], "n’est pas valable"),
        (
            [{"step": "join", "with": "x", "on": {"a": "b"}, "take": ["c"], "several": "peut-être"}],
            "n’est pas un choix",
        ),
        ([{"nom": "trim"}], "il manque « step »"),
        ("trim", "Une recette est une liste"),
    ],
)
def test_a_recipe_badly_written_says_where_and_how_to_mend_it(said: Json, told: str) -> None:
    with pytest.raises(UsageError) as wrong:
        prepare.read(said)
    assert told in str(wrong.value)


# --- expressions --------------------------------------------------------------------------------------------

EXPRESSIONS = """
1 + 2 * 3                                    => 7
0.1 + 0.2                                    => 0.3
montant * 2                                  => 2469
montant / 0                                  =>
-montant                                     => -1234.5
10 % 4                                       => 2
nom || '-' || vide || '.'                    => Été-.
upper(nom)                                   => ÉTÉ
"a b" + 1                                    => 8
coalesce(vide, nom)                          => Été
if(vide = '', 'rien', 'plein')               => rien
vide <> 'x' AND nom <> ''                    => true
NOT (vide = 'x')                             => true
nom IS NOT NULL AND vide IS NULL             => true
montant BETWEEN 1000 AND 2000                => true
nom IN ('Été', 'x') OR 1 > 2                 => true
nom LIKE 'É%'                                => true
year(date(jour)) * 100 + month(jour)         => 202603
date(jour) + 1                               => 2026-03-16
date(jour) < date('2026-04-01')              => true
CASE nom WHEN 'Été' THEN 1 ELSE 2 END        => 1
substr(nom, 2)                               => té
left(nom, 9999999999999)                     =>
pad('7', 3, '0')                             => 007
round(2.345, 2)                              => 2.35
number('1 234,5') = 1234.5                   => true
1234567 * 1000                               => 1234567000
nom + 1                                      =>
'it''s -- ; DROP'                            => it's -- ; DROP
least(3, 1, 2)                               => 1
contains(nom, 't') AND starts(nom, 'É')      => true
"""

REFUSED = """
nom; drop table x
nom.autre
(select 1)
exists(select 1)
read_csv('/etc/passwd')
nom::int
cast(nom as int)
[1, 2]
{'a': 1}
x -> x
sum(montant) over ()
count(*)
?
nom = (select 1)
nom in (select 1)
interval 3 day
*
upper(nom, nom)
date(3)
case when nom then 1 end
nom and nom
"""


@pytest.mark.parametrize("line", EXPRESSIONS.strip().splitlines())
def test_an_expression_computes(line: str, con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:  # noqa: F811
    text, _, wanted = (part.strip() for part in line.partition("=>"))
    raw = csv_table(
        tmp_path / "a.csv",
        ("montant", "nom", "vide", "a b", "jour"),
        [("1 234,50", "Été", "", "7", "15/03/2026")],
    )
    made = put(raw, [{"step": "compute", "to": "r", "value": text}], con, tmp_path)
    assert cells(made)[0][-1] == (wanted or None)


@pytest.mark.parametrize(
    "text",
    [
        *REFUSED.strip().splitlines(),
        "(" * 60 + "1" + ")" * 60,
        "not " * 60 + "true",
        "1" + "+1" * 1500,
        "- " * 60 + "1",
        "a" * 5000,
        "'",
        "",
    ],
)
def test_an_expression_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        prepare.read([{"step": "compute", "to": "r", "value": text}])


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_expression_or_is_refused_and_never_more_than_one_select(text: str) -> None:
    """Whatever is typed, what the engine would be given is one expression over the columns that are there."""
    try:
        tree = expressions.compiled(text, lambda name: exp.column("c0", quoted=True))
    except UsageError:
        return
    again = parse_one(exp.select(tree).sql("duckdb"), dialect="duckdb")
    assert not list(again.find_all(exp.Table, exp.Subquery, exp.Command))
    assert {c.name for c in again.find_all(exp.Column)} <= {"c0"}


# --- replay -------------------------------------------------------------------------------------------------

STEPS: tuple[dict[str, Json], ...] = (
    {"step": "trim"}, {"step": "rename", "columns": {"b": "d"}}, {"step": "drop", "columns": ["c"]}, {"step": "filter", "where": "a <> '1'"},
    {"step": "fill", "columns": ["a"], "how": "above"}, {"step": "compute", "to": "e", "value": "a || '!'"}, {"step": "unpivot", "columns": ["a", "c"], "empty": True},
    {"step": "map", "column": "a", "values": {"1": "un"}}, {"step": "split", "column": "a", "separator": "-", "into": ["x", "y"]},
    {"step": "join", "with": "t", "on": {"a": "a"}, "take": ["v"], "several": "all"}, {"step": "keep", "columns": ["c", "a"], "others": True},
)  # fmt: skip


@given(
    rows=st.lists(st.tuples(*[st.sampled_from(["", "1", "2-3", " x ", "é\n;", "'\""])] * 3), max_size=12),
    steps=st.lists(st.sampled_from(STEPS), max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_a_replay_gives_the_same_bytes_and_knows_its_records(
    rows: list[tuple[str, ...]], steps: list[dict[str, Json]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("replay")
    engine = duckdb.connect()
    engine.execute("SET preserve_insertion_order = true")
    raw = csv_table(folder / "a.csv", ("a", "b", "c"), rows)
    other = csv_table(folder / "t.csv", ("a", "v"), [("1", "un"), ("1", "uno"), ("x", "ics")])
    made: list[bytes] = []
    for _ in range(2):
        try:
            done = put(raw, [dict(s) for s in steps], engine, folder, {"t": other})
        except prepare.Unfit as wrong:
            made.append(str(wrong).encode())
            continue
        made.append(done.raw.scan.path.read_bytes())
        assert records(done) == sorted(records(done))
        assert set(records(done)) <= set(range(1, len(rows) + 1))
    engine.close()
    assert made[0] == made[1]


# --- in a city ----------------------------------------------------------------------------------------------

FILE = 'Nom;Adr.;Ouvert le;courriel\n"Gymnase\nNord";1 rue A;12/03/2024;a@ville.example\nfermé;2 rue B;;b@ville.example\nPiscine;3 rue C;le 30 février;c@ville.example\n'
RECIPE: list[Json] = [
    {"step": "rename", "columns": {"Adr.": "adresse", "Ouvert le": "ouverture"}},
    {"step": "drop", "columns": ["courriel"]},
    {"step": "filter", "where": "Nom <> 'fermé'"},
]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.open_again(tmp_path / "city")
    with made.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        for name in ("lieux", "codes"):
            datasets.save_dataset(conn, Dataset(name, name, "", "ville"))
            datasets.save_resource(
                conn, Resource(f"{name}/{name}", name, name, corrections={"ouverture": "date"})
            )
    yield made
    made.engine.connection.close()
    made.db.close()


def _send(city: City, text: str, *, name: str = "lieux") -> Deposit:
    file = city.settings.path("var/spool") / "sent.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="")
    return _process(city, pipeline.receive(city, file, name="sent.csv", resource=f"{name}/{name}"))


def _process(city: City, deposit: Deposit) -> Deposit:
    drafted = jobs.draft(city, deposit.id)
    if drafted:
        jobs.decide(city, deposit.id, drafted)
    with city.db.read() as conn:
        return next(d for d in deposits.list(conn, resource=deposit.resource) if d.id == deposit.id)


def test_a_recipe_is_replayed_at_every_file_and_faults_are_told_at_the_line_of_the_file(city: City) -> None:
    recipes.save(city, "lieux/lieux", prepare.read(RECIPE), actor="system")
    done = _send(city, FILE)
    with city.db.read() as conn:
        version = versions.version(conn, done.version)
    assert version is not None
    assert version.schema.names == ("Nom", "adresse", "ouverture")
    assert version.rows == 2
    told = [
        (r.line, r.record, r.value)
        for f in version.report.findings
        for r in f.rows
        if f.column == "ouverture"
    ]
    assert (
        5,
        3,
        "le 30 février",
    ) in told  # the second row of the version is the third record, on the fifth line
    assert done.state == "published"  # nothing personal is left
    again = _send(city, FILE.replace("Piscine", "Stade"))
    with city.db.read() as conn:
        second = versions.version(conn, again.version)
    assert second is not None
    assert second.schema.names == version.schema.names


def test_a_column_that_vanished_holds_the_version_and_says_how_to_mend_it(city: City) -> None:
    recipes.save(city, "lieux/lieux", prepare.read(RECIPE), actor="system")
    _send(city, FILE)
    held = _send(city, FILE.replace("Adr.", "Adresse"))
    assert (held.state, held.version) == ("held", "")
    assert "Étape 1 (Renommer des colonnes) : la colonne « Adr. »" in held.message
    assert "Colonnes présentes : Nom, Adresse, Ouvert le, courriel." in held.message
    assert "« Adresse »" in held.message.partition("maintenant")[2]
    with city.db.read() as conn:
        assert versions.served(conn, "lieux/lieux", PUBLIC) is not None  # what was published stays
        assert journal.of(conn, "lieux/lieux")[0].verb == "held"
    recipes.save(
        city,
        "lieux/lieux",
        prepare.read(
            [{"step": "rename", "columns": {"Adresse": "adresse", "Ouvert le": "ouverture"}}, *RECIPE[1:]]
        ),
        actor="system",
    )
    mended = _process(city, recipes.reread(city, "lieux/lieux", actor="system"))
    assert (
        mended.state == "unchanged"
    )  # mended, the recipe makes of the new file the very version that is published


def test_undoing_gives_the_same_version(city: City) -> None:
    recipes.save(city, "lieux/lieux", prepare.read(RECIPE), actor="ada")
    first = _send(city, FILE)
    recipes.save(
        city,
        "lieux/lieux",
        prepare.read([*RECIPE, {"step": "compute", "to": "Nom", "value": "upper(Nom)"}]),
        actor="ada",
    )
    other = _process(city, recipes.reread(city, "lieux/lieux", actor="ada"))
    assert other.version != first.version
    with city.db.read() as conn:
        states = recipes.history(conn, "lieux/lieux")
    assert [s.digest for s in states] == [
        prepare.digest(recipes.former(city, "lieux/lieux", s.seq)) for s in states
    ]
    recipes.bring_back(city, "lieux/lieux", states[-1].seq, actor="zoé".replace("é", "e"))
    back = _process(city, recipes.reread(city, "lieux/lieux", actor="ada"))
    assert back.version == first.version
    with city.db.read() as conn:
        newest = recipes.history(conn, "lieux/lieux")[0]
        resource = datasets.resource(conn, "lieux/lieux")
    assert resource is not None
    assert (newest.actor, newest.former, newest.digest) == ("zoe", True, prepare.digest(resource.recipe))


def test_a_description_published_again_leaves_the_recipe_alone(city: City) -> None:
    recipes.save(city, "lieux/lieux", prepare.read(RECIPE), actor="system")
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("lieux/lieux", "lieux", "Autre titre"))
        kept = datasets.resource(conn, "lieux/lieux")
    assert kept is not None
    assert (kept.title, len(kept.recipe)) == ("Autre titre", 3)


def test_a_join_with_a_published_resource_is_in_the_lineage_and_holds_when_it_is_gone(city: City) -> None:
    codes = _send(city, "code;secteur;surface\nNord;A;1,5\nPiscine;B;20\n", name="codes")
    recipes.save(
        city,
        "lieux/lieux",
        prepare.read(
            [{"step": "join", "with": "codes/codes", "on": {"Nom": "code"}, "take": ["secteur", "surface"]}]
        ),
        actor="system",
    )
    done = _send(city, "Nom;n\nPiscine;1\nNord;2\n")
    with city.db.read() as conn:
        run = runs.run(conn, done.id)
        version = versions.version(conn, done.version)
    assert run is not None
    assert version is not None
    assert run.inputs == (codes.version,)
    rows = pq.read_table(city.files.local(version.files[0].digest)).to_pylist()
    assert [(r["Nom"], r["secteur"], r["surface"]) for r in rows] == [
        ("Piscine", "B", 20.0),
        ("Nord", "A", 1.5),
    ]
    recipes.save(
        city,
        "lieux/lieux",
        prepare.read([{"step": "join", "with": "codes/absents", "on": {"Nom": "code"}, "take": ["secteur"]}]),
        actor="system",
    )
    held = _process(city, recipes.reread(city, "lieux/lieux", actor="system"))
    assert held.state == "held"
    assert "« codes/absents » n’est pas, ou n’est plus, publiée" in held.message
