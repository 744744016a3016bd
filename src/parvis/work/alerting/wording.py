"""What a message says to whoever gets it, in both languages, and as CAP to machines."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import Connection

from parvis.alerts import cap
from parvis.alerts.message import ENDS, Message, Part
from parvis.alerts.message import read as read_message
from parvis.catalogue.entries import base_url
from parvis.core.errors import NotFound
from parvis.core.language import Language, language
from parvis.core.sentence import Sentence, mark
from parvis.publication.city import City
from parvis.store import alerts
from parvis.store.alerts import Step
from parvis.work.alerting.city import declared, sender

SPAN = mark("De {since} à {until}.")
MOMENT = mark("EEEE d MMMM, H 'h' mm")
"""How a moment is written, as Babel has it."""


def subject(message: Message, language: str) -> str:
    """The headline of what is gravest."""
    grave = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
    return min(message.parts, key=lambda p: grave.index(p.severity)).headline.of(language)


def paragraphs(part: Part, message: Message, speaker: Language) -> tuple[str, ...]:
    """What one stretch of time says, in paragraphs."""
    since, until = (
        format_datetime(m.astimezone(speaker.zone), speaker.say(MOMENT), locale=speaker.locale)
        for m in (part.onset, part.expires)
    )
    language = speaker.code
    span = () if message.kind in ENDS else (speaker.say(Sentence(SPAN, since=since, until=until)),)
    return tuple(
        text
        for text in (part.headline.of(language), *span, part.text.of(language), part.advice.of(language))
        if text
    )


def as_cap(conn: Connection, city: City, one: Step) -> bytes:
    """An issued step as CAP. Raises NotFound for one that was not issued."""
    if one.issued_at is None:
        raise NotFound("Cette alerte n’a pas été émise.")
    alert = declared()[one.alert]
    refers = [
        r for r in (alerts.step(conn, id_) for id_ in one.refers) if r is not None and r.issued_at is not None
    ]
    issue = cap.Issue(
        sender(city),
        city.settings.city.name,
        one.issued_at,
        ZoneInfo(city.settings.city.timezone),
        alert.categories,
        {"fr": alert.title, "en": language("en").of(alert.name).say(alert.title)},
        tuple((r.id, r.issued_at) for r in refers if r.issued_at is not None),
        f"{base_url(city.settings)}/alertes/message/{one.id}",
        city.settings.city.contact,
    )
    return cap.write(read_message(one.said), issue)
