"""Separation of duties: who gives roles comes by no way to those that look at, advise or decide on personal
data. By page, by link, by accomplice, by accident.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from parvis.administration import invitations
from parvis.core import settings
from parvis.core.errors import Refused
from parvis.people import accounts, duties, tickets
from parvis.people.passwords import Passwords
from parvis.people.rights import APART, PERSONAL, RIGHTS, ROLES, WEIGHTY, Role
from parvis.publication.city import City
from parvis.store import journal
from parvis.web.app import create_app
from tests.acceptance.commands import parvis
from tests.alerts.alert_servers import mail_server
from tests.cities import sharecity, webcity

KEY = b"k" * 32
PHRASE = "des platanes sur la place"
Browse = Callable[..., TestClient]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`admin` administers the city, `chef` the education department; `adjoint` administers the city too."""
    folder = tmp_path_factory.mktemp("built")
    sharecity.build(folder)
    city = webcity.open_again(folder)
    kept = Passwords().hash(webcity.PASSWORD)
    with city.db.begin() as conn:
        for name in ("chef", "adjoint"):
            accounts.make(
                conn,
                email=f"{name}@montclair.example",
                name=name.title(),
                password_hash=kept,
                actor="system",
                at=webcity.NOW,
                person_id=name,
            )
        accounts.take_role(conn, "admin", "education", actor="system", at=webcity.NOW)
        for name in ("admin", "adjoint"):
            accounts.set_city_admin(conn, name, True, actor="system", at=webcity.NOW)
        accounts.give_role(conn, "chef", "education", "admin", actor="system", at=webcity.NOW)
    sharecity.close(city)
    return folder


@pytest.fixture
def city(built: Path, tmp_path: Path) -> Iterator[City]:
    made = sharecity.copy(built, tmp_path / "city")
    yield made
    sharecity.close(made)


@pytest.fixture
def browse(city: City) -> Iterator[Browse]:
    app, opened = create_app(city), list[TestClient]()

    def browser(name: str = "") -> TestClient:
        client = TestClient(app, follow_redirects=False)
        opened.append(client)
        return sharecity.sign_in(city, client, name) if name else client

    yield browser
    for one in opened:
        one.close()


def post(client: TestClient, page: str, to: str = "", **fields: str) -> Response:
    return client.post(to or page, data=fields | {"csrf": sharecity.token(client.get(page).text)})


def roles(city: City, person: str) -> dict[str, Role]:
    with city.db.read() as conn:
        found = accounts.person(conn, person)
    assert found is not None
    return dict(found.roles)


def invited(city: City, email: str, *, actor: str, role: Role = "reader") -> str:
    """Id of a new account whose link its maker read."""
    made = invitations.invite(city, email=email, name="", role=role, organisation="education", actor=actor)
    invitations.link(city, KEY, made.id, actor=actor)
    return made.id


def test_roles_apart_follow_from_the_rights() -> None:
    """Whoever looks at, advises or decides on held personal data; a new role with one of these rights is
    apart by itself.
    """
    assert (
        APART
        == {r for r in ROLES for a in PERSONAL if r in RIGHTS[a].roles}
        == {"steward", "dpo", "delegate"}
    )
    assert APART | {"admin"} == WEIGHTY
    assert {a for a, right in RIGHTS.items() if not right.city} <= PERSONAL


@pytest.mark.parametrize("role", sorted(APART))
@pytest.mark.parametrize("name", ["admin", "chef"])
def test_who_administers_takes_none_of_these_roles(city: City, browse: Browse, name: str, role: Role) -> None:
    """Neither of the city nor of an organisation, by the page of the account or by that of all; the password
    does not help.
    """
    client, before = browse(name), roles(city, name)
    mine = f"/comptes/{name}"
    assert (
        post(
            client, mine, f"{mine}/role", organisation="education", role=role, actuel=webcity.PASSWORD
        ).status_code
        == 403
    )
    again = post(
        client,
        "/comptes",
        email=f"{name}@montclair.example",
        organisation="education",
        role=role,
        actuel=webcity.PASSWORD,
    )
    assert again.status_code == 422
    assert roles(city, name) == before


