"""Instants of local times without a calendar: what is told sooner is what ICU says, on every day and in every
zone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis import columns, readers
from parvis.columns import time_zones
from parvis.columns.write import LONG
from parvis.core.reading import Workspace
from parvis.engine import connect

ZONES = (
    "Europe/Paris", "America/Guadeloupe", "America/Cayenne", "America/Miquelon", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "UTC",
    "America/New_York", "Atlantic/Azores", "Asia/Beirut", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Europe/Dublin",
)  # fmt: skip
"""The French ones, and those that change their clocks in the oddest ways."""


@pytest.mark.parametrize("name", ZONES)
def test_the_instant_is_that_of_icu(name: str, tmp_path: Path) -> None:
    """Every 37 minutes and a half of 1994 to 2040: skipped hours, hours told twice, midnights, 29 February,
    years without rule.
    """
    con = connect.processing(tmp_path)
    made = time_zones.instant(time_zones.runs(name, con), name).sql("duckdb")
    con.execute(f"CREATE TEMP MACRO soon(t) AS {made}")
    moments = "SELECT unnest(range(TIMESTAMP '1994-01-01', TIMESTAMP '2040-01-01', INTERVAL 2250 SECOND)) AS t UNION ALL SELECT NULL UNION ALL SELECT TIMESTAMP 'infinity'"
    ((other, asked),) = con.execute(
        f"SELECT count(*) FILTER (WHERE soon(t) IS DISTINCT FROM timezone('{name}', t)), count(*) FROM ({moments})"
    ).fetchall()
    con.close()
    assert other == 0
    assert asked > 640_000


def test_the_clocks_of_france_change_on_fourteen_days(tmp_path: Path) -> None:
    con = connect.processing(tmp_path)
    hour = 3_600_000_000
    assert time_zones.runs("Europe/Paris", con) == (
        time_zones.Run(101, 324, hour),
        time_zones.Run(401, 1024, 2 * hour),
        time_zones.Run(1101, 1231, hour),
    )
    assert time_zones.runs("Indian/Reunion", con) == (time_zones.Run(101, 1231, 4 * hour),)
    con.close()


WRITTEN = ("2024-01-15T10:00:00", "2024-07-15 10:00:00", "2024-03-31T02:30:00", "2024-10-27T02:30:00", "2024-07-15T10:00:00Z", "1995-09-30 12:00:00",
           " 2024-07-15T10:00:00 ", "2024-02-30T10:00:00", "bientôt", "", "15/07/2024 10:00")  # fmt: skip


def test_a_long_column_reads_as_a_short_one(tmp_path: Path) -> None:
    """The same cells, in a table that is looked at day by day and in one that is not."""

    def typed(repeated: int) -> list[tuple[object, ...]]:
        cells = [
            *WRITTEN,
            *(f"2024-05-{i % 28 + 1:02d}T{i % 24:02d}:15:00" for i in range(repeated - len(WRITTEN))),
        ]
        file = tmp_path / f"{repeated}.csv"
        file.write_text("n;horodatage\n" + "".join(f"{i};{c}\n" for i, c in enumerate(cells)), "utf-8")
        con = connect.processing(tmp_path)
        (raw,) = readers.read(file, Workspace(tmp_path / "spool"), name=file.name).tables
        done = columns.type_table(raw, tmp_path / f"{repeated}.parquet", con=con)
        assert [(c.name, c.type) for c in done.schema.columns] == [
            ("n", "integer"),
            ("horodatage", "datetime"),
        ]
        found = con.execute(
            f"SELECT * EXCLUDE n FROM read_parquet('{done.path}') WHERE n < {len(WRITTEN) + 100} ORDER BY n"
        ).fetchall()
        con.close()
        return found

    short, long = typed(400), typed(LONG + 100)
    assert short == long
    assert [str(row[0]) for row in long[:4]] == [
        "2024-01-15 09:00:00+00:00",
        "2024-07-15 08:00:00+00:00",
        "2024-03-31 01:30:00+00:00",
        "2024-10-27 01:30:00+00:00",
    ]
    assert [row[1] for row in long[7:9]] == ["2024-02-30T10:00:00", "bientôt"]
