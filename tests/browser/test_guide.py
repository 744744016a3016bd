"""The French guide of the data officer and of the data-protection officer, walked as it is written: each picture is that of a page on
the way, and each word in « » before it is on that page. `GUIDE_PICTURES=1 pytest tests/browser/test_guide.py` takes the pictures anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from parvis.publication.city import City
from tests.browser.serving import serving
from tests.browser.test_before_publishing import hand_in, work
from tests.browser.test_path_of_a_held_file import ENROLLED, REASON, Office
from tests.cities import webcity
from tests.conftest import ROOT

GUIDE = ROOT / "docs" / "guide"
PAGES = ("publier-un-fichier.md", "proteger-les-personnes.md")
PICTURE = re.compile(r"!\[[^\]]+\]\(images/([\w-]+)\.png\)")
QUOTED = re.compile(r"«\s([^»]+?)\s»")
TREES = "quartier;essence;arbres\nCentre;tilleul;310\nPort;platane;42\nPlaine;érable;95\n"
MOST_BYTES = 250_000
"""Of a picture: they are part of the repository."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    built = webcity.build(tmp_path_factory.mktemp("guide"))
    yield built
    built.engine.connection.close()
    built.db.close()


def walk(browser: Browser, city: City, desk: str) -> Iterator[tuple[str, Page, Locator | None]]:
    """(picture, the page that it is of, what of it comes first; None: its top)."""
    with closing(Office(browser, desk, script=True, width=1080)) as office:
        agent, officer, delegate = office.pages.values()
        agent.goto("/depots/nouveau")
        yield "1-deposer", agent, None
        hand_in(agent, "arbres-2026.csv", TREES)
        work(city)
        expect(agent.get_by_role("columnheader", name="essence")).to_be_visible(timeout=30_000)
        yield "2-regarder", agent, None
        agent.get_by_role("button", name="Publier").click()
        expect(agent.get_by_text("La version est diffusée.")).to_be_visible()
        yield "3-diffuse", agent, None
        hand_in(agent, "inscriptions.csv", ENROLLED)
        work(city)
        proposal = agent.get_by_role("region", name="Le rendre anonyme")
        expect(proposal).to_be_visible(timeout=30_000)
        yield "4-retenu", agent, proposal
        proposal.get_by_role("button", name="Rendre anonyme et demander un avis").click()
        work(city)
        officer.reload()
        officer.get_by_role("link", name="inscriptions.csv").click()
        officer.get_by_label("Favorable", exact=True).click()
        officer.get_by_label("Motifs et conditions").fill(REASON)
        yield "5-avis", officer, officer.get_by_label("Favorable", exact=True)
        officer.get_by_label("J’ai lu ces 7 questions").click()
        officer.get_by_role("button", name="Donner l’avis et signer la liste").click()
        delegate.reload()
        delegate.get_by_role("link", name="inscriptions.csv").click()
        delegate.get_by_label("Motif", exact=True).fill("Suit l’avis favorable.")
        yield "6-decision", delegate, delegate.get_by_label("Base légale")
        delegate.get_by_role("button", name="Autoriser la diffusion").click()
        expect(delegate.get_by_role("status").first).to_contain_text("La décision est prise")
        officer.goto("/registre")
        yield "7-registre", officer, None


def sections() -> dict[str, str]:
    """What is written before each picture, since the one before it or the title of its page."""
    texts: dict[str, str] = {}
    for name in PAGES:
        at, text = 0, (GUIDE / name).read_text()
        for match in PICTURE.finditer(text):
            texts[match[1]] = text[at : match.start()]
            at = match.end()
    return texts


def words_of(page: Page) -> str:
    """All that the page says, folded parts and labels of choices included, without the spaces that do not break."""
    text = page.evaluate("document.body.textContent")
    return re.sub(r"\s+", " ", str(text).replace("'", "’"))


def test_the_guide_is_walked_as_it_is_written(browser: Browser, city: City) -> None:
    written = sections()
    walked: list[str] = []
    lacking: list[str] = []
    with serving(city.settings.folder) as desk:
        for picture, page, first in walk(browser, city, desk):
            walked.append(picture)
            before = walked[-2] if len(walked) > 1 else ""
            page_words = words_of(page)
            for quoted in QUOTED.findall(written.get(picture, "")):
                phrase = re.sub(r"\s+", " ", quoted)
                if phrase not in page_words and phrase not in LEADING.get(picture, ()):
                    lacking.append(f"{picture} (after {before}): « {phrase} »")
            if os.environ.get("GUIDE_PICTURES"):
                photograph(page, first, GUIDE / "images" / f"{picture}.png")
    assert walked == sorted(written), "each picture of the guide is of a page on the way, in its order"
    assert lacking == []


LEADING = {"1-deposer": ("Déposer un fichier",), "5-avis": ("Mes dépôts",)}
"""Words of the link that leads to a page."""


def photograph(page: Page, first: Locator | None, to: Path) -> None:
    """One screen of the page, from `first` on."""
    if first is None:
        page.evaluate("scrollTo(0, 0)")
    else:
        first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 90)")
    page.screenshot(path=to)


def test_pictures_are_there_and_light() -> None:
    for name in PAGES:
        for picture in PICTURE.findall((GUIDE / name).read_text()):
            file = GUIDE / "images" / f"{picture}.png"
            assert file.read_bytes()[:4] == b"\x89PNG", name
            assert file.stat().st_size < MOST_BYTES, name
    assert {p.stem for p in (GUIDE / "images").iterdir()} == set(sections())


def test_the_readme_leads_to_the_guide_in_french_first() -> None:
    text = (ROOT / "README.md").read_text()
    assert 0 < text.index("docs/guide/publier-un-fichier.md") < text.index("```sh")
    assert "docs/guide/proteger-les-personnes.md" in text
