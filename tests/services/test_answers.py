"""A service that asks and answers: the form is read without ever refusing, the page and its twin say the
same, every map has its table, a file is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import NotFound
from parvis.core.types import PUBLIC, Column, Dataset, Organisation, Resource, Schema
from parvis.publication.city import City, open_city
from parvis.services.answers import (
    COLOUR,
    COLOUR_2,
    Ask,
    Asked,
    Blocks,
    Chart,
    Download,
    Figure,
    Figures,
    Map,
    Mark,
    Point,
    Points,
    Rows,
    Said,
    Take,
)
from parvis.services.declaration import Batch, Input, Output, Service, Tables
from parvis.store import datasets, runs, versions
from parvis.store import live as tips
from parvis.web.app import create_app
from parvis.work import live_hours, polling, service_runs
from tests.cities.livecity import Clock

START = datetime(2026, 11, 25, 7, 42, tzinfo=UTC)

BENCHES = Schema(
    name="parvis/bancs",
    version="1",
    geometry="point",
    columns=(Column("nom", title="Nom"), Column("places", "integer", title="Places")),
)
SHADE = Schema(
    name="parvis/ombre",
    version="1",
    geometry="point",
    columns=(Column("nom", title="Banc"), Column("ombre", "number", title="Ombre", unit="h")),
)


def work(tables: Tables, now: datetime) -> Tables:
    """Two hours of shade a place; one more when the trees are known."""
    benches = tables["bancs"]
    more = 1.0 if "arbres" in tables else 0.0
    shade = pc.add(pc.multiply(benches["places"].cast(pa.float64()), 2.0), more)  # pyright: ignore[reportAttributeAccessIssue]
    return {"ombre": pa.table({"_point": benches["_point"], "ombre": shade, "nom": benches["nom"]})}


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Every kind of block, and everything that can be asked."""
    rows = tuple(
        {"nom": r["nom"], "ombre": r["ombre"], "page": "/jeux/bancs"} for r in tables["ombre"].to_pylist()
    )
    spot, when = asked.spot("lieu"), asked.moment("heure")
    first = asked.say("%(n)s bancs à l’ombre.", n=asked.number(len(rows)))
    said = [
        f"{spot.name}|{spot.lon:.3f}" if spot else "",
        asked.hour(when) if when else "",
        str(asked.date("jour")),
        asked.text("genre"),
        str(asked.amount("combien")),
    ]
    columns = (Column("nom", title="Banc"), Column("ombre", "number", title=asked.say("Ombre"), unit="h"))
    place = tables["ombre"].to_pylist()[0]["_point"]
    marks = (
        Mark("point", ((place["lon"], place["lat"]),), "Banc du square", "2 h", "ok"),
        Mark("line", ((3.8, 43.6), (3.9, 43.61)), "Allée", doubt=1.0),
        Mark("area", ((3.8, 43.6), (3.9, 43.6), (3.9, 43.65)), "Pelouse", "sèche", "bad", 0.5),
    )
    spec = {
        "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 3}]},
        "layer": [
            {
                "mark": {"type": "bar", "color": COLOUR},
                "encoding": {
                    "x": {"field": "x", "type": "ordinal"},
                    "y": {"field": "y", "type": "quantitative"},
                },
            },
            {
                "mark": {"type": "line", "color": COLOUR_2},
                "encoding": {
                    "x": {"field": "x", "type": "ordinal"},
                    "y": {"field": "y", "type": "quantitative"},
                },
            },
        ],
    }
    return (
        Said(first, "ok"),
        Said(" ; ".join(said)),
        Said("au soleil" if asked.ticked("soleil") else "à l’ombre", "warn"),
        Figures((Figure(asked.percent(0.5), "à l’ombre", "de 40 à 60 %"),)),
        Rows("Bancs", columns, rows, "Du plus frais au moins frais.", "page"),
        Map("Où sont les bancs", marks, "Bancs", {"ok": "à l’ombre"}),
        Chart("Ombre par heure", "De 2 à 3 heures.", spec, columns, rows),
        Points("Conseils", (Point("Buvez de l’eau.", "Ville", "https://ville.example/"),)),
        Take("Les bancs en liste", "bancs.txt", {"rang": "1"}),
    )


