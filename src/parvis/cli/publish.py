"""`parvis publish FILE...`: from files to published versions, held ones or clear refusals."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from parvis.catalogue import manifest
from parvis.checks import gate
from parvis.cli.arguments import AsJson, existing
from parvis.cli.city import HERE, Folder, settings, town
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, progress, show, table
from parvis.core import plugins
from parvis.core.errors import HeldBack, UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence
from parvis.core.text import slug
from parvis.core.types import Contact, Dataset, Finding, Resource
from parvis.privacy import surrounding_words
from parvis.publication import describing, hidden_parts, pipeline, policies, recipes
from parvis.publication.city import SYSTEM, City, open_city
from parvis.services import sources
from parvis.store import datasets, deposits, versions
from parvis.store.database import Moved
from parvis.store.deposits import Deposit
from parvis.work import batch
from parvis.work.steps import OPEN_STATES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from parvis.privacy import anonymising
else:
    anonymising = late("parvis.privacy.anonymising")

EXITS = {"failed": 70, "refused": 2, "held": 3, "reading": 3, "received": 3}
"""From the gravest, then what waits for the end of an outage: the first state met among the deposits gives
the exit code. What was read and refused by the gate is held back, not unreadable: 3.
"""

PATIENCE_S = 60
"""Seconds for which a command waits for the end of an outage, when nothing else is left to wait for: the
worker of the portal sees the deposits through.
"""

LOOK_S = 0.05
"""Seconds between two looks at whether something was written; the more deposits wait, the longer."""

WORDS = {
    "published": "publié",
    "unchanged": "inchangé",
    "held": "retenu",
    "refused": "refusé",
    "failed": "en panne",
    "received": "reçu",
    "reading": "en lecture",
}


CAME = ("published", "held", "unchanged")
"""States of deposits whose resource is there."""
LISTED = 5
"""Resources that a message names."""


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("publish")
    def publish(
        files: Annotated[list[Path], Argument(help="Fichiers, ou un dossier qui contient datasets.toml.")],
        dataset: Annotated[
            str, Option(help="Identifiant du jeu de données ; sinon tiré du nom du fichier.")
        ] = "",
        resource: Annotated[
            str,
            Option(
                help="Ressource du jeu dont chaque fichier est une nouvelle version, quel que soit son nom."
            ),
        ] = "",
        schema: Annotated[
            str, Option("--schema -S", help="Chemin d’un Table Schema (JSON), ou nom d’un schéma de Parvis.")
        ] = "",
        title: Annotated[str, Option(help="Titre du jeu de données, s’il est nouveau.")] = "",
        hold: Annotated[
            bool, Option("--hold", help="Retenir la version jusqu’à une décision (parvis release).")
        ] = False,
        hidden: Annotated[
            str,
            Option(
                "--hidden",
                help="Parties masquées d’un classeur : leave les laisse de côté, publish les publie sciemment ; sinon elles attendent.",
            ),
        ] = "",
        recipe: Annotated[
            Path | None,
            Option(
                "--recipe -R", help="Recette (TOML) à garder avec la ressource et à rejouer à chaque fichier."
            ),
        ] = None,
        policy: Annotated[
            str,
            Option(
                "--policy -P",
                help="Politique d’anonymisation à garder avec la ressource : fichier TOML ou modèle.",
            ),
        ] = "",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        if hidden not in ("", "leave", "publish"):
            raise UsageError(
                Sentence("« {hidden} » n’est pas un choix.", hidden=hidden),
                mend="Écrivez --hidden leave, ou --hidden publish.",
            )
        opened = open_city(settings(city))
        if policy:
            anonymising.load(policy)  # a wrong one is refused before anything is written
        if recipe is not None:
            recipes.load(existing(recipe), str)  # a wrong one is refused before anything is written
        before = beside(opened, dataset)
        entries = plan(
            opened, files, dataset=dataset, resource=resource, schema=schema, title=title, hold=hold
        )
        if recipe is not None:
            follow(opened, entries, existing(recipe))
        for entry in entries if policy else ():
            policies.save(opened, entry.resource.id, anonymising.text(policy), actor=SYSTEM)
        sent = [
            pipeline.receive(opened, e.file, name=e.file.name, resource=e.resource.id)
            for e in entries
            if e.file is not None
        ]
        if hidden:
            sent = [hidden_parts.choose(opened, d.id, hidden, actor=SYSTEM) for d in sent]
        if (
            recipe is not None or policy
        ):  # what waited for its recipe or its policy to be mended waits no longer
            again = [d.state == "held" or (policy and d.state not in OPEN_STATES) for d in sent]
            sent = [
                recipes.reread(opened, d.resource, actor=SYSTEM) if one else d
                for d, one in zip(sent, again, strict=True)
            ]
        done = process(opened, [d.id for d in sent])
        answer(done, as_json=as_json, differences=changes(opened, done))
        if before and not as_json:
            names = _some(f"« {one.rpartition('/')[2]} »" for one in before)
            came = {d.resource for d in done if d.state in CAME}
            for entry in entries:
                if entry.resource.id not in before and entry.resource.id in came:
                    show(
                        f"{entry.resource.id} est une nouvelle ressource, à côté de {names}. Si c’est la suite de l’une d’elles : --resource NOM"
                    )
        return exit_code(done)


def beside(city: City, dataset: str) -> list[str]:
    """Ids of the resources that a dataset has, none when it is new."""
    with city.db.read() as conn:
        return [r.id for r in datasets.resources(conn, dataset)]


def follow(city: City, entries: Sequence[manifest.Entry], file: Path) -> None:
    """Keep a recipe with each of these resources, and with it the files that it names. Raises UsageError when
    it is not a recipe.
    """
    for entry in entries:
        owner = entry.resource.id
        recipe = recipes.load(
            file, lambda path, owner=owner: recipes.keep_file(city, owner, path, path.name, actor=SYSTEM)
        )
        recipes.save(city, owner, recipe, actor=SYSTEM)


def exit_code(done: Sequence[Deposit]) -> int:
    """The exit code that these deposits call for."""
    states = {"held" if d.state == "refused" and d.version else d.state for d in done}
    return next((code for state, code in EXITS.items() if state in states), 0)


def plan(
    city: City,
    files: Sequence[Path],
    *,
    dataset: str = "",
    resource: str = "",
    schema: str = "",
    title: str = "",
    hold: bool = False,
) -> list[manifest.Entry]:
    """Which resource each file feeds; datasets and resources that are new are made as drafts. Raises
    UsageError before anything is written.
    """
    folders = [f for f in files if f.is_dir()]
    if folders and (len(files) > 1 or dataset or resource or schema or title):
        raise UsageError("Un dossier se publie seul, sans autre option : datasets.toml dit tout.")
    if folders:
        if not (folders[0] / manifest.NAME).exists():
            raise UsageError(
                Sentence("{folders} n’a pas de {name}.", folders=folders[0], name=manifest.NAME),
                mend="Donnez les fichiers eux-mêmes, ou décrivez-les dans un datasets.toml.",
            )
        described = manifest.load(folders[0] / manifest.NAME)
        if hold:
            described = replace(described, entries=tuple(_waiting(e) for e in described.entries))
    else:
        for file in files:
            existing(file)
        fed = _fed(city, dataset, resource) if resource else None
        described = _described(
            city,
            files,
            dataset=fed.dataset if fed else dataset,
            fed=fed,
            schema=schema,
            title=title,
            hold=hold,
        )
    describing.keep(city, described, actor=SYSTEM)
    return list(described.entries)


def _waiting(entry: manifest.Entry) -> manifest.Entry:
    """The same, to be held until somebody decides."""
    return replace(
        entry,
        resource=replace(entry.resource, policy="hold"),
        said=None if entry.said is None else entry.said | {"policy"},
    )


def _named(schema: str) -> str:
    """A schema as the city keeps it: where the file lies, or a name that the library knows."""
    return str(Path(schema).resolve()) if Path(schema).suffix or Path(schema).exists() else schema


def _fed(city: City, dataset: str, name: str) -> Resource:
    """The resource that a file is a new version of. name: its id, or the last part of it when `dataset` says
    the rest. Raises UsageError.
    """
    of = dataset or name.partition("/")[0]
    with city.db.read() as conn:
        known = {r.id: r for r in datasets.resources(conn, of)}
    fed = known.get(name) or known.get(f"{of}/{name}")
    if fed is None:
        if known:
            listed = Sentence("Celles du jeu « {of} » : {list}.", of=of, list=_some(known))
        elif dataset or "/" in name:
            listed = Sentence(
                "Le jeu « {of} » n’en a pas encore : sans --resource, la commande crée celle du fichier.",
                of=of,
            )
        else:
            listed = Sentence("Donnez aussi --dataset JEU, ou --resource JEU/RESSOURCE.")
        raise UsageError(Sentence("Ressource inconnue : « {name} ».", name=name), mend=listed)
    return fed


def _some(ids: Iterable[str]) -> str:
    """The first of these ids, and how many more there are."""
    every = list(ids)
    more = f", et {len(every) - LISTED} autres" if len(every) > LISTED else ""
    return ", ".join(every[:LISTED]) + more


def _described(
    city: City,
    files: Sequence[Path],
    *,
    dataset: str,
    fed: Resource | None,
    schema: str,
    title: str,
    hold: bool,
) -> manifest.Manifest:
    name, own = city.settings.city.name, town(city.settings)
    new_datasets: dict[str, Dataset] = {}
    entries: list[manifest.Entry] = []
    new: dict[str, str] = {}
    with city.db.read() as conn:
        for file in files:
            of = dataset or slug(file.name.split(".")[0])
            known = datasets.dataset(conn, of)
            if known is None and of != slug(of):
                mend = Sentence(
                    "Écrivez par exemple « {slug} ». Pour une nouvelle version d’une ressource : --resource JEU/RESSOURCE.",
                    slug=slug(of),
                )
                raise UsageError(
                    Sentence(
                        "« {of} » n’est pas un identifiant de jeu : des minuscules sans accent, des chiffres et des tirets.",
                        of=of,
                    ),
                    mend=mend,
                )
            if known is None and of not in new_datasets:
                contact = Contact(name, city.settings.city.contact) if city.settings.city.contact else None
                new_datasets[of] = Dataset(
                    of, title or file.name.split(".")[0].replace("_", " ").capitalize(), "", own.id, contact
                )
            identity = fed.id if fed else f"{of}/{slug(file.name.split('.')[0])}"
            before = datasets.resource(conn, identity)
            if before is None:
                new[identity] = file.name.split(".")[0]
            resource = before or Resource(
                identity, of, title or (known or new_datasets[of]).title, source=f"upload:{file.name}"
            )
            if schema or hold:
                resource = replace(
                    resource,
                    schema=_named(schema) or resource.schema,
                    policy="hold" if hold else resource.policy,
                )
            entries.append(manifest.Entry(resource, file, WHOLE))
        organisations = () if datasets.organisation(conn, own.id) else (own,)
    if any(surrounding_words.each(new.values())):
        mend = "Renommez-le ; un identifiant reste dans des adresses, des journaux et des listes de retraits, même quand les données n’y sont plus."
        raise UsageError("Le nom de ce fichier désigne quelqu’un, ou porte un numéro personnel.", mend=mend)
    return manifest.Manifest(organisations, tuple(new_datasets.values()), tuple(entries))


WHOLE = frozenset(f.name for f in fields(Resource))
"""What is said of a resource that was read from the store and changed: all of it."""


@dataclass(frozen=True, slots=True)
class _Open:
    """Deposits of this call that are not finished."""

    city: City
    ids: Sequence[str]

    def now(self) -> list[Deposit]:
        with self.city.db.read() as conn:
            return self._of(conn, self.ids)

    def finished(self, waiting: Collection[str]) -> tuple[list[Deposit], bool]:
        """Those that are no longer open, and whether all others wait for the end of an outage, which their
        message says; one query while nothing is, for it is asked twenty times a second.
        """
        with self.city.db.read() as conn:
            still = {d.id: d.message for d in deposits.in_states(conn, OPEN_STATES)}
            return self._of(conn, [i for i in waiting if i not in still]), all(
                still[i] for i in waiting if i in still
            )

    def _of(self, conn: Connection, ids: Iterable[str]) -> list[Deposit]:
        return [d for i in ids if (d := deposits.get(conn, i)) is not None]


def process(city: City, ids: Sequence[str]) -> list[Deposit]:
    """See these deposits through: by being the worker when nobody is, else by waiting for the one that is.
    Returns them in the order given.
    """
    mine = _Open(city, ids)
    with progress() as bar:
        task = bar.add_task("Traitement", total=len(ids))

        open_ = dict.fromkeys(ids)

        def closed(one: str) -> None:
            open_.pop(one, None)
            bar.update(task, completed=len(ids) - len(open_))

        try:
            batch.see_through(city, ids, closed)
            _compute_services(city)
        except HeldBack:
            _wait_for_worker(mine, closed)
    return mine.now()


def _compute_services(city: City) -> None:
    """Compute again the services whose inputs changed. They are loaded only where the city has something that
    one of them names, or somebody else's package may bring one: that takes longer than a small file.
    """
    with city.db.read() as conn:
        concerned = bool(plugins.plugins()) or datasets.any_following(conn, sources.named())
    if concerned:
        from parvis.work import service_runs

        service_runs.refresh(city)


def _wait_for_worker(mine: _Open, closed: Callable[[str], None]) -> None:
    """Until the worker of the city has closed these deposits, or says of all that are left that they wait for
    the end of an outage, and has for a while.
    """
    waiting, moved, written = dict.fromkeys(mine.ids), time.monotonic(), Moved(mine.city.db)
    while waiting and time.monotonic() - moved < PATIENCE_S:
        if not written():
            time.sleep(LOOK_S)
            continue
        done, away = mine.finished(waiting)
        moved = moved if away and not done else time.monotonic()
        for each in done:
            del waiting[each.id]
            closed(each.id)
        time.sleep(min(1.0, LOOK_S * (1 + len(waiting) / 10)))


def changes(city: City, done: Sequence[Deposit]) -> Mapping[str, Sequence[Finding]]:
    """What differs from the version before, by deposit."""
    with city.db.read() as conn:
        by_deposit = {
            d.id: versions.version(conn, d.version) for d in done if d.version and d.state != "unchanged"
        }
    return {
        name: differences
        for name, version in by_deposit.items()
        if version is not None and (differences := gate.changes(version.report.findings))
    }


def answer(
    done: Sequence[Deposit], *, as_json: bool, differences: Mapping[str, Sequence[Finding]] = {}
) -> None:
    """Say what became of each deposit. differences: what differs from the version before, by deposit."""
    if as_json:
        print_json(
            {
                "ok": exit_code(done) == 0,
                "deposits": [_row(d, differences.get(d.id, ())) for d in done],
            }
        )
        return
    table(
        "",
        ("fichier", "ressource", "état", "version"),
        [(d.name, d.resource, WORDS[d.state], (d.version or "")[:12]) for d in done],
    )
    for one in done:
        if one.message:
            show(f"{one.name}, {WORDS[one.state]} : {one.message}")
    held = [d.version for d in done if d.state == "held" and d.version]
    if held:
        show(
            f'Pour publier une version retenue : parvis release {held[0][:12] if len(held) == 1 else "VERSION"} --audience public --why "…"'
        )


def _row(one: Deposit, differences: Sequence[Finding]) -> Mapping[str, object]:
    changed = [
        {
            "code": f.check,
            "severity": f.severity,
            "column": f.column,
            "count": f.count,
            "message": f.message,
            "fix": f.fix,
        }
        for f in differences
    ]
    return {
        "file": one.name,
        "resource": one.resource,
        "state": one.state,
        "version": one.version,
        "message": one.message,
        "changes": changed,
    }
