"""Alerts by command: a message that the city writes waits for a person, goes, and is ended; what is typed
wrong is said.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parvis.cli.app import run as command
from parvis.cli.init import create


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = command([*arguments, "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out.strip() else {}


@pytest.fixture
def city(tmp_path: Path) -> str:
    create(tmp_path / "ville", "Rivemont")
    return str(tmp_path / "ville")


def test_written_approved_ended(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, made = run(
        capsys,
        "alerts",
        "write",
        "eau",
        "--title",
        "Eau coupée rue du Moulin",
        "--text",
        "De 9 h à 12 h.",
        "--until",
        "2099-01-01T12:00",
        "-C",
        city,
    )
    assert (code, made["state"]) == (0, "proposed"), "a message that a person writes waits for another look"
    code, done = run(capsys, "alerts", "approve", str(made["id"]), "-C", city)
    assert (code, done["state"]) == (0, "issued")
    code, ended = run(
        capsys, "alerts", "end", str(made["episode"]), "--why", "L’eau est revenue.", "-C", city
    )
    assert (code, ended["state"]) == (0, "proposed")
    code, done = run(capsys, "alerts", "refuse", str(ended["id"]), "-C", city)
    assert (code, done["state"]) == (0, "refused")
    code, told = run(capsys, "alerts", "list", "-C", city)
    assert [(one["kind"], one["state"]) for one in told["alerts"]] == [("end", "refused"), ("open", "issued")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("write", "lune", "--title", "x", "--text", "y", "--until", "2099-01-01"), 64),
        (("write", "eau", "--title", "x", "--text", "y", "--until", "demain"), 64),
        (("write", "eau", "--title", "x", "--text", "y", "--until", "2020-01-01"), 64),
        (("approve", "rien"), 64),
        (("end", "rien", "--why", "x"), 64),
    ],
)
def test_what_is_wrong_is_said(city: str, arguments: tuple[str, ...], code: int) -> None:
    assert command(["alerts", *arguments, "-C", city]) == code
