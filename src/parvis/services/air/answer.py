"""What the page of the air says: the index and what is under way, then what to do, the days to come with
their doubt, and how good the forecast is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import cast

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import Column
from parvis.methods.air import index
from parvis.services.air import advice
from parvis.services.air.compute import CITY, LAW
from parvis.services.air.places import zone_of
from parvis.services.air.rules import shipped
from parvis.services.answers import (
    COLOUR,
    COLOUR_2,
    Ask,
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
    Tone,
)

NAMES = {
    "pm10": "particules PM10",
    "pm25": "particules fines PM2,5",
    "no2": "dioxyde d’azote",
    "o3": "ozone",
    "so2": "dioxyde de soufre",
}
BECAUSE = {
    "pm10": mark("des particules PM10"),
    "pm25": mark("des particules fines PM2,5"),
    "no2": mark("du dioxyde d’azote"),
    "o3": mark("de l’ozone"),
    "so2": mark("du dioxyde de soufre"),
}
"""Behind « à cause »."""
REFERENCES = {
    "veille": mark("la veille"),
    "soir": mark("la soirée"),
    "mois": mark("la moyenne du mois"),
    "semaine": mark("la moyenne de la semaine"),
}
TONES: tuple[Tone, ...] = ("", "ok", "ok", "warn", "bad", "bad", "bad")
"""By class."""

ASKS = (Ask("polluant", "Quel polluant sur la carte ?", "choice", "", "pm10", NAMES),)
"""Nobody is asked whether they are vulnerable: that is about their health. The advice is given for each
public.
"""

Row = Mapping[str, object]


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The blocks of the page."""
    rows = cast("list[Row]", tables["indice"].to_pylist()) if "indice" in tables else []
    if not rows:
        return (Said(asked.say("Aucune mesure ne permet de calculer l’indice."), "warn"),)
    zone = str(rows[0]["code_zone"])
    rows = [r for r in rows if r["code_zone"] == zone]
    today = asked.now.astimezone(zone_of(zone)).date()
    every = (
        [r for r in cast("list[Row]", tables["procedures"].to_pylist()) if r["code_zone"] == zone]
        if "procedures" in tables
        else []
    )
    procedures, own = ([r for r in every if r.get("cadre", LAW) == whose] for whose in (LAW, CITY))
    bounds = cast("list[Row]", tables["seuils"].to_pylist()) if "seuils" in tables else []
    ahead = (
        [r for r in cast("list[Row]", tables["previsions"].to_pylist()) if r["code_zone"] == zone]
        if "previsions" in tables
        else []
    )
    made: list[Block] = [
        *_index(asked, rows, today),
        *_under_way(asked, procedures, today, alone=not own),
        *_of_the_city(asked, own, today),
    ]
    made += [
        *_done(asked, [*procedures, *own], bounds, today),
        *_advice(asked, rows, procedures, today),
        _coming(asked, ahead),
    ]
    made += [
        *_chart(asked, procedures, own, ahead, today),
        _past(asked, rows),
        *_map(asked, tables, today),
        *_skill(asked, ahead),
        *_bounds(asked, bounds),
    ]
    return tuple(made)


def _name(asked: Asked, code: object) -> str:
    return asked.say(NAMES.get(str(code), str(code)))


def _names(asked: Asked, codes: object) -> str:
    return ", ".join(_name(asked, c) for c in str(codes).split(", ") if c)


def _because(asked: Asked, codes: object) -> str:
    """« des particules PM10 et de l’ozone »."""
    said = [asked.say(BECAUSE.get(c, c)) for c in str(codes).split(", ") if c]
    return (
        asked.say("%(list)s et %(last)s", list=", ".join(said[:-1]), last=said[-1])
        if len(said) > 1
        else "".join(said)
    )


