"""How the street runs now and in half an hour, on foot, by bike, by car: what a citizen is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import POINT, Column
from parvis.methods.sphere import distances
from parvis.services.answers import (
    COLOUR,
    Asked,
    Block,
    Blocks,
    Chart,
    Figure,
    Figures,
    Map,
    Mark,
    Point,
    Points,
    Rows,
    Said,
    Take,
    Tone,
)
from parvis.services.circulation import accidents
from parvis.services.circulation.detectors import WORKS
from parvis.services.circulation.state import NAMES

NEAR_M = 800.0
"""Of a place that was asked for."""
WORKS_SHOWN = 12
TONES: Mapping[str, Tone] = {
    "fluide": "ok",
    "pré-saturé": "warn",
    "saturé": "bad",
    "bloqué": "bad",
    "inconnu": "",
}
MODES = {"voiture": "en voiture", "velo": "à vélo", "pied": "à pied"}


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The sentence, the arcs (near the place, where one is said), works and closures, what would help."""
    rows = tables["etat"].to_pylist()
    if not rows:
        return (Said(asked.say("Aucun comptage n’est encore arrivé.")),)
    spot = asked.spot("lieu")
    near = _near(rows, spot.lat, spot.lon) if spot else rows
    mode = asked.text("mode") or "voiture"
    traffic = _sentence(asked, near, near is not rows)
    first = _in_the_way(asked, tables, mode)
    blocks: list[Block] = [*([first] if first else []), traffic, _figures(asked, near)]
    blocks += _works(asked, tables, spot.lat if spot else None, spot.lon if spot else None, mode)
    if mode == "voiture" or not tables.get("travaux"):
        blocks += _arcs(asked, near)
    if "accidents" in tables:
        at = (spot.lat, spot.lon) if spot else (None, None)
        blocks += accidents.told(asked, tables["accidents"].to_pylist(), *at, NEAR_M)
    blocks += _wrong(asked, near)
    blocks += _forecast(asked, tables, near)
    blocks.append(Take(asked.say("L’état des arcs en DATEX II"), "circulation.xml"))
    return tuple(blocks)


def _near(rows: list[dict[str, object]], lat: float, lon: float) -> list[dict[str, object]]:
    """The arcs within reach of a place, nearest first; where none is, the five nearest."""
    placed = [r for r in rows if r[POINT]]
    points = np.array([(r[POINT]["lat"], r[POINT]["lon"]) for r in placed])  # type: ignore[index]
    if not len(points):
        return rows
    metres = distances(points[:, 0], points[:, 1], lat, lon)
    order = [int(n) for n in np.argsort(metres, kind="stable")]
    within = [n for n in order if metres[n] <= NEAR_M]
    return [placed[n] for n in (within or order[:5])]


def _sentence(asked: Asked, rows: list[dict[str, object]], near: bool) -> Said:
    known = [r for r in rows if r["etat"] != NAMES[-1]]
    slow = [r for r in known if r["etat"] in ("saturé", "bloqué")]
    later = [r for r in rows if r["etat_30"] in ("saturé", "bloqué")]
    if not known:
        return Said(
            asked.say(
                "L’état des rues n’est pas connu : les mesures sont trop vieilles, ou la nuit n’a encore rien appris."
            ),
            "warn",
        )
    of = asked.number(len(known))
    now = (
        asked.count(
            "%(n)s rue mesurée sur %(of)s est saturée",
            "%(n)s rues mesurées sur %(of)s sont saturées",
            len(slow),
            of=of,
        )
        if slow
        else asked.count(
            "la seule rue mesurée roule bien", "les %(n)s rues mesurées roulent bien", len(known)
        )
    )
    then = (
        asked.count(
            "%(n)s devrait être saturée dans 30 minutes",
            "%(n)s devraient être saturées dans 30 minutes",
            len(later),
        )
        if later
        else asked.say("aucune ne devrait être saturée dans 30 minutes")
    )
    said = (
        asked.say("Près de là, %(now)s ; %(then)s.", now=now, then=then)
        if near
        else asked.say("En ville, %(now)s ; %(then)s.", now=now, then=then)
    )
    notes: list[str] = []
    if len(known) < len(rows):
        notes.append(
            asked.count(
                "L’état de %(n)s autre rue n’est pas connu.",
                "L’état de %(n)s autres rues n’est pas connu.",
                len(rows) - len(known),
            )
        )
    tone = "bad" if len(slow) > 0.3 * len(known) else "warn" if slow or later else "ok"
    return Said(said, tone, " ".join(notes))


def _figures(asked: Asked, rows: list[dict[str, object]]) -> Figures:
    labels = {
        "fluide": asked.say("arcs fluides"),
        "pré-saturé": asked.say("arcs pré-saturés"),
        "saturé": asked.say("arcs saturés"),
        "bloqué": asked.say("arcs bloqués"),
        "inconnu": asked.say("arcs dont l’état n’est pas connu"),
    }
    return Figures(tuple(Figure(asked.number(sum(r["etat"] == s for r in rows)), labels[s]) for s in NAMES))


