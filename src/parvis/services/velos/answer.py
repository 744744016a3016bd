"""« Will I find a bike there at 8:40, and a dock at the other end? »: the chance of each, where else to go,
and what our chances were worth so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from parvis.core.types import Column, Json
from parvis.methods.bikes.history import Floats, Ints
from parvis.methods.bikes.nearby import ranked, ride_s
from parvis.methods.sphere import distances
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
    Tone,
)
from parvis.services.nearest import straight_line
from parvis.services.velos import arrays
from parvis.services.velos.learning import KIND_NAMES
from parvis.services.velos.onfoot import OnFoot, on_foot

BIKES = {"velo": "n’importe lequel", "mecanique": "mécanique", "electrique": "électrique"}
"""What can be asked for, by the column of its chance in the forecasts."""

HABITS = {
    "velo": "avec_velo",
    "mecanique": "avec_mecanique",
    "electrique": "avec_electrique",
    "place": "avec_place",
}
COUNTS = {"velo": "velos", "mecanique": "mecaniques", "electrique": "electriques", "place": "places"}

LIKELY, EVEN = 0.8, 0.5
SHOWN = 6
SOON = timedelta(minutes=5)
"""Who says no time leaves now, and is there in some minutes."""

OUT = ("fermée", "sans nouvelles")
SHUT = {"velo": "retour seul", "mecanique": "retour seul", "electrique": "retour seul", "place": "prêt seul"}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be found at each station that can be recommended: shape (m,). chance: of one at least, NaN
    where nothing is known.

    by: forecast or habit.
    """

    ids: Sequence[str]
    names: Sequence[str]
    lon: Floats
    lat: Floats
    count: Sequence[int | None]
    chance: Floats
    by: str


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The chance at the nearest sensible station and at the end; then both tables, the map, the hours to
    come, yesterday's score and the doubts.
    """
    if "previsions" not in tables or "etat" not in tables or asked.at is None:
        return ()
    when = asked.moment("heure") or asked.now + SOON
    wish = asked.text("velo") or "velo"
    start, end = asked.spot("depart"), asked.spot("arrivee")
    blocks: list[Block] = []
    leaving = outlook(asked, tables, wish, when)
    feet = None if start is None else on_foot(tables, leaving.ids, start)
    if start is None or feet is None:
        blocks.append(_overview(asked, leaving, when, wish))
        blocks.append(_everywhere(asked, leaving))
        blocks.append(_all_rows(asked, leaving))
    else:
        taking = _near(asked, tables, leaving, start, feet, when, wish)
        if end is None:
            blocks += taking
        else:
            far = float(distances(np.array([end.lat]), np.array([end.lon]), start.lat, start.lon)[0])
            there = when + timedelta(seconds=ride_s(far))
            docking = outlook(asked, tables, "place", there)
            feet_there = on_foot(tables, docking.ids, end)
            whole = _both(asked, (leaving, feet, when), (docking, feet_there, there), wish)
            blocks += [*whole, *taking[1:]] if whole else taking
            blocks += _near(asked, tables, docking, end, feet_there, there, "place")
        best = _ranked(leaving, feet)
        if len(best):
            blocks += _to_come(asked, tables, leaving.ids[int(best[0])], leaving.names[int(best[0])], wish)
    blocks += _doubts(asked, tables, leaving, feet)
    blocks += _worth(asked, tables)
    return tuple(blocks)


def outlook(asked: Asked, tables: Mapping[str, pa.Table], wish: str, when: datetime) -> Outlook:
    """Chances at a moment: from the forecasts up to two hours after the feed's moment, from habit beyond, so
    that a feed that went silent fades into habit.

    Closed and silent stations are left out.
    """
    state = tables["etat"]
    state = arrays.where(
        state, np.array([s not in (*OUT, SHUT[wish]) for s in arrays.texts(state, "etat")], np.bool_)
    )
    ids = arrays.texts(state, "station_id")
    told = tables["previsions"]
    since = max(arrays.seconds(told, "flux_du").tolist(), default=int(asked.now.timestamp()))
    ahead_min = (when.timestamp() - since) / 60
    last = int(arrays.counts(told, "horizon_min").max(initial=0))
    held = arrays.counts(state, COUNTS[wish])
    now = np.where(held < 0, np.nan, held > 0)
    if ahead_min > last:
        chance, by = _habit(tables.get("fiabilite"), ids, wish, when.astimezone(asked.speech.zone)), "habit"
    else:
        chance, by = _forecast(told, ids, wish, max(ahead_min, 0.0), now), "forecast"
    place = arrays.points(state)
    return Outlook(
        ids,
        arrays.texts(state, "nom"),
        place[:, 0],
        place[:, 1],
        [None if h < 0 else h for h in held.tolist()],
        chance,
        by,
    )


def _forecast(told: pa.Table, ids: Sequence[str], wish: str, ahead_min: float, now: Floats) -> Floats:
    """Between the horizons that are published the chance goes straight from one to the next; a station that
    has no forecast has no chance told.
    """
    at, chance, names = (
        arrays.counts(told, "horizon_min"),
        arrays.numbers(told, wish),
        arrays.texts(told, "station_id"),
    )
    horizons = np.unique(at).tolist()
    rank = {station: number for number, station in enumerate(ids)}
    grid = np.full((len(horizons) + 1, len(ids)), np.nan)
    grid[0] = now
    for horizon, station, part in zip(at.tolist(), names, chance.tolist(), strict=True):
        if station in rank:
            grid[1 + horizons.index(horizon), rank[station]] = part
    place = float(np.interp(ahead_min, [0, *horizons], range(len(horizons) + 1)))
    low = int(place)
    high = min(low + 1, len(horizons))
    return grid[low] + (place - low) * (grid[high] - grid[low])


def _habit(habits: pa.Table | None, ids: Sequence[str], wish: str, local: datetime) -> Floats:
    """Beyond two hours what a station holds now says next to nothing: the share of the time, at that hour, on
    such days.
    """
    if habits is None or not habits.num_rows:
        return np.full(len(ids), np.nan)
    # Public holidays are told apart where they were learned; a visitor's plan for one within the day is rare
    # enough to be read as that weekday.
    kind = KIND_NAMES[1 if local.weekday() >= 5 else 0]
    hour = arrays.where(habits, arrays.counts(habits, "minute") == local.hour * 60)
    rows = arrays.where(hour, np.array([k == kind for k in arrays.texts(hour, "jour")], np.bool_))
    share = dict(
        zip(arrays.texts(rows, "station_id"), arrays.numbers(rows, HABITS[wish]).tolist(), strict=True)
    )
    return np.array([share.get(i, np.nan) for i in ids], np.float64)


def _tone(chance: float) -> Tone:
    return "" if np.isnan(chance) else "ok" if chance >= LIKELY else "warn" if chance >= EVEN else "bad"


def _chance(asked: Asked, chance: float) -> str:
    return "?" if np.isnan(chance) else asked.percent(chance)


def _ranked(seen: Outlook, feet: OnFoot) -> Ints:
    """Stations from the best: see `methods.bikes.nearby.ranked`; none too far on foot, none of which nothing
    is known.
    """
    kept = np.flatnonzero(np.isfinite(feet.seconds) & ~np.isnan(seen.chance))
    return kept[ranked(feet.seconds[kept], seen.chance[kept])]


def _next_door(tables: Mapping[str, pa.Table], seen: Outlook, best: int) -> tuple[int, float] | None:
    """Where to go from a station that turns out empty or full, and how many seconds away it is; None when its
    neighbours are not known.
    """
    rows = tables["voisines"].to_pylist() if "voisines" in tables else []
    rank = {station: number for number, station in enumerate(seen.ids)}
    near = [
        (rank[r["voisine_id"]], float(r["duree_s"]))
        for r in rows
        if r["station_id"] == seen.ids[best] and r["voisine_id"] in rank
    ]
    near = [(place, s) for place, s in near if not np.isnan(seen.chance[place])]
    if not near:
        return None
    return near[int(ranked(np.array([s for _, s in near]), seen.chance[[place for place, _ in near]])[0])]


# --- what is said -------------------------------------------------------------------------------------------


def _overview(asked: Asked, seen: Outlook, when: datetime, wish: str) -> Said:
    known = seen.chance[~np.isnan(seen.chance)]
    likely = int((known >= LIKELY).sum())
    text = asked.count(
        "Vers %(hour)s, %(n)s station sur %(total)s aura très probablement %(what)s.",
        "Vers %(hour)s, %(n)s stations sur %(total)s auront très probablement %(what)s.",
        likely,
        hour=_hour(asked, when),
        total=asked.number(len(seen.ids)),
        what=_sought(asked, wish),
    )
    note = asked.say("Dites d’où vous partez pour savoir laquelle.")
    return Said(text, "ok" if likely >= len(seen.ids) / 2 else "warn", note)


_End = tuple[Outlook, OnFoot, datetime]
"""What may be found at an end of the way, how far each station is, and when."""


def _both(asked: Asked, start: _End, end: _End, wish: str) -> list[Block]:
    """The whole way in one sentence, before either end's own; nothing when an end has no station."""
    best = [
        (seen, feet, when, int(order[0]))
        for seen, feet, when in (start, end)
        if len(order := _ranked(seen, feet))
    ]
    if len(best) < 2:
        return []
    (one, feet, when, a), (other, feet_there, there, b) = best
    parts = [float(one.chance[a]), float(other.chance[b])]
    values = {
        "what": _sought(asked, wish),
        "hour": _hour(asked, when),
        "chance": _chance(asked, parts[0]),
        "from": one.names[a],
        "walk": asked.number(_minutes(feet.seconds[a])),
        "there": _hour(asked, there),
        "dock": _chance(asked, parts[1]),
        "to": other.names[b],
        "last": asked.number(_minutes(feet_there.seconds[b])),
    }
    if "habit" in (one.by, other.by):
        text = asked.say(
            "D’habitude vers %(hour)s, on trouve %(what)s à « %(from)s » %(chance)s du temps, à %(walk)s min à pied ; "
            "à l’arrivée vers %(there)s, une place à « %(to)s » %(dock)s du temps, à %(last)s min à pied.",
            **values,
        )
    else:
        text = asked.say(
            "À %(hour)s, %(chance)s de chances de trouver %(what)s à « %(from)s », à %(walk)s min à pied ; "
            "à l’arrivée vers %(there)s, %(dock)s de chances de trouver une place à « %(to)s », à %(last)s min à pied.",
            **values,
        )
    return [Said(text, _tone(min(parts)))]


