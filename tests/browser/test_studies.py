"""The pages of studies in a real browser: nothing for axe to say, nothing scrolls sideways at 320 pixels, with
and without JavaScript; a wrong form leads to its field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from parvis.people import accounts
from parvis.people.passwords import Passwords
from parvis.store import study_runs
from tests.browser.looking import listened, looked_at, sign_in
from tests.browser.serving import serving
from tests.cities import sharecity, studycity, webcity

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """The address of a city, and two runs of the study of a breakdown, one done and one that waits."""
    folder: Path = tmp_path_factory.mktemp("city")
    city = webcity.build(folder)
    with city.db.begin() as conn:
        kept = Passwords().hash(webcity.PASSWORD)
        admin = accounts.make(
            conn, email="admin@montclair.example", name="Awa Diallo", password_hash=kept, actor="system", at=webcity.NOW
        )  # fmt: skip
        accounts.set_city_admin(conn, admin.id, True, actor="system", at=webcity.NOW)
    done = studycity.broken_down(city)
    with city.db.begin() as conn:
        one = study_runs.get(conn, done)
        assert one is not None
        study_runs.save(conn, replace(one, id="f" * 32, seed=2))
        study_runs.save(
            conn,
            replace(one, id="a" * 32, state="running", share=0.4, step="Recherche d’un partage", parts=()),
        )
    sharecity.close(city)
    with serving(folder) as address:
        yield address, done, "a" * 32


@pytest.mark.parametrize("scripts", [True, False])
def test_the_pages_of_a_study_are_for_everybody(
    browser: Browser, served: tuple[str, str, str], *, scripts: bool
) -> None:
    address, done, waiting = served
    context = browser.new_context(
        base_url=address, locale="fr-FR", java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = context.new_page()
    said = listened(page)
    sign_in(page, "admin@montclair.example")
    page.goto("/etudes")
    page.get_by_role("link", name="Un camion de collecte en panne").click()
    study = "/etudes/panne-de-camion"
    for path in (
        "/etudes", study, f"{study}/{done}", f"{study}/{waiting}", f"{study}/comparer?a={done}&b={'f' * 32}",
        "/en/etudes/fontaine-de-plus", f"/en{study}/{done}",
    ):  # fmt: skip
        page.goto(path)
        if scripts:
            assert looked_at(page) == [], path
        else:
            page.set_viewport_size({"width": 320, "height": 800})
            expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/etudes/fontaine-de-plus")
    page.get_by_label("Nombre de places essayées").fill("12")
    page.get_by_role("button", name="Demander l’étude").click()
    expect(page.get_by_role("alert")).to_contain_text("n’est pas un nombre de 100")
    if scripts:
        assert looked_at(page) == []
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.url.endswith("#demande-essais")
    assert said == []
