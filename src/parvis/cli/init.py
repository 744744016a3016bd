"""`parvis init DIR`: a city is a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from parvis.cli.arguments import AsJson
from parvis.cli.commands import Commands, Option
from parvis.cli.output import print_json, say
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import written


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("init")
    def init(
        directory: Path,
        name: Annotated[str, Option(help="Nom de la collectivité.")] = "Ma ville",
        as_json: AsJson = False,
    ) -> None:
        file = create(directory, name)
        if as_json:
            print_json({"ok": True, "folder": directory.resolve(), "settings": file.resolve()})
        say(
            f"Ville créée dans {directory}. Ensuite : parvis publish --city {directory} FICHIER, puis parvis serve --city {directory}"
        )


def create(directory: Path, name: str, values: dict[str, dict[str, str]] | None = None) -> Path:
    """Write `parvis.toml` with every setting, its help and its default. Raises UsageError when the city is
    already there: nothing is overwritten.
    """
    file = directory / "parvis.toml"
    if file.exists():
        raise UsageError(
            Sentence("{file} existe déjà : rien n’a été changé.", file=file),
            mend="Choisissez un autre dossier.",
        )
    (directory / "var").mkdir(parents=True, exist_ok=True)
    file.write_text(
        template({**(values or {}), "city": {"name": written(name)} | (values or {}).get("city", {})}),
        "utf-8",
    )
    return file


def template(values: dict[str, dict[str, str]]) -> str:
    """A commented `parvis.toml`; values: TOML text of the settings that are not left at their default, by
    section and name.
    """
    lines = [
        "# Réglages de la ville. Une ligne commentée montre la valeur par défaut ; PARVIS_SECTION_NOM dans l’environnement l’emporte."
    ]
    section = ""
    for setting in settings.declared():
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        value = values.get(section, {}).get(setting.name)
        lines += [
            f"# {setting.help}",
            f"{setting.name} = {value}"
            if value is not None
            else f"# {setting.name} = {written(setting.default)}",
        ]
    return "\n".join(lines) + "\n"