def _hour(asked: Asked, when: datetime) -> str:
    """An hour of today, or of tomorrow and said so."""
    zone = asked.speech.zone
    same = when.astimezone(zone).date() == asked.now.astimezone(zone).date()
    return asked.hour(when) if same else asked.say("%(hour)s demain", hour=asked.hour(when))


def _sought(asked: Asked, wish: str) -> str:
    return {
        "velo": asked.say("un vélo"),
        "mecanique": asked.say("un vélo mécanique"),
        "electrique": asked.say("un vélo électrique"),
        "place": "",
    }[wish]


def _near(
    asked: Asked,
    tables: Mapping[str, pa.Table],
    seen: Outlook,
    spot: Spot,
    feet: OnFoot,
    when: datetime,
    wish: str,
) -> list[Block]:
    """One end of the way: a sentence, the other stations around, and where they are. wish: what is looked
    for; a dock at the end.
    """
    taking = wish != "place"
    here = asked.say("votre position")
    order = _ranked(seen, feet)[:SHOWN]
    if not len(order):
        text = (
            asked.say(
                "Aucune station ouverte à moins de vingt minutes à pied de « %(place)s ».",
                place=spot.name or here,
            )
            if taking
            else asked.say(
                "À l’arrivée, aucune station ouverte à moins de vingt minutes à pied de « %(place)s ».",
                place=spot.name or here,
            )
        )
        return [Said(text, "bad")]
    best = int(order[0])
    on_foot = feet.seconds
    values = {
        "what": _sought(asked, wish),
        "hour": _hour(asked, when),
        "chance": _chance(asked, float(seen.chance[best])),
        "name": seen.names[best],
        "walk": asked.number(_minutes(on_foot[best])),
    }
    match (taking, seen.by):
        case (True, "habit"):
            text = asked.say(
                "Vers %(hour)s, on trouve d’habitude %(what)s à « %(name)s » %(chance)s du temps, à %(walk)s min à pied.",
                **values,
            )
        case (True, _):
            text = asked.say(
                "À %(hour)s, %(chance)s de chances de trouver %(what)s à « %(name)s », à %(walk)s min à pied.",
                **values,
            )
        case (False, "habit"):
            text = asked.say(
                "À l’arrivée vers %(hour)s, on trouve d’habitude une place à « %(name)s » %(chance)s du temps, à %(walk)s min à pied.",
                **values,
            )
        case _:
            text = asked.say(
                "À l’arrivée vers %(hour)s, %(chance)s de chances de trouver une place à « %(name)s », à %(walk)s min à pied.",
                **values,
            )
    blocks: list[Block] = [Said(text, _tone(float(seen.chance[best])))]
    nearest = int(min(order, key=lambda i: on_foot[i]))
    if nearest != best:
        blocks.append(
            Said(
                asked.say(
                    "« %(name)s » est plus près (%(walk)s min), mais %(chance)s de chances seulement.",
                    name=seen.names[nearest],
                    walk=asked.number(_minutes(on_foot[nearest])),
                    chance=_chance(asked, float(seen.chance[nearest])),
                ),
                "warn",
            )
        )
    surer = next((int(i) for i in order[1:] if seen.chance[i] >= LIKELY), None)
    if seen.chance[best] < LIKELY and surer is not None:
        text = asked.say(
            "Plus sûr : « %(name)s », à %(walk)s min, %(chance)s de chances.",
            name=seen.names[surer],
            walk=asked.number(_minutes(on_foot[surer])),
            chance=_chance(asked, float(seen.chance[surer])),
        )
        blocks.append(Said(text, "ok"))
    if (other := _next_door(tables, seen, best)) is not None:
        said = {
            "name": seen.names[other[0]],
            "walk": asked.number(_minutes(other[1])),
            "chance": _chance(asked, float(seen.chance[other[0]])),
        }
        text = (
            asked.say(
                "S’il n’y en a plus : « %(name)s », à %(walk)s min de là à pied, %(chance)s de chances.",
                **said,
            )
            if taking
            else asked.say(
                "Si elle est pleine : « %(name)s », à %(walk)s min de là à pied, %(chance)s de chances d’une place.",
                **said,
            )
        )
        blocks.append(Said(text))
    title = asked.say("Où prendre un vélo") if taking else asked.say("Où laisser le vélo")
    columns = (
        Column("nom", title=asked.say("Station")),
        Column("pied", "integer", title=asked.say("À pied"), unit="min"),
        Column("chance", title=asked.say("Chances")),
        Column("nombre", "integer", title=asked.say("En ce moment")),
    )
    rows = tuple(
        {
            "nom": seen.names[i],
            "pied": _minutes(on_foot[i]),
            "chance": _chance(asked, float(seen.chance[i])),
            "nombre": seen.count[i],
        }
        for i in map(int, order)
    )
    note = asked.say("La première est celle où l’on perd le moins de temps, marche et déconvenue comptées.")
    how = asked.say("Temps à pied par les rues.") if feet.streetwise else straight_line(asked)
    blocks.append(Rows(title, columns, rows, f"{note} {how}"))
    marks = [_mark(asked, seen, int(i)) for i in order]
    marks.append(
        Mark(
            "point",
            ((spot.lon, spot.lat),),
            spot.name or here,
            asked.say("vous") if taking else asked.say("votre but"),
        )
    )
    blocks.append(
        Map(
            asked.say("Autour de « %(place)s »", place=spot.name or here), tuple(marks), title, _legend(asked)
        )
    )
    return blocks


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))


