"""The page of a recipe in a real browser: by keyboard and without script on the narrowest phone; nothing for
axe to say in any of its states.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parvis import prepare
from parvis.publication import pipeline, recipes
from tests.browser.looking import COLOURS, axe, ready, sign_in
from tests.browser.serving import serving
from tests.cities import webcity

HERE = "/jeux/prenoms/recette"
FILE = "prenom;lettre;2024;2025;contact\nAda;P;3;5;ada.mer@montclair.example\nZoé;P;4 ;;zoe.vent@montclair.example\nCôme;Q;;7;come.pin@montclair.example\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a city where a file was handed in, and whose recipe has two steps, one of which no longer
    fits.
    """
    folder = tmp_path_factory.mktemp("city")
    city = webcity.build(folder)
    (folder / "prenoms.csv").write_text(FILE, "utf-8")
    pipeline.receive(
        city, folder / "prenoms.csv", name="prenoms.csv", resource="prenoms/prenoms", actor="publisher"
    )
    recipes.save(
        city,
        "prenoms/prenoms",
        prepare.read(
            [{"step": "rename", "columns": {"lettre": "groupe"}}, {"step": "drop", "columns": ["annee"]}]
        ),
        actor="publisher",
    )
    city.engine.connection.close()
    city.db.close()
    with serving(folder) as address:
        yield address


def _narrow(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen == 320


def test_a_recipe_is_mended_by_keyboard_without_script_on_a_phone(browser: Browser, desk: str) -> None:
    context = browser.new_context(
        base_url=desk, locale="fr-FR", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.goto(HERE)
    expect(page.get_by_text("Ne passe plus")).to_be_visible()
    page.get_by_role("button", name="Retirer 2").press("Enter")
    expect(page.get_by_text("Cette recette n’est pas encore enregistrée.")).to_be_visible()
    page.get_by_label("Ajouter une étape").select_option("trim")
    page.get_by_label("Ajouter une étape").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nouvelle étape : Ôter les espaces superflus")).to_be_visible()
    _narrow(page)
    page.get_by_label("Réduire aussi les espaces doublés à l’intérieur").press("Space")
    page.get_by_role("button", name="Valider et voir l’aperçu").press("Enter")
    expect(page.get_by_text("modifié, avant : 4")).to_be_visible()
    assert page.get_by_text("ada.mer").count() == 0
    page.get_by_role("button", name="Enregistrer la recette").press("Enter")
    expect(page.get_by_text("La recette est enregistrée.")).to_be_visible()
    expect(page.get_by_role("button", name="Relire maintenant le dernier fichier")).to_be_visible()
    page.get_by_role("button", name="Rétablir").first.press("Enter")
    expect(page.get_by_text("L’ancienne recette est rétablie.")).to_be_visible()
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
    for prefix, steps in (("", ("", *prepare.known_steps())), ("/en", ("", "join"))):
        for step in steps:
            page.goto(f"{prefix}{HERE}")
            if step:
                page.locator("#etape").select_option(step)
                page.locator("button[value=ajouter]").click()
                expect(page.locator("#reglages")).to_be_visible()
                if step == "join":  # sent as it is, it says what is missing
                    page.locator('button[value^="valider"]').click()
                    expect(page.get_by_role("alert")).to_be_visible()
            said += [f"{prefix} {step}: {f}" for f in axe(page)]
            _narrow(page)
    page.emulate_media(color_scheme="dark")
    said += axe(page, COLOURS)
    context.close()
    assert said == []
