"""Write the reference pages from the declarations, or with --check fail when one is stale: `python -m scripts.docs [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import typer

from parvis import checks, exports, privacy, readers
from parvis.cli.app import app
from parvis.core import settings

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
HEAD = "<!-- Written by `make docs` from the declarations: change those, not this page. -->\n\n"


def settings_page() -> Iterator[str]:
    """Settings, by section."""
    yield "# Settings\n\nIn `parvis.toml`, one section each; the environment variable wins. A misspelt key is an error.\n"
    section = ""
    for each in settings.declared():
        if each.section != section:
            section = each.section
            yield f"\n## [{section}]\n\n| name | variable | type | default | meaning |\n|---|---|---|---|---|\n"
        shown = f"`{each.default}`" if each.default not in ("", ()) else "empty"
        yield f"| `{each.name}` | `{each.env}` | {each.kind} | {shown} | {each.help} |\n"


def commands_page() -> Iterator[str]:
    """Commands, with their arguments and options."""
    yield "# Commands\n\nExit codes: 0 done, 1 not valid, 2 not readable, 3 held or refused, 64 wrong usage, 70 our fault.\n"
    root = typer.main.get_command(app)
    for name, command in sorted(getattr(root, "commands", {}).items()):
        yield f"\n## parvis {name}\n\n{command.help}\n\n"
        for parameter in command.params:
            if getattr(parameter, "hidden", False):
                continue
            said = ", ".join(f"`{o}`" for o in parameter.opts) if parameter.param_type_name == "option" else f"`{parameter.name.upper()}`"
            yield f"- {said}: {getattr(parameter, 'help', None) or 'argument.'}\n"


def readers_page() -> Iterator[str]:
    """Readers."""
    yield "# Readers\n\nA file is recognised by its content, never by its name.\n\n| name | what it reads |\n|---|---|\n"
    yield from (f"| `{r.name}` | {r.title} |\n" for r in readers.declared().values())


def exports_page() -> Iterator[str]:
    """Exporters."""
    yield "# Exports\n\nWhole table, streamed, no silent cap.\n\n| name | title | media type |\n|---|---|---|\n"
    yield from (f"| `{e.name}` | {e.title} | `{e.media_type}` |\n" for e in exports.declared().values())


def checks_page() -> Iterator[str]:
    """Checks."""
    yield "# Checks\n\n| code | severity | dimension | what it says |\n|---|---|---|---|\n"
    yield from (f"| `{c.name}` | {c.severity} | {c.dimension} | {c.title} |\n" for c in checks.declared().values())


def detectors_page() -> Iterator[str]:
    """Detectors of personal data and secrets."""
    yield "# Detectors\n\nThe evidence is always masked.\n\n| name | what it finds |\n|---|---|\n"
    yield from (f"| `{d.name}` | {d.title} |\n" for d in privacy.declared().values())


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "settings": settings_page, "commands": commands_page, "readers": readers_page, "exports": exports_page, "checks": checks_page, "detectors": detectors_page,
}  # fmt: skip


def main(check: bool) -> int:
    """Write every page, or name those that are stale; returns the exit code."""
    stale: list[str] = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        path, text = FOLDER / f"{name}.md", HEAD + "".join(page())
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
            if not check:
                path.write_text(text, "utf-8")
    if check and stale:
        sys.stderr.write(f"stale reference pages: {', '.join(stale)}: run `make docs`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
