"""`parvis schemas list|show|lint|sync|rank|template`: the Table Schemas that a city knows by name."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from parvis import outbound, readers, schemas
from parvis.checks.lint import lint
from parvis.cli.arguments import AsJson, existing
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, progress, say, show, table
from parvis.core.errors import UsageError
from parvis.core.reading import Workspace
from parvis.core.sentence import Sentence
from parvis.core.types import Json
from parvis.engine import connect
from parvis.harvest import schemas as harvesting
from parvis.schemas import Fit, Known, templates
from parvis.schemas.library import unreadable
from parvis.schemas.syncing import Change, What, sync

ORIGINS = {"parvis": "Parvis", "package": "paquet", "city": "la ville", "national": "catalogue"}
WHATS: Mapping[What, str] = {
    "new": "nouveau",
    "updated": "nouvelle version",
    "changed": "texte changé sous la même version",
    "same": "inchangé",
    "refused": "refusé",
    "other": "pas un Table Schema",
    "gone": "plus au catalogue, gardé ici",
}
MARKS = {"error": "✗", "warning": "⚠", "info": "·"}
Name = Annotated[str, Argument(help="Nom, nom@version ou chemin d’un schéma.")]


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("schemas")

    @group.declare("list", "Les schémas connus : ceux de Parvis, ceux du dossier « schemas » de la ville.")
    def list_schemas(city: Folder = HERE, as_json: AsJson = False) -> None:
        known, faults = schemas.library(city), unreadable(city)
        if as_json:
            print_json({"schemas": [summary(k) for k in known], "unreadable": faults})
            return
        table(
            "",
            ("nom", "version", "titre", "colonnes", "origine"),
            [(k.name, k.version, k.title, len(k.fields), ORIGINS[k.origin]) for k in known],
        )
        for file, fault in faults.items():
            say(f"⚠ {file} {fault}.")

    @group.declare("show", "Un schéma : ses colonnes, ce qu’on y met, et ses propres défauts.")
    def show_schema(name: Name, city: Folder = HERE, as_json: AsJson = False) -> None:
        known = named(city, name)
        if as_json:
            print_json({**summary(known), "schema": known.document})
            return
        show(f"{known.name} {known.version} – {known.title}")
        show(known.description)
        table(
            "",
            ("colonne", "titre", "ce qu’on y met", "type", "obligatoire", "valeurs permises"),
            [templates.described(f) for f in known.fields],
        )

    @group.declare(
        "sync",
        "Prend les schémas d’un catalogue (adresse ou dossier) dans le dossier de la ville, et dit ce qui change.",
    )
    def sync_schemas(
        source: Annotated[
            str, Argument(help="Adresse du catalogue, ou dossier de même forme.")
        ] = "https://schema.data.gouv.fr/schemas.json",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        if not (city / "parvis.toml").exists():
            raise UsageError(
                Sentence("Pas de ville dans {folder} : parvis.toml n’y est pas.", folder=city.resolve()),
                mend="Donnez --city DOSSIER.",
            )
        way = settings(city).network
        out = outbound.client(
            outbound.allowing(way.private),
            proxy=way.proxy,
            timeout=harvesting.TIMEOUT,
            follow_redirects=False,
        )
        with out as client, progress() as bar:
            index = harvesting.catalogue(client, source)
            changes = list(
                bar.track(sync(index, client, city), total=len(index.schemas), description="Schémas")
            )
        return _tell(source, changes, as_json=as_json)

    @group.declare(
        "rank", "Quels schémas conviennent à un fichier, d’après ses colonnes et ses valeurs, et pourquoi."
    )
    def rank_schemas(
        file: Path,
        limit: Annotated[int, Option(min=1, help="Nombre de schémas à montrer.")] = 5,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        fits = ranked(existing(file), city)[:limit]
        if as_json:
            print_json({"fits": [{**_plain(f), "why": f.why} for f in fits]})
        elif not fits:
            show("Aucun schéma connu ne ressemble à ce fichier.")
        for fit in () if as_json else fits:
            show(f"{round(100 * fit.score):>3} % {fit.name} {fit.version} – {fit.title}")
            show(f"      {fit.why}")

    @group.declare(
        "lint",
        "Les défauts d’un schéma : clés mal placées, contradictions, exemples faux ; où, quoi, comment réparer.",
    )
    def lint_schema(name: Name, city: Folder = HERE, as_json: AsJson = False) -> int:
        flaws = lint(named(city, name).document)
        if as_json:
            print_json({"schema": name, "flaws": flaws})
        elif not flaws:
            show("Aucun défaut trouvé.")
        for flaw in () if as_json else flaws:
            show(f"{MARKS[flaw.severity]} {flaw.where} : {flaw.what} [{flaw.code}]")
            show(f"   → {flaw.fix}")
        return 1 if any(f.severity == "error" for f in flaws) else 0

    @group.declare("template", "Écrit un fichier modèle : l’en-tête seul, ou avec une ligne d’exemple.")
    def template(
        name: Name,
        out: Annotated[Path, Option("--out -o", help="Fichier à écrire, en .csv ou .xlsx.")],
        filled: Annotated[bool, Option("--filled", help="Ajoute une ligne d’exemple.")] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        known, form = named(city, name), out.suffix.lower().lstrip(".")
        if form not in ("csv", "xlsx"):
            raise UsageError(Sentence("« {name} » : un modèle s’écrit en .csv ou en .xlsx.", name=out.name))
        out.write_bytes((templates.filled if filled else templates.blank)(known, form))
        if as_json:
            print_json({"ok": True, "schema": known.name, "version": known.version, "file": out.resolve()})
        else:
            say(f"Modèle de {known.name} {known.version} écrit dans {out}.")


def named(folder: Path, name: str) -> Known:
    """The schema of that path or name. Raises UsageError."""
    path = folder / name
    if not path.is_file():
        return schemas.library(folder).find(name)
    return schemas.at(path)


def ranked(file: Path, folder: Path) -> tuple[Fit, ...]:
    """The schemas that may fit the first table of a file."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        reading = readers.read(file, Workspace(Path(spool)), name=file.name)
        con = connect.processing(Path(spool))
        fits = schemas.rank(reading.tables[0], con, schemas.library(folder).newest)
        con.close()
    return fits