def test_a_role_is_not_given_to_an_account_that_one_holds(city: City) -> None:
    """A puppet: invited as a reader, its link read, then made officer; by an accomplice that one made, too;
    not by the machine, which is nobody's puppet.
    """
    puppet = invited(city, "marionnette@ville.fr", actor="admin")
    second = invited(city, "complice@ville.fr", actor="admin", role="publisher")
    with city.db.begin() as conn:
        accounts.set_city_admin(conn, second, True, actor="admin", at=webcity.NOW)
        assert duties.controllers(conn, second) == {second, "admin"}
        for giver, receiver in (("admin", puppet), ("adjoint", puppet), (second, "admin"), (second, puppet)):
            for role in APART:
                with pytest.raises(Refused):
                    accounts.give_role(conn, receiver, "education", role, actor=giver, at=webcity.NOW)
        accounts.give_role(conn, puppet, "education", "publisher", actor="admin", at=webcity.NOW)
        accounts.give_role(
            conn,
            "agent" if accounts.person(conn, "agent") else "lecteur",
            "education",
            "dpo",
            actor="admin",
            at=webcity.NOW,
        )
        accounts.give_role(conn, puppet, "education", "dpo", actor="system", at=webcity.NOW)


@pytest.mark.parametrize("way", [duties.MAIL, duties.MACHINE])
def test_an_account_is_its_owners_again_by_a_link_that_nobody_else_read(city: City, way: str) -> None:
    """Once redeemed, not once made; a link read by hand does not clear it, nor does a password that was
    changed by whoever holds the account.
    """
    puppet, now = invited(city, "neuve@ville.fr", actor="admin"), webcity.NOW
    with city.db.begin() as conn:
        by_hand = tickets.make(conn, KEY, puppet, ends_at=now + timedelta(hours=1))
        tickets.redeem(conn, KEY, by_hand, "hash-1", now=now)
        accounts.set_password(conn, puppet, "hash-2", actor=puppet, at=now)
        assert duties.holders(conn, puppet) == {"admin"}
        clean = tickets.make(conn, KEY, puppet, ends_at=now + timedelta(hours=1), way=way)
        assert duties.holders(conn, puppet) == {"admin"}
        tickets.redeem(conn, KEY, clean, "hash-3", now=now)
        assert duties.holders(conn, puppet) == set()
        accounts.give_role(conn, puppet, "education", "dpo", actor="admin", at=now)


def test_the_way_of_a_link_is_under_its_seal(city: City) -> None:
    """A link that was read is not made one that was mailed by changing a letter."""
    with city.db.begin() as conn:
        name, ends, sign = tickets.make(conn, KEY, "lecteur", ends_at=webcity.NOW + timedelta(hours=1)).split(
            "."
        )
        for letter in "ms":
            with pytest.raises(Refused):
                tickets.owner(conn, KEY, f"{name}.{ends}.{letter}{sign[1:]}", now=webcity.NOW)


@pytest.mark.parametrize("name", ["dpo", "delegue", "qualite", "membre"])
def test_nobody_reads_a_link_that_takes_over_more_than_they_may(
    city: City, browse: Browse, name: str
) -> None:
    """The officer, the delegate, the steward, and who reads what is shared with a group: refused, told what
    to do, and no link is made; a publisher's is shown.
    """
    with city.db.read() as conn:
        person = next(p for p in accounts.everybody(conn) if p.email == f"{name}@montclair.example").id
        before = journal.last_seq(conn)
    answer = post(browse("admin"), f"/comptes/{person}", f"/comptes/{person}/lien")
    assert (answer.status_code, "lien=" in answer.text) == (403, False)
    assert "parvis people link" in answer.text
    with city.db.read() as conn:
        assert journal.last_seq(conn) == before
    shown = post(browse("admin"), "/comptes/publisher", "/comptes/publisher/lien")
    assert (shown.status_code, "lien=publisher." in shown.text) == (200, True)


def test_an_officer_is_invited_without_the_inviter_reading_the_link(city: City, browse: Browse) -> None:
    """Without mail the account is made, the role given, and the machine makes the link; with mail it goes to
    the officer and is not on the page.
    """
    form = {"nom": "Odile", "organisation": "education", "role": "dpo", "actuel": webcity.PASSWORD}
    answer = post(browse("admin"), "/comptes", email="odile@ville.fr", **form)
    assert (answer.status_code, "lien=" in answer.text, "parvis people link" in answer.text) == (
        403,
        False,
        True,
    )
    with mail_server() as office:
        mailing = settings.Alerts(sender="donnees@ville.fr", smtp=f"127.0.0.1:{office.port}", smtp_tls="none")
        able = replace(city, settings=replace(city.settings, alerts=mailing))
        with TestClient(create_app(able), follow_redirects=False) as client:
            answer = post(sharecity.sign_in(able, client, "admin"), "/comptes", email="paul@ville.fr", **form)
        assert (answer.status_code, "lien=" in answer.text) == (200, False)
        assert [m["To"] for m in office.taken()] == ["paul@ville.fr"]
    with TestClient(
        create_app(
            replace(able, settings=replace(able.settings, alerts=replace(mailing, smtp="127.0.0.1:1")))
        ),
        follow_redirects=False,
    ) as client:
        answer = post(sharecity.sign_in(able, client, "admin"), "/comptes", email="rosa@ville.fr", **form)
    assert "lien=" not in answer.text, "the mail did not leave: still nobody reads it"


