"""The vaccination calendar in a real browser: what a person says there stays there. A spy on the network, the
store of the browser read, files taken away and reopened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from parvis.services.soins import calendar
from tests.browser.looking import looked_at, ready
from tests.browser.serving import serving
from tests.cities import carecity
from tests.cities.livecity import Clock
from tests.methods.vaccination_cases import cases, missing

pytestmark = pytest.mark.browser

PATH = "/services/soins/vaccins"
SECRET = "une phrase à moi, longue"
NAME, BORN, TERM, DOSE = "Zébulonne-Q7", "1987-03-09", "2027-02-17", "2011-05-23"
"""What must not be found anywhere outside the page."""
MARKS = (NAME, "Zebulonne", "Z%C3%A9bulonne", BORN, "19870309", "09/03/1987", TERM, DOSE, "hpv-", SECRET)


@pytest.fixture(scope="module")
def care(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the city of care, at 10 h 42 on a Wednesday."""
    folder = tmp_path_factory.mktemp("care") / "city"
    clock = Clock(datetime(2026, 11, 25, 9, 42, tzinfo=UTC))
    carecity.build(folder, clock).db.close()
    folder.joinpath("clock").write_text(clock.at.isoformat(), "utf-8")
    with serving(folder) as address:
        yield address


@pytest.fixture
def context(browser: Browser, care: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=care, locale="fr-FR", viewport={"width": 1280, "height": 900}, accept_downloads=True
    )
    yield made
    made.close()


def opened(context: BrowserContext, path: str = PATH) -> Page:
    """The page on a known day, its errors collected."""
    page = context.new_page()
    page.clock.set_fixed_time(datetime(2026, 11, 26, 10, tzinfo=UTC))
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(path)
    page.said = said  # type: ignore[attr-defined]
    return page


def fill(page: Page) -> None:
    """One person, pregnant, with a dose on her record."""
    page.locator("#prenom").fill(NAME)
    page.locator("#naissance").fill(BORN)
    page.locator("#terme").fill(TERM)
    page.get_by_role("button", name="Ajouter un vaccin fait").click()
    page.locator("#doses select").last.select_option("ror")
    page.locator("#doses input[type=date]").last.fill(DOSE)
    page.get_by_role("button", name="Voir mes dates").click()
    expect(page.locator("#resultat h3")).to_contain_text(NAME)


def test_no_personal_field_leaves_the_page(context: BrowserContext) -> None:
    """Everything is done: dates seen, a second person, agenda, sealed file, kept on the device, reloaded,
    reopened, erased. The spy sees no request but the page's own files, and nothing personal in any address,
    header or body; the browser is barred from opening a connection at all.
    """
    asked: list[tuple[str, str, str]] = []

    def spy(request: Request) -> None:
        body = request.post_data_buffer
        asked.append(
            (
                request.url,
                json.dumps(request.headers, ensure_ascii=False),
                body.decode("utf-8", "replace") if body else "",
            )
        )

    context.on("request", spy)
    page = opened(context)
    page.wait_for_load_state("networkidle")
    before = len(asked)
    fill(page)
    page.get_by_role("button", name="Ajouter une personne").click()
    page.locator("#naissance").fill("2026-01-15")
    page.get_by_role("button", name="Voir mes dates").click()
    with page.expect_download():
        page.get_by_role("button", name="Fichier d’agenda").click()
    page.evaluate("() => { window.print = () => { document.body.dataset.printed = 'yes' } }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("document.body.dataset.printed") == "yes"
    page.get_by_text("Garder, reprendre ou effacer").click()
    page.locator("#phrase").fill(SECRET)
    with page.expect_download():
        page.get_by_role("button", name="Fichier protégé à garder").click()
    page.get_by_label("Garder sur cet appareil").check()
    expect(page.locator("#etat")).to_contain_text("Gardé sur cet appareil")
    kept = page.evaluate("JSON.stringify({...localStorage}) + document.cookie")
    assert "parvis-vaccins" in kept
    after_use = asked[before:]
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#gardees")).to_be_visible()
    reloaded = len(asked)
    page.locator("#phrase-ouvrir").fill(SECRET)
    page.locator("#ouvrir-gardees").click()
    expect(page.locator("#prenom")).to_have_value(NAME)
    page.get_by_text("Garder, reprendre ou effacer").click()
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.locator("#etat")).to_contain_text("Tout est effacé")
    assert page.evaluate("localStorage.length") == 0
    assert page.locator("#prenom").input_value() == ""
    assert [url for url, *_ in (*after_use, *asked[reloaded:]) if not url.startswith("blob:")] == []
    assert [m for m in MARKS for one in asked if any(m in part for part in one)] == []
    assert [m for m in (*MARKS, "born", "people") if m in kept] == []
    barred = page.evaluate("fetch('/robots.txt').then(() => 'sent', () => 'barred')")
    assert barred == "barred"
    assert [s for s in page.said if "connect-src" not in s and "Content Security Policy" not in s] == []  # type: ignore[attr-defined]


