"""What a command is given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from parvis.cli.commands import Option
from parvis.core.errors import UsageError

AsJson = Annotated[bool, Option("--json", help="Un objet JSON sur la sortie standard.")]


def existing(file: Path) -> Path:
    """The path when a file is there. Raises UsageError otherwise."""
    if not file.is_file():
        raise UsageError(f"Fichier introuvable : {file}.")
    return file
