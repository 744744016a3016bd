"""The second factor and passkeys: codes by the vectors of RFC 6238, what serves once, what is asked again; by
function, by page, and by an authenticator made here.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from pyotp.totp import TOTP
from sqlalchemy import text
from starlette.testclient import TestClient

from parvis.core.errors import NotSignedIn, ParvisError, UsageError
from parvis.people import accounts, csrf, passkeys, second_factor, sessions, throttle
from parvis.people.city_secret import derive
from parvis.people.passkeys import Place
from parvis.publication.city import City
from parvis.store import journal
from parvis.store.database import Database
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE, cookie_name
from tests.acceptance.commands import parvis
from tests.cities import sharecity, webcity

SECRET = b"s" * 32
NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
HTTPS = "https://donnees.montclair.example"


@pytest.fixture
def people(database: Database) -> Database:
    with database.begin() as conn:
        for name in ("marie", "jo"):
            accounts.make(
                conn,
                email=f"{name}@ville.fr",
                name=name,
                password_hash="x",
                actor="system",
                at=NOW,
                person_id=f"p-{name}",
            )
    return database


def begun(people: Database) -> tuple[TOTP, tuple[str, ...]]:
    """A factor of Marie's, confirmed by the code of the step before NOW, and her recovery codes."""
    with people.begin() as conn:
        code = TOTP(second_factor.begin(conn, SECRET, "p-marie", at=NOW))
        return code, second_factor.confirm(
            conn, SECRET, "p-marie", code.at(NOW - timedelta(seconds=30)), at=NOW
        )


# --- codes --------------------------------------------------------------------------------------------------


