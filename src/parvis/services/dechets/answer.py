"""What the page says: the bins near a place, what is emptied today and by whom, what it costs beside the
calendar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import Column
from parvis.methods import ellipsoid
from parvis.services.answers import (
    COLOUR,
    COLOUR_2,
    Asked,
    Block,
    Blocks,
    Chart,
    Figure,
    Figures,
    Map,
    Mark,
    Rows,
    Said,
    Spot,
    Take,
)
from parvis.services.dechets.sheets import rounds, track_of

NEAR = 5
"""Bins shown near a place."""

_TONES = {"à vider": "bad", "à surveiller": "warn", "ça va": "ok"}


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The answer to whoever asks: near a place, of the whole city, and for one round."""
    rows = tables["remplissage"].to_pylist() if "remplissage" in tables else []
    if not rows or "jour" not in rows[0]:
        return (
            Said(
                asked.say("Aucun relevé de conteneur n’est encore publié : rien ne peut être prévu."), "warn"
            ),
        )
    made: list[Block] = []
    spot = asked.spot("lieu")
    made += _near(asked, rows, spot) if spot is not None else _all(asked, rows, tables)
    if (day := rows[0]["jour"]) < asked.now.astimezone(asked.speech.zone).date():
        made.append(
            Said(
                asked.say(
                    "Les derniers relevés sont anciens : cette prévision est celle du %(day)s.",
                    day=asked.day(day),
                ),
                "warn",
            )
        )
    every = rounds(tables)
    made += _rounds(asked, tables, every, rows)
    made += _balance(asked, tables)
    made += _streets(asked, tables)
    return tuple(made)


def _near(asked: Asked, rows: Sequence[Mapping[str, Any]], spot: Spot) -> list[Block]:
    lon, lat = np.array([r["_point"]["lon"] for r in rows]), np.array([r["_point"]["lat"] for r in rows])
    far = ellipsoid.from_one(spot.lon, spot.lat, lon, lat)
    order = [int(i) for i in np.argsort(far, kind="stable")[:NEAR]]
    free = next((i for i in order if rows[i]["risque_soir_pct"] < 100 * 0.5), None)
    if free is None:
        first = Said(
            asked.count(
                "Le seul conteneur publié risque d’être plein ce soir.",
                "Les %(n)s conteneurs les plus proches risquent d’être pleins ce soir.",
                len(order),
            ),
            "bad",
            dated=rows[0]["jour"],
        )
    else:
        one = rows[free]
        first = Said(
            asked.say(
                "Le plus proche qui devrait avoir de la place : %(address)s (%(flow)s), à %(far)s m, plein à %(level)s %%.",
                address=one["adresse"] or one["id_point"],
                flow=asked.say(one["flux"]),
                far=asked.number(round(float(far[free]), -1)),
                level=asked.number(one["niveau_pct"]),
            ),
            "ok",
            asked.say("Une sonde a mesuré ce conteneur.")
            if one["su_par"] == "sonde"
            else asked.say("C’est une prévision : aucune sonde n’est dans ce conteneur."),
            one["jour"],
        )
    title = asked.say("Les conteneurs les plus proches")
    shown = tuple({**_row(asked, rows[i]), "distance": round(float(far[i]))} for i in order)
    columns = (*_columns(asked), Column("distance", "integer", title=asked.say("Distance"), unit="m"))
    marks = tuple(_mark(asked, rows[i]) for i in order)
    return [
        first,
        Rows(title, columns, shown, asked.say("À vol d’oiseau, du plus proche au plus lointain.")),
        Map(asked.say("Où ils sont"), marks, title, _key(asked)),
    ]


