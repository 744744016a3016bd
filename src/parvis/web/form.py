"""Forms: read with a limit, refused without their CSRF token, answered by a move (done) or by the same page
with what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive

from parvis.core.errors import Refused, TooLarge
from parvis.core.sentence import Sentence
from parvis.people import csrf, known_devices
from parvis.web.page import DEVICE_COOKIE, SECURITY, Visit, cookie_name, dump, render, send, site_of, visit_of

WORDS = 200_000
"""Bytes that a form without a file may hold."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form holds."""

    fields: FormData
    address: str
    """Where the visitor comes from."""
    cookies: Mapping[str, str] = field(default_factory=dict[str, str])
    agent: str = ""
    """What the browser calls itself."""

    def text(self, name: str) -> str:
        """A field, trimmed; "" when it is not there."""
        value = self.fields.get(name)
        return value.strip() if isinstance(value, str) else ""

    def raw(self, name: str) -> str:
        """A field as it was typed, blanks around it included."""
        value = self.fields.get(name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be there several times."""
        return tuple(v for v in self.fields.getlist(name) if isinstance(v, str))

    def files(self, name: str) -> tuple[UploadFile, ...]:
        """Every file that was chosen for a field."""
        return tuple(v for v in self.fields.getlist(name) if isinstance(v, UploadFile) and v.filename)

    def file(self, name: str) -> UploadFile | None:
        """A file that was chosen."""
        value = self.fields.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


@dataclass(frozen=True, slots=True)
class Moved:
    """Done: go there. cookies: name to value; "" takes the cookie away. headers: what else the answer says."""

    path: str
    query: dict[str, str] = field(default_factory=dict[str, str])
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Again:
    """Not done: the page of that path again, saying why."""

    path: str
    template: str
    context: object
    status: int = 422


Handler = Callable[[Visit, Sent], Moved | Again]


Door = Callable[[Visit], object]
"""Raises for whoever may not send the form, before anything of it is read."""


def form(
    path: str, handler: Handler, *, upload: Door | None = None, fields: int = 40, files: int = 1
) -> tuple[Route, ...]:
    """Declare what a form is sent to, in both languages. upload: who may send files as large as
    `limits.upload_mb` along, all together. fields, files: how many it may have.
    """
    return tuple(
        Route(prefix + path, _endpoint(handler, upload=upload, most=fields, files=files), methods=["POST"])
        for prefix in ("", "/en")
    )


def _endpoint(handler: Handler, *, upload: Door | None, most: int, files: int) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        limit = WORDS
        if upload is not None:
            await run_in_threadpool(_let_in, request, upload)
            limit += site_of(request).city.settings.limits.upload_mb * 1_000_000
        async with limited(request, limit).form(max_files=files, max_fields=most) as fields:
            sent = Sent(
                fields,
                request.client.host if request.client else "",
                request.cookies,
                request.headers.get("user-agent", "")[:500],
            )
            return await run_in_threadpool(_answer, request, handler, sent)

    endpoint.__doc__ = handler.__doc__
    return endpoint


def _let_in(request: Request, door: Door) -> None:
    door(visit_of(request))


def _answer(request: Request, handler: Handler, sent: Sent) -> Response:
    visit = visit_of(request)
    if not visit.keyed and _from_elsewhere(request):
        raise Refused(
            "Ce formulaire vient d’un autre site.",
            mend="Ouvrez la page sur le portail lui-même et envoyez-le de là.",
        )
    if not visit.keyed and not csrf.holds(visit.secret, visit.bound, sent.text("csrf")):
        raise Refused(
            "Ce formulaire a expiré.",
            mend="Revenez à la page précédente, rechargez-la et envoyez-le à nouveau.",
        )
    if visit.lacking and not visit.path.startswith((SECURITY, "/deconnexion")):
        raise Refused(
            "Votre rôle demande un second facteur : cette session n’en a pas montré.",
            mend="Ajoutez-en un sur la page Sécurité de mon compte.",
        )
    done = handler(visit, sent)
    if isinstance(done, Again) and visit.keyed:
        return send(
            request,
            dump(done.context),
            "application/json",
            status=done.status,
            private=True,
            headers={"Cache-Control": "no-store"},
        )
    if isinstance(done, Again):
        body = render(site_of(request), replace(visit, path=done.path), done.template, done.context)
        return send(
            request,
            body,
            "text/html; charset=utf-8",
            status=done.status,
            private=True,
            headers={"Cache-Control": "no-store"},
        )
    answer = RedirectResponse(
        visit.language.prefix + done.path + (f"?{urlencode(done.query)}" if done.query else ""),
        303,
        done.headers,
    )
    for name, value in done.cookies.items():
        set_cookie(answer, visit, name, value)
    return answer


def _from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site sends this form: a neighbouring name too, which could plant
    a cookie. Old ones say it by `Origin` alone.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    return origin != "null" and not site_of(request).hosts.allow(urlsplit(origin).netloc)


LASTING: Mapping[str, int] = {DEVICE_COOKIE: known_devices.LASTS_S}
"""Seconds that a cookie lives; every other ends with the browser."""


def set_cookie(answer: Response, visit: Visit, name: str, value: str) -> None:
    """A cookie that scripts can't read and that other sites can't send along; "" takes it away."""
    secure, called = visit.base.startswith("https://"), cookie_name(name, visit.base)
    if value:
        answer.set_cookie(
            called, value, httponly=True, samesite="lax", secure=secure, path="/", max_age=LASTING.get(name)
        )
    else:
        answer.delete_cookie(called, httponly=True, samesite="lax", secure=secure, path="/")


def limited(request: Request, limit: int) -> Request:
    """The same request, whose body stops with TooLarge past so many bytes. Raises it at once when its headers
    say that it will be longer.
    """
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and (len(said) > 18 or int(said) > limit):
        raise _too_large(limit)
    return Request(request.scope, _limited(request.receive, limit))


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        Sentence("L’envoi dépasse {limit} Mo.", limit=limit // 1000000 or 1),
        mend="Compressez le fichier ou découpez-le.",
        limit="limits.upload_mb",
    )


def _limited(receive: Receive, limit: int) -> Receive:
    """The same stream, stopped when it is too long."""
    left = limit

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(limit)
        return message

    return counted
