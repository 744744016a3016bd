"""« Is it open, and when does it open? »: the nearest public place of a kind, its week, and the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import Column
from parvis.services import open_places, walking
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Rows, Said, Tone
from parvis.services.lieux.places import Place, places
from parvis.services.opening_words import week_table
from parvis.services.walking import PACES, Walk
from parvis.services.weekdays import dated_weekday

KINDS: Mapping[str, str] = {
    "mairie": "Mairie", "médiathèque": "Médiathèque", "piscine": "Piscine", "gymnase": "Gymnase", "musée": "Musée", "parc": "Parc ou jardin",
    "déchèterie": "Déchèterie", "marché": "Marché", "maison de quartier": "Maison de quartier", "lieu frais": "Lieu frais", "autre": "Autre lieu",
}  # fmt: skip
SHOWN = 20
OLD = timedelta(days=366)
"""Hours that nobody has looked at for so long are told as what they were."""
TONES: Mapping[str, Tone] = {"open": "ok", "closed": "bad", "unknown": "warn"}
STATES = {"open": mark("ouvert"), "closed": mark("fermé"), "unknown": mark("à vérifier")}


@dataclass(frozen=True, slots=True)
class Here:
    """A place in the answer. walk: None where nobody said from where; then: when its state changes, or when it opens next
    (aware).
    """

    place: Place
    state: str
    comment: str
    then: datetime | None
    walk: Walk | None


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The nearest that is open, else the first that opens; its seven days; every one of its kind; a map."""
    at = asked.moment("heure") or asked.now
    kind = asked.text("quoi") or "mairie"
    every = places(tables["lieux"]) if "lieux" in tables else []
    fit = [p for p in every if _fits(asked, p, kind)]
    if not fit:
        return (_none(asked, kind, every),)
    here = [_here(asked, place, walk, at) for place, walk in _in_order(asked, tables, fit)]
    first = _first(here)
    blocks: list[Block] = [_lead(asked, first, here, at)]
    if first.place.hours is not None:
        blocks.append(week_table(asked, first.place, at))
    blocks.append(_table(asked, here))
    blocks.append(_map(asked, here))
    return blocks


def _fits(asked: Asked, place: Place, kind: str) -> bool:
    return (
        (place.kind == kind or (kind == "lieu frais" and place.cool is True))
        and (not asked.ticked("fauteuil") or place.wheelchair is True)
        and (not asked.ticked("gratuit") or place.free is True)
    )


def _none(asked: Asked, kind: str, every: Sequence[Place]) -> Said:
    what = asked.say(KINDS.get(kind, kind))
    if not every:
        return Said(asked.say("La ville ne publie encore les horaires d’aucun lieu."), "warn")
    if any(p.kind == kind for p in every):
        return Said(
            asked.say("« %(what)s » : aucun lieu publié ne répond à tout ce que vous demandez.", what=what),
            "warn",
        )
    return Said(asked.say("« %(what)s » : la ville n’en publie pas les horaires.", what=what), "warn")


def _in_order(
    asked: Asked, tables: Mapping[str, pa.Table], fit: Sequence[Place]
) -> list[tuple[Place, Walk | None]]:
    """The nearest first; by name where nobody said from where."""
    spot = asked.spot("lieu")
    if spot is None:
        return [(p, None) for p in sorted(fit, key=lambda p: (p.name, p.id))]
    goals = [(p.lon, p.lat) for p in fit]
    near = walking.walks(
        tables.get("rues"),
        not asked.ticked("fauteuil"),
        (spot.lon, spot.lat),
        goals,
        np.ones(len(goals), dtype=bool),
        len(goals),
    )
    return [(fit[w.index], w) for w in near]


def _here(asked: Asked, place: Place, walk: Walk | None, at: datetime) -> Here:
    """Its state when one gets there."""
    there = at if walk is None else at + _lasting(walk)
    status = open_places.status(place, there)
    naive = status.until if status.state == "open" else open_places.opens(place, there)
    zone = open_places.zone(place)
    return Here(
        place,
        status.state,
        status.comment or "",
        None if naive is None else naive.replace(tzinfo=zone),
        walk,
    )


