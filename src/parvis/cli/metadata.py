"""`parvis metadata [DATASET]`: what other portals will read of the catalogue, the points that they will give,
and what gains most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from parvis import outbound
from parvis.catalogue import entries, metadata
from parvis.catalogue.entries import Catalogue
from parvis.catalogue.metadata import Described
from parvis.catalogue.mqa import Mqa, band
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, say, show, table
from parvis.core.errors import NotFound
from parvis.core.sentence import Sentence
from parvis.harvest import links as harvesting
from parvis.harvest.links import Answer
from parvis.publication.city import City, open_city
from parvis.store import quality
from parvis.store.quality import Link

AGENT = "Parvis (metadata)"
PLACE = "portal"
"""What names the addresses that we ask: our own pages and downloads."""

BANDS = {"excellent": "excellent", "good": "bien", "sufficient": "suffisant", "bad": "insuffisant"}
MARKS = {True: "✓", False: "✗", None: "?"}


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("metadata")
    def tell(
        dataset: Annotated[str, Argument(help="Identifiant d’un jeu ; tous par défaut.")] = "",
        links: Annotated[
            bool,
            Option(
                "--links", help="Demande d’abord chaque page et chaque téléchargement au portail en marche."
            ),
        ] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        with opened.db.read() as conn:
            known = entries.catalogue(conn, opened.settings)
        if dataset and not any(e.id == dataset for e in known.datasets):
            raise NotFound(Sentence("Aucun jeu publié ne s’appelle « {dataset} ».", dataset=dataset))
        if links:
            ask(opened, known, dataset)
        described = look(opened, known, dataset)
        if as_json:
            print_json(_city(described) if not dataset else _dataset(described[0]))
        elif dataset:
            _show(described[0])
        else:
            _show_city(described)


def look(city: City, known: Catalogue, dataset: str = "") -> list[Described]:
    """The datasets, read and scored with what links answered when they were last asked."""
    with city.db.read() as conn:
        answers = {
            link.url: link.state == "up" for link in quality.links(conn, dataset) if link.state != "barred"
        }
    now = city.now()
    return [metadata.describe(known, e, answers, now) for e in known.datasets if dataset in ("", e.id)]


def ask(city: City, known: Catalogue, dataset: str = "") -> Mapping[str, Answer]:
    """Ask the portal for every page and download that the catalogue names, and keep what it answers.

    Our own addresses alone are asked: without a pause, and wherever the portal listens.
    """
    wanted = {
        d.entry.id: [a for a in d.addresses if a.startswith(known.base_url + "/")]
        for d in look(city, known, dataset)
    }
    every = [address for addresses in wanted.values() for address in addresses]
    say(f"{len(every)} adresses à demander à {known.base_url}…")
    answers = harvesting.look(every, agent=AGENT, allowed=outbound.only(known.base_url), pause=lambda _: None)
    now = city.now()
    with city.db.begin() as conn:
        before = {(link.dataset, link.url): link for link in quality.links(conn)}
        for name, addresses in wanted.items():
            for address in addresses:
                answer, last = answers[address], before.get((name, address))
                since = last.since if last is not None and last.state == answer.state else now
                failures = 0 if answer.state == "up" else (last.failures if last is not None else 0) + 1
                quality.save_link(
                    conn, Link(name, address, PLACE, answer.state, since, now, failures, answer.message)
                )
    return answers


def _mqa(score: Mqa) -> dict[str, object]:
    return {
        "low": round(score.low, 2),
        "high": round(score.high, 2),
        "of": 405,
        "band": band(score.low),
        "band_high": band(score.high),
        "indicators": [
            {
                "name": s.indicator.name,
                "dimension": s.indicator.dimension,
                "points": s.indicator.points,
                "low": round(s.low, 2),
                "high": round(s.high, 2),
                "met": s.tally.met,
                "of": s.tally.of,
                "unchecked": s.tally.unknown,
            }
            for s in score.scored
        ],
        "fixes": [
            {"name": s.indicator.name, "gain": round(s.gain, 2), "fix": s.indicator.fix.fr}
            for s in score.fixes
        ],
    }


def _dataset(d: Described) -> dict[str, object]:
    period = d.entry.period
    return {
        "id": d.entry.id,
        "title": d.entry.dataset.title,
        "mqa": _mqa(d.mqa),
        "data_gouv": {
            "refused": d.reading.refused.fr or None,
            "points": d.nine.points,
            "of": len(d.nine.criteria),
            "criteria": [{"name": c.name, "met": c.met, "todo": c.todo.fr} for c in d.nine.criteria],
            "read": [
                {"name": x.name, "state": x.state, "value": x.value, "why": x.why.fr, "fix": x.fix.fr}
                for x in d.reading.lines
            ],
            "resources": [
                {
                    "title": r.title,
                    "url": r.url,
                    "format": r.format,
                    "kind": r.kind,
                    "schema": r.schema,
                    "bytes": r.bytes,
                    "dropped": r.dropped.fr or None,
                }
                for r in d.reading.resources
            ],
        },
        "derived": {"extent": d.entry.extent, "period_from": period.derived if period else ""},
    }


def _city(described: Sequence[Described]) -> dict[str, object]:
    return {"mqa": _mqa(metadata.whole(described)), "datasets": [_dataset(d) for d in described]}


def _show_mqa(score: Mqa) -> None:
    span = (
        f"{score.low:.0f}"
        if score.high - score.low < 0.005
        else f"{score.low:.0f} à {score.high:.0f} (liens non vérifiés : --links)"
    )
    show(f"data.europa.eu : {span} points sur 405, {BANDS[band(score.low)]}")
    for s in score.fixes:
        show(
            f"  +{s.gain:.1f}  {s.indicator.fix.fr} ({s.indicator.title.fr}, {s.tally.met} sur {s.tally.of})"
        )


def _show(d: Described) -> None:
    _show_mqa(d.mqa)
    show(f"data.gouv.fr : {d.nine.points} critères sur {len(d.nine.criteria)}")
    for c in d.nine.criteria:
        show(f"  {MARKS[c.met]} {c.title.fr}" + (f" – {c.todo.fr}" if c.met is False else ""))
    if d.reading.refused.fr:
        show(f"Refusé : {d.reading.refused.fr}")
    rules = [(x.title.fr, x.state, x.value[:80], f"{x.why.fr} {x.fix.fr}".strip()) for x in d.reading.lines]
    table(Sentence("Ce que data.gouv.fr lira"), ("", "", "valeur", "règle"), rules)
    table(
        Sentence("Ressources"),
        ("titre", "format", "taille", ""),
        [(r.title, r.format, r.bytes, r.dropped.fr) for r in d.reading.resources],
    )


def _show_city(described: Sequence[Described]) -> None:
    _show_mqa(metadata.whole(described))
    rows = sorted(described, key=lambda d: (d.mqa.low, d.nine.points))
    table(
        "",
        ("jeu", "sur 405", "sur 9", "gagne le plus"),
        [
            (
                d.entry.id,
                f"{d.mqa.low:.0f}–{d.mqa.high:.0f}",
                d.nine.points,
                d.mqa.fixes[0].indicator.fix.fr if d.mqa.fixes else "",
            )
            for d in rows
        ],
    )
