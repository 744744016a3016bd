"""Declaring is registering: a module dropped in a package is found; two declarations of one name stop the
start.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from parvis.core import registry
from parvis.core.types import Organisation


@dataclass(frozen=True)
class Thing:
    name: str


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **modules: str) -> ModuleType:
    folder = tmp_path / "things_for_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("", "utf-8")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text("from tests.core.test_registry import Thing\n" + text, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for known in [m for m in sys.modules if m.startswith("things_for_test")]:
        monkeypatch.delitem(sys.modules, known)
    return importlib.import_module("things_for_test")


def test_declarations_are_found_in_alphabetical_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = registry.declared(
        package(tmp_path, monkeypatch, a="z = Thing('zinc')\n", b="a = Thing('argon')\nother = 3\n"), Thing
    )
    assert list(found) == ["argon", "zinc"]


def test_one_value_seen_twice_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = registry.declared(
        package(tmp_path, monkeypatch, a="z = Thing('zinc')\n", b="from things_for_test.a import z\n"), Thing
    )
    assert list(found) == ["zinc"]


def test_two_of_one_name_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="zinc"):
        registry.declared(
            package(tmp_path, monkeypatch, a="z = Thing('zinc')\n", b="z = Thing('zinc')\n"), Thing
        )


def test_values_of_another_kind_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not registry.declared(package(tmp_path, monkeypatch, a="z = Thing('zinc')\n"), Organisation)
