"""What the analysis shows of incidents: the planted hotspot and nothing else, each period once, and nothing that an attacker
of all versions learns more from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.language import language
from parvis.core.types import Column
from parvis.demo import incidents, world
from parvis.methods.incidents import public_counts
from parvis.services.answers import Asked, Chart, Map, Points, Rows, Said, Spot
from parvis.services.declaration import Tables
from parvis.services.incidents import analysis, group_service, prevention, service
from parvis.services.incidents.answer import answer

TODAY = world.NOW
Versions = Sequence[Tables]


@pytest.fixture(scope="module")
def made() -> Tables:
    drawn = world.build()
    told = analysis.work({"incidents": incidents.table(drawn)}, TODAY)
    lon, lat = incidents.hotspot(drawn)
    measure = {
        "mesure": "éclairage", "lieu": "Gare", "latitude": lat, "longitude": lon, "rayon_m": 250.0, "debut": incidents.lit(drawn.today),
        "effet_pct": -21.0, "bas_pct": -31.0, "haut_pct": -8.0, "source": "revue",
    }  # fmt: skip
    young = {**measure, "mesure": "médiation", "debut": date(drawn.today.year, 6, 1)}
    measures = pa.Table.from_pylist([measure, young])
    return {
        **told,
        **service.work({"mesures": measures, "mailles": told["mailles"], "mois": told["mois"]}, TODAY),
    }


def asked(code: str = "fr", **values: Any) -> Asked:
    return Asked(values, TODAY, None, language(code).of("incidents"))


# --- what is found ------------------------------------------------------------------------------------------


def test_the_planted_hotspot_is_found_every_year_and_nothing_else(made: Tables) -> None:
    lon, lat = incidents.hotspot(world.build())
    found = [r for r in made["mailles"].to_pylist() if r["foyer"]]
    assert [r["annee"] for r in found] == [2022, 2023, 2024, 2025]
    assert {r["rang"] for r in found} == {1}
    for r in found:
        assert abs(r["_point"]["lon"] - lon) * 80_000 < 100
        assert abs(r["_point"]["lat"] - lat) * 111_000 < 100


def test_noise_falls_as_planted_and_the_rest_does_not_change(made: Tables) -> None:
    told = {r["nature"]: r for r in made["tendances"].to_pylist()}
    assert told["bruit"]["bas_pct"] <= -12 <= told["bruit"]["haut_pct"] < 0
    for nature in ("cambriolage de logement", "dégradation"):
        assert told[nature]["bas_pct"] < 0 < told[nature]["haut_pct"]
    assert all(r["rupture"] is None for r in told.values())
    assert "usage de stupéfiants" not in {r["nature"] for r in made["mois"].to_pylist()}


def test_each_year_has_its_examination_beside_the_fading_count(made: Tables) -> None:
    exams = made["examens"].to_pylist()
    assert [r["annee"] for r in exams] == [2022, 2023, 2024, 2025]
    assert [r["etat"] for r in exams] == ["sans épreuve"] + ["éprouvé"] * 3
    for r in exams[1:]:
        assert r["pai_bas"] <= r["pai"] <= r["pai_haut"]
        assert r["pei_bas"] <= r["pei"] <= r["pei_haut"] <= 1
        assert r["pei"] >= r["pei_compte"] - 1e-9  # never worse than the count that fades, by choice
        assert r["boucle_pct"] <= 10 < 20 < r["boucle_naive_pct"]
        assert (r["exclus_pct"], r["natures_exclues"]) == (20.0, "usage de stupéfiants")


def test_the_lighting_is_verified_with_its_doubt_and_the_young_measure_waits(made: Tables) -> None:
    lit, young = made["prevention"].to_pylist()
    assert (lit["etat"], lit["annee_avant"], lit["annee_apres"]) == ("vérifié", 2023, 2025)
    assert lit["bas_pct"] < 100 * (incidents.CALM - 1) < lit["haut_pct"] < 0
    assert (young["etat"], young["effet_pct"]) == ("trop tôt", None)


def test_a_place_without_enough_incidents_is_not_judged(made: Tables) -> None:
    far = {
        "mesure": "x", "lieu": "y", "latitude": 43.0, "longitude": 3.0, "rayon_m": 100.0, "debut": date(2024, 5, 1), "effet_pct": None, "bas_pct": None,
        "haut_pct": None, "source": "",
    }  # fmt: skip
    (row,) = prevention.verified([far], made["mailles"].to_pylist(), made["mois"].to_pylist())
    assert row["etat"] == prevention.TOO_FEW


# --- what an attacker learns --------------------------------------------------------------------------------


def _town(seed: int) -> list[dict[str, Any]]:
    """Three years of few incidents in few cells: much of it is small. known: when each came in."""
    rng = np.random.default_rng(seed)
    rows = []
    for nature, yearly in (("vol de vélo", 70), ("tag", 55), ("rixe", 45)):
        for _ in range(3 * yearly):
            happened = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=float(rng.uniform(0, 1095)))
            cell = rng.choice(9, p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.08, 0.06, 0.04, 0.02])
            lon, lat = 3.87 + 0.0025 * (cell % 3) + 1e-3, 43.6 + 0.0018 * (cell // 3) + 1e-3
            late = float(rng.exponential(60)) if rng.random() < 0.3 else 1.0
            rows.append(
                {"nature": nature, "du": happened, "latitude": lat, "longitude": lon, "known": happened + timedelta(days=late)}
            )  # fmt: skip
    rows.append(
        {**rows[0], "du": datetime(2023, 1, 1, tzinfo=UTC), "known": datetime(2023, 1, 2, tzinfo=UTC)}
    )
    return rows


def _weeks(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[datetime, pa.Table]]:
    for week in range(0, 62, 2):
        now = datetime(2024, 12, 30, 3, tzinfo=UTC) + timedelta(weeks=week)
        known = [{k: v for k, v in r.items() if k != "known"} for r in rows if r["known"] <= now]
        yield now, pa.Table.from_pylist(known)


@pytest.mark.parametrize("seed", [1, 2])
def test_all_versions_together_give_nobody_a_small_count(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "trends", lambda months: [])  # made of the months alone, and slow
    monkeypatch.setattr(analysis, "ENOUGH", 10_000)
    versions: list[Tables] = []
    rows = _town(seed)
    for number, (now, table) in enumerate(_weeks(rows)):
        past = {f"{n}_avant": versions[-1][n] for n in ("mois", "mailles", "examens")} if versions else {}
        own = (
            {"reglages": pa.table({"texte": ["cell_m = 300"]})} if number % 5 == 4 else {}
        )  # other cells, now and then
        versions.append(analysis.work({"incidents": table, **past, **own}, now))
    assert versions[-1]["mailles"].num_rows > 4
    assert learnt(versions, rows) == []


def test_the_same_attack_breaks_a_table_that_is_only_cut_at_five() -> None:
    """So that the attack is one: thresholds alone, made anew at each version, tell single late reports."""
    rows = _town(1)
    versions = []
    for now, table in _weeks(rows):
        of: dict[tuple[int, str], int] = {}
        for r in table.to_pylist():
            key = (r["du"].year, f"{r['longitude']:.4f} {r['latitude']:.4f}")
            of[key] = of.get(key, 0) + (r["du"].year < now.year)
        cells = [
            {"annee": y, "maille": c, "cote_m": 200.0, "incidents": n} for (y, c), n in of.items() if n >= 5
        ]
        versions.append(
            {
                "mailles": pa.Table.from_pylist(cells),
                "mois": pa.Table.from_pylist([{"mois": None, "nature": "", "incidents": None}]),
            }
        )
    assert learnt(versions, rows)


def learnt(versions: Versions, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What follows from all that was ever shown about fewer than five incidents."""
    found: list[str] = []
    for name, key in (("mailles", ("annee", "maille")), ("mois", ("mois", "nature"))):
        states = [{tuple(r[k] for k in key): r["incidents"] for r in v[name].to_pylist()} for v in versions]
        found += [f"{name} {k} shows {n}" for s in states for k, n in s.items() if n is not None and n < 5]
        for before, after in pairwise(states):  # one late report, or a cell that joins those of its year
            found += [
                f"{name} {k} went from {n} to {after.get(k)}"
                for k, n in before.items()
                if after.get(k, 0) != n
            ]
            shown = {k[0] for k in before}
            found += [
                f"{name} {k} joins a period that was shown"
                for k in after
                if k not in before and k[0] in shown
            ]
    last = versions[-1]
    found += [f"a cell of {r['cote_m']} m" for r in last["mailles"].to_pylist() if r["cote_m"] < 200]
    for year in {r["annee"] for r in last["mailles"].to_pylist()}:  # a period against those that overlap it
        cells = [r["incidents"] for r in last["mailles"].to_pylist() if r["annee"] == year]
        months = [r for r in last["mois"].to_pylist() if r["mois"] and r["mois"].year == year]
        seen, hidden = sum(r["incidents"] or 0 for r in months), sum(r["incidents"] is None for r in months)
        rest = seen - sum(cells)
        if months and rest < 0:
            found.append(f"{year}: hidden months hold {-rest} at least")
        if months and not hidden and 0 < rest < 5:
            found.append(f"{year}: hidden cells hold {rest}")
    return found


