"""What the page of going out says, and that of the city's empty hours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import shapely

from parvis.core.types import Column, Json
from parvis.methods.events.coverage import DAYS, PARTS
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
    Rows,
    Said,
    Take,
)
from parvis.services.sorties.finding import Found, found

WINDOWS = {
    "ce-soir": "ce soir",
    "aujourdhui": "aujourd’hui",
    "demain": "demain",
    "ce-week-end": "ce week-end",
    "semaine": "sept jours",
    "mois": "trente jours",
}
"""What « when » may be, and its French name."""

SHOWN = 60
"""Times that the page shows; files hold more."""


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """How many, which ones, where; what is cancelled first."""
    seen = found(asked, tables["sorties"]) if "sorties" in tables else None
    if seen is None or not seen.total:
        return (_nothing(asked, tables), *_takes(asked))
    rows = seen.rows.slice(0, SHOWN).to_pylist()
    blocks: list[Block] = [_first(asked, seen, rows)]
    off = [r for r in rows if r["statut"] in ("annulé", "reporté")]
    if off:
        names = " ; ".join(f"{r['titre']} ({asked.say(r['statut'])})" for r in off[:5])
        blocks.append(Said(asked.say("Attention : %(names)s.", names=names), "bad"))
    if asked.text("evenement"):
        blocks += [Said(r["description"]) for r in rows[:1] if r["description"]]
    title = asked.say("Les sorties")
    note = asked.say("Ce qui dure longtemps est à la fin.") if any(r["duree_longue"] for r in rows) else ""
    if seen.total > SHOWN:
        note = asked.say("Les %(n)s premières ; toutes sont dans les fichiers.", n=asked.number(SHOWN)) + (
            f" {note}" if note else ""
        )
    blocks.append(
        Rows(
            title,
            _columns(asked, seen),
            tuple(_row(asked, r, m) for r, m in zip(rows, seen.metres[:SHOWN], strict=True)),
            note,
            "page",
        )
    )
    marks = tuple(_mark(asked, r) for r in rows if r["_point"])
    if marks:
        key = {"ok": asked.say("prévu"), "warn": asked.say("complet"), "bad": asked.say("annulé ou reporté")}
        blocks.append(Map(asked.say("Où elles sont"), marks, title, key))
    return (*blocks, *_takes(asked))


def _first(asked: Asked, seen: Found, rows: Sequence[Mapping[str, Any]]) -> Said:
    """The first that takes place, and how many more there are."""
    kept = next((r for r in rows if r["statut"] == "prévu" and not r["duree_longue"]), rows[0])
    more = ""
    if seen.total > 1:
        day = asked.date("jour")
        more = asked.count(
            "%(n)s autre sortie (%(when)s).",
            "%(n)s autres sorties (%(when)s).",
            seen.total - 1,
            when=asked.day(day) if day else asked.say(WINDOWS[asked.text("quand") or "ce-soir"]),
        )
    said = asked.say("%(begin)s : %(title)s, %(place)s.", **_named(asked, kept))
    return Said(said, "ok" if kept["statut"] == "prévu" else "warn", more)


def _nothing(asked: Asked, tables: Mapping[str, pa.Table]) -> Said:
    """Nothing in the window: what comes next, whatever was asked beside the time."""
    later = replace(asked, values={k: v for k, v in asked.values.items() if k != "jour"} | {"quand": "mois"})
    seen = found(later, tables["sorties"]) if "sorties" in tables and not asked.text("evenement") else None
    rows = seen.rows.slice(0, SHOWN).to_pylist() if seen is not None else []
    kept = next((r for r in rows if r["statut"] == "prévu" and not r["duree_longue"]), None)
    if kept is None:
        return Said(
            asked.say("Rien n’est annoncé qui réponde à cette recherche."),
            "warn",
            asked.say("Élargissez la période, la distance ou les filtres."),
        )
    words = _named(asked, kept)
    return Said(
        asked.say("Rien à ce moment-là ; la prochaine sortie : %(title)s, %(when)s, %(place)s.", **words),
        "warn",
    )


def _named(asked: Asked, row: Mapping[str, Any]) -> Mapping[str, str]:
    """An outing in a few words: title, when as people say it, place."""
    when = _moment(asked, row["debut"])
    return {
        "title": row["titre"],
        "when": when,
        "begin": when[0].upper() + when[1:],
        "place": row["lieu"] or row["adresse"] or asked.say("lieu non précisé"),
    }


def _takes(asked: Asked) -> Sequence[Block]:
    return (
        Take(asked.say("S’abonner à cette recherche dans un agenda"), "sorties.ics"),
        Take(asked.say("La suivre en flux Atom"), "sorties.atom"),
        Take(asked.say("Données schema.org"), "sorties.jsonld"),
    )


def _moment(asked: Asked, at: datetime) -> str:
    """« ce soir à 19 h 00 », « demain à 9 h 00 », « 12 mars 2026 à 9 h 00 »."""
    local = at.astimezone(asked.speech.zone)
    ahead = (local.date() - asked.now.astimezone(asked.speech.zone).date()).days
    values = {"day": asked.day(at), "hour": asked.hour(at)}
    if ahead == 0:
        said = "ce soir à %(hour)s" if local.hour >= 18 else "aujourd’hui à %(hour)s"
        return asked.say(said, **values)
    return (
        asked.say("demain à %(hour)s", **values) if ahead == 1 else asked.say("%(day)s à %(hour)s", **values)
    )


def _columns(asked: Asked, seen: Found) -> tuple[Column, ...]:
    near = any(not math.isnan(m) for m in seen.metres)
    return (
        Column("titre", title=asked.say("Titre")),
        Column("quand", title=asked.say("Quand")),
        Column("lieu", title=asked.say("Lieu")),
        *([Column("distance", "integer", title=asked.say("Distance"), unit="m")] if near else []),
        Column("tarif", title=asked.say("Tarif")),
        Column("public", title=asked.say("Public")),
        Column("accessibilite", title=asked.say("Accessibilité")),
        Column("statut", title=asked.say("Statut")),
    )


def _row(asked: Asked, r: Mapping[str, Any], metres: float) -> Mapping[str, object]:
    local = r["debut"].astimezone(asked.speech.zone)
    when = f"{asked.day(r['debut'])}, {asked.hour(r['debut'])}"
    if r["fin"] - r["debut"] >= timedelta(hours=20):
        when = asked.say(
            "du %(start)s au %(end)s",
            start=asked.day(local.date()),
            end=asked.day((r["fin"] - timedelta(minutes=1)).astimezone(asked.speech.zone).date()),
        )
    elif r["fin"] > r["debut"]:
        when = f"{when} – {asked.hour(r['fin'])}"
    price = (
        asked.say("gratuit")
        if r["gratuit"]
        else r["tarif"] or (asked.say("payant") if r["gratuit"] is False else asked.say("non précisé"))
    )
    public = ""
    if r["age_min"] and r["age_max"] is not None:
        public = asked.say("de %(low)s à %(high)s ans", low=r["age_min"], high=r["age_max"])
    elif r["age_min"]:
        public = asked.say("dès %(low)s ans", low=r["age_min"])
    elif r["enfants"]:
        public = asked.say("enfants")
    return {
        "titre": r["titre"],
        "quand": when,
        "lieu": r["lieu"] or r["adresse"] or asked.say("non précisé"),
        "distance": None if math.isnan(metres) else round(metres),
        "tarif": price,
        "public": public,
        "accessibilite": ", ".join(
            asked.say(ACCESS_WORDS[a]) for a in (r["accessibilite"] or "").split("|") if a
        ),
        "statut": asked.say(r["statut"]),
        "page": f"/services/sorties?{urlencode({'evenement': r['evenement']})}",
    }


ACCESS_WORDS = {
    "fauteuil": "en fauteuil roulant",
    "boucle": "boucle magnétique",
    "lsf": "langue des signes",
    "audiodescription": "audiodescription",
    "facile": "facile à comprendre",
}


def _mark(asked: Asked, r: Mapping[str, Any]) -> Mark:
    tone = "bad" if r["statut"] in ("annulé", "reporté") else "warn" if r["statut"] == "complet" else "ok"
    point = r["_point"]
    return Mark(
        "point",
        ((point["lon"], point["lat"]),),
        r["titre"],
        f"{asked.day(r['debut'])}, {asked.hour(r['debut'])} – {r['lieu'] or ''}".rstrip(" –"),
        tone,
    )


def coverage_answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Which squares are empty at the moment asked for, and which moments are emptiest in the whole city."""
    rows = tables["couverture"].to_pylist() if "couverture" in tables else []
    if not rows:
        return (
            Said(
                asked.say("Aucune sortie à venir n’a de lieu connu : la carte ne peut pas être dressée."),
                "warn",
            ),
        )
    day, part = asked.text("jour_semaine"), asked.text("moment")
    chosen = [r for r in rows if (not day or r["jour"] == day) and (not part or r["moment"] == part)]
    squares: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for r in chosen:
        squares[r["carreau"]].append(r)
    empty = [c for c, some in squares.items() if not any(s["dates"] for s in some)]
    weeks = rows[0]["sur"]
    first = asked.count(
        "%(n)s carreau sur %(all)s n’a rien d’annoncé à ce moment (semaines regardées : %(weeks)s).",
        "%(n)s carreaux sur %(all)s n’ont rien d’annoncé à ce moment (semaines regardées : %(weeks)s).",
        len(empty),
        all=asked.number(len(squares)),
        weeks=asked.number(weeks),
    )
    if not empty:
        first = asked.say(
            "Partout dans la ville, quelque chose est annoncé à ce moment (semaines regardées : %(weeks)s).",
            weeks=asked.number(weeks),
        )
    by_slot = {(d, p): 0 for d in DAYS for p in PARTS}
    for r in rows:
        by_slot[r["jour"], r["moment"]] += r["dates"]
    quiet = sorted(by_slot, key=lambda k: (by_slot[k], DAYS.index(k[0])))[:3]
    said = ", ".join(f"{asked.say(d)} {asked.say(p)} ({asked.number(by_slot[d, p])})" for d, p in quiet)
    table_title = asked.say("Carreaux de la ville")
    listed = sorted(squares.items(), key=lambda kv: (sum(s["dates"] for s in kv[1]), kv[0]))
    marks = tuple(_square(asked, name, some) for name, some in listed)
    slots: list[Mapping[str, object]] = [
        {"jour": asked.say(d), "moment": asked.say(p), "dates": n} for (d, p), n in by_slot.items()
    ]
    days, moments, count = asked.say("Jour"), asked.say("Moment"), asked.say("Dates")
    spec: dict[str, Json] = {
        "data": {
            "values": [
                {"jour": asked.say(d), "moment": asked.say(p), "dates": n} for (d, p), n in by_slot.items()
            ]
        },
        "mark": {"type": "bar", "color": COLOUR},
        "encoding": {
            "x": {"field": "jour", "type": "ordinal", "sort": [asked.say(d) for d in DAYS], "title": None},
            "y": {"field": "dates", "type": "quantitative", "title": count},
            "row": {
                "field": "moment",
                "type": "ordinal",
                "sort": [asked.say(p) for p in PARTS],
                "title": None,
            },
        },
    }
    listed_rows = tuple(
        {
            "carreau": c,
            "dates": sum(s["dates"] for s in some),
            "semaines": f"{max(s['semaines'] for s in some)} / {weeks}",
        }
        for c, some in listed[:200]
    )
    key = {
        "bad": asked.say("rien d’annoncé"),
        "warn": asked.say("moins d’une semaine sur deux"),
        "ok": asked.say("plus souvent"),
    }
    return (
        Said(
            first,
            "warn" if empty else "ok",
            asked.say("Moments les plus creux de toute la ville : %(slots)s.", slots=said),
        ),
        Figures(
            (
                Figure(
                    asked.number(sum(by_slot.values())), asked.say("dates à venir dont le lieu est connu")
                ),
                Figure(
                    asked.percent(len(empty) / max(1, len(squares))),
                    asked.say("des carreaux sans rien à ce moment"),
                ),
            )
        ),
        Rows(
            table_title,
            (
                Column("carreau", title=asked.say("Carreau")),
                Column("dates", "integer", title=count),
                Column("semaines", title=asked.say("Semaines animées")),
            ),
            listed_rows,
            asked.say("Les plus vides d’abord ; un carreau a un kilomètre de côté."),
        ),
        Map(asked.say("Où il ne se passe rien"), marks, table_title, key),
        Chart(
            asked.say("Dates par jour et moment"),
            asked.say("Moments les plus creux de toute la ville : %(slots)s.", slots=said),
            spec,
            (
                Column("jour", title=days),
                Column("moment", title=moments),
                Column("dates", "integer", title=count),
            ),
            tuple(slots),
        ),
    )


def _square(asked: Asked, name: str, some: Sequence[Mapping[str, Any]]) -> Mark:
    ring = tuple(
        (float(x), float(y)) for x, y in shapely.get_coordinates(shapely.from_wkb(some[0]["_shape"])).tolist()
    )
    dates, weeks = sum(s["dates"] for s in some), max(s["semaines"] for s in some)
    tone = "bad" if not dates else "warn" if weeks * 2 < some[0]["sur"] else "ok"
    return Mark("area", ring, name, asked.count("%(n)s date", "%(n)s dates", dates), tone)
