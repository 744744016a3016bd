"""Pictures of pages as people meet them, to be looked at: `python -m bench.pictures FOLDER [ADDRESS
PATH...]`.

Alone, the first screen of the report of each of the twenty broken files of the tests, on a desk and on a
phone. With the address of a portal that is served, each of the paths, whole, on a desk and on a phone.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright
from tests.browser.conftest import ARGUMENTS
from tests.browser.serving import serving
from tests.browser.test_check import fix_of, send
from tests.cities import webcity
from tests.tables.broken_files import BROKEN

SIZES = {"bureau": (1280, 800), "telephone": (360, 740)}
"""Width and height in CSS pixels."""
PATIENCE_MS = 120_000
"""A picture is none the worse for a machine that is busy."""


@contextmanager
def tab(address: str) -> Iterator[Page]:
    """A tab of the system's Chromium, in French, without movement."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_context(base_url=address, locale="fr-FR", reduced_motion="reduce").new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield page
        browser.close()


def reports(folder: Path) -> list[str]:
    """The first screen of each report, `<file>-<size>.png`; returns those where the fix is not wholly on it."""
    below: list[str] = []
    with TemporaryDirectory() as city:
        webcity.build(Path(city)).db.close()
        with serving(Path(city)) as address, tab(address) as page:
            for one in BROKEN:
                send(page, one)
                fix_of(page, one).wait_for()
                for size, (width, height) in SIZES.items():
                    page.set_viewport_size({"width": width, "height": height})
                    page.evaluate("scrollTo(0, 0)")
                    name = f"{one.name.replace(' ', '-')}-{size}"
                    page.screenshot(path=folder / f"{name}.png")
                    box = fix_of(page, one).bounding_box()
                    if box is None or box["y"] < 0 or box["y"] + box["height"] > height:
                        below.append(name)
    return below


def pages(folder: Path, address: str, paths: Sequence[str]) -> list[str]:
    """Whole pages, `<path>-<size>.png`; returns those that scroll sideways."""
    wide: list[str] = []
    with tab(address) as page:
        for path in paths:
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(path)
                name = f"{path.strip('/').replace('/', '-').replace('?', '-') or 'accueil'}-{size}"
                page.screenshot(path=folder / f"{name}.png", full_page=True)
                if page.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                ):
                    wide.append(name)
    return wide


def main(arguments: Sequence[str]) -> int:
    """0 when every fix stands on its first screen, and no page scrolls sideways."""
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    wrong = pages(folder, arguments[1], arguments[2:]) if len(arguments) > 1 else reports(folder)
    print(f"{folder}: {len(list(folder.glob('*.png')))} pictures" + "".join(f"\n{one}" for one in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
