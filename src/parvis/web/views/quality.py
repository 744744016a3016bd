"""Quality over time: the whole city on one page, one dataset with its trend and its verifications, and a feed
of what got worse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, get_args

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.catalogue.entries import Freshness, absent, visible
from parvis.checks import overview, ranking
from parvis.checks.codes import about, codes, tell
from parvis.checks.gate import changes
from parvis.checks.overview import Field, Regression, Standing
from parvis.checks.ranking import Only, Sort
from parvis.core import atom
from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.marks import TOP, Mark
from parvis.core.scores import Level
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.core.types import PUBLIC, Estimate, Finding, Json
from parvis.people import accounts
from parvis.people.rights import can
from parvis.store import datasets, quality, versions
from parvis.web import chart
from parvis.web.page import Page, Visit, page, send, visit_of

SIZE = 20
"""Datasets a page."""

SORTS: dict[Sort, str] = {
    "score": mark("Score, du plus bas au plus haut"),
    "tendance": mark("Tendance, la plus forte baisse d’abord"),
    "erreurs": mark("Nombre d’erreurs"),
    "fraicheur": mark("Fraîcheur, les plus en retard d’abord"),
    "titre": mark("Titre, de A à Z"),
}

ONLY: dict[Only, str] = {
    "": mark("Tous les jeux"),
    "erreurs": mark("Avec des erreurs"),
    "baisse": mark("En baisse"),
    "retard": mark("En retard de mise à jour"),
    "terrain": mark("Vérification sur le terrain en retard"),
    "liens": mark("Avec des liens rompus"),
    "fichiers": mark("Avec un fichier altéré"),
}

KINDS: dict[str, str] = {
    "version": mark("Version moins bonne"),
    "late": mark("Mise à jour en retard"),
    "link": mark("Lien rompu"),
    "damaged": mark("Fichier altéré"),
    "faulty": mark("Erreurs selon les règles d’aujourd’hui"),
    "verification": mark("Vérification sur le terrain en retard"),
}


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One of the gravest faults of a dataset."""

    code: Annotated[str, "Code du constat ; sa page l’explique."]
    title: Annotated[str, "Nom du constat, dans la langue de la page."]
    severity: Annotated[str, "error ou warning."]
    column: Annotated[str, "Colonne, vide pour la table entière."]
    count: Annotated[int, "Lignes concernées."]


@dataclass(frozen=True, slots=True)
class FieldView:
    """The verification of a dataset in the field."""

    period: Annotated[str, "Rythme de la vérification, au vocabulaire de data.gouv.fr."]
    owner: Annotated[str, "Organisation qui vérifie."]
    person: Annotated[str, "Personne qui en répond ; vide pour qui n’est pas de l’organisation."]
    last: Annotated[datetime | None, "Fin de la dernière tournée ; absente s’il n’y en a pas eu."]
    due: Annotated[datetime, "Prochaine vérification attendue avant cette date."]
    overdue: Annotated[bool, "Vrai si elle est en retard."]
    seen: Annotated[int, "Lignes déjà vues de la tournée en cours."]
    size: Annotated[int, "Lignes de la tournée en cours ; 0 s’il n’y en a pas."]
    margin: Annotated[int, "Points près auxquels la part d’erreurs doit être connue."]
    estimate: Annotated[
        Estimate | None,
        "Part des lignes fausses sur le terrain, avec son intervalle ; absente avant le premier verdict.",
    ]


