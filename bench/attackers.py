"""Those who do their worst to a server, in a process of their own: `python -m bench.attackers PORT` until its
standard input ends; it then prints what they were answered.

40 exports are opened and not read, 300 bodies are begun and not sent, 50 clients ask hard questions and 20 send
hostile tables to be checked. In the process of the usual clients, these would wait for the interpreter that the
others hold.

`--dummy` is a server that does nothing: it takes what it is sent and answers a second later that it is full, as ours
does. What usual clients wait while it is attacked is what the attack itself takes of the machine.
"""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.serving import RECORDS

STALLED, HALF, HARD, CHECKS = 40, 300, 50, 20
EXPORT = "/api/explore/v2.1/catalog/datasets/comptages/exports"
FROM = "127.0.0.3"


def hard(n: int) -> str:
    """A question that takes seconds: every row is folded and compared, sorted, and grouped by almost itself."""
    where = f"lower(lieu) like '%{n % 97}%' or lower(quartier) like '%{n % 89}%' or lower(compteur) like '%{n % 83}%'"
    return f"{RECORDS}?" + urlencode(
        {
            "where": where,
            "group_by": "lieu,compteur,horodatage",
            "select": "count(*) as n, avg(montant) as m",
            "order_by": "m desc",
            "limit": 50,
        }
    )


def hostile() -> bytes:
    """A table of 4,000 columns."""
    names = ";".join(f"colonne_{i}" for i in range(4000))
    return (
        names
        + "\n"
        + "\n".join(";".join(f"{(i * 7919 + r) % 100_003}" for i in range(4000)) for r in range(30))
        + "\n"
    ).encode()


@dataclass
class Seen:
    """What the clients of one kind saw."""

    ms: list[float] = field(default_factory=list[float])
    statuses: Counter[str] = field(default_factory=Counter[str])

    def p95(self) -> float:
        return sorted(self.ms)[int(len(self.ms) * 0.95)] if self.ms else float("inf")

    def median(self) -> float:
        return sorted(self.ms)[len(self.ms) // 2] if self.ms else float("inf")


def client(
    port: int,
    source: str,
    path: Callable[[int], str],
    stop: threading.Event,
    seen: Seen,
    first: int,
    pause_s: float,
) -> None:
    """One client: a question, its answer, a pause."""
    for n in itertools.count(first):
        if stop.is_set():
            return
        began = time.perf_counter()
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=90, source_address=(source, 0))
            link.request("GET", path(n), headers={"Accept": "*/*"})
            answer = link.getresponse()
            answer.read()
            seen.statuses[str(answer.status)] += 1
            link.close()
        except OSError as wrong:
            seen.statuses[type(wrong).__name__] += 1
        seen.ms.append((time.perf_counter() - began) * 1000)
        stop.wait(pause_s)


class Attack:
    """All of it, from one process, until it stops."""

    def __init__(self, port: int, source: str) -> None:
        self.port, self.source = port, source
        self.stop = threading.Event()
        self.hard, self.checks = Seen(), Seen()
        self.links: list[socket.socket] = []

    def begin(self) -> None:
        for n in range(STALLED):
            path = f"{EXPORT}/{('csv', 'json', 'jsonl', 'parquet')[n % 4]}"
            self._open(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for n in range(HALF):
            path = ("/verifier", "/depots/nouveau", "/connexion", "/api/check/v1")[n % 4]
            size = "150000" if path == "/connexion" else "40000000"
            kind = "Content-Type: multipart/form-data; boundary=x"
            self._open(
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}\r\nContent-Length: {size}\r\n\r\n--x\r\n"
            )
        for n in range(HARD):
            asking = (self.port, self.source, hard, self.stop, self.hard, n * 1000, 0.0)
            threading.Thread(target=client, args=asking, daemon=True).start()
        body = hostile()
        for _ in range(CHECKS):
            threading.Thread(target=self._check, args=(body,), daemon=True).start()

    def _open(self, said: str) -> None:
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.bind((self.source, 0))
        link.connect(("127.0.0.1", self.port))
        link.sendall(said.encode())
        self.links.append(link)

    def _check(self, body: bytes) -> None:
        head = b'--x\r\nContent-Disposition: form-data; name="fichier"; filename="large.csv"\r\nContent-Type: text/csv\r\n\r\n'
        whole = head + body + b"\r\n--x--\r\n"
        while not self.stop.is_set():
            try:
                link = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=90, source_address=(self.source, 0)
                )
                link.request(
                    "POST", "/api/check/v1", whole, {"Content-Type": "multipart/form-data; boundary=x"}
                )
                self.checks.statuses[str(link.getresponse().status)] += 1
                link.close()
            except OSError as wrong:
                self.checks.statuses[type(wrong).__name__] += 1


@dataclass(slots=True)
class Attackers:
    """That process, begun. pid: whose it is; answers: what they were answered, once they left."""

    process: subprocess.Popen[str]
    answers: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])

    def leave(self) -> None:
        """End all of it at once, as a crowd that goes."""
        out, _ = self.process.communicate("", timeout=60)
        self.answers = json.loads(out)


def begin(port: int) -> Attackers:
    """Attack the server on that port."""
    command = [sys.executable, "-m", "bench.attackers", str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return Attackers(process)


async def _full(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request of the attack, at the server that does nothing."""
    with suppress(OSError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        left = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        while left > 0 and (piece := await reader.read(65_536)):
            left -= len(piece)
        if left <= 0:
            await asyncio.sleep(1.0)
            writer.write(b"HTTP/1.1 503 Full\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
    writer.close()


async def _dummy() -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # those whose clients left
    server = await asyncio.start_server(_full, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def dummy() -> tuple[subprocess.Popen[str], int]:
    """A server that does nothing, and its port. It ends with its standard input."""
    command = [sys.executable, "-m", "bench.attackers", "--dummy"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if process.stdout is None:
        raise RuntimeError("no standard output")
    return process, int(process.stdout.readline())


def main(words: list[str]) -> None:
    """The process."""
    if words == ["--dummy"]:
        asyncio.run(_dummy())
        return
    attack = Attack(int(words[0]), FROM)
    attack.begin()
    sys.stdin.read()
    attack.stop.set()
    sys.stdout.write(json.dumps({"hard": attack.hard.statuses, "checks": attack.checks.statuses}))
    sys.stdout.flush()
    # Nobody waits for the answers under way.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