def test_the_browser_gives_every_case(context: BrowserContext) -> None:
    """All cases by hand, through the module as the page loads it."""
    page = opened(context)
    every = cases()
    found = page.evaluate(
        """async asked => { const { plan } = await import("/static/vaccins.js"); const rules = JSON.parse(document.getElementById("regles").textContent);
        return asked.map(([person, today]) => plan(rules, person, today)) }""",
        [[c.sent, c.today.isoformat()] for c in every],
    )
    assert len(every) >= 150
    assert [
        (c.number, m) for c, items in zip(every, found, strict=True) if (m := missing(c.expected, items))
    ] == []


def test_the_dates_are_said_with_why_where_and_source(context: BrowserContext) -> None:
    """A baby of ten months without a vaccine, and its mother's shot in pregnancy."""
    page = opened(context)
    page.locator("#naissance").fill("2026-01-15")
    page.get_by_role("button", name="Voir mes dates").click()
    late = page.locator("#resultat li[data-state=late]", has_text="Hexavalent")
    expect(late).to_contain_text("dose 1 sur 3 à partir du 15 mars 2026")
    expect(late).to_contain_text("Protège de : diphtérie")
    expect(late).to_contain_text("Statut : obligatoire")
    expect(late).to_contain_text("Source : VIDAL")
    expect(late).to_contain_text("Où : pharmacie")
    page.locator("#naissance").fill("2031-01-01")
    page.get_by_role("button", name="Voir mes dates").click()
    expect(page.locator("#naissance-why")).to_have_text("Indiquez une date de naissance passée.")
    expect(page.locator("#resultat")).to_be_empty()
    english = opened(context, f"/en{PATH}")
    english.locator("#naissance").fill("2026-01-15")
    english.get_by_role("button", name="See my dates").click()
    expect(english.locator("#resultat li[data-state=late]", has_text="Hexavalent")).to_contain_text(
        "Status: compulsory"
    )


def test_the_agenda_is_a_calendar_that_programs_read(context: BrowserContext, tmp_path: Path) -> None:
    """RFC 5545: CRLF, 75 octets a line, a stamp and a day on each event, ends the day after; one event a dose
    that is due or to come.
    """
    page = opened(context)
    fill(page)
    shown = page.locator(
        "#resultat li:is([data-state=late], [data-state=catch_up], [data-state=now], [data-state=to_come], [data-state=look_up])"
    ).count()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Fichier d’agenda").click()
    waited.value.save_as(tmp_path / "x.ics")
    raw = (tmp_path / "x.ics").read_bytes()
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    text = raw.replace(b"\r\n ", b"").decode("utf-8")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)
    assert len(events) >= shown > 0
    for event in events:
        fields = dict(line.split(":", 1) for line in event.strip().split("\r\n"))
        assert fields["DTSTAMP"] == "20261126T100000Z"
        begin, end = (
            datetime.strptime(fields[f"{name};VALUE=DATE"], "%Y%m%d")  # noqa: DTZ007
            for name in ("DTSTART", "DTEND")
        )
        assert (end - begin).days == 1
        assert begin >= datetime(2026, 11, 26)  # noqa: DTZ001
    assert len({re.search(r"UID:(.*)\r", e)[1] for e in events}) == len(events)  # type: ignore[index]