def _mark(asked: Asked, seen: Outlook, index: int) -> Mark:
    chance = float(seen.chance[index])
    doubt = 1.0 if np.isnan(chance) else 1 - abs(2 * chance - 1)
    return Mark(
        "point",
        ((float(seen.lon[index]), float(seen.lat[index])),),
        seen.names[index],
        _chance(asked, chance),
        _tone(chance),
        doubt,
    )


def _legend(asked: Asked) -> Mapping[str, str]:
    return {
        "ok": asked.say("8 chances sur 10 ou plus"),
        "warn": asked.say("de 5 à 8 sur 10"),
        "bad": asked.say("moins d’une sur deux"),
    }


def _everywhere(asked: Asked, seen: Outlook) -> Map:
    marks = tuple(_mark(asked, seen, i) for i in range(len(seen.ids)))
    return Map(
        asked.say("Chances, station par station"),
        marks,
        asked.say("Chances à chaque station"),
        _legend(asked),
    )


def _all_rows(asked: Asked, seen: Outlook) -> Rows:
    columns = (
        Column("nom", title=asked.say("Station")),
        Column("chance", title=asked.say("Chances")),
        Column("nombre", "integer", title=asked.say("En ce moment")),
    )
    order = np.argsort(np.where(np.isnan(seen.chance), 2.0, seen.chance), kind="stable")
    rows = tuple(
        {"nom": seen.names[i], "chance": _chance(asked, float(seen.chance[i])), "nombre": seen.count[i]}
        for i in map(int, order)
    )
    return Rows(asked.say("Chances à chaque station"), columns, rows, asked.say("Les moins sûres d’abord."))


