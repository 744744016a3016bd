"""The quality report of a published version: by fault, by column, by dimension; and its badge, for other
sites to show. Values are masked in stored reports.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.checks.answer import Answer, Fault, of_report
from parvis.core.language import mark
from parvis.core.scores import Level
from parvis.core.text import printable
from parvis.web import words
from parvis.web.page import Page, Visit, page, send, visit_of
from parvis.web.views import dataset as view


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column, with what is wrong in it."""

    name: Annotated[str, "Nom de la colonne."]
    title: Annotated[str, "Titre de la colonne."]
    rules: Annotated[int, "Règles qui y trouvent une faute."]
    errors: Annotated[int, "Enregistrements en erreur, comptés par règle."]
    warnings: Annotated[int, "Enregistrements à vérifier, comptés par règle."]
    codes: Annotated[tuple[str, ...], "Codes de ces règles."]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table of the dataset that has a report."""

    name: Annotated[str, "Nom de la ressource, pour ?ressource=."]
    title: Annotated[str, "Titre de la ressource."]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """How good a published table is: faults with their fix, columns, dimensions, and what was not checked."""

    id: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    resource: Annotated[str, "Nom de la ressource montrée."]
    tables: Annotated[tuple[ReportTable, ...], "Ressources du jeu."]
    version: Annotated[str, "Empreinte de la version contrôlée."]
    at: Annotated[datetime, "Date de cette version."]
    answer: Annotated[Answer, "Le rapport, valeurs personnelles masquées."]
    columns: Annotated[tuple[ReportColumn, ...], "Colonnes, celles qui ont le plus de fautes d’abord."]


def report(visit: Visit) -> ReportPage:
    """GET /jeux/{id}/qualite."""
    with visit.city.db.read() as conn:
        s = view.shown(visit, conn)
    titles = {c.name: c.title or c.name for c in s.version.schema.columns}
    said = of_report(s.version.report, list(titles), language=visit.language)
    tables = tuple(ReportTable(i.name, i.resource.title) for i in s.entry.items)
    return ReportPage(
        s.entry.dataset.id,
        s.entry.dataset.title,
        s.item.name,
        tables,
        s.version.digest,
        s.version.at,
        said,
        _columns(titles, (*said.errors, *said.warnings)),
    )


def _columns(titles: dict[str, str], faults: Sequence[Fault]) -> tuple[ReportColumn, ...]:
    errors: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    codes: dict[str, list[str]] = {name: [] for name in titles}
    for fault in faults:
        for name in (
            (fault.column,)
            if fault.column in titles
            else [part for part in fault.column.split(", ") if part in titles]
        ):
            (errors if fault.severity == "error" else warnings)[name] += fault.count
            codes[name].append(fault.code)
    lines = (
        ReportColumn(name, title, len(codes[name]), errors[name], warnings[name], tuple(codes[name]))
        for name, title in titles.items()
    )
    return tuple(sorted(lines, key=lambda c: (-c.errors, -c.warnings)))


COLOURS: Mapping[Level, str] = {"ok": "#1c6a3b", "review": "#7d4e00", "ko": "#a1261c"}


def badge(request: Request) -> Response:
    """/jeux/{id}/qualite.svg: « qualité | OK 98 », for another site; its title says what is missing."""
    found = report(visit_of(request, request.url.path.removesuffix("/qualite.svg") + "/qualite"))
    language = visit_of(request).language
    scores = found.answer.scores
    looked_at = scores.score is not None or scores.level != "ok"
    level = language.say(words.LEVELS[scores.level] if looked_at else mark("rien de contrôlé"))
    said = f"{level} {language.number(math.floor(scores.score), 0)}" if scores.score is not None else level
    partial = "" if scores.complete else ", " + language.say(mark("contrôle partiel"))
    body = _svg(
        language.say(mark("qualité")),
        said,
        COLOURS[scores.level] if looked_at else "#4a5b61",
        f"{found.title}{partial}",
    )
    return send(request, body.encode(), "image/svg+xml", headers={"Access-Control-Allow-Origin": "*"})


def _svg(left: str, right: str, colour: str, title: str) -> str:
    """Two words side by side. Widths are taken from the number of letters: a badge has no font of its own."""
    title = printable(title)
    a, b = (12 + 7 * len(word) for word in (left, right))
    words_ = "".join(
        f'<text x="{x}" y="14" fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" textLength="{7 * len(word)}">'
        f"{escape(word)}</text>"
        for word, x in ((left, a / 2), (right, a + b / 2))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{a + b}" height="20" role="img" aria-label="{escape(left)} : {escape(right)}">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{a + b}" height="20" rx="3" fill="#3c4a4f"/><path d="M{a} 0h{b - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{a}z" fill="{colour}"/>{words_}</svg>'
    )


PAGES: tuple[Page, ...] = (page("/jeux/{id}/qualite", report, "report.html"),)

ROUTES = tuple(Route(prefix + "/jeux/{id}/qualite.svg", badge) for prefix in ("", "/en"))
