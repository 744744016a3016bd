"""`parvis withdraw VERSION|DATASET --why "..."`: taken down in one act."""

from __future__ import annotations

from typing import Annotated

from parvis import pipeline, takedown
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.given import AsJson
from parvis.cli.out import fields, print_json, show
from parvis.core.errors import UsageError
from parvis.privacy import withdrawing


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("withdraw")
    def withdraw(
        subject: Annotated[str, Argument(help="Empreinte d’une version (8 caractères au moins), identifiant d’une ressource ou d’un jeu.")],
        why: Annotated[str, Option(help="Motif du retrait ; il reste dans la ville, pas au journal.")] = "",
        dry_run: Annotated[bool, Option("--dry-run", help="Dit ce qui partirait, sans rien retirer.")] = False,
        by: Annotated[str, Option(help="Qui décide (identifiant).")] = "cli",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = pipeline.open_city(settings(city))
        if dry_run:
            with opened.db.read() as conn:
                scope = withdrawing.scope(conn, subject)
            if as_json:
                print_json({
                    "kind": scope.kind, "subject": scope.subject, "resources": takedown.touched(scope), "versions": [v.digest for v in scope.versions],
                    "derived": [v.digest for v in scope.derived], "files": len(scope.files), "received": len(scope.received),
                })  # fmt: skip
            else:
                show(f"Partiraient : {_counts(len(scope.versions), len(scope.derived), len(scope.files), len(scope.received))}")
                for resource in takedown.touched(scope):
                    show(f"  {resource}")
            return
        if not why.strip():
            raise UsageError("--why est vide.", mend="Dites pourquoi les données sont retirées.")
        done = takedown.withdraw(opened, subject, why=why, actor=by)
        left = [{"kind": kind, "at": at, "todo": takedown.BY_HAND[kind]} for kind, at in takedown.left(opened, done)]
        if as_json:
            print_json(fields(done) | {"nodes": takedown.confirmations(opened, done), "recall": takedown.recall(opened, done), "left": left})
            return
        show(f"Retiré : {_counts(len(done.versions), len(done.derived), len(done.files), len(done.received))}")
        show("Chaque machine détruit ses copies et le confirme sur la page /retraits.")
        for kind, at in takedown.left(opened, done):
            show(f"→ {takedown.BY_HAND[kind]}" + (f" ({at:%d/%m/%Y %H:%M} UTC)" if at else ""))


def _counts(versions: int, derived: int, files: int, received: int) -> str:
    return f"{versions} versions, {derived} calculées à partir d’elles, {files} fichiers, {received} fichiers reçus."
