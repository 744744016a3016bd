"""From volumes, districts and the control of the tap to indicators, losses by month and the state of the water."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.methods.water import districts, indicators, tap
from parvis.services.declaration import Tables
from parvis.services.eau.flows import PARIS, District, Inflow, inflows, read_districts
from parvis.services.eau.rules import Rules, with_city
from parvis.services.eau.schemas import INDICATEURS, QUALITE, SECTEURS

LEAST_HOMES = 10
"""Homes below which nothing of a district is published: a few of them are known by name."""

LEAST_NIGHTS = 10
"""Nights known without which a month of a district has no loss."""

REACHED, BELOW, UNKNOWN = mark("atteint"), mark("non atteint"), mark("inconnu")
KEPT, PASSED, NO_LIMIT = mark("tenue"), mark("dépassée"), mark("sans limite chiffrée")

Row = Mapping[str, object]


def work(tables: Tables, now: datetime) -> Tables:
    """All three tables; empty where what they are made of is not published."""
    rules = with_city(str(tables["reglages"]["texte"][0].as_py()) if "reglages" in tables else "")
    years = tables["volumes"].to_pylist() if "volumes" in tables else []
    cost = next(
        (y["cout_m3"] for y in sorted(years, key=lambda y: -y["annee"]) if y.get("cout_m3") is not None), None
    )
    losses: list[Row] = []
    if "secteurs" in tables and "debits" in tables:
        known = read_districts(tables["secteurs"])
        for name, inflow in sorted(inflows(tables["debits"], now).items()):
            if name in known and known[name].homes >= LEAST_HOMES:
                losses += _months(known[name], inflow, cost, rules)
    samples = tables["controle"].to_pylist() if "controle" in tables else []
    return {
        "indicateurs": arrow_table(INDICATEURS, _indicators(years, rules)),
        "secteurs": arrow_table(SECTEURS, losses),
        "qualite": arrow_table(QUALITE, quality(samples, now)),
    }


def year_of(r: Mapping[str, Any]) -> indicators.Year:
    """A row of volumes as the methods take it; what is left out counts as nothing."""

    def amount(name: str) -> float:
        value = r.get(name)
        return float(value) if value is not None else 0.0

    return indicators.Year(
        int(r["annee"]), amount("produit_m3"), amount("achete_m3"), amount("vendu_m3"), amount("domestique_m3"), amount("autres_m3"),
        amount("sans_comptage_m3"), amount("service_m3"), amount("reseau_km"), int(amount("abonnes")), int(amount("branchements")),
        amount("prive_km"), amount("pression_m"), r.get("zone_tendue") is True,
    )  # fmt: skip


def _indicators(years: Sequence[Mapping[str, Any]], rules: Rules) -> list[Row]:
    """The rows of `indicateurs`, a year each: yield, indices, losses and the threshold of the law."""
    rows: list[Row] = []
    for r in sorted(years, key=lambda r: r["annee"]):
        y, t = year_of(r), rules.threshold(int(r["annee"]))
        got = indicators.network_yield(y)
        required = indicators.threshold(y, t.flat, t.base, t.stressed, t.large) if t is not None else None
        apparent = r.get("apparentes_m3")
        state = UNKNOWN if got is None or required is None else REACHED if got >= required else BELOW
        rows.append(
            {
                "annee": y.year,
                "distribue_m3": y.distributed,
                "autorise_m3": y.authorised,
                "non_compte_m3": y.distributed - y.metered,
                "pertes_m3": y.losses,
                "apparentes_m3": apparent,
                "reelles_m3": y.losses - (apparent or 0.0),
                "p104_3": _percent(got),
                "p105_3": _round(indicators.not_metered_index(y), 2),
                "p106_3": _round(indicators.loss_index(y), 2),
                "ilc": _round(indicators.consumption_index(y), 2),
                "ili": _round(indicators.infrastructure_index(y, apparent or 0.0), 2),
                "p106_3_repere": indicators.good_loss_index(y),
                "seuil": _percent(required),
                "etat": state,
                "valeur_pertes": _round(y.losses * r["cout_m3"], 0) if r.get("cout_m3") is not None else None,
                "seuil_source": t.source if t is not None else None,
                "source": r.get("source"),
            }
        )
    return rows


def legitimate(district: District, rules: Rules) -> float:
    """m³/h that its homes and known users take at night."""
    return district.homes * rules.night.home / 1000 + district.night_use


def lost_by_day(district: District, night: float, rules: Rules) -> float:
    """m³ a day of a leak of `night` m³/h at night: pressure falls by day, and the leak with it."""
    if not (district.pressure and district.night_pressure):
        return 24 * night
    pressure = np.full(24, district.pressure)
    return districts.daily_leak(night, pressure, district.night_pressure, rules.night.exponent)


def _months(district: District, inflow: Inflow, cost: float | None, rules: Rules) -> list[Row]:
    """The rows of `secteurs` of one district, a month each with `LEAST_NIGHTS` known. cost: € a m³, None
    where unknown.
    """
    visible = inflow.watch().smallest
    usual = legitimate(district, rules)
    month = inflow.days.astype("datetime64[M]")
    rows: list[Row] = []
    for one in np.unique(month).tolist():
        here = month == np.datetime64(one, "M")
        known = here & np.isfinite(inflow.night) & np.isfinite(inflow.flow)
        nights = int(known.sum())
        if nights < LEAST_NIGHTS:
            continue
        night, entered = float(inflow.night[known].mean()), 24 * float(inflow.flow[known].mean())
        leak = districts.night_leak(night, district.homes, rules.night.home, district.night_use)
        lost = lost_by_day(district, leak, rules)
        rows.append(
            {
                "secteur": district.name,
                "mois": one,
                "jours": nights,
                "jours_du_mois": int(here.sum()),
                "entree_m3j": round(entered, 1),
                "nuit_m3h": round(night, 2),
                "legitime_m3h": round(usual, 2),
                "fuite_m3h": round(leak, 2),
                "perdu_m3j": round(lost, 1),
                "perdu_pct": round(100 * lost / entered, 1) if entered > 0 else None,
                "perdu_m3kmj": round(lost / district.mains, 2) if district.mains else None,
                "perdu_euros": round(lost * int(here.sum()) * cost) if cost is not None else None,
                "logements": district.homes,
                "visible_m3h": _round(visible, 2),
            }
        )
    return rows


def quality(samples: Sequence[Mapping[str, Any]], now: datetime) -> list[Row]:
    """Of each parameter its last result, and how often it passed its limit in the twelve months before the last sample."""
    rows = [
        r for r in samples if isinstance(r["date_prelevement"], datetime) and r["date_prelevement"] <= now
    ]
    if not rows:
        return []
    since = max(r["date_prelevement"] for r in rows) - timedelta(days=365)
    by: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for r in rows:
        by[str(r["code_parametre"])].append(r)
    results: list[Row] = []
    for code, of in sorted(by.items()):
        last = max(of, key=lambda r: (r["date_prelevement"], str(r["code_prelevement"])))
        year = [r for r in of if r["date_prelevement"] > since]
        results.append(
            {
                "code_parametre": code,
                "parametre": last["libelle_parametre"],
                "jour": last["date_prelevement"].astimezone(PARIS).date(),
                "resultat": last.get("resultat_alphanumerique") or _written(last.get("resultat_numerique")),
                "valeur": last.get("resultat_numerique"),
                "unite": last.get("libelle_unite"),
                "limite": last.get("limite_qualite_parametre"),
                "reference": last.get("reference_qualite_parametre"),
                "tenue": held(last),
                "analyses": len(year),
                "hors_limite": sum(held(r) == PASSED for r in year),
                "commune": last.get("nom_commune"),
            }
        )
    return results


def held(r: Mapping[str, Any]) -> str:
    """Whether a result keeps the limit of quality that stands beside it. A result below what the laboratory can tell
    keeps an upper limit.
    """
    value, limit = r.get("resultat_numerique"), r.get("limite_qualite_parametre") or ""
    is_within = tap.within(str(limit), float(value)) if value is not None else None
    return NO_LIMIT if is_within is None else KEPT if is_within else PASSED


def _written(value: object) -> str | None:
    """A number with the decimal comma, as laboratories write results."""
    return f"{value:g}".replace(".", ",") if isinstance(value, int | float) else None


def _percent(part: float | None) -> float | None:
    return None if part is None else round(100 * part, 2)


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, digits)


def state_of(r: Mapping[str, Any], now: datetime) -> str:
    """« en cours », « à venir », « fini » or « annulé »."""
    if r.get("annule") is True:
        return "annulé"
    return "à venir" if r["debut"] > now else "fini" if r["fin"] <= now else "en cours"


def local_day(at: datetime) -> date:
    """The day of a moment by the city's clock."""
    return at.astimezone(PARIS).date()