def _to_come(asked: Asked, tables: Mapping[str, pa.Table], station: str, name: str, wish: str) -> list[Block]:
    """The next two hours at the station that was recommended."""
    told = tables["previsions"]
    rows = (
        arrays.where(told, np.array([s == station for s in arrays.texts(told, "station_id")], np.bool_))
        .sort_by("horizon_min")
        .to_pylist()
    )
    if not rows:
        return []
    middle = min(rows, key=lambda r: abs(int(r["horizon_min"]) - 30))
    figure = Figure(
        asked.number(float(middle["velos"]), 1),
        asked.say("vélos attendus à « %(name)s » dans une demi-heure", name=name),
        asked.say(
            "vélos : de %(low)s à %(high)s, %(mass)s du temps",
            low=asked.number(int(middle["velos_bas"])),
            high=asked.number(int(middle["velos_haut"])),
            mass=asked.percent(float(middle["masse"])),
        ),
    )
    columns = (
        Column("horizon_min", "integer", title=asked.say("Dans"), unit="min"),
        Column("chance", "number", title=asked.say("Un vélo"), unit="%"),
        Column("place", "number", title=asked.say("Une place"), unit="%"),
    )
    values = tuple(
        {
            "horizon_min": int(r["horizon_min"]),
            "chance": _hundredths(r[wish]),
            "place": _hundredths(r["place"]),
        }
        for r in rows
    )
    axis: Json = {
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "title": asked.say("chances sur cent"),
    }
    across: Json = {"field": "horizon_min", "type": "quantitative", "title": asked.say("minutes à venir")}
    data: list[Json] = [dict(row) for row in values]
    spec: dict[str, Json] = {
        "data": {"values": data},
        "encoding": {"x": across},
        "layer": [
            {
                "mark": {"type": "line", "point": {"color": COLOUR}, "color": COLOUR},
                "encoding": {"y": {"field": "chance", **axis}},
            },
            {
                "mark": {
                    "type": "line",
                    "point": {"color": COLOUR_2},
                    "strokeDash": [4, 3],
                    "color": COLOUR_2,
                },
                "encoding": {"y": {"field": "place", **axis}},
            },
        ],
    }
    text = asked.say(
        "À « %(name)s » : en trait plein, les chances d’un vélo ; en tirets, celles d’une place.", name=name
    )
    return [Figures((figure,)), Chart(asked.say("Les deux heures à venir"), text, spec, columns, values)]


