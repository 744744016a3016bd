"""« Where can I charge, now, near here? »: the nearest station with a free point of the plug that is wanted, and what is
not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa

from parvis.core.types import Column
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Rows, Said, Tone
from parvis.services.nearest import closest, nearest, straight_line
from parvis.services.recharge.stations import Now, Point, Station, latest, now_of, plug_names, stations

LISTED = 8
ANY = "toutes"
PLUG_CHOICES = {
    ANY: "n’importe laquelle",
    "2": "type 2",
    "combo_ccs": "combo CCS",
    "chademo": "CHAdeMO",
    "ef": "prise domestique",
}
POWERS = {"0": "peu importe", "22": "22 kW et plus", "50": "rapide, 50 kW et plus"}
QUIET = timedelta(hours=1)
"""A free point that has said nothing new for so long: told beside the answer."""
TONES: Mapping[str, Tone] = {"libre": "ok", "occupé": "bad", "hors service": "bad", "fermé": "bad"}
"""What is not here is not known: never green."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A station, those of its points that fit what is wanted, and what is known of them. minutes: on foot, 0 when nobody
    said where from.
    """

    station: Station
    points: tuple[Point, ...]
    now: Now
    minutes: int = 0
    by_streets: bool = False


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """One sentence with its moment, the stations around, the map."""
    if "points" not in tables:
        return ()
    fit = _fit(asked, tables)
    if not fit:
        return (Said(asked.say("Aucun point de charge ouvert à tous ne répond à cette demande."), "warn"),)
    spot = asked.spot("lieu")
    if spot is None:
        order = sorted(fit, key=lambda f: (f.now.state != "libre", f.station.name))
        return [_overview(asked, fit), *_stations(asked, order)]
    walks = nearest(spot, [(f.station.lon, f.station.lat) for f in fit], tables.get("rues"))
    near = [
        Fit(fit[w.index].station, fit[w.index].points, fit[w.index].now, w.minutes, w.by_streets)
        for w in walks
    ]
    if not near:
        number, far = closest(spot, [(f.station.lon, f.station.lat) for f in fit])
        text = asked.say(
            "Aucun point de charge à moins de vingt minutes à pied de « %(place)s » : le plus proche, « %(name)s », est à %(far)s km.",
            place=spot.name or asked.say("votre position"),
            name=fit[number].station.name,
            far=asked.number(far, 1),
        )
        return [Said(text, "warn"), *_stations(asked, [fit[number]])]
    return [_lead(asked, near), *_stations(asked, near)]


def _fit(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Fit]:
    """The stations open to all with a point that has the plug and the power wanted."""
    plug = asked.text("prise") if asked.text("prise") in PLUG_CHOICES and asked.text("prise") != ANY else ""
    least = float(asked.text("puissance") or 0)
    states = latest(tables.get("etats"))
    out = list[Fit]()
    for station in stations(tables["points"]):
        points = tuple(p for p in station.points if p.power >= least and (not plug or plug in p.plugs))
        if points and station.access != "Accès réservé" and (station.free or not asked.ticked("gratuit")):
            out.append(
                Fit(station, points, now_of(station, points, states, plug, asked.now, asked.speech.zone))
            )
    return out


def _lead(asked: Asked, near: Sequence[Fit]) -> Said:
    """The nearest with a free point; else the nearest of which nothing is known; else the nearest, taken."""
    best = next((f for f in near if f.now.state == "libre"), None)
    unknown = next((f for f in near if f.now.state not in TONES), None)
    if best is not None:
        text = asked.say(
            "À « %(name)s », à %(walk)s min à pied : %(free)s, %(power)s.",
            free=_free(asked, best.now),
            **_values(asked, best),
        )
        return Said(text, "ok", _note(asked, best, near[0]), dated=best.now.at)
    if unknown is not None:
        text = (
            asked.say(
                "La station « %(name)s » est à %(walk)s min à pied, mais on ne sait plus si un point y est libre.",
                **_values(asked, unknown),
            )
            if unknown.now.since is not None
            else asked.say(
                "La station « %(name)s » est à %(walk)s min à pied ; personne ne dit ici si un point y est libre.",
                **_values(asked, unknown),
            )
        )
        return Said(text, "", dated=unknown.now.at)
    first = near[0]
    text = asked.say(
        "Aucun point libre à moins de vingt minutes à pied : « %(name)s », la plus proche, est %(state)s.",
        state=_state(asked, first.now),
        **_values(asked, first),
    )
    return Said(text, "bad", dated=first.now.at)


def _values(asked: Asked, one: Fit) -> dict[str, str]:
    power = asked.number(max(p.power for p in one.points), 1)
    return {
        "name": one.station.name,
        "walk": asked.number(one.minutes),
        "power": asked.say("jusqu’à %(power)s kW", power=power),
    }


def _free(asked: Asked, now: Now) -> str:
    return asked.count(
        "%(n)s point libre sur %(of)s", "%(n)s points libres sur %(of)s", now.free, of=asked.number(now.of)
    )


def _state(asked: Asked, now: Now) -> str:
    """The state of a station, to follow « est »."""
    words = {
        "libre": asked.say("libre"),
        "occupé": asked.say("occupée"),
        "hors service": asked.say("hors service"),
        "fermé": asked.say("fermée à cette heure"),
        "sans nouvelles": asked.say("sans nouvelles"),
        "non dit": asked.say("sans état publié"),
    }
    return words[now.state]


def _note(asked: Asked, best: Fit, first: Fit) -> str:
    """What makes it doubtful, and why no nearer one."""
    parts = [asked.say("Un point libre peut être pris avant votre arrivée, et la place devant lui occupée.")]
    if first.station.id != best.station.id:
        parts.insert(
            0,
            asked.say(
                "« %(name)s », plus près : %(state)s.",
                name=first.station.name,
                state=_state(asked, first.now),
            ),
        )
    if best.now.since and best.now.at and best.now.at - best.now.since > QUIET:
        parts.insert(0, asked.say("Rien n’y a changé depuis %(when)s.", when=_when(asked, best.now)))
    return " ".join(parts)


def _overview(asked: Asked, fit: Sequence[Fit]) -> Said:
    sure = [f for f in fit if f.now.state in TONES]
    note = asked.say("Dites où vous êtes pour savoir laquelle.")
    if not any(f.now.at for f in sure):
        text = asked.count(
            "%(n)s station de recharge est connue ; personne ne dit en ce moment si un point y est libre.",
            "%(n)s stations de recharge sont connues ; personne ne dit en ce moment si un point y est libre.",
            len(fit),
        )
        return Said(text, "", note)
    free = [f for f in sure if f.now.state == "libre"]
    text = asked.count(
        "%(n)s station de recharge sur %(of)s a un point libre.",
        "%(n)s stations de recharge sur %(of)s ont un point libre.",
        len(free),
        of=asked.number(len(fit)),
    )
    if len(sure) < len(fit):
        more = asked.count(
            "De %(n)s autre, on ne sait rien en ce moment.",
            "De %(n)s autres, on ne sait rien en ce moment.",
            len(fit) - len(sure),
        )
        note = f"{more} {note}"
    dated = next((f.now.at for f in sure if f.now.at), None)
    return Said(text, "ok" if 2 * len(free) >= len(sure) else "warn", note, dated=dated)


def _stations(asked: Asked, near: Sequence[Fit]) -> list[Block]:
    """The table, and the map of what stands in it."""
    walked = bool(near[0].minutes)
    free = [f for f in near if f.now.state == "libre"][: LISTED // 2]
    listed = [f for n, f in enumerate(near) if not walked or n < LISTED or f in free]
    title = asked.say("Les stations de recharge")
    columns = [
        Column("nom", title=asked.say("Station")),
        *([Column("pied", "integer", title=asked.say("À pied"), unit="min")] if walked else []),
        Column("etat", title=asked.say("État")),
        Column("depuis", title=asked.say("Dernière nouvelle")),
        Column("puissance", "number", title=asked.say("Puissance"), unit="kW"),
        Column("prises", title=asked.say("Prises")),
        Column("tarif", title=asked.say("Tarif")),
        Column("horaires", title=asked.say("Horaires")),
    ]
    rows = tuple(_row(asked, f) for f in listed)
    how = (
        ""
        if not walked
        else asked.say("Temps à pied par les rues, de la station au lieu demandé.")
        if all(f.by_streets for f in listed)
        else straight_line(asked)
    )
    marks = tuple(
        Mark(
            "point", ((f.station.lon, f.station.lat),), f.station.name, _short(asked, f.now),
            TONES.get(f.now.state, ""), 0.0 if f.now.state in TONES else 0.6,
        )
        for f in listed
    )  # fmt: skip
    key = {
        "ok": asked.say("un point libre au moins"),
        "bad": asked.say("occupée, hors service ou fermée"),
        "": asked.say("on ne sait pas"),
    }
    return [Rows(title, tuple(columns), rows, how), Map(asked.say("Où elles sont"), marks, title, key)]


def _short(asked: Asked, now: Now) -> str:
    return _free(asked, now) if now.state == "libre" else _state(asked, now)


def _row(asked: Asked, one: Fit) -> Mapping[str, object]:
    return {
        "nom": one.station.name,
        "pied": one.minutes,
        "etat": _short(asked, one.now),
        "depuis": _when(asked, one.now),
        "puissance": max(p.power for p in one.points),
        "prises": plug_names(one.points),
        "tarif": asked.say("gratuit") if one.station.free else one.station.price,
        "horaires": one.station.hours,
    }


def _when(asked: Asked, now: Now) -> str:
    return "" if now.since is None else asked.at_hour(now.since)
