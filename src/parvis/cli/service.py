"""`parvis service list|run NAME`: the public services of the city."""

from __future__ import annotations

from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands
from parvis.cli.output import print_json, show, table
from parvis.core.errors import NotFound
from parvis.core.sentence import Sentence
from parvis.publication.city import open_city
from parvis.store import datasets
from parvis.work import service_runs


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("service")

    @group.declare("list", "Les services, leur question, ce qu’ils lisent et ce qu’ils publient.")
    def list_services(as_json: AsJson = False) -> None:
        known = service_runs.declared()
        if as_json:
            print_json(
                {
                    "services": [
                        {
                            "name": s.name,
                            "group": s.group,
                            "title": s.title,
                            "question": s.question,
                            "inputs": {n: i.resource for n, i in s.reads.items()},
                            "outputs": [o.dataset.id for o in s.outputs.values()],
                        }
                        for s in known
                    ]
                }
            )
        else:
            table(
                "",
                ("nom", "question", "lit", "publie"),
                [
                    (
                        s.name,
                        s.question,
                        ", ".join(s.sources),
                        ", ".join(o.dataset.id for o in s.outputs.values()),
                    )
                    for s in known
                ],
            )

    @group.declare("run", "Recalcule un service à partir de ses entrées publiées.")
    def run_service(name: str, city: Folder = HERE, as_json: AsJson = False) -> None:
        if all(s.name != name for s in service_runs.declared()):
            raise NotFound(
                Sentence("Service inconnu : « {name} ».", name=name),
                mend="parvis service list les donne tous.",
            )
        opened = open_city(settings(city))
        with opened.db.read() as conn:
            service = next(s for s in service_runs.known(conn) if s.name == name)
            inputs = [(i, datasets.resource(conn, i.resource)) for i in service.reads.values()]
        for needed, resource in inputs:
            if resource is None and not needed.optional:
                raise NotFound(
                    Sentence("Entrée absente : « {resource} ».", resource=needed.resource),
                    mend="Publiez-la d’abord.",
                )
            if resource is not None and service.live:
                service_runs.derive(opened, resource)
        service_runs.recompute(opened, service, anew=True)
        if as_json:
            print_json(
                {"ok": True, "service": name, "outputs": [o.dataset.id for o in service.outputs.values()]}
            )
        else:
            show(f"{service.title} : à jour.")
