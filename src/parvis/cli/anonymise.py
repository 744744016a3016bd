"""`parvis anonymise FILE --policy P -o OUT`: a table made anonymous as a policy says, with its risk before
and after; nothing is published.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from sqlglot import exp
from xlsxwriter.exceptions import FileCreateError

from parvis import columns, privacy, readers
from parvis.cli.arguments import AsJson, chosen, existing
from parvis.cli.check import Sheet
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, say, show, table
from parvis.core.errors import UsageError
from parvis.core.reading import Workspace
from parvis.core.sentence import Number, Sentence
from parvis.core.text import french_number
from parvis.core.types import Sensitivity
from parvis.engine import connect
from parvis.engine.relations import parquet
from parvis.methods.anonymity import Measures
from parvis.privacy import anonymising
from parvis.privacy.anonymising import Anonymised, Policy
from parvis.publication import policies

FORMATS = (".csv", ".parquet", ".xlsx")
SHEET_ROWS = 1_048_575

PolicyName = Annotated[
    str, Option("--policy -P", help="Politique : un fichier TOML, ou un modèle (voir --list).")
]


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("anonymise")
    def anonymise(
        file: Annotated[Path | None, Argument(help="Le fichier : tout ce que Parvis sait lire.")] = None,
        policy: PolicyName = "",
        out: Annotated[
            Path | None, Option("--out -o", help="Fichier à écrire : .csv, .parquet ou .xlsx.")
        ] = None,
        sheet: Sheet = "",
        city: Folder = HERE,
        details: Annotated[
            bool,
            Option("--details", help="Avec --json : aussi chaque colonne, l’utilité et les mises en garde."),
        ] = False,
        listed: Annotated[
            bool, Option("--list", help="Liste les modèles de politique, avec la règle qui les fonde.")
        ] = False,
        as_json: AsJson = False,
    ) -> int:
        if listed:
            return _list(as_json)
        if file is None or not policy or out is None:
            raise UsageError(
                "Il faut un fichier, --policy et --out.",
                mend="parvis anonymise FICHIER --policy POLITIQUE -o SORTIE.csv",
            )
        if out.suffix.lower() not in FORMATS:
            raise UsageError(
                Sentence("« {name} » : format inconnu.", name=out.name),
                mend=Sentence("Donnez un nom qui finit par {list}.", list=", ".join(FORMATS)),
            )
        if out.exists() and out.samefile(existing(file)):
            raise UsageError(
                Sentence("« {out} » est le fichier de départ lui-même.", out=out),
                mend="Donnez un autre nom : votre fichier n’est jamais changé.",
            )
        started = time.perf_counter()
        wanted = anonymising.load(policy)
        done = _anonymised(existing(file), wanted, sheet, city)
        write(done.table, out)
        seconds = round(time.perf_counter() - started, 3)
        left = _left(done)
        if as_json:
            print_json({**_answer(done, seconds), **(_more(done, wanted, left) if details else {})})
        else:
            _print(done, out)
        for each in left:
            say(f"⚠ {each}")
        return 0


def _list(as_json: bool) -> int:
    known = anonymising.presets()
    if as_json:
        print_json(
            {
                "policies": [
                    {"name": n, "title": p.title, "source": p.source, "k": p.models.k, "mode": p.mode}
                    for n, p in known.items()
                ]
            }
        )
    else:
        table(
            "",
            ("modèle", "ce qu’il protège", "k", "règle"),
            [(n, p.title, p.models.k, p.source) for n, p in known.items()],
        )
    return 0


def _anonymised(file: Path, policy: Policy, sheet: str, city: Path) -> Anonymised:
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        reading = chosen(readers.read(file, Workspace(Path(spool), sheet=sheet), name=file.name), sheet)
        raw = reading.tables[0]
        if len(reading.tables) > 1:
            say(
                f"Le fichier a {len(reading.tables)} tables : la première est prise. --sheet en choisit une autre."
            )
        con = connect.processing(Path(spool))
        typed = columns.type_table(raw, Path(spool) / "typed.parquet", con=con)
        con.close()
        with connect.processing(Path(spool)) as fresh:
            whole = fresh.execute(
                exp.select(exp.Star()).from_(exp.Table(this=parquet([typed.path]))).sql("duckdb")
            ).to_arrow_table()
    key, lasting = _key(city)
    done = anonymising.anonymise(
        whole, typed.schema, policy, key=key, seed=secrets.randbits(63), day=datetime.now(UTC).date()
    )
    if not lasting and any(d.treatment == "pseudonymise" for d in done.done):
        say(
            "Pas de ville ici (--city) : la clé des pseudonymes a été tirée pour cette fois, les codes ne se recoupent avec rien d’autre."
        )
    return done


def _left(done: Anonymised) -> tuple[str, ...]:
    """What the search for personal data still sees in the columns that the policy keeps as they are: whoever
    wrote it may not have known.
    """
    unchanged = {d.column for d in done.done if d.treatment == "keep"}
    if not unchanged:
        return ()
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        path = Path(spool) / "made.parquet"
        pq.write_table(done.table, path)
        with connect.processing(Path(spool)) as con:
            seen = privacy.detections(con, path, done.schema, done.table.num_rows)
    grave = (Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET)
    return tuple(
        s.message
        for s in seen
        if s.column in unchanged and s.category in grave and s.personal is not Sensitivity.NONE
    )


def _key(city: Path) -> tuple[bytes, bool]:
    """The key of the city's pseudonyms, and whether it is kept; without a city one that is forgotten."""
    if not (city / "parvis.toml").exists():
        return secrets.token_bytes(32), False
    return policies.key(settings(city)), True


