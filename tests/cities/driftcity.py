"""Tables of a city, drawn from a seed, and what may happen to them between two versions: planted changes,
each with its trace, and what is no change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.random import Generator

from parvis import columns, readers
from parvis.checks.drift import compare
from parvis.checks.version_profile import VersionProfile
from parvis.core.reading import Workspace
from parvis.core.types import Finding
from parvis.engine import connect

Table = dict[str, list[str]]
"""Column by column, as the file says it."""

KINDS = ("École", "Gymnase", "Crèche", "Médiathèque", "Piscine", "Musée")
STREETS = (
    "rue des Tanneurs",
    "avenue de la Gare",
    "rue du Moulin",
    "place du Marché",
    "chemin des Vignes",
    "quai de l’Ansonne",
    "allée des Pins",
)


def amenities(rng: Generator, rows: int = 1200) -> Table:
    """Places of the city: a stock, with identifiers, that only drifts by a few rows."""
    kinds = rng.choice(KINDS, rows, p=(0.3, 0.22, 0.18, 0.12, 0.1, 0.08))
    return {
        "code": [f"EQ-{i:05d}" for i in range(rows)],
        "nom": [f"{k} {STREETS[i % 7].split()[-1]} {i}" for i, k in enumerate(kinds)],
        "type": [str(k) for k in kinds],
        "adresse": [f"{rng.integers(1, 180)} {STREETS[rng.integers(7)]}" for _ in range(rows)],
        "surface": [f"{v:.1f}" for v in rng.lognormal(5.5, 0.6, rows)],
        "capacite": [str(v) for v in rng.poisson(120, rows)],
        "accessible": [str(v) for v in rng.choice(["oui", "non"], rows, p=(0.7, 0.3))],
        "telephone": [
            ""
            if rng.random() < 0.1
            else f"04 67 {rng.integers(100):02d} {rng.integers(100):02d} {rng.integers(100):02d}"
            for _ in range(rows)
        ],
        "ouverture": [
            (date(1985, 1, 1) + timedelta(days=int(d))).isoformat() for d in rng.integers(0, 14_000, rows)
        ],
    }


def counts(rng: Generator, *, first: date = date(2025, 1, 1), days: int = 180) -> Table:
    """Daily counts of twelve sites: a series that grows, with a weekly beat and a season."""
    said: Table = {"date": [], "site": [], "passages": [], "vitesse": [], "etat": []}
    for d in range(days):
        day = first + timedelta(days=d)
        for site in range(12):
            level = (
                (200 + 40 * site)
                * (0.6 if day.weekday() > 4 else 1.0)
                * (1 + 0.15 * np.sin(day.timetuple().tm_yday / 58))
            )
            said["date"].append(day.isoformat())
            said["site"].append(f"Compteur {site + 1}")
            said["passages"].append(str(rng.poisson(level)))
            said["vitesse"].append(f"{rng.normal(17, 3):.1f}")
            said["etat"].append(str(rng.choice(["valide", "estimé", "absent"], p=(0.9, 0.07, 0.03))))
    return said


def grants(rng: Generator, *, years: Sequence[int] = (2021, 2022, 2023, 2024), each: int = 220) -> Table:
    """Grants to associations: a year is added each year."""
    rows = [(y, i) for y in years for i in range(each)]
    return {
        "annee": [str(y) for y, _ in rows],
        "association": [f"Association {rng.integers(1, 400)}" for _ in rows],
        "domaine": [
            str(v)
            for v in rng.choice(
                ["Sport", "Culture", "Social", "Environnement"], len(rows), p=(0.4, 0.3, 0.2, 0.1)
            )
        ],
        "montant": [str(int(v) * 10) for v in rng.lognormal(5.5, 1.0, len(rows))],
        "vote": [f"{rng.integers(1, 29):02d}/{rng.integers(1, 13):02d}/{y}" for y, _ in rows],
    }


def measures(rng: Generator, rows: int = 900) -> Table:
    """Measures without any column of time."""
    return {
        "capteur": [f"C{v:02d}" for v in rng.integers(1, 25, rows)],
        "valeur": [f"{v:.2f}".replace(".", ",") for v in rng.normal(21, 4, rows)],
        "humidite": [str(v) for v in rng.integers(20, 90, rows)],
        "alerte": [str(v) for v in rng.choice([10, 20, 30], rows, p=(0.8, 0.15, 0.05))],
        "note": ["" if rng.random() < 0.4 else f"relevé {rng.integers(1, 5000)}" for _ in range(rows)],
    }


BASES: Mapping[str, Callable[[Generator], Table]] = {
    "equipements": amenities,
    "comptages": counts,
    "subventions": grants,
    "mesures": measures,
}


# --- what is done to them -----------------------------------------------------------------------------------


def size(table: Table) -> int:
    return len(next(iter(table.values()))) if table else 0


def rows_of(table: Table, at: Iterable[int]) -> Table:
    kept = [int(i) for i in at]
    return {name: [cells[i] for i in kept] for name, cells in table.items()}


def both(first: Table, second: Table) -> Table:
    return {name: [*cells, *second[name]] for name, cells in first.items()}


def with_column(table: Table, name: str, cells: Sequence[str]) -> Table:
    return {**table, name: list(cells)}


def without(table: Table, name: str) -> Table:
    return {n: c for n, c in table.items() if n != name}


def named(table: Table, old: str, new: str) -> Table:
    return {new if n == old else n: c for n, c in table.items()}


def changed(table: Table, name: str, change: Callable[[str], str], *, every: int = 1) -> Table:
    return with_column(table, name, [change(c) if i % every == 0 else c for i, c in enumerate(table[name])])


def scaled(table: Table, name: str, by: float, plus: float = 0.0) -> Table:
    comma = any("," in c for c in table[name])
    whole = all(c.lstrip("-").isdigit() for c in table[name] if c)

    def change(cell: str) -> str:
        value = float(cell.replace(",", ".")) * by + plus
        said = f"{value:.0f}" if whole else f"{value:.3f}"
        return said.replace(".", ",") if comma else said

    return changed(table, name, lambda c: change(c) if c else c)


def edited(table: Table, rng: Generator, share: float = 0.005) -> Table:
    """So many rows edited: each takes a cell from another row of the table."""
    said = {name: list(cells) for name, cells in table.items()}
    names = [n for n in table if n != "code"]
    for row in rng.choice(size(table), max(1, round(share * size(table))), replace=False):
        name = names[rng.integers(len(names))]
        said[name][row] = table[name][rng.integers(size(table))]
    return said


@dataclass(frozen=True, slots=True)
class Plant:
    """A change: its kind, the table it is done to, and the codes and column one of which must be told."""

    kind: str
    base: str
    name: str
    change: Callable[[Table, Generator], Table]
    codes: tuple[str, ...]
    column: str


def _day_before(cell: str) -> str:
    return (date.fromisoformat(cell) - timedelta(days=1)).isoformat()


PLANTS: tuple[Plant, ...] = (
    # schema
    Plant("schema", "equipements", "a column taken away", lambda t, r: without(t, "telephone"), ("drift-column-removed",), "telephone"),
    Plant("schema", "comptages", "the measure taken away", lambda t, r: without(t, "passages"), ("drift-column-removed",), "passages"),
    Plant("schema", "subventions", "a column added", lambda t, r: with_column(t, "siret", ["" for _ in t["annee"]]), ("drift-column-added",), "siret"),
    Plant("schema", "mesures", "a column added in front", lambda t, r: {"lot": ["A"] * size(t), **t}, ("drift-column-added",), "lot"),
    Plant("schema", "equipements", "a label in capitals", lambda t, r: named(t, "surface", "SURFACE"), ("drift-column-renamed",), "SURFACE"),
    Plant("schema", "comptages", "another label, same content", lambda t, r: named(t, "site", "point_de_mesure"), ("drift-column-renamed",), "point_de_mesure"),
    Plant("schema", "subventions", "numbers with their unit", lambda t, r: changed(t, "montant", lambda c: f"{c} euros environ"), ("drift-column-type",), "montant"),
    Plant("schema", "equipements", "dates as words", lambda t, r: changed(t, "ouverture", lambda c: f"ouvert le {c}"), ("drift-column-type",), "ouverture"),
    Plant("schema", "mesures", "whole numbers become decimals", lambda t, r: changed(t, "humidite", lambda c: f"{c},5"), ("drift-column-type",), "humidite"),
    Plant("schema", "comptages", "another file altogether", lambda t, r: amenities(r, 2000), ("drift-column-removed",), ""),
    # volume
    Plant("volume", "equipements", "a quarter is missing", lambda t, r: rows_of(t, range(900)), ("drift-rows",), ""),
    Plant("volume", "equipements", "everything twice", lambda t, r: both(t, t), ("drift-rows",), ""),
    Plant("volume", "equipements", "half as many again", lambda t, r: both(t, rows_of(amenities(r, 1900), range(1300, 1900))), ("drift-rows",), ""),
    Plant("volume", "comptages", "a third of the past is missing", lambda t, r: rows_of(t, [i for i in range(size(t)) if i % 3]), ("drift-rows",), ""),
    Plant("volume", "comptages", "the past is doubled", lambda t, r: both(t, rows_of(t, range(0, size(t), 2))), ("drift-rows",), ""),
    Plant("volume", "comptages", "only the head was extracted", lambda t, r: rows_of(t, range(100)), ("drift-rows",), ""),
    Plant("volume", "subventions", "a year is missing, and one added", lambda t, r: both(rows_of(t, [i for i, y in enumerate(t["annee"]) if y != "2022"]), grants(r, years=(2025,))), ("drift-rows",), ""),
    Plant("volume", "subventions", "an added year of five times the rows", lambda t, r: both(t, grants(r, years=(2025,), each=1300)), ("drift-rows",), ""),
    Plant("volume", "mesures", "empty", lambda t, r: rows_of(t, ()), ("drift-rows",), ""),
    Plant("volume", "mesures", "three quarters left", lambda t, r: rows_of(t, range(675)), ("drift-rows",), ""),
    # distribution
    Plant("distribution", "equipements", "square metres become square feet", lambda t, r: scaled(t, "surface", 10.764), ("drift-values", "drift-shift"), "surface"),
    Plant("distribution", "comptages", "a third of a standard deviation", lambda t, r: scaled(t, "vitesse", 1.0, 1.0), ("drift-values",), "vitesse"),
    Plant("distribution", "subventions", "thousands of euros", lambda t, r: changed(t, "montant", lambda c: f"{int(c) / 1000:.2f}".replace(".", ",")), ("drift-values", "drift-column-type"), "montant"),
    Plant("distribution", "mesures", "a narrower spread", lambda t, r: scaled(t, "valeur", 0.6, 8.4), ("drift-values",), "valeur"),
    Plant("distribution", "mesures", "a default of zero in one row of seven", lambda t, r: changed(t, "valeur", lambda c: "0,00", every=7), ("drift-values",), "valeur"),
    Plant("distribution", "equipements", "six per cent more empty cells", lambda t, r: changed(t, "surface", lambda c: "", every=16), ("drift-nulls",), "surface"),
    Plant("distribution", "comptages", "a column empties", lambda t, r: changed(t, "vitesse", lambda c: ""), ("drift-nulls",), "vitesse"),
    Plant("distribution", "subventions", "three per cent unreadable", lambda t, r: changed(t, "montant", lambda c: f"{c} env.", every=33), ("drift-misfits",), "montant"),
    Plant("distribution", "equipements", "every date a day early", lambda t, r: changed(t, "ouverture", _day_before), ("drift-shift",), "ouverture"),
    Plant("distribution", "comptages", "an old file", lambda t, r: rows_of(t, range(size(t) * 9 // 10)), ("drift-period",), "date"),
    # categories
    Plant("categories", "equipements", "a new kind", lambda t, r: changed(t, "type", lambda c: "Ludothèque", every=40), ("drift-category-new",), "type"),
    Plant("categories", "comptages", "a new site", lambda t, r: both(t, with_column(rows_of(t, range(0, size(t), 12)), "site", ["Compteur 13"] * (size(t) // 12))), ("drift-category-new",), "site"),
    Plant("categories", "equipements", "a kind is gone", lambda t, r: rows_of(t, [i for i, k in enumerate(t["type"]) if k != "Musée"]), ("drift-category-gone",), "type"),
    Plant("categories", "comptages", "a counter is gone", lambda t, r: rows_of(t, [i for i, k in enumerate(t["site"]) if k != "Compteur 7"]), ("drift-category-gone",), "site"),
    Plant("categories", "comptages", "a rare state is gone", lambda t, r: changed(t, "etat", lambda c: "estimé" if c == "absent" else c), ("drift-category-gone",), "etat"),
    Plant("categories", "subventions", "one domain gains twelve points", lambda t, r: changed(t, "domaine", lambda c: "Sport", every=5), ("drift-category-share",), "domaine"),
    Plant("categories", "equipements", "yes turns to no in one of eight", lambda t, r: changed(t, "accessible", lambda c: "non", every=8), ("drift-category-share",), "accessible"),
    Plant("categories", "equipements", "capitals in some rows", lambda t, r: changed(t, "type", str.upper, every=30), ("drift-category-spelling",), "type"),
    Plant("categories", "subventions", "an accent is lost", lambda t, r: changed(t, "domaine", lambda c: c.replace("Environnement", "environnement ")), ("drift-category-spelling", "drift-category-new"), "domaine"),
    Plant("categories", "mesures", "a code that never was", lambda t, r: changed(t, "alerte", lambda c: "90", every=50), ("drift-category-new",), "alerte"),
)  # fmt: skip
"""Forty planted changes."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is no change, done to a table."""

    base: str
    name: str
    change: Callable[[Table, Generator], Table]


