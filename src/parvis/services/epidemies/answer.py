"""What citizens are told: is there something now, where, how sure, what to do, who decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.text import fold
from parvis.core.types import Column, Json
from parvis.services.answers import COLOUR, COLOUR_2, Asked, Block, Blocks, Chart, Point, Points, Rows, Said
from parvis.services.epidemies import rules
from parvis.services.epidemies.doubt import WORDS as METHODS
from parvis.services.epidemies.doubt import worth
from parvis.services.epidemies.schemas import SITUATION
from parvis.services.epidemies.series import WEEK
from parvis.services.epidemies.signals import UNUSUAL, USUAL
from parvis.services.epidemies.situation import FALLS, HIGH, OLD, RISES, SHORT, SMALL, STEADY
from parvis.services.epidemies.words import followed, word

Row = Mapping[str, Any]
STATES: Mapping[str, str] = {
    UNUSUAL: mark("plus que d’habitude"),
    HIGH: mark("haut"),
    USUAL: mark("comme d’habitude"),
    SMALL: mark("trop peu pour être montré"),
    OLD: mark("données anciennes"),
    SHORT: mark("trop peu de semaines pour le dire"),
}
TRENDS: Mapping[str, str] = {RISES: mark("monte"), FALLS: mark("baisse"), STEADY: mark("sans tendance nette")}
COUNTED = (
    mark("cas déclarés"),
    mark("malades dans les écoles"),
    mark("malades dans les crèches"),
    mark("malades dans les Ehpad"),
)
UNITS = (mark("cas"), mark("Toute la ville"), mark("Comptages de la ville"), mark("hors secteur"))
NOT_US = mark(
    "Cette page est de la ville. Elle ne remplace ni l’agence régionale de santé, ni Santé publique France, ni votre médecin."
)
CHARTED = 104


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Now in a sentence, how sure it is, what to do, then zone by zone."""
    every: list[Row] = [*tables["situation"].to_pylist()]
    wanted = fold(asked.text("lieu"))
    mine = [r for r in every if wanted in fold(asked.say(r["zone"]))] if wanted else every
    blocks: list[Block] = []
    if wanted and not mine:
        blocks.append(
            Said(
                asked.say("Aucune zone suivie ne porte ce nom : voici toutes celles qui sont suivies."),
                "warn",
            )
        )
        mine = every
    mine = mine + [w for w in _wider(mine, every) if w not in mine]
    blocks += _now(asked, mine)
    blocks += _hidden(asked, mine, every)
    told = rules.shipped()
    code = asked.speech.code
    blocks.append(
        Points(
            asked.say("Que faire"), tuple(Point(a.of(code), a.source, a.url) for a in told.advice.values())
        )
    )
    blocks.append(_table(asked, mine))
    chart = _chart(asked, mine, tables)
    blocks += [chart] if chart is not None else []
    who = tuple(Point(a.of(code), a.source, a.url) for a in told.authorities.values())
    blocks.append(Points(asked.say("Qui décide"), (*who, Point(asked.say(NOT_US)))))
    return blocks


def _wider(mine: Sequence[Row], every: Sequence[Row]) -> list[Row]:
    """The zones that stand for those with too few cases to be shown: their own, then the town's."""
    found: list[Row] = []
    for r in mine:
        here: Row | None = r
        while here is not None and here["etat"] == SMALL and here["semaines"] == 1:
            here = next(
                (w for w in every if w["quoi"] == r["quoi"] and w["code"] == here["dans"] and w is not here),
                None,
            )
            if here is not None and here not in found:
                found.append(here)
    return found


def _now(asked: Asked, rows: Sequence[Row]) -> list[Block]:
    raised = [r for r in rows if r["etat"] in (UNUSUAL, HIGH)]
    fresh = [r for r in rows if r["etat"] in (UNUSUAL, HIGH, USUAL)]
    if not rows or not fresh:
        return [
            Said(
                asked.say(
                    "Rien ne permet de dire ce qu’il en est en ce moment : les données manquent, sont anciennes ou ne remontent pas assez loin."
                ),
                "warn",
            )
        ]
    last = max(r["debut"] for r in fresh)
    if not raised:
        first = Said(
            asked.count(
                "Rien d’inhabituel en ce moment dans ce qui est suivi (%(n)s série), semaine du %(week)s.",
                "Rien d’inhabituel en ce moment dans ce qui est suivi (%(n)s séries), semaine du %(week)s.",
                len(fresh), week=asked.day(last),
            ),
            "ok",
        )  # fmt: skip
    else:
        one = raised[0]
        first = Said(
            _one(asked, one), "bad" if one["etat"] == UNUSUAL else "warn", _trend(asked, one, len(raised) - 1)
        )
    return [first, Said(_sure(asked, raised[0] if raised else None, fresh))]


