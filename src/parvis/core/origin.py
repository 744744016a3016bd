"""Where a request comes from, and by which address of the portal: what the connection says, corrected by what
trusted proxies add.

Nothing that a stranger writes in a header is believed: `X-Forwarded-*` and `Forwarded` (RFC 7239) count only
as far as trusted proxies vouch for them, read from the right, and a name in `Host` counts only when the
settings know it. Pure: headers and settings in, values out.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Serve

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Headers = Sequence[tuple[bytes, bytes]]
"""As ASGI hands them: lower-case names, raw values, repeated names kept."""

Dialect = Literal["x-forwarded", "forwarded"]
"""Which headers the proxies write. Never both: a proxy that writes the one lets the other through as the
visitor wrote it.
"""

_HOST = re.compile(
    r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,252}[a-z0-9])?\.?)(?::(?P<port>[0-9]{1,5}))?",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"((?:[^\"\\]|\\.)*)\"|([!#$%&'*+.^_`|~0-9A-Za-z:\[\]-]+))[ \t]*([;,]|$)"
)
_EMPTY = re.compile(r"[ \t]*(,|$)")


@dataclass(frozen=True, slots=True)
class Proxies:
    """Networks of the proxies that are believed, and the headers that they write."""

    networks: tuple[Network, ...] = ()
    dialect: Dialect = "x-forwarded"

    def trust(self, address: Address | None) -> bool:
        """Whether what this neighbour says of the one before it is believed."""
        return address is not None and any(address in n for n in self.networks)


@dataclass(frozen=True, slots=True)
class Origin:
    """One request. client: address of whoever asks, as text; host: name and port by which they asked, "" when
    none or several were given.
    """

    client: str
    scheme: str
    host: str


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names by which the portal may be asked, lower case, without port; `below`: a point and the name above
    theirs; `ports`: those that may be said.
    """

    names: frozenset[str]
    below: tuple[str, ...] = ()
    ports: frozenset[int] = frozenset({80, 443})

    def allow(self, host: str) -> bool:
        """Whether `name` or `name:port` is one of them. Loopback names and addresses are: no other machine
        can be behind them; another program of the same machine can, at another port, and no link leads there,
        nor is a form taken from it.
        """
        name = host_name(host)
        match = _HOST.fullmatch(host)
        if not name or (match is not None and match["port"] and int(match["port"]) not in self.ports):
            return False
        ip = address(name)
        if ip is not None:
            return ip.is_loopback or str(ip) in self.names
        return name in self.names or name == "localhost" or name.endswith((".localhost", *self.below))


def proxies(serve: Serve) -> Proxies:
    """Read the settings. Raises UsageError for a network that is none, or headers that are not known."""
    networks: list[Network] = []
    for network in serve.trusted_proxies:
        try:
            networks.append(ipaddress.ip_network(network.strip(), strict=False))
        except ValueError:
            raise UsageError(
                Sentence(
                    "serve.trusted_proxies : « {said} » n’est ni une adresse ni un réseau.", said=network
                ),
                mend='Exemple : ["127.0.0.1", "10.0.0.0/8"].',
            ) from None
    for dialect in get_args(Dialect):
        if serve.proxy_headers == dialect:
            return Proxies(tuple(networks), dialect)
    raise UsageError(
        Sentence(
            "serve.proxy_headers : « {proxy_headers} » n’est pas connu.", proxy_headers=serve.proxy_headers
        ),
        mend="Valeurs possibles : x-forwarded, forwarded.",
    )


def hosts(serve: Serve) -> Hosts:
    """The names of the settings: that of `base_url`, the address listened on unless it is all of them, and
    `serve.hosts`. Raises UsageError for no name.
    """
    names, below = set[str](), list[str]()
    listened = address(serve.host)
    if serve.host and not (listened is not None and listened.is_unspecified):
        names.add(str(listened) if listened is not None else serve.host.lower())
    if serve.base_url:
        names.add(host_name(urlsplit(serve.base_url).netloc.rpartition("@")[2]))
    ports = {80, 443, serve.port} | {int(port) for port in (_port(urlsplit(serve.base_url).netloc),) if port}
    for host in serve.hosts:
        bare = host.strip().lower()
        ip = address(bare)
        name = str(ip) if ip is not None else host_name(bare.removeprefix("*."))
        if not name:
            raise UsageError(
                Sentence("serve.hosts : « {said} » n’est pas un nom d’hôte.", said=host),
                mend='Exemple : ["donnees.ville.fr", "donnees.ville.fr:8443", "*.ville.fr"], sans « http:// ».',
            )
        if port := _port(bare):
            ports.add(int(port))
        if bare.startswith("*."):
            below.append("." + name)
        else:
            names.add(name)
    return Hosts(frozenset(names - {""}), tuple(below), frozenset(ports))


