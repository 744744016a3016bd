"""« What happens around here, and is it more than before? »: cells that may be shown, trends, measures, and the examination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.text import fold
from parvis.core.types import Column, Json
from parvis.methods.sphere import distances
from parvis.services.answers import COLOUR, Asked, Block, Blocks, Chart, Map, Mark, Point, Points, Rows, Said
from parvis.services.incidents import schemas
from parvis.services.incidents.analysis import DEGREE_M, REFUSED, TESTED
from parvis.services.incidents.prevention import SEEN, VERIFIED

CELLS, MONTHS, TRENDS, EXAMS, PREVENTION = (
    "incidents-mailles", "incidents-mois", "incidents-tendances", "incidents-examens", "prevention-verifiee",
)  # fmt: skip
NEAR_M = 500.0
AI_ACT = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"

Line = Mapping[str, Any]


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The last year that is shown, near a place where one is said; then months, trends, measures, the examination."""
    cells, months = _rows(tables, "mailles"), _rows(tables, "mois")
    exams = sorted(_rows(tables, "examens"), key=lambda r: -r["annee"])
    if not months:
        refused = any(r["etat"] == REFUSED for r in exams)
        said = (
            asked.say("La table des incidents tient autre chose que des lieux : elle est refusée, et rien n’est montré.")
            if refused
            else asked.say("Aucun incident n’est montré : ou aucun n’est connu, ou ils sont trop peu nombreux.")
        )  # fmt: skip
        return (Said(said, "warn"),)
    blocks: list[Block] = [
        *_cells(asked, cells),
        *_months(asked, months),
        *_trends(asked, _rows(tables, "tendances")),
    ]
    blocks += _measures(asked, _rows(tables, "prevention"))
    blocks += _exam(asked, exams)
    return tuple(blocks)


def _rows(tables: Mapping[str, pa.Table], name: str) -> Sequence[Line]:
    return tables[name].to_pylist() if name in tables else []


def _cells(asked: Asked, every: Sequence[Line]) -> list[Block]:
    if not every:
        return [
            Said(
                asked.say("Aucune maille n’a eu cinq incidents dans une année : aucune carte n’est montrée.")
            )
        ]
    year = max(r["annee"] for r in every)
    rows = [r for r in every if r["annee"] == year]
    spot = asked.spot("lieu")
    if spot is not None:
        points = np.array([(r["_point"]["lat"], r["_point"]["lon"]) for r in rows])
        far = distances(points[:, 0], points[:, 1], spot.lat, spot.lon)
        rows = [r for r, metres in zip(rows, far, strict=True) if metres <= NEAR_M]
        if not rows:
            return [
                Said(
                    asked.say(
                        "À moins de %(metres)s m de là, aucune maille n’a eu cinq incidents en %(year)s. Moins de cinq n’est jamais montré.",
                        metres=asked.number(NEAR_M), year=year,
                    ),
                    "ok",
                )
            ]  # fmt: skip
    rows = sorted(rows, key=lambda r: (not r["foyer"], -r["incidents"], r["maille"]))
    unusual = [r for r in rows if r["foyer"]]
    said = _sentence(asked, year, len(unusual), len(rows))
    title = asked.say("Incidents par maille en %(year)s", year=year)
    note = asked.say(
        "Une maille fait au moins deux cents mètres de côté ; moins de cinq incidents dans l’année ne sont pas montrés, et l’année n’est plus corrigée. "
        "Un foyer n’est pas une cause ; là où l’on passe plus, il arrive plus."
    )
    yes, no = asked.say("oui"), asked.say("non")
    shown = tuple({**r, "foyer": yes if r["foyer"] else no} for r in rows[:60])
    columns = tuple(
        Column(c.name, "text" if c.name == "foyer" else c.type, c.title, unit=c.unit)
        for c in asked.columns_of(schemas.CELLS, "maille", "incidents", "foyer", "rang")
    )
    key = {"bad": asked.say("plus que le hasard"), "warn": asked.say("cinq incidents ou plus")}
    marks = tuple(_square(asked, r) for r in rows)
    return [
        Said(said, "warn" if unusual else "ok"),
        Rows(title, columns, shown, note),
        Map(asked.say("Où elles sont"), marks, title, key),
    ]


