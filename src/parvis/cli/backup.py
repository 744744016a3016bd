"""`parvis backup OUT` and `parvis restore FROM`: a whole city in one file, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from parvis.administration import backup
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, say, show
from parvis.publication.city import open_city

INTO = Annotated[
    Path, Option("--city -C", help="Dossier, vide ou presque, où remettre la ville.", envvar="PARVIS_FOLDER")
]


def register(app: Commands) -> None:
    """Add the commands."""

    @app.declare("backup")
    def save(
        out: Annotated[Path, Argument(help="Fichier à écrire ; il ne doit pas exister.")],
        with_files: Annotated[
            bool,
            Option(
                "--with-files",
                help="Aussi les autres fichiers du dossier de la ville (bruts, notes), chiffrés.",
            ),
        ] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        copy = backup.backup(open_city(settings(city)), out, with_files=with_files)
        if as_json:
            print_json(copy)
        else:
            show(
                f"{out} : {copy.bytes / 1e6:.1f} Mo, {copy.files} fichiers de versions, {copy.sealed} fichiers chiffrés, jusqu’à l’événement {copy.seq}."
            )
            if copy.secrets:
                say(
                    f"N’y sont pas, car secrets : {', '.join(copy.secrets)}. Gardez-les ailleurs, il faudra les redonner."
                )
            if copy.beside and not with_files:
                say(
                    f"N’y sont pas : {len(copy.beside)} autres fichiers du dossier de la ville (--with-files les y met, chiffrés)."
                )
            say(
                "Gardez à part, hors de cette sauvegarde : var/key (la clé) et var/retraits.jsonl (la liste des retraits)."
            )

    @app.declare("restore")
    def restore(
        source: Annotated[Path, Argument(help="Fichier écrit par « parvis backup ».")],
        city: INTO,
        key: Annotated[Path | None, Option(help="Copie de var/key, la clé des fichiers retenus.")] = None,
        takedowns: Annotated[
            list[Path] | None,
            Option(help="Copie de la liste des retraits (var/retraits.jsonl) ; plusieurs fois au besoin."),
        ] = None,
        without_held: Annotated[
            bool, Option("--without-held", help="Renonce aux fichiers retenus, faute de clé.")
        ] = False,
        without_takedowns: Annotated[
            bool, Option("--without-takedowns", help="Rien n’a été retiré depuis cette sauvegarde.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        city.mkdir(parents=True, exist_ok=True)
        env = {k: v for k, v in os.environ.items() if k != "PARVIS_FOLDER"}
        done = backup.restore(
            source,
            city,
            env=env,
            key=key,
            lists=takedowns or [],
            without_held=without_held,
            without_list=without_takedowns,
        )
        if as_json:
            print_json(done)
        else:
            show(
                f"Ville du {done.backup.at:%d/%m/%Y %H:%M} remise dans {city}. Retraits rejoués : {len(done.replayed)}."
            )
            if done.ended:
                say(
                    f"Autres fins rejouées (partages, comptes, clés, rôles, abonnements) : {done.ended}. Ce qui a été redonné depuis est à redonner."
                )
            if done.again:
                say(f"À redonner, dans parvis.toml ou par l’environnement : {', '.join(done.again)}.")
            if done.lost:
                say(f"{done.lost} fichiers retenus ne peuvent plus être ouverts, faute de clé.")
