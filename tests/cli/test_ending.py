"""`parvis serve` ends, whatever its worker is at."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from parvis.cli import serve


def test_a_worker_that_does_not_end_in_time_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No trace of ours, and no process that is left behind."""
    monkeypatch.setattr(serve, "END_S", 0.2)
    monkeypatch.setattr(serve.sys, "executable", _speaking(tmp_path))
    with serve._child(tmp_path, [], threading.Event()):
        due = time.monotonic() + 60
        while not (tmp_path / "pid").exists() or "deaf" not in capfd.readouterr().out:
            assert time.monotonic() < due
            time.sleep(0.02)
        pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def _speaking(folder: Path) -> str:
    """A program in the place of the worker, which hears no signal to end."""
    made = folder / "deaf"
    made.write_text(
        "#!/bin/sh\ntrap '' TERM\necho $$ > \"" + str(folder / "pid") + '"\necho deaf\nexec sleep 600\n'
    )
    made.chmod(0o755)
    return str(made)
