"""« What is open now, near me, on foot? »: the nearest of a kind that are open when one gets there, the walk,
and what the city does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from parvis.core.types import Column
from parvis.services import open_places, walking
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Point, Points, Rows, Said, Tone
from parvis.services.opening_words import week_cell, week_table
from parvis.services.soins import advice, places, rota
from parvis.services.soins.advice import Advice
from parvis.services.soins.places import Place
from parvis.services.soins.rota import Duty
from parvis.services.walking import PACES, Walk

KINDS = {
    "pharmacie": "une pharmacie",
    "centre de santé": "un centre de santé",
    "vaccination": "un lieu de vaccination",
    "laboratoire": "un laboratoire",
    "PMI": "une PMI",
    "urgences": "des urgences",
}
SHOWN = 5
NIGHT = "3237"
"""The national number of the pharmacies on duty (charged)."""
LANGUAGES = {
    "": "peu importe", "en": "anglais", "ar": "arabe", "es": "espagnol", "pt": "portugais", "de": "allemand", "it": "italien",
    "fsl": "langue des signes française",
}  # fmt: skip
SPOKEN = {**LANGUAGES, "fr": "français"}


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the answer. walk: None when nobody said where from."""

    place: Place
    state: str
    tone: Tone
    until: str
    walk: Walk | None
    duty: Duty | None = None


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The nearest that is open first; then the table, the map, the campaigns, the advice, and where the
    vaccination calendar is.
    """
    at = asked.moment("heure") or asked.now
    every = places.places(tables["lieux"]) if "lieux" in tables else []
    kind = asked.text("quoi") or "pharmacie"
    fit = [
        p
        for p in every
        if _is(p, kind)
        and (not asked.ticked("fauteuil") or p.wheelchair)
        and (asked.text("langue") in ("", *p.languages))
    ]
    duties = rota.duties(tables["garde"], every, at) if "garde" in tables else []
    found = _open(asked, tables, fit, duties, at)
    blocks: list[Block] = [_lead(asked, tables, kind, found, fit, duties, at)]
    if kind == "pharmacie" and not rota.covered(duties, at):
        blocks.append(
            Said(
                asked.say(
                    "Le tour de garde n’est pas connu à cette heure : appelez le %(number)s (service payant) ou le commissariat.",
                    number=NIGHT,
                ),
                "warn",
            )
        )
    if kind == "pharmacie" and (others := rota.unknown(duties, at)):
        who = ", ".join(dict.fromkeys(d.said for d in others))
        blocks.append(
            Said(
                asked.say(
                    "De garde selon le tour publié, mais absent des lieux que la ville connaît : %(who)s.",
                    who=who,
                ),
                "warn",
            )
        )
    if asked.spot("lieu") is not None and any(f.walk is not None and not f.walk.by_streets for f in found):
        blocks.append(
            Said(
                asked.say(
                    "Les distances sont ici à vol d’oiseau : le réseau piéton n’est pas connu autour de ce lieu."
                ),
                "warn",
            )
        )
    if found:
        if found[0].walk is not None and found[0].place.hours is not None:
            blocks.append(week_table(asked, found[0].place, at))
        blocks.append(_table(asked, found, at))
        blocks.append(_map(asked, tables, found, fit))
    unread = [p for p in fit if p.hours is None]
    if unread:
        rows = tuple({"nom": p.name, "telephone": p.phone, "horaires": p.text} for p in unread[:20])
        columns = (
            Column("nom", title=asked.say("Lieu")),
            Column("telephone", title=asked.say("Téléphone"), meaning="telephone"),
            Column("horaires", title=asked.say("Horaires, tels qu’écrits")),
        )
        blocks.append(
            Rows(
                asked.say("Horaires que nous n’avons pas compris"),
                columns,
                rows,
                asked.say("Ces lieux ne sont ni dits ouverts, ni dits fermés : appelez-les."),
            )
        )
    blocks += _doubtful(asked, fit)
    blocks += _campaigns(asked, tables, at)
    blocks += _advice(asked, tables, at)
    href = f"{asked.speech.prefix}/services/soins/vaccins"
    calendar = asked.say("Votre calendrier vaccinal, calculé dans votre navigateur : rien n’est envoyé.")
    blocks.append(
        Points(asked.say("Vaccinations"), (Point(calendar, asked.say("Calendrier vaccinal"), href),))
    )
    return blocks


def _doubtful(asked: Asked, fit: list[Place]) -> list[Block]:
    """The places whose hours can be read in more than one way, or were read with something taken for granted."""
    doubtful = [(p, p.hours.doubts) for p in fit if p.hours is not None and p.hours.doubts]
    if not doubtful:
        return []
    columns = (
        Column("nom", title=asked.say("Lieu")),
        Column("telephone", title=asked.say("Téléphone"), meaning="telephone"),
        Column("horaires", title=asked.say("Horaires, tels qu’écrits")),
        Column("doute", title=asked.say("Ce qui fait douter")),
    )
    rows = tuple(
        {"nom": p.name, "telephone": p.phone, "horaires": p.text, "doute": " ".join(map(asked.say, doubts))}
        for p, doubts in doubtful[:20]
    )
    about = asked.say("Là où leurs lectures diffèrent, ces lieux sont dits « à vérifier » : appelez-les.")
    return [Rows(asked.say("Horaires qui se lisent de plusieurs façons"), columns, rows, about)]


def _is(place: Place, kind: str) -> bool:
    return place.vaccinates if kind == "vaccination" else place.kind == kind


# --- what is open -------------------------------------------------------------------------------------------


def _open(
    asked: Asked, tables: Mapping[str, pa.Table], fit: list[Place], duties: list[Duty], at: datetime
) -> list[Found]:
    """The five nearest that are open, or on duty, at the minute one gets there; without a place to start
    from, all that are now, by name.
    """
    spot = asked.spot("lieu")
    if spot is None:
        duty = rota.on_duty(duties, at)
        return sorted(
            (f for p in fit if (f := _found(asked, p, at, None, duty)).tone == "ok"),
            key=lambda f: f.place.name,
        )
    k = 4 * SHOWN
    while True:
        found: list[Found] = []
        near = _walks(asked, tables, fit, k)
        for walk in near:
            there = at + _lasting(asked, walk)
            one = _found(asked, fit[walk.index], there, walk, rota.on_duty(duties, there))
            if one.tone == "ok":
                found.append(one)
            if len(found) == SHOWN:
                return found
        if len(near) < k:
            return found
        k *= 4


def _walks(asked: Asked, tables: Mapping[str, pa.Table], fit: list[Place], k: int) -> list[Walk]:
    """The k nearest of the places, open or not; none without a place to start from."""
    spot = asked.spot("lieu")
    if spot is None or not fit:
        return []
    goals = [(p.lon, p.lat) for p in fit]
    return walking.walks(
        tables.get("rues"),
        not asked.ticked("fauteuil"),
        (spot.lon, spot.lat),
        goals,
        np.ones(len(goals), dtype=bool),
        k,
    )


def _lasting(asked: Asked, walk: Walk) -> timedelta:
    return timedelta(seconds=walk.metres / (PACES.get(asked.text("pas"), PACES["normal"]) / 3.6))


def _next(
    asked: Asked, tables: Mapping[str, pa.Table], fit: list[Place], duties: list[Duty], at: datetime
) -> tuple[datetime, Place] | None:
    """The first opening, or duty, that one can be there for (local, naive), and whose it is."""
    there = [at] * len(fit)
    for walk in _walks(asked, tables, fit, len(fit)):
        there[walk.index] = at + _lasting(asked, walk)
    options: list[tuple[datetime, str, Place]] = []
    for place, arrival in zip(fit, there, strict=True):
        when = open_places.opens(place, arrival)
        begins = [
            open_places.local(place, d.begin) for d in duties if d.place == place.id and d.begin > arrival
        ]
        options += [(moment, place.name, place) for moment in (when, *begins) if moment is not None]
    found = min(options, key=lambda one: one[:2], default=None)
    return None if found is None else (found[0], found[2])


def _found(asked: Asked, place: Place, at: datetime, walk: Walk | None, duty: Mapping[str, Duty]) -> Found:
    status = open_places.status(place, at)
    on = duty.get(place.id)
    if status.state != "open" and on is not None and on.begin <= at < on.end:
        return Found(place, asked.say("de garde, appelez avant de venir"), "ok", asked.hour(on.end), walk, on)
    until = (
        _hour(asked, place, status.until, at)
        if status.until is not None
        else asked.say("jour et nuit")
        if status.state == "open"
        else ""
    )
    note = f" ({status.comment})" if status.comment and status.state == "open" else ""
    word = {"open": asked.say("ouvert"), "closed": asked.say("fermé"), "unknown": asked.say("à vérifier")}[
        status.state
    ]
    return Found(place, word + note, "ok" if status.state == "open" else "warn", until, walk)


def _hour(asked: Asked, place: Place, local: datetime, at: datetime) -> str:
    """A local moment as words: the hour, and the day when it is another one."""
    moment = local.replace(tzinfo=at.astimezone(asked.speech.zone).tzinfo)
    said = asked.hour(moment)
    return said if local.date() == open_places.local(place, at).date() else f"{asked.day(moment)}, {said}"


def _lead(
    asked: Asked,
    tables: Mapping[str, pa.Table],
    kind: str,
    found: list[Found],
    fit: list[Place],
    duties: list[Duty],
    at: datetime,
) -> Said:
    """The answer in one sentence."""
    what = asked.say(KINDS.get(kind, KINDS["pharmacie"]))
    if not fit:
        return Said(
            asked.say("La ville ne publie pas %(what)s qui réponde à votre demande.", what=what), "warn"
        )
    if not found:
        later = _next(asked, tables, fit, duties, at)
        if later is None:
            return Said(
                asked.say(
                    "Rien d’ouvert à %(hour)s, et aucune ouverture n’est annoncée : %(what)s.",
                    what=what,
                    hour=asked.hour(at),
                ),
                "bad",
            )
        when, place = later
        said = {
            "what": what,
            "hour": asked.hour(at),
            "name": place.name,
            "when": _hour(asked, place, when, at),
        }
        if asked.spot("lieu") is None:
            return Said(
                asked.say(
                    "Rien d’ouvert à %(hour)s pour %(what)s ; première ouverture : %(name)s, %(when)s.",
                    **said,
                ),
                "bad",
                _told(asked, place),
            )
        return Said(
            asked.say(
                "En partant à %(hour)s, rien n’est ouvert à votre arrivée pour %(what)s ; prochaine ouverture : %(name)s, %(when)s.",
                **said,
            ),
            "bad",
            _told(asked, place),
        )
    first = found[0]
    if first.walk is None and len(found) == 1:
        return Said(
            asked.say(
                "Un seul lieu ouvert à %(hour)s pour %(what)s : %(name)s.",
                hour=asked.hour(at),
                what=what,
                name=first.place.name,
            ),
            "ok",
            _told(asked, first.place),
        )
    if first.walk is None:
        text = asked.say(
            "%(n)s lieux ouverts à %(hour)s pour %(what)s.",
            n=asked.number(len(found)),
            hour=asked.hour(at),
            what=what,
        )
        return Said(text, "ok", asked.say("Dites où vous êtes pour savoir lequel est le plus proche."))
    name, minutes, metres = first.place.name, _min(asked, first), _m(asked, first)
    if first.duty is not None:
        text = asked.say(
            "De garde : %(name)s, à %(min)s min à pied (%(m)s m), jusqu’à %(until)s.",
            name=name,
            min=minutes,
            m=metres,
            until=first.until,
        )
        return Said(
            text,
            "ok",
            asked.say(
                "Appelez avant de venir : %(phone)s.", phone=first.duty.phone or first.place.phone or NIGHT
            ),
        )
    values = {"name": name, "min": minutes, "m": metres, "until": first.until, "hour": asked.hour(at)}
    text = (
        asked.say(
            "En partant à %(hour)s : %(name)s, à %(min)s min à pied (%(m)s m), ferme à %(until)s.", **values
        )
        if first.until and first.until != asked.say("jour et nuit")
        else asked.say(
            "En partant à %(hour)s : %(name)s, à %(min)s min à pied (%(m)s m), ouvert jour et nuit.", **values
        )
        if first.until
        else asked.say(
            "En partant à %(hour)s : %(name)s, à %(min)s min à pied (%(m)s m), sans heure de fermeture connue.",
            **values,
        )
    )
    return Said(text, "ok", _told(asked, first.place))


def _checked(asked: Asked, place: Place) -> str:
    """The day on which the city last looked at its hours, in words; as the file has it where that is no day."""
    try:
        return asked.day(date.fromisoformat(place.checked))
    except ValueError:
        return place.checked


def _told(asked: Asked, place: Place) -> str:
    """When the city last looked at the hours of a place, and how to ask it."""
    said: list[str] = []
    if place.checked:
        said.append(asked.say("Horaires vérifiés par la ville : %(day)s.", day=_checked(asked, place)))
    if place.phone:
        said.append(asked.say("Pour en être sûr : %(phone)s.", phone=place.phone))
    return " ".join(said)


def _minutes(asked: Asked, walk: Walk) -> int:
    """Whole minutes of walking, one at least."""
    return max(1, round(_lasting(asked, walk).total_seconds() / 60))


def _min(asked: Asked, found: Found) -> str:
    return asked.number(_minutes(asked, found.walk) if found.walk else 0, 0)


def _m(asked: Asked, found: Found) -> str:
    metres = found.walk.metres if found.walk else 0.0
    return asked.number(round(metres / 10) * 10, 0)


# --- table and map ------------------------------------------------------------------------------------------


def _table(asked: Asked, found: list[Found], at: datetime) -> Rows:
    walked = found[0].walk is not None
    columns = [
        Column("nom", title=asked.say("Lieu")),
        Column("etat", title=asked.say("État")),
        Column("jusque", title=asked.say("Jusqu’à")),
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
        Column("langues", title=asked.say("Langues")),
        Column("horaires", title=asked.say("Les sept jours qui viennent")),
        Column("verifie", title=asked.say("Vérifié le")),
    ]
    rows = tuple(_row(asked, f, at) for f in found)
    return Rows(_title(asked, found), tuple(columns), rows)


def _title(asked: Asked, found: list[Found]) -> str:
    walked = found[0].walk is not None
    return asked.say("Ouverts, du plus proche au plus loin") if walked else asked.say("Ouverts, par nom")


def _row(asked: Asked, f: Found, at: datetime) -> Mapping[str, object]:
    p = f.place
    chair = (
        asked.say("non dit")
        if p.wheelchair is None
        else asked.say("oui")
        if p.wheelchair
        else asked.say("non")
    )
    row: dict[str, object] = {
        "nom": p.name,
        "etat": f.state,
        "jusque": f.until,
        "adresse": p.address,
        "telephone": p.phone,
        "fauteuil": chair,
        "langues": ", ".join(asked.say(SPOKEN.get(code, code)) for code in p.languages),
        "horaires": week_cell(asked, p, at),
        "verifie": _checked(asked, p),
    }
    if f.walk is not None:
        row |= {"minutes": _minutes(asked, f.walk), "metres": round(f.walk.metres / 10) * 10}
    return row


def _map(asked: Asked, tables: Mapping[str, pa.Table], found: list[Found], fit: list[Place]) -> Map:
    marks = [Mark("point", ((f.place.lon, f.place.lat),), f.place.name, f.state, f.tone) for f in found]
    spot, first = asked.spot("lieu"), found[0]
    if spot is not None and first.walk is not None and first.walk.by_streets and "rues" in tables:
        line = walking.way(
            tables["rues"],
            not asked.ticked("fauteuil"),
            (spot.lon, spot.lat),
            [(p.lon, p.lat) for p in fit],
            first.walk.index,
        )
        if len(line) > 1:
            marks.append(
                Mark(
                    "line",
                    tuple((float(x), float(y)) for x, y in line),
                    asked.say("Le chemin à pied"),
                    f"{_m(asked, first)} m",
                )
            )
    return Map(asked.say("Où ils sont"), tuple(marks), _title(asked, found), {"ok": asked.say("ouvert")})


# --- campaigns and advice -----------------------------------------------------------------------------------


def _campaigns(asked: Asked, tables: Mapping[str, pa.Table], at: datetime) -> list[Block]:
    """The next vaccination sessions, the nearest first among those of the four weeks to come."""
    if "campagnes" not in tables:
        return []
    rows = [
        r
        for r in tables["campagnes"].to_pylist()
        if isinstance(r.get("fin"), datetime) and open_places.point(r) is not None
    ]
    rows = [r for r in rows if at < _moment(r["fin"]) and _moment(r["debut"]) < at + timedelta(days=28)]
    if not rows:
        return []
    spot = asked.spot("lieu")
    goals = [spot_ for r in rows if (spot_ := open_places.point(r)) is not None]
    far = (
        {
            w.index: w
            for w in walking.walks(
                tables.get("rues"),
                True,
                (spot.lon, spot.lat),
                goals,
                np.ones(len(rows), dtype=bool),
                len(rows),
            )
        }
        if spot is not None
        else {}
    )
    order = sorted(
        range(len(rows)),
        key=lambda i: (round(far[i].metres / 500) if i in far else 0, _moment(rows[i]["debut"])),
    )
    columns = [
        Column("titre", title=asked.say("Séance")),
        Column("quand", title=asked.say("Quand")),
        Column("public", title=asked.say("Pour qui")),
        Column("lieu", title=asked.say("Lieu")),
    ]
    columns += [Column("metres", "integer", title=asked.say("À pied"), unit="m")] if far else []
    columns += [
        Column("rendez_vous", title=asked.say("Sur rendez-vous")),
        Column("telephone", title=asked.say("Téléphone"), meaning="telephone"),
    ]
    said = tuple(_session(asked, rows[i], far.get(i)) for i in order[:8])
    return [Rows(asked.say("Séances de vaccination des quatre semaines à venir"), tuple(columns), said)]


def _session(asked: Asked, row: Mapping[str, object], walk: Walk | None) -> Mapping[str, object]:
    begin = _moment(row["debut"])
    by_date = asked.say("oui") if row.get("rendez_vous") is True else asked.say("non")
    said = {
        "titre": row.get("titre"),
        "quand": f"{asked.day(begin)}, {asked.hour(begin)}",
        "public": row.get("public"),
        "lieu": row.get("lieu"),
    }
    far = {} if walk is None else {"metres": round(walk.metres / 10) * 10}
    return {**said, **far, "rendez_vous": by_date, "telephone": row.get("telephone")}


def _moment(value: object) -> datetime:
    assert isinstance(value, datetime)
    return places.aware(value)


def _advice(asked: Asked, tables: Mapping[str, pa.Table], at: datetime) -> list[Block]:
    """Advice by rules for the day, each with whom it is for: nobody has to say who they are."""
    day = at.astimezone(asked.speech.zone).date()
    published = advice.levels(tables["indicateurs"], day) if "indicateurs" in tables else []
    published += advice.of_air(tables["air"], day) if "air" in tables else []
    levels = tuple(
        Point(f"{one.indicator} : {one.label}", one.source)
        for one in published
        if one.level > 0 and one.label
    )
    said: list[Block] = [Points(asked.say("Niveaux publiés pour ce jour"), levels)] if levels else []
    points = tuple(_advised(asked, rule) for rule in advice.advised(day, published))
    return [*said, Points(asked.say("Conseils du jour"), points)] if points else said


def _advised(asked: Asked, rule: Advice) -> Point:
    everybody = rule.ages == frozenset(advice.AGES)
    whom = (
        asked.say("pour tous")
        if everybody
        else ", ".join(asked.say(word) for age, word in advice.AGES.items() if age in rule.ages)
    )
    text = rule.english if asked.speech.code == "en" else rule.text
    return Point(f"{text} ({whom})", rule.source.title, rule.source.url)
