"""Verdicts on the ground: what a study found, one thing after the other, made for a phone held in one hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.types import Column
from parvis.services.study import Study, Verdicts
from parvis.store.study_runs import StudyRun
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.desk import Wrong
from parvis.web.views.study_words import say, spoken
from parvis.work import studies, verdicts
from parvis.work.verdicts import Verdict

LONGEST = 300
"""Characters of what was seen."""

MOST = 1e9
NO_VERDICT = mark("Choisissez un constat.")
NO_PLACE = mark("Dites où, sans nommer personne.")
NO_AMOUNT = mark("Écrivez un nombre positif, ou rien.")


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One verdict that may be given."""

    value: Annotated[str, "Valeur."]
    title: Annotated[str, "Constat."]


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell of what was found."""

    column: Annotated[Column, "Nom, titre, type et unité de la colonne."]
    value: Annotated[object, "Valeur."]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing that the study found, and the verdict on it."""

    position: Annotated[int, "Place dans la liste, à partir de 1."]
    key: Annotated[str, "Ce qui la nomme."]
    cells: Annotated[tuple[CellLine, ...], "Ce que l’étude en dit."]
    verdict: Annotated[str, "Dernier constat ; vide s’il n’y en a pas."]
    label: Annotated[str, "Ce constat en mots."]
    place: Annotated[str, "Où, et ce qui a été vu."]
    amount: Annotated[str, "Quantité dite avec le constat."]
    at: Annotated[datetime | None, "Quand il a été fait."]
    closed: Annotated[bool, "Vrai si personne n’y retourne."]


@dataclass(frozen=True, slots=True)
class VerdictsPage:
    """What a run found, and what was seen of it on the ground."""

    study: Annotated[str, "Nom de l’étude."]
    run: Annotated[str, "Calcul."]
    title: Annotated[str, "Titre de l’étude."]
    language: Annotated[str, "Langue de ses textes."]
    amount: Annotated[str, "Nombre demandé avec un constat."]
    choices: Annotated[tuple[ChoiceLine, ...], "Constats possibles."]
    lines: Annotated[tuple[FindingLine, ...], "Ce qui a été trouvé, dans l’ordre de l’étude."]
    seen: Annotated[int, "Combien ont un constat."]
    one: Annotated[FindingLine | None, "Celle dont le constat est demandé."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def listing(visit: Visit) -> VerdictsPage:
    """GET /terrain/etudes/{name}/{run}; ?ligne=: the one to look at."""
    return _page(visit)[2]


def _page(visit: Visit) -> tuple[Study, StudyRun, VerdictsPage]:
    """The study, the run and the page; of a run that has no result, or whose study asks for no verdict, nothing is listed."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    run = studies.run_for(visit.city, visit.person, one, visit.params["run"])
    wanted = one.verdicts
    lines: tuple[FindingLine, ...] = ()
    if wanted is not None and run.state == "done":
        rows, known = verdicts.rows(visit.city, one, run), verdicts.given(visit.city, one)
        lines = tuple(_line(visit, one, wanted, n, r, known) for n, r in enumerate(rows, 1))
    place = visit.whole("ligne", 0, most=len(lines))
    choices = wanted.choices if wanted is not None else {}
    shown = VerdictsPage(
        one.name,
        run.id,
        say(one, visit.language, one.title),
        spoken(one, visit.language),
        say(one, visit.language, wanted.amount) if wanted is not None else "",
        tuple(ChoiceLine(v, say(one, visit.language, t)) for v, t in choices.items()),
        lines,
        sum(bool(x.verdict) for x in lines),
        lines[place - 1] if place else None,
    )
    return one, run, shown


def _line(
    visit: Visit,
    one: Study,
    wanted: Verdicts,
    number: int,
    r: Mapping[str, Any],
    known: Mapping[str, Verdict],
) -> FindingLine:
    key = str(r[wanted.key])
    given = known.get(key)
    schema = one.schemas[wanted.table]
    cells = tuple(
        CellLine(
            replace(
                c,
                title=say(one, visit.language, c.title) if c.title else "",
                unit=say(one, visit.language, c.unit) if c.unit else c.unit,
            ),
            say(one, visit.language, r[c.name]) if isinstance(r[c.name], str) else r[c.name],
        )
        for c in schema.columns
        if c.name != wanted.key and r[c.name] is not None
    )
    return FindingLine(
        number,
        key,
        cells,
        given.verdict if given else "",
        say(one, visit.language, wanted.choices.get(given.verdict, given.verdict)) if given else "",
        given.place if given else "",
        visit.language.number(given.amount) if given and given.amount is not None else "",
        given.at if given else None,
        given is not None and given.verdict in wanted.done,
    )


def give(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /terrain/etudes/{name}/{run}: the verdict on one of them."""
    one, run, shown = _page(visit)
    wanted = verdicts.questions_of(one)
    text = sent.text("ligne")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if not 1 <= number <= len(shown.lines):
        raise NotFound("Cette alerte n’est pas de ce calcul.")
    line = shown.lines[number - 1]
    verdict, place, said = sent.text("constat"), sent.text("lieu")[:LONGEST], sent.text("quantite")
    wrong: list[Wrong] = []
    amount = _amount(said)
    if verdict not in wanted.choices:
        wrong.append(Wrong("constat", NO_VERDICT))
    if verdict in wanted.placed and not place:
        wrong.append(Wrong("lieu", NO_PLACE))
    if said and amount is None:
        wrong.append(Wrong("quantite", NO_AMOUNT))
    here = f"/terrain/etudes/{one.name}/{run.id}"
    if wrong:
        again = replace(line, verdict=verdict, place=place, amount=said)
        return Again(here, "verdicts.html", replace(shown, one=again, wrong=tuple(wrong)))
    seen = Verdict(line.key, verdict, place, amount, visit.city.now())
    verdicts.give(visit.city, one, seen, actor=visit.person.id if visit.person else "")
    return Moved(here, {"note": str(number)})


def _amount(text: str) -> float | None:
    """A number as it is typed in French or English; None where it is none."""
    try:
        said = float("".join(text.split()).replace("\u202f", "").replace(",", "."))
    except ValueError:
        return None
    return said if 0 <= said <= MOST else None


PAGES: tuple[Page, ...] = (page("/terrain/etudes/{name}/{run}", listing, "verdicts.html", steady=False),)

ROUTES = form("/terrain/etudes/{name}/{run}", give)
