"""The page of a service for a group in a real browser: nothing for axe to say, nothing scrolls sideways at 320 pixels,
with and without JavaScript; a member answers by keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from parvis.people.passwords import Passwords
from tests.browser.looking import listened, looked_at, sign_in
from tests.browser.serving import serving
from tests.cities import sharecity, signalcity, webcity

pytestmark = pytest.mark.browser
PAGE = "/partages/services/choix-en-direct"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a city whose engineers have proposals to answer, whatever the hour of the test."""
    folder = tmp_path_factory.mktemp("signals") / "city"
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    start = now - timedelta(minutes=now.minute % 6 + 90)
    kept = Passwords().hash(webcity.PASSWORD)
    made = signalcity.build(folder, start, rules="gain_min = 1\naccord = true\n", password=kept)
    for n in range(15):
        made.poll(extraordinary=n >= 3)
    sharecity.close(made.city)
    with serving(folder) as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_is_for_every_member(browser: Browser, served: str, *, scripts: bool) -> None:
    context = browser.new_context(
        base_url=served, locale="fr-FR", java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = context.new_page()
    said = listened(page)
    sign_in(page, signalcity.ENGINEER, heading="Partagés avec moi")
    page.goto("/partages")
    page.get_by_role("link", name="Choix en direct des plans de feux").click()
    for path in (PAGE, f"/en{PAGE}", "/partages"):
        page.goto(path)
        if scripts:
            assert looked_at(page) == [], path
        else:
            page.set_viewport_size({"width": 320, "height": 800})
            expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert said == []
