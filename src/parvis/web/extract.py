"""The French sentences of the pages: what a translation must hold.

Tests compare them with each `.po`; `python -m parvis.web.extract` adds those that are new and drops those
that are gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from parvis.web.language import LOCALES

ROOT = Path(__file__).parent

KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "mark": None,
    "say": None,
    "count": (1, 2),
}
"""Functions whose first (and second) argument is a sentence."""


def messages() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """File, line and sentence (with its plural), from the templates and the modules of this room."""
    methods = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
    options = {
        "templates/**.html": {
            "trimmed": "true",
            "extensions": "jinja2.ext.i18n,jinja2.ext.do",
            "trim_blocks": "true",
            "lstrip_blocks": "true",
        }
    }
    for file, line, message, _, _ in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield str(file), line, message


def template() -> Catalog:
    """All sentences, in order, each once."""
    catalog = Catalog(project="Parvis", charset="utf-8")
    for file, line, message in messages():
        catalog.add(message, locations=[(file, line)])
    return catalog


def update(code: str) -> int:
    """Bring a language's file up to the pages; returns how many sentences it still lacks."""
    path = LOCALES / code / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        known = read_po(source, locale=code)
    known.update(template(), no_fuzzy_matching=True)
    known.obsolete.clear()
    with path.open("wb") as out:
        write_po(out, known, width=160, no_location=True, omit_header=False, sort_output=True)
    return sum(1 for m in known if m.id and not m.string)


if __name__ == "__main__":
    update("en")