def test_codes_are_those_of_rfc_6238(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its vectors for SHA-1 (appendix B), the last six digits of eight."""
    monkeypatch.setattr(
        "parvis.people.second_factor.pyotp.random_base32", lambda: b32encode(b"12345678901234567890").decode()
    )
    for at, code in (
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ):
        moment = datetime.fromtimestamp(at, UTC)
        with people.begin() as conn:
            second_factor.begin(conn, SECRET, "p-marie", at=moment)
            assert second_factor.confirm(conn, SECRET, "p-marie", code, at=moment)
            second_factor.remove(conn, "p-marie", actor="p-marie", at=moment)


def test_a_code_serves_once_and_only_around_its_moment(people: Database) -> None:
    """The one before and the one after are taken (clocks differ); none twice, and none older than one that
    served; spaces do not matter.
    """
    code, _ = begun(people)
    half = timedelta(seconds=30)
    with people.begin() as conn:
        assert second_factor.spend(conn, SECRET, "p-marie", code.at(NOW - half), at=NOW) == "", (
            "it served to confirm"
        )
        assert second_factor.spend(conn, SECRET, "p-marie", code.at(NOW + 2 * half), at=NOW) == ""
        typed = code.at(NOW + half)
        assert second_factor.spend(conn, SECRET, "p-marie", f" {typed[:3]} {typed[3:]} ", at=NOW) == "code"
        assert second_factor.spend(conn, SECRET, "p-marie", typed, at=NOW) == ""
        assert second_factor.spend(conn, SECRET, "p-marie", code.at(NOW), at=NOW) == "", (
            "older than the one that served"
        )
        assert (
            second_factor.spend(conn, SECRET, "p-marie", code.at(NOW + 2 * half), at=NOW + 2 * half) == "code"
        )
        assert second_factor.spend(conn, SECRET, "p-jo", code.at(NOW + 3 * half), at=NOW + 3 * half) == ""


@given(st.text(max_size=12))
@settings(max_examples=60)
def test_no_other_text_is_a_code(said: str) -> None:
    """Whatever it is: none raises."""
    step = second_factor._step_of("JBSWY3DPEHPK3PXP" * 2, said, NOW)  # pyright: ignore[reportPrivateUsage]
    assert step == 0 or said.strip().isdigit()


def test_recovery_codes_serve_once_and_new_ones_replace_them(people: Database) -> None:
    """Ten, told once; the database holds digests alone, and the secret sealed; another person's are not one's
    own.
    """
    code, codes = begun(people)
    with people.begin() as conn:
        assert (len(codes), len(set(codes)), second_factor.left(conn, "p-marie")) == (10, 10, 10)
        assert second_factor.spend(conn, SECRET, "p-jo", codes[0], at=NOW) == ""
        assert (
            second_factor.spend(conn, SECRET, "p-marie", codes[0].upper().replace("-", " "), at=NOW)
            == "recovery"
        )
        assert second_factor.spend(conn, SECRET, "p-marie", codes[0], at=NOW) == ""
        fresh = second_factor.new_codes(conn, SECRET, "p-marie", at=NOW)
        assert second_factor.spend(conn, SECRET, "p-marie", codes[1], at=NOW) == ""
        assert second_factor.spend(conn, SECRET, "p-marie", fresh[1], at=NOW) == "recovery"
        dump = str(
            [
                tuple(row)
                for t in ("second_factors", "recovery_codes", "events")
                for row in conn.execute(text(f"SELECT * FROM {t}"))
            ]
        )
        for kept in (code.secret, *codes, *fresh):
            assert kept not in dump
            assert kept.replace("-", "") not in dump
        assert (
            second_factor.spend(conn, b"x" * 32, "p-marie", code.at(NOW + timedelta(seconds=30)), at=NOW)
            == ""
        ), "under another secret nothing is right"
        assert second_factor.remove(conn, "p-marie", actor="system", at=NOW)
        assert (
            second_factor.active(conn, "p-marie"),
            second_factor.left(conn, "p-marie"),
            second_factor.remove(conn, "p-marie", actor="system", at=NOW),
        ) == (False, 0, False)


def test_nothing_is_asked_before_the_application_has_the_secret(people: Database) -> None:
    """A secret that was drawn and not confirmed changes nothing; a wrong code does not confirm; a second
    factor is not begun over the first.
    """
    with people.begin() as conn:
        drawn = second_factor.begin(conn, SECRET, "p-marie", at=NOW)
        assert not second_factor.active(conn, "p-marie")
        with pytest.raises(UsageError):
            second_factor.confirm(
                conn,
                SECRET,
                "p-marie",
                "000000" if TOTP(drawn).at(NOW) != "000000" else "111111",
                at=NOW + timedelta(hours=1),
            )
        assert second_factor.begun(conn, SECRET, "p-marie") == drawn
        assert second_factor.spend(conn, SECRET, "p-marie", TOTP(drawn).at(NOW), at=NOW) == ""
        again = second_factor.begin(conn, SECRET, "p-marie", at=NOW)
        assert again != drawn
        second_factor.confirm(conn, SECRET, "p-marie", TOTP(again).at(NOW), at=NOW)
        with pytest.raises(UsageError):
            second_factor.begin(conn, SECRET, "p-marie", at=NOW)
        with pytest.raises(UsageError):
            second_factor.confirm(conn, SECRET, "p-marie", TOTP(again).at(NOW), at=NOW)


# --- passkeys -----------------------------------------------------------------------------------------------


@dataclass
class Authenticator:
    """A device that holds one P-256 key and answers as WebAuthn level 3 says."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"credential-of-a-test"
    count: int = 0
    flags: int = 0x05
    """User present and verified."""

    def _said(self, kind: str, options: dict[str, object], origin: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": options["challenge"], "origin": origin, "crossOrigin": False}
        ).encode()

    def _data(self, name: str, more: bytes = b"", flags: int = 0) -> bytes:
        self.count += 1
        return (
            hashlib.sha256(name.encode()).digest()
            + bytes([self.flags | flags])
            + struct.pack(">I", self.count)
            + more
        )

    def make(self, options: str, *, origin: str) -> str:
        told = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        data = self._data(
            told["rp"]["id"], b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + cose, 0x40
        )
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._said("webauthn.create", told, origin), attestationObject=attestation
        )

    def use(self, options: str, *, origin: str, name: str = "") -> str:
        told = json.loads(options)
        said, data = self._said("webauthn.get", told, origin), self._data(name or told["rpId"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _answer(self, **response: bytes) -> str:
        here = _url(self.id)
        return json.dumps(
            {
                "id": here,
                "rawId": here,
                "type": "public-key",
                "response": {k: _url(v) for k, v in response.items()},
            }
        )


def _url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


PLACE = Place(HTTPS, "browser-cookie", SECRET)


def with_passkey(people: Database) -> Authenticator:
    device = Authenticator()
    with people.begin() as conn:
        person = accounts.person(conn, "p-marie")
        assert person is not None
        passkeys.keep(
            conn,
            PLACE,
            person,
            device.make(passkeys.offer(conn, PLACE, person, "Montclair", now=NOW), origin=HTTPS),
            " Portable ",
            now=NOW,
        )
    return device


def test_a_passkey_opens_its_account(people: Database) -> None:
    """Made once, used again and again; the key is listed by its name; erasing the account takes it."""
    device = with_passkey(people)
    with people.begin() as conn:
        for _ in range(2):
            assert (
                passkeys.verify(conn, PLACE, device.use(passkeys.ask(PLACE, now=NOW), origin=HTTPS), now=NOW)
                == "p-marie"
            )
        assert [(k.label, k.last_used_at) for k in passkeys.of(conn, "p-marie")] == [("Portable", NOW)]
        accounts.erase(conn, "p-marie", actor="system", at=NOW)
        assert passkeys.of(conn, "p-marie") == ()


def test_any_other_answer_opens_nothing(people: Database) -> None:
    """Twice, late, of another browser, site, city, key or name, without the owner's gesture, counted
    backwards, or for making instead of using.
    """
    device = with_passkey(people)
    asked = passkeys.ask(PLACE, now=NOW)
    once = device.use(asked, origin=HTTPS)
    old, other = passkeys.ask(PLACE, now=NOW - passkeys.LASTS), Place(HTTPS, "another-cookie", SECRET)
    with people.begin() as conn:
        assert passkeys.verify(conn, PLACE, once, now=NOW) == "p-marie"

    def fresh() -> str:
        return passkeys.ask(PLACE, now=NOW)

    with people.begin() as conn:
        person = accounts.person(conn, "p-marie")
        assert person is not None
        offered = passkeys.offer(conn, PLACE, person, "", now=NOW)
    wrong = {
        "twice": once,
        "late": device.use(old, origin=HTTPS),
        "browser": device.use(passkeys.ask(other, now=NOW), origin=HTTPS),
        "site": device.use(fresh(), origin="https://piege.example"),
        "name": device.use(fresh(), origin=HTTPS, name="piege.example"),
        "city": device.use(passkeys.ask(replace(PLACE, secret=b"x" * 32), now=NOW), origin=HTTPS),
        "key": Authenticator(count=90).use(fresh(), origin=HTTPS),
        "unknown": Authenticator(id=b"nobody").use(fresh(), origin=HTTPS),
        "unverified": replace(device, flags=0x01, count=200).use(fresh(), origin=HTTPS),
        "backwards": replace(device, count=0).use(fresh(), origin=HTTPS),
        "purpose": device.use(
            json.dumps(json.loads(offered) | {"rpId": "donnees.montclair.example"}), origin=HTTPS
        ),
    }
    for name, answer in wrong.items():
        with people.begin() as conn, pytest.raises(NotSignedIn):
            assert passkeys.verify(conn, PLACE, answer, now=NOW) == name
    with people.begin() as conn:
        assert passkeys.purge(conn, now=NOW + timedelta(days=1)) > 0


def test_a_passkey_is_not_made_on_an_answer_that_is_none(people: Database) -> None:
    """Twice the same, without the owner's gesture, of another site; and for an address without a name there
    are none at all.
    """
    device = with_passkey(people)
    with people.begin() as conn:
        person = accounts.person(conn, "p-jo")
        assert person is not None
        for made, origin in (
            (device, HTTPS),
            (Authenticator(id=b"b", flags=0x01), HTTPS),
            (Authenticator(id=b"c"), "https://piege.example"),
        ):
            with pytest.raises(UsageError):
                passkeys.keep(
                    conn,
                    PLACE,
                    person,
                    made.make(passkeys.offer(conn, PLACE, person, "", now=NOW), origin=origin),
                    "",
                    now=NOW,
                )
        assert passkeys.of(conn, "p-jo") == ()
        for base in ("https://192.0.2.1", "http://donnees.montclair.example", "https://[::1]", ""):
            assert (
                passkeys.ask(replace(PLACE, base=base), now=NOW)
                == passkeys.offer(conn, replace(PLACE, base=base), person, "", now=NOW)
                == ""
            )
        assert passkeys.ask(replace(PLACE, base="http://localhost:8000"), now=NOW)


BITS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from([_url(cbor2.dumps({"a": [1] * 9})), "=", "é", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "clientDataJSON",
                    "authenticatorData",
                    "signature",
                    "attestationObject",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(
    st.one_of(
        st.text(max_size=40),
        BITS.map(json.dumps),
        st.sampled_from(["[" * 15_000, "{" * 9, "x" * 30_000, '{"id":1e999}']),
    ),
    st.binary(max_size=60),
)
@settings(max_examples=150)
def test_a_malformed_answer_is_refused_by_a_sentence(scratch: Database, said: str, raw: bytes) -> None:
    """Text, JSON of any shape, depth and size; and well-formed JSON around bytes that are neither CBOR nor a
    challenge.
    """
    around = json.dumps(
        {
            "id": _url(raw),
            "rawId": _url(raw),
            "type": "public-key",
            "response": {
                "clientDataJSON": _url(
                    json.dumps({"type": "webauthn.get", "challenge": _url(raw), "origin": HTTPS}).encode()
                ),
                "authenticatorData": _url(raw),
                "signature": _url(raw),
                "attestationObject": _url(raw),
            },
        }
    )
    nobody = accounts.Person("p-x")
    for answer in (said, around):
        with scratch.begin() as conn:
            with pytest.raises(ParvisError):
                passkeys.verify(conn, PLACE, answer, now=NOW)
            with pytest.raises(ParvisError):
                passkeys.keep(conn, PLACE, nobody, answer, "", now=NOW)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('scratch') / 'parvis.db'}")
    made.migrate()
    yield made
    made.close()


# --- pages --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    sharecity.build(folder)
    return folder


@pytest.fixture
def city(built: Path, tmp_path: Path) -> Iterator[City]:
    made = sharecity.copy(built, tmp_path / "city")
    moment = [webcity.NOW]
    yield replace(
        made,
        settings=replace(made.settings, serve=replace(made.settings.serve, base_url=HTTPS)),
        now=lambda: moment[0],
    )
    sharecity.close(made)


@pytest.fixture
def client(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(city), base_url=HTTPS, follow_redirects=False) as made:
        yield made


def post(client: TestClient, page: str, to: str = "", **fields: str) -> Response:
    return client.post(to or page, data=fields | {"csrf": sharecity.token(client.get(page).text)})


def enter(client: TestClient, **fields: str) -> Response:
    return post(
        client,
        "/connexion",
        email="lecteur@montclair.example",
        **({"password": webcity.PASSWORD, "suite": "/depots"} | fields),
    )


ME = "/mon-compte/securite"


def test_a_code_is_asked_for_once_it_was_set_up(city: City, client: TestClient) -> None:
    """Set up with the password, shown once, confirmed; then the password alone opens nothing, a code does,
    and the twin never holds the secret.
    """
    assert enter(client).headers["location"] == "/depots"
    assert post(client, ME, f"{ME}/commencer").status_code == 422
    shown = post(client, ME, f"{ME}/commencer", **{"actuel-code": webcity.PASSWORD})
    drawn = re.search(r"secret=([A-Z2-7]+)", unescape(shown.text))
    assert drawn is not None
    assert (shown.status_code, shown.headers["cache-control"], "data:image/svg+xml" in shown.text) == (
        200,
        "no-store",
        True,
    )
    assert drawn[1] not in client.get(f"{ME}.json").text + client.get(ME).text
    code = TOTP(drawn[1])
    csrf_ = sharecity.token(shown.text)
    assert client.post(f"{ME}/confirmer", data={"csrf": csrf_, "code": "12"}).status_code == 422
    done = client.post(f"{ME}/confirmer", data={"csrf": csrf_, "code": code.at(webcity.NOW)})
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", done.text)
    assert len(codes) == 10
    assert client.get(f"{ME}.json").json() | {"keys": [], "sessions": []} == {
        "second": True,
        "recovery": 10,
        "keys": [],
        "able": True,
        "secret": "",
        "otpauth": "",
        "qr": "",
        "codes": [],
        "offer": "",
        "label": "",
        "wrong": [],
        "vouched": True,
        "programs": [],
        "lacking": False,
        "sessions": [],
    }
    client.cookies.clear()
    half = enter(client)
    assert half.headers["location"] == "/connexion/code?suite=%2Fdepots"
    assert client.get("/depots").status_code != 200
    assert post(client, "/connexion/code", code=code.at(webcity.NOW), suite="/depots").status_code == 401, (
        "it served already"
    )
    opened = post(
        client, "/connexion/code", code=code.at(webcity.NOW + timedelta(seconds=30)), suite="/depots"
    )
    assert (opened.status_code, opened.headers["location"]) == (303, "/depots")
    assert client.get("/depots").status_code == 200
    client.cookies.clear()
    assert client.get("/connexion/code").headers["location"].startswith("/connexion")
    enter(client)
    assert post(client, "/connexion/code", code=codes[3], suite="/depots").status_code == 303
    assert post(client, ME, f"{ME}/retirer", **{"actuel-retrait": "faux"}).status_code == 422
    assert post(client, ME, f"{ME}/retirer", **{"actuel-retrait": webcity.PASSWORD}).status_code == 303
    with city.db.read() as conn:
        person = next(p.id for p in accounts.everybody(conn) if p.email == "lecteur@montclair.example")
        verbs = [e.verb for e in journal.of(conn, person)][::-1]
        assert [v for v in verbs if v.startswith(("second", "recovery"))] == [
            "second-factor-added",
            "recovery-codes-made",
            "second-factor-failed",
            "recovery-code-used",
            "second-factor-removed",
        ]


def test_codes_are_not_guessed(city: City, client: TestClient) -> None:
    """Five wrong ones after the right password, then wait: the right one too."""
    with city.db.begin() as conn:
        code = TOTP(second_factor.begin(conn, sharesecret(city), "lecteur", at=webcity.NOW))
        second_factor.confirm(conn, sharesecret(city), "lecteur", code.at(webcity.NOW), at=webcity.NOW)
    enter(client)
    said = [post(client, "/connexion/code", code=f"00000{n}", suite="/depots").status_code for n in range(5)]
    assert said == [401] * 5
    assert (
        post(client, "/connexion/code", code=code.at(webcity.NOW + timedelta(seconds=30))).status_code == 429
    )


def test_who_has_the_password_and_guesses_codes_keeps_the_owner_out_of_no_browser(
    city: City, client: TestClient
) -> None:
    """A thief waits, from wherever; the browser that the account was opened from, and another address, do not."""
    now = webcity.NOW
    with city.db.begin() as conn:
        code = TOTP(second_factor.begin(conn, sharesecret(city), "lecteur", at=now))
        paper = second_factor.confirm(conn, sharesecret(city), "lecteur", code.at(now), at=now)
    enter(client)
    assert post(client, "/connexion/code", code=code.at(now + timedelta(seconds=30))).status_code == 303
    key = derive(sharesecret(city), "throttle")

    def tried(mark: str, address: str) -> timedelta:
        with city.db.begin() as conn:
            return throttle.enter(
                conn, second_factor.tries(key, "lecteur", mark=mark, address=address), now, of="code"
            )

    assert [bool(tried("", "192.0.2.7")) for _ in range(6)] == [False] * 5 + [True]
    assert not tried("", "192.0.2.8")
    assert any(tried("", f"198.51.100.{n}") for n in range(40))
    assert tried("", "203.0.113.9")
    assert [bool(tried("known", "192.0.2.7")) for _ in range(6)] == [False] * 5 + [True]
    assert not tried("another", "192.0.2.7")
    stranger = TestClient(client.app, base_url=str(client.base_url), follow_redirects=False)
    enter(stranger)
    assert post(stranger, "/connexion/code", code="000000").status_code == 429
    client.cookies.delete(cookie_name(SESSION_COOKIE, HTTPS))
    enter(client)
    assert post(client, "/connexion/code", code=paper[0]).status_code == 303


def sharesecret(city: City) -> bytes:
    from parvis.administration import invitations

    return invitations.secret_of(city.settings)


def test_a_passkey_signs_in_on_the_page(city: City, client: TestClient) -> None:
    """Added once the password was shown, used without it, also where a code would be asked; taken away, it
    opens nothing; a reset password takes it too.
    """
    enter(client)
    assert (
        post(client, ME, f"{ME}/cles/nouvelle", nom="Portable", **{"actuel-cle": "faux"}).status_code == 422
    )
    offered = post(client, ME, f"{ME}/cles/nouvelle", nom="Portable", **{"actuel-cle": webcity.PASSWORD})
    options, device = re.search(r'data-options="([^"]+)"', offered.text), Authenticator()
    assert options is not None
    answer = device.make(unescape(options[1]), origin=HTTPS)
    kept = client.post(
        f"{ME}/cles", data={"csrf": sharecity.token(offered.text), "nom": "Portable", "reponse": answer}
    )
    assert kept.headers["location"] == f"{ME}?fait=cle"
    assert "Portable" in client.get(ME).text
    with city.db.begin() as conn:
        code = TOTP(second_factor.begin(conn, sharesecret(city), "lecteur", at=webcity.NOW))
        second_factor.confirm(conn, sharesecret(city), "lecteur", code.at(webcity.NOW), at=webcity.NOW)

    def by_key() -> Response:
        client.cookies.clear()
        page = client.get("/connexion").text
        asked = re.search(r'data-options="([^"]+)"', page)
        assert asked is not None
        told = device.use(unescape(asked[1]), origin=HTTPS)
        return client.post(
            "/connexion/cle", data={"csrf": sharecity.token(page), "reponse": told, "suite": "/depots"}
        )

    assert by_key().headers["location"] == "/depots"
    assert client.get("/depots").status_code == 200
    listed = client.get(f"{ME}.json").json()["keys"]
    post(client, ME, f"{ME}/cles/retirer", cle=listed[0]["id"], **{"actuel-sans-cle": webcity.PASSWORD})
    assert by_key().status_code == 401
    with city.db.read() as conn:
        assert journal.all_of(conn, ("sign-in-failed",))[-1].ids["by"] == "passkey"


def test_cookies_over_https_are_this_host_s_alone(city: City, client: TestClient) -> None:
    """`__Host-`, Secure, HttpOnly, SameSite, Path=/, no Domain; a cookie without the prefix is none; HSTS on
    every answer, and none of it over HTTP.
    """
    page = client.get("/connexion")
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    opened = enter(client)
    for said in [*page.headers.get_list("set-cookie"), *opened.headers.get_list("set-cookie")]:
        assert said.startswith("__Host-parvis_")
        assert "domain" not in said.lower()
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
            assert part in said
    with city.db.begin() as conn:
        token = sessions.start(conn, "lecteur", now=webcity.NOW)
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, token)
    assert client.get("/depots").status_code == 303
    plain = replace(city, settings=replace(city.settings, serve=replace(city.settings.serve, base_url="")))
    with TestClient(create_app(plain), follow_redirects=False) as other:
        answer = other.get("/connexion")
        assert answer.headers["set-cookie"].startswith("parvis_form=")
        assert "strict-transport-security" not in answer.headers


def test_a_form_of_another_site_signs_nobody_in(city: City, client: TestClient) -> None:
    """Login CSRF: a planted cookie of one's own making, an old one, a real one with its token sent from
    elsewhere, in new browsers and old.
    """
    secret = sharesecret(city)
    good = {"email": "lecteur@montclair.example", "password": webcity.PASSWORD}
    for planted in (
        "x",
        "a" * 32,
        csrf.pre_session(b"x" * 32, now=webcity.NOW),
        csrf.pre_session(secret, now=webcity.NOW - csrf.PRE_SESSION),
        "a.b.c",
        "..",
        "٣.٣.x",
    ):
        client.cookies.set("__Host-parvis_form", planted.encode("ascii", "replace").decode())
        assert client.post("/connexion", data=good | {"csrf": csrf.token(secret, planted)}).status_code == 403
    client.cookies.clear()
    ours = csrf.pre_session(secret, now=webcity.NOW)
    client.cookies.set("__Host-parvis_form", ours)
    form = good | {"csrf": csrf.token(secret, ours)}
    for header in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://piege.example"},
        {"origin": "https://autre.montclair.example"},
        {"origin": "https://donnees.montclair.example.piege.example"},
        {"sec-fetch-site": "cross-site", "origin": HTTPS},
    ):
        assert client.post("/connexion", data=form, headers=header).status_code == 403, header
    for header in ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": HTTPS}, {}):
        client.cookies.clear()
        client.cookies.set("__Host-parvis_form", ours)
        assert client.post("/connexion", data=form, headers=header).status_code == 303, header


def test_sessions_end_by_the_settings(city: City) -> None:
    """Not used for `idle_minutes`, or after `session_hours`; settings that let nobody in are told."""
    moment = [webcity.NOW]
    for minutes, hours, uses, alive in (
        (30.0, 12.0, (29, 58), True),
        (30.0, 12.0, (31,), False),
        (30.0, 1.0, (20, 40, 59), True),
        (30.0, 1.0, (20, 40, 61), False),
        (0.0, 1.0, (59,), True),
    ):
        serve = replace(city.settings.serve, idle_minutes=minutes, session_hours=hours)
        of = replace(city, settings=replace(city.settings, serve=serve), now=lambda: moment[0])
        moment[0] = webcity.NOW
        with TestClient(create_app(of), base_url=HTTPS, follow_redirects=False) as client:
            enter(client)
            found = 0
            for use in uses:
                moment[0] = webcity.NOW + timedelta(minutes=use)
                found = client.get("/depots").status_code
            assert (found == 200) is alive, (minutes, hours, uses)
    for bad in ({"session_hours": 0.0}, {"idle_minutes": -1.0}):
        with pytest.raises(UsageError):
            sessions.times(replace(city.settings.serve, **bad))


def test_the_machine_opens_a_locked_account(city: City) -> None:
    """`parvis people unlock`: a lost telephone; in the journal as `system`."""
    with city.db.begin() as conn:
        code = TOTP(second_factor.begin(conn, sharesecret(city), "lecteur", at=webcity.NOW))
        second_factor.confirm(conn, sharesecret(city), "lecteur", code.at(webcity.NOW), at=webcity.NOW)
    folder = city.settings.folder
    (folder / "parvis.toml").write_text('[city]\nname = "Montclair"\n', "utf-8")
    done = parvis("people", "unlock", "lecteur@montclair.example", "--json", "-C", folder, cwd=folder)
    assert (done.code, json.loads(done.out)) == (
        0,
        {"ok": True, "id": "lecteur", "second_factor": True, "passkeys": 0, "api_keys": 0},
    )
    with city.db.read() as conn:
        assert not second_factor.active(conn, "lecteur")
        assert journal.about(conn, "lecteur", ("second-factor-removed",))[0].actor == "system"


def test_bits_are_read_back() -> None:
    """The authenticator of these tests writes base64url as browsers do."""
    assert urlsafe_b64decode(_url(b"\xff\xfe\xfd") + "=") == b"\xff\xfe\xfd"
