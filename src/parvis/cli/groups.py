"""`parvis groups add|list|enrol|remove|close`: the groups that a table may be shared with."""

from __future__ import annotations

from typing import Annotated

from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, show, table
from parvis.core.errors import NotFound
from parvis.core.sentence import Sentence
from parvis.core.text import slug
from parvis.people import accounts
from parvis.people import groups as circles
from parvis.privacy import audiences
from parvis.publication.city import SYSTEM, open_city
from parvis.store import datasets, groups

Named = Annotated[str, Argument(metavar="GROUPE", help="Identifiant du groupe.")]


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("groups")

    @group.declare("add", "Crée un groupe, tenu par une organisation.")
    def add(
        name: Annotated[str, Argument(help="Nom du groupe.")],
        organisation: Annotated[str, Option(help="Organisation qui tient la liste.")],
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        with opened.db.begin() as conn:
            if datasets.organisation(conn, organisation) is None:
                raise NotFound(
                    Sentence("Organisation inconnue : « {organisation} ».", organisation=organisation),
                    mend=Sentence(
                        "Organisations : {list}.",
                        list=", ".join(o.id for o in datasets.organisations(conn)),
                    ),
                )
            wanted = slug(name)
            circle = circles.make(
                conn,
                f"{wanted}-groupe" if wanted in audiences.RESERVED else wanted,
                name,
                organisation,
                actor=SYSTEM,
                at=opened.now(),
            )
        if as_json:
            print_json({"ok": True, "id": circle.id})
        else:
            show(f"Groupe {circle.id} créé. Inscrivez-y quelqu’un : parvis groups enrol {circle.id} ADRESSE.")

    @group.declare("list", "Les groupes, leurs membres et ce qui leur est partagé.")
    def list_groups(city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        with opened.db.read() as conn:
            today = opened.now().date()
            known = [
                (g, groups.members(conn, g.id), audiences.shared_with(conn, g, on=today))
                for g in groups.all_groups(conn)
            ]
            names = accounts.labels(conn, [m.person for _, of, _ in known for m in of])
        if as_json:
            print_json(
                {
                    "groups": [
                        {
                            "id": g.id,
                            "name": g.name,
                            "organisation": g.organisation,
                            "members": [m.person for m in of],
                            "shares": [s.row.id for s in given],
                        }
                        for g, of, given in known
                    ]
                }
            )
        else:
            table(
                "",
                ("groupe", "nom", "tenu par", "membres", "partages"),
                [
                    (
                        g.id,
                        g.name,
                        g.organisation,
                        ", ".join(names[m.person] or m.person for m in of),
                        str(len(given)),
                    )
                    for g, of, given in known
                ],
            )

    @group.declare("enrol", "Inscrit un compte dans un groupe : il lit ce qui lui est partagé.")
    def enrol(
        name: Named,
        email: Annotated[str, Argument(help="Adresse de courriel du compte.")],
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        with opened.db.begin() as conn:
            who = circles.enrol(conn, name, email, actor=SYSTEM, at=opened.now())
        _done(f"{who.id} est du groupe {name}.", as_json=as_json)

    @group.declare("remove", "Retire un compte d’un groupe : il n’en lit plus rien.")
    def remove(
        name: Named,
        email: Annotated[str, Argument(help="Adresse de courriel du compte.")],
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        with opened.db.begin() as conn:
            wanted = accounts.folded(email)
            who = next((p for p in accounts.everybody(conn) if p.email == wanted), None)
            circles.remove(conn, name, who.id if who else "", actor=SYSTEM, at=opened.now())
        _done(f"Retiré du groupe {name}.", as_json=as_json)

    @group.declare("close", "Ferme un groupe : plus personne ne lit par lui.")
    def close(name: Named, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        with opened.db.begin() as conn:
            circles.close(conn, name, actor=SYSTEM, at=opened.now())
        _done(f"Groupe {name} fermé.", as_json=as_json)


def _done(sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True})
    else:
        show(sentence)
