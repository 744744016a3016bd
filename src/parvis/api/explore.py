"""The Explore API, version 2.1: the catalogue and the records of its tables, in ODSQL.

Every path answers with and without a trailing slash, to GET, HEAD and OPTIONS, whatever it says it accepts.
Records are those of one table: a dataset of one table bears its name; the further tables of a dataset are
`<dataset>--<name>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

import orjson
from sqlalchemy import Connection
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import exports
from parvis.api import answers, catalogue, describe, parameters, ranges
from parvis.api.response_cache import ResponseCache, ServedTable, cache_of
from parvis.catalogue.links import EXPLORE
from parvis.core import formulas, origin
from parvis.core.errors import BadQuery, Gone, NotFound
from parvis.core.released import Public
from parvis.core.types import ColumnProfile, Json
from parvis.engine.read import Engine, read
from parvis.engine.render import queryable, shown_columns
from parvis.exports import Exporter
from parvis.exports.declaration import WGS_84, Chunks
from parvis.query import facets as counting
from parvis.query.facets import FacetValue
from parvis.query.plans import Page
from parvis.query.question import Ask
from parvis.query.rows import json_rows
from parvis.query.statement import records, scope_of, steady
from parvis.store import journal, listing, versions

CATALOGUE_FORMATS = ("csv", "json")
DCAT_FORMATS = {"ttl": "ttl", "rdf": "rdf", "dcat": "rdf", "jsonld": "jsonld"}
"""Catalogue exports that the portal answers elsewhere: our extension of each."""


Endpoint = Callable[[Request], Response]


# one table


def _question(request: Request, cache: ResponseCache, served_table: ServedTable) -> str | None:
    """The ETag of an answer: version, address with the portal's name (answers hold links) and question. None
    when it depends on the moment: `now()`.
    """
    query = request.url.query
    if not steady(parameters.clauses(request.query_params)):
        return None
    return answers.tag(
        served_table.state,
        origin.base_of(cache.context.settings.serve, request.scope),
        request.url.path.rstrip("/"),
        query,
    )


def _remembered(
    request: Request,
    cache: ResponseCache,
    served_table: ServedTable,
    known: frozenset[str],
    make: Callable[[], bytes],
) -> Response:
    """The answer to a question on a version: the one the caller holds, the one made before, or a new one."""
    etag = _question(request, cache, served_table)
    headers = answers.headers(etag, served_table.item.at, parameters.unknown(request.query_params, known))
    if etag is None:
        return answers.body(request, make(), headers)
    if answers.fresh(request, etag):
        return answers.unchanged(headers)
    content = cache.remembered(etag)
    if content is None:
        content = make()
        cache.keep(etag, content, served_table.begun)
    return answers.body(request, content, headers)


def table_records(request: Request) -> Response:
    """…/datasets/{id}/records: rows that match, grouped or not, in pages, with their exact number."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])
    return _remembered(
        request, cache, served_table, parameters.QUERY, lambda: _records(request, cache, served_table)
    )


def _records(request: Request, cache: ResponseCache, served_table: ServedTable) -> bytes:
    ask = parameters.ask(request.query_params)
    context = cache.context
    page = cache.plans.page(
        served_table.released,
        ask,
        now=context.now(),
        dataset=served_table.item.table,
        modified=served_table.item.at,
    )
    rows = _texts(context.engine, page.rows, page.given) if page.limit else []
    total = _total(context.engine, page, ask, len(rows), served_table.item.rows)
    links = (
        _page_links(_public(request, cache), ask, page.limit, total)
        if parameters.flag(request.query_params, "include_links", False)
        else b""
    )
    return b"".join(
        (b'{"total_count":', str(total).encode(), links, b',"results":[', ",".join(rows).encode(), b"]}")
    )


def _texts(engine: Engine, released: Public, given: Sequence[object] = ()) -> list[str]:
    with read(engine, released, given) as result:
        return [str(v) for v in result.values()]


