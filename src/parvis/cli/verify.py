"""`parvis verify [DATASET]`: what is published, looked at again now: its bytes, today's rules, its links."""

from __future__ import annotations

from typing import Annotated

from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, show, table
from parvis.publication.city import open_city
from parvis.work import nightly

STATES = {"sound": "rien à dire", "faulty": "des erreurs", "damaged": "fichier altéré"}
LINKS = {"up": "répond", "down": "ne répond pas", "barred": "non vérifié"}


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("verify")
    def verify(
        dataset: Annotated[str, Argument(help="Identifiant d’un jeu ; tous sinon.")] = "",
        links: Annotated[
            bool, Option("--links/--no-links", help="Demander aussi aux adresses citées si elles répondent.")
        ] = True,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        opened = open_city(settings(city))
        night = nightly.nightly(opened, only=dataset, links=links)
        if as_json:
            print_json({"ok": night.sound, "tables": night.rechecks, "links": night.links})
        else:
            table(
                "",
                ("ressource", "état", "erreurs", "avertissements", "pourquoi"),
                [(r.resource, STATES[r.state], r.errors, r.warnings, r.message) for r in night.rechecks],
            )
            if night.links:
                table(
                    "",
                    ("jeu", "adresse", "état", "pourquoi"),
                    [(x.dataset, x.url, LINKS[x.state], x.message) for x in night.links if x.state != "up"],
                )
            show("Tout est en ordre." if night.sound else "Voir ci-dessus ce qui ne va pas.")
        return 0 if night.sound else 1
