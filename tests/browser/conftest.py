"""A real server over the small city, and a real browser. Both are ours, on the loopback, and end by their own
process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import serving
from tests.cities import webcity

ROOT = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
]

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What the browser may be called, the first that is there."""


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a served city."""
    folder = tmp_path_factory.mktemp("city")
    webcity.build(folder).db.close()
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, one for all files of this folder; it ends with them, as its driver keeps an
    event loop in the thread of the tests. Its shell without windows where there is one: the same engine, at
    half the price.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, without what the file before left open."""
    yield chromium
    for left in chromium.contexts:
        left.close()


@pytest.fixture
def tab(browser: Browser, portal: str) -> Iterator[Page]:
    """A desktop tab, in French, that fails the test when the console says something is wrong."""
    context = browser.new_context(base_url=portal, locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console",
        lambda m: (
            said.append(m.text) if m.type in ("error", "warning") and "GL Driver" not in m.text else None
        ),
    )
    page.on("pageerror", lambda e: said.append(str(e)))
    yield page
    context.close()
    assert said == []
