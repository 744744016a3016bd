"""Name servers, addresses and far ends that lie: what goes out is resolved once, and the connection goes to what was
looked at.
"""

from __future__ import annotations

import ast
import gzip
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

import parvis
from parvis import outbound
from parvis.core.errors import SourceDown
from parvis.harvest import asking
from parvis.outbound import Barred

WAITS = httpx.Timeout(2.0)
PUBLIC = "93.184.216.34"


class NameServer:
    """Answers `getaddrinfo` with one list after the other; tells what was connected to, and connects to nothing."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers, self.asked, self.to = list(answers), 0, list[str]()

    def resolve(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    def connect(self, backend: object, host: str, *_: Any, **__: Any) -> Any:
        self.to.append(host)
        raise httpcore.ConnectError("nobody is there")


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[NameServer]]:
    class Used(NameServer):
        def __init__(self, *answers: tuple[str, ...]) -> None:
            super().__init__(*answers)
            monkeypatch.setattr(outbound.socket, "getaddrinfo", self.resolve)
            monkeypatch.setattr(
                httpcore.SyncBackend, "connect_tcp", lambda backend, *a, **k: self.connect(backend, *a, **k)
            )

    return Used


def ask(url: str, proxy: str = "") -> None:
    with outbound.client(proxy=proxy, timeout=WAITS, follow_redirects=True) as client:
        client.get(url)


def test_a_name_is_resolved_once_and_the_connection_goes_there(lying: type[NameServer]) -> None:
    """DNS rebinding: what the name server says the second time nobody hears."""
    server = lying((PUBLIC,), ("127.0.0.1",))
    with pytest.raises(httpx.ConnectError):
        ask("http://rebinding.example/")
    assert (server.asked, server.to) == (1, [PUBLIC])


@pytest.mark.parametrize(
    "addresses", [(PUBLIC, "127.0.0.1"), ("10.0.0.1", PUBLIC), ("::ffff:127.0.0.1",), ("64:ff9b::7f00:1",), ("fe80::1%eth0",)]
)  # fmt: skip
def test_one_address_inside_bars_the_name(lying: type[NameServer], addresses: tuple[str, ...]) -> None:
    server = lying(addresses)
    with pytest.raises(Barred):
        ask("https://several.example/")
    assert server.to == []


@pytest.mark.parametrize(
    "host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost", "localhost.", "[::1]", "[::ffff:7f00:1]", "[::]", "0"]
)  # fmt: skip
def test_an_address_written_otherwise_is_what_it_is(host: str) -> None:
    with pytest.raises((Barred, httpx.ConnectError, httpx.InvalidURL)):
        ask(f"http://{host}:9/")


def test_no_setting_of_the_process_leads_by_a_proxy_that_the_city_did_not_name(
    lying: type[NameServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    server = lying((PUBLIC,))
    with pytest.raises(httpx.ConnectError):
        ask("http://data.example/")
    assert server.to == [PUBLIC]


@pytest.mark.parametrize(
    "host", ["intranet", "127.0.0.1.", "0x7f.0.0.1.", "bureau.local", "metadata.google.internal", "x.localhost", "nas.home.arpa"]
)  # fmt: skip
def test_a_proxy_is_not_asked_for_names_of_inner_networks(lying: type[NameServer], host: str) -> None:
    """It resolves what we cannot: names of its own network, and addresses in writings of its own."""
    server = lying(())
    with pytest.raises(Barred):
        ask(f"http://{host}/", proxy="http://127.0.0.1:3128")
    assert server.to == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(302, headers={"location": "http://turn.example/"}), "trop de redirections"),
        (httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")), "réponse illisible"),
    ],
)  # fmt: skip
def test_what_a_far_end_does_is_its_fault_not_ours(answer: httpx.Response, why: str) -> None:
    """A feed that turns in circles or cannot be unpacked is down, and the page says why."""

    def answering(request: httpx.Request) -> httpx.Response:
        return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)

    with (
        httpx.Client(transport=httpx.MockTransport(answering), follow_redirects=True) as client,
        pytest.raises(SourceDown, match=why),
    ):
        asking.get(client, "http://turn.example/", lambda _: None)


@pytest.mark.parametrize(
    "url", ["http://[", "http://[::1/x", f"http://{'a' * 80}.example/", "http://a..example/"]
)
def test_an_address_that_is_none_is_down(url: str) -> None:
    with outbound.client(timeout=WAITS, follow_redirects=True) as client, pytest.raises(SourceDown):
        asking.get(client, url, lambda _: None)


def test_a_small_answer_that_unpacks_without_end_is_cut() -> None:
    packed = gzip.compress(bytes(3_000_000))
    answer = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(packed))
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        assert asking.body(client, "http://bomb.example/", 1_000_000) is None


OUT = frozenset({"httpx.Client", "httpx.AsyncClient", "httpx.get", "httpx.post", "httpx.stream", "httpx.request", "httpcore.ConnectionPool",
                 "httpcore.HTTPProxy", "socket.create_connection", "urllib.request.urlopen", "http.client.HTTPConnection"})  # fmt: skip
"""Calls that open a connection."""


CALLS = re.compile(r"\b(httpx|httpcore|smtplib|urllib|requests|aiohttp|create_connection|http\.client)\b")


def test_nothing_else_goes_out() -> None:
    """`outbound` alone connects to addresses; a mail server is the city's own (`alerts/mail.py`)."""
    root, wrong = Path(parvis.__file__).parent, list[str]()
    for path in sorted(root.rglob("*.py")):
        text = path.read_text("utf-8")
        if not CALLS.search(text):
            continue  # parsing them all takes seconds
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func) in OUT
            ):
                wrong.append(f"{path.relative_to(root)}:{node.lineno} {ast.unparse(node.func)}")
            named = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {"smtplib", "urllib.request", "http.client", "requests", "aiohttp"} & set(named):
                wrong.append(f"{path.relative_to(root)}:{node.lineno} {named}")
    assert all(w.startswith(("outbound.py", "alerts/mail.py")) for w in wrong), wrong
    assert any(w.startswith("outbound.py") for w in wrong)
