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


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The blocks of the page."""
    rows = cast("list[Row]", tables["indice"].to_pylist()) if "indice" in tables else []
    if not rows:
        return (Said(request.say("Aucune mesure ne permet de calculer l’indice."), "warn"),)
    zone = str(rows[0]["code_zone"])
    rows = [r for r in rows if r["code_zone"] == zone]
    today = request.now.astimezone(zone_of(zone)).date()
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
    blocks: list[Block] = [
        *_index(request, rows, today),
        *_under_way(request, procedures, today, alone=not own),
        *_of_the_city(request, own, today),
    ]
    blocks += [
        *_done(request, [*procedures, *own], bounds, today),
        *_advice(request, rows, procedures, today),
        _coming(request, ahead),
    ]
    blocks += [
        *_chart(request, procedures, own, ahead, today),
        _past(request, rows),
        *_map(request, tables, today),
        *_skill(request, ahead),
        *_bounds(request, bounds),
    ]
    return tuple(blocks)


def _name(request: Asked, code: object) -> str:
    return request.say(NAMES.get(str(code), str(code)))


def _names(request: Asked, codes: object) -> str:
    """The pollutants of a list of codes (« pm10, o3 »), in words."""
    return ", ".join(_name(request, c) for c in str(codes).split(", ") if c)


def _because(request: Asked, codes: object) -> str:
    """« des particules PM10 et de l’ozone »."""
    causes = [request.say(BECAUSE.get(c, c)) for c in str(codes).split(", ") if c]
    return (
        request.say("%(list)s et %(last)s", list=", ".join(causes[:-1]), last=causes[-1])
        if len(causes) > 1
        else "".join(causes)
    )


def _index(request: Asked, rows: Sequence[Row], today: date) -> list[Block]:
    """Today's index, a forecast until the day is over, and tomorrow's. Where today's is unknown, the last
    measured one with its day, never as today's.
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
            return [Said(request.say("L’indice d’aujourd’hui n’est pas connu."), "warn")]
        sentence = request.say(
            "L’indice d’aujourd’hui n’est pas connu ; le dernier, du %(day)s, était %(word)s (%(code)s sur 6).",
            day=request.day(cast(date, last["date_ech"])),
            word=request.say(str(last["lib_qual"])).lower(),
            code=last["code_qual"],
        )
        return [Said(sentence, "warn", dated=cast(date, last["date_ech"]))]
    code = int(str(now["code_qual"]))
    values: dict[str, object] = {
        "word": request.say(str(now["lib_qual"])).lower(),
        "code": code,
        "why": _because(request, now["polluants"]),
        "zone": now["lib_zone"],
    }
    sentence = (
        request.say("Aujourd’hui, l’air est %(word)s (indice %(code)s sur 6), à cause %(why)s.", **values)
        if not now["lib_zone"]
        else request.say(
            "Aujourd’hui (%(zone)s), l’air est %(word)s (indice %(code)s sur 6), à cause %(why)s.", **values
        )
    )
    doubt = [request.say("C’est une prévision tant que la journée n’est pas finie.")]
    if not now["complet"]:
        doubt.append(
            request.say(
                "Tous les polluants ne sont pas mesurés ici : l’indice vrai peut être plus mauvais, jamais meilleur."
            )
        )
    blocks: list[Block] = [Said(sentence, TONES[code], " ".join(doubt), today)]
    if after is not None:
        code = int(str(after["code_qual"]))
        chance = after["proba_mauvais"]
        blocks.append(
            Said(
                request.say(
                    "Demain, il devrait être %(word)s (%(code)s sur 6) ; il y a %(chance)s de chances qu’il soit mauvais ou pire.",
                    word=request.say(str(after["lib_qual"])).lower(),
                    code=code,
                    chance=request.percent(float(str(chance or 0.0))),
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


def _when(request: Asked, shifts: Sequence[int]) -> str:
    """Today, tomorrow, or both, in words."""
    return request.say(BOTH if len(shifts) > 1 else DAYS[shifts[0]])


def _rows_with_shifts(
    rows: Sequence[Row], states: Collection[str], today: date
) -> list[tuple[Row, list[int]]]:
    """The rows of today and tomorrow that are in one of these states, each with its shifts (0 today, 1
    tomorrow). Two rows that differ by the day alone are one, with both shifts.
    """
    same: dict[tuple[object, ...], tuple[Row, list[int]]] = {}
    for shift in DAYS:
        for row in rows:
            if row["jour"] == today + timedelta(days=shift) and str(row["etat"]) in states:
                same.setdefault(tuple(row.get(k) for k in ("polluant", "etat", "connu", "motif")), (row, []))[
                    1
                ].append(shift)
    return list(same.values())


def _under_way(request: Asked, rows: Sequence[Row], today: date, *, alone: bool) -> list[Block]:
    """The states of today and tomorrow by the thresholds of the law. alone: the city has none of its own,
    which would follow.
    """
    blocks: list[Block] = []
    for row, shifts in _rows_with_shifts(rows, STATES, today):
        name = _name(request, row["polluant"])
        known = request.say(str(row["connu"] or "prévu"))
        text = request.say(
            STATES[str(row["etat"])], name=name[0].upper() + name[1:], known=known, day=_when(request, shifts)
        )
        if row["motif"] == "persistence":
            text += " " + request.say(
                "C’est une alerte sur persistance : le seuil d’information est passé plusieurs jours de suite."
            )
        blocks.append(Said(text, "warn" if row["etat"] == "information" else "bad"))
    if blocks:
        return [
            *blocks,
            Said(
                request.say("C’est un calcul de la ville : seul le préfet déclare un épisode de pollution.")
            ),
        ]
    calm = request.say(
        "Aucun seuil d’information ou d’alerte n’est passé, ni prévu pour demain."
        if alone
        else "Aucun seuil de la loi, d’information ou d’alerte, n’est passé, ni prévu pour demain."
    )
    return [Said(calm, "ok")] if rows else []


OWN = {
    "information": mark("%(name)s : seuil d’information de la ville passé %(day)s (%(known)s)."),
    "alert": mark("%(name)s : seuil d’alerte de la ville passé %(day)s (%(known)s)."),
}


def _of_the_city(request: Asked, rows: Sequence[Row], today: date) -> list[Block]:
    """The same by the thresholds that the city set itself, which may be stricter than those of the law."""
    blocks: list[Block] = []
    for row, shifts in _rows_with_shifts(rows, OWN, today):
        name, known = _name(request, row["polluant"]), request.say(str(row["connu"] or "prévu"))
        blocks.append(
            Said(
                request.say(
                    OWN[str(row["etat"])],
                    name=name[0].upper() + name[1:],
                    known=known,
                    day=_when(request, shifts),
                ),
                "warn",
            )
        )
    return blocks


def _done(request: Asked, rows: Sequence[Row], bounds: Sequence[Row], today: date) -> list[Block]:
    """What the city does today and tomorrow, once each, with what it is for."""
    column = "actions_en" if request.speech.code == "en" else "actions"
    shifts_of: dict[str, list[int]] = {}
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
                if shift not in shifts_of.setdefault(text, []):
                    shifts_of[text].append(shift)
    points = tuple(Point(text, _when(request, shifts)) for text, shifts in shifts_of.items())
    return [Points(request.say("Ce que fait la ville"), points)] if points else []


LEVELS = {1: "information", 2: "alerte"}


def _bounds(request: Asked, rows: Sequence[Row]) -> list[Block]:
    """The thresholds in force, the law's and the city's, side by side."""
    columns = (
        _column(request, "polluant", "text", "Polluant"),
        _column(request, "niveau", "text", "Niveau"),
        _column(request, "loi", "number", mark("Loi"), "µg/m³"),
        _column(request, "ville", "number", mark("Ville"), "µg/m³"),
        _column(request, "mesure", "text", "Mesure"),
    )
    lines: dict[tuple[str, int], dict[str, object]] = {}
    for row in rows:
        if row["echelon"]:
            continue
        level, hours = int(str(row["niveau"])), int(str(row["heures"]))
        measure = (
            request.say("moyenne du jour")
            if row["mesure"] == "jour"
            else request.say("moyenne d’une heure")
            if hours == 1
            else request.say("moyenne d’une heure, %(n)s heures de suite", n=request.number(hours))
        )
        blank: dict[str, object] = {
            "polluant": _name(request, row["polluant"]),
            "niveau": request.say(LEVELS[level]),
            "loi": None,
            "ville": None,
        }
        line = lines.setdefault((str(row["polluant"]), level), blank)
        line |= {str(row["cadre"]): row["seuil"], "mesure": measure}
    if not lines:
        return []
    note = request.say(
        "Un seuil est passé au-dessus de sa valeur. Ceux de la ville s’ajoutent à ceux de la loi, ils ne les remplacent pas."
    )
    texts = {str(row["texte"]): cast(date, row["depuis"]) for row in rows}
    sources = tuple(
        Point(text, request.say("en vigueur depuis le %(day)s", day=request.day(since)))
        for text, since in texts.items()
    )
    return [
        Rows(request.say("Seuils en vigueur"), columns, tuple(lines.values()), note, folded=True),
        Points(request.say("Textes dont ils sont pris"), sources, folded=True),
    ]


def _advice(request: Asked, rows: Sequence[Row], procedures: Sequence[Row], today: date) -> list[Block]:
    """For each public, who is meant and what to do. The advice for everybody comes first and is not repeated
    for the others; the source of the texts closes the part.
    """
    language = request.speech.code
    here = [r for r in procedures if r["jour"] == today and r["etat"] != "none"]
    order = ("none", "information", "kept", "alert")
    state = max((str(r["etat"]) for r in here), key=order.index, default="none")
    code = next((int(str(r["code_qual"])) for r in rows if r["date_ech"] == today), 0)
    pollutants = [str(r["polluant"]) for r in here]
    everybody = advice.advice(state, pollutants, "tous", poor=code >= 3)
    blocks: list[Block] = []
    for who, name in reversed(advice.PUBLICS.items()):
        texts = advice.advice(state, pollutants, who, poor=code >= 3)
        more = texts if who == "tous" else tuple(w for w in texts if w not in everybody)
        title = (
            mark("Que faire ? %(who)s")
            if who == "tous"
            else mark("%(who)s (%(are)s)")
            if more == texts
            else mark("%(who)s, en plus (%(are)s)")
        )
        blocks.append(
            Points(
                request.say(title, who=name.of(language), are=advice.WHO[who].of(language)),
                tuple(Point(w.of(language)) for w in more),
            )
        )
    return [
        *blocks,
        Said(
            request.say(
                "Ces conseils viennent de l’%(source)s.", source=advice.SOURCE[0].lower() + advice.SOURCE[1:]
            )
        ),
    ]


def _column(request: Asked, name: str, kind: str, title: str, unit: str = "") -> Column:
    """A column of a table of the page, its title in the visitor's language."""
    return Column(name, kind, title=request.say(title), unit=unit)  # type: ignore[arg-type]


COMING = mark("Prévisions d’aujourd’hui et de demain")


def _coming(request: Asked, rows: Sequence[Row]) -> Block:
    """The forecasts, by day, the likeliest to pass the information level first; a warning where there are
    none.
    """
    if not rows:
        return Said(
            request.say(
                "Pas de prévision : il faut les mesures de 120 jours au moins, et de moins d’un jour."
            ),
            "warn",
        )
    columns = (
        _column(request, "polluant", "text", "Polluant"),
        _column(request, "jour", "date", "Jour"),
        _column(request, "statistique", "text", "Statistique"),
        _column(request, "valeur", "number", "Prévision", "µg/m³"),
        _column(request, "bas", "number", "Borne basse", "µg/m³"),
        _column(request, "haut", "number", "Borne haute", "µg/m³"),
        _column(request, "chance", "text", "Probabilité de passer le seuil d’information"),
    )
    lines = tuple(
        {
            "polluant": _name(request, r["polluant"]),
            "jour": r["jour"],
            "statistique": request.say(str(r["statistique"])),
            "valeur": r["valeur"],
            "bas": r["bas"],
            "haut": r["haut"],
            "chance": request.percent(float(str(r["proba_information"]))),
        }
        for r in sorted(rows, key=lambda r: (cast(date, r["jour"]), -float(str(r["proba_information"]))))
    )
    note = request.say("La valeur doit tomber entre les deux bornes neuf fois sur dix.")
    sky = [at for r in rows if isinstance(at := r.get("meteo_du"), datetime)]
    if sky:
        note += " " + request.say(
            "Elle tient compte du temps prévu, annoncé le %(at)s.", at=request.speech.moment(max(sky))
        )
    return Rows(request.say(COMING), columns, lines, note, folded=True)


def _chart(
    request: Asked, procedures: Sequence[Row], own: Sequence[Row], ahead: Sequence[Row], today: date
) -> list[Block]:
    """The pollutant that was asked for: two weeks measured, two days forecast with their interval; a day
    without a value stays empty.
    """
    pollutant = request.text("polluant") or "pm10"
    values: list[dict[str, object]] = []
    for row in procedures if any(r["polluant"] == pollutant for r in procedures) else own:
        if row["polluant"] == pollutant and cast(date, row["jour"]) < today:
            values.append(
                {
                    "jour": cast(date, row["jour"]).isoformat(),
                    "valeur": row["valeur"],
                    "bas": None,
                    "haut": None,
                    "nature": request.say("mesuré"),
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
                    "nature": request.say("prévu"),
                }
            )
    if not any(v["valeur"] is not None for v in values):
        return []
    title = request.say("Deux semaines et les jours à venir : %(name)s", name=_name(request, pollutant))
    x = {
        "field": "jour",
        "type": "temporal",
        "timeUnit": "utcyearmonthdate",
        "title": request.say("Jour"),
        "axis": {"format": "%-d %b", "labelOverlap": True},
    }
    y = {"type": "quantitative", "title": "µg/m³", "scale": {"zero": True}}
    shade = {
        "field": "nature",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [request.say("mesuré"), request.say("prévu")], "range": [COLOUR, COLOUR_2]},
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
        _column(request, "jour", "date", "Jour"),
        _column(request, "valeur", "number", "Valeur", "µg/m³"),
        _column(request, "bas", "number", "Borne basse", "µg/m³"),
        _column(request, "haut", "number", "Borne haute", "µg/m³"),
        _column(request, "nature", "text", "Nature"),
    )
    text = request.say(
        "Un point par jour ; la barre des jours prévus est l’intervalle qui doit contenir la valeur neuf fois sur dix."
    )
    return [Chart(title, text, cast("Mapping[str, None]", spec), columns, tuple(values))]


def _past(request: Asked, rows: Sequence[Row]) -> Block:
    """The index of each day, the newest first."""
    columns = (
        _column(request, "date_ech", "date", "Jour"),
        _column(request, "nature", "text", "Nature"),
        _column(request, "code_qual", "integer", "Indice"),
        _column(request, "lib_qual", "text", "Qualificatif"),
        _column(request, "polluants", "text", "Polluants en cause"),
    )
    lines = tuple(
        {
            "date_ech": r["date_ech"],
            "nature": request.say(str(r["nature"])),
            "code_qual": r["code_qual"],
            "lib_qual": request.say(str(r["lib_qual"])),
            "polluants": _names(request, r["polluants"]),
        }
        for r in sorted(rows, key=lambda r: cast(date, r["date_ech"]), reverse=True)
    )
    return Rows(request.say("Indice jour par jour"), columns, lines, folded=True)


MAP = mark("Carte du dernier jour entier")


def _map(request: Asked, tables: Mapping[str, pa.Table], today: date) -> list[Block]:
    """Drawn fainter where the doubt is larger; a point whose doubt is whole says nothing and is not drawn."""
    pollutant = request.text("polluant") or "pm10"
    rows = (
        [r for r in cast("list[Row]", tables["carte"].to_pylist()) if r["polluant"] == pollutant]
        if "carte" in tables
        else []
    )
    if not rows:
        return [
            Said(
                request.say(
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
            request.number(float(str(r["valeur"])), 0) + " µg/m³",
            request.say(
                "entre %(low)s et %(high)s µg/m³",
                low=request.number(float(str(r["bas"])), 0),
                high=request.number(float(str(r["haut"])), 0),
            ),
            tone(float(str(r["valeur"]))),
            float(str(r["doute"])),
        )
        for r in rows
        for point in (cast("Mapping[str, float]", r["_point"]),)
    )
    title = request.say("Entre les stations : %(name)s", name=_name(request, pollutant))
    columns = (
        _column(request, "lat", "number", mark("Latitude")),
        _column(request, "lon", "number", mark("Longitude")),
        _column(request, "valeur", "number", "Valeur", "µg/m³"),
        _column(request, "bas", "number", "Borne basse", "µg/m³"),
        _column(request, "haut", "number", "Borne haute", "µg/m³"),
    )
    surest = sorted(rows, key=lambda r: float(str(r["doute"])))[:40]
    listed = tuple(
        {"lat": point["lat"], "lon": point["lon"], "valeur": r["valeur"], "bas": r["bas"], "haut": r["haut"]}
        for r in surest
        for point in (cast("Mapping[str, float]", r["_point"]),)
    )
    key = {
        "ok": request.say("bon ou moyen"),
        "warn": request.say("dégradé"),
        "bad": request.say("mauvais ou pire"),
    }
    note = request.say(
        "Les quarante points les plus sûrs ; tous sont dans le jeu de données. Plus un point est pâle, moins on en sait."
    )
    return [Map(request.say(MAP), marks, title, key), Rows(title, columns, listed, note, folded=True)]


def _skill(request: Asked, rows: Sequence[Row]) -> list[Block]:
    """How the forecast did on past days beside the best persistence; the best gain as the figure."""
    judged = [r for r in rows if r["gain"] is not None]
    if not judged:
        return (
            [Said(request.say("La prévision n’a pas encore été jugée sur assez de jours."))] if rows else []
        )
    columns = (
        _column(request, "polluant", "text", "Polluant"),
        _column(request, "echeance", "text", "Échéance"),
        _column(request, "jours_juges", "integer", "Jours jugés"),
        _column(request, "erreur", "number", "Erreur moyenne", "µg/m³"),
        _column(request, "gain", "text", "Gain sur la persistance"),
        _column(request, "reference", "text", "Meilleure persistance"),
        _column(request, "couverture", "text", "Couverture"),
    )
    lines = tuple(
        {
            "polluant": _name(request, r["polluant"]),
            "echeance": request.say(DAYS[int(str(r["echeance"]))]),
            "jours_juges": r["jours_juges"],
            "erreur": r["erreur"],
            "gain": f"{request.number(100 * float(str(r['gain'])), 0)} %",
            "reference": request.say(REFERENCES[str(r["reference"])]),
            "couverture": request.percent(float(str(r["couverture"]))),
        }
        for r in judged
    )
    best = max(judged, key=lambda r: float(str(r["gain"])))
    figures = Figures(
        (
            Figure(
                f"{request.number(100 * float(str(best['gain'])), 0)} %",
                request.say("d’erreur en moins que la meilleure persistance"),
                request.say(
                    "%(name)s, %(day)s",
                    name=_name(request, best["polluant"]),
                    day=request.say(DAYS[int(str(best["echeance"]))]),
                ),
            ),
        )
    )
    note = request.say(
        "Chaque jour jugé a été prévu sans le connaître. Un gain négatif dit que la prévision fait pire que de répéter."
    )
    return [figures, Rows(request.say("Ce que vaut la prévision"), columns, lines, note, folded=True)]