def _sentence(asked: Asked, year: int, unusual: int, of: int) -> str:
    """How many cells have more incidents than chance gives, of those that are shown."""
    if not unusual:
        return asked.count(
            "En %(year)s, la seule maille qui a eu cinq incidents ou plus n’en a pas eu plus que le hasard n’en donne.",
            "En %(year)s, aucune des %(n)s mailles qui ont eu cinq incidents ou plus n’en a eu plus que le hasard n’en donne.",
            of, year=year,
        )  # fmt: skip
    return asked.count(
        "En %(year)s, %(n)s maille a eu plus d’incidents que le hasard n’en donne, sur %(of)s où il y en a eu cinq ou plus.",
        "En %(year)s, %(n)s mailles ont eu plus d’incidents que le hasard n’en donne, sur %(of)s où il y en a eu cinq ou plus.",
        unusual, year=year, of=asked.number(of),
    )  # fmt: skip


def _square(asked: Asked, r: Line) -> Mark:
    lat, lon = r["_point"]["lat"], r["_point"]["lon"]
    up = r["cote_m"] / 2 / DEGREE_M
    side = up / float(np.cos(np.radians(lat)))
    ring = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    text = asked.count(
        "%(n)s incident en %(year)s", "%(n)s incidents en %(year)s", r["incidents"], year=r["annee"]
    )
    return Mark(
        "area", tuple((lon + x * side, lat + y * up) for x, y in ring), r["maille"], text, "bad" if r["foyer"] else "warn"
    )  # fmt: skip


