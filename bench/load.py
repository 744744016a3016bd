"""A client that costs little: one thread, one kept-alive connection a client, requests made beforehand,
answers measured and thrown away.
"""

from __future__ import annotations

import http.client
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Load:
    """What came back. rate: answers a second (or marks a second); busy: the share of one core that the client
    itself took; ms: each answer's time.
    """

    done: int
    seconds: float
    bytes: int
    marks: int
    busy: float
    ms: tuple[float, ...]

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def marks_rate(self) -> float:
        return self.marks / self.seconds

    @property
    def median_ms(self) -> float:
        return sorted(self.ms)[len(self.ms) // 2] if self.ms else 0.0


@dataclass(slots=True)
class _Client:
    sock: socket.socket
    sent: float = 0.0
    head: bytearray = field(default_factory=bytearray)
    tail: bytes = b""
    left: int = -1
    """Bytes of the body still to come; -1: chunked, until the last chunk."""
    headed: bool = False


def request(path: str, *, etag: str = "", gzip: bool = False) -> bytes:
    """A GET, as its bytes."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    lines += [f"If-None-Match: {etag}"] if etag else []
    lines += ["Accept-Encoding: gzip"] if gzip else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def run(
    port: int,
    requests: Iterator[bytes],
    *,
    clients: int,
    seconds: float,
    expect: tuple[int, ...] = (200,),
    mark: bytes = b"",
    cut: bool = False,
) -> Load:
    """Ask for `seconds`, each client one question at a time, then wait for the answers under way (cut: do
    not, and count what came).

    mark: a byte that is counted in the bodies. Raises RuntimeError on any status but those expected.
    """
    chosen = selectors.DefaultSelector()
    for _ in range(clients):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chosen.register(sock, selectors.EVENT_READ, _Client(sock))
    links = [key.data.sock for key in chosen.get_map().values()]
    times: list[float] = []
    total = marks = 0
    cpu, started = time.process_time(), time.perf_counter()
    end = started + seconds
    asking = 0

    def ask(client: _Client) -> None:
        nonlocal asking
        client.head.clear()
        client.headed, client.tail, client.left = False, b"", -1
        client.sent = time.perf_counter()
        client.sock.sendall(next(requests))
        asking += 1

    for key in list(chosen.get_map().values()):
        ask(key.data)
    while asking:
        for key, _ in chosen.select(0.5):
            client: _Client = key.data
            data = client.sock.recv(PIECE)
            if not data:
                raise RuntimeError(f"the server closed the connection after {bytes(client.head[:200])!r}")
            total += len(data)
            if mark:
                marks += data.count(mark)
            if _whole(client, data, expect):
                now = time.perf_counter()
                times.append((now - client.sent) * 1000)
                asking -= 1
                if now < end:
                    ask(client)
                else:
                    chosen.unregister(client.sock)
                    client.sock.close()
        if cut and time.perf_counter() >= end:
            break
    took, used = time.perf_counter() - started, time.process_time() - cpu
    for sock in links:
        sock.close()
    chosen.close()
    return Load(len(times), took, total, marks, used / took, tuple(times))


def _whole(client: _Client, data: bytes, expect: tuple[int, ...]) -> bool:
    """Whether the answer is complete with these bytes."""
    if not client.headed:
        client.head += data
        at = client.head.find(b"\r\n\r\n")
        if at < 0:
            return False
        head = bytes(client.head[:at]).lower()
        status = int(head[9:12])
        if status not in expect:
            raise RuntimeError(f"status {status}: {bytes(client.head[:600])!r}")
        client.headed = True
        data = bytes(client.head[at + 4 :])
        if status == 304:
            return True
        place = head.find(b"\r\ncontent-length:")
        if place >= 0:
            client.left = int(head[place + 17 :].split(b"\r\n", 1)[0])
    if client.left >= 0:
        client.left -= len(data)
        return client.left == 0
    client.tail = (client.tail + data)[-5:]
    return client.tail == b"0\r\n\r\n"


def get(port: int, path: str) -> tuple[bytes, dict[str, str]]:
    """One answer, its body and its headers (in lower case)."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    link.request("GET", path)
    answer = link.getresponse()
    body = answer.read()
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
    return body, {k.lower(): v for k, v in answer.getheaders()}


Make = Callable[[int], str]


def stream(make: Make, start: int = 0) -> Iterator[bytes]:
    """Questions number start, start+1…, none twice."""
    at = start
    while True:
        yield request(make(at))
        at += 1
