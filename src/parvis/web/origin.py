"""Every request as it left the visitor: behind trusted proxies the address, scheme and host that they vouch
for; a host that is not ours is told so.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from parvis.core import origin
from parvis.core.settings import Serve

Refusal = Callable[[Request, str], Response]
"""Answers a request whose host is not ours; the name that it asked for."""


class Origin:
    """ASGI middleware, outermost: corrects client, scheme and host in the scope: whatever follows reads the
    right ones. refuse: the page that says no.
    """

    def __init__(self, app: ASGIApp, serve: Serve, refuse: Refusal) -> None:
        self.app, self.refuse = app, refuse
        self.proxies, self.hosts = origin.proxies(serve), origin.hosts(serve)
        ours = urlsplit(origin.listened(serve))
        self.own = (ours.scheme, ours.netloc)
        self.fixed = bool(serve.base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else ""
        headers = list(scope["headers"])
        asked = origin.origin(peer, scope["scheme"], headers, self.proxies)
        named = sum(1 for name, _ in headers if name == b"host")
        allowed = self.hosts.allow(asked.host) if named else scope.get("http_version") in ("1", "1.0")
        # The address of the settings rules: whatever is built from the request (redirections too) bears it.
        scheme, host = self.own if self.fixed or not allowed or not asked.host else (asked.scheme, asked.host)
        scope["scheme"], scope["client"] = (
            scheme,
            (asked.client, 0) if asked.client != peer else scope.get("client"),
        )
        scope["headers"] = [
            (b"host", host.encode("latin-1")),
            *((name, value) for name, value in headers if name != b"host"),
        ]
        if allowed:
            await self.app(scope, receive, send)
            return
        answer = await run_in_threadpool(self.refuse, Request(scope, receive), asked.host)
        await answer(scope, receive, send)
