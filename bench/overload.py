"""Usual visitors while others do their worst, in the same run: `python -m bench.overload`.

One `parvis serve` with its one web process and its worker, on a city that `parvis publish` made (a million
rows). Eight usual clients ask for pages, records and small exports, first alone, then while others do their worst
(`bench.attackers`). Then the others leave. Loopback only; it ends by itself (--seconds for each look).

What is told: the 95th percentile of the usual clients, quiet (the better of two looks, before and after) and under load,
and their ratio; the same while the
attack goes to a server that does nothing, which is what the attackers alone take of this machine; the greatest
resident memory of all processes of `serve` against what is declared (`Settings.serve_memory_mb`); how long
after the others left the p95 and the threads are as they were. Usual clients come from another loopback
address than the others, unless --same-address.

--prepare makes the city and stops: what is measured afterwards begins at once. --where tells what each kind of thread
worked, and waited for a core.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlencode

from bench import attackers, report
from bench.attackers import EXPORT, Seen, client
from bench.serving import CACHE, RECORDS, Served, published, serve
from parvis.cli.city import settings

USUAL = 8
USUAL_FROM = "127.0.0.2"
BACK_S = 60.0


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


def worked(pid: int) -> Counter[tuple[str, str]]:
    """Milliseconds that each kind of thread of a process and of all that it started has worked, and waited for a core:
    by the words of its process, its name, niceness and scheduler class, and which of the two.
    """
    spent: Counter[tuple[str, str]] = Counter()
    for one in family(pid):
        try:
            line = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            for task in Path(f"/proc/{one}/task").iterdir():
                work, waited, _ = (task / "schedstat").read_text("ascii").split()
                name, _, rest = (task / "stat").read_text("utf-8", "replace").rpartition(")")
                words = rest.split()
                kind = "first " if task.name == str(one) else ""
                kind += name.partition("(")[2].rstrip("0123456789-_") + f" nice {words[16]} class {words[38]}"
                spent[f"{kind:32} {one} {line[:20]}…{line[-20:]}", "worked"] += int(work) // 1_000_000
                spent[f"{kind:32} {one} {line[:20]}…{line[-20:]}", "waited"] += int(waited) // 1_000_000
        except OSError:
            continue
    return spent


def main(words: list[str]) -> int:
    """Run it; 0 when the bars hold."""
    asked = argparse.ArgumentParser(prog="python -m bench.overload")
    asked.add_argument("--seconds", type=float, default=40.0)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--same-address", action="store_true")
    asked.add_argument("--prepare", action="store_true")
    asked.add_argument("--where", action="store_true")
    said = asked.parse_args(words)
    usual_from = attackers.FROM if said.same_address else USUAL_FROM
    made = CACHE / f"overload-{said.rows}"
    if not made.exists():
        published(made.with_suffix(".part"), said.rows)
        made.with_suffix(".part").rename(made)
    if said.prepare:
        return 0
    # On a busy machine a process of the server may write for a moment after its parent was ended.
    with tempfile.TemporaryDirectory(prefix="parvis-overload-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "ville"
        shutil.copytree(made, folder)
        with serve(folder) as served:
            return measured(
                served, settings(folder).serve_memory_mb(), said.seconds, usual_from, where=said.where
            )


def measured(served: Served, declared: float, seconds: float, usual_from: str, *, where: bool) -> int:
    """Look at a server quiet, attacked, left alone, and while another is attacked. 0 when the bars hold."""
    pid, greatest, done = served.process.pid, [0.0], threading.Event()

    def measure_memory() -> None:
        while not done.wait(0.25):
            greatest[0] = max(greatest[0], resident_mb(pid))

    memory = threading.Thread(target=measure_memory)
    memory.start()
    load = os.getloadavg()[0]
    look(served.port, 8.0, usual_from)
    marks = [worked(pid)]
    quiet = look(served.port, seconds, usual_from)
    marks.append(worked(pid))
    others = attackers.begin(served.port)
    time.sleep(3.0)
    marks.append(worked(pid))
    theirs = worked(others.process.pid).total()
    loaded = look(served.port, seconds, usual_from)
    marks.append(worked(pid))
    theirs = worked(others.process.pid).total() - theirs
    others.leave()
    began, back = time.perf_counter(), None
    while time.perf_counter() - began < 2 * BACK_S and back is None:
        if look(served.port, 4.0, usual_from).p95() < 1.5 * quiet.p95():
            back = time.perf_counter() - began
    after = resident_mb(pid)
    done.set()
    memory.join()
    quiet = min(quiet, look(served.port, seconds, usual_from), key=Seen.p95)
    elsewhere, port = attackers.dummy()
    others_there = attackers.begin(port)
    time.sleep(3.0)
    alone = look(served.port, seconds, usual_from)
    others_there.leave()
    elsewhere.communicate("")
    if where:
        for name, was, now in (("quiet", *marks[:2]), ("attacked", *marks[2:])):
            sys.stderr.write(f"{name}, ms: worked, waited for a core\n")
            spent = now - was
            for kind in sorted({kind for kind, _ in spent}):
                sys.stderr.write(f"{spent[kind, 'worked']:7} {spent[kind, 'waited']:7} {kind}\n")
        sys.stderr.write(f"attackers, worked and waited, ms: {theirs}\n")
    ratio = loaded.p95() / quiet.p95()
    rows: list[dict[str, object]] = [
        {"what": "p95, quiet, ms", "value": quiet.p95(), "bar": ""},
        {"what": "p95, attacked, ms", "value": loaded.p95(), "bar": ""},
        {"what": "p95, attacked, times quiet", "value": ratio, "bar": 2.0},
        {"what": "p95, while another server is attacked, ms", "value": alone.p95(), "bar": ""},
        {"what": "the same, times quiet", "value": alone.p95() / quiet.p95(), "bar": ""},
        {"what": "median, quiet, ms", "value": quiet.median(), "bar": ""},
        {"what": "median, attacked, ms", "value": loaded.median(), "bar": ""},
        {"what": "most memory, MB", "value": greatest[0], "bar": declared},
        {"what": "memory afterwards, MB", "value": after, "bar": ""},
        {"what": "as before after, s", "value": back or float("inf"), "bar": BACK_S},
    ]
    report.write(
        "overload",
        rows,
        notes=(
            f"{seconds:g} s a look; load average before: {load:.2f}",
            f"usual clients, quiet: {dict(quiet.statuses)}; attacked: {dict(loaded.statuses)}",
            f"hard questions: {others.answers['hard']}; hostile checks: {others.answers['checks']}",
        ),
    )
    return 0 if ratio < 2 and back is not None and back < BACK_S else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
