"""The page of a policy in a real browser: by keyboard and without script on the narrowest phone; nothing for
axe to say in any of its states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parvis.publication import pipeline
from tests.browser.looking import COLOURS, axe, ready, sign_in
from tests.browser.serving import serving
from tests.cities import webcity
from tests.web.test_anonymise_page import HERE, lines


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a city where a file of people was handed in."""
    folder = tmp_path_factory.mktemp("city")
    city = webcity.build(folder)
    (folder / "prenoms.csv").write_text(lines(), "utf-8")
    pipeline.receive(
        city, folder / "prenoms.csv", name="prenoms.csv", resource="prenoms/prenoms", actor="publisher"
    )
    city.engine.connection.close()
    city.db.close()
    with serving(folder) as address:
        yield address


def _narrow(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen == 320


def test_a_policy_is_made_by_keyboard_without_script_on_a_phone(browser: Browser, desk: str) -> None:
    context = browser.new_context(
        base_url=desk, locale="fr-FR", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.goto(HERE)
    expect(page.get_by_text("personnelle ou secrète").first).to_be_visible()
    _narrow(page)
    columns = page.get_by_role("form", name="Colonnes")
    columns.get_by_label(re.compile("^age")).select_option("generalise:ages")
    columns.get_by_label(re.compile("^prenom")).select_option("generalise:none")
    page.get_by_label("k : personnes ou lignes au moins").fill("5")
    page.get_by_role("button", name="Essayer sur le dernier fichier").press("Enter")
    expect(page.get_by_text("Cette politique n’est pas encore enregistrée.")).to_be_visible()
    expect(page.get_by_role("table", name="Risque, avant et après")).to_be_visible()
    assert page.get_by_text("@montclair.example").count() == 0
    _narrow(page)
    page.get_by_role("button", name="Enregistrer la politique").press("Enter")
    expect(page.get_by_text("La politique est enregistrée.")).to_be_visible()
    page.get_by_role("button", name="Mettre fin à la politique").press("Enter")
    expect(page.get_by_text("Cette ressource n’a plus de politique")).to_be_visible()
    page.get_by_role("form", name="Ou protéger les petits effectifs").get_by_label(
        re.compile("^age")
    ).select_option("by")
    page.get_by_role("button", name="Essayer cette protection").press("Enter")
    expect(
        page.get_by_text("Aucune classe n’a 11 personnes")
        .or_(page.get_by_role("table", name="Risque, avant et après"))
        .first
    ).to_be_visible()
    _narrow(page)
    context.close()


def test_no_state_of_the_page_has_a_fault(browser: Browser, desk: str) -> None:
    context = browser.new_context(
        base_url=desk,
        locale="fr-FR",
        reduced_motion="reduce",
        bypass_csp=True,
        viewport={"width": 320, "height": 700},
    )
    ready(context)
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console",
        lambda m: (
            said.append(m.text) if m.type in ("error", "warning") and "status of 4" not in m.text else None
        ),
    )
    sign_in(page, "agent@montclair.example")
    for prefix in ("", "/en"):
        for state in ("new", "tried", "wrong", "impossible"):
            page.goto(f"{prefix}{HERE}")
            if state == "tried":
                page.locator("#c1").select_option("generalise:ages")
                page.locator("#k").fill("5")
            if state == "wrong":
                page.locator("#k").fill("beaucoup")
            if state == "impossible":
                page.locator("#c1").select_option("generalise:ages")
                page.locator("#k").fill("91")
            if state != "new":
                page.locator("button[value=essayer]").click()
                expect(page.locator("#risque" if state == "tried" else "[role=alert]").first).to_be_visible()
            said += [f"{prefix} {state}: {f}" for f in axe(page)]
            _narrow(page)
    page.emulate_media(color_scheme="dark")
    said += axe(page, COLOURS)
    context.close()
    assert said == []
