"""From an empty folder to the first published dataset in a real browser, with the real command: the link that the
terminal shows, one form, the first file. Twenty-five acts at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from parvis.cli.init import create
from tests.acceptance.commands import answers, free_port, soon, start
from tests.browser.acts import Acts
from tests.browser.looking import axe, listened, looked_at, ready, sideways

MOST = 25
CUT = "net::ERR_INCOMPLETE_CHUNKED_ENCODING"
"""What the browser tells of a stream that the portal cut when it began anew under its name: it asks for another."""
LONGEST_S = 600
"""Of a person's time, by the model of `acts`."""
PHRASE = "trois tilleuls devant l'école"
TREES = b"quartier;arbres\nCentre;310\nPort;42\nPlaine;95\n"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """An empty city that is served: its folder, its address, and the link that the terminal showed."""
    folder = tmp_path / "city"
    create(folder, "Ma ville")
    port = free_port()
    process = start(folder, tmp_path / "log", "serve", "--port", str(port), anew=True)
    try:
        address = f"http://127.0.0.1:{port}"
        answers(process, f"{address}/a-propos")
        link = re.search(r"http\S+/premiere-visite\?lien=\S+", (tmp_path / "log").read_text("utf-8"))
        assert link is not None
        yield folder, address, link[0]
    finally:
        process.end()


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 390)], ids=["desk", "phone-plain"])
def test_from_an_empty_folder_to_the_first_dataset(
    browser: Browser,
    begun: tuple[Path, str, str],
    script: bool,
    width: int,
    request: pytest.FixtureRequest,
) -> None:
    _, address, link = begun
    acts = Acts()
    context = browser.new_context(
        base_url=address,
        locale="fr-FR",
        java_script_enabled=script,
        bypass_csp=True,
        reduced_motion="reduce",
        viewport={"width": width, "height": 844},
    )
    if script:
        ready(context)
    page = context.new_page()
    console = listened(page)
    page.goto(link)
    acts.done.append("open the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Première visite")
    faults = looked_at(page) if script else sideways(page)
    acts.fill(page.get_by_label("Nom", exact=True), "Sète")
    acts.fill(page.get_by_label("Code INSEE ou SIREN"), "34301")
    acts.fill(page.get_by_label("Couleur des liens et des boutons"), "#e0a030")
    acts.fill(page.get_by_label("Votre adresse de courriel"), "awa@sete.example")
    acts.fill(page.get_by_label("Votre nom"), "Awa Diallo")
    acts.fill(page.get_by_label("Mot de passe", exact=True), PHRASE)
    acts.fill(page.get_by_label("Le même, encore une fois"), PHRASE)
    acts.click(page.get_by_role("button", name="Commencer"))
    expect(page.get_by_role("alert")).to_contain_text("Cette couleur se lit mal")
    faults += axe(page) if script else sideways(page)
    acts.fill(page.get_by_label("Couleur des liens et des boutons"), "#7a1f3d")
    acts.fill(page.get_by_label("Mot de passe", exact=True), PHRASE)
    acts.fill(page.get_by_label("Le même, encore une fois"), PHRASE)
    acts.click(page.get_by_role("button", name="Commencer"))
    acts.fill(page.get_by_label("Adresse de courriel"), "awa@sete.example")
    acts.fill(page.get_by_label("Mot de passe"), PHRASE)
    acts.click(page.get_by_role("button", name="Se connecter"))
    acts.file(page.get_by_label("Fichier", exact=True), "arbres.csv", TREES)
    acts.click(page.get_by_role("button", name="Déposer", exact=True))
    page.wait_for_url("**/depots/*recu=1")
    if not script:
        state = f"{page.url.partition('?')[0]}.json"
        soon(lambda: page.request.get(state).json()["deposit"]["state"] == "ready" or None, within=60)
        acts.click(page.get_by_role("link", name="Actualiser"))
    acts.click(page.get_by_role("button", name="Publier"))
    acts.click(page.get_by_role("link", name="Voir la page publique"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Arbres")
    for what in ("Sète", "city/theme.css"):
        soon(lambda what=what: what in _home(address) or None, within=90, every=0.5, what=what)
    page.goto("/")
    faults += axe(page) if script else sideways(page)
    context.close()
    assert faults == []
    assert [line for line in console if not line.endswith(CUT)] == []
    request.node.user_properties += [("acts", len(acts.done)), ("seconds of a person", round(acts.seconds))]
    assert len(acts.done) <= MOST, "\n".join(acts.done)
    assert acts.seconds < LONGEST_S


def _home(address: str) -> str:
    """The first page; "" while a process takes the place of another."""
    try:
        return httpx.get(f"{address}/", timeout=20).text
    except httpx.TransportError:
        return ""


def test_nobody_else_gets_anything_of_it(begun: tuple[Path, str, str]) -> None:
    _, address, link = begun
    with httpx.Client(base_url=address) as client:
        for path in (
            "/premiere-visite",
            "/premiere-visite?lien=rien",
            "/en/premiere-visite",
            "/premiere-visite.json",
        ):
            assert client.get(path).status_code == 403, path
        twin = client.get(link.replace("/premiere-visite?", "/premiere-visite.json?"))
        assert twin.status_code == 200
        assert twin.json()["least"] >= 12
        assert "no-store" in twin.headers["cache-control"]
        page = client.get(link)
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "no-store" in page.headers["cache-control"]
