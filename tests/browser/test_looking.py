"""Looking at a page finds what it looks for: in one scheme or at one width only, too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import looked_at

pytestmark = pytest.mark.browser

SMALL = "min-width: 0; min-height: 0; width: 12px; height: 12px; overflow: hidden"

STYLES = {
    "": [],
    "@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }": [
        "320 dark: color-contrast",
        "1280 dark: color-contrast",
    ],
    "@media (max-width: 40rem) { p { color: #777; background: #666 } }": [
        "320 light: color-contrast",
        "320 dark: color-contrast",
    ],
    f"@media (prefers-color-scheme: dark) {{ button {{ {SMALL} }} }}": [
        "320 dark: target-size",
        "1280 dark: target-size",
    ],
    f"@media (min-width: 40rem) {{ button {{ {SMALL} }} }}": ["1280 dark: target-size"],
    f"@media (min-width: 40rem) and (prefers-color-scheme: light) {{ button {{ {SMALL} }} }}": [
        "1280 light: target-size",
    ],
    "@media (min-width: 60rem) { p { width: 2000px } }": [
        "1280 dark: scrolls sideways",
        "1280 light: scrolls sideways",
    ],
    "@media (orientation: landscape) { body { rotate: 90deg } }": ["320 light: style by orientation"],
    "@media screen { @media (orientation: portrait) { body { rotate: 90deg } } }": [
        "320 light: style by orientation"
    ],
}
"""A style, and what is wrong with the page that has it. What depends on where things stand is said once of a
width.
"""


@pytest.mark.parametrize("style", STYLES)
def test_what_is_wrong_is_found_where_it_is(browser: Browser, style: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_content(
        f'<!doctype html><html lang="fr"><title>Essai</title><style>:root {{ color-scheme: light dark }} button {{ min-width: 30px; min-height: 30px; padding: 0; border: 0 }} {style}</style>'
        "<main><h1>Essai</h1><p>Des mots que chacun peut lire.</p><button>a</button><button>b</button><button>c</button></main>"
    )
    found = list(dict.fromkeys(":".join(f.split(":")[:2]) for f in looked_at(page)))
    context.close()
    assert found == STYLES[style]


def test_sound_and_film_are_said(browser: Browser) -> None:
    """axe would have to load what they play."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_content(
        '<!doctype html><html lang="fr"><title>Essai</title><main><h1>Essai</h1><video></video></main>'
    )
    found = looked_at(page)
    context.close()
    assert [f for f in found if "sound or film" in f] == [
        "320 light: has sound or film: axe must be let load it"
    ]
