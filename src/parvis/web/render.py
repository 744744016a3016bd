"""Templates: one environment a language, strict about what is missing, with the filters that write values for
people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import CodeType
from urllib.parse import urlencode

import jinja2
import orjson
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from parvis import __version__
from parvis.catalogue import vocabularies
from parvis.checks.codes import Words, tell
from parvis.columns import number_use
from parvis.core.language import Language
from parvis.core.settings import Settings
from parvis.core.types import Column, Finding, Json
from parvis.web import assets, chart, chart_words, map_values, words
from parvis.web.assets import Asset
from parvis.web.chart_choice import PARAMETERS
from parvis.web.chart_figures import ChartView
from parvis.web.map_values import Valued
from parvis.web.page import Visit
from parvis.web.table import Filter
from parvis.web.views.answering import marked
from parvis.web.views.cards import opening
from parvis.web.views.dataset import figure, picture
from parvis.web.views.desk import rooms
from parvis.web.views.embed import code as frame_code
from parvis.web.views.embed import map_picture
from parvis.web.views.quality import KINDS, ONLY, SORTS, DatasetQualityPage
from parvis.web.views.quality import drawn as trend_drawn
from parvis.web.views.search import FacetValue
from parvis.web.views.services import picture_of

TEMPLATES = Path(__file__).parent / "templates"


class Compiled(jinja2.BytecodeCache):
    """Templates compiled once a process, for all languages and all cities that it opens: what a template is
    compiled to depends on its text alone.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = Compiled()


def environment(language: Language, settings: Settings, known: Mapping[str, Asset]) -> jinja2.Environment:
    """The templates as one language speaks them. A misspelt name in a template is an error, never an empty
    place.
    """
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    env.policies["ext.i18n.trimmed"] = True
    # `{% trans %}` calls gettext and ngettext: its text is ours and may hold markup, and what it names goes
    # in escaped. `_` gives a plain text, which is escaped where it is shown: with Jinja's own `_`, whatever
    # it is handed becomes markup and a format.
    env.install_gettext_translations(language.words, newstyle=True)  # pyright: ignore[reportAttributeAccessIssue]

    def sentence(message: str, /) -> str:
        return language.say(message)

    def chart_of(visit: Visit, view: ChartView, *, narrow: bool = False) -> Markup:
        return Markup(figure(visit, view, narrow=narrow))

    def trend_of(visit: Visit, page: DatasetQualityPage) -> Markup:
        return Markup(trend_drawn(visit, page))

    def word(code: str, table: Mapping[str, str]) -> str:
        return language.say(table.get(code, code))

    def asset(name: str) -> str:
        return assets.address(known, name)

    def cell(value: object, kind: str = "text", unit: str = "", meaning: str = "") -> Markup:
        if meaning == "telephone" and isinstance(value, str):
            return called(value)
        if unit == "€" and isinstance(value, float):  # whole euros, but where cents are much of it
            return escape(language.number(round(value)) if abs(value) >= 100 else language.amount(value))
        return written(value, kind, language)

    def theme(code: str) -> str:
        said = vocabularies.THEMES.get(code)
        return code if said is None else language.either(said.fr, said.en)

    def access(code: str) -> str:
        said = vocabularies.ACCESS[code][1]
        return language.either(said.fr, said.en)

    def facet_label(name: str, one: FacetValue) -> str:
        if name == "theme":
            return theme(one.value)
        if name == "freshness":
            return word(one.value, words.FRESHNESS)
        return one.label

    def profiled(text: str, kind: str) -> str:
        return profile_text(text, kind, language)

    def told(finding: Finding) -> Words:
        return tell(finding, language)

    def answer_chart(spec: Mapping[str, Json], labelled: str, *, narrow: bool = False) -> Markup:
        whole = chart.narrowed(chart.dressed(spec)) if narrow else chart.dressed(spec)
        return Markup(chart.svg(whole, french=language.code == "fr", labelled=labelled))

    def kinds_of(shown: Valued) -> list[str]:
        """The categories of a map as its objects say them."""
        names = [c.value or "" for c in shown.classes]
        return [language.say(n) for n in names] if shown.column.type == "boolean" else names

    filters: dict[str, Callable[..., object]] = {
        "number": language.number,
        "percent": language.percent,
        "day": language.day,
        "moment": language.moment,
        "bytes": language.bytes,
        "word": word,
        "say": language.say,
        "cell": cell,
        "kind": kind_of,
        "paragraphs": paragraphs,
        "bound": lambda text: ": " if text == COLON and language.code != "fr" else bound(text),
        "called": called,
        "told": told,
        "iso": _iso,
        "sentence": _sentence,
        "theme": theme,
        "access": access,
        "json_text": json_text,
        "address": address,
        "profiled": profiled,
        "opening": opening,
    }
    shared: dict[str, object] = {
        "_": sentence,
        "asset": asset,
        "language": language,
        "city": settings.city,
        "words": words,
        "licences": vocabularies.LICENCES,
        "formats": vocabularies.FORMATS,
        "titles": words.TITLES,
        "version": __version__,
        "count": language.count,
        "facet_label": facet_label,
        "near_pages": near_pages,
        "figure": chart_of,
        "chart_words": chart_words,
        "chart_parameters": PARAMETERS,
        "picture": picture,
        "map_picture": map_picture,
        "dot_sizes": map_values.sizes,
        "map_mark": map_mark,
        "kinds_of": kinds_of,
        "frame_code": frame_code,
        "picture_of": picture_of,
        "marked": marked,
        "answer_chart": answer_chart,
        "desk_rooms": rooms,
        "quality_trend": trend_of,
        "quality_kinds": KINDS,
        "quality_only": ONLY,
        "quality_sorts": SORTS,
        "without_filter": without_filter,
        "column_title": column_title,
        "logo": next((n for n in ("city/logo.svg", "city/logo.png") if n in known), ""),
        "has_theme": "city/theme.css" in known,
    }
    env.filters.update(filters)  # pyright: ignore[reportArgumentType, reportCallIssue]
    env.globals.update(shared)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return env


