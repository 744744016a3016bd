"""What one visitor sends changes nothing of what the next one gets: no header, address or parameter that an answer is
not kept under, and nothing made for somebody is kept for others.
"""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Town

PUBLIC = (
    "/", "/jeux", "/jeux.json", "/jeux/arbres", "/jeux/arbres.json", "/en/jeux/arbres", "/jeux/arbres.atom", "/catalogue.ttl", "/sitemap.xml",
    "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/datasets/arbres/records?include_links=true", "/api/explore/v2.1/catalog/datasets/arbres/exports/csv",
)  # fmt: skip

EVIL = "mechant.example"
HEADERS: tuple[dict[str, str], ...] = (
    {"x_forwarded_host": EVIL}, {"x_forwarded_host": EVIL, "x_forwarded_proto": "https", "x_forwarded_port": "444"}, {"forwarded": f"host={EVIL};proto=https"},
    {"x_forwarded_prefix": f"/{EVIL}"}, {"x_original_url": "/comptes"}, {"x_rewrite_url": "/comptes"}, {"x_http_method_override": "DELETE"}, {"x_host": EVIL},
    {"origin": f"https://{EVIL}"}, {"referer": f"https://{EVIL}/"}, {"accept": "text/plain;q=0.1, application/x-evil"}, {"accept_language": "en-GB,en;q=0.9"},
    {"range": "bytes=0-3"}, {"cookie": f"lang=en; parvis_session={EVIL}; parvis_form={EVIL}"}, {"user_agent": f"<script>{EVIL}"}, {"if_none_match": "*"},
)  # fmt: skip


def drop(town: Town) -> None:
    state = town.story.app.state
    state.explore.drop()
    state.site.pages.drop()


@pytest.mark.parametrize("address", PUBLIC)
def test_no_header_of_one_visitor_reaches_the_next(town: Town, address: str) -> None:
    story = town.story
    plain = story.ask("GET", address, "anonymous")
    assert plain.status == 200
    drop(town)
    for headers in HEADERS:
        hostile = story.ask("GET", address, "anonymous", **headers)
        assert hostile.status in (200, 206, 304), (headers, hostile.status)
        assert EVIL.encode() not in hostile.body, headers
        assert not [v for n, v in hostile.headers.items() if EVIL in v], headers
    again = story.ask("GET", address, "anonymous")
    assert (again.status, again.body) == (200, plain.body)
    assert again.headers.get("etag") == plain.headers.get("etag")


def test_a_host_that_is_not_ours_is_told_so_and_kept_nowhere(town: Town) -> None:
    for address in PUBLIC:
        drop(town)
        assert town.story.ask("GET", address, "anonymous", host=EVIL).status == 421
        assert EVIL.encode() not in town.story.ask("GET", address, "anonymous").body


def test_what_is_made_for_somebody_is_for_nobody_else(town: Town) -> None:
    """The same address signed in, then not: what was kept is not theirs, and neither may keep theirs."""
    story = town.story
    for address in ("/", "/jeux", "/jeux/arbres", "/jeux/arbres.json", "/organisations/vivre"):
        plain = story.ask("GET", address, "anonymous")
        drop(town)
        mine = story.ask("GET", address, "dpo")
        assert "no-store" in mine.headers["cache-control"], address
        assert "Cookie" in mine.headers["vary"], address
        assert story.ask("GET", address, "anonymous").body == plain.body, address
        fresh = story.ask("GET", address, "anonymous", if_none_match=plain.headers["etag"])
        assert fresh.status == 304, address
        assert "Cookie" in fresh.headers["vary"], "a cache that renews what it has keeps whom it is for"


SUFFIXES = ("/x.css", ";x.css", "/..;/x.css", "%2f..%2fstatic%2fx.css", "%00.css", ".css", "%0a.css", "%3fx.css", "%23x.css", "/", "/.", "/%2e", "//x.js", ".json/x.css", ".json;x.css", ".json%00.css")  # fmt: skip


@pytest.mark.parametrize(
    "page", ["/mon-compte", "/depots", "/registre", "/depots/{deposit}", "/partages", "/mot-de-passe"]
)
def test_a_page_of_somebody_is_never_taken_for_a_file(town: Town, page: str) -> None:
    """Cache deception: what a cache would keep by the end of its address is not there, or says not to be kept."""
    here = page.format(**town.story.named)
    for suffix in SUFFIXES:
        got = town.story.ask("GET", here + suffix, "dpo")
        assert got.status < 500, suffix
        if got.status == 200:
            assert "no-store" in got.headers["cache-control"], suffix
        assert (
            "dpo@ville.example" not in got.body.decode("utf-8", "ignore")
            or "no-store" in got.headers["cache-control"]
        ), suffix


def test_the_same_table_by_other_writings_of_its_address_is_kept_apart(town: Town) -> None:
    """A question that is written in the path, a fragment or twice is another key, or no address."""
    records = "/api/explore/v2.1/catalog/datasets/arbres/records"
    plain = town.story.ask("GET", f"{records}?limit=2", "anonymous")
    for other in (
        f"{records}%3Flimit=2?limit=1",
        f"{records}/?limit=1",
        f"{records}%23?limit=1",
        f"{records}?limit=1&limit=2&utm=x",
        f"{records};x?limit=1",
    ):
        town.story.ask("GET", other, "anonymous")
        assert town.story.ask("GET", f"{records}?limit=2", "anonymous").body == plain.body, other
