"""Every page in a real browser: accessible, narrow, light, quiet, and the same without script."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import webcity

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

WEIGHT = 60_000
"""Bytes that a page may transfer, compressed, without its map."""

SIGNED_IN = ("/depots", "/depots/nouveau", "/depots/depot0", "/depots/depot1", "/depots/depot2", "/depots/depot3")
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
    found = [loc.text.removeprefix(portal) or "/" for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc") if loc.text]
    assert len(found) >= 17
    return [*found, *MORE]


def sign_in(page: Page, email: str = "dpo@montclair.example") -> None:
    """By the form, as people do."""
    page.goto("/connexion")
    page.get_by_label("Adresse de courriel").fill(email)
    page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes dépôts")


COLOURS = ("color-contrast", "link-in-text-block", "target-size")
"""Rules whose verdict may change with scheme and width; the others look at the same tree whatever the screen."""


def axe(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds, in words: with all its rules, RGAA ones among them, or with these only."""
    found = page.evaluate(
        """async (only) => (await axe.run(document, {resultTypes: ["violations"], ...(only.length ? {runOnly: {type: "rule", values: only}}
        : {rules: {"target-size": {enabled: true}, "link-in-text-block": {enabled: true}}})})).violations
        .flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`))""",
        list(rules),
    )
    return [str(f) for f in found]


def faults(context: BrowserContext, paths: list[str]) -> list[str]:
    """Axe findings, sideways scrolling and console errors of these pages, in both schemes, on the narrowest phone and on a desk, each with its address."""
    script = AXE.read_text("utf-8")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(f"console: {m.text}") if m.type in ("error", "warning") and "status of 4" not in m.text else None)
    page.on("pageerror", lambda e: said.append(f"error: {e}"))
    for path in paths:
        page.goto(path)
        page.evaluate(script)
        for width, scheme, rules in ((320, "light", ()), (320, "dark", COLOURS), (1280, "light", COLOURS), (1280, "dark", COLOURS)):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            if wide > seen:
                said.append(f"{width} {scheme}: scrolls sideways: {wide} > {seen}")
            said += [f"{width} {scheme}: {f}" for f in axe(page, rules)]
        said = [s if s.startswith("/") else f"{path}: {s}" for s in said]
    page.close()
    return said


def test_every_page_is_accessible_and_never_scrolls_sideways(browser: Browser, portal: str) -> None:
    """axe-core 0 findings, the signed-in pages too; nothing in the console (the security policy would speak there)."""
    context = browser.new_context(base_url=portal, locale="fr-FR", reduced_motion="reduce")  # colours change at once, not half-way through
    found = faults(context, addresses(portal))
    page = context.new_page()
    sign_in(page)
    found += faults(context, list(SIGNED_IN))
    context.close()
    assert found == []


def test_every_page_weighs_little(browser: Browser, portal: str) -> None:
    """HTML, style, script, font and pictures of a first visit, compressed: at most 60 KB; the map comes later, only when asked."""
    context = browser.new_context(base_url=portal, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    heavy: dict[str, str] = {}
    for path in addresses(portal):
        page.goto(path)
        parts = page.evaluate(
            """async () => { await document.fonts.ready;
            return ["navigation", "resource"].flatMap(t => performance.getEntriesByType(t)).map(e => [new URL(e.name).pathname, e.transferSize]) }"""
        )
        assert len({name for name, _ in parts}) == len(parts) >= 4, f"{path}: something is fetched twice, or not counted: {parts}"
        if sum(size for _, size in parts) > WEIGHT:
            heavy[path] = str(parts)
    context.close()
    assert heavy == {}


def _content(page: Page) -> str:
    """What a reader finds in the page: its words, and where its links lead."""
    words = page.locator("main").inner_text()
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for button in ("Copier", "Copy", "Carte interactive", "Interactive map", "Rendre interactif", "Make interactive", "Utiliser ma position", "Use my position",
                   "Arrêter la mise à jour automatique", "Stop updating automatically"):
        words = re.sub(rf"(?m)(^|\t| ){button}$", "", words)
    lines = [re.sub(r"\s+", " ", line).strip() for line in words.split("\n")]
    return "\n".join([*(line for line in lines if line), *links])


def test_without_script_the_content_is_the_same(browser: Browser, portal: str) -> None:
    """The words and links of every page, with and without JavaScript."""
    different: dict[str, set[str]] = {}
    with_script = browser.new_context(base_url=portal).new_page()
    without = browser.new_context(base_url=portal, java_script_enabled=False).new_page()
    for path in addresses(portal):
        with_script.goto(path)
        without.goto(path)
        one, other = _content(with_script), _content(without)
        if one != other:
            different[path] = set(one.split("\n")) ^ set(other.split("\n"))
    with_script.context.close()
    without.context.close()
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
    """The officer signs in, is asked for reasons, advises and signs the checklist; another person decides, and the public page opens; then they sign out."""
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
    page.get_by_role("button", name="Donner l’avis").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez un avis")
    page.get_by_label("Favorable", exact=True).check()
    page.get_by_label("Motifs et conditions").fill("Chaque agent a donné son accord écrit.")
    page.get_by_role("button", name="Donner l’avis").click()
    expect(page.get_by_role("status")).to_contain_text("L’avis est enregistré")
    for no in page.get_by_label("Non", exact=True).all():
        no.check()
    page.get_by_role("button", name="Signer la liste").click()
    expect(page.get_by_role("status")).to_contain_text("La liste est signée")
    expect(page.get_by_role("button", name="Décider", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/depots/depot0/decision")
    page.get_by_label("Adresse de courriel").fill("delegue@montclair.example")
    page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_label("Autoriser la diffusion").check()
    page.get_by_role("button", name="Décider", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Sans base légale")
    page.get_by_label("Finalité").fill("Joindre un agent du service technique.")
    page.get_by_label("Base légale").select_option("accord")
    page.get_by_label("Texte, délibération ou accord").fill("Accord écrit de chaque agent, dossier 12.")
    page.get_by_label("Motif", exact=True).fill("Les agents l’ont demandé par écrit.")
    page.get_by_role("button", name="Décider", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("La décision est prise")
    page.goto("/jeux/agents")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agents du service technique")
    page.get_by_role("link", name="Pourquoi ces données sont publiques").click()
    expect(page.get_by_text("Accord écrit de chaque agent")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/depots")
    expect(page.get_by_label("Mot de passe")).to_be_visible()
    context.close()


def test_the_keyboard_reaches_everything_and_shows_where_it_is(tab: Page) -> None:
    """Tab goes through every link and field of a dataset in the order of the page; each shows a visible outline; the skip link comes first and works."""
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
    """The picture stands first; the button brings the live map, its rows and its worker, all from our own origin, under the strict policy."""
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
    """The picture is replaced only once the live chart is drawn, with no string turned into code (the policy would say so in the console)."""
    tab.goto("/jeux/budget-primitif")
    expect(tab.locator("#graphique .drawn svg[role=img]")).to_have_count(1)
    tab.get_by_role("button", name="Rendre interactif").click()
    expect(tab.locator("figure.chart[data-ready=true] .live-chart svg")).to_have_count(1, timeout=30_000)


def test_motion_stops_for_those_who_ask(browser: Browser, portal: str) -> None:
    """With prefers-reduced-motion nothing slides or fades."""
    context = browser.new_context(base_url=portal, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/jeux")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = page.evaluate("[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length")
    assert moving == 0
    context.close()