def _total(engine: Engine, page: Page, ask: Ask, seen: int, rows: int) -> int:
    """How many match, by the cheapest way that is exact: known of the version, told by a page that is not
    full, or counted.
    """
    if not page.filtered:
        return rows
    if not page.repeated and page.limit and seen < page.limit and (seen or not ask.offset):
        return ask.offset + seen
    with read(engine, page.count, page.given[: page.counted]) as result:
        counted = result.scalar()
    return counted if isinstance(counted, int) else 0


def _public(request: Request, cache: ResponseCache) -> URL:
    """The address that was asked for, as the outside knows it: behind a proxy the request tells an inner one."""
    return URL(
        f"{origin.base_of(cache.context.settings.serve, request.scope)}{request.url.path}?{request.url.query}"
    )


def _page_links(url: URL, ask: Ask, limit: int, total: int) -> bytes:
    """self, first, next, prev, last: where the other pages are."""
    size = max(limit, 1)
    places = {"self": ask.offset, "first": 0, "last": max(0, (total - 1) // size * size)}
    if ask.offset + size < total:
        places["next"] = ask.offset + size
    if ask.offset:
        places["prev"] = max(0, ask.offset - size)
    links = [
        {"rel": rel, "href": str(url.include_query_params(offset=place, limit=size))}
        for rel, place in places.items()
    ]
    return b',"links":' + orjson.dumps(links)


def record(request: Request) -> Response:
    """…/datasets/{id}/records/{rid}: one record, by its place in the version, from 1."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])
    rid = request.path_params["rid"]

    def make() -> bytes:
        lines: list[str] = []
        if rid.isascii() and rid.isdigit() and len(rid) < 16:
            ask = replace(
                parameters.ask(request.query_params),
                limit=1,
                offset=0,
                where=(),
                refine=(),
                exclude=(),
                group_by="",
                order_by="",
            )
            context = cache.context
            answer = records(
                served_table.released,
                ask,
                now=context.now(),
                dataset=served_table.item.table,
                modified=served_table.item.at,
                only=int(rid),
            )
            lines = _texts(context.engine, json_rows(answer.rows, ask.timezone))
        if not lines:
            raise NotFound(f"The requested record {rid[:100]} does not exist.")
        return lines[0].encode()

    return _remembered(request, cache, served_table, parameters.RECORD, make)


def table_facets(request: Request) -> Response:
    """…/datasets/{id}/facets: how many records each value of a field has."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])

    def make() -> bytes:
        ask = parameters.ask(request.query_params)
        context = cache.context
        default = describe.facets(queryable(served_table.released.schema), _profile(cache, served_table))
        facets = counting.facets(
            served_table.released,
            ask,
            request.query_params.getlist("facet"),
            now=context.now(),
            default=default,
        )
        counts = [(one, _counts(context.engine, one.counts)) for one in facets]
        documents: list[Json] = [
            {"name": name, "facets": [_value(v) for v in values]}
            for name, values in counting.assembled(counts).items()
        ]
        return orjson.dumps({"links": [], "facets": documents})

    return _remembered(request, cache, served_table, parameters.FACETS, make)


def _counts(engine: Engine, released: Public) -> list[tuple[str, int]]:
    with read(engine, released) as result:
        return [(str(row["value"]), n) for row in result.rows() if isinstance(n := row["count"], int)]


def _value(one: FacetValue) -> Json:
    document: dict[str, Json] = {"name": one.name, "count": one.count, "value": one.value, "state": one.state}
    if one.state == "excluded":
        del document["count"]
    if one.children:
        document["facets"] = [_value(c) for c in one.children]
    return document


def _profile(cache: ResponseCache, served_table: ServedTable) -> tuple[ColumnProfile, ...]:
    with cache.context.db.read() as conn:
        version = versions.version(conn, served_table.item.version)
    return version.report.profile if version is not None else ()


def table(request: Request) -> Response:
    """…/datasets/{id}: the dataset and its fields."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])
    return _remembered(
        request,
        cache,
        served_table,
        parameters.RECORD,
        lambda: orjson.dumps(describe.dataset(served_table, _profile(cache, served_table))),
    )


def attachments(request: Request) -> Response:
    """…/datasets/{id}/attachments: none."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])
    return _remembered(
        request, cache, served_table, frozenset(), lambda: orjson.dumps({"links": [], "attachments": []})
    )


def removed(request: Request) -> Response:
    """Paths of older versions that 2.1 took away."""
    raise Gone("This endpoint was removed in version 2.1: use records with group_by.")


# exports of a table


def _geographic(served_table: ServedTable) -> bool:
    return any(c.type in ("point", "shape") for c in shown_columns(served_table.released.schema))


def _offered(served_table: ServedTable) -> list[Exporter]:
    geographic = _geographic(served_table)
    return [e for e in exports.exporters().values() if geographic or not e.geo]


def table_exports(request: Request) -> Response:
    """…/datasets/{id}/exports: the formats there are."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])
    links: list[Json] = [
        {"rel": e.name, "href": cache.links.export(served_table.item.table, e.name)}
        for e in _offered(served_table)
    ]
    return _remembered(request, cache, served_table, frozenset(), lambda: orjson.dumps({"links": links}))


def table_export(request: Request) -> Response:
    """…/datasets/{id}/exports/{format}: the whole table, or all that matches, as a file."""
    cache = cache_of(request)
    served_table = cache.table(request.path_params["id"])
    params = request.query_params
    exporter = next((e for e in _offered(served_table) if e.name == request.path_params["format"]), None)
    if exporter is None:
        raise NotFound(
            f"Unknown export format: {request.path_params['format'][:40]} (known: {', '.join(e.name for e in _offered(served_table))})."
        )
    if "offset" in params:
        raise BadQuery(
            "offset is not available on exports: they hold every record.",
            code="InvalidRESTParameterError",
            clause="offset",
        )
    compressed = parameters.flag(params, "compressed", False)
    etag = _question(request, cache, served_table)
    headers = answers.headers(etag, served_table.item.at, parameters.unknown(params, parameters.EXPORT))
    if etag is not None and answers.fresh(request, etag):
        return answers.unchanged(headers)
    ask = parameters.ask(params, whole=True)
    options = parameters.options(params, ask.timezone, served_table.entry.dataset.title)
    if options.epsg != WGS_84 and not exporter.projects:
        able = ", ".join(e.name for e in _offered(served_table) if e.projects) or "no format of this table"
        message = f"epsg={options.epsg}: {exporter.name} is always in WGS 84 (4326). Other systems: {able}."
        raise BadQuery(message, code="InvalidRESTParameterError", clause="epsg")
    released = _as_it_is(served_table, ask, cache.context.now())

    def make() -> Chunks:
        return exporter.chunks(cache.context.engine, released, options)

    name = f"{served_table.item.table}.{exporter.extension}"
    if compressed:
        headers["Content-Disposition"] = _attachment(name + ".gz")
        return answers.stream(request, answers.gzipped(make()), headers, "application/gzip")
    headers["Content-Disposition"] = _attachment(name)
    if answers.accepts_gzip(request) and not exporter.packed:  # a part is of bytes that are not encoded
        headers["Content-Encoding"] = "gzip"
        return answers.stream(request, answers.gzipped(make()), headers, exporter.media_type)
    if etag is not None:
        headers["Accept-Ranges"] = "bytes"
        whole = ranges.Whole(
            etag,
            served_table.item.rows,
            make,
            exporter.steady,
            headers,
            exporter.media_type,
            served_table.begun,
        )
        if (partial_answer := ranges.answer(request, cache, whole)) is not None:
            return partial_answer
    return answers.stream(request, make(), headers, exporter.media_type)


def _as_it_is(served_table: ServedTable, ask: Ask, now: datetime) -> Public:
    """The table as it is when nothing is asked of it, not even other names."""
    named = all(c.name == c.stored for c in queryable(served_table.released.schema) if c.column is not None)
    if named and ask == Ask(timezone=ask.timezone, lang=ask.lang, whole=True):
        scope_of(served_table.released, ask, now=now)
        return served_table.released
    return records(
        served_table.released, ask, now=now, dataset=served_table.item.table, modified=served_table.item.at
    ).rows


def _attachment(name: str) -> str:
    return (
        f"attachment; filename=\"{name.encode('ascii', 'ignore').decode()}\"; filename*=UTF-8''{quote(name)}"
    )


# the catalogue


@dataclass(frozen=True, slots=True)
class _Question:
    """A question on the catalogue, and the state of the catalogue that answers it."""

    cache: ResponseCache
    ask: Ask
    etag: str | None
    headers: dict[str, str]

    def chosen(self, conn: Connection) -> catalogue.Chosen:
        """The tables that it is about. Raises BadQuery."""
        return catalogue.chosen(conn, self.cache.links, self.ask, now=self.cache.context.now())

    def ids(self) -> tuple[int, Sequence[str]]:
        """How many there are, and the resources to answer with, in order. Raises BadQuery."""
        with self.cache.context.db.read() as conn:
            selection = self.chosen(conn)
            return catalogue.total(conn, selection), catalogue.ordered(
                conn, self.cache.links, selection, self.ask
            )

    def rows(self, ids: Sequence[str]) -> Iterator[catalogue.Row]:
        """Those tables, described as they come."""
        return catalogue.rows(self.cache.context.db, self.cache.links, ids)


def _asked_of_all(request: Request, known: frozenset[str], *, whole: bool = False) -> _Question:
    cache = cache_of(request)
    ask = parameters.ask(request.query_params, whole=whole)
    with cache.context.db.read() as conn:
        state = f"{listing.seq(conn)} {journal.last_seq(conn)}"
    etag = (
        answers.tag(state, cache.links.base, request.url.path.rstrip("/"), request.url.query)
        if steady(ask)
        else None
    )
    return _Question(
        cache, ask, etag, answers.headers(etag, None, parameters.unknown(request.query_params, known))
    )


def tables(request: Request) -> Response:
    """…/catalog/datasets: the datasets that match, in pages."""
    one = _asked_of_all(request, parameters.QUERY)
    if one.etag is not None and answers.fresh(request, one.etag):
        return answers.unchanged(one.headers)
    total, ids = one.ids()
    results = list(catalogue.shaped(one.rows(ids), one.ask))
    return answers.body(request, orjson.dumps({"total_count": total, "results": results}), one.headers)


def catalogue_facets(request: Request) -> Response:
    """…/catalog/facets: how many datasets each theme, publisher, keyword or licence has."""
    one = _asked_of_all(request, parameters.FACETS)
    if one.etag is not None and answers.fresh(request, one.etag):
        return answers.unchanged(one.headers)
    with one.cache.context.db.read() as conn:
        facets = catalogue.facets(
            conn, one.cache.links, one.chosen(conn), request.query_params.getlist("facet"), one.ask
        )
    return answers.body(request, orjson.dumps({"links": [], "facets": facets}), one.headers)


def home(request: Request) -> Response:
    """…/catalog: where to go."""
    api = cache_of(request).links.api
    places = {"self": "", "datasets": "/datasets", "facets": "/facets", "exports": "/exports"}
    links = [{"rel": rel, "href": f"{api}/catalog{path}"} for rel, path in places.items()]
    return answers.body(request, orjson.dumps({"links": links}), answers.headers(answers.tag(api), None, ()))


def catalogue_exports(request: Request) -> Response:
    """…/catalog/exports: the formats of the whole catalogue."""
    links = cache_of(request).links
    links_ = [{"rel": f, "href": f"{links.api}/catalog/exports/{f}"} for f in CATALOGUE_FORMATS]
    links_ += [{"rel": name, "href": links.catalogue(extension)} for name, extension in DCAT_FORMATS.items()]
    return answers.body(
        request, orjson.dumps({"links": links_}), answers.headers(answers.tag(links.api), None, ())
    )


def catalogue_export(request: Request) -> Response:
    """…/catalog/exports/{format}: csv and json here; what is RDF is answered by the portal's own catalogue."""
    form = request.path_params["format"]
    if form in DCAT_FORMATS:
        return Response(
            status_code=302,
            headers={**answers.OPEN, "Location": cache_of(request).links.catalogue(DCAT_FORMATS[form])},
        )
    if form not in CATALOGUE_FORMATS:
        raise NotFound(
            f"Unknown export format: {form[:40]} (known: {', '.join((*CATALOGUE_FORMATS, *DCAT_FORMATS))})."
        )
    one = _asked_of_all(request, parameters.EXPORT, whole=True)
    if one.etag is not None and answers.fresh(request, one.etag):
        return answers.unchanged(one.headers)
    _, ids = one.ids()
    headers = one.headers | {"Content-Disposition": _attachment(f"catalogue.{form}")}
    if form == "json":
        return answers.streamed(
            request, _json(catalogue.shaped(one.rows(ids), one.ask)), headers, answers.JSON
        )
    return answers.streamed(request, _csv(one.rows(ids), request), headers, "text/csv; charset=utf-8")


def _json(records: Iterator[Mapping[str, Json]]) -> Iterator[bytes]:
    yield b"["
    for number, row in enumerate(records):
        yield (b"," if number else b"") + orjson.dumps(row)
    yield b"]"


def _csv(rows: Iterator[catalogue.Row], request: Request) -> Iterator[bytes]:
    options = parameters.options(request.query_params, "UTC", "")
    names: list[str] = []
    for row in rows:
        if not names:
            names = [n for n in row.flat if n != "features"]
            yield (b"\xef\xbb\xbf" if options.with_bom else b"") + _line(names, options)
        yield _line([_cell(row.flat[n], options) for n in names], options)
    if not names:
        yield (b"\xef\xbb\xbf" if options.with_bom else b"") + _line(["dataset_id"], options)


def _line(cells: Sequence[str], options: exports.Options) -> bytes:
    return (options.delimiter.join(_quoted(c, options.delimiter) for c in cells) + "\r\n").encode()


def _cell(value: Json, options: exports.Options) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = options.list_separator.join(map(str, value)) if isinstance(value, list) else str(value)
    return formulas.inert(text) if options.protect_formulas and isinstance(value, str | list) else text


def _quoted(text: str, delimiter: str) -> str:
    return (
        '"' + text.replace('"', '""') + '"'
        if any(mark in text for mark in ('"', delimiter, "\n", "\r"))
        else text
    )


_PATHS: tuple[tuple[str, Endpoint], ...] = (
    ("/catalog/datasets/{id}/records", table_records),
    ("/catalog", home),
    ("/catalog/datasets", tables),
    ("/catalog/facets", catalogue_facets),
    ("/catalog/exports", catalogue_exports),
    ("/catalog/exports/{format}", catalogue_export),
    ("/catalog/datasets/{id}", table),
    ("/catalog/datasets/{id}/records/{rid}", record),
    ("/catalog/datasets/{id}/facets", table_facets),
    ("/catalog/datasets/{id}/attachments", attachments),
    ("/catalog/datasets/{id}/exports", table_exports),
    ("/catalog/datasets/{id}/exports/{format}", table_export),
    ("/catalog/datasets/{id}/aggregates", removed),
    ("/catalog/datasets/{id}/query", removed),
)

ROUTES: tuple[Route, ...] = tuple(
    Route(EXPLORE + path + slash, answers.crossed(answers.in_dialect(endpoint)), methods=answers.METHODS)
    for path, endpoint in _PATHS
    for slash in ("", "/")
)
"""Synchronous on purpose: each runs in a thread, and the loop is never blocked."""
