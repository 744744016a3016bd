"""A plain text file checked in one pass gets the answer that the reader's whole work leads to, and is left to
the reader where it is not so plain.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.checks import load_schema
from parvis.core.types import Json, Schema
from parvis.inspection import file_check
from parvis.inspection.single_pass import single_pass_answer

SCHEMA: dict[str, Json] = {
    "fields": [
        {"name": "id", "constraints": {"required": True, "unique": True, "pattern": "[A-Z][0-9]+"}},
        {"name": "jour", "type": "date", "constraints": {"minimum": "2020-01-01"}},
        {
            "name": "prix",
            "type": "number",
            "decimalChar": ",",
            "groupChar": " ",
            "constraints": {"minimum": 0},
        },
        {"name": "ouvert", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    ],
    "missingValues": ["", "NA"],
}


def both(tmp_path: Path, content: bytes, schema: Schema | None = None) -> tuple[object, object]:
    """What one pass says of a file, and what the reader and the reference say of it."""
    file = tmp_path / "fichier.csv"
    file.write_bytes(content)
    wanted = schema or load_schema(SCHEMA)
    with file_check.opened(file) as desk:
        read = file_check.answered(desk, file_check.CheckRequest(wanted, "s"))
    return single_pass_answer(file, wanted, schema_name="s"), read


HEAD = "id;jour;prix;ouvert\n"
GOOD = "".join(f"A{i};2024-01-{i % 28 + 1:02d};{i},50;oui\n" for i in range(60))

PLAIN: dict[str, str] = {
    "right": HEAD + GOOD,
    "wrong": HEAD + GOOD + "A1;2019-12-31;-1;peut-être\n;NA;x;\nB1;2024-02-29;1 234,5;non\nA1;;;\n",
    "without its last line end": (HEAD + GOOD).rstrip("\n"),
    "CRLF": (HEAD + GOOD + "x;2024-01-01;1;\n").replace("\n", "\r\n"),
    "title lines": "Liste des prix;;;\n;;;\n" + HEAD + GOOD + "x;;;\n",
    "a missing column, another one": "id;jour;autre\n"
    + "".join(f"A{i};2024-01-01;z\n" for i in range(30))
    + "x;y;z\n",
    "missing by a text": HEAD + GOOD + "NA;NA;NA;\n",
    "doubled keys and blanks": HEAD + GOOD + "A3;2024-01-01; 1 ;oui\nA3;2024-01-01;1;oui\n",
    "columns in another order": "prix;id;ouvert;jour\n"
    + "".join(f"{i};A{i};non;2024-01-01\n" for i in range(30))
    + "x;a;b;c\n",
}
"""Contents that one pass answers."""

UNEVEN: dict[str, bytes] = {
    "a short record": (HEAD + GOOD + "A99;2024-01-01;1\n").encode(),
    "a long record": (HEAD + GOOD + "A99;2024-01-01;1;oui;x\n").encode(),
    "one short, one long": (
        HEAD + GOOD + "A99;2024-01-01;1\n" + GOOD.replace("A", "B") + "A98;2024-01-01;1;oui;x\n"
    ).encode(),
    "a blank line": (HEAD + GOOD + "\n" + GOOD.replace("A", "B")).encode(),
    "a record of separators": (HEAD + GOOD + ";;;\n" + GOOD.replace("A", "B")).encode(),
    "a record of spaces": (HEAD + GOOD + " ; ;;\n" + GOOD.replace("A", "B")).encode(),
    "empty lines at the end": (HEAD + GOOD + "\n\n\n").encode(),
    "quotes": (HEAD + GOOD + 'A99;2024-01-01;"1";"oui"\n').encode(),
    "quotes far below": (HEAD + GOOD * 400 + 'A99;2024-01-01;"1;2";"oui"\n').encode(),
    "another encoding": (HEAD + GOOD + "A99;2024-01-01;1;été\n").encode("cp1252"),
    "another encoding far below": (HEAD + GOOD * 400 + "A99;2024-01-01;1;été\n").encode("cp1252"),
    "a mark of byte order": ("\ufeff" + HEAD + GOOD).encode(),
    "damaged letters": (HEAD + GOOD + "A99;2024-01-01;1;\ufffd\n").encode(),
    "encoded twice": (HEAD + GOOD + "A99;2024-01-01;1;Ã©Ã©\n").encode(),
    "NUL": (HEAD + GOOD + "A99;2024-01-01;1;\x00\n").encode(),
    "mixed line ends": (HEAD + GOOD).encode() + b"A99;2024-01-01;1;oui\r\n",
    "carriage returns inside": (HEAD + GOOD).replace("\n", "\r\n").encode() + b"A99;2024-01-01;1\r;oui\r\n",
    "the header again": (HEAD + GOOD + HEAD + GOOD.replace("A", "B")).encode(),
    "a total": (HEAD + GOOD + "TOTAL;;1000;\n").encode(),
    "a single column": b"id\n" + b"".join(b"A%d\n" % i for i in range(40)),
    "JSON": json.dumps([{"id": "A1"}, {"id": "A2"}]).encode(),
}
"""Contents that the reader must see."""


@pytest.mark.parametrize("name", PLAIN)
def test_plain_files_get_the_same_answer(tmp_path: Path, name: str) -> None:
    """Faults, counts, lines, cells, scores and what was not checked."""
    seen, read = both(tmp_path, PLAIN[name].encode())
    assert seen is not None
    assert seen == read


@pytest.mark.parametrize("name", UNEVEN)
def test_other_files_are_left_to_the_reader(tmp_path: Path, name: str) -> None:
    """One pass says nothing of them, or the same."""
    seen, read = both(tmp_path, UNEVEN[name])
    assert seen is None or (name == "quotes far below" and seen == read)


def test_files_changed_at_random(tmp_path: Path) -> None:
    """Bytes taken out, put in or doubled anywhere: never another answer than the reader's."""
    drawn = random.Random(20261125)
    answered = 0
    for _ in range(60):
        content = bytearray((HEAD + GOOD).replace("\n", drawn.choice(["\n", "\r\n"])).encode())
        for _ in range(drawn.randint(1, 3)):
            place = drawn.randrange(len(HEAD) + 2, len(content))
            put = drawn.choice(
                [b"", b";", b"\n", b"\r\n", b" ", b"x", b"1", b"1", b"NA", b"\r", "é".encode(), b";;;\n"]
            )
            content[place : place + drawn.randint(0, 1)] = put
        seen, read = both(tmp_path, bytes(content))
        answered += seen is not None
        assert seen is None or seen == read, bytes(content)
    assert answered >= 10


