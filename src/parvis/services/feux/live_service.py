"""Live choice among approved plans, for the signal engineers: what it promises, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from parvis.core.types import Dataset, Schema
from parvis.methods.gains import relative_gain
from parvis.services.declaration import Input, Output, Service, State, Tables
from parvis.services.effect import Case, Effect, Measured
from parvis.services.feux import live_rules
from parvis.services.feux.live_answer import REASONS, answer
from parvis.services.feux.live_choice import work
from parvis.services.feux.live_schemas import AUDITED, DECISIONS, HOURS, STATE

GROUP = "signalisation"
KEYWORDS = ("feux", "carrefour", "plan")


def _output(
    name: str, title: str, text: str, schema: Schema, access: str = "restricted", **more: object
) -> Output:
    dataset = Dataset(
        name, title, text, "mobilites", frequency="continuous", themes=("TRAN",), keywords=KEYWORDS,
        access="public" if access == "public" else "restricted", derived_from=("feux", "comptages-trafic") if access == "public" else (),
    )  # fmt: skip
    return Output(dataset, schema, **more)  # type: ignore[arg-type]


SERVICE = Service(
    name="choix-en-direct",
    title="Choix en direct des plans de feux",
    question="Quel plan approuvé chaque carrefour devrait-il suivre maintenant ?",
    inputs={
        "mesures": Input("comptages-trafic/mesures", schema="mesures-trafic", days=1),
        "groupes": Input("feux/groupes", schema="groupes-feux"),
        "interverts": Input("feux/interverts", schema="interverts-feux"),
        "comptages": Input("feux/comptages", schema="comptages-feux"),
        "plans": Input("feux/plans", schema="plans-feux"),
        "capteurs": Input("capteurs-circulation/capteurs", schema="parvis/capteurs-circulation", optional=True),
        "avant": Input("choix-plans-feux-decisions/decisions", days=1, optional=True),
        "controles_avant": Input("choix-plans-feux-controles/controles", days=1, optional=True),
        "heures_avant": Input("choix-plans-feux-heures/heures", days=1, optional=True),
    },
    outputs={
        "etat": _output(
            "choix-plans-feux", "Plans de feux choisis en direct",
            "Pour chaque carrefour : le plan qui devrait courir maintenant, celui de l’heure, et pourquoi.",
            STATE, one="carrefour", many="carrefours", label="carrefour", state="raison", brief=("attendu", "attendu_horaire"),
            states=tuple(State(code, text, "bad" if code in ("no_counts", "tables") else "") for code, text in REASONS.items()),
        ),
        "decisions": _output(
            "choix-plans-feux-decisions", "Décisions du choix en direct", "Chaque décision, avec ce qui la fonde et ce qu’une personne y a répondu.",
            DECISIONS, one="décision", many="décisions", label="carrefour", log=True,
        ),
        "controles": _output(
            "choix-plans-feux-controles", "Contrôle des choix en direct", "Ce que chaque décision a valu, sous ce qui est venu.",
            AUDITED, one="contrôle", many="contrôles", label="carrefour", log=True,
        ),
        "heures": _output(
            "choix-plans-feux-heures", "Choix des plans de feux, heure par heure",
            "Heure par heure, tous carrefours ensemble : plans changés d’après les comptages, et retard calculé à côté de celui des plans à l’heure.",
            HOURS, access="public", one="heure", many="heures", log=True,
        ),
    },
    method="À chaque intervalle de comptage, le trafic attendu est celui d’un jour habituel, corrigé par ce que les boucles viennent de compter ; le retard "
    "de chaque plan approuvé est calculé (HCM 6). Un autre plan que celui de l’heure court s’il perd nettement moins, tient un temps, et les changements d’un "
    "jour sont comptés ; où la ville le veut, une personne du groupe donne son accord.",
    caveats=(
        "Les retards sont calculés, non mesurés ; une file qui reste d’un intervalle à l’autre n’est pas reportée.",
        "Sous congestion, une boucle compte ce qui passe, non ce qui voudrait passer.",
        "Aucun feu n’est commandé par ce service, et aucune décision sur une personne n’en dépend : un ingénieur approuve les plans et la mise en service. "
        "Classé le 1er décembre 2026 hors des systèmes à haut risque du règlement européen sur l’IA (annexe III, point 2).",
    ),
    work=work,
    tune=live_rules.read,
    live=True,
    answer=answer,
    group=GROUP,
    purpose="régler et surveiller les feux de la ville",
    agreed=True,
)  # fmt: skip


def measure(tables: Tables) -> Measured | None:
    """Share of the delay of the timetable that live choice spared, in per cent, by days."""
    rows = [r for r in tables["heures"].to_pylist() if r["passages"] and r["retard_horaire"] is not None]
    days = sorted({_day(r["heure"]) for r in rows})
    if not rows or not any(r["retard_horaire"] > 0 for r in rows):
        return None
    mine = [[r for r in rows if _day(r["heure"]) == day] for day in days]
    weights = np.array([sum(r["passages"] for r in some) for some in mine], np.float64)
    ours, by_hour = (
        np.array([sum(r["passages"] * r[n] for r in some) for some in mine], np.float64) / weights
        for n in ("retard", "retard_horaire")
    )
    value, low, high = (round(100 * v, 1) for v in relative_gain(ours, by_hour, weights))
    sure = not np.isnan(low)
    return Measured(value, low if sure else None, high if sure else None, days[0], days[-1], len(rows))


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Paris")).date()


def _hour(day: int, ours: float, by_hour: float) -> Mapping[str, object]:
    at = datetime(2026, 11, day, 8, tzinfo=UTC)
    return {
        "heure": at,
        "carrefours": 3,
        "changements": 1,
        "passages": 900.0,
        "retard": ours,
        "retard_horaire": by_hour,
    }


SPARED = Effect(
    name="choix-plans-feux-retard",
    of="choix-en-direct",
    title="Choisir le plan des feux d’après les comptages : retard évité",
    against="les plans à l’heure",
    unit="%",
    better="higher",
    how="Chaque intervalle passé, le retard (HCM 6) du plan qui a été dit et celui du plan à l’heure sont calculés sous ce qui fut compté. "
    "Calculé, non mesuré dans la rue. Les bornes (95 %) viennent de l’écart entre les jours.",
    inputs={"heures": Input("choix-plans-feux-heures/heures")},
    measure=measure,
    cases=(
        Case({"heures": [_hour(3, 27, 30), _hour(4, 18, 20)]}, Measured(10.0, 10.0, 10.0, date(2026, 11, 3), date(2026, 11, 4), 2)),
        Case({"heures": []}, None),
    ),
)  # fmt: skip