def write(output: pa.Table, out: Path) -> None:
    """The table as a file of the format that its name says; whole, or not at all. Raises UsageError when it
    can't be written there.
    """
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}.partial")
    try:
        match out.suffix.lower():
            case ".parquet":
                pq.write_table(output, draft)
            case ".xlsx":
                _write_workbook(output, draft)
            case _:
                with (
                    tempfile.TemporaryDirectory(prefix="parvis-") as spool,
                    connect.processing(Path(spool)) as con,
                ):
                    con.from_arrow(_flat(output)).write_csv(str(draft), sep=";", header=True)
        os.replace(draft, out)
    except (OSError, duckdb.IOException, FileCreateError) as wrong:
        raise UsageError(
            Sentence("Impossible d’écrire {out}.", out=out),
            mend="Vérifiez que le dossier existe, et que vous pouvez y écrire.",
        ) from wrong
    finally:
        draft.unlink(missing_ok=True)


def _flat(output: pa.Table) -> pa.Table:
    """Several values of a cell as one text: CSV has no lists."""
    for i, field in enumerate(output.schema):
        if pa.types.is_list(field.type):
            texts = [
                None if cell is None else ",".join(map(str, cell)) for cell in output.column(i).to_pylist()
            ]
            output = output.set_column(i, field.name, pa.array(texts, pa.string()))
    return output


def _write_workbook(output: pa.Table, draft: Path) -> None:
    if output.num_rows > SHEET_ROWS:
        raise UsageError(
            Sentence("Une feuille de tableur a {n} lignes au plus.", n=Number(SHEET_ROWS)),
            mend="Écrivez un .csv ou un .parquet.",
        )
    with xlsxwriter.Workbook(
        str(draft), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet("Données")
        page.write_row(0, 0, output.column_names)
        line = 1
        for batch in _flat(output).to_batches(max_chunksize=20_000):
            for row in zip(*(c.to_pylist() for c in batch.columns), strict=True):
                page.write_row(
                    line, 0, [v if v is None or isinstance(v, bool | int | float) else str(v) for v in row]
                )
                line += 1


def _answer(done: Anonymised, seconds: float) -> dict[str, object]:
    after = _risk(done.after) | {
        "loss": {"ncp": round(done.loss.ncp, 6), "suppressed_rows": done.loss.suppressed_rows}
    }
    return {"before": _risk(done.before), "after": after, "seconds": seconds}


def _risk(measures: Measures | None) -> dict[str, object]:
    if measures is None:  # no column may serve to recognise somebody: there is no class to measure
        return {
            "k": None,
            "l": None,
            "t": None,
            "risk": {"prosecutor": None, "journalist": None, "marketer": None},
        }
    risk = measures.risk
    risks = {
        "prosecutor": round(risk.prosecutor, 6),
        "journalist": round(risk.journalist, 6),
        "marketer": round(risk.marketer, 6),
    }
    return {
        "k": measures.k,
        "l": measures.l,
        "t": None if measures.t is None else round(measures.t, 6),
        "risk": risks,
    }


def _more(done: Anonymised, policy: Policy, left: Sequence[str]) -> Mapping[str, object]:
    return {
        "method": done.method,
        "policy": {"title": policy.title, "source": policy.source},
        "rows": done.table.num_rows,
        "columns": done.done,
        "utility": {
            "ncp": done.loss.ncp,
            "discernibility": done.loss.discernibility,
            "average_class": done.loss.average_class,
            "largest_change_of_correlation": done.loss.correlation,
        },
        "classes": {"before": done.before, "after": done.after},
        "warnings": (*done.warnings, *left),
    }


def _print(done: Anonymised, out: Path) -> None:
    show(f"{out} : {french_number(done.table.num_rows)} lignes, {done.table.num_columns} colonnes.")
    if done.before is not None and done.after is not None:
        table(
            "",
            ("", "avant", "après"),
            [
                ("k (plus petite classe)", done.before.k, done.after.k),
                ("l (valeurs sensibles)", _or(done.before.l), _or(done.after.l)),
                ("t (écart à la table)", _or(done.before.t), _or(done.after.t)),
                (
                    "risque du procureur, au pire",
                    _percent(done.before.risk.prosecutor),
                    _percent(done.after.risk.prosecutor),
                ),
                (
                    "risque du journaliste, au pire",
                    _percent(done.before.risk.journalist),
                    _percent(done.after.risk.journalist),
                ),
                (
                    "risque du démarcheur, en moyenne",
                    _percent(done.before.risk.marketer),
                    _percent(done.after.risk.marketer),
                ),
                (
                    "personnes seules de leur classe",
                    french_number(done.before.risk.uniques),
                    french_number(done.after.risk.uniques),
                ),
            ],
        )
        show(
            f"Précision perdue (NCP) : {_percent(done.loss.ncp)} ; lignes retirées ou muettes : {french_number(done.loss.suppressed_rows)}."
        )
    rows = [
        (
            d.column,
            d.told,
            "–" if d.ncp is None else _percent(d.ncp),
            "–" if d.shift is None else _percent(d.shift),
        )
        for d in done.done
    ]
    table("", ("colonne", "ce qui en est fait", "perte", "distribution déplacée de"), rows)
    for each in done.warnings:
        say(f"⚠ {each}")


def _or(value: float | None) -> str:
    return "–" if value is None else french_number(round(value, 3))


def _percent(value: float) -> str:
    return f"{french_number(100 * value, 1)} %"
