"""Which city a command speaks of, and opening it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from parvis.cli.commands import Option
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings, load
from parvis.core.text import slug
from parvis.core.types import Organisation

Folder = Annotated[
    Path,
    Option(
        "--city -C",
        help="Dossier de la ville (celui de parvis.toml).",
        envvar="PARVIS_FOLDER",
        shown="le dossier courant",
    ),
]
HERE = Path()


def town(of: Settings) -> Organisation:
    """The organisation that a city begins with: itself."""
    return Organisation(slug(of.city.name), of.city.name)


def settings(folder: Path) -> Settings:
    """Settings of the city in `folder`. Raises UsageError when there is no city there."""
    if not (folder / "parvis.toml").exists():
        raise UsageError(
            Sentence("Pas de ville dans {folder} : parvis.toml n’y est pas.", folder=folder.resolve()),
            mend="Créez-la avec « parvis init DOSSIER », ou donnez --city DOSSIER.",
        )
    env = {k: v for k, v in os.environ.items() if k != "PARVIS_FOLDER"}
    return load(folder, env)
