"""Connections to addresses that anybody may have written: each name is resolved here and only what is public is asked, at the very address that was looked at.

So neither a redirection, nor a second answer of the name server, leads inside a private network.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable

import httpcore

LIMITS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}
"""Seconds."""


class Barred(Exception):
    """The address leads where we do not go."""


def public(address: str) -> bool:
    """Whether an IP address is of the open Internet."""
    return ipaddress.ip_address(address.split("%")[0]).is_global


def pool(allowed: Callable[[str], bool] = public) -> httpcore.ConnectionPool:
    """Connections that go to addresses that are allowed, and raise Barred for others. allowed: whether an IP address may be asked."""
    return httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=_Guarded(allowed))


class _Guarded(httpcore.NetworkBackend):
    """Connects to the address that was looked at, or not at all."""

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self._allowed = allowed
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        try:
            found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except OSError as wrong:
            raise httpcore.ConnectError(str(wrong)) from wrong
        if not found or not all(self._allowed(address) for address in found):
            raise Barred
        return self._plain.connect_tcp(found[0], port, timeout, local_address, socket_options)
