"""Tables of counts that go out one beside another, or one after another: the portal has not the rows, and holds what its
readers would subtract. The attacker is the one of `tabulate --beside`, and knows the rows' crossings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from parvis import privacy
from parvis.core.types import PUBLIC, Dataset, Resource, Version
from parvis.methods.disclosure.presets import PRESETS
from parvis.privacy.published_counts import band, read, together
from parvis.privacy.tables import tabulate
from parvis.publication.city import City
from parvis.store import datasets, versions
from parvis.store.deposits import Deposit
from tests.cities import canarycity
from tests.cities.canarycity import Clock, hand_in
from tests.privacy.test_disclosure_beside import arrow, beside, given_away, people
from tests.publication.test_overlaps import told

RULE = PRESETS["personnes"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = canarycity.build(tmp_path_factory.mktemp("comptes") / "ville", Clock())
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def city(portal: City) -> Iterator[City]:
    """The same, from which each test takes back what it put out."""
    yield portal
    with portal.db.begin() as conn:
        for resource in versions.serving(conn, PUBLIC):
            for version in versions.readable(conn, resource, PUBLIC):
                privacy.withdraw(conn, version, portal.now(), "Fin du test.")


def as_csv(table: pa.Table) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\n")
    lines.writerow(table.column_names)
    lines.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return out.getvalue().encode()


def publish(city: City, name: str, table: pa.Table) -> str:
    """Hand a table in under a dataset of its own; what became of it, and that it is held for this."""
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset(name, f"Jeu {name}", "", "vivre"))
        datasets.save_resource(conn, Resource(f"{name}/t", name, "Table"))
    done = hand_in(city, f"{name}/t", as_csv(table), f"{name}.csv")
    if done.state == "held":
        said = told(city, done).get("privacy-overlap", "")
        assert "par différence" in said or "se retrouve" in said, [
            f.message for f in version_of(city, done).report.findings
        ]
    return done.state


def version_of(city: City, deposit: Deposit) -> Version:
    with city.db.read() as conn:
        version = versions.version(conn, deposit.version)
    assert version is not None
    return version


@pytest.mark.parametrize("seed", [0, 5])
def test_what_goes_out_by_the_portal_gives_nobody_away(city: City, seed: int) -> None:
    """Four tables of the same people under four datasets, each alone right: what went out, the attacker reads."""
    rows = people(seed, 4)
    first, careless = (tabulate(arrow(rows), [[by]], preset=RULE) for by in ("age", "retraite"))
    wide, wider = (tabulate(arrow(rows), [["quartier"], [by]], preset=RULE) for by in ("age", "retraite"))
    assert given_away(rows, [first, careless])
    assert given_away(rows, [wide, wider])
    made = {"a": first, "b": careless, "c": wide, "d": wider}
    states = {name: publish(city, f"{name}{seed}", table.published()) for name, table in made.items()}
    assert states["a"] == "published"
    assert states["b"] == "held"
    out = [table for name, table in made.items() if states[name] == "published"]
    assert not given_away(rows, out)
    careful = tabulate(arrow(rows), [["retraite"]], preset=RULE, beside=beside(arrow(rows), *out))
    assert publish(city, f"e{seed}", careful.published()) == "published"
    assert not given_away(rows, [*out, careful])


@pytest.mark.parametrize("seed", range(6))
def test_what_the_rows_tell_the_numbers_tell(seed: int) -> None:
    """Without the rows: what was made beside the others goes out, what was not is found out."""
    rows = people(seed, 14)
    table = arrow(rows)
    first = tabulate(table, [["age"]], preset=RULE)
    second = tabulate(table, [["quartier"], ["retraite"]], preset=RULE, beside=beside(table, first))
    third = tabulate(table, [["quartier"], ["age"]], preset=RULE, beside=beside(table, first, second))
    loose = tabulate(table, [["quartier"], ["age"]], preset=RULE)
    one, two, three, four = (read(t.published()) for t in (first, second, third, loose))
    assert one is not None
    assert two is not None
    assert three is not None
    assert four is not None
    assert not together(two, [one])
    assert not together(three, [one, two])
    assert given_away(rows, [first, second, loose])
    assert together(four, [one, two])


def test_versions_of_one_table(city: City) -> None:
    """One more person between two months is a change that everybody reads; twelve more are not."""
    rows = people(2, 20)
    assert (
        publish(city, "mois", tabulate(arrow(rows), [["quartier"]], preset=RULE).published()) == "published"
    )
    plus_one = tabulate(arrow([*rows, rows[0]]), [["quartier"]], preset=RULE).published()
    assert publish(city, "mois", plus_one) == "held"
    more = [*rows, *[row for row in rows if row["quartier"] == rows[0]["quartier"]][:12]]
    assert (
        publish(city, "mois", tabulate(arrow(more), [["quartier"]], preset=RULE).published()) == "published"
    )


def test_another_breakdown_a_month_later(city: City) -> None:
    """By quarter in January, by quarter and age in February, for one person more."""
    rows = people(6, 20)
    assert (
        publish(city, "hiver", tabulate(arrow(rows), [["quartier"]], preset=RULE).published()) == "published"
    )
    later = tabulate(arrow([*rows, rows[0]]), [["quartier"], ["age"]], preset=RULE).published()
    assert publish(city, "printemps", later) == "held"


def test_a_list_in_clear_after_counts(city: City) -> None:
    """What one hides the other shows; a list of other people by the same columns goes out."""
    rows = people(3, 4)
    counts = tabulate(arrow(rows), [["age"], ["retraite"]], preset=RULE)
    assert counts.hidden.any()
    assert publish(city, "comptes", counts.published()) == "published"
    numbered = arrow(rows).append_column("demande", pa.array(range(len(rows))))
    assert publish(city, "liste", numbered) == "held"
    other = arrow(people(9, 30)[:250]).append_column("demande", pa.array(range(250)))
    assert publish(city, "ailleurs", other) == "published"


def test_counts_after_a_list_in_clear(city: City) -> None:
    rows = people(4, 4)
    numbered = arrow(rows).append_column("demande", pa.array(range(len(rows))))
    assert publish(city, "liste2", numbered) == "published"
    counts = tabulate(arrow(rows), [["age"], ["retraite"]], preset=RULE)
    assert publish(city, "comptes2", counts.published()) == "held"


def test_a_hidden_cell_that_its_own_sums_give_back(city: City) -> None:
    """A table that somebody mended by hand: one cell of a row of three is secret, and its total is not."""
    table = {
        "quartier": ["Ensemble", "Nord", "Sud", "Est"],
        "nombre": [60, 30, 26, None],
        "statut": ["publié", "publié", "publié", "secret"],
    }
    assert publish(city, "seul", pa.table(table)) == "held"


def test_amounts_of_two_breakdowns(city: City) -> None:
    """25 399 € of a quarter less 24 165 € of two ages in it: the rest is one person's."""
    zones = {
        "quartier": ["Ensemble", "Gare", "Centre"],
        "aide": [46_711, 21_312, 25_399],
        "statut": ["publié"] * 3,
    }
    ages = ["18-29", "30-44", "75 et plus", "Ensemble"]
    fine = {
        "quartier": [q for q in ("Gare", "Centre", "Ensemble") for _ in ages],
        "age": ages * 3,
        "aide": [10_312, 11_000, 0, 21_312, 12_000, 12_165, None, None, 22_312, 23_165, None, None],
        "statut": (["publié"] * 6 + ["secret"] * 2 + ["publié"] * 2 + ["secret"] * 2),
    }
    assert publish(city, "fins", pa.table(fine)) == "published"
    assert publish(city, "zones", pa.table(zones)) == "held"


def test_numbers_of_other_people_are_not_compared() -> None:
    """Two years of births: a difference of one in each quarter is as many who came as went."""
    one, other = (
        read(pa.table({"q": ["Ensemble", "N", "S"], "nombre": n, "statut": ["publié"] * 3}))
        for n in ([120, 70, 50], [139, 71, 68])
    )
    assert one is not None
    assert other is not None
    assert not together(one, [other])


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("18-64", 18, 65),
        ("de 18 à 64 ans", 18, 65),
        ("65 ans et plus", 65, np.inf),
        ("65+", 65, np.inf),
        ("moins de 25 ans", -np.inf, 25),
        ("jusqu’à 24 ans", -np.inf, 25),
        ("67 ans", 67, 68),
    ],
)
def test_bands(label: str, low: float, high: float) -> None:
    assert band(label) == (low, high)


def test_words_are_no_bands() -> None:
    assert band("Nord") is None
    assert band("Quartier 12") is None
