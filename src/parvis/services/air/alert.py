"""The alert of the air: from the days that the service has made out to the steps of an episode a pollutant,
in words.

Only the prefect declares a procedure. What is computed here is called a crossing of the thresholds, measured
or forecast, and says who computed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.alerts.declaration import Alert
from parvis.alerts.message import Area, Message, Part, Words
from parvis.methods.air import exceedance, procedure
from parvis.methods.air.exceedance import Level
from parvis.methods.air.procedure import DayState, Episode, EpisodeStep, Evidence, State
from parvis.services.air import advice
from parvis.services.air.compute import LAW
from parvis.services.air.places import zone_of
from parvis.services.air.rules import shipped
from parvis.store import codec

NAMES: Mapping[str, Words] = {
    "pm10": Words("particules PM10", "PM10 particles"),
    "pm25": Words("particules fines PM2,5", "PM2.5 fine particles"),
    "no2": Words("dioxyde d’azote", "nitrogen dioxide"),
    "o3": Words("ozone", "ozone"),
    "so2": Words("dioxyde de soufre", "sulphur dioxide"),
}

DAYS = 3
"""Yesterday, today, tomorrow."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The last episode of each pollutant and zone."""

    episodes: Mapping[str, Episode] = field(default_factory=dict[str, Episode])


def look(tables: Mapping[str, pa.Table], known: str, now: datetime) -> tuple[str, Sequence[Message]]:
    """What the newest days make of each episode. tables: `procedures` and `seuils`, as the service publishes
    them.

    Episodes are those of the law; what the city does is in the message. `city_alert` writes those of the
    city's own thresholds.
    """
    memory = codec.loads(Memory, known) if known else Memory()
    episodes, messages = dict(memory.episodes), list[Message]()
    rows = (
        [r for r in tables["procedures"].to_pylist() if r.get("cadre", LAW) == LAW]
        if "procedures" in tables
        else []
    )
    bounds = tables["seuils"].to_pylist() if "seuils" in tables else []
    for key in sorted({(r["polluant"], r["code_zone"]) for r in rows}):
        pollutant, insee = key
        mine = [r for r in rows if (r["polluant"], r["code_zone"]) == key]
        zone = zone_of(insee)
        today = now.astimezone(zone).date()
        rule = exceedance.rule_in_force(shipped().rules, pollutant, today)
        if rule is None:
            continue
        name = f"{pollutant}.{insee or 'ville'}"
        evidence = {r["jour"]: _evidence(r) for r in mine if r["niveau"] is not None}
        holds = {r["jour"]: bool(r["maintien"]) for r in mine}
        before = episodes.get(name)
        days = procedure.outlook(today, procedure.standing(before, today), evidence, rule, holds)
        after, step = procedure.advance(before, name, days)
        if after is not None:
            episodes[name] = after
        if step is not None and step.announced:
            area = Area(mine[0]["lib_zone"] or insee or "La ville", insee)
            messages.append(message(step, pollutant, area, mine, rule, now, zone, done_of(pollutant, bounds)))
    return codec.dumps(Memory, Memory(episodes)), messages


def _evidence(row: Mapping[str, object]) -> Evidence:
    """What is known of a day, from its row of `procedures`."""
    value = row["valeur"]
    return Evidence(
        Level(int(str(row["niveau"]))),
        "measured" if row["connu"] == "mesuré" else "forecast",
        float(str(value)) if value is not None else None,
        grade=int(str(row["echelon"])),
    )


Done = Mapping[Level, Words]
"""What the city does at a level."""


def done_of(pollutant: str, bounds: Sequence[Mapping[str, object]]) -> Done:
    """What the city does of its own at each level of a pollutant; at that of alert what it does at that of
    information, where nothing more is said.
    """
    by_level: dict[Level, Words] = {}
    for level in (Level.INFORMATION, Level.ALERT):
        texts = [
            list(
                dict.fromkeys(
                    t
                    for b in bounds
                    if b["polluant"] == pollutant and b["niveau"] == level
                    for t in str(b[column] or "").split("\n")
                    if t
                )
            )
            for column in ("actions", "actions_en")
        ]
        if all(texts):
            by_level[level] = Words(*(" ".join(one) for one in texts))
        elif Level.INFORMATION in by_level:
            by_level[level] = by_level[Level.INFORMATION]
    return by_level


def message(
    step: EpisodeStep,
    pollutant: str,
    area: Area,
    rows: Sequence[Mapping[str, object]],
    rule: exceedance.Rule,
    now: datetime,
    zone: ZoneInfo,
    done: Done,
) -> Message:
    """A step in words."""
    data_at = max((r["donnees_du"] for r in rows if isinstance(r["donnees_du"], datetime)), default=now)
    values = {r["jour"]: r["valeur"] for r in rows}
    parts = tuple(_part(d, pollutant, area, values.get(d.day), now, zone, done) for d in step.days) or (
        _over(step, pollutant, area, now, zone),
    )
    parameters = {
        "polluant": pollutant,
        "niveau": highest(step.days),
        "regle": rule.source,
        "regle_depuis": rule.since.isoformat(),
        "source": "calcul de la ville, non une décision préfectorale",
    }
    return Message(
        "air",
        "air",
        step.episode,
        step.number,
        "end" if step.kind == "lapse" else step.kind,
        area,
        parts,
        data_at,
        parameters,
    )


