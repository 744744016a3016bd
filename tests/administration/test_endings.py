"""An old backup gives back nothing that was ended since: shares, publications, accounts, keys, roles, subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from parvis.administration import backup
from parvis.core.types import PUBLIC, Audience, Dataset, Organisation, Resource
from parvis.decisions import deciding, endings, takedown
from parvis.people import accounts, api_keys, groups
from parvis.people.rights import Person
from parvis.publication import access, describing
from parvis.publication.city import City
from parvis.store import datasets, journal, releases, signed_list, subscribers, versions
from parvis.store import groups as group_rows
from parvis.store.subscribers import Subscriber, Subscription
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, NOW, Clock, hand_in


@dataclass(frozen=True)
class Saved:
    """A city of after the backup, and what was in it before."""

    folder: Path
    share: str
    key: str


def account(city: City, name: str, role: str = "", *, admin: bool = False) -> Person:
    with city.db.begin() as conn:
        person = accounts.make(
            conn, email=f"{name}@ville.example", name=name, password_hash="hash", city_admin=admin, actor="system", at=NOW, person_id=name
        )  # fmt: skip
        if role:
            accounts.give_role(conn, name, "ailleurs", role, actor="system", at=NOW)  # type: ignore[arg-type]
    return person


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    folder = tmp_path_factory.mktemp("ends")
    city = canarycity.build(folder / "ville", Clock())
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ailleurs", "Ailleurs"))
    for name, role in (
        ("gone", ""),
        ("stopped", "publisher"),
        ("moved", "publisher"),
        ("lower", "steward"),
        ("phished", "reader"),
        ("member", ""),
    ):
        account(city, name, role)
    account(city, "sharer", "delegate")
    account(city, "second-mayor", admin=True)
    account(city, "mayor-of-before", admin=True)
    with city.db.begin() as conn:
        for id_ in ("ferme", "cache", "partage"):
            datasets.save_dataset(conn, Dataset(id_, id_.title(), "", "ailleurs"))
            datasets.save_resource(conn, Resource(f"{id_}/t", id_, id_.title()))
        groups.make(conn, "voisins", "Voisins", "ailleurs", actor="system", at=NOW)
        groups.make(conn, "clos", "Clos", "ailleurs", actor="system", at=NOW)
        groups.enrol(conn, "voisins", "member@ville.example", actor="system", at=NOW)
        made = api_keys.make(
            conn, "moved", label="k", scopes=["see-drafts"], ends_at=None, actor="moved", at=NOW
        )
        subscriber = Subscriber("5" * 24, "mail", "m", "sealed", "fr", "", False, NOW)
        subscribers.save(conn, subscriber, [Subscription("air")])
    version = ""
    for n, id_ in enumerate(("ferme", "cache", "partage")):
        version = hand_in(city, f"{id_}/t", INNOCENT.replace(b"12", str(40 + n).encode()), "t.csv").version
    audience = Audience("voisins", "voir", NOW.date() + timedelta(days=30))
    deciding.share(city, version, audience, why="Ils en ont besoin.", actor="sharer")
    with city.db.read() as conn:
        (share,) = (row for row in releases.rows(conn, version) if not row.audience.public)
    backup.backup(city, folder / "avant.tar")
    at = city.now()
    with city.db.begin() as conn:
        accounts.erase(conn, "gone", actor="system", at=at)
        accounts.suspend(conn, "stopped", actor="system", at=at)
        accounts.take_role(conn, "moved", "ailleurs", actor="system", at=at)
        accounts.give_role(conn, "lower", "ailleurs", "reader", actor="system", at=at)
        accounts.set_password(conn, "phished", "another", actor="phished", at=at)
        accounts.set_city_admin(conn, "second-mayor", False, actor="system", at=at)
        api_keys.revoke(conn, made.key.id, actor="moved", at=at)
        groups.remove(conn, "voisins", "member", actor="system", at=at)
        groups.close(conn, "clos", actor="system", at=at)
        ferme = datasets.dataset(conn, "ferme")
        assert ferme is not None
        access.describe(conn, replace(ferme, access="restricted"), {"access"}, actor="system", at=at)
        subscribers.erase(conn, "5" * 24)
        journal.append(conn, at=at, actor="system", verb=subscribers.LEFT, subject="5" * 24)
    describing.unpublish(city, "cache", actor="system")
    deciding.end_share(city, share.id, actor="sharer")
    takedown.Follower(city, takedown.node(city.settings)).turn()
    city.db.close()
    return Saved(folder, share.id, made.text)


@pytest.fixture(scope="module")
def restored(saved: Saved, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("neuve")
    done = backup.restore(
        saved.folder / "avant.tar", folder, env={}, key=saved.folder / "ville/var/key", lists=[saved.folder / "ville/var/retraits.jsonl"]
    )  # fmt: skip
    assert done.ended >= 12
    city = canarycity.again(folder, Clock())
    yield city
    city.db.close()


def test_accounts_and_their_rights(restored: City, saved: Saved) -> None:
    with restored.db.read() as conn:
        people = {
            name: accounts.person(conn, name) for name in ("gone", "stopped", "moved", "lower", "phished")
        }
        assert accounts.labels(conn, ["gone"]) == {"gone": accounts.ERASED}
        assert not any(p.email.startswith("gone") for p in accounts.everybody(conn))
        assert people["stopped"] is not None
        assert not people["stopped"].active
        assert all(p is not None and "steward" not in p.roles.values() for p in people.values())
        moved = people["moved"]
        assert moved is not None
        assert not moved.roles
        mayor = accounts.person(conn, "second-mayor")
        assert mayor is not None
        assert not mayor.city_admin
        phished = accounts.credentials(conn, "phished@ville.example")
        assert phished is not None
        assert phished.password is None, "the password that somebody else may have opens nothing"
        assert api_keys.person(conn, saved.key, now=NOW) is None


def test_what_others_may_read(restored: City, saved: Saved) -> None:
    with restored.db.read() as conn:
        row = releases.release(conn, saved.share)
        assert row is not None
        assert row.withdrawn_at is not None
        assert versions.served(conn, "ferme/t", PUBLIC) is None
        hidden = datasets.dataset(conn, "cache")
        assert hidden is not None
        assert hidden.state == "archived"
        assert subscribers.by_id(conn, "5" * 24) is None
        assert not group_rows.members(conn, "voisins")
        closed = group_rows.group(conn, "clos")
        assert closed is not None
        assert closed.closed_at is not None


def test_what_goes_on_goes_on(restored: City) -> None:
    with restored.db.read() as conn:
        assert versions.served(conn, "partage/t", PUBLIC) is not None
        mayor = accounts.person(conn, "mayor-of-before")
        assert mayor is not None
        assert mayor.city_admin
        sharer = accounts.person(conn, "sharer")
        assert sharer is not None
        assert sharer.roles == {"ailleurs": "delegate"}
        assert [e.verb for e in journal.recent(conn, limit=1)] == ["restored"]


def test_a_list_of_ends_is_signed_and_doubles_nothing(saved: Saved) -> None:
    city = canarycity.again(saved.folder / "ville", Clock())
    path, keys = takedown.list_of(city.settings), takedown.list_keys(city.settings)
    before = signed_list.endings(path, keys)
    assert {"person-erased", "share-ended", "key-revoked"} <= {e.verb for e in before}
    assert not any("@" in str(e) for e in before)
    endings.follow(city)
    assert signed_list.endings(path, keys) == before
    path.write_text(path.read_text().replace("person-erased", "person-renamed", 1))
    with pytest.raises(Exception, match="altérée"):
        signed_list.endings(path, keys)
    city.db.close()