def _hundredths(part: float | None) -> float | None:
    return None if part is None else round(100 * part, 1)


def _doubts(asked: Asked, tables: Mapping[str, pa.Table], seen: Outlook, near: OnFoot | None) -> list[Block]:
    """What can hardly be right, near the visitor or everywhere."""
    doubts = tables["doutes"].to_pylist() if "doutes" in tables else []
    names = dict(zip(seen.ids, seen.names, strict=True))
    if near is not None:
        close = {seen.ids[int(i)] for i in _ranked(seen, near)[:SHOWN]}
        doubts = [d for d in doubts if d["station_id"] in close]
    words = {
        "figée": asked.say("rien n’y bouge"),
        "vélos": asked.say("vélos qui ne partent jamais"),
        "places": asked.say("places qui ne servent jamais"),
    }
    rows = tuple(
        {"nom": names[d["station_id"]], "doute": words[d["doute"]], "nombre": d["nombre"]}
        for d in doubts
        if d["station_id"] in names
    )
    if not rows:
        return []
    columns = (
        Column("nom", title=asked.say("Station")),
        Column("doute", title=asked.say("Doute")),
        Column("nombre", "integer", title=asked.say("Nombre")),
    )
    note = asked.say(
        "Trop longtemps immobile au vu de la demande : la station ou ces vélos sont peut-être en panne. Les chances ne le savent pas."
    )
    return [Rows(asked.say("Nombres douteux"), columns, rows, note)]


