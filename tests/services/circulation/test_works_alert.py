"""Closed streets as alerts: told once, again when their dates change, taken back when they reopen; in a city by its
rooms of alerts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from parvis.alerts.message import Message
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import Column, Dataset, Organisation, Resource, Schema
from parvis.publication.city import open_city
from parvis.services.circulation.works_alert import CLOSURES, look
from parvis.store import alerts, datasets
from parvis.work import alerting, live_hours
from tests.cities.livecity import Clock

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def row(
    name: str, since: int, until: int, *, gene: str = "rue barrée", statut: str = "prévu"
) -> dict[str, object]:
    days = (TODAY + timedelta(days=n) for n in (since, until))
    return dict(
        zip(
            ("id", "debut", "fin", "gene", "statut", "adresse", "code_insee"),
            (name, *days, gene, statut, f"Rue {name}", "34990"),
            strict=True,
        )
    )


def works(*rows: dict[str, object]) -> dict[str, pa.Table]:
    kinds = [
        ("id", pa.string()),
        ("debut", pa.date32()),
        ("fin", pa.date32()),
        *((n, pa.string()) for n in ("gene", "statut", "adresse", "code_insee")),
    ]
    return {"travaux": pa.Table.from_pylist(list(rows), pa.schema(kinds))}


def said(messages: object) -> list[tuple[str, str, int]]:
    assert isinstance(messages, list | tuple)
    return [(m.episode, m.kind, m.number) for m in messages if isinstance(m, Message)]


def test_a_closure_to_come_is_told_once_and_what_was_closed_already_is_no_news() -> None:
    table = works(
        row("A", 2, 5),
        row("B", -3, 4),
        row("C", 20, 22),
        row("D", 2, 3, gene="trottoir réduit"),
        row("E", 1, 2, statut="terminé"),
    )
    memory, told = look(table, "", NOW)
    assert said(told) == [("travaux-a", "open", 1)]
    assert told[0].parts[0].headline.fr == "Rue A : fermée du 03/12 au 06/12"
    assert told[0].parts[0].expires == datetime(2026, 12, 6, 23, tzinfo=UTC)
    assert look(table, memory, NOW)[1] == []
    _, later = look(table, memory, NOW + timedelta(days=14))
    assert said(later) == [("travaux-c", "open", 1)], "a week ahead"


def test_dates_that_change_a_street_that_reopens_and_works_that_do_not_come() -> None:
    memory, _ = look(works(row("A", 1, 5), row("B", 1, 5)), "", NOW)
    memory, told = look(works(row("A", 1, 8), row("B", 1, 3)), memory, NOW)
    assert said(told) == [("travaux-a", "extend", 2), ("travaux-b", "lower", 2)]
    memory, told = look(works(row("A", 1, 8)), memory, NOW)
    assert said(told) == [("travaux-b", "withdraw", 3)]
    memory, told = look(works(row("A", 1, 8, statut="terminé")), memory, NOW + timedelta(days=3))
    assert said(told) == [("travaux-a", "end", 3)]
    assert told[0].parts[0].headline.fr == "Rue A : rouverte"
    assert look(works(), memory, NOW + timedelta(days=3))[1] == []


def test_one_that_ends_on_its_day_needs_no_message() -> None:
    memory, _ = look(works(row("A", 1, 2)), "", NOW)
    assert look(works(row("A", 1, 2)), memory, NOW + timedelta(days=5))[1] == []
    assert look(works(), memory, NOW + timedelta(days=5))[1] == []


def test_what_was_silent_at_first_speaks_when_it_lasts_longer() -> None:
    memory, told = look(works(row("A", -3, 2)), "", NOW)
    assert told == []
    assert said(look(works(row("A", -3, 9)), memory, NOW)[1]) == [("travaux-a", "open", 1)]


def test_in_a_city_a_person_lets_the_first_message_out_and_the_rest_follows(tmp_path: Path) -> None:
    create(tmp_path / "city", "Ville")
    clock = Clock(NOW)
    city = open_city(settings.load(tmp_path / "city", {}), clock=clock)
    schema = Schema(
        "travaux", "1",
        (Column("id"), Column("debut", "date"), Column("fin", "date"), *(Column(n) for n in ("gene", "statut", "adresse", "code_insee"))),
    )  # fmt: skip
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        datasets.save_dataset(conn, Dataset("travaux", "Travaux", "Travaux.", "voirie"))
        datasets.save_resource(
            conn, resource := Resource("travaux/travaux", "travaux", "Travaux", schema="travaux")
        )

    def publish(*rows: dict[str, object]) -> list[tuple[str, str]]:
        live_hours.publish(
            city, resource, schema, (live_hours.put(city, works(*rows)["travaux"]),), (), what="import"
        )
        return [(s.kind, s.state) for s in alerting.look(city, CLOSURES)]

    assert publish(row("A", 2, 5)) == [("open", "proposed")]
    assert alerting.look(city, CLOSURES) == (), "the same table tells nothing"
    with city.db.read() as conn:
        (step,) = alerts.of_episode(conn, "travaux-a")
    alerting.approve(city, step.id, "agent")
    assert publish(row("A", 2, 9)) == [("extend", "issued")]