def make(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """A list of names."""
    if asked.text("genre") == "bois":
        raise NotFound("Aucun banc de bois.")
    return "\n".join(tables["ombre"]["nom"].to_pylist()).encode()


ASKS = (
    Ask("lieu", "Près de", "place"),
    Ask("heure", "À quelle heure ?", "time"),
    Ask("jour", "Quel jour ?", "day"),
    Ask(
        "genre",
        "Quel banc ?",
        "choice",
        "En bois ou en pierre.",
        "pierre",
        {"pierre": "en pierre", "bois": "en bois"},
    ),
    Ask("combien", "Combien de places ?", "number", default="2", least=1, most=10),
    Ask("soleil", "Au soleil", "tick"),
)

SERVICE = Service(
    name="bancs",
    title="Bancs à l’ombre",
    question="Où s’asseoir à l’ombre ?",
    inputs={
        "bancs": Input("bancs/bancs", schema="parvis/bancs"),
        "arbres": Input("arbres/arbres", optional=True),
    },
    outputs={
        "ombre": Output(
            Dataset("ombre-bancs", "Ombre des bancs", "Heures d’ombre.", "jardins"), SHADE, label="nom"
        )
    },
    method="Deux heures par place. Une de plus sous un arbre.",
    caveats=("Un arbre abattu ombrage encore.",),
    work=work,
    asks=ASKS,
    answer=answer,
    shows={"histoire": Input("ombre-histoire/ombre", optional=True)},
    files=(Download("bancs.txt", "Liste des bancs", "text/plain; charset=utf-8", make),),
)


def rows(*names: str) -> pa.Table:
    points = [{"lon": 3.87 + i / 100, "lat": 43.61} for i, _ in enumerate(names)]
    return pa.table({"nom": list(names), "places": [i + 1 for i, _ in enumerate(names)], "_point": points})


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def city(tmp_path: Path, clock: Clock) -> City:
    """A city whose benches have another name than the service gives them, and follow its schema."""
    create(tmp_path / "city", "Ville")
    opened = open_city(settings.load(tmp_path / "city", {}), clock=clock)
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("jardins", "Jardins"))
        datasets.save_dataset(conn, Dataset("mobilier-urbain", "Mobilier", "Bancs.", "jardins"))
        datasets.save_resource(
            conn,
            resource := Resource(
                "mobilier-urbain/assises", "mobilier-urbain", "Assises", schema="parvis/bancs"
            ),
        )
    live_hours.publish(
        opened,
        resource,
        BENCHES,
        (live_hours.put(opened, rows("Square", "Gare", "Mairie")),),
        (),
        what="import",
    )
    return opened


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_runs, "declared", lambda: [SERVICE])


@pytest.fixture
def site(city: City, declared: None) -> TestClient:
    service_runs.refresh(city)
    return TestClient(create_app(city))


def twin(site: TestClient, **said: str) -> dict[str, Any]:
    answered = site.get("/services/bancs.json", params=said)
    assert answered.status_code == 200, answered.text
    return answered.json()


def test_a_method_on_tables_publishes_its_results_with_their_lineage(city: City, declared: None) -> None:
    """Bound by the schema that the city's own table follows; computed once for one version of its input,
    again when that changes or when told to.
    """
    service_runs.refresh(city)
    with city.db.read() as conn:
        made = versions.served(conn, "ombre-bancs/ombre", PUBLIC)
        read_ = versions.served(conn, "mobilier-urbain/assises", PUBLIC)
        assert made is not None
        assert read_ is not None
        assert replace(made.schema, coverage=None) == SHADE
        assert made.schema.coverage is not None  # what the catalogue tells of its places
        assert [r.inputs for r in runs.producing(conn, made.digest)] == [(read_.digest,)]
        (service,) = service_runs.known(conn)
    assert service.sources == ("mobilier-urbain/assises", "arbres/arbres")
    assert not service_runs.recompute(city, service)
    assert service_runs.recompute(city, service, anew=True)
    table = service_runs.history(city, replace(service, inputs={"x": Input("ombre-bancs/ombre")}), "x", START)
    assert table is not None
    assert sorted(table["ombre"].to_pylist()) == [2.0, 4.0, 6.0]


