"""A file from the form to the public page, looked at by its sender before anybody else, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from parvis.publication.city import City
from parvis.store import deposits
from parvis.work import steps
from tests.browser.looking import COLOURS, axe, ready, sideways, sign_in
from tests.browser.serving import serving
from tests.cities import webcity
from tests.tables.broken_files import BROKEN

CODES = "Relevé des écoles;;\ncode;nom;places\n1;Les Tilleuls;120\n2;Le Port;80\n3;La Source;64\n"
AGENTS = "service;nom;prenom;courriel\n" + "".join(
    f"Voirie;{n};{p};{p.lower()}.{n.lower()}@ville.example\n"
    for n, p in (("Martin", "Paul"), ("Durand", "Julie"), ("Lefebvre", "Anne"), ("Moreau", "Luc"), ("Girard", "Emma")) * 4
)  # fmt: skip


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


def work(city: City) -> None:
    """The worker's turn, taken here."""
    with city.db.read() as conn:
        waiting = deposits.in_states(conn, ("received",))
    for one in waiting:
        drafted = steps.draft(city, one.id)
        if drafted:
            steps.decide(city, one.id, drafted)


def tab(
    browser: Browser, desk: str, *, script: bool = True, width: int = 1280
) -> tuple[BrowserContext, Page]:
    context = browser.new_context(
        base_url=desk,
        locale="fr-FR",
        java_script_enabled=script,
        bypass_csp=True,
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
    )
    if script:
        ready(context)
    page = context.new_page()
    sign_in(page, "agent@montclair.example")
    return context, page


def hand_in(page: Page, name: str, content: str) -> None:
    page.goto("/depots/nouveau")
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.wait_for_url("**/depots/*")


def test_header_types_and_words_are_corrected_then_it_is_published(
    browser: Browser, city: City, desk: str
) -> None:
    """Fifteen acts from the form to the public page, the correction of what was understood among them."""
    context, page = tab(browser, desk)
    hand_in(page, "releve_ecoles.csv", CODES)
    work(city)
    expect(page.locator("main")).to_contain_text("Prêt : à vous de le publier", timeout=30_000)
    said = axe(page)
    rows = page.get_by_role("region", name="3 premières lignes sur 3")
    expect(rows.get_by_role("cell", name="Les Tilleuls")).to_be_visible()
    assert page.get_by_label("Titre", exact=True).first.input_value() == "Relevé des écoles"
    page.get_by_text("Comment le fichier a été lu").click()
    assert page.get_by_label("Ligne d’en-tête").input_value() == "2"
    page.get_by_label("Ligne d’en-tête").fill("1")
    page.get_by_text("3 colonnes : types, titres, unités").click()
    said += axe(page)
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator("main")).to_contain_text("Le fichier est relu comme vous l’avez dit.")
    work(city)
    expect(page.get_by_role("columnheader", name="Relevé des écoles")).to_be_visible(timeout=30_000)
    page.get_by_text("Comment le fichier a été lu").click()
    page.get_by_label("Ligne d’en-tête").fill("2")
    page.get_by_role("button", name="Publier").click()
    work(city)
    expect(page.get_by_role("columnheader", name="places")).to_be_visible(timeout=30_000)
    page.get_by_text("3 colonnes : types, titres, unités").click()
    places = page.get_by_role("group", name="places")
    assert places.get_by_label("Type").input_value() == "integer"
    places.get_by_label("Type").select_option(label="nombre")
    places.get_by_label("Unité").fill("places assises")
    page.get_by_label("Titre", exact=True).first.fill("Écoles et leurs places")
    page.get_by_role("button", name="Publier").click()
    work(city)
    expect(page.get_by_role("columnheader", name="places nombre", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("main")).to_contain_text("La version est diffusée.")
    page.get_by_role("link", name="Voir la page publique").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Écoles et leurs places")
    context.close()
    assert said == []


def test_a_pasted_table_goes_out_by_keyboard_without_script_on_a_phone(
    browser: Browser, city: City, desk: str
) -> None:
    context, page = tab(browser, desk, script=False, width=390)
    page.goto("/depots/nouveau")
    page.get_by_text("Ou coller un tableau").press("Enter")
    page.get_by_label("Tableau collé").fill("quartier\tarbres\nCentre\t310\nPort\t42\nPlaine\t95\n")
    page.get_by_label("Titre", exact=True).fill("Arbres par quartier")
    page.get_by_role("button", name="Déposer", exact=True).press("Enter")
    assert not sideways(page)
    work(city)
    page.get_by_role("link", name="Actualiser").press("Enter")
    assert not sideways(page)
    expect(page.get_by_role("cell", name="310")).to_be_visible()
    page.get_by_label("Mots-clés").fill("arbre, quartier")
    page.get_by_label("Mots-clés").press("Enter")
    expect(page.get_by_text("Le brouillon est enregistré.")).to_be_visible()
    assert page.get_by_label("Mots-clés").input_value() == "arbre, quartier"
    page.get_by_role("button", name="Publier").press("Enter")
    expect(page.get_by_text("La version est diffusée.")).to_be_visible()
    context.close()


DROP = """([form, names]) => {
  const held = new DataTransfer();
  for (const name of names) held.items.add(new File(["quartier;arbres\\nCentre;310\\nPort;42\\n"], name, {type: "text/csv"}));
  form.dispatchEvent(new DragEvent("drop", {dataTransfer: held, bubbles: true, cancelable: true}));
}"""
PASTE = """() => {
  const held = new DataTransfer();
  held.setData("text/plain", "quartier\\tarbres\\nCentre\\t310\\n");
  document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true}));
}"""


def test_files_are_dropped_and_a_table_is_pasted_on_the_form(browser: Browser, city: City, desk: str) -> None:
    """Dropped at two times, one left out again; the page then follows its file by itself."""
    context, page = tab(browser, desk)
    page.goto("/depots/nouveau")
    form = page.locator("form[data-send]").element_handle()
    page.evaluate(DROP, [form, ["arbres.csv", "bancs.csv"]])
    page.evaluate(DROP, [form, ["lampes.csv"]])
    chosen = page.locator("[data-chosen] li")
    expect(chosen).to_have_count(3)
    expect(chosen.first).to_contain_text("arbres.csv (0")
    page.get_by_role("button", name="Ne pas déposer bancs.csv").click()
    expect(chosen).to_have_count(2)
    faults = axe(page)
    page.evaluate(PASTE)
    assert page.get_by_label("Tableau collé").input_value().startswith("quartier\t")
    page.get_by_label("Tableau collé").fill("")
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.get_by_text("Vos fichiers sont reçus")).to_be_visible()
    expect(page.get_by_role("link", name="lampes.csv")).to_be_visible()
    expect(page.get_by_role("link", name="bancs.csv")).to_have_count(0)
    work(city)
    context.close()
    assert faults == []


