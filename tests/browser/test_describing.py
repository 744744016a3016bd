"""The page that describes a dataset, and the page of a deposit under way, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from parvis.publication import pipeline
from tests.browser.looking import COLOURS, axe, ready, sign_in
from tests.browser.serving import serving
from tests.cities import webcity

HERE = "/jeux/prenoms/description"
COUNTS = "prenom;sexe;annee;nombre\nAda;F;2024;31\nZoé;F;2024;42\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("city")
    city = webcity.build(made)
    city.engine.connection.close()
    city.db.close()
    return made


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    with serving(folder) as address:
        yield address


def test_a_title_is_mended_by_keyboard_without_script_on_a_phone(browser: Browser, desk: str) -> None:
    context = browser.new_context(
        base_url=desk, locale="fr-FR", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.goto("/jeux/prenoms")
    page.get_by_role("link", name="Décrire").press("Enter")
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen == 320
    page.get_by_label("Titre", exact=True).fill("")
    page.get_by_label("Titre", exact=True).press("Enter")
    page.get_by_role("link", name="Donnez un titre.").press("Enter")
    expect(page.get_by_label("Titre", exact=True)).to_be_focused()
    page.keyboard.type("Prénoms donnés")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La description est enregistrée.")).to_be_visible()
    page.get_by_role("link", name="Voir la page du jeu").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Prénoms donnés")).to_be_visible()
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
    sign_in(page, "agent@montclair.example")
    said: list[str] = []
    for prefix, save in (("", "Enregistrer"), ("/en", "Save")):
        page.goto(f"{prefix}{HERE}")
        said += axe(page)
        page.locator("#titre").fill("")
        page.get_by_role("button", name=save).click()
        expect(page.get_by_role("alert")).to_be_visible()
        said += axe(page)
    page.goto("/jeux/prenoms/colonnes")
    said += axe(page)
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen == 320
    page.emulate_media(color_scheme="dark")
    said += axe(page, COLOURS)
    context.close()
    assert said == []


def test_a_deposit_page_follows_its_file(browser: Browser, folder: Path, desk: str) -> None:
    """Nobody loads it again: what became of the file is shown once it is known."""
    city = webcity.open_again(folder)
    (folder / "prenoms.csv").write_text(COUNTS, "utf-8")
    sent = pipeline.receive(
        city,
        folder / "prenoms.csv",
        name="prenoms.csv",
        resource="prenoms/prenoms",
        actor="publisher",
    )
    context = browser.new_context(base_url=desk, locale="fr-FR")
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.goto(f"/depots/{sent.id}")
    expect(page.get_by_role("link", name="Actualiser")).to_be_visible()
    pipeline.decide(city, sent.id, pipeline.draft(city, sent))
    expect(page.locator("strong", has_text="La table passe de 2 160 à 2 lignes")).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_role("link", name="Actualiser")).to_have_count(0)
    context.close()
    city.engine.connection.close()
    city.db.close()
