"""`parvis withdraw VERSION|DATASET --why "..."`: taken down in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from sqlalchemy import Connection

from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import fields, print_json, show
from parvis.core.errors import UsageError
from parvis.decisions import takedown
from parvis.people import accounts
from parvis.publication.city import open_city
from parvis.store import datasets, takedowns


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("withdraw")
    def withdraw(
        subject: Annotated[
            str,
            Argument(
                help="Empreinte d’une version (8 caractères au moins), identifiant d’une ressource ou d’un jeu."
            ),
        ],
        why: Annotated[str, Option(help="Motif du retrait ; il reste dans la ville, pas au journal.")] = "",
        dry_run: Annotated[
            bool, Option("--dry-run", help="Dit ce qui partirait, sans rien retirer.")
        ] = False,
        by: Annotated[
            str,
            Option(
                help="Qui décide : un compte, par son adresse ou son identifiant, ou un nom pour le journal."
            ),
        ] = "cli",
        everywhere: Annotated[
            bool,
            Option(
                "--everywhere", help="Retirer aussi chez les autres organisations, sans attendre leur accord."
            ),
        ] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        if dry_run:
            with opened.db.read() as conn:
                planned = takedown.plan(conn, subject, actor=_known(conn, by), everywhere=everywhere)
                missing = [
                    _waiting_for(conn, o.organisation, len(o.versions), len(o.derived))
                    for o in planned.elsewhere
                ]
            scope = planned.scope
            if as_json:
                print_json(
                    {
                        "kind": scope.kind,
                        "subject": scope.subject,
                        "resources": takedown.touched(scope),
                        "versions": [v.digest for v in scope.versions],
                        "derived": [v.digest for v in scope.derived],
                        "files": len(scope.files),
                        "received": len(scope.received),
                        "missing": missing,
                    }
                )
            else:
                show(
                    f"Partiraient : {_counts(len(scope.versions), len(scope.derived), len(scope.files), len(scope.received))}"
                )
                for resource in takedown.touched(scope):
                    show(f"  {resource}")
                _waiting(missing)
            return
        if not why.strip():
            raise UsageError("--why est vide.", mend="Dites pourquoi les données sont retirées.")
        with opened.db.read() as conn:
            actor = _known(conn, by)
        done = takedown.withdraw(opened, subject, why=why, actor=actor, everywhere=everywhere)
        with opened.db.read() as conn:
            missing = [
                _waiting_for(conn, a.organisation, len(a.versions), len(a.derived))
                for a in takedowns.asked(conn, done.id, waiting=True)
            ]
        left = [
            {"kind": kind, "at": at, "todo": takedown.BY_HAND[kind]}
            for kind, at in takedown.left(opened, done)
        ]
        if as_json:
            ended = {
                "nodes": takedown.confirmations(opened, done),
                "recall": takedown.recall(opened, done),
                "left": left,
                "missing": missing,
            }
            print_json(fields(done) | ended)
            return
        show(
            f"Retiré : {_counts(len(done.versions), len(done.derived), len(done.files), len(done.received))}"
        )
        _waiting(missing)
        show("Chaque machine détruit ses copies et le confirme sur la page /retraits.")
        for kind, at in takedown.left(opened, done):
            show(f"→ {takedown.BY_HAND[kind]}" + (f" ({at:%d/%m/%Y %H:%M} UTC)" if at else ""))


def _known(conn: Connection, by: str) -> str:
    """The id of the account of that address or id; the name itself where there is none."""
    return next((p.id for p in accounts.everybody(conn) if by in (p.id, p.email)), by)


def _waiting_for(conn: Connection, organisation: str, versions: int, derived: int) -> Mapping[str, object]:
    holder = datasets.organisation(conn, organisation)
    return {
        "organisation": organisation,
        "name": holder.name if holder else organisation,
        "versions": versions,
        "derived": derived,
    }


def _waiting(missing: Sequence[Mapping[str, object]]) -> None:
    for one in missing:
        show(
            f"En attente de l’accord de « {one['name']} » : {one['versions']} versions, {one['derived']} calculées ; demandé à la page /retraits."
        )


def _counts(versions: int, derived: int, files: int, received: int) -> str:
    return f"{versions} versions, {derived} calculées à partir d’elles, {files} fichiers, {received} fichiers reçus."
