"""What a citizen with a phone asks of the demo city: the answer stands in the first screen, in one sentence, with
its moment; what is below it neither overlaps nor scrolls sideways.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from parvis.cli.city import settings
from parvis.publication.city import open_city
from parvis.store import live
from tests.browser.looking import axe, overlapping, ready, sideways
from tests.browser.serving import serving

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
"""The screen of a common phone, in CSS pixels."""

TASKS = {
    "a bike": ("/services/velos?depart=gare", "un vélo"),
    "the air": ("/services/air", "l’air est"),
    "where to take glass": ("/services/dechets?lieu=gare", "avoir de la place"),
    "the day of the bins": ("/services/collecte?lieu=gare", "Prochaine collecte"),
    "a pharmacy": ("/services/soins?lieu=gare&heure=10:30", r"à pied|prochaine ouverture"),
    "a doctor": (
        "/services/soins?lieu=gare&quoi=centre+de+sant%C3%A9&heure=10:30",
        r"à pied|prochaine ouverture",  # the next 10:30 may be that of a Sunday or of a public holiday
    ),
    "tonight": ("/services/sorties", " : "),
    "the water": ("/services/eau", "L’eau du robinet est bonne"),
    "a water cut": ("/services/eau?quoi=coupures", "coupure d’eau"),
    "the museum's hours": ("/services/lieux?lieu=gare&quoi=mus%C3%A9e", "Musée des tanneurs"),
    "where to park": ("/services/stationnement?lieu=gare", "à pied"),
    "where to charge": ("/services/recharge?lieu=gare", "à pied"),
    "a way to ride": ("/services/cyclable?lieu=gare", "voie cyclable"),
    "the street": ("/services/circulation", "dans 30 minutes"),
    "the town's money": ("/services/finances", "la ville a dépensé"),
    "how my district sorts": ("/services/tri?quartier=Gare", "Gare trie"),
}


@pytest.fixture(scope="module")
def rivemont(demo_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the demo city, a minute after its last reading of the bikes."""
    folder = tmp_path_factory.mktemp("citizen") / "rivemont"
    shutil.copytree(demo_city, folder)
    city = open_city(settings(folder))
    with city.db.read() as conn:
        last = live.newest(conn, "velos-libre-service/releves")
    city.db.close()
    assert last is not None
    folder.joinpath("clock").write_text((last.at + timedelta(minutes=1)).isoformat(), "utf-8")
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def phone(browser: Browser, rivemont: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=rivemont,
        locale="fr-FR",
        viewport=PHONE,
        reduced_motion="reduce",  # type: ignore[arg-type]
    )
    ready(context)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("task", TASKS)
def test_the_answer_stands_in_the_first_screen(phone: Page, task: str) -> None:
    """By its box, without a scroll; once on the page, one sentence, that of the twin; its moment beside it."""
    path, words = TASKS[task]
    phone.set_viewport_size(PHONE)
    phone.goto(path)
    answer, moment = phone.locator(".lead-answer .said"), phone.locator("#reponse .when")
    for part in (answer, moment):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE["height"], f"{task}: {box}"
    said = plain(answer.inner_text())
    assert re.search(words, said), said
    assert re.search(r"\d", plain(moment.inner_text())), "no moment"
    assert one_sentence(said), said
    assert plain(phone.locator("main").inner_text()).count(said) == 1, "said twice"
    twin = phone.request.get(re.sub(r"(\?|$)", r".json\1", path, count=1)).json()
    assert plain(twin["sentence"]) == said


def test_every_public_service_answers_in_the_first_screen(phone: Page) -> None:
    """As its page opens, nothing asked yet: one sentence, its moment beside it, without a scroll; in English too it is one
    sentence.
    """
    phone.set_viewport_size(PHONE)
    every = [one["name"] for one in phone.request.get("/services.json").json()["services"]]
    assert len(every) > 15
    faults: list[str] = []
    for path in (f"/services/{name}" for name in every):
        phone.goto(path, wait_until="domcontentloaded")
        answer = phone.locator(".lead-answer .said")
        boxes = [part.bounding_box() for part in (answer, phone.locator("#reponse .when"))]
        if not all(box and box["y"] + box["height"] <= PHONE["height"] for box in boxes):
            faults.append(f"{path}: {boxes}")
        english = phone.request.get(f"/en{path}.json").json()["sentence"]
        faults += [
            f"{path}: {said}"
            for said in (plain(answer.inner_text()), plain(english))
            if not one_sentence(said)
        ]
    assert faults == []


