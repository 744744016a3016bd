"""`parvis retry [DEPOSIT...]`: deposits that an outage or a fault stopped, begun again from the bytes that
are kept.
"""

from __future__ import annotations

from typing import Annotated

from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands
from parvis.cli.publish import answer, exit_code, process
from parvis.publication import pipeline
from parvis.publication.city import SYSTEM, open_city
from parvis.store import deposits


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("retry")
    def retry(
        ids: Annotated[
            list[str] | None,
            Argument(metavar="DÉPÔT", help="Identifiants des dépôts ; aucun : tous ceux qui sont en panne."),
        ] = None,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        opened = open_city(settings(city))
        with opened.db.read() as conn:
            stopped = ids or [d.id for d in deposits.in_states(conn, ("failed",))]
        begun = [pipeline.retry(opened, one, actor=SYSTEM).id for one in stopped]
        done = process(opened, begun)
        answer(done, as_json=as_json)
        return exit_code(done)
