"""Geocoding by a recipe: addresses with planted typos against a made file in BAN format. From two CSV files
to a prepared table, everything counted.
"""

from __future__ import annotations

import csv
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from bench import addresses as made
from bench import report
from parvis import prepare, readers
from parvis.core.reading import RawTable, Workspace
from parvis.core.settings import Limits
from parvis.engine import connect
from parvis.prepare.geocoding import THRESHOLD

BAN = 200_000
TYPED = 100_000


def write(typed: list[made.Typed], path: Path) -> Path:
    """The addresses as a clerk hands them in."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter=";", lineterminator="\n")
        rows.writerow(("adresse", "code_postal", "commune"))
        rows.writerows((t.adresse, t.postcode, t.commune) for t in typed)
    return path


def read(path: Path, folder: Path) -> RawTable:
    return readers.read(path, Workspace(folder, Limits())).tables[0]


def measure(*, ban: int = BAN, typed: int = TYPED, seed: int = 34, apart: bool = True) -> dict[str, object]:
    """Geocode and compare with what was meant. apart: postal code and commune in columns of their own, else
    all in one text.
    """
    file = made.ban(ban, seed=seed)
    asked = made.typed(file, typed, seed=seed + 1)
    where = {(a.lon, a.lat): i for i, a in enumerate(file)}
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        folder = Path(name)
        addresses = made.write(file, folder / "ban.csv")
        sent = write(asked, folder / "adresses.csv")
        columns = {"postcode": "code_postal", "commune": "commune"} if apart else {}
        recipe = prepare.read(
            [
                {
                    "step": "geocode",
                    "with": "ban",
                    "address": ["adresse"] if apart else ["adresse", "code_postal", "commune"],
                    **columns,
                }
            ]
        )
        con = connect.processing(folder)
        wall, cpu = time.perf_counter(), time.process_time()
        for each in ("a", "b", "c"):
            (folder / each).mkdir()
        done = prepare.replay(
            read(sent, folder / "a"),
            recipe,
            con=con,
            spool=folder / "b",
            table=lambda _: read(addresses, folder / "c"),
        )
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        table = pq.read_table(done.raw.scan.path)
        places = {c.name: table.column(f"c{i}").to_pylist() for i, c in enumerate(done.raw.columns)}
        con.close()
    right, wrong, typos = 0, [], Counter[str]()
    for t, lon, lat in zip(asked, places["geo_lon"], places["geo_lat"], strict=True):
        if lon is None:
            typos.update(t.typos)
        elif where.get((lon, lat)) == t.means:
            right += 1
        else:
            wrong.append(t)
    return {
        "ban": ban,
        "typed": typed,
        "apart": apart,
        "threshold": THRESHOLD,
        "right": right / typed,
        "wrong": len(wrong),
        "left": typed - right - len(wrong),
        "seconds": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "load": round(os.getloadavg()[0], 1),
        "left_by_typo": dict(typos.most_common()),
        "wrong_ones": [
            f"{t.adresse} {t.postcode} {t.commune} -> {file[t.means].numero} {file[t.means].rep} {file[t.means].voie}"
            for t in wrong[:20]
        ],
    }


def main() -> None:
    """Three seeds, both ways to hand addresses in."""
    found = [measure(seed=34, apart=True), measure(seed=35, apart=False), measure(seed=36, apart=True)]
    shown = ("ban", "typed", "apart", "threshold", "right", "wrong", "left", "seconds", "cpu_s", "load")
    rows = [{k: f"{v:.2%}" if k == "right" else v for k, v in one.items() if k in shown} for one in found]
    notes = [
        f"seed {seed}: left without a position, by typo: {one['left_by_typo']}; wrong: {one['wrong_ones']}"
        for seed, one in zip((34, 35, 36), found, strict=True)
    ]
    report.write("geocoding", rows, notes=notes)
