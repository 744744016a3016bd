"""`parvis release VERSION --audience A --why "..."`: a human's decision, for the public or for a group; it goes into the register of decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from parvis import deciding, pipeline
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.given import AsJson
from parvis.cli.out import print_json, show
from parvis.core.errors import UsageError
from parvis.core.types import PUBLIC, Audience, Held
from parvis.deciding import Asked
from parvis.privacy.deciding import BASES
from parvis.store import versions

HELD = 3


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("release")
    def release(
        version: Annotated[str, Argument(help="Empreinte de la version, ou son début (8 caractères au moins).")],
        why: Annotated[str, Option(help="Motif de la décision, gardé au registre.")],
        audience: Annotated[str, Option(help="« public », ou l’identifiant d’un groupe (parvis groups list).")] = "public",
        purpose: Annotated[str, Option(help="Finalité ; obligatoire pour un groupe.")] = "",
        until: Annotated[datetime | None, Option(formats=("%Y-%m-%d",), help="Dernier jour de l’accès, pour un groupe.")] = None,
        basis: Annotated[str, Option(help=f"Base légale : {', '.join(BASES)}.")] = "non-precisee",
        by: Annotated[str, Option(help="Qui décide (identifiant).")] = "cli",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        if not why.strip():
            raise UsageError("--why est vide.", mend="Dites pourquoi cette version peut être lue : le registre le garde.")
        if basis not in BASES:
            raise UsageError(f"Base légale inconnue : « {basis} ».", mend=f"Bases : {', '.join(BASES)}.")
        if audience != "public" and not (purpose.strip() and until):
            raise UsageError("Un groupe a besoin de --purpose et de --until.")
        to = PUBLIC if audience == "public" else Audience(audience, purpose.strip(), until.date() if until else None)
        opened = pipeline.open_city(settings(city))
        with opened.db.read() as conn:
            digest = versions.resolve(conn, version)
        outcome = deciding.by_command(opened, digest, Asked("released", to, purpose.strip() or why.strip(), basis, "", why.strip()), actor=by)
        held = isinstance(outcome, Held)
        if as_json:
            print_json({
                "ok": not held, "version": digest, "audience": to, "todo": outcome.todo if held else "", "release": "" if held else outcome.release,
                "record": "" if held else outcome.id,
            })  # fmt: skip
        else:
            show(f"Toujours retenue : {outcome.todo}" if held else f"Version {digest[:12]} lisible par : {to.name}. Registre : {outcome.id[:12]}.")
        return HELD if held else 0
