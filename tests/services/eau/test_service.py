"""The service of water, from a town's files to what its page says: the planted burst weighs what it was planted with, a
reservoir is no leak, each figure has its period and source, and nothing of a single home or place of search is public.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.core.types import PUBLIC
from parvis.demo import water, world
from parvis.methods.water import tap
from parvis.publication.city import City
from parvis.services.answers import Asked, Said
from parvis.services.declaration import texts
from parvis.services.eau import alert, flows, rules
from parvis.services.eau.answer import answer
from parvis.services.eau.compute import quality, work
from parvis.services.eau.service import SERVICE
from parvis.store import runs, versions
from parvis.work import service_runs
from tests.services.eau.conftest import MORNING

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def table(city: City, name: str) -> list[dict[str, Any]]:
    resource = next(r for r in SERVICE.resources if r.endswith(f"/{name}"))
    asked = service_runs.Input(resource)
    found = service_runs.history(city, service_runs.replace(SERVICE, inputs={name: asked}), name, MORNING)
    assert found is not None
    return found.to_pylist()


def test_every_table_is_published_with_its_lineage(city: City) -> None:
    with city.db.read() as conn:
        for resource in SERVICE.resources:
            made = versions.served(conn, resource, PUBLIC)
            assert made is not None, resource
            assert runs.producing(conn, made.digest)[0].inputs


def test_the_planted_burst_weighs_what_it_was_planted_with(city: City) -> None:
    """Before and after: the rise of the night is the leak; the other districts stand where they stood."""
    rows = {(r["secteur"], r["mois"]): r for r in table(city, "secteurs")}
    before, after = rows[("La Plaine", date(2026, 9, 1))], rows[("La Plaine", date(2026, 11, 1))]
    assert after["nuit_m3h"] - before["nuit_m3h"] == pytest.approx(water.LEAK, abs=0.4)
    plain = next(d for d in water.DISTRICTS if d.name == "La Plaine")
    night = plain.night_pressure
    lost = water.LEAK * (6 + 18 * plain.pressure / night)  # m³ a day, as it was drawn
    assert after["perdu_m3j"] - before["perdu_m3j"] == pytest.approx(lost, rel=0.1)
    for district in water.DISTRICTS:
        if district.name != "La Plaine":
            here = [r["fuite_m3h"] for (name, _), r in rows.items() if name == district.name]
            assert max(here) - min(here) < 0.5, district.name
            # nights of the homes and of known users come off, whatever a reservoir takes
            assert here[0] == pytest.approx(district.leaking, abs=0.6)


def test_money_is_the_days_times_the_loss_at_the_price_of_the_last_year(city: City) -> None:
    for r in table(city, "secteurs"):
        assert r["perdu_euros"] == pytest.approx(r["perdu_m3j"] * r["jours_du_mois"] * 0.46, rel=0.01, abs=1)


def test_a_silent_measure_is_no_fall(city: City) -> None:
    rows = {(r["secteur"], r["mois"]): r for r in table(city, "secteurs")}
    quiet = rows[("Centre", date(2026, 9, 1))]
    assert (quiet["jours"], quiet["jours_du_mois"]) == (27, 30)


def test_the_annual_report_by_hand(city: City) -> None:
    """The last year with a pocket calculator: 1,401 + 85 - 40 thousand m³ put into the network of 188.1 km."""
    (last,) = [r for r in table(city, "indicateurs") if r["annee"] == 2025]
    distributed, metered = 1_401_000 + 85_000 - 40_000, 998_000 + 149_000
    authorised = metered + 9_500 + 20_500
    assert last["p104_3"] == pytest.approx(100 * (authorised + 40_000) / (1_401_000 + 85_000), abs=0.01)
    assert last["p105_3"] == pytest.approx((distributed - metered) / 365 / 188.1, abs=0.01)
    assert last["p106_3"] == pytest.approx((distributed - authorised) / 365 / 188.1, abs=0.01)
    assert last["seuil"] == pytest.approx(65 + (authorised + 40_000) / 365 / 188.1 / 5, abs=0.01)
    least = (18 * 188.1 + 0.8 * round(11_420 * 0.93) + 25 * 61) * 44 * 365 / 1000
    assert last["ili"] == pytest.approx((distributed - authorised - 23_000) / least, abs=0.01)
    assert last["etat"] == "atteint"
    assert last["valeur_pertes"] == pytest.approx((distributed - authorised) * 0.46, abs=1)


def test_the_tap_says_its_last_result_and_the_year_that_it_had(city: City) -> None:
    by = {r["code_parametre"]: r for r in table(city, "qualite")}
    lead = by["1382"]
    assert (lead["tenue"], lead["hors_limite"]) == ("tenue", 1)
    assert lead["jour"] == world.build().today - timedelta(days=9)
    assert by["1345"]["tenue"] == "sans limite chiffrée"
    assert 340 // 21 <= lead["analyses"] <= 18


def test_the_page_its_twin_and_its_file(site: TestClient) -> None:
    page = site.get("/services/eau")
    assert page.status_code == 200
    for said in (
        "rendement du réseau",
        "plutôt dure",
        "avenue de la Gare",
        "La Plaine",
        "agence régionale de santé",
    ):
        assert said in page.text, said
    assert "rue des Écoles" not in page.text  # it was called off
    assert "quai de l’Ansonne" not in page.text  # it is over
    assert "<svg" in page.text
    twin = site.get("/services/eau.json")
    assert "La Plaine" in twin.text
    one = site.get("/services/eau.json?secteur=coteaux").text
    assert "Les Coteaux" in one
    assert "La Plaine" not in one
    assert "Aucun secteur publié" in site.get("/services/eau?secteur=rien-de-tel").text
    english = site.get("/en/services/eau")
    assert english.status_code == 200
    assert "rather hard" in english.text
    assert "October 2026" in english.text
    sheet = site.get("/services/eau/rapport-annuel.csv").content.decode("utf-8-sig").splitlines()
    assert sheet[0] == "Indicateur;Unité;2023;2024;2025"
    assert any(line.startswith("Rendement (P104.3);%;") and "," in line for line in sheet)


def test_all_of_it_is_said_in_english() -> None:
    english = language("en")
    assert [t for t in texts(SERVICE) if not english.knows(t)] == []


def test_a_city_without_anything_of_it_gets_empty_tables() -> None:
    made = work({}, NOW)
    assert {name: len(t) for name, t in made.items()} == {"indicateurs": 0, "secteurs": 0, "qualite": 0}


# --- inflow -------------------------------------------------------------------------------------------------


def measured(rows: list[tuple[str, str, str, datetime, float | None]]) -> pa.Table:
    names = ("secteur", "mesure", "sens", "debut", "m3")
    return pa.Table.from_pylist(
        [dict(zip(names, r, strict=True)) for r in rows],
        pa.schema([(n, pa.timestamp("us", "UTC") if n == "debut" else pa.float64() if n == "m3" else pa.string()) for n in names]),
    )  # fmt: skip


START = datetime(2026, 6, 1, 22, tzinfo=UTC)  # midnight in Paris


def test_entries_exits_and_reservoirs_by_hand() -> None:
    """Two entries of 10, an exit of 3, a reservoir that takes 2 an hour: 15 m³/h; nothing where one entry is silent."""
    rows: list[tuple[str, str, str, datetime, float | None]] = []
    for h in range(49):
        at = START + timedelta(hours=h)
        rows += [
            ("S", "a", "entree", at, 10.0),
            ("S", "c", "sortie", at, 3.0),
            ("S", "d", "reserve", at, 100 + 2.0 * h),
        ]
        if h not in range(24, 40):
            rows.append(("S", "b", "entree", at, 10.0))
    (one,) = flows.inflows(measured(rows), NOW).values()
    assert one.flow[0] == pytest.approx(15)
    assert one.night[0] == pytest.approx(15)
    assert one.night[1] != one.night[1]
    assert one.days[0].item() == date(2026, 6, 2)


def test_half_hours_are_flows_and_what_is_to_come_is_not_read() -> None:
    rows: list[tuple[str, str, str, datetime, float | None]] = [
        ("S", "", "entree", START + timedelta(minutes=30 * h), 4.0) for h in range(48)
    ]
    rows.append(("S", "", "entree", NOW + timedelta(days=4000), 4.0))
    (one,) = flows.inflows(measured(rows), NOW).values()
    assert one.night.tolist() == pytest.approx([8.0])
    daily = [("S", "", "entree", START + timedelta(days=d), 4.0) for d in range(9)]
    assert flows.inflows(measured([*daily]), NOW) == {}  # a day's volume tells no night
    assert flows.inflows(measured([]), NOW) == {}


def test_few_homes_are_no_district() -> None:
    rows = [("S", "", "entree", START + timedelta(hours=h), 4.0) for h in range(24 * 28)]
    about = [{"secteur": "S", "logements": n} for n in (9, 10)]
    for district, told in zip(about, (0, 1), strict=True):
        made = work({"secteurs": pa.Table.from_pylist([district]), "debits": measured([*rows])}, NOW)
        assert len({r["secteur"] for r in made["secteurs"].to_pylist()}) == told


# --- the tap ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "value", "kept"),
    [
        ("<=50 mg/L", 50.0, True), ("<=50 mg/L", 50.01, False), (">=6,5 et <=9 unité pH", 6.4, False), (">=6,5 et <=9 unité pH", 9.0, True),
        ("<=0,1 µg/L", 0.12, False), ("≤ 0.5 mg/L", 0.5, True), ("<10 µg/L", 10.0, False), ("", 3.0, None), ("Aucun changement anormal", 3.0, None),
        (">=200 et <=1100 µS/cm", 150.0, False), ("<=2 et >", 1.0, None),
    ],
)  # fmt: skip
def test_limits_as_the_control_writes_them(limit: str, value: float, kept: bool | None) -> None:
    assert tap.within(limit, value) is kept


def test_a_sample_of_tomorrow_is_not_read_and_an_old_year_does_not_count() -> None:
    def sample(days: int, value: float) -> dict[str, Any]:
        return {"code_prelevement": f"p{days}", "date_prelevement": NOW - timedelta(days=days), "code_parametre": "1340", "libelle_parametre": "Nitrates",
                "resultat_numerique": value, "limite_qualite_parametre": "<=50 mg/L", "nom_commune": "Ici"}  # fmt: skip

    (row,) = quality([sample(10, 20.0), sample(300, 60.0), sample(400, 70.0), sample(-3, 90.0)], NOW)
    assert (row["valeur"], row["analyses"], row["hors_limite"]) == (20.0, 2, 1)
    assert row["resultat"] == "20"


# --- the law and the city's own -----------------------------------------------------------------------------


def test_a_city_sets_its_night_and_its_threshold_and_a_false_entry_is_refused() -> None:
    own = rules.with_city('[[night]]\nhome_lh = 2.4\nsource = "mesuré en 2025"\n')
    assert own.night.home == 2.4
    assert own.threshold(2025) == rules.shipped().threshold(2025)
    assert rules.shipped().threshold(2011) is None
    later = '[[threshold]]\nsince = 2027-01-01\nflat = 87\nbase = 66\nstressed = 71\nlarge_m3 = 2e6\nsource = "essai"\n'
    changed = rules.with_city(later)
    assert changed.threshold(2026) == rules.shipped().threshold(2026)
    assert (got := changed.threshold(2027)) is not None
    assert got.flat == 0.87
    for wrong in (
        '[[night]]\nhome_lh = "deux"\nsource = ""\n',
        '[[night]]\nhome_lh = -1\nsource = ""\n',
        '[[threshold]]\nsince = "hier"\nflat = 85\nbase = 65\nstressed = 70\nlarge_m3 = 1\nsource = ""\n',
        "[[seuil]]\nflat = 85\n",
    ):
        with pytest.raises(UsageError):
            rules.read(wrong, "reglages/eau.toml")


# --- cuts and works -----------------------------------------------------------------------------------------


def announced(**changed: Any) -> pa.Table:
    row = {"reference": "C-1", "genre": "coupure", "lieu": "rue du Four", "debut": NOW + timedelta(days=1), "fin": NOW + timedelta(days=1, hours=3), "conseil": "", "annule": False}  # fmt: skip
    return pa.Table.from_pylist([row | changed])


def test_a_cut_is_told_once_told_again_when_it_moves_and_withdrawn_when_it_is_called_off() -> None:
    kept, first = alert.look({"travaux": announced()}, "", NOW)
    assert [m.kind for m in first] == ["open"]
    assert "rue du Four" in first[0].parts[0].headline.en
    kept, again = alert.look({"travaux": announced()}, kept, NOW)
    assert again == []
    later = announced(fin=NOW + timedelta(days=1, hours=5))
    kept, moved = alert.look({"travaux": later}, kept, NOW)
    assert [(m.kind, m.number) for m in moved] == [("extend", 2)]
    worse = announced(genre="non potable", fin=NOW + timedelta(days=1, hours=5))
    kept, grave = alert.look({"travaux": worse}, kept, NOW)
    assert [m.kind for m in grave] == ["raise"]
    assert grave[0].severe
    kept, off = alert.look({"travaux": announced(annule=True)}, kept, NOW)
    assert [(m.kind, m.number) for m in off] == [("withdraw", 4)]
    assert off[0].episode == first[0].episode
    _, nothing = alert.look({"travaux": announced(annule=True)}, kept, NOW)
    assert nothing == []


def test_what_is_over_is_told_to_nobody() -> None:
    past = announced(debut=NOW - timedelta(days=2), fin=NOW - timedelta(days=1))
    kept, told = alert.look({"travaux": past}, "", NOW)
    assert told == []
    kept, _ = alert.look({"travaux": announced()}, kept, NOW)
    _, ended = alert.look({"travaux": announced()}, kept, NOW + timedelta(days=2))
    assert ended == []  # its end was in the message
    _, dropped = alert.look({}, kept, NOW + timedelta(days=2))
    assert dropped == []


def heard(works: list[dict[str, Any]], *, code: str = "fr", **values: str) -> tuple[str, str]:
    """The first sentence and its tone, of what is announced."""
    tables = {"travaux": pa.concat_tables([announced(**one) for one in works])}
    first, *_ = answer(Asked({"quoi": "coupures"} | values, NOW, NOW, language(code).of("eau")), tables)
    assert isinstance(first, Said)
    return first.text.replace("\u00a0", " ").replace("\u202f", " "), first.tone


def test_whether_the_water_will_be_cut_in_my_street() -> None:
    hours = timedelta(hours=1)
    here, other = {"lieu": "rue du Four"}, {"lieu": "quai des Écoles", "debut": NOW + 4 * hours}
    assert heard([other, here], rue="Rue du Four") == (
        "L’eau sera coupée rue du Four, le 21 novembre 2026 de 9 h 00 à 12 h 00.",
        "bad",
    )
    assert heard([here], rue="12 rue du Four, Montclair")[1] == "bad"
    assert heard([here | {"debut": NOW - hours, "fin": NOW + 2 * hours}], rue="le Four") == (
        "L’eau est coupée rue du Four, jusqu’à 11 h 00.",
        "bad",
    )
    late = here | {"debut": NOW + timedelta(days=20), "fin": NOW + timedelta(days=21)}
    assert heard([late], rue="rue du Four") == (
        "L’eau sera coupée rue du Four, du 10 décembre 2026 à 9 h 00 au 11 décembre 2026 à 9 h 00.",
        "warn",
    )
    assert heard([other, here], rue="rue du Fournil") == (
        "Aucune coupure d’eau annoncée ne nomme « rue du Fournil » ; la prochaine en ville : quai des Écoles, "
        "du 20 novembre 2026 à 13 h 00 au 21 novembre 2026 à 12 h 00.",
        "",
    )
    assert heard([here]) == (
        "Prochaine coupure d’eau annoncée en ville : rue du Four, le 21 novembre 2026 de 9 h 00 à 12 h 00.",
        "",
    )
    none = ("Aucune coupure d’eau n’est annoncée dans les trente jours.", "ok")
    over = here | {"debut": NOW - 3 * hours, "fin": NOW - hours}
    called_off, works = here | {"annule": True}, here | {"genre": "travaux"}
    far = here | {"debut": NOW + timedelta(days=31), "fin": NOW + timedelta(days=32)}
    assert {heard([one], rue="rue du Four") for one in (over, called_off, works, far)} == {none}
    assert heard([here], rue="rue du Four", code="en")[0] == (
        "Water will be cut off at rue du Four, on 21 November 2026 from 09:00 to 12:00."
    )


def test_water_that_must_not_be_drunk_goes_before_a_cut() -> None:
    now = {"debut": NOW - timedelta(hours=1), "fin": NOW + timedelta(hours=9)}
    text, tone = heard([now | {"genre": "non potable", "lieu": "Les Coteaux"}, {}], rue="rue du Four")
    assert (text, tone) == ("Ne buvez pas l’eau du robinet : Les Coteaux.", "bad")