def _first(here: Sequence[Here]) -> Here:
    """The nearest that is open, else the one that surely opens first, else the nearest."""
    open_ = next((h for h in here if h.state == "open"), None)
    if open_ is not None:
        return open_
    coming = [(h.then, n) for n, h in enumerate(here) if h.then is not None]
    return here[min(coming)[1]] if coming else here[0]


def _lasting(walk: Walk) -> timedelta:
    return timedelta(seconds=walk.metres / (PACES["normal"] / 3.6))


def _lead(asked: Asked, first: Here, here: Sequence[Here], at: datetime) -> Said:
    """One sentence."""
    when = (_when if first.state == "open" else _opening)(asked, first.then, at)
    values = {"name": first.place.name, "hour": asked.hour(at), "when": when}
    unsure = [h for h in here if h.state == "unknown"]
    if first.state == "open":
        text = _open(asked, first, values)
    elif first.then is None:
        text = (
            asked.say("À vérifier à %(hour)s : %(name)s.", **values)
            if unsure
            else asked.say("Fermé à %(hour)s, et aucune ouverture n’est annoncée : %(name)s.", **values)
        )
    elif len(here) == 1:
        text = (
            asked.say("À vérifier à %(hour)s : %(name)s ; ouvre sûrement %(when)s.", **values)
            if unsure
            else asked.say("Fermé à %(hour)s : %(name)s ; ouvre %(when)s.", **values)
        )
    elif unsure:
        text = asked.say(
            "Aucun lieu sûrement ouvert à %(hour)s ; prochaine ouverture : %(name)s, %(when)s.", **values
        )
    else:
        text = asked.say("Tout est fermé à %(hour)s ; prochaine ouverture : %(name)s, %(when)s.", **values)
    old = _old(asked, first.place, at)
    tone: Tone = (
        "warn" if first.state != "open" or old else "ok"
    )  # that a place shuts in the evening is no bad news
    notes = [
        asked.say("La ville signale : « %(closing)s ».", closing=first.place.closing)
        if first.place.closing
        else "",
        asked.say("Les horaires se lisent de plus d’une façon : appelez.")
        if first.place.hours is not None and first.place.hours.others
        else "",
        old or asked.say("Horaires vérifiés par la ville : %(day)s.", day=_checked(asked, first.place)),
        asked.say("Pour en être sûr : %(phone)s.", phone=first.place.phone) if first.place.phone else "",
    ]
    return Said(text, tone, " ".join(n for n in notes if n))


def _open(asked: Asked, first: Here, values: Mapping[str, str]) -> str:
    if first.walk is None:
        if first.then is None:
            return asked.say("Ouvert à %(hour)s : %(name)s, sans heure de fermeture dite.", **values)
        return asked.say("Ouvert à %(hour)s : %(name)s, jusqu’à %(when)s.", **values)
    far = {"min": asked.number(_minutes(first.walk), 0)}
    if first.then is None:
        return asked.say(
            "Ouvert : %(name)s, à %(min)s min à pied, sans heure de fermeture dite.", **values, **far
        )
    return asked.say("Ouvert : %(name)s, à %(min)s min à pied, jusqu’à %(when)s.", **values, **far)


def _old(asked: Asked, place: Place, at: datetime) -> str:
    try:
        checked = date.fromisoformat(place.checked)
    except ValueError:
        return asked.say("La ville ne dit pas quand ces horaires ont été vérifiés.")
    if at.date() - checked <= OLD:
        return ""
    return asked.say(
        "Ces horaires n’ont pas été vérifiés depuis le %(day)s : appelez.", day=asked.day(checked)
    )


def _checked(asked: Asked, place: Place) -> str:
    try:
        return asked.day(date.fromisoformat(place.checked))
    except ValueError:
        return place.checked


