"""What the city's services are worth, measured: one page, from the dataset `effets` and its earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from parvis import privacy
from parvis.core.errors import Gone, NotFound
from parvis.core.language import Language
from parvis.core.released import Public
from parvis.core.sentence import mark
from parvis.core.types import PUBLIC
from parvis.engine.read import table
from parvis.services.effect import NAME, Effect, texts
from parvis.store import versions
from parvis.web.page import Visit
from parvis.web.views.current_service import spoken
from parvis.web.views.links import Link
from parvis.work import service_runs

RESOURCE = f"{NAME}/{NAME}"
EARLIER = 12
"""Versions of the dataset that the page goes back."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was measured before."""

    at: Annotated[datetime, "Date de la mesure."]
    value: Annotated[str, "Valeur, avec son unité."]


@dataclass(frozen=True, slots=True)
class EffectView:
    """One effect, measured or not yet."""

    name: Annotated[str, "Nom de l’effet."]
    subject: Annotated[Link | None, "Service dont c’est l’effet ; absent s’il n’a pas de page publique."]
    language: Annotated[str, "Langue de ces textes."]
    title: Annotated[str, "Ce qui est mesuré."]
    against: Annotated[str, "À quoi c’est comparé."]
    value: Annotated[float | None, "Valeur ; absente tant que rien ne la mesure."]
    low: Annotated[float | None, "Borne basse ; absente si le doute n’est pas mesuré."]
    high: Annotated[float | None, "Borne haute."]
    unit: Annotated[str, "Unité."]
    better: Annotated[str, "higher ou lower : ce qui est mieux."]
    said: Annotated[str, "La valeur et son doute, en mots."]
    verdict: Annotated[str, "Mieux, pire, ou on ne peut pas le dire."]
    tone: Annotated[str, "ok, warn, bad, ou vide."]
    since: Annotated[date | None, "Premier jour mesuré."]
    until: Annotated[date | None, "Dernier jour mesuré."]
    seen: Annotated[int, "Nombre d’observations."]
    how: Annotated[str, "Comment c’est mesuré."]
    earlier: Annotated[tuple[Earlier, ...], "Valeurs mesurées avant, la plus récente d’abord."]


@dataclass(frozen=True, slots=True)
class EffectsPage:
    """What the services are worth."""

    effects: Annotated[tuple[EffectView, ...], "Effets, ceux qui sont mesurés d’abord."]
    measured: Annotated[int, "Combien sont mesurés."]
    at: Annotated[datetime | None, "Date de la dernière mesure ; absente s’il n’y en a pas."]


def effects(visit: Visit) -> EffectsPage:
    """GET /effets."""
    past = _versions(visit)
    views = [_view(visit, one, past) for one in service_runs.effects()]
    views.sort(key=lambda v: (v.value is None, v.name))
    return EffectsPage(tuple(views), sum(v.value is not None for v in views), past[0][0] if past else None)


def _versions(visit: Visit) -> list[tuple[datetime, Mapping[str, Row]]]:
    """The dataset's versions that the public reads, newest first: when each was made, its rows by effect."""
    with visit.city.db.read() as conn:
        opened = list[tuple[datetime, Public]]()
        for version in versions.history(conn, RESOURCE, limit=EARLIER):
            try:
                released = privacy.reopen(conn, version.digest, PUBLIC, now=visit.city.now())
            except (Gone, NotFound):
                continue
            if isinstance(released, Public):
                opened.append((version.at, released))
    found = [
        (at, {str(r["effet"]): r for r in table(visit.city.engine, one).to_pylist()}) for at, one in opened
    ]
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def _view(visit: Visit, one: Effect, past: list[tuple[datetime, Mapping[str, Row]]]) -> EffectView:
    own = visit.language.of(one.of)
    speech = own if all(own.knows(text) for text in texts(one)) else visit.language.french
    row = past[0][1].get(one.name) if past else None
    value, low, high = (_number(row, name) for name in ("valeur", "bas", "haut"))
    verdict, tone = _verdict(one, value, low, high)
    unit = speech.say(one.unit)
    return EffectView(
        one.name,
        _subject(visit, one),
        speech.code,
        speech.say(one.title),
        speech.say(one.against),
        value,
        low,
        high,
        unit,
        one.better,
        _said(visit.language, value, low, high, unit),
        visit.language.say(verdict),
        tone,
        _day(row, "debut"),
        _day(row, "fin"),
        int(_number(row, "observations") or 0),
        speech.say(one.how),
        _earlier(visit.language, one.name, past, unit),
    )


def _earlier(
    language: Language, name: str, past: list[tuple[datetime, Mapping[str, Row]]], unit: str
) -> tuple[Earlier, ...]:
    """What it was, each time that it was something else."""
    said = list[Earlier]()
    last = _number(past[0][1].get(name), "valeur") if past else None
    for at, rows in past[1:]:
        value = _number(rows.get(name), "valeur")
        if value is not None and value != last:
            said.append(Earlier(at, f"{language.number(value, 1)}\u00a0{unit}"))
            last = value
    return tuple(said)


def _subject(visit: Visit, one: Effect) -> Link | None:
    service = next((s for s in service_runs.for_all() if s.name == one.of), None)
    return Link(one.of, spoken(service, visit.language).say(service.title)) if service else None


def _said(language: Language, value: float | None, low: float | None, high: float | None, unit: str) -> str:
    if value is None:
        return language.say(mark("pas encore mesuré ici"))
    whole = f"{language.number(value, 1)}\u00a0{unit}"
    if low is None or high is None:
        return language.say(mark("%(value)s, doute non mesuré"), value=whole)
    return language.say(
        mark("%(value)s (de %(low)s à %(high)s)"),
        value=whole,
        low=language.number(low, 1),
        high=language.number(high, 1),
    )


def _verdict(one: Effect, value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """In words, and how it is to be taken: better or worse only where both bounds say so."""
    if value is None:
        return mark("Ce qui le mesure n’est pas publié ici."), ""
    if low is None or high is None:
        return mark("pas de différence établie"), "warn"
    sign = 1 if one.better == "higher" else -1
    worst, best = sorted((sign * low, sign * high))
    if worst > 0:
        return mark("mieux"), "ok"
    if best < 0:
        return mark("moins bien"), "bad"
    return mark("pas de différence établie"), "warn"


def _number(row: Row | None, name: str) -> float | None:
    value = row.get(name) if row else None
    return float(value) if isinstance(value, int | float) else None


def _day(row: Row | None, name: str) -> date | None:
    value = row.get(name) if row else None
    return value if isinstance(value, date) else None