def test_what_is_personal_is_seen_in_its_row_by_its_sender(browser: Browser, city: City, desk: str) -> None:
    context, page = tab(browser, desk)
    hand_in(page, "agents.csv", AGENTS)
    work(city)
    expect(page.locator("mark", has_text="paul.martin@ville.example").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Publier")).to_have_count(0)
    said = axe(page)
    page.emulate_media(color_scheme="dark")
    said += axe(page, COLOURS)
    page.set_viewport_size({"width": 390, "height": 800})
    said += sideways(page)
    context.close()
    assert said == []


def test_a_refused_file_keeps_its_form_and_what_was_written(browser: Browser, city: City, desk: str) -> None:
    context, page = tab(browser, desk, script=False)
    page.goto("/depots/nouveau")
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": "ecoles.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 rien"}
    )
    page.get_by_label("Titre", exact=True).fill("Écoles de demain")
    page.get_by_role("button", name="Déposer", exact=True).click()
    work(city)
    page.get_by_role("link", name="Actualiser").click()
    expect(page.locator("main .tag").first).to_have_text("Refusé")
    page.get_by_label("Déposer un fichier corrigé").set_input_files(
        {"name": "ecoles.csv", "mimeType": "text/csv", "buffer": CODES.encode()}
    )
    page.get_by_role("button", name="Déposer", exact=True).click()
    work(city)
    page.get_by_role("link", name="Actualiser").click()
    assert page.get_by_label("Titre", exact=True).first.input_value() == "Écoles de demain"
    context.close()