LINES = (
    (b"id;jour;prix;ouvert\r\nA1;x;1;oui\r\nA2;2024-01-01;x;oui\r\n", {"jour": [2], "prix": [3]}),
    (b"Titre\n\nid;jour;prix;ouvert\nA1;x;1;oui\nA2;2024-01-01;x;oui\n", {"jour": [4], "prix": [5]}),
    (
        b'id;jour;prix;ouvert\n"A1";2024-01-01;"1";"a\nb"\n\nA2;x;"1\n2";oui\nA3;2024-01-01;x;oui\n',
        {"ouvert": [2], "jour": [5], "prix": [5, 7]},
    ),
    (
        b'id;jour;prix;ouvert\r\n"A1";x;"1";"a\r\nb"\r\nA3;2024-01-01;x;oui\r\n',
        {"jour": [2], "ouvert": [2], "prix": [4]},
    ),
)


@pytest.mark.parametrize("place", range(len(LINES)))
def test_rows_stand_on_the_lines_of_the_file(tmp_path: Path, place: int) -> None:
    """Quoted line breaks, blank lines, titles, CR LF: what is told is the physical line, by the command
    itself.
    """
    content, wanted = LINES[place]
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "f.csv").write_bytes(content)
    command = [
        sys.executable,
        "-m",
        "parvis",
        "check",
        str(tmp_path / "f.csv"),
        "--schema",
        str(tmp_path / "s.json"),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {
        e["column"]: [r["line"] for r in e["rows"]]
        for e in json.loads(done.stdout)["errors"]
        if e["code"] == "type-error"
    }
    assert found == wanted


def test_schemas_that_ask_for_more_are_left_to_the_reader(tmp_path: Path) -> None:
    """Links, patterns that no vector engine takes, conditions in Python over distinct texts."""
    back: dict[str, Json] = {
        "fields": [
            {"name": "id", "constraints": {"pattern": r"([A-Z])[0-9]+\1?"}},
            {"name": "jour"},
            {"name": "prix"},
            {"name": "ouvert"},
        ]
    }
    hours: dict[str, Json] = {
        **SCHEMA,
        "custom_checks": [{"name": "opening-hours-value", "params": {"column": "id"}}],
    }
    for said in (back, hours):
        seen, _ = both(tmp_path, (HEAD + GOOD).encode(), load_schema(said))
        assert seen is None


LOADED = """
import sys
from parvis.cli.app import run
code = run(sys.argv[1:])
heavy = [m for m in ("numpy", "pyarrow", "sqlalchemy", "fastapi", "rich", "lxml", "pyogrio", "shapely", "dbos", "typer", "pydantic", "regex", "jsonschema") if m in sys.modules]
sys.stderr.write(" ".join(heavy))
raise SystemExit(code)
"""


def test_the_command_loads_what_it_needs(tmp_path: Path) -> None:
    """A plain file held to a schema: no reader of other formats, no store, no web, no Arrow; the exit says
    that it is not valid.
    """
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "f.csv").write_text(PLAIN["wrong"], "utf-8")
    command = [
        sys.executable,
        "-c",
        LOADED,
        "check",
        str(tmp_path / "f.csv"),
        "--schema",
        str(tmp_path / "s.json"),
        "--json",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"COVERAGE_PROCESS_START": ""}
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["valid"] is False


LATE = """
import sys
from parvis.checks import prefilter
from parvis.cli.app import run
began = []
passed = prefilter._passed
prefilter._passed = lambda *a, **k: (began.extend(m for m in ("duckdb", "sqlglot.dialects.duckdb") if m in sys.modules), passed(*a, **k))[1]
code = run(sys.argv[1:])
sys.stderr.write(" ".join(began) + "|" + " ".join(m for m in ("duckdb", "sqlglot.dialects.duckdb") if m in sys.modules))
raise SystemExit(code)
"""


def test_the_pass_begins_before_the_judge_is_loaded(tmp_path: Path) -> None:
    """The reference and what writes its queries are loaded while the other engine works, not before."""
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "f.csv").write_text(PLAIN["wrong"], "utf-8")
    command = [
        sys.executable,
        "-c",
        LATE,
        "check",
        str(tmp_path / "f.csv"),
        "--schema",
        str(tmp_path / "s.json"),
        "--json",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"COVERAGE_PROCESS_START": ""}
    )
    began, ended = done.stderr.split("|")
    assert "sqlglot.dialects.duckdb" not in began.split()
    assert ended == "duckdb sqlglot.dialects.duckdb"