def _all(asked: Asked, rows: Sequence[Mapping[str, Any]], tables: Mapping[str, pa.Table]) -> list[Block]:
    out = [r for r in rows if r["etat"] == "à vider"]
    every = rounds(tables)
    km = sum(r["km"] for stops in every.values() for r in stops)
    day = asked.day(min((stops[0]["jour"] for stops in every.values()), default=rows[0]["jour"]))
    if out:
        first = asked.count(
            "%(n)s conteneur sur %(all)s est à vider le %(day)s : %(rounds)s, %(km)s km.",
            "%(n)s conteneurs sur %(all)s sont à vider le %(day)s : %(rounds)s, %(km)s km.",
            len(out),
            day=day,
            all=asked.number(len(rows)),
            rounds=asked.count("%(n)s tournée", "%(n)s tournées", len(every)),
            km=asked.number(km, 1),
        )
    else:
        first = asked.say(
            "Aucun conteneur n’est à vider le %(day)s : aucun ne mérite le déplacement.", day=day
        )
    watched = sorted(
        (r for r in rows if r["etat"] != "ça va"), key=lambda r: (-r["risque_soir_pct"], r["id_point"])
    )
    title = asked.say("Conteneurs à vider ou à surveiller")
    expected = sum(r["risque_soir_pct"] for r in rows) / 100
    return [
        Said(
            first,
            "warn" if out else "ok",
            asked.say("Dites où vous êtes pour savoir où déposer vos déchets."),
            rows[0]["jour"],
        ),
        Figures(
            (
                Figure(
                    asked.number(expected, 1), asked.say("débordements attendus ce soir si personne ne passe")
                ),
                Figure(
                    asked.number(sum(r["su_par"] == "sonde" for r in rows)),
                    asked.say("conteneurs dont une sonde a parlé"),
                ),
            )
        ),
        Rows(
            title,
            _columns(asked),
            tuple(_row(asked, r) for r in watched),
            asked.say("Du plus risqué au moins risqué. Dites où vous êtes pour les plus proches."),
        ),
        Map(
            asked.say("État des conteneurs"),
            tuple(_mark(asked, r) for r in rows if r["etat"] != "ça va"),
            title,
            _key(asked),
        ),
    ]


def _columns(asked: Asked) -> tuple[Column, ...]:
    return (
        Column("conteneur", title=asked.say("Conteneur")),
        Column("adresse", title=asked.say("Adresse")),
        Column("flux", title=asked.say("Flux")),
        Column("niveau", "integer", title=asked.say("Niveau attendu"), unit="%"),
        Column("risque", "number", title=asked.say("Risque le soir"), unit="%"),
        Column("etat", title=asked.say("État")),
        Column("passage", title=asked.say("Passage")),
    )


def _row(asked: Asked, row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "conteneur": row["id_point"],
        "adresse": row["adresse"],
        "flux": asked.say(row["flux"]),
        "niveau": row["niveau_pct"],
        "risque": row["risque_soir_pct"],
        "etat": asked.say(row["etat"]),
        "passage": row["passage"] or "",
    }


def _mark(asked: Asked, row: Mapping[str, Any]) -> Mark:
    at = ((float(row["_point"]["lon"]), float(row["_point"]["lat"])),)
    doubt = {"sonde": 0.0, "vidages": 0.2}.get(row["su_par"], 0.7)
    said = asked.say(
        "%(level)s %%, risque %(risk)s %%",
        level=asked.number(row["niveau_pct"]),
        risk=asked.number(row["risque_soir_pct"], 0),
    )
    return Mark("point", at, row["adresse"] or row["id_point"], said, _TONES[row["etat"]], doubt)  # pyright: ignore[reportArgumentType]


def _key(asked: Asked) -> dict[str, str]:
    return {tone: asked.say(state) for state, tone in _TONES.items()}


