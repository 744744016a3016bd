"""Counters and desks that bear the names of people, found as people: said once, from the page of the opinion, by the
officer; published by its sender; remembered for the next file until a value of another kind comes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parvis.publication.city import City
from tests.browser.looking import axe, overlapping, sideways
from tests.browser.serving import serving
from tests.browser.test_before_publishing import work
from tests.browser.test_path_of_a_held_file import Office
from tests.cities import webcity
from tests.web.test_not_a_person import two_columns

REASON = "Des comptoirs et des agences, nommés d’après quelqu’un."


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = webcity.build(tmp_path_factory.mktemp("city"))
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture(scope="module")
def desk(city: City) -> Iterator[str]:
    with serving(city.settings.folder) as address:
        yield address


def hand_in(page: Page, name: str, content: bytes, target: str = "") -> None:
    page.goto(f"/depots/nouveau{target and '?ressource=' + target}")
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Déposer", exact=True).press("Enter")


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 390)], ids=["desk", "phone-plain"])
def test_it_is_said_once_by_keyboard_and_remembered(
    browser: Browser, city: City, desk: str, script: bool, width: int
) -> None:
    """A phone without script, and a desk: the same steps, no mouse."""
    office = Office(browser, desk, script=script, width=width)
    agent, officer = office.pages["agent"], office.pages["dpo"]
    name = f"guichets{width}"
    hand_in(agent, f"{name}.csv", two_columns())
    office.read(city, agent)
    expect(agent.locator("main")).to_contain_text("la protection des données", timeout=30_000)

    officer.goto("/depots")
    officer.get_by_role("link", name=f"{name}.csv").press("Enter")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Avis et décision")
    officer.get_by_text("Plusieurs colonnes ne désignent personne").press("Enter")
    form = officer.locator("details[open]").filter(has_text="Plusieurs colonnes")
    for column in ("responsable", "referent"):
        form.get_by_label(column).press("Space")
    form.get_by_label("Que désignent ces valeurs ?").fill("Non")
    form.get_by_label("Que désignent ces valeurs ?").press("Enter")
    expect(officer.get_by_role("alert")).to_contain_text("dix caractères au moins")
    assert form.get_by_label("responsable").is_checked(), "what was chosen stays"
    assert officer.locator("main details[open]").count() == 1, "the questions of the opinion stay folded"
    faults = [*sideways(officer), *overlapping(officer), *(axe(officer) if script else ())]
    form.get_by_label("Que désignent ces valeurs ?").fill(REASON)
    form.get_by_role("button", name="Le dire et relire le fichier").press("Enter")
    expect(officer.get_by_role("status").first).to_contain_text("C’est noté et écrit au registre.")
    work(city)

    agent.reload()
    expect(agent.locator("main")).to_contain_text("Prêt : à vous de le publier")
    expect(agent.locator("main")).to_contain_text("ne désigne personne : c’est dit au registre")
    agent.get_by_role("button", name="Publier").press("Enter")
    expect(agent.get_by_text("La version est diffusée.")).to_be_visible()

    for more, state in (("Comptoir Rose;Agence Zola;3\n", "Publié"), ("Luc Petit;Agence Zola;3\n", "Retenu")):
        hand_in(agent, "suite.csv", two_columns() + more.encode(), f"{name}/{name}")
        expect(agent.get_by_role("heading", level=1)).to_have_text("suite.csv")
        office.read(city, agent)
        expect(agent.locator("main .tag").first).to_contain_text(state, timeout=30_000)
    officer.goto("/registre")
    said = officer.get_by_text(REASON)
    assert said.count() % 2 == 0, "one line a column, for each of the files that were handed in here"
    expect(said.first).to_be_visible()
    faults += [*sideways(officer), *(axe(officer) if script else ())]
    office.close()
    assert faults == []
