"""What live choice says to the engineers: what runs now, what waits for their word, what was decided today, what it
was worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import POINT, Column, Schema
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
    Tone,
)
from parvis.services.declaration import AGREEMENTS
from parvis.services.feux.live_schemas import AUDITED, DECISIONS, STATE

Row = Mapping[str, Any]
REASONS: Mapping[str, str] = {
    "timetable": mark("à l’heure : aucun autre plan ne perd nettement moins"),
    "kept": mark("perd toujours nettement moins que le plan à l’heure"),
    "changed": mark("un autre plan perd nettement moins"),
    "returned": mark("le plan à l’heure ne perd pas plus"),
    "confirming": mark("à confirmer"),
    "held": mark("changé il y a peu"),
    "bounded": mark("trop de changements ce jour"),
    "asked": mark("attend l’accord d’une personne"),
    "no_counts": mark("plus de comptages : le plan à l’heure"),
    "no_loops": mark("aucune boucle n’est nommée pour ses groupes : le plan à l’heure"),
    "alone": mark("moins de deux plans sûrs à cette heure : rien à choisir"),
    "tables": mark("ses tables se contredisent : le plan à l’heure"),
}
LASTING = ("timetable", "kept")
FALLEN = ("no_counts", "no_loops", "alone", "tables")
TONES: Mapping[str, Tone] = {"asked": "warn", **dict.fromkeys(FALLEN, "bad")}
DONE = mark("Accord donné : le plan change au prochain calcul.")
REFUSED = mark("Refusé : il n’est plus proposé sous ce plan à l’heure.")


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The sentence first, then what waits for somebody, the junctions, the day and its worth."""
    now: Sequence[Row] = tables["etat"].to_pylist()
    blocks: list[Block] = [_first(asked, now)]
    said = {r["proposition"]: r["accord"] for r in _rows(tables, AGREEMENTS)}
    blocks += [_proposed(asked, r, said.get(r["proposition"])) for r in now if r["proposition"]]
    blocks += _to_mend(asked, now)
    blocks.append(
        Rows(asked.say("Carrefours"), _titled(asked, STATE, SHOWN), tuple(_read(asked, r) for r in now))
    )
    marks = tuple(_mark(asked, r) for r in now if r.get(POINT) is not None)
    if marks:
        key = {
            "ok": asked.say("le choix suit les comptages"),
            "warn": asked.say("une proposition attend"),
            "bad": asked.say("repli : le plan à l’heure"),
        }
        blocks.append(Map(asked.say("Où ils sont"), marks, asked.say("Carrefours"), key))
    blocks += _worth(asked, _rows(tables, "controles_avant"))
    changes = sorted(
        (r for r in _rows(tables, "avant") if r["raison"] not in LASTING),
        key=lambda r: r["decide"],
        reverse=True,
    )
    note = asked.say(
        "Un jour et plus ; chaque décision, aussi celles qui ne changent rien, est dans la table qui vous est partagée."
    )
    blocks.append(
        Rows(
            asked.say("Décisions qui s’écartent de l’heure"),
            _titled(asked, DECISIONS, LOGGED),
            tuple(_read(asked, r) for r in changes),
            note,
        )
    )
    blocks.append(Points(asked.say("Quand le choix se tait"), tuple(Point(asked.say(t)) for t in SILENT)))
    return blocks  # fmt: skip


SILENT = (
    mark("Sans comptages, ou avec une boucle en défaut, les plans à l’heure reprennent : c’est aussi ce que fait le contrôleur s’il n’entend plus rien d’ici."),
    mark("Un plan publié qui rompt une règle (antagonistes, intervert, vert minimal, rouge maximal) n’est jamais choisi."),
    mark("Ce service dit quel plan devrait courir ; il ne commande aucun feu par lui-même."),
)  # fmt: skip
SHOWN = ("carrefour", "plan", "plan_horaire", "raison", "attendu", "attendu_horaire", "vus", "groupes")
LOGGED = (
    "carrefour",
    "debut",
    "plan",
    "plan_horaire",
    "raison",
    "attendu",
    "attendu_horaire",
    "comptes",
    "habituels",
)


def _rows(tables: Mapping[str, pa.Table], name: str) -> Sequence[Row]:
    return tables[name].to_pylist() if name in tables else []


