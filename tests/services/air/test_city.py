"""The whole way in one city: a file of measures is published, the service computes, its alert waits for a
person, goes out, and is told once; every page of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.csv as pacsv
import pytest
from starlette.testclient import TestClient

from parvis.alerts.addresses import Wish
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import PUBLIC, Contact, Dataset, Organisation, Resource
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import alerts, datasets, deposits, runs, versions
from parvis.store.subscribers import Subscription
from parvis.web.app import create_app
from parvis.work import alerting, jobs, service_runs
from tests.alerts.alert_servers import Post, mail_server
from tests.services.air import airtown


class Clock:
    """Moved by hand."""

    at = airtown.NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


@pytest.fixture
def city(tmp_path: Path, post: Post) -> City:
    create(tmp_path / "ville", "Rivemont")
    asked = settings.load(tmp_path / "ville", {})
    made = open_city(
        settings.Settings(
            asked.folder,
            asked.city,
            alerts=settings.Alerts(
                sender="alertes@rivemont.example", smtp=f"127.0.0.1:{post.port}", smtp_tls="none"
            ),
        ),
        clock=Clock(),
    )
    with made.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        datasets.save_dataset(
            conn,
            Dataset("air", "Mesures", "Une description.", "ville", Contact("Ville", "donnees@ville.example")),
        )
        datasets.save_resource(conn, Resource("air/mesures-2026", "air", "Mesures", schema="mesures-air"))
    return made


def publish(city: City, path: Path, *, episode: tuple[float, ...], until: datetime = airtown.NOW) -> None:
    """Hand in a file of the schema `mesures-air`, under a name that no service knows, and see it through."""
    table = airtown.table(days=190, episode=episode, pollutants=("pm10",), until=until)
    names = {"station": "id_station", "debut": "date_debut", "code_zone": "code_insee"}
    kept = table.select(
        ["station", "nom_station", "typologie", "polluant", "debut", "valeur", "code_zone"]
    ).rename_columns(
        [
            names.get(n, n)
            for n in ("station", "nom_station", "typologie", "polluant", "debut", "valeur", "code_zone")
        ]
    )
    rows = kept.to_pylist()
    for row, point in zip(rows, table.column("_point").to_pylist(), strict=True):
        row |= {
            "date_fin": row["date_debut"] + timedelta(hours=1),
            "unite": "µg/m³",
            "validite": "brute",
            "lat": point["lat"],
            "lon": point["lon"],
            "polluant": "PM10",
            "typologie": "trafic" if row["typologie"] == "trafic" else "urbaine de fond",
        }
        row["date_debut"], row["date_fin"] = row["date_debut"].isoformat(), row["date_fin"].isoformat()
    pacsv.write_csv(kept.from_pylist(rows), path)
    sent = pipeline.receive(city, path, name=path.name, resource="air/mesures-2026")
    with jobs.worker(city) as turn:
        while turn():
            pass
    with city.db.read() as conn:
        done = deposits.get(conn, sent.id)
    assert done is not None
    assert done.state == "published", done.message
    service_runs.refresh(city)


def test_from_a_file_to_the_reader(city: City, post: Post, tmp_path: Path) -> None:
    alerting.confirm(city, Wish("mail", "ana@exemple.fr", (Subscription("air"),)))
    publish(city, tmp_path / "mesures.csv", episode=(55.0, 60.0, 90.0))
    with city.db.read() as conn:
        served = {
            name: versions.served(conn, f"{name}-air/{name}", PUBLIC)
            for name in ("indice", "previsions", "procedures", "carte")
        }
        assert all(v is not None for v in served.values())
        run = runs.last(conn, "service:air")
        assert run is not None
        assert len(run.inputs) == 1, "the lineage: the version that was read"
        assert datasets.dataset(conn, "indice-air").publisher == "ville"  # type: ignore[union-attr]
    assert alerting.look(city, alerting.declared()["air"]) == (), (
        "what was over before anybody looked is told to nobody"
    )
    with TestClient(create_app(city)) as client:
        page = client.get("/services/air")
        assert page.status_code == 200
        for words in (
            "indice",
            "Que faire",
            "Prévisions d’aujourd’hui et de demain",
            "Ce que vaut la prévision",
            "Seul le préfet",
            "Carte du dernier jour",
        ):
            assert words in page.text, words
        told = client.get("/services/air.json", params={"polluant": "no2"}).json()
        assert told
        assert client.get("/en/services/air").status_code == 200
        assert client.get("/jeux/indice-air").status_code == 200


def test_an_episode_under_way_is_told_once(city: City, post: Post, tmp_path: Path) -> None:
    alerting.confirm(city, Wish("mail", "ana@exemple.fr", (Subscription("air"),)))
    # the last minute of the 19th in Paris, when its hours are in: 60 the day before, 70 that day
    city.now.at = datetime(2026, 1, 19, 22, 59, tzinfo=UTC)  # type: ignore[attr-defined]
    publish(
        city, tmp_path / "mesures.csv", episode=(60.0, 70.0), until=datetime(2026, 1, 19, 23, 5, tzinfo=UTC)
    )
    (step,) = [s for s in alerting.look(city, alerting.declared()["air"]) if s.topic == "air"]
    assert step.state == "proposed", "what we compute waits for a person"
    alerting.approve(city, step.id, "agent")
    by = alerting.ways(city)
    assert alerting.send(city, by).sent == 1
    assert alerting.look(city, alerting.declared()["air"]) == ()
    assert alerting.send(city, by).sent == 0
    for way in by.values():
        way.close()
    (mail,) = post.taken()
    assert mail["Subject"].startswith("Particules PM10 : niveau d’alerte mesuré")
    text = mail.get_content()
    assert "Personnes vulnérables" in text
    assert "le préfet" in text
    with city.db.read() as conn:
        kept = alerts.step(conn, step.id)
        assert kept is not None
        assert kept.issued_at is not None
        assert kept.data_at < kept.issued_at
