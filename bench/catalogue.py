"""Bar 6: a catalogue of 20,000 datasets costs what it shows. CPU seconds of the web process for each page and
list, beside Datasette with as many tables.

The process is `parvis serve` without its worker; its processor time is read from the system (/proc), before
and after each question, user and system together. Cold: the first question of its kind since the process
began. Warm: the mean of the next ones, each another address. Nothing is asked twice. Streams of the whole
(DCAT, exports, sitemap) are timed once, with the most memory that the process took.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from bench import large_city, load, report
from bench.peers import ROOT, environment

CACHE = ROOT / "bench" / ".cache"
MANY = 20_000
PEER = "datasette==0.65.5"
TICK = os.sysconf("SC_CLK_TCK")
EXPLORE = "/api/explore/v2.1/catalog"

Ask = Callable[[int], str]

LISTS: dict[str, Ask] = {
    "home": lambda n: f"/?n={n}",
    "search, everything": lambda n: f"/jeux?page={n + 1}",
    "search, words": lambda n: (
        f"/jeux?q={('piscines', 'budget', 'arbres', 'toilettes', 'lez')[n % 5]}&page={n + 1}"
    ),
    "search, facet": lambda n: f"/jeux?organisation=direction-{n}&tri=title",
    "dataset": lambda n: f"/jeux/jeu-{n * 997 + 40}",
    "dataset, metadata": lambda n: f"/jeux/jeu-{n * 997 + 41}/metadonnees",
    "dataset, DCAT": lambda n: f"/jeux/jeu-{n * 997 + 42}.ttl",
    "dataset, feed": lambda n: f"/jeux/jeu-{n * 997 + 43}.atom",
    "organisations": lambda n: f"/organisations?n={n}",
    "organisation": lambda n: f"/organisations/direction-{n}?page=2",
    "services": lambda n: f"/services?n={n}",
    "quality": lambda n: f"/qualite?page={n + 1}",
    "quality, late first": lambda n: f"/qualite?tri=fraicheur&page={n + 1}",
    "quality of a dataset": lambda n: f"/qualite/jeu-{n * 997 + 44}",
    "quality, feed": lambda n: f"/qualite/regressions.atom?n={n}",
    "descriptions": lambda n: f"/metadonnees?page={n + 1}",
    "plan": lambda n: f"/plan-du-site?page={n + 1}",
    "DCAT, a page": lambda n: f"/catalogue.ttl?page={n + 1}&page_size=20",
    "Explore, list": lambda n: f"{EXPLORE}/datasets?limit=20&offset={n * 20}",
    "Explore, refined": lambda n: f"{EXPLORE}/datasets?refine=publisher:Direction%20{n}&limit=20",
    "Explore, where": lambda n: (
        f"{EXPLORE}/datasets?where=records_count%3E{20 + n}%20and%20keyword%3D%22budget%22&limit=20"
    ),
    "Explore, words": lambda n: f"{EXPLORE}/datasets?where=%22relev%C3%A9%20{n}%22&limit=20",
    "Explore, facets": lambda n: f"{EXPLORE}/facets?facet=publisher&facet=theme&n={n}",
    "Explore, a table": lambda n: f"{EXPLORE}/datasets/jeu-{n * 997 + 45}",
    "Explore, records": lambda n: f"{EXPLORE}/datasets/jeu-{n * 997 + 46}/records",
}
WHOLE = (
    "/sitemap.xml",
    "/catalogue.ttl",
    "/catalogue.jsonld",
    "/catalogue.rdf",
    f"{EXPLORE}/exports/csv",
    f"{EXPLORE}/exports/json",
)


def main() -> None:
    """Make the city and the peer's file if they are not there, ask, print and keep."""
    folder = CACHE / f"large-{MANY}"
    if not folder.exists():
        large_city.build(folder, MANY).db.close()
    command = [sys.executable, "-m", "parvis", "serve", "--city", str(folder), "--port"]
    rows: list[dict[str, object]] = []
    began = time.perf_counter()
    with served(command, {"PARVIS_SERVE_WORKER": "false"}) as (port, process):
        first = time.perf_counter() - began
        for name, ask in LISTS.items():
            rows.append(timed(f"Parvis: {name}", port, process, ask))
        memory = peak_mb(process)
        for path in WHOLE:
            rows.append({"what": f"Parvis: {path}", "cold": cost(port, process, path), "warm": ""})
        rows.append({"what": "Parvis: start to first page, wall s", "cold": first, "warm": ""})
        rows.append(
            {
                "what": "Parvis: most memory, MB, after the lists and after the streams",
                "cold": memory,
                "warm": peak_mb(process),
            }
        )
    notes = (f"{MANY} datasets; CPU seconds of the web process from /proc, ticks of {1000 // TICK} ms",)
    report.write("catalogue", rows, notes=notes)  # the peer may take long
    with served([*peer(), "--port"], {}, ready="/-/versions.json") as (port, process):
        for name, ask in PEERS.items():
            rows.append(timed(f"Datasette: {name}", port, process, ask))
    report.write("catalogue", rows, notes=notes)