def test_results_that_speak_of_the_days_to_come_are_made_anew_each_day(city: City, clock: Clock) -> None:
    """From the same versions, once; at once when new data come; with the same result too, which is no new
    version.
    """
    with city.db.read() as conn:
        service = service_runs.bound(conn, replace(SERVICE, every="day"))
        resource = datasets.resource(conn, "mobilier-urbain/assises")
    assert resource is not None
    assert service_runs.recompute(city, service)
    assert not service_runs.recompute(city, service)
    clock.forward(hours=16)
    assert service_runs.recompute(city, service)
    assert not service_runs.recompute(city, service)
    live_hours.publish(city, resource, BENCHES, (live_hours.put(city, rows("Seul")),), (), what="import")
    assert service_runs.recompute(city, service)
    assert not service_runs.recompute(city, service)
    with city.db.read() as conn:
        made = versions.served(conn, "ombre-bancs/ombre", PUBLIC)
    assert made is not None
    assert made.rows == 1


def test_a_model_waits_for_the_next_day_of_the_city(city: City, clock: Clock) -> None:
    """New data on the same day are left for the night; midnight is the city's, not that of Greenwich."""
    daily = replace(SERVICE, every="night")
    with city.db.read() as conn:
        service = service_runs.bound(conn, daily)
        resource = datasets.resource(conn, "mobilier-urbain/assises")
    assert resource is not None
    assert service_runs.recompute(city, service)
    live_hours.publish(city, resource, BENCHES, (live_hours.put(city, rows("Seul")),), (), what="import")
    clock.at = datetime(2026, 11, 25, 22, 59, tzinfo=UTC)
    assert not service_runs.recompute(city, service)
    clock.at = datetime(2026, 11, 25, 23, 1, tzinfo=UTC)
    assert service_runs.recompute(city, service)


def test_a_service_lacking_an_input_is_not_computed_and_says_so(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = replace(SERVICE, inputs={**SERVICE.inputs, "sol": "sols/sols"})
    monkeypatch.setattr(service_runs, "declared", lambda: [lacking])
    service_runs.refresh(city)
    site = TestClient(create_app(city))
    assert "Pas encore de réponse" in site.get("/services/bancs").text
    assert twin(site)["blocks"] == []
    assert [a["name"] for a in twin(site)["asks"]] == [a.name for a in ASKS]


def test_the_page_says_what_its_twin_says(site: TestClient) -> None:
    """The first sentence leads the page; every other block is on it; both in the words of the same object."""
    said = twin(site)
    page = unescape(site.get("/services/bancs").text)
    first = {"text": "3 bancs à l’ombre.", "tone": "ok", "note": "", "dated": None, "kind": "said"}
    assert said["blocks"][0] == first
    assert said["sentence"] == first["text"]
    assert page.index("3 bancs à l’ombre.") < page.index("Votre question</h2>")
    assert [b["kind"] for b in said["blocks"]] == [
        "said",
        "said",
        "said",
        "figures",
        "rows",
        "map",
        "chart",
        "points",
        "take",
    ]
    for text in (
        "de 40 à 60",
        "Du plus frais",
        "Où sont les bancs",
        "Tout est dans la table « Bancs »",
        "De 2 à 3 heures.",
        "Buvez de l’eau.",
        "Les bancs en liste",
    ):
        assert text in page, text
    assert [r["nom"] for r in said["blocks"][4]["rows"]] == ["Square", "Gare", "Mairie"]
    assert 'class="serie-fill"' in page
    assert 'class="serie2-line"' in page
    assert 'href="/jeux/bancs"' in page
    assert page.count('class="mark ') == 3 + 1


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ({}, " ;  ; None ; pierre ; 2.0"),
        ({"lieu": "gare"}, "Gare|3.880 ;  ; None ; pierre ; 2.0"),
        ({"lieu": "43.6, 3.9"}, "|3.900 ;  ; None ; pierre ; 2.0"),
        ({"heure": "8:40"}, " ; 8\u00a0h\u00a040 ; None ; pierre ; 2.0"),
        ({"heure": "8 h 42"}, " ; 8\u00a0h\u00a042 ; None ; pierre ; 2.0"),
        ({"jour": "2026-12-24"}, " ;  ; 2026-12-24 ; pierre ; 2.0"),
        ({"jour": "24/12/2026"}, " ;  ; 2026-12-24 ; pierre ; 2.0"),
        ({"genre": "bois", "combien": "3,5"}, " ;  ; None ; bois ; 3.5"),
    ],
)
def test_what_is_said_is_heard(site: TestClient, asked: dict[str, str], heard: str) -> None:
    said = twin(site, **asked)
    assert said["blocks"][1]["text"] == heard
    assert not any(a["wrong"] for a in said["asks"])


