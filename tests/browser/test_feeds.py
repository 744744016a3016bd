"""The page of feeds on a phone, on a bad day: what is down and why is read without unfolding, the rest is a key away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from parvis.core.types import Dataset, Resource
from parvis.store import datasets, live
from tests.browser.looking import axe, overlapping, ready, sideways, sign_in
from tests.browser.serving import serving
from tests.cities import webcity

REASON = "Le flux ne répond pas : délai dépassé."
TITLES = ("Bornes de recharge", "Comptages de trafic", "Places libres des parcs", "Qualité de l’air", "Vélos")
MOST = 2450
"""Pixels of the page at 390 px with all of them down; it was 3,887 when each told everything at once."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a city whose five feeds are down."""
    city = webcity.build(tmp_path_factory.mktemp("down"))
    with city.db.begin() as conn:
        for n, title in enumerate(TITLES):
            datasets.save_dataset(conn, Dataset(f"flux{n}", title, "", "education"))
            datasets.save_resource(
                conn,
                Resource(
                    f"flux{n}/releves",
                    f"flux{n}",
                    title,
                    source="https://flux.example/",
                    reader="gbfs",
                    every_s=60,
                ),
            )
            live.save_feed(
                conn,
                live.Feed(
                    f"flux{n}/releves",
                    "down",
                    webcity.NOW - timedelta(hours=n + 1),
                    webcity.NOW - timedelta(minutes=1),
                    n + 1,
                    REASON,
                ),
            )
    city.engine.connection.close()
    city.db.close()
    with serving(city.settings.folder) as address:
        yield address


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_five_feeds_down_are_read_on_a_phone(browser: Browser, desk: str, script: bool) -> None:
    context = browser.new_context(
        base_url=desk,
        locale="fr-FR",
        viewport={"width": 390, "height": 844},
        java_script_enabled=script,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    if script:
        ready(context)
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    page.goto("/flux")
    cards = page.get_by_role("article")
    assert cards.count() == len(TITLES)
    for card in cards.all():
        expect(card.get_by_text("ne répond plus", exact=True)).to_be_visible()
        expect(card.get_by_text(REASON)).to_be_visible()
        expect(card.get_by_text("Interrogé chaque minute.")).to_be_hidden()
    high = page.evaluate("document.documentElement.scrollHeight")
    assert high <= MOST, high
    first = cards.first.locator("summary")
    first.press("Enter")
    expect(cards.first.get_by_text("Interrogé chaque minute.")).to_be_visible()
    page.get_by_role("link", name="Ajouter une adresse").press("Enter")
    expect(page.get_by_label("Adresse", exact=True)).to_be_in_viewport()
    page.goto("/en/flux")
    expect(page.get_by_role("heading", level=1)).to_have_text("Feeds")
    if script:
        assert axe(page) == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert [*sideways(page), *overlapping(page)] == []
    context.close()
