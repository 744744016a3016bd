"""What coordinators read, on a phone too: what is unusual, what waits for them, who does what, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import POINT, Column
from parvis.services.answers import (
    Asked,
    Block,
    Blocks,
    Figure,
    Figures,
    Map,
    Mark,
    Point,
    Points,
    Proposed,
    Rows,
    Said,
)
from parvis.services.epidemies.coordination import age, overdue
from parvis.services.epidemies.doubt import WORDS as METHODS
from parvis.services.epidemies.doubt import worth
from parvis.services.epidemies.register import TOWN
from parvis.services.epidemies.schemas import SIGNALS
from parvis.services.epidemies.signals import UNKNOWN, UNUSUAL, USUAL

Row = Mapping[str, Any]
STATES: Mapping[str, str] = {
    UNUSUAL: mark("inhabituel"),
    USUAL: mark("ordinaire"),
    UNKNOWN: mark("inconnu"),
}
BEFORE = (
    mark("Un signal est une question, non une épidémie : appelez d’abord ceux qui comptent."),
    mark("L’agence régionale de santé décide d’une alerte ; cette page ne la remplace pas."),
    mark(
        "Ces nombres sont petits : ils ne sortent pas du groupe. Ce que tous lisent est publié à part, sans petit nombre."
    ),
    mark("Aucune décision sur une personne n’en dépend : des lieux et des services, jamais des personnes."),
)
SHOWN = 40


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The sentence first, then what waits for a word, signals, tasks, measures."""
    found, called = _rows(tables, "signaux"), _rows(tables, "mesures")
    tasks, places = (
        _rows(tables, "taches"),
        {str(r["lieu"]): r.get("nom") or r["lieu"] for r in _rows(tables, "lieux")},
    )
    today = asked.now.astimezone(ZoneInfo("Europe/Paris")).date()
    blocks: list[Block] = [_first(asked, found, called, tasks, today)]
    blocks += [_proposed(asked, r) for r in called if r["accord"] is None]
    blocks += _coming(asked, found)
    blocks += _signals(asked, found)
    blocks += _tasks(asked, tasks, places, today)
    blocks += _measures(asked, called)
    blocks.append(_out(asked, _rows(tables, "registre")))
    blocks.append(Points(asked.say("Avant d’en parler"), tuple(Point(asked.say(text)) for text in BEFORE)))
    return blocks


def _rows(tables: Mapping[str, pa.Table], name: str) -> Sequence[Row]:
    return tables[name].to_pylist() if name in tables else []


def _first(
    asked: Asked, found: Sequence[Row], called: Sequence[Row], tasks: Sequence[Row], today: date
) -> Said:
    if not found:
        return Said(asked.say("Rien n’est compté encore : aucun signal ne peut être dit."), "warn")
    now = [r for r in found if r["etat"] == UNUSUAL]
    judged = sum(r["methode"] is not None for r in found)
    late, left = sum(overdue(t, today) for t in tasks), sum(t["faite"] is None for t in tasks)
    text = asked.say(
        "Semaine du %(week)s. Signaux : %(now)s ; séries de zones jugées : %(judged)s sur %(all)s. "
        "Mesures à décider : %(called)s. Tâches à faire : %(left)s, dont en retard : %(late)s.",
        week=asked.day(max(r["semaine"] for r in found)), now=asked.number(len(now)), judged=asked.number(judged), all=asked.number(len(found)),
        called=asked.number(sum(r["accord"] is None for r in called)), left=asked.number(left), late=asked.number(late),
    )  # fmt: skip
    return Said(text, "bad" if late or now else "ok" if judged == len(found) else "warn")


def _proposed(asked: Asked, r: Row) -> Proposed:
    what = asked.say(
        "%(zone)s : %(measure)s",
        zone=asked.say(r["nom"]),
        measure=f"{_of(asked, r, 'texte')} {why(asked, r)}",
    )
    return Proposed(r["proposition"], what)


def _of(asked: Asked, r: Row, name: str) -> str:
    """A text of a measure in the visitor's language."""
    return str(r[f"{name}_en" if asked.speech.code == "en" else name])


def why(asked: Asked, r: Row) -> str:
    """The reason of a measure, in words."""
    when, bar, cases, usual = r["raison"].split(":")
    what = asked.say(r["serie"])
    if when == "cases":
        return asked.say(
            "Raison : %(cases)s %(what)s dans la semaine, %(bar)s ou plus suffisent.",
            cases=cases,
            what=what,
            bar=bar,
        )
    return asked.say(
        "Raison : %(what)s au-dessus de l’habitude (%(cases)s pour %(usual)s) depuis la semaine du %(since)s.",
        what=what, cases=cases, usual=asked.number(float(usual), 1) if usual != "None" else "?", since=asked.day(r["depuis"]),
    )  # fmt: skip


