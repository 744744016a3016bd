"""What an engineer takes home of a study of plans: CSV, JSON, and the signal diagram to print "
"(PDF/UA-1, by Typst)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from parvis.core.pdf import typeset
from parvis.methods.signals.values import Plan
from parvis.services.feux.junctions import Site
from parvis.services.feux.sumo_junction import day, net
from parvis.services.study import ResultFile

CSV, JSON, PDF = "plans.csv", "plans.json", "diagrammes.pdf"
SUMO_NET, SUMO_PLANS = "carrefour.net.xml", "plans.add.xml"
FILES = (
    ResultFile(CSV, "Les plans, en CSV", "text/csv; charset=utf-8"),
    ResultFile(JSON, "Les plans et leurs mouvements, en JSON", "application/json"),
    ResultFile(PDF, "Les diagrammes de feux, à imprimer", "application/pdf"),
    ResultFile(SUMO_NET, "Le carrefour, pour SUMO", "application/xml"),
    ResultFile(SUMO_PLANS, "Les plans de la journée, pour SUMO (fichier additionnel)", "application/xml"),
)

SOURCE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title, author: said.author, date: none)
#set text(lang: "fr", size: 9.5pt)
#set page(paper: "a4", margin: 1.6cm, numbering: "1 / 1")
#title(said.title)
#said.opening
#for plan in said.plans [
  = #plan.title
  #plan.said
  #table(columns: (auto, 1fr, auto), stroke: 0.4pt, align: horizon,
    table.header([*Groupe*], [*Cycle de #plan.cycle s*], [*Vert*]),
    ..plan.groups.map(g => (
      [#g.name],
      box(width: 100%, height: 9pt, fill: luma(225), g.greens.map(x =>
        place(dx: x.at(0) * 1%, rect(width: x.at(1) * 1%, height: 9pt, fill: rgb("#1b7f3b"), stroke: none))).join()),
      [#g.text],
    )).flatten())
]
#said.closing
"""

CLOSING = (
    "Plans calculés, non éprouvés sur la rue : un ingénieur les vérifie et les approuve avant de les "
    "mettre en service. "
    "Les jaunes, les rouges de dégagement et les verts minimaux sont ceux de la matrice publiée."
)


def files(
    one: Site, tables: Mapping[str, pa.Table], drawn: Sequence[tuple[str, int, Plan]]
) -> Mapping[str, bytes]:
    """The files by name. drawn: the plans of the day: name, minute from which each serves, plan."""
    plans: list[dict[str, Any]] = tables["plans"].to_pylist()
    return {
        CSV: _csv(plans),
        JSON: _json(one, tables),
        PDF: _pdf(one, plans, tables["periodes"].to_pylist()),
        SUMO_NET: net(one).encode(),
        SUMO_PLANS: day(one, drawn).encode(),
    }


def _csv(plans: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if plans:
        writer.writerow(plans[0])
        writer.writerows(row.values() for row in plans)
    return out.getvalue().encode()


def _json(one: Site, tables: Mapping[str, pa.Table]) -> bytes:
    body = {"carrefour": one.name} | {name: table.to_pylist() for name, table in tables.items()}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _pdf(one: Site, plans: list[dict[str, Any]], periods: list[dict[str, Any]]) -> bytes:
    """The signal diagrams, a period each, to print."""
    by_plan: dict[str, list[dict[str, Any]]] = {}
    for row in plans:
        by_plan.setdefault(row["plan"], []).append(row)
    content = {
        "title": f"Plans de feux proposés, carrefour {one.name}",
        "author": "Parvis",
        "opening": "Un plan par période de la journée. Chaque ligne est un groupe de feux ; la barre montre son vert "
        "dans le cycle.",
        "plans": [_drawn(p, by_plan.get(p["periode"], [])) for p in periods],
        "closing": CLOSING,
    }
    return typeset(SOURCE, content)


def _drawn(period: Mapping[str, Any], rows: list[dict[str, Any]]) -> Mapping[str, object]:
    """One plan as `SOURCE` draws it: greens in per cent of the cycle. rows: its greens."""
    cycle = int(period["cycle"])
    groups: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        groups.setdefault(row["groupe"], []).append((row["debut"], row["duree"]))
    wait = period["retard_propose"]
    return {
        "title": f"De {period['de']} à {period['a']}",
        "said": "" if wait is None else _delay_text(wait, period["reserve"]),
        "cycle": cycle,
        "groups": [
            {
                "name": name,
                "greens": [[100 * s / cycle, 100 * n / cycle] for start, length in runs for s, n in _split(start, length, cycle)],
                "text": ", ".join(f"{start} à {(start + length) % cycle} s" for start, length in runs),
            }
            for name, runs in groups.items()
        ],
    }  # fmt: skip


def _delay_text(wait: float, reserve: float | None) -> str:
    sentence = f"Retard moyen attendu : {wait:.1f} s par véhicule.".replace(".", ",", 1)
    return sentence if reserve is None else f"{sentence} Réserve de capacité : {reserve:.0f} %."


def _split(start: int, length: int, cycle: int) -> list[tuple[int, int]]:
    """A green as the pieces that lie within the cycle."""
    first = min(length, cycle - start)
    return [(start, first), *([(0, length - first)] if length > first else [])]
