"""Something unusual, told to subscribers once a person has let it out: each message, also the last one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from parvis.alerts.declaration import Alert
from parvis.alerts.message import Area, Kind, Message, Part, Words
from parvis.services.epidemies import rules
from parvis.services.epidemies.signals import UNUSUAL, USUAL
from parvis.services.epidemies.situation import HIGH, RISES
from parvis.services.epidemies.words import in_english
from parvis.store import codec

NAME = "epidemies"
HOLDS = timedelta(days=14)
"""How long a message holds: two more weeks are known by then."""
ENGLISH: Mapping[str, str] = {
    "cas déclarés": "declared cases",
    "malades dans les écoles": "ill in schools",
    "malades dans les crèches": "ill in nurseries",
    "malades dans les Ehpad": "ill in care homes",
    "Toute la ville": "The whole town",
    "cas": "cases",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a series in a zone last."""

    number: int
    state: str
    what: str
    zone: str


@dataclass(frozen=True, slots=True)
class Memory:
    """By the id of the episode."""

    told: Mapping[str, Told] = field(default_factory=dict[str, Told])


def look(tables: Mapping[str, pa.Table], known: str, now: datetime) -> tuple[str, Sequence[Message]]:
    """What became unusual or ordinary since it was last looked at. What can't be said any more is not told to be over."""
    before = codec.loads(Memory, known) if known else Memory()
    after, messages = dict(before.told), list[Message]()
    rows = tables["situation"].to_pylist() if "situation" in tables else []
    for r in rows:
        episode = "e" + hashlib.sha256(f"{r['quoi']} {r['niveau']} {r['code']}".encode()).hexdigest()[:16]
        had = after.get(episode)
        loud = r["etat"] == UNUSUAL or (r["etat"] == HIGH and r["tendance"] == RISES)
        if loud and had is None:
            after[episode] = Told(1, r["etat"], r["quoi"], r["zone"])
            messages.append(_message(episode, 1, "open", r, now))
        elif had is not None and r["etat"] == USUAL:
            del after[episode]
            messages.append(_message(episode, had.number + 1, "end", r, now))
    return codec.dumps(Memory, Memory(after)), messages


def _message(episode: str, number: int, kind: Kind, r: Mapping[str, Any], now: datetime) -> Message:
    what, zone, unit = (Words(r[k], ENGLISH.get(r[k]) or in_english(r[k])) for k in ("quoi", "zone", "unite"))
    week = r["debut"]
    if kind == "end":
        title = Words(f"{zone.fr}, {what.fr} : retour à l’habitude", f"{zone.en}, {what.en}: back to usual")
        text = Words(
            f"La semaine du {week:%d/%m} est comme d’habitude.", f"The week of {week:%d/%m} is as usual."
        )
        advice = Words("", "")
    else:
        title = Words(f"{zone.fr}, {what.fr} : plus que d’habitude", f"{zone.en}, {what.en}: more than usual")
        usual = r["habituel"]
        text = Words(
            f"Semaine du {week:%d/%m} : {r['valeur']:g} {unit.fr}, {usual:g} d’habitude. {NOT_US.fr}",
            f"Week of {week:%d/%m}: {r['valeur']:g} {unit.en}, {usual:g} usually. {NOT_US.en}",
        )
        told = rules.shipped().advice.values()
        advice = Words(" ".join(a.text for a in told), " ".join(a.en for a in told))
    past = kind == "end"
    part = Part(
        title,
        text,
        advice,
        "Minor" if past else "Moderate",
        "Past" if past else "Expected",
        "Observed" if past else "Possible",
        now,
        now + HOLDS,
    )
    parameters = {"source": "calcul de la ville, non une alerte sanitaire", "etat": str(r["etat"])}
    return Message(NAME, "health", episode, number, kind, Area(r["zone"]), (part,), now, parameters)


NOT_US = Words(
    "Calcul de la ville ; l’agence régionale de santé et Santé publique France décident d’une alerte.",
    "Computed by the city; the regional health agency and Santé publique France decide on alerts.",
)

OUTBREAKS = Alert(
    name=NAME,
    title="Épidémies",
    topic="health",
    about="Un message, relu par une personne, quand une série sort de l’habitude dans une zone, puis y revient. Ce n’est pas une alerte des autorités.",
    categories=("Health",),
    approval="each",
    examples=("Toute la ville, cas déclarés : plus que d’habitude",),
    reads={"situation": "situation-epidemies/situation"},
    look=look,
)
