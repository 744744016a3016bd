"""Bar 4: serving 1M rows x 10 columns over HTTP, against Datasette on the same rows, in turns, with 1 and 8
clients.

Ours is `parvis serve` with its one web process, on a city that `parvis publish` made. Datasette is one
process, as it always is, at its best: immutable files, counts known beforehand (`inspect`), room for SQLite's
cache, no time limit, no facet suggestions; and once more on a copy whose owner indexed every column that the
filters name. Neither is asked for gzip. A question is never asked twice, except where the row says « again ».
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import duckdb

from bench import load, report
from bench.peers import ROOT, environment

CACHE = ROOT / "bench" / ".cache"
PEER = "datasette==0.65.5"
ROWS = 1_000_000
CLIENTS = (1, 8)
ROUNDS = 3
SECONDS = 1.0
EXPORT_SECONDS = 2.5

QUERY = """
SELECT i + 1 AS id,
       printf('%05d', 34000 + (i * 7919) % 343) AS code_insee,
       DATE '2015-01-01' + ((i * 104729) % 4000)::INT AS jour,
       strftime(TIMESTAMP '2020-01-01' + to_seconds((i * 15485863) % 150000000), '%Y-%m-%dT%H:%M:%S') AS horodatage,
       ['vélo', 'bus', 'tram', 'voiture', 'train', 'marche', 'trottinette', 'autre'][1 + (i * 31) % 8] AS mode,
       ((i * 48271) % 4000000 + 0.5) / 100.0 AS montant,
       (i * 69621) % 1000 AS nombre,
       'CPT#' || printf('%04d', i * 13 % 4001) AS compteur,
       ['Centre', 'Port Marianne', 'Les Cévennes', 'Mosson', 'Hôpitaux-Facultés', 'Croix d''Argent'][1 + (i * 17) % 6] AS quartier,
       'rue des Tanneurs, bâtiment ' || (i * 7 % 9973) AS lieu
