"""The alert of a city's own thresholds: an episode for each pollutant and zone, beside those of the law, for
the same subscribers.

A step is not sent where the message of the law is at least as grave on each day that the step changes: of two
messages about one day readers get the graver. An episode that was sent gets its own end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.alerts.declaration import Alert
from parvis.alerts.message import ENDS, Area, Message, Part, Words
from parvis.methods.air import procedure
from parvis.methods.air.exceedance import Level
from parvis.methods.air.procedure import RANK, DayState, EpisodeStep, State, Why
from parvis.services.air import advice
from parvis.services.air.alert import NAMES, Done, Memory, changed, closing, done_of, headed, highest, span
from parvis.services.air.compute import CITY, LAW
from parvis.services.air.places import zone_of
from parvis.store import codec

NAME = "air-ville"
Row = Mapping[str, object]
Key = tuple[str, str]
"""Pollutant and zone."""


def look(tables: Mapping[str, pa.Table], known: str, now: datetime) -> tuple[str, Sequence[Message]]:
    """What the newest days make of each episode of the city's own thresholds. tables: `procedures` and
    `seuils`, as the service publishes them.

    The states of days are those that the service worked out: only it knows the city's rules. A pollutant that
    has no rule any more is a pollutant of which nothing is known, and its episode lapses.
    """
    memory = codec.loads(Memory, known) if known else Memory()
    episodes, messages = dict(memory.episodes), list[Message]()
    rows = cast("list[Row]", tables["procedures"].to_pylist()) if "procedures" in tables else []
    bounds = cast("list[Row]", tables["seuils"].to_pylist()) if "seuils" in tables else []
    mine = [r for r in rows if r.get("cadre", LAW) == CITY]
    open_keys = {_key(name) for name, episode in episodes.items() if not episode.over}
    for pollutant, insee in sorted(
        {(str(r["polluant"]), str(r["code_zone"] or "")) for r in mine} | open_keys
    ):
        name = f"ville.{pollutant}.{insee or 'ville'}"
        zone = zone_of(insee)
        today = now.astimezone(zone).date()
        own, law = (
            {cast(date, r["jour"]): r for r in rows if _is(r, whose, pollutant, insee)}
            for whose in (CITY, LAW)
        )
        before = episodes.get(name)
        days = (_day(own, today, ahead=False), _day(own, today + timedelta(days=1), ahead=True))
        after, step = procedure.advance(before, name, days)
        if after is not None:
            episodes[name] = after
        if (
            step is not None
            and step.announced
            and _adds(step, before.days if before is not None else (), law)
        ):
            area = Area(
                next((str(r["lib_zone"]) for r in own.values() if r["lib_zone"]), insee or "La ville"), insee
            )
            messages.append(
                _message(
                    step,
                    _Scene(
                        pollutant,
                        area,
                        own,
                        law,
                        done_of(pollutant, bounds),
                        _limits(pollutant, bounds),
                        now,
                        zone,
                    ),
                )
            )
    return codec.dumps(Memory, Memory(episodes)), messages


def _key(name: str) -> Key:
    """Pollutant and zone of an episode, from its name in the memory."""
    _, pollutant, insee = name.split(".", 2)
    return pollutant, "" if insee == "ville" else insee


def _is(row: Row, whose: str, pollutant: str, insee: str) -> bool:
    """Whether a row of `procedures` is of those thresholds (LAW or CITY), pollutant and zone."""
    return (
        row.get("cadre", LAW) == whose and row["polluant"] == pollutant and (row["code_zone"] or "") == insee
    )


def _day(rows: Mapping[date, Row], day: date, *, ahead: bool) -> DayState:
    """A day as the service says it is; ahead: it is tomorrow. Of one that nobody knows, nothing is announced;
    today stays what the day before it was.
    """
    row = rows.get(day)
    if row is None or (ahead and row["motif"] == "unknown"):
        return DayState(day, "none", "unknown")
    basis = "measured" if row["connu"] == "mesuré" and row["motif"] != "unknown" else "forecast"
    return DayState(
        day, cast(State, row["etat"]), cast(Why, row["motif"] or ""), basis, int(str(row["echelon"] or 0))
    )


def _adds(step: EpisodeStep, before: Sequence[DayState], law: Mapping[date, Row]) -> bool:
    """Whether a step says what the message of the law does not: an end, a day that is no longer announced, or
    a changed day that the law takes less gravely.
    """
    if step.kind in ENDS:
        return True
    earlier, now = {d.day: d for d in before if d.day >= step.days[0].day}, {d.day: d for d in step.days}
    if earlier.keys() - now.keys():
        return True
    other = [
        d
        for d in step.days
        if earlier.get(d.day) is None or procedure.essence((earlier[d.day],)) != procedure.essence((d,))
    ]
    return any(
        RANK[d.state] > RANK[cast(State, law[d.day]["etat"]) if d.day in law else "none"] for d in other
    )


def _limits(pollutant: str, bounds: Sequence[Row]) -> Mapping[Level, float]:
    """The city's own thresholds of a pollutant."""
    return {
        Level(int(str(b["niveau"]))): float(str(b["seuil"]))
        for b in bounds
        if b["polluant"] == pollutant and b["cadre"] == CITY and not b["echelon"]
    }


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a message is written from: the rows of the city and of the law by day, what the city does and its
    bounds by level.
    """

    pollutant: str
    area: Area
    own: Mapping[date, Row]
    law: Mapping[date, Row]
    done: Done
    limits: Mapping[Level, float]
    now: datetime
    zone: ZoneInfo


def _message(step: EpisodeStep, of: _Scene) -> Message:
    """A step in words."""
    rows = list(of.own.values())
    data_at = max((r["donnees_du"] for r in rows if isinstance(r["donnees_du"], datetime)), default=of.now)
    rule = next((r for d in step.days if (r := of.own.get(d.day)) is not None), rows[-1] if rows else None)
    parts = tuple(_part(d, of) for d in step.days) or (_over(step, of),)
    parameters = {
        "polluant": of.pollutant,
        "niveau": highest(step.days),
        "source": "seuil que la ville s’est donné, calculé par elle",
    }
    if rule is not None:
        parameters |= {"regle": str(rule["regle"]), "regle_depuis": cast(date, rule["regle_du"]).isoformat()}
    return Message(NAME, "air", step.episode, step.number, step.kind, of.area, parts, data_at, parameters)


def _part(day: DayState, of: _Scene) -> Part:
    """One day of a step in words, with its figure where it passes the city's threshold."""
    onset, expires = span(day.day, of.zone)
    name, measured, alert = NAMES[of.pollutant], day.basis == "measured", day.state != "information"
    level = (
        Words("seuil d’alerte de la ville", "the city’s alert threshold")
        if alert
        else Words("seuil d’information de la ville", "the city’s information threshold")
    )
    how = Words("mesuré", "measured") if measured else Words("prévu", "forecast")
    row = of.own.get(day.day)
    value, limit = (
        row["valeur"] if row is not None else None,
        of.limits.get(Level.ALERT if alert and day.why == "level" else Level.INFORMATION),
    )
    figure = Words("", "")
    if isinstance(value, float) and limit is not None and value > limit:
        figure = Words(
            f" : {value:.0f} µg/m³ pour un seuil de {limit:g}",
            f": {value:.0f} µg/m³, the threshold is {limit:g}",
        )
    why = {
        "persistence": Words(
            "Le seuil d’information de la ville est passé plusieurs jours de suite.",
            "The city’s information threshold is crossed several days running.",
        ),
        "unknown": Words(
            "Les mesures du jour manquent : ce qui avait été annoncé reste.",
            "Today’s measurements are missing: what was announced stays.",
        ),
    }.get(day.why, Words("", ""))
    own = of.done.get(Level.ALERT if alert else Level.INFORMATION)
    acts = Words(f"La ville agit : {own.fr}", f"The city acts: {own.en}") if own else Words("", "")
    law = of.law.get(day.day)
    state = cast(State, law["etat"]) if law is not None else "none"
    legal = STRICTER if state == "none" else LOWER
    text = Words(
        " ".join(
            t
            for t in (
                f"{of.area.name} : {level.fr} passé ({name.fr}), {how.fr}{figure.fr}.",
                why.fr,
                acts.fr,
                legal.fr,
            )
            if t
        ),
        " ".join(
            t
            for t in (
                f"{of.area.name}: {level.en} is crossed ({name.en}), {how.en}{figure.en}.",
                why.en,
                acts.en,
                legal.en,
            )
            if t
        ),
    )
    return Part(
        Words(
            f"{headed(name).fr} : {level.fr} {how.fr} le {day.day:%d/%m}",
            f"{headed(name).en}: {level.en} {how.en} on {day.day:%d/%m}",
        ),
        text,
        advice.spoken(state, of.pollutant, poor=True),
        "Severe" if alert else "Moderate",
        "Immediate" if onset <= of.now else "Expected",
        "Observed" if measured else "Likely",
        onset,
        expires,
    )


