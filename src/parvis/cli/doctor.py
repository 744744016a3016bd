"""`parvis doctor`: is this city whole?"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from parvis.administration.plugins import installed
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands, Option
from parvis.cli.output import print_json, show
from parvis.cli.plugins import problems
from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.core.text import in_number
from parvis.core.types import PUBLIC
from parvis.publication.city import City, open_city
from parvis.services.declaration import Service
from parvis.store import alerts as alert_steps
from parvis.store import datasets, deposits, failures, file_permissions, quality, releases, rereads, versions
from parvis.web import live_state
from parvis.work import alerting, jobs, rereading, service_runs

NOT_WHOLE = 1
LOW_DISK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, whether all is well, and what to do when it is not."""

    question: str
    well: bool
    said: str
    mend: str = ""


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("doctor")
    def doctor(
        deep: Annotated[bool, Option("--deep", help="Recalcule l’empreinte de chaque fichier.")] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        answers = list(examine(open_city(settings(city)), deep=deep))
        well = all(a.well for a in answers)
        if as_json:
            print_json({"ok": well, "answers": answers})
        else:
            for each in answers:
                show(
                    f"{'✓' if each.well else '✗'} {each.question} : {each.said}"
                    + (f"\n   → {each.mend}" if not each.well else "")
                )
        return 0 if well else NOT_WHOLE


def examine(city: City, *, deep: bool = False) -> Iterator[Answer]:
    """Ask every question. Reads only; repairs nothing."""
    with city.db.read() as conn:
        listed = datasets.datasets(conn)
        served = [
            (r, v)
            for d in listed
            for r in datasets.resources(conn, d.id)
            if (v := versions.served(conn, r.id, PUBLIC)) is not None
        ]
        unreleased = [
            r.id
            for r, v in served
            if not any(row.withdrawn_at is None for row in releases.rows(conn, v.digest))
        ]
        stuck = deposits.list(conn, states=jobs.OPEN_STATES, limit=10_000)
        failed = deposits.list(conn, states=("failed",), limit=10_000)
    yield Answer(
        "Base de données",
        True,
        f"{in_number(len(listed), '{n} jeu[x] publié[s]')}, {in_number(len(served), '{n} ressource[s] lisible[s]')}",
    )
    files = [f.digest for _, v in served for f in v.files]
    missing = [d for d in files if not city.files.exists(d)]
    yield Answer(
        "Fichiers des versions servies",
        not missing,
        f"{len(files)} attendus, {len(missing)} absents",
        "Restaurez la sauvegarde des fichiers, puis relancez.",
    )
    if deep:
        wrong = [d for d in files if d not in missing and _digest(city.files.local(d)) != d]
        yield Answer(
            "Empreintes",
            not wrong,
            f"{len(files) - len(missing)} vérifiées, {len(wrong)} fausses",
            "Restaurez ces fichiers depuis la sauvegarde.",
        )
    yield Answer(
        "Décisions de publication",
        not unreleased,
        f"{len(served)} vérifiées, {len(unreleased)} manquantes",
        "Retirez ces versions et signalez-le : ce cas ne doit pas exister.",
    )
    yield Answer("Dépôts en attente", True, f"{len(stuck)} en cours")
    yield Answer(
        "Dépôts en panne",
        not failed,
        f"{len(failed)}",
        "Lisez le journal du processus de traitement, réparez, puis relancez : parvis retry. Les octets sont gardés.",
    )
    unread = [wrong for service in service_runs.declared() if (wrong := _tuning(city, service))]
    yield Answer(
        "Réglages des services",
        not unread,
        unread[0] if unread else "lisibles",
        f"Corrigez ce fichier de {service_runs.TUNINGS}/, puis relancez.",
    )
    wrong = _alerts(city)
    yield Answer(
        "Réglages des alertes", not wrong, wrong or "lisibles", "Corrigez parvis.toml, puis relancez."
    )
    left_out = list(problems(installed()))
    yield Answer(
        "Greffons",
        not left_out,
        " ".join(left_out) or f"{len(installed())} installés",
        "Mettez à jour ou désinstallez ces paquets ; parvis plugins dit ce que chacun apporte.",
    )
    stopped = failures.noted(city.settings.folder)
    yield Answer(
        "Travaux en panne",
        not stopped,
        " ; ".join(
            f"{failures.TITLES[f.part]} : {f.why} Depuis {f.since}, {f.times} essais." for f in stopped
        )
        or "aucun",
        "Chacun est repris de lui-même, de plus en plus rarement : réparez ce qui est dit, ou signalez-le.",
    )
    yield _feeds(city)
    yield from _seen_at_night(city)
    yield _night(city, [v.at for _, v in served])
    wider = file_permissions.wider(city.settings)
    yield Answer(
        "Droits sur le disque",
        not wider,
        f"{len(wider)} fichiers ou dossiers ouverts à d’autres comptes{f' : {wider[0]}' if wider else ''}",
        "Donnez-les au compte qui lance Parvis, et à lui seul (chown, chmod go-rwx).",
    )
    most, there = (
        city.settings.serve_memory_mb(),
        os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6,
    )
    yield Answer(
        "Mémoire de parvis serve",
        most < there,
        f"{most} Mo au plus avec un processus web, sur {there:.0f} Mo",
        SMALL,
    )
    free = shutil.disk_usage(city.settings.folder).free
    yield Answer(
        "Place sur le disque",
        free > LOW_DISK,
        f"{free / 1e9:.1f} Go libres",
        "Libérez de la place : sous 2 Go une lecture peut échouer.",
    )


def _feeds(city: City) -> Answer:
    """Whether every live source answers and moves on, as its page says it."""
    french, now = language("fr", city.settings.city.timezone), city.now()
    with city.db.read() as conn:
        every = [r.id for of_one in datasets.all_resources(conn).values() for r in of_one if r.every_s]
        states = live_state.feeds(conn, french, every, None, now)
        files = [(one.resource, *rereading.outcome(conn, one)) for one in rereads.every(conn)]
    wrong = [
        f"{f.resource} {f.label}{f' ({f.reason})' if f.reason else ''}"
        for f in states
        if f.health not in ("up", "unknown")
    ]
    wrong += [
        f"{resource} {FILES_AMISS[state]} ({message})"
        for resource, state, message in files
        if state in FILES_AMISS
    ]
    return Answer(
        "Flux en direct",
        not wrong,
        " ; ".join(wrong) or in_number(len(states) + len(files), "{n} suivi[s], à jour"),
        "La page /flux dit que faire de chacun, et prend sa nouvelle adresse ; laissez tourner parvis worker s’il n’est plus interrogé.",
    )


FILES_AMISS: Mapping[rereading.Outcome, str] = {
    "down": "ne répond pas",
    "refused": "refusé",
    "failed": "illisible",
    "held": "retenu",
}
"""What is wrong with a file that is read again, by how it goes."""


def _seen_at_night(city: City) -> Iterator[Answer]:
    """What the work of the night found: bytes that are damaged, addresses that do not answer."""
    with city.db.read() as conn:
        damaged = [r.resource for r in quality.rechecks(conn).values() if r.state == "damaged"]
        down = [x for x in quality.links(conn) if x.state == "down"]
        unsent = alert_steps.failed_since(conn, city.now() - timedelta(days=7))
    yield Answer(
        "Données abîmées",
        not damaged,
        ", ".join(damaged) or "aucune",
        "Restaurez leurs fichiers depuis la sauvegarde : parvis verify dit lesquels.",
    )
    yield Answer(
        "Liens cités",
        not down,
        f"{len(down)} ne répondent plus{f' : {down[0].url}' if down else ''}",
        "Corrigez ces adresses dans les jeux qui les citent : la page de la qualité les donne.",
    )
    yield Answer(
        "Messages d’alerte",
        not unsent,
        f"{unsent} n’ont pas pu partir en sept jours",
        "Vérifiez le serveur de courrier ou la passerelle : parvis alerts list.",
    )


SMALL = "Sur une machine de 8 Gio : serve.query_mb = 1024, limits.deposit_memory_mb = 1200, limits.study_memory_mb = 800."
"""7,124 MB in all."""

OLD = timedelta(days=2)
"""The work of the night has missed one: it was not done for so long."""


def _night(city: City, served: Sequence[datetime]) -> Answer:
    """Whether what is published is looked at each night."""
    question = "Travail de la nuit"
    if city.settings.quality.night < 0:
        return Answer(question, True, "jamais : quality.night vaut -1")
    with city.db.read() as conn:
        seen = [r.at for r in quality.rechecks(conn).values()]
    if not served and not seen:
        return Answer(question, True, "rien n’est publié encore")
    late = city.now() - max(seen, default=min(served, default=city.now())) >= OLD
    answer = "aucun passage encore"
    if seen:
        answer = f"dernier passage le {max(seen).astimezone(ZoneInfo(city.settings.city.timezone)):%d/%m/%Y à %H:%M}, {len(seen)} ressources vues"
    return Answer(
        question,
        not late,
        answer,
        "Laissez tourner parvis serve ou parvis worker ; tout de suite : parvis verify.",
    )


def _tuning(city: City, service: Service) -> str:
    """Why what the city sets itself of a service can't be read; "" when it can."""
    try:
        service_runs.tuning(city, service)
    except UsageError as wrong:
        return " ".join(t for t in (wrong.message, wrong.mend) if t)
    return ""


def _alerts(city: City) -> str:
    """Why the settings of alerts are wrong; "" when they are not."""
    try:
        alerting.check(city)
    except UsageError as wrong:
        return str(wrong)
    return ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
