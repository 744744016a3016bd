"""Which buildings have water against fire, which have not and why, and what is out of service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT
from parvis.services import walking
from parvis.services.answers import Asked, Block, Blocks, Figure, Figures, Map, Mark, Rows, Said, Spot, Tone
from parvis.services.incendie.cover import DETOUR
from parvis.services.incendie.schemas import BROKEN, BUILDINGS, CASE, DOUBT, OUT, POINTS, SUMMARY, WITHOUT

SHOWN = 50
LOOK_M = 1000.0
"""Beyond that no point of water is told as near."""
Line = Mapping[str, Any]


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The buildings without the water that the rule asks for, on a map and in a table; points of water out of service."""
    buildings, points, summary = (
        tables[n].to_pylist() if n in tables else [] for n in ("batiments", "points", "bilan")
    )
    if not summary or not points:
        return (
            Said(
                asked.say("Les points d’eau incendie, ou les bâtiments à défendre, ne sont pas publiés."),
                "warn",
            ),
        )
    spot = asked.spot("lieu")
    blocks: list[Block] = [_whole(asked, buildings, summary)]
    if spot is not None:
        blocks.insert(0, _here(asked, spot, points, summary, tables.get("rues")))
    blocks += [_rule(asked, summary), _figures(asked, buildings, points)]
    blocks += _out(asked, points)
    blocks += _without(asked, buildings, points)
    lines = tuple({**r, "risque": asked.say(r["risque"])} for r in summary)
    blocks.append(
        Rows(
            asked.say("Par risque, et la règle appliquée"), asked.titled(SUMMARY.columns), lines, folded=True
        )
    )
    return tuple(blocks)


def _whole(asked: Asked, buildings: Sequence[Line], summary: Sequence[Line]) -> Said:
    count = Counter(r["etat"] for r in buildings)
    lacking, every = sum(count[s] for s in WITHOUT), len(buildings) - count[CASE]
    notes: list[str] = []
    if count[BROKEN]:
        notes.append(
            asked.count(
                "%(n)s bâtiment l’aurait si un point d’eau hors service remarchait.",
                "%(n)s bâtiments l’auraient si des points d’eau hors service remarchaient.",
                count[BROKEN],
            )
        )
    if count[DOUBT]:
        notes.append(
            asked.count(
                "De %(n)s autre bâtiment, on ne sait pas : l’état ou le débit de son point d’eau n’est pas dit.",
                "De %(n)s autres bâtiments, on ne sait pas : l’état ou le débit de leurs points d’eau n’est pas dit.",
                count[DOUBT],
            )
        )
    text = (
        asked.count(
            "%(n)s bâtiment sur %(all)s n’a pas l’eau que la règle demande contre l’incendie.",
            "%(n)s bâtiments sur %(all)s n’ont pas l’eau que la règle demande contre l’incendie.",
            lacking, all=asked.number(every),
        )
        if lacking
        else asked.say("Aucun des bâtiments publiés ne manque de l’eau que la règle demande contre l’incendie.")
    )  # fmt: skip
    return Said(text, "warn" if lacking or count[DOUBT] else "ok", " ".join(notes), summary[0]["releve"])


def _here(
    asked: Asked, spot: Spot, points: Sequence[Line], summary: Sequence[Line], streets: pa.Table | None
) -> Said:
    """How far the nearest point of water is that is not out of service."""
    usable = [r for r in points if r["etat"] != OUT]
    goals = [(r[POINT]["lon"], r[POINT]["lat"]) for r in usable]
    near = walking.walks(
        streets, False, (spot.lon, spot.lat), goals, np.ones(len(goals), np.bool_), 1, limit=LOOK_M
    )
    place = spot.name or asked.say("votre position")
    if not near:
        return Said(
            asked.say(
                "Aucun point d’eau incendie en service à moins d’un kilomètre de « %(place)s ».", place=place
            ),
            "bad",
        )
    metres = near[0].metres * (1.0 if near[0].by_streets else DETOUR)
    text = asked.say(
        "Le point d’eau incendie le plus proche de « %(place)s » est à %(far)s m : %(name)s.",
        place=place, far=asked.number(round(metres)), name=usable[near[0].index]["situation"] or usable[near[0].index]["point_eau"],
    )  # fmt: skip
    longest = max((r["regle_m"] for r in summary if r["regle_m"] is not None), default=LOOK_M)
    note = asked.say("La distance que la règle permet dépend du risque du bâtiment.")
    return Said(text, "ok" if metres <= longest else "warn", note, summary[0]["releve"])


