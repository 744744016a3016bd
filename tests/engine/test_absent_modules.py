"""What is not installed is said so at once, and what is installed is found as ever."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from parvis.engine import connect
from parvis.engine.absent_modules import remember_absent


class Search:
    """Finds nothing, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        self.names.append(name)


def test_what_is_not_there_is_answered_for_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    search = Search()
    sys.meta_path.insert(0, search)
    remember_absent("no_such_module_1", "colorsys")
    remember_absent("no_such_module_1")
    search.names.clear()
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="no_such_module_1"):
            importlib.import_module("no_such_module_1")
    assert "no_such_module_1" not in search.names
    sys.modules.pop("colorsys", None)
    assert importlib.import_module("colorsys").__name__ == "colorsys"


def test_the_engine_does_not_search_for_pandas_at_each_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    con = connect.processing(tmp_path, threads=1)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    search = Search()
    sys.meta_path.append(search)  # asked only where nobody answered
    assert con.execute("SELECT ?, ?", ["a", 1]).fetchall() == [("a", 1)]
    con.close()
    assert "pandas" not in search.names