def _first(asked: Asked, now: Sequence[Row]) -> Said:
    off = sum(bool(r["plan"]) and r["plan"] != r["plan_horaire"] for r in now)
    waiting = sum(bool(r["proposition"]) for r in now)
    fallen = sum(r["raison"] in FALLEN for r in now)
    told = asked.count(
        "%(n)s carrefour suivi ; avec un autre plan que celui de l’heure : %(off)s ; propositions en attente : %(waiting)s ; replis : %(fallen)s.",
        "%(n)s carrefours suivis ; avec un autre plan que celui de l’heure : %(off)s ; propositions en attente : %(waiting)s ; replis : %(fallen)s.",
        len(now), off=asked.number(off), waiting=asked.number(waiting), fallen=asked.number(fallen),
    )  # fmt: skip
    return Said(told, "warn" if waiting or fallen else "ok")


def _proposed(asked: Asked, r: Row, answered: bool | None) -> Proposed:
    text = asked.say(
        "%(junction)s : passer de « %(now)s » à « %(wanted)s » ? Attendu %(after)s s par personne au lieu de %(before)s s.",
        junction=r["carrefour"], now=r["plan"], wanted=r["voulu"],
        after=asked.number(r["attendu_voulu"], 1), before=asked.number(r["attendu"], 1),
    )  # fmt: skip
    return Proposed(
        r["proposition"], text, "" if answered is None else asked.say(DONE if answered else REFUSED)
    )


def _to_mend(asked: Asked, now: Sequence[Row]) -> list[Block]:
    told = [
        Point(asked.say("%(junction)s : le plan « %(plan)s » n’est pas sûr ; il n’est jamais choisi.", junction=r["carrefour"], plan=plan))
        for r in now for plan in (r["ecartes"] or "").split(" ; ") if plan
    ]  # fmt: skip
    told += [Point(r["a_corriger"]) for r in now if r["a_corriger"]]
    return [Points(asked.say("À corriger"), tuple(told))] if told else []


def _worth(asked: Asked, audited: Sequence[Row]) -> list[Block]:
    """What the plans that ran were worth under what came, over the last day."""
    passed = sum(r["passages"] for r in audited)
    if not passed:
        return []
    lost, by_hour = (
        sum(r["passages"] * r[n] for r in audited) / passed for n in ("retard", "retard_horaire")
    )
    gain = 100 * (1 - lost / by_hour) if by_hour > 0 else 0.0
    off = tuple(
        sorted(
            (r for r in audited if r["plan"] != r["plan_horaire"]),
            key=lambda r: (r["retard"] - r["retard_horaire"]) * r["passages"],
            reverse=True,
        )
    )
    note = asked.say(
        "Les choix qui ont fait perdre viennent d’abord. Retards calculés sous les comptages, non mesurés."
    )
    return [
        Figures((
            Figure(asked.say("%(n)s s", n=asked.number(lost, 1)), asked.say("par personne, avec les plans choisis")),
            Figure(asked.say("%(n)s s", n=asked.number(by_hour, 1)), asked.say("avec les plans à l’heure")),
            Figure(asked.say("%(n)s %%", n=asked.number(gain, 1)), asked.say("de moins"), asked.say("calculé, dernières vingt-quatre heures")),
        )),
        Rows(asked.say("Ce que les choix ont valu"), _titled(asked, AUDITED, tuple(AUDITED.names)), tuple(_read(asked, r) for r in off), note),
    ]  # fmt: skip


def _mark(asked: Asked, r: Row) -> Mark:
    place = (r[POINT]["lon"], r[POINT]["lat"])
    return Mark(
        "point", (place,), r["carrefour"], asked.say(REASONS[r["raison"]]), TONES.get(r["raison"], "ok")
    )


def _read(asked: Asked, r: Row) -> Row:
    """A row as people read it: its reason in words, moments as hours."""
    said = {**r, "raison": asked.say(REASONS[r["raison"]])} if "raison" in r else dict(r)
    return {**said, "debut": asked.speech.moment(r["debut"])} if r.get("debut") is not None else said


def _titled(asked: Asked, schema: Schema, names: Sequence[str]) -> tuple[Column, ...]:
    kept = {c.name: c for c in schema.columns}
    return tuple(
        replace(kept[n], title=asked.say(kept[n].title or n), type="text" if kept[n].type == "datetime" else kept[n].type)
        for n in names
    )  # fmt: skip
