"""Every page in a real browser: accessible, narrow, light, quiet, and the same without script."""

from __future__ import annotations

import re
import urllib.request
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import (
    WEIGHT,
    content,
    faults,
    listened,
    looked_at,
    ready,
    sideways,
    sign_in,
    weight,
)
from tests.cities import webcity

pytestmark = pytest.mark.browser

SIGNED_IN = (
    "/depots",
    "/depots/nouveau",
    "/depots/depot0",
    "/depots/depot1",
    "/depots/depot2",
    "/depots/depot3",
)
MORE = (
    "/services/velos", "/services/velos?besoin=place&depart=Corum+1&mots=gare", "/en/services/velos?depart=Corum+1",
    "/jeux?q=velo", "/jeux?q=rienderien", "/jeux?theme=TRAN&fraicheur=late", "/connexion", "/nulle-part", "/jeux?tri=faux",
    "/jeux/stations-velos?mots=gare&f=over:capacite:20&tri=-capacite", "/jeux/budget-primitif?col=montant&op=over&val=beaucoup",
    "/jeux/qualite-air?lot=3&y=", "/en", "/en/jeux", "/en/jeux/stations-velos", "/en/jeux/budget-primitif", "/en/accessibilite", "/en/connexion",
    "/jeux/stations-velos/qualite", "/en/jeux/stations-velos/qualite", "/controles/siret", "/en/controles/file-total-row", "/verifier?schema=arbres", "/en/verifier",
    "/qualite?etat=retard&tri=titre", "/en/qualite", "/qualite/budget-primitif", "/en/qualite/prenoms",
)  # fmt: skip
"""States of pages that the sitemap does not name."""


def addresses(portal: str) -> list[str]:
    """Every page of the sitemap, as paths, and the states above."""
    with urllib.request.urlopen(f"{portal}/sitemap.xml", timeout=20) as answer:
        tree = ElementTree.fromstring(answer.read())
    found = [
        loc.text.removeprefix(portal) or "/"
        for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
        if loc.text
    ]
    assert len(found) >= 17
    return [*found, *MORE]


@dataclass(frozen=True)
class Visit:
    """A page as a first visitor meets it, and what is wrong with it."""

    weights: dict[str, int]
    faults: list[str]
    content: str


@pytest.fixture(scope="module")
def visits(browser: Browser, portal: str) -> dict[str, Visit]:
    """Every page opened once with a cold cache and then looked at; by its path."""
    context = browser.new_context(
        base_url=portal, locale="fr-FR", reduced_motion="reduce", viewport={"width": 1280, "height": 800}
    )
    ready(context)
    page = context.new_page()
    console = listened(page)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    found: dict[str, Visit] = {}
    for path in addresses(portal):
        page.goto(path)
        found[path] = Visit(weight(page), [*looked_at(page), *console], content(page))
        console.clear()
    context.close()
    return found


def test_every_page_is_accessible_and_never_scrolls_sideways(visits: dict[str, Visit]) -> None:
    """axe-core 0 findings; nothing in the console (the security policy would speak there)."""
    assert {path: visit.faults for path, visit in visits.items() if visit.faults} == {}


def test_the_pages_of_who_is_signed_in_too(browser: Browser, portal: str) -> None:
    """The same for the desk."""
    context = browser.new_context(base_url=portal, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page)
    found = faults(context, SIGNED_IN)
    context.close()
    assert found == []


def test_every_page_weighs_little(visits: dict[str, Visit]) -> None:
    """HTML, style, script, font and pictures of a first visit, compressed: at most 60 KB; the map comes
    later, only when asked.
    """
    assert min(len(visit.weights) for visit in visits.values()) >= 4, "something is not counted"
    assert {
        path: visit.weights for path, visit in visits.items() if sum(visit.weights.values()) > WEIGHT
    } == {}


