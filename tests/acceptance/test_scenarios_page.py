"""docs/scenarios.md: every line of what issue A delivers names a test that exists, or says that it is not
done and why.
"""

from __future__ import annotations

import ast
import re
from functools import cache

from parvis import readers
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "scenarios.md").read_text("utf-8")

LINES = """
rooms, values, floors, declarations · pyproject, licence, constraints, extras · Makefile, .ci/run · README, CHANGELOG, decision notes · SECURITY.md, threat model ·
security.txt · bill of materials, dependency audit · SQLite and PostgreSQL · versions by digest, object store, local cache · journal · locked engine for visitors ·
durable workflows · local accounts, sessions, CSRF · a role per organisation · API keys · NIR, IBAN, e-mail, phone and names found · policy open or hold, parvis release ·
nothing served without its release row · killed at any step, second process, code change · CSV and TSV of any make · gzip · zip · XLSX · XLS · ODS · JSON · JSON Lines ·
XML · GeoJSON · zipped Shapefile · GeoPackage · File Geodatabase · MapInfo TAB · KML · GPX · Parquet and GeoParquet · GTFS · GBFS by URL · encoding order ·
types of French files · a correction survives every reload · a value that does not fit is kept and reported · swapped and distant coordinates ·
limits against hostile files · datasets, resources, organisations, keywords, themes, licence, frequency, coverage, contact · search with facets · lineage ·
DCAT-AP by negotiation and extension · home, search, organisation, legal, accessibility · dataset page whole, without script · map and chart · Explore v2.1 ·
exports, whole and streamed · parvis export --all · the commands and --json · parvis inspect --json · polled, retried, stale and malformed reported ·
current state served, history closed into versions · nothing acknowledged lost at a kill · page with map, table, nearest station, last update ·
derived dataset with lineage · replayed by a GBFS server of ours · seeded generator with dirt and planted truth · what is published, refused, held and why ·
make demo, and a quick second start
"""
"""The Deliver section of issue A, line by line, in its order."""


def rows(page: str = PAGE) -> list[tuple[str, str]]:
    """Line and proof of each row of the page's tables."""
    found = re.findall(r"^\| (.+?) \| (.+) \|$", page, re.MULTILINE)
    return [(line, proof) for line, proof in found if line != "line"]


@cache
def files() -> dict[str, str]:
    """Short name to file, as the page says."""
    return dict(re.findall(r"\*\*(\w+)\*\* (?:is )?`([^`]+)`", PAGE))


@cache
def functions(path: str) -> frozenset[str]:
    return frozenset(
        node.name
        for node in ast.parse((ROOT / path).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    )


def test_every_delivered_line_has_one_row() -> None:
    assert [line for line, _ in rows(PAGE.partition("\n## B. Quality\n")[0])] == [
        line.strip() for line in LINES.replace("\n", " ").split("·")
    ]


def test_every_named_test_exists() -> None:
    """A function of that file, at module level; a parameter that is named is one of its own."""
    named = [
        (short, name, parameter)
        for _, proof in rows()
        for short, name, parameter in re.findall(r"([\w./]+)::(\w+)(?:\[(\w+)\])?", proof)
    ]
    assert len(named) > len(rows())
    for short, name, parameter in named:
        assert name in functions(files().get(short, short)), f"{short}::{name}"
        assert not parameter or parameter in readers.readers(), f"{short}::{name}[{parameter}]"


def test_a_line_without_a_test_says_why() -> None:
    for line, proof in rows():
        assert "::" in proof or re.match(r"not done: .{20,}", proof), line
