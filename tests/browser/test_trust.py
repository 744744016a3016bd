"""Pages that few people see and that must be right when they do: setting up a code that is demanded, hidden
parts, agreements, a risk that is being measured, a name that is not ours, a batch that is held.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pyarrow as pa
import pytest
from playwright.sync_api import Browser, Page, expect

from parvis.core.types import Dataset, Finding, Resource, Row
from parvis.decisions import clearing, takedown
from parvis.publication.city import City
from parvis.store import datasets, live
from tests.browser.looking import listened, looked_at, ready, sign_in
from tests.browser.serving import serving
from tests.cities import sharecity, webcity
from tests.cities.canarycity import INNOCENT, hand_in

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PARVIS_TEST_PICTURES", "")


def hidden(path: Path) -> bytes:
    """A workbook with a sheet out of sight."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["quartier", "arbres"], ["Gare", 12], ["Port", 7], ["Mairie", 31], ["Halles", 4]):
        sheet.append(row)
    beside = book.create_sheet("Suivi interne")
    for row in (["objet", "suite"], ["plainte", "en cours"], ["absence", "close"]):
        beside.append(row)
    beside.sheet_state = "hidden"
    book.save(path)
    return path.read_bytes()


def furnish(city: City, folder: Path) -> dict[str, str]:
    """A deposit with hidden parts, a withdrawal that waits for the education department, a feed of theirs
    that is held. Addresses by name.
    """
    with city.db.begin() as conn:
        for name, publisher in (
            ("arbres-des-ecoles", "education"),
            ("arbres-des-finances", "finances"),
            ("effectifs", "education"),
            ("passages", "education"),
        ):
            datasets.save_dataset(conn, Dataset(name, name.replace("-", " ").capitalize(), "", publisher))
            datasets.save_resource(
                conn,
                Resource(
                    f"{name}/table",
                    name,
                    "Table",
                    source="upload:x.csv",
                    every_s=60 if name == "passages" else 0,
                ),
            )
        live.save_feed(conn, live.Feed("passages/table", "held", webcity.NOW, webcity.NOW, 0, ""))
    parts = hand_in(
        city, "effectifs/table", hidden(folder / "effectifs.xlsx"), "effectifs.xlsx", actor="publisher"
    )
    assert parts.state == "held"
    theirs = [
        hand_in(city, f"arbres-des-{who}/table", INNOCENT, "arbres.csv").version
        for who in ("ecoles", "finances")
    ]
    one = takedown.withdraw(city, theirs[1], why="Déposé par erreur.", actor="quelqu-un")
    message = "Noms de personnes dans la colonne « lieu » : 2 cellules remplies."
    finding = Finding(
        "person-name",
        message,
        "error",
        "confidentiality",
        "lieu",
        2,
        (Row("", 0, 3, "J*** C***"), Row("", 0, 9, "P*** S***")),
    )
    clearing.note(city, "passages/table", "0" * 64, (finding,), pa.table({"lieu": ["Gare", "Port"]}))
    return {
        "parts": f"/depots/{parts.id}",
        "agreement": f"/retraits/{one.id}",
        "feed": "/jeux/passages/releves-retenus",
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("trust")
    city = webcity.build(folder)
    known = furnish(city, tmp_path_factory.mktemp("files"))
    sharecity.close(city)
    with serving(folder) as address:
        yield address, known


def seen(page: Page, name: str) -> None:
    """Axe in both schemes, 320 px and a desk; and a picture of each width where they are asked for."""
    if PICTURES:
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    assert looked_at(page) == [], name


def test_pages_of_trust_are_for_everybody(browser: Browser, made: tuple[str, dict[str, str]]) -> None:
    portal, known = made
    context = browser.new_context(
        base_url=portal, locale="fr-FR", reduced_motion="reduce", viewport={"width": 1280, "height": 800}
    )
    ready(context)
    page = context.new_page()
    console = listened(page)
    sign_in(page, "agent@montclair.example")
    for name, said in (("parts", "Parties masquées"), ("agreement", "Les autres organisations")):
        page.goto(known[name])
        expect(page.locator("main")).to_contain_text(said)
        seen(page, name)
    page.goto("/depots")
    expect(page.locator("main")).to_contain_text("attend votre accord")
    seen(page, "desk")
    page.goto("/retraits")
    expect(page.locator("main")).to_contain_text("Votre accord est attendu")
    seen(page, "withdrawals")
    page.get_by_role("button", name="Se déconnecter").click()
    sign_in(page)
    page.goto(known["feed"])
    expect(page.locator("main")).to_contain_text("J*** C***")
    seen(page, "held-feed")
    page.get_by_role("button", name="Ces textes ne désignent personne").click()
    expect(page.get_by_role("alert")).to_contain_text("colonne")
    for link in page.get_by_role("alert").get_by_role("link").all():
        expect(page.locator(link.get_attribute("href") or "#")).to_be_visible()
    seen(page, "held-feed-wrong")
    page.goto("/depots/depot0/decision")
    expect(page.locator("main")).to_contain_text("Le risque est en cours de mesure")
    seen(page, "measuring")
    page.goto("/mon-compte/securite")
    seen(page, "security")
    page.locator("#actuel-code").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Ajouter un code à six chiffres").click()
    expect(page.get_by_role("img", name="Code QR du secret")).to_be_visible()
    seen(page, "code")
    assert console == []
    context.close()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_of_a_name_that_is_not_ours(
    browser: Browser, made: tuple[str, dict[str, str]], prefix: str
) -> None:
    """As it is answered to another name, looked at where its styles are."""
    portal, _ = made
    asked = urllib.request.Request(
        f"{portal}{prefix}/jeux",
        headers={"Host": f"un-nom-assez-long-pour-un-telephone.piege.example:{urlsplit(portal).port}"},
    )
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(asked, timeout=20)
    assert told.value.code == 421
    body = told.value.read()
    context = browser.new_context(
        base_url=portal, reduced_motion="reduce", viewport={"width": 1280, "height": 800}
    )
    ready(context)
    page = context.new_page()
    page.route("**/ailleurs", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto("/ailleurs")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    seen(page, f"misdirected{prefix.replace('/', '-')}")
    context.close()


def test_who_must_add_a_factor_sees_why(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The first page after signing in, and nothing else."""
    folder = tmp_path_factory.mktemp("demanded")
    sharecity.close(webcity.build(folder))
    with serving(folder, second_factor="dpo") as portal:
        context = browser.new_context(
            base_url=portal, locale="fr-FR", reduced_motion="reduce", viewport={"width": 1280, "height": 800}
        )
        ready(context)
        page = context.new_page()
        page.goto("/connexion")
        page.get_by_label("Adresse de courriel").fill("dpo@montclair.example")
        page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        expect(page.locator("#demande")).to_contain_text("Votre rôle demande un second facteur")
        seen(page, "demanded")
        page.goto("/decisions")
        expect(page.locator("#demande")).to_be_visible()
        context.close()
