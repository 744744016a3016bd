"""The page of live choice for the engineers: what runs now, what waits for their agreement, what was decided
today, what it was worth.
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


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The sentence first, then what waits for an answer, the junctions, the day and its worth."""
    now: Sequence[Row] = tables["etat"].to_pylist()
    blocks: list[Block] = [_first(request, now)]
    answers = {r["proposition"]: r["accord"] for r in _rows(tables, AGREEMENTS)}
    blocks += [_proposed(request, r, answers.get(r["proposition"])) for r in now if r["proposition"]]
    blocks += _to_mend(request, now)
    blocks.append(
        Rows(request.say("Carrefours"), _titled(request, STATE, SHOWN), tuple(_read(request, r) for r in now))
    )
    marks = tuple(_mark(request, r) for r in now if r.get(POINT) is not None)
    if marks:
        key = {
            "ok": request.say("le choix suit les comptages"),
            "warn": request.say("une proposition attend"),
            "bad": request.say("repli : le plan à l’heure"),
        }
        blocks.append(Map(request.say("Où ils sont"), marks, request.say("Carrefours"), key))
    blocks += _worth(request, _rows(tables, "controles_avant"))
    changes = sorted(
        (r for r in _rows(tables, "avant") if r["raison"] not in LASTING),
        key=lambda r: r["decide"],
        reverse=True,
    )
    note = request.say(
        "Un jour et plus ; chaque décision, aussi celles qui ne changent rien, est dans la table qui vous est partagée."
    )
    blocks.append(
        Rows(
            request.say("Décisions qui s’écartent de l’heure"),
            _titled(request, DECISIONS, LOGGED),
            tuple(_read(request, r) for r in changes),
            note,
        )
    )
    blocks.append(Points(request.say("Quand le choix se tait"), tuple(Point(request.say(t)) for t in SILENT)))
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


def _first(request: Asked, now: Sequence[Row]) -> Said:
    """How many junctions are followed, run another plan than the timetable's, wait for an answer, or fell back."""
    off = sum(bool(r["plan"]) and r["plan"] != r["plan_horaire"] for r in now)
    waiting = sum(bool(r["proposition"]) for r in now)
    fallen = sum(r["raison"] in FALLEN for r in now)
    sentence = request.count(
        "%(n)s carrefour suivi ; avec un autre plan que celui de l’heure : %(off)s ; propositions en attente : %(waiting)s ; replis : %(fallen)s.",
        "%(n)s carrefours suivis ; avec un autre plan que celui de l’heure : %(off)s ; propositions en attente : %(waiting)s ; replis : %(fallen)s.",
        len(now), off=request.number(off), waiting=request.number(waiting), fallen=request.number(fallen),
    )  # fmt: skip
    return Said(sentence, "warn" if waiting or fallen else "ok")


def _proposed(request: Asked, r: Row, answered: bool | None) -> Proposed:
    """A change that waits for an agreement, as a question; answered: yes or no, None so far."""
    text = request.say(
        "%(junction)s : passer de « %(now)s » à « %(wanted)s » ? Attendu %(after)s s par personne au lieu de %(before)s s.",
        junction=r["carrefour"], now=r["plan"], wanted=r["voulu"],
        after=request.number(r["attendu_voulu"], 1), before=request.number(r["attendu"], 1),
    )  # fmt: skip
    return Proposed(
        r["proposition"], text, "" if answered is None else request.say(DONE if answered else REFUSED)
    )


def _to_mend(request: Asked, now: Sequence[Row]) -> list[Block]:
    """Plans that are not safe and tables that contradict themselves; nothing where there are none."""
    points = [
        Point(request.say("%(junction)s : le plan « %(plan)s » n’est pas sûr ; il n’est jamais choisi.", junction=r["carrefour"], plan=plan))
        for r in now for plan in (r["ecartes"] or "").split(" ; ") if plan
    ]  # fmt: skip
    points += [Point(r["a_corriger"]) for r in now if r["a_corriger"]]
    return [Points(request.say("À corriger"), tuple(points))] if points else []


def _worth(request: Asked, audited: Sequence[Row]) -> list[Block]:
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
    note = request.say(
        "Les choix qui ont fait perdre viennent d’abord. Retards calculés sous les comptages, non mesurés."
    )
    return [
        Figures((
            Figure(request.say("%(n)s s", n=request.number(lost, 1)), request.say("par personne, avec les plans choisis")),
            Figure(request.say("%(n)s s", n=request.number(by_hour, 1)), request.say("avec les plans à l’heure")),
            Figure(request.say("%(n)s %%", n=request.number(gain, 1)), request.say("de moins"), request.say("calculé, dernières vingt-quatre heures")),
        )),
        Rows(request.say("Ce que les choix ont valu"), _titled(request, AUDITED, tuple(AUDITED.names)), tuple(_read(request, r) for r in off), note),
    ]  # fmt: skip


def _mark(request: Asked, r: Row) -> Mark:
    """A junction on the map, with the reason of its plan."""
    place = (r[POINT]["lon"], r[POINT]["lat"])
    return Mark(
        "point", (place,), r["carrefour"], request.say(REASONS[r["raison"]]), TONES.get(r["raison"], "ok")
    )


def _read(request: Asked, r: Row) -> Row:
    """A row as people read it: its reason in words, moments as hours."""
    line = {**r, "raison": request.say(REASONS[r["raison"]])} if "raison" in r else dict(r)
    return {**line, "debut": request.speech.moment(r["debut"])} if r.get("debut") is not None else line


def _titled(request: Asked, schema: Schema, names: Sequence[str]) -> tuple[Column, ...]:
    """Those columns of a schema with their titles; moments as text, since `_read` writes them as hours."""
    by_name = {c.name: c for c in schema.columns}
    return tuple(
        replace(by_name[n], title=request.say(by_name[n].title or n), type="text" if by_name[n].type == "datetime" else by_name[n].type)
        for n in names
    )  # fmt: skip
