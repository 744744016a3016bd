"""An attacker at the query API of a protected table: every count he can ask for, and every difference of two, through the real paths over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.core.errors import UsageError
from parvis.core.released import Public
from parvis.core.types import Column, Dataset
from parvis.engine.read import read
from parvis.privacy.asking import guarded
from tests.explorecity import City, build, publish

LEAST = 11
BY = ("tranche", "quartier", "sexe")
AIDES = """
SELECT ['18-29','30-44','45-59','60-74','75+'][1 + (i * 7 + i // 13) % 5] AS tranche, 'Q' || ((i * i + i // 5) % 7)::VARCHAR AS quartier,
['F','H'][1 + (i // 3) % 2] AS sexe, 200.0 + (i * 37) % 900 AS aide, 'personne ' || i::VARCHAR AS nom
FROM range(900) t(i)
UNION ALL SELECT '75+', 'Q9', 'F', 4321.0, 'la seule de Q9'
UNION ALL SELECT '60-74', NULL, 'H', 100.0, 'sans adresse'
"""
DONS = """
SELECT ['égaux','un seul','trois vides','un rempli'][1 + i // 12] AS cas,
CASE WHEN i = 12 THEN 1e6 WHEN i IN (24, 25, 26) OR i > 36 THEN NULL ELSE 10.0 END AS don FROM range(48) t(i)
"""
COLUMNS = (Column("tranche"), Column("quartier"), Column("sexe"), Column("aide", "number"), Column("nom"))


@dataclass(frozen=True)
class Guarded(City):
    """A city that serves its protected tables as they may be asked about."""

    def served(self, resource: str) -> Public:
        whole = City.served(self, resource)
        return guarded(whole, BY, LEAST, amounts=("aide",)) if resource == "aides/aides" else whole


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, Guarded]]:
    folder: Path = tmp_path_factory.mktemp("asked")
    city = build(folder)
    publish(city, folder, Dataset("aides", "Aides versées", "", "mobilites", state="published"), "aides/aides", AIDES, COLUMNS)
    publish(city, folder, Dataset("dons", "Dons", "", "mobilites", state="published"), "dons/dons", DONS, (Column("cas"), Column("don", "number")))
    yield city, Guarded(city.settings, city.db, city.files, city.engine, city.now)
    city.db.close()


def ask(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/explore/v2.1/catalog/datasets/aides/records", params={"limit": "-1", **params})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def answers(client: TestClient) -> dict[tuple[tuple[str, str], ...], tuple[int, float]]:
    """Count and sum of aids for every filter that names values of some columns, and for none."""
    found: dict[tuple[tuple[str, str], ...], tuple[int, float]] = {}
    for size in range(len(BY) + 1):
        for columns in itertools.combinations(BY, size):
            grouped = {"group_by": ",".join(columns)} if columns else {}
            for row in ask(client, select=",".join([*columns, "count(*) as n", "sum(aide) as total"]), **grouped):
                found[tuple((c, str(row[c])) for c in columns)] = row["n"], row["total"] or 0.0
    return found


def differences(known: dict[tuple[tuple[str, str], ...], tuple[int, float]]) -> list[int]:
    """How many people stand between every answer and every narrower one, and in each answer itself."""
    small = [n for n, _ in known.values()]
    for wide, (many, _) in known.items():
        small += [many - fewer for narrow, (fewer, _) in known.items() if set(wide) < set(narrow)]
        # All values but one of a further column, by adding up.
        for column in set(BY) - {c for c, _ in wide}:
            parts = [n for narrow, (n, _) in known.items() if set(wide) < set(narrow) and len(narrow) == len(wide) + 1 and column in dict(narrow)]
            small += [many - sum(parts) + p for p in parts] + [many - sum(parts)]
    return [n for n in small if 0 < n < LEAST]


def test_no_difference_of_answers_is_a_small_group(cities: tuple[City, Guarded]) -> None:
    """Bar 4: the differencing attack through the filters of the API finds nobody; the same attack on the table itself finds many."""
    whole, safe = cities
    with TestClient(api.app(whole)) as client:
        assert len(differences(answers(client))) > 50
    with TestClient(api.app(safe)) as client:
        known = answers(client)
        assert differences(known) == []
        assert len(known) > 60


def test_filters_that_carve_one_person_out_get_nothing(cities: tuple[City, Guarded]) -> None:
    """Exactly, by exclusion, by range and by facet."""
    whole, safe = cities
    carving = ["quartier = 'Q9'", "quartier is null", "tranche = '75+' and not quartier in ('Q0','Q1','Q2','Q3','Q4','Q5','Q6')", "quartier >= 'Q7'", "quartier like 'Q9'"]
    with TestClient(api.app(whole)) as client:
        assert all(ask(client, where=w, select="count(*) as n")[0]["n"] == 1 for w in carving)
    with TestClient(api.app(safe)) as client:
        for where in carving:
            assert ask(client, where=where, select="count(*) as n")[0]["n"] == 0
            assert ask(client, where=where) == []
        everything = ask(client, select="count(*) as n")[0]["n"]
        for where in carving:
            assert ask(client, where=f"not ({where})", select="count(*) as n")[0]["n"] in (everything, 0)
        facets = client.get("/api/explore/v2.1/catalog/datasets/aides/facets", params={"facet": "quartier"}).json()["facets"]
        assert all(value["count"] >= LEAST for facet in facets for value in facet["facets"])


def test_names_are_not_there_and_amounts_are_of_classes(cities: tuple[City, Guarded]) -> None:
    _, safe = cities
    with TestClient(api.app(safe)) as client:
        refused = client.get("/api/explore/v2.1/catalog/datasets/aides/records", params={"where": "nom = 'la seule de Q9'"})
        assert refused.status_code == 400
        row = client.get("/api/explore/v2.1/catalog/datasets/aides/records", params={"limit": "1"}).json()["results"][0]
        assert set(row) == {*BY, "aide"}
        extreme = ask(client, select="max(aide) as m")[0]["m"]
        assert extreme < 1_100, "the mean of a class, not a person's"
        sums = ask(client, select="tranche,quartier,sexe,sum(aide) as s,count(*) as n", group_by="tranche,quartier,sexe")
    truth: dict[tuple[str, str, str], list[float]] = {}
    with read(safe.engine, City.served(safe, "aides/aides")) as rows:
        for r in rows.rows():
            truth.setdefault((str(r["tranche"]), str(r["quartier"]), str(r["sexe"])), []).append(float(str(r["aide"])))
    for row in sums:
        amounts = truth[row["tranche"], row["quartier"], row["sexe"]]
        assert (row["n"], round(row["s"], 4)) == (len(amounts), round(sum(amounts), 4))


def test_few_that_are_left_out_take_a_class_with_them(cities: tuple[City, Guarded]) -> None:
    """Two people are in small classes: left out alone, whoever knows the total knows there are two. A class of enough goes with them."""
    whole, safe = cities
    with read(whole.engine, guarded(whole.served("aides/aides"), BY, 3)) as found:
        kept = len(found.rows())
    assert 902 - kept >= 3
    with read(safe.engine, safe.served("aides/aides")) as found:
        assert 902 - len(found.rows()) >= LEAST


def test_an_amount_that_one_row_makes_or_few_lack_is_not_shown(cities: tuple[City, Guarded]) -> None:
    """Four classes of 12: even amounts; one of a million; three of them empty; all of them empty but one."""
    whole, _ = cities
    with read(whole.engine, guarded(whole.served("dons/dons"), ["cas"], 5, amounts=["don"])) as found:
        means = {(row["cas"], row["don"]) for row in found.rows()}
    assert means == {("égaux", 10.0), ("un seul", None), ("trois vides", None), ("un rempli", None)}


def test_what_can_not_be_guarded_is_refused(cities: tuple[City, Guarded]) -> None:
    whole, _ = cities
    released = whole.served("budget/budget")
    with read(whole.engine, guarded(released, ["annee"], 2)) as found:
        assert found.rows() == []
    with pytest.raises(UsageError, match="inconnues : prix"):
        guarded(released, ["annee"], 11, amounts=["prix"])
    with pytest.raises(UsageError, match="au moins 2"):
        guarded(released, ["annee"], 1)
