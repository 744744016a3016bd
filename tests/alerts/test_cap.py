"""CAP 1.2 of whole episodes: valid by the schema of OASIS and by our own rules, each message referring to all
that it replaces; and Atom.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from parvis.alerts import cap, message
from parvis.alerts.by_hand import WATER
from parvis.alerts.message import Area, Kind, Message, Part, Severity, Words
from parvis.core import atom
from parvis.core.language import language

PARIS = ZoneInfo("Europe/Paris")
RING = ((3.7, 43.7), (3.8, 43.7), (3.8, 43.8), (3.7, 43.7))
SENT = datetime(2026, 1, 10, 11, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared / "standards" / "cap" / "CAP-v1.2.xsd"))


def said(
    number: int,
    kind: Kind,
    severity: Severity = "Moderate",
    *,
    days: int = 1,
    episode: str = "pm10.34990.2026-01-10",
    text: str = "Un texte.",
) -> Message:
    parts = tuple(
        Part(
            Words(f"Jour {n}", f"Day {n}"),
            Words(text, "A text."),
            Words("Un conseil.", ""),
            severity,
            "Expected",
            "Likely",
            datetime(2026, 1, 10 + n, tzinfo=PARIS),
            datetime(2026, 1, 11 + n, tzinfo=PARIS),
        )
        for n in range(days)
    )
    return Message(
        "eau",
        "water",
        episode,
        number,
        kind,
        Area("Rivemont", "34990", RING),
        parts,
        SENT,
        {"polluant": "PM10", "règle": "R221-1 & 2016 <1>"},
    )


def issued(one: Message, *refers: tuple[str, datetime], sent: datetime = SENT) -> bytes:
    event = {"fr": WATER.title, "en": language("en").say(WATER.title)}
    return cap.write(
        one,
        cap.Issue(
            "alertes@rivemont.example",
            "Ville de Rivemont",
            sent,
            PARIS,
            WATER.categories,
            event,
            refers,
            "https://donnees.rivemont.example/a",
            "x",
        ),
    )


EPISODES: tuple[tuple[tuple[Kind, Severity, int], ...], ...] = (
    (("open", "Moderate", 1), ("end", "Moderate", 1)),
    (("open", "Moderate", 1), ("withdraw", "Moderate", 1)),
    (
        ("open", "Moderate", 1),
        ("confirm", "Moderate", 1),
        ("raise", "Severe", 2),
        ("extend", "Severe", 2),
        ("keep", "Severe", 1),
        ("lower", "Moderate", 1),
        ("end", "Moderate", 1),
    ),
    (("open", "Severe", 2), ("lower", "Moderate", 1), ("raise", "Severe", 1), ("end", "Severe", 1)),
)


@pytest.mark.shared
@pytest.mark.parametrize("steps", EPISODES)
def test_a_whole_episode_is_valid_and_in_sequence(
    schema: etree.XMLSchema, steps: tuple[tuple[Kind, Severity, int], ...]
) -> None:
    before: list[tuple[str, datetime]] = []
    for number, (kind, severity, days) in enumerate(steps, 1):
        one, sent = said(number, kind, severity, days=days), SENT + timedelta(hours=6 * number)
        data = issued(one, *before, sent=sent)
        root = etree.fromstring(data)
        schema.assertValid(root)
        assert cap.faults(data, known=[name for name, _ in before]) == ()
        text = {e.tag.rpartition("}")[2]: e.text for e in root.iter()}
        assert text["msgType"] == (
            "Alert" if number == 1 else "Cancel" if kind in ("end", "withdraw") else "Update"
        )
        refers = (text.get("references") or "").split()
        assert refers == [f"alertes@rivemont.example,{name},{cap.stamp(at, PARIS)}" for name, at in before], (
            "every earlier message, in order"
        )
        assert len(root.findall("{*}info")) == 2 * days
        assert root.find("{*}info/{*}area/{*}geocode/{*}value").text == "34990"
        before.append((one.id, sent))


@pytest.mark.shared
def test_our_polygon_is_latitude_first_and_text_of_any_kind_passes(schema: etree.XMLSchema) -> None:
    data = issued(said(1, "open", text="Accents « é », & < > \x00\x08 ]]> \U0001f6b2"))
    root = etree.fromstring(data)
    schema.assertValid(root)
    assert root.find("{*}info/{*}area/{*}polygon").text.startswith("43.70000,3.70000 ")
    assert "« é », & < >  ]]> \U0001f6b2" in root.find("{*}info/{*}description").text


def edited(pattern: str, by: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        text = data.decode()
        made, times = re.subn(pattern, by, text, flags=re.DOTALL)
        assert times, pattern
        return made.encode()

    return change


HOLES = (
    ("identifier", edited("<identifier>[^<]+", "<identifier>a b,c")),
    ("identifier", edited("<identifier>[^<]+", "<identifier>a&lt;b")),
    ("references", edited("<references>.*?</references>", "")),
    ("no-info", edited("<info>.*</info>", "")),
    ("polygon", edited("<polygon>[^<]+", "<polygon>n’importe quoi")),
    ("polygon", edited("<polygon>[^<]+", "<polygon>43.7,3.7 43.7,3.8 43.8,3.8 43.9,3.9")),
    ("headline", edited("<headline>[^<]+", "<headline> ")),
    ("times", edited("<expires>[^<]+", "<expires>2026-01-09T00:00:00+01:00")),
    ("times", edited("<expires>[^<]+</expires>", "")),
    ("no-area", edited("<area>.*?</area>", "")),
    ("references", edited("<references>[^<]+", "<references>alertes@rivemont.example,a")),
)
"""The six that the schema lets through (identifier, references, no info, polygon, headline, times), and more.
"""


@pytest.mark.shared
@pytest.mark.parametrize(("code", "change"), HOLES)
def test_what_the_schema_lets_through_is_refused(
    schema: etree.XMLSchema, code: str, change: Callable[[bytes], bytes]
) -> None:
    data = change(issued(said(2, "raise"), ("eau.pm10.34990.2026-01-10.1", SENT)))
    assert schema.validate(etree.fromstring(data)), "the schema alone sees nothing"
    assert code in cap.faults(data)


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-01-10T12:00:00Z",
        "2026-01-10T12:00:00",
        "2026-01-10T12:00:00.5+01:00",
        "2026-13-10T12:00:00+01:00",
    ],
)
def test_stamps_that_are_none(stamp: str) -> None:
    assert "stamp" in cap.faults(edited("<sent>[^<]+", f"<sent>{stamp}")(issued(said(1, "open"))))


def test_no_identifier_twice_and_no_cancel_of_nothing() -> None:
    data = issued(said(1, "open"))
    assert cap.faults(data) == ()
    assert cap.faults(data, known=[said(1, "open").id]) == ("again",)
    with pytest.raises(ValueError, match="takes something back"):
        issued(said(2, "end"))
    assert cap.faults(b"<!DOCTYPE x [<!ENTITY a 'b'>]><alert>&a;</alert>") == ("unreadable",)
    assert cap.faults(b"<alert") == ("unreadable",)


@pytest.mark.shared
def test_a_message_of_somebody_else(shared: Path) -> None:
    """A valid message of another sender is read: all that is wrong with it by our rules is that it never
    ends.
    """
    assert cap.faults((shared / "standards" / "cap" / "cap_amber_alert_example.xml").read_bytes()) == (
        "times",
    )


def test_an_exercise_says_so() -> None:
    assert b"<status>Exercise</status>" in issued(replace(said(1, "open"), test=True))


def test_a_message_comes_back_as_it_was_written() -> None:
    one = said(3, "raise", "Severe", days=2)
    assert message.read(message.write(one)) == one


@pytest.mark.parametrize("wrong", [{"episode": "a b"}, {"parts": ()}, {"episode": "a/b"}])
def test_a_message_that_says_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        replace(said(1, "open"), **wrong)  # type: ignore[arg-type]


def test_an_atom_feed_is_read_back() -> None:
    here = atom.links("https://x.example/alertes.atom", "https://x.example/alertes")
    head = atom.Feed("tag:rivemont.example,2026:alertes", "Alertes", "Ville de Rivemont", SENT, here)
    more = (atom.Link("https://x.example/1"), atom.Link("https://x.example/1.xml", "related", cap.MEDIA))
    entry = atom.Entry(
        "tag:rivemont.example,2026:eau.1", "Eau & feu", "Un <texte>.\x0b", SENT, more, SENT, "water"
    )
    root = ET.fromstring(atom.write(head, [entry, replace(entry, id="tag:rivemont.example,2026:eau.2")]))
    spaces = {"a": atom.NAMESPACE}
    assert root.findtext("a:id", namespaces=spaces) == head.id
    assert [e.findtext("a:title", namespaces=spaces) for e in root.findall("a:entry", spaces)] == [
        "Eau & feu"
    ] * 2
    assert {link.get("rel") for link in root.findall("a:entry/a:link", spaces)} == {"alternate", "related"}
    assert all(
        e.findtext("a:updated", namespaces=spaces) == SENT.isoformat()
        for e in root.iter(f"{{{atom.NAMESPACE}}}entry")
    )
    assert root.findtext("a:author/a:name", namespaces=spaces) == "Ville de Rivemont"