STRICTER = Words(
    "C’est un seuil que la ville s’est donné, plus sévère que la loi ; aucun seuil de la loi n’est passé ce jour-là.",
    "This is a threshold that the city set itself, stricter than the law; no threshold of the law is crossed on that day.",
)
LOWER = Words(
    "C’est un seuil que la ville s’est donné ; pour la loi, ce jour est au niveau d’information. Seul le préfet déclare une procédure.",
    "This is a threshold that the city set itself; by the law this day is at the information level. Only the prefect declares a procedure.",
)


def _over(step: EpisodeStep, of: _Scene) -> Part:
    """The one part of a step that ends an episode, or takes back one that was forecast."""
    name = headed(NAMES[of.pollutant])
    if step.kind == "withdraw":
        head = Words(
            f"{name.fr} : le passage prévu du seuil de la ville n’est plus attendu",
            f"{name.en}: crossing of the city’s threshold no longer expected",
        )
        text = changed(of.area)
    else:
        head = Words(
            f"{name.fr} : le seuil de la ville n’est plus passé",
            f"{name.en}: the city’s threshold is no longer crossed",
        )
        text = Words(
            f"{of.area.name} : les seuils que la ville s’est donnés ne sont plus passés, ni prévus pour demain.",
            f"{of.area.name}: the thresholds that the city set itself are not crossed any more, nor forecast for tomorrow.",
        )
    return closing(head, text, of.now, of.zone)


ABOUT = "Un message aussi quand un seuil que la ville s’est donné, plus sévère que la loi, est passé ou prévu pour demain."

CITY_AIR = Alert(
    name=NAME,
    title="Pollution de l’air : seuils de la ville",
    topic="air",
    about=ABOUT,
    categories=("Env", "Health"),
    approval="first",
    examples=("Particules PM10 : seuil d’information de la ville prévu le 18/11",),
    reads={"procedures": "procedures-air/procedures", "seuils": "seuils-air/seuils"},
    look=look,
)
