"""The page that searches a file for personal data: form, answer and refusal, without script, by keyboard, on
the narrowest phone, in both languages.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import axe, sideways

pytestmark = pytest.mark.browser

AGENTS = "nom;prenom;secu;observations\nZylberstein;Julie;185057800608491;RAS\nQuéré;Nathan;;rappeler Mme Trinquet au 06 12 34 56 78\nPrudhomme;Océane;;RAS\n"


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/verifier/donnees-personnelles", "ne peut pas sortir tel quel"),
        ("/en/verifier/donnees-personnelles", "cannot go out as it is"),
    ],
)
def test_every_state_of_the_page(browser: Browser, portal: str, path: str, verdict: str) -> None:
    """Empty form, missing file, answer: nothing for axe to say, nothing beyond the window."""
    context = browser.new_context(
        base_url=portal, viewport={"width": 320, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(path)
    assert axe(page) + sideways(page) == []
    page.locator("main form[method=post] button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe(page) + sideways(page) == []
    page.set_input_files(
        "#fichier", {"name": "agents.csv", "mimeType": "text/csv", "buffer": AGENTS.encode()}
    )
    page.locator("main form[method=post] button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(verdict).first).to_be_visible(timeout=30_000)
    assert axe(page) + sideways(page) == []
    assert "Zylberstein" not in page.content()
    context.close()


def test_without_script(browser: Browser, portal: str) -> None:
    """The same answer."""
    context = browser.new_context(base_url=portal, java_script_enabled=False)
    page = context.new_page()
    page.goto("/verifier/donnees-personnelles")
    page.set_input_files(
        "#fichier", {"name": "agents.csv", "mimeType": "text/csv", "buffer": AGENTS.encode()}
    )
    page.locator("main form[method=post] button").click()
    expect(page.get_by_text("Numéros de sécurité sociale").first).to_be_visible(timeout=30_000)
    context.close()
