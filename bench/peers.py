"""Peers live in virtual environments of their own, out of git, built once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(name: str, *requirements: str) -> Path:
    """The python of the peer's environment `.venv-<name>`, made when it is not there."""
    folder = ROOT / f".venv-{name}"
    python = folder / "bin" / "python"
    stamp = folder / ".ready"
    if not stamp.exists() or stamp.read_text("utf-8") != "\n".join(requirements):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
            check=True,
        )
        stamp.write_text("\n".join(requirements), "utf-8")
    return python
