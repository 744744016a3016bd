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

import pytest

from parvis.administration import first_run
from parvis.administration.first_run import ACCENT, Start
from parvis.checks.territory import NOWHERE, Territory
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import Refused, UsageError
from parvis.people import accounts
from parvis.publication.city import City, open_city
from parvis.store import datasets
from tests.cities.webcity import NOW

START = Start("Sète", "34301", ACCENT, "donnees@sete.example")
WHO = {"email": "awa@sete.example", "person_name": "Awa", "password_hash": "x"}


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
        first_run.begin(city, token, START, **WHO | {"email": "autre@sete.example"})
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
        first_run.begin(city, token, START, **WHO | {"email": "personne"})
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
