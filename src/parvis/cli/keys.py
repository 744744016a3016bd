"""`parvis keys rotate | reseal | forget`: another key for what is held."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from parvis.administration import keys
from parvis.administration.keys import Resealed
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands, Option
from parvis.cli.output import print_json, show


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("keys")

    @group.declare(
        "rotate",
        "Tire une autre clé et scelle avec elle ce qui est retenu ; portail arrêté. L’ancienne ouvre encore, sauvegardes comprises, jusqu’à « forget ».",
    )
    def rotate(
        to: Annotated[
            Path | None,
            Option(
                "--to",
                help="Écrire la clé suivante dans ce fichier, sans rien sceller : pour une ville dont la clé est dans storage.key.",
            ),
        ] = None,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        config = settings(city)
        if to is not None:
            keys.draw(config, to)
            if as_json:
                print_json({"ok": True, "objects": 0, "takedowns": False})
            else:
                show(
                    f"Clé suivante écrite dans {to}. Mettez-la dans storage.key de chaque machine, puis : parvis keys reseal."
                )
            return
        _print(keys.rotate(config), as_json=as_json)

    @group.declare(
        "reseal", "Scelle avec la clé d’aujourd’hui ce qui l’est encore avec une d’avant ; portail arrêté."
    )
    def reseal(city: Folder = HERE, as_json: AsJson = False) -> None:
        _print(keys.reseal(settings(city)), as_json=as_json)

    @group.declare(
        "forget",
        "Ôte les clés d’avant : les sauvegardes faites sous elles ne s’ouvrent plus qu’avec une copie d’avant de var/key.",
    )
    def forget(city: Folder = HERE, as_json: AsJson = False) -> None:
        gone = keys.forget(settings(city))
        if as_json:
            print_json({"ok": True, "forgotten": gone})
        else:
            show(f"Clés d’avant ôtées : {gone}. Copiez var/key en lieu sûr.")


def _print(done: Resealed, *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "objects": done.objects, "takedowns": done.takedowns})
        return
    show(
        f"Fichiers scellés sous la clé d’aujourd’hui : {done.objects}. Copiez var/key en lieu sûr ; l’ancienne ouvre encore."
    )