def _months(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    wanted = fold(asked.text("nature"))
    natures = sorted({r["nature"] for r in rows})
    found = next((n for n in natures if wanted and (wanted in fold(n) or wanted in fold(asked.say(n)))), "")
    if wanted and not found:
        return [Said(asked.say("Aucune nature d’incident ne porte ce nom."), "warn")]
    by = {n: sum(r["incidents"] or 0 for r in rows if r["nature"] == n) for n in natures}
    nature = found or max(natures, key=lambda n: by[n])
    of = sorted((r for r in rows if r["nature"] == nature), key=lambda r: r["mois"])
    name = asked.say(nature)
    title = asked.say("%(nature)s, mois par mois", nature=name[:1].upper() + name[1:])
    table = tuple({"mois": r["mois"], "incidents": r["incidents"]} for r in of)
    spec: dict[str, Json] = {
        "data": {"values": [{"mois": r["mois"].isoformat(), "incidents": r["incidents"]} for r in of]},
        "mark": {"type": "line", "point": True, "invalid": "break-paths-show-domains", "color": COLOUR},
        "encoding": {
            "x": {"field": "mois", "type": "temporal", "timeUnit": "utcyearmonth", "title": None},
            "y": {"field": "incidents", "type": "quantitative", "title": asked.say("Incidents")},
        },
    }
    hidden = sum(r["incidents"] is None for r in of)
    text = asked.say(
        "Du %(first)s au %(last)s, par mois ; mois de moins de cinq incidents, non écrits : %(n)s.",
        first=asked.day(of[0]["mois"]), last=asked.day(of[-1]["mois"]), n=asked.number(hidden),
    )  # fmt: skip
    return [Chart(title, text, spec, asked.columns_of(schemas.MONTHS, "mois", "incidents"), table)]


def _trends(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    if not rows:
        return []
    names = ("nature", "par_an_pct", "bas_pct", "haut_pct", "rupture", "p", "debut", "fin", "mois_connus")
    note = asked.say(
        "La saison est ôtée ; un intervalle qui tient zéro ne dit ni hausse ni baisse. Les mois non écrits manquent : une nature rare paraît plus "
        "stable qu’elle n’est."
    )
    return [
        Rows(
            asked.say("Évolution par an"),
            asked.columns_of(schemas.TRENDS, *names),
            tuple({**r, "nature": asked.say(r["nature"])} for r in rows),
            note,
        )
    ]


def _measures(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    if not rows:
        return []
    names = (
        "mesure", "lieu", "debut", "attendu_pct", "attendu_bas_pct", "attendu_haut_pct", "etat", "effet_pct", "bas_pct", "haut_pct", "source",
    )  # fmt: skip
    note = asked.say(
        "L’attente vient de la source citée. L’effet vu compare l’année entière d’avant à celle d’après, au-delà de ce que fit le reste de la ville ; "
        "une mesure posée après une mauvaise année paraît plus utile qu’elle n’est."
    )
    shown = tuple(
        {**r, "etat": asked.say(r["etat"])} for r in sorted(rows, key=lambda r: (r["etat"] != SEEN, r["debut"]))
    )  # fmt: skip
    return [
        Rows(asked.say("Mesures de prévention"), asked.columns_of(VERIFIED, *names), shown, note)
    ]  # fmt: skip


def _natures(asked: Asked, joined: str) -> str:
    return ", ".join(asked.say(n) for n in joined.split(", ")) if joined else ""


def _exam(asked: Asked, exams: Sequence[Line]) -> list[Block]:
    told = [r for r in exams if r["etat"] != REFUSED]
    if not told:
        return []
    last = told[0]
    points = [
        asked.say(
            "Données du %(since)s au %(until)s. Lignes écartées : %(share)s %% environ (%(natures)s), parce qu’elles suivent les patrouilles ou "
            "désignent un domicile.",
            since=asked.day(last["debut"]), until=asked.day(last["fin"]), share=asked.number(last["exclus_pct"]),
            natures=_natures(asked, last["natures_exclues"]) or "–",
        ),
        asked.say(
            "Patrouilles simulées d’après cette règle, plus grand écart de la part d’un lieu à sa part d’incidents, en points : %(ours)s ; si ce que "
            "les patrouilles constatent comptait : %(naive)s.",
            ours=asked.number(last["boucle_pct"], 1), naive=asked.number(last["boucle_naive_pct"], 1),
        ),
        asked.say(
            "Aucune personne n’est évaluée ni profilée, ce que le règlement interdit (art. 5, 1, d) ; pour un service répressif, l’annexe III est à "
            "examiner avant usage. Note du 1er décembre 2026, à revoir avant le 1er décembre 2027."
        ),
        asked.say("Ce qui n’est pas signalé n’est pas compté : les enquêtes auprès des victimes en disent plus que la carte."),
    ]  # fmt: skip
    if last["etat"] == TESTED:
        points.insert(
            0,
            asked.say(
                "Sur %(part)s %% du territoire, la méthode retenue aurait pris %(pai)s fois plus d’incidents que le hasard (%(low)s à %(high)s, à 95 "
                "%%) ; le compte qui s’efface avec l’âge, %(base)s.",
                part=asked.number(last["part_pct"]), pai=asked.number(last["pai"], 1), low=asked.number(last["pai_bas"], 1),
                high=asked.number(last["pai_haut"], 1), base=asked.number(last["pai_compte"], 1),
            ),
        )  # fmt: skip
    names = (
        "annee", "etat", "debut", "fin", "methode", "epreuves", "pai", "pai_bas", "pai_haut", "pai_compte", "pei", "pei_bas", "pei_haut", "pei_compte",
        "exclus_pct", "boucle_pct", "boucle_naive_pct",
    )  # fmt: skip
    shown = tuple({**r, "etat": asked.say(r["etat"]), "methode": asked.say(r["methode"])} for r in told)
    sources = ("", "", AI_ACT, "") if last["etat"] != TESTED else ("", "", "", AI_ACT, "")
    listed = tuple(
        Point(text, asked.say("Règlement (UE) 2024/1689") if url else "", url)
        for text, url in zip(points, sources, strict=True)
    )
    return [
        Points(asked.say("Examen public de cette carte"), listed),
        Rows(asked.say("Tous les examens"), asked.columns_of(schemas.EXAMS, *names), shown, folded=True),
    ]