def test_a_table_with_another_column_shows_nothing_and_says_why() -> None:
    table = pa.Table.from_pylist(
        [
            {
                "nature": "tag",
                "du": TODAY - timedelta(days=900),
                "latitude": 43.6,
                "longitude": 3.87,
                "auteur": "Kevin D.",
            }
        ]
    )
    told = analysis.work({"incidents": table}, TODAY)
    assert [told[n].num_rows for n in ("veille", "mois", "mailles", "tendances")] == [0, 0, 0, 0]
    assert [r["etat"] for r in told["examens"].to_pylist()] == ["refusé"]
    assert "Kevin" not in repr({n: t.to_pylist() for n, t in told.items()})
    (first, second) = group_service.answer(asked(), {"incidents": table, **told})
    assert isinstance(first, Said)
    assert isinstance(second, Said)
    assert "auteur" in second.text
    assert "Kevin" not in second.text
    (said,) = answer(asked(), told)
    assert isinstance(said, Said)
    assert "refusée" in said.text


# --- what is said -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_page_says_year_cells_trend_measure_and_examination(made: Tables, code: str) -> None:
    blocks = list(answer(asked(code), made))
    assert [type(b) for b in blocks] == [Said, Rows, Map, Chart, Rows, Rows, Points, Rows]
    first, cells, drawn = blocks[0], blocks[1], blocks[2]
    assert isinstance(first, Said)
    assert isinstance(cells, Rows)
    assert isinstance(drawn, Map)
    assert "2025" in first.text
    assert len(drawn.marks) == len(cells.rows)
    assert drawn.table == cells.title
    assert [m.tone for m in drawn.marks].count("bad") == 1
    exam = next(b for b in blocks if isinstance(b, Points))
    said = " ".join(p.text for p in exam.points)
    for word in ("2025", *(("usage de stupéfiants", "art. 5") if code == "fr" else ("drug use", "Art. 5"))):
        assert word in said


def test_near_a_place_and_of_a_nature(made: Tables) -> None:
    near, *_ = answer(asked(lieu=Spot("loin", 3.0, 43.0)), made)
    assert isinstance(near, Said)
    assert "jamais montré" in near.text
    blocks = answer(asked(nature="brui"), made)
    assert any(isinstance(b, Chart) and b.title.startswith("Bruit") for b in blocks)
    assert all(isinstance(c, Column) for b in blocks if isinstance(b, Rows) for c in b.columns)


def test_a_smaller_cell_cannot_be_asked_for(made: Tables) -> None:
    assert min(r["cote_m"] for r in made["mailles"].to_pylist()) >= public_counts.SIDE_M
