"""A held file made anonymous, advised on, decided and published, as the people of a town hall do it: every act of
all of them counted, twelve at most. They are signed in already, as one is for a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from parvis.publication.city import City
from tests.browser.acts import Acts
from tests.browser.looking import COLOURS, axe, ready, sideways, sign_in
from tests.browser.serving import serving
from tests.browser.test_before_publishing import work
from tests.cities import webcity

MOST = 12
"""Acts of all of them, from the file to its publication."""
FIRST = ("Paul", "Julie", "Anne", "Luc", "Emma", "Hugo", "Chloé", "Nathan")
LAST = ("Martin", "Durand", "Lefebvre", "Moreau", "Girard", "Fournier", "Rousseau", "Blanchard")

ENROLLED = "nom;prenom;courriel;age;quartier;activite\n" + "".join(
    f"{LAST[i % 8]};{FIRST[i // 8 % 8]};{i}.{LAST[i % 8].lower()}@mail.example;{6 + i * i % 11};"
    f"{('Centre', 'Port', 'Plaine')[i % 3]};{('Judo', 'Chant')[i % 2]}\n"
    for i in range(240)
)
REASON = "Plus personne ne s’y reconnaît, essai fait."


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.build(tmp_path)
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def desk(city: City) -> Iterator[str]:
    with serving(city.settings.folder) as address:
        yield address


class Office:
    """Everybody's browser, signed in, each on the page that signing in leads to."""

    def __init__(self, browser: Browser, desk: str, *, script: bool, width: int) -> None:
        self.contexts: list[BrowserContext] = []
        self.script = script
        self.pages = {w: self._page(browser, desk, w, width) for w in ("agent", "dpo", "delegue")}
        self.acts = Acts()

    def _page(self, browser: Browser, desk: str, who: str, width: int) -> Page:
        context = browser.new_context(
            base_url=desk,
            locale="fr-FR",
            java_script_enabled=self.script,
            bypass_csp=True,
            reduced_motion="reduce",
            viewport={"width": width, "height": 844},
        )
        if self.script:
            ready(context)
        self.contexts.append(context)
        page = context.new_page()
        sign_in(page, f"{who}@montclair.example")
        return page

    def read(self, city: City, page: Page) -> None:
        """The worker's turn; the page follows it by itself, or by its plain link."""
        work(city)
        if not self.script:
            self.acts.click(page.get_by_role("link", name="Actualiser"))

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.mark.parametrize(
    ("script", "width"),
    [(True, 1280), (False, 1280), (True, 390), (False, 390)],
    ids=["desk", "desk-plain", "phone", "phone-plain"],
)
def test_anonymised_advised_decided_published(
    browser: Browser, city: City, desk: str, script: bool, width: int
) -> None:
    with closing(Office(browser, desk, script=script, width=width)) as office:
        acts, agent, officer, delegate = office.acts, *office.pages.values()
        name = "inscriptions.csv"
        faults: list[str] = []

        def look(page: Page) -> None:
            if script:
                faults.extend((*axe(page), *sideways(page)))
            else:
                faults.extend(sideways(page))

        agent.goto("/depots/nouveau")
        acts.file(agent.get_by_label("Fichier", exact=True), name, ENROLLED.encode())
        acts.click(agent.get_by_role("button", name="Déposer", exact=True))
        expect(agent.get_by_role("heading", level=1)).to_have_text(name)
        office.read(city, agent)
        proposal = agent.get_by_role("region", name="Le rendre anonyme")
        expect(proposal).to_contain_text("nom, prenom, courriel", timeout=30_000)
        look(agent)
        acts.click(proposal.get_by_role("button", name="Rendre anonyme et demander un avis"))
        expect(agent.get_by_role("status").first).to_contain_text("La politique est enregistrée")
        work(city)

        officer.reload()
        acts.click(officer.get_by_role("link", name=name))
        expect(officer.get_by_role("heading", level=1)).to_have_text("Avis et décision")
        expect(officer.locator("main")).not_to_contain_text("@mail.example")
        look(officer)
        acts.click(officer.get_by_label("Favorable", exact=True))
        acts.fill(officer.get_by_label("Motifs et conditions"), REASON)
        acts.click(officer.get_by_label("J’ai lu ces 7 questions"))
        acts.click(officer.get_by_role("button", name="Donner l’avis et signer la liste"))
        expect(officer.get_by_role("status").first).to_contain_text(
            "L’avis est enregistré, et la liste signée."
        )

        delegate.reload()
        acts.click(delegate.get_by_role("link", name=name))
        ground = delegate.get_by_label("Base légale")
        assert ground.input_value() == "l312-1-2-anonyme"
        look(delegate)
        acts.fill(delegate.get_by_label("Motif", exact=True), "Suit l’avis favorable.")
        acts.click(delegate.get_by_role("button", name="Autoriser la diffusion"))
        expect(delegate.get_by_role("status").first).to_contain_text("La décision est prise")

        agent.goto("/depots")
        mine = agent.get_by_role("article").filter(has_text=name)
        expect(mine.get_by_text("Publié", exact=True)).to_be_visible()
        if script:
            delegate.emulate_media(color_scheme="dark")
            faults += axe(delegate, COLOURS)
        assert faults == []
        assert len(acts.done) <= MOST, "\n".join(acts.done)


def test_its_sender_looks_at_what_comes_out_and_nobody_is_asked_where_nothing_holds_it(
    browser: Browser, city: City, desk: str
) -> None:
    """Four acts: the file, « Déposer », « Rendre anonyme et me le montrer », « Publier »."""
    with closing(Office(browser, desk, script=True, width=390)) as office:
        acts, agent = office.acts, office.pages["agent"]
        agent.goto("/depots/nouveau")
        acts.file(agent.get_by_label("Fichier", exact=True), "activites.csv", ENROLLED.encode())
        acts.click(agent.get_by_role("button", name="Déposer", exact=True))
        office.read(city, agent)
        acts.click(agent.get_by_role("button", name="Rendre anonyme et me le montrer"))
        office.read(city, agent)
        expect(agent.get_by_role("columnheader", name="quartier")).to_be_visible(timeout=30_000)
        expect(agent.get_by_role("columnheader", name="courriel")).to_have_count(0)
        acts.click(agent.get_by_role("button", name="Publier"))
        expect(agent.get_by_text("La version est diffusée.")).to_be_visible()
        assert len(acts.done) == 4, "\n".join(acts.done)


def test_enter_in_a_field_of_the_decision_decides_nothing(browser: Browser, desk: str) -> None:
    with closing(Office(browser, desk, script=False, width=1280)) as office:
        delegate = office.pages["delegue"]
        delegate.goto("/depots/depot0/decision")
        delegate.get_by_label("Finalité").press("Enter")
        expect(delegate).to_have_url(f"{desk}/depots/depot0/decision")
        expect(delegate.get_by_role("alert")).to_have_count(0)