def test_a_time_that_is_past_is_tomorrow(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """8 h 42 is now in the city; 8 h 41 was a minute ago."""
    heard: list[datetime | None] = []

    def hearing(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
        heard.append(asked.moment("heure"))
        return ()

    monkeypatch.setattr(service_runs, "declared", lambda: [replace(SERVICE, answer=hearing)])
    twin(site, heure="08:41")
    twin(site, heure="08:42")
    assert [h and h.astimezone(UTC) for h in heard] == [START + timedelta(days=1, minutes=-1), START]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lieu", "xyzzy"),
        ("heure", "25:00"),
        ("jour", "2026-02-30"),
        ("combien", "onze"),
        ("combien", "11"),
        ("genre", "fer"),
        ("combien", "nan"),
    ],
)
def test_what_is_not_understood_is_told_beside_its_field(site: TestClient, name: str, text: str) -> None:
    """Never an error page: the answer is given without it."""
    said = twin(site, **{name: text})
    assert [a["name"] for a in said["asks"] if a["wrong"]] == [name]
    assert said["blocks"][1]["text"] == " ;  ; None ; pierre ; 2.0"
    page = site.get("/services/bancs", params={name: text}).text
    assert f'id="demande-{name}-faux"' in page
    assert 'aria-invalid="true"' in page or name == "genre"


def test_a_name_that_several_tables_bear_is_offered_once(city: City, site: TestClient) -> None:
    """« Gare » in two tables: no link leads back to where one is; another name that fits is offered."""
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("arrets", "Arrêts", "Arrêts.", "jardins"))
        datasets.save_resource(conn, stops := Resource("arrets/arrets", "arrets", "Arrêts"))
    live_hours.publish(
        city,
        stops,
        BENCHES,
        (live_hours.put(city, rows("gare", "Gare", "Gare routière")),),
        (),
        what="import",
    )
    (asked,) = [a for a in twin(site, lieu="gare")["asks"] if a["name"] == "lieu"]
    assert asked["found"].lower() == "gare"
    assert asked["others"] == ["Gare routière"]


def test_a_box_is_ticked_or_not(site: TestClient) -> None:
    """An unticked box sends nothing: with another answer beside it, that means no."""
    assert twin(site, soleil="oui")["blocks"][2]["text"] == "au soleil"
    assert twin(site, combien="3")["blocks"][2]["text"] == "à l’ombre"


def test_the_map_of_an_answer_as_geojson(site: TestClient) -> None:
    found = site.get("/services/bancs/reponse.geojson", params={"bloc": 5}).json()
    assert [f["geometry"]["type"] for f in found["features"]] == ["Point", "LineString", "Polygon"]
    assert (
        found["features"][2]["geometry"]["coordinates"][0][0]
        == found["features"][2]["geometry"]["coordinates"][0][-1]
    )
    assert found["features"][0]["properties"] == {"Banc du square": "2 h"}
    assert site.get("/services/bancs/reponse.geojson", params={"bloc": 4}).status_code == 404


def test_an_answer_is_taken_home_as_a_file(site: TestClient) -> None:
    """With the same questions; one that cannot be made is told, an unknown one too."""
    answered = site.get("/services/bancs/bancs.txt")
    assert answered.text == "Square\nGare\nMairie"
    assert answered.headers["content-disposition"] == 'attachment; filename="bancs.txt"'
    assert site.get("/services/bancs/bancs.txt", params={"genre": "bois"}).status_code == 404
    assert site.get("/services/bancs/autre.pdf").status_code == 404
    assert (
        'href="/services/bancs/bancs.txt?combien=3&amp;rang=1"'
        in site.get("/services/bancs", params={"combien": "3"}).text
    )