ROOMS = (
    "salle;ouverture;places\n"
    + "".join(f"Salle {n};{n % 28 + 1:02d}/0{n % 9 + 1}/2026;{n * 3}\n" for n in range(40))
    + "Salle des fÃªtes;2026-04-02;12\nSalle du Port;12 mars 2026;30\n"
)


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 390)])
def test_the_mended_copy_takes_the_place_of_the_file_by_one_button(
    browser: Browser, city: City, desk: str, script: bool, width: int
) -> None:
    """What was written in the form is kept, what was changed is told, and one more act publishes it."""
    context, page = tab(browser, desk, script=script, width=width)
    hand_in(page, f"salles_{width}.csv", ROOMS)
    work(city)
    if not script:
        page.get_by_role("link", name="Actualiser").click()
    page.get_by_label("Titre", exact=True).first.fill(f"Salles à louer {width}", timeout=30_000)
    button = page.get_by_role("button", name="Reprendre avec la copie corrigée")
    expect(page.get_by_role("listitem").filter(has_text="Accents abîmés")).to_contain_text("(1)")
    faults = (axe(page) if script else []) + sideways(page)
    button.press("Enter")
    page.wait_for_url("**/depots/*?fait=corrige")
    expect(page.get_by_text(f"Copie corrigée de « salles_{width}.csv »")).to_be_visible()
    work(city)
    if not script:
        page.reload()
    title = page.get_by_label("Titre", exact=True).first
    expect(title).to_have_value(f"Salles à louer {width}", timeout=30_000)
    expect(page.get_by_role("button", name="Reprendre avec la copie corrigée")).to_have_count(0)
    faults += (axe(page) if script else []) + sideways(page)
    page.get_by_role("link", name="Voir le fichier d’origine").click()
    expect(page.locator("main .tag").first).to_have_text("Dépassé par un fichier plus récent")
    faults += (axe(page) if script else []) + sideways(page)
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("a[href='#ancien']")).to_be_visible()
    expect(page.locator("main")).to_contain_text("dites que c’est bien celui-ci")
    page.get_by_role("link", name="Aller au fichier le plus récent").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("La version est diffusée.")).to_be_visible()
    page.get_by_role("link", name="Voir la page publique").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Salles à louer {width}")
    context.close()
    assert faults == []


def test_twelve_ugly_files_at_once_are_each_ready_or_refused_with_the_reason(
    browser: Browser, city: City, desk: str
) -> None:
    """Handed in together, they make one dataset; what is ready of it is published by one button."""
    ugly = [*BROKEN[:11], BROKEN[-1]]
    context, page = tab(browser, desk, script=False)
    page.goto("/depots/nouveau")
    page.get_by_label("Fichier", exact=True).set_input_files(
        [{"name": b.file, "mimeType": "text/csv", "buffer": b.make()} for b in ugly]
    )
    page.get_by_label("Titre", exact=True).fill("Lieux de la ville")
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.get_by_text("Vos fichiers sont reçus")).to_be_visible()
    work(city)
    page.goto("/depots")
    states = {
        b.file: page.get_by_role("article").filter(has_text=b.file).locator(".tag").inner_text() for b in ugly
    }
    assert {name for name, state in states.items() if state == "Refusé"} == {"abime.xlsx"}
    waits = [name for name, state in states.items() if state == "Prêt : à vous de le publier"]
    page.get_by_role("link", name=waits[0], exact=True).click()
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("link", name="Voir la page publique").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lieux de la ville")
    page.goto("/depots")
    mine = page.get_by_role("article").filter(has_text="Lieux de la ville")
    expect(mine.get_by_text("Publié", exact=True)).to_have_count(len(waits))
    context.close()
    assert len(waits) >= 8, states


