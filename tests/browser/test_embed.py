"""The chart, the table and the map of a dataset in the page of another site, as a browser shows them; and every kind of
chart on the page itself, where no label meets another.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import looking

pytestmark = pytest.mark.browser


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that it is called with)
        pass


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another origin: a folder served on another port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path
    server.shutdown()
    server.server_close()
    thread.join()


def test_frames_show_in_the_page_of_another_site(
    browser: Browser, portal: str, elsewhere: tuple[str, Path]
) -> None:
    """The code that the page gives, pasted as it is: without script, without cookie, nothing wider than its frame; the
    page of the portal itself stays empty there.
    """
    origin, folder = elsewhere
    context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{portal}/jeux/stations-velos?f=over:capacite:20&type=histogram&x=capacite")
    page.get_by_role("heading", name="Partager cette vue").click()
    codes = page.locator("#partager pre code").all_inner_texts()
    assert len(codes) == 3
    refused = f'<iframe src="{portal}/jeux/stations-velos" title="portail"></iframe>'
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="fr"><title>Ailleurs</title>{"".join(codes)}{refused}', "utf-8"
    )
    context.clear_cookies()
    page.goto(origin)
    table, chart, map_ = (page.frame_locator("iframe").nth(i) for i in range(3))
    page.locator("iframe").last.scroll_into_view_if_needed()
    for one in (table, chart, map_):
        expect(one.locator(".framed-source a").first).to_be_visible()
    expect(table.locator("caption")).to_contain_text("qui passent les filtres")
    expect(chart.locator("svg:visible")).to_have_count(1)
    expect(map_.locator(".map svg")).to_be_visible()
    frames = [f for f in page.frames if "/integrer/" in f.url]
    assert len(frames) == 3
    for frame in frames:
        wide, seen = frame.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= seen, frame.url
        assert frame.evaluate("document.scripts.length") == 0
        assert frame.evaluate(looking.OVERLAPS) == []
        assert frame.locator(".framed-source").evaluate(
            "e => e.getBoundingClientRect().bottom <= innerHeight"
        )
    assert context.cookies() == []
    assert page.frame_locator("iframe").last.locator("h1").count() == 0
    context.close()


KINDS = ("bar", "line", "area", "histogram", "scatter", "pair", "stacked")


def test_no_label_of_a_chart_meets_another(browser: Browser, portal: str) -> None:
    """Every kind that the columns allow, chosen by the form without script, at the three widths."""
    context = browser.new_context(base_url=portal, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto("/jeux/prenoms")
    offered = page.get_by_label("Sorte").locator("option").evaluate_all("all => all.map(o => o.value)")
    assert {"bar", "line", "area", "histogram", "stacked"} <= set(offered)
    context.close()
    context = browser.new_context(base_url=portal, locale="fr-FR")
    page = context.new_page()
    faults: list[str] = []
    for dataset, kinds in (("prenoms", offered), ("comptages-velos", KINDS), ("stations-velos", KINDS)):
        for kind in kinds:
            page.goto(f"/jeux/{dataset}?type={kind}")
            if not page.locator("#graphique").count():
                continue
            for width in (1280, 390, 320):
                page.set_viewport_size({"width": width, "height": 900})
                faults += [
                    f"{dataset} {kind} {width}: {f}"
                    for f in (*looking.sideways(page), *looking.overlapping(page))
                ]
    context.close()
    assert faults == []


def test_a_kind_is_chosen_without_script_on_a_phone(browser: Browser, portal: str) -> None:
    context = browser.new_context(
        base_url=portal, locale="fr-FR", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto("/jeux/prenoms?f=over:annee:2010")
    page.get_by_label("Sorte").select_option("empilé")
    page.get_by_role("button", name="Tracer").click()
    expect(page.locator(".chart-title")).to_contain_text(", par «")
    expect(page.get_by_label("Partagé par")).to_be_visible()
    assert "f=over%3Aannee%3A2010" in unescape(page.url)
    expect(page.locator("#graphique svg:visible")).to_have_count(1)
    context.close()