def _index(asked: Asked, rows: Sequence[Row], today: date) -> list[Block]:
    """Today’s index is a forecast until the day is over; when there is none, the last measured one is said
    with its day, never as today's.
    """
    of = {r["date_ech"]: r for r in rows}
    now, after = of.get(today), of.get(today + timedelta(days=1))
    if now is None:
        last = max(
            (r for r in rows if r["nature"] == "mesuré"),
            key=lambda r: cast(date, r["date_ech"]),
            default=None,
        )
        if last is None:
            return [Said(asked.say("L’indice d’aujourd’hui n’est pas connu."), "warn")]
        said = asked.say(
            "L’indice d’aujourd’hui n’est pas connu ; le dernier, du %(day)s, était %(word)s (%(code)s sur 6).",
            day=asked.day(cast(date, last["date_ech"])),
            word=asked.say(str(last["lib_qual"])).lower(),
            code=last["code_qual"],
        )
        return [Said(said, "warn", dated=cast(date, last["date_ech"]))]
    code = int(str(now["code_qual"]))
    values: dict[str, object] = {
        "word": asked.say(str(now["lib_qual"])).lower(),
        "code": code,
        "why": _because(asked, now["polluants"]),
        "zone": now["lib_zone"],
    }
    said = (
        asked.say("Aujourd’hui, l’air est %(word)s (indice %(code)s sur 6), à cause %(why)s.", **values)
        if not now["lib_zone"]
        else asked.say(
            "Aujourd’hui (%(zone)s), l’air est %(word)s (indice %(code)s sur 6), à cause %(why)s.", **values
        )
    )
    doubt = [asked.say("C’est une prévision tant que la journée n’est pas finie.")]
    if not now["complet"]:
        doubt.append(
            asked.say(
                "Tous les polluants ne sont pas mesurés ici : l’indice vrai peut être plus mauvais, jamais meilleur."
            )
        )
    blocks: list[Block] = [Said(said, TONES[code], " ".join(doubt), today)]
    if after is not None:
        code = int(str(after["code_qual"]))
        chance = after["proba_mauvais"]
        blocks.append(
            Said(
                asked.say(
                    "Demain, il devrait être %(word)s (%(code)s sur 6) ; il y a %(chance)s de chances qu’il soit mauvais ou pire.",
                    word=asked.say(str(after["lib_qual"])).lower(),
                    code=code,
                    chance=asked.percent(float(str(chance or 0.0))),
                ),
                TONES[code],
            )
        )
    return blocks


STATES = {
    "information": mark("%(name)s : niveau d’information %(day)s (%(known)s)."),
    "alert": mark("%(name)s : niveau d’alerte %(day)s (%(known)s)."),
    "kept": mark("%(name)s : les mesures d’alerte restent %(day)s, le temps pouvant ramener le seuil."),
}
DAYS = {0: "aujourd’hui", 1: "demain"}
BOTH = mark("aujourd’hui et demain")


def _when(asked: Asked, shifts: Sequence[int]) -> str:
    """Today, tomorrow, or both, in words."""
    return asked.say(BOTH if len(shifts) > 1 else DAYS[shifts[0]])


def _told(rows: Sequence[Row], states: Collection[str], today: date) -> list[tuple[Row, list[int]]]:
    """The rows of today and tomorrow that are in one of these states, with their days from today; what is the
    same on both days stands once.
    """
    same: dict[tuple[object, ...], tuple[Row, list[int]]] = {}
    for shift in DAYS:
        for row in rows:
            if row["jour"] == today + timedelta(days=shift) and str(row["etat"]) in states:
                same.setdefault(tuple(row.get(k) for k in ("polluant", "etat", "connu", "motif")), (row, []))[
                    1
                ].append(shift)
    return list(same.values())


