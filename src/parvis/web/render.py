"""Templates: one environment a language, strict about what is missing, with the filters that write values for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from parvis import __version__
from parvis.catalogue import vocabularies
from parvis.core.settings import Settings
from parvis.web import assets, words
from parvis.web.assets import Asset
from parvis.web.language import Language

TEMPLATES = Path(__file__).parent / "templates"


def environment(language: Language, settings: Settings, known: Mapping[str, Asset]) -> jinja2.Environment:
    """The templates as one language speaks them. A misspelt name in a template is an error, never an empty place."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], auto_reload=False,
    )  # fmt: skip
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_translations(language.words, newstyle=True)  # pyright: ignore[reportAttributeAccessIssue]

    def word(code: str, table: Mapping[str, str]) -> str:
        return language.say(table.get(code, code))

    def asset(name: str) -> str:
        return assets.address(known, name)

    def cell(value: object, kind: str = "text") -> Markup:
        return written(value, kind, language)

    def theme(code: str) -> str:
        said = vocabularies.THEMES.get(code)
        return code if said is None else said.fr if language.code == "fr" else said.en

    def access(code: str) -> str:
        said = vocabularies.ACCESS[code][1]
        return said.fr if language.code == "fr" else said.en

    filters: dict[str, Callable[..., object]] = {
        "number": language.number, "percent": language.percent, "day": language.day, "moment": language.moment, "bytes": language.bytes, "word": word,
        "say": language.say, "cell": cell, "paragraphs": paragraphs, "iso": _iso, "sentence": _sentence,
        "theme": theme, "access": access,
    }  # fmt: skip
    shared: dict[str, object] = {
        "asset": asset, "language": language, "city": settings.city, "words": words, "licences": vocabularies.LICENCES, "formats": vocabularies.FORMATS, "titles": words.TITLES,
        "version": __version__, "count": language.count,
        "has_logo": "city/logo.svg" in known, "has_theme": "city/theme.css" in known,
    }  # fmt: skip
    env.filters.update(filters)  # pyright: ignore[reportArgumentType, reportCallIssue]
    env.globals.update(shared)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return env


def written(value: object, kind: str, language: Language) -> Markup:
    """A value of a table as people read it. Empty cells say so to those who can't see them."""
    if value is None or value == "":
        return Markup('<span class="nothing"><span aria-hidden="true">–</span><span class="unseen">{}</span></span>').format(language.say("vide"))
    if isinstance(value, bool):
        return escape(language.say("oui") if value else language.say("non"))
    if kind == "year":
        return escape(value)
    if isinstance(value, int | float):
        return escape(language.number(value))
    if isinstance(value, datetime):
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), language.moment(value))
    if isinstance(value, date):
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), language.short_day(value))
    if isinstance(value, Mapping) and {"lon", "lat"} <= value.keys():
        return escape(f"{value['lat']:.5f}, {value['lon']:.5f}")
    if isinstance(value, str) and value.startswith(("https://", "http://")) and not any(c.isspace() for c in value):
        return Markup('<a href="{}" rel="nofollow noopener external">{}</a>').format(value, _short(value.split("://", 1)[1]))
    if isinstance(value, list | tuple):
        return Markup(", ").join(escape(v) for v in value)
    return escape(_short(str(value), 240))


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: a blank line parts them, a single one breaks the line."""
    parts = [p.strip() for p in text.replace("\r\n", "\n").split("\n\n") if p.strip()]
    return Markup("\n").join(Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in p.split("\n"))) for p in parts)


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _iso(value: date | datetime) -> str:
    return value.isoformat()


def _sentence(parts: Iterable[str]) -> str:
    """Words in a row, « a, b, c »."""
    return ", ".join(parts)
