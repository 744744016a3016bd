"""The vaccination calendar: a table by age for everybody, and one's own dates worked out in the browser. The
page has no address to send anything to.

The page carries the rules and the words; `static/vaccins-page.js` asks, computes, keeps (sealed, if the
person ticks it) and writes the files to take away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from parvis.core.language import Language, mark
from parvis.core.types import Json
from parvis.methods.vaccination.rules import Scheme, Series
from parvis.services.soins import calendar as soins
from parvis.web.page import Page, Visit, page

STATUS: Mapping[str, str] = {
    "obligatoire": mark("obligatoire"),
    "recommandé": mark("recommandé"),
    "possible": mark("possible"),
}

WORDS: Mapping[str, str] = {
    "now": mark("À faire maintenant"),
    "late": mark("En retard : à faire dès que possible"),
    "catch_up": mark("À rattraper"),
    "to_come": mark("À venir"),
    "look_up": mark("À vérifier dans votre carnet"),
    "done": mark("Fait"),
    "not_counted": mark("Dose qui ne compte pas"),
    "closed": mark("N’est plus donné à cet âge"),
    "far": mark("Plus tard"),
    "dose": mark("dose {n} sur {of}"),
    "from": mark("à partir du {day}"),
    "on": mark("le {day}"),
    "before": mark("avant le {day}"),
    "age": mark("donnée trop tôt : elle ne compte pas"),
    "gap": mark("trop près de la précédente : elle ne compte pas"),
    "against": mark("Protège de : {what}"),
    "status": mark("Statut : {what}"),
    "source": mark("Source : {what}"),
    "unchecked": mark("source non vérifiée"),
    "where": mark("Où : pharmacie, médecin, sage-femme, PMI ou centre de vaccination."),
    "remove": mark("Retirer"),
    "vaccine": mark("Vaccin"),
    "day": mark("Date"),
    "nobody": mark("Sans nom"),
    "birth": mark("Indiquez une date de naissance passée."),
    "summary": mark("Vaccin : {name}"),
    "advice": mark("Demandez conseil à un professionnel de santé."),
    "kept": mark("Gardé sur cet appareil, sous votre phrase secrète."),
    "short": mark("La phrase secrète a douze caractères au moins."),
    "wrong": mark("Ce n’est pas la bonne phrase secrète, ou le fichier est abîmé."),
    "opened": mark("Ouvert."),
    "erased": mark("Tout est effacé de cet appareil."),
    "found": mark(
        "Des personnes sont gardées sur cet appareil : donnez votre phrase secrète pour les ouvrir."
    ),
    "insecure": mark("Le navigateur ne permet pas de protéger un fichier sur cette adresse."),
    "several": mark("Lignes à faire : {n}."),
    "none_due": mark("Rien à faire aujourd’hui."),
    "calendar": mark("Calendrier vaccinal"),
    "calculated": mark("calculé le {day}"),
}
"""What the script says, by the names that it uses; `{…}` is filled by it."""


@dataclass(frozen=True, slots=True)
class VaccineLine:
    """One vaccine at one age."""

    age: Annotated[str, "Âge ou moment, en mots."]
    name: Annotated[str, "Vaccin."]
    against: Annotated[str, "Ce dont il protège."]
    status: Annotated[str, "obligatoire, recommandé ou possible."]
    note: Annotated[str, "Rattrapage, période ; vide s’il n’y a rien à ajouter."]
    since: Annotated[date, "Premier jour où la règle vaut."]
    source: Annotated[str, "Qui le dit."]
    checked: Annotated[
        bool, "Vrai si la règle a été lue dans une source nommée ; faux si elle reste à vérifier."
    ]


@dataclass(frozen=True, slots=True)
class VaccinesPage:
    """The calendar, the same for everybody; what concerns a person is worked out in the browser and is not
    here.
    """

    edition: Annotated[str, "Édition du calendrier."]
    fresh_until: Annotated[date, "Dernier jour où cette édition est tenue pour à jour."]
    stale: Annotated[bool, "Vrai si une édition plus récente est à attendre."]
    reviewed_by: Annotated[
        str, "Professionnel de santé qui a relu le calendrier ; vide si personne ne l’a encore fait."
    ]
    reviewed_on: Annotated[date | None, "Jour de cette relecture."]
    lines: Annotated[tuple[VaccineLine, ...], "Vaccins, par âge."]
    calendar: Annotated[Mapping[str, Json], "Les règles, telles que le navigateur les lit."]
    words: Annotated[Mapping[str, str], "Les phrases du calcul fait dans le navigateur."]


def vaccines(visit: Visit) -> VaccinesPage:
    """GET /services/soins/vaccins."""
    today = visit.city.now().astimezone(visit.language.zone).date()
    read, raw = soins.calendar(), soins.data()
    held = [s for s in read.series if s.since <= today and (s.until is None or today <= s.until)]
    by_id = {str(one["id"]): one for one in cast("Sequence[Mapping[str, Json]]", raw["series"])}
    sources = cast("Mapping[str, Mapping[str, str]]", raw["sources"])
    pairs = sorted(
        (found for s in held for found in _lines(visit.language, s, by_id[s.id], sources)),
        key=lambda pair: pair[0],
    )
    words = {name: visit.language.say(text) for name, text in WORDS.items()} | {
        name: visit.language.say(text) for name, text in STATUS.items()
    }
    return VaccinesPage(
        read.edition,
        read.fresh_until,
        today > read.fresh_until,
        read.reviewed_by,
        read.reviewed_on,
        tuple(line for _, line in pairs),
        raw,
        words,
    )


def _lines(
    language: Language, series: Series, raw: Mapping[str, Json], sources: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[int, VaccineLine]]:
    """(days of age, line): one for each age at which a dose is advised; a series that only catches up has
    one.
    """
    which = 1 if language.code == "en" else 0
    name, against = (cast("Sequence[str]", raw[key])[which] for key in ("name", "against"))
    status, source = language.say(STATUS[series.status]), sources[series.source]["title"]

    def line(days: int, age: str, note: str) -> tuple[int, VaccineLine]:
        return days, VaccineLine(
            age, name, against, status, note, series.since, source, raw["checked"] is True
        )

    if series.kind == "doses":
        note = _catch_up(language, series.schemes)
        steps = [s for scheme in series.schemes if not scheme.late for s in scheme.steps if s.at]
        for number, step in enumerate(steps):
            yield line(_days(step.at), _age(language, step.at), note if number == len(steps) - 1 else "")
        if not steps:
            start = next(scheme for scheme in series.schemes if scheme.steps)
            yield line(
                _days(start.start),
                language.say("dès %(age)s, en rattrapage", age=_age(language, start.start)),
                note,
            )
    elif series.kind == "ages":
        for age in series.ages:
            last = age == series.ages[-1]
            yield line(
                _days(age),
                _age(language, age),
                language.say("puis tous les dix ans") if last and series.every == "10y" else "",
            )
    elif series.kind == "season":
        yield line(
            _days(series.start),
            language.say("dès %(age)s", age=_age(language, series.start)),
            language.say("chaque hiver, aux dates de la campagne"),
        )
    elif series.kind == "birth":
        yield line(
            0,
            language.say("naissance"),
            language.say("de septembre à janvier, la première saison de l’enfant"),
        )
    else:
        first, last = (_weeks(span) for span in series.before_term)
        yield line(
            365 * 30,
            language.say("grossesse"),
            language.say("de %(first)s à %(last)s semaines", first=41 - first, last=41 - last),
        )


def _catch_up(language: Language, schemes: Sequence[Scheme]) -> str:
    late = [s for s in schemes if s.late and s.steps]
    if not late:
        return ""
    last = late[-1]
    doses = language.count("%(n)s dose", "%(n)s doses", len(last.steps))
    return (
        language.say("rattrapage avant %(age)s, %(doses)s", age=_age(language, last.end), doses=doses)
        if last.end
        else language.say("rattrapage à tout âge, %(doses)s", doses=doses)
    )


def _age(language: Language, span: str) -> str:
    """« 2 mois », « 6 ans »."""
    number = int(span[:-1])
    if span.endswith("y"):
        return language.count("%(n)s an", "%(n)s ans", number)
    return (
        language.count("%(n)s mois", "%(n)s mois", number)
        if span.endswith("m")
        else language.count("%(n)s semaine", "%(n)s semaines", number)
    )


def _days(span: str) -> int:
    return int(span[:-1]) * {"y": 365, "m": 30, "w": 7}[span[-1]]


def _weeks(span: str) -> int:
    return int(span.removesuffix("w"))


PAGES: tuple[Page, ...] = (page("/services/soins/vaccins", vaccines, "vaccins.html"),)
