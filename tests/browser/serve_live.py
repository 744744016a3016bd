"""Serve a live city of the tests, in a process of its own: `python serve_live.py FOLDER PORT`. Its clock is the text of the file FOLDER/clock."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from granian import Granian
from granian.constants import Interfaces

from parvis import pipeline
from parvis.core import settings
from parvis.web.app import create_app


def app() -> FastAPI:
    """Built in the worker process."""
    folder = Path(os.environ["LIVECITY_FOLDER"])
    return create_app(pipeline.open_city(settings.load(folder, {}), clock=lambda: datetime.fromisoformat((folder / "clock").read_text("utf-8"))))


if __name__ == "__main__":
    os.environ["LIVECITY_FOLDER"] = sys.argv[1]
    Granian("serve_live:app", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.ASGI, factory=True, log_enabled=False, working_dir=Path(__file__).parent).serve()
