"""How complete the descriptions are by the scores of other portals, what gains most, and what data.gouv.fr
will read before it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from parvis.catalogue import description_scores, entries, metadata
from parvis.catalogue.description_scores import answers_of
from parvis.catalogue.mqa import Band, Dimension, Mqa, band
from parvis.catalogue.vocabularies import Label
from parvis.web.page import Page, Visit, page


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One of the 23 indicators of data.europa.eu."""

    name: Annotated[str, "Nom stable de l’indicateur."]
    title: Annotated[str, "Ce qu’il regarde."]
    dimension: Annotated[
        Dimension, "Dimension : findability, accessibility, interoperability, reusability ou contextuality."
    ]
    points: Annotated[int, "Points qu’il peut donner."]
    low: Annotated[float, "Points acquis."]
    high: Annotated[float, "Points si tout ce qui n’a pas été vérifié était juste."]
    met: Annotated[int, "Éléments qui satisfont."]
    of: Annotated[int, "Éléments regardés : jeux ou fichiers."]
    unchecked: Annotated[int, "Éléments que personne n’a vérifiés."]
    fix: Annotated[str, "Comment gagner les points qui manquent."]


@dataclass(frozen=True, slots=True)
class MqaView:
    """The score of data.europa.eu, from 0 to 405."""

    low: Annotated[float, "Points acquis."]
    high: Annotated[float, "Points si tout ce qui n’a pas été vérifié était juste."]
    band: Annotated[Band, "Palier des points acquis : excellent, good, sufficient ou bad."]
    band_high: Annotated[Band, "Palier si tout ce qui n’a pas été vérifié était juste."]
    indicators: Annotated[tuple[IndicatorLine, ...], "Les 23 indicateurs."]
    fixes: Annotated[tuple[IndicatorLine, ...], "Ce qu’il y a à corriger, le plus de points d’abord."]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One of the nine criteria of data.gouv.fr."""

    name: Annotated[str, "Nom du critère sur data.gouv.fr."]
    title: Annotated[str, "Ce qu’il regarde."]
    met: Annotated[bool | None, "Vrai s’il est rempli, faux sinon, absent si personne n’a vérifié."]
    todo: Annotated[str, "Comment le remplir."]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One thing that data.gouv.fr reads."""

    name: Annotated[str, "Nom stable."]
    title: Annotated[str, "Ce que c’est."]
    state: Annotated[
        str,
        "read : lu ; cut : coupé ; default : par défaut ; missing : absent ; lost : dit mais pas compris.",
    ]
    value: Annotated[str, "Ce qu’il en garde."]
    why: Annotated[str, "La règle."]
    fix: Annotated[str, "Que faire."]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One resource as data.gouv.fr will have it."""

    title: Annotated[str, "Titre."]
    url: Annotated[str, "Adresse."]
    format: Annotated[str, "Format."]
    kind: Annotated[str, "main, documentation ou api."]
    schema: Annotated[str, "Adresse du schéma."]
    bytes: Annotated[int | None, "Taille, si elle est connue."]
    dropped: Annotated[str, "Pourquoi elle est laissée de côté ; vide si elle est gardée."]
    answers: Annotated[bool | None, "Vrai si l’adresse a répondu, absent si personne ne l’a demandée."]


@dataclass(frozen=True, slots=True)
class MetadataPage:
    """A dataset as other portals will see it."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    mqa: Annotated[MqaView, "Note de data.europa.eu."]
    nine: Annotated[int, "Critères de data.gouv.fr remplis, sur neuf."]
    criteria: Annotated[tuple[CriterionLine, ...], "Les neuf critères, ceux qui manquent d’abord."]
    refused: Annotated[str, "Pourquoi data.gouv.fr ne prendrait pas le jeu ; vide s’il le prendrait."]
    lines: Annotated[tuple[ReadLine, ...], "Ce que data.gouv.fr lira."]
    files: Annotated[tuple[FileLine, ...], "Les ressources qu’il en fera."]
    period_from: Annotated[
        str, "Colonnes dont la période est déduite ; vide si elle est déclarée ou absente."
    ]
    own_extent: Annotated[
        bool, "Vrai si l’emprise est déduite de la géométrie du jeu, faux si c’est celle de la ville."
    ]


