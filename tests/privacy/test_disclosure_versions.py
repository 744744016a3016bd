"""Two versions of a release of rows, put side by side by whoever has both."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.engine import connect
from parvis.privacy.differencing import Difference, between


def look(
    folder: Path, before: list[tuple[str, str | None]], after: list[tuple[str, str | None]], least: int = 5
) -> Difference:
    for name, rows in (("before", before), ("after", after)):
        pq.write_table(
            pa.table(
                {
                    "age": [a for a, _ in rows],
                    "quartier": pa.array([q for _, q in rows], pa.string()),
                    "note": list(range(len(rows))),
                }
            ),
            folder / f"{name}.parquet",
        )
    con = connect.processing(folder)
    try:
        return between(
            con, [folder / "before.parquet"], [folder / "after.parquet"], ["age", "quartier"], least
        )
    finally:
        con.close()


OUT: list[tuple[str, str | None]] = [("20-39", "Nord")] * 12 + [("40-59", "Sud")] * 9 + [("60+", None)] * 7


def test_one_newcomer_is_refused(tmp_path: Path) -> None:
    """Both versions are made of classes of five and more; the difference is one person."""
    found = look(tmp_path, OUT, [*OUT, ("60+", None)])
    assert (found.changed, found.small, found.rows, found.safe) == (1, 1, 1, False)
    assert re.search(r"un groupe de moins de 5 lignes .* \(age, quartier\)", found.sentence)


def test_whole_groups_may_come_and_go(tmp_path: Path) -> None:
    assert look(tmp_path, OUT, list(reversed(OUT))).changed == 0
    found = look(tmp_path, OUT, [*OUT[12:], *[("60+", "Nord")] * 6])
    assert (found.changed, found.small) == (2, 0)
    assert found.sentence == ""


def test_a_finer_generalisation_shows_who_is_in_the_rest(tmp_path: Path) -> None:
    """The class of nine is told in two of five and four: the four, and nobody else, were not as the five."""
    finer = [*OUT[:12], *[("40-49", "Sud")] * 5, *[("50-59", "Sud")] * 4, *OUT[21:]]
    found = look(tmp_path, OUT, finer)
    assert (found.changed, found.small, found.rows) == (3, 1, 4)