@dataclass(frozen=True, slots=True)
class QualityLine:
    """How one dataset stands."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    language: Annotated[str, "Langue du titre."]
    organisation: Annotated[str, "Identifiant de l’organisation qui publie."]
    publisher: Annotated[str, "Nom de l’organisation."]
    rows: Annotated[int, "Lignes de toutes ses tables."]
    score: Annotated[
        float | None, "De 0 à 100, celui de la table la moins bonne ; absent si rien n’a été contrôlé."
    ]
    level: Annotated[Level, "ok, review (à revoir) ou ko : le plus mauvais niveau de ses tables."]
    change: Annotated[
        float | None, "Points gagnés ou perdus depuis la version précédente ; absent s’il n’y en a pas."
    ]
    errors: Annotated[int, "Lignes en erreur, toutes règles confondues."]
    warnings: Annotated[int, "Lignes à vérifier."]
    changes: Annotated[int, "Changements inattendus depuis la version précédente."]
    faults: Annotated[tuple[FaultLine, ...], "Les fautes les plus graves."]
    unchecked: Annotated[tuple[str, ...], "Ce qui n’a pas été contrôlé."]
    freshness: Annotated[
        Freshness, "current : à jour ; late : en retard ; unpromised : aucune échéance promise."
    ]
    frequency: Annotated[str, "Fréquence de mise à jour annoncée."]
    modified: Annotated[datetime, "Dernière mise à jour."]
    due: Annotated[datetime | None, "Mise à jour attendue avant cette date."]
    checked_at: Annotated[
        datetime | None, "Dernière vérification de ce qui est publié ; absente avant la première nuit."
    ]
    damaged: Annotated[bool, "Vrai si un fichier publié n’a plus les octets de son empreinte."]
    links: Annotated[int, "Liens vérifiés."]
    broken: Annotated[int, "Liens rompus."]
    field: Annotated[FieldView | None, "Vérification sur le terrain, si le jeu a un protocole."]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter."""

    value: Annotated[str, "Valeur dans l’adresse."]
    label: Annotated[str, "Nom de la valeur."]


@dataclass(frozen=True, slots=True)
class RegressionLine:
    """Something that got worse."""

    kind: Annotated[str, "version, late, link, damaged, faulty ou verification."]
    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    at: Annotated[datetime, "Quand."]
    what: Annotated[str, "Ce qui s’est passé, en une phrase."]


