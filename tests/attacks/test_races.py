"""The same thing done twice at the same moment, by threads that start together: it is done once, or refused once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pyotp
import pytest

from parvis.core.errors import Refused
from parvis.core.types import PUBLIC, Audience, Resource
from parvis.decisions import deciding, takedown
from parvis.people import accounts, second_factor, tickets
from parvis.publication import pipeline, reviewing
from parvis.store import datasets, deposits, journal, register, releases, versions
from parvis.work import jobs
from tests.attacks.conftest import OTHER_DATASET, OTHER_GROUP, Town
from tests.cities.canarycity import INNOCENT, NOW, hand_in

T = TypeVar("T")
AT_ONCE = 4


def together(act: Callable[[int], T], times: int = AT_ONCE) -> list[T | Refused]:
    """What comes of an act done so many times at once, each with its number; Refused is an outcome."""
    start = Barrier(times)

    def one(number: int) -> T | Refused:
        start.wait(timeout=30)
        try:
            return act(number)
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def refused(outcomes: list[T | Refused]) -> int:
    return sum(isinstance(one, Refused) for one in outcomes)


def resource(town: Town, name: str) -> str:
    """A resource of the other organisation, of its own."""
    made = f"{OTHER_DATASET}/{name}"
    with town.story.city.db.begin() as conn:
        datasets.save_resource(conn, Resource(made, OTHER_DATASET, name.title()))
    return made


def test_a_share_asked_for_twice_at_once_is_one(town: Town) -> None:
    """One release, one record, one event: a button that was pressed twice."""
    city = town.story.city
    handed = hand_in(city, resource(town, "partagee"), INNOCENT.replace(b"12", b"14"), "p.csv")
    audience = Audience(OTHER_GROUP, "voir les fontaines", NOW.date() + timedelta(days=30))
    why = "Les voisins les entretiennent."
    done = together(
        lambda _: deciding.share(city, handed.version, audience, why=why, actor="other-delegate").id
    )
    assert len(set(done)) == 1, done
    with city.db.read() as conn:
        rows = [r for r in releases.rows(conn, handed.version) if not r.audience.public]
        assert len(rows) == len(register.records(conn, version=handed.version)) == 1
        assert sum(e.verb == "decided" and e.subject == handed.resource for e in journal.since(conn, 0)) == 1


def test_a_file_sent_twice_at_once_is_one_deposit(town: Town, tmp_path: Path) -> None:
    """Works of one deposit are one job: what is to be one is the deposit, its event and its version."""
    city, name = town.story.city, resource(town, "double")
    file = tmp_path / "d.csv"
    file.write_bytes(INNOCENT.replace(b"31", b"32"))

    def send(number: int) -> str:
        sent = tmp_path / str(number)
        sent.write_bytes(file.read_bytes())
        return pipeline.receive(city, sent, name="d.csv", resource=name, actor="other-publisher").id

    assert len(set(together(send))) == 1
    assert hand_in(city, name, file.read_bytes(), "d.csv", actor="other-publisher").state == "published"
    with city.db.read() as conn:
        assert len(versions.history(conn, name)) == 1
        assert sum(e.verb == "published" and e.subject == name for e in journal.since(conn, 0)) == 1


@pytest.mark.parametrize("ended", ["suspended", "role taken", "erased"])
def test_a_file_on_its_way_publishes_nothing_for_who_lost_the_right(
    town: Town, tmp_path: Path, ended: str
) -> None:
    """The sender is shut out while the worker reads: a colleague looks at it, and publishes it or not."""
    city, story = town.story.city, town.story
    name, who = resource(town, f"partie-{ended.replace(' ', '-')}"), f"leaver-{ended.replace(' ', '-')}"
    with city.db.begin() as conn:
        accounts.make(
            conn,
            email=f"{who}@ville.example",
            name=who,
            password_hash="",
            actor="system",
            at=NOW,
            person_id=who,
        )
        accounts.give_role(conn, who, "ailleurs", "publisher", actor="system", at=NOW)
    sent = tmp_path / "sent"
    sent.write_bytes(INNOCENT.replace(b"31", ended.encode().hex()[:3].encode()))
    deposit = pipeline.receive(city, sent, name="p.csv", resource=name, actor=who)
    drafted = jobs.draft(city, deposit.id)
    with city.db.begin() as conn:
        match ended:
            case "suspended":
                accounts.suspend(conn, who, actor="system", at=city.now())
            case "erased":
                accounts.erase(conn, who, actor="system", at=city.now())
            case _:
                accounts.take_role(conn, who, "ailleurs", actor="system", at=city.now())
    jobs.decide(city, deposit.id, drafted)
    with city.db.read() as conn:
        done = deposits.get(conn, deposit.id)
        assert versions.served(conn, name, PUBLIC) is None
    assert done is not None
    assert (done.state, done.look) == ("held", "ready")
    table = f"/api/explore/v2.1/catalog/datasets/{OTHER_DATASET}--{name.partition('/')[2]}/records"
    assert story.ask("GET", table, "anonymous").status == 404
    page = story.ask("GET", f"/depots/{deposit.id}", "other-publisher").body.decode()
    assert "n’a plus le droit d’en déposer" in page
    reviewing.publish(city, (deposit.id,), actor="other-publisher")
    with city.db.read() as conn:
        assert versions.served(conn, name, PUBLIC) is not None


def test_files_published_at_once_are_each_a_version(town: Town) -> None:
    """Two hands on one resource: both are there, and one is what it is now."""
    city, name = town.story.city, resource(town, "ensemble")
    done = together(
        lambda n: hand_in(city, name, INNOCENT.replace(b"7", str(70 + n).encode()), "e.csv").state, 3
    )
    assert done == ["published"] * 3
    with city.db.read() as conn:
        every = {v.digest for v in versions.history(conn, name)}
        now = versions.served(conn, name, PUBLIC)
        assert len(every) == 3
        assert now is not None
        assert now.digest in every
        assert all(len(releases.rows(conn, digest)) == 1 for digest in every)


def test_a_link_and_a_code_serve_once_at_once(town: Town) -> None:
    city, secret = town.story.city, town.story.app.state.site.secret
    with city.db.begin() as conn:
        ticket = tickets.make(conn, secret, "other-reader", ends_at=city.now() + timedelta(hours=1))
        drawn = second_factor.begin(conn, secret, "other-steward", at=city.now())
        before = pyotp.TOTP(drawn).at(int(city.now().timestamp()) - 30)
        (recovery, *_) = second_factor.confirm(conn, secret, "other-steward", before, at=city.now())

    def redeem(number: int) -> str:
        with city.db.begin() as conn:
            return tickets.redeem(conn, secret, ticket, f"hash-{number}", now=city.now()).id

    def spend(code: str) -> str:
        with city.db.begin() as conn:
            return second_factor.spend(conn, secret, "other-steward", code, at=city.now())

    assert refused(together(redeem)) == AT_ONCE - 1
    code = pyotp.TOTP(drawn).at(int(city.now().timestamp()))
    assert sorted(together(lambda _: spend(code))) == ["", "", "", "code"]
    assert sorted(together(lambda _: spend(recovery))) == ["", "", "", "recovery"]
    with city.db.begin() as conn:
        second_factor.remove(conn, "other-steward", actor="system", at=city.now())


def test_a_withdrawal_under_exports_cuts_none_short_and_lets_none_after(town: Town) -> None:
    """Who reads at that moment gets the whole file or none; who comes after gets none, from memory neither."""
    city, story = town.story.city, town.story
    name = resource(town, "retiree")
    handed = hand_in(city, name, INNOCENT.replace(b"4", b"44"), "r.csv")
    table = f"{OTHER_DATASET}--retiree"
    address = f"/api/explore/v2.1/catalog/datasets/{table}/exports/json"
    whole = story.ask("GET", address, "anonymous")
    assert whole.status == 200

    def act(number: int) -> tuple[int, bytes]:
        if number == 0:
            takedown.withdraw(city, handed.version, why="Une erreur de relevé.", actor="other-publisher")
            return 410, b""
        answers = [story.ask("GET", address, "anonymous") for _ in range(5)]
        assert all(a.status in (404, 410) or a.body == whole.body for a in answers)
        return answers[-1].status, answers[-1].body

    together(act)
    cache = story.app.state.explore
    begun = cache.table("arbres").begun
    cache.drop()
    cache.keep("asked before", b"withdrawn", begun)
    assert cache.remembered("asked before") is None
    assert story.ask("GET", address, "anonymous").status in (404, 410)
    assert story.ask("GET", f"/api/explore/v2.1/catalog/datasets/{table}/records", "anonymous").status in (
        404,
        410,
    )