def _arcs(asked: Asked, rows: list[dict[str, object]]) -> Iterator[Rows | Map]:
    title = asked.say("Arc par arc")
    columns = (
        Column("nom", title=asked.say("Nom")),
        Column("etat", title=asked.say("État")),
        Column("doute", "number", title=asked.say("Doute"), unit="%"),
        Column("debit", "number", title=asked.say("Débit"), unit=asked.say("véh/h")),
        Column("habituel", "number", title=asked.say("Débit habituel"), unit=asked.say("véh/h")),
        Column("etat_30", title=asked.say("Dans 30 minutes")),
        Column("prevu", title=asked.say("Débit dans 30 minutes (4 fois sur 5)")),
    )
    order = {s: n for n, s in enumerate(("bloqué", "saturé", "pré-saturé", "fluide", "inconnu"))}
    told = tuple(
        {
            "nom": r["nom"],
            "etat": asked.say(str(r["etat"])),
            "doute": round(100 * _float(r["doute"])),
            "debit": r["debit"],
            "habituel": r["debit_habituel"],
            "etat_30": asked.say(str(r["etat_30"])),
            "prevu": _band(asked, r),
        }
        for r in sorted(rows, key=lambda r: (order.get(str(r["etat"]), 9), str(r["nom"])))
    )
    yield Rows(title, columns, told, asked.say("Doute : la probabilité que l’état soit un autre."))
    yield Map(
        asked.say("Où c’est chargé"),
        tuple(
            Mark(
                "point",
                ((r[POINT]["lon"], r[POINT]["lat"]),),  # type: ignore[index]
                str(r["nom"]),
                asked.say(str(r["etat"])),
                TONES[str(r["etat"])],
                _float(r["doute"]),
            )
            for r in rows
            if r[POINT]
        ),
        title,
        {
            "ok": asked.say("fluide"),
            "warn": asked.say("pré-saturé"),
            "bad": asked.say("saturé ou bloqué"),
            "": asked.say("inconnu"),
        },
    )


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 1.0


def _band(asked: Asked, row: Mapping[str, object]) -> str:
    value, low, high = (row[n] for n in ("prevu_30", "prevu_30_bas", "prevu_30_haut"))
    if not isinstance(value, float):
        return ""
    if not isinstance(low, float) or not isinstance(high, float):
        return asked.number(value, 0)
    return asked.say(
        mark("%(value)s (de %(low)s à %(high)s)"),
        value=asked.number(value, 0),
        low=asked.number(low, 0),
        high=asked.number(high, 0),
    )


def _wrong(asked: Asked, rows: list[dict[str, object]]) -> Iterator[Points]:
    """Detectors at fault: their arcs have no state."""
    wrong = [r for r in rows if r["capteur"] not in ("", WORKS, None)]
    if wrong:
        yield Points(
            asked.say("Capteurs en défaut : l’état de leur arc n’est pas dit"),
            tuple(Point(f"{r['nom']} : {asked.say(str(r['capteur']))}") for r in wrong),
        )


HINDERS = {
    "voiture": ("rue barrée", "circulation alternée", "stationnement interdit"),
    "velo": ("rue barrée", "circulation alternée"),
    "pied": ("trottoir réduit", "rue barrée", "arrêt de bus déplacé"),
}
"""What of works is in the way of whom."""


def _today(
    asked: Asked, works: pa.Table, lat: float | None, lon: float | None
) -> tuple[list[dict[str, Any]], list[float]]:
    """The works of today, and how far each is from the place, in metres; 0 where there is no place, or no point."""
    today = asked.now.astimezone(asked.speech.zone).date()
    rows = [
        r
        for r in works.to_pylist()
        if isinstance(r.get("debut"), date)
        and r["debut"] <= today <= r["fin"]
        and r.get("statut") not in ("terminé", "interrompu")
    ]
    far = [
        float(distances(np.array([r["lat"]]), np.array([r["lon"]]), lat, lon)[0])
        if lat is not None and lon is not None and r.get("lat") is not None
        else 0.0
        for r in rows
    ]
    return rows, far


def _in_the_way(asked: Asked, tables: Mapping[str, pa.Table], mode: str) -> Said | None:
    """What hinders who walks or rides today, near the place where there is one; None where no works are published."""
    if "travaux" not in tables or mode == "voiture":
        return None
    spot = asked.spot("lieu")
    rows, far = _today(asked, tables["travaux"], spot.lat if spot else None, spot.lon if spot else None)
    here = sorted(
        (metres, str(r["adresse"]))
        for r, metres in zip(rows, far, strict=True)
        if r["gene"] in HINDERS[mode] and metres <= NEAR_M
    )
    values = {
        "how": asked.say("À pied") if mode == "pied" else asked.say("À vélo"),
        "where": asked.say("près de là") if spot else asked.say("en ville"),
        "first": here[0][1] if here else "",
    }
    note = asked.say(
        "À pied et à vélo, la congestion des voitures ne vous retarde pas : regardez les travaux."
    )
    if not here:
        text = asked.say("%(how)s, aucun chantier annoncé ne gêne %(where)s aujourd’hui.", **values)
        return Said(text, "ok", note)
    text = asked.count(
        "%(how)s, %(n)s chantier gêne %(where)s aujourd’hui : %(first)s.",
        "%(how)s, %(n)s chantiers gênent %(where)s aujourd’hui, d’abord %(first)s.",
        len(here),
        **values,
    )
    return Said(text, "warn", note)


