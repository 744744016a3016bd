"""What to do, by public, pollutant and level, in our own words.

Source: annex of the arrêté of 20 August 2014 on recommendations during episodes, changed on 24 March 2018. It
tells three publics apart, keeps people away from large roads for particles, nitrogen dioxide and sulphur
dioxide, from the afternoon for ozone, and asks to lessen effort at the level of information, to avoid it at
that of alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from parvis.alerts.message import Words

Public = Literal["vulnerable", "sensible", "tous"]

PUBLICS: dict[Public, Words] = {
    "vulnerable": Words("Personnes vulnérables", "Vulnerable people"),
    "sensible": Words("Personnes sensibles", "Sensitive people"),
    "tous": Words("Tout le monde", "Everybody"),
}

WHO: dict[Public, Words] = {
    "vulnerable": Words(
        "femmes enceintes, nourrissons et jeunes enfants, plus de 65 ans, personnes asthmatiques ou souffrant du cœur ou des poumons",
        "pregnant women, infants and young children, people over 65, people with asthma, heart or lung disease",
    ),
    "sensible": Words(
        "personnes qui ressentent une gêne lors des pics, diabétiques, immunodéprimées, souffrant d’affections neurologiques",
        "people who notice symptoms during peaks, with diabetes, a weak immune system or a neurological condition",
    ),
    "tous": Words("toutes les autres personnes", "all other people"),
}

SOURCE = "Arrêté du 20 août 2014 modifié le 24 mars 2018, annexe"

CALM = {
    "vulnerable": Words(
        "Vos activités habituelles ne demandent pas de précaution particulière.",
        "Your usual activities need no special care.",
    ),
    "sensible": Words(
        "Vos activités habituelles ne demandent pas de précaution particulière.",
        "Your usual activities need no special care.",
    ),
    "tous": Words("L’air ne demande pas de précaution.", "The air needs no special care."),
}
POOR = {
    "vulnerable": Words(
        "Si vous ressentez une gêne, ralentissez et écourtez vos sorties.",
        "If you feel unwell, slow down and shorten your outings.",
    ),
    "sensible": Words(
        "Si vous ressentez une gêne, ralentissez et écourtez vos sorties.",
        "If you feel unwell, slow down and shorten your outings.",
    ),
    "tous": Words(
        "L’air est chargé : rien n’empêche vos activités habituelles.",
        "The air is loaded: nothing stands against your usual activities.",
    ),
}
EFFORT = {
    ("information", "vulnerable"): Words(
        "Réduisez les efforts intenses, dehors comme à l’intérieur, et reportez ce qui demande le plus d’effort.",
        "Do less hard effort, outdoors and indoors, and put off what asks the most.",
    ),
    ("information", "sensible"): Words(
        "Réduisez les efforts intenses et reportez ce qui demande le plus d’effort si vous ressentez une gêne.",
        "Do less hard effort, and put off what asks the most if you feel unwell.",
    ),
    ("information", "tous"): Words("Aucune activité n’est à éviter.", "No activity need be avoided."),
    ("alert", "vulnerable"): Words(
        "Évitez les efforts intenses, dehors comme à l’intérieur, et reportez-les ; demandez à votre médecin si votre traitement doit changer.",
        "Avoid hard effort, outdoors and indoors, and put it off; ask your doctor whether your treatment should change.",
    ),
    ("alert", "sensible"): Words(
        "Évitez les efforts intenses, dehors comme à l’intérieur ; préférez des sorties courtes.",
        "Avoid hard effort, outdoors and indoors; prefer short outings.",
    ),
    ("alert", "tous"): Words(
        "Réduisez les efforts intenses, comme la compétition.", "Do less hard effort, such as competition."
    ),
}
ROADS = Words(
    "Éloignez-vous des grands axes aux heures de pointe.", "Keep away from main roads at rush hour."
)
AFTERNOON = Words(
    "Évitez de sortir l’après-midi ; le sport à l’intérieur reste possible.",
    "Avoid going out in the afternoon; indoor sport can go on.",
)
DOCTOR = Words(
    "En cas de gêne, demandez conseil à un professionnel de santé.",
    "If you feel unwell, ask a health professional.",
)


def advice(state: str, pollutants: Sequence[str], public: Public, *, poor: bool = False) -> tuple[Words, ...]:
    """What to do under a state of the procedure: none, information, alert or kept (as alert). poor: without a
    procedure, the index is bad all the same.
    """
    if state == "none":
        return (POOR[public], DOCTOR) if poor else (CALM[public],)
    level = "information" if state == "information" else "alert"
    recommendations = [EFFORT[level, public]]
    if public != "tous" or level == "alert":
        recommendations += [ROADS] if any(p != "o3" for p in pollutants) else []
        recommendations += [AFTERNOON] if "o3" in pollutants else []
    return (*recommendations, DOCTOR)


def spoken(state: str, pollutant: str, *, poor: bool = False) -> Words:
    """The advice to all publics in one text, a line each. Nobody is asked whether they are vulnerable, so
    everybody gets the whole of it.
    """
    lines: list[Words] = []
    for public, title in PUBLICS.items():
        sentences = [w for w in advice(state, (pollutant,), public, poor=poor) if w is not DOCTOR]
        lines.append(
            Words(
                f"{title.fr} : {' '.join(w.fr for w in sentences)}",
                f"{title.en}: {' '.join(w.en for w in sentences)}",
            )
        )
    lines.append(DOCTOR)
    return Words("\n".join(w.fr for w in lines), "\n".join(w.en for w in lines))
