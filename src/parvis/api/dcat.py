"""DCAT-AP: the catalogue and each dataset as RDF, by extension or by what the caller accepts.

/catalogue.ttl, .rdf, .jsonld: all of it, or a page (?page=&page_size=). /catalogue: the same, by the Accept
header. /jeux/{id}.ttl…: one dataset; its own address answers in RDF too when only that is asked for. With or
without a slash at the end, since a harvester takes any redirection for a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from parvis import __version__
from parvis.api import answers
from parvis.api.context import Context
from parvis.api.response_cache import cache_of
from parvis.catalogue import dcat, entries, lists
from parvis.catalogue.dcat import RdfFormat
from parvis.catalogue.entries import Entry
from parvis.catalogue.links import Links
from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.store import journal, listing

FORMATS: tuple[str, ...] = ("ttl", "rdf", "jsonld")
"""Extensions that we name; `dcat.EXTENSIONS` are all understood for the catalogue."""

ACCEPTED = "text/turtle, application/ld+json, application/rdf+xml"


def catalogue(request: Request) -> Response:
    """/catalogue.{extension}: the whole catalogue as DCAT-AP 3, or one page of it."""
    extension = request.path_params["extension"].lower()
    form = dcat.negotiate("", extension)
    if form is None:
        raise NotFound(
            Sentence("Le catalogue n’existe pas en « {extension} ».", extension=extension[:20]),
            mend=Sentence("Formats : {list}.", list=", ".join(FORMATS)),
        )
    return _catalogue(request, form, extension)


def negotiated(request: Request) -> Response:
    """/catalogue: the catalogue in the format that the caller accepts; people go to the search."""
    accept = request.headers.get("accept", "")
    if dcat.prefers_page(accept, anything=False):
        return RedirectResponse("/jeux", 303, headers={"Vary": "Accept"})
    form = dcat.negotiate(accept)
    if form is None:
        return Response(
            f"Formats : {ACCEPTED}\n", 406, {**answers.OPEN, "Vary": "Accept"}, "text/plain; charset=utf-8"
        )
    extension = next(e for e, f in dcat.EXTENSIONS.items() if f == form)
    return _catalogue(request, form, extension, vary="Accept, Accept-Encoding")


def _catalogue(request: Request, form: RdfFormat, extension: str, vary: str = "Accept-Encoding") -> Response:
    """As it is read: a batch of datasets at a time, none of them held, and no connection while the caller
    takes it.
    """
    context = cache_of(request).context
    size = _whole(request, "page_size", 0, dcat.MOST)
    page = _whole(request, "page", 0, 1_000_000)
    size = size or (dcat.PAGE if page else 0)
    with context.db.read() as conn:
        head = entries.catalogue(conn, context.settings, only=())
        outline = lists.outline(conn, limit=size or None, offset=(max(page, 1) - 1) * size)
        last = max(1, -(-lists.totals(conn).datasets // size)) if size else 1
        state = f"{listing.seq(conn)} {journal.last_seq(conn)}"
    if size and page > last:  # whoever counts upwards until nothing comes must come to an end
        raise NotFound(
            Sentence("Le catalogue n’a pas de page {page}.", page=page),
            mend=Sentence("Dernière page : {last}.", last=last),
        )
    etag = answers.tag(state, __version__, repr(head), form, extension, str(page), str(size))
    headers = answers.headers(etag, None, ()) | {"Vary": vary}
    if answers.fresh(request, etag):
        return answers.unchanged(headers)
    place = dcat.Place(extension, max(page, 1), last, size) if size else None
    return answers.streamed(
        request,
        dcat.chunks(dcat.graph_nodes(head, outline, _read(context, head.links, outline.ids), place), form),
        headers,
        dcat.MEDIA_TYPES[form],
    )


def _read(context: Context, links: Links, ids: Sequence[str]) -> Iterator[Entry]:
    """The entries of these ids; one that was withdrawn since is left out."""
    for start in range(0, len(ids), entries.BATCH):
        with context.db.read() as conn:
            batch = entries.entries(conn, links, only=ids[start : start + entries.BATCH])
        yield from batch


def _whole(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= most:
        raise UsageError(
            Sentence(
                "« {name}={text} » : un nombre entier de 1 à {most} est attendu.",
                name=name,
                text=text[:20],
                most=most,
            )
        )
    return int(text)


def _dataset(extension: str) -> Callable[[Request], Response]:
    def dataset(request: Request) -> Response:
        """/jeux/{id}.ttl, .rdf, .jsonld: one dataset as DCAT-AP 3."""
        return _one(request, dcat.EXTENSIONS[extension])

    return dataset


def dataset_negotiated(request: Request) -> Response:
    """/jeux/{id}: the dataset in RDF, for a caller who accepts nothing else."""
    form = dcat.negotiate(request.headers.get("accept", ""))
    return _one(request, form or "turtle", vary="Accept, Accept-Encoding")


def _one(request: Request, form: RdfFormat, vary: str = "Accept-Encoding") -> Response:
    context, wanted = cache_of(request).context, request.path_params["id"]
    with context.db.read() as conn:
        catalogue = entries.catalogue(conn, context.settings, only=(wanted,))
        entry = next(iter(catalogue.datasets), None)
        if entry is None:
            raise entries.absent(conn, wanted)
    return answers.document(
        request, dcat.write(dcat.one(catalogue, entry), form), None, dcat.MEDIA_TYPES[form], vary=vary
    )


class _OnlyRdf(Route):
    """A route for callers who accept RDF and no page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        accept = (
            dict(scope["headers"]).get(b"accept", b"").decode("latin-1") if scope["type"] == "http" else ""
        )
        wanted = accept and not dcat.prefers_page(accept, anything=True) and dcat.negotiate(accept)
        return super().matches(scope) if wanted else (Match.NONE, {})


_ONE = tuple(e for e in dcat.EXTENSIONS if e != "json")
"""Extensions of one dataset: `.json` is the twin of its page."""

ROUTES: tuple[Route, ...] = (
    *(
        Route(path, answers.crossed(negotiated), methods=answers.METHODS)
        for path in ("/catalogue", "/catalogue/")
    ),
    *(
        Route(path, answers.crossed(catalogue), methods=answers.METHODS)
        for path in ("/catalogue.{extension}", "/catalogue.{extension}/")
    ),
    *(
        Route(f"/jeux/{{id}}.{extension}", answers.crossed(_dataset(extension)), methods=answers.METHODS)
        for extension in _ONE
    ),
    _OnlyRdf("/jeux/{id}", dataset_negotiated, methods=["GET", "HEAD"]),
)
"""They stand before those of the pages: `/jeux/{id}` would take `x.ttl` for an id."""