def _shuffled(table: Table, rng: Generator) -> Table:
    return rows_of(table, rng.permutation(size(table)))


def _resampled(table: Table, rng: Generator) -> Table:
    return rows_of(table, rng.choice(size(table), size(table)))


def _most(table: Table, rng: Generator) -> Table:
    return rows_of(table, sorted(rng.choice(size(table), round(0.93 * size(table)), replace=False)))


def _drawn_again(base: str) -> Callable[[Table, Generator], Table]:
    return lambda _, rng: BASES[base](rng)


QUIETS: tuple[Quiet, ...] = (
    *(Quiet(base, "as it was", lambda t, r: t) for base in BASES),
    *(Quiet(base, "in another order", _shuffled) for base in BASES),
    *(Quiet(base, "columns in another order", lambda t, r: dict(reversed(t.items()))) for base in BASES),
    *(Quiet(base, "0.5 % of the rows edited", edited) for base in BASES),
    *(Quiet(base, "edited and in another order", lambda t, r: _shuffled(edited(t, r), r)) for base in BASES),
    *(Quiet(base, "resampled with replacement", _resampled) for base in BASES),
    *(Quiet(base, "93 % of the rows", _most) for base in ("equipements", "comptages", "subventions", "mesures")),
    *(Quiet(base, "drawn again", _drawn_again(base)) for base in BASES),
    Quiet("comptages", "a month more", lambda t, r: both(t, counts(r, first=date(2025, 6, 30), days=31))),
    Quiet("comptages", "a week more, some edits", lambda t, r: both(edited(t, r), counts(r, first=date(2025, 6, 30), days=7))),
    Quiet("comptages", "the window moved by a month", lambda t, r: both(rows_of(t, range(12 * 30, size(t))), counts(r, first=date(2025, 6, 30), days=30))),
    Quiet("comptages", "the next six months", lambda t, r: counts(r, first=date(2025, 6, 30))),
    Quiet("subventions", "a year more", lambda t, r: both(t, grants(r, years=(2025,)))),
    Quiet("subventions", "two years more", lambda t, r: both(t, grants(r, years=(2025, 2026)))),
    Quiet("equipements", "twenty places more", lambda t, r: both(t, rows_of(amenities(r, 1220), range(1200, 1220)))),
    Quiet("equipements", "five places less, ten more", lambda t, r: both(rows_of(t, range(5, 1200)), rows_of(amenities(r, 1210), range(1200, 1210)))),
)  # fmt: skip
"""Forty pairs in which nothing happened but time and chance."""


# --- looking at them ----------------------------------------------------------------------------------------


def as_csv(table: Table) -> bytes:
    said = io.StringIO()
    writer = csv.writer(said, delimiter=";", lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return said.getvalue().encode()


def shot(content: bytes | Path, folder: Path, name: str) -> VersionProfile:
    """A file read and typed as the pipeline does it."""
    spool = folder / name
    spool.mkdir()
    raw = content if isinstance(content, Path) else spool / f"{name}.csv"
    if not isinstance(content, Path):
        raw.write_bytes(content)
    reading = readers.read(raw, Workspace(spool), name=raw.name)
    with closing(connect.processing(spool)) as con:
        typed = columns.type_table(reading.tables[0], spool / "typed.parquet", con=con)
    return VersionProfile((typed.path,), typed.schema, typed.profile, typed.rows)


def drift(
    before: VersionProfile, after: VersionProfile, folder: Path, history: Sequence[int] = ()
) -> tuple[Finding, ...]:
    with closing(connect.processing(folder)) as con:
        return compare(con, before, after, history)


def generator(*said: object) -> Generator:
    """A generator of its own for each pair."""
    return np.random.default_rng([2026, *repr(said).encode()])
