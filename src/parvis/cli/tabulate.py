"""`parvis tabulate FILE --by quartier --by age --preset personnes -o OUT`: a table of small counts that gives
nobody away; nothing is published.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from sqlglot import exp

from parvis import columns, readers
from parvis.cli.anonymise import FORMATS, write
from parvis.cli.arguments import AsJson, existing
from parvis.cli.check import Sheet
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, say, show, table
from parvis.core.errors import UsageError
from parvis.core.reading import Workspace
from parvis.core.sentence import Sentence
from parvis.engine import connect
from parvis.engine.relations import parquet
from parvis.engine.scans import select_raw
from parvis.methods.disclosure.presets import PRESETS
from parvis.privacy.tables import Tabulated, counts_of, tabulate

By = Annotated[
    list[str],
    Option(
        "--by -b",
        help="Une ventilation : une colonne, ou des zones emboîtées (« quartier>iris »). Une à trois fois.",
    ),
]


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("tabulate")
    def tabulated(
        file: Annotated[
            Path | None, Argument(help="Le fichier : tout ce que Parvis sait lire, une ligne par unité.")
        ] = None,
        by: By = [],  # noqa: B006
        preset: Annotated[str, Option("--preset -p", help="Règle de secret (voir --list).")] = "",
        base: Annotated[
            int,
            Option(
                "--round", help="Plutôt que de masquer : arrondit à ce multiple, les sommes restant justes."
            ),
        ] = 0,
        amount: Annotated[
            str, Option("--amount", help="Colonne de montants à additionner, plutôt que de compter.")
        ] = "",
        before: Annotated[
            Path | None,
            Option(
                "--before", help="Fichier du tableau publié avant : les différences sont protégées aussi."
            ),
        ] = None,
        beside: Annotated[
            list[Path],
            Option(
                "--beside",
                help="Fichier d’un tableau déjà publié, fait par cette commande du même fichier : ensemble ils ne trahissent personne. Plusieurs fois.",
            ),
        ] = [],  # noqa: B006
        secret: Annotated[
            str,
            Option(
                "--sensitive",
                help="Ventilation sensible : un groupe dont tous ont la même valeur est masqué aussi.",
            ),
        ] = "",
        out: Annotated[
            Path | None, Option("--out -o", help="Fichier à écrire : .csv, .parquet ou .xlsx.")
        ] = None,
        sheet: Sheet = "",
        listed: Annotated[bool, Option("--list", help="Liste les règles, avec leur source.")] = False,
        as_json: AsJson = False,
    ) -> int:
        if listed:
            return _list(as_json)
        if file is None or not by or out is None:
            raise UsageError(
                "Il faut un fichier, --by et --out.",
                mend="parvis tabulate FICHIER --by COLONNE --preset personnes -o SORTIE.csv",
            )
        if preset and preset not in PRESETS:
            raise UsageError(
                Sentence("Règle inconnue : « {preset} ».", preset=preset),
                mend=Sentence("Il y a : {list}.", list=", ".join(PRESETS)),
            )
        if out.suffix.lower() not in FORMATS:
            raise UsageError(
                Sentence("« {name} » : format inconnu.", name=out.name),
                mend=Sentence("Donnez un nom qui finit par {list}.", list=", ".join(FORMATS)),
            )
        if any(
            out.exists() and out.samefile(existing(f))
            for f in (file, *((before,) if before else ()), *beside)
        ):
            raise UsageError(
                Sentence("« {out} » est le fichier de départ lui-même.", out=out),
                mend="Donnez un autre nom : votre fichier n’est jamais changé.",
            )
        breakdowns = [[part.strip() for part in one.split(">")] for one in by]
        earlier = _rows(before, sheet) if before else None
        rows = _rows(file, sheet)
        result = tabulate(
            rows,
            breakdowns,
            preset=PRESETS.get(preset),
            base=base,
            amount=amount,
            earlier=earlier,
            secret=secret,
            beside=[counts_of(_texts(one), rows) for one in beside],
        )
        write(result.published(), out)
        _tell(result, out, preset, as_json, beside=len(beside))
        return 0


def _rows(file: Path, sheet: str) -> pa.Table:
    """The typed rows of a file."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        raw = readers.read(existing(file), Workspace(Path(spool), sheet=sheet), name=file.name).tables[0]
        con = connect.processing(Path(spool))
        typed = columns.type_table(raw, Path(spool) / "typed.parquet", con=con)
        con.close()
        with connect.processing(Path(spool)) as fresh:
            return fresh.execute(
                exp.select(exp.Star()).from_(exp.Table(this=parquet([typed.path]))).sql("duckdb")
            ).to_arrow_table()


def _texts(file: Path) -> pa.Table:
    """The rows of a file, every cell as the text that it is: a label may be a number among words."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        raw = readers.read(existing(file), Workspace(Path(spool)), name=file.name).tables[0]
        with connect.processing(Path(spool)) as con:
            cells = con.execute(select_raw(raw.scan, len(raw.columns)).sql("duckdb")).to_arrow_table()
    texts = [cells.column(i).cast(pa.string()) for i in range(len(raw.columns))]
    return pa.table(dict(zip([c.name for c in raw.columns], texts, strict=True)))


def _tell(result: Tabulated, out: Path, preset: str, as_json: bool, *, beside: int) -> None:
    secret = int(result.hidden.sum())
    if as_json:
        rule = PRESETS.get(preset)
        print_json(
            {
                "ok": True,
                "cells": len(result.labels),
                "secret": secret,
                "small": result.small,
                "attacked": result.attacked,
                "found": 0,
                "round": result.base,
                "preset": preset,
                "source": rule.source if rule else "",
                "beside": beside,
                "columns": result.columns,
                "measure": result.measure,
                "out": out,
            }
        )
        return
    show(
        f"{out} : {len(result.labels)} cases, {secret} secrètes (dont {result.small} petites, les autres les protègent)."
    )
    if result.base:
        show(f"Nombres arrondis à {result.base} près, les sommes restant justes.")
    else:
        show(f"Attaque par les sommes : {result.attacked} intervalles calculés, aucun trop étroit.")
    say(
        "Il n’a été comparé qu’aux tableaux donnés : d’autres, publiés sur les mêmes personnes, peuvent parler par différence (--beside, --before)."
    )


def _list(as_json: bool) -> int:
    if as_json:
        print_json({"presets": [p for p in PRESETS.values() if p.years == 1]})
    else:
        rows = [(p.name, p.title, p.source) for p in PRESETS.values() if p.years == 1]
        table("", ("règle", "ce qu’elle demande", "source"), rows)
    return 0
