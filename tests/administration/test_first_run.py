"""The first run of a city: a link that serves once, for a day, while there is no account; a name, an extent and a
colour that are checked; settings written where they stand.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypedDict

import pytest
from starlette.testclient import TestClient

from parvis.administration import first_run
from parvis.administration.first_run import ACCENT, Start
from parvis.checks.territory import NOWHERE, Territory
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import Refused, UsageError
from parvis.people import accounts
from parvis.publication.city import City, open_city
from parvis.store import datasets
from parvis.web.app import create_app
from tests.administration.test_logo import png
from tests.cities.webcity import NOW

START = Start("Sète", "34301", ACCENT, "donnees@sete.example")


class Who(TypedDict):
    """The first account, as `first_run.begin` takes it."""

    email: str
    person_name: str
    password_hash: str


WHO: Who = {"email": "awa@sete.example", "person_name": "Awa", "password_hash": "x"}
OTHER: Who = {**WHO, "email": "autre@sete.example"}
NOBODY: Who = {**WHO, "email": "personne"}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    create(tmp_path, "Ma ville")
    made = open_city(settings.load(tmp_path, {}), clock=lambda: NOW)
    yield made
    made.engine.connection.close()
    made.db.close()


def test_the_link_makes_the_city_and_its_first_account_once(city: City) -> None:
    token = first_run.offer(city)
    made = first_run.begin(city, token, replace(START, bbox=(3.6, 43.37, 3.73, 43.43)), **WHO)
    of = settings.load(city.settings.folder, {}).city
    assert (of.name, of.insee, of.contact, of.bbox) == (
        "Sète",
        "34301",
        "donnees@sete.example",
        (3.6, 43.37, 3.73, 43.43),
    )
    with city.db.read() as conn:
        (person,) = accounts.everybody(conn)
        assert [o.name for o in datasets.organisations(conn)] == ["Sète"]
    assert (person.id, person.city_admin, dict(person.roles)) == (made.id, True, {"sete": "admin"})
    with pytest.raises(Refused):
        first_run.check(city, token)
    with pytest.raises(Refused):
        first_run.begin(city, token, START, **OTHER)
    assert first_run.offer(city) == ""


def test_the_link_dies_after_a_day_when_another_is_drawn_and_when_somebody_is_there(city: City) -> None:
    first = first_run.offer(city)
    second = first_run.offer(city)
    with pytest.raises(Refused):
        first_run.check(city, first)
    first_run.check(city, second)
    for when, good in ((NOW + timedelta(hours=23, minutes=59), True), (NOW + timedelta(hours=24), False)):
        later = replace(city, now=lambda when=when: when)
        if good:
            first_run.check(later, second)
        else:
            with pytest.raises(Refused):
                first_run.check(later, second)
    with city.db.begin() as conn:
        accounts.make(conn, email="x@sete.example", name="", password_hash=None, actor="system", at=NOW)
    with pytest.raises(Refused):
        first_run.check(city, second)


@pytest.mark.parametrize("token", ["", "rien", "é\ud800", "0"])
def test_a_link_that_is_none_is_refused_whether_one_is_out_or_not(city: City, token: str) -> None:
    with pytest.raises(Refused):
        first_run.check(city, token)
    first_run.offer(city)
    with pytest.raises(Refused):
        first_run.check(city, token)


def test_what_is_kept_of_the_link_is_not_the_link(city: City) -> None:
    token = first_run.offer(city)
    file = first_run.link_file(city.settings)
    assert token not in file.read_text("ascii")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_address_that_is_none_leaves_the_link_good(city: City) -> None:
    token = first_run.offer(city)
    with pytest.raises(UsageError):
        first_run.begin(city, token, START, **NOBODY)
    first_run.check(city, token)


OUTLINE = json.dumps(
    {"type": "Polygon", "coordinates": [[[3.6, 43.3], [3.8, 43.3], [3.7, 43.5], [3.6, 43.3]]]}
)
KNOWN = Territory(
    {"34301": "Sète", "34108": "Frontignan", "01001": "Double", "02002": "Double"}, limits={"34301": OUTLINE}
)


@pytest.mark.parametrize(
    ("name", "insee", "known", "expected"),
    [
        ("", "34301", KNOWN, ("Sète", "34301", (3.6, 43.3, 3.8, 43.5))),
        ("sete", "", KNOWN, ("sete", "34301", (3.6, 43.3, 3.8, 43.5))),
        ("Double", "", KNOWN, ("Double", "", ())),
        ("Frontignan", "", KNOWN, ("Frontignan", "34108", ())),
        ("Sète", "", NOWHERE, ("Sète", "", ())),
    ],
)
def test_the_list_of_communes_adds_what_it_knows(
    name: str, insee: str, known: Territory, expected: tuple[str, str, tuple[float, ...]]
) -> None:
    told = first_run.completed(Start(name, insee, ACCENT, ""), known)
    assert (told.name, told.insee, told.bbox) == expected


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "nom"),
        ({"insee": "3430"}, "insee"),
        ({"insee": "20004X"}, "insee"),
        ({"insee": "34301\n"}, "insee"),
        ({"accent": "bleu"}, "couleur"),
        ({"accent": "#ffffff"}, "couleur"),
        ({"accent": "#e0a030"}, "couleur"),
        ({"accent": "#0b5c66}"}, "couleur"),
    ],
)
def test_what_is_wrong_is_told_by_field(change: dict[str, str], field: str) -> None:
    assert [f.field for f in first_run.faults(replace(START, **change))] == [field]


@pytest.mark.parametrize("insee", ["", "34301", "2A004", "243400017"])
def test_what_is_right_has_no_fault(insee: str) -> None:
    assert first_run.faults(replace(START, insee=insee)) == []


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("", '\n[city]\nname = "Sète"\n'),
        ('[city]\nname = "X"\ncontact = "c"\n', '[city]\nname = "Sète"\ncontact = "c"\n'),
        ("[serve]\nport = 1\n", '[serve]\nport = 1\n\n[city]\nname = "Sète"\n'),
        ('[other]\nname = "O"\n[city]\n[serve]\n', '[other]\nname = "O"\n[city]\nname = "Sète"\n[serve]\n'),
    ],
)
def test_settings_are_written_where_they_stand(toml: str, expected: str) -> None:
    assert first_run.with_values(toml, "city", {"name": "Sète"}) == expected


def test_a_theme_that_is_there_stays(city: City) -> None:
    theme = city.settings.folder / "theme.css"
    theme.write_text("/* la nôtre */")
    first_run.begin(city, first_run.offer(city), replace(START, accent="#7a1f3d"), **WHO)
    assert theme.read_text() == "/* la nôtre */"


def test_a_colour_makes_a_theme_by_day(city: City) -> None:
    first_run.begin(city, first_run.offer(city), replace(START, accent="#7a1f3d"), **WHO)
    assert "--accent: #7a1f3d" in (city.settings.folder / "theme.css").read_text()


def test_a_logo_is_laid_in_the_folder_and_served(city: City) -> None:
    """By the form: an SVG is refused beside its field, a PNG is on every page; the one of the folder wins over it."""
    client = TestClient(create_app(city), follow_redirects=False)
    link = first_run.offer(city)
    page = client.get("/premiere-visite", params={"lien": link})
    assert 'enctype="multipart/form-data"' in page.text
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {
        "csrf": csrf, "lien": link, "nom": "Sète", "insee": "34301", "couleur": ACCENT, "courriel": "awa@sete.example",
        "personne": "Awa", "nouveau": "quatre mouettes sur le quai", "encore": "quatre mouettes sur le quai",
    }  # fmt: skip
    svg = ("logo.svg", b"<svg onload='x()'/>", "image/png")
    refused = client.post("/premiere-visite", data=fields, files={"logo": svg})
    assert refused.status_code == 422
    assert 'id="logo-why"' in refused.text
    assert "programme" in refused.text
    assert not (city.settings.folder / "logo.png").exists()
    done = client.post(
        "/premiere-visite", data=fields, files={"logo": ("l.png", png() + b"<script>", "image/png")}
    )
    assert done.status_code == 303
    assert (city.settings.folder / "logo.png").read_bytes() == png()
    again = TestClient(create_app(city))
    source = again.get("/").text.partition('<a class="brand"')[2].partition('src="')[2].partition('"')[0]
    assert "city/logo" in source
    foot = again.get("/").text.partition('<p class="foot-name">')[2].partition("</p>")[0]
    assert f'src="{source}"' in foot, "the city's own at the foot too"
    assert "<svg" not in foot
    assert again.get(source).content == png()
    (city.settings.folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert (
        ".svg"
        in TestClient(create_app(city)).get("/").text.partition('<a class="brand"')[2].partition("alt")[0]
    )


def test_a_commune_is_chosen_by_its_name_from_the_list(city: City) -> None:
    """In the order of names; what is chosen gives name and code, without script; homonyms are told apart by their code, what
    is not in the list is nothing, and a list as long as the country's is not laid on the page.
    """
    rows = [
        "code_insee;nom;codes_postaux",
        "34301;Sète;34200",
        "34108;Frontignan;34110",
        "66149;Saint-Denis;",
        "93066;Saint-Denis;",
    ]
    (city.settings.folder / "communes.csv").write_text("\n".join(rows) + "\n", "utf-8")
    client = TestClient(create_app(city), follow_redirects=False)
    link = first_run.offer(city)
    page = client.get("/premiere-visite", params={"lien": link}).text
    options = page.partition('<select id="commune"')[2].partition("</select>")[0]
    assert options.count("<option") == 5
    assert (
        options.index("Frontignan (34108)")
        < options.index("Saint-Denis (66149)")
        < options.index("Sète (34301)")
    )
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {
        "csrf": csrf, "lien": link, "nom": "", "insee": "", "couleur": ACCENT, "courriel": "awa@sete.example", "personne": "Awa",
        "nouveau": "quatre mouettes sur le quai", "encore": "une autre phrase que celle-là", "commune": "34301",
    }  # fmt: skip
    again = client.post("/premiere-visite", data=fields)
    assert again.status_code == 422
    assert '<option value="34301" selected>' in again.text, "what was chosen stays"
    assert 'id="nom-why"' not in again.text
    nowhere = client.post("/premiere-visite", data=fields | {"commune": "00000"})
    assert 'id="nom-why"' in nowhere.text
    assert client.post("/premiere-visite", data=fields | {"encore": fields["nouveau"]}).status_code == 303
    of = settings.load(city.settings.folder, {}).city
    assert (of.name, of.insee) == ("Sète", "34301")
