"""The pages of a city whose names, titles, headers, values and reasons are hostile, in the real browser, as a
visitor and as each role.

Nothing that they wrote becomes an element, opens a dialog, asks the security policy, or ends in a fault. The
other addresses (twins, feeds, files): tests/web/test_hostile_names.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Dialog

from parvis.store import deposits
from tests.browser.looking import listened, sign_in
from tests.browser.serving import serving
from tests.cities import hostilecity, webcity

pytestmark = pytest.mark.browser

SETS = ("hostile", "classeur", "archive", "ecrit")
PUBLIC = (
    "/", "/jeux", "/jeux?q=titre", "/organisations", "/organisations/hostile", "/qualite", "/qualite/ecrit", "/alertes", "/alertes/journal", "/metadonnees", "/api",
    *(f"/jeux/{name}{end}" for name in SETS for end in ("", "/qualite")), "/en/jeux/ecrit", "/jeux/ecrit?mots=v1", "/jeux/ecrit/metadonnees", "/plan-du-site",
)  # fmt: skip
LOCAL = (
    "/depots",
    "/jeux/hostile/anonymisation",
    "/jeux/classeur/anonymisation",
    "/jeux/archive/recette",
    "/jeux/hostile/recette",
    "/jeux/hostile/description",
    "/jeux/hostile/colonnes",
)
BY_ROLE: Mapping[str, tuple[str, ...]] = {
    "": PUBLIC,
    "hpublisher": (
        "/depots",
        *LOCAL,
        "/partages",
        "/depots/nouveau",
        "/en/jeux/hostile/anonymisation",
        "{depots}",
    ),
    "hdpo": (
        "/decisions",
        "/registre",
        "/registre/{record}",
        "/violations",
        "/violations/{breach}",
        "/retraits",
        "/retraits/{takedown}",
        "/depots/depot0/decision",
        "{depots}",
    ),
    "hdelegate": ("/decisions", "/depots/depot0/decision", "/registre/{record}"),
    "hsteward": ("/depots", "/terrain", "/terrain/hostile"),
    "hadmin": (
        "/comptes",
        "/comptes/hpublisher",
        "/groupes",
        "/groupes/hostile",
        "/mon-compte",
        "/alertes/a-valider",
    ),
}

OOPS = f"""() => [...document.querySelectorAll('{hostilecity.ELEMENT}, [id=oops], img[src=x], [onclick], [onerror], a[href^="javascript:" i]')].map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Mapping[str, str]]]:
    folder = tmp_path_factory.mktemp("hostile") / "city"
    found = hostilecity.build(folder)
    city = webcity.open_again(folder)
    with city.db.read() as conn:
        handed = [d.id for d in deposits.list(conn, limit=50) if d.actor == "hpublisher"]
    city.engine.connection.close()
    city.db.close()
    with serving(folder) as address:
        yield address, found | {"depots": " ".join(f"/depots/{d}" for d in handed)}


def _dismiss(asked: Dialog, said: list[str]) -> None:
    said.append(f"dialog: {asked.message}")
    asked.dismiss()


@pytest.mark.parametrize("role", BY_ROLE)
def test_what_people_write_is_only_shown(
    browser: Browser, served: tuple[str, Mapping[str, str]], role: str
) -> None:
    address, found = served
    context = browser.new_context(base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said = listened(page)
    page.on("dialog", lambda asked: _dismiss(asked, said))
    if role:
        sign_in(page, f"{role}@montclair.example")
    wrong: list[str] = []
    shown = 0
    for path in " ".join(BY_ROLE[role]).format(**found).split():
        answer = page.goto(path)
        status = answer.status if answer else 0
        wrong += [
            f"{path}: {what}" for what in (*page.evaluate(OOPS), *said, *([status] if status != 200 else []))
        ]
        said.clear()
        shown += hostilecity.ELEMENT in page.locator("body").inner_text()
    context.close()
    assert wrong == [], wrong
    assert shown >= 2, "none of what is hostile was on these pages"