def _works(
    asked: Asked, tables: Mapping[str, pa.Table], lat: float | None, lon: float | None, mode: str
) -> Iterator[Rows | Said]:
    """Works of today, the nearest first, those first that are in the way of whoever asks."""
    if "travaux" not in tables:
        return
    rows, far = _today(asked, tables["travaux"], lat, lon)
    hinders = HINDERS[mode if mode in MODES else "voiture"]
    order = sorted(
        range(len(rows)), key=lambda n: (rows[n]["gene"] not in hinders, far[n], str(rows[n]["adresse"]))
    )
    shown = [rows[n] for n in order[:WORKS_SHOWN]]
    barred = sum(r["gene"] == "rue barrée" for r in rows)
    if not rows:
        yield Said(asked.say("Aucun chantier n’est annoncé aujourd’hui."))
        return
    note = asked.count(
        "%(n)s chantier aujourd’hui ; rues barrées : %(barred)s.",
        "%(n)s chantiers aujourd’hui ; rues barrées : %(barred)s.",
        len(rows),
        barred=asked.number(barred),
    )
    columns = (
        Column("adresse", title=asked.say("Où")),
        Column("gene", title=asked.say("Gêne")),
        Column("nature", title=asked.say("Nature")),
        Column("fin", "date", title=asked.say("Jusqu’au")),
        Column("pieton", title=asked.say("À pied")),
    )
    passes = {True: asked.say("passage gardé"), False: asked.say("passage coupé"), None: ""}
    yield Rows(
        asked.say("Travaux et rues barrées"),
        columns,
        tuple(
            {
                "adresse": r["adresse"],
                "gene": asked.say(str(r["gene"])),
                "nature": asked.say(str(r["nature"])),
                "fin": r["fin"],
                "pieton": passes.get(r.get("itineraire_pieton"), ""),
            }
            for r in shown
        ),
        note,
    )


def _forecast(asked: Asked, tables: Mapping[str, pa.Table], near: list[dict[str, object]]) -> Iterator[Chart]:
    """The hour to come of the busiest arc shown, beside last week."""
    if "previsions" not in tables:
        return
    busy = max((r for r in near if isinstance(r["debit"], float)), key=lambda r: r["debit"], default=None)  # type: ignore[arg-type, return-value]
    if busy is None:
        return
    rows = sorted(
        (
            r
            for r in tables["previsions"].to_pylist()
            if r["arc"] == busy["arc"] and r["debit"] is not None and r["bas"] is not None
        ),
        key=lambda r: r["horizon_min"],
    )
    if len(rows) < 2:
        return
    columns = (
        Column("horizon", "integer", title=asked.say("Dans"), unit="min"),
        Column("debit", "number", title=asked.say("Débit prévu"), unit=asked.say("véh/h")),
        Column("bas", "number", title=asked.say("Borne basse"), unit=asked.say("véh/h")),
        Column("haut", "number", title=asked.say("Borne haute"), unit=asked.say("véh/h")),
        Column("semaine", "number", title=asked.say("Une semaine avant"), unit=asked.say("véh/h")),
    )
    told = tuple(
        {
            "horizon": r["horizon_min"],
            "debit": r["debit"],
            "bas": r["bas"],
            "haut": r["haut"],
            "semaine": r["semaine"],
        }
        for r in rows
    )
    text = asked.say(
        "De %(now)s véh/h maintenant à %(then)s véh/h dans %(min)s min, de %(low)s à %(high)s quatre fois sur cinq.",
        now=asked.number(_float(busy["debit"]), 0),
        then=asked.number(rows[-1]["debit"], 0),
        min=asked.number(rows[-1]["horizon_min"]),
        low=asked.number(rows[-1]["bas"], 0),
        high=asked.number(rows[-1]["haut"], 0),
    )
    base = {"field": "horizon", "type": "quantitative", "title": asked.say("minutes")}
    spec = {
        "width": "container",
        "height": 180,
        "data": {"values": [dict(r) for r in told]},
        "layer": [
            {
                "mark": {"type": "area", "color": COLOUR, "opacity": 0.2},
                "encoding": {
                    "x": base,
                    "y": {"field": "bas", "type": "quantitative", "title": asked.say("véh/h")},
                    "y2": {"field": "haut"},
                },
            },
            {
                "mark": {"type": "line", "color": COLOUR, "point": True},
                "encoding": {"x": base, "y": {"field": "debit", "type": "quantitative"}},
            },
        ],
    }
    yield Chart(asked.say("L’heure à venir : %(name)s", name=busy["nom"]), text, spec, columns, told)  # type: ignore[arg-type]
