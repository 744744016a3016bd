"""What a command is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from parvis.cli.commands import Option
from parvis.core.errors import UsageError
from parvis.core.sentence import FRENCH, IN_FRENCH, Sentence, Speaker
from parvis.core.suggestions import near

if TYPE_CHECKING:
    from parvis.core.reading import Reading  # it stands on more than a command that reads nothing needs

AsJson = Annotated[bool, Option("--json", help="Un objet JSON sur la sortie standard.")]


def chosen(reading: Reading, sheet: str) -> Reading:
    """What was read, when the sheet asked for could be chosen in it. Raises UsageError for a file of one
    table without a name: nothing was chosen there.
    """
    if sheet and [t.name for t in reading.tables] == [""]:
        raise UsageError("Ce fichier n’a ni feuille, ni couche, ni membre à choisir.", mend="Ôtez --sheet.")
    return reading


def existing(file: Path) -> Path:
    """The path when a file is there. Raises UsageError otherwise, with the file beside it that was perhaps
    meant.
    """
    if not file.is_file():
        beside = [f.name for f in file.parent.iterdir() if f.is_file()] if file.parent.is_dir() else []
        raise UsageError(
            Sentence("Fichier introuvable : {file}.", file=file),
            mend=near(file.name, beside, Sentence("Vérifiez le nom et le dossier.")),
        )
    return file


def translations() -> tuple[Path, ...]:
    """Where a command finds translations beside those that are installed: the folder that the setting
    `city.translations` names, or `langues` where the command is given.
    """
    return (Path(os.environ.get("PARVIS_CITY_TRANSLATIONS", "langues")).resolve(),)


def speaker(lang: str) -> Speaker:
    """The language of `--lang`. Raises UsageError for one that no translation is of."""
    if lang == FRENCH:
        return IN_FRENCH
    from parvis.core.language import languages  # Babel: who speaks French does without

    known = languages("Europe/Paris", translations())
    if lang not in known:
        raise UsageError(
            Sentence("Langue inconnue : « {lang} ».", lang=lang),
            mend=Sentence("Langues : {list}.", list=", ".join(known)),
        )
    return known[lang]