def _rule(asked: Asked, summary: Sequence[Line]) -> Said:
    first = next((r for r in summary if r["regle_m"] is not None), summary[0])
    if first["de_la_ville"] and first["regle_du"] is not None:
        text = asked.say(
            "La règle est celle du département, en vigueur depuis le %(day)s.",
            day=asked.day(first["regle_du"]),
        )
        return Said(text, note=first["source"] or "")
    return Said(
        asked.say("La règle appliquée est un exemple : celle du département n’est pas encore mise par la ville."), "warn",
    )  # fmt: skip


def _figures(asked: Asked, buildings: Sequence[Line], points: Sequence[Line]) -> Figures:
    out, late = sum(r["etat"] == OUT for r in points), sum(r["en_retard"] is True for r in points)
    streets = sum(r["par_rues"] for r in buildings)
    total = asked.say("sur %(n)s", n=asked.number(len(points)))
    figures = [
        Figure(asked.number(out), asked.say("Points d’eau hors service"), total),
        Figure(asked.number(late), asked.say("Contrôles en retard"), total),
    ]
    if streets < len(buildings):
        figures.append(
            Figure(
                asked.number(len(buildings) - streets), asked.say("Bâtiments mesurés à vol d’oiseau"), asked.say("rallongé de trois dixièmes"),
            )
        )  # fmt: skip
    return Figures(tuple(figures))


def _out(asked: Asked, points: Sequence[Line]) -> list[Block]:
    out = sorted((r for r in points if r["etat"] == OUT), key=lambda r: (-r["prives"], r["point_eau"]))
    if not out:
        return []
    columns = asked.columns_of(POINTS, "point_eau", "genre", "situation", "depuis", "jours", "prives")
    note = asked.say(
        "Les bâtiments sont ceux qui auraient toute leur eau si ce point d’eau, et lui seul, remarchait."
    )
    return [Rows(asked.say("Points d’eau hors service"), columns, tuple(out), note)]


def _without(asked: Asked, buildings: Sequence[Line], points: Sequence[Line]) -> list[Block]:
    lacking = [r for r in buildings if r["etat"] in WITHOUT or r["etat"] == DOUBT]
    if not lacking:
        return []
    lacking.sort(key=lambda r: (r["etat"] == DOUBT, -(r["metres"] or 1e9), r["batiment"]))
    title = asked.say("Bâtiments sans l’eau demandée, ou à vérifier")
    columns = asked.columns_of(
        BUILDINGS, "batiment", "usage", "risque", "etat", "metres", "regle_m", "eau_m3", "besoin_m3"
    )
    rows = tuple(
        {**r, "etat": asked.say(r["etat"]), "risque": asked.say(r["risque"])} for r in lacking[:SHOWN]
    )
    note = asked.say("Les %(n)s premiers ; tous sont dans le jeu.", n=SHOWN) if len(lacking) > SHOWN else ""
    tones: dict[str, Tone] = {DOUBT: "warn"}
    marks = [
        Mark("point", ((r[POINT]["lon"], r[POINT]["lat"]),), r["batiment"], asked.say(r["etat"]), tones.get(r["etat"], "bad"))
        for r in lacking[:SHOWN]
    ]  # fmt: skip
    marks += [
        Mark("point", ((r[POINT]["lon"], r[POINT]["lat"]),), r["point_eau"], asked.say(OUT)) for r in points if r["etat"] == OUT
    ]  # fmt: skip
    key = {
        "bad": asked.say("sans l’eau demandée"),
        "warn": asked.say("à vérifier"),
        "": asked.say("point d’eau hors service"),
    }
    return [Rows(title, columns, rows, note), Map(asked.say("Où ils sont"), tuple(marks), title, key)]