def _worth(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    """What the forecasts of the last day scored were worth, against saying that nothing changes."""
    scores = [
        r
        for r in (tables["scores"].to_pylist() if "scores" in tables else [])
        if r["quantite"] in ("velos", "places") and r["horizon_min"] > 5
    ]
    if not scores:
        return []
    day = max(r["jour"] for r in scores)
    last = sorted(
        (r for r in scores if r["jour"] == day), key=lambda r: (r["quantite"] != "velos", r["horizon_min"])
    )
    columns = (
        Column("quoi", title=asked.say("Prévision")),
        Column("horizon", "integer", title=asked.say("À l’avance"), unit="min"),
        Column("gain", title=asked.say("Erreur en moins sur « il n’y en aura pas »")),
        Column("loi", title=asked.say("Erreur en moins sur le nombre")),
        Column("couverture", title=asked.say("Dans l’intervalle à 80 %")),
        Column("pit", "number", title=asked.say("Défaut de calage")),
        Column("n", "integer", title=asked.say("Prévisions")),
    )
    what = {"velos": asked.say("vélos"), "places": asked.say("places")}
    rows = tuple(
        {
            "quoi": what[r["quantite"]],
            "horizon": r["horizon_min"],
            "gain": _gain(asked, r["brier_vide"], r["brier_vide_inchange"]),
            "loi": _gain(asked, r["crps"], r["crps_inchange"]),
            "couverture": asked.percent(r["couverture"]),
            "pit": r["ecart_pit"],
            "n": r["previsions"],
        }
        for r in last
    )
    note = asked.say(
        "Comparé à qui dirait que rien ne changera. Le modèle n’avait pas vu cette journée. "
        "Défaut de calage : 0 quand ce qui est dit arriver une fois sur dix arrive une fois sur dix."
    )
    return [
        Rows(asked.say("Ce que valaient nos prévisions du %(day)s", day=asked.day(day)), columns, rows, note)
    ]


def _gain(asked: Asked, mine: float, same: float) -> str:
    return (
        asked.say("sans objet")
        if same <= 0
        else asked.percent(1 - mine / same)
        if mine <= same
        else asked.say("aucune")
    )