def highest(days: Sequence[DayState]) -> State:
    """The gravest of some days."""
    states: list[State] = [d.state for d in days]
    return max(states, key=lambda s: procedure.RANK[s]) if states else "none"


def span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A legal day, from midnight to midnight."""
    after = day + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone), datetime(
        after.year, after.month, after.day, tzinfo=zone
    )


def _part(
    day: DayState, pollutant: str, area: Area, value: object, now: datetime, zone: ZoneInfo, done: Done
) -> Part:
    """One day of a step in words. value: the day's figure, µg/m³; not a float where there is none."""
    onset, expires = span(day.day, zone)
    name = NAMES[pollutant]
    measured = day.basis == "measured"
    alert = day.state in ("alert", "kept")
    level = (
        Words("niveau d’alerte", "alert level")
        if alert
        else Words("niveau d’information", "information level")
    )
    when = Words(f"le {day.day:%d/%m}", f"on {day.day:%d/%m}")
    how = Words("mesuré", "measured") if measured else Words("prévu", "forecast")
    why = {
        "persistence": Words(
            "Le seuil d’information est passé plusieurs jours de suite : c’est une alerte sur persistance.",
            "The information threshold is crossed several days running: this is an alert by persistence.",
        ),
        "weather": Words(
            "Les niveaux baissent, mais le temps les ramènera sans doute : les mesures restent.",
            "Levels are falling, but the weather is likely to bring them back: the measures stay.",
        ),
        "unknown": Words(
            "Les mesures du jour manquent : ce qui avait été annoncé reste.",
            "Today’s measurements are missing: what was announced stays.",
        ),
    }.get(day.why, Words("", ""))
    figure = f"{value:.0f} µg/m³" if isinstance(value, float) else ""
    own = done.get(Level.ALERT if alert else Level.INFORMATION)
    acts = Words(f"La ville agit : {own.fr}", f"The city acts: {own.en}") if own else Words("", "")
    text = Words(
        " ".join(
            t
            for t in (
                f"{area.name} : {level.fr} ({name.fr}) {how.fr}{f' : {figure}' if figure else ''}.",
                why.fr,
                acts.fr,
                CALCULATED.fr,
            )
            if t
        ),
        " ".join(
            t
            for t in (
                f"{area.name}: {level.en} ({name.en}) {how.en}{f': {figure}' if figure else ''}.",
                why.en,
                acts.en,
                CALCULATED.en,
            )
            if t
        ),
    )
    return Part(
        Words(
            f"{headed(name).fr} : {level.fr} {how.fr} {when.fr}",
            f"{headed(name).en}: {level.en} {how.en} {when.en}",
        ),
        text,
        advice.spoken(day.state, pollutant),
        "Severe" if alert else "Moderate",
        "Immediate" if onset <= now else "Expected",
        "Observed" if measured else "Likely",
        onset,
        expires,
    )


CALCULATED = Words(
    "Calcul de la ville sur les mesures publiées ; seul le préfet déclare une procédure.",
    "Computed by the city from published measurements; only the prefect declares a procedure.",
)


def _over(step: EpisodeStep, pollutant: str, area: Area, now: datetime, zone: ZoneInfo) -> Part:
    """The one part of a step that ends an episode, or takes back one that was forecast."""
    name = headed(NAMES[pollutant])
    if step.kind == "withdraw":
        head = Words(
            f"{name.fr} : le dépassement prévu n’est plus attendu", f"{name.en}: crossing no longer expected"
        )
        text = changed(area)
    else:
        head = Words(f"{name.fr} : fin de l’épisode", f"{name.en}: end of the episode")
        text = Words(
            f"{area.name} : aucun seuil de la loi n’est plus passé, ni prévu pour demain.",
            f"{area.name}: no threshold of the law is crossed any more, nor forecast for tomorrow.",
        )
    return closing(head, text, now, zone)


def changed(area: Area) -> Words:
    """The text that takes back a crossing that was forecast and is not expected any more."""
    return Words(
        f"{area.name} : la prévision a changé, ce qui avait été annoncé est retiré.",
        f"{area.name}: the forecast has changed, what was announced is withdrawn.",
    )


def closing(head: Words, text: Words, now: datetime, zone: ZoneInfo) -> Part:
    """The one part of a message that ends an episode: it holds to the end of the day, and for an hour at
    least.
    """
    _, expires = span(now.astimezone(zone).date(), zone)
    return Part(
        head, text, Words("", ""), "Moderate", "Past", "Observed", now, max(expires, now + timedelta(hours=1))
    )


def headed(name: Words) -> Words:
    """A name as a sentence begins with it."""
    return Words(name.fr[0].upper() + name.fr[1:], name.en[0].upper() + name.en[1:])


AIR = Alert(
    name="air",
    title="Pollution de l’air",
    topic="air",
    about="Un message quand un seuil d’information ou d’alerte est passé, ou prévu pour demain, puis à chaque changement. Seul le préfet déclare un épisode.",
    categories=("Env", "Health"),
    approval="first",
    examples=("Particules PM10 : niveau d’information prévu le 18/11",),
    reads={"procedures": "procedures-air/procedures", "seuils": "seuils-air/seuils"},
    look=look,
)
