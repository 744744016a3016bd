"""Entries written in the grammar of OpenStreetMap."""

from __future__ import annotations

from parvis.methods.hours.french_entries import (
    NOT_SAID,
    RDV,
    SUN,
    Days,
    Entry,
    Span,
    Text,
    clock,
    season_code,
)


def write(text: Text) -> str:
    """The entries in the grammar of OpenStreetMap."""
    rules: list[tuple[str, Entry]] = []
    for entry in text.entries:
        if not entry.days.code():
            continue
        rules.append((rule_of(entry), entry))
    out = ""
    term = [e for _, e in rules if e.scope == "term"]
    sh = [r for r in rules if r[1].scope == "sh" or any(s.school for s in r[1].seasons)]
    plain = [r for r in rules if r not in sh]
    # Where a night runs past midnight, days that have nothing in common are joined by a comma: by « ; » the
    # next day would cut it.
    nights = any(end is not None and end <= start for _, e in plain for start, end in e.spans)
    done: list[Entry] = []
    for rule, entry in plain:
        if not out:
            out = rule
        else:
            apart = (
                nights
                and all(not (entry.days.week & e.days.week) and e.days.plain for e in done)
                and entry.days.plain
            )
            out += (", " if entry.adds or apart else "; ") + rule
        done.append(entry)
    shut = [f"{Days(frozenset(text.shut)).code()} off"] if text.shut else []
    before = (
        nights or bool(sh) or any(e.seasons or e.days.ph for _, e in rules)
    )  # then what a season or the holidays open comes after it
    parts = shut if before else []
    if not rules and (text.shut or (text.off and text.off != ["off"])):
        parts.insert(0, NOT_SAID)  # « fermé le dimanche » says nothing of the other days
    if out:
        parts.append(out)
    if term:
        codes = ["SH off"] if len(term) == len(plain) else [f"SH {e.days.code()} off" for e in term]
        parts += list(dict.fromkeys(codes))
    parts += ["SH off"] if text.holidays_whole and "SH off" not in parts else []
    parts += [rule for rule, _ in sh]
    parts += [] if before else shut
    parts += list(dict.fromkeys(o for o in text.off if o))
    joined = "; ".join(parts)
    if text.fallback:
        return f"{joined} || {text.fallback}" if joined else text.fallback
    return joined


def rule_of(entry: Entry) -> str:
    head: list[str] = []
    if entry.seasons:
        head.append(",".join(season_code(s) for s in entry.seasons))
    if entry.parity is not None:
        head.append("week 1-53/2" if entry.parity else "week 2-52/2")
    if entry.scope == "sh":
        head.append("SH")
    code = entry.days.code()
    always = entry.spans == ((0, 1440),)
    if code and not (code == "Mo-Su" and (entry.seasons or entry.scope == "sh") and not entry.spans):
        head.append(code)
    if entry.spans and not (always and entry.appointment):
        head.append(",".join(map(_span, entry.spans)))
    elif not entry.appointment:
        head.append(NOT_SAID)
    if entry.appointment:
        head.append(RDV)
    if always and code == "Mo-Su" and len(head) == 2 and not entry.appointment:
        return "24/7"
    return " ".join(head)


def _span(span: Span) -> str:
    start, end = span
    if span == SUN:
        return "sunrise-sunset"
    return f"{clock(start)}+" if end is None else f"{clock(start)}-{clock(end)}"