def _signals(asked: Asked, found: Sequence[Row]) -> list[Block]:
    names = (
        "nom",
        "serie",
        "etat",
        "cas",
        "habituels",
        "seuil",
        "depuis",
        "semaine",
        "methode",
        "apprises",
        "dit",
    )
    title = asked.say("Signaux par zone")
    read = tuple(
        {
            **r,
            "serie": asked.say(r["serie"]),
            "nom": asked.say(r["nom"]),
            "etat": asked.say(STATES[r["etat"]]),
            "methode": asked.say(METHODS[r["methode"]]) if r["methode"] else None,
            "dit": asked.say(r["dit"]) if r["dit"] else None,
        }
        for r in found[:SHOWN]
    )
    note = asked.say(
        "Zones montrées : %(n)s sur %(all)s, les inhabituelles d’abord ; toutes sont dans la table qui vous est partagée.",
        n=asked.number(len(read)),
        all=asked.number(len(found)),
    )
    blocks: list[Block] = [Rows(title, asked.columns_of(SIGNALS, *names), read, note)]
    doubt = worth(asked, found)
    blocks += [Said(doubt)] if doubt else []
    if any(r["attendus"] is not None and r["attendus"] > r["declares"] for r in found):
        blocks.append(
            Said(
                asked.say(
                    "Les zones sont comparées sur ce qui est déclaré à ce jour : un signal de la dernière semaine peut manquer encore."
                )
            )
        )
    marks = tuple(
        Mark(
            "point", ((r[POINT]["lon"], r[POINT]["lat"]),), asked.say("%(place)s, %(what)s", place=r["nom"], what=asked.say(r["serie"])),
            asked.say("%(cases)s cas, %(usual)s d’habitude", cases=asked.number(r["cas"]), usual=asked.number(r["habituels"], 1)), "bad",
        )
        for r in found if r.get(POINT) is not None and r["etat"] == UNUSUAL
    )  # fmt: skip
    return (
        [*blocks, Map(asked.say("Où ils sont"), marks, title, {"bad": asked.say("inhabituel")})]
        if marks
        else blocks
    )


def _tasks(asked: Asked, tasks: Sequence[Row], places: Mapping[str, str], today: date) -> list[Block]:
    if not tasks:
        return []
    order = sorted(tasks, key=lambda t: (t["faite"] is not None, not overdue(t, today), -age(t, today)))
    read = tuple(
        {
            "etat": asked.say("faite") if t["faite"] else asked.say("en retard") if overdue(t, today) else asked.say("à faire"),
            "action": t["action"], "service": t["service"], "zone": places.get(str(t["lieu"]), t["lieu"]) if t["lieu"] else asked.say("Toute la ville"),
            "age": age(t, today), "echeance": t["echeance"],
        }
        for t in order
    )  # fmt: skip
    columns = (
        Column("etat", title=asked.say("État")),
        Column("action", title=asked.say("Action")),
        Column("service", title=asked.say("Qui")),
        Column("zone", title=asked.say("Zone")),
        Column("age", "integer", title=asked.say("Ouverte depuis"), unit=asked.say("jours")),
        Column("echeance", "date", title=asked.say("Pour le")),
    )
    return [Rows(asked.say("Qui fait quoi"), columns, read)]


def _measures(asked: Asked, called: Sequence[Row]) -> list[Block]:
    if not called:
        return []
    states = {None: asked.say("à décider"), True: asked.say("retenue"), False: asked.say("écartée")}
    read = tuple(
        {
            "zone": asked.say(r["nom"]), "mesure": _of(asked, r, "texte"), "raison": why(asked, r), "qui": _of(asked, r, "qui"),
            "etat": states[r["accord"]], "source": r["source"],
        }
        for r in called
    )  # fmt: skip
    columns = tuple(
        Column(n, title=t)
        for n, t in (
            ("zone", asked.say("Zone")), ("mesure", asked.say("Mesure")), ("raison", asked.say("Raison")),
            ("qui", asked.say("Qui")), ("etat", asked.say("État")), ("source", asked.say("Source")),
        )
    )  # fmt: skip
    note = asked.say(
        "Les règles et leurs sources sont des données : la ville les change dans reglages/coordination-sanitaire.toml."
    )
    return [Rows(asked.say("Mesures, par règle"), columns, read, note)]


def _coming(asked: Asked, found: Sequence[Row]) -> list[Block]:
    one = next((r for r in found if r["niveau"] == TOWN and r["attendus"] is not None), None)
    if one is None:
        return []
    return [Figures((
        Figure(asked.number(one["declares"]), asked.say("cas de la semaine du %(week)s, déclarés à ce jour", week=asked.day(one["semaine"]))),
        Figure(
            asked.number(one["attendus"], 0), asked.say("cas attendus une fois tout déclaré"),
            asked.say("de %(low)s à %(high)s (intervalle à 95 %% de la semaine entière)",
            low=asked.number(one["attendus_bas"]), high=asked.number(one["attendus_haut"])),
        ),
    ))]  # fmt: skip


def _out(asked: Asked, register: Sequence[Row]) -> Said:
    if not register:
        return Said(asked.say("Aucune semaine n’est encore arrêtée : rien n’est publié."))
    last = max(r["debut"] for r in register if r["semaines"] == 1)
    mine = [r for r in register if r["debut"] == last and r["semaines"] == 1 and r["comptes"]]
    return Said(
        asked.say(
            "Publié pour tous, semaine du %(week)s, nombres montrés : %(shown)s sur %(all)s ; les autres sont petits, ou rendraient un petit nombre.",
            week=asked.day(last), shown=asked.number(sum(r["montre"] for r in mine)), all=asked.number(len(mine)),
        )
    )  # fmt: skip
