"""Verification in the field in a real browser: on the narrowest phone, without script, by keyboard, and axe
has nothing to say.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import faults, sign_in

pytestmark = pytest.mark.browser


def test_a_round_in_the_field_on_a_phone_without_script(browser: Browser, portal: str) -> None:
    """Protocol, draw and verdicts by plain forms at 320 pixels; the progress is told; the row that is wrong
    asks what is right.
    """
    context = browser.new_context(
        base_url=portal,
        locale="fr-FR",
        viewport={"width": 320, "height": 640},
        java_script_enabled=False,
        has_touch=True,
    )
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.goto("/qualite/capteurs")
    page.get_by_role("link", name="Établir un protocole").click()
    page.get_by_label("À combien près connaître la part d’erreurs").select_option("20")
    page.get_by_role("button", name="Enregistrer le protocole").click()
    expect(page.get_by_text("Le protocole est enregistré.")).to_be_visible()
    page.get_by_role("link", name="Vérifier sur le terrain").click()
    page.get_by_role("button", name="Commencer une tournée").click()
    expect(page.get_by_text("Avancement : 0 lignes sur 14")).to_be_visible()
    page.get_by_label("Quelque chose est faux").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez ce qui est juste.")
    page.get_by_label("Si c’est faux : ce qui est juste").fill("mesure 3 : 18,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Avancement : 1 lignes sur 14")).to_be_visible()
    for box in page.get_by_role("radio").all():
        held = box.locator("xpath=..").bounding_box()
        assert held is not None
        assert held["height"] >= 44, "a thumb must find it"
    page.get_by_role("link", name="Passer à la suivante").click()
    expect(page.get_by_role("heading", level=2, name=re.compile("^Ligne 3 de la tournée"))).to_be_visible()
    wide, seen = page.viewport_size or {}, page.locator("html").bounding_box()
    assert seen is not None
    assert seen["width"] <= wide.get("width", 0)
    context.close()


def test_the_field_pages_are_accessible(browser: Browser, portal: str) -> None:
    """After the round above: list, row, protocol and result, signed in, in both languages."""
    context = browser.new_context(base_url=portal, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.close()
    found = faults(
        context,
        [
            "/terrain",
            "/terrain/capteurs",
            "/terrain/capteurs/protocole",
            "/qualite/capteurs",
            "/en/terrain/capteurs",
            "/en/qualite/capteurs",
        ],
    )
    context.close()
    assert found == []
