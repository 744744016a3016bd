"""The page is the API: a handler builds one frozen context, the template shows it, the `.json` twin dumps it.

    PAGES = (page("/jeux/{id}", dataset, "dataset.html"),)

serves /jeux/x and /jeux/x.json in French, /en/jeux/x and /en/jeux/x.json in English, all four from
`dataset(visit)`. Each field of a context is `Annotated[type, "sentence"]`: the sentences make the reference,
and a test misses none.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, get_type_hints
from urllib.parse import urlencode

import jinja2
import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from parvis import __version__
from parvis.catalogue.links import Links
from parvis.catalogue.search import Index
from parvis.core.dropping_cache import DroppingCache
from parvis.core.errors import NotSignedIn, UsageError
from parvis.core.language import Language
from parvis.core.origin import Hosts, base_of
from parvis.core.sentence import FRENCH, Sentence
from parvis.people import api_keys, csrf, demanded, sessions
from parvis.people.rights import Person
from parvis.publication.city import City
from parvis.store import journal, listing
from parvis.web.assets import Asset

S = TypeVar("S", bound=str)

SESSION_COOKIE = "parvis_session"
FORM_COOKIE = "parvis_form"
"""Binds the sign-in form, before there is a session."""
DEVICE_COOKIE = "parvis_device"
"""Says that this browser signed in before, and to which accounts (`people.devices`)."""
HALFWAY_COOKIE = "parvis_halfway"
"""Between the password and the code of the second factor."""

VARY = "Accept, Accept-Encoding, Authorization, Cookie"
"""What an answer of a page depends on beside its address: a 304 says it too (RFC 9110, 15.4.5)."""

PAGES_BYTES = 32_000_000
"""Pages that a process remembers."""
PAGE_BYTES = 1_000_000
"""Largest page that is remembered."""


SECURITY = "/mon-compte/securite"
"""Where one protects one's own account: all that is open to a session without the second factor that its
owner's role demands.
"""


def cookie_name(name: str, base: str) -> str:
    """How a cookie is called: over HTTPS `__Host-` keeps out those that a neighbouring name or an unencrypted
    page plants (RFC 6265bis, section 4.1.3).
    """
    return f"__Host-{name}" if base.startswith("https://") else name


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, as a handler and a template see it."""

    city: City
    index: Index
    links: Links
    language: Language
    path: str
    """Address without language prefix and without `.json`."""
    params: Mapping[str, str]
    query: QueryParams
    base: str
    """Public address of the portal, without a final bar."""
    person: Person | None = None
    bound: str = ""
    """What the forms of this browser are bound to: its session, or the cookie of the sign-in form."""
    secret: bytes = b""
    keyed: bool = False
    """The person is known by an API key, which no browser sends by itself: forms need no token then, and
    errors come as JSON.
    """

    lacking: bool = False
    """The role of the person demands a second factor that this session did not show: it may do nothing but
    set one up, or end.
    """

    @property
    def csrf(self) -> str:
        """A token for one form."""
        return csrf.token(self.secret, self.bound)

    def href(self, path: str, **query: str | int | None) -> str:
        """Address of another page, in the visitor's language."""
        said = {k: v for k, v in query.items() if v not in (None, "")}
        return self.language.prefix + path + (f"?{urlencode(said)}" if said else "")

    def here(
        self, changes: Mapping[str, str | int | None], *, path: str | None = None, anchor: str = ""
    ) -> str:
        """This page again with some parameters changed (None: without it). Repeated parameters that do not
        change are kept.
        """
        kept = [(k, v) for k, v in self.query.multi_items() if k not in changes and v != ""]
        kept += [(k, str(v)) for k, v in changes.items() if v not in (None, "")]
        return (
            self.language.prefix
            + (path or self.path)
            + (f"?{urlencode(kept)}" if kept else "")
            + (f"#{anchor}" if anchor else "")
        )

    def toggle(self, name: str, value: str) -> str:
        """This page from its first page on, with one value of a repeated parameter taken away if it is there,
        added if not.
        """
        said = [(k, v) for k, v in self.query.multi_items() if v and k != "page"]
        changed = (
            [pair for pair in said if pair != (name, value)]
            if (name, value) in said
            else [*said, (name, value)]
        )
        return self.language.prefix + self.path + (f"?{urlencode(changed)}" if changed else "")

    def other(self, language: Language) -> str:
        """This page in another language."""
        said = urlencode(self.query.multi_items())
        return (language.prefix + self.path if self.path != "/" else language.prefix or "/") + (
            f"?{said}" if said else ""
        )

    @property
    def twin(self) -> str:
        """Address of the JSON twin of this page."""
        said = urlencode(self.query.multi_items())
        return (
            self.language.prefix
            + ("/index" if self.path == "/" else self.path)
            + ".json"
            + (f"?{said}" if said else "")
        )

    def whole(self, name: str, default: int, *, least: int = 1, most: int = 1_000_000_000) -> int:
        """A whole number of the address. Raises UsageError when it is not one or lies outside."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 10 or not least <= int(text) <= most:
            raise UsageError(
                Sentence(
                    "« {name}={text} » : un nombre entier de {least} à {most} est attendu.",
                    name=name,
                    text=text[:20],
                    least=least,
                    most=most,
                )
            )
        return int(text)

    def one_of(self, name: str, allowed: Sequence[S], default: S) -> S:
        """One of the values that a parameter may take. Raises UsageError that lists them."""
        text = self.query.get(name, "") or default
        for one in allowed:
            if one == text:
                return one
        raise UsageError(
            Sentence("« {name}={text} » n’est pas un choix connu.", name=name, text=text[:40]),
            mend=Sentence("Choix possibles : {list}.", list=", ".join(allowed)),
        )


NOWHERE: Mapping[str, str] = {"Cache-Control": "no-store"}
"""On an answer that no cache keeps, the browser's own included."""
BY_LINK: Mapping[str, str] = {**NOWHERE, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""On what its very address opens: no other page learns the address, no search engine lists it."""

ANY = "*"
"""Stands in `Page.personal` for every parameter."""

Handler = Callable[[Visit], object]
Pulse = Callable[[Visit], str]


def _still(visit: Visit) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: address, handler, template.

    steady: it changes only with the journal, the day, the settings and its pulse, so a browser may be told
    "unchanged" without building it. pulse: what else it changes with, read cheaply: the state of a feed.
    personal: parameters that say something of the visitor; an answer to them is for this browser alone.
    """

    path: str
    handler: Handler
    template: str
    steady: bool = True
    pulse: Pulse = _still
    personal: tuple[str, ...] = ()

    @property
    def context(self) -> type:
        """Class of the context that the handler promises."""
        return get_type_hints(self.handler)["return"]

    @property
    def by_link(self) -> bool:
        """Whether its address is what opens it: a draft, a subscription that is confirmed or left."""
        return "{token}" in self.path


def page(
    path: str,
    handler: Handler,
    template: str,
    *,
    steady: bool = True,
    pulse: Pulse = _still,
    personal: tuple[str, ...] = (),
) -> Page:
    """Declare a page and its twin."""
    return Page(path, handler, template, steady, pulse, personal)


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share while the process lives: the city, languages, templates and assets."""

    city: City
    index: Index
    secret: bytes
    languages: Mapping[str, Language]
    templates: Mapping[str, jinja2.Environment]
    assets: Mapping[str, Asset]
    hosts: Hosts
    """Names that the portal answers to."""
    pages: DroppingCache[bytes] = field(default_factory=lambda: DroppingCache(PAGES_BYTES, len))
    """Those that anybody may see, as they were sent: a visitor costs what the first one did not."""

    @property
    def mark(self) -> str:
        """What the look of every page depends on beside data: program, assets, settings."""
        said = "|".join([__version__, repr(self.city.settings.city), *(a.tag for a in self.assets.values())])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def site_of(request: Request) -> Site:
    """The site that answers this request."""
    site = request.app.state.site
    if not isinstance(site, Site):
        raise TypeError("create_app did not set the site")
    return site


def language_of(request: Request, path: str | None = None) -> Language:
    """The language of an address."""
    full = request.url.path if path is None else path
    known = site_of(request).languages
    first = full.split("/", 2)[1] if full.startswith("/") else ""
    if first == "integrer":  # what another site frames says its language itself
        return known.get(request.query_params.get("lang", ""), known[FRENCH])
    return known[first if first in known else FRENCH]


_BEGIN = re.compile(r"\A[/\\\s]*")
"""What browsers read as the beginning of a path, or of another host where it is two slashes of either kind."""


def visit_of(request: Request, path: str | None = None) -> Visit:
    """What a handler needs of a request. Raises NotSignedIn for a bad API key."""
    site = site_of(request)
    language = language_of(request, path)
    full = request.url.path if path is None else path
    bare = _BEGIN.sub("/", full.removeprefix(language.prefix).removesuffix(".json"), count=1)
    base = base_of(site.city.settings.serve, request.scope)
    return Visit(
        site.city,
        site.index,
        Links(base),
        language,
        "/" if bare == "/index" else bare,
        {k: str(v) for k, v in request.path_params.items()},
        request.query_params,
        base,
        *_signed_in(site, request, base),
    )


_Asker = tuple[Person | None, str, bytes, bool, bool]

_KNOWN = "parvis.asker"
"""Where a request that only reads keeps who asks: the page of its error need not look again."""


def _signed_in(site: Site, request: Request, base: str) -> _Asker:
    if request.method != "GET":
        return _asker(site, request, base)
    if _KNOWN not in request.scope:
        request.scope[_KNOWN] = _asker(site, request, base)
    return request.scope[_KNOWN]


def _asker(site: Site, request: Request, base: str) -> _Asker:
    """Who bears the API key or holds the session cookie, what forms are bound to, the secret, whether it was
    a key, and whether the session lacks a second factor: it has no right then. Raises NotSignedIn for a bad
    key.
    """
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _bearer(site.city, key.strip()), "", site.secret, True, False
    now, token = site.city.now(), request.cookies.get(cookie_name(SESSION_COOKIE, base), "")
    bound = request.cookies.get(cookie_name(FORM_COOKIE, base), "")
    if bound and not csrf.is_pre_session(site.secret, bound, now=now):
        bound = ""
    if not token:
        return None, bound, site.secret, False, False
    _, idle = sessions.times(site.city.settings.serve)
    with site.city.db.read() as conn:
        found = sessions.person(conn, token, now=now)
        lacking = found is not None and demanded.missing(conn, site.city.settings.serve, found, token)
        stale = found is not None and sessions.stale(conn, token, now=now, idle=idle)
    if stale:
        with site.city.db.begin() as conn:
            sessions.touch(conn, token, now=now, idle=idle)
    if found is None:
        return None, bound, site.secret, False, False
    return replace(found, scopes=frozenset()) if lacking else found, token, site.secret, False, lacking


def _bearer(city: City, text: str) -> Person:
    now = city.now()
    with city.db.read() as conn:
        key, person = api_keys.read(conn, text, now=now), api_keys.person(conn, text, now=now)
        bearer = None if person is None else demanded.keyed(conn, city.settings.serve, person)
    if key is None or bearer is None:
        raise NotSignedIn(
            "Cette clé d’API n’est pas valable.",
            mend="Elle a pu finir ou être révoquée : demandez-en une autre (parvis people key).",
        )
    if api_keys.stale(key, now=now):
        with city.db.begin() as conn:
            api_keys.used(conn, key.id, now=now)
    return bearer


def render(site: Site, visit: Visit, template: str, context: object) -> bytes:
    """The page as HTML."""
    return (
        site.templates[visit.language.code]
        .get_template(template)
        .render(page=context, visit=visit, languages=site.languages.values())
        .encode()
    )


def dump(context: object) -> bytes:
    """The twin: the same context as JSON, dates in ISO 8601."""
    return orjson.dumps(context, default=_plain, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a page context holds a {type(value).__name__}: {value!r}")


def send(
    request: Request,
    body: bytes,
    media: str,
    *,
    status: int = 200,
    tag: str = "",
    private: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A body with its tag: 304 when the browser has it, gzip when it can read it."""
    etag = f'W/"{tag or hashlib.sha256(body).hexdigest()[:24]}"'
    control = "private, no-cache" if private else "no-cache"
    said = {
        "ETag": etag,
        "Vary": VARY,
        "Cache-Control": control,
    } | dict(headers or {})
    if status == 200 and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=said)
    if len(body) > 600 and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(gzip.compress(body, 6, mtime=0), status, said | {"Content-Encoding": "gzip"}, media)
    return Response(body, status, said, media)


