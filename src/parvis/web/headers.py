"""What every answer says to browsers about safety, errors included."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFETY: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
}
"""No script or style but our own files; `blob:` and `data:` are what MapLibre needs for its worker and its
icons.
"""


_FRAMED = re.compile(r"(/[a-z]{2,3})?/integrer/")
"""Addresses of what other sites show in a frame: read only, without script, form of the portal or cookie."""

FRAMED: Mapping[str, str] = {
    **{name: value for name, value in SAFETY.items() if name != "X-Frame-Options"},
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors *",
        )
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Any site may frame them; an error about one too, or the frame would stay empty."""


HSTS = "max-age=31536000"
"""A year, renewed at each answer: browsers then ask by HTTPS only. Not for names below ours, which others may
serve (RFC 6797).
"""


class Safety:
    """ASGI middleware: add the headers that the answer does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        framed = _FRAMED.match(scope["path"]) is not None

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if framed:
                    headers.update(FRAMED)
                    del headers["X-Frame-Options"], headers["Set-Cookie"]
                else:
                    for name, value in SAFETY.items():
                        headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HSTS)
            await send(message)

        await self.app(scope, receive, safely)
