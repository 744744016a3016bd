"""A service in a real browser, on a real feed: the same for everybody, with and without script, and always as
old as it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from parvis.core.errors import SourceDown
from tests.browser.looking import WEIGHT, axe, content, faults, weight
from tests.browser.serving import serving
from tests.cities.livecity import Clock, Rides, riding

pytestmark = pytest.mark.browser

PATHS = (
    "/services", "/services/velos", "/services/velos?besoin=place&depart=gare&tri=-places", "/services/velos?depart=zanzibar", "/services/velos?lat=48.85&lon=2.35",
    "/services/velos?depart=", "/services/velos?besoin=avion", "/en/services/velos?depart=rue+du+stade", "/jeux/etat-stations-velos", "/en/jeux/velos-libre-service",
)  # fmt: skip


@dataclass
class Served:
    """The city, its feed, and the portal in a process of its own under the same clock."""

    rides: Rides
    folder: Path
    address: str

    def forward(self, **by: float) -> None:
        """Time goes on, in the other process too."""
        self.rides.clock.forward(**by)
        self.folder.joinpath("clock").write_text(self.rides.clock.at.isoformat(), "utf-8")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two hours of readings, the last a minute old."""
    folder = tmp_path_factory.mktemp("live") / "city"
    clock = Clock()
    with riding(folder, clock) as rides:
        clock.forward(hours=-2)
        for _ in range(2):
            rides.poll()
            clock.forward(hours=1)
        rides.poll()
        clock.forward(minutes=1)
        folder.joinpath("clock").write_text(clock.at.isoformat(), "utf-8")
        with serving(folder) as address:
            yield Served(rides, folder, address)


def test_services_are_accessible_and_never_scroll_sideways(browser: Browser, live: Served) -> None:
    """axe-core 0 findings in both schemes, on the narrowest phone and on a desk; nothing in the console."""
    context = browser.new_context(base_url=live.address, locale="fr-FR", reduced_motion="reduce")
    found = faults(context, PATHS)
    context.close()
    assert found == []


def test_services_weigh_little(browser: Browser, live: Served) -> None:
    """A first visit with a search, its style and its script: at most 60 KB, map not asked for."""
    context = browser.new_context(base_url=live.address)
    page = context.new_page()
    page.goto("/services/velos?besoin=place&depart=gare")
    parts = weight(page)
    context.close()
    assert parts.keys() >= {"/services/velos", "/static/service.css", "/static/service.js"}
    assert sum(parts.values()) <= WEIGHT, parts


def test_without_script_a_service_says_the_same(browser: Browser, live: Served) -> None:
    """The words and links of every page, with and without JavaScript."""
    with_script, without = (
        browser.new_context(base_url=live.address, java_script_enabled=on).new_page() for on in (True, False)
    )
    different = []
    for path in PATHS:
        with_script.goto(path)
        without.goto(path)
        if content(without) != content(with_script):
            different.append(path)
    with_script.context.close()
    without.context.close()
    assert different == []


def test_finding_a_place_to_leave_a_bike_without_script(browser: Browser, live: Served) -> None:
    """A rider without JavaScript says what and where, reads the nearest, sorts the table, and the search
    stays.
    """
    context = browser.new_context(base_url=live.address, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/services")
    page.get_by_role("link", name="Vélos en libre-service").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Où trouver un vélo, ou une place pour le rendre ?"
    )
    expect(page.get_by_role("button", name="Utiliser ma position")).to_have_count(0)
    page.get_by_label("D’où partez-vous ?").fill("Gare")
    page.get_by_role("button", name="Répondre").click()
    page.locator("#proche").get_by_role("link", name="une place libre").click()
    expect(page.locator("#resultats h3")).to_have_text("Près de « Gare » : une place libre")
    expect(page.locator(".nearest-list > li")).to_have_count(5)
    shown = [
        text.replace("\u202f", "").replace("\xa0", " ")
        for text in page.locator(".nearest-list .far").all_inner_texts()
    ]
    metres = [int(text.removesuffix(" m")) for text in shown]
    assert metres == sorted(metres)
    expect(page.locator(".nearest-list a", has_text="OpenStreetMap").first).to_have_attribute(
        "href", re.compile(r"^https://www\.openstreetmap\.org/\?mlat=")
    )
    page.locator("#table th").get_by_role("link", name=re.compile("^Places")).click()
    expect(page.locator("#table th[aria-sort=ascending]")).to_contain_text("Places")
    expect(page.locator("#proche [aria-current=true]")).to_have_text("une place libre")
    expect(page.locator(".nearest-list > li")).to_have_count(5)
    context.close()


def test_the_keyboard_goes_through_a_service(browser: Browser, live: Served) -> None:
    """Tab reaches every link, field and button in order, each with a visible outline; one stop for a group of
    choices.
    """
    page = browser.new_context(base_url=live.address).new_page()
    page.goto("/services/velos?depart=gare")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button:not([hidden]), input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility() && !(e.type === 'radio' && !e.checked)).map((e, i) => { e.dataset.order = i; return i })"""
    )
    seen, dull = [], []
    for _ in range(len(wanted) + 8):  # a field of time has stops inside it: hours, minutes, the clock
        page.keyboard.press("Tab")
        order, outline, name = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            return [Number(e.dataset.order ?? -1), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.outerHTML.slice(0, 200)] }"""
        )
        if seen and order == seen[-1] and 'type="time"' in name:
            continue
        seen.append(order)
        if not outline:
            dull.append(name)
        if len(seen) == len(wanted):
            break
    page.context.close()
    assert seen == wanted
    assert dull == []