HEIGHTS = {
    "/": 4800,
    "/services/finances": 4200,
    "/services/air": 5800,
    "/services/soins?lieu=gare&heure=10:30": 4600,
    "/services/lieux": 4600,
}
"""Of a whole page on a phone, in pixels: some hundreds over what was measured."""


def test_a_page_is_short_on_a_phone_and_folds_what_it_does_not_say_first(
    browser: Browser, rivemont: str
) -> None:
    """Without script: each folded part opens by its summary, and a link of the page's own contents opens its part."""
    context = browser.new_context(base_url=rivemont, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    heights: dict[str, int] = {}
    for path in HEIGHTS:
        page.goto(path)
        heights[path] = page.evaluate("document.documentElement.scrollHeight")
    assert {path: high for path, high in heights.items() if high > HEIGHTS[path]} == {}
    page.goto("/services/finances")
    for fold in page.locator("details.fold").all():
        assert fold.get_attribute("open") is None
        fold.locator("> summary").focus()
        page.keyboard.press("Enter")
        assert fold.locator("> :not(summary)").first.is_visible()
    page.goto("/services/finances#methode")
    expect(page.locator("#methode")).to_be_visible()
    page.goto("/services/finances?mots=budget")
    expect(page.locator("#lignes")).to_be_visible()
    context.close()


@pytest.mark.parametrize("task", TASKS)
def test_nothing_overlaps_or_leaves_the_screen(phone: Page, task: str) -> None:
    """At 1280, 390 and 320 pixels, form unfolded; tables are cards on a phone."""
    phone.goto(TASKS[task][0])
    phone.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found: list[str] = []
    for width in (1280, 390, 320):
        phone.set_viewport_size({"width": width, "height": 844})
        found += [f"{width}: {f}" for f in (*sideways(phone), *overlapping(phone))]
    for table in phone.locator(".blocks table").all():
        assert table.evaluate("one => one.scrollWidth <= one.parentElement.clientWidth + 1"), "no card"
    assert found == []


def test_a_number_can_be_touched_and_a_drawing_is_as_wide_as_the_screen(phone: Page) -> None:
    """A telephone number is a link that calls it; a chart is drawn for the phone, its letters unshrunk."""
    phone.set_viewport_size(PHONE)
    phone.goto("/services/soins?lieu=gare&heure=10:30")
    links = phone.locator("a.phone").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links
    assert all(re.fullmatch(r"tel:(0\d{9}|\+33\d{9}|3237)", link) for link in links)
    phone.goto("/services/finances")
    drawn = phone.locator(".narrow-chart svg").first
    assert drawn.is_visible()
    assert phone.locator(".wide-chart svg").first.is_hidden()
    box = drawn.bounding_box()
    assert box is not None
    assert box["width"] <= PHONE["width"]
    letters = drawn.locator("text").evaluate_all("all => all.map(t => t.getBoundingClientRect().height)")
    assert min(letters) >= 10


def test_the_question_folds_behind_its_answer_and_unfolds_by_keyboard(phone: Page) -> None:
    """What was asked stays in sight, its form a key away; axe finds nothing in either state."""
    phone.set_viewport_size(PHONE)
    phone.goto("/services/dechets?lieu=gare")
    form = phone.locator("[data-asking]")
    assert form.is_hidden()
    assert "Gare" in phone.locator(".heard summary").inner_text()
    assert axe(phone) == []
    phone.locator(".heard summary").focus()
    phone.keyboard.press("Enter")
    assert form.is_visible()
    assert axe(phone) == []


def test_services_are_found_by_the_words_of_people(phone: Page) -> None:
    """« stationnement », « poubelle », « vaccin », and in English: the service stands above the datasets."""
    for words, service in (
        ("stationnement", "stationnement"),
        ("recharge", "recharge"),
        ("borne", "recharge"),
        ("piste cyclable", "cyclable"),
        ("poubelle", "collecte"),
        ("ramassage", "collecte"),
        ("conteneur", "dechets"),
        ("vaccin", "soins"),
        ("bouchons", "circulation"),
        ("coupure d’eau", "eau"),
        ("mairie", "lieux"),
        ("médiathèque", "lieux"),
        ("heures d’ouverture", "lieux"),
    ):
        phone.goto(f"/jeux?q={words}")
        assert phone.locator(".questions a").first.get_attribute("href") == f"/services/{service}", words
    phone.goto("/en/jeux?q=rubbish")
    assert phone.locator(".questions a").first.get_attribute("href") == "/en/services/collecte"
    phone.goto("/en/jeux?q=water cut")
    assert phone.locator(".questions a").first.get_attribute("href") == "/en/services/eau"
    phone.goto("/en/jeux?q=town hall")
    assert phone.locator(".questions a").first.get_attribute("href") == "/en/services/lieux"
    phone.goto("/jeux?q=zanzibar")
    assert phone.locator(".questions a").count() == 0


def test_the_home_page_lists_services_by_need(phone: Page) -> None:
    phone.goto("/")
    needs = phone.locator("section[aria-labelledby=services] h3").all_inner_texts()
    assert needs == [
        "Se déplacer",
        "Santé et air",
        "Eau, déchets, énergie",
        "Sortir",
        "La ville et son argent",
    ]
    phone.get_by_role("link", name="Tout cela près de chez moi").click()
    assert phone.url.endswith("/chez-moi")


def test_at_home_says_what_is_near_and_keeps_nothing(browser: Browser, rivemont: str) -> None:
    """Without script: one form, its address in the body alone; each service says a sentence. With it, and a tick,
    the place stays in this browser only; without the tick nothing does.
    """
    plainly = browser.new_context(base_url=rivemont, java_script_enabled=False, viewport=PHONE)
    page = plainly.new_page()
    page.goto("/chez-moi")
    page.get_by_label("Où habitez-vous ?").fill("Gare")
    page.get_by_role("button", name="Voir").click()
    assert page.url == f"{rivemont}/chez-moi", "the address is in no address"
    titles = page.locator("[data-answers] h2").all_inner_texts()
    assert {
        "Jours de collecte",
        "Collecte des déchets",
        "Soins près de chez moi",
        "L’air que je respire",
        "Sortir",
        "Décisions à proximité",
        "L’eau : coupures et qualité",
    } <= set(titles)
    water = page.locator("[data-answers] > li", has=page.get_by_text("coupures et qualité"))
    expect(water.locator(".said")).to_be_visible()
    assert plain(water.locator(".said").inner_text()).startswith("L’eau sera coupée avenue de la Gare, le ")
    assert all(one_sentence(plain(s)) for s in page.locator("[data-answers] .said").all_text_contents())
    assert titles[0] == "Jours de collecte"
    first = page.locator("[data-answers] > li:nth-child(3)").bounding_box()
    assert first is not None
    assert first["y"] + first["height"] <= PHONE["height"], "the first three answers need no scroll"
    # the water of that street, which is bad news, stands unfolded beside the five; no more than that does
    assert page.evaluate("document.documentElement.scrollHeight") <= 1720
    for fold in page.locator("[data-answers] .folded details").all():
        assert fold.locator(".said").is_hidden()
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        assert fold.locator(".said").is_visible()
        assert fold.locator("a").last.is_visible()
    page.locator(".heard summary").click()
    assert "no-store" in page.request.post("/chez-moi", form={"lieu": "Gare"}).headers["cache-control"]
    assert plainly.cookies() == []
    page.get_by_label("Où habitez-vous ?").fill("zanzibar")
    page.get_by_role("button", name="Voir").click()
    assert "n’a pas été trouvé" in page.locator(".note[role=status]").inner_text()
    plainly.close()

    scripted = browser.new_context(base_url=rivemont, viewport=PHONE)
    ready(scripted)
    page = scripted.new_page()
    page.goto("/chez-moi")
    page.get_by_label("Où habitez-vous ?").fill("Gare")
    page.get_by_role("button", name="Voir").click()
    page.locator("[data-answers]").wait_for()
    assert page.evaluate("localStorage.length") == 0
    page.locator(".heard summary").click()
    page.get_by_label("S’en souvenir dans ce navigateur").check()
    assert page.evaluate("localStorage.getItem('parvis.chez-moi')") == "Gare"
    assert axe(page) == []
    assert [*sideways(page), *overlapping(page)] == []
    page.goto("/chez-moi")
    page.locator("[data-answers]").wait_for()
    assert page.url == f"{rivemont}/chez-moi"
    page.locator(".heard summary").click()
    page.get_by_label("S’en souvenir dans ce navigateur").uncheck()
    assert page.evaluate("localStorage.length") == 0
    scripted.close()


def plain(text: str) -> str:
    """With plain spaces."""
    return re.sub(r"\s+", " ", text).strip()


def one_sentence(text: str) -> bool:
    """Ends once: no stop inside, but those of numbers and abbreviations of a name."""
    return text.endswith((".", "!", "?")) and not re.search(r"[.!?] +[A-ZÀÉÈÊÎ«]", text)
