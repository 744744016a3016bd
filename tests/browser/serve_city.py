"""Serve a city of the tests, in a process of its own. In a city with a file `clock`, its text is the time."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server

from parvis.core import settings
from parvis.publication.city import open_city
from parvis.web.app import create_app
from tests.cities import webcity


def app() -> FastAPI:
    """Built in the process that serves."""
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
    """Serve until the signal to stop: by Granian inside this process, which was forked with all that the city
    needs. A worker of its own would load it again, four seconds of a processor for each city.
    """
    os.environ |= {"CITY_FOLDER": str(folder), "CITY_PORT": str(port), "CITY_SECOND": second_factor}
    asyncio.run(_served(port))


async def _served(port: int) -> None:
    server = Server(app(), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, server.stop)
    await server.serve()
