"""« Which day are my bins emptied? »: the next day at an address, flow by flow, and what moves or puts it in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import shapely

from parvis.core.text import fold
from parvis.core.types import Column
from parvis.services.answers import Asked, Block, Blocks, Rows, Said, Tone
from parvis.services.collecte.compute import Sector, ahead, sectors
from parvis.services.collecte.days import Collection, Flow
from parvis.services.weekdays import dated_weekday

TONES: Mapping[str, Tone] = {"prévue": "ok", "déplacée": "warn", "à vérifier": "warn"}


@dataclass(frozen=True, slots=True)
class Next:
    """A flow with the days that come; days: None where its rule is not understood."""

    flow: Flow
    days: Sequence[Collection] | None


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """One sentence for the next day there, a row a flow; without a place, a row a sector and flow."""
    every = sectors(tables["regles"]) if "regles" in tables else []
    if not every:
        return (
            Said(asked.say("Aucun jour de collecte n’est encore publié : rien ne peut être dit."), "warn"),
        )
    spot, street = asked.spot("lieu"), asked.text("rue")
    name = spot.name if spot is not None and spot.name else street
    if spot is None and not street:
        return _city(asked, every)
    there = _at(every, None if spot is None else (spot.lon, spot.lat), street or name)
    if not there:
        lead = asked.say(
            "Aucun secteur de collecte publié ne contient « %(place)s ».",
            place=name or asked.say("votre position"),
        )
        return (Said(lead, "warn"), *_table(asked, _nexts(asked, every)))
    nexts = _nexts(asked, there)
    return (_lead(asked, nexts), *_table(asked, nexts))


def _at(every: Sequence[Sector], spot: tuple[float, float] | None, name: str) -> list[Sector]:
    """Those whose area holds the spot, or that name its street."""
    street = fold(name).strip().lstrip("0123456789").strip(" ,")
    at = None if spot is None else shapely.Point(spot)
    return [
        s
        for s in every
        if (s.area is not None and at is not None and s.area.covers(at))
        or (street and (street in s.flow.streets or (s.area is None and street == fold(s.flow.sector))))
    ]


def _nexts(asked: Asked, some: Sequence[Sector]) -> list[Next]:
    """With the days of each that are not over, the flow that comes first before the others. A rule that has ended is left
    out: another row says what comes after it.
    """
    now = asked.now.astimezone(asked.speech.zone)
    out: list[Next] = []
    for one in some:
        days = ahead(one.flow, now.date())
        left = None if days is None else [c for c in days if not _passed(c, now)]
        if left is None or left or one.flow.until is None:
            out.append(Next(one.flow, left))
    return sorted(out, key=lambda n: (n.days[0].day if n.days else date.max, n.flow.name, n.flow.sector))


def _passed(one: Collection, now: datetime) -> bool:
    return one.day == now.date() and one.over is not None and now.time() >= one.over


def _lead(asked: Asked, nexts: Sequence[Next]) -> Said:
    known = [(n.flow, n.days[0]) for n in nexts if n.days]
    if not known:
        if any(n.days is None for n in nexts):
            rule = next(n.flow.rule for n in nexts if n.days is None)
            return Said(
                asked.say("La règle de collecte publiée ici n’a pas été comprise : « %(rule)s ».", rule=rule),
                "warn",
            )
        return Said(asked.say("Aucune collecte n’est annoncée ici dans les six semaines à venir."), "warn")
    day = known[0][1].day
    same = [(flow, one) for flow, one in known if one.day == day]
    text = asked.say(
        "Prochaine collecte %(when)s : %(flows)s.",
        when=_when(asked, day), flows=", ".join(dict.fromkeys(_flow(asked, flow) for flow, _ in same)),
    )  # fmt: skip
    tone: Tone = "ok" if all(one.state == "prévue" for _, one in same) else "warn"
    notes = [note for flow, one in same if (note := _why(asked, flow, one))]
    out = next((flow.put_out for flow, _ in same if flow.put_out), "")
    if out:
        notes.append(asked.say("Bac à sortir : « %(when)s ».", when=out))
    return Said(text, tone, " ".join(dict.fromkeys(notes)))


def _why(asked: Asked, flow: Flow, one: Collection) -> str:
    if one.state == "prévue":
        return ""
    name = asked.say(one.why) if one.why else ""
    if one.state == "déplacée":
        values = {"flow": _flow(asked, flow), "usual": dated_weekday(asked, one.usual), "why": name}
        if name:
            return asked.say("%(flow)s : d’ordinaire %(usual)s, déplacé pour « %(why)s ».", **values)
        return asked.say("%(flow)s : d’ordinaire %(usual)s, déplacé cette fois.", **values)
    if name:
        return asked.say(
            "%(flow)s : c’est un jour férié (« %(why)s »), et la ville ne dit pas si la collecte a lieu.",
            flow=_flow(asked, flow), why=name,
        )  # fmt: skip
    return asked.say("%(flow)s : la règle publiée peut se lire de deux façons.", flow=_flow(asked, flow))


def _city(asked: Asked, every: Sequence[Sector]) -> Blocks:
    nexts = _nexts(asked, every)
    first = next((n for n in nexts if n.days), None)
    note = asked.say("Dites où vous habitez pour savoir quel jour.")
    if first is None or not first.days:
        return (
            Said(asked.say("Aucune collecte n’est annoncée dans les six semaines à venir."), "warn", note),
            *_table(asked, nexts),
        )
    day = first.days[0].day
    where = sorted({n.flow.sector for n in nexts if n.days and n.days[0].day == day})
    text = asked.count(
        "Prochaine collecte dans la ville %(when)s, dans %(n)s secteur sur %(of)s.",
        "Prochaine collecte dans la ville %(when)s, dans %(n)s secteurs sur %(of)s.",
        len(where), when=_when(asked, day), of=asked.number(len({s.flow.sector for s in every})),
    )  # fmt: skip
    return (Said(text, "", note), *_table(asked, nexts))


def _table(asked: Asked, nexts: Sequence[Next]) -> list[Block]:
    columns = (
        Column("flux", title=asked.say("Flux")),
        Column("prochaine", title=asked.say("Prochaine collecte")),
        Column("ensuite", title=asked.say("Ensuite")),
        Column("etat", title=asked.say("État")),
        Column("sortie", title=asked.say("Quand sortir le bac")),
        Column("secteur", title=asked.say("Secteur")),
    )
    rows = tuple(_row(asked, n) for n in nexts)
    reasons = [_why(asked, n.flow, n.days[0]) for n in nexts if n.days]
    note = " ".join(dict.fromkeys(why for why in reasons if why))
    return [Rows(asked.say("Jours de collecte"), columns, rows, note)]


def _row(asked: Asked, one: Next) -> Mapping[str, object]:
    if one.days is None:
        first, then, state = asked.say("règle non comprise : « %(rule)s »", rule=one.flow.rule), "", ""
    else:
        first, then, state = (
            dated_weekday(asked, one.days[0].day) if one.days else asked.say("aucune d’ici six semaines"),
            dated_weekday(asked, one.days[1].day) if len(one.days) > 1 else "",
            asked.say(one.days[0].state) if one.days else "",
        )
    return {
        "flux": _flow(asked, one.flow), "prochaine": first, "ensuite": then, "etat": state, "sortie": one.flow.put_out,
        "secteur": one.flow.sector,
    }  # fmt: skip


def _flow(asked: Asked, flow: Flow) -> str:
    return asked.say(flow.name)


def _when(asked: Asked, day: date) -> str:
    today = asked.now.astimezone(asked.speech.zone).date()
    if day == today:
        return asked.say("aujourd’hui, %(day)s", day=dated_weekday(asked, day))
    if day == today + timedelta(1):
        return asked.say("demain, %(day)s", day=dated_weekday(asked, day))
    return dated_weekday(asked, day)
