"""The one way out: connections to addresses that a stranger may have written, or that a far end may send us
to.

Each name is resolved here, every address that it has must be of the open Internet, and the connection goes to
an address that was looked at: neither a redirection, nor a document that names another machine, nor a second
answer of the name server leads inside a private network. A city names the machines of its own network that
feeds may be on (`network.private`). A connection has one clock for all that is said on it: a byte every few
seconds does not hold it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

LIMITS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}
"""Seconds of one wait."""

TOTAL_S = 60.0
"""Seconds that a connection lasts, from the first packet to the last byte of the answer."""

Allowed = Callable[[str, int], bool]
"""Whether an IP address may be asked, on this port."""

_RESERVED = tuple(
    IPv4Network(n)
    for n in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
"""IANA's special-purpose IPv4 blocks (RFC 6890 and its registry), multicast and class E: the same on every
version of Python.
"""

_UNICAST = IPv6Network("2000::/3")
"""All that is assigned as global unicast (RFC 4291): what lies outside (loopback, mapped, unique local, link
local, site local, multicast…) is not.
"""

_RESERVED6 = tuple(IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
"""Inside it: protocol assignments (Teredo among them), documentation, 6to4."""

_CARRIES_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"))
"""The well-known prefix of NAT64 (RFC 6052), and IPv4 mapped: their last 32 bits are the machine that is
asked.
"""


_INNER = frozenset(
    {"corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "private"}
)
"""Ends of names that no public name server knows (RFC 6761; RFC 6762, appendix G; ICANN for `internal`)."""

_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*")
"""The end of an address written otherwise, not of a name (WHATWG URL, 3.5): `127.0.0.1.`, `0x7f.1`."""


class Barred(Exception):
    """The address leads where we do not go."""


def public(address: str, port: int = 0) -> bool:
    """Whether an IP address is of the open Internet, on whatever port. What carries an IPv4 address is judged
    by it.
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, IPv6Address):
        if not any(ip in n for n in _CARRIES_IPV4):
            return ip in _UNICAST and not any(ip in n for n in _RESERVED6)
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return not any(ip in n for n in _RESERVED)


@dataclass(frozen=True, slots=True)
class _Own:
    """Machines of the city's own network. port: 0 for any."""

    network: IPv4Network | IPv6Network
    port: int

    def has(self, ip: IPv4Address | IPv6Address, port: int) -> bool:
        return ip in self.network and self.port in (0, port)


def allowing(private: str) -> Allowed:
    """What is public, and beside it these machines: `10.1.2.3`, `10.1.2.3:8080`, `10.1.0.0/16`,
    `[fd00::1]:8080`, parted by commas. Raises UsageError.
    """
    own = tuple(_own(said.strip()) for said in private.split(",") if said.strip())

    def allowed(address: str, port: int) -> bool:
        ip = ipaddress.ip_address(address.split("%")[0])
        return public(address, port) or any(machine.has(ip, port) for machine in own)

    return allowed


def only(url: str) -> Allowed:
    """The machine of this address alone, wherever it is: for what the city asks of itself. Raises UsageError
    when its name is not known.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        own = {str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except OSError as wrong:
        raise UsageError(
            Sentence("« {hostname} » n’a pas d’adresse : {wrong}.", hostname=parts.hostname, wrong=wrong),
            mend="Vérifiez serve.base_url.",
        ) from wrong
    return lambda address, to: address in own and to == port


def _own(said: str) -> _Own:
    try:
        if "/" in said or (said.count(":") > 1 and not said.startswith("[")):
            return _Own(ipaddress.ip_network(said), 0)
        parts = urlsplit(f"//{said}")
        return _Own(ipaddress.ip_network(parts.hostname or ""), parts.port or 0)
    except ValueError as wrong:
        raise UsageError(
            Sentence("network.private : « {said} » n’est ni une adresse IP, ni un réseau.", said=said),
            mend="Écrivez par exemple 10.1.2.3, 10.1.2.3:8080 ou 10.1.0.0/16 ; pour un nom, donnez l’adresse de la machine.",
        ) from wrong


def pool(allowed: Allowed = public, *, proxy: str = "", total_s: float = TOTAL_S) -> httpcore.ConnectionPool:
    """Connections that go to addresses that are allowed, and raise Barred for others.

    proxy: the HTTP proxy by which the city goes out, "" for none: it resolves names, so they are looked at
    here first and a second answer is not seen. total_s: how long one connection may last; each request has
    its own, so this is the clock of a request.
    """
    context = ssl.create_default_context()
    if proxy:
        return _Proxied(allowed, proxy, context, total_s)
    return httpcore.ConnectionPool(
        ssl_context=context, network_backend=_Guarded(allowed, total_s), max_keepalive_connections=0
    )


def client(
    allowed: Allowed = public,
    *,
    proxy: str = "",
    total_s: float = TOTAL_S,
    timeout: httpx.Timeout,
    follow_redirects: bool,
) -> httpx.Client:
    """The same as an httpx client: every request of it, those that follow a redirection too, goes by `pool`."""
    return httpx.Client(
        transport=_Transport(pool(allowed, proxy=proxy, total_s=total_s)),
        timeout=timeout,
        follow_redirects=follow_redirects,
    )


class _Transport(httpx.HTTPTransport):
    """httpx's own way of asking, through our connections."""

    def __init__(self, connections: httpcore.ConnectionPool) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = connections