def test_a_sealed_file_opens_elsewhere_with_the_passphrase_only(
    browser: Browser, care: str, context: BrowserContext, tmp_path: Path
) -> None:
    """Taken to another browser: the wrong passphrase and a changed byte are refused alike, the right one
    gives everybody back; its text tells nothing.
    """
    page = opened(context)
    fill(page)
    page.get_by_text("Garder, reprendre ou effacer").click()
    page.locator("#phrase").fill("trop court")
    page.get_by_role("button", name="Fichier protégé à garder").click()
    expect(page.locator("#etat")).to_have_text("La phrase secrète a douze caractères au moins.")
    page.locator("#phrase").fill(SECRET)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Fichier protégé à garder").click()
    box = tmp_path / "famille.vaccins"
    waited.value.save_as(box)
    text = box.read_text("utf-8")
    assert [m for m in MARKS if m in text] == []
    assert json.loads(text)["turns"] >= 600_000
    changed = json.loads(text)
    changed["body"] = ("A" if changed["body"][0] != "A" else "B") + changed["body"][1:]
    spoilt = tmp_path / "spoilt.vaccins"
    spoilt.write_text(json.dumps(changed), "utf-8")
    other = browser.new_context(base_url=care, locale="fr-FR")
    there = opened(other)
    there.get_by_text("Garder, reprendre ou effacer").click()
    for file, secret in ((box, "une autre phrase bien longue"), (spoilt, SECRET)):
        there.locator("#phrase").fill(secret)
        there.locator("#reprendre").set_input_files(file)
        expect(there.locator("#etat")).to_contain_text("Ce n’est pas la bonne phrase secrète")
        assert there.locator("#prenom").input_value() == ""
        there.evaluate("document.getElementById('etat').textContent = ''")
    there.locator("#phrase").fill(SECRET)
    there.locator("#reprendre").set_input_files(box)
    expect(there.locator("#prenom")).to_have_value(NAME)
    expect(there.locator("#naissance")).to_have_value(BORN)
    expect(there.locator("#doses input")).to_have_value(DOSE)
    assert there.evaluate("localStorage.length") == 0
    other.close()


def test_nothing_is_kept_unless_ticked(context: BrowserContext) -> None:
    """Seen, taken away, closed: the browser holds nothing; a tick taken back erases."""
    page = opened(context)
    fill(page)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.get_by_text("Garder, reprendre ou effacer").click()
    page.locator("#phrase").fill(SECRET)
    page.get_by_label("Garder sur cet appareil").check()
    expect(page.locator("#etat")).to_contain_text("Gardé sur cet appareil")
    page.get_by_label("Garder sur cet appareil").uncheck()
    assert page.evaluate("localStorage.length") == 0
    again = opened(context)
    assert again.locator("#prenom").input_value() == ""
    assert again.locator("#gardees").is_hidden()


def test_without_script_the_table_by_age_is_there(browser: Browser, care: str) -> None:
    context = browser.new_context(base_url=care, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(PATH)
    expect(page.locator("#calendrier tbody tr").first).to_contain_text("naissance")
    assert page.locator("#calendrier tbody tr").count() > len(calendar.calendar().series) - 5
    expect(page.locator("#moi")).to_be_hidden()
    context.close()


def test_care_is_for_everybody(browser: Browser, care: str) -> None:
    """The service and the calendar, answered: no axe finding, nothing sideways, a quiet console."""
    context = browser.new_context(base_url=care, locale="fr-FR", reduced_motion="reduce")
    ready(context)
    found = []
    for path in ("/services/soins?lieu=rue+du+Four", PATH, f"/en{PATH}"):
        page = opened(context, path)
        if path.endswith("vaccins"):
            page.locator("#naissance").fill("1987-03-09")
            page.locator("#ajouter-dose").click()
            page.locator("#calculer").click()
            page.locator("#garder summary").click()
        found += [f"{path}: {one}" for one in (*looked_at(page), *page.said)]  # type: ignore[attr-defined]
        page.close()
    context.close()
    assert found == []


def test_the_form_of_care_works_without_script(browser: Browser, care: str) -> None:
    """Place, kind, hour: asked, answered and kept in the form; the way to the calendar is there."""
    context = browser.new_context(base_url=care, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/services/soins")
    page.get_by_label("Où êtes-vous ?").fill("rue du Four")
    page.locator("#question form").get_by_role("button").last.click()
    expect(page.locator(".lead-answer")).to_contain_text("min à pied")
    expect(page.locator("#question")).to_contain_text("Ouverts, du plus proche au plus loin")
    page.get_by_role("link", name=re.compile("alendrier vaccinal")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Calendrier vaccinal")
    context.close()
