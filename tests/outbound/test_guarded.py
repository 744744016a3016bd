"""What goes out never reaches inside a private network, by whatever writing of an address, redirection or
document; and nobody holds a connection open for ever.
"""

from __future__ import annotations

import json
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from parvis import outbound
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import SourceDown, UsageError
from parvis.core.types import Dataset, Organisation, Resource
from parvis.harvest import asking
from parvis.outbound import Barred, allowing, only, public
from parvis.publication.city import open_city
from parvis.store import datasets
from parvis.store import live as kept
from parvis.work import polling

INSIDE = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.19.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::1", "2002:0808:0808::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
)  # fmt: skip
OUTSIDE = (
    "8.8.8.8",
    "1.1.1.1",
    "192.0.1.1",
    "100.128.0.1",
    "172.32.0.1",
    "2a00:1450:4007::1",
    "2606:4700::1111",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_of_the_open_internet_is_not_asked(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_of_the_open_internet_is(address: str) -> None:
    assert public(address)


def test_a_city_names_machines_of_its_own() -> None:
    allowed = allowing("10.1.2.3:8080, 10.2.0.0/16, [fd00::1]:9000, fd00:2::/32, 10.3.0.1")
    assert all(
        allowed(a, p)
        for a, p in (
            ("10.1.2.3", 8080),
            ("10.2.9.9", 1),
            ("fd00::1", 9000),
            ("fd00:2::7", 80),
            ("10.3.0.1", 443),
            ("8.8.8.8", 80),
        )
    )
    assert not any(
        allowed(a, p) for a, p in (("10.1.2.3", 22), ("10.4.0.1", 80), ("fd00::1", 80), ("127.0.0.1", 8080))
    )
    for wrong in ("capteurs.ville.lan", "10.1.2.3:port", "10.1.2.3/40", "10.1.2.3;10.1.2.4"):
        with pytest.raises(UsageError, match=r"network\.private"):
            allowing(wrong)


class Server(ThreadingHTTPServer):
    """Answers each path with what it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        self.paths: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Of `Server`."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, body = self.server.paths.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def near() -> Iterator[Server]:
    """A server of the city's own network that it names."""
    with serving() as made:
        yield made


@pytest.fixture
def inner() -> Iterator[Server]:
    """Another on the same machine, that nobody named."""
    with serving() as made:
        made.paths["/secret.json"] = (200, {}, b"{}")
        yield made


def client(of: Server, *, total_s: float = 10.0) -> httpx.Client:
    return outbound.client(
        allowing(of.base.removeprefix("http://")),
        total_s=total_s,
        timeout=asking.TIMEOUT,
        follow_redirects=True,
    )


def test_a_redirection_does_not_lead_inside(near: Server, inner: Server) -> None:
    port = inner.server_address[1]
    for number, host in enumerate(
        ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1")
    ):
        near.paths[f"/{number}"] = (302, {"Location": f"http://{host}:{port}/secret.json"}, b"")
        with client(near) as asked, pytest.raises(Barred):
            asked.get(f"{near.base}/{number}")
    near.paths["/here"] = (302, {"Location": "/there"}, b"")
    near.paths["/there"] = (200, {}, b"ok")
    with client(near) as asked:
        assert asked.get(f"{near.base}/here").content == b"ok"
    assert inner.asked == []


def test_a_feed_does_not_lead_inside(near: Server, inner: Server, tmp_path: Path) -> None:
    """By its discovery document, as GBFS has one, through the poller's own way: the feed is down, its page
    says why, and the machine inside is never asked.
    """
    feeds = [
        {"name": n, "url": f"{inner.base}/secret.json"} for n in ("station_information", "station_status")
    ]
    near.paths["/gbfs.json"] = (
        200,
        {},
        json.dumps(
            {"last_updated": 1, "ttl": 0, "version": "2.3", "data": {"fr": {"feeds": feeds}}}
        ).encode(),
    )
    create(tmp_path / "ville", "Rivemont", {"network": {"private": f'"{near.base.removeprefix("http://")}"'}})
    city = open_city(settings.load(tmp_path / "ville", {}), clock=lambda: datetime(2026, 11, 29, tzinfo=UTC))
    resource = Resource(
        "velos/releves", "velos", "Relevés", source=f"{near.base}/gbfs.json", reader="gbfs", every_s=60
    )
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("mobilites", "Mobilités"))
        datasets.describe(conn, Dataset("velos", "Vélos", "Les stations", publisher="mobilites"))
        datasets.save_resource(conn, resource)
    stop = threading.Event()
    with polling.poller(city, stop) as turn:
        turn()
    with city.db.read() as conn:
        said = kept.feed(conn, resource.id)
    city.db.close()
    assert said is not None
    assert (said.state, "réseau privé" in said.message) == ("down", True)
    assert (near.asked, inner.asked) == (["/gbfs.json"], [])


def test_an_unnamed_feed_inside_is_down_and_the_mend_names_the_setting(inner: Server) -> None:
    with (
        outbound.client(timeout=asking.TIMEOUT, follow_redirects=True) as asked,
        pytest.raises(SourceDown) as told,
    ):
        asking.get(asked, f"{inner.base}/secret.json", lambda _: None)
    assert "network.private" in told.value.mend
    assert inner.asked == []


def test_a_byte_now_and_then_does_not_hold_a_connection() -> None:
    """The far end sends a header for ever, well inside the time of one wait: the connection ends by its own
    clock.
    """
    over = threading.Event()

    def drip(listening: socket.socket) -> None:
        met, _ = listening.accept()
        with met:
            met.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not over.wait(0.02):
                try:
                    met.sendall(b"a")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        with (
            outbound.pool(lambda address, port: True, total_s=0.3) as pool,
            pytest.raises(httpcore.TimeoutException),
        ):
            pool.request("GET", f"http://127.0.0.1:{port}/")
        over.set()
        thread.join()


def test_by_a_proxy_the_same_is_refused(near: Server, inner: Server) -> None:
    """The proxy is a machine that the city named; what it is asked for is looked at before."""
    near.paths["http://parvis.invalid/donnees"] = (200, {}, b"by the proxy")
    with outbound.pool(proxy=near.base) as pool:
        assert pool.request("GET", "http://parvis.invalid/donnees").content == b"by the proxy"
        with pytest.raises(Barred):
            pool.request("GET", f"{inner.base}/secret.json")
    assert inner.asked == []
    with pytest.raises(UsageError, match=r"network\.proxy"):
        outbound.pool(proxy="mandataire:3128")


def test_what_the_city_asks_of_itself_is_itself_alone() -> None:
    allowed = only("http://127.0.0.1:8000")
    assert allowed("127.0.0.1", 8000)
    assert not allowed("127.0.0.1", 5432)
    assert not allowed("8.8.8.8", 8000)


def test_a_certificate_that_is_not_good_is_refused() -> None:
    """Signed by nobody: not asked, by any way out."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(
            made.public_bytes(Encoding.PEM)
            + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        file.flush()
        context.load_cert_chain(file.name)

    def answer(listening: socket.socket) -> None:
        met, _ = listening.accept()
        with met, suppress(OSError):
            context.wrap_socket(met, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,), daemon=True)
        thread.start()
        with (
            outbound.pool(lambda address, port: True) as pool,
            pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            pool.request("GET", f"https://127.0.0.1:{listening.getsockname()[1]}/")
        thread.join()
