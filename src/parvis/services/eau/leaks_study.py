"""Leaks to look for, for those who look for them: districts, meters and bills, each alert ending in a verdict on the ground."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

import numpy as np
import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.errors import HeldBack
from parvis.core.types import Column, Dataset, Schema
from parvis.services.answers import Ask, Asked, Block, Blocks, Figure, Figures, Rows, Said
from parvis.services.declaration import Input, Output, Tables
from parvis.services.eau.flows import PARIS, micros
from parvis.services.eau.leaks import (
    FOUND,
    NOTHING,
    REPAIRED,
    VERDICTS,
    Price,
    by_month,
    by_zone,
    judged,
    of_districts,
    of_meters,
)
from parvis.services.eau.rules import shipped
from parvis.services.study import Parameters, Progress, Result, Stop, Study, Verdicts, amount

GROUP = "eau"
"""Id of the group that looks for leaks."""

ALERTS = Schema(
    "parvis/eau_alertes",
    "1",
    (
        Column("alerte", title="Alerte"),
        Column("genre", title="Genre"),
        Column("ou", title="Secteur ou compteur"),
        Column("depuis", "date", title="Depuis"),
        Column("debit_lh", "number", title="Débit", unit="L/h"),
        Column("m3_jour", "number", title="Perdu par jour", unit="m³/j"),
        Column("perdu_m3", "number", title="Perdu depuis", unit="m³"),
        Column("euros_jour", "number", title="Par jour", unit="€"),
        Column("evolution", title="Évolution"),
        Column("zone", title="Zone"),
        Column("vu", "date", title="Vu le"),
        Column("plafond_m3", "number", title="Plafond de la loi", unit="m³"),
        Column("constat", title="Constat"),
        Column("constat_jour", "date", title="Constat du"),
    ),
)

ZONES = Schema(
    "parvis/eau_zones",
    "1",
    (
        Column("mois", "date", title="Mois", description="Son premier jour."),
        Column("zone", title="Zone"),
        Column("logements", "integer", title="Logements", description="Jamais moins de dix."),
        Column("litres_jour", "number", title="Par logement et par jour", unit="L"),
        Column("part_forte_pct", "number", title="Logements à plus du double de la médiane", unit="%"),
    ),
)

FOUND_SCHEMA = Schema(
    "parvis/eau_constats",
    "1",
    (
        Column("mois", "date", title="Mois", description="Son premier jour."),
        Column("constats", "integer", title="Alertes vérifiées sur place"),
        Column("trouvees", "integer", title="Fuites trouvées"),
        Column("reparees", "integer", title="Fuites réparées"),
        Column("m3_evites", "number", title="Eau épargnée par an", unit="m³"),
    ),
)


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """All alerts that hold at the last moment that was measured. Raises HeldBack where nothing is there to look at."""
    now = _last(tables)
    volumes = tables["volumes"].to_pylist() if "volumes" in tables else []
    known = [(y["annee"], y["cout_m3"]) for y in volumes if y.get("cout_m3") is not None]
    price = Price(max(known)[1] if known else amount(parameters, "prix"), amount(parameters, "prix"))
    progress(0.1, "Secteurs")
    alerts = of_districts(tables, price, shipped(), now)
    progress(0.5, "Compteurs")
    alerts += of_meters(tables, price, now)
    verdicts = tables["constats"].to_pylist() if "constats" in tables else []
    return Result(
        {
            "alertes": arrow_table(ALERTS, judged(alerts, verdicts)),
            "zones": arrow_table(ZONES, by_zone(tables)),
            "constats": arrow_table(FOUND_SCHEMA, by_month(verdicts)),
        }
    )


def _last(tables: Tables) -> datetime:
    """The end of the last day that is measured: a study has no clock of its own."""
    ends = [
        int(np.max(micros(tables[name][column])))
        for name, column in (("debits", "debut"), ("releves", "fin"))
        if name in tables and len(tables[name])
    ]
    if not ends:
        raise HeldBack(
            "Ni débit de secteur ni relevé de compteur n’est partagé avec le groupe.",
            mend="Publiez les débits, ou partagez les relevés avec le groupe « eau ».",
        )
    day = datetime.fromtimestamp(max(ends) / 1e6, PARIS).date()
    return datetime.combine(day + timedelta(days=1), time(), PARIS)


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The alerts to check on the ground, the dearest first; then the verdicts so far."""
    rows = tables["alertes"].to_pylist()
    open_ = [r for r in rows if r["constat"] not in (NOTHING, REPAIRED)]
    columns = tuple(
        Column(c.name, c.type, request.say(c.title), unit=request.say(c.unit) if c.unit else "")
        for c in ALERTS.columns
        if c.name not in ("alerte", "constat_jour")
    )
    lines = tuple(
        {
            **r,
            "genre": request.say(r["genre"]),
            "evolution": request.say(r["evolution"]),
            "constat": request.say(VERDICTS[r["constat"]]) if r["constat"] in VERDICTS else "",
        }
        for r in rows
    )
    lost = sum(r["m3_jour"] for r in open_)
    sentence = (
        request.say(
            "Alertes à voir sur place : %(n)s, pour %(m3)s m³ par jour.",
            n=request.number(len(open_)),
            m3=request.number(lost, 1),
        )
        if open_
        else request.say("Aucune fuite n’est à chercher.")
    )
    figures = Figures(
        (
            Figure(
                f"{request.number(lost, 1)}\u00a0m³",
                request.say("perdus chaque jour"),
                request.say("alertes ouvertes"),
            ),
            Figure(
                f"{request.number(sum(r['euros_jour'] for r in open_), 0)}\u00a0€",
                request.say("chaque jour"),
                request.say("au coût de l’eau ou au prix de l’abonné"),
            ),
        )
    )
    blocks: list[Block] = [Said(sentence, "warn" if open_ else "ok"), figures]
    if rows:
        note = request.say(
            "Une surconsommation passe deux fois la référence de la loi : l’abonné est à prévenir, au plus tard avec la facture."
        )
        blocks.append(Rows(request.say("Alertes"), columns, lines, note))
    months = tables["constats"].to_pylist()
    checked, leaks = sum(r["constats"] for r in months), sum(r["trouvees"] for r in months)
    if checked:
        text = request.say(
            "Constats : %(n)s, dont %(found)s où une fuite a été trouvée.",
            n=request.number(checked),
            found=request.number(leaks),
        )
        blocks.append(Said(text))
    return tuple(blocks)