def _one(asked: Asked, r: Row) -> str:
    values = {
        "what": followed(asked, r["quoi"]),
        "zone": asked.say(r["zone"]),
        "week": asked.day(r["debut"]),
        "value": asked.number(r["valeur"], 1),
    }
    if r["etat"] == UNUSUAL:
        return asked.say(
            "Oui, plus de cas que d’habitude (%(zone)s, %(what)s) : %(value)s la semaine du %(week)s, pour %(usual)s d’habitude, "
            "depuis la semaine du %(since)s.",
            usual=asked.number(r["habituel"], 1), since=asked.day(r["depuis"]), **values,
        )  # fmt: skip
    return asked.say(
        "Oui, c’est haut (%(zone)s, %(what)s) : %(value)s %(unit)s la semaine du %(week)s ; %(rank)s %% des semaines connues étaient plus basses.",
        unit=word(asked, r["unite"] or ""), rank=asked.number(r["rang"], 0), **values,
    )  # fmt: skip


def _trend(asked: Asked, one: Row, others: int) -> str:
    """What goes on from the answer: where it is heading, and how many other series are raised."""
    sentences = (
        [asked.say("Tendance : %(way)s.", way=asked.say(TRENDS[one["tendance"]]))] if one["tendance"] else []
    )
    if others:
        sentences.append(asked.say("Autres séries hautes ou inhabituelles : %(n)s.", n=asked.number(others)))
    return " ".join(sentences)


def _sure(asked: Asked, one: Row | None, fresh: Sequence[Row]) -> str:
    if one is not None and one["etat"] == HIGH:
        text = asked.say(
            "Ce qui en est sûr : une hauteur parmi les semaines connues (%(n)s), non une épidémie déclarée ; les dernières semaines sont parfois corrigées.",
            n=asked.number(one["connues"]),
        )  # fmt: skip
    elif not any(r["methode"] for r in fresh):
        text = asked.say(
            "Ce qui en est sûr : des taux publiés par d’autres, comparés aux semaines connues ; les dernières semaines sont parfois corrigées."
        )
    else:
        text = asked.say("Ce qui en est sûr : un écart à l’habitude, non une épidémie déclarée.")
    return " ".join(t for t in (text, worth(asked, fresh, one)) if t)


def _hidden(asked: Asked, mine: Sequence[Row], every: Sequence[Row]) -> list[Block]:
    small = [r for r in mine if r["etat"] == SMALL]
    if not small:
        return []
    if len(small) > 1:
        text = asked.say(
            "Zones où il y a trop peu de cas pour les montrer une semaine seule : %(n)s ; "
            "quatre semaines réunies ou la zone plus large sont montrées à leur place.",
            n=asked.number(len(small)),
        )  # fmt: skip
        return [Said(text)]
    (one,) = small
    if one["semaines"] > 1:
        text = asked.say(
            "%(zone)s, %(what)s : trop peu de cas pour une semaine seule ; %(value)s dans les quatre semaines depuis le %(week)s.",
            zone=asked.say(one["zone"]), what=followed(asked, one["quoi"]), value=asked.number(one["valeur"]), week=asked.day(one["debut"]),
        )  # fmt: skip
        return [Said(text)]
    wide = [r for r in _wider(small, every) if r["etat"] != SMALL or r["semaines"] > 1]
    text = asked.say(
        "%(zone)s, %(what)s : trop peu de cas pour être montrés sans désigner quelqu’un.",
        zone=asked.say(one["zone"]),
        what=followed(asked, one["quoi"]),
    )
    if wide:
        text = f"{text} {asked.say('Voyez la zone plus large : %(wide)s.', wide=asked.say(wide[0]['zone']))}"
    return [Said(text)]


