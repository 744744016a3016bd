"""The web application of one process: the city named by `PARVIS_FOLDER`, opened once."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from parvis import pipeline
from parvis.cli.city import settings
from parvis.web.app import create_app


def application() -> FastAPI:
    """Pages and HTTP dialects over an open city."""
    return create_app(pipeline.open_city(settings(Path(os.environ["PARVIS_FOLDER"]))))
