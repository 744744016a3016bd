"""Leaks for those who look for them: what was planted is found and nothing else, a verdict is given on a phone and changes what is
said next, and none of it is on a public face.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from parvis import api
from parvis.core.language import language
from parvis.core.types import Audience, Column, Contact, Dataset, Resource, Schema
from parvis.demo import water, world
from parvis.people import accounts, groups, sessions
from parvis.publication.city import City
from parvis.services.eau import leaks, leaks_study
from parvis.services.eau.leaks_study import ALERTS, LEAKS
from parvis.services.eau.service import SERVICE
from parvis.services.study import texts
from parvis.store import datasets, journal
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import live_hours, service_runs, studies, verdicts
from tests.acceptance.test_leaks import filled, routes
from tests.cities.livecity import Clock
from tests.services.eau import meterstown
from tests.services.eau.conftest import MORNING

METERS = meterstown.tables()
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Town:
    """The demo city with a group that looks for leaks, and meters that are shared with it."""

    city: City
    app: FastAPI
    clock: Clock

    def client(self, name: str = "") -> TestClient:
        client = TestClient(self.app, follow_redirects=False)
        if name:
            with self.city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, name, now=self.city.now()))
        return client

    def run(self) -> str:
        one = studies.ask(self.city, LEAKS, {"prix": 4.0}, actor="plombier")
        assert studies.compute(self.city, one.id) == "done", studies.run(self.city, LEAKS, one.id).message
        return one.id

    def alerts(self, run: str) -> list[dict[str, Any]]:
        made = studies.result(self.city, studies.run(self.city, LEAKS, run))
        return made.tables["alertes"].to_pylist()


def _schema(name: str, fields: pa.Schema) -> Schema:
    kinds = {pa.string(): "text", pa.int64(): "integer", pa.float64(): "number"}
    return Schema(name, "1", tuple(Column(f.name, kinds.get(f.type, "datetime")) for f in fields))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def town(city: City) -> Iterator[Town]:
    with city.db.begin() as conn:
        for name in ("plombier", "passante", "maire"):
            accounts.make(conn, email=f"{name}@ville.example", name=name, password_hash="x", actor="system", at=MORNING, person_id=name)  # fmt: skip
        accounts.set_city_admin(conn, "maire", True, actor="system", at=MORNING)
        groups.make(conn, "eau", "Équipe des fuites", "eaux", actor="system", at=MORNING)
        groups.enrol(conn, "eau", "plombier@ville.example", actor="system", at=MORNING)
    team = Audience("eau", "chercher les fuites", TODAY + timedelta(days=90))
    for name, fields in (("compteurs-eau", meterstown.ABOUT), ("releves-eau", meterstown.READ)):
        contact = Contact("Eaux", "eaux@ville.example")
        with city.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(name, name, "Réservé.", "eaux", contact, access="restricted"))
            resource = Resource(f"{name}/{name}", name, name, schema=name)
            datasets.save_resource(conn, resource)
        file = live_hours.put(city, METERS[name.partition("-")[0]])
        made = live_hours.publish(
            city, resource, _schema(name, fields), (file,), (), what="import", audience=team
        )
        assert made.rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studies, "declared", lambda: (LEAKS,))
        patch.setattr(service_runs, "declared", lambda: (SERVICE,))
        app = create_app(city)
        api.install(app, city)
        assert isinstance(city.now, Clock)
        yield Town(city, app, city.now)


@pytest.fixture(scope="module")
def first(town: Town) -> str:
    return town.run()


# --- what is found ------------------------------------------------------------------------------------------


def test_what_was_planted_is_found_and_nothing_else(town: Town, first: str) -> None:
    """The district's burst, the home and the building that leak, the bill beyond twice its reference: each since its day, by
    about what was drawn.
    """
    rows = {r["ou"]: r for r in town.alerts(first)}
    assert {name: r["genre"] for name, r in rows.items()} == {
        "La Plaine": "secteur",
        "C-07": "logement",
        "C-BAT": "immeuble",
        "XYLOFACT-1": "surconsommation",
    }
    burst = rows["La Plaine"]
    assert abs((burst["depuis"] - (TODAY - timedelta(days=water.LEAK_DAYS))).days) <= 3
    assert (burst["vu"] - (TODAY - timedelta(days=water.LEAK_DAYS))).days <= 7
    assert burst["debit_lh"] == pytest.approx(1000 * water.LEAK, rel=0.12)
    assert burst["evolution"] == "stable"
    assert burst["euros_jour"] == pytest.approx(0.46 * burst["m3_jour"], abs=0.05)
    home = rows["C-07"]
    assert abs((home["depuis"] - (TODAY - timedelta(days=meterstown.PLANTED["C-07"]))).days) <= 1
    assert home["debit_lh"] == pytest.approx(15, abs=3)
    assert home["euros_jour"] == pytest.approx(4 * home["m3_jour"], abs=0.05)
    block = rows["C-BAT"]
    assert abs((block["depuis"] - (TODAY - timedelta(days=meterstown.PLANTED["C-BAT"]))).days) <= 3
    assert block["debit_lh"] == pytest.approx(150, rel=0.2)
    assert rows["XYLOFACT-1"]["plafond_m3"] == 240.0


def test_zones_are_of_ten_homes_or_none(town: Town, first: str) -> None:
    made = studies.result(town.city, studies.run(town.city, LEAKS, first)).tables["zones"].to_pylist()
    assert {r["zone"] for r in made} == {"Tanneries"}
    assert all(r["logements"] >= 10 for r in made)
    assert "Petite" not in str(made)


def test_a_leak_that_was_mended_is_told_no_more_and_one_that_grows_is_told_to_grow() -> None:
    """The burst goes ten days before the end: nothing of it is left; or it doubles: it is said to grow."""
    drawn = world.build()
    plain = next(d for d in water.DISTRICTS if d.name == "La Plaine")
    about = pa.Table.from_pylist(
        [{"secteur": "La Plaine", "logements": plain.homes, "pression_m": 41.0, "pression_nuit_m": 47.0}]
    )
    at, use = water.clock(drawn), water.used(drawn, plain)
    ago = [(drawn.today - a.astimezone(world.ZONE).date()).days for a in at]

    def evolution(extra: float, since: int) -> list[str]:
        rows = [
            {
                "secteur": "La Plaine",
                "sens": "entree",
                "debut": a,
                "m3": float(u) + (extra if g <= since else 0.0),
            }
            for a, u, g in zip(at, use.tolist(), ago, strict=True)
        ]
        tables = {"secteurs": about, "debits": pa.Table.from_pylist(rows)}
        found = leaks.of_districts(tables, leaks.Price(0.4, 4.0), leaks_study.shipped(), drawn.now)
        return [str(r["evolution"]) for r in found]

    assert evolution(0.0, 0) == ["stable"]
    assert evolution(-water.LEAK, 10) == []
    assert len(evolution(water.LEAK, 15)) == 2  # a second burst beside the first


def test_nothing_to_look_at_is_said(town: Town) -> None:
    with pytest.raises(leaks_study.HeldBack):
        leaks_study.run({}, {"prix": 4.0}, 1, None, lambda: False)  # type: ignore[arg-type]


# --- verdicts -----------------------------------------------------------------------------------------------


def _send(client: TestClient, address: str, page: str, **fields: str) -> Any:
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return client.post(address, data={**hidden, **fields})


def test_a_verdict_is_given_on_a_phone_and_changes_what_is_said_next(town: Town, first: str) -> None:
    member = town.client("plombier")
    here = f"/terrain/etudes/{LEAKS.name}/{first}"
    listed = member.get(here)
    assert listed.status_code == 200
    assert "La Plaine" in listed.text
    lines = {r["ou"]: n for n, r in enumerate(town.alerts(first), 1)}
    form = member.get(f"{here}?ligne={lines['La Plaine']}").text
    refused = _send(member, here, form, quantite="-3")
    assert refused.status_code in (400, 422)
    assert "Choisissez un constat" in refused.text
    nowhere = _send(member, here, form, constat="reparee")
    assert "Dites où" in nowhere.text
    given = _send(member, here, form, constat="reparee", lieu="conduite, rue du Moulin", quantite="52 000,5")
    assert given.status_code == 303
    town.clock.forward(minutes=5)
    block = member.get(f"{here}?ligne={lines['C-BAT']}").text
    assert _send(member, here, block, constat="rien").status_code == 303
    assert {k.split("-")[0] for k in verdicts.given(town.city, LEAKS)} == {"S", "C"}
    again = town.run()
    rows = {r["ou"]: r for r in town.alerts(again)}
    assert (rows["La Plaine"]["constat"], rows["C-BAT"]["constat"]) == ("reparee", "rien")
    made = studies.result(town.city, studies.run(town.city, LEAKS, again)).tables["constats"].to_pylist()
    assert made == [
        {"mois": date(2026, 11, 1), "constats": 2, "trouvees": 1, "reparees": 1, "m3_evites": 52000.5}
    ]
    result = member.get(f"/etudes/{LEAKS.name}/{again}").text
    assert "dont 1 où une fuite a été trouvée" in result
    assert "Fuite trouvée et réparée" in result
    with town.city.db.read() as conn:
        told = [e for e in journal.of(conn, "constats-eau/constats") if e.verb == "published"]
    assert len(told) == 2
    english = member.get(f"/en{here}")
    assert english.status_code == 200
    assert "Leak found and mended" in english.text


def test_it_is_for_the_group_alone_on_every_face(town: Town, first: str) -> None:
    """No meter, no candidate, no verdict on any address, for nobody, a passer-by with an account, the city's own administrator."""
    canaries = (
        "c-07",
        "c-bat",
        "xylofact",
        "s-la plaine",
        "conduite, rue du moulin",
        "fuites à chercher",
    )
    named = {
        **dict.fromkeys(("deposit", "release", "record", "takedown", "breach"), "0" * 32),
        "study_run": first,
    }
    for who in ("", "passante", "maire"):
        client = town.client(who)
        for path in sorted(set(routes(town.app))):
            if path.startswith("/en"):
                continue
            own = {a.replace("panne-de-camion", LEAKS.name) for a in filled(path, named)}
            own |= {
                a.replace("signalements", d)
                for a in own
                for d in ("compteurs-eau", "releves-eau", "constats-eau")
            }
            for address in own:
                said = client.get(address).content.decode("utf-8", "replace").lower()
                # an address that was asked for comes back in the words of what is not there
                said = said.replace(address.lower(), "")
                assert not [c for c in canaries if c in said and c not in address.lower()], (who, address)
    refused = town.client("passante").get(f"/terrain/etudes/{LEAKS.name}/{first}")
    assert refused.status_code == 404


def test_all_of_it_is_said_in_english() -> None:
    english = language("en")
    assert [t for t in texts(LEAKS) if not english.knows(t)] == []
    assert ALERTS.columns[0].name == LEAKS.verdicts.key  # type: ignore[union-attr]
