"""One file published in a process of its own: `python -m bench.publishing WARM FILE` prints what it took, and
each step's part, as JSON.

WARM is published first, to another resource: the declarations of all rooms are loaded then, as in a worker
that has been up for a while.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from parvis import checks, columns, privacy, readers
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import Dataset, Organisation, Resource
from parvis.inspection import inspection
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets

P = ParamSpec("P")
R = TypeVar("R")

STEPS = {
    "read": (readers, "read"),
    "type": (columns, "type_table"),
    "find": (privacy, "find"),
    "survey": (inspection, "survey"),
    "check": (checks, "check"),
}
"""The steps inside a draft, and where the pipeline finds them. `type` holds the profile and the Parquet file;
the file is kept beside `find` and what follows.
"""


class Clock:
    """Seconds of wall and of processor, by step."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Add what happens here to a step."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall[name] = self.wall.get(name, 0) + time.perf_counter() - wall
        self.cpu[name] = self.cpu.get(name, 0) + time.process_time() - cpu

    def timed(self, name: str, step: Callable[P, R]) -> Callable[P, R]:
        """The same function, looked at."""

        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.step(name):
                return step(*args, **kwargs)

        return run


def publish(city: City, file: Path, where: str, clock: Clock) -> pipeline.Draft:
    """The whole way of one file."""
    with clock.step("receive"):
        sent = pipeline.receive(city, file, name=file.name, resource=where)
    with clock.step("draft"):
        drafts = pipeline.draft(city, sent)
    with clock.step("decide"):
        pipeline.decide(city, sent.id, drafts)
        pipeline.follow(city, pipeline.index(city))
    return drafts[0]


def main(warm: Path, file: Path) -> None:
    """Print one JSON object: rows, wall, cpu, peak memory in MiB, and wall and cpu of each step."""
    gc.set_threshold(
        50_000
    )  # as in every process of Parvis (`cli.app.main`): a look through all that a worker has loaded takes .12 s
    with tempfile.TemporaryDirectory() as folder:
        create(Path(folder, "city"), "Banc")
        city = open_city(settings.load(Path(folder, "city"), {}))
        with city.db.begin() as conn:
            datasets.save_organisation(conn, Organisation("banc", "Banc"))
            datasets.save_dataset(conn, Dataset("jeu", "Jeu", "Une table.", "banc"))
            for name in ("jeu/premier", "jeu/table"):
                datasets.save_resource(conn, Resource(name, "jeu", "Table"))
        publish(city, warm, "jeu/premier", Clock())
        clock = Clock()
        for name, (room, function) in STEPS.items():
            setattr(room, function, clock.timed(name, getattr(room, function)))
        wall, cpu = time.perf_counter(), time.process_time()
        draft = publish(city, file, "jeu/table", clock)
        took = {
            "rows": draft.version.rows,
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**took, "rss_mb": peak, "wall_of": clock.wall, "cpu_of": clock.cpu}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
