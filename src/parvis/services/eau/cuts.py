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
"""How far ahead cuts and works are shown."""
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
    """The words of an address that tell it from others: without numbers and the words of `_PLAIN`."""
    return {w for w in tokens(text) if w not in _PLAIN and not w[0].isdigit()}


def lead(request: Asked, rows: Sequence[Line], place: str) -> Said:
    """One sentence: the cut that names the place, else the next of the town, else that none is announced."""
    coming = cuts(rows, request.now)
    own = [r for r in coming if names(r, place)]
    sudden = request.say("Une casse imprévue n’est ici que si le service d’eau l’a écrite.")
    if own:
        first, others = own[0], [r for r in coming if r is not own[0]]
        values = {"place": first["lieu"], "when": _when(request, first)}
        if first["debut"] <= request.now:
            text, tone = request.say("L’eau est coupée %(place)s, %(when)s.", **values), "bad"
        else:
            text = request.say("L’eau sera coupée %(place)s, %(when)s.", **values)
            tone = "bad" if first["debut"] <= request.now + SOON else "warn"
        notes = [first.get("conseil") or "", _others(request, others), sudden]
        return Said(text, tone, " ".join(n for n in notes if n))
    if coming and place:
        text = request.say(
            "Aucune coupure d’eau annoncée ne nomme « %(here)s » ; la prochaine en ville : %(place)s, %(when)s.",
            here=place, place=coming[0]["lieu"], when=_when(request, coming[0]),
        )  # fmt: skip
    elif coming:
        text = request.say(
            "Prochaine coupure d’eau annoncée en ville : %(place)s, %(when)s.",
            place=coming[0]["lieu"], when=_when(request, coming[0]),
        )  # fmt: skip
    else:
        return Said(request.say("Aucune coupure d’eau n’est annoncée dans les trente jours."), "ok", sudden)
    return Said(text, "", " ".join(n for n in (_others(request, coming[1:]), sudden) if n))


def _others(request: Asked, rows: Sequence[Line]) -> str:
    """The first three other cuts in a sentence; nothing where there are none."""
    if not rows:
        return ""
    each = " ; ".join(f"{r['lieu']}, {_when(request, r)}" for r in rows[:3])
    return request.say("Autres coupures annoncées : %(each)s.", each=each)


def _when(request: Asked, line: Line) -> str:
    """From when to when, the day said once where it is one."""
    zone = request.speech.zone
    start, end = line["debut"].astimezone(zone), line["fin"].astimezone(zone)
    if start <= request.now:
        if end.date() == request.now.astimezone(zone).date():
            return request.say("jusqu’à %(end)s", end=request.hour(end))
        return request.say("jusqu’au %(day)s à %(end)s", day=request.day(end), end=request.hour(end))
    if start.date() == end.date():
        return request.say(
            "le %(day)s de %(start)s à %(end)s",
            day=request.day(start), start=request.hour(start), end=request.hour(end),
        )  # fmt: skip
    return request.say(
        "du %(day)s à %(start)s au %(last)s à %(end)s",
        day=request.day(start), start=request.hour(start), last=request.day(end), end=request.hour(end),
    )  # fmt: skip