def test_a_position_is_used_only_when_asked(browser: Browser, live: Served) -> None:
    """The button asks the browser, sends four decimals with the form and shows the nearest; what was typed
    gives way; a refusal is said.
    """
    context = browser.new_context(
        base_url=live.address,
        locale="fr-FR",
        permissions=["geolocation"],
        geolocation={"latitude": 43.73101234, "longitude": 3.74209876},
    )
    page = context.new_page()
    page.goto("/services/velos?depart=gare&besoin=place")
    asking = page.locator("[data-asking]")
    asking.get_by_role("button", name="Utiliser ma position").first.click()
    expect(page.locator("#resultats h3")).to_have_text("Près de votre position : une place libre")
    expect(page.locator("#demande-depart")).to_have_value("43.7310, 3.7421")
    assert "43.73101234" not in page.content()
    page.locator("#proche").get_by_role("link", name="un vélo à prendre").click()
    expect(page.locator("#resultats h3")).to_have_text("Près de votre position : un vélo à prendre")
    page.get_by_label("D’où partez-vous ?").fill("gare")
    asking.get_by_role("button", name="Répondre").click()
    expect(page.locator("#resultats h3")).to_have_text("Près de « Gare » : un vélo à prendre")
    context.close()
    refused = browser.new_context(base_url=live.address, locale="fr-FR", permissions=[]).new_page()
    refused.goto("/services/velos")
    refused.get_by_role("button", name="Utiliser ma position").first.click()
    expect(refused.locator("[data-asking] [role=status]").first).to_have_text(
        "Votre position n’est pas disponible : écrivez un lieu."
    )
    refused.context.close()


def test_the_map_of_a_service_comes_from_here(browser: Browser, live: Served) -> None:
    """The live map with its cross, its rows and its worker, from our own origin, quiet under the strict
    policy.
    """
    context = browser.new_context(
        base_url=live.address, locale="fr-FR", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.goto("/services/velos?depart=gare")
    expect(page.locator("#carte svg path.cross")).to_have_count(2)
    page.get_by_role("button", name="Carte interactive").click()
    expect(page.locator("figure.map[data-ready=true] .map-here")).to_have_count(1, timeout=30_000)
    assert any("/services/velos/carte.geojson" in u for u in asked)
    assert {u for u in asked if not u.startswith((live.address, "blob:", "data:"))} == set()
    assert [s for s in said if "GL Driver Message" not in s] == [], (
        "the software GL of a machine without a screen speaks of its speed"
    )
    context.close()


def test_a_page_left_open_keeps_up_without_a_jump(browser: Browser, live: Served) -> None:
    """After a minute the words follow the feed, where the reader is stays where it is, a field in use is left
    alone, and a feed that falls makes it past.
    """
    context = browser.new_context(
        base_url=live.address,
        locale="fr-FR",
        viewport={"width": 1280, "height": 900},
        reduced_motion="no-preference",
    )
    page = context.new_page()
    page.clock.install()
    page.goto("/services/velos?depart=gare")
    before = page.locator("#reponse .when").inner_text()
    page.evaluate(
        """() => { globalThis.moved = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) globalThis.moved += e.value }).observe({type: "layout-shift", buffered: false});
        scrollTo({top: 900, behavior: "instant"}) }"""
    )
    scrolled = page.evaluate("scrollY")
    live.forward(minutes=1)
    live.rides.poll()
    live.forward(seconds=20)
    with page.expect_response(lambda r: "/services/velos?depart=gare" in r.url):
        page.clock.fast_forward(61_000)
    hour = (live.rides.clock.at + timedelta(hours=1)).strftime("%-H\u00a0h\u00a0%M")
    expect(page.locator("#reponse .when")).to_contain_text(hour)
    expect(page.locator("#legende")).to_contain_text(hour)
    assert page.locator("#reponse .when").inner_text() != before
    assert page.evaluate("scrollY") == scrolled
    assert page.evaluate("globalThis.moved") < 0.01
    held = page.locator("#resultats a").first
    held.focus()
    kept = page.locator("#resultats").inner_html()
    live.forward(minutes=1)
    live.rides.fail(SourceDown("Le flux ne répond pas : délai dépassé."))
    live.forward(minutes=1)
    with page.expect_response(lambda r: "/services/velos?depart=gare" in r.url):
        page.clock.fast_forward(61_000)
    expect(page.locator("#reponse .when")).to_contain_text("Dernier état connu")
    expect(page.locator("#sante")).to_have_text("Flux : ne répond plus")
    assert page.locator("#resultats").inner_html() == kept
    assert page.evaluate("document.activeElement.closest('#resultats') !== null")
    found = axe(page)
    context.close()
    live.rides.poll()
    live.forward(minutes=1)
    assert found == []


def test_those_who_ask_for_calm_start_the_refresh_themselves(browser: Browser, live: Served) -> None:
    """With prefers-reduced-motion nothing changes by itself; the button starts it, and stops it again."""
    context = browser.new_context(base_url=live.address, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    page.clock.install()
    page.goto("/services/velos")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.clock.fast_forward(200_000)
    assert page.evaluate("fetch('/robots.txt').then(r => r.status)") == 200
    assert [u for u in asked if "/services/velos" in u] == []
    with page.expect_response(lambda r: r.url.endswith("/services/velos")):
        page.get_by_role("button", name="Mettre à jour chaque minute").click()
    page.get_by_role("button", name="Arrêter la mise à jour automatique").click()
    asked.clear()
    page.clock.fast_forward(200_000)
    assert page.evaluate("fetch('/robots.txt').then(r => r.status)") == 200
    assert [u for u in asked if "/services/velos" in u] == []
    context.close()
