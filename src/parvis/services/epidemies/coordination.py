"""What the service of the coordinators computes: weeks closed and published, signals, measures that rules call for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.services.declaration import AGREEMENTS, Tables
from parvis.services.epidemies import register, rules
from parvis.services.epidemies.register import TOWN, Row
from parvis.services.epidemies.rules import Measure
from parvis.services.epidemies.schemas import MEASURES, PUBLISHED, REGISTER, SERIES, SIGNALS
from parvis.services.epidemies.series import WEEK, monday, of_places
from parvis.services.epidemies.signals import signals, still_to_come

PARIS = ZoneInfo("Europe/Paris")
WHOLE_TOWN = "Toute la ville"


def work(tables: Tables, now: datetime) -> Tables:
    """The register and what is published of it, the signals of the last week, the measures that they call for."""
    today = now.astimezone(PARIS).date()
    set_ = rules.with_city(_rows(tables, "reglages")[0]["texte"] if "reglages" in tables else "")
    places = {str(r["lieu"]): r for r in _rows(tables, "lieux")}
    series = of_places(tables, today)
    kept = register.closed(
        series, places, _rows(tables, "registre_avant"), _rows(tables, "publies_avant"),
        least=set_.least, delay=set_.delay, today=today, town=WHOLE_TOWN,
    )  # fmt: skip
    found = signals(
        series, places, WHOLE_TOWN, method=set_.method, rise=set_.rise, alarms_a_year=set_.alarms_a_year
    )
    coming = still_to_come(_rows(tables, "declarations" if "declarations" in tables else "liste"), today)
    if coming is not None:
        last = monday(today) - WEEK
        of_town = ("cas", TOWN, last)
        found = [{**r, **coming} if (r["serie"], r["niveau"], r["semaine"]) == of_town else r for r in found]
    asked = measures(found, set_.measures.values(), _rows(tables, AGREEMENTS))
    return {
        "signaux": arrow_table(SIGNALS, [_titled(r) for r in found]),
        "mesures": arrow_table(MEASURES, [_titled(r) for r in asked]),
        "registre": arrow_table(REGISTER, kept),
        "publies": arrow_table(PUBLISHED, register.published(kept)),
    }


def measures(found: Sequence[Row], known: Any, agreed: Sequence[Row]) -> list[dict[str, Any]]:
    """What rules call for, area by area: the narrowest areas that a rule holds in, and why."""
    said = {r["proposition"]: r for r in agreed}
    rows: list[dict[str, Any]] = []
    for measure in known:
        hit = [r for r in found if r["serie"] in measure.series and _holds(measure, r)]
        narrow = (
            [r for r in hit if r["niveau"] == "lieu"] or [r for r in hit if r["niveau"] == "secteur"] or hit
        )
        for r in narrow:
            since = r["depuis"] or r["semaine"]
            key = f"{measure.told.name} {r['serie']} {r['zone']} {since}"
            id_ = "m" + hashlib.sha256(key.encode()).hexdigest()[:16]
            word = said.get(id_)
            rows.append(
                {
                    "mesure": measure.told.name, "serie": r["serie"], "zone": r["zone"], "nom": r["nom"], "raison": _why(measure, r),
                    "texte": measure.told.text, "texte_en": measure.told.en, "qui": measure.who.text, "qui_en": measure.who.en, "source": measure.told.source,
                    "depuis": since, "proposition": id_, "accord": None if word is None else word["accord"], "le": None if word is None else word["le"],
                }
            )  # fmt: skip
    return rows


def _holds(measure: Measure, r: Row) -> bool:
    if measure.when == "cases":
        return r["niveau"] == "lieu" and r["cas"] is not None and r["cas"] >= measure.least
    return r["depuis"] is not None and r["depuis"] + WEEK * (measure.weeks - 1) <= r["semaine"]


def _why(measure: Measure, r: Row) -> str:
    """Codes that the page says in words: the rule, and what it saw."""
    return f"{measure.when}:{measure.least if measure.when == 'cases' else measure.weeks}:{r['cas']}:{r['habituels']}"


def _titled(r: Mapping[str, Any]) -> dict[str, Any]:
    return {**r, "serie": SERIES[r["serie"]]}


def _rows(tables: Mapping[str, pa.Table], name: str) -> Sequence[Mapping[str, Any]]:
    return tables[name].to_pylist() if name in tables else []


def age(task: Row, today: date) -> int:
    """Days since a task was opened, up to the day on which it was done."""
    return ((task["faite"] or today) - task["ouverte"]).days


def overdue(task: Row, today: date) -> bool:
    """Whether a task is past its day and not done."""
    return task["faite"] is None and task["echeance"] is not None and task["echeance"] < today