def test_on_a_phone_the_form_is_one_touch_away_and_nothing_is_said_twice(
    browser: Browser, city: City, desk: str
) -> None:
    """What the clerk's walk stumbled on: a button 6,000 pixels below, a reason after each of five findings, a caption
    cut at the edge, « 1 premières lignes », a quotation mark alone at the end of a line.
    """
    context, page = tab(browser, desk, script=False, width=390)
    hand_in(page, "un_arbre.csv", "quartier;arbres\nCentre;310\n")
    work(city)
    page.get_by_role("link", name="Actualiser").click()
    expect(page.get_by_role("region", name="1 première ligne sur 1")).to_be_visible()
    page.get_by_role("link", name="Décrire et publier").press("Enter")
    expect(page.get_by_role("heading", name="Avant de publier")).to_be_in_viewport()
    themes = page.get_by_role("group").filter(has=page.get_by_text("Thèmes", exact=True)).first
    expect(themes.get_by_label("Environnement")).to_be_hidden()
    themes.locator("summary").press("Enter")
    themes.get_by_label("Environnement").check()
    page.get_by_role("button", name="Garder en brouillon").press("Enter")
    expect(page.locator("summary", has_text="Thèmes")).to_have_text("Thèmes\u00a0: Environnement")

    hand_in(page, "agents_du_service.csv", AGENTS)
    work(city)
    page.get_by_role("link", name="Actualiser").click()
    whys = page.get_by_text("Publier une donnée personnelle sans base légale")
    findings = page.locator(".finding-slab")
    assert findings.count() > 2
    assert whys.count() == 1
    assert "colonne «\u00a0" in findings.first.inner_text()
    caption = findings.locator("caption").first
    text, frame = caption.bounding_box(), caption.locator("xpath=ancestor::*[@role='region']").bounding_box()
    assert text is not None
    assert frame is not None
    assert text["width"] <= frame["width"], "it is read whole without a scroll"
    assert not sideways(page)
    context.close()


def test_a_held_file_is_short_on_a_phone_and_its_parts_open_by_keyboard(
    browser: Browser, city: City, desk: str
) -> None:
    """The title stands high under the menus; of four personal columns one shows its cells, the others and the form fold."""
    context, page = tab(browser, desk, script=False, width=390)
    hand_in(page, "agents_voirie.csv", AGENTS)
    work(city)
    page.reload()
    expect(page.locator("main")).to_contain_text("une décision est attendue")
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title is not None
    assert title["y"] <= 370, "with the note that the file is received"
    assert page.evaluate("document.documentElement.scrollHeight") <= 5600
    assert sideways(page) == []
    expect(page.get_by_label("Titre", exact=True).first).to_be_hidden()
    folds = page.locator("main details.fold:not([open]) > summary:visible")
    assert folds.count() >= 3
    for fold in folds.all()[::-1]:
        fold.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_label("Titre", exact=True).first).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "la protection des données de votre organisation peut le dire"
    )
    context.close()


def test_a_published_dataset_is_short_on_a_phone_and_its_parts_open(
    browser: Browser, city: City, desk: str
) -> None:
    """It was 9,166 px. What folds opens by keyboard, and by the links of the page's own contents."""
    context, page = tab(browser, desk, script=False, width=390)
    page.goto("/jeux/stations-velos")
    assert page.evaluate("document.documentElement.scrollHeight") <= 6400
    assert sideways(page) == []
    folds = page.locator("main details.fold:not([open]) > summary")
    assert folds.count() == 4
    for fold in folds.all()[::-1]:
        fold.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="curl")).to_be_visible()
    page.goto("/jeux/stations-velos")
    contents = page.get_by_role("navigation", name="Dans cette page")
    for name, inside in (
        ("Colonnes", "Nombre de points d’attache"),
        ("Partager", "Intégrer dans une autre page"),
        ("API", "OpenAPI"),
    ):
        contents.get_by_role("link", name=name, exact=True).press("Enter")
        expect(page.locator("main").get_by_text(inside).first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("script", [True, False])
def test_the_rooms_of_the_desk_fold_on_a_phone_and_nothing_of_the_top_is_cut(
    browser: Browser, desk: str, script: bool, width: int
) -> None:
    """By keyboard too; on a wide screen they stand side by side."""
    context, page = tab(browser, desk, script=script, width=width)
    page.goto("/depots")
    summary = page.locator(".rooms > summary")
    link = page.locator(".rooms").get_by_role("link", name="Retraits")
    expect(summary).to_contain_text("Mes dépôts")
    expect(link).not_to_be_visible()
    over = [
        (one.inner_text(), box["x"] + box["width"])
        for one in page.locator("header.top a, header.top button, .rooms > summary").all()
        if one.is_visible() and (box := one.bounding_box()) and box["x"] + box["width"] > width
    ]
    summary.press("Enter")
    expect(link).to_be_visible()
    faults = (axe(page) if script else []) + sideways(page)
    link.press("Enter")
    page.wait_for_url("**/retraits")
    expect(page.locator(".rooms > summary")).to_contain_text("Retraits")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".rooms > summary")).not_to_be_visible()
    expect(page.locator(".rooms").get_by_role("link", name="Mes dépôts")).to_be_visible()
    context.close()
    assert over == []
    assert faults == []