def _under_way(asked: Asked, rows: Sequence[Row], today: date, *, alone: bool) -> list[Block]:
    """By the law. alone: there are no thresholds of the city, which are told after it."""
    said: list[Block] = []
    for row, shifts in _told(rows, STATES, today):
        name = _name(asked, row["polluant"])
        known = asked.say(str(row["connu"] or "prévu"))
        text = asked.say(
            STATES[str(row["etat"])], name=name[0].upper() + name[1:], known=known, day=_when(asked, shifts)
        )
        if row["motif"] == "persistence":
            text += " " + asked.say(
                "C’est une alerte sur persistance : le seuil d’information est passé plusieurs jours de suite."
            )
        said.append(Said(text, "warn" if row["etat"] == "information" else "bad"))
    if said:
        return [
            *said,
            Said(asked.say("C’est un calcul de la ville : seul le préfet déclare un épisode de pollution.")),
        ]
    calm = asked.say(
        "Aucun seuil d’information ou d’alerte n’est passé, ni prévu pour demain."
        if alone
        else "Aucun seuil de la loi, d’information ou d’alerte, n’est passé, ni prévu pour demain."
    )
    return [Said(calm, "ok")] if rows else []


OWN = {
    "information": mark("%(name)s : seuil d’information de la ville passé %(day)s (%(known)s)."),
    "alert": mark("%(name)s : seuil d’alerte de la ville passé %(day)s (%(known)s)."),
}


def _of_the_city(asked: Asked, rows: Sequence[Row], today: date) -> list[Block]:
    """By the thresholds that the city set itself, which may be stricter than those of the law."""
    said: list[Block] = []
    for row, shifts in _told(rows, OWN, today):
        name, known = _name(asked, row["polluant"]), asked.say(str(row["connu"] or "prévu"))
        said.append(
            Said(
                asked.say(
                    OWN[str(row["etat"])],
                    name=name[0].upper() + name[1:],
                    known=known,
                    day=_when(asked, shifts),
                ),
                "warn",
            )
        )
    return said


def _done(asked: Asked, rows: Sequence[Row], bounds: Sequence[Row], today: date) -> list[Block]:
    """What the city does today and tomorrow, once each, with what it is for."""
    column = "actions_en" if asked.speech.code == "en" else "actions"
    said: dict[str, list[int]] = {}
    for row in sorted(rows, key=lambda r: cast(date, r["jour"])):
        level = {"information": 1, "alert": 2, "kept": 2}.get(str(row["etat"]), 0)
        if level and (cast(date, row["jour"]) - today).days in DAYS:
            of = [
                (int(str(b["niveau"])), text)
                for b in bounds
                if b["polluant"] == row["polluant"]
                for text in str(b[column] or "").split("\n")
                if text
            ]
            most = max((n for n, _ in of if n <= level), default=0)
            shift = (cast(date, row["jour"]) - today).days
            for text in dict.fromkeys(text for n, text in of if n == most):
                if shift not in said.setdefault(text, []):
                    said[text].append(shift)
    points = tuple(Point(text, _when(asked, shifts)) for text, shifts in said.items())
    return [Points(asked.say("Ce que fait la ville"), points)] if points else []


LEVELS = {1: "information", 2: "alerte"}


def _bounds(asked: Asked, rows: Sequence[Row]) -> list[Block]:
    """The thresholds in force, the law's and the city's, side by side."""
    columns = (
        _column(asked, "polluant", "text", "Polluant"),
        _column(asked, "niveau", "text", "Niveau"),
        _column(asked, "loi", "number", mark("Loi"), "µg/m³"),
        _column(asked, "ville", "number", mark("Ville"), "µg/m³"),
        _column(asked, "mesure", "text", "Mesure"),
    )
    lines: dict[tuple[str, int], dict[str, object]] = {}
    for row in rows:
        if row["echelon"]:
            continue
        level, hours = int(str(row["niveau"])), int(str(row["heures"]))
        measure = (
            asked.say("moyenne du jour")
            if row["mesure"] == "jour"
            else asked.say("moyenne d’une heure")
            if hours == 1
            else asked.say("moyenne d’une heure, %(n)s heures de suite", n=asked.number(hours))
        )
        blank: dict[str, object] = {
            "polluant": _name(asked, row["polluant"]),
            "niveau": asked.say(LEVELS[level]),
            "loi": None,
            "ville": None,
        }
        line = lines.setdefault((str(row["polluant"]), level), blank)
        line |= {str(row["cadre"]): row["seuil"], "mesure": measure}
    if not lines:
        return []
    note = asked.say(
        "Un seuil est passé au-dessus de sa valeur. Ceux de la ville s’ajoutent à ceux de la loi, ils ne les remplacent pas."
    )
    texts = {str(row["texte"]): cast(date, row["depuis"]) for row in rows}
    sources = tuple(
        Point(text, asked.say("en vigueur depuis le %(day)s", day=asked.day(since)))
        for text, since in texts.items()
    )
    return [
        Rows(asked.say("Seuils en vigueur"), columns, tuple(lines.values()), note, folded=True),
        Points(asked.say("Textes dont ils sont pris"), sources, folded=True),
    ]