def of_the_open(host: str) -> bool:
    """Whether a name that has no address here may be one of the open Internet, for a proxy that knows more to resolve:
    neither a name of an inner network nor an address written in a way that only others read.

    >>> [of_the_open(h) for h in ("data.ville.fr", "intranet", "a.localhost.", "127.0.0.1.", "0x7f.1", "nas.home.arpa", "fe80::1")]
    [True, False, False, False, False, False, False]
    """
    name = host.rstrip(".").lower()
    before, _, last = name.rpartition(".")
    inner = last in _INNER or name.endswith(".home.arpa") or _NUMBER.fullmatch(last) is not None
    return bool(before) and not inner and ":" not in name


def _looked_at(host: str, port: int, allowed: Allowed) -> list[str]:
    """The addresses of a host, all of them allowed. Raises Barred, and OSError for a name that has none."""
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as wrong:  # a label of no or too many letters
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from wrong
    found = list(dict.fromkeys(str(info[4][0]) for info in infos))
    if not found or not all(allowed(address, port) for address in found):
        raise Barred
    return found


class _Guarded(httpcore.NetworkBackend):
    """Connects to an address that was looked at, or not at all."""

    def __init__(self, allowed: Allowed, total_s: float) -> None:
        self._allowed = allowed
        self._total_s = total_s
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        end = time.monotonic() + self._total_s
        try:
            found = _looked_at(host, port, self._allowed)
        except OSError as wrong:
            raise httpcore.ConnectError(str(wrong)) from wrong
        for number, address in enumerate(found, 1):
            try:
                return _Timed(
                    self._plain.connect_tcp(address, port, timeout, local_address, socket_options), end
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(found):
                    raise
        raise AssertionError("unreachable")


class _Proxied(httpcore.HTTPProxy):
    """Connections by a proxy, asked only for what is allowed. A name of the open Internet that only the proxy can
    resolve is left to it.
    """

    def __init__(self, allowed: Allowed, proxy: str, context: ssl.SSLContext, total_s: float) -> None:
        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                Sentence(
                    "network.proxy : « {scheme}://{hostname} » n’est pas une adresse http://hôte:port.",
                    scheme=parts.scheme,
                    hostname=parts.hostname or "",
                )
            )
        auth = (parts.username, parts.password or "") if parts.username else None
        where = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        here = _Guarded(
            lambda address, port: True, total_s
        )  # the proxy itself is a machine that the city named
        super().__init__(
            where, proxy_auth=auth, ssl_context=context, network_backend=here, max_keepalive_connections=0
        )
        self._allowed = allowed

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        url = request.url
        host = url.host.decode("ascii")
        try:
            _looked_at(host, url.port or {b"https": 443}.get(url.scheme, 80), self._allowed)
        except OSError as unknown:  # no name server here: the proxy has one
            if not of_the_open(host):
                raise Barred from unknown
        return super().handle_request(request)


class _Timed(httpcore.NetworkStream):
    """A stream that ends at a moment, whatever the far end does. end: of `time.monotonic()`."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def _left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise late("too slow as a whole")
        return left if timeout is None else min(timeout, left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