@dataclass(frozen=True, slots=True)
class QualityPage:
    """How all the data of the city stand."""

    total: Annotated[int, "Nombre de jeux publiés."]
    score: Annotated[float | None, "Moyenne des scores des jeux contrôlés, de 0 à 100."]
    scored: Annotated[int, "Nombre de jeux qui ont un score."]
    late: Annotated[int, "Jeux en retard de mise à jour."]
    promised: Annotated[int, "Jeux qui annoncent une échéance."]
    overdue: Annotated[int, "Vérifications sur le terrain en retard."]
    verified: Annotated[int, "Jeux qui ont un protocole de vérification."]
    broken: Annotated[int, "Liens rompus."]
    links: Annotated[int, "Liens vérifiés."]
    damaged: Annotated[int, "Jeux dont un fichier est altéré."]
    checked_at: Annotated[datetime | None, "Dernière vérification de nuit."]
    found: Annotated[int, "Nombre de jeux que le filtre garde."]
    lines: Annotated[tuple[QualityLine, ...], "Jeux de cette page de la liste."]
    only: Annotated[str, "Filtre : retard, terrain, liens, fichiers, baisse, erreurs, ou vide."]
    organisation: Annotated[str, "Organisation choisie, vide pour toutes."]
    organisations: Annotated[tuple[Choice, ...], "Organisations qui publient."]
    sort: Annotated[str, "Ordre : score, tendance, erreurs, fraicheur ou titre."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    regressions: Annotated[tuple[RegressionLine, ...], "Ce qui s’est dégradé, le plus récent d’abord."]
    feed: Annotated[str, "Adresse du flux Atom de ce qui se dégrade."]
    data: Annotated[
        str, "Adresse du jeu de données qui dit la même chose ; vide avant sa première publication."
    ]


def city(visit: Visit) -> QualityPage:
    """GET /qualite: every dataset, the worst first."""
    sort: Sort = visit.one_of("tri", get_args(Sort), "score")
    only: Only = visit.one_of("etat", get_args(Only), "")
    organisation = visit.query.get("organisation", "")
    number = visit.whole("page", 1)
    now = visit.city.now()
    with visit.city.db.read() as conn:
        whole = ranking.sums(conn, now)
        kept, number, ids = ranking.ranked(
            conn,
            now,
            only=only,
            overdue=whole.overdue,
            organisation=organisation,
            sort=sort,
            limit=SIZE,
            page=number,
        )
        found = {s.entry.id: _line(visit, s) for s in overview.standings(conn, visit.links, now, only=ids)}
        told = overview.regressions(conn, now, limit=8)
        stated = visible(conn, (STATE,))
    return QualityPage(
        whole.datasets,
        whole.score,
        whole.scored,
        whole.late,
        whole.promised,
        len(whole.overdue),
        whole.verified,
        whole.broken,
        whole.links,
        whole.damaged,
        whole.checked_at,
        kept,
        tuple(found[i] for i in ids),
        only,
        organisation,
        tuple(Choice(value, label) for value, label in sorted(whole.publishers, key=lambda o: fold(o[1]))),
        sort,
        number,
        max(1, -(-kept // SIZE)),
        tuple(map(_told, told)),
        visit.base + FEED,
        visit.href(f"/jeux/{STATE}") if stated else "",
    )


STATE = "qualite-des-donnees"
"""Id of the dataset that says how all stand."""

FEED = "/qualite/regressions.atom"


def _line(visit: Visit, s: Standing) -> QualityLine:
    d, marks = s.entry.dataset, [m for m, _ in s.marks]
    order = get_args(Level)
    faults = sorted((f for m in marks for f in m.faults), key=lambda f: (f.severity != "error", -f.count))[
        :TOP
    ]
    return QualityLine(
        d.id,
        d.title,
        d.language,
        s.entry.organisation.id,
        s.entry.organisation.name,
        s.entry.rows,
        s.score,
        order[max((order.index(m.level) for m in marks), default=0)],
        s.change,
        sum(m.errors for m in marks),
        sum(m.warnings for m in marks),
        sum(m.changes for m in marks),
        tuple(FaultLine(f.code, _title(visit, f.code), f.severity, f.column, f.count) for f in faults),
        tuple(dict.fromkeys(u for m in marks for u in m.unchecked)),
        s.freshness,
        d.frequency,
        s.entry.modified,
        s.due,
        max((r.at for r in s.rechecks), default=None),
        any(r.state == "damaged" for r in s.rechecks),
        s.links,
        len(s.broken),
        field_view(s.field, s.entry.organisation.name, {}) if s.field else None,
    )


def field_view(f: Field, owner: str, people: dict[str, str]) -> FieldView:
    """A verification, for people. people: id to name of those who may be named."""
    tally = f.tally
    return FieldView(
        f.protocol.period,
        owner,
        people.get(f.protocol.person, ""),
        f.last,
        f.due,
        f.overdue,
        tally.seen if tally else 0,
        tally.size if tally else 0,
        f.protocol.margin,
        f.estimate,
    )


def _title(visit: Visit, code: str) -> str:
    known = codes().get(code)
    return code if known is None else about(known, visit.language).title


def _told(r: Regression) -> RegressionLine:
    return RegressionLine(r.kind, r.dataset, r.title, r.at, r.what)


# --- one dataset --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionMark:
    """What the report of one version came to."""

    version: Annotated[str, "Empreinte SHA-256 de la version."]
    at: Annotated[datetime, "Date de publication."]
    rows: Annotated[int, "Lignes."]
    score: Annotated[float | None, "Score de 0 à 100 ; absent si rien n’a été contrôlé."]
    level: Annotated[Level, "ok, review (à revoir) ou ko."]
    errors: Annotated[int, "Lignes en erreur."]
    warnings: Annotated[int, "Lignes à vérifier."]
    changes: Annotated[int, "Changements inattendus."]
    by_rule: Annotated[tuple[int, ...], "Lignes concernées, dans l’ordre des règles."]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that found something in one of the versions."""

    code: Annotated[str, "Code du constat."]
    title: Annotated[str, "Nom du constat."]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """An unexpected change since the version before."""

    code: Annotated[str, "Code du constat."]
    severity: Annotated[str, "error : rupture ; warning : changement."]
    column: Annotated[str, "Colonne, vide pour la table entière."]
    message: Annotated[str, "Ce qui a changé."]
    fix: Annotated[str, "Que faire."]
    language: Annotated[str, "Langue de ces phrases."]


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An address that does not answer."""

    url: Annotated[str, "Adresse."]
    place: Annotated[
        str, "Ce qui la cite : contact, source, description, organisation, schema ou column:nom."
    ]
    since: Annotated[datetime, "Depuis quand."]
    message: Annotated[str, "Ce qu’elle répond."]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round of verification in the field."""

    at: Annotated[datetime, "Tirage des lignes."]
    closed_at: Annotated[datetime | None, "Fin de la tournée ; absente si elle est en cours."]
    size: Annotated[int, "Lignes tirées."]
    exact: Annotated[int, "Lignes exactes."]
    wrong: Annotated[int, "Lignes fausses."]
    absent: Annotated[int, "Lignes introuvables sur le terrain."]
    estimate: Annotated[Estimate | None, "Part des lignes fausses ou introuvables dans toute la table."]


@dataclass(frozen=True, slots=True)
class TableChoice:
    """One of the tables of the dataset."""

    name: Annotated[str, "Nom de la ressource, pour ?ressource=."]
    title: Annotated[str, "Titre de la ressource."]
    chosen: Annotated[bool, "Vrai pour la table montrée."]


@dataclass(frozen=True, slots=True)
class DatasetQualityPage:
    """The quality of one dataset over time."""

    id: Annotated[str, "Identifiant du jeu."]
    line: Annotated[QualityLine, "Où en est le jeu."]
    tables: Annotated[tuple[TableChoice, ...], "Tables du jeu."]
    versions: Annotated[tuple[VersionMark, ...], "Versions publiées de la table, la plus ancienne d’abord."]
    rules: Annotated[tuple[Rule, ...], "Règles qui ont trouvé le plus, toutes versions confondues."]
    changed: Annotated[
        tuple[ChangeLine, ...], "Changements inattendus de la dernière version, valeurs personnelles tues."
    ]
    recheck: Annotated[
        str, "Ce que la dernière vérification de nuit a trouvé ; vide si tout va bien ou avant la première."
    ]
    links: Annotated[tuple[BrokenLink, ...], "Liens rompus."]
    field: Annotated[FieldView | None, "Vérification sur le terrain, si le jeu a un protocole."]
    rounds: Annotated[tuple[RoundLine, ...], "Tournées, la plus récente d’abord."]
    may_edit: Annotated[bool, "Vrai si la personne peut changer le protocole."]
    may_verify: Annotated[bool, "Vrai si la personne peut vérifier sur le terrain."]


RULES = 6
"""Rules that the table of versions shows."""


def dataset(visit: Visit) -> DatasetQualityPage:
    """GET /qualite/{id}."""
    with visit.city.db.read() as conn:
        s = standing(visit, conn, visit.params["id"])
        name = visit.query.get("ressource", "")
        item = next((i for i in s.entry.items if i.name == name), None if name else s.entry.items[0])
        if item is None:
            raise NotFound(
                Sentence("Ce jeu n’a pas de ressource « {asked_name} ».", asked_name=name[:60]),
                mend="Les ressources du jeu sont sur sa page.",
            )
        marks = overview.trend(conn, item.resource.id)
        version = versions.served(conn, item.resource.id, PUBLIC)
        rounds = quality.rounds(conn, s.entry.id)
        tallies = quality.tallies(conn, [r.id for r in rounds])
        view = _named(visit, conn, s)
    found: Counter[str] = Counter()
    for m in marks:
        found.update(m.by_rule)
    rules = [code for code, _ in found.most_common(RULES)]
    return DatasetQualityPage(
        s.entry.id,
        _line(visit, s),
        tuple(TableChoice(i.name, i.resource.title, i is item) for i in s.entry.items),
        tuple(_version(m, rules) for m in marks),
        tuple(Rule(code, _title(visit, code)) for code in rules),
        tuple(_change(visit, f) for f in changes(version.report.findings)) if version else (),
        " ".join(r.message for r in s.rechecks if r.message),
        tuple(BrokenLink(x.url, x.place, x.since, x.message) for x in s.broken),
        view,
        tuple(
            RoundLine(r.at, r.closed_at, t.size, t.exact, t.wrong, t.absent, overview.error_share(r, t))
            for r in rounds
            if (t := tallies.get(r.id, quality.Tally(0)))
        ),
        can(visit.person, "edit", s.entry.organisation.id),
        may_verify(visit, s),
    )


def standing(visit: Visit, conn: Connection, dataset_id: str) -> Standing:
    """How a public dataset stands. Raises NotFound, or Gone."""
    found = overview.standings(conn, visit.links, visit.city.now(), only=[dataset_id])
    if not found:
        raise absent(conn, dataset_id)
    return found[0]


def may_verify(visit: Visit, s: Standing) -> bool:
    """Whether this person may verify the dataset in the field: who may hand in its files, or those of the
    organisation that verifies, or who answers for it.
    """
    protocol = s.field.protocol if s.field else None
    verifier = protocol.organisation if protocol else ""
    named = (
        visit.person is not None
        and visit.person.active
        and protocol is not None
        and protocol.person == visit.person.id
    )
    return (
        named
        or can(visit.person, "send", s.entry.organisation.id)
        or (verifier != "" and can(visit.person, "send", verifier))
    )


def _named(visit: Visit, conn: Connection, s: Standing) -> FieldView | None:
    """The verification with the names of who does it; a person is named to the organisation only."""
    if s.field is None:
        return None
    protocol = s.field.protocol
    organisation = (
        datasets.organisation(conn, protocol.organisation) if protocol.organisation else s.entry.organisation
    )
    people: dict[str, str] = {}
    if protocol.person and can(visit.person, "see-drafts", s.entry.organisation.id):
        people = dict(accounts.labels(conn, [protocol.person]))
    return field_view(s.field, organisation.name if organisation else s.entry.organisation.name, people)


def _change(visit: Visit, finding: Finding) -> ChangeLine:
    said = tell(finding, visit.language)
    return ChangeLine(finding.check, finding.severity, finding.column, said.message, said.fix, said.language)


def _version(m: Mark, rules: Sequence[str]) -> VersionMark:
    counts = tuple(m.by_rule.get(code, 0) for code in rules)
    return VersionMark(m.version, m.at, m.rows, m.score, m.level, m.errors, m.warnings, m.changes, counts)


def drawn(visit: Visit, page: DatasetQualityPage) -> str:
    """The trend of the score as SVG, for the template; "" for fewer than two versions with a score."""
    values: list[Json] = [{"x": v.at.isoformat(), "y": v.score} for v in page.versions if v.score is not None]
    if len(values) < 2:
        return ""
    axis: dict[str, Json] = {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
    }
    x: dict[str, Json] = {
        "field": "x",
        "type": "temporal",
        "title": None,
        "axis": {**axis, "grid": False, "labelOverlap": True, "tickCount": 4, "format": "%d %b %Y"},
    }
    least = min(v.score for v in page.versions if v.score is not None)
    y: dict[str, Json] = {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [min(90, 10 * int(least / 10)), 100]},
        "axis": {**axis, "gridColor": "currentColor", "gridOpacity": 0.15, "tickCount": 5},
    }
    line: dict[str, Json] = {
        "type": "line",
        "color": chart.COLOUR,
        "strokeWidth": 2.5,
        "point": {"color": chart.COLOUR, "size": 40},
    }
    spec: dict[str, Json] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 640,
        "height": 200,
        "data": {"values": values},
        "mark": line,
        "encoding": {"x": x, "y": y},
        "background": None,
        "view": {"stroke": None},
        "config": {"aria": False, "font": "sans-serif", "axis": {"labelFontSize": 12, "titleFontSize": 12}},
    }
    return chart.svg(spec, french=visit.language.code == "fr", labelled="tendance-titre tendance-phrase")


# --- the feed -----------------------------------------------------------------------------------------------


def feed(request: Request) -> Response:
    """/qualite/regressions.atom: what got worse in the last three months (RFC 4287), the newest first."""
    visit = visit_of(request)
    now = visit.city.now()
    with visit.city.db.read() as conn:
        found = overview.regressions(conn, now)
    name = visit.city.settings.city.name
    updated = max((r.at for r in found), default=now.replace(hour=0, minute=0, second=0, microsecond=0))
    here = f"{visit.base}{FEED}"
    head = atom.Feed(
        here,
        f"Qualité des données de {name} : ce qui se dégrade",
        name,
        updated,
        atom.links(here, f"{visit.base}/qualite"),
    )
    return send(request, atom.write(head, [_entry(visit, r) for r in found]), f"{atom.MEDIA}; charset=utf-8")


def _entry(visit: Visit, r: Regression) -> atom.Entry:
    there = f"{visit.base}/qualite/{r.dataset}"
    return atom.Entry(
        f"{there}#{r.id}",
        f"{r.title} : {KINDS[r.kind].lower()}",
        r.what,
        r.at,
        (atom.Link(there),),
        r.at,
        r.kind,
        KINDS[r.kind],
    )


PAGES: tuple[Page, ...] = (
    page("/qualite", city, "quality.html", steady=False),
    page("/qualite/{id}", dataset, "quality_dataset.html", steady=False),
)

ROUTES = (Route(FEED, feed),)