FROM range(?) t(i)
"""
"""Every row has one `#`, which is how the rows of an export are counted as they come."""

TYPES = ("INTEGER PRIMARY KEY", "TEXT", "TEXT", "TEXT", "TEXT", "REAL", "INTEGER", "TEXT", "TEXT", "TEXT")
NAMES = (
    "id",
    "code_insee",
    "jour",
    "horodatage",
    "mode",
    "montant",
    "nombre",
    "compteur",
    "quartier",
    "lieu",
)
MODES = ("vélo", "bus", "tram", "voiture", "train", "marche", "trottinette", "autre")
RECORDS = "/api/explore/v2.1/catalog/datasets/comptages/records"
EXPORT = "/api/explore/v2.1/catalog/datasets/comptages/exports/csv?delimiter=%2C"
INDEXED = ("compteur", "mode", "montant", "nombre", "code_insee")

Make = Callable[[int], str]


# the questions: number n of each, in the words of either


def our_page(n: int) -> str:
    """100 records, somewhere in the 10,000 that paging reaches."""
    return f"{RECORDS}?" + urlencode({"limit": 100 - n // 9901, "offset": n * 7919 % 9901})


def peer_page(n: int) -> str:
    """The same records: Datasette goes on after a key."""
    return "/banc/comptages.json?" + urlencode(
        {"_size": 100 - n // 9901, "_next": n * 7919 % 9901, "_shape": "objects", "_nosuggest": 1}
    )


def our_selective(n: int) -> str:
    """One counter of 4,001 (250 rows), those above a number: some 125 rows match, 100 come."""
    return f"{RECORDS}?" + urlencode(
        {"where": f'compteur = "CPT#{n % 4001:04d}" and nombre >= {n // 4001 * 7 % 900 + 100}', "limit": 100}
    )


def peer_selective(n: int) -> str:
    said = {"compteur__exact": f"CPT#{n % 4001:04d}", "nombre__gte": n // 4001 * 7 % 900 + 100}
    return "/banc/comptages.json?" + urlencode({**said, "_size": 100, "_shape": "objects", "_nosuggest": 1})


def our_wide(n: int) -> str:
    """One mode of eight, those above an amount: tens of thousands match, 100 come."""
    return f"{RECORDS}?" + urlencode(
        {"where": f'mode = "{MODES[n % 8]}" and montant >= {n * 37 % 30000}', "limit": 100}
    )


def peer_wide(n: int) -> str:
    said = {"mode__exact": MODES[n % 8], "montant__gte": n * 37 % 30000}
    return "/banc/comptages.json?" + urlencode({**said, "_size": 100, "_shape": "objects", "_nosuggest": 1})


def our_groups(n: int) -> str:
    """Count, sum and mean of the rows above a number and under an amount, by mode (8 groups) or by commune
    (343), in turns.
    """
    by = ("mode", "code_insee")[n % 2]
    said = {
        "select": f"{by}, count(*) as n, sum(montant) as somme, avg(nombre) as moyenne",
        "where": f"nombre >= {n % 500} and montant < {40000 - n}",
        "group_by": by,
        "order_by": by,
        "limit": 400,
    }
    return f"{RECORDS}?" + urlencode(said)


def peer_groups(n: int) -> str:
    by = ("mode", "code_insee")[n % 2]
    sql = f"select {by}, count(*) as n, sum(montant) as somme, avg(nombre) as moyenne from comptages where nombre >= :a and montant < :b group by 1 order by 1"
    return "/banc.json?" + urlencode({"sql": sql, "a": n % 500, "b": 40000 - n, "_shape": "objects"})


def indexed(make: Make) -> Make:
    """The same question to the copy with indexes."""
    return lambda n: make(n).replace("/banc", "/indexe", 1)


def without(make: Make, *, add: str = "", drop: str = "") -> Make:
    """The same question with a Datasette option more, or less."""
    return lambda n: make(n).replace(drop, "") + add


# the two servers


def file(rows: int) -> Path:
    """The CSV, written once."""
    path = CACHE / f"comptages-{rows}.csv"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        duckdb.connect().execute(
            f"COPY ({QUERY.replace('?', str(int(rows)))}) TO '{path}' (DELIMITER ',', HEADER)"
        )
    return path


def databases(rows: int) -> tuple[Path, Path]:
    """The rows as SQLite, plain and with an index on each column of the filters, written once."""
    made = (CACHE / f"{rows}" / "banc.db", CACHE / f"{rows}" / "indexe.db")
    if not all(p.exists() for p in made):
        made[0].parent.mkdir(parents=True, exist_ok=True)
        found = duckdb.connect().execute(QUERY, [rows])
        for path in made:
            path.unlink(missing_ok=True)
        columns = ", ".join(f"{n} {t}" for n, t in zip(NAMES, TYPES, strict=True))
        con = sqlite3.connect(made[0])
        con.execute(f"CREATE TABLE comptages ({columns})")
        insert = f"INSERT INTO comptages VALUES ({', '.join('?' * len(NAMES))})"
        while batch := found.fetchmany(50_000):
            con.executemany(insert, [[str(v) if i == 2 else v for i, v in enumerate(r)] for r in batch])
        con.commit()
        con.execute("ANALYZE")
        con.execute("VACUUM")
        con.execute("VACUUM INTO ?", [str(made[1])])
        con.close()
        con = sqlite3.connect(made[1])
        for name in INDEXED:
            con.execute(f"CREATE INDEX by_{name} ON comptages ({name})")
        con.execute("ANALYZE")
        con.commit()
        con.close()
    return made


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Served:
    """A server of ours to start and to end."""

    process: subprocess.Popen[bytes]
    port: int

    def __enter__(self) -> Served:
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        raise RuntimeError("the server does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            # Datasette goes on with an export whose client left.
            self.process.kill()
            self.process.wait(timeout=30)


def published(folder: Path, rows: int) -> None:
    """A fresh city, and the file published in it."""
    parvis = (sys.executable, "-m", "parvis")
    subprocess.run(
        [*parvis, "init", str(folder)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    publish = [*parvis, "publish", "--city", str(folder), "--dataset", "comptages", "--json", str(file(rows))]
    said = subprocess.run(publish, capture_output=True, text=True, check=True)
    if '"published"' not in said.stdout:
        raise RuntimeError(said.stdout)


def serve(folder: Path) -> Served:
    """`parvis serve` on a city."""
    port = _port()
    return Served(
        subprocess.Popen(
            [sys.executable, "-m", "parvis", "serve", "--city", str(folder), "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ),
        port,
    )


def ours(folder: Path, rows: int) -> Served:
    """A fresh city, the file published, and `parvis serve`."""
    published(folder, rows)
    return serve(folder)


def peer(folder: Path, rows: int) -> Served:
    """`datasette serve` on both files."""
    datasette = (str(environment("datasette", PEER)), "-m", "datasette")
    files = [str(p) for p in databases(rows)]
    counts, port = folder / "counts.json", _port()
    if not counts.exists():
        subprocess.run([*datasette, "inspect", *files, "--inspect-file", str(counts)], check=True)
    settings = {
        "sql_time_limit_ms": 120_000,
        "max_csv_mb": 0,
        "cache_size_kb": 200_000,
        "max_returned_rows": 1000,
    }
    options = itertools.chain.from_iterable(("--setting", k, str(v)) for k, v in settings.items())
    opened = itertools.chain.from_iterable(("-i", f) for f in files)
    command = [
        *datasette,
        "serve",
        *opened,
        "--inspect-file",
        str(counts),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        *options,
    ]
    return Served(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), port)


# the same answers, then the measures


def _rows(body: bytes) -> tuple[list[dict[str, object]], object]:
    made = json.loads(body)
    if "results" in made:
        return made["results"], made["total_count"]
    return made["rows"], made.get("filtered_table_rows_count")


def same(us: int, them: int) -> None:
    """The two answer alike. Raises RuntimeError where they do not."""
    pairs = (
        (our_page, peer_page, True),
        (our_selective, peer_selective, True),
        (our_wide, peer_wide, True),
        (our_groups, peer_groups, False),
    )
    for (mine, theirs, counted), n in itertools.product(pairs, (1, 10, 4003)):
        a, total = _rows(load.get(us, mine(n))[0])
        b, counts = _rows(load.get(them, theirs(n))[0])
        keys = ("id", "compteur", "nombre", "mode") if counted else ("n",)
        if [[r[k] for k in keys] for r in a] != [[r[k] for k in keys] for r in b] or (
            counted and total != counts
        ):
            raise RuntimeError(f"not the same answer: {mine(n)} ({total}) and {theirs(n)} ({counts})")


def cpu(pid: int) -> float:
    """Seconds of processor that a process and those it started have taken so far; 0 where /proc is not."""
    if not Path("/proc/self/stat").exists():
        return 0.0
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)], ticks[int(path.parent.name)] = (
            int(parts[1]),
            int(parts[11]) + int(parts[12]),
        )
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(one, 0) for one in family) / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class _Measure:
    """One row of the table: what is asked of both. peer: several, by name; the first is what the bar is
    about.
    """

    name: str
    bar: str
    mine: Callable[[], Iterator[bytes]]
    theirs: dict[str, Callable[[], Iterator[bytes]]]
    seconds: float = SECONDS
    export: bool = False
    expect: tuple[int, ...] = (200,)


def _never_twice(make: Make) -> Callable[[], Iterator[bytes]]:
    """The questions, going on where the last run stopped."""
    kept = load.stream(make)
    return lambda: kept


def _again(paths: list[str], etags: list[str] | None = None) -> Callable[[], Iterator[bytes]]:
    asked = [load.request(p, etag=e) for p, e in zip(paths, etags or [""] * len(paths), strict=True)]
    return lambda: itertools.cycle(asked)


def measures(us: int) -> list[_Measure]:
    """Every row of the table."""
    mine = [m(n) for n in range(10) for m in (our_page, our_wide)]
    theirs = [m(n) for n in range(10) for m in (peer_page, peer_wide)]
    etags = [load.get(us, p)[1]["etag"] for p in mine]
    whole = _again([EXPORT])
    return [
        _Measure(
            "page",
            "1.3 (goal 2)",
            _never_twice(our_page),
            {
                "": _never_twice(peer_page),
                "suggesting facets (its default)": _never_twice(without(peer_page, drop="&_nosuggest=1")),
                "_nocount": _never_twice(without(peer_page, add="&_nocount=1")),
                "_shape=arrays": _never_twice(without(peer_page, drop="&_shape=objects")),
            },
        ),
        _Measure(
            "filter, selective",
            "1.3 (goal 2)",
            _never_twice(our_selective),
            {
                "": _never_twice(peer_selective),
                "indexed": _never_twice(indexed(peer_selective)),
                "indexed, _nocount": _never_twice(without(indexed(peer_selective), add="&_nocount=1")),
            },
        ),
        _Measure(
            "filter, wide",
            "1.3 (goal 2)",
            _never_twice(our_wide),
            {
                "": _never_twice(peer_wide),
                "indexed": _never_twice(indexed(peer_wide)),
                "indexed, _nocount": _never_twice(without(indexed(peer_wide), add="&_nocount=1")),
            },
        ),
        _Measure("group-by", "20", _never_twice(our_groups), {"": _never_twice(peer_groups)}),
        _Measure(
            "csv export",
            "5",
            whole,
            {"": _again(["/banc/comptages.csv?_stream=on"])},
            EXPORT_SECONDS,
            export=True,
        ),
        _Measure("again", "10", _again(mine), {"": _again(theirs)}),
        _Measure("again, If-None-Match", "10", _again(mine, etags), {"": _again(theirs)}, expect=(200, 304)),
    ]


@dataclass(slots=True)
class _Side:
    """What one of the two did in the turns so far. cpu_ms: of the server, an answer (a thousand rows of an
    export).
    """

    served: Served
    ask: Callable[[], Iterator[bytes]]
    rates: list[float] = field(default_factory=list[float])
    ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])

    def turn(self, one: _Measure, clients: int, seconds: float) -> float:
        """One more run; the share of a core that the client took."""
        before = cpu(self.served.process.pid)
        mark = b"#" if one.export else b""
        found = load.run(
            self.served.port,
            self.ask(),
            clients=clients,
            seconds=seconds,
            expect=one.expect,
            mark=mark,
            cut=one.export,
        )
        spent = cpu(self.served.process.pid) - before
        self.rates.append(found.marks_rate if one.export else found.rate)
        self.ms.append(found.median_ms)
        self.cpu_ms.append(1000 * spent / max(1, found.marks / 1000 if one.export else found.done))
        return found.busy


def turns(
    one: _Measure, us: Served, them: Served, again: Callable[[], Served], clients: int
) -> tuple[list[dict[str, object]], float]:
    """The rows of a measure with so many clients, and the most that the client took of a core.

    again: a peer of its own for each turn of an export, as it goes on with those that were cut short.
    """
    mine, busy = _Side(us, one.mine), 0.0
    theirs = {name: _Side(them, ask) for name, ask in one.theirs.items()}
    for number in range(ROUNDS):
        busy = max(busy, mine.turn(one, clients, one.seconds))
        for name, side in theirs.items():
            # The variants are told once; what bars are about goes every turn.
            if one.export:
                with again() as fresh:
                    side.served = fresh
                    busy = max(busy, side.turn(one, clients, one.seconds))
            elif not number or name in ("", "indexed"):
                busy = max(busy, side.turn(one, clients, one.seconds))
    rows: list[dict[str, object]] = []
    for name, side in theirs.items():
        rows.append(
            {
                "measure": one.name,
                "datasette": name,
                "clients": clients,
                "unit": "rows/s" if one.export else "req/s",
                "us": median(mine.rates),
                "peer": median(side.rates),
                "ratio": median(a / b for a, b in zip(mine.rates, side.rates, strict=False)),
                "bar": one.bar,
                "us_ms": median(mine.ms) if not one.export else 0.0,
                "peer_ms": median(side.ms) if not one.export else 0.0,
                "us_cpu_ms": median(mine.cpu_ms),
                "peer_cpu_ms": median(side.cpu_ms),
                "cpu_ratio": median(side.cpu_ms) / max(median(mine.cpu_ms), 1e-6),
            }
        )
    return rows, busy


def main(rows: int = ROWS, only: tuple[str, ...] = ()) -> None:
    """Print and keep the table. only: beginnings of the names of the measures wanted."""
    shown: list[dict[str, object]] = []
    busiest = 0.0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        them = stack.enter_context(peer(Path(folder), rows))
        us = stack.enter_context(ours(Path(folder) / "city", rows))
        same(us.port, them.port)
        for one in measures(us.port):
            if only and not one.name.startswith(only):
                continue
            load.run(us.port, one.mine(), clients=1, seconds=0.7, expect=one.expect, cut=one.export)
            if not one.export:
                load.run(them.port, one.theirs[""](), clients=1, seconds=0.7, expect=one.expect)
            for clients in CLIENTS:
                found, busy = turns(one, us, them, lambda: peer(Path(folder), rows), clients)
                shown += found
                busiest = max(busiest, busy)
                sys.stderr.write(
                    f"{one.name}, {clients}: "
                    + ", ".join(f"{r['datasette'] or 'as it is'} x{r['ratio']:.3g}" for r in found)
                    + "\n"
                )
    questions = (
        ("page", our_page, peer_page),
        ("selective", our_selective, peer_selective),
        ("wide", our_wide, peer_wide),
        ("group-by", our_groups, peer_groups),
    )
    asked = [f"{name}: ours {mine(1)} | peer {theirs(1)}" for name, mine, theirs in questions]
    notes = [
        f"{PEER}, one process, immutable, counts inspected, cache_size_kb=200000, sql_time_limit_ms=120000, _nosuggest=1 unless said",
        f"« indexed »: the same with an index on each of {', '.join(INDEXED)}; ours has none",
        f"ours: parvis serve, 1 web process; {rows:,} rows x {len(NAMES)} columns; {ROUNDS} turns of {SECONDS:g} s each (exports {EXPORT_SECONDS:g} s), medians",
        "cpu_ms: the server's processor time an answer (an export: a thousand rows), which a loaded machine blurs less than its rate",
        f"the client is one thread; it took at most {busiest:.0%} of one core",
        *asked,
        f"export: ours {EXPORT} | peer /banc/comptages.csv?_stream=on",
    ]
    report.write("serving" if not only else "serving-part", shown, notes=notes)


if __name__ == "__main__":
    main(only=tuple(sys.argv[1:]))
