"""Colleagues invited, given and taken back roles, closed and erased; passwords chosen by a link: by page, by
command and by mail, on the small city.
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
from parvis.core.errors import Refused, TooMany
from parvis.people import accounts, tickets
from parvis.people.passwords import Passwords
from parvis.people.rights import ROLE_TITLES
from parvis.publication.city import City
from parvis.store import journal
from parvis.web import words
from parvis.web.app import create_app
from tests.acceptance.commands import parvis
from tests.alerts.alert_servers import mail_server
from tests.cities import sharecity, webcity

PHRASE = "des platanes sur la place"
KEY = b"k" * 32
Browse = Callable[..., TestClient]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    sharecity.build(folder)
    city = webcity.open_again(folder)
    with city.db.begin() as conn:
        accounts.set_city_admin(conn, "admin", True, actor="system", at=webcity.NOW)
        accounts.give_role(conn, "qualite", "education", "admin", actor="system", at=webcity.NOW)
    sharecity.close(city)
    return folder


@pytest.fixture
def city(built: Path, tmp_path: Path) -> Iterator[City]:
    made = sharecity.copy(built, tmp_path / "city")
    yield made
    sharecity.close(made)


@pytest.fixture
def browse(city: City) -> Iterator[Browse]:
    """A browser, signed in under that name or as nobody."""
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


def link_in(text: str) -> str:
    """Path and query of the link that a page or a mail holds."""
    found = re.search(r"/mot-de-passe/nouveau\?lien=[\w.-]+", text)
    assert found is not None
    return found.group()


def choose(client: TestClient, link: str, password: str = PHRASE, again: str = PHRASE) -> int:
    """Follow a link and choose a password; the status of the answer."""
    page = client.get(link)
    if page.status_code != 200:
        return page.status_code
    form = {
        "csrf": sharecity.token(page.text),
        "lien": link.partition("=")[2],
        "nouveau": password,
        "encore": again,
    }
    return client.post("/mot-de-passe/nouveau", data=form).status_code


def verbs(city: City, person: str) -> list[str]:
    with city.db.read() as conn:
        return [e.verb for e in journal.of(conn, person)]


def test_roles_have_one_title() -> None:
    """Pages and rights call a role the same."""
    assert words.ROLES == ROLE_TITLES


def test_a_colleague_is_invited_and_the_link_serves_once(city: City, browse: Browse) -> None:
    """The link is on the page once; followed, it makes the password; a second time, in another browser, it is
    worth nothing; every step is in the journal.
    """
    admin, new = browse("admin"), browse()
    made = post(
        admin,
        "/comptes",
        email="Nadia.Roux@ville.fr",
        nom="Nadia Roux",
        organisation="education",
        role="publisher",
    )
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    link = link_in(made.text)
    with city.db.read() as conn:
        nadia = next(p for p in accounts.everybody(conn) if p.email == "nadia.roux@ville.fr")
    assert nadia.roles == {"education": "publisher"}
    assert "lien=" not in admin.get(f"/comptes/{nadia.id}").text
    shown = new.get(link)
    assert (shown.headers["referrer-policy"], shown.headers["cache-control"]) == ("no-referrer", "no-store")
    assert choose(new, link, "court", "court") == 422
    assert choose(new, link, PHRASE, PHRASE + "s") == 422
    assert choose(new, link) == 303
    assert choose(browse(), link) == 403
    signed = post(new, "/connexion", email="nadia.roux@ville.fr", password=PHRASE, suite="/depots")
    assert signed.headers["location"] == "/depots"
    assert verbs(city, nadia.id)[::-1] == [
        "person-made",
        "role-given",
        "password-link-made",
        "password-set",
        "signed-in",
    ]


def test_a_ticket_is_refused_when_over_forged_or_for_a_closed_account(city: City) -> None:
    """Another person's name, another end, another secret, a suspended account, and the moment after; and all
    tickets fall together.
    """
    now = webcity.NOW
    with city.db.begin() as conn:
        first, second = (tickets.make(conn, KEY, "lecteur", ends_at=now + timedelta(hours=h)) for h in (1, 2))
        name, ends, sign = first.split(".")
        bad = (
            f"admin.{ends}.{sign}",
            f"{name}.{int(ends) + 9}.{sign}",
            f"{name}.{ends}.{sign[:-1]}",
            name,
            "",
            "a.b.c",
            "lecteur.٣.x",
            first + "\ud800",
        )
        for said, key, at in (
            *((b, KEY, now) for b in bad),
            (first, b"x" * 32, now),
            (first, KEY, now + timedelta(hours=1)),
        ):
            with pytest.raises(Refused):
                tickets.owner(conn, key, said, now=at)
        assert tickets.owner(conn, KEY, first, now=now).id == "lecteur"
        accounts.suspend(conn, "lecteur", actor="system", at=now)
        with pytest.raises(Refused):
            tickets.redeem(conn, KEY, first, "hash", now=now)
        accounts.restore(conn, "lecteur", actor="system", at=now)
        tickets.redeem(conn, KEY, first, Passwords().hash(PHRASE), now=now)
        for used in (first, second):
            with pytest.raises(Refused):
                tickets.redeem(conn, KEY, used, "hash", now=now)


def test_a_lost_password_tells_nobody_who_has_an_account(city: City) -> None:
    """Known, unknown, suspended or no address at all: one answer; a mail only for the known, whose link leads
    to the address of the settings; then wait.
    """
    with mail_server() as post_office:
        of = city.settings.alerts
        mailing = settings.Alerts(
            sender="donnees@ville.fr",
            smtp=f"127.0.0.1:{post_office.port}",
            smtp_tls="none",
            webhooks=of.webhooks,
        )
        serve = replace(city.settings.serve, hosts=("autre.montclair.example",))
        able = replace(city, settings=replace(city.settings, alerts=mailing, serve=serve))
        with city.db.begin() as conn:
            accounts.suspend(conn, "autre", actor="system", at=webcity.NOW)
        said = set[str]()
        with TestClient(
            create_app(able), follow_redirects=False, headers={"Host": "autre.montclair.example"}
        ) as client:
            for email in (
                "lecteur@montclair.example",
                "personne@montclair.example",
                "autre@montclair.example",
                "rien",
            ):
                answer = post(client, "/mot-de-passe", email=email)
                assert answer.status_code == 200
                said.add(re.sub(r"[0-9a-f]{96}", "", answer.text.replace(email, "")))
        assert len(said) == 1
        invitations.lost(able, KEY, "lecteur@montclair.example", address="192.0.2.9").join()
        mails = post_office.taken()
        assert {m["To"] for m in mails} == {"lecteur@montclair.example"}
        assert all("http://testserver/mot-de-passe/nouveau?lien=lecteur." in m.get_content() for m in mails)
        invitations.lost(able, KEY, "inconnue@montclair.example", address="192.0.2.9").join()
        for email in ("lecteur@montclair.example", "inconnue@montclair.example"):
            with pytest.raises(TooMany, match="Trop de liens"):
                _ask_often(able, email)


def _ask_often(city: City, email: str) -> None:
    for _ in range(4):
        invitations.lost(city, KEY, email, address="192.0.2.9").join()


def test_a_role_is_given_and_taken_back_at_once(city: City, browse: Browse) -> None:
    """From the next request on; by who administers the organisation, for its own people only."""
    head, reader = browse("qualite"), browse("lecteur")
    assert reader.get("/depots").status_code == 200
    assert (
        post(head, "/comptes/lecteur", "/comptes/lecteur/reprendre", organisation="education").headers[
            "location"
        ]
        == "/comptes?fait=repris"
    )
    assert reader.get("/depots").status_code == 403
    assert verbs(city, "lecteur")[0] == "role-taken"
    assert head.get("/comptes/lecteur").status_code == 404
    assert (
        post(
            head, "/comptes", email="lecteur@montclair.example", organisation="education", role="reader"
        ).headers["location"]
        == "/comptes/lecteur?fait=role"
    )
    assert reader.get("/depots").status_code == 200
    assert (
        post(
            head, "/comptes", email="lecteur@montclair.example", organisation="finances", role="reader"
        ).status_code
        == 422
    )
    assert [head.get(p).status_code for p in ("/comptes/autre", "/comptes.json")] == [404, 200]
    for act in ("lien", "suspendre", "effacer", "administrer"):
        assert post(head, "/comptes/lecteur", f"/comptes/lecteur/{act}").status_code == 403


def test_nobody_decides_for_themselves_and_one_administrator_stays(city: City, browse: Browse) -> None:
    """The officer's and the delegate's roles come from somebody else; the last administrator can't step down;
    without a token nothing happens.
    """
    admin = browse("admin")
    assert (
        post(admin, "/comptes/admin", "/comptes/admin/role", organisation="education", role="dpo").status_code
        == 403
    )
    assert post(admin, "/comptes/admin", "/comptes/admin/ne-plus-administrer").status_code == 403
    assert admin.post("/comptes/lecteur/suspendre").status_code == 403
    assert post(admin, "/comptes/lecteur", "/comptes/lecteur/suspendre").status_code == 303
    assert post(admin, "/comptes/lecteur", "/comptes/lecteur/retablir").status_code == 303
    assert post(admin, "/comptes/lecteur", "/comptes/lecteur/effacer").status_code == 422
    assert post(admin, "/comptes/lecteur", "/comptes/lecteur/effacer", sur="oui").status_code == 303
    assert admin.get("/comptes/lecteur").status_code == 404
    assert [browse("agent").get(p).status_code for p in ("/comptes", "/comptes/dpo")] == [403, 403]
    assert browse().get("/comptes").status_code in (303, 401)


def test_one_changes_ones_own_password(browse: Browse) -> None:
    """With the present one; other sessions end, this one goes on."""
    here, elsewhere = browse("lecteur"), browse("lecteur")
    form = {"nouveau": PHRASE, "encore": PHRASE}
    assert post(here, "/mon-compte", actuel="ce n’est pas lui", **form).status_code == 422
    assert post(here, "/mon-compte", actuel=webcity.PASSWORD, **form).status_code == 303
    assert here.get("/mon-compte").status_code == 200
    assert elsewhere.get("/mon-compte").status_code != 200


def test_the_same_by_command(city: City) -> None:
    """`invite`, `unrole`, `restore`, `link`: one object each; the link is the one that the page takes."""
    folder = city.settings.folder
    (folder / "parvis.toml").write_text(
        '[city]\nname = "Montclair"\n[serve]\nbase_url = "http://testserver"\n', "utf-8"
    )

    def ask(*said: str, code: int = 0) -> dict[str, object]:
        done = parvis("people", *said, "--json", "-C", folder, cwd=folder)
        assert done.code == code, (done.out, done.err)
        found = json.loads(done.out)
        assert isinstance(found, dict)
        return found

    made = ask("invite", "neuf@ville.fr", "education", "publisher", "--name", "Neuf")
    with TestClient(create_app(city), follow_redirects=False) as client:
        assert choose(client, link_in(str(made["link"]))) == 303
        assert choose(client, link_in(str(ask("link", "neuf@ville.fr")["link"]))) == 303
    ask("unrole", "neuf@ville.fr", "education")
    assert ask("unrole", "neuf@ville.fr", "education", code=64)["ok"] is False
    ask("suspend", "neuf@ville.fr")
    assert ask("link", "neuf@ville.fr", code=3)["ok"] is False
    ask("restore", "neuf@ville.fr")
    assert ask("link", "neuf@ville.fr", "--mail", code=64)["ok"] is False


def test_the_mail_is_tried_and_why_it_does_not_leave_is_said(city: City) -> None:
    """By a server that answers, one that refuses, none at all, and none that is set."""

    def asked(smtp: str, tls: str = "none") -> Response:
        mailing = settings.Alerts(sender="donnees@ville.fr", smtp=smtp, smtp_tls=tls)
        able = replace(city, settings=replace(city.settings, alerts=mailing))
        with TestClient(create_app(able), follow_redirects=False) as client:
            return post(sharecity.sign_in(able, client, "admin"), "/comptes", "/comptes/essai-courriel")

    with mail_server() as post_office:
        server = f"127.0.0.1:{post_office.port}"
        assert asked(server).headers["location"] == "/comptes?fait=courriel"
        (mail,) = post_office.taken()
        assert (mail["To"], mail["Subject"]) == ("admin@montclair.example", "Message d’essai du portail")
        post_office.answer = lambda recipient: "550 no such user"
        for answer, why in (
            (asked(server), "refuse votre adresse"),
            (asked(server, "starttls"), "ne propose pas"),
            (asked(server, "tls"), "ne parle pas TLS"),
            (asked("127.0.0.1:9"), "Rien ne répond à 127.0.0.1:9"),
            (asked(""), "Aucun serveur de courriel"),
        ):
            assert answer.status_code == 422
            assert why in answer.text.replace("\u00a0", " ")
            assert 'id="essai-why"' in answer.text
    assert len(post_office.taken()) == 1