@dataclass(frozen=True, slots=True)
class DatasetScore:
    """One dataset in the list."""

    id: Annotated[str, "Identifiant."]
    title: Annotated[str, "Titre."]
    low: Annotated[float, "Points acquis sur 405."]
    high: Annotated[float, "Points si les liens non vérifiés répondaient."]
    band: Annotated[Band, "Palier des points acquis."]
    nine: Annotated[int, "Critères de data.gouv.fr remplis, sur neuf."]
    gain: Annotated[str, "La correction qui gagne le plus ; vide s’il n’y en a pas."]


@dataclass(frozen=True, slots=True)
class CityMetadataPage:
    """The whole catalogue as other portals will see it."""

    mqa: Annotated[MqaView, "Note de data.europa.eu pour le catalogue."]
    nine: Annotated[float, "Moyenne des critères de data.gouv.fr remplis, sur neuf."]
    scored: Annotated[int, "Nombre de jeux notés."]
    waiting: Annotated[int, "Nombre de jeux qui ne sont pas encore notés."]
    datasets: Annotated[tuple[DatasetScore, ...], "Jeux de cette page, la note la plus basse d’abord."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]


SIZE = 50
"""Datasets on a page of the list."""


def dataset(visit: Visit) -> MetadataPage:
    """GET /jeux/{id}/metadonnees. Raises NotFound, or Gone."""
    with visit.city.db.read() as conn:
        known = entries.catalogue(conn, visit.city.settings, only=(visit.params["id"],))
        found = next(iter(known.datasets), None)
        if found is None:
            raise entries.absent(conn, visit.params["id"])
        answers = answers_of(conn, found.id)
    d = metadata.describe(known, found, answers, visit.city.now())

    def say(label: Label) -> str:
        return spoken(visit, label)

    criteria = sorted(d.nine.criteria, key=lambda c: (c.met is True, c.met is None))
    files = tuple(
        FileLine(r.title, r.url, r.format, r.kind, r.schema, r.bytes, say(r.dropped), answers.get(r.url))
        for r in d.reading.resources
    )
    period = found.period
    return MetadataPage(
        found.id,
        found.dataset.title,
        view(visit, d.mqa),
        d.nine.points,
        tuple(CriterionLine(c.name, say(c.title), c.met, say(c.todo)) for c in criteria),
        say(d.reading.refused),
        tuple(
            ReadLine(x.name, say(x.title), x.state, x.value, say(x.why), say(x.fix)) for x in d.reading.lines
        ),
        files,
        period.derived if period else "",
        found.extent is not None,
    )


def city(visit: Visit) -> CityMetadataPage:
    """GET /metadonnees."""
    now = visit.city.now()
    with visit.city.db.read() as conn:
        whole = description_scores.sums(conn, now)
        pages = max(1, -(-whole.scored // SIZE))
        number = min(visit.whole("page", 1), pages)
        lines = description_scores.lines(conn, now, limit=SIZE, offset=(number - 1) * SIZE)
    return CityMetadataPage(
        view(visit, whole.mqa),
        whole.nine,
        whole.scored,
        whole.waiting,
        tuple(
            DatasetScore(
                line.dataset,
                line.title,
                round(line.low, 2),
                round(line.high, 2),
                band(line.low),
                line.nine,
                spoken(visit, line.gain.fix) if line.gain else "",
            )
            for line in lines
        ),
        number,
        pages,
    )


def spoken(visit: Visit, label: Label) -> str:
    """A label in the visitor's language."""
    return visit.language.either(label.fr, label.en)


def view(visit: Visit, said: Mqa) -> MqaView:
    """The score as the page shows it."""
    lines = {
        s.indicator.name: IndicatorLine(
            s.indicator.name,
            spoken(visit, s.indicator.title),
            s.indicator.dimension,
            s.indicator.points,
            round(s.low, 2),
            round(s.high, 2),
            s.tally.met,
            s.tally.of,
            s.tally.unknown,
            spoken(visit, s.indicator.fix),
        )
        for s in said.scored
    }
    fixes = tuple(lines[s.indicator.name] for s in said.fixes)
    return MqaView(
        round(said.low, 2), round(said.high, 2), band(said.low), band(said.high), tuple(lines.values()), fixes
    )


PAGES: tuple[Page, ...] = (
    page("/metadonnees", city, "metadata_city.html", steady=False),
    page("/jeux/{id}/metadonnees", dataset, "metadata.html", steady=False),
)
"""Not steady: whether links answer is looked at in the night, beside the journal."""