def _table(asked: Asked, rows: Sequence[Row]) -> Rows:
    names = (
        "zone",
        "quoi",
        "etat",
        "tendance",
        "valeur",
        "unite",
        "habituel",
        "rang",
        "debut",
        "semaines",
        "premiere",
        "methode",
        "source",
    )
    said = tuple(
        {
            **r,
            "zone": asked.say(r["zone"]), "quoi": followed(asked, r["quoi"]), "unite": word(asked, r["unite"]) if r["unite"] else None,
            "source": asked.say(r["source"]), "etat": asked.say(STATES[r["etat"]]), "tendance": asked.say(TRENDS[r["tendance"]]) if r["tendance"] else None,
            "methode": asked.say(METHODS[r["methode"]]) if r["methode"] else None,
        }
        for r in rows
    )  # fmt: skip
    note = asked.say(
        "Chaque ligne dit sa dernière semaine et sa première. Une semaine est publiée une fois, neuf jours après sa fin, "
        "et n’est plus revue ; un nombre qui manque est trop petit."
    )
    return Rows(asked.say("Zone par zone"), asked.columns_of(SITUATION, *names), said, note, link="url")


def _chart(asked: Asked, rows: Sequence[Row], tables: Mapping[str, pa.Table]) -> Chart | None:
    """The weeks of the first series of the page."""
    for one in rows:
        points = _weeks(one, tables)
        if sum(v is not None for _, v in points) < SHOWN_LEAST:
            continue
        values: list[Json] = [{"semaine": d.isoformat(), "valeur": v} for d, v in points]
        week: Json = {
            "field": "semaine",
            "type": "temporal",
            "scale": {"type": "utc"},
            "title": asked.say("Semaine du"),
            "axis": {"format": "%b %Y", "labelOverlap": True},
        }
        bar: Json = {"type": "bar", "color": COLOUR, "width": max(2, round(BARS / len(points)))}
        height: Json = {"field": "valeur", "type": "quantitative", "title": word(asked, one["unite"] or "")}
        layers: list[Json] = [{"mark": bar, "encoding": {"x": week, "y": height}}]
        if one["habituel"] is not None:
            line: Json = {"type": "rule", "color": COLOUR_2, "strokeDash": [5, 3]}
            layers.append({"mark": line, "encoding": {"y": {"datum": one["habituel"]}}})
        spec: Mapping[str, Json] = {"data": {"values": values}, "layer": layers}
        columns = (
            Column("semaine", "date", title=asked.say("Semaine du")),
            Column("valeur", "number", title=asked.say("Valeur"), unit=word(asked, one["unite"] or "")),
        )
        text = asked.say(
            "%(zone)s, %(what)s, de la semaine du %(first)s à celle du %(last)s ; une semaine sans barre n’est pas montrée ou n’a pas été comptée.",
            zone=asked.say(one["zone"]), what=followed(asked, one["quoi"]), first=asked.day(points[0][0]), last=asked.day(points[-1][0]),
        )  # fmt: skip
        if one["habituel"] is not None:
            usual = asked.number(one["habituel"], 1)
            text += " " + asked.say(
                "En tirets, ce qui est habituel de la dernière semaine : %(usual)s.", usual=usual
            )
        return Chart(
            asked.say("Semaine par semaine"),
            text,
            spec,
            columns,
            tuple({"semaine": d, "valeur": v} for d, v in points),
        )
    return None


BARS = 380
"""Width that the bars of a chart share, in pixels."""
SHOWN_LEAST = 10
"""Weeks without which nothing is drawn."""


def _weeks(one: Row, tables: Mapping[str, pa.Table]) -> list[tuple[date, float | None]]:
    told: dict[date, float] = {}
    if one["unite"] == "cas" and "publies" in tables:
        for r in tables["publies"].to_pylist():
            if (
                r["serie"] == one["quoi"]
                and r["zone"] == one["code"]
                and r["semaines"] == 1
                and r["cas"] is not None
            ):
                told[r["debut"]] = float(r["cas"])
    elif one["niveau"] == "station" and "eaux_usees" in tables:
        for r in tables["eaux_usees"].to_pylist():
            if (r["station"], r["virus"]) == (one["code"], one["quoi"]):
                told[r["semaine"]] = float(r["valeur"])
    elif "series" in tables:
        for r in tables["series"].to_pylist():
            if r["code_zone"] == one["code"] and f"{r['maladie']} : {r['mesure']}" == one["quoi"]:
                told[r["semaine"]] = float(r["valeur"])
    if not told:
        return []
    last = max(told)
    first = max(min(told), last - CHARTED * WEEK)
    return [(day, told.get(day)) for k in range((last - first).days // 7 + 1) if (day := first + k * WEEK)]