def _rounds(
    asked: Asked,
    tables: Mapping[str, pa.Table],
    every: Mapping[str, list[dict[str, Any]]],
    rows: Sequence[Mapping[str, Any]],
) -> list[Block]:
    if not every:
        return []
    made: list[Block] = []
    title = asked.say("Tournées du jour")
    shown = tuple(
        {
            "tournee": name,
            "jour": stops[0]["jour"],
            "camion": stops[0]["vehicule"],
            "depart": stops[0]["heure_prevue"],
            "retour": stops[-1]["heure_prevue"],
            "arrets": sum(r["type_arret"] == "collecte" for r in stops),
            "km": round(sum(r["km"] for r in stops), 1),
        }
        for name, stops in every.items()
    )
    columns = (
        Column("tournee", title=asked.say("Tournée")),
        Column("jour", "date", title=asked.say("Jour")),
        Column("camion", title=asked.say("Camion")),
        Column("depart", title=asked.say("Départ")),
        Column("retour", title=asked.say("Retour")),
        Column("arrets", "integer", title=asked.say("Conteneurs")),
        Column("km", "number", title=asked.say("Distance"), unit="km"),
    )
    streetwise = all(r["par_les_rues"] for stops in every.values() for r in stops)
    note = (
        asked.say("Distances par les rues.")
        if streetwise
        else asked.say("Une partie des distances est à vol d’oiseau, allongée de 30 %.")
    )
    made.append(Rows(title, columns, shown, note))
    name = asked.text("tournee")
    if name and name not in every:
        made.append(Said(asked.say("Il n’y a pas de tournée « %(name)s » ce jour-là.", name=name), "warn"))
    name = name if name in every else next(iter(every))
    stops = every[name]
    detail = asked.say("Feuille de route : %(name)s", name=name)
    made.append(
        Rows(
            detail,
            (
                Column("ordre", "integer", title=asked.say("Ordre")),
                Column("heure", title=asked.say("Heure")),
                Column("arret", title=asked.say("Arrêt")),
                Column("lieu", title=asked.say("Lieu")),
                Column("km", "number", title=asked.say("Distance"), unit="km"),
                Column("volume", "integer", title=asked.say("Volume attendu"), unit="l"),
            ),
            tuple(
                {
                    "ordre": r["ordre"],
                    "heure": r["heure_prevue"],
                    "arret": asked.say(r["type_arret"]),
                    "lieu": r["lieu"],
                    "km": r["km"],
                    "volume": r["volume_l"],
                }
                for r in stops
            ),
        )
    )
    spots = [(float(r["_point"]["lon"]), float(r["_point"]["lat"])) for r in stops]
    marks = (
        Mark("line", tuple(track_of(tables, name, spots)), name),
        *(
            Mark("point", (at,), r["lieu"], r["heure_prevue"], "ok")
            for r, at in zip(stops, spots, strict=True)
            if r["type_arret"] == "collecte"
        ),
    )
    made.append(Map(asked.say("Trajet de la tournée"), marks, detail, {"ok": asked.say("conteneur vidé")}))
    made += [
        Take(asked.say("Feuille de route à imprimer (PDF)"), "feuille-de-route.pdf", {"tournee": name}),
        Take(asked.say("Trajet pour le navigateur (GPX)"), "tournee.gpx", {"tournee": name}),
    ]
    return made


