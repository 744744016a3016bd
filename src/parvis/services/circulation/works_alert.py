"""The alert of closed streets: from the city's table of works to one episode a closure, in words.

A closure is told once, a week ahead or when it is published, again when it lasts longer or less long, and when it ends
before its day. One that ends on its day needs no message: it said so. What was closed already when the alert was first
looked at is no news.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from parvis.alerts.declaration import Alert
from parvis.alerts.message import Area, Kind, Message, Part, Words
from parvis.core.text import slug
from parvis.services.circulation.series import PARIS
from parvis.store import codec

AHEAD = timedelta(days=7)
CLOSED = "rue barrée"
OVER = ("terminé", "interrompu")
NO_ADVICE = Words("", "")
CHECK = Words(
    "Suivez la déviation posée sur place. Le détail est sur la page de la circulation.",
    "Follow the diversion on site. Details are on the traffic page.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A closure as it was last told. number: of its last message, 0 for none."""

    street: str
    insee: str
    since: date
    until: date
    number: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Closures by id; begun: whether the alert has looked before."""

    begun: bool = False
    closures: Mapping[str, Told] = field(default_factory=dict[str, Told])


def look(tables: Mapping[str, pa.Table], known: str, now: datetime) -> tuple[str, Sequence[Message]]:
    """What is new in the table of works since the last look."""
    memory = codec.loads(Memory, known) if known else Memory()
    today = now.astimezone(PARIS).date()
    here = {
        c: t for r in tables["travaux"].to_pylist() if (c := str(r["id"])) and (t := _closure(r)) is not None
    }
    kept: dict[str, Told] = {}
    messages: list[Message] = []
    for name, one in sorted(here.items()):
        before = memory.closures.get(name)
        if one.until < today or (before is None and one.since > today + AHEAD):
            continue
        if before is None:
            silent = not memory.begun and one.since <= today
            kept[name] = replace(one, number=0 if silent else 1)
            if not silent:
                messages.append(_message(name, kept[name], "open", now))
        elif (one.since, one.until) == (before.since, before.until):
            kept[name] = before
        else:
            kept[name] = replace(one, number=before.number + 1)
            kind: Kind = "open" if not before.number else "extend" if one.until > before.until else "lower"
            messages.append(_message(name, kept[name], kind, now))
    for name, gone in sorted(memory.closures.items()):
        if name not in here and gone.number and gone.until >= today:
            kind = "end" if gone.since <= today else "withdraw"
            messages.append(_message(name, replace(gone, number=gone.number + 1), kind, now))
    return codec.dumps(Memory, Memory(True, kept)), messages


def _closure(row: Mapping[str, Any]) -> Told | None:
    """A row of works as a closure; None where it closes no street, is over, or does not say when."""
    since, until = row.get("debut"), row.get("fin")
    if row.get("gene") != CLOSED or row.get("statut") in OVER:
        return None
    if not isinstance(since, date) or not isinstance(until, date) or until < since:
        return None
    return Told(str(row.get("adresse") or ""), str(row.get("code_insee") or ""), since, until, 0)


def _message(name: str, one: Told, kind: Kind, now: datetime) -> Message:
    begins = datetime(one.since.year, one.since.month, one.since.day, tzinfo=PARIS)
    after = one.until + timedelta(days=1)
    ends = datetime(after.year, after.month, after.day, tzinfo=PARIS)
    ended = kind in ("end", "withdraw")
    street = one.street or name
    part = Part(
        _headline(street, one, kind),
        _text(street, one, kind),
        NO_ADVICE if ended else CHECK,
        "Moderate",
        "Past" if ended else "Immediate" if begins <= now else "Expected",
        "Observed" if ended or begins <= now else "Likely",
        min(begins, now) if ended else begins,
        max(ends, now + timedelta(hours=1)),
    )
    said = {"travaux": name, "debut": one.since.isoformat(), "fin": one.until.isoformat(), "source": "ville"}
    episode = f"travaux-{slug(name)}"
    return Message(
        "rues-barrees", "works", episode, one.number, kind, Area(street, one.insee), (part,), now, said
    )


def _headline(street: str, one: Told, kind: Kind) -> Words:
    match kind:
        case "end":
            return Words(f"{street} : rouverte", f"{street}: open again")
        case "withdraw":
            return Words(f"{street} : la fermeture n’aura pas lieu", f"{street}: it will not be closed")
        case _:
            days = f"{one.since:%d/%m}", f"{one.until:%d/%m}"
            if one.since == one.until:
                return Words(f"{street} : fermée le {days[0]}", f"{street}: closed on {days[0]}")
            return Words(
                f"{street} : fermée du {days[0]} au {days[1]}",
                f"{street}: closed from {days[0]} to {days[1]}",
            )


def _text(street: str, one: Told, kind: Kind) -> Words:
    match kind:
        case "end":
            return Words(
                f"{street} est rouverte avant le {one.until:%d/%m/%Y}, qui était annoncé.",
                f"{street} is open again before {one.until:%d/%m/%Y}, which had been announced.",
            )
        case "withdraw":
            return Words(
                f"Les travaux annoncés à partir du {one.since:%d/%m/%Y} ne ferment plus cette rue.",
                f"The works announced from {one.since:%d/%m/%Y} on do not close this street any more.",
            )
        case "extend" | "lower":
            return Words(
                f"Les dates ont changé : {street} est fermée à la circulation du {one.since:%d/%m/%Y} au {one.until:%d/%m/%Y}.",
                f"The dates have changed: {street} is closed to traffic from {one.since:%d/%m/%Y} to {one.until:%d/%m/%Y}.",
            )
        case _:
            return Words(
                f"{street} est fermée à la circulation du {one.since:%d/%m/%Y} au {one.until:%d/%m/%Y}, pour travaux.",
                f"{street} is closed to traffic from {one.since:%d/%m/%Y} to {one.until:%d/%m/%Y}, for works.",
            )


CLOSURES = Alert(
    name="rues-barrees",
    title="Rues fermées par des travaux",
    topic="works",
    about="Un message quand des travaux vont fermer une rue, quand leurs dates changent, et quand elle rouvre avant son jour, d’après la table des travaux.",
    categories=("Transport", "Infra"),
    approval="first",
    examples=("Rue du Moulin : fermée du 02/12 au 05/12",),
    reads={"travaux": "travaux/travaux"},
    look=look,
)
