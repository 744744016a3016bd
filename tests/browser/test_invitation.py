"""A colleague's first morning in a real browser: from the link of the invitation to a published file, by
keyboard where it counts, with nothing for axe to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from parvis.people import accounts
from parvis.people.passwords import Passwords
from parvis.publication import pipeline
from parvis.store import deposits
from tests.browser.looking import listened, looked_at, sign_in
from tests.browser.serving import serving
from tests.cities import sharecity, webcity

pytestmark = pytest.mark.browser

PHRASE = "trois tilleuls devant l'école"
FILE = "Restaurant;Date;Entrée;Plat\nJean Moulin;2026-11-23;Carottes râpées;Lentilles\nJean Moulin;2026-11-24;Potage;Poisson\n".encode(
    "cp1252"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A city with somebody who administers it, and its address."""
    folder = tmp_path_factory.mktemp("city")
    city = webcity.build(folder)
    with city.db.begin() as conn:
        kept = Passwords().hash(webcity.PASSWORD)
        admin = accounts.make(
            conn,
            email="admin@montclair.example",
            name="Awa Diallo",
            password_hash=kept,
            actor="system",
            at=webcity.NOW,
        )
        accounts.set_city_admin(conn, admin.id, True, actor="system", at=webcity.NOW)
    sharecity.close(city)
    with serving(folder) as address:
        yield folder, address


def look(page: Page) -> None:
    """Axe, both schemes, phone and desk."""
    assert looked_at(page) == [], page.url
    page.set_viewport_size({"width": 360, "height": 740})


def invited(browser: Browser, address: str) -> str:
    """The link, as the page shows it to who invites."""
    context = browser.new_context(base_url=address, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "admin@montclair.example")
    page.get_by_role("link", name="Comptes et rôles").click()
    page.get_by_role("button", name="Inviter").click()
    expect(page.get_by_role("alert")).to_contain_text("Il reste quelque chose à corriger")
    page.get_by_label("Adresse de courriel").fill("nadia.roux@montclair.example")
    page.get_by_label("Prénom et nom").fill("Nadia Roux")
    page.get_by_label("Organisation").select_option("education")
    page.get_by_role("button", name="Inviter").click()
    found = re.search(r"https?://[^\s\"<]+/mot-de-passe/nouveau\?lien=[\w.-]+", page.content())
    assert found is not None
    context.close()
    return found[0]


def test_from_the_invitation_to_the_first_published_file(
    browser: Browser, served: tuple[Path, str], tmp_path: Path
) -> None:
    """On a phone: the link, a password too short, a good one, the empty desk, a form sent without its file,
    then with it, « Publier », and the public page at the end.
    """
    folder, address = served
    link = invited(browser, address)
    context = browser.new_context(
        base_url=address, locale="fr-FR", reduced_motion="reduce", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    console = listened(page)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choisir un mot de passe")
    look(page)
    page.get_by_label("Nouveau mot de passe").fill("court")
    page.get_by_label("Le même, encore une fois").fill("court")
    page.get_by_role("button", name="Choisir ce mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("12 caractères")
    look(page)
    page.get_by_label("Nouveau mot de passe").fill(PHRASE)
    page.get_by_label("Le même, encore une fois").fill(PHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("connectez-vous")
    page.get_by_label("Adresse de courriel").fill("nadia.roux@montclair.example")
    page.get_by_label("Mot de passe").fill(PHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes dépôts")
    expect(page.get_by_role("link", name="Comptes et rôles")).to_have_count(0)
    page.get_by_role("link", name="Déposer un fichier").click()
    page.get_by_label("Titre").fill("Menus de novembre")
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez un fichier")
    look(page)
    (tmp_path / "menus.csv").write_bytes(FILE)
    page.get_by_label("Fichier", exact=True).set_input_files(tmp_path / "menus.csv")
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Votre fichier est reçu")).to_be_visible()
    look(page)
    deposit = page.url.rpartition("/")[2].partition("?")[0]

    city = webcity.open_again(folder)
    with city.db.read() as conn:
        sent = deposits.get(conn, deposit)
    assert sent is not None
    assert pipeline.decide(city, deposit, pipeline.draft(city, sent)).look == "ready"
    sharecity.close(city)

    publish = page.get_by_role("button", name="Publier")
    expect(publish).to_be_visible(timeout=30_000)  # the page follows its file by itself
    look(page)
    publish.click()
    expect(page.locator("main")).to_contain_text("La version est diffusée.")
    page.get_by_role("link", name="Voir la page publique").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Menus de novembre")
    expect(page.get_by_role("cell", name="Carottes râpées")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Accès refusé")
    look(page)
    assert console == []
    context.close()