def _port(host: str) -> str:
    """The port that is said after a name or address, "" for none."""
    match = _HOST.fullmatch(host)
    return (match["port"] or "") if match is not None else ""


def base_of(serve: Serve, scope: Mapping[str, object]) -> str:
    """Public address of the portal without a final bar, for one request: the one place where it is decided.
    `base_url` rules; without it, the name asked for.

    scope: ASGI, after `origin` corrected its scheme and host and `Hosts` allowed it.
    """
    if serve.base_url:
        return serve.base_url.rstrip("/")
    headers = scope["headers"]
    named_host = "" if not isinstance(headers, (list, tuple)) else _host(headers)
    return f"{scope['scheme']}://{named_host}" if named_host else listened(serve)


def listened(serve: Serve) -> str:
    """The address of the settings, without a request: `base_url`, else where the portal listens."""
    if serve.base_url:
        return serve.base_url.rstrip("/")
    return f"http://{f'[{serve.host}]' if ':' in serve.host else serve.host}:{serve.port}"


def origin(peer: str, scheme: str, headers: Headers, believed: Proxies) -> Origin:
    """Who asks and by which address. peer: the other end of the connection; scheme: of the connection."""
    host = _host(headers)
    if not believed.networks or not believed.trust(address(peer)):
        return Origin(peer, scheme, host)
    if believed.dialect == "forwarded":
        steps = forwarded(_joined(headers, b"forwarded"))
        client, hops = _walk(peer, [s["for"] for s in steps], believed)
        element = steps[-min(hops, len(steps))] if steps else {}
        schemes, names = [element.get("proto", "")], [element.get("host", "")]
    else:
        chain, schemes, names = (
            _listed(_joined(headers, b"x-forwarded-" + k)) for k in (b"for", b"proto", b"host")
        )
        client, hops = _walk(peer, chain, believed)
    outer_scheme = _at(schemes, hops).lower()
    named = _at(names, hops)
    return Origin(client, outer_scheme if outer_scheme in ("http", "https") else scheme, named or host)


def forwarded(text: str) -> list[dict[str, str]]:
    """The elements of a `Forwarded` header (RFC 7239, section 4), each with its parameters by lower-case
    name; none when any of it is malformed.
    """
    elements, element, at = list[dict[str, str]](), dict[str, str](), 0
    while at < len(text):
        if not element and (empty := _EMPTY.match(text, at)):
            at = empty.end()
            continue
        pair = _PAIR.match(text, at)
        if pair is None or pair[1].lower() in element:
            return []
        element[pair[1].lower()] = re.sub(r"\\(.)", r"\1", pair[2]) if pair[2] is not None else pair[3]
        at = pair.end()
        if pair[4] != ";":
            elements.append({"for": ""} | element)
            element = {}
    return [] if element else elements


def address(written: str) -> Address | None:
    """An address as people and proxies write it: with or without port and brackets, an IPv4 one inside IPv6 as itself; None for what is none.

    >>> str(address("[2001:db8::7]:443")), str(address("::ffff:192.0.2.1")), address("unknown")
    ('2001:db8::7', '192.0.2.1', None)
    """
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if ip.version == 6 else ip


def host_name(host: str) -> str:
    """The name in `name:port`, lower case, without brackets and final point; "" for what is no host of HTTP.

    >>> host_name("Donnees.Ville.FR.:8000"), host_name("[::1]:80"), host_name("a@b"), host_name("a/b")
    ('donnees.ville.fr', '::1', '', '')
    """
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or 0) > 65_535:
        return ""
    name = match["name"].lower().rstrip(".")
    if not name.startswith("["):
        return name
    inside = address(name)
    return "" if inside is None else str(inside)


def _walk(peer: str, chain: Sequence[str], believed: Proxies) -> tuple[str, int]:
    """The first address from the right that no trusted proxy has, and how many trusted proxies lie before it
    (at least the peer).
    """
    here, hops = address(peer), 0
    for step in reversed(chain):
        if not believed.trust(here):
            break
        hops += 1
        there = address(step)
        if there is None:  # « unknown », or a name: its proxy alone is known
            break
        here = there
    return (peer if here is None else str(here)), max(hops, 1)


def _at(values: Sequence[str], hops: int) -> str:
    """What the outermost trusted proxy said: each adds to the right, or the last passes on the only one."""
    return values[-min(hops, len(values))] if values else ""


def _joined(headers: Headers, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in headers if key == name)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _host(headers: Headers) -> str:
    values = [value for key, value in headers if key == b"host"]
    return values[0].decode("latin-1").strip() if len(values) == 1 else ""
