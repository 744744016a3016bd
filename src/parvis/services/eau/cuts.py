"""Whether the water will be cut: what the water service announces, street by street, for who lives there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from parvis.core.text import tokens
from parvis.services.answers import Asked, Said
from parvis.services.eau.compute import state_of

Line = Mapping[str, Any]

AHEAD = timedelta(days=30)
"""So far ahead works are told."""
SOON = timedelta(days=7)
"""A cut at one's own street is urgent when it begins within so long: water is to be put aside."""
_PLAIN = frozenset(
    tokens(
        "a allee au aux avenue boulevard chemin cours d de des du en"
        " et impasse l la le les passage place quai route rue ruelle square sur voie"
    )
)
"""Words of an address that tell no street from another."""


def cuts(rows: Sequence[Line], now: datetime) -> list[Line]:
    """Under way, or beginning within thirty days, not called off: the first one first."""
    coming = (
        r
        for r in rows
        if r["genre"] == "coupure"
        and state_of(r, now) in ("en cours", "à venir")
        and r["debut"] < now + AHEAD
    )
    return sorted(coming, key=lambda r: (r["debut"], r["lieu"]))


def names(line: Line, place: str) -> bool:
    """Whether a cut names the place: every word that tells one of them from another stands in the other.

    >>> names({"lieu": "avenue de la Gare"}, "Gare"), names({"lieu": "rue du Port"}, "12 rue du Portail")
    (True, False)
    """
    own, cut = _words(place), _words(line["lieu"])
    return bool(own and cut) and (own <= cut or cut <= own)


def _words(text: str) -> set[str]:
    return {w for w in tokens(text) if w not in _PLAIN and not w[0].isdigit()}


def lead(asked: Asked, rows: Sequence[Line], place: str) -> Said:
    """One sentence: the cut that names the place, else the next of the town, else that none is announced."""
    coming = cuts(rows, asked.now)
    own = [r for r in coming if names(r, place)]
    sudden = asked.say("Une casse imprévue n’est ici que si le service d’eau l’a écrite.")
    if own:
        first, others = own[0], [r for r in coming if r is not own[0]]
        values = {"place": first["lieu"], "when": _when(asked, first)}
        if first["debut"] <= asked.now:
            text, tone = asked.say("L’eau est coupée %(place)s, %(when)s.", **values), "bad"
        else:
            text = asked.say("L’eau sera coupée %(place)s, %(when)s.", **values)
            tone = "bad" if first["debut"] <= asked.now + SOON else "warn"
        notes = [first.get("conseil") or "", _others(asked, others), sudden]
        return Said(text, tone, " ".join(n for n in notes if n))
    if coming and place:
        text = asked.say(
            "Aucune coupure d’eau annoncée ne nomme « %(here)s » ; la prochaine en ville : %(place)s, %(when)s.",
            here=place, place=coming[0]["lieu"], when=_when(asked, coming[0]),
        )  # fmt: skip
    elif coming:
        text = asked.say(
            "Prochaine coupure d’eau annoncée en ville : %(place)s, %(when)s.",
            place=coming[0]["lieu"], when=_when(asked, coming[0]),
        )  # fmt: skip
    else:
        return Said(asked.say("Aucune coupure d’eau n’est annoncée dans les trente jours."), "ok", sudden)
    return Said(text, "", " ".join(n for n in (_others(asked, coming[1:]), sudden) if n))


def _others(asked: Asked, rows: Sequence[Line]) -> str:
    if not rows:
        return ""
    each = " ; ".join(f"{r['lieu']}, {_when(asked, r)}" for r in rows[:3])
    return asked.say("Autres coupures annoncées : %(each)s.", each=each)


def _when(asked: Asked, line: Line) -> str:
    """From when to when, the day said once where it is one."""
    zone = asked.speech.zone
    start, end = line["debut"].astimezone(zone), line["fin"].astimezone(zone)
    if start <= asked.now:
        if end.date() == asked.now.astimezone(zone).date():
            return asked.say("jusqu’à %(end)s", end=asked.hour(end))
        return asked.say("jusqu’au %(day)s à %(end)s", day=asked.day(end), end=asked.hour(end))
    if start.date() == end.date():
        return asked.say(
            "le %(day)s de %(start)s à %(end)s",
            day=asked.day(start), start=asked.hour(start), end=asked.hour(end),
        )  # fmt: skip
    return asked.say(
        "du %(day)s à %(start)s au %(last)s à %(end)s",
        day=asked.day(start), start=asked.hour(start), last=asked.day(end), end=asked.hour(end),
    )  # fmt: skip
