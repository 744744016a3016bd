"""Serve the small city of the tests, in a process of its own: `python -m tests.browser.serve_city FOLDER PORT`. Ended by its process id."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fastapi import FastAPI
from granian import Granian
from granian.constants import Interfaces

from parvis.web.app import create_app
from tests import webcity


def app() -> FastAPI:
    """Built in the worker process."""
    return create_app(webcity.open_again(Path(os.environ["WEBCITY_FOLDER"])))


if __name__ == "__main__":
    os.environ["WEBCITY_FOLDER"] = sys.argv[1]
    folder = Path(sys.argv[1])
    if not (folder / "var" / "parvis.db").exists():
        webcity.build(folder)
    Granian(
        "tests.browser.serve_city:app", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.ASGI, factory=True, log_enabled=False
    ).serve()
