"""A city's own rules: what they may say, what is refused and how it is told, by command and at publication."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from parvis.checks import check, load_schema
from parvis.checks.assertions import read
from parvis.core.errors import UsageError
from parvis.core.types import Json
from parvis.engine import connect
from parvis.engine.grammar import DEEPEST
from tests.acceptance.commands import parvis
from tests.tables.raw_tables import csv_table


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


FIELDS: list[Json] = [
    {"name": "nom"},
    {"name": "debut", "type": "date"},
    {"name": "fin", "type": "date", "format": "%d/%m/%Y"},
    {"name": "prix total", "type": "number"},
    {"name": "n", "type": "integer"},
    {"name": "ouvert", "type": "boolean"},
    {"name": "vu", "type": "datetime"},
]
ROWS = (
    ("Halle", "2026-01-01", "01/02/2026", "10.5", "2", "true", "2026-01-01T10:00:00Z"),
    ("école", "2026-03-01", "01/02/2026", "-3", "0", "false", "2026-01-02T10:00:00Z"),
    ("", "", "01/02/2026", "", "", "", ""),
    ("Parc", "x", "31/12/2026", "7", "x", "true", "2027-01-02T10:00:00Z"),
)

# assertion, records that break it
RIGHT = (
    ("fin >= debut", {2}),
    ("not (fin < debut)", {2}),
    ('"prix total" > 0', {2}),
    ('"prix total" / n > 4', set[int]()),
    ("n * 2 + 1 BETWEEN 1 AND 3", {1}),
    ("nom IN ('Halle', 'Parc')", {2}),
    ("nom NOT IN ('Parc', 'x')", {4}),
    ("nom LIKE 'H%' OR NOT ouvert", {4}),
    ("nom IS NOT NULL", {3}),
    ("upper(nom) = 'HALLE' OR length(nom) = 5", {4}),
    ("year(debut) = 2026 AND month(fin) IN (2, 12)", set[int]()),
    ("CASE WHEN ouvert THEN n > 1 ELSE n = 0 END", set[int]()),
    ("debut < '2026-02-01'", {2}),
    ("vu < '2026-06-01'", {4}),
    ('greatest(n, abs("prix total")) >= 3 AND TRUE', set[int]()),
    ("NOM = 'Halle' OR nom <> 'Halle'", set[int]()),
    ("left(nom, 1) = upper(left(nom, 1))", {2}),
    ("replace(nom, 'a', 'o') || '!' <> 'Porc!'", {4}),
    ("coalesce(n, 0) > 0", {2, 3, 4}),
    ("if(ouvert, n, 1) >= 1", set[int]()),
    ("fin - debut >= 0", {2}),
    ("debut + 40 > fin", set[int]()),
    ("number('1 234,5') > \"prix total\" * 200", {1, 4}),
    ("debut >= date('01/02/2026') OR nom = 'Halle'", set[int]()),
    ("CASE nom WHEN 'Halle' THEN n = 2 ELSE n = 1 END", {2}),
)


@pytest.mark.parametrize(("asserted", "wrong"), RIGHT)
def test_what_rules_may_say(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, asserted: str, wrong: set[int]
) -> None:
    """Typed columns; an empty cell or one of a wrong type breaks nothing, unless the rule speaks of
    emptiness.
    """
    rules = read(f"[[rule]]\nassert = {json.dumps(asserted)}\nmessage = 'm'\n".encode())
    table = csv_table(tmp_path / "t.csv", [str(f["name"]) for f in FIELDS if isinstance(f, dict)], ROWS)
    found = [
        f
        for f in check(table, load_schema({"fields": FIELDS}), con=con, rules=rules)
        if f.check.startswith("city-")
    ]
    assert {r.record for f in found for r in f.rows} == wrong
    assert {f.check for f in found} <= {"city-rule"}


# the file, what the error says
WRONG = (
    ("[[rule]]\nassert = \n", "ligne 2"),
    ("[[rule]]\n\nassertion = 'a = 1'\n", "ligne 3 : clé inconnue « assertion ». Vouliez-vous « assert » ?"),
    ("rule = 3\n", "aucune règle"),
    ("[[regle]]\nassert = 'a'\n", "clé inconnue « regle »"),
    ("[[rule]]\nmessage = 'm'\n", "ligne 1 : la règle n’a pas de « assert »"),
    (
        "[[rule]]\nassert = 'n = 1'\nmessage = 'm'\n[[rule]]\nassert = 'n = 1'\n",
        "ligne 4 : la règle n’a pas de « message »",
    ),
    (
        "[[rule]]\nassert = 'n = 1'\nmessage = 'm'\nseverity = 'grave'\n",
        "ligne 4 : gravité inconnue « grave »",
    ),
    ("[[rule]]\nassert = 3\nmessage = 'm'\n", "ligne 2 : « assert » n’est pas un texte"),
    ("[[rule]]\nmessage = 'm'\nassert = 'n ='\n", "ligne 3 : expression mal écrite"),
    ("[[rule]]\nassert = \"nom = 'x\"\nmessage = 'm'\n", "ligne 2 : expression mal écrite"),
    (
        f"[[rule]]\nassert = '{'(' * (DEEPEST + 1)}n{')' * (DEEPEST + 1)} = 1'\nmessage = 'm'\n",
        "ligne 2 : expression trop profonde",
    ),
)


@pytest.mark.parametrize(("written", "said"), WRONG)
def test_what_is_badly_written_is_told_with_its_line(written: str, said: str) -> None:
    """Where, what, how to mend it."""
    with pytest.raises(UsageError) as caught:
        read(written.encode(), "regles.toml")
    assert "regles.toml" in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.mend


# the assertion, what is said of it
UNFIT = (
    ("fni >= debut", "pas de colonne « fni »"),
    ("nom > 3", "un nombre, là où il faut un texte"),
    ("n + 1", "n’est pas une condition"),
    ("debut > 'hier'", "« hier » n’est pas une date"),
    ("read_text('/etc/passwd') = 'x'", "fonction inconnue : « read_text » (caractère 1)"),
    ("nom = (SELECT 'x')", "ne sait pas faire"),
    ("n IN (SELECT 1)", "ne sait pas faire"),
    ("n = 1 AND getenv('HOME') = 'x'", "fonction inconnue : « getenv » (caractère 11)"),
    ("t.n = 1", "ne sait pas faire"),
    ("n::VARCHAR = 'x'", "ne sait pas faire"),
    ("least(n) = 1", "least prend 2 valeurs"),
    ("EXISTS (SELECT 1)", "ne sait pas faire"),
    ("coalesce(n, 'x') = 'x'", "donne des valeurs de plusieurs sortes"),
    ("fin >= debut AND upper(n) = 'X'", "« n » : un nombre, là où il faut un texte (caractère 24)"),
    ("row_number() OVER () = 1", "ne sait pas faire"),
)


@pytest.mark.parametrize(("asserted", "said"), UNFIT)
def test_what_does_not_fit_the_table_is_told_and_nothing_is_run(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, asserted: str, said: str
) -> None:
    """The rules' fault, not the table's: a warning with file, line and fix."""
    rules = read(f"[[rule]]\nmessage = 'm'\nassert = {json.dumps(asserted)}\n".encode(), "regles.toml")
    table = csv_table(tmp_path / "t.csv", [str(f["name"]) for f in FIELDS if isinstance(f, dict)], ROWS)
    (found,) = [
        f
        for f in check(table, load_schema({"fields": FIELDS}), con=con, rules=rules)
        if f.check.startswith("city-")
    ]
    assert (found.check, found.severity) == ("city-rules-unread", "warning")
    assert "« regles.toml », ligne 3" in found.message
    assert said in found.message
    assert found.fix


def test_by_command(tmp_path: Path) -> None:
    """`parvis check FILE --rules R`: exit 1 on an error, 64 on a file of rules that can't be read; French
    dates are dates.
    """
    file, rules = tmp_path / "travaux.csv", tmp_path / "regles.toml"
    file.write_text(
        "rue;debut;fin\n"
        + "".join(
            f"Rue {i};0{i}/03/2026;{'01/02/2025' if i == 4 else f'1{i}/04/2026'}\n" for i in range(1, 9)
        ),
        "utf-8",
    )
    rules.write_text(
        "[[rule]]\nassert = 'fin >= debut'\nmessage = 'La fin précède le début.'\nfix = 'Vérifiez les deux dates.'\n",
        "utf-8",
    )
    done = parvis("check", file, "--rules", rules, "--json", cwd=tmp_path)
    assert done.code == 1
    (error,) = json.loads(done.out)["errors"]
    assert (error["code"], error["column"], error["count"], error["fix"]) == (
        "city-rule",
        "fin",
        1,
        "Vérifiez les deux dates.",
    )
    assert [(r["line"], r["value"]) for r in error["rows"]] == [(5, "2025-02-01")]
    rules.write_text("[[rule]]\nassert = 'fin >= '\nmessage = 'm'\n", "utf-8")
    assert parvis("check", file, "--rules", rules, cwd=tmp_path).code == 64