def summary(known: Known) -> dict[str, Json]:
    """What a list says of a schema."""
    required = sum(bool(c.constraints.get("required")) for c in known.schema.columns)
    return {
        "name": known.name,
        "version": known.version,
        "title": known.title,
        "description": known.description,
        "origin": known.origin,
        "columns": len(known.fields),
        "required": required,
        "primary_key": list(known.schema.primary_key),
        "checks": len(known.schema.custom_checks),
    }


def _plain(fit: Fit) -> dict[str, object]:
    return {
        "name": fit.name,
        "version": fit.version,
        "title": fit.title,
        "score": fit.score,
        "likely": fit.likely,
        "headers": fit.headers,
        "required": fit.required,
        "values": fit.values,
        "matches": fit.matches,
        "missing": fit.missing,
        "unknown": fit.unknown,
    }


def _tell(source: str, changes: list[Change], *, as_json: bool) -> int:
    counts = Counter(c.what for c in changes)
    if as_json:
        print_json({"source": source, "counts": counts, "changes": changes})
    else:
        for change in changes:
            if change.what in ("new", "updated", "changed", "gone"):
                show(
                    f"{WHATS[change.what]:<18} {change.name} {change.before + ' → ' if change.what == 'updated' else ''}{change.version}"
                )
            elif change.what == "refused":
                show(f"{WHATS[change.what]:<18} {change.name} {change.version} : {change.why}")
        show(" ; ".join(f"{counts[w]} {label}" for w, label in WHATS.items() if counts[w]) + ".")
    return 1 if counts["refused"] else 0
