"""What a city sets itself of the air, beside the law, each entry with its dates: its own thresholds and what
it does when one is passed.

# reglages/air.toml in the folder of the city [[rule]]                      # as in rules.toml beside this
module pollutant = "pm25" since = 2026-01-01 source = "Délibération du 11 décembre 2025" thresholds = [{ level
= "information", bound = 25, measure = "day" }] persistence = [[-1, 0]]

[[action]] level = "information"         # of the law or of the city, whichever is passed pollutants =
["pm10", "pm25"] # all of them where this is left out since = 2026-01-01 source = "Délibération du 11 décembre
2025" text = "Les transports en commun sont gratuits." english = "Public transport is free."
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import parsed
from parvis.methods.air.exceedance import Level, Rule
from parvis.services.air import rules
from parvis.services.air.schemas import POLLUTANTS

NAME = Sentence("reglages/air.toml")
STRICTER = Sentence("Un seuil de la ville est au moins aussi sévère que celui de la loi, sur la même durée.")

WORDS = {Level.INFORMATION: "information", Level.ALERT: "alert"}
RULE_KEYS = {"pollutant", "since", "until", "source", "thresholds", "persistence", "forecasts"}
ACTION_KEYS = {"level", "pollutants", "since", "until", "source", "text", "english"}


@dataclass(frozen=True, slots=True)
class Action:
    """What the city does at a level. pollutants: (): whichever it is. until: the last day, None when open."""

    level: Level
    pollutants: tuple[str, ...]
    since: date
    until: date | None
    text: str
    english: str
    source: str

    def holds(self, pollutant: str, day: date) -> bool:
        """Whether it is for that pollutant, on that day."""
        return (
            (not self.pollutants or pollutant in self.pollutants)
            and self.since <= day
            and (self.until is None or day <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Own:
    """All that a city sets itself."""

    rules: tuple[Rule, ...] = ()
    actions: tuple[Action, ...] = ()


def of(tables: Mapping[str, pa.Table]) -> Own:
    """What the service was given of it: `reglages`, the text of the file."""
    return read(str(tables["reglages"]["texte"][0].as_py()), NAME) if "reglages" in tables else Own()


def read(text: str, name: str) -> Own:
    """What a file says. Raises UsageError, in words: a key that nobody knows, a threshold softer than that of
    the law, two that hold on the same day.
    """
    document = parsed(text, name)
    for key in document:
        if key not in ("rule", "action"):
            raise UsageError(
                Sentence("{where} : clé inconnue « {key} ».", where=name, key=key),
                mend="Clés connues : rule, action.",
            )
    for key, known in (("rule", RULE_KEYS), ("action", ACTION_KEYS)):
        for entry in rules.entries(document, key):
            for odd in entry.keys() - known:
                raise UsageError(
                    Sentence("{name} : clé inconnue « {odd} » dans [[{key}]].", name=name, odd=odd, key=key),
                    mend=Sentence("Clés connues : {list}.", list=", ".join(sorted(known))),
                )
    own_rules = rules.read(text, name=name).rules
    for one in own_rules:
        _checked(one, own_rules, name)
    return Own(
        own_rules, tuple(_action(e, n, name) for n, e in enumerate(rules.entries(document, "action"), 1))
    )


def _checked(rule: Rule, every: Sequence[Rule], name: str) -> None:
    """Raises UsageError where a rule of the city has an unknown pollutant, overlaps another, or is softer
    than the law.
    """
    if rule.pollutant not in POLLUTANTS:
        raise UsageError(
            Sentence("{name} : polluant inconnu « {pollutant} ».", name=name, pollutant=rule.pollutant),
            mend=Sentence("Polluants connus : {list}.", list=", ".join(POLLUTANTS)),
        )
    if any(o is not rule and o.pollutant == rule.pollutant and _meet(o, rule) for o in every):
        raise UsageError(
            Sentence(
                "{name} : deux règles de {pollutant} valent le même jour.",
                name=name,
                pollutant=rule.pollutant,
            ),
            mend="Donnez à la première une date de fin, « until ».",
        )
    for law in (o for o in rules.shipped().rules if o.pollutant == rule.pollutant and _meet(o, rule)):
        for mine in rule.thresholds:
            for theirs in (t for t in law.thresholds if t.level is mine.level and not t.grade):
                if mine.measure != theirs.measure or mine.bound > theirs.bound or mine.hours > theirs.hours:
                    raise UsageError(
                        Sentence(
                            "{name} : le seuil « {words} » de {pollutant}, {bound} µg/m³, n’est pas comparable "
                            "ou est moins sévère que celui de la loi, {bound2} µg/m³.",
                            name=name,
                            words=WORDS[mine.level],
                            pollutant=rule.pollutant,
                            bound=f"{mine.bound:g}",
                            bound2=f"{theirs.bound:g}",
                        ),
                        mend=STRICTER,
                    )


def _meet(one: Rule, other: Rule) -> bool:
    """Whether both are in force on some day."""
    return (one.until is None or other.since <= one.until) and (
        other.until is None or one.since <= other.until
    )


def _action(entry: Mapping[str, object], number: int, name: str) -> Action:
    """One [[action]] of the file. Raises UsageError where it is incomplete or wrong."""
    try:
        pollutants = entry.get("pollutants", [])
        if not isinstance(pollutants, list) or any(p not in POLLUTANTS for p in pollutants):
            raise ValueError(f"pollutants {pollutants}")
        text, english, source = (str(entry[k]).strip() for k in ("text", "english", "source"))
        if not (text and english and source):
            raise ValueError("text, english, source")
        meant = tuple(p for p in POLLUTANTS if p in pollutants)
        return Action(
            rules.LEVELS[str(entry["level"])],
            meant,
            rules.day(entry["since"]),
            rules.end(entry.get("until")),
            text,
            english,
            source,
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise UsageError(
            Sentence(
                "{name} : l’action n° {number} est incomplète ou fausse ({wrong}).",
                name=name,
                number=number,
                wrong=wrong,
            ),
            mend="Elle a level, since, text, english et source.",
        ) from wrong
