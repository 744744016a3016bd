"""The web application of one process: the city named by `PARVIS_FOLDER`, opened once."""

from __future__ import annotations

import faulthandler
import os
from pathlib import Path

from parvis import api
from parvis.cli import web_background
from parvis.cli.city import settings
from parvis.core import traces
from parvis.inspection import limited_process
from parvis.publication.city import open_city
from parvis.store.outage import outage
from parvis.web import chart
from parvis.web.app import create_app


def application() -> traces.Application:
    """Pages and HTTP dialects over an open city."""
    traces.discreet(outage)
    faulthandler.enable()  # a library that crashes says where, and no value of anybody's
    city = open_city(settings(Path(os.environ["PARVIS_FOLDER"])))
    city.engine.connection.cursor().close()  # opened now: no visitor waits for it
    made = create_app(city)
    api.install(made, city)

    def drop() -> None:
        made.state.explore.drop()
        made.state.site.pages.drop()
        chart.drop()

    web_background.start(city, drop)
    limited_process.ready("parvis.web.preload")
    return traces.wordless(made)
