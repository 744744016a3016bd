"""Checks of what columns mean find in the typed file what they find in the source."""

from __future__ import annotations

import random
from pathlib import Path

from parvis import checks, columns, readers
from parvis.core.reading import Workspace
from parvis.engine.connect import processing


def test_the_typed_file_is_held_to_meanings_as_the_source_is(tmp_path: Path) -> None:
    """Same findings, counts, records and cells: texts are kept as they are, blanks and bad cells of other
    columns are in nobody's way.
    """
    rng = random.Random(7)
    lines = ['siret;code_insee;courriel;téléphone;prix d\'un "repas";_point']
    for i in range(3000):
        siret = (
            "21340172201787" if i % 50 else rng.choice(("21340172201788", " 21340172201787", "2134", "NC"))
        )
        insee = rng.choice(("34172", "2A004", "97411")) if i % 70 else rng.choice(("3417", "00000", ""))
        mail = f"agent{i}@ville.example" if i % 60 else "agent ville.example"
        phone = "0467345000" if i % 80 else rng.choice(("046734", "téléphone", " "))
        lines.append(f"{siret};{insee};{mail};{phone};{i % 40},50;x{i}")
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    (raw,) = readers.read(path, Workspace(tmp_path / "spool")).tables
    with processing(tmp_path) as con:
        typed = columns.type_table(raw, tmp_path / "a.parquet", con=con)
        source = checks.check(raw, typed.schema, con=con, inferred=True)
        assert {f.check for f in source} >= {"siret", "commune-insee", "email", "phone"}
        assert checks.check(typed.table, typed.schema, con=con, inferred=True) == source