def test_without_script_the_content_is_the_same(
    browser: Browser, portal: str, visits: dict[str, Visit]
) -> None:
    """The words and links of every page, with and without JavaScript."""
    context = browser.new_context(
        base_url=portal, locale="fr-FR", java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    different: dict[str, set[str]] = {}
    for path, visit in visits.items():
        page.goto(path)
        plain = content(page)
        if plain != visit.content:
            different[path] = set(plain.split("\n")) ^ set(visit.content.split("\n"))
    context.close()
    assert different == {}


def test_search_filter_sort_and_page_without_script(browser: Browser, portal: str) -> None:
    """A visitor without JavaScript finds a dataset, narrows its table, sorts it, and turns its pages."""
    context = browser.new_context(base_url=portal, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Rechercher un jeu de données").fill("prénoms")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="Prénoms des enfants nés dans la ville").click()
    expect(page.locator("caption").first).to_contain_text("lignes 1 à 25 sur 2")
    page.get_by_label("Pages de la table").get_by_role("link", name="Suivante").click()
    expect(page.locator("caption").first).to_contain_text("lignes 26 à 50")
    page.locator("summary", has_text="Filtrer par colonne").click()
    page.get_by_label("Colonne", exact=True).select_option("annee")
    page.get_by_label("Condition").select_option("equals")
    page.get_by_label("Valeur", exact=True).fill("2001")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("caption").first).to_contain_text("sur 60 qui passent les filtres")
    page.get_by_role("link", name="Nombre", exact=False).first.click()
    page.get_by_role("link", name="Nombre", exact=False).first.click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    column = [int(t) for t in page.locator("#table tbody td:last-child").all_inner_texts()]
    assert column == sorted(column, reverse=True)
    page.get_by_role("link", name=re.compile("Retirer le filtre")).click()
    expect(page.locator("caption").first).to_contain_text("lignes 1 à 25 sur 2")
    context.close()


def test_facets_narrow_without_script(browser: Browser, portal: str) -> None:
    """A facet is a link: choosing narrows, choosing again widens."""
    context = browser.new_context(base_url=portal, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/jeux")
    expect(page.locator("#trouves")).to_have_text("8 jeux de données")
    page.locator("#filtres").get_by_role("link", name=re.compile("Transports")).click()
    expect(page.locator("#trouves")).to_have_text("3 jeux de données")
    page.locator("#filtres").get_by_role("link", name=re.compile("Transports")).click()
    expect(page.locator("#trouves")).to_have_text("8 jeux de données")
    context.close()


def test_signing_in_and_deciding_without_script(browser: Browser, portal: str) -> None:
    """The officer signs in, is asked for reasons, advises and signs the checklist; another person decides,
    and the public page opens; then they sign out.
    """
    context = browser.new_context(base_url=portal, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/jeux/agents")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
    page.goto("/depots/depot0")
    expect(page.get_by_label("Mot de passe")).to_be_visible()
    page.get_by_label("Adresse de courriel").fill("dpo@montclair.example")
    page.get_by_label("Mot de passe").fill("pas le bon du tout")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("Adresse ou mot de passe incorrect")
    page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("agents.csv")
    page.get_by_role("link", name="Avis et décision").click()
    page.get_by_role("button", name="Donner l’avis et signer la liste").click()
    expect(page.get_by_role("alert")).to_contain_text("Répondez à chaque question")
    for no in page.get_by_label("Non", exact=True).all():
        no.check()
    page.get_by_role("button", name="Donner l’avis et signer la liste").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez un avis")
    page.get_by_label("Favorable", exact=True).check()
    page.get_by_label("Motifs et conditions").fill("Chaque agent a donné son accord écrit.")
    page.get_by_role("button", name="Donner l’avis et signer la liste").click()
    done = page.get_by_role("status").filter(has_text="L’avis est enregistré, et la liste signée")
    expect(done).to_have_count(1)
    expect(page.get_by_role("button", name="Autoriser la diffusion")).to_have_count(0)
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/depots/depot0/decision")
    page.get_by_label("Adresse de courriel").fill("delegue@montclair.example")
    page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Autoriser la diffusion").click()
    expect(page.get_by_role("alert")).to_contain_text("Sans base légale")
    page.get_by_label("Finalité").fill("Joindre un agent du service technique.")
    page.get_by_label("Base légale").select_option("accord")
    page.get_by_label("Texte, délibération ou accord").fill("Accord écrit de chaque agent, dossier 12.")
    page.get_by_label("Motif", exact=True).fill("Les agents l’ont demandé par écrit.")
    page.get_by_role("button", name="Autoriser la diffusion").click()
    expect(page.get_by_role("status").filter(has_text="La décision est prise")).to_have_count(1)
    page.goto("/jeux/agents")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agents du service technique")
    page.get_by_role("link", name="Pourquoi ces données sont publiques").click()
    expect(page.get_by_text("Accord écrit de chaque agent")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/depots")
    expect(page.get_by_label("Mot de passe")).to_be_visible()
    context.close()


def test_the_keyboard_reaches_everything_and_shows_where_it_is(tab: Page) -> None:
    """Tab goes through every link and field of a dataset in the order of the page; each shows a visible
    outline; the skip link comes first and works.
    """
    tab.goto("/jeux/stations-velos")
    wanted = tab.evaluate(
        """() => [...document.querySelectorAll('a[href], button:not([hidden]), input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility()).map((e, i) => { e.dataset.order = i; return i })"""
    )
    seen: list[int] = []
    dull: list[str] = []
    for _ in wanted:
        tab.keyboard.press("Tab")
        order, outline, name = tab.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            return [Number(e.dataset.order ?? -1), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.outerHTML.slice(0, 80)] }"""
        )
        seen.append(order)
        if not outline:
            dull.append(name)
    assert seen == wanted
    assert dull == []
    tab.goto("/")
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_in_viewport()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "contenu"


def test_the_map_comes_when_asked_and_from_here(tab: Page, portal: str) -> None:
    """The picture stands first; the button brings the live map, its rows and its worker, all from our own
    origin, under the strict policy.
    """
    asked: list[str] = []
    tab.on("request", lambda r: asked.append(r.url))
    tab.goto("/jeux/stations-velos")
    assert not any("maplibre" in u for u in asked)
    expect(tab.locator("#carte svg path.dots")).to_have_count(1)
    tab.get_by_role("button", name="Carte interactive").click()
    expect(tab.locator("figure.map[data-ready=true]")).to_have_count(1, timeout=30_000)
    assert int(tab.locator("figure.map").get_attribute("data-drawn") or 0) >= 40
    box = tab.locator("figure.map canvas").bounding_box()
    assert box is not None
    assert box["height"] > 200
    assert any("maplibre-gl.mjs" in u for u in asked)
    assert any("carte.geojson" in u for u in asked)
    assert {u for u in asked if not u.startswith((portal, "blob:", "data:"))} == set()


def test_the_chart_becomes_interactive_when_asked(tab: Page) -> None:
    """The picture is replaced only once the live chart is drawn, with no string turned into code (the policy
    would say so in the console).
    """
    tab.goto("/jeux/budget-primitif")
    expect(tab.locator("#graphique .drawn svg[role=img]:visible")).to_have_count(1)
    tab.get_by_role("button", name="Rendre interactif").click()
    expect(tab.locator("figure.chart[data-ready=true] .live-chart svg")).to_have_count(1, timeout=30_000)


def test_motion_stops_for_those_who_ask(browser: Browser, portal: str) -> None:
    """With prefers-reduced-motion nothing slides or fades."""
    context = browser.new_context(base_url=portal, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/jeux")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    assert moving == 0
    context.close()


def test_on_paper_no_table_is_wider_than_the_sheet(tab: Page) -> None:
    """A4 upright: what is wider would be printed too small to read."""
    tab.set_viewport_size({"width": 794, "height": 1123})
    tab.emulate_media(media="print")
    for path in ("/jeux/stations-velos", "/services/velos", "/qualite"):
        tab.goto(path)
        assert sideways(tab) == [], path


def test_on_a_phone_filters_come_before_the_results_and_quality_is_a_block_a_dataset(tab: Page) -> None:
    """Folded, above the first card; a filter that is chosen there narrows; a row of the wide table of quality
    is read without scrolling sideways.
    """
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto("/jeux")
    fold = tab.locator("details.filters summary")
    box, first = fold.bounding_box(), tab.locator(".results .card").first.bounding_box()
    assert box is not None
    assert first is not None
    assert box["y"] + box["height"] <= first["y"]
    fold.click()
    tab.locator("details.filters").get_by_role("link", name=re.compile("Transports")).click()
    expect(tab.locator("#trouves")).to_have_text("3 jeux de données")
    tab.goto("/qualite?etat=erreurs")
    row = tab.locator(".stacks tbody tr").first
    expect(row).to_be_visible()
    assert row.evaluate(
        "e => e.scrollWidth <= e.clientWidth && e.getBoundingClientRect().right <= innerWidth"
    )
    expect(row.locator('td[data-label="Erreurs"]')).to_be_visible()