def stream(request: Request, chunks: Iterator[bytes], media: str, tag: str) -> Response:
    """A body of any size under a tag, as it is made: 304 when the browser has it, gzip when it can read it."""
    etag = f'W/"{tag}"'
    said = {"ETag": etag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=said)
    if "gzip" in request.headers.get("accept-encoding", ""):
        said["Content-Encoding"] = "gzip"
        chunks = _packed(chunks)
    return StreamingResponse(iter(()) if request.method == "HEAD" else chunks, headers=said, media_type=media)


def _packed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for chunk in chunks:
        if made := packer.compress(chunk):
            yield made
    yield packer.flush()


def routes(pages: Iterable[Page]) -> tuple[Route, ...]:
    """Four routes a page: French and English, HTML and JSON. Twins come first, or `/jeux/{id}` would take
    `x.json` for an id.
    """
    return tuple(route for one in pages for prefix in ("", "/en") for route in _both(one, prefix))


def _both(one: Page, prefix: str) -> tuple[Route, Route]:
    """The twin and the page in one language."""
    twin = prefix + ("/index" if one.path == "/" else one.path) + ".json"
    return (
        Route(twin, _endpoint(one, twin=True), name=f"{one.template}:{prefix}:json"),
        Route(
            (prefix + one.path).removesuffix("/") or "/",
            _endpoint(one, twin=False),
            name=f"{one.template}:{prefix}",
        ),
    )


