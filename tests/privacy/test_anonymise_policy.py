"""A policy: read strictly, put to work on tables of a city, and what comes out looked at cell by cell."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyproj
import pytest

from parvis.core.errors import HeldBack, UsageError
from parvis.core.types import POINT, Column, ColumnType, Schema
from parvis.privacy import anonymising
from parvis.privacy.anonymising import Anonymised, Policy, places
from parvis.privacy.anonymising.declaration import Ladder, Params
from parvis.privacy.anonymising.hierarchies.places import REGION
from parvis.privacy.anonymising.policy import COLUMN, GUARD, MODELS, OUTPUT, TOP
from parvis.privacy.anonymising.policy import POINT as POINT_KEYS
from parvis.privacy.anonymising.treatments import TREATMENTS

KEY = b"k" * 32
DAY = date(2026, 11, 26)


def work(
    columns: dict[str, tuple[ColumnType, list[object]]],
    policy: str | Policy,
    *,
    seed: int = 1,
    folder: Path = Path(),
    key: bytes = KEY,
    day: date = DAY,
) -> Anonymised:
    """A table of these columns under a policy."""
    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}
    table = pa.table({n: pa.array(v, types.get(t)) for n, (t, v) in columns.items()})
    schema = Schema(columns=tuple(Column(n, t) for n, (t, _) in columns.items()))
    said = policy if isinstance(policy, Policy) else anonymising.from_toml(policy, folder=folder)
    return anonymising.anonymise(table, schema, said, key=key, seed=seed, day=day)


# --- declarations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ladder", anonymising.ladders().values(), ids=lambda ladder: ladder.name)
def test_a_hierarchy_shows_its_own_examples(ladder: Ladder) -> None:
    values = [value for value, _ in ladder.examples]
    scale = ladder.scale(values, Params(ladder.example_keys)) if values else None
    if scale is None:
        assert ladder.name == "file"  # its values are in a file
        return
    assert (
        list(zip(*scale.levels, strict=True)) == [labels for _, labels in ladder.examples] or not scale.levels
    )
    assert not ladder.steps or len(ladder.steps) == len(scale.levels)


def test_everything_that_can_be_said_has_its_sentence() -> None:
    keys = [
        *TOP,
        *MODELS,
        *COLUMN,
        *POINT_KEYS,
        *GUARD,
        *OUTPUT,
        *(k for t in TREATMENTS.values() for k in t.keys),
        *(k for h in anonymising.ladders().values() for k in h.keys),
    ]
    assert all(len(k.sentence) > 8 for k in keys)
    assert all(t.title for t in TREATMENTS.values())
    assert all(h.title for h in anonymising.ladders().values())


@pytest.mark.parametrize("name", anonymising.presets())
def test_a_preset_names_the_rule_it_stands_on(name: str) -> None:
    policy = anonymising.presets()[name]
    assert policy.title
    assert len(policy.source) > 30
    assert policy.models.k >= 3
    assert policy.others == "drop"


def test_presets_are_there_for_the_common_files() -> None:
    assert {*anonymising.presets()} == {
        "subventions",
        "inscriptions-scolaires",
        "prets-bibliotheque",
        "prenoms",
        "signalements",
        "mobilite",
        "releves-compteurs",
    }


WRONG = [
    ("titre = 1", "clé inconnue « titre »", "title"),
    ('others = "jeter"', "« others »", "drop"),
    ("[models]\nk = 0", "k est un entier", ""),
    ("[models]\nk = 2.5", "k est un entier", ""),
    ('[models]\nmode = "local-ish"', "« mode »", "robust"),
    ("[models]\nl = 2", "aucune ne l’est", "sensitive"),
    ("[models]\nsuppresion = 0.1", "clé inconnue « suppresion »", "suppression"),
    ('[[columns]]\nnames = ["a"]\ntreatment = "generalize"', "traitement inconnu", "generalise"),
    (
        '[[columns]]\nnames = ["a"]\ntreatment = "generalise"\nhierarchy = "age"',
        "hiérarchie inconnue",
        "ages",
    ),
    (
        '[[columns]]\nnames = ["a"]\ntreatment = "generalise"\nhierarchy = "dates"\nat_least = "moi"',
        "niveau inconnu",
        "mois",
    ),
    (
        '[[columns]]\nnames = ["a"]\ntreatment = "generalise"\nhierarchy = "ages"\nstep = [5]',
        "clé inconnue « step »",
        "steps",
    ),
    ('[[columns]]\nnames = ["a"]\ntreatment = "round"\nstep = "dix"', "« step » est un nombre", "Pas"),
    ('[[columns]]\nnames = ["a"]\ntreatment = "keep"\nhierarchy = "ages"', "vont avec", ""),
    ('[[columns]]\ntreatment = "drop"', "« names » manque", "names"),
    (
        '[[columns]]\nnames = ["a"]\ntreatment = "keep"\nquasi = true\nsensitive = true',
        "n’est pas un quasi-identifiant",
        "",
    ),
    ('[[points]]\nname = "c"\ntreatment = "donut"', "donut", "grid"),
    ('[[points]]\nname = "c"\nlongitude = "x"', "longitude et latitude", ""),
    ("models = 3", "n’est pas une table", ""),
    ("[[columns]\n", "TOML", ""),
]


@pytest.mark.parametrize(("text", "message", "mend"), WRONG, ids=[w[1] for w in WRONG])
def test_a_misspelt_policy_is_an_error_that_says_how_to_mend_it(text: str, message: str, mend: str) -> None:
    with pytest.raises(UsageError) as wrong:
        anonymising.from_toml(text)
    assert message in wrong.value.message
    assert mend in f"{wrong.value.message} {wrong.value.mend}"


def test_an_unknown_policy_names_the_nearest_preset() -> None:
    with pytest.raises(UsageError, match="prenoms"):
        anonymising.load("prenom")


# --- a whole table ------------------------------------------------------------------------------------------


def school(n: int = 900, seed: int = 5) -> dict[str, tuple[ColumnType, list[object]]]:
    random = np.random.default_rng(seed)
    return {
        "Nom": ("text", [f"Personne {i}" for i in range(n)]),
        "Âge": ("integer", [None if random.random() < 0.02 else int(a) for a in random.integers(3, 12, n)]),
        "École": (
            "text",
            [("Jules-Ferry", "Pasteur", "Curie")[i] for i in random.choice(3, n, p=[0.6, 0.3, 0.1])],
        ),
        "Commune": (
            "text",
            [
                ("34172", "34057", "34123", "30189", "12145")[i]
                for i in random.choice(5, n, p=[0.7, 0.15, 0.1, 0.04, 0.01])
            ],
        ),
        "Inscription": (
            "date",
            [
                date(2026, int(m), int(d))
                for m, d in zip(random.integers(4, 8, n), random.integers(1, 28, n), strict=True)
            ],
        ),
        "Quotient": ("number", [round(float(q), 2) for q in random.gamma(3, 300, n)]),
        "Régime": (
            "text",
            [
                ("sans porc", "aucun", "végétarien", "allergie")[i]
                for i in random.choice(4, n, p=[0.2, 0.6, 0.15, 0.05])
            ],
        ),
    }


POLICY = """
title = "École"
[models]
k = 7
l = 2
{models}
[[columns]]
names = ["nom"]
treatment = "drop"
[[columns]]
names = ["age"]
treatment = "generalise"
hierarchy = "ages"
steps = [3, 6]
[[columns]]
names = ["ecole"]
treatment = "generalise"
hierarchy = "none"
[[columns]]
names = ["commune"]
treatment = "generalise"
hierarchy = "communes"
[[columns]]
names = ["inscription"]
treatment = "generalise"
hierarchy = "dates"
at_least = "mois"
[[columns]]
names = ["quotient"]
treatment = "microaggregate"
[[columns]]
names = ["regime"]
treatment = "keep"
sensitive = true
"""
QUASI = ("Âge", "École", "Commune", "Inscription")


@pytest.mark.parametrize(
    "models",
    ["", 'mode = "robust"', 'mode = "full-domain"\nsuppression = 0.1', "t = 0.35", 'diversity = "entropy"'],
)
def test_a_table_comes_out_as_its_policy_says(models: str) -> None:
    source = school()
    done = work(source, POLICY.format(models=models))
    rows = done.table.to_pylist()
    classes = defaultdict[tuple[object, ...], list[str]](list)
    for row in rows:
        classes[tuple(row[q] for q in QUASI)].append(row["Régime"])
    assert done.table.column_names == ["Âge", "École", "Commune", "Inscription", "Quotient", "Régime"]
    assert min(map(len, classes.values())) >= 7
    assert all(len(set(told)) >= 2 for told in classes.values())
    assert done.after is not None
    assert done.before is not None
    assert done.after.k == min(map(len, classes.values()))
    assert done.after.l == min(len(set(told)) for told in classes.values())
    assert done.before.k < 7 <= done.after.k
    assert done.before.risk.marketer > done.after.risk.marketer
    assert len(rows) == 900 - (done.loss.suppressed_rows if "full" in models else 0)
    assert "Personne" not in str(rows)
    assert not {str(row["Inscription"]) for row in rows} & {
        str(d) for d in source["Inscription"][1]
    }  # no day is published
    assert 0 < done.loss.ncp < 1
    assert {d.column for d in done.done} == set(source)


def test_the_order_of_the_rows_says_nothing_of_the_source() -> None:
    source = {"rang": ("integer", list(range(400))), "groupe": ("text", ["a", "b"] * 200)}
    policy = 'others = "keep"\n[[columns]]\nnames = ["groupe"]\ntreatment = "generalise"\nhierarchy = "none"'
    first, again, other = (work(source, policy, seed=s).table.column("rang").to_pylist() for s in (1, 1, 2))  # type: ignore[arg-type]
    assert first == again != other
    assert sorted(first) == list(range(400))
    assert abs(np.corrcoef(first, np.arange(400))[0, 1]) < 0.2


def test_a_column_that_nobody_named_stops_the_work() -> None:
    with pytest.raises(UsageError, match="Régime"):
        work(school(), POLICY.format(models="").replace('"regime"', '"regimes"').replace("l = 2", ""))
    done = work(
        school(),
        'others = "drop"\n'
        + POLICY.format(models="")
        .replace('title = "École"', "")
        .replace("l = 2\n", "")
        .replace('"quotient"', '"absent"'),
    )
    assert "Quotient" not in done.table.column_names


def test_models_that_nothing_meets_hold_the_table_back() -> None:
    with pytest.raises(HeldBack, match="Aucune publication"):
        work(school(), POLICY.format(models="").replace("l = 2", "l = 5"))
    with pytest.raises(HeldBack, match="Aucune publication"):
        work(school(n=6), POLICY.format(models="").replace("l = 2", ""))


def test_models_without_a_column_to_make_classes_of_are_refused() -> None:
    with pytest.raises(UsageError, match="n’entre dans les classes"):
        work(school(), 'others = "keep"\n[models]\nk = 5')


def test_persons_are_counted_and_who_is_not_named_is_somebody_else() -> None:
    random = np.random.default_rng(0)
    source: dict[str, tuple[ColumnType, list[object]]] = {
        "lecteur": (
            "text",
            [None if i % 50 == 0 else f"L{int(p)}" for i, p in enumerate(random.integers(0, 80, 800))],
        ),
        "age": ("integer", [int(a) for a in random.integers(10, 60, 800)]),
    }
    policy = '[models]\nk = 12\npersons = "lecteur"\n[[columns]]\nnames = ["lecteur"]\ntreatment = "pseudonymise"\n[[columns]]\nnames = ["age"]\ntreatment = "generalise"\nhierarchy = "ages"\nrange = true'
    done = work(source, policy)
    held = defaultdict[str, set[object]](set)
    for i, row in enumerate(done.table.to_pylist()):
        held[row["age"]].add(row["lecteur"] or i)
    assert min(map(len, held.values())) >= 12
    assert done.personal == ("lecteur",)
    assert any("pseudonyme" in w for w in done.warnings)


# --- treatments ---------------------------------------------------------------------------------------------


def treated(values: list[object], kind: ColumnType, treatment: str, **means: object) -> list[object]:
    source: dict[str, tuple[ColumnType, list[object]]] = {
        "v": (kind, values),
        "n": ("integer", list(range(len(values)))),
    }
    rows = work(
        source, f'others = "keep"\n[[columns]]\nnames = ["v"]\n{treatment}', **means
    ).table.to_pylist()  # type: ignore[arg-type]
    return [row["v"] for row in sorted(rows, key=lambda row: row["n"])]


def test_a_pseudonym_is_keyed_steady_and_turns_with_the_year() -> None:
    values: list[object] = ["0612345678", "0612345679", "0612345678", None]
    first = treated(values, "text", 'treatment = "pseudonymise"')
    assert first[0] == first[2] != first[1]
    assert first[3] is None
    assert first == treated(values, "text", 'treatment = "pseudonymise"', seed=9)
    assert first[0] not in {
        hashlib.sha256(b"0612345678").hexdigest()[:16],
        hashlib.md5(b"0612345678").hexdigest()[:16],
    }
    assert set(first) & set(treated(values, "text", 'treatment = "pseudonymise"', key=b"z" * 32)) == {None}
    assert set(first) & set(treated(values, "text", 'treatment = "pseudonymise"', day=date(2027, 1, 1))) == {
        None
    }
    never = 'treatment = "pseudonymise"\nrotate = "never"'
    assert treated(values, "text", never) == treated(values, "text", never, day=date(2027, 1, 1))


def test_a_mask_leaves_what_the_policy_says() -> None:
    assert treated(["0612345678", "06", None], "text", 'treatment = "mask"\nfirst = 2\nlast = 1') == [
        "06*******8",
        "**",
        None,
    ]


def test_bounds_rounding_and_noise_keep_the_type() -> None:
    assert treated([1, 50, 900, None], "integer", 'treatment = "top-bottom"\nbottom = 10\ntop = 100') == [
        10,
        50,
        100,
        None,
    ]
    assert treated([149, 151, None], "integer", 'treatment = "round"\nstep = 100') == [100, 200, None]
    numbers: list[object] = [float(i) for i in range(1000)]
    noisy = np.array(treated(numbers, "number", 'treatment = "perturb"\nscale = 5'), dtype=float)
    moved = noisy - np.arange(1000)
    assert 4 < moved.std() < 6
    assert abs(moved.mean()) < 1
    assert treated(numbers, "number", 'treatment = "perturb"\nscale = 5', seed=2) != noisy.tolist()
    share = np.array(treated(numbers, "number", 'treatment = "top-bottom"\nshare = 0.05'), dtype=float)
    assert share.min() == pytest.approx(49.95)
    assert share.max() == pytest.approx(949.05)


def test_microaggregation_keeps_the_total_and_hides_in_groups_of_k() -> None:
    values: list[object] = [float(v) for v in np.random.default_rng(1).gamma(2, 100, 95)] + [None]
    found = treated(values, "number", 'treatment = "microaggregate"\nk = 5')
    assert found[-1] is None
    assert min(Counter(found[:-1]).values()) >= 5
    assert sum(v for v in found[:-1] if isinstance(v, float)) == pytest.approx(
        sum(v for v in values[:-1] if isinstance(v, float))
    )


def test_a_treatment_of_numbers_refuses_texts() -> None:
    with pytest.raises(UsageError, match="pas une colonne de nombres"):
        treated(["a"], "text", 'treatment = "round"\nstep = 1')


# --- places -------------------------------------------------------------------------------------------------


def reports(n: int = 600) -> tuple[pa.Table, Schema]:
    random = np.random.default_rng(8)
    lon, lat = 3.87 + random.normal(0, 0.01, n), 43.61 + random.normal(0, 0.01, n)
    table = pa.table(
        {
            "description": [f"devant le {i} rue des Lilas" for i in range(n)],
            "categorie": [("voirie", "propreté")[i] for i in random.integers(0, 2, n)],
            "longitude": lon,
            "latitude": lat,
            POINT: pa.array([{"lon": x, "lat": y} for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]),
        }
    )
    columns = (
        Column("description"),
        Column("categorie"),
        Column("longitude", "number", meaning="longitude"),
        Column("latitude", "number", meaning="latitude"),
    )
    return table, Schema(columns=columns, geometry="point")


def test_reports_leave_as_squares_of_the_official_grid() -> None:
    table, schema = reports()
    done = anonymising.anonymise(
        table, schema, anonymising.presets()["signalements"], key=KEY, seed=1, day=DAY
    )
    assert done.table.column_names == ["categorie", "carreau"]
    assert done.schema.geometry == ""
    counts = Counter(tuple(row.values()) for row in done.table.to_pylist())
    assert min(counts.values()) >= 11
    squares = {square for _, square in counts} - {"*"}
    assert squares
    assert all(s.startswith("CRS3035RES") for s in squares)
    assert done.before is not None
    assert done.before.risk.uniques == 600


def test_a_known_point_lies_in_its_published_square() -> None:
    # the corner of a square of 200 m in INSEE's own naming: N2029800 E4252400 is in Corsica
    lon, lat = pyproj.Transformer.from_crs(3035, 4326, always_xy=True).transform(4252400 + 120, 2029800 + 60)
    codes, scale = places.grid(
        np.array([lon, np.nan]), np.array([lat, np.nan]), Params({"sizes": [200, 1000]})
    )
    assert scale.leaves[codes[0]] == "CRS3035RES200mN2029800E4252400"
    assert scale.levels[0][codes[0]] == "CRS3035RES1000mN2029000E4252000"
    assert scale.leaves[codes[1]] == "(vide)"
    assert str(places.grid(np.array([55.45]), np.array([-20.88]), Params())[1].leaves[0]).startswith(
        "CRS2975"
    )


def test_points_become_the_zones_of_the_city(tmp_path: Path) -> None:
    square = [[3.86, 43.60], [3.87, 43.60], [3.87, 43.62], [3.86, 43.62], [3.86, 43.60]]
    zone = {
        "type": "Feature",
        "properties": {"nom": "Centre"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    (tmp_path / "q.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [zone]}), "utf-8"
    )
    table, schema = reports()
    policy = anonymising.from_toml(
        'others = "drop"\n[models]\nk = 5\n[[points]]\nname = "quartier"\ntreatment = "zones"\nfile = "q.geojson"',
        folder=tmp_path,
    )
    done = anonymising.anonymise(table, schema, policy, key=KEY, seed=1, day=DAY)
    inside = sum(
        3.86 <= x <= 3.87 and 43.60 <= y <= 43.62
        for x, y in zip(table["longitude"].to_pylist(), table["latitude"].to_pylist(), strict=True)
    )
    assert Counter(done.table["quartier"].to_pylist()) == {"Centre": inside, "hors zones": 600 - inside}


def test_trips_leave_as_counts_by_zones_and_hours() -> None:
    random = np.random.default_rng(3)
    n = 1500
    source: dict[str, tuple[ColumnType, list[object]]] = {
        "carte": ("text", [f"C{i}" for i in range(n)]),
        "heure": ("integer", [int(h) for h in random.integers(6, 22, n)]),
        **{
            name: ("number", [float(v) for v in middle + random.normal(0, 0.02, n)])
            for name, middle in (
                ("longitude_origine", 3.87),
                ("latitude_origine", 43.61),
                ("longitude_destination", 3.90),
                ("latitude_destination", 43.60),
            )
        },
    }
    done = work(source, anonymising.presets()["mobilite"])
    rows = done.table.to_pylist()
    assert done.table.column_names == ["heure", "origine", "destination", "trajets"]
    assert min(row["trajets"] for row in rows) >= 11
    assert sum(row["trajets"] for row in rows) == n


def test_rare_first_names_are_pooled() -> None:
    source: dict[str, tuple[ColumnType, list[object]]] = {
        "prenom": ("text", ["Marie"] * 40 + ["Louis"] * 30 + ["Zébulon"] + ["Perle"] * 2),
        "sexe": ("text", ["F"] * 40 + ["M"] * 31 + ["F"] * 2),
        "date_naissance": ("date", [date(2026, 1 + i % 12, 3) for i in range(73)]),
    }
    rows = work(source, anonymising.presets()["prenoms"]).table.to_pylist()
    assert "Zébulon" not in str(rows)
    assert "Perle" not in str(rows)
    assert {row["prenom"]: row["nombre"] for row in rows if row["prenom"] != "*"} == {
        "Marie": 40,
        "Louis": 30,
    }
    assert sum(row["nombre"] for row in rows) == 73


# --- hierarchies that a city brings -------------------------------------------------------------------------


def test_communes_rise_to_their_epci_where_the_city_says_it(tmp_path: Path) -> None:
    (tmp_path / "epci.csv").write_text("code_insee;epci\n34172;Métropole\n34057;Métropole\n", "utf-8")
    ladder = anonymising.ladders()["communes"]
    scale = ladder.scale(["34172", "34057", "34999", None], Params({"file": "epci.csv"}, tmp_path))
    assert scale.levels[0] == ("Métropole", "Métropole", "hors liste (34)", "(vide)")
    assert scale.levels[2] == ("Occitanie", "Occitanie", "Occitanie", "(vide)")
    (tmp_path / "epci.csv").write_text("insee;nom\n", "utf-8")
    with pytest.raises(UsageError, match="code_insee et epci"):
        ladder.scale(["34172"], Params({"file": "epci.csv"}, tmp_path))


def test_levels_of_a_file_must_hold_every_value_and_name_none_of_them_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("a;x;*\nb;x;*\n", "utf-8")
    ladder = anonymising.ladders()["file"]
    assert ladder.scale(["b", None], Params({"file": "h.csv"}, tmp_path)).levels == (("x", "x", "(vide)"),)
    with pytest.raises(UsageError, match="1 valeur") as wrong:
        ladder.scale(["b", "Zoé Secret"], Params({"file": "h.csv"}, tmp_path))
    assert "Secret" not in str(wrong.value)
    with pytest.raises(UsageError, match="n’est pas là"):
        ladder.scale(["b"], Params({"file": "absent.csv"}, tmp_path))


def test_every_department_has_its_region() -> None:
    assert len(REGION) == 102  # 101 departments, and 20: Corsica as postal codes write it
    assert len(set(REGION.values())) == 18


@pytest.mark.parametrize(
    "policy",
    [*anonymising.presets().values(), anonymising.from_toml(POLICY.format(models="t = 0.4"))],
    ids=lambda p: p.title,
)
def test_a_policy_written_again_is_the_same_policy(policy: Policy) -> None:
    again = anonymising.from_toml(anonymising.to_toml(policy))
    assert again.models == policy.models
    assert [
        (r.names, r.treatment, r.hierarchy, r.at_least, r.quasi, r.sensitive, dict(r.params.values))
        for r in again.rules
    ] == [
        (r.names, r.treatment, r.hierarchy, r.at_least, r.quasi, r.sensitive, dict(r.params.values))
        for r in policy.rules
    ]
    assert (again.title, again.source, again.others, again.mode, again.count, again.persons) == (
        policy.title,
        policy.source,
        policy.others,
        policy.mode,
        policy.count,
        policy.persons,
    )
    assert [p.params.values for p in again.places] == [p.params.values for p in policy.places]


def test_a_policy_of_a_city_names_tables_of_its_folder_alone(tmp_path: Path) -> None:
    """Settings, keys and what else lies on the machine answer as what is not there; whoever types a command reads
    their own files.
    """
    city, outside = tmp_path / "ville", tmp_path / "niveaux.csv"
    city.mkdir()
    outside.write_text("b;x\n", "utf-8")
    (city / "h.csv").write_text("b;x\n", "utf-8")
    (city / "parvis.toml").write_text("", "utf-8")
    (city / "lien.csv").symlink_to(outside)
    assert Params({"file": "h.csv"}, city).file("file") == city / "h.csv"
    for named in (
        "absent.csv", str(outside), "../niveaux.csv", "lien.csv", "parvis.toml", "/etc/passwd", "é" * 300 + ".csv", "é" * 300 + "/a.csv",
        "a\0.csv",
    ):  # fmt: skip
        with pytest.raises(UsageError, match="n’est pas là"):
            Params({"file": named}, city).file("file")
    assert Params({"file": str(outside)}, city, anywhere=True).file("file") == outside
