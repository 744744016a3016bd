"""Charts drawn to SVG: what Vega-Lite says, in the portal's dress, for a desk and for a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from parvis.core.dropping_cache import DroppingCache
from parvis.core.late import late
from parvis.core.text import printable
from parvis.core.types import Json
from parvis.services.answers import COLOUR, COLOUR_2, COLOUR_3

if TYPE_CHECKING:
    import vl_convert
else:
    vl_convert = late("vl_convert")

COLOUR_4, COLOUR_5, COLOUR_REST, PAPER = "#010206", "#010207", "#010208", "#010209"
"""Stand for further colours of the page's series, that of all other parts, and that of the paper between them."""

_COLOURS: Mapping[str, str] = {
    COLOUR: "serie",
    COLOUR_2: "serie2",
    COLOUR_3: "serie3",
    COLOUR_4: "serie4",
    COLOUR_5: "serie5",
    COLOUR_REST: "serie-rest",
    PAPER: "paper",
}
"""The colours that stand in what Vega draws for those of the page, and the classes that take their place."""


_NOISE = re.compile(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"')
"""What Vega says of each mark, in English: the picture has a name and a sentence of ours instead."""


_SVG: DroppingCache[str] = DroppingCache(256)
"""The charts drawn last, by their spec and language."""


_TWICE = re.compile(r'class="([\w-]+)"([^<>]*) class="([\w-]+)"')
"""A mark whose filling and edge are both colours of the page."""


def _drawn(text: str, french: bool) -> str:
    """A pure function of the spec, and slow the first time: remembered."""
    number, time = ("fr-FR", "fr-FR") if french else ("en-GB", "en-GB")
    return _SVG.of(
        (text, french),
        lambda: vl_convert.vegalite_to_svg(
            text, allowed_base_urls=[], format_locale=number, time_format_locale=time
        ),
    )


def drop() -> None:
    """Forget the charts that were drawn: something was taken down."""
    _SVG.drop()


def dressed(said: Mapping[str, Json]) -> dict[str, Json]:
    """A chart of a service with what all charts of the portal share: no ground of its own, axes in the colour
    of the text, the portal's type.
    """
    quiet: dict[str, Json] = {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
        "gridColor": "currentColor",
        "gridOpacity": 0.15,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelSeparation": 6,
    }
    legend: dict[str, Json] = {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "top",
        "columns": 2,
        "columnPadding": 48,
        "labelLimit": 260,
    }
    whole: dict[str, Json] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 560,
        "height": 240,
        "view": {"stroke": None},
    }
    ours: dict[str, Json] = {
        "background": None,
        "config": {"aria": False, "font": "sans-serif", "axis": quiet, "legend": legend},
    }
    return {**whole, **said, **ours}


NARROW = 340
"""Pixels that a chart may take on a phone: a screen of 390 less its margins."""


def narrowed(said: Mapping[str, Json]) -> dict[str, Json]:
    """The same chart drawn for a phone, not shrunk to it: its letters stay as large as those of the text. A single
    panel is fitted, labels included; several are made as wide as leaves room for theirs.
    """
    config = said.get("config")
    axis = {"labelLimit": 130, "labelOverlap": True, "titleLimit": 240}
    legend = {"columns": 1, "labelLimit": 260, "orient": "top"}
    whole: dict[str, Json] = dict(config) if isinstance(config, dict) else {}
    for name, more in (("axis", axis), ("legend", legend)):
        had = whole.get(name)
        whole[name] = {**(had if isinstance(had, dict) else {}), **more}
    encoding = said.get("encoding")
    if isinstance(encoding, dict):
        encoding = {name: _fitted(name, one) for name, one in encoding.items()}
    panels = isinstance(encoding, dict) and any(n in encoding for n in ("row", "column", "facet"))
    size: dict[str, Json] = (
        {"width": NARROW - 110}
        if panels
        else {"width": NARROW, "autosize": {"type": "fit-x", "contains": "padding"}}
    )
    return {**said, **({"encoding": encoding} if encoding else {}), **size, "config": whole}


def _fitted(name: str, channel: Json) -> Json:
    """The horizontal axis of a number with as many labels as a phone has room for, the vertical one of categories with
    names that leave room for what is drawn.
    """
    axis = channel.get("axis") if isinstance(channel, dict) else None
    if not isinstance(channel, dict) or not isinstance(axis, dict):
        return channel
    if name == "x" and channel.get("type") == "quantitative":
        return {**channel, "axis": {**axis, "tickCount": 3}}
    if name == "y" and channel.get("type") == "nominal":
        return {**channel, "axis": {**axis, "labelLimit": 150}}
    return channel


def _writable(said: Json) -> Json:
    """The same with every text as XML can write it."""
    if isinstance(said, str):
        return printable(said)
    if isinstance(said, list):
        return [_writable(one) for one in said]
    return {printable(name): _writable(one) for name, one in said.items()} if isinstance(said, dict) else said


def svg(said: Mapping[str, Json], *, french: bool, labelled: str) -> str:
    """The chart as SVG that can stand in the page: named by the elements of these ids, coloured by the page's
    style.

    Its texts lose what no SVG can hold: vl-convert ends the whole process on a control character (M: 1.9.0,
    `text.rs` panics across the language border).
    """
    drawn = _drawn(orjson.dumps(_writable(dict(said)), option=orjson.OPT_SORT_KEYS).decode(), french)
    head, rest = drawn.split(">", 1)
    rest = _NOISE.sub("", rest)
    for colour, name in _COLOURS.items():
        rest = rest.replace(f'fill="{colour}"', f'class="{name}-fill"').replace(
            f'stroke="{colour}"', f'class="{name}-line"'
        )
    rest = _TWICE.sub(r'class="\1 \3"\2', rest)
    box = head[head.index("viewBox=") :]
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{labelled}" {box}>{rest}'