def map_mark(index: int) -> str:
    """The mark of a category in a legend."""
    return map_values.MARKS[index].format(x=12, y=12)


NAMING = "naming"
"""The kind of a whole number that is no amount."""


def kind_of(column: Column) -> str:
    """How the values of a column are written: as its type, or as numbers that name something."""
    return NAMING if column.type == "integer" and number_use.names(column) else column.type


def written(value: object, kind: str, language: Language) -> Markup:
    """A value of a table as people read it. Empty cells say so to those who can't see them."""
    if value is None or value == "":
        return Markup(
            '<span class="nothing"><span aria-hidden="true">–</span><span class="unseen">{}</span></span>'
        ).format(language.say("vide"))
    if isinstance(value, bool):
        return escape(language.say("oui") if value else language.say("non"))
    if kind in ("year", NAMING):
        return escape(value)
    if isinstance(value, int | float):
        return escape(language.number(value))
    if isinstance(value, datetime):
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), language.moment(value))
    if isinstance(value, date):
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), language.short_day(value))
    if isinstance(value, Mapping) and {"lon", "lat"} <= value.keys():
        return escape(f"{value['lat']:.5f}, {value['lon']:.5f}")
    if (
        isinstance(value, str)
        and value.startswith(("https://", "http://"))
        and not any(c.isspace() for c in value)
    ):
        return Markup('<a href="{}" rel="nofollow noopener external">{}</a>').format(
            value, _short(value.split("://", 1)[1])
        )
    if isinstance(value, list | tuple):
        return Markup(", ").join(escape(v) for v in value)
    return escape(_short(str(value), 240))


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: a blank line parts them, a single one breaks the line."""
    parts = [p.strip() for p in bound(text.replace("\r\n", "\n")).split("\n\n") if p.strip()]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in p.split("\n"))) for p in parts
    )


def profile_text(text: str, kind: str, language: Language) -> str:
    """A value of a profile, which is text, written for people. What can't be read as its type (a mask, say)
    stays as it is.
    """
    try:
        if kind in ("integer", "number"):
            return language.number(float(text), 2)
        if kind == "date":
            return language.short_day(date.fromisoformat(text[:10]))
        if kind == "datetime":
            return language.moment(datetime.fromisoformat(text))
        if kind == "boolean":
            return language.say("oui") if text.lower() == "true" else language.say("non")
    except ValueError:
        return text
    return _short(text)


def column_title(columns: Sequence[Column], name: str) -> str:
    """What people call a column."""
    return next((c.title or c.name for c in columns if c.name == name), name)


def without_filter(visit: Visit, filters: Sequence[Filter], one: Filter) -> str:
    """This page without one of its filters, whichever way the address said it."""
    kept = [("f", str(f)) for f in filters if f != one]
    said = [(k, v) for k, v in visit.query.multi_items() if v and k not in ("f", "col", "op", "val", "lot")]
    query = urlencode([*said, *kept])
    return visit.language.prefix + visit.path + (f"?{query}" if query else "") + "#table"


def near_pages(now: int, last: int) -> list[int]:
    """First, last, and those beside the present page.

    >>> near_pages(5, 9)
    [1, 4, 5, 6, 9]
    """
    return sorted({n for n in (1, now - 1, now, now + 1, last) if 1 <= n <= last})


COLON = " : "
"""Between a title and what it is of, as French writes it."""


def bound(text: str) -> str:
    """The same text with the spaces that French never breaks made unbreakable: inside « », before ; : ! ? and %.

    >>> bound("« a » : b ?").replace(chr(0xa0), "_").replace(chr(0x202f), "-")
    '«_a_»_: b-?'
    """
    return re.sub(r" (?=[;!?])", "\u202f", re.sub(r"(?<=«) | (?=[»:%])", "\u00a0", text))


_PHONE = re.compile(
    r"(?<![\d.,])(?:0[1-9](?:[ .\u00a0]?\d\d){4}|\+33[ .\u00a0]?[1-9](?:[ .\u00a0]?\d\d){4}|3237|116 ?117)(?![\d.,]\d|\d)"
)
"""A French telephone number, or one of the short ones that our services name."""


def called(text: str) -> Markup:
    """A text whose telephone numbers can be touched to call them.

    >>> called("Appelez le 0467000000.")
    Markup('Appelez le <a class="phone" href="tel:0467000000">04\xa067\xa000\xa000\xa000</a>.')
    """
    made, last = Markup(""), 0
    whole = bound(text)
    for found in _PHONE.finditer(whole):
        digits = re.sub(r"[^+\d]", "", found[0])
        shown = re.sub(r"(?<=\d)(?=(?:\d\d)+$)", "\u00a0", digits) if len(digits) > 4 else digits
        made += escape(whole[last : found.start()]) + Markup('<a class="phone" href="tel:{}">{}</a>').format(
            digits, shown
        )
        last = found.end()
    return made + escape(whole[last:])


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def address(value: object) -> str:
    """An address that a link may lead to: of the web, or of this portal; "" for any other (`javascript:`, say), and for none.

    >>> address("https://a.example/x"), address("/services/air"), address("javascript:alert(1)"), address("//a.example")
    ('https://a.example/x', '/services/air', '', '')
    """
    text = value.strip() if isinstance(value, str) else ""
    ours = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if ours or re.match("https?://[^/]", text, re.IGNORECASE) else ""


def json_text(value: object) -> str:
    """A value as JSON, for a hidden field."""
    return orjson.dumps(value).decode()


def _iso(value: date | datetime) -> str:
    return value.isoformat()


def _sentence(parts: Iterable[str]) -> str:
    """Words in a row, « a, b, c »."""
    return ", ".join(parts)
