"""docs/asvs.md: every number of the standard at levels 1 and 2 has one row, each row a test that exists or a
reason.
"""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text("utf-8")

COUNTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1,
    "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 3, "7.1": 3, "7.2": 4, "7.3": 2,
    "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 3, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1,
    "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
"""Requirements of levels 1 and 2 in each section of ASVS 5.0.0; chapters 10 and 17 (OAuth, WebRTC) do not
concern Parvis.
"""

ROWS = re.findall(r"^\| (\d+\.\d+)\.(\d+) \| ([12]) \| ?(.*?) ?\| (.+) \|$", PAGE, re.MULTILINE)


@cache
def functions(path: str) -> frozenset[str]:
    return frozenset(
        node.name
        for node in ast.parse((ROOT / path).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    )


def test_every_line_of_the_standard_has_one_row() -> None:
    found = [section for section, *_ in ROWS]
    assert {s: found.count(s) for s in dict.fromkeys(found)} == COUNTS
    assert len({(section, number) for section, number, *_ in ROWS}) == len(ROWS) == sum(COUNTS.values())


def test_every_named_test_exists() -> None:
    short = dict(re.findall(r"\*\*(\w+)\*\* `([^`]+)`", PAGE))
    for section, number, _, _, proof in ROWS:
        named = re.findall(r"([\w./]+)::(\w+)", proof)
        assert named or re.search(r"(not here|outside|misses): .{6,}", proof), f"{section}.{number}"
        for file, name in named:
            assert name in functions(short.get(file, file)), f"{section}.{number}: {file}::{name}"
