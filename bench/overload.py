"""Usual visitors while others do their worst, in the same run: `python -m bench.overload`.

One `parvis serve` with its one web process and its worker, on a city that `parvis publish` made (a million
rows, and two thousand). Eight usual clients ask for pages, records and small exports, first alone, then while
40 exports are opened and not read, 300 bodies are begun and not sent, 50 clients ask hard questions and 20
send hostile tables to be checked. Then the others leave. Loopback only; it ends by itself (--seconds for each
of the two looks).

What is told: the 95th percentile of the usual clients, quiet and under load, and their ratio; the greatest
resident memory of all processes of `serve` against what is declared (`Settings.serve_memory_mb`); how long
after the others left the p95 and the threads are as they were. Usual clients come from another loopback
address than the others, unless --same-address.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.serving import RECORDS, ours
from parvis.cli.city import settings

STALLED, HALF, HARD, CHECKS, USUAL = 40, 300, 50, 20, 8
EXPORT = "/api/explore/v2.1/catalog/datasets/comptages/exports"
USUAL_FROM, OTHERS_FROM = "127.0.0.2", "127.0.0.3"
BACK_S = 60.0


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


def usual(n: int) -> str:
    """What people and programs ask for: no two alike for long."""
    return (
        "/",
        "/jeux",
        "/jeux/comptages",
        f"/jeux?q={quote('compt')}{n % 50}",
        f"{RECORDS}?limit=20&offset={n * 31 % 9000}",
        f"{RECORDS}?" + urlencode({"where": f'compteur = "CPT#{n % 4001:04d}"', "limit": 20}),
        f"{EXPORT}/csv?limit=50&where=nombre%3D{n % 900}",
        "/a-propos",
    )[n % 8]


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


def look(port: int, seconds: float, source: str) -> Seen:
    """The usual clients, for so long."""
    seen, stop = Seen(), threading.Event()
    threads = [
        threading.Thread(target=client, args=(port, source, usual, stop, seen, k * 1000 + k, 0.1))
        for k in range(USUAL)
    ]
    for one in threads:
        one.start()
    time.sleep(seconds)
    stop.set()
    for one in threads:
        one.join()
    return seen


def family(pid: int) -> set[int]:
    """A process and all that it started."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(
                path.read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def resident_mb(pid: int) -> float:
    """Memory of a process and all that it started: what processes share is counted once for each, so that
    this is too much rather than too little.
    """
    total = 0.0
    for one in family(pid):
        try:
            total += (
                int(Path(f"/proc/{one}/statm").read_text("ascii").split()[1])
                * os.sysconf("SC_PAGE_SIZE")
                / 1e6
            )
        except (OSError, IndexError):
            continue
    return total


class Others:
    """Those who do their worst, until they leave."""

    def __init__(self, port: int, source: str) -> None:
        self.port, self.source = port, source
        self.stop = threading.Event()
        self.hard, self.checks = Seen(), Seen()
        self.links: list[socket.socket] = []
        self.threads: list[threading.Thread] = []

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
            self.threads.append(
                threading.Thread(
                    target=client,
                    args=(self.port, self.source, hard, self.stop, self.hard, n * 1000, 0.0),
                    daemon=True,
                )
            )
        body = hostile()
        for _ in range(CHECKS):
            self.threads.append(threading.Thread(target=self._check, args=(body,), daemon=True))
        for one in self.threads:
            one.start()

    def leave(self) -> None:
        self.stop.set()
        for one in self.links:
            one.close()

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


def main(words: list[str]) -> int:
    """Run it; 0 when the bars hold."""
    asked = argparse.ArgumentParser(prog="python -m bench.overload")
    asked.add_argument("--seconds", type=float, default=40.0)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--same-address", action="store_true")
    said = asked.parse_args(words)
    usual_from = OTHERS_FROM if said.same_address else USUAL_FROM
    # On a busy machine a process of the server may write for a moment after its parent was ended.
    with tempfile.TemporaryDirectory(prefix="parvis-overload-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "ville"
        served = ours(folder, said.rows)
        greatest, done = [0.0], threading.Event()

        def watch() -> None:
            while not done.wait(0.25):
                greatest[0] = max(greatest[0], resident_mb(served.process.pid))

        with served:
            watching = threading.Thread(target=watch)
            watching.start()
            declared = settings(folder).serve_memory_mb()
            look(served.port, 8.0, usual_from)
            quiet = look(served.port, said.seconds, usual_from)
            others = Others(served.port, OTHERS_FROM)
            others.begin()
            time.sleep(3.0)
            loaded = look(served.port, said.seconds, usual_from)
            others.leave()
            began, back = time.perf_counter(), None
            while time.perf_counter() - began < 2 * BACK_S and back is None:
                if look(served.port, 4.0, usual_from).p95() < 1.5 * quiet.p95():
                    back = time.perf_counter() - began
            after = resident_mb(served.process.pid)
            done.set()
            watching.join()
    ratio = loaded.p95() / quiet.p95()
    print(
        json.dumps(
            {
                "quiet_p95_ms": round(quiet.p95(), 1),
                "loaded_p95_ms": round(loaded.p95(), 1),
                "ratio": round(ratio, 2),
                "bar_ratio": 2.0,
                "usual_quiet": dict(quiet.statuses),
                "usual_loaded": dict(loaded.statuses),
                "hard": dict(others.hard.statuses),
                "checks": dict(others.checks.statuses),
                "greatest_mb": round(greatest[0]),
                "declared_mb": declared,
                "after_mb": round(after),
                "back_s": back and round(back, 1),
                "bar_back_s": BACK_S,
                "cores": os.cpu_count(),
                "load_average": os.getloadavg()[0],
            },
            indent=2,
        )
    )
    return 0 if ratio < 2 and back is not None and back < BACK_S else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
