"""The report of twenty broken files: what to do stands on the first screen, on a desk and on a phone, without
script; and the page with script.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looking import looked_at, ready
from tests.tables.broken_files import BROKEN, SCHEMA_BYTES, Broken

pytestmark = pytest.mark.browser

STRANGER = Broken(
    "another schema",
    "recettes.csv",
    lambda: "gâteau;farine\nquatre-quarts;250\ncrêpes;500\n".encode(),
    "schema-unfit",
    True,
)
"""A file that is of no schema that we know, held to one."""

DESK, PHONE = (1280, 800), (390, 844)


def send(page: Page, one: Broken) -> None:
    """Choose the file, and the schema where it is held to one, and press the button."""
    page.goto("/verifier")
    page.set_input_files(
        "#fichier", {"name": one.file, "mimeType": "application/octet-stream", "buffer": one.make()}
    )
    if one.schema:
        page.get_by_text("Un schéma à vous").click()
        page.set_input_files(
            "#schema_fichier", {"name": "lieux.json", "mimeType": "application/json", "buffer": SCHEMA_BYTES}
        )
    page.get_by_role("button", name="Vérifier", exact=True).click()


def fix_of(page: Page, one: Broken) -> Locator:
    """The sentence that says what to do about this file: in its report, or on the form when it can't be read."""
    if not one.code:
        return page.get_by_role("alert")
    expect(page.get_by_role("heading", level=1)).to_have_text(one.file)
    return page.locator(".fault", has=page.locator(f'a[href$="/controles/{one.code}"]')).first.locator(
        ".todo"
    )


def test_the_fix_stands_on_the_first_screen(browser: Browser, portal: str) -> None:
    """Each of the files, without script and without scrolling, on a desk and on a phone: the whole sentence
    lies inside the window.
    """
    assert len(BROKEN) >= 20
    context = browser.new_context(base_url=portal, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    below: dict[str, str] = {}
    for one in BROKEN:
        send(page, one)
        for width, height in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            box = fix_of(page, one).bounding_box()
            if (
                box is None
                or box["y"] + box["height"] > height
                or box["y"] < 0
                or box["x"] + box["width"] > width
            ):
                below[f"{one.name} {width}"] = str(box)
    context.close()
    assert below == {}


def test_with_script_the_file_stays_chosen(tab: Page) -> None:
    """The report comes without leaving the page; the copy is one press away, of the same file; the status is
    told; nothing speaks in the console.
    """
    one = next(b for b in BROKEN if b.name == "decimal comma")
    send(tab, one)
    expect(tab.get_by_role("heading", level=1)).to_have_text(one.file)
    assert tab.evaluate("document.querySelector('[name=fichier]').files[0].name") == one.file
    expect(tab.get_by_text("choisissez-le à nouveau")).to_be_hidden()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Copie réparée").click()
    path = download.value.path()
    assert download.value.suggested_filename == "virgule-repare.csv"
    assert Path(path).read_bytes().count(b",") == 0


def test_the_report_is_accessible(browser: Browser, portal: str) -> None:
    """axe-core finds nothing in a report with errors, warnings and repairs, in both schemes, at 320 px and on
    a desk; nothing scrolls sideways.
    """
    context = browser.new_context(base_url=portal, locale="fr-FR", reduced_motion="reduce")
    ready(context)
    page = context.new_page()
    found: list[str] = []
    for name in ("category spelling", "double encoding", "damaged workbook", "another schema"):
        send(page, next((b for b in BROKEN if b.name == name), STRANGER))
        page.locator(".fault, [role=alert]").first.wait_for()
        for summary in [*page.locator(".folded > summary").all(), *page.locator(".fault summary").all()]:
            summary.click()
        found += [f"{name} {f}" for f in looked_at(page)]
    context.close()
    assert found == []


def test_the_form_works_by_keyboard(browser: Browser, portal: str) -> None:
    """From the file to the report: tab to the button, press it."""
    context = browser.new_context(base_url=portal, locale="fr-FR")
    page = context.new_page()
    page.goto("/verifier")
    page.set_input_files("#fichier", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n3;4\n"})
    page.locator("#fichier").focus()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "rapport":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("a.csv")
    context.close()