def test_a_link_read_before_is_worth_nothing_once_the_account_may_more(city: City) -> None:
    """Read while the account was a reader's; then the machine made it the officer's, or a group took it in,
    or its reader lost their rights.
    """
    for n, more in enumerate(("dpo", "group", "suspended")):
        person = invited(city, f"avant{n}@ville.fr", actor="admin")
        with city.db.begin() as conn:
            ticket = tickets.make(conn, KEY, person, ends_at=webcity.NOW + timedelta(days=1))
            assert tickets.owner(conn, KEY, ticket, now=webcity.NOW).id == person
            if more == "dpo":
                accounts.give_role(conn, person, "education", "dpo", actor="system", at=webcity.NOW)
            elif more == "group":
                from parvis.people import groups

                groups.enrol(conn, "ccas", f"avant{n}@ville.fr", actor="system", at=webcity.NOW)
            else:
                accounts.suspend(conn, "admin", actor="system", at=webcity.NOW)
            with pytest.raises(Refused):
                tickets.owner(conn, KEY, ticket, now=webcity.NOW)


def test_administration_asks_for_the_password_again(city: City, browse: Browse) -> None:
    """Of the city, of an organisation, and the roles apart: none without it, none with a wrong one; a forged
    click gives nothing. Others need none.
    """
    admin, kept = browse("admin"), {"actuel": "pas le mien"}
    for fields in ({}, kept, {"actuel": ""}):
        for to, more in (
            ("administrer", {}),
            ("role", {"organisation": "education", "role": "admin"}),
            ("role", {"organisation": "education", "role": "dpo"}),
        ):
            sent = {k + ("-ville" if to == "administrer" else ""): v for k, v in fields.items()}
            answer = post(admin, "/comptes/lecteur", f"/comptes/lecteur/{to}", **more, **sent)
            assert answer.status_code == 422
    with city.db.read() as conn:
        person = accounts.person(conn, "lecteur")
        assert person is not None
        assert (person.city_admin, person.roles) == (False, {"education": "reader"})
    assert (
        post(
            admin, "/comptes/lecteur", "/comptes/lecteur/role", organisation="education", role="publisher"
        ).status_code
        == 303
    )
    assert (
        post(
            admin,
            "/comptes/lecteur",
            "/comptes/lecteur/role",
            organisation="education",
            role="admin",
            actuel=webcity.PASSWORD,
        ).status_code
        == 303
    )
    given = post(
        admin, "/comptes/lecteur", "/comptes/lecteur/administrer", **{"actuel-ville": webcity.PASSWORD}
    )
    assert given.headers["location"] == "/comptes/lecteur?fait=administre"
    with city.db.read() as conn:
        assert [e.verb for e in journal.of(conn, "lecteur", limit=3)] == [
            "city-admin-given",
            "role-given",
            "role-given",
        ]


def test_the_machine_is_the_way_of_a_small_town(city: City, browse: Browse) -> None:
    """One officer, no mail: `parvis people link` and `role` on the machine, as `system` in the journal; it
    says who read a link of the account before.
    """
    folder = city.settings.folder
    (folder / "parvis.toml").write_text('[city]\nname = "Montclair"\n', "utf-8")

    def ask(*said: str) -> dict[str, object]:
        done = parvis("people", *said, "--json", "-C", folder, cwd=folder)
        assert done.code == 0, (done.out, done.err)
        return json.loads(done.out)

    link = re.search(r"/mot-de-passe/.*", str(ask("link", "dpo@montclair.example")["link"]))
    assert link is not None
    client = browse()
    form = {
        "csrf": sharecity.token(client.get(link[0]).text),
        "lien": link[0].partition("=")[2],
        "nouveau": PHRASE,
        "encore": PHRASE,
    }
    assert client.post("/mot-de-passe/nouveau", data=form).status_code == 303
    with city.db.read() as conn:
        made, chosen = (
            journal.about(conn, "dpo", ("password-link-made",))[0],
            journal.about(conn, "dpo", ("password-set",))[0],
        )
    assert (made.actor, made.ids, chosen.ids["link"]) == ("system", {"by": "machine"}, "machine")
    puppet = invited(city, "suspecte@ville.fr", actor="admin")
    assert ask("role", "suspecte@ville.fr", "education", "dpo") | {} == {
        "ok": True,
        "id": puppet,
        "organisation": "education",
        "role": "dpo",
        "link_read_by": ["admin"],
    }
