"""Withdrawals that wait for another organisation: who may answer for it is reminded each week, in the
journal, and by mail where the city sends any.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from parvis.alerts.sending import Envelope, Undelivered
from parvis.catalogue.entries import base_url
from parvis.people import accounts
from parvis.people.rights import Person, can
from parvis.publication.city import SYSTEM, City
from parvis.store import journal, takedowns
from parvis.store.takedowns import Agreement
from parvis.work.alerting.sending import ways

LOG = logging.getLogger("parvis")

EVERY = timedelta(days=7)
"""Between the question and the first reminder, and between two."""
REMINDED = "agreement-reminded"
"""Verb: an organisation was reminded; ids: of the takedown, and the organisation."""
SUBJECT = "{city} : un retrait attend l’accord de votre organisation"
LINES = (
    "Une autre organisation a retiré des données que la vôtre a aussi, ou dont elle a tiré d’autres. Rien ne part de chez vous sans vous.",
    "Répondez ici, après vous être connecté : {link}",
)


def remind(city: City) -> int:
    """Remind every organisation that has not answered for a week; returns how many times one was."""
    now = city.now()
    with city.db.begin() as conn:
        due = [one for one in takedowns.asked(conn, waiting=True) if now - _last(conn, one) >= EVERY]
        for one in due:
            act = takedowns.takedown(conn, one.takedown)
            journal.append(
                conn,
                at=now,
                actor=SYSTEM,
                verb=REMINDED,
                subject=act.dataset if act is not None else one.takedown,
                ids=_ids(one),
            )
        reminded = {
            (one.takedown, person.id): person for one in due for person in _answering(conn, one.organisation)
        }
    if reminded and city.settings.alerts.smtp:
        _mail(
            city,
            {takedown: [p for (t, _), p in reminded.items() if t == takedown] for takedown, _ in reminded},
        )
    return len(due)


def _ids(one: Agreement) -> dict[str, str]:
    return {"takedown": one.takedown, "organisation": one.organisation}


def _last(conn: Connection, one: Agreement) -> datetime:
    return max((e.at for e in journal.all_of(conn, (REMINDED,)) if e.ids == _ids(one)), default=one.asked_at)


def _answering(conn: Connection, organisation: str) -> list[Person]:
    return [p for p in accounts.members(conn, organisation) if p.email and can(p, "withdraw", organisation)]


def _mail(city: City, people_of: dict[str, Sequence[Person]]) -> None:
    way = ways(city)["mail"]
    try:
        for takedown, people in people_of.items():
            link, name = f"{base_url(city.settings)}/retraits/{takedown}", city.settings.city.name
            lines = tuple(line.format(link=link) for line in LINES)
            for person in people:
                reference = hashlib.sha256(
                    f"{takedown} {person.id} {city.now().isoformat()}".encode()
                ).hexdigest()[:32]
                try:
                    way.send(
                        Envelope(
                            person.email,
                            "fr",
                            SUBJECT.format(city=name),
                            lines,
                            reference,
                            sent_at=city.now(),
                        )
                    )
                except Undelivered as wrong:
                    LOG.warning("a reminder was not delivered: %s", wrong.reason)
    finally:
        way.close()