PEERS: dict[str, Ask] = {
    "home": lambda n: f"/?n={n}",
    "list of tables": lambda n: f"/tables-{MANY}.json?n={n}",
    "table": lambda n: f"/tables-{MANY}/jeu-{n * 997 + 40}",
}


def peer() -> list[str]:
    """Datasette on a file with as many tables of 25 rows."""
    file = CACHE / f"tables-{MANY}.db"
    if not file.exists():
        made = sqlite3.connect(file)
        for n in range(MANY):
            made.execute(
                f'CREATE TABLE "jeu-{n}" (identifiant INTEGER PRIMARY KEY, jour TEXT, quartier TEXT, valeur INTEGER)'
            )
            made.executemany(
                f'INSERT INTO "jeu-{n}" VALUES (?, ?, ?, ?)',
                [(i, f"2026-10-{i + 1:02d}", "Centre", i * n % 1000) for i in range(25)],
            )
        made.commit()
        made.close()
    return [
        str(environment("datasette", PEER)),
        "-m",
        "datasette",
        "serve",
        str(file),
        "--setting",
        "sql_time_limit_ms",
        "60000",
    ]


def timed(what: str, port: int, processes: Sequence[int], ask: Ask) -> dict[str, object]:
    """The first question of its kind, and the mean of five more."""
    try:
        cold = cost(port, processes, ask(0))
        return {
            "what": what,
            "cold": cold,
            "warm": sum(cost(port, processes, ask(n)) for n in range(1, 6)) / 5,
        }
    except TimeoutError:  # of `load.get`
        return {"what": what, "cold": "no answer in 120 s", "warm": ""}


@contextmanager
def served(
    command: Sequence[str], environ: Mapping[str, str], *, ready: str = "/"
) -> Generator[tuple[int, Sequence[int]]]:
    """A server on a free port, once it has given a page. Yields the port and its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with subprocess.Popen([*command, str(port)], env=os.environ | environ) as server:
        try:
            while server.poll() is None:
                try:
                    load.get(port, ready)
                    break
                except (OSError, HTTPException):
                    time.sleep(0.1)
            yield port, family(server.pid)
        finally:
            server.terminate()


def family(pid: int) -> Sequence[int]:
    """A process and all that it has started."""
    parents = {
        int(p.parent.name): int(p.read_text().rpartition(")")[2].split()[1])
        for p in Path("/proc").glob("[0-9]*/stat")
    }
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cost(port: int, processes: Sequence[int], path: str) -> float:
    """CPU seconds of an answer, read whole."""
    before = spent(processes)
    load.get(port, path)
    return spent(processes) - before


def spent(processes: Sequence[int]) -> float:
    """User and system time of these processes, in seconds."""
    ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes]
    return sum(int(t[11]) + int(t[12]) for t in ticks) / TICK


def peak_mb(processes: Sequence[int]) -> float:
    """Most memory that the largest of them held."""
    held = [
        next(
            line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")
        )
        for pid in processes
    ]
    return max(int(line.split()[1]) for line in held) / 1024


if __name__ == "__main__":
    main()