def _dataset(id_: str, title: str, description: str, *, restricted: bool = False) -> Dataset:
    return Dataset(
        id_, title, description, "eaux", frequency="irregular", themes=("ENVI",), keywords=("eau potable", "fuite"),
        access="restricted" if restricted else "public",
    )  # fmt: skip


LEAKS = Study(
    name="eau-fuites",
    title="Fuites à chercher",
    question="Où perd-on de l’eau en ce moment, et qu’a-t-on trouvé sur place ?",
    inputs={
        "secteurs": Input("secteurs-eau/secteurs-eau", schema="secteurs-eau", optional=True),
        "debits": Input(
            "debits-secteurs-eau/debits-secteurs-eau", schema="debits-secteurs-eau", optional=True
        ),
        "volumes": Input("volumes-eau/volumes-eau", schema="volumes-eau", optional=True),
        "compteurs": Input("compteurs-eau/compteurs-eau", schema="compteurs-eau", optional=True),
        "releves": Input("releves-eau/releves-eau", schema="releves-eau", optional=True),
        "constats": Input("constats-eau/constats", optional=True),
    },
    outputs={
        "alertes": ALERTS,
        "zones": Output(
            _dataset(
                "eau-zones",
                "Consommation d’eau des zones",
                "Par mois et zone d’au moins dix logements, ce qu’un logement consomme par jour, et la part de ceux qui passent le double de la médiane.",
            ),
            ZONES,
            "zone",
            "zones",
            brief=("mois", "litres_jour"),
        ),
        "constats": Output(
            _dataset(
                "eau-constats",
                "Alertes de fuite vérifiées sur place",
                "Par mois, combien d’alertes de fuite ont été vérifiées sur place, combien étaient une fuite, et l’eau que les réparations épargnent par an.",
            ),
            FOUND_SCHEMA,
            "mois",
            "mois",
            brief=("mois", "trouvees"),
        ),
    },
    method="La nuit de chaque secteur est comparée à ses nuits de même sorte, un saut qui dure est une fuite ; un compteur de logement qui ne se "
    "repose jamais plus que ne le laisse son impulsion en est une ; un immeuble est suivi par ses heures les plus basses. Les factures "
    "suivent la règle légale des surconsommations.",
    caveats=(
        "Une fuite plus petite que celle que dit la page du secteur n’est pas vue.",
        "Un remplissage de piscine ou un arrosage de nuit ressemble à une fuite tant qu’il dure.",
        "Derrière un compteur d’immeuble, une fuite de moins de 60 litres par heure peut se perdre parmi les usages de nuit.",
        "Le débit est une estimation ; seul le constat sur place fait foi.",
    ),
    asks=(Ask("prix", "Prix d’un m³ pour l’abonné, en euros", "number", default="4", least=0, most=100),),
    run=run,
    answer=answer,
    group=GROUP,
    steps=("Secteurs", "Compteurs"),
    verdicts=Verdicts(
        "alertes",
        "alerte",
        _dataset(
            "constats-eau",
            "Constats de fuite sur place",
            "Ce que les équipes ont vu sur place après chaque alerte de fuite : trouvée, réparée, rien. Réservé à ceux qui cherchent.",
            restricted=True,
        ),
        VERDICTS,
        "Eau épargnée, en m³ par an",
        placed=frozenset({FOUND, REPAIRED}),
        done=frozenset({NOTHING, REPAIRED}),
    ),
)
"""For the group « eau »: candidate leaks and single meters are never public."""
