"""Who asks, and by which name of the portal: proxies that are believed and those that are not, hosts that are
ours and those that poison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from parvis import api
from parvis.cli.init import template
from parvis.core import origin, settings
from parvis.core.errors import UsageError
from parvis.core.origin import Hosts, Origin, Proxies
from parvis.core.settings import Serve
from parvis.people import throttle
from parvis.publication.city import City
from parvis.web.app import create_app
from tests.cities import sharecity, webcity

NEAR = origin.proxies(Serve(trusted_proxies=("10.0.0.0/8", "2001:db8:1::/48")))
RFC = replace(NEAR, dialect="forwarded")


def headers(**said: str) -> list[tuple[bytes, bytes]]:
    return [
        (k.replace("_", "-").encode(), v.encode()) for k, v in {"host": "donnees.ville.fr", **said}.items()
    ]


# --- who asks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # the neighbour is nobody: what it writes is nothing
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (
            "10.0.0.1",
            "6.6.6.6, 198.51.100.7",
            "198.51.100.7",
        ),  # what the visitor wrote before the proxy added its line
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 10.9.9.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.5, 10.0.0.2", "10.0.0.5"),  # somebody inside
        ("10.0.0.1", "198.51.100.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8:cafe::17]:4711", "2001:db8:cafe::17"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("2001:db8:1::1", "2001:db8:cafe::17", "2001:db8:cafe::17"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", " , ,", "10.0.0.1"),
        ("", "198.51.100.7", ""),
    ],
)
def test_the_chain_is_read_from_the_right_through_trusted_hops(peer: str, chain: str, client: str) -> None:
    """The first that is no trusted proxy; in both dialects."""
    assert origin.origin(peer, "http", headers(x_forwarded_for=chain), NEAR).client == client
    steps = ", ".join(f'for="{one.strip()}"' for one in chain.split(",") if one.strip())
    assert origin.origin(peer, "http", headers(forwarded=steps), RFC).client == client


@given(
    st.text(st.characters(codec="latin-1"), max_size=60),
    st.sampled_from(("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded")),
)
def test_no_header_moves_anything_without_a_trusted_neighbour(said: str, name: str) -> None:
    """Whatever is written; and with one, the address stays an address that the trusted proxy gave."""
    sent = [(b"host", b"donnees.ville.fr"), (name.encode(), said.encode("latin-1"))]
    for believed in (Proxies(), NEAR, RFC):
        assert origin.origin("203.0.113.9", "http", sent, believed) == Origin(
            "203.0.113.9", "http", "donnees.ville.fr"
        )
    for believed in (NEAR, RFC):
        assert origin.address(origin.origin("10.0.0.1", "http", sent, believed).client) is not None


def test_several_lines_are_one_list() -> None:
    """A visitor's own line comes before the proxy's: the right end is what counts."""
    sent = [(b"host", b"x"), (b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"198.51.100.7")]
    assert origin.origin("10.0.0.1", "http", sent, NEAR).client == "198.51.100.7"


def test_scheme_and_host_come_from_the_outermost_trusted_hop() -> None:
    """Proxies that add, or that pass on; never what the visitor wrote further left; only http and https."""
    one, two = "198.51.100.7", "198.51.100.7, 10.0.0.2"
    for chain, proto, scheme in (
        (one, "https", "https"),
        (one, "http, https", "https"),
        (two, "https", "https"),
        (two, "http, https, http", "https"),
        (one, "gopher", "http"),
        (one, "", "http"),
    ):
        assert (
            origin.origin(
                "10.0.0.1", "http", headers(x_forwarded_for=chain, x_forwarded_proto=proto), NEAR
            ).scheme
            == scheme
        )
    assert (
        origin.origin(
            "10.0.0.1", "http", headers(x_forwarded_for=one, x_forwarded_host="piege.example, vraie.fr"), NEAR
        ).host
        == "vraie.fr"
    )
    told = 'for=6.6.6.6;host=piege.example;proto=http, For="198.51.100.7";Proto=https;host="vraie.fr:8443", for=10.0.0.2'
    assert origin.origin("10.0.0.1", "http", headers(forwarded=told), RFC) == Origin(
        "198.51.100.7", "https", "vraie.fr:8443"
    )


@pytest.mark.parametrize("dialect", ["x-forwarded", "forwarded"])
def test_the_headers_that_the_proxy_does_not_write_are_the_visitors(dialect: str) -> None:
    """The other dialect passes through a proxy as the visitor wrote it."""
    believed = origin.proxies(Serve(trusted_proxies=("10.0.0.1",), proxy_headers=dialect))
    other = {
        "x-forwarded": {"forwarded": "for=6.6.6.6;proto=https"},
        "forwarded": {"x_forwarded_for": "6.6.6.6", "x_forwarded_proto": "https"},
    }[dialect]
    assert origin.origin("10.0.0.1", "http", headers(**other), believed) == Origin(
        "10.0.0.1", "http", "donnees.ville.fr"
    )


@pytest.mark.parametrize(
    "bad",
    ['for="1.2.3.4', "for=1.2.3.4;for=5.6.7.8", "for", "for=1.2.3.4 x", "for=1.2.3.4;", "=x", 'for="a\\'],
)
def test_a_malformed_forwarded_header_says_nothing(bad: str) -> None:
    """Half a header is no header."""
    assert origin.forwarded(bad) == []


def test_forwarded_is_read_by_its_grammar() -> None:
    """The examples of RFC 7239, section 4."""
    assert origin.forwarded('for="_gazonk"') == [{"for": "_gazonk"}]
    assert origin.forwarded('For="[2001:db8:cafe::17]:4711"') == [{"for": "[2001:db8:cafe::17]:4711"}]
    assert origin.forwarded("for=192.0.2.60;proto=http;by=203.0.113.43") == [
        {"for": "192.0.2.60", "proto": "http", "by": "203.0.113.43"}
    ]
    assert origin.forwarded("for=192.0.2.43, for=198.51.100.17") == [
        {"for": "192.0.2.43"},
        {"for": "198.51.100.17"},
    ]
    assert origin.forwarded('for="a,b;c\\"d" , by=x') == [{"for": 'a,b;c"d'}, {"for": "", "by": "x"}]


# --- by which name ------------------------------------------------------------------------------------------


def test_hosts_are_those_of_the_settings_and_of_the_machine() -> None:
    """Case, final point and brackets do not matter; a name that only looks alike is another, and so is a port
    that no setting says.
    """
    known = origin.hosts(
        Serve(
            base_url="https://Donnees.Ville.fr",
            hosts=("portail:8443", "*.agglo.fr", "192.0.2.4:81", "2001:db8::4"),
        )
    )
    for ours in (
        "donnees.ville.fr",
        "DONNEES.ville.FR.",
        "donnees.ville.fr:8443",
        "localhost:8000",
        "127.0.0.1",
        "127.8.9.1:80",
        "[::1]:8000",
        "api.localhost",
        "portail",
        "a.b.agglo.fr",
        "192.0.2.4:81",
        "[2001:DB8:0::4]",
    ):
        assert known.allow(ours), ours
    for other in (
        "",
        "piege.example",
        "donnees.ville.fr.piege.example",
        "xdonnees.ville.fr",
        "agglo.fr",
        "piege.example:donnees.ville.fr",
        "a@donnees.ville.fr",
        "donnees.ville.fr/x",
        "donnees.ville.fr:99999",
        "192.0.2.5",
        "::1",
        "donnees.ville.fr\r\nx",
        "localhost.piege.example",
        "piegelocalhost",
        "[::1",
        "localhost:1",
        "127.0.0.1:1",
        "[::1]:1",
        "api.localhost:9000",
        "donnees.ville.fr:1",
        "portail:8444",
    ):
        assert not known.allow(other), other
    assert not origin.hosts(Serve(host="0.0.0.0")).allow("0.0.0.0")
    assert origin.hosts(Serve(host="192.0.2.8")) == Hosts(
        frozenset({"192.0.2.8"}), ports=frozenset({80, 443, 8000})
    )
    assert origin.hosts(Serve(port=9000)).allow("localhost:9000")
    assert origin.hosts(Serve(base_url="https://x.fr:8443")).allow("x.fr:8443")


def test_settings_that_are_wrong_say_so(tmp_path: Path) -> None:
    """A network, a dialect or a host that is none; lists of texts from the file and from the environment, and
    back in the file that `init` writes.
    """
    for bad in (Serve(trusted_proxies=("proxy",)), Serve(proxy_headers="both")):
        with pytest.raises(UsageError, match=r"serve\.(trusted_proxies|proxy_headers)"):
            origin.proxies(bad)
    for name in ("https://x.fr", "x.fr:port", "*", "a b", ""):
        with pytest.raises(UsageError, match=r"serve\.hosts"):
            origin.hosts(Serve(hosts=(name,)))
    (tmp_path / "parvis.toml").write_text(template({"serve": {"hosts": '["a.fr", "b.fr"]'}}), "utf-8")
    assert settings.load(
        tmp_path, {"PARVIS_SERVE_TRUSTED_PROXIES": "10.0.0.1, 192.168.0.0/16"}
    ).serve == Serve(hosts=("a.fr", "b.fr"), trusted_proxies=("10.0.0.1", "192.168.0.0/16"))
    (tmp_path / "parvis.toml").write_text("[serve]\nhosts = [3]\n", "utf-8")
    with pytest.raises(UsageError, match="hosts"):
        settings.load(tmp_path, {})


# --- the portal ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = webcity.build(tmp_path_factory.mktemp("city"))
    yield made
    sharecity.close(made)


def portal(city: City, peer: str = "203.0.113.9", **serve: object) -> TestClient:
    """A browser that comes from that address, on the city with these settings."""
    of = replace(city, settings=replace(city.settings, serve=replace(city.settings.serve, **serve)))  # type: ignore[arg-type]
    app = create_app(of)
    api.install(app, of)
    return TestClient(app, base_url="http://127.0.0.1:8000", client=(peer, 40000), follow_redirects=False)


RECORDS = "/api/explore/v2.1/catalog/datasets/prenoms/records?limit=1&include_links=true"


def test_a_remembered_answer_bears_the_name_it_was_asked_by(city: City) -> None:
    """Two of our own names, one after the other: each its own links and tag; a name that is not ours makes
    none at all.
    """
    with portal(city, hosts=("donnees.ville.fr",)) as client:
        first = client.get(RECORDS)
        second = client.get(RECORDS, headers={"host": "donnees.ville.fr"})
        assert first.text.count("http://127.0.0.1:8000/") == second.text.count("http://donnees.ville.fr/") > 0
        assert first.headers["etag"] != second.headers["etag"]
        assert client.get(RECORDS, headers={"host": "piege.example"}).status_code == 421
        assert client.get(RECORDS).text == first.text


def told(answer: Response, name: str) -> None:
    assert answer.status_code == 421
    assert answer.headers["cache-control"] == "no-store"
    assert "serve.hosts" in answer.text
    assert name in answer.text
    assert f"//{name}" not in answer.text, "nothing leads there"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_host_that_is_not_ours_is_told_which_setting_to_change(city: City) -> None:
    """As a page in both languages and as JSON, on every kind of address, sign-in included; two Host headers
    are none.
    """
    with portal(city) as client:
        for path in ("/", "/en/jeux", "/jeux.json", RECORDS, "/catalogue.ttl", "/connexion", "/rien"):
            told(client.get(path, headers={"host": "piege.example"}), "piege.example")
        assert "does not answer" in client.get("/en/jeux", headers={"host": "piege.example"}).text
        assert client.get("/jeux.json", headers={"host": "piege.example"}).json()["status"] == 421
        assert (
            client.post("/connexion", data={"email": "a@b.fr"}, headers={"host": "piege.example"}).status_code
            == 421
        )
        twice = client.get("/", headers=[("host", "127.0.0.1"), ("host", "piege.example")])  # type: ignore[arg-type]
        assert twice.status_code == 421


def test_another_program_of_the_machine_is_another_site(city: City) -> None:
    """`localhost:1` may be anybody's there: nothing is answered to that name, and no form is taken that comes
    from its pages.
    """
    with portal(city) as client:
        for host in ("localhost:1", "127.0.0.1:1", "[::1]:1"):
            told(client.get("/", headers={"host": host}), host)
            assert client.get(RECORDS, headers={"host": host}).status_code == 421
            sent = client.post("/connexion", data={"email": "a@b.fr"}, headers={"origin": f"http://{host}"})
            assert (sent.status_code, "autre site" in sent.text) == (403, True)
        ours = client.post(
            "/connexion", data={"email": "a@b.fr"}, headers={"origin": "http://127.0.0.1:8000"}
        )
        assert "autre site" not in ours.text


def test_behind_a_proxy_everything_bears_the_public_name(city: City) -> None:
    """Scheme and host of the trusted proxy, in links, canonical addresses and redirections; of anybody else,
    nothing.
    """
    said = {
        "x-forwarded-for": "198.51.100.7",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "donnees.ville.fr",
    }
    with portal(city, "10.0.0.1", hosts=("donnees.ville.fr",), trusted_proxies=("10.0.0.0/8",)) as client:
        assert (
            '<link rel="canonical" href="https://donnees.ville.fr/jeux">'
            in client.get("/jeux", headers=said).text
        )
        assert "https://donnees.ville.fr/api/" in client.get(RECORDS, headers=said).text
        assert (
            client.get("/jeux/", headers=said).headers.get("location", "https://donnees.ville.fr/jeux")
            == "https://donnees.ville.fr/jeux"
        )
        assert client.get("/jeux", headers=said | {"x-forwarded-host": "piege.example"}).status_code == 421
    with portal(city, hosts=("donnees.ville.fr",), trusted_proxies=("10.0.0.0/8",)) as client:
        assert (
            '<link rel="canonical" href="http://127.0.0.1:8000/jeux">'
            in client.get("/jeux", headers=said).text
        )
    with portal(city, base_url="https://donnees.ville.fr") as client:
        assert (
            client.get("/jeux/").headers.get("location", "https://donnees.ville.fr/jeux")
            == "https://donnees.ville.fr/jeux"
        )
        assert '<link rel="canonical" href="https://donnees.ville.fr/jeux">' in client.get("/jeux").text


def test_an_address_is_one_key_however_it_is_written() -> None:
    """The throttle of an IPv4 visitor is the same when the connection writes it inside IPv6."""
    key = b"k" * 32
    assert (
        throttle.address_key(key, "::ffff:192.0.2.1")
        == throttle.address_key(key, "192.0.2.1")
        != throttle.address_key(key, "192.0.2.2")
    )
    assert throttle.address_key(key, "2001:db8::1") == throttle.address_key(key, "2001:db8::2")


def test_who_guesses_behind_the_proxy_waits_and_nobody_else(city: City) -> None:
    """Wrong passwords through the proxy from one address: that one waits, the owner signs in from another;
    without the setting both are the proxy.
    """
    form = {"email": "dpo@montclair.example", "suite": "/depots"}

    def enter(client: TestClient, address: str, password: str) -> int:
        client.cookies.clear()
        said = {"x-forwarded-for": f"6.6.6.6, {address}"}
        token = sharecity.token(client.get("/connexion", headers=said).text)
        return client.post(
            "/connexion", data=form | {"password": password, "csrf": token}, headers=said
        ).status_code

    with portal(city, "10.0.0.1", trusted_proxies=("10.0.0.0/8",)) as client:
        assert [enter(client, "198.51.100.7", "faux") for _ in range(6)] == [401] * 5 + [429]
        assert enter(client, "198.51.100.7", webcity.PASSWORD) == 429
        assert enter(client, "198.51.100.8", webcity.PASSWORD) == 303
    with portal(city, "10.0.0.2") as client:
        assert [enter(client, "198.51.100.7", "faux") for _ in range(6)] == [401] * 5 + [429]
        assert enter(client, "198.51.100.8", webcity.PASSWORD) == 429
