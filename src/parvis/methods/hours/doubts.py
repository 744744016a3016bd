"""What follows the grammar of opening hours and says something else than its writer is likely to mean."""

from __future__ import annotations

from parvis.methods.hours.values import Holiday, Hours, Months, Rule, Selector, Weekdays, Weeks


def doubts(rules: tuple[Rule, ...]) -> list[str]:
    """What follows the grammar and says something else than its writer is likely to mean."""
    out: list[str] = []
    for i, rule in enumerate(rules):
        first: tuple[Selector, ...] = rule.dates[0] if rule.dates else ()
        kinds = {s.kind for s in first if isinstance(s, Holiday)}
        if not kinds or any(not isinstance(s, Holiday) for s in first):
            continue
        if any(r.joint == "normal" and r.state != "closed" and not any(isinstance(s, Holiday) for g in r.dates for s in g) for r in rules[i + 1 :]):
            word = "fériés (PH)" if "PH" in kinds else "de vacances scolaires (SH)"
            out.append(f"Une règle écrite après celle des jours {word} l’annule : écrivez celle-ci en dernier.")
    for i, rule in enumerate(rules[1:], 1):
        if not rules[i - 1].dates and not rules[i - 1].times and rule.times and not rule.dates and rule.state == "closed":
            out.append("« 24/7 » suivi d’une fermeture : dites plutôt les heures d’ouverture.")
    for rule in rules:
        months = [g for g in rule.dates if all(isinstance(s, Months) for s in g)]
        if len(months) > 1:
            out.append("Deux mois côte à côte : séparez-les par une virgule.")
        if any(isinstance(s, Weeks) for g in rule.dates for s in g) and months:
            out.append("Une semaine et un mois ensemble : seuls les jours des deux comptent.")
        plain_days = [g for g in rule.dates if all(isinstance(s, Weekdays) for s in g)]
        if len(plain_days) > 1:
            out.append("Deux jours côte à côte : séparez-les par une virgule.")
    return out


def advice(hours: Hours) -> tuple[str, ...]:
    """What a careful writer would add."""
    always = all(not rule.dates and not rule.times for rule in hours.rules)
    return () if always or "PH" in hours.needs else ("Les jours fériés ne sont pas dits : ajoutez « PH off », ou leurs heures.",)