def _balance(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    rows = tables["bilan"].to_pylist() if "bilan" in tables else []
    if not rows or "indicateur" not in rows[0]:
        return []
    km = [r for r in rows if r["indicateur"] == "distance"]
    before, after = sum(r["aujourdhui"] for r in km), sum(r["propose"] for r in km)
    over = [r for r in rows if r["indicateur"] == "conteneurs débordants"]
    text = asked.say(
        "Sur les semaines simulées : %(after)s km par semaine au lieu de %(before)s ; conteneurs débordants %(over_after)s %% des jours au lieu de "
        "%(over_before)s %%.",
        after=asked.number(after, 0),
        before=asked.number(before, 0),
        over_after=asked.number(_mean(over, "propose"), 1),
        over_before=asked.number(_mean(over, "aujourdhui"), 1),
    )
    columns = (
        Column("flux", title=asked.say("Flux")),
        Column("indicateur", title=asked.say("Indicateur")),
        Column("unite", title=asked.say("Unité")),
        Column("aujourdhui", "number", title=asked.say("Tournées d’aujourd’hui")),
        Column("propose", "number", title=asked.say("Selon le remplissage")),
    )
    shown = tuple(
        {
            **r,
            "flux": asked.say(r["flux"]),
            "indicateur": asked.say(r["indicateur"]),
            "unite": asked.say(r["unite"]),
        }
        for r in rows
    )
    made: list[Block] = [Said(text), Said(_source(asked, rows))]
    sides = (
        (asked.say("Tournées d’aujourd’hui"), "aujourdhui"),
        (asked.say("Selon le remplissage"), "propose"),
    )
    bars = [{"f": asked.say(r["flux"]), "q": said, "km": r[name]} for r in km for said, name in sides]
    spec = {
        "data": {"values": bars},
        "mark": "bar",
        "encoding": {
            # one panel and a key below: panels side by side do not shrink to a phone
            "y": {"field": "f", "type": "nominal", "title": None},
            "yOffset": {"field": "q", "type": "nominal"},
            "x": {"field": "km", "type": "quantitative", "title": asked.say("km par semaine")},
            "color": {
                "field": "q",
                "type": "nominal",
                "title": None,
                "legend": {"orient": "bottom", "columns": 1, "labelLimit": 280},
                "scale": {"range": [COLOUR, COLOUR_2]},
            },
        },
    }
    title = asked.say("Tournées d’aujourd’hui et tournées selon le remplissage")
    chart = Chart(title, text, spec, columns, shown)  # pyright: ignore[reportArgumentType]
    return [*made, chart]


def _source(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> str:
    """Where the figures of today come from."""
    recorded = next((r for r in rows if r.get("source") == "tournées faites"), None)
    if recorded is None:
        return asked.say(
            "Aucune tournée faite n’est publiée : « aujourd’hui » suit les jours de passage relevés, dans notre meilleur ordre, donc un peu trop "
            "bon."
        )
    roads = sum(r["aujourdhui"] for r in rows if r["indicateur"] == "distance par le réseau")
    said = asked.say(
        "« Aujourd’hui » vient des tournées faites du %(since)s au %(until)s ; seuls les débordements sont simulés.",
        since=asked.day(recorded["depuis"]),
        until=asked.day(recorded["jusqua"]),
    )
    return (
        f"{said} {asked.say('Par le réseau publié, les mêmes font %(km)s km.', km=asked.number(roads, 0))}"
        if roads
        else said
    )


def _mean(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return sum(float(r[name]) for r in rows) / max(1, len(rows))


def _streets(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    rows = tables["rues"].to_pylist() if "rues" in tables else []
    if not rows or "vide_a" not in rows[0]:
        return []
    trips: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        trips.setdefault(row["tournee"], []).append(row)
    columns = (
        Column("tour", "integer", title=asked.say("Tour")),
        Column("camion", title=asked.say("Camion")),
        Column("depart", title=asked.say("Première rue")),
        Column("pause", title=asked.say("Pause")),
        Column("vide", title=asked.say("Vidé à")),
        Column("retour", title=asked.say("Retour du camion")),
        Column("rues", "integer", title=asked.say("Tronçons")),
        Column("kg", "number", title=asked.say("Poids attendu"), unit="kg"),
    )
    shown = tuple(
        {
            "tour": n,
            "camion": t[0]["vehicule"] or asked.say("aucun"),
            "depart": t[0]["heure_prevue"] or "",
            "vide": t[0]["vide_a"] or "",
            "pause": next((r["pause"] for r in t if r["pause"]), ""),
            "retour": t[0]["retour"] or "",
            "rues": len(t),
            "kg": round(sum(r["kg"] for r in t), 1),
        }
        for n, t in trips.items()
    )
    note = asked.say(
        "Chaque rue est servie une fois, dans un sens permis ; un demi-tour coûte une minute. Pauses et heures de l’exutoire sont tenues."
    )
    made: list[Block] = [
        Rows(asked.say("Porte à porte : les tours d’un jour de collecte"), columns, shown, note)
    ]
    undone = [t for t in trips.values() if not t[0]["vehicule"]]
    if undone:
        text = mark(
            "%(n)s tours (%(kg)s kg) ne tiennent pas dans les heures des camions : il faut un autre jour ou un camion de plus."
        )
        made.append(
            Said(
                asked.say(
                    text,
                    n=asked.number(len(undone)),
                    kg=asked.number(sum(r["kg"] for t in undone for r in t), 0),
                ),
                "warn",
            )
        )
    served = {row["troncon"] for row in rows}
    every = tables["reseau"].select(["id", "collecte_kg"]).to_pylist() if "reseau" in tables else []
    missed = sum(1 for row in every if (row["collecte_kg"] or 0) > 0 and str(row["id"]) not in served)
    if missed:
        text = mark(
            "%(n)s rues à collecter ne sont dans aucun tour : hors d’atteinte par les sens permis, ou coupées du réseau."
        )
        made.append(Said(asked.say(text, n=asked.number(missed)), "warn"))
    return made
