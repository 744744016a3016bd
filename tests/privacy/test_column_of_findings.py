"""What is told of a column, where what was found lies inside its cells."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.types import Column, Schema
from parvis.engine import connect
from parvis.privacy import find

FIRST = ("Camille", "Julien", "Sophie", "Nicolas", "Isabelle", "Thomas", "Nathalie", "Pierre")
LAST = ("Lefebvre", "Moreau", "Garnier", "Rousseau", "Fontaine", "Chevalier", "Gauthier", "Perrin")


def test_a_finding_names_the_column_that_it_is_of(tmp_path: Path) -> None:
    """Not the part of an address or of an object that it lies in: « dans la colonne « nom » », said of e-mails."""
    people = [(LAST[i % 8], FIRST[i // 8 % 8]) for i in range(240)]
    table = pa.table(
        {
            "famille": [surname for surname, _ in people],
            "courriel": [f"p{n}@mail.example" for n in range(len(people))],
            "suivi": [json.dumps({"nom": surname, "prenom": name}) for surname, name in people],
        }
    )
    pq.write_table(table, tmp_path / "v.parquet")
    con = connect.processing(tmp_path, threads=2)
    schema = Schema(columns=(Column("famille"), Column("courriel"), Column("suivi", "json")))
    findings, _ = find(con, tmp_path / "v.parquet", schema, table.num_rows)
    con.close()
    held = [f for f in findings if f.column and f.severity == "error"]
    assert {"famille", "courriel", "suivi"} <= {f.column for f in held}
    assert [f.message for f in held if f"« {f.column} »" not in f.message] == []
