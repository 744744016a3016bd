"""Query parameters of the Explore API: what each path knows; the rest is ignored, but told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

from parvis.core.errors import BadQuery, UsageError
from parvis.core.late import late
from parvis.exports import Options
from parvis.exports.declaration import WGS_84
from parvis.query.question import Ask

if TYPE_CHECKING:
    import pyproj
    from pyproj import exceptions as projections
else:
    pyproj = late("pyproj")
    projections = late("pyproj.exceptions")

ALWAYS = frozenset({"apikey", "apiKey", "access_token", "source", "utm_source"})
"""Who asks, not what."""
QUERY = frozenset(
    {
        "select",
        "where",
        "group_by",
        "order_by",
        "limit",
        "offset",
        "refine",
        "exclude",
        "lang",
        "timezone",
        "include_links",
        "include_app_metas",
    }
)
RECORD = frozenset({"select", "lang", "timezone", "include_links", "include_app_metas"})
FACETS = frozenset({"facet", "where", "refine", "exclude", "lang", "timezone"})
EXPORT = frozenset({
    "select", "where", "group_by", "order_by", "limit", "refine", "exclude", "lang", "timezone", "use_labels", "use_labels_for_header", "compressed", "epsg",
    "delimiter", "list_separator", "quote_all", "with_bom", "parquet_compression", "raw",
    "name_field", "description_field_list", "use_extension", "protect_formulas",
})  # fmt: skip

_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)


def unknown(params: QueryParams, known: frozenset[str]) -> list[str]:
    """Names that mean nothing here, in order."""
    return [name for name in dict.fromkeys(params) if name not in known and name not in ALWAYS]


def ask(params: QueryParams, *, whole: bool = False) -> Ask:
    """The clauses. Raises BadQuery for a limit or an offset that is no integer."""
    offset = 0 if whole else integer(params, "offset") or 0
    return replace(
        clauses(params),
        limit=integer(params, "limit"),
        offset=offset,
        refine=tuple(params.getlist("refine")),
        exclude=tuple(params.getlist("exclude")),
        timezone=params.get("timezone") or "UTC",
        lang=params.get("lang") or "fr",
        whole=whole,
    )


def clauses(params: QueryParams) -> Ask:
    """What is said in the language of questions, and nothing else."""
    select, groups, orders = (
        ",".join(p for p in params.getlist(name) if p.strip()) for name in ("select", "group_by", "order_by")
    )
    return Ask(select, tuple(params.getlist("where")), groups, orders)


def integer(params: QueryParams, name: str) -> int | None:
    """An integer parameter, None when absent or blank. Raises BadQuery."""
    text = params.get(name, "").strip()
    if not text:
        return None
    if not _INTEGER.fullmatch(text):
        raise BadQuery(
            f"Invalid value for {name} API parameter: {text[:40]} was found but an integer is expected.",
            code="InvalidRESTParameterError",
            clause=name,
        )
    return int(text)


def flag(params: QueryParams, name: str, default: bool) -> bool:
    """true or false. Raises BadQuery."""
    text = params.get(name, "").strip().lower()
    if not text:
        return default
    if text not in ("true", "false", "1", "0"):
        raise BadQuery(
            f"Invalid value for {name} API parameter: {text[:40]} was found but true or false is expected.",
            code="InvalidRESTParameterError",
            clause=name,
        )
    return text in ("true", "1")


def options(params: QueryParams, zone: str, title: str) -> Options:
    """How an export is wanted. Raises BadQuery."""
    compression = params.get("parquet_compression", "snappy").lower()
    if compression not in ("snappy", "zstd"):
        raise BadQuery(
            f"Invalid value for parquet_compression API parameter: {compression[:40]} was found but one of snappy, zstd is expected.",
            code="InvalidRESTParameterError",
            clause="parquet_compression",
        )
    delimiter = params.get("delimiter", ";") or ";"
    epsg = integer(params, "epsg")
    try:
        known = epsg is None or (system := pyproj.CRS.from_epsg(epsg)).is_projected or system.is_geographic
    except projections.CRSError:
        known = False
    if not known:
        message = f"Invalid value for epsg API parameter: {epsg} was found but a code of the EPSG register is expected."
        raise BadQuery(message, code="InvalidRESTParameterError", clause="epsg")
    try:
        return Options(
            zone,
            "\t" if delimiter in ("\\t", "tab") else delimiter,
            params.get("list_separator", ",") or ",",
            flag(params, "quote_all", False),
            flag(params, "with_bom", True),
            flag(params, "use_labels", False) or flag(params, "use_labels_for_header", False),
            flag(params, "raw", False),
            "zstd" if compression == "zstd" else "snappy",
            title,
            params.get("name_field", ""),
            tuple(
                name.strip() for name in params.get("description_field_list", "").split(",") if name.strip()
            ),
            flag(params, "use_extension", True),
            flag(params, "protect_formulas", False),
            WGS_84 if epsg is None else epsg,
        )
    except UsageError as wrong:
        raise BadQuery(
            f"Invalid value for delimiter API parameter: {delimiter[:10]} was found but one of ; , tab | is expected.",
            code="InvalidRESTParameterError",
            clause="delimiter",
        ) from wrong
