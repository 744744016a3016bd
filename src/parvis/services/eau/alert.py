"""Cuts and works of the network, told to subscribers from the file that the utility keeps: announced once, told again when
they change, withdrawn when they are called off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import pyarrow as pa

from parvis.alerts.declaration import Alert
from parvis.alerts.message import Area, Kind, Message, Part, Words
from parvis.services.eau.flows import PARIS
from parvis.store import codec

NAME = "eau-travaux"
KEPT = timedelta(days=30)
"""After its end an announcement is forgotten."""

HEADS: Mapping[str, Words] = {
    "coupure": Words("Eau coupée", "Water cut off"),
    "travaux": Words("Travaux sur le réseau d’eau", "Works on the water network"),
    "non potable": Words("Eau à ne pas boire", "Do not drink the tap water"),
}
ADVICE: Mapping[str, Words] = {
    "coupure": Words(
        "Gardez de l’eau pour boire et cuisiner ; au retour, laissez couler quelques minutes.",
        "Keep some water to drink and cook; when it is back, let it run for a few minutes.",
    ),
    "travaux": Words(
        "L’eau peut être trouble ou manquer de pression.", "Water may be cloudy or short of pressure."
    ),
    "non potable": Words(
        "Ne buvez pas l’eau du robinet, ne cuisinez pas avec elle, avant le message de fin.",
        "Do not drink tap water or cook with it until told that it is over.",
    ),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A cut or works as subscribers were last told of it. number: messages sent of it."""

    number: int
    place: str
    kind: str
    start: datetime
    end: datetime
    advice: str


@dataclass(frozen=True, slots=True)
class Memory:
    """The announcements, by reference. The field has its name in what cities have stored."""

    told: Mapping[str, Announcement] = field(default_factory=dict[str, Announcement])


def look(tables: Mapping[str, pa.Table], known: str, now: datetime) -> tuple[str, Sequence[Message]]:
    """The messages for what changed in the file of works since it was last looked at, and the memory after
    them.
    """
    before = dict((codec.loads(Memory, known) if known else Memory()).told)
    rows = {str(r["reference"]): r for r in tables["travaux"].to_pylist()} if "travaux" in tables else {}
    messages: list[Message] = []
    after: dict[str, Announcement] = {}
    for reference, r in sorted(rows.items()):
        if r.get("annule") is True or r["genre"] not in HEADS or r["fin"] <= r["debut"]:
            continue
        had = before.pop(reference, None)
        announcement = Announcement(
            0 if had is None else had.number,
            str(r["lieu"]),
            str(r["genre"]),
            r["debut"],
            r["fin"],
            str(r.get("conseil") or ""),
        )
        if had == announcement or r["fin"] <= now:
            if r["fin"] > now - KEPT and had is not None:
                after[reference] = had
            continue
        number = 1 if had is None else had.number + 1
        announcement = Announcement(
            number,
            announcement.place,
            announcement.kind,
            announcement.start,
            announcement.end,
            announcement.advice,
        )
        messages.append(
            _message(reference, announcement, "open" if had is None else _kind(had, announcement), now)
        )
        after[reference] = announcement
    for reference, gone in sorted(before.items()):
        if gone.end > now:
            off = Announcement(gone.number + 1, gone.place, gone.kind, gone.start, gone.end, "")
            messages.append(_message(reference, off, "withdraw", now))
    return codec.dumps(Memory, Memory(after)), messages


def _kind(had: Announcement, announcement: Announcement) -> Literal["raise", "extend"]:
    """The kind of a step that changes an announcement: « raise », which waits for a person again, where the
    water becomes unfit to drink, else « extend ».
    """
    return "raise" if announcement.kind == "non potable" != had.kind else "extend"


def _message(reference: str, of: Announcement, kind: Kind, now: datetime) -> Message:
    """One step of an announcement in words."""
    start, end = (at.astimezone(PARIS) for at in (of.start, of.end))
    head = HEADS[of.kind]
    if kind == "withdraw":
        title = Words(f"Annulé : {head.fr}, {of.place}", f"Called off: {head.en}, {of.place}")
        text = Words("L’annonce précédente ne vaut plus.", "The earlier announcement does not hold any more.")
    else:
        title = Words(f"{head.fr}, {of.place}", f"{head.en}, {of.place}")
        text = Words(
            f"{of.place} : du {start:%d/%m à %H:%M} au {end:%d/%m à %H:%M}.",
            f"{of.place}: from {start:%d/%m %H:%M} to {end:%d/%m %H:%M}.",
        )
    advice = (
        Words("", "")
        if kind == "withdraw"
        else Words(of.advice, ADVICE[of.kind].en)
        if of.advice
        else ADVICE[of.kind]
    )
    part = Part(
        title,
        text,
        advice,
        "Severe" if of.kind == "non potable" and kind != "withdraw" else "Minor",
        "Past" if kind == "withdraw" else "Immediate" if of.start <= now else "Expected",
        "Observed" if of.start <= now else "Likely",
        now if kind == "withdraw" else of.start,
        of.end,
    )
    episode = "t" + hashlib.sha256(reference.encode()).hexdigest()[:16]
    return Message(NAME, "water", episode, of.number, kind, Area(of.place), (part,), now)


WORKS = Alert(
    name=NAME,
    title="Coupures et travaux annoncés",
    topic="water",
    about="Un message quand une coupure ou des travaux sur le réseau d’eau sont annoncés, changés ou annulés. Une casse imprévue n’y est pas toujours.",
    categories=("Infra", "Health"),
    approval="first",
    examples=("Eau coupée, rue du Moulin",),
    reads={"travaux": "travaux-eau/travaux-eau"},
    look=look,
)
