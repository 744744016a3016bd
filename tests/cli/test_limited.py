"""Commands about one file end, whatever the file: by a clock, by a limit of memory, with what to do instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def parvis(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "parvis", *words],
        env=os.environ | {"TMPDIR": str(temporary)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Some minutes of work in half a megabyte."""
    file = tmp_path / "large.csv"
    rows = [";".join(f"c{i}" for i in range(6_000)), *(";".join(["12,5"] * 6_000) for _ in range(12))]
    file.write_text("\n".join(rows) + "\n", "utf-8")
    return file


@pytest.mark.parametrize("command", ["check", "scan", "inspect"])
def test_a_file_that_takes_too_long_ends_with_what_to_do(wide: Path, tmp_path: Path, command: str) -> None:
    done = parvis(command, str(wide), "--json", folder=tmp_path, PARVIS_LIMITS_DEPOSIT_S="1.5")
    assert done.returncode == 2
    said = json.loads(done.stdout)
    assert (said["error"], said["limit"]) == ("Unreadable", "limits.deposit_s")
    assert "1.5 secondes" in said["message"]
    assert "PARVIS_LIMITS_DEPOSIT_S" in said["mend"]
    assert not [*(tmp_path / "tmp").iterdir()], "what it had written in passing goes with it"


def test_a_file_that_takes_too_much_memory_too(wide: Path, tmp_path: Path) -> None:
    done = parvis(
        "check", str(wide), "--json", "--lang", "en", folder=tmp_path, PARVIS_LIMITS_DEPOSIT_MEMORY_MB="90"
    )
    assert done.returncode == 2
    said = json.loads(done.stdout)
    assert said["limit"] == "limits.deposit_memory_mb"
    assert "90 MB" in said["message"]


def test_a_usual_file_is_answered_as_ever(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("a;b\n1;2\n3;4\n", "utf-8")
    done = parvis("inspect", str(file), "--json", folder=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["rows"] == 2
    assert not [*(tmp_path / "tmp").iterdir()]
    lost = parvis("inspect", str(tmp_path / "nowhere.csv"), folder=tmp_path)
    assert lost.returncode == 64


def test_a_limit_that_is_none_is_told(tmp_path: Path) -> None:
    done = parvis("check", "f.csv", folder=tmp_path, PARVIS_LIMITS_DEPOSIT_S="longtemps")
    assert done.returncode == 64
    assert "PARVIS_LIMITS_DEPOSIT_S" in done.stderr
    assert "Exemple" in done.stderr


def test_a_command_that_is_ended_takes_its_process_along(wide: Path, tmp_path: Path) -> None:
    began = subprocess.Popen(
        [sys.executable, "-m", "parvis", "check", str(wide)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    with began:
        with pytest.raises(subprocess.TimeoutExpired):
            began.wait(2)
        began.kill()
        began.wait()
        assert began.stdout is not None
        assert began.stdout.read() == b"", "the pipe is closed by its last holder: the process is gone too"
