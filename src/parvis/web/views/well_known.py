"""What machines ask of any site: sitemap, robots, security contact, manifest, icon."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from xml.sax.saxutils import escape

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from parvis import __version__
from parvis.catalogue import lists
from parvis.store import datasets, listing
from parvis.web import assets
from parvis.web.page import send, site_of, stream, visit_of
from parvis.web.views.services import lines

STATIC = (
    "/", "/jeux", "/organisations", "/services", "/chez-moi", "/effets", "/qualite", "/metadonnees", "/schemas", "/api", "/a-propos", "/mentions-legales",
    "/accessibilite",
    "/donnees-personnelles", "/plan-du-site",
)  # fmt: skip
"""Pages without parameters."""

DESK = ("/depots", "/connexion", "/terrain")
OFFICE = ("/partages", "/decisions", "/groupes", "/registre", "/violations")
ENDLESS = ("/*?*tri=", "/*?*f=", "/*?*depart=", "/*?*lat=")
"""What search engines leave alone: the publisher's desk, the endless filters of one table, and where somebody
was.
"""


def sitemap(request: Request) -> Response:
    """/sitemap.xml: every public page in French, with its English twin; written as it is sent."""
    visit = visit_of(request)
    with visit.city.db.read() as conn:
        state, dated = listing.seq(conn), lists.days(conn)
        named = [o.id for o in datasets.organisations(conn)]
    answering = [s.name for s in lines(visit) if s.ready]
    fixed = [
        (path, "")
        for path in (
            *STATIC,
            *(f"/services/{name}" for name in answering),
            *(f"/organisations/{name}" for name in named),
        )
    ]
    said = f"{visit.base}|{__version__}|{state}|{fixed}"
    return stream(
        request,
        _sitemap(escape(visit.base), fixed, dated),
        "application/xml",
        hashlib.sha256(said.encode()).hexdigest()[:24],
    )


def _sitemap(
    base: str, fixed: Sequence[tuple[str, str]], dated: Sequence[tuple[str, str]]
) -> Iterator[bytes]:
    """fixed: paths; dated: ids of datasets; each with its day, "" for none."""
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>\n'.encode()
    yield "".join(_page(base, path, day) for path, day in fixed).encode()
    for start in range(0, len(dated), PAGES):
        yield "".join(
            _page(base, f"/jeux/{name}", day) for name, day in dated[start : start + PAGES]
        ).encode()
    yield b"</urlset>\n"


PAGES = 1000
"""Pages written at once."""


def _page(base: str, path: str, day: str) -> str:
    place = escape(path)
    last = f"<lastmod>{day}</lastmod>" if day else ""
    return f'<url><loc>{base}{place}</loc>{last}<xhtml:link rel="alternate" hreflang="en" href="{base}/en{place if path != "/" else ""}"/></url>\n'


def robots(request: Request) -> Response:
    """/robots.txt: everything may be read but the publisher's desk, and endless filters of one table."""
    visit = visit_of(request)
    prefixes = [one.prefix for one in site_of(request).languages.values()]
    shut = (prefix + path for desk in (DESK, OFFICE) for prefix in prefixes for path in desk)
    closed = "".join(f"Disallow: {path}\n" for path in (*shut, *ENDLESS))
    return send(
        request,
        f"User-agent: *\n{closed}\nSitemap: {visit.base}/sitemap.xml\n".encode(),
        "text/plain; charset=utf-8",
    )


def security(request: Request) -> Response:
    """/.well-known/security.txt (RFC 9116): whom to tell about a weakness."""
    visit = visit_of(request)
    contact = visit.city.settings.city.contact
    until = (
        (visit.city.now() + timedelta(days=180))
        .astimezone(UTC)
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )
    where = f"mailto:{contact}" if contact else f"{visit.base}/a-propos"
    said = (
        f"Contact: {where}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(site_of(request).languages)}",
        f"Canonical: {visit.base}/.well-known/security.txt",
    )
    return send(request, "".join(f"{line}\n" for line in said).encode(), "text/plain; charset=utf-8")


def manifest(request: Request) -> Response:
    """/manifest.webmanifest: the portal as an application on a phone."""
    visit, site = visit_of(request), site_of(request)
    name = visit.city.settings.city.name
    said = {
        "name": f"{name}, données ouvertes",
        "short_name": name,
        "lang": "fr",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#f2f4f2",
        "theme_color": "#0c3b42",
        "icons": [{"src": assets.address(site.assets, "icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return send(request, orjson.dumps(said), "application/manifest+json")


def icon(request: Request) -> Response:
    """/favicon.ico: where old browsers look."""
    return RedirectResponse(assets.address(site_of(request).assets, "icon.svg"), 301)


def static(request: Request) -> Response:
    """/static/…: see `assets`."""
    return assets.answer(site_of(request).assets, request)


def home_without_bar(request: Request) -> Response:
    """/en/ is /en."""
    return RedirectResponse("/en", 301)


ROUTES = (
    Route("/sitemap.xml", sitemap), Route("/robots.txt", robots), Route("/.well-known/security.txt", security), Route("/security.txt", security),
    Route("/manifest.webmanifest", manifest), Route("/favicon.ico", icon), Route("/static/{name:path}", static, name="static"), Route("/en/", home_without_bar),
)  # fmt: skip
