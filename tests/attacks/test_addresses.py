"""Whatever address a visitor writes, a page of ours leads to nobody else by it."""

from __future__ import annotations

import re

import pytest

from tests.attacks.conftest import Town

EVIL = "mechant.example"


@pytest.mark.parametrize(
    "path",
    [
        f"//{EVIL}/",
        f"/en//{EVIL}/",
        f"/en/\\{EVIL}",
        f"/en/%09/{EVIL}",
        f"/en/%2f/{EVIL}",
        f"/en/%5c/{EVIL}",
        f"//{EVIL}/jeux?x=1",
    ],
)
def test_no_address_of_ours_makes_a_link_to_somebody_else(town: Town, path: str) -> None:
    """The same page in another language, its twin, the way to sign in: two slashes would be another host."""
    page = town.story.ask("GET", path, "anonymous")
    assert page.status in (404, 421)
    links = re.findall(r'(?:href|src|action|content)="([^"]*)"', page.body.decode())
    assert page.status == 421 or len(links) > 10
    assert not [link for link in links if EVIL in link and re.match(r"[/\\\s]{2}", link)]
    assert not [
        page.headers.get(name, "") for name in ("location", "link") if EVIL in page.headers.get(name, "")
    ]
