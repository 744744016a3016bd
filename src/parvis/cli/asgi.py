"""The web application of one process: the city named by `PARVIS_FOLDER`, opened once."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
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

TURN_S = 0.001
"""Longest that a thread keeps the interpreter when another one wants it. An answer takes it some twenty times, at worst
after each of the others that are made: with 5 ms, the default, who wanted it for a moment waited most.
"""
COLLECTING = (2_000, 5, 100)
"""Objects made between two looks of the collector at the young ones, and how many of those until it looks at older ones.
Nobody is answered meanwhile: with the threshold of commands (50,000) for 20 ms, every tenth time 370 (decision 0057).
"""


def application() -> traces.Application:
    """Pages and HTTP dialects over an open city."""
    traces.discreet(outage)
    faulthandler.enable()  # a library that crashes says where, and no value of anybody's
    city = open_city(settings(Path(os.environ["PARVIS_FOLDER"])))
    city.engine.connection.cursor().close()  # opened now: no visitor waits for it
    site = create_app(city)
    api.install(site, city)

    def drop() -> None:
        site.state.explore.drop()
        site.state.site.pages.drop()
        chart.drop()

    web_background.start(city, drop)
    limited_process.ready("parvis.web.preload")
    keep_pauses_short()
    return traces.wordless(site)


def keep_pauses_short() -> None:
    """From here on nobody waits long for this process to collect, or for one thread to let another go on."""
    gc.collect()
    gc.freeze()  # what was loaded and built stays: the collector need not look through it
    gc.set_threshold(*COLLECTING)
    sys.setswitchinterval(TURN_S)
