"""The inner desk in a real browser: nothing for axe to say in any state of its pages, on a phone and on a
desk, and the whole way of a decision by keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from parvis.decisions import deciding, takedown
from parvis.privacy import checklist
from parvis.store import deposits, register
from parvis.store.register import Breach, Record
from tests.browser.looking import axe, faults, sign_in
from tests.browser.serving import serving
from tests.cities import sharecity, webcity

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A city in which something was shared, advised, decided and breached; and the addresses of these."""
    folder = tmp_path_factory.mktemp("city")
    sharecity.build(folder)
    city = webcity.open_again(folder)
    table = sharecity.restricted(city)
    share = deciding.share(
        city, table.digest, sharecity.AIDES, why="Convention entre les deux services.", actor="admin"
    )
    held = sharecity.held(city)
    deciding.advise(city, held.digest, "ccas", "conditional", "Si le groupe s’engage au secret.", actor="dpo")
    deciding.sign(city, held.digest, {q.name: "no" for q in checklist.QUESTIONS}, {}, actor="publisher")
    asked = deciding.DecisionRequest(
        "released",
        replace(sharecity.AIDES, purpose="joindre les agents"),
        "Joindre les agents du service.",
        "mission",
        "Convention du 3 mars 2026.",
        "Demande du CCAS, acceptée.",
        "Engagement signé par chacun.",
        criteria=("vulnerables", "croisement"),
    )
    record = deciding.settle(city, held.digest, asked, actor="delegate")
    assert isinstance(record, Record)
    with city.db.begin() as conn:
        deposits.save(
            conn,
            deposits.Deposit(
                "depot9",
                table.resource,
                "9" * 64,
                "aides.csv",
                "admin",
                webcity.NOW,
                "held",
                "",
                table.digest,
            ),
        )
        late = Breach(
            "b" * 32,
            "education",
            webcity.NOW - timedelta(hours=80),
            "Un tableur d’agents est parti ailleurs.",
            ("confidentiality",),
            "dpo",
            webcity.NOW,
            risk="high",
        )
        register.save_breach(conn, late)
    gone = takedown.withdraw(city, "prenoms/prenoms", why="Des enfants y sont reconnaissables.", actor="dpo")
    takedown.Follower(city, takedown.node(city.settings)).turn()
    sharecity.close(city)
    return folder, {
        "gone": f"/retraits/{gone.id}",
        "share": f"/partages/{share.release}",
        "record": f"/registre/{record.id}",
        "breach": f"/violations/{late.id}",
    }


@pytest.fixture(scope="module")
def served(filled: tuple[Path, dict[str, str]]) -> Iterator[str]:
    """Address of that city."""
    with serving(filled[0]) as address:
        yield address


def test_every_page_of_the_desk_is_accessible(
    browser: Browser, served: str, filled: tuple[Path, dict[str, str]]
) -> None:
    """Each role's pages, both schemes, 320 px and a desk, in French and the longest one in English; and the
    pages of a form that was sent back.
    """
    at = filled[1]
    said: list[str] = []
    for name, paths in {
        "dpo": [
            "/depots/depot0/decision",
            "/en/depots/depot0/decision",
            "/decisions",
            "/registre",
            at["record"],
            "/violations",
            at["breach"],
            "/depots",
            "/retraits",
            at["gone"],
            f"/en{at['gone']}",
            "/retirer",
            "/retirer?sujet=rien",
            "/retirer?sujet=agents",
        ],
        "admin": [
            "/comptes",
            "/en/comptes",
            "/comptes/publisher",
            "/mon-compte",
            "/groupes",
            "/groupes/ccas",
            "/depots/depot9/partage",
            "/depots/depot0/partage",
        ],
        "membre": ["/partages", at["share"]],
    }.items():
        context = browser.new_context(base_url=served, locale="fr-FR", reduced_motion="reduce")
        page = context.new_page()
        sign_in(page, f"{name}@montclair.example") if name != "membre" else _member(page)
        said += faults(context, paths)
        context.close()
    context = browser.new_context(base_url=served, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    sign_in(page, "delegue@montclair.example")
    page.goto("/depots/depot0/decision")
    page.get_by_role("button", name="Autoriser la diffusion", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Dites pourquoi")
    said += axe(page)
    page.goto("/violations")
    page.get_by_role("button", name="Inscrire", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Dites ce qui s’est passé")
    said += axe(page)
    context.close()
    assert said == []


def _member(page: Page) -> None:
    page.goto("/connexion?suite=/partages")
    page.get_by_label("Adresse de courriel").fill("membre@montclair.example")
    page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Partagés avec moi")


def test_a_group_is_made_and_a_member_enrolled_by_keyboard_without_script(
    browser: Browser, served: str
) -> None:
    """Tab and Enter alone."""
    context = browser.new_context(base_url=served, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, "admin@montclair.example")
    page.goto("/groupes")
    page.get_by_label("Nom du groupe").focus()
    page.keyboard.type("Cellule logement")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cellule logement")
    page.get_by_label("Inscrire un compte").focus()
    page.keyboard.type("membre@montclair.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La personne est inscrite")
    context.close()
