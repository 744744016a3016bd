"""Serve a city of the tests, in a process of its own. In a city with a file `clock`, its text is the time."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from granian import Granian
from granian.constants import Interfaces

from parvis.core import settings
from parvis.publication.city import open_city
from parvis.web.app import create_app
from tests.cities import webcity


def app() -> FastAPI:
    """Built in the worker process."""
    folder = Path(os.environ["CITY_FOLDER"])
    clock = folder / "clock"
    if not clock.exists():
        city = webcity.open_again(folder)
    else:
        city = open_city(
            settings.load(folder, {}), clock=lambda: datetime.fromisoformat(clock.read_text("utf-8"))
        )
    serve = replace(
        city.settings.serve, port=int(os.environ["CITY_PORT"]), second_factor=(os.environ["CITY_SECOND"],)
    )
    return create_app(replace(city, settings=replace(city.settings, serve=serve)))


def main(folder: Path, port: int, second_factor: str) -> None:
    """Serve until the signal to stop."""
    os.environ |= {"CITY_FOLDER": str(folder), "CITY_PORT": str(port), "CITY_SECOND": second_factor}
    Granian(
        "tests.browser.serve_city:app",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        log_enabled=False,
    ).serve()