def test_an_answer_to_a_person_is_for_this_browser_alone(site: TestClient) -> None:
    assert "private" in site.get("/services/bancs", params={"lieu": "gare"}).headers["cache-control"]
    assert "private" not in site.get("/services/bancs").headers["cache-control"]


def test_the_answer_is_of_the_minute(site: TestClient, clock: Clock) -> None:
    """The same address a minute later is built again; within the minute the browser keeps what it has."""
    first = site.get("/services/bancs")
    tag = {"If-None-Match": first.headers["etag"]}
    assert site.get("/services/bancs", headers=tag).status_code == 304
    clock.forward(minutes=1)
    assert site.get("/services/bancs", headers=tag).status_code == 200


def test_english_is_spoken_when_all_of_it_is_there(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """One text lacking, and the whole page says that it is French."""
    from parvis.services.declaration import texts

    english = Catalog("en")
    for text in texts(SERVICE):
        english.add(text, f"EN {text}")
    english.add("%(n)s bancs à l’ombre.", "%(n)s benches in the shade.")
    english.add("Ombre", "Shade")
    own = city.settings.folder / "langues" / "en" / "LC_MESSAGES"
    own.mkdir(parents=True)
    with (own / "bancs.po").open("wb") as out:
        write_po(out, english)
    monkeypatch.setattr(service_runs, "declared", lambda: [SERVICE])
    service_runs.refresh(city)
    site = TestClient(create_app(city))
    said = site.get("/en/services/bancs.json").json()
    assert said["blocks"][0]["text"] == "3 benches in the shade."
    assert said["asks"][3]["choices"][0]["title"] == "EN en pierre"
    more = replace(SERVICE, caveats=(*SERVICE.caveats, "Une réserve que personne n’a traduite."))
    monkeypatch.setattr(service_runs, "declared", lambda: [more])
    other = TestClient(create_app(city))  # a declaration changes with the program: no page is kept over that
    assert other.get("/en/services/bancs.json").json()["blocks"][0]["text"] == "3 bancs à l’ombre."


def test_a_service_without_a_page_has_none(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_runs, "declared", lambda: [replace(SERVICE, page=False)])
    site = TestClient(create_app(city))
    assert site.get("/services/bancs").status_code == 404
    assert site.get("/services.json").json()["services"] == []


def test_a_live_method_keeps_one_result_a_quarter_of_an_hour(city: City, clock: Clock) -> None:
    """Every poll shows at once; what stays as history is one result in fifteen minutes, closed hour by hour,
    with the model that another service made.
    """
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("flux", "Flux", "Flux.", "jardins"))
        datasets.save_resource(conn, feed := Resource("flux/bancs", "flux", "Flux", every_s=60))
    service = replace(
        SERVICE,
        live=True,
        inputs={"bancs": "flux/bancs", "arbres": Input("mobilier-urbain/assises", optional=True)},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_runs, "declared", lambda: [service])
        for minute in range(0, 140, 5):
            clock.at = START.replace(minute=0) + timedelta(minutes=minute)
            assert polling.keep(city, feed, Batch(clock.at, rows("a", "b", str(minute)), BENCHES))
            with city.db.read() as conn:
                last = tips.newest(conn, "ombre-bancs/ombre")
            assert last is not None
            assert last.at == clock.at
    with city.db.read() as conn:
        closed = tips.closed(conn, "ombre-bancs/ombre")
        loose = tips.readable(conn, "ombre-bancs/ombre")
    assert [(s.start.hour, s.file.rows) for s in closed] == [(7, 4 * 3), (8, 4 * 3)]
    assert [t.at.minute for t in loose] == [0, 15]
    table = service_runs.present(city, service, "bancs", clock.at)
    assert table is not None
    assert table.num_rows == 3
    recent = replace(service, inputs={"bancs": Input("flux/bancs", days=1)})
    whole = service_runs.present(city, recent, "bancs", clock.at)
    assert whole is not None
    assert whole.num_rows == 28 * 3
    assert date(2026, 11, 25) == clock.at.date()


def test_what_breaks_its_promise_is_our_fault() -> None:
    """A result without a column that was declared is not published as if it were whole."""
    with pytest.raises(KeyError):
        service_runs.fitted(pa.table({"nom": ["a"]}), SHADE)
    with pytest.raises(ValueError, match="either compute or work"):
        replace(SERVICE, work=None)