def _endpoint(one: Page, *, twin: bool) -> Callable[[Request], Response]:
    """Starlette runs it in a thread: handlers may wait for the database and the engine."""

    def endpoint(request: Request) -> Response:
        site, visit = site_of(request), visit_of(request)
        tag = _tag(site, visit, one.pulse(visit), twin=twin) if one.steady and visit.person is None else ""
        private = (
            visit.person is not None
            or one.by_link
            or any(visit.query.get(name) for name in (visit.query if ANY in one.personal else one.personal))
        )
        if tag and f'W/"{tag}"' in request.headers.get("if-none-match", ""):
            return Response(
                status_code=304,
                headers={
                    "ETag": f'W/"{tag}"',
                    "Cache-Control": "private, no-cache" if private else "no-cache",
                    "Vary": VARY,
                },
            )
        # Not what says something of the visitor, nor a form that is bound to a browser.
        anybody = bool(tag) and not private and not visit.bound
        state, body = site.pages.state, site.pages.get(tag) if anybody else None
        if body is None:
            context = one.handler(visit)
            body = dump(context) if twin else render(site, visit, one.template, context)
            if anybody and len(body) <= PAGE_BYTES:
                site.pages.put(tag, body, state)
        # no browser keeps what it was shown as somebody, who may sign out
        kept = BY_LINK if one.by_link else NOWHERE if visit.person else None
        if twin:
            shared = kept or {"Access-Control-Allow-Origin": "*"}
            return send(request, body, "application/json", tag=tag, private=private, headers=shared)
        return send(request, body, "text/html; charset=utf-8", tag=tag, private=private, headers=kept)

    return endpoint


def _tag(site: Site, visit: Visit, pulse: str, *, twin: bool) -> str:
    """What a steady page depends on, without building it."""
    day = visit.city.now().astimezone(visit.language.zone).date().isoformat()
    with visit.city.db.read() as conn:
        seq, listed = journal.last_seq(conn), listing.seq(conn)
    said = "|".join(
        (
            site.mark,
            str(seq),
            str(listed),
            str(visit.index.seq),
            day,
            visit.language.code,
            visit.base,
            visit.path,
            str(visit.query),
            pulse,
            str(twin),
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()[:24]