def _advice(asked: Asked, rows: Sequence[Row], procedures: Sequence[Row], today: date) -> list[Block]:
    """For each public, who is meant, and what to do; what everybody is told is said once, where the text
    comes from once too.
    """
    language = asked.speech.code
    here = [r for r in procedures if r["jour"] == today and r["etat"] != "none"]
    order = ("none", "information", "kept", "alert")
    state = max((str(r["etat"]) for r in here), key=order.index, default="none")
    code = next((int(str(r["code_qual"])) for r in rows if r["date_ech"] == today), 0)
    pollutants = [str(r["polluant"]) for r in here]
    everybody = advice.advice(state, pollutants, "tous", poor=code >= 3)
    made: list[Block] = []
    for who, name in reversed(advice.PUBLICS.items()):
        said = advice.advice(state, pollutants, who, poor=code >= 3)
        more = said if who == "tous" else tuple(w for w in said if w not in everybody)
        title = (
            mark("Que faire ? %(who)s")
            if who == "tous"
            else mark("%(who)s (%(are)s)")
            if more == said
            else mark("%(who)s, en plus (%(are)s)")
        )
        made.append(
            Points(
                asked.say(title, who=name.of(language), are=advice.WHO[who].of(language)),
                tuple(Point(w.of(language)) for w in more),
            )
        )
    return [
        *made,
        Said(
            asked.say(
                "Ces conseils viennent de l’%(source)s.", source=advice.SOURCE[0].lower() + advice.SOURCE[1:]
            )
        ),
    ]


def _column(asked: Asked, name: str, kind: str, title: str, unit: str = "") -> Column:
    return Column(name, kind, title=asked.say(title), unit=unit)  # type: ignore[arg-type]


COMING = mark("Prévisions d’aujourd’hui et de demain")


def _coming(asked: Asked, rows: Sequence[Row]) -> Block:
    if not rows:
        return Said(
            asked.say("Pas de prévision : il faut les mesures de 120 jours au moins, et de moins d’un jour."),
            "warn",
        )
    columns = (
        _column(asked, "polluant", "text", "Polluant"),
        _column(asked, "jour", "date", "Jour"),
        _column(asked, "statistique", "text", "Statistique"),
        _column(asked, "valeur", "number", "Prévision", "µg/m³"),
        _column(asked, "bas", "number", "Borne basse", "µg/m³"),
        _column(asked, "haut", "number", "Borne haute", "µg/m³"),
        _column(asked, "chance", "text", "Probabilité de passer le seuil d’information"),
    )
    told = tuple(
        {
            "polluant": _name(asked, r["polluant"]),
            "jour": r["jour"],
            "statistique": asked.say(str(r["statistique"])),
            "valeur": r["valeur"],
            "bas": r["bas"],
            "haut": r["haut"],
            "chance": asked.percent(float(str(r["proba_information"]))),
        }
        for r in sorted(rows, key=lambda r: (cast(date, r["jour"]), -float(str(r["proba_information"]))))
    )
    note = asked.say("La valeur doit tomber entre les deux bornes neuf fois sur dix.")
    sky = [at for r in rows if isinstance(at := r.get("meteo_du"), datetime)]
    if sky:
        note += " " + asked.say(
            "Elle tient compte du temps prévu, annoncé le %(at)s.", at=asked.speech.moment(max(sky))
        )
    return Rows(asked.say(COMING), columns, told, note, folded=True)


