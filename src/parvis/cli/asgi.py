"""The web application of one process: the city named by `PARVIS_FOLDER`, opened once."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from parvis import api, pipeline
from parvis.cli import beside
from parvis.cli.city import settings
from parvis.web import bounded
from parvis.web.app import create_app


def application() -> FastAPI:
    """Pages and HTTP dialects over an open city."""
    city = pipeline.open_city(settings(Path(os.environ["PARVIS_FOLDER"])))
    city.engine.connection.cursor().close()  # opened now: no visitor waits for it
    made = create_app(city)
    api.install(made, city)
    beside.start(city)
    bounded.ready()
    return made
