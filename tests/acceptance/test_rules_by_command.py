"""Every rule of a table, as a user meets it: by `parvis check`, and at publication."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parvis.cli.city import settings
from parvis.publication.city import open_city
from parvis.store import versions
from tests.acceptance.commands import Said, parvis


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    path.write_text("\n".join(";".join(row) for row in (header, *rows)) + "\n", "utf-8")
    return path


def check(
    folder: Path, header: Sequence[str], rows: Sequence[Sequence[str]], schema: dict[str, Any] | None = None
) -> Said:
    file = write(folder / "t.csv", header, rows)
    asked = folder / "schema.json"
    asked.write_text(json.dumps(schema or {}), "utf-8")
    return parvis("check", file, *(("--schema", asked) if schema else ()), "--json", cwd=folder)


def told(said: Said, *, of: str = "errors") -> set[tuple[str, str, tuple[int, ...]]]:
    """Code, column and lines of what was found."""
    return {(f["code"], f["column"], tuple(r["line"] for r in f["rows"])) for f in said.json[of]}


def test_types_and_constraints_of_a_schema(tmp_path: Path) -> None:
    """One wrong cell a rule, each told at its line; columns too many, too few, twice and out of order."""
    limits = {"required": True}
    fields: list[dict[str, Any]] = [
        {"name": "id", "constraints": {"unique": True, "pattern": "[A-Z]{2}[0-9]"}},
        {"name": "d", "type": "date", "constraints": {"minimum": "2020-01-01"}},
        {
            "name": "n",
            "type": "number",
            "decimalChar": ",",
            "groupChar": " ",
            "constraints": {"maximum": 5000},
        },
        {"name": "b", "type": "boolean", "trueValues": ["oui"]},
        {"name": "p", "type": "geopoint", "constraints": limits},
        {"name": "a", "type": "array"},
        {"name": "t", "type": "duration"},
        {"name": "y", "type": "yearmonth"},
        {"name": "e", "constraints": {"enum": ["x", "y"], "maxLength": 1}},
        {"name": "l", "type": "list", "itemType": "integer"},
        {"name": "absente"},
    ]
    right = ("2024-02-29", "1 234,5", "oui", '"3.8,43.6"', "[1]", "PT1H", "2024-02", "x", "1,2")
    header = ("d", "id", "n", "b", "p", "a", "t", "y", "e", "l", "autre", "autre")
    rows = [[right[0], f"AA{i}", *right[1:], "", ""] for i in range(9)]
    for row, column, cell in (
        (0, 1, "AA8"),
        (1, 1, "a"),
        (2, 0, "2019-01-01"),
        (3, 2, "9 999"),
        (4, 3, "vrai"),
        (5, 4, ""),
        (6, 5, "1"),
        (7, 8, "z"),
        (1, 6, "1 h"),
        (2, 7, "2024-13"),
        (3, 9, "1,x"),
        (4, 0, "29/02/2024"),
    ):
        rows[row][column] = cell
    said = check(tmp_path, header, rows, {"fields": fields, "missingValues": ["", "NA"]})
    assert said.code == 1
    assert told(said) == {
        ("unique", "id", (10,)),
        ("constraint-pattern", "id", (3,)),
        ("constraint-minimum", "d", (4,)),
        ("constraint-maximum", "n", (5,)),
        ("type-error", "b", (6,)),
        ("constraint-required", "p", (7,)),
        ("type-error", "a", (8,)),
        ("constraint-enum", "e", (9,)),
        ("type-error", "t", (3,)),
        ("type-error", "y", (4,)),
        ("type-error", "l", (5,)),
        ("type-error", "d", (6,)),
    }
    assert {"column-order", "duplicate-column", "extra-column", "missing-optional-column"} <= {
        f["code"] for f in said.json["warnings"]
    }


def test_french_controls(tmp_path: Path) -> None:
    """The controls that national schemas ask for by name, each at its line."""
    names = ("siret", "siren", "tel", "horaires", "annees", "matiere", "a", "b", "total", "gps", "u", "v")
    asked = [
        {"name": "french-siret-value", "params": {"column": "siret"}},
        {"name": "french-siren-value", "params": {"column": "siren"}},
        {"name": "phone-number-value", "params": {"column": "tel"}},
        {"name": "opening-hours-value", "params": {"column": "horaires"}},
        {"name": "year-interval-value", "params": {"column": "annees"}},
        {"name": "nomenclature-actes-value", "params": {"column": "matiere"}},
        {"name": "cohesive-columns-value", "params": {"column": "u", "othercolumns": ["v"]}},
        {"name": "compare-columns-value", "params": {"column": "b", "op": ">=", "column2": "a"}},
        {"name": "sum-columns-value", "params": {"column": "total", "columns": ["a", "b"]}},
        {"name": "one-of-required", "params": {"column1": "tel", "column2": "siren"}},
        {"name": "french-gps-coordinates", "params": {"column": "gps"}},
    ]
    right = [
        "21340172201787",
        "213401722",
        "04 67 34 50 00",
        "Mo-Fr 09:00-12:00",
        "2025/2026",
        "Urbanisme/Permis",
        "1",
        "2",
        "3",
        "3.87,43.61",
        "x",
        "y",
    ]
    rows = [list(right) for _ in range(11)]
    for row, column, cell in (
        (0, 0, "21340172201788"),
        (1, 1, "213401723"),
        (2, 2, "0467"),
        (3, 3, "lundi 9h"),
        (4, 4, "2026/2025"),
        (5, 5, "Voirie/Trous"),
        (6, 11, ""),
        (7, 7, "0"),
        (8, 8, "4"),
        (9, 9, "43.61,3.87"),
        (10, 9, "0,0"),
        (9, 1, ""),
        (9, 2, ""),
        (7, 8, "1"),
    ):
        rows[row][column] = cell
    kinds = {"a": "integer", "b": "integer", "total": "integer", "gps": "geopoint"}
    fields = [{"name": n, "type": kinds.get(n, "string")} for n in names]
    rows = [[f'"{c}"' if ";" in c else c for c in row] for row in rows]
    said = check(tmp_path, names, rows, {"fields": fields, "custom_checks": asked})
    assert told(said) == {
        ("siret", "siret", (2,)),
        ("siren", "siren", (3,)),
        ("phone", "tel", (4,)),
        ("opening-hours", "horaires", (5,)),
        ("year-interval", "annees", (6,)),
        ("nomenclature-actes", "matiere", (7,)),
        ("cohesive-columns", "u", (8,)),
        ("compare-columns", "b", (9,)),
        ("sum-columns", "total", (10,)),
        ("gps-reversed", "gps", (11,)),
        ("gps-outside-france", "gps", (12,)),
        ("one-of-required", "", (11,)),
    }


def test_what_a_table_says_of_itself(tmp_path: Path) -> None:
    """No schema: dates to come or impossible or out of order, outliers, repetitions, spellings, units,
    damaged letters, words of convention.
    """
    header = (
        "nom",
        "adresse",
        "date_creation",
        "date_suppression",
        "hauteur",
        "type",
        "surface",
        "quartier",
        "code_insee",
        "code_postal",
    )
    rows = [
        [
            f"Équipement {chr(65 + i % 26)}{chr(97 + i // 26)}",
            f"{i} rue Foch",
            f"20{10 + i % 15}-03-02",
            "2025-12-01",
            str(8 + i * 7 % 13 + i % 3 / 10),
            ("Gymnase", "Piscine")[i % 2],
            f"{100 + i} m2",
            ("Antigone", "Croix d’Argent")[i % 2],
            "34172",
            "34070",
        ]
        for i in range(60)
    ]
    for row, column, cell in (
        (3, 2, "2094-03-02"),
        (5, 2, "1026-03-02"),
        (7, 3, "2001-12-01"),
        (9, 4, "950"),
        (11, 5, "GYMNASE"),
        (13, 6, "12 ha"),
        (15, 7, "Inconnu"),
        (17, 7, "Croix dâ€™Argent"),
        (19, 9, "13001"),
        (21, 2, "1900-01-01"),
    ):
        rows[row][column] = cell
    rows += [list(rows[30]), [rows[31][0].replace("É", "E"), rows[31][1].upper(), *rows[32][2:]]]
    said = check(tmp_path, header, rows)
    found = {(code, column): lines for code, column, lines in told(said, of="warnings")}
    expected = {
        ("future-date", "date_creation"): (5,),
        ("impossible-date", "date_creation"): (7,),
        ("date-order", "date_suppression"): None,
        ("outlier", "hauteur"): (11,),
        ("category-spelling", "type"): (13,),
        ("mixed-units", "surface"): (15,),
        ("placeholder", "quartier"): (17,),
        ("encoding-damage", "quartier"): (19,),
        ("postcode-commune", "code_postal"): (21,),
        ("duplicate-row", ""): (62,),
    }
    assert expected.keys() <= found.keys(), expected.keys() - found.keys()
    assert {k: found[k] for k, v in expected.items() if v} == {k: v for k, v in expected.items() if v}
    assert 63 in found["near-duplicate", "nom"]


def test_series_without_schema(tmp_path: Path) -> None:
    """A frozen sensor, a hole, a measure twice."""
    rows = [
        [f"2026-01-{d:02}", f"C{s}", "31" if s == 2 else str(20 + (d * 7 + s * 3) % 11)]
        for d in range(1, 31)
        if d != 12
        for s in range(6)
    ]
    rows.append(["2026-01-30", "C1", "22"])
    found = {code for code, _, _ in told(check(tmp_path, ("date", "capteur", "no2"), rows), of="warnings")}
    assert found == {"frozen-series", "series-gap", "series-repeated"}


def test_rules_and_communes_of_the_city_at_publication(tmp_path: Path) -> None:
    """`regles/<dataset>.toml` and `communes.csv` in the city's folder are held to at each publication; a rule
    that can't be read is told and stops nothing.
    """
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    city = tmp_path / "ville"
    (city / "regles").mkdir()
    (city / "regles" / "mesures.toml").write_text(
        "[[rule]]\nassert = 'n < 3'\nmessage = 'Trop.'\nseverity = 'warning'\n", "utf-8"
    )
    (city / "communes.csv").write_text(
        "code_insee;nom;codes_postaux\n34172;Montpellier;34000|34070\n", "utf-8"
    )
    file = write(
        city / "mesures.csv",
        ("code_insee", "code_postal", "n"),
        [("34172", "34170" if i == 4 else "34070", str(i % 4)) for i in range(1, 25)],
    )
    assert parvis("publish", file, "--dataset", "mesures", cwd=city).code == 0
    found = _report(city)
    assert found["city-rule"] == (6, "Trop. (6 lignes)")
    assert found["postcode-commune"][0] == 1
    (city / "regles" / "mesures.toml").write_text("[[rule]]\nassert = 'm < 3'\nmessage = 'Trop.'\n", "utf-8")
    (city / "communes.csv").write_text("insee;nom\n", "utf-8")
    write(city / "mesures.csv", ("code_insee", "code_postal", "n"), [("34172", "34070", "1")] * 3)
    assert parvis("publish", file, "--dataset", "mesures", cwd=city).code == 0
    unread = _messages(city, "city-rules-unread")
    assert any("« mesures.toml », ligne 2 : la table n’a pas de colonne « m »" in m for m in unread)
    assert any("« communes.csv », ligne 1" in m for m in unread)


def _messages(folder: Path, code: str) -> list[str]:
    return [message for name, _, message in _findings(folder) if name == code]


def _report(folder: Path) -> dict[str, tuple[int, str]]:
    return {code: (count, message) for code, count, message in _findings(folder)}


def _findings(folder: Path) -> list[tuple[str, int, str]]:
    """Code, count and message of each finding of the newest version of mesures."""
    city = open_city(settings(folder))
    with city.db.read() as conn:
        version = versions.latest(conn, "mesures/mesures")
    city.db.close()
    assert version is not None
    return [(f.check, f.count, f.message) for f in version.report.findings]