def _chart(
    asked: Asked, procedures: Sequence[Row], own: Sequence[Row], ahead: Sequence[Row], today: date
) -> list[Block]:
    """The pollutant that was asked for: two weeks measured, two days forecast with their interval; a day
    without a value stays empty.
    """
    pollutant = asked.text("polluant") or "pm10"
    values: list[dict[str, object]] = []
    for row in procedures if any(r["polluant"] == pollutant for r in procedures) else own:
        if row["polluant"] == pollutant and cast(date, row["jour"]) < today:
            values.append(
                {
                    "jour": cast(date, row["jour"]).isoformat(),
                    "valeur": row["valeur"],
                    "bas": None,
                    "haut": None,
                    "nature": asked.say("mesuré"),
                }
            )
    for row in ahead:
        if row["polluant"] == pollutant:
            values.append(
                {
                    "jour": cast(date, row["jour"]).isoformat(),
                    "valeur": row["valeur"],
                    "bas": row["bas"],
                    "haut": row["haut"],
                    "nature": asked.say("prévu"),
                }
            )
    if not any(v["valeur"] is not None for v in values):
        return []
    title = asked.say("Deux semaines et les jours à venir : %(name)s", name=_name(asked, pollutant))
    x = {
        "field": "jour",
        "type": "temporal",
        "timeUnit": "utcyearmonthdate",
        "title": asked.say("Jour"),
        "axis": {"format": "%-d %b", "labelOverlap": True},
    }
    y = {"type": "quantitative", "title": "µg/m³", "scale": {"zero": True}}
    shade = {
        "field": "nature",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [asked.say("mesuré"), asked.say("prévu")], "range": [COLOUR, COLOUR_2]},
    }
    spec = {
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 6, "opacity": 0.35, "color": COLOUR_2},
                "encoding": {"x": x, "y": y | {"field": "bas"}, "y2": {"field": "haut"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60},
                "encoding": {
                    "x": x,
                    "y": y | {"field": "valeur"},
                    "color": shade,
                    "shape": {"field": "nature", "legend": None},
                },
            },
        ],
    }
    columns = (
        _column(asked, "jour", "date", "Jour"),
        _column(asked, "valeur", "number", "Valeur", "µg/m³"),
        _column(asked, "bas", "number", "Borne basse", "µg/m³"),
        _column(asked, "haut", "number", "Borne haute", "µg/m³"),
        _column(asked, "nature", "text", "Nature"),
    )
    text = asked.say(
        "Un point par jour ; la barre des jours prévus est l’intervalle qui doit contenir la valeur neuf fois sur dix."
    )
    return [Chart(title, text, cast("Mapping[str, None]", spec), columns, tuple(values))]


def _past(asked: Asked, rows: Sequence[Row]) -> Block:
    columns = (
        _column(asked, "date_ech", "date", "Jour"),
        _column(asked, "nature", "text", "Nature"),
        _column(asked, "code_qual", "integer", "Indice"),
        _column(asked, "lib_qual", "text", "Qualificatif"),
        _column(asked, "polluants", "text", "Polluants en cause"),
    )
    told = tuple(
        {
            "date_ech": r["date_ech"],
            "nature": asked.say(str(r["nature"])),
            "code_qual": r["code_qual"],
            "lib_qual": asked.say(str(r["lib_qual"])),
            "polluants": _names(asked, r["polluants"]),
        }
        for r in sorted(rows, key=lambda r: cast(date, r["date_ech"]), reverse=True)
    )
    return Rows(asked.say("Indice jour par jour"), columns, told, folded=True)


MAP = mark("Carte du dernier jour entier")