def _when(asked: Asked, moment: datetime | None, at: datetime) -> str:
    """An hour, after its day where that is another one than the day asked about."""
    if moment is None:
        return ""
    day, hour = moment.astimezone(asked.speech.zone).date(), asked.hour(moment)
    asked_day = at.astimezone(asked.speech.zone).date()
    if day == asked_day:
        return hour
    if day == asked_day + timedelta(1) and asked_day == asked.now.astimezone(asked.speech.zone).date():
        return asked.say("demain à %(hour)s", hour=hour)
    return asked.say("%(day)s à %(hour)s", day=dated_weekday(asked, day), hour=hour)


def _opening(asked: Asked, moment: datetime | None, at: datetime) -> str:
    """When it opens: at an hour of the day asked about, or of another one."""
    when = _when(asked, moment, at)
    return asked.say("à %(hour)s", hour=when) if moment is not None and when == asked.hour(moment) else when


def _minutes(walk: Walk) -> int:
    return max(1, round(_lasting(walk).total_seconds() / 60))


def _table(asked: Asked, here: Sequence[Here]) -> Rows:
    walked = here[0].walk is not None
    columns = [
        Column("nom", title=asked.say("Lieu")),
        Column("etat", title=asked.say("État")),
        Column("ensuite", title=asked.say("Ensuite")),
    ]
    if walked:
        columns += [
            Column("minutes", "integer", title=asked.say("À pied"), unit="min"),
            Column("metres", "integer", title=asked.say("Distance"), unit="m"),
        ]
    columns += [
        Column("adresse", title=asked.say("Adresse")),
        Column("telephone", title=asked.say("Téléphone"), meaning="telephone"),
        Column("fauteuil", title=asked.say("En fauteuil")),
        Column("signale", title=asked.say("Ce que la ville signale")),
        Column("verifie", title=asked.say("Vérifié le")),
    ]
    straight = any(h.walk is not None and not h.walk.by_streets for h in here)
    notes = [
        asked.count(
            "Un lieu de plus n’est pas montré.",
            "%(n)s lieux de plus ne sont pas montrés.",
            len(here) - SHOWN,
        )
        if len(here) > SHOWN
        else "",
        asked.say(
            "Les distances sont ici à vol d’oiseau : le réseau piéton n’est pas connu autour de ce lieu."
        )
        if straight
        else "",
    ]
    return Rows(
        asked.say("Tous, du plus proche au plus loin") if walked else asked.say("Tous, par nom"),
        tuple(columns),
        tuple(_row(asked, h) for h in here[:SHOWN]),
        " ".join(n for n in notes if n),
    )


def _row(asked: Asked, one: Here) -> Mapping[str, object]:
    p, at = one.place, asked.moment("heure") or asked.now
    then = (_when if one.state == "open" else _opening)(asked, one.then, at)
    if p.hours is None:
        then = asked.say("horaires non compris : « %(written)s »", written=p.text)
    elif then:
        then = (
            asked.say("jusqu’à %(when)s", when=then)
            if one.state == "open"
            else asked.say("ouvre %(when)s", when=then)
        )
    chair = (
        asked.say("non dit")
        if p.wheelchair is None
        else asked.say("oui")
        if p.wheelchair
        else asked.say("non")
    )
    comment = one.comment if one.comment and one.comment not in (p.closing, p.text) else ""
    row: dict[str, object] = {
        "nom": p.name,
        "etat": asked.say(STATES[one.state]) + (f" ({comment})" if comment else ""),
        "ensuite": then,
        "adresse": p.address,
        "telephone": p.phone,
        "fauteuil": chair,
        "signale": p.closing,
        "verifie": _checked(asked, p),
    }
    if one.walk is not None:
        row |= {"minutes": _minutes(one.walk), "metres": round(one.walk.metres / 10) * 10}
    return row


def _map(asked: Asked, here: Sequence[Here]) -> Map:
    marks = tuple(
        Mark(
            "point",
            ((h.place.lon, h.place.lat),),
            h.place.name,
            asked.say(STATES[h.state]),
            TONES[h.state],
        )
        for h in here[:SHOWN]
    )
    key = {
        tone: asked.say(STATES[state]) for state, tone in TONES.items() if any(h.state == state for h in here)
    }
    return Map(asked.say("Où ils sont"), marks, _table(asked, here).title, key)
