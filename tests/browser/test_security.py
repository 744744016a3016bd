"""The second factor and passkeys in a real browser: set up and used without JavaScript for the codes, with an
authenticator of the browser's own for passkeys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP

from tests.browser.looking import listened, looked_at, sign_in
from tests.browser.serving import serving
from tests.cities import sharecity, webcity

pytestmark = pytest.mark.browser

EMAIL = "agent@montclair.example"
SECURITY = "/mon-compte/securite"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small city by the name `localhost`: passkeys belong to a name, never to an address."""
    folder = tmp_path_factory.mktemp("city")
    sharecity.close(webcity.build(folder))
    with serving(folder) as address:
        yield address.replace("127.0.0.1", "localhost")


def look(page: Page) -> None:
    """Axe, both schemes, 320 px and a desk."""
    assert looked_at(page) == [], page.url


def test_a_passkey_is_made_and_opens_the_account(browser: Browser, served: str) -> None:
    """The browser's virtual authenticator (WebDriver): the key is made once the password was shown, signs in
    without it, and is taken away.
    """
    context = browser.new_context(base_url=served, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    console = listened(page)
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    tools.send(
        "WebAuthn.addVirtualAuthenticator", {"options": device | {"automaticPresenceSimulation": True}}
    )
    page.goto("/connexion")
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_visible()
    look(page)
    sign_in(page, EMAIL)
    page.goto(SECURITY)
    look(page)
    page.get_by_label("Nom de l’appareil").fill("Portable de la mairie")
    form = page.locator("form[action$='/cles/nouvelle']")
    form.get_by_label("Votre mot de passe").fill("pas le bon")
    form.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("pas votre mot de passe")
    look(page)
    form.get_by_label("Votre mot de passe").fill(webcity.PASSWORD)
    form.get_by_role("button").click()
    look(page)
    page.get_by_role("button", name="Faire la clé d’accès").click()
    expect(page.get_by_role("status")).to_contain_text("La clé d’accès est enregistrée")
    expect(page.get_by_role("heading", name="Portable de la mairie")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/connexion")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes dépôts")
    assert console == []
    context.close()


def test_codes_are_set_up_and_asked_for_without_a_script(browser: Browser, served: str) -> None:
    """The secret as text and picture, the code, the recovery codes; then sign in by the code, and by one of
    the recovery codes.
    """
    context = browser.new_context(base_url=served, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "dpo@montclair.example")
    page.goto("/mon-compte")
    page.get_by_role("link", name="Second facteur, clés d’accès et sessions ouvertes").click()
    page.locator("#actuel-code").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Ajouter un code à six chiffres").click()
    expect(page.get_by_role("img", name="Code QR du secret")).to_be_visible()
    code = TOTP((page.locator("code.long").text_content() or "").replace(" ", ""))
    page.get_by_label("Code que montre l’application").fill(code.at(webcity.NOW))
    page.get_by_role("button", name="Demander ce code à chaque connexion").click()
    recovery = re.findall(r"[a-z2-9]{5}-[a-z2-9]{5}", page.locator("#secours").text_content() or "")
    assert len(recovery) == 10
    for typed in (code.at(webcity.NOW + timedelta(seconds=30)), recovery[0]):
        page.get_by_role("button", name="Se déconnecter").click()
        page.goto("/connexion")
        page.get_by_label("Adresse de courriel").fill("dpo@montclair.example")
        page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Code de connexion")
        page.get_by_label("Code à six chiffres, ou code de secours").fill(typed)
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes dépôts")
    context.close()


def test_the_page_that_asks_for_the_code_is_for_everybody(browser: Browser, served: str) -> None:
    """With its error too, in English."""
    context = browser.new_context(base_url=served, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.goto("/en/connexion")
    page.locator("#email").fill("dpo@montclair.example")
    page.locator("#password").fill(webcity.PASSWORD)
    page.locator("form[action$='/connexion'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in code")
    page.locator("#code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    look(page)
    context.close()