def _map(asked: Asked, tables: Mapping[str, pa.Table], today: date) -> list[Block]:
    """Drawn fainter where the doubt is larger; a point whose doubt is whole says nothing and is not drawn."""
    pollutant = asked.text("polluant") or "pm10"
    rows = (
        [r for r in cast("list[Row]", tables["carte"].to_pylist()) if r["polluant"] == pollutant]
        if "carte" in tables
        else []
    )
    if not rows:
        return [
            Said(
                asked.say(
                    "Pas de carte pour ce polluant : il faut au moins quatre stations de fond qui le mesurent."
                )
            )
        ]
    rows = [r for r in rows if float(str(r["doute"])) < 1.0]
    bounds = index.in_force(shipped().scales, "atmo", today).bounds[pollutant]

    def tone(value: float) -> Tone:
        return TONES[index.sub_index(value, bounds)] or "ok"

    marks = tuple(
        Mark(
            "point",
            ((point["lon"], point["lat"]),),
            asked.number(float(str(r["valeur"])), 0) + " µg/m³",
            asked.say(
                "entre %(low)s et %(high)s µg/m³",
                low=asked.number(float(str(r["bas"])), 0),
                high=asked.number(float(str(r["haut"])), 0),
            ),
            tone(float(str(r["valeur"]))),
            float(str(r["doute"])),
        )
        for r in rows
        for point in (cast("Mapping[str, float]", r["_point"]),)
    )
    title = asked.say("Entre les stations : %(name)s", name=_name(asked, pollutant))
    columns = (
        _column(asked, "lat", "number", mark("Latitude")),
        _column(asked, "lon", "number", mark("Longitude")),
        _column(asked, "valeur", "number", "Valeur", "µg/m³"),
        _column(asked, "bas", "number", "Borne basse", "µg/m³"),
        _column(asked, "haut", "number", "Borne haute", "µg/m³"),
    )
    surest = sorted(rows, key=lambda r: float(str(r["doute"])))[:40]
    listed = tuple(
        {"lat": point["lat"], "lon": point["lon"], "valeur": r["valeur"], "bas": r["bas"], "haut": r["haut"]}
        for r in surest
        for point in (cast("Mapping[str, float]", r["_point"]),)
    )
    key = {"ok": asked.say("bon ou moyen"), "warn": asked.say("dégradé"), "bad": asked.say("mauvais ou pire")}
    note = asked.say(
        "Les quarante points les plus sûrs ; tous sont dans le jeu de données. Plus un point est pâle, moins on en sait."
    )
    return [Map(asked.say(MAP), marks, title, key), Rows(title, columns, listed, note, folded=True)]


def _skill(asked: Asked, rows: Sequence[Row]) -> list[Block]:
    judged = [r for r in rows if r["gain"] is not None]
    if not judged:
        return [Said(asked.say("La prévision n’a pas encore été jugée sur assez de jours."))] if rows else []
    columns = (
        _column(asked, "polluant", "text", "Polluant"),
        _column(asked, "echeance", "text", "Échéance"),
        _column(asked, "jours_juges", "integer", "Jours jugés"),
        _column(asked, "erreur", "number", "Erreur moyenne", "µg/m³"),
        _column(asked, "gain", "text", "Gain sur la persistance"),
        _column(asked, "reference", "text", "Meilleure persistance"),
        _column(asked, "couverture", "text", "Couverture"),
    )
    told = tuple(
        {
            "polluant": _name(asked, r["polluant"]),
            "echeance": asked.say(DAYS[int(str(r["echeance"]))]),
            "jours_juges": r["jours_juges"],
            "erreur": r["erreur"],
            "gain": f"{asked.number(100 * float(str(r['gain'])), 0)} %",
            "reference": asked.say(REFERENCES[str(r["reference"])]),
            "couverture": asked.percent(float(str(r["couverture"]))),
        }
        for r in judged
    )
    best = max(judged, key=lambda r: float(str(r["gain"])))
    figures = Figures(
        (
            Figure(
                f"{asked.number(100 * float(str(best['gain'])), 0)} %",
                asked.say("d’erreur en moins que la meilleure persistance"),
                asked.say(
                    "%(name)s, %(day)s",
                    name=_name(asked, best["polluant"]),
                    day=asked.say(DAYS[int(str(best["echeance"]))]),
                ),
            ),
        )
    )
    note = asked.say(
        "Chaque jour jugé a été prévu sans le connaître. Un gain négatif dit que la prévision fait pire que de répéter."
    )
    return [figures, Rows(asked.say("Ce que vaut la prévision"), columns, told, note, folded=True)]
