"""`parvis service list|run NAME`: the public services of the city."""

from __future__ import annotations

import typer

from parvis import live, pipeline
from parvis.cli.city import HERE, AsJson, Folder, settings
from parvis.cli.out import print_json, show, table
from parvis.core.errors import NotFound
from parvis.store import datasets


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Services publics bâtis sur les données.")
    app.add_typer(group, name="service")

    @group.command("list", help="Les services, leur question, ce qu’ils lisent et ce qu’ils publient.")
    def list_services(as_json: AsJson = False) -> None:
        known = live.declared()
        if as_json:
            print_json(
                {
                    "services": [
                        {"name": s.name, "title": s.title, "question": s.question, "inputs": s.inputs, "outputs": [o.dataset.id for o in s.outputs.values()]}
                        for s in known
                    ]
                }
            )
        else:
            table(
                "",
                ("nom", "question", "lit", "publie"),
                [(s.name, s.question, ", ".join(s.inputs.values()), ", ".join(o.dataset.id for o in s.outputs.values())) for s in known],
            )

    @group.command("run", help="Recalcule un service à partir de ses entrées publiées.")
    def run_service(name: str, city: Folder = HERE, as_json: AsJson = False) -> None:
        service = next((s for s in live.declared() if s.name == name), None)
        if service is None:
            raise NotFound(f"Service inconnu : « {name} ».", mend="parvis service list les donne tous.")
        opened = pipeline.open_city(settings(city))
        for identity in service.inputs.values():
            with opened.db.read() as conn:
                resource = datasets.resource(conn, identity)
            if resource is None:
                raise NotFound(f"Entrée absente : « {identity} ».", mend="Publiez-la d’abord.")
            live.derive(opened, resource)
        live.recompute(opened, service, anew=True)
        if as_json:
            print_json({"ok": True, "service": name, "outputs": [o.dataset.id for o in service.outputs.values()]})
        else:
            show(f"{service.title} : à jour.")
